//! A machine's history with everything that happened in it, and where the learner stands.

use std::rc::Rc;

use kafka_core::event::Event;
use kafka_core::history::{History, Machine};
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

use crate::memory::Memory;

#[derive(Clone)]
pub(crate) struct Chronicle<M: Machine<Event = Event>> {
    history: History<M>,
    /// Everything that happened up to the end of the history, in order.
    events: Rc<Vec<(SimTime, Event)>>,
    /// How many of `events` lie before or at the present.
    seen: usize,
    memory: Memory,
}

impl<M: Machine<Event = Event>> Chronicle<M> {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self::of(History::new(scenario))
    }

    /// Nothing of the history has happened yet.
    pub(crate) fn of(history: History<M>) -> Self {
        Self { history, events: Rc::default(), seen: 0, memory: Memory::default() }
    }

    pub(crate) fn history(&self) -> &History<M> {
        &self.history
    }

    pub(crate) fn present(&self) -> &M {
        self.history.present()
    }

    pub(crate) fn events(&self) -> &[(SimTime, Event)] {
        &self.events
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(crate) fn now(&self) -> SimTime {
        self.history.present().now()
    }

    /// Gives an input now; what lay after now is gone.
    ///
    /// # Errors
    /// The machine's refusal.
    pub(crate) fn apply(&mut self, input: M::Input) -> Result<(), M::Error> {
        let events = self.history.apply(input)?;
        Rc::make_mut(&mut self.events).truncate(self.seen);
        self.note(events);
        Ok(())
    }

    /// Lets one thing happen. True when it was something to look at; `None` when nothing is left.
    pub(crate) fn step(&mut self) -> Option<bool> {
        let events = self.history.step()?;
        Some(self.note(events))
    }

    /// Lets everything happen up to and including `until`; the clock then stands there.
    pub(crate) fn advance_to(&mut self, until: SimTime) {
        while self.history.next_at().is_some_and(|at| at <= until) {
            self.step();
        }
        self.history.advance_to(until);
    }

    pub(crate) fn seek(&mut self, to: SimTime) {
        if to >= self.now() {
            return self.advance_to(to);
        }
        self.history.seek(to);
        self.seen = self.events.partition_point(|(at, _)| *at <= to);
        self.memory = Memory::default();
        for (at, event) in &self.events[..self.seen] {
            self.memory.note(*at, event);
        }
    }

    /// Forgets what was known of the future.
    pub(crate) fn end_here(&mut self) {
        self.history.end_here();
        Rc::make_mut(&mut self.events).truncate(self.seen);
    }

    fn note(&mut self, events: Vec<Event>) -> bool {
        let at = self.now();
        let mut notable = false;
        for event in events {
            notable |= self.memory.note(at, &event);
            if self.seen == self.events.len() {
                Rc::make_mut(&mut self.events).push((at, event));
            }
            self.seen += 1;
        }
        notable
    }
}
