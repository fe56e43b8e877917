//! Time travel: inputs are the truth, checkpoints make it fast.
//!
//! A history is a scenario's machine plus every input with its time. Any moment is rebuilt from the nearest
//! checkpoint before it, so that seeking to a time equals a straight run to it.

use crate::command::{Command, CommandError};
use crate::event::Event;
use crate::scenario::Scenario;
use crate::simulation::Simulation;
use crate::time::SimTime;

/// Something that runs in virtual time and is told what to do: the simulation, or a console around it.
pub trait Machine: Clone {
    type Input: Clone;
    type Event;
    type Error;

    fn start(scenario: &Scenario) -> Self;
    fn now(&self) -> SimTime;
    fn next_at(&self) -> Option<SimTime>;

    /// # Errors
    /// The machine refuses the input and is as it was.
    fn apply(&mut self, input: &Self::Input) -> Result<Vec<Self::Event>, Self::Error>;
    fn step(&mut self) -> Option<Vec<Self::Event>>;
    fn advance_to(&mut self, until: SimTime) -> Vec<Self::Event>;
}

impl Machine for Simulation {
    type Input = Command;
    type Event = Event;
    type Error = CommandError;

    fn start(scenario: &Scenario) -> Self {
        Self::new(scenario)
    }

    fn now(&self) -> SimTime {
        self.now()
    }

    fn next_at(&self) -> Option<SimTime> {
        self.next_at()
    }

    fn apply(&mut self, input: &Command) -> Result<Vec<Event>, CommandError> {
        self.apply(input)
    }

    fn step(&mut self) -> Option<Vec<Event>> {
        self.step()
    }

    fn advance_to(&mut self, until: SimTime) -> Vec<Event> {
        self.advance_to(until)
    }
}

/// An input and the time at which it was given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timed<I> {
    pub at: SimTime,
    pub input: I,
}

/// How many steps lie between two checkpoints, at first.
const CHECKPOINT_INTERVAL: u32 = 1000;

/// When there are more checkpoints than this the distance doubles, and for each new one an old one is dropped: every
/// other one, from the oldest on. One at a time, since to drop a large state takes as long as to copy it.
const MAX_CHECKPOINTS: usize = 64;

#[derive(Clone, Debug)]
pub struct History<M: Machine> {
    inputs: Vec<Timed<M::Input>>,
    /// The latest time that was reached.
    end: SimTime,
    present: M,
    /// How many of `inputs` have been given to `present`.
    given: usize,
    /// States on the way, in order of time, each with how many inputs it had been given. The first is the start.
    checkpoints: Vec<(usize, M)>,
    checkpoint_interval: u32,
    /// So many of the oldest checkpoints have the present distance, and are followed by one that does not.
    thinned: usize,
    steps_since_checkpoint: u32,
}

impl<M: Machine> History<M> {
    pub fn new(scenario: &Scenario) -> Self {
        let present = M::start(scenario);
        Self {
            inputs: Vec::new(),
            end: present.now(),
            checkpoints: vec![(0, present.clone())],
            present,
            given: 0,
            checkpoint_interval: CHECKPOINT_INTERVAL,
            thinned: 0,
            steps_since_checkpoint: 0,
        }
    }

    /// A history that was kept: it stands at the start, and everything is still to be run again. `inputs` are in order
    /// of time, and `end` is not before the last of them.
    pub fn kept(scenario: &Scenario, inputs: Vec<Timed<M::Input>>, end: SimTime) -> Self {
        Self { inputs, end, ..Self::new(scenario) }
    }

    pub fn present(&self) -> &M {
        &self.present
    }

    /// The latest time that was reached; the present may stand before it.
    pub fn end(&self) -> SimTime {
        self.end
    }

    /// Every input, in order, also those after the present.
    pub fn inputs(&self) -> &[Timed<M::Input>] {
        &self.inputs
    }

    pub fn is_at_end(&self) -> bool {
        self.present.now() >= self.end && self.given == self.inputs.len()
    }

