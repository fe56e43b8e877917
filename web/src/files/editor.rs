//! One file: its text, what there is to say about it, and the command that saving it stands for.

use std::rc::Rc;

use playground::properties::{self, Finding, Problem};
use playground::session::{Command, complete_property};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::MOST_BYTES;
use super::drafts::FileWish;
use super::explanation::Explanation;
use crate::dock::{Choice, Choosing, Line, Progress, complete, item_id};
use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    pub(super) name: Rc<str>,
    /// What the file holds now; `None` while it is not there.
    pub(super) content: Option<Rc<Vec<u8>>>,
    pub(super) draft: Option<Rc<str>>,
    pub(super) command: Option<Command>,
    pub(super) wish: Callback<FileWish>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Editor(EditorProps { name, content, draft, command, wish, send }: &EditorProps) -> Html {
    let text = use_text();
    let field = use_node_ref();
    let stored = content.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let too_long = content.as_ref().is_some_and(|bytes| bytes.len() > MOST_BYTES);
    let shown: Rc<str> = draft.clone().unwrap_or_else(|| stored.unwrap_or_default().into());
    use_text_of(&field, &shown);
    let say = |make: fn(Rc<str>) -> FileWish| {
        let name = name.clone();
        wish.reform(move |_: MouseEvent| make(name.clone()))
    };
    let is_properties = name.ends_with(".properties");
    let (caret, pointed) = (use_state_eq(|| None::<usize>), use_state_eq(|| None::<usize>));
    let choice = use_state_eq(|| None::<Choice>);
    let onmoved = {
        let (field, caret) = (field.clone(), caret.clone());
        move || {
            if let Some(area) = field.cast::<HtmlTextAreaElement>() {
                caret.set(Some(line(&area).before.matches('\n').count()));
            }
        }
    };
    let oninput = {
        let (field, name, wish) = (field.clone(), name.clone(), wish.clone());
        let (choice, onmoved) = (choice.clone(), onmoved.clone());
        Callback::from(move |_: InputEvent| {
            if let Some(area) = field.cast::<HtmlTextAreaElement>() {
                choice.set((*choice).clone().and_then(|choice| choice.narrowed(&row(&area))));
                wish.emit(FileWish::Edit { name: name.clone(), text: area.value() });
                onmoved();
            }
        })
    };
    // Puts a row with the caret in the place of the one where the caret is.
    let put = {
        let (field, name, wish) = (field.clone(), name.clone(), wish.clone());
        move |row: &Line| {
            let Some(area) = field.cast::<HtmlTextAreaElement>() else { return };
            let mut whole = line(&area);
            whole.before.truncate(whole.before.rfind('\n').map_or(0, |end| end + 1));
            whole.put_in(row.before.trim_end());
            area.set_value(&whole.text());
            area.set_selection_range(whole.caret(), whole.caret()).expect("the caret stands within the text");
            wish.emit(FileWish::Edit { name: name.clone(), text: whole.text() });
        }
    };
    let onchoose = {
        let (field, choice, put) = (field.clone(), choice.clone(), put.clone());
        Callback::from(move |index: usize| {
            let Some((area, chosen)) = field.cast::<HtmlTextAreaElement>().zip((*choice).clone()) else {
                return;
            };
            let mut row = row(&area);
            chosen.take(index, &mut row);
            put(&row);
            choice.set(None);
        })
    };
    let onkeyup = {
        let onmoved = onmoved.clone();
        Callback::from(move |_: KeyboardEvent| onmoved())
    };
    let onclick = Callback::from(move |_: MouseEvent| onmoved());
    let onmousemove = {
        let pointed = pointed.clone();
        Callback::from(move |event: MouseEvent| {
            let area = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok());
            pointed.set(area.map(|area| row_at(&area, event.offset_y())));
        })
    };
    let onmouseleave = {
        let pointed = pointed.clone();
        Callback::from(move |_: MouseEvent| pointed.set(None))
    };
    let can_save = draft.is_some() || content.is_none();
    let onkeydown = {
        let (name, wish, field) = (name.clone(), wish.clone(), field.clone());
        let (choice, onchoose) = (choice.clone(), onchoose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            if let Some(mut open) = (*choice).clone() {
                match (key.as_str(), open.chosen) {
                    ("ArrowDown" | "Tab", _) => open.go(true),
                    ("ArrowUp", _) => open.go(false),
                    ("Enter", Some(chosen)) => {
                        event.prevent_default();
                        return onchoose.emit(chosen);
                    }
                    ("Escape", _) => {
                        event.prevent_default();
                        return choice.set(None);
                    }
                    _ => return,
                }
                event.prevent_default();
                return choice.set(Some(open));
            }
            if let (" ", true, true, Some(area)) =
                (key.as_str(), event.ctrl_key(), is_properties, field.cast())
            {
                event.prevent_default();
                let mut row = row(&area);
                let completions = complete_property(&row.before);
                match complete(&mut row, &completions) {
                    Progress::Nothing => {}
                    Progress::Grown => put(&row),
                    Progress::Choose(open) => choice.set(Some(open)),
                }
                return;
            }
            if !matches!(event.key().as_str(), "s" | "S") || !(event.ctrl_key() || event.meta_key()) {
                return;
            }
            event.prevent_default();
            if can_save {
                wish.emit(FileWish::Save(name.clone()));
            }
        })
    };
    let findings = if is_properties { properties::check(&shown) } else { Vec::new() };
    let explained = (*pointed).or(*caret).and_then(|line| properties::name_in(&shown, line));
    let chosen = choice.as_ref().and_then(|choice| choice.chosen).map(|index| item_id(LIST, index));
    html! {
        <div class="file">
            <div class="file-head">
                <h2>{ &**name }</h2>
                if draft.is_some() { <span class="unsaved">{ text.unsaved() }</span> }
                <div class="keys">
                    <button type="button" class="key file-save" disabled={!can_save} title={text.save_hint()}
                        onclick={say(FileWish::Save)}>{ text.save() }</button>
                    <button type="button" class="key" disabled={draft.is_none()} title={text.revert_hint()}
                        onclick={say(FileWish::Revert)}>{ text.revert() }</button>
                    <button type="button" class="key harsh" disabled={content.is_none()} title={format!("rm {name}")}
                        onclick={say(FileWish::Delete)}>{ text.delete() }</button>
                </div>
            </div>
            <textarea class="file-text" ref={field} readonly={too_long} wrap="off" spellcheck="false"
                autocomplete="off" autocapitalize="none" aria-label={text.file_text(name)}
                aria-controls={choice.is_some().then_some(LIST)} aria-activedescendant={chosen}
                {oninput} {onkeydown} {onkeyup} {onclick} {onmousemove} {onmouseleave} />
            if let Some(choice) = &*choice {
                <Choosing id={LIST} choice={choice.clone()} {onchoose} send={send} />
            }
            if is_properties { <Explanation name={explained.map(str::to_owned)} send={send} /> }
            if too_long { <p class="file-note">{ text.file_too_long() }</p> }
            if !findings.is_empty() {
                <ul class="findings" aria-label={text.findings()}>
                    { for findings.iter().map(|finding| html! { <li>{ said(finding, text) }</li> }) }
                </ul>
            }
            if let Some(command) = command.as_ref().filter(|_| can_save) {
                <p class="file-command" title={command.text.clone()}>
                    <span class="where">{ format!("T{}", command.terminal) }</span>
                    <code>{ command.text.replace('\n', " ⏎ ") }</code>
                </p>
            }
        </div>
    }
}

