//! From timed inputs to a transcript: what a page exports and shares.

use std::collections::BTreeMap;
use std::time::Duration;

use kafka_core::history::Timed;
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

use super::parse::continues;
use super::player::{Happening, Player};
use super::{DEFAULT_BROKERS, DEFAULT_SEED, Entry, EntryKind, GAP, MAX_TERMINAL, Setting, Transcript};
use crate::console::{Action, Console, Input, typed_lines};

impl Transcript {
    /// Replays inputs, which are in order of time, and writes them down with what the terminals printed up to `end`.
    /// Inputs into terminals with numbers that a transcript cannot name are left out.
    pub fn record(scenario: &Scenario, inputs: &[Timed<Input>], end: SimTime) -> Self {
        let mut nobody = |_: SimTime, _: Happening<'_>| {};
        let mut recorder = Recorder {
            player: Player::new(Console::new(scenario), &mut nobody),
            reached: None,
            waited: false,
            begun: BTreeMap::new(),
        };
        for timed in inputs.iter().filter(|timed| (1..=MAX_TERMINAL).contains(&timed.input.terminal)) {
            recorder.record(timed.at, &timed.input);
        }
        recorder.reach(end);
        let mut transcript = recorder.player.finish().transcript;
        let settings = [
            (scenario.brokers != DEFAULT_BROKERS).then_some(Setting::Brokers(scenario.brokers)),
            (!scenario.racks.is_empty()).then(|| Setting::Racks(scenario.racks.clone())),
            (scenario.seed != DEFAULT_SEED).then_some(Setting::Seed(scenario.seed)),
        ];
        let settings = settings.into_iter().flatten().map(EntryKind::Setting);
        transcript.entries.splice(0..0, settings.map(unnumbered));
        transcript
    }
}

struct Recorder<'a> {
    player: Player<'a>,
    /// The last input, or the end of the last wait.
    reached: Option<SimTime>,
    /// A wait was written since the last input.
    waited: bool,
    /// Commands, by terminal, that a backslash continues: the text form has them in one piece.
    begun: BTreeMap<u32, String>,
}

impl Recorder<'_> {
    fn record(&mut self, at: SimTime, input: &Input) {
        let terminal = input.terminal;
        let kind = match &input.action {
            Action::Command(text) => {
                for line in typed_lines(text) {
                    self.reach(at);
                    self.record_line(at, terminal, &line);
                }
                return;
            }
            Action::Interrupt => EntryKind::Interrupt { terminal },
            Action::Suspend => EntryKind::Suspend { terminal },
            Action::EndOfInput => EntryKind::EndOfInput { terminal },
            Action::Close => EntryKind::Close { terminal },
        };
        self.begun.remove(&terminal);
        self.reach(at);
        self.give(at, kind, input);
    }

    fn record_line(&mut self, at: SimTime, terminal: u32, line: &str) {
        let begun = self.begun.remove(&terminal);
        let is_command = begun.is_some() || self.player.console().is_at_prompt(terminal);
        let text = begun.map_or_else(|| line.to_owned(), |begun| format!("{begun}\n{line}"));
        if is_command && continues(&text) {
            self.begun.insert(terminal, text);
            return;
        }
        let input = Input { terminal, action: Action::Command(text.clone()) };
        let kind = if is_command {
            EntryKind::Command { terminal, text }
        } else {
            EntryKind::Line { terminal, text }
        };
        self.give(at, kind, &input);
    }

    /// Lets time pass, and says so unless an input follows another at the usual distance.
    fn reach(&mut self, at: SimTime) {
        let distance = at.since(self.reached.unwrap_or_default());
        let usual = if self.reached.is_none() || self.waited { Duration::ZERO } else { GAP };
        if distance == usual {
            self.player.reach_next_input();
            return;
        }
        self.player.wait(&unnumbered(EntryKind::Wait(distance)), at);
        self.reached = Some(at);
        self.waited = true;
    }

    fn give(&mut self, at: SimTime, kind: EntryKind, input: &Input) {
        self.player.give(unnumbered(kind), input);
        self.reached = Some(at);
        self.waited = false;
    }
}

const fn unnumbered(kind: EntryKind) -> Entry {
    Entry { line: 0, kind }
}
