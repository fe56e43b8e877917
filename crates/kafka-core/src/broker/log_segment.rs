//! One file of a log, with its two indexes.
//!
//! Mirrors `LogSegment`, `OffsetIndex` and `TimeIndex`. Leaves out: the files themselves, which are written out when
//! somebody looks at them, and preallocation.

use std::rc::Rc;

use crate::config::LogConfig;
use crate::record::RecordBatch;

const OFFSET_INDEX_ENTRY: u64 = 8;
const TIME_INDEX_ENTRY: u64 = 12;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogSegment {
    base_offset: i64,
    size_in_bytes: u64,
    /// In offset order.
    batches: Vec<Rc<RecordBatch>>,
    offset_index: Vec<OffsetPosition>,
    time_index: Vec<TimestampOffset>,
    bytes_since_last_index_entry: u64,
    max_timestamp: Option<TimestampOffset>,
    /// The greatest timestamp of what was appended first.
    rolling_based_timestamp: Option<i64>,
    /// Milliseconds since the Unix epoch, as is `last_modified`.
    created: i64,
    last_modified: i64,
}

/// An entry of the `.index` file: where in the `.log` file a batch begins, by its last offset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OffsetPosition {
    pub offset: i64,
    /// In bytes.
    pub position: u64,
}

/// An entry of the `.timeindex` file: the greatest timestamp up to an offset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimestampOffset {
    /// Milliseconds since the Unix epoch.
    pub timestamp: i64,
    pub offset: i64,
}

/// What is about to be appended, as far as rolling depends on it.
#[derive(Clone, Copy)]
pub(super) struct Incoming {
    pub(super) size_in_bytes: u64,
    pub(super) max_timestamp: i64,
    pub(super) last_offset: i64,
}

impl LogSegment {
    pub(super) const fn new(base_offset: i64, created: i64) -> Self {
        Self {
            base_offset,
            size_in_bytes: 0,
            batches: Vec::new(),
            offset_index: Vec::new(),
            time_index: Vec::new(),
            bytes_since_last_index_entry: 0,
            max_timestamp: None,
            rolling_based_timestamp: None,
            created,
            last_modified: created,
        }
    }

    /// The first offset that it may hold, which names its files.
    pub const fn base_offset(&self) -> i64 {
        self.base_offset
    }

    pub const fn size_in_bytes(&self) -> u64 {
        self.size_in_bytes
    }

    pub fn batches(&self) -> &[Rc<RecordBatch>] {
        &self.batches
    }

    /// Sparse: an entry about every `index.interval.bytes`.
    pub fn offset_index(&self) -> &[OffsetPosition] {
        &self.offset_index
    }

    pub fn time_index(&self) -> &[TimestampOffset] {
        &self.time_index
    }

    /// The batch that holds an offset, and those after it.
    pub(super) fn batches_from(&self, offset: i64) -> &[Rc<RecordBatch>] {
        &self.batches[self.batches.partition_point(|batch| batch.last_offset() < offset)..]
    }

    /// `largestTimestamp`: of the records, or when a segment without any was written.
    pub(super) fn largest_timestamp(&self) -> i64 {
        self.max_timestamp.map_or(self.last_modified, |max| max.timestamp)
    }

    pub(super) fn first_batch_timestamp(&self) -> Option<i64> {
        self.rolling_based_timestamp
    }

    pub(super) const fn last_modified(&self) -> i64 {
        self.last_modified
    }

    pub(super) fn set_last_modified(&mut self, at: i64) {
        self.last_modified = at;
    }

    /// Time counts by the records' timestamps, so that a log to which nobody writes does not roll
    /// (`LogSegment.shouldRoll`).
    pub(super) fn should_roll(&self, incoming: Incoming, config: &LogConfig, now: i64) -> bool {
        let waited = match self.rolling_based_timestamp {
            Some(first) if first >= 0 => incoming.max_timestamp.saturating_sub(first),
            Some(_) | None => now - self.created,
        };
        let capacity = |entry| config.segment_index_bytes / entry;
        let index_is_full = self.offset_index.len() as u64 >= capacity(OFFSET_INDEX_ENTRY)
            || self.time_index.len() as u64 + 1 >= capacity(TIME_INDEX_ENTRY);
        self.size_in_bytes + incoming.size_in_bytes > config.segment_bytes
            || (self.size_in_bytes > 0 && waited > config.segment_ms)
            || index_is_full
            || incoming.last_offset - self.base_offset > i64::from(i32::MAX)
    }

    /// Offsets must grow.
    pub(super) fn append(&mut self, batch: Rc<RecordBatch>, index_interval_bytes: u64, now: i64) {
        let size = u64::from(batch.size_in_bytes);
        let max = TimestampOffset { timestamp: batch.max_timestamp(), offset: batch.last_offset() };
        self.rolling_based_timestamp.get_or_insert(max.timestamp);
        if self.max_timestamp.is_none_or(|known| known.timestamp < max.timestamp) {
            self.max_timestamp = Some(max);
        }
        if self.bytes_since_last_index_entry > index_interval_bytes {
            let position = self.size_in_bytes;
            self.offset_index.push(OffsetPosition { offset: batch.last_offset(), position });
            self.index_time();
            self.bytes_since_last_index_entry = 0;
        }
        self.bytes_since_last_index_entry += size;
        self.size_in_bytes += size;
        self.last_modified = now;
        self.batches.push(batch);
    }

    /// Nothing is appended any more: the time index gets its last entry.
    pub(super) fn on_become_inactive(&mut self) {
        self.index_time();
    }

    /// Drops the batches from the first one on that reaches `offset`, and indexes the others anew.
    pub(super) fn truncate_to(&mut self, offset: i64, index_interval_bytes: u64) {
        let mut kept = Self::new(self.base_offset, self.created);
        let staying = self.batches.iter().take_while(|batch| batch.next_offset() <= offset);
        for batch in staying {
            kept.append(Rc::clone(batch), index_interval_bytes, self.last_modified);
        }
        *self = kept;
    }

    /// `TimeIndex.maybeAppend`
    fn index_time(&mut self) {
        let known = self.time_index.last().map_or(-1, |last| last.timestamp);
        self.time_index.extend(self.max_timestamp.filter(|max| max.timestamp > known));
    }
}
