//! A learner's session: the console with its history, its other lines of history, and how time passes on the screen.

mod branches;
mod demonstration;
mod files;
mod proposals;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::rc::Rc;
use std::time::Duration;

pub use kafka_console::completion::{Candidate, Completions, Kind, complete_property};
use kafka_console::transcript::MAX_TERMINAL;
pub use kafka_console::{Action, Console, Input, commands};
use kafka_core::event::Event;
use kafka_core::history::History;
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

use crate::chronicle::Chronicle;
use crate::memory::Memory;
use crate::pacing::{Pacing, Sight};
use crate::painter::{Canvas, Moment, newest_in_sight, paint};
use crate::scene::Scene;
use crate::script::Script;
use branches::Branches;
use demonstration::Demonstration;
pub use files::{Command, FileView};
use view::Screens;
pub use view::{Act, Branch, Line, PlaybackView, Proposal, Speed, Stream, TerminalView};

/// Two inputs are at least this far apart, as in a transcript.
const TYPING: Duration = Duration::from_millis(50);

/// More than this does not happen within one frame: the page stays responsive, and time waits.
const OCCURRENCES_PER_FRAME: u32 = 500;

/// How far ahead the page looks for the next thing to see.
const HORIZON: Duration = Duration::from_secs(90);
const HORIZON_OCCURRENCES: u32 = 6000;

/// Terminals that a fresh session shows.
const TERMINALS: u32 = 4;

#[derive(Clone)]
pub struct Session {
    scenario: Scenario,
    chronicle: Chronicle<Console>,
    branches: Branches,
    pacing: Pacing,
    playing: bool,
    /// Virtual per real time of the last frame, in per mille.
    pace: u64,
    demonstration: Demonstration,
    last_input: Option<SimTime>,
    /// The learner has typed something, here or before the session was kept.
    owned: bool,
    /// A kept session runs up to here before anything else.
    recalled_until: Option<SimTime>,
    /// The highest terminal number that is shown.
    terminals: u32,
    /// Closed by the learner: not shown unless something runs there, now or at the moment that is shown.
    closed: BTreeSet<u32>,
    screens: Screens,
    canvas: Canvas,
}

impl Session {
    /// A session that begins with a short demonstration; the learner's first input ends it.
    pub fn new(scenario: &Scenario) -> Self {
        Self { demonstration: Demonstration::new(), ..Self::empty(scenario) }
    }

    /// A session in which nothing happens before the first input.
    pub fn empty(scenario: &Scenario) -> Self {
        Self {
            scenario: scenario.clone(),
            chronicle: Chronicle::new(scenario),
            branches: Branches::new(),
            pacing: Pacing::new(),
            playing: true,
            pace: 1000,
            demonstration: Demonstration::over(),
            last_input: None,
            owned: false,
            recalled_until: None,
            terminals: TERMINALS,
            closed: BTreeSet::new(),
            screens: Screens::default(),
            canvas: Canvas::default(),
        }
    }

    /// A session that was kept. It runs up to its end, so many occurrences a frame, before it takes anything else.
    pub fn recall(script: &Script) -> Self {
        let highest = script.inputs.iter().map(|timed| timed.input.terminal).max().unwrap_or(0);
        Self {
            chronicle: Chronicle::of(History::kept(&script.scenario, script.inputs.clone(), script.end)),
            owned: true,
            recalled_until: Some(script.end),
            terminals: TERMINALS.max(highest),
            ..Self::empty(&script.scenario)
        }
    }

    /// All that it takes to have this session again: what was typed up to its end, on this line of history.
    pub fn script(&self) -> Script {
        let history = self.chronicle.history();
        Script {
            scenario: self.scenario.clone(),
            inputs: history.inputs().to_vec(),
            end: history.end().max(self.recalled_until.unwrap_or_default()),
        }
    }

    /// Whether the learner has typed anything, beyond what a demonstration typed.
    pub const fn is_owned(&self) -> bool {
        self.owned
    }

    /// Whether a consumer has been started in a group, up to now.
    pub fn has_group_consumers(&self) -> bool {
        self.chronicle.memory().clients.values().any(|client| client.group.is_some())
    }

    /// How many inputs there are, and when the last one was given: differs whenever there is something new to keep.
    pub fn sign(&self) -> (usize, Option<SimTime>) {
        let inputs = self.chronicle.history().inputs();
        (inputs.len(), inputs.last().map(|timed| timed.at))
    }

    /// Whether a kept session is still on its way to its end.
    pub const fn is_recalling(&self) -> bool {
        self.recalled_until.is_some()
    }

    /// What has happened on this line of history, as far as it is known.
    pub fn events(&self) -> &[(SimTime, Event)] {
        self.chronicle.events()
    }

    /// The number of this line of history.
    pub const fn line(&self) -> u32 {
        self.branches.current()
    }

    pub fn end(&self) -> SimTime {
        self.chronicle.history().end()
    }

    /// Whether there is nothing ahead that has been typed or has happened.
    pub fn is_at_end(&self) -> bool {
        self.chronicle.history().is_at_end()
    }

