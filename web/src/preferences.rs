//! What a visitor prefers, kept between visits.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gloo::storage::{LocalStorage, Storage};
use gloo::utils::{document, document_element, window};
use wasm_bindgen::JsValue;

use crate::i18n::{Language, Text};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Theme {
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

const LANGUAGE: &str = "murmuration.language";
const THEME: &str = "murmuration.theme";
const INTRODUCED: &str = "murmuration.introduced";

const SESSION: &str = "murmuration.session";
const SESSION_ASIDE: &str = "murmuration.session.aside";
const DRAFTS: &str = "murmuration.drafts";
const TERMINAL_NAMES: &str = "murmuration.terminals.names";
const TERMINAL_TIMES: &str = "murmuration.terminals.times";

/// The chosen language, else that of the lesson whose page this is, else the browser's.
pub(crate) fn language() -> Language {
    let stored = read(LANGUAGE);
    let page = crate::course::of_page().and_then(|_| document_element().get_attribute("lang"));
    let browser = window().navigator().languages();
    let wanted = browser.iter().filter_map(|tag: JsValue| tag.as_string());
    Language::preferred(stored.into_iter().chain(page).chain(wanted))
}

pub(crate) fn theme() -> Theme {
    let stored = read(THEME);
    Theme::ALL.into_iter().find(|theme| stored.as_deref() == Some(theme.name())).unwrap_or(Theme::Auto)
}

pub(crate) fn set_language(language: Language) {
    write(LANGUAGE, language.tag());
    speak(language);
}

pub(crate) fn set_theme(theme: Theme) {
    write(THEME, theme.name());
    apply("data-theme", theme.name());
}

/// Brings the document in line with the preferences without choosing anything for the visitor.
pub(crate) fn apply_both(language: Language, theme: Theme) {
    speak(language);
    apply("data-theme", theme.name());
}

pub(crate) fn introduced() -> bool {
    read(INTRODUCED).is_some()
}

pub(crate) fn set_introduced() {
    write(INTRODUCED, "yes");
}

pub(crate) fn session() -> Option<String> {
    read(SESSION)
}

/// False when the browser has no room for it.
pub(crate) fn set_session(text: &str) -> bool {
    LocalStorage::set(SESSION, text).is_ok()
}

pub(crate) fn put_session_aside(text: &str) {
    write(SESSION_ASIDE, text);
    forget_session();
}

pub(crate) fn forget_session() {
    LocalStorage::delete(SESSION);
}

/// Unsaved texts by the names of their files.
pub(crate) fn drafts() -> BTreeMap<String, String> {
    LocalStorage::get(DRAFTS).unwrap_or_default()
}

pub(crate) fn set_drafts(drafts: &BTreeMap<String, String>) {
    let _not_kept = LocalStorage::set(DRAFTS, drafts);
}

/// What the visitor calls terminals, by their numbers.
pub(crate) fn terminal_names() -> BTreeMap<u32, Rc<str>> {
    let names: BTreeMap<u32, String> = LocalStorage::get(TERMINAL_NAMES).unwrap_or_default();
    names.into_iter().map(|(number, name)| (number, name.into())).collect()
}

pub(crate) fn set_terminal_names(names: &BTreeMap<u32, Rc<str>>) {
    let names: BTreeMap<u32, &str> = names.iter().map(|(number, name)| (*number, &**name)).collect();
    let _not_kept = LocalStorage::set(TERMINAL_NAMES, names);
}

/// Whether a terminal shows when its lines appeared.
pub(crate) fn shows_times(terminal: u32) -> bool {
    terminals_with_times().contains(&terminal)
}

pub(crate) fn set_shows_times(terminal: u32, shows: bool) {
    let mut terminals = terminals_with_times();
    if shows {
        terminals.insert(terminal);
    } else {
        terminals.remove(&terminal);
    }
    let _not_kept = LocalStorage::set(TERMINAL_TIMES, terminals);
}

fn terminals_with_times() -> BTreeSet<u32> {
    LocalStorage::get(TERMINAL_TIMES).unwrap_or_default()
}

pub(crate) fn reduced_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// The document in this language: what it is to readers, to the window's title and to search engines.
fn speak(language: Language) {
    let text = Text(language);
    apply("lang", language.tag());
    document().set_title(text.page_title());
    if let Ok(Some(description)) = document().query_selector("meta[name=description]") {
        description.set_attribute("content", text.page_description()).expect("the attribute's name is valid");
    }
}

fn read(name: &str) -> Option<String> {
    LocalStorage::get(name).ok()
}

/// A browser that keeps nothing still shows what was chosen, until it is closed.
fn write(name: &str, value: &str) {
    let _not_kept = LocalStorage::set(name, value);
}

fn apply(attribute: &str, value: &str) {
    document_element().set_attribute(attribute, value).expect("the attribute's name is valid");
}
