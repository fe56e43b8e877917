//! Runs a transcript on a console, and writes down anew what the terminals print.

use std::collections::BTreeMap;

use kafka_core::event::Event;
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

use super::{Entry, EntryKind, GAP, Transcript, TranscriptError};
use crate::console::{Action, Console, Input};
use crate::terminal::{Line, Source};

/// Where a run ended, and the transcript with its outputs as they came.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    pub transcript: Transcript,
    pub console: Console,
}

/// What a run tells while it goes on.
#[derive(Clone, Copy, Debug)]
pub enum Happening<'a> {
    Event(&'a Event),
    /// A terminal has printed a line.
    Line {
        terminal: u32,
        line: &'a Line,
    },
}

impl Transcript {
    /// Runs every input at its time. `watch` is told all that happens, in order.
    ///
    /// # Errors
    /// A command is typed where no prompt is, or a line where no program runs.
    pub fn run(
        &self,
        scenario: &Scenario,
        watch: &mut dyn FnMut(SimTime, Happening<'_>),
    ) -> Result<Run, TranscriptError> {
        let mut player = Player::new(Console::new(scenario), watch);
        for entry in &self.entries {
            player.play(entry)?;
        }
        Ok(player.finish())
    }
}

pub(super) struct Player<'a> {
    console: Console,
    watch: &'a mut dyn FnMut(SimTime, Happening<'_>),
    transcript: Transcript,
    /// When the last input was given; `None` before the first.
    last_input: Option<SimTime>,
    /// Until when the waits since then reach.
    waited_until: Option<SimTime>,
    /// Comments since the last input or wait: they belong to what follows them.
    held: Vec<Entry>,
    /// How many lines of each terminal have been written down.
    written: BTreeMap<u32, u64>,
}