    /// Gives an input now, after everything that is due now. What lay after now is dropped: keep a
    /// [`fork`](Self::fork) of it first.
    ///
    /// # Errors
    /// The machine's refusal; the input is not kept.
    pub fn apply(&mut self, input: M::Input) -> Result<Vec<M::Event>, M::Error> {
        let mut events = self.present.advance_to(self.present.now());
        events.extend(self.present.apply(&input)?);
        self.end_here();
        self.inputs.push(Timed { at: self.present.now(), input });
        self.given += 1;
        Ok(events)
    }

    /// Forgets every input after the present; the history ends now.
    pub fn end_here(&mut self) {
        let (now, given) = (self.present.now(), self.given);
        self.inputs.truncate(given);
        self.end = now;
        self.checkpoints.retain(|(at, machine)| *at <= given && machine.now() <= now);
    }

    /// Lets the next thing happen, be it an occurrence or an input that was given at this point before.
    /// `None` when nothing is left to happen.
    pub fn step(&mut self) -> Option<Vec<M::Event>> {
        let events = match self.next_input_at() {
            Some(at) if self.present.next_at().is_none_or(|next| next > at) => {
                let mut events = self.present.advance_to(at);
                events.extend(self.give_next_input());
                events
            }
            Some(_) | None => self.present.step()?,
        };
        self.end = self.end.max(self.present.now());
        self.note_step();
        Some(events)
    }

    /// Lets everything happen up to and including `until`.
    pub fn advance_to(&mut self, until: SimTime) -> Vec<M::Event> {
        let mut events = Vec::new();
        while self.next_at().is_some_and(|at| at <= until) {
            events.extend(self.step().into_iter().flatten());
        }
        events.extend(self.present.advance_to(until));
        self.end = self.end.max(self.present.now());
        events
    }

    /// When the next occurrence or remembered input is due.
    pub fn next_at(&self) -> Option<SimTime> {
        self.next_input_at().into_iter().chain(self.present.next_at()).min()
    }

    /// When the next remembered input is due.
    pub fn next_input_at(&self) -> Option<SimTime> {
        self.inputs.get(self.given).map(|timed| timed.at)
    }

    /// Stands at `to`, earlier or later, exactly as a straight run would.
    pub fn seek(&mut self, to: SimTime) {
        let nearest = self.checkpoints.partition_point(|(_, machine)| machine.now() < to).saturating_sub(1);
        let (given, machine) = &self.checkpoints[nearest];
        if to < self.present.now() || machine.now() > self.present.now() {
            self.given = *given;
            self.present = machine.clone();
            self.steps_since_checkpoint = 0;
        }
        drop(self.advance_to(to));
    }

    /// A second history with the same past and the same future so far.
    #[must_use]
    pub fn fork(&self) -> Self {
        self.clone()
    }

    fn give_next_input(&mut self) -> Vec<M::Event> {
        let input = self.inputs[self.given].input.clone();
        self.given += 1;
        let Ok(events) = self.present.apply(&input) else {
            unreachable!("an input that was taken once is taken again at the same point")
        };
        events
    }

    fn note_step(&mut self) {
        self.steps_since_checkpoint += 1;
        let newest = self.checkpoints.last().map(|(_, machine)| machine.now());
        if self.steps_since_checkpoint < self.checkpoint_interval || newest >= Some(self.present.now()) {
            return;
        }
        self.steps_since_checkpoint = 0;
        self.checkpoints.push((self.given, self.present.clone()));
        if self.checkpoints.len() > MAX_CHECKPOINTS {
            self.drop_checkpoint();
        }
    }

    fn drop_checkpoint(&mut self) {
        if self.thinned == 0 {
            self.checkpoint_interval = self.checkpoint_interval.saturating_mul(2);
        }
        self.thinned += 1;
        self.checkpoints.remove(self.thinned);
        if self.thinned == MAX_CHECKPOINTS / 2 {
            self.thinned = 0;
        }
    }
}