    pub fn console(&self) -> &Console {
        self.chronicle.present()
    }

    pub fn now(&self) -> SimTime {
        self.chronicle.now()
    }

    /// Lets as much virtual time pass as belongs to `real` on the screen.
    pub fn frame(&mut self, real: Duration) {
        if let Some(until) = self.recalled_until {
            return self.recall_some(until);
        }
        if !self.playing {
            return;
        }
        let mut left = real;
        for _ in 0..OCCURRENCES_PER_FRAME {
            let per_mille = self.current_pace();
            let until = self.now() + scale(left, per_mille, 1000);
            let due = self.next_due().filter(|at| *at <= until);
            let reached = due.unwrap_or(until);
            let passed = scale(reached.since(self.now()), 1000, per_mille).min(left);
            self.pacing.note(passed, per_mille);
            left -= passed;
            if due.is_none() {
                self.chronicle.advance_to(until);
                break;
            }
            self.happen(reached);
        }
    }

    /// Lets the next thing happen that one can see; stays where it is when there is none.
    pub fn step(&mut self) {
        self.playing = false;
        self.pacing.forget_gap();
        let (start, at_end) = (self.now(), self.chronicle.history().is_at_end());
        let in_sight = newest_in_sight(self.console().simulation());
        for _ in 0..HORIZON_OCCURRENCES {
            let Some(at) = self.next_due() else { break };
            let notable = self.happen(at);
            if notable || newest_in_sight(self.console().simulation()) > in_sight {
                return;
            }
        }
        self.chronicle.seek(start);
        if at_end {
            self.chronicle.end_here();
        }
    }

    /// Types into a terminal, or presses a key there. In the past this starts a new line of history, and
    /// the one that was there is kept as a branch.
    pub fn input(&mut self, terminal: u32, action: Action) {
        self.demonstration = Demonstration::over();
        self.take_over();
        if let Some(last) = self.last_input.filter(|last| self.now() < *last + TYPING) {
            self.chronicle.advance_to(last + TYPING);
        }
        self.closed.remove(&terminal);
        self.give(Input { terminal, action });
        self.playing = true;
    }

    /// Types a list of inputs from now on, each so long after the one before it. The learner's next input ends it.
    pub fn type_out(&mut self, inputs: impl IntoIterator<Item = (Duration, Input)>) {
        self.take_over();
        self.demonstration = Demonstration::of(self.now(), inputs);
        self.playing = true;
    }

    /// Whether inputs are still to be typed.
    pub fn is_typing_out(&self) -> bool {
        self.demonstration.next_at().is_some()
    }

    pub fn stop_typing_out(&mut self) {
        self.demonstration = Demonstration::over();
    }

    /// Brings a kept session to its end at once.
    pub fn finish_recalling(&mut self) {
        if let Some(until) = self.recalled_until.take() {
            self.chronicle.advance_to(until);
            self.forget_what_was_ahead();
        }
    }

    pub fn play(&mut self) {
        self.playing = true;
    }

    pub fn pause(&mut self) {
        self.playing = false;
    }

    pub fn set_speed(&mut self, speed: Speed) {
        self.pacing.set_speed(speed);
    }

    /// Stands at a moment between the start and the end of the history, and stops there.
    pub fn seek(&mut self, to: SimTime) {
        self.playing = false;
        self.recalled_until = None;
        self.chronicle.seek(to.min(self.chronicle.history().end()));
        self.forget_what_was_ahead();
    }

    /// Keeps this line of history and goes on with a copy that ends now.
    pub fn fork(&mut self) {
        self.branches.keep(self.chronicle.clone());
        self.chronicle.end_here();
        self.forget_what_was_ahead();
    }

    /// Goes on with another line of history, at its end.
    pub fn switch_branch(&mut self, number: u32) {
        if let Some(chronicle) = self.branches.switch(number, &self.chronicle) {
            self.chronicle = chronicle;
            self.chronicle.seek(self.chronicle.history().end());
            self.forget_what_was_ahead();
        }
    }

    pub fn branches(&self) -> Rc<[Branch]> {
        self.branches.view(self.chronicle.history().end())
    }

    /// One more terminal, as far as terminals are numbered; answers with its number.
    pub fn open_terminal(&mut self) -> u32 {
        let closed = self.closed.iter().copied().find(|number| self.is_closed(*number));
        if let Some(number) = closed {
            self.closed.remove(&number);
            return number;
        }
        self.show_terminal(self.terminals + 1);
        self.terminals
    }

    /// Shows the terminals up to this one.
    pub fn show_terminal(&mut self, number: u32) {
        self.terminals = self.terminals.max(number.min(MAX_TERMINAL));
    }

    /// What the text before the caret of a terminal can go on with, now.
    pub fn complete(&self, terminal: u32, line: &str) -> Completions {
        self.console().complete(terminal, line)
    }

    /// Takes a terminal away and kills what runs there; one is always left.
    pub fn close_terminal(&mut self, number: u32) {
        if self.terminals().len() < 2 {
            return;
        }
        if self.console().terminal(number).is_some() {
            self.input(number, Action::Close);
        }
        self.closed.insert(number);
    }

