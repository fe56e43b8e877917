//! One script under several settings, side by side on one clock.
//!
//! Each column is a console of its own, from the same seed and with the same inputs except for the settings that its
//! variant changes in the command lines. The runs go ahead of the clock, a bounded number of occurrences in a frame;
//! what is shown and counted is what has happened up to the clock.

mod column;
mod ledger;
mod measure;
mod rewriting;
mod story;
mod variant;
mod view;

use std::rc::Rc;
use std::time::Duration;

use kafka_core::time::SimTime;

use crate::script::Script;
use column::Column;
pub use ledger::Ending;
pub use measure::{Amount, Cell, Measure, Row, Verdict};
pub use story::Story;
pub use variant::{Change, Variant};
pub use view::{ColumnView, ComparisonView, ConsumerState, ConsumerView, Segment, Strip, Typed};

/// More than this does not happen within one frame, in all columns together.
const OCCURRENCES_PER_FRAME: u32 = 500;

/// Virtual per real time in per mille, at first.
const SPEED: u32 = 4000;

#[derive(Clone)]
pub struct Comparison {
    columns: Vec<Column>,
    clock: SimTime,
    /// How far every column has come.
    reached: SimTime,
    /// Where the clock goes as soon as the columns have come so far.
    wanted: Option<SimTime>,
    end: SimTime,
    playing: bool,
    speed: u32,
}

impl Comparison {
    /// The first variant is the one that the others are compared with.
    pub fn new(script: &Script, variants: &[Variant]) -> Self {
        Self {
            columns: variants.iter().map(|variant| Column::new(*variant, script)).collect(),
            clock: SimTime::ZERO,
            reached: SimTime::ZERO,
            wanted: None,
            end: script.end,
            playing: true,
            speed: SPEED,
        }
    }

    /// Lets the columns go on, and the clock after them as far as `real` takes it.
    pub fn frame(&mut self, real: Duration) {
        self.run();
        if let Some(wanted) = self.wanted {
            self.clock = wanted.min(self.reached);
            self.wanted = Some(wanted).filter(|wanted| *wanted > self.reached);
        } else if self.playing {
            self.clock = (self.clock + real * self.speed / 1000).min(self.reached);
            self.playing = self.clock < self.end;
        }
    }

    pub const fn clock(&self) -> SimTime {
        self.clock
    }

    /// From the start again when the end is reached.
    pub fn play(&mut self) {
        if self.clock >= self.end {
            self.clock = SimTime::ZERO;
        }
        self.wanted = None;
        self.playing = true;
    }

    pub const fn pause(&mut self) {
        self.wanted = None;
        self.playing = false;
    }

    /// Virtual per real time, in per mille.
    pub const fn set_speed(&mut self, per_mille: u32) {
        self.speed = per_mille;
    }

    /// Stands at a moment up to the end, as soon as the columns have come so far.
    pub fn seek(&mut self, to: SimTime) {
        self.playing = false;
        self.wanted = Some(to.min(self.end));
        self.clock = to.min(self.reached);
    }

    /// To where next, in any column, partitions change hands, a group changes its state, or a process begins or ends.
    pub fn step(&mut self) {
        let turns = self.columns.iter().filter_map(|column| column.next_turn(self.clock));
        let next = turns.min().filter(|at| *at <= self.end).unwrap_or(self.end);
        self.seek(next);
    }

    pub fn view(&mut self) -> ComparisonView {
        view::of(self)
    }

    /// The earliest thing in any column happens first, so that all stand at one time.
    fn run(&mut self) {
        for _ in 0..OCCURRENCES_PER_FRAME {
            let due = self.columns.iter_mut().filter_map(|column| Some((column.next_at()?, column)));
            match due.min_by_key(|(at, _)| *at).filter(|(at, _)| *at <= self.end) {
                Some((at, column)) => {
                    column.step();
                    // What else is due at this time is still to come.
                    self.reached = SimTime::from_micros(at.as_micros().saturating_sub(1)).max(self.reached);
                }
                None => {
                    self.reached = self.end;
                    return;
                }
            }
        }
    }
}

/// The variants that show most about a story, the one to compare with first.
impl Story {
    pub fn variants(self) -> Rc<[Variant]> {
        match self {
            Self::ThirdJoins | Self::OneIsSlow => {
                [Variant::Eager, Variant::Cooperative, Variant::ConsumerProtocol].into()
            }
            Self::OneIsKilled => [Variant::AutoCommit, Variant::FrequentAutoCommit, Variant::NoCommit].into(),
            Self::KilledAtWork => {
                [Variant::AutoCommit, Variant::SyncCommitEach, Variant::SyncCommitFirst].into()
            }
            Self::RollingRestart => [Variant::Eager, Variant::Cooperative, Variant::StaticMembers].into(),
        }
    }
}
