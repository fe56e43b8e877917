//! A session as text: what was typed where and when, and what the terminals showed.
//!
//! ```text
//! #! brokers 3                    a setting of the scenario: brokers, racks or seed, before the first input
//! #! racks a a b                  the racks of the brokers, in order of number
//! # three consumers               a comment
//! 1$ kafka-topics --create \      a command typed at terminal 1's prompt; a backslash at the end continues it,
//!      --topic t ...              and what follows belongs to the same input
//! 1| Created topic t.             what terminal 1 printed
//! 2$ kafka-console-consumer ...
//! wait 5s                         virtual time passes: 500ms, 1.5s, 2m
//! 3> user_001:hello               a line typed into the program that runs in terminal 3, or into a command that
//!                                 bash has not seen the end of
//! 3^D                             end of input
//! 2^C                             interrupt
//! 2^Z                             stop the program in the foreground
//! 2^K                             the terminal is closed: its programs are killed
//! ```
//!
//! **Time**: consecutive inputs are [`GAP`] apart, unless a `wait` stands between them, which then is the whole
//! distance; several of them add up. After the last input the run goes on for one more [`GAP`], or for the `wait` that ends the
//! text. What was printed during the first [`GAP`] after an input stands before the `wait`, what came later behind it.
//!
//! Leaves out: other settings of the scenario.

mod parse;
mod player;
mod recorder;

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::scenario::Scenario;

use crate::duration;
pub use player::{Happening, Run};

/// The distance between two inputs that no `wait` stands between.
pub const GAP: Duration = Duration::from_millis(50);

/// The highest number of a terminal.
pub const MAX_TERMINAL: u32 = 99;

/// The most brokers that a scenario can have.
pub const MAX_BROKERS: u32 = 9;

const DEFAULT_SEED: u64 = 1;
const DEFAULT_BROKERS: u32 = 1;

/// Prints as the text that reads as the same transcript.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Transcript {
    pub entries: Vec<Entry>,
}

/// A line of a transcript, or several that belong together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The number of its line, counted from 1; 0 for what was never text.
    pub line: u32,
    pub kind: EntryKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// An empty line, or a `#` and what follows.
    Comment(String),
    Setting(Setting),
    Wait(Duration),
    /// Typed at the prompt; may hold line ends, each behind a backslash.
    Command {
        terminal: u32,
        text: String,
    },
    /// Typed into a program.
    Line {
        terminal: u32,
        text: String,
    },
    Interrupt {
        terminal: u32,
    },
    Suspend {
        terminal: u32,
    },
    EndOfInput {
        terminal: u32,
    },
    Close {
        terminal: u32,
    },
    Output {
        terminal: u32,
        text: String,
    },
}

/// What a transcript says about its scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Setting {
    Brokers(u32),
    /// Of each broker, in order of number.
    Racks(Vec<Rc<str>>),
    Seed(u64),
}

/// What is wrong with a transcript, and where; lines and columns count from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TranscriptError {
    pub line: u32,
    pub column: u32,
    pub message: String,
}

impl Transcript {
    /// # Errors
    /// Says where the text is not a transcript, and what may stand there.
    pub fn parse(text: &str) -> Result<Self, TranscriptError> {
        parse::parse(text)
    }

    /// The scenario that the settings ask for.
    pub fn scenario(&self) -> Scenario {
        let mut scenario = Scenario { brokers: DEFAULT_BROKERS, ..Scenario::one_broker(DEFAULT_SEED) };
        for entry in &self.entries {
            match &entry.kind {
                EntryKind::Setting(Setting::Brokers(number)) => scenario.brokers = *number,
                EntryKind::Setting(Setting::Racks(racks)) => scenario.racks.clone_from(racks),
                EntryKind::Setting(Setting::Seed(number)) => scenario.seed = *number,
                EntryKind::Comment(_)
                | EntryKind::Wait(_)
                | EntryKind::Command { .. }
                | EntryKind::Line { .. }
                | EntryKind::Interrupt { .. }
                | EntryKind::Suspend { .. }
                | EntryKind::EndOfInput { .. }
                | EntryKind::Close { .. }
                | EntryKind::Output { .. } => {}
            }
        }
        scenario
    }

    /// The same without what the terminals printed: all that a replay needs.
    #[must_use]
    pub fn without_outputs(&self) -> Self {
        let kept = self.entries.iter().filter(|entry| !matches!(entry.kind, EntryKind::Output { .. }));
        Self { entries: kept.cloned().collect() }
    }

    fn push(&mut self, line: u32, kind: EntryKind) {
        self.entries.push(Entry { line, kind });
    }
}

impl fmt::Display for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries.iter().try_for_each(|entry| writeln!(f, "{}", entry.kind))
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blank = |text: &str| if text.is_empty() { "" } else { " " };
        match self {
            Self::Comment(text) => f.write_str(text),
            Self::Setting(Setting::Brokers(brokers)) => write!(f, "#! brokers {brokers}"),
            Self::Setting(Setting::Racks(racks)) => write!(f, "#! racks {}", racks.join(" ")),
            Self::Setting(Setting::Seed(seed)) => write!(f, "#! seed {seed}"),
            Self::Wait(duration) => write!(f, "wait {}", duration::format(*duration)),
            Self::Command { terminal, text } => write!(f, "{terminal}${}{text}", blank(text)),
            Self::Line { terminal, text } => write!(f, "{terminal}>{}{text}", blank(text)),
            Self::Interrupt { terminal } => write!(f, "{terminal}^C"),
            Self::Suspend { terminal } => write!(f, "{terminal}^Z"),
            Self::EndOfInput { terminal } => write!(f, "{terminal}^D"),
            Self::Close { terminal } => write!(f, "{terminal}^K"),
            Self::Output { terminal, text } => write!(f, "{terminal}|{}{text}", blank(text)),
        }
    }
}

impl std::error::Error for TranscriptError {}

impl fmt::Display for TranscriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}
