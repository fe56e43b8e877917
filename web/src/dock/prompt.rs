//! The prompt: a real text field, so that every input method works, with a shell's keys.

pub(crate) mod choosing;
mod key_row;
mod question;
mod searching;

use std::cell::RefCell;
use std::rc::Rc;

use playground::session::{Action, Line, Stream};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, FocusOptions, HtmlTextAreaElement};
use yew::prelude::*;

use super::Drafted;
use super::keys;
use super::writing::{self, Completed, Key, Outcome, Pasted, Reads, Turn, Writing, commands};
use crate::i18n::use_text;
use crate::intent::Intent;
use choosing::Choosing;
use key_row::KeyRow;
use question::Question;
use searching::Searching;

#[derive(Properties, PartialEq)]
pub(super) struct PromptProps {
    pub(super) number: u32,
    pub(super) prompt: Rc<str>,
    pub(super) reads: Reads,
    pub(super) lines: Rc<[Line]>,
    /// The commands that were typed, oldest first.
    pub(super) history: Rc<[Rc<str>]>,
    /// The last answer to what a line can go on with.
    pub(super) completed: Option<Rc<Completed>>,
    /// Where the text field is, once it is on the page.
    pub(super) field: NodeRef,
    pub(super) focused: bool,
    /// What is to happen to the screen above.
    pub(super) onturn: Callback<Turn>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Prompt(props: &PromptProps) -> Html {
    let PromptProps { number, prompt, reads, lines, history, completed, field, focused, onturn, send } =
        props;
    let text = use_text();
    let writing = use_mut_ref(Writing::default);
    let pasted = use_state_eq(|| None::<Pasted>);
    let control = use_state_eq(|| false);
    let redraw = use_force_update();
    use_focus_from_tab(field, *focused);
    let (terminal, reads) = (*number, *reads);
    let history = use_memo((history.clone(), lines.clone(), reads), |(history, lines, reads)| match reads {
        Reads::Shell => history.clone(),
        Reads::Program | Reads::Nobody => typed(lines),
    });
    let nothing_fits = use_state_eq(|| false);
    {
        let (field, writing, nothing_fits) = (field.clone(), writing.clone(), nothing_fits.clone());
        let redraw = redraw.clone();
        use_effect_with(completed.clone(), move |completed| {
            let Some((area, completed)) = field.cast::<HtmlTextAreaElement>().zip(completed.as_ref()) else {
                return;
            };
            let mut writing = writing.borrow_mut();
            writing.look(read(&area));
            nothing_fits.set(writing.complete(completed));
            write(&area, writing.line());
            redraw.force_update();
        });
    }
    use_draft(field, terminal, &writing, &redraw);

    let say = {
        let send = send.clone();
        move |action: Action| send.emit(Intent::Input { terminal, action })
    };
    // True when the browser has nothing more to do with the key.
    let press = {
        let (field, writing, history) = (field.clone(), writing.clone(), history.clone());
        let (onturn, redraw, say) = (onturn.clone(), redraw.clone(), say.clone());
        let (send, nothing_fits) = (send.clone(), nothing_fits.clone());
        Callback::from(move |key: Key| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return false };
            writing.borrow_mut().look(read(&area));
            nothing_fits.set(false);
            let outcome = writing.borrow_mut().press(key, reads, &history);
            write(&area, writing.borrow().line());
            match outcome {
                Outcome::Native => return false,
                Outcome::Done => {}
                Outcome::Says(actions) => actions.into_iter().for_each(&say),
                Outcome::Turns(turn) => onturn.emit(turn),
                Outcome::Asks => {
                    send.emit(Intent::Complete { terminal, line: writing.borrow().line().before.clone() });
                }
            }
            redraw.force_update();
            true
        })
    };
    let onkeydown = {
        let (field, press, control) = (field.clone(), press.clone(), control.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return };
            let armed = keys::with_control(&event.key()).filter(|_| *control);
            control.set(false);
            if let Some(key) = armed.or_else(|| keys::key(&event, &area)).filter(|key| press.emit(*key)) {
                event.prevent_default();
                // The page's own keys are not for what stands around the terminal, such as a dialog.
                if key == Key::Escape {
                    event.stop_propagation();
                }
            }
        })
    };
    let oninput = {
        let (field, writing, history) = (field.clone(), writing.clone(), history.clone());
        let (press, control, redraw) = (press.clone(), control.clone(), redraw.clone());
        Callback::from(move |_: InputEvent| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return };
            let mut line = read(&area);
            // The keyboards of phones say only here which letter it was.
            let letter = line.before.chars().next_back().filter(|_| *control);
            control.set(false);
            if let Some(key) = letter.and_then(|letter| keys::with_control(&letter.to_string())) {
                line.before.pop();
                write(&area, &line);
                press.emit(key);
                return;
            }
            writing.borrow_mut().typed(line, &history);
            redraw.force_update();
        })
    };
    let onpaste = {
        let pasted = pasted.clone();
        Callback::from(move |event: Event| {
            let clipboard = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
            let text = clipboard.and_then(|data| data.get_data("text").ok()).unwrap_or_default();
            if let Some(several) = Pasted::of(&text) {
                event.prevent_default();
                pasted.set(Some(several));
            }
        })
    };
    let onanswer = {
        let (field, writing, pasted) = (field.clone(), writing.clone(), pasted.clone());
        Callback::from(move |answer: question::Answer| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return };
            let asked = pasted.as_ref().map(|pasted| pasted.text.clone()).unwrap_or_default();
            writing.borrow_mut().look(read(&area));
            match answer {
                question::Answer::Run => {
                    commands(&asked, reads == Reads::Shell).into_iter().map(Action::Command).for_each(&say);
                }
                question::Answer::PutIn => writing.borrow_mut().put_in(&asked),
                question::Answer::Cancel => {}
            }
            write(&area, writing.borrow().line());
            pasted.set(None);
            focus(&area);
        })
    };
    let onfocus = {
        let (send, focused) = (send.clone(), *focused);
        Callback::from(move |_: FocusEvent| {
            if !focused {
                send.emit(Intent::SelectTerminal(terminal));
            }
        })
    };
    let onsubmit = {
        let press = press.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            press.emit(Key::Submit);
        })
    };
    let onchoose = {
        let (field, writing, redraw) = (field.clone(), writing.clone(), redraw.clone());
        Callback::from(move |index: usize| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return };
            writing.borrow_mut().choose(index);
            write(&area, writing.borrow().line());
            focus(&area);
            redraw.force_update();
        })
    };
    let writing = writing.borrow();
    let (search, choice) = (writing.search(), writing.choice());
    let count = choice.map(|choice| u32::try_from(choice.candidates.len()).unwrap_or(u32::MAX));
    let status = match count {
        Some(count) => text.completions(count),
        None if *nothing_fits => text.no_completions().to_owned(),
        None => String::new(),
    };
    let list = format!("completions-{terminal}");
    let chosen = choice.and_then(|choice| choice.chosen).map(|index| choosing::item_id(&list, index));
    let placeholder = match (search, reads) {
        (Some(_), _) => "",
        (None, Reads::Shell) => text.hint_shell(),
        (None, Reads::Program) => text.hint_program(),
        (None, Reads::Nobody) => text.hint_nobody(),
    };
    let (sign, label) = match search {
        Some(_) => ("(reverse-i-search) ", text.search_typed(terminal)),
        None => (&**prompt, text.prompt(terminal)),
    };
    let rows = writing.line().text().split('\n').count().min(6);
    let keys_hint = format!("prompt-keys-{terminal}");
    html! {
        <>
            <form class="prompt" {onsubmit}>
                <span class="sign" aria-hidden="true">{ sign }</span>
                <textarea ref={field} rows={rows.to_string()} wrap="off" spellcheck="false" autocomplete="off"
                    autocapitalize="none" enterkeyhint="send" aria-label={label} aria-describedby={keys_hint.clone()}
                    aria-controls={choice.is_some().then(|| list.clone())} aria-activedescendant={chosen}
                    {placeholder} {onkeydown} {oninput} {onpaste} {onfocus} />
                <span id={keys_hint} class="visually-hidden">{ text.prompt_keys() }</span>
                <button type="submit" class="key send" aria-label={text.send()} title={text.send()}>{ "⏎" }</button>
            </form>
            <p class="prompt-status" role="status">{ status }</p>
            if let Some(choice) = choice { <Choosing id={list} choice={choice.clone()} {onchoose} send={send} /> }
            if let Some(search) = search {
                <Searching found={search.line(&history).cloned()} failed={search.failed} wanted={writing.line().text()} />
            }
            if let Some(pasted) = &*pasted { <Question pasted={pasted.clone()} {reads} {onanswer} /> }
            if *focused { <KeyRow {press} control={*control} oncontrol={{
                let control = control.clone();
                Callback::from(move |armed| control.set(armed))
            }} /> }
        </>
    }
}

