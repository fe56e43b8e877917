//! The bytes of a batch: as they stand in a segment file and travel in requests.
//!
//! Mirrors `DefaultRecordBatch.writeHeader`, `DefaultRecord.writeTo` and `readFrom`. A record's id is not a part of the
//! bytes, nor is the level that a batch was compressed with.

use std::fmt;
use std::rc::Rc;

use super::batch::{BatchSequence, Cleaned, ProducerIdAndEpoch};
use super::checksum::crc32c;
use super::{
    BATCH_OVERHEAD, BatchTransaction, Bytes, Compression, CorruptData, EndTransactionMarker, Header, Record,
    RecordBatch, RecordId, TimestampType,
};

const MAGIC: i8 = 2;
/// Base offset, length, leader epoch, magic, checksum: what the checksum does not cover.
const BEFORE_ATTRIBUTES: usize = 21;
/// Base offset and length: what the length does not count.
const LOG_OVERHEAD: u32 = 12;

const COMPRESSION_CODEC_MASK: i16 = 0x07;
const TIMESTAMP_TYPE_MASK: i16 = 0x08;
const TRANSACTIONAL_FLAG_MASK: i16 = 0x10;
const CONTROL_FLAG_MASK: i16 = 0x20;
const DELETE_HORIZON_FLAG_MASK: i16 = 0x40;

/// Bytes that are no batch of format v2. `Display` says what is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DecodeError {
    /// The bytes end within the batch.
    Truncated,
    UnsupportedMagic(i8),
    /// `CorruptRecordException`
    ChecksumMismatch {
        stored: u32,
        computed: u32,
    },
    UnknownCompression(u8),
    Data(CorruptData),
    InvalidRecord(&'static str),
}

impl RecordBatch {
    /// The batch's bytes; there are `size_in_bytes` of them.
    pub fn encode(&self) -> Vec<u8> {
        let records = if self.records.is_empty() { Vec::new() } else { self.encode_records() };
        let nobody = ProducerIdAndEpoch { producer_id: -1, epoch: -1 };
        let producer = self.transaction.map_or(nobody, |transaction| transaction.producer);
        let sequence = self.sequence.unwrap_or(BatchSequence { producer, base_sequence: -1 });
        let length = BATCH_OVERHEAD - LOG_OVERHEAD + records.len() as u32;
        let mut out = Vec::with_capacity(self.size_in_bytes as usize);
        out.extend(self.base_offset.to_be_bytes());
        out.extend(length.to_be_bytes());
        out.extend(self.partition_leader_epoch.to_be_bytes());
        out.extend(MAGIC.to_be_bytes());
        out.extend([0; 4]);
        out.extend(self.attributes().to_be_bytes());
        out.extend(self.last_offset_delta().to_be_bytes());
        out.extend(self.base_timestamp().to_be_bytes());
        out.extend(self.max_timestamp().to_be_bytes());
        out.extend(sequence.producer.producer_id.to_be_bytes());
        out.extend(sequence.producer.epoch.to_be_bytes());
        out.extend(sequence.base_sequence.to_be_bytes());
        out.extend((self.records.len() as u32).to_be_bytes());
        out.extend(records);
        let checksum = crc32c(&out[BEFORE_ATTRIBUTES..]);
        out[BEFORE_ATTRIBUTES - 4..BEFORE_ATTRIBUTES].copy_from_slice(&checksum.to_be_bytes());
        out
    }

    /// CRC-32C of everything from the attributes on.
    pub fn checksum(&self) -> u32 {
        crc32c(&self.encode()[BEFORE_ATTRIBUTES..])
    }

    /// The records after the header, compressed.
    pub(super) fn encode_records(&self) -> Vec<u8> {
        let base_timestamp = self.base_timestamp();
        let mut out = Vec::new();
        for (place, record) in self.records.iter().enumerate() {
            record.encode(self.offset_delta(place), record.timestamp - base_timestamp, &mut out);
        }
        match self.compression {
            Compression::None => out,
            codec @ (Compression::Gzip { .. }
            | Compression::Snappy
            | Compression::Lz4
            | Compression::Zstd) => codec.compress(&out),
        }
    }

