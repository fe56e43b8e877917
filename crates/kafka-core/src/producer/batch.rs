//! Records of one partition that are sent together.
//!
//! Mirrors `ProducerBatch`. Leaves out: compression estimates, splitting.

use crate::record::{BATCH_OVERHEAD, BatchSequence, Record, RecordBatch, RecordId, increment_sequence};
use crate::time::SimTime;

/// A batch that is filling, waits to be sent, or has been sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProducerBatch {
    records: Vec<Record>,
    size_in_bytes: u32,
    /// The most bytes it may hold: `batch.size`, or the one record that is larger.
    limit: u32,
    created: SimTime,
    closed: bool,
    pub(super) retry: Option<Retry>,
    /// Given to a batch of an idempotent producer when it is first sent, and kept.
    pub(super) sequence: Option<BatchSequence>,
    /// The sequence number was given anew, with a new epoch.
    pub(super) sequence_was_reset: bool,
}

/// A batch that has to be sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Retry {
    /// How often it has been sent.
    pub(super) attempts: u32,
    /// Not before this time, unless the partition has another leader epoch than the one that failed.
    pub(super) not_before: SimTime,
    pub(super) leader_epoch: Option<i32>,
}

impl ProducerBatch {
    pub(super) const fn new(limit: u32, created: SimTime) -> Self {
        Self {
            records: Vec::new(),
            size_in_bytes: BATCH_OVERHEAD,
            limit,
            created,
            closed: false,
            retry: None,
            sequence: None,
            sequence_was_reset: false,
        }
    }

    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// A batch that was sent, or will be, has at least one record.
    pub(super) fn first_id(&self) -> RecordId {
        self.records[0].id
    }

    pub const fn size_in_bytes(&self) -> u32 {
        self.size_in_bytes
    }

    pub const fn limit(&self) -> u32 {
        self.limit
    }

    pub const fn created(&self) -> SimTime {
        self.created
    }

    /// How often it has been sent and came to nothing.
    pub fn attempts(&self) -> u32 {
        self.retry.map_or(0, |retry| retry.attempts)
    }

    pub(super) fn base_sequence(&self) -> Option<i32> {
        self.sequence.map(|sequence| sequence.base_sequence)
    }

    pub(super) fn last_sequence(&self) -> Option<i32> {
        Some(increment_sequence(self.base_sequence()?, self.records.len() as u32 - 1))
    }

    /// The batch as it travels. Nothing can be added to it any more.
    pub(super) fn seal(&mut self) -> RecordBatch {
        self.closed = true;
        RecordBatch { sequence: self.sequence, ..RecordBatch::new(self.records.clone()) }
    }

    pub(super) fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// Appends unless the batch has no room; a first record always fits.
    pub(super) fn try_append(&mut self, record: Record) -> Result<u32, Record> {
        if self.closed {
            return Err(record);
        }
        let base_timestamp = self.records.first().map_or(record.timestamp, |first| first.timestamp);
        let delta = self.records.len() as u32;
        let bytes = record.size_in_bytes(delta, record.timestamp - base_timestamp);
        if !self.records.is_empty() && self.size_in_bytes + bytes > self.limit {
            self.closed = true;
            return Err(record);
        }
        self.size_in_bytes += bytes;
        self.records.push(record);
        Ok(if delta == 0 { BATCH_OVERHEAD + bytes } else { bytes })
    }

    /// Nothing can be added to it any more.
    pub const fn is_full(&self) -> bool {
        self.closed || self.size_in_bytes >= self.limit
    }
}
