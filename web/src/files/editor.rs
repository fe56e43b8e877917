//! One file: its text, what there is to say about it, and the command that saving it stands for.

use std::rc::Rc;

use playground::properties::{self, Finding, Problem};
use playground::session::Command;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::MOST_BYTES;
use super::drafts::FileWish;
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    pub(super) name: Rc<str>,
    /// What the file holds now; `None` while it is not there.
    pub(super) content: Option<Rc<Vec<u8>>>,
    pub(super) draft: Option<Rc<str>>,
    pub(super) command: Option<Command>,
    pub(super) wish: Callback<FileWish>,
}

#[component]
pub(super) fn Editor(EditorProps { name, content, draft, command, wish }: &EditorProps) -> Html {
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
    let oninput = {
        let (field, name, wish) = (field.clone(), name.clone(), wish.clone());
        Callback::from(move |_: InputEvent| {
            if let Some(area) = field.cast::<HtmlTextAreaElement>() {
                wish.emit(FileWish::Edit { name: name.clone(), text: area.value() });
            }
        })
    };
    let can_save = draft.is_some() || content.is_none();
    let onkeydown = {
        let (name, wish) = (name.clone(), wish.clone());
        Callback::from(move |event: KeyboardEvent| {
            if !matches!(event.key().as_str(), "s" | "S") || !(event.ctrl_key() || event.meta_key()) {
                return;
            }
            event.prevent_default();
            if can_save {
                wish.emit(FileWish::Save(name.clone()));
            }
        })
    };
    let findings = if name.ends_with(".properties") { properties::check(&shown) } else { Vec::new() };
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
                autocomplete="off" autocapitalize="none" aria-label={text.file_text(name)} {oninput} {onkeydown} />
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
