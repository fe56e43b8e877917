//! Records, with the exact sizes that message format v2 gives them.
//!
//! Mirrors `DefaultRecord`. Batches and their bytes are in the modules below. Leaves out: the formats before v2.

mod batch;
mod checksum;
mod codec;
mod compression;
mod transaction;

use std::rc::Rc;

pub use batch::{BatchSequence, Cleaned, ProducerIdAndEpoch, RecordBatch, TimestampType, increment_sequence};
pub use codec::{DecodeError, decode};
pub use compression::{Compression, CorruptData};
pub use transaction::{BatchTransaction, EndTransactionMarker, TransactionResult};

use crate::protocol::ClientId;

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

impl RecordId {
    /// A client's record by number, which is below 2 to the power of 40.
    pub(crate) const fn new(client: ClientId, number: u64) -> Self {
        Self((client.0 as u64) << 40 | number)
    }

    /// Who sent it.
    pub const fn client(self) -> ClientId {
        ClientId((self.0 >> 40) as u32)
    }
}

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
        let body = self.body_size(offset_delta, timestamp_delta);
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

    /// Everything behind the size that a record begins with.
    fn body_size(&self, offset_delta: u32, timestamp_delta: i64) -> u32 {
        1 + varint_size(timestamp_delta)
            + varint_size(i64::from(offset_delta))
            + nullable_size(self.key.as_deref())
            + nullable_size(self.value.as_deref())
            + headers_size(&self.headers)
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
}
