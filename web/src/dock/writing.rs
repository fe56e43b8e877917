//! What is being written at a prompt, and what keys do to it: those of bash's line editor.
//!
//! It knows no browser: a text field gives what stands in it, and is given what has to stand there.

mod choice;
mod line;
mod paste;
mod recall;

use std::rc::Rc;

use playground::session::Action;

pub(crate) use choice::{Choice, Completed, Progress, complete};
pub(super) use line::Edit;
pub(crate) use line::Line;
pub(super) use paste::{Pasted, commands};
use recall::Recalled;
pub(super) use recall::Search;

#[derive(Default)]
pub(super) struct Writing {
    line: Line,
    /// What stood there before, oldest first.
    past: Vec<Line>,
    killed: String,
    recalled: Recalled,
    mode: Mode,
    /// Escape was pressed: Tab leaves the field.
    leaving: bool,
}

/// What the keys are about.
#[derive(Default)]
enum Mode {
    #[default]
    Writing,
    /// The line is what is searched for.
    Searching(Search),
    Choosing(Choice),
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

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Key {
    Submit,
    Older,
    Newer,
    Edit(Edit),
    Search,
    Interrupt,
    EndOfInput,
    /// Takes the last change back; stops a program that runs.
    Suspend,
    /// Takes the last change back.
    Undo,
    Screen(Turn),
    Tab,
    Escape,
}

/// What is done to the screen above the prompt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turn {
    Clear,
    PageUp,
    PageDown,
}

/// What a key comes to beside a change of the line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    /// The browser does with the key what it does.
    Native,
    Done,
    Says(Vec<Action>),
    /// Asks what the text before the caret can go on with.
    Asks,
    Turns(Turn),
}

/// Steps back that are kept.
const MOST_PAST: usize = 100;

impl Writing {
    pub(super) fn line(&self) -> &Line {
        &self.line
    }

    pub(super) fn search(&self) -> Option<&Search> {
        if let Mode::Searching(search) = &self.mode { Some(search) } else { None }
    }

    pub(super) fn choice(&self) -> Option<&Choice> {
        if let Mode::Choosing(choice) = &self.mode { Some(choice) } else { None }
    }

    /// Takes what stands in the field after something was typed there.
    pub(super) fn typed(&mut self, line: Line, history: &[Rc<str>]) {
        self.leaving = false;
        let (text, grown) = (line.text(), line.before.len() > self.line.before.len());
        if text != self.line.text() {
            let within_word = grown && !line.before.ends_with(char::is_whitespace) && !self.past.is_empty();
            if !within_word {
                self.remember();
            }
        }
        self.line = line;
        match std::mem::take(&mut self.mode) {
            Mode::Writing => {}
            Mode::Searching(mut search) => {
                search.begin(history, &text);
                self.mode = Mode::Searching(search);
            }
            Mode::Choosing(choice) => {
                self.mode = choice.narrowed(&self.line).map_or(Mode::Writing, Mode::Choosing);
            }
        }
    }

    /// Goes on with an answer to what was asked, unless something else has been typed since. True when there was none.
    pub(super) fn complete(&mut self, completed: &Completed) -> bool {
        if completed.line != self.line.before || self.search().is_some() {
            return false;
        }
        self.remember();
        match complete(&mut self.line, &completed.completions) {
            Progress::Nothing => return true,
            Progress::Grown => self.mode = Mode::Writing,
            Progress::Choose(choice) => self.mode = Mode::Choosing(choice),
        }
        false
    }

    /// Takes one of the candidates.
    pub(super) fn choose(&mut self, index: usize) {
        if let Mode::Choosing(choice) = std::mem::take(&mut self.mode) {
            self.remember();
            choice.take(index, &mut self.line);
        }
    }

    /// Takes where the caret stands now.
    pub(super) fn look(&mut self, line: Line) {
        if line.text() != self.line.text() {
            self.remember();
        }
        self.line = line;
    }

    /// Puts a text in at the caret.
    pub(super) fn put_in(&mut self, text: &str) {
        self.remember();
        self.line.put_in(text);
    }

    /// Does what a key does; `history` is what was typed before, oldest first.
    pub(super) fn press(&mut self, key: Key, reads: Reads, history: &[Rc<str>]) -> Outcome {
        let leaving = std::mem::take(&mut self.leaving);
        match std::mem::take(&mut self.mode) {
            Mode::Writing => self.press_writing(key, leaving, reads, history),
            Mode::Searching(search) => self.press_searching(search, key, reads, history),
            Mode::Choosing(choice) => self.press_choosing(choice, key, reads, history),
        }
    }