    pub fn playback(&self) -> PlaybackView {
        PlaybackView {
            playing: self.playing,
            speed: self.pacing.speed(),
            pace: u32::try_from(self.pace).unwrap_or(u32::MAX),
        }
    }

    pub fn scene(&mut self) -> Scene {
        let moment = Moment {
            simulation: self.chronicle.present().simulation(),
            memory: self.chronicle.memory(),
            terminals: self.client_terminals(),
            end: self.chronicle.history().end(),
        };
        paint(&moment, &mut self.canvas)
    }

    pub fn terminals(&mut self) -> Rc<[TerminalView]> {
        let console = self.chronicle.present();
        let open = console.terminals().map(|(number, _)| number).max().unwrap_or(0);
        let shown: Vec<_> =
            (1..=self.terminals.max(open)).filter(|number| !self.is_closed(*number)).collect();
        self.screens.show(console, &shown)
    }

    /// What the buttons for the common acts would do now; `consumer` is the one that the learner has picked.
    pub fn proposals(&self, consumer: Option<u32>) -> Rc<[Proposal]> {
        let free = self.free_terminal();
        proposals::propose(self.console(), &self.client_terminals(), consumer.map(ClientId), free)
    }

    /// The lowest terminal that stands at its prompt; a new one when all are busy.
    pub fn free_terminal(&self) -> u32 {
        let is_free = |number: u32| !self.is_closed(number) && self.console().is_at_prompt(number);
        (1..=self.terminals).find(|number| is_free(*number)).unwrap_or(self.terminals + 1)
    }

    fn is_closed(&self, number: u32) -> bool {
        self.closed.contains(&number) && self.console().terminal(number).is_none()
    }

    fn recall_some(&mut self, until: SimTime) {
        for _ in 0..OCCURRENCES_PER_FRAME {
            if self.chronicle.history().next_at().is_none_or(|at| at > until) {
                return self.finish_recalling();
            }
            self.chronicle.step();
        }
    }

    /// The learner types: this is the present, and a line of history of its own.
    fn take_over(&mut self) {
        self.owned = true;
        self.finish_recalling();
        if !self.is_at_end() {
            self.fork();
        }
    }

    fn give(&mut self, input: Input) {
        let applied: Result<(), Infallible> = self.chronicle.apply(input);
        match applied {
            Ok(()) => self.last_input = Some(self.now()),
            Err(never) => match never {},
        }
        self.pacing.forget_gap();
    }

    /// The next occurrence, remembered input, or line of the demonstration.
    fn next_due(&self) -> Option<SimTime> {
        self.demonstration.next_at().into_iter().chain(self.chronicle.history().next_at()).min()
    }

    /// True when it was something to look at.
    fn happen(&mut self, at: SimTime) -> bool {
        if self.chronicle.history().next_at().is_some_and(|next| next <= at) {
            return self.chronicle.step().unwrap_or(false);
        }
        self.chronicle.advance_to(at);
        match self.demonstration.take(at) {
            Some(input) => {
                self.give(input);
                true
            }
            None => false,
        }
    }

    fn current_pace(&mut self) -> u64 {
        let (chronicle, demonstration) = (&self.chronicle, &self.demonstration);
        let now = chronicle.now();
        self.pace = self.pacing.per_mille(now, || {
            if newest_in_sight(chronicle.present().simulation()).is_some() {
                Sight::Moving
            } else {
                Sight::Still { next: next_sight(chronicle, demonstration) }
            }
        });
        self.pace
    }

    fn forget_what_was_ahead(&mut self) {
        self.demonstration = Demonstration::over();
        self.pacing.forget_gap();
        self.canvas.forget();
        self.last_input = self.chronicle.history().inputs().last().map(|timed| timed.at);
    }

    fn client_terminals(&self) -> BTreeMap<ClientId, u32> {
        let console = self.console();
        let clients = console.simulation().clients();
        clients.filter_map(|(id, _)| Some((id, console.terminal_of(id)?))).collect()
    }
}

/// Looks ahead in a copy for the next thing that one can see, no further than the next input that is known.
fn next_sight(chronicle: &Chronicle<Console>, demonstration: &Demonstration) -> Option<SimTime> {
    let known = demonstration.next_at().into_iter().chain(chronicle.history().next_input_at()).min();
    let horizon = known.unwrap_or(chronicle.now() + HORIZON);
    let mut machine = chronicle.present().clone();
    let mut memory: Memory = chronicle.memory().for_looking_ahead();
    for _ in 0..HORIZON_OCCURRENCES {
        let Some(at) = machine.next_at().filter(|at| *at < horizon) else { return known };
        let events = machine.step()?;
        let notable = events.iter().any(|event| memory.note(at, event));
        if notable || newest_in_sight(machine.simulation()).is_some() {
            return Some(at);
        }
    }
    Some(machine.now())
}

/// `duration * numerator / denominator`, to the microsecond.
fn scale(duration: Duration, numerator: u64, denominator: u64) -> Duration {
    let micros = duration.as_micros() * u128::from(numerator) / u128::from(denominator);
    Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
}
