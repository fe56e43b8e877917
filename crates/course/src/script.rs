//! A transcript as inputs to be typed one after the other: a set-up, or a solution that types itself.

use std::time::Duration;

use kafka_console::transcript::{EntryKind, GAP, Transcript, TranscriptError};
use kafka_console::{Action, Console, Input};
use kafka_core::event::Event;
use kafka_core::scenario::Scenario;

/// One input, and how long after the one before it comes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cue {
    pub after: Duration,
    pub input: Input,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    pub scenario: Scenario,
    pub cues: Vec<Cue>,
    /// How long the run goes on after the last input.
    pub rest: Duration,
}

impl Script {
    /// Reads a transcript. What its terminals printed, and its comments, are passed over.
    ///
    /// # Errors
    /// The text is not a transcript.
    pub fn parse(text: &str) -> Result<Self, TranscriptError> {
        let transcript = Transcript::parse(text)?;
        let mut script = Self { scenario: transcript.scenario(), cues: Vec::new(), rest: Duration::ZERO };
        let mut waits = Vec::new();
        for entry in transcript.entries {
            let (terminal, action) = match entry.kind {
                EntryKind::Comment(_) | EntryKind::Setting(_) | EntryKind::Output { .. } => continue,
                EntryKind::Wait(duration) => {
                    waits.push(duration);
                    continue;
                }
                EntryKind::Command { terminal, text } | EntryKind::Line { terminal, text } => {
                    (terminal, Action::Command(text))
                }
                EntryKind::Interrupt { terminal } => (terminal, Action::Interrupt),
                EntryKind::Suspend { terminal } => (terminal, Action::Suspend),
                EntryKind::EndOfInput { terminal } => (terminal, Action::EndOfInput),
                EntryKind::Close { terminal } => (terminal, Action::Close),
            };
            script.cues.push(Cue { after: distance(&mut waits), input: Input { terminal, action } });
        }
        script.rest = distance(&mut waits);
        Ok(script)
    }

    /// Types everything into a console, and lets time pass as the script says. `watch` is told what happens.
    pub fn play(&self, console: &mut Console, watch: &mut dyn FnMut(&Console, &[Event])) {
        for Cue { after, input } in &self.cues {
            pass(console, *after, watch);
            let events = console.apply(input);
            watch(console, &events);
        }
        pass(console, self.rest, watch);
    }
}

/// Without a wait, inputs are one [`GAP`] apart, as in every transcript.
fn distance(waits: &mut Vec<Duration>) -> Duration {
    if waits.is_empty() { GAP } else { waits.drain(..).sum() }
}

/// Lets time pass in a console, one occurrence after the other.
fn pass(console: &mut Console, time: Duration, watch: &mut dyn FnMut(&Console, &[Event])) {
    let until = console.now() + time;
    while console.next_at().is_some_and(|at| at <= until) {
        let events = console.step().unwrap_or_default();
        watch(console, &events);
    }
    let events = console.advance_to(until);
    watch(console, &events);
}
