//! The prompt: a real text field, so that every input method works, with a shell's keys.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use playground::session::{Action, Line, Stream};
use web_sys::{FocusOptions, HtmlTextAreaElement};
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct PromptProps {
    pub(super) number: u32,
    pub(super) prompt: Rc<str>,
    pub(super) reads: Reads,
    pub(super) lines: Rc<[Line]>,
    /// Where the text field is, once it is on the page.
    pub(super) field: NodeRef,
    pub(super) focused: bool,
    pub(super) send: Callback<Intent>,
}

/// Who takes the next line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reads {
    Shell,
    Program,
    /// Nobody for now: what is typed waits.
    Nobody,
}

impl Reads {
    pub(super) fn of(program: Option<&str>, prompt: &str) -> Self {
        match program {
            None => Self::Shell,
            Some(_) if prompt.is_empty() => Self::Nobody,
            Some(_) => Self::Program,
        }
    }
}

/// While an input method composes, Safari reports this code for every key, also for the Enter that ends it.
const COMPOSING_KEY_CODE: u32 = 229;

#[component]
pub(super) fn Prompt(props: &PromptProps) -> Html {
    let PromptProps { number, prompt, reads, lines, field, focused, send } = props;
    let text = use_text();
    let composing = use_composing(field);
    let recalled = use_mut_ref(Recalled::default);
    let rows = use_state_eq(|| 1_usize);
    use_focus_from_tab(field, *focused);
    let (terminal, reads) = (*number, *reads);

    let submit = {
        let (field, recalled, rows, send) = (field.clone(), recalled.clone(), rows.setter(), send.clone());
        move || {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return };
            for command in commands(&area.value()) {
                send.emit(Intent::Input { terminal, action: Action::Command(command) });
            }
            area.set_value("");
            area.set_scroll_left(0);
            rows.set(1);
            *recalled.borrow_mut() = Recalled::default();
        }
    };
    let onkeydown = {
        let (field, composing, send, rows) = (field.clone(), composing.clone(), send.clone(), rows.setter());
        let (submit, lines) = (submit.clone(), lines.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return };
            if *composing.borrow() || event.is_composing() || event.key_code() == COMPOSING_KEY_CODE {
                return;
            }
            let Some(key) = Key::of(&event, &area, reads) else { return };
            event.prevent_default();
            let say = |action| send.emit(Intent::Input { terminal, action });
            match key {
                Key::Submit => submit(),
                Key::Recall(older) => {
                    let typed = typed(&lines);
                    if let Some(line) = recalled.borrow_mut().go(&typed, older, &area.value()) {
                        area.set_value(&line);
                        rows.set(line.lines().count());
                    }
                }
                Key::Interrupt => {
                    area.set_value("");
                    rows.set(1);
                    say(Action::Interrupt);
                }
                Key::Suspend => say(Action::Suspend),
                Key::EndOfInput => say(Action::EndOfInput),
            }
        })
    };
    let oninput = {
        let (field, rows) = (field.clone(), rows.setter());
        Callback::from(move |_: InputEvent| {
            if let Some(area) = field.cast::<HtmlTextAreaElement>() {
                rows.set(area.value().split('\n').count());
            }
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
    let placeholder = match reads {
        Reads::Shell => text.hint_shell(),
        Reads::Program => text.hint_program(),
        Reads::Nobody => text.hint_nobody(),
    };
    html! {
        <form class="prompt" onsubmit={Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            submit();
        })}>
            <span class="sign" aria-hidden="true">{ &**prompt }</span>
            <textarea ref={field} rows={rows.min(6).to_string()} wrap="off" spellcheck="false" autocomplete="off"
                autocapitalize="none" enterkeyhint="send" aria-label={text.prompt(terminal)} {placeholder}
                {onkeydown} {oninput} {onfocus} />
            <button type="submit" class="key send" aria-label={text.send()} title={text.send()}>{ "⏎" }</button>
        </form>
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

/// Puts the caret into a prompt without moving the page.
pub(super) fn focus(area: &HtmlTextAreaElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    area.focus_with_options(&options).expect("a field on the page can have the focus");
}

/// Whether an input method is at work in the field, as for Hangul; Yew's own attributes leave these events out.
#[hook]
fn use_composing(field: &NodeRef) -> Rc<RefCell<bool>> {
    let composing = use_mut_ref(|| false);
    let shared = composing.clone();
    use_effect_with(field.clone(), move |field| {
        let listeners = field.cast::<HtmlTextAreaElement>().map(|area| {
            [("compositionstart", true), ("compositionend", false)].map(|(event, begins)| {
                let composing = shared.clone();
                EventListener::new(&area, event, move |_| *composing.borrow_mut() = begins)
            })
        });
        move || drop(listeners)
    });
    composing
}

enum Key {
    Submit,
    /// To an older line, or to a newer one.
    Recall(bool),
    Interrupt,
    Suspend,
    EndOfInput,
}

impl Key {
    fn of(event: &KeyboardEvent, area: &HtmlTextAreaElement, reads: Reads) -> Option<Self> {
        let selection = (area.selection_start().ok().flatten(), area.selection_end().ok().flatten());
        let control = event.ctrl_key() && !event.alt_key() && !event.meta_key();
        let single = !area.value().contains('\n');
        match event.key().as_str() {
            "Enter" if !event.shift_key() => Some(Self::Submit),
            "ArrowUp" if single => Some(Self::Recall(true)),
            "ArrowDown" if single => Some(Self::Recall(false)),
            // With a selection the same keys copy.
            "c" | "C" if control && selection.0 == selection.1 => Some(Self::Interrupt),
            // Where there is something to undo the same keys undo it.
            "z" if control && area.value().is_empty() && reads != Reads::Shell => Some(Self::Suspend),
            "d" | "D" if control && area.value().is_empty() => Some(Self::EndOfInput),
            _ => None,
        }
    }
}

/// A place in what was typed before.
#[derive(Default)]
struct Recalled {
    /// 0 is the line being written, 1 the last one sent.
    back: usize,
    draft: String,
}

impl Recalled {
    fn go(&mut self, typed: &[Rc<str>], older: bool, current: &str) -> Option<String> {
        if self.back == 0 {
            current.clone_into(&mut self.draft);
        }
        let back = if older { self.back + 1 } else { self.back.checked_sub(1)? };
        if back > typed.len() {
            return None;
        }
        self.back = back;
        Some(if back == 0 { self.draft.clone() } else { typed[typed.len() - back].to_string() })
    }
}

/// What was typed in this terminal, without repetitions in a row.
fn typed(lines: &[Line]) -> Vec<Rc<str>> {
    let mut typed: Vec<Rc<str>> = lines
        .iter()
        .filter(|line| matches!(line.stream, Stream::Command | Stream::Input))
        .map(|line| line.text.clone())
        .collect();
    typed.dedup();
    typed
}

/// Pasted text holds several commands, one to a line; a backslash at a line's end continues it.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut continued = String::new();
    for line in text.split('\n') {
        continued.push_str(line);
        if line.ends_with('\\') {
            continued.push('\n');
        } else {
            commands.push(std::mem::take(&mut continued));
        }
    }
    if !continued.is_empty() {
        commands.push(continued);
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_lines_are_commands_and_backslashes_continue_them() {
        assert_eq!(commands("a:1\nb:2"), ["a:1", "b:2"]);
        assert_eq!(commands("kafka-topics \\\n  --list"), ["kafka-topics \\\n  --list"]);
        assert_eq!(commands(""), [""]);
    }

    #[test]
    fn recalling_goes_back_and_returns_to_the_draft() {
        let typed: Vec<Rc<str>> = vec!["one".into(), "two".into()];
        let mut recalled = Recalled::default();
        assert_eq!(recalled.go(&typed, true, "dra"), Some("two".to_owned()));
        assert_eq!(recalled.go(&typed, true, "two"), Some("one".to_owned()));
        assert_eq!(recalled.go(&typed, true, "one"), None);
        assert_eq!(recalled.go(&typed, false, "one"), Some("two".to_owned()));
        assert_eq!(recalled.go(&typed, false, "two"), Some("dra".to_owned()));
        assert_eq!(recalled.go(&typed, false, "dra"), None);
    }
}
