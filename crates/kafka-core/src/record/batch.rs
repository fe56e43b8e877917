//! Record batches of message format v2: what the header says, and the records.
//!
//! Mirrors `DefaultRecordBatch` and `MemoryRecordsBuilder`. Leaves out: nothing known.

use std::fmt;
use std::rc::Rc;

use super::{BATCH_OVERHEAD, BatchTransaction, Compression, Record, RecordId};

/// Who an idempotent producer is; the epoch counts how often it started its sequence numbers anew.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProducerIdAndEpoch {
    pub producer_id: i64,
    pub epoch: i16,
}

/// What makes a batch of an idempotent producer known again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BatchSequence {
    pub producer: ProducerIdAndEpoch,
    /// Of the first record; those after it count up, and go on from 0 after `i32::MAX`.
    pub base_sequence: i32,
}

/// `DefaultRecordBatch.incrementSequence`
pub const fn increment_sequence(sequence: i32, by: u32) -> i32 {
    let range = i32::MAX as i64 + 1;
    ((sequence as i64 + by as i64) % range) as i32
}

/// Whose clock the timestamps of a batch are from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum TimestampType {
    /// The producer's: every record has its own.
    #[default]
    CreateTime,
    /// The broker's when it appended the batch, in milliseconds since the Unix epoch: one for all its records.
    LogAppendTime(i64),
}

/// As Kafka's tools name it.
impl fmt::Display for TimestampType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CreateTime => "CreateTime",
            Self::LogAppendTime(_) => "LogAppendTime",
        })
    }
}

/// Records that one producer sent together to one partition. `base_offset` is 0 until a leader appends it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RecordBatch {
    pub base_offset: i64,
    pub partition_leader_epoch: i32,
    /// `None` from a producer that is not idempotent, and for what a coordinator writes.
    pub sequence: Option<BatchSequence>,
    /// `None` outside of a transaction.
    pub transaction: Option<BatchTransaction>,
    pub compression: Compression,
    pub timestamp_type: TimestampType,
    /// Not empty before the log cleaner has seen it.
    pub records: Rc<[Record]>,
    /// `None` as long as the records' offsets have no gaps.
    pub cleaned: Option<Rc<Cleaned>>,
    /// Header and records, as they are on disk and on the wire.
    pub size_in_bytes: u32,
}

/// What the log cleaner has made of a batch. Its first and last offset stay what they were.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cleaned {
    /// Of every record that is left, from the base offset.
    pub offset_deltas: Vec<u32>,
    pub last_offset_delta: u32,
    /// Milliseconds since the Unix epoch; of a batch without records, what it was with them.
    pub max_timestamp: i64,
    /// When the tombstones in it may go, in milliseconds since the Unix epoch.
    pub delete_horizon_ms: Option<i64>,
}

impl RecordBatch {
    /// A batch as a producer makes it, not compressed. `records` must not be empty.
    pub fn new(records: Vec<Record>) -> Self {
        Self::compressed(records, Compression::None)
    }

    /// A batch as a producer makes it. `records` must not be empty.
    pub fn compressed(records: impl Into<Rc<[Record]>>, compression: Compression) -> Self {
        let records = records.into();
        assert!(!records.is_empty(), "a producer's batch has at least one record");
        let batch = Self {
            base_offset: 0,
            partition_leader_epoch: -1,
            sequence: None,
            transaction: None,
            compression,
            timestamp_type: TimestampType::CreateTime,
            records,
            cleaned: None,
            size_in_bytes: 0,
        };
        batch.measured()
    }

    /// The same batch with its records in another codec.
    pub(crate) fn recompressed(&self, compression: Compression) -> Self {
        Self { compression, ..self.clone() }.measured()
    }

    /// What is left of the batch after cleaning: these records, by their place in it.
    pub(crate) fn retaining(&self, places: &[usize], delete_horizon_ms: Option<i64>) -> Self {
        let timestamp = |record: &Record| self.timestamp_of(record);
        let kept = places.iter().map(|place| &self.records[*place]);
        let max_timestamp = kept.clone().map(timestamp).max().unwrap_or(self.max_timestamp());
        let records = kept.map(|record| Record { timestamp: timestamp(record), ..record.clone() });
        let cleaned = Cleaned {
            offset_deltas: places.iter().map(|place| self.offset_delta(*place)).collect(),
            last_offset_delta: self.last_offset_delta(),
            max_timestamp,
            delete_horizon_ms,
        };
        Self { records: records.collect(), cleaned: Some(Rc::new(cleaned)), ..self.clone() }.measured()
    }

    /// The sequence number of the last record, from an idempotent producer.
    pub fn last_sequence(&self) -> Option<i32> {
        Some(increment_sequence(self.sequence?.base_sequence, self.last_offset_delta()))
    }

    /// The first record's, of a batch as a producer makes it.
    pub fn first_id(&self) -> RecordId {
        self.records[0].id
    }

