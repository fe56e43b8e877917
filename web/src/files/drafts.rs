//! Texts that were typed into the editor and not saved yet. They belong to no moment of the session's time, so that no
//! seeking, closing or starting over loses them; the browser keeps them, too.

use std::collections::BTreeMap;
use std::rc::Rc;

use playground::session::FileView;

use crate::preferences;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Drafts {
    texts: Rc<BTreeMap<String, Rc<str>>>,
    /// The file that the editor shows.
    pub(super) chosen: Option<Rc<str>>,
}

/// What a visitor wants from the editor.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum FileWish {
    Choose(Rc<str>),
    Edit {
        name: Rc<str>,
        text: String,
    },
    /// Back to what the file holds.
    Revert(Rc<str>),
    Save(Rc<str>),
    Delete(Rc<str>),
}

impl Drafts {
    pub(super) fn kept() -> Self {
        let texts = preferences::drafts().into_iter().map(|(name, text)| (name, text.into()));
        Self { texts: Rc::new(texts.collect()), chosen: None }
    }

    pub(super) fn text(&self, name: &str) -> Option<&Rc<str>> {
        self.texts.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    pub(super) fn choose(&mut self, name: &Rc<str>) {
        self.chosen = Some(name.clone());
    }

    /// Shows none, unless there is something that is not saved.
    pub(super) fn leave(&mut self) {
        let unsaved = self.chosen.as_ref().is_some_and(|name| self.text(name).is_some());
        self.chosen = self.chosen.take().filter(|_| unsaved);
    }

    pub(super) fn edit(&mut self, name: &str, text: &str) {
        Rc::make_mut(&mut self.texts).insert(name.to_owned(), text.into());
        self.keep();
    }

    pub(super) fn drop(&mut self, name: &str) {
        if Rc::make_mut(&mut self.texts).remove(name).is_some() {
            self.keep();
        }
    }

    /// A draft that says what its file holds is none.
    pub(super) fn compare(&mut self, files: &[FileView]) {
        let saved: Vec<_> = files
            .iter()
            .filter(|file| self.text(&file.name).is_some_and(|draft| is_content(draft, &file.content)))
            .map(|file| file.name.clone())
            .collect();
        for name in saved {
            self.drop(&name);
        }
    }

    fn keep(&self) {
        preferences::set_drafts(
            &self.texts.iter().map(|(name, text)| (name.clone(), text.to_string())).collect(),
        );
    }
}

/// Whether saving the text would leave the file as it is: a line end is added where it is missing.
fn is_content(text: &str, content: &[u8]) -> bool {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    text.strip_suffix('\n').unwrap_or(text).as_bytes() == content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_line_end_at_the_end_is_no_difference() {
        assert!(is_content("a=1", b"a=1\n"));
        assert!(is_content("a=1\n", b"a=1\n"));
        assert!(!is_content("a=1\n\n", b"a=1\n"));
        assert!(!is_content("a=2", b"a=1\n"));
    }
}
