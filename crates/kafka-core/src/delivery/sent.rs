//! One record from `send()` on: what the application was told of it, and where it is in the log.

use super::producers::ProducerTally;
use crate::record::{Bytes, RecordId};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentRecord {
    pub id: RecordId,
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub outcome: Outcome,
    /// How often it was sent again.
    pub retries: u32,
    /// Where it is in the log of its partition's leader; more than one when it was written again.
    pub offsets: Vec<i64>,
}

/// What the application was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Nothing so far.
    Pending,
    /// It was written at this offset; with `acks=0` merely that it was sent, and no offset.
    Acknowledged { offset: Option<i64> },
    /// It was not delivered.
    Failed { expired: bool },
}

impl SentRecord {
    pub(super) const fn new(id: RecordId, key: Option<Bytes>, value: Option<Bytes>) -> Self {
        Self { id, key, value, outcome: Outcome::Pending, retries: 0, offsets: Vec::new() }
    }

    /// Acknowledged, and not in the log. With `acks=0` it may still be on its way.
    pub fn is_lost(&self) -> bool {
        matches!(self.outcome, Outcome::Acknowledged { .. }) && self.offsets.is_empty()
    }

    pub fn is_duplicated(&self) -> bool {
        self.offsets.len() > 1
    }

    pub const fn has_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }

    /// It did not just go out once, get acknowledged and stay.
    pub(super) fn is_worth_a_look(&self) -> bool {
        self.is_lost() || self.is_duplicated() || self.has_failed() || self.retries > 0
    }

    pub(super) fn counts(&self) -> ProducerTally {
        let written = !self.offsets.is_empty();
        ProducerTally {
            sent: 1,
            acknowledged: u64::from(matches!(self.outcome, Outcome::Acknowledged { .. })),
            failed: u64::from(self.has_failed()),
            expired: u64::from(matches!(self.outcome, Outcome::Failed { expired: true })),
            retried: u64::from(self.retries > 0),
            lost: u64::from(self.is_lost()),
            duplicates: self.offsets.len().saturating_sub(1) as u64,
            failed_and_written: u64::from(self.has_failed() && written),
            discarded: 0,
        }
    }
}
