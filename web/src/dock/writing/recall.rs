//! Going through what was typed before: with the arrows, and by a part of it.

use std::rc::Rc;

use super::line::Line;

/// A place in what was typed before.
#[derive(Default)]
pub(super) struct Recalled {
    /// 0 is the line being written, 1 the last one sent.
    back: usize,
    draft: Line,
}

impl Recalled {
    pub(super) fn go(&mut self, typed: &[Rc<str>], older: bool, current: &Line) -> Option<Line> {
        if self.back == 0 {
            self.draft = current.clone();
        }
        let back = if older { self.back + 1 } else { self.back.checked_sub(1)? };
        if back > typed.len() {
            return None;
        }
        self.back = back;
        Some(if back == 0 { self.draft.clone() } else { Line::ending(&typed[typed.len() - back]) })
    }
}

/// Bash's `reverse-i-search`: the newest line that holds what is being written, or an older one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Search {
    /// What stood there before.
    pub(super) draft: Line,
    /// Counted from the newest.
    found: Option<usize>,
    /// There is no other that holds it.
    pub(crate) failed: bool,
}

impl Search {
    pub(super) fn new(draft: Line) -> Self {
        Self { draft, found: None, failed: false }
    }

    /// Looks for another text, from the newest line on.
    pub(super) fn begin(&mut self, typed: &[Rc<str>], wanted: &str) {
        self.found = None;
        self.failed = false;
        if !wanted.is_empty() {
            self.look(typed, wanted, 0);
        }
    }

    pub(super) fn older(&mut self, typed: &[Rc<str>], wanted: &str) {
        if !wanted.is_empty() {
            self.look(typed, wanted, self.found.map_or(0, |found| found + 1));
        }
    }

    pub(super) fn newer(&mut self, typed: &[Rc<str>], wanted: &str) {
        let newer = self.found.and_then(|found| {
            (0..found).rev().find(|index| nth(typed, *index).is_some_and(|line| line.contains(wanted)))
        });
        self.failed = newer.is_none();
        self.found = newer.or(self.found);
    }

    /// The line that was found.
    pub(crate) fn line<'a>(&self, typed: &'a [Rc<str>]) -> Option<&'a Rc<str>> {
        nth(typed, self.found?)
    }

    fn look(&mut self, typed: &[Rc<str>], wanted: &str, from: usize) {
        let shown = self.line(typed).cloned();
        let found = (from..typed.len()).find(|index| {
            nth(typed, *index).is_some_and(|line| line.contains(wanted) && Some(line) != shown.as_ref())
        });
        self.failed = found.is_none();
        self.found = found.or(self.found);
    }
}

fn nth(typed: &[Rc<str>], from_newest: usize) -> Option<&Rc<str>> {
    typed.iter().rev().nth(from_newest)
}
