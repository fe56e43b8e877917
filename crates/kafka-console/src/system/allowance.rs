//! How much the programs of a terminal may do before time passes.
//!
//! Work is counted in steps, which fill up again with virtual time. Who has none left waits, so whatever is typed costs
//! the page a bounded amount of work for each second of virtual time. Clients of the cluster do not pay: what they do
//! is bounded by what the cluster does.

use std::time::Duration;

use kafka_core::time::SimTime;

/// Loops of a few ten thousand rounds run as fast as the page can show them.
const MOST: i64 = 50_000;
const PER_SECOND: i64 = 50_000;

/// Who waits goes on with at least so many.
const WORTH_WAKING: i64 = 1000;

/// What is read, written or expanded costs a step for so many bytes.
const BYTES_PER_STEP: usize = 256;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Allowance {
    /// Below zero after a step that did more than was left.
    steps: i64,
    since: SimTime,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { steps: MOST, since: SimTime::ZERO }
    }
}

impl Allowance {
    /// With what has been gained since it was last looked at.
    pub(super) fn at(self, now: SimTime) -> Self {
        let millis = i64::try_from(now.since(self.since).as_millis()).unwrap_or(i64::MAX);
        let gained = millis.saturating_mul(PER_SECOND) / 1000;
        let since = self.since + Duration::from_millis(millis.unsigned_abs());
        Self { steps: self.steps.saturating_add(gained).min(MOST), since }
    }

    pub(super) fn spend(&mut self, steps: u32) {
        self.steps -= i64::from(steps);
    }

    /// How long to wait; `None` while there is something left.
    pub(super) fn wait(self) -> Option<Duration> {
        let missing = u64::try_from(WORTH_WAKING - self.steps).unwrap_or(0);
        (self.steps <= 0).then(|| Duration::from_millis(missing * 1000 / PER_SECOND.unsigned_abs()))
    }
}

pub(super) fn steps_for(bytes: usize) -> u32 {
    u32::try_from(bytes / BYTES_PER_STEP).unwrap_or(u32::MAX)
}