    pub fn last_offset(&self) -> i64 {
        self.base_offset + i64::from(self.last_offset_delta())
    }

    /// The offset after the last record that the batch had when it was appended.
    pub fn next_offset(&self) -> i64 {
        self.last_offset() + 1
    }

    pub fn last_offset_delta(&self) -> u32 {
        match &self.cleaned {
            Some(cleaned) => cleaned.last_offset_delta,
            None => self.records.len() as u32 - 1,
        }
    }

    pub fn delete_horizon_ms(&self) -> Option<i64> {
        self.cleaned.as_ref()?.delete_horizon_ms
    }

    /// Every record that is left at or after `offset`, with its offset.
    pub fn records_from(&self, offset: i64) -> impl Iterator<Item = (i64, &Record)> {
        let numbered = (0..).zip(self.records.iter());
        let placed =
            numbered.map(|(place, record)| (self.base_offset + i64::from(self.offset_delta(place)), record));
        placed.filter(move |(at, _)| *at >= offset)
    }

    /// The time of a record of this batch as its readers see it, in milliseconds since the Unix epoch.
    pub fn timestamp_of(&self, record: &Record) -> i64 {
        match self.timestamp_type {
            TimestampType::CreateTime => record.timestamp,
            TimestampType::LogAppendTime(at) => at,
        }
    }

    /// The greatest timestamp among the records.
    pub fn max_timestamp(&self) -> i64 {
        match (self.timestamp_type, &self.cleaned) {
            (TimestampType::LogAppendTime(at), _) => at,
            (TimestampType::CreateTime, Some(cleaned)) => cleaned.max_timestamp,
            (TimestampType::CreateTime, None) => {
                self.records.iter().map(|record| record.timestamp).fold(i64::MIN, i64::max)
            }
        }
    }

    /// What the records' timestamps are counted from; in a batch with a delete horizon, that takes its place.
    pub(super) fn base_timestamp(&self) -> i64 {
        let first = || self.records.first().map(|record| record.timestamp);
        self.delete_horizon_ms().or_else(first).unwrap_or(self.max_timestamp())
    }

    pub(super) fn offset_delta(&self, place: usize) -> u32 {
        self.cleaned.as_ref().map_or(place as u32, |cleaned| cleaned.offset_deltas[place])
    }

    fn measured(self) -> Self {
        let records = match self.compression {
            _ if self.records.is_empty() => 0,
            Compression::None => self.uncompressed_size(),
            Compression::Gzip { .. } | Compression::Snappy | Compression::Lz4 | Compression::Zstd => {
                self.encode_records().len() as u32
            }
        };
        Self { size_in_bytes: BATCH_OVERHEAD + records, ..self }
    }

    fn uncompressed_size(&self) -> u32 {
        let base_timestamp = self.base_timestamp();
        let size = |(place, record): (usize, &Record)| {
            record.size_in_bytes(self.offset_delta(place), record.timestamp - base_timestamp)
        };
        self.records.iter().enumerate().map(size).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Bytes, RecordId};

    fn record(timestamp: i64, value: usize) -> Record {
        let value = Some(Bytes::from(vec![b'x'; value]));
        Record { id: RecordId(0), timestamp, key: None, value, headers: Rc::from([]) }
    }

    #[test]
    fn sequence_numbers_go_on_from_0() {
        assert_eq!(increment_sequence(5, 3), 8);
        assert_eq!(increment_sequence(i32::MAX, 1), 0);
        assert_eq!(increment_sequence(i32::MAX - 1, 3), 1);
    }

    #[test]
    fn a_full_batch_has_the_size_seen_in_real_segments() {
        for (value, count, size) in [(100, 148, 16277), (1000, 16, 16205), (10, 910, 16377)] {
            let batch = RecordBatch::new(vec![record(0, value); count]);
            assert_eq!(batch.size_in_bytes, size);
        }
    }

    #[test]
    fn a_cleaned_batch_keeps_its_ends() {
        let records = (0..5).map(|at| record(100 + at, 10)).collect();
        let producer = ProducerIdAndEpoch { producer_id: 1, epoch: 0 };
        let sequence = Some(BatchSequence { producer, base_sequence: 40 });
        let batch = RecordBatch { base_offset: 20, sequence, ..RecordBatch::new(records) };
        let cleaned = batch.retaining(&[1, 3], None);
        let offsets: Vec<_> = cleaned.records_from(0).map(|(offset, _)| offset).collect();
        assert_eq!(offsets, [21, 23]);
        assert_eq!(
            (cleaned.next_offset(), cleaned.last_sequence(), cleaned.max_timestamp()),
            (25, Some(44), 103)
        );
        let empty = cleaned.retaining(&[], None);
        assert_eq!((empty.size_in_bytes, empty.next_offset(), empty.max_timestamp()), (61, 25, 103));
        let again = cleaned.retaining(&[1], Some(9_000));
        assert_eq!(again.records_from(22).map(|(offset, _)| offset).collect::<Vec<_>>(), [23]);
    }
}
