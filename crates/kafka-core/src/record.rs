//! Records and record batches, with the exact sizes of message format v2.
//!
//! Mirrors `DefaultRecord`, `DefaultRecordBatch` and `EndTransactionMarker`. Leaves out: compression, the CRC; the bytes
//! themselves are never built, only counted.

use std::rc::Rc;

/// A key, value or header value; cheap to clone.
pub type Bytes = Rc<[u8]>;

/// Size of everything in a batch before its records (`RECORD_BATCH_OVERHEAD`).
pub const BATCH_OVERHEAD: u32 = 61;

/// The most bytes a record's own fields take besides key, value and headers (`MAX_RECORD_OVERHEAD`).
const MAX_RECORD_OVERHEAD: u32 = 21;

/// Follows one record through the whole model, from the call to `send` to every consumer.
/// Not a part of Kafka: the page and the tests trace a record by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct RecordId(pub u64);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Header {
    pub key: Rc<str>,
    pub value: Option<Bytes>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Record {
    pub id: RecordId,
    /// Milliseconds since the Unix epoch.
    pub timestamp: i64,
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub headers: Rc<[Header]>,
}

impl Record {
    /// Bytes of this record inside a batch (`DefaultRecord.sizeInBytes`).
    pub fn size_in_bytes(&self, offset_delta: u32, timestamp_delta: i64) -> u32 {
        let body = 1
            + varint_size(timestamp_delta)
            + varint_size(i64::from(offset_delta))
            + nullable_size(self.key.as_deref())
            + nullable_size(self.value.as_deref())
            + headers_size(&self.headers);
        varint_size(i64::from(body)) + body
    }

    /// What `max.request.size` and `buffer.memory` are compared with before a record is accepted
    /// (`AbstractRecords.estimateSizeInBytesUpperBound`): a batch with this record alone.
    pub fn size_upper_bound(&self) -> u32 {
        BATCH_OVERHEAD
            + MAX_RECORD_OVERHEAD
            + nullable_size(self.key.as_deref())
            + nullable_size(self.value.as_deref())
            + headers_size(&self.headers)
    }
}

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

/// How a transaction ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TransactionResult {
    Commit,
    Abort,
}

/// The one record of a control batch: the transaction of its producer has ended in this partition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EndTransactionMarker {
    pub result: TransactionResult,
    /// The leader epoch of the coordinator's partition of `__transaction_state`.
    pub coordinator_epoch: i32,
}

/// The part that a batch plays in its producer's transaction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BatchTransaction {
    pub producer: ProducerIdAndEpoch,
    /// `None` for a batch of data.
    pub marker: Option<EndTransactionMarker>,
}

/// `DefaultRecordBatch.incrementSequence`
pub const fn increment_sequence(sequence: i32, by: u32) -> i32 {
    let range = i32::MAX as i64 + 1;
    ((sequence as i64 + by as i64) % range) as i32
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
    /// Never empty.
    pub records: Rc<[Record]>,
    pub size_in_bytes: u32,
}

impl RecordBatch {
    /// A batch as a producer sends it. `records` must not be empty.
    pub fn new(records: Vec<Record>) -> Self {
        let base_timestamp = records.first().expect("a batch has at least one record").timestamp;
        let mut size_in_bytes = BATCH_OVERHEAD;
        for (offset_delta, record) in (0..).zip(&records) {
            size_in_bytes += record.size_in_bytes(offset_delta, record.timestamp - base_timestamp);
        }
        Self {
            base_offset: 0,
            partition_leader_epoch: -1,
            sequence: None,
            transaction: None,
            records: records.into(),
            size_in_bytes,
        }
    }

    /// A control batch, as a transaction coordinator has it written; `timestamp` in milliseconds since the Unix epoch.
    pub fn marker(producer: ProducerIdAndEpoch, marker: EndTransactionMarker, timestamp: i64) -> Self {
        let kind: i16 = match marker.result {
            TransactionResult::Abort => 0,
            TransactionResult::Commit => 1,
        };
        let version = 0_i16.to_be_bytes();
        let record = Record {
            id: RecordId::default(),
            timestamp,
            key: Some([version, kind.to_be_bytes()].concat().into()),
            value: Some([&version[..], &marker.coordinator_epoch.to_be_bytes()].concat().into()),
            headers: Rc::from([]),
        };
        let transaction = Some(BatchTransaction { producer, marker: Some(marker) });
        Self { transaction, ..Self::new(vec![record]) }
    }

    /// The marker that a control batch is.
    pub fn end_marker(&self) -> Option<EndTransactionMarker> {
        self.transaction?.marker
    }

