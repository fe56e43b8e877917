//! Records of one partition that are sent together.
//!
//! Mirrors `ProducerBatch` and the part of `MemoryRecordsBuilder` that decides when a batch is full. Leaves out: nothing
//! known.

use super::compression_ratio::CompressionRatio;
use crate::record::{
    BATCH_OVERHEAD, BatchSequence, Compression, Record, RecordBatch, RecordId, increment_sequence,
};
use crate::time::SimTime;

/// A batch that is filling, waits to be sent, or has been sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProducerBatch {
    records: Vec<Record>,
    /// Of the records, before compression.
    uncompressed_size: u32,
    compression: Compression,
    /// As it was when the batch was opened.
    estimated_ratio: CompressionRatio,
    /// The most bytes it may hold: `batch.size`, or the one record that is larger.
    limit: u32,
    /// It is a part of a batch that was too large.
    is_part: bool,
    created: SimTime,
    closed: bool,
    /// As it travels, once it has been drained.
    built: Option<RecordBatch>,
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
    pub(super) const fn new(
        limit: u32,
        created: SimTime,
        compression: Compression,
        estimated_ratio: CompressionRatio,
    ) -> Self {
        Self {
            records: Vec::new(),
            uncompressed_size: 0,
            compression,
            estimated_ratio,
            limit,
            is_part: false,
            created,
            closed: false,
            built: None,
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

    /// What it takes on the wire: exactly once it has been drained, before that as far as compression can be foreseen.
    pub fn size_in_bytes(&self) -> u32 {
        match (&self.built, self.compression) {
            (Some(built), _) => built.size_in_bytes,
            (None, Compression::None) => BATCH_OVERHEAD + self.uncompressed_size,
            (None, Compression::Gzip { .. } | Compression::Snappy | Compression::Lz4 | Compression::Zstd) => {
                BATCH_OVERHEAD + self.estimated_ratio.estimate(self.uncompressed_size)
            }
        }
    }

    /// What its records take before they are compressed.
    pub const fn uncompressed_size(&self) -> u32 {
        self.uncompressed_size
    }

    pub const fn compression(&self) -> Compression {
        self.compression
    }

    pub const fn limit(&self) -> u32 {
        self.limit
    }

    /// What it takes of `buffer.memory`. Parts of a batch take nothing.
    pub(super) const fn memory(&self) -> u32 {
        if self.is_part { 0 } else { self.limit }
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

    /// Compresses the records; nothing can be added any more. Answers with how well they did.
    pub(super) fn build(&mut self) -> CompressionRatio {
        self.closed = true;
        let records = &self.records;
        let compression = self.compression;
        let built = self.built.get_or_insert_with(|| RecordBatch::compressed(records.clone(), compression));
        CompressionRatio::observed(built.size_in_bytes - BATCH_OVERHEAD, self.uncompressed_size)
    }

    /// The batch as it travels.
    pub(super) fn seal(&mut self) -> RecordBatch {
        self.build();
        let built = self.built.clone().expect("it was built just now");
        RecordBatch { sequence: self.sequence, ..built }
    }

    pub(super) fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// Appends unless the batch has no room; a first record always fits. Answers with the bytes that the batch has
    /// grown by.
    pub(super) fn try_append(&mut self, record: Record) -> Result<u32, Record> {
        if self.closed {
            return Err(record);
        }
        let base_timestamp = self.records.first().map_or(record.timestamp, |first| first.timestamp);
        let delta = self.records.len() as u32;
        let bytes = record.size_in_bytes(delta, record.timestamp - base_timestamp);
        let before = if delta == 0 { 0 } else { self.size_in_bytes() };
        if delta > 0 && (self.is_full() || before + bytes > self.limit) {
            self.closed = true;
            return Err(record);
        }
        self.uncompressed_size += bytes;
        self.records.push(record);
        Ok(self.size_in_bytes() - before)
    }

    /// Nothing can be added to it any more.
    pub fn is_full(&self) -> bool {
        self.closed || (!self.records.is_empty() && self.size_in_bytes() >= self.limit)
    }

    /// Batches of at most `batch.size` bytes with the same records, in their order and with their sequence numbers. They
    /// are as old as this one, and as if they had not been sent. What is a part already is split into halves (KAFKA-8350).
    pub(super) fn split(self, batch_size: u32, estimated_ratio: CompressionRatio) -> Vec<Self> {
        let largest = self.records.iter().map(Record::size_upper_bound).fold(0, u32::max);
        let batch_size = if self.is_part { largest.max(self.size_in_bytes() / 2) } else { batch_size };
        let (created, compression, mut sequence) = (self.created, self.compression, self.sequence);
        let open = |record: &Record| {
            let limit = batch_size.max(record.size_upper_bound());
            Self { is_part: true, ..Self::new(limit, created, compression, estimated_ratio) }
        };
        let mut parts: Vec<Self> = Vec::new();
        for record in self.records {
            let record = match parts.last_mut().map(|last| last.try_append(record.clone())) {
                Some(Ok(_)) => continue,
                Some(Err(record)) => record,
                None => record,
            };
            let mut part = open(&record);
            drop(part.try_append(record));
            parts.push(part);
        }
        for part in &mut parts {
            part.closed = true;
            part.sequence = sequence;
            if let Some(sequence) = &mut sequence {
                let count = part.records.len() as u32;
                sequence.base_sequence = increment_sequence(sequence.base_sequence, count);
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::record::{Bytes, ProducerIdAndEpoch, RecordId};

    fn record(bytes: usize) -> Record {
        let value = Some(Bytes::from(vec![b'x'; bytes]));
        Record { id: RecordId(0), timestamp: 0, key: None, value, headers: Rc::from([]) }
    }

    fn filled(compression: Compression, ratio: CompressionRatio, limit: u32) -> ProducerBatch {
        let mut batch = ProducerBatch::new(limit, SimTime::ZERO, compression, ratio);
        while batch.try_append(record(100)).is_ok() {}
        batch
    }

    #[test]
    fn a_batch_takes_more_records_the_better_they_are_expected_to_compress() {
        let plain = filled(Compression::None, CompressionRatio::INITIAL, 16_384);
        assert_eq!((plain.records().len(), plain.size_in_bytes()), (148, 16_277));
        let mut doubtful = filled(Compression::GZIP, CompressionRatio::INITIAL, 16_384);
        assert_eq!(doubtful.records().len(), 141, "a twentieth is kept free");
        let observed = doubtful.build();
        assert!(doubtful.size_in_bytes() < 500, "{} bytes", doubtful.size_in_bytes());
        let hopeful = filled(Compression::GZIP, observed, 16_384);
        assert!(hopeful.records().len() > 3000, "{} records", hopeful.records().len());
    }

    #[test]
    fn a_split_batch_keeps_its_records_and_their_sequence_numbers() {
        let mut batch = filled(Compression::None, CompressionRatio::INITIAL, 1000);
        let producer = ProducerIdAndEpoch { producer_id: 1, epoch: 0 };
        batch.sequence = Some(BatchSequence { producer, base_sequence: i32::MAX - 2 });
        let parts = batch.split(300, CompressionRatio::INITIAL);
        let told: Vec<_> = parts
            .iter()
            .map(|part| (part.base_sequence().unwrap_or(-1), part.records().len(), part.memory()))
            .collect();
        assert_eq!(told, [(i32::MAX - 2, 2, 0), (i32::MAX, 2, 0), (1, 2, 0), (3, 2, 0)]);
        assert!(parts.iter().all(|part| part.size_in_bytes() <= 300 && part.is_full()));
        let halves = parts[0].clone().split(300, CompressionRatio::INITIAL);
        assert_eq!(halves.iter().map(|half| half.records().len()).collect::<Vec<_>>(), [1, 1]);
    }
}
