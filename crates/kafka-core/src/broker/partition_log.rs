//! One replica's log of one partition.
//!
//! Mirrors `UnifiedLog`. Leaves out: segments and indexes, retention, compaction, producer state, leader-epoch
//! cache and truncation.

use std::rc::Rc;

use crate::record::{Record, RecordBatch};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PartitionLog {
    log_start_offset: i64,
    log_end_offset: i64,
    size_in_bytes: u64,
    /// In offset order, without gaps. Shared until the next append, so that a checkpoint is cheap.
    batches: Rc<Vec<Rc<RecordBatch>>>,
}

impl PartitionLog {
    pub fn log_start_offset(&self) -> i64 {
        self.log_start_offset
    }

    /// The offset that the next record gets.
    pub fn log_end_offset(&self) -> i64 {
        self.log_end_offset
    }

    pub fn size_in_bytes(&self) -> u64 {
        self.size_in_bytes
    }

    pub fn batches(&self) -> &[Rc<RecordBatch>] {
        &self.batches
    }

    /// Every record at or after `offset`, with its offset.
    pub fn records_from(&self, offset: i64) -> impl Iterator<Item = (i64, &Record)> {
        let first = self.batches.partition_point(|batch| batch.last_offset() < offset);
        self.batches[first..].iter().flat_map(move |batch| batch.records_from(offset))
    }

    /// Appends a producer's batch: the leader gives it offsets and its epoch. Answers with the base offset.
    pub(crate) fn append_as_leader(&mut self, batch: &RecordBatch, leader_epoch: i32) -> i64 {
        let base_offset = self.log_end_offset;
        self.push(Rc::new(RecordBatch {
            base_offset,
            partition_leader_epoch: leader_epoch,
            records: Rc::clone(&batch.records),
            size_in_bytes: batch.size_in_bytes,
        }));
        base_offset
    }

    /// Appends a batch as the leader numbered it. One that is here already is passed over.
    pub(crate) fn append_as_follower(&mut self, batch: &Rc<RecordBatch>) {
        if batch.base_offset < self.log_end_offset {
            return;
        }
        assert_eq!(batch.base_offset, self.log_end_offset, "a follower's log has no gaps");
        self.push(Rc::clone(batch));
    }

    /// Older records are gone for readers; what they take on disk is not given back before their segment goes
    /// (`UnifiedLog.maybeIncrementLogStartOffset`).
    pub(crate) fn increment_log_start_offset(&mut self, offset: i64) {
        self.log_start_offset = self.log_start_offset.max(offset.min(self.log_end_offset));
    }

    /// Whole batches from the one that holds `offset`, below `end`, up to `max_bytes`; the first is returned
    /// however large it is when `at_least_one`.
    pub(crate) fn read(
        &self,
        offset: i64,
        end: i64,
        max_bytes: u32,
        at_least_one: bool,
    ) -> Vec<Rc<RecordBatch>> {
        let first = self.batches.partition_point(|batch| batch.last_offset() < offset);
        let mut taken = Vec::new();
        let mut bytes = 0;
        for batch in &self.batches[first..] {
            let fits = bytes + batch.size_in_bytes <= max_bytes || (taken.is_empty() && at_least_one);
            if batch.next_offset() > end || !fits {
                break;
            }
            bytes += batch.size_in_bytes;
            taken.push(Rc::clone(batch));
        }
        taken
    }

    fn push(&mut self, batch: Rc<RecordBatch>) {
        self.log_end_offset = batch.next_offset();
        self.size_in_bytes += u64::from(batch.size_in_bytes);
        Rc::make_mut(&mut self.batches).push(batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Bytes, RecordId};

    fn batch(count: usize) -> RecordBatch {
        let record = Record {
            id: RecordId(0),
            timestamp: 0,
            key: None,
            value: Some(Bytes::from(*b"v")),
            headers: Rc::from([]),
        };
        RecordBatch::new(vec![record; count])
    }

    fn log_of(counts: &[usize]) -> PartitionLog {
        let mut log = PartitionLog::default();
        for count in counts {
            log.append_as_leader(&batch(*count), 0);
        }
        log
    }

    #[test]
    fn offsets_are_given_in_order_without_gaps() {
        let log = log_of(&[2, 3]);
        assert_eq!(log.log_end_offset(), 5);
        let offsets: Vec<_> = log.records_from(1).map(|(offset, _)| offset).collect();
        assert_eq!(offsets, [1, 2, 3, 4]);
    }

    #[test]
    fn a_read_starts_with_the_batch_that_holds_the_offset_and_ends_below_the_limit() {
        let log = log_of(&[2, 3, 1]);
        let bases = |batches: Vec<Rc<RecordBatch>>| -> Vec<i64> {
            batches.iter().map(|batch| batch.base_offset).collect()
        };
        assert_eq!(bases(log.read(3, 6, u32::MAX, true)), [2, 5]);
        assert_eq!(bases(log.read(3, 5, u32::MAX, true)), [2]);
        assert_eq!(bases(log.read(0, 6, 1, true)), [0], "the first batch comes whole");
        assert_eq!(bases(log.read(0, 6, 1, false)), [] as [i64; 0]);
    }

    #[test]
    fn a_follower_passes_over_what_it_has() {
        let leader = log_of(&[1, 2]);
        let mut follower = PartitionLog::default();
        for batch in leader.batches().iter().chain(leader.batches()) {
            follower.append_as_follower(batch);
        }
        assert_eq!(follower, leader);
    }
}
