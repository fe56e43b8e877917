//! The editor's state: whether it is open, what there is to edit, and what is not saved.

use std::rc::Rc;

use playground::session::{Command, FileView, Session};
use yew::Callback;

use super::drafts::{Drafts, FileWish};
use super::{FilesProps, MOST_BYTES};
use crate::intent::Intent;

pub(crate) struct Desk {
    open: bool,
    drafts: Drafts,
    files: Rc<[FileView]>,
}

impl Desk {
    pub(crate) fn new(session: &Session) -> Self {
        Self { open: false, drafts: Drafts::kept(), files: session.files() }
    }

    pub(crate) const fn open(&mut self, open: bool) {
        self.open = open;
    }

    /// What has to be typed for it.
    pub(crate) fn follow(&mut self, wish: FileWish, session: &Session) -> Option<Command> {
        match wish {
            FileWish::Choose(name) => {
                self.drafts.choose(&name);
                None
            }
            FileWish::Edit { name, text } => {
                self.drafts.edit(&name, &text);
                self.drafts.compare(&self.files);
                None
            }
            FileWish::Revert(name) => {
                self.drafts.drop(&name);
                None
            }
            FileWish::Save(name) => Some(self.saving(&name, session)),
            FileWish::Delete(name) => {
                self.drafts.leave();
                Some(session.remove_file(&name))
            }
        }
    }

    /// Takes the files of the present into view. True when they are others.
    pub(crate) fn look_again(&mut self, session: &Session) -> bool {
        let files = session.files();
        let changed = self.files != files;
        if changed {
            self.drafts.compare(&files);
            self.files = files;
        }
        changed
    }

    /// What the panel shows, while it is open.
    pub(crate) fn shown(&self, session: &Session, send: &Callback<Intent>) -> Option<FilesProps> {
        let chosen = self.drafts.chosen.as_ref();
        self.open.then(|| FilesProps {
            files: self.files.clone(),
            drafts: self.drafts.clone(),
            command: chosen.map(|name| self.saving(name, session)),
            send: send.clone(),
        })
    }

    fn saving(&self, name: &str, session: &Session) -> Command {
        let draft = self.drafts.text(name).filter(|draft| draft.len() <= MOST_BYTES);
        session.write_file(name, draft.map_or("", |draft| draft))
    }
}