    fn press_writing(&mut self, key: Key, leaving: bool, reads: Reads, history: &[Rc<str>]) -> Outcome {
        match key {
            Key::Submit => return self.submit(reads),
            Key::Older if self.line.before.contains('\n') => return Outcome::Native,
            Key::Newer if self.line.after.contains('\n') => return Outcome::Native,
            Key::Older | Key::Newer => {
                if let Some(line) = self.recalled.go(history, key == Key::Older, &self.line) {
                    self.line = line;
                }
            }
            Key::Edit(edit) => self.edit(edit),
            Key::Search => {
                let draft = std::mem::take(&mut self.line);
                self.mode = Mode::Searching(Search::new(draft));
            }
            Key::Interrupt => {
                self.begin_anew();
                return Outcome::Says(vec![Action::Interrupt]);
            }
            Key::EndOfInput if self.line.is_empty() => return Outcome::Says(vec![Action::EndOfInput]),
            Key::EndOfInput => self.edit(Edit::Delete),
            Key::Suspend if reads != Reads::Shell => return Outcome::Says(vec![Action::Suspend]),
            Key::Suspend | Key::Undo => {
                if let Some(line) = self.past.pop() {
                    self.line = line;
                }
            }
            Key::Screen(turn) => return Outcome::Turns(turn),
            Key::Escape => self.leaving = true,
            Key::Tab if leaving || reads != Reads::Shell || self.line.before.trim().is_empty() => {
                return Outcome::Native;
            }
            Key::Tab => return Outcome::Asks,
        }
        Outcome::Done
    }

    fn press_choosing(&mut self, mut choice: Choice, key: Key, reads: Reads, history: &[Rc<str>]) -> Outcome {
        match (key, choice.chosen) {
            (Key::Tab | Key::Newer, _) => choice.go(true),
            (Key::Older, _) => choice.go(false),
            (Key::Submit, Some(chosen)) => {
                self.remember();
                choice.take(chosen, &mut self.line);
                return Outcome::Done;
            }
            (Key::Escape, _) => return Outcome::Done,
            (_, _) => return self.press_writing(key, false, reads, history),
        }
        self.mode = Mode::Choosing(choice);
        Outcome::Done
    }

    fn press_searching(
        &mut self,
        mut search: Search,
        key: Key,
        reads: Reads,
        history: &[Rc<str>],
    ) -> Outcome {
        let wanted = self.line.text();
        match key {
            Key::Search | Key::Older => search.older(history, &wanted),
            Key::Newer => search.newer(history, &wanted),
            Key::Interrupt => {
                self.line = search.draft;
                return Outcome::Done;
            }
            Key::Submit => {
                self.take_found(&search, history);
                return self.submit(reads);
            }
            Key::Escape
            | Key::Tab
            | Key::Edit(Edit::ToStart | Edit::ToEnd | Edit::Left | Edit::Right)
            | Key::Screen(Turn::Clear) => {
                self.take_found(&search, history);
                let takes_only = matches!(key, Key::Escape | Key::Tab);
                return if takes_only {
                    Outcome::Done
                } else {
                    self.press_writing(key, false, reads, history)
                };
            }
            Key::Edit(edit) => {
                self.line.edit(edit, &mut self.killed);
                search.begin(history, &self.line.text());
            }
            Key::EndOfInput | Key::Suspend | Key::Undo => {}
            Key::Screen(turn @ (Turn::PageUp | Turn::PageDown)) => {
                self.mode = Mode::Searching(search);
                return Outcome::Turns(turn);
            }
        }
        self.mode = Mode::Searching(search);
        Outcome::Done
    }

    /// The line that was found takes the place of what it was found by.
    fn take_found(&mut self, search: &Search, history: &[Rc<str>]) {
        self.line = search.line(history).map_or_else(|| search.draft.clone(), |found| Line::ending(found));
    }

    fn submit(&mut self, reads: Reads) -> Outcome {
        let typed = commands(&self.line.text(), reads == Reads::Shell);
        self.begin_anew();
        Outcome::Says(typed.into_iter().map(Action::Command).collect())
    }

    fn edit(&mut self, edit: Edit) {
        let moves = matches!(edit, Edit::ToStart | Edit::ToEnd | Edit::Left | Edit::Right);
        if !moves {
            self.remember();
        }
        self.line.edit(edit, &mut self.killed);
    }

    fn remember(&mut self) {
        if self.search().is_none() && self.past.last() != Some(&self.line) {
            self.past.push(self.line.clone());
            let over = self.past.len().saturating_sub(MOST_PAST);
            self.past.drain(..over);
        }
    }

    fn begin_anew(&mut self) {
        self.line = Line::default();
        self.past.clear();
        self.recalled = Recalled::default();
    }
}

#[cfg(test)]
mod tests;
