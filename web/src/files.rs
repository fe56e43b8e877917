//! The editor for the files of the virtual directory. Saving and deleting are commands, typed into a terminal.

mod desk;
mod drafts;
mod editor;
mod explanation;

use std::collections::BTreeSet;
use std::rc::Rc;

use playground::session::{Command, FileView};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;
pub(crate) use desk::Desk;
use drafts::Drafts;
pub(crate) use drafts::FileWish;
use editor::Editor;

#[derive(Properties, Clone, PartialEq)]
pub(crate) struct FilesProps {
    files: Rc<[FileView]>,
    drafts: Drafts,
    /// What saving the chosen file would type.
    command: Option<Command>,
    send: Callback<Intent>,
}

/// There is one directory, so that a name is no path; a regular expression of HTML's.
const NAME: &str = r"[^\/]+";

/// A file longer than this, in bytes, is shown and not edited: every stroke would carry it around.
const MOST_BYTES: usize = 64 << 10;

#[component]
pub(crate) fn Files(FilesProps { files, drafts, command, send }: &FilesProps) -> Html {
    let text = use_text();
    let wish = send.reform(Intent::File);
    let on_disk = files.iter().map(|file| &*file.name);
    let names: BTreeSet<&str> = on_disk.chain(drafts.names()).chain(drafts.chosen.as_deref()).collect();
    let entry = |name: &&str| {
        let (name, chosen): (Rc<str>, _) = ((*name).into(), drafts.chosen.as_deref() == Some(*name));
        let unsaved = drafts.text(&name).is_some();
        let label = if unsaved { text.file_unsaved(&name) } else { name.to_string() };
        let onclick = {
            let name = name.clone();
            wish.reform(move |_: MouseEvent| FileWish::Choose(name.clone()))
        };
        html! {
            <li key={name.to_string()}>
                <button type="button" aria-current={chosen.then_some("true")} aria-label={label} {onclick}>
                    <span class="name">{ &*name }</span>
                    if unsaved { <span class="unsaved" aria-hidden="true">{ "●" }</span> }
                </button>
            </li>
        }
    };
    let onsubmit = {
        let wish = wish.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(field) = name_field(&event) {
                let name = field.value().trim().to_owned();
                if !name.is_empty() {
                    field.set_value("");
                    wish.emit(FileWish::Choose(name.into()));
                }
            }
        })
    };
    html! {
        <section class="files" aria-label={text.files()}>
            <div class="file-list">
                <ul>{ for names.iter().map(entry) }</ul>
                if names.is_empty() { <p class="nothing">{ text.no_files() }</p> }
                <form class="file-new" {onsubmit}>
                    <input type="text" aria-label={text.new_file()} placeholder={text.new_file()} pattern={NAME} title={text.new_file_rule()}
                        autocapitalize="none" autocomplete="off" spellcheck="false" maxlength="100" />
                    <button type="submit" title={text.new_file()} aria-label={text.new_file()}>{ "+" }</button>
                </form>
            </div>
            if let Some(name) = &drafts.chosen {
                <Editor key={name.to_string()} name={name.clone()} content={content(files, name)}
                    draft={drafts.text(name).cloned()} command={command.clone()} {wish} send={send} />
            } else {
                <p class="file-hint">{ text.files_hint() }</p>
            }
        </section>
    }
}

fn name_field(event: &SubmitEvent) -> Option<HtmlInputElement> {
    let form = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    form.query_selector("input").ok().flatten()?.dyn_into().ok()
}

/// What a file holds; `None` when there is no such file.
fn content(files: &[FileView], name: &str) -> Option<Rc<Vec<u8>>> {
    files.iter().find(|file| *file.name == *name).map(|file| file.content.clone())
}