/// Who picks a terminal by its tab goes on in its prompt.
#[hook]
fn use_focus_from_tab(field: &NodeRef, focused: bool) {
    let field = field.clone();
    use_effect_with(focused, move |focused| {
        let at = gloo::utils::document().active_element();
        let on_tab = at.is_some_and(|element| matches!(element.closest(".tab-list"), Ok(Some(_))));
        if let (true, true, Some(area)) = (*focused, on_tab, field.cast::<HtmlTextAreaElement>()) {
            focus(&area);
        }
    });
}

/// Takes a text that was put into this terminal, and the focus with it.
#[hook]
fn use_draft(field: &NodeRef, terminal: u32, writing: &Rc<RefCell<Writing>>, redraw: &UseForceUpdateHandle) {
    let draft =
        use_context::<Drafted>().and_then(|drafted| drafted.0).filter(|draft| draft.terminal == terminal);
    let (field, writing, redraw) = (field.clone(), writing.clone(), redraw.clone());
    use_effect_with(draft, move |draft| {
        if let (Some(draft), Some(area)) = (draft, field.cast::<HtmlTextAreaElement>()) {
            area.set_value(&draft.text);
            writing.borrow_mut().look(read(&area));
            redraw.force_update();
            focus(&area);
        }
    });
}

/// Puts the caret into a prompt without moving the page.
pub(super) fn focus(area: &HtmlTextAreaElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    area.focus_with_options(&options).expect("a field on the page can have the focus");
}

fn read(area: &HtmlTextAreaElement) -> writing::Line {
    let text = area.value();
    let caret = area.selection_end().ok().flatten().unwrap_or(u32::MAX);
    writing::Line::at(&text, caret)
}

/// Writes what is not there yet: the field keeps what it knows about its own text where it can.
fn write(area: &HtmlTextAreaElement, line: &writing::Line) {
    let (text, caret) = (line.text(), line.caret());
    if area.value() != text {
        area.set_value(&text);
        area.set_scroll_left(if line.after.is_empty() { area.scroll_width() } else { 0 });
    }
    let place = area.selection_end().ok().flatten();
    if place != Some(caret) {
        area.set_selection_range(caret, caret).expect("the caret stands within the text");
    }
}

/// What was typed into programs of this terminal, without repetitions in a row.
fn typed(lines: &[Line]) -> Rc<[Rc<str>]> {
    let inputs = lines.iter().filter(|line| line.stream == Stream::Input && !line.text.trim().is_empty());
    let mut typed: Vec<Rc<str>> = inputs.map(|line| line.text.clone()).collect();
    typed.dedup();
    typed.into()
}
