//! Lines of history that were left, and can be gone back to.

use std::rc::Rc;

use kafka_console::Console;
use kafka_core::time::SimTime;

use super::Branch;
use crate::chronicle::Chronicle;

/// The oldest line beyond these is dropped.
const KEPT: usize = 8;

#[derive(Clone)]
pub(super) struct Branches {
    /// The number of the line that is being written.
    current: u32,
    highest: u32,
    /// The others, by number.
    kept: Vec<(u32, Chronicle<Console>)>,
}

impl Branches {
    pub(super) fn new() -> Self {
        Self { current: 1, highest: 1, kept: Vec::new() }
    }

    pub(super) const fn current(&self) -> u32 {
        self.current
    }

    /// Puts the current line aside; what follows is a new one.
    pub(super) fn keep(&mut self, chronicle: Chronicle<Console>) {
        self.kept.push((self.current, chronicle));
        if self.kept.len() > KEPT {
            self.kept.remove(0);
        }
        self.highest += 1;
        self.current = self.highest;
    }

    /// Takes a line up again and puts the current one in its place.
    pub(super) fn switch(&mut self, number: u32, current: &Chronicle<Console>) -> Option<Chronicle<Console>> {
        let index = self.kept.iter().position(|(kept, _)| *kept == number)?;
        let (number, chronicle) = std::mem::replace(&mut self.kept[index], (self.current, current.clone()));
        self.current = number;
        Some(chronicle)
    }

    pub(super) fn view(&self, end: SimTime) -> Rc<[Branch]> {
        let kept = self.kept.iter().map(|(number, chronicle)| (*number, chronicle.history().end()));
        let mut branches: Vec<_> = kept
            .chain([(self.current, end)])
            .map(|(number, end)| Branch { number, end, current: number == self.current })
            .collect();
        branches.sort_by_key(|branch| branch.number);
        branches.into()
    }
}