    fn attributes(&self) -> i16 {
        let timestamp_type = match self.timestamp_type {
            TimestampType::CreateTime => 0,
            TimestampType::LogAppendTime(_) => TIMESTAMP_TYPE_MASK,
        };
        let horizon = if self.delete_horizon_ms().is_some() { DELETE_HORIZON_FLAG_MASK } else { 0 };
        // An empty batch says nothing of a codec (`DefaultRecordBatch.writeEmptyHeader`).
        let codec = if self.records.is_empty() { 0 } else { i16::from(self.compression.id()) };
        let transactional = if self.transaction.is_some() { TRANSACTIONAL_FLAG_MASK } else { 0 };
        let control = if self.end_marker().is_some() { CONTROL_FLAG_MASK } else { 0 };
        codec | timestamp_type | horizon | transactional | control
    }
}

impl Record {
    fn encode(&self, offset_delta: u32, timestamp_delta: i64, out: &mut Vec<u8>) {
        write_varint(i64::from(self.body_size(offset_delta, timestamp_delta)), out);
        out.push(0);
        write_varint(timestamp_delta, out);
        write_varint(i64::from(offset_delta), out);
        write_nullable(self.key.as_deref(), out);
        write_nullable(self.value.as_deref(), out);
        write_varint(self.headers.len() as i64, out);
        for header in self.headers.iter() {
            write_nullable(Some(header.key.as_bytes()), out);
            write_nullable(header.value.as_deref(), out);
        }
    }
}

/// Reads the first batch, and how many bytes it takes.
///
/// # Errors
/// The bytes are no batch of format v2, or were damaged.
pub fn decode(bytes: &[u8]) -> Result<(RecordBatch, u32), DecodeError> {
    let mut header = Reader(bytes);
    let base_offset = i64::from_be_bytes(header.array()?);
    let length = u32::from_be_bytes(header.array()?);
    let size = length.checked_add(LOG_OVERHEAD).ok_or(DecodeError::Truncated)?;
    let mut reader = Reader(header.take(length as usize)?);
    let partition_leader_epoch = i32::from_be_bytes(reader.array()?);
    let magic = i8::from_be_bytes(reader.array()?);
    if magic != MAGIC {
        return Err(DecodeError::UnsupportedMagic(magic));
    }
    let stored = u32::from_be_bytes(reader.array()?);
    let computed = crc32c(reader.0);
    if stored != computed {
        return Err(DecodeError::ChecksumMismatch { stored, computed });
    }
    let attributes = i16::from_be_bytes(reader.array()?);
    let codec = (attributes & COMPRESSION_CODEC_MASK) as u8;
    let compression = Compression::of_id(codec).ok_or(DecodeError::UnknownCompression(codec))?;
    let last_offset_delta = u32::from_be_bytes(reader.array()?);
    let base_timestamp = i64::from_be_bytes(reader.array()?);
    let max_timestamp = i64::from_be_bytes(reader.array()?);
    let producer_id = i64::from_be_bytes(reader.array()?);
    let epoch = i16::from_be_bytes(reader.array()?);
    let base_sequence = i32::from_be_bytes(reader.array()?);
    let count = u32::from_be_bytes(reader.array()?);
    let content =
        if count == 0 { Vec::new() } else { compression.decompress(reader.0).map_err(DecodeError::Data)? };
    let mut content = Reader(&content);
    let mut records = Vec::new();
    let mut offset_deltas = Vec::new();
    for _ in 0..count {
        let (offset_delta, record) = content.record(base_timestamp)?;
        offset_deltas.push(offset_delta);
        records.push(record);
    }
    let horizon = attributes & DELETE_HORIZON_FLAG_MASK != 0;
    let whole = offset_deltas.iter().copied().eq(0..=last_offset_delta) && !horizon;
    let cleaned = Cleaned {
        offset_deltas,
        last_offset_delta,
        max_timestamp,
        delete_horizon_ms: horizon.then_some(base_timestamp),
    };
    let append_time = attributes & TIMESTAMP_TYPE_MASK != 0;
    let producer = ProducerIdAndEpoch { producer_id, epoch };
    let control = records.first().filter(|_| attributes & CONTROL_FLAG_MASK != 0);
    let marker = control.and_then(EndTransactionMarker::decode);
    let batch = RecordBatch {
        base_offset,
        partition_leader_epoch,
        sequence: (base_sequence >= 0).then_some(BatchSequence { producer, base_sequence }),
        transaction: (attributes & TRANSACTIONAL_FLAG_MASK != 0)
            .then_some(BatchTransaction { producer, marker }),
        compression,
        timestamp_type: if append_time {
            TimestampType::LogAppendTime(max_timestamp)
        } else {
            TimestampType::CreateTime
        },
        records: records.into(),
        cleaned: (!whole).then(|| Rc::new(cleaned)),
        size_in_bytes: size,
    };
    Ok((batch, size))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        self.0.split_off(..count).ok_or(DecodeError::Truncated)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (array, rest) = self.0.split_first_chunk().ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(*array)
    }

    fn varint(&mut self) -> Result<i64, DecodeError> {
        let mut zigzag = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            zigzag |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed());
            }
        }
        Err(DecodeError::InvalidRecord("a variable-length integer has no end"))
    }

    fn nullable(&mut self) -> Result<Option<&'a [u8]>, DecodeError> {
        match usize::try_from(self.varint()?) {
            Ok(length) => self.take(length).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn record(&mut self, base_timestamp: i64) -> Result<(u32, Record), DecodeError> {
        let size = usize::try_from(self.varint()?)
            .map_err(|_| DecodeError::InvalidRecord("a record's size is negative"))?;
        let mut body = Self(self.take(size)?);
        let [_attributes] = body.array()?;
        let timestamp = base_timestamp.wrapping_add(body.varint()?);
        let offset_delta = u32::try_from(body.varint()?)
            .map_err(|_| DecodeError::InvalidRecord("an offset lies before its batch"))?;
        let key = body.nullable()?.map(Bytes::from);
        let value = body.nullable()?.map(Bytes::from);
        let mut headers = Vec::new();
        for _ in 0..body.varint()? {
            let key = body.nullable()?.and_then(|key| std::str::from_utf8(key).ok());
            let key = key.ok_or(DecodeError::InvalidRecord("a header has no key"))?;
            headers.push(Header { key: key.into(), value: body.nullable()?.map(Bytes::from) });
        }
        if !body.0.is_empty() {
            return Err(DecodeError::InvalidRecord("a record is shorter than its size says"));
        }
        let headers = headers.into();
        Ok((offset_delta, Record { id: RecordId::default(), timestamp, key, value, headers }))
    }
}