    /// The sequence number of the last record, from an idempotent producer.
    pub fn last_sequence(&self) -> Option<i32> {
        Some(increment_sequence(self.sequence?.base_sequence, self.records.len() as u32 - 1))
    }

    pub fn last_offset(&self) -> i64 {
        self.next_offset() - 1
    }

    /// The offset after the last record of the batch.
    pub fn next_offset(&self) -> i64 {
        self.base_offset + self.records.len() as i64
    }

    pub fn records_from(&self, offset: i64) -> impl Iterator<Item = (i64, &Record)> {
        (self.base_offset..).zip(self.records.iter()).filter(move |(at, _)| *at >= offset)
    }
}

fn nullable_size(bytes: Option<&[u8]>) -> u32 {
    bytes.map_or(varint_size(-1), |bytes| varint_size(bytes.len() as i64) + bytes.len() as u32)
}

fn headers_size(headers: &[Header]) -> u32 {
    let entries: u32 = headers
        .iter()
        .map(|header| nullable_size(Some(header.key.as_bytes())) + nullable_size(header.value.as_deref()))
        .sum();
    varint_size(headers.len() as i64) + entries
}

/// Bytes of a zig-zag variable-length integer (`ByteUtils.sizeOfVarint`, `sizeOfVarlong`).
fn varint_size(value: i64) -> u32 {
    let zigzag = ((value << 1) ^ (value >> 63)).cast_unsigned();
    (64 - zigzag.leading_zeros()).div_ceil(7).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: Option<usize>, value: Option<usize>, headers: &[(&str, Option<&str>)]) -> Record {
        let bytes = |length: usize| Bytes::from(vec![b'x'; length]);
        let header = |(key, value): &(&str, Option<&str>)| Header {
            key: Rc::from(*key),
            value: value.map(|value| Bytes::from(value.as_bytes())),
        };
        Record {
            id: RecordId(0),
            timestamp: 0,
            key: key.map(bytes),
            value: value.map(bytes),
            headers: headers.iter().map(header).collect(),
        }
    }

    #[test]
    fn sizes_equal_those_of_the_real_classes() {
        // offset delta, timestamp delta, key, value, headers -> record bytes, upper bound
        type Row<'a> = (u32, i64, Option<usize>, Option<usize>, &'a [(&'a str, Option<&'a str>)], u32, u32);
        let rows: &[Row] = &[
            (0, 0, None, Some(5), &[], 12, 90),
            (0, 0, Some(2), Some(2), &[], 11, 89),
            (64, 64, Some(2), Some(2), &[], 13, 89),
            (0, 0, None, None, &[], 7, 85),
            (0, 0, None, Some(63), &[], 71, 148),
            (0, 0, None, Some(64), &[], 73, 150),
            (0, 0, None, Some(100), &[], 109, 186),
            (147, 10, None, Some(100), &[], 110, 186),
            (0, 0, None, Some(1000), &[], 1009, 1086),
            (0, 0, None, Some(8191), &[], 8201, 8277),
            (0, 0, None, Some(8192), &[], 8203, 8279),
            (0, 0, Some(2), Some(2), &[("h1", Some("a"))], 16, 94),
            (0, 0, Some(2), Some(2), &[("h1", Some("a")), ("h2", None)], 20, 98),
        ];
        for (offset_delta, timestamp_delta, key, value, headers, size, bound) in rows {
            let record = record(*key, *value, headers);
            assert_eq!(record.size_in_bytes(*offset_delta, *timestamp_delta), *size, "{record:?}");
            assert_eq!(record.size_upper_bound(), *bound, "{record:?}");
        }
    }

    #[test]
    fn sequence_numbers_go_on_from_0() {
        assert_eq!(increment_sequence(5, 3), 8);
        assert_eq!(increment_sequence(i32::MAX, 1), 0);
        assert_eq!(increment_sequence(i32::MAX - 1, 3), 1);
    }

    #[test]
    fn a_marker_takes_78_bytes() {
        let producer = ProducerIdAndEpoch { producer_id: 7, epoch: 1 };
        let marker = EndTransactionMarker { result: TransactionResult::Commit, coordinator_epoch: 0 };
        let batch = RecordBatch::marker(producer, marker, 0);
        assert_eq!((batch.size_in_bytes, batch.records.len()), (78, 1));
    }

    #[test]
    fn a_full_batch_has_the_size_seen_in_real_segments() {
        for (value, count, size) in [(100, 148, 16277), (1000, 16, 16205), (10, 910, 16377)] {
            let batch = RecordBatch::new(vec![record(None, Some(value), &[]); count]);
            assert_eq!(batch.size_in_bytes, size);
        }
    }
}
