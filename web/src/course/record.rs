//! What the learner has done, as the browser keeps it. What cannot be read is put aside under another name, and said.

use std::rc::Rc;

use course::{Place, Progress, Unreadable};
use gloo::storage::{LocalStorage, Storage};

use super::errand::Trouble;

const PROGRESS: &str = "murmuration.progress";
const ASIDE: &str = "murmuration.progress.aside";

pub(super) struct Record {
    pub(super) progress: Rc<Progress>,
    pub(super) trouble: Option<Trouble>,
}

impl Record {
    pub(super) fn open() -> Self {
        let Some(text) = LocalStorage::raw().get_item(PROGRESS).ok().flatten() else {
            return Self { progress: Rc::default(), trouble: None };
        };
        match Progress::from_text(&text) {
            Ok(progress) => Self { progress: Rc::new(progress), trouble: None },
            Err(error) => {
                let aside = LocalStorage::raw().set_item(ASIDE, &text);
                if aside.is_ok() {
                    LocalStorage::delete(PROGRESS);
                }
                let trouble = Trouble::Unreadable { reason: reason(&error), text: text.into() };
                Self { progress: Rc::default(), trouble: Some(trouble) }
            }
        }
    }

    /// The learner stands at a step.
    pub(super) fn visit(&mut self, place: Place) {
        self.change(|progress| progress.visit(place));
    }

    pub(super) fn complete(&mut self, place: &Place, prediction: Option<bool>) {
        self.change(|progress| progress.complete(place, prediction));
    }

    /// Takes in what a file holds; a file that cannot be read changes nothing.
    pub(super) fn import(&mut self, text: &str) {
        match Progress::from_text(text) {
            Ok(theirs) => {
                self.trouble = None;
                self.change(|progress| progress.merge(theirs));
            }
            Err(error) => self.trouble = Some(Trouble::BadFile(reason(&error))),
        }
    }

    pub(super) fn reset(&mut self) {
        self.change(|progress| *progress = Progress::default());
    }

    fn change(&mut self, change: impl FnOnce(&mut Progress)) {
        change(Rc::make_mut(&mut self.progress));
        let kept = LocalStorage::raw().set_item(PROGRESS, &self.progress.to_text());
        if kept.is_err() {
            self.trouble = Some(Trouble::NotKept);
        }
    }
}

fn reason(error: &Unreadable) -> Rc<str> {
    match error {
        Unreadable::Damaged { reason } => reason.as_str().into(),
        Unreadable::Newer { version, known } => format!("version {version} > {known}").into(),
    }
}