const LIST: &str = "completions-of-file";

/// The whole text, with the caret in it.
fn line(area: &HtmlTextAreaElement) -> Line {
    Line::at(&area.value(), area.selection_end().ok().flatten().unwrap_or(u32::MAX))
}

/// The row of the caret, up to the caret.
fn row(area: &HtmlTextAreaElement) -> Line {
    let before = line(area).before;
    Line::ending(before.rsplit('\n').next().unwrap_or_default())
}

/// Which row of the text is so many pixels below the field's edge.
fn row_at(area: &HtmlTextAreaElement, y: i32) -> usize {
    let style = gloo::utils::window().get_computed_style(area).ok().flatten();
    let pixels = |name: &str| -> Option<f64> {
        style.as_ref()?.get_property_value(name).ok()?.trim_end_matches("px").parse().ok()
    };
    let height = pixels("line-height").filter(|height| *height >= 1.0).unwrap_or(17.0);
    let inside = f64::from(y + area.scroll_top()) - pixels("padding-top").unwrap_or(0.0);
    // A row is some pixels high, and a text has few rows.
    (inside / height).max(0.0) as usize
}

/// Puts the text into the field when it is another one than stands there, so that the caret stays while one types.
#[hook]
fn use_text_of(field: &NodeRef, shown: &Rc<str>) {
    let field = field.clone();
    use_effect_with(shown.clone(), move |shown| {
        let area = field.cast::<HtmlTextAreaElement>();
        if let Some(area) = area.filter(|area| area.value() != **shown) {
            area.set_value(shown);
        }
    });
}

fn said(Finding { line, problem }: &Finding, text: Text) -> String {
    match problem {
        Problem::UnknownName { name, nearest: Some(nearest) } => text.finding_misspelt(*line, name, nearest),
        Problem::UnknownName { name, nearest: None } => text.finding_unknown(*line, name),
        Problem::Refused(message) => text.finding_refused(*line, message),
        Problem::SaidAgain { name, line: again } => text.finding_again(*line, name, *again),
    }
}