impl std::error::Error for DecodeError {}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the bytes end within a batch"),
            Self::UnsupportedMagic(magic) => write!(f, "magic {magic} is not that of message format v2"),
            Self::ChecksumMismatch { stored, computed } => {
                write!(f, "Record is corrupt (stored crc = {stored}, computed crc = {computed})")
            }
            Self::UnknownCompression(id) => write!(f, "Unknown compression type id: {id}"),
            Self::Data(error) => error.fmt(f),
            Self::InvalidRecord(reason) => f.write_str(reason),
        }
    }
}

fn write_nullable(bytes: Option<&[u8]>, out: &mut Vec<u8>) {
    write_varint(bytes.map_or(-1, |bytes| bytes.len() as i64), out);
    out.extend(bytes.unwrap_or_default());
}

fn write_varint(value: i64, out: &mut Vec<u8>) {
    let mut zigzag = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while zigzag > 0x7f {
        out.push(zigzag as u8 | 0x80);
        zigzag >>= 7;
    }
    out.push(zigzag as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As a producer with no identity would send it, by `DefaultRecordBatch` of Kafka 4.2's layout table.
    #[test]
    fn a_batch_has_the_bytes_of_the_format() {
        let record = Record {
            id: RecordId(7),
            timestamp: 0x0102,
            key: Some(Bytes::from(*b"k")),
            value: None,
            headers: Rc::from([Header { key: "h".into(), value: Some(Bytes::from(*b"v")) }]),
        };
        let batch =
            RecordBatch { base_offset: 5, partition_leader_epoch: 3, ..RecordBatch::new(vec![record]) };
        let bytes = batch.encode();
        let (before, rest) = bytes.split_at(17);
        assert_eq!(before, [0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 61, 0, 0, 0, 3, 2]);
        let (crc, rest) = rest.split_at(4);
        assert_eq!(crc, batch.checksum().to_be_bytes());
        let none = [0xff; 14];
        let header =
            [&[0; 6][..], &[0, 0, 0, 0, 0, 0, 1, 2], &[0, 0, 0, 0, 0, 0, 1, 2], &none, &[0, 0, 0, 1]];
        let (fields, records) = rest.split_at(40);
        assert_eq!(fields, header.concat());
        assert_eq!(records, [22, 0, 0, 0, 2, b'k', 1, 2, 2, b'h', 2, b'v']);
        assert_eq!(bytes.len(), batch.size_in_bytes as usize);
    }

    fn bytes() -> impl Strategy<Value = Option<Bytes>> {
        let short = proptest::collection::vec(0..4_u8, 0..90);
        proptest::option::of(short.prop_map(Bytes::from))
    }

    fn record() -> impl Strategy<Value = Record> {
        let header =
            ("[a-z]{0,3}", bytes()).prop_map(|(key, value)| Header { key: key.as_str().into(), value });
        (any::<u32>(), bytes(), bytes(), proptest::collection::vec(header, 0..3)).prop_map(
            |(timestamp, key, value, headers)| Record {
                id: RecordId::default(),
                timestamp: i64::from(timestamp),
                key,
                value,
                headers: headers.into(),
            },
        )
    }

    fn batch() -> impl Strategy<Value = RecordBatch> {
        let producer = (0..9_i64, 0..9_i16, 0..i32::MAX).prop_map(|(producer_id, epoch, base_sequence)| {
            BatchSequence { producer: ProducerIdAndEpoch { producer_id, epoch }, base_sequence }
        });
        let timestamp_type = prop_oneof![
            Just(TimestampType::CreateTime),
            (0..i64::from(u32::MAX)).prop_map(TimestampType::LogAppendTime)
        ];
        let codec = (0..5_u8).prop_map(|id| Compression::of_id(id).expect("there are five"));
        let records = proptest::collection::vec(record(), 1..40);
        let kept = proptest::option::of(proptest::collection::vec(any::<bool>(), 40));
        let horizon = proptest::option::of(0..i64::from(u32::MAX));
        let facts = (0..i64::MAX / 2, 0..100_i32, proptest::option::of(producer), timestamp_type, horizon);
        (records, codec, kept, facts).prop_map(|(records, codec, kept, facts)| {
            let (base_offset, partition_leader_epoch, sequence, timestamp_type, horizon) = facts;
            let batch = RecordBatch {
                base_offset,
                partition_leader_epoch,
                sequence,
                timestamp_type,
                ..RecordBatch::compressed(records, codec)
            };
            let Some(kept) = kept else { return batch };
            let places: Vec<_> = (0..batch.records.len()).filter(|place| kept[*place]).collect();
            let horizon = horizon.filter(|_| !places.is_empty());
            batch.retaining(&places, horizon)
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(batch in batch()) {
            let bytes = batch.encode();
            prop_assert_eq!(bytes.len(), batch.size_in_bytes as usize);
            let (read, size) = decode(&bytes).expect("it was just written");
            prop_assert_eq!(size, batch.size_in_bytes);
            prop_assert_eq!(read.encode().len(), bytes.len());
            let offsets = |batch: &RecordBatch| -> Vec<_> {
                let records = batch.records_from(0);
                records.map(|(offset, record)| (offset, batch.timestamp_of(record), record.clone())).collect()
            };
            prop_assert_eq!(offsets(&read), offsets(&batch));
            let ends = |batch: &RecordBatch| {
                (batch.next_offset(), batch.max_timestamp(), batch.sequence, batch.delete_horizon_ms())
            };
            prop_assert_eq!(ends(&read), ends(&batch));
        }

        #[test]
        fn a_damaged_batch_is_told_by_its_checksum(batch in batch(), at in any::<prop::sample::Index>()) {
            let mut bytes = batch.encode();
            let at = BEFORE_ATTRIBUTES + at.index(bytes.len() - BEFORE_ATTRIBUTES);
            bytes[at] ^= 0x40;
            let mismatch = matches!(decode(&bytes), Err(DecodeError::ChecksumMismatch { .. }));
            prop_assert!(mismatch);
            prop_assert_eq!(decode(&bytes[..at]), Err(DecodeError::Truncated));
        }
    }
}