impl<'a> Player<'a> {
    pub(super) fn new(console: Console, watch: &'a mut dyn FnMut(SimTime, Happening<'_>)) -> Self {
        Self {
            console,
            watch,
            transcript: Transcript::default(),
            last_input: None,
            waited_until: None,
            held: Vec::new(),
            written: BTreeMap::new(),
        }
    }

    pub(super) fn console(&self) -> &Console {
        &self.console
    }

    fn play(&mut self, entry: &Entry) -> Result<(), TranscriptError> {
        let (terminal, action) = match &entry.kind {
            EntryKind::Comment(_) | EntryKind::Setting(_) => {
                self.held.push(entry.clone());
                return Ok(());
            }
            EntryKind::Output { .. } => return Ok(()),
            EntryKind::Wait(duration) => {
                let since = self.waited_until.or(self.last_input).unwrap_or_default();
                self.wait(entry, since + *duration);
                return Ok(());
            }
            EntryKind::Command { terminal, text } | EntryKind::Line { terminal, text } => {
                (*terminal, Action::Command(text.clone()))
            }
            EntryKind::Interrupt { terminal } => (*terminal, Action::Interrupt),
            EntryKind::Suspend { terminal } => (*terminal, Action::Suspend),
            EntryKind::EndOfInput { terminal } => (*terminal, Action::EndOfInput),
            EntryKind::Close { terminal } => (*terminal, Action::Close),
        };
        self.reach_next_input();
        self.check(entry)?;
        self.give(entry.clone(), &Input { terminal, action });
        Ok(())
    }

    /// Lets time pass up to a `wait`'s end.
    pub(super) fn wait(&mut self, entry: &Entry, until: SimTime) {
        if let (Some(last), None) = (self.last_input, self.waited_until) {
            self.advance_to(until.min(last + GAP));
        }
        self.write_held();
        self.transcript.entries.push(entry.clone());
        self.advance_to(until);
        self.waited_until = Some(until);
    }

    pub(super) fn reach_next_input(&mut self) {
        if let (Some(last), None) = (self.last_input, self.waited_until) {
            self.advance_to(last + GAP);
        }
    }

    pub(super) fn give(&mut self, entry: Entry, input: &Input) {
        self.write_lines(input.terminal, true);
        self.write_held();
        self.transcript.entries.push(entry);
        let events = self.console.apply(input);
        self.tell(&events);
        if input.action == Action::Close {
            self.written.remove(&input.terminal);
        }
        self.last_input = Some(self.console.now());
        self.waited_until = None;
    }

    pub(super) fn finish(mut self) -> Run {
        self.reach_next_input();
        let terminals: Vec<_> = self.console.terminals().map(|(number, _)| number).collect();
        terminals.into_iter().for_each(|number| self.write_lines(number, true));
        self.write_held();
        Run { transcript: self.transcript, console: self.console }
    }

    fn check(&self, entry: &Entry) -> Result<(), TranscriptError> {
        let error = |message: String| Err(TranscriptError { line: entry.line, column: 1, message });
        match &entry.kind {
            EntryKind::Command { terminal, .. } if !self.console.is_at_prompt(*terminal) => {
                let running = self.console.running(*terminal).join(" | ");
                error(format!(
                    "terminal {terminal} is busy: {running} runs there. Type into it with {terminal}>, or end it \
                     with {terminal}^C or {terminal}^D"
                ))
            }
            EntryKind::Line { terminal, .. } if self.console.is_at_prompt(*terminal) => error(format!(
                "terminal {terminal} stands at its prompt and no program reads the line. A command is written \
                 {terminal}$"
            )),
            EntryKind::Command { .. }
            | EntryKind::Line { .. }
            | EntryKind::Comment(_)
            | EntryKind::Setting(_)
            | EntryKind::Wait(_)
            | EntryKind::Interrupt { .. }
            | EntryKind::Suspend { .. }
            | EntryKind::EndOfInput { .. }
            | EntryKind::Close { .. }
            | EntryKind::Output { .. } => Ok(()),
        }
    }

    fn advance_to(&mut self, until: SimTime) {
        while self.console.next_at().is_some_and(|at| at <= until) {
            let events = self.console.step().unwrap_or_default();
            self.tell(&events);
        }
        let events = self.console.advance_to(until);
        self.tell(&events);
    }

    /// Passes on what has happened since the last call, and writes down what was printed.
    fn tell(&mut self, events: &[Event]) {
        let now = self.console.now();
        for event in events {
            (self.watch)(now, Happening::Event(event));
        }
        let terminals: Vec<_> = self.console.terminals().map(|(number, _)| number).collect();
        for number in terminals {
            self.write_lines(number, false);
        }
    }

    /// Writes down the lines of a terminal that are new; one that may still grow only when asked to.
    fn write_lines(&mut self, number: u32, with_open_line: bool) {
        let Some(terminal) = self.console.terminal(number) else { return };
        let written = self.written.entry(number).or_default();
        let dropped = terminal.dropped_lines();
        if dropped > *written {
            let text = format!("({} lines were printed too fast to be kept)", dropped - *written);
            self.transcript.push(0, EntryKind::Output { terminal: number, text });
            *written = dropped;
        }
        let open = terminal.is_last_line_open() && !with_open_line;
        let end = dropped + terminal.lines().len() as u64 - u64::from(open);
        let seen = usize::try_from(*written - dropped).unwrap_or(usize::MAX);
        for line in terminal.lines().skip(seen).take(usize::try_from(end - *written).unwrap_or(usize::MAX)) {
            match line.source {
                Source::Output | Source::Error => {
                    (self.watch)(line.at, Happening::Line { terminal: number, line });
                    let text = line.text.to_string();
                    self.transcript.push(0, EntryKind::Output { terminal: number, text });
                }
                Source::Typed(_) | Source::Key => {}
            }
        }
        *written = end;
    }

    fn write_held(&mut self) {
        self.transcript.entries.append(&mut self.held);
    }
}
