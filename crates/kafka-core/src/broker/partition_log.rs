//! One replica's log of one partition.
//!
//! Mirrors `UnifiedLog` and `LeaderEpochFileCache`, whose entries follow from the epochs of the batches. Leaves out:
//! segments and indexes, retention, compaction.

use std::rc::Rc;

use super::producer_state::{Duplicate, ProducerDescription, ProducerStates};
use super::transaction_index::{OpenTransaction, TransactionIndex};
use crate::protocol::{AbortedTransaction, EpochEndOffset, ErrorCode};
use crate::record::{BatchTransaction, ProducerIdAndEpoch, Record, RecordBatch};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PartitionLog {
    log_start_offset: i64,
    log_end_offset: i64,
    size_in_bytes: u64,
    /// In offset order, without gaps. Shared until the next append, so that a checkpoint is cheap.
    batches: Rc<Vec<Rc<RecordBatch>>>,
    /// What the batches say about their producers.
    producers: Rc<ProducerStates>,
    /// What the batches say about transactions.
    transactions: Rc<TransactionIndex>,
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

    /// The leader epoch of the last record.
    pub fn latest_epoch(&self) -> Option<i32> {
        self.batches.last().map(|batch| batch.partition_leader_epoch)
    }

    /// The leader epochs of the records, and the offset at which each begins here.
    pub(crate) fn epochs(&self) -> Vec<(i32, i64)> {
        let runs =
            self.batches.chunk_by(|one, next| one.partition_leader_epoch == next.partition_leader_epoch);
        runs.map(|run| (run[0].partition_leader_epoch, run[0].base_offset)).collect()
    }

    /// Where an epoch ends here, or the last one before it (`LeaderEpochFileCache.endOffsetFor`). It ends where the log
    /// begins when every record is of a later epoch.
    pub(crate) fn end_offset_for(&self, epoch: i32) -> EpochEndOffset {
        let after = self.batches.partition_point(|batch| batch.partition_leader_epoch <= epoch);
        let last = after.checked_sub(1).map(|last| &self.batches[last]);
        EpochEndOffset {
            leader_epoch: last.map_or(epoch, |batch| batch.partition_leader_epoch),
            end_offset: last.map_or(self.log_start_offset, |batch| batch.next_offset()),
        }
    }

    /// Every record at or after `offset`, with its offset.
    pub fn records_from(&self, offset: i64) -> impl Iterator<Item = (i64, &Record)> {
        let first = self.batches.partition_point(|batch| batch.last_offset() < offset);
        self.batches[first..].iter().flat_map(move |batch| batch.records_from(offset))
    }

    /// The same without the markers of transactions, which no consumer sees.
    pub fn data_from(&self, offset: i64) -> impl Iterator<Item = (i64, &Record)> {
        let data = self.batches.iter().filter(|batch| batch.end_marker().is_none());
        data.flat_map(move |batch| batch.records_from(offset))
    }

    /// Where a batch of an idempotent producer is already, if it may come at all.
    ///
    /// # Errors
    /// The batch is not the next one of its producer, or that has a newer epoch.
    pub(crate) fn check_sequence(&self, batch: &RecordBatch) -> Result<Option<Duplicate>, ErrorCode> {
        self.producers.check(batch)
    }

    /// How far a `read_committed` consumer may read, given how far anybody may: up to the first record of the earliest
    /// transaction that is open, or whose end is not committed yet.
    pub fn last_stable_offset(&self, high_watermark: i64) -> i64 {
        self.transactions.last_stable_offset(high_watermark)
    }

    /// The aborted transactions that have records in `from..to`, in the order of their markers.
    pub(crate) fn aborted_transactions(&self, from: i64, to: i64) -> Vec<AbortedTransaction> {
        self.transactions.aborted(from, to)
    }

    /// Transactions that have records here and no marker, the oldest first.
    pub fn open_transactions(&self) -> Vec<OpenTransaction> {
        self.transactions.open()
    }

    /// Whether what a coordinator is about to write for a producer is of no older epoch than what is here.
    ///
    /// # Errors
    /// It is of an older one.
    pub(crate) fn check_transaction(&self, transaction: BatchTransaction) -> Result<(), ErrorCode> {
        self.producers.check_transaction(transaction)
    }

    pub(crate) fn has_open_transaction(&self, producer: ProducerIdAndEpoch) -> bool {
        self.transactions.is_open(producer)
    }

    /// What is known of each producer with an identity, in order of its id.
    pub fn producers(&self) -> impl Iterator<Item = ProducerDescription> {
        self.producers.describe()
    }

    /// Appends a producer's batch: the leader gives it offsets and its epoch. Answers with the base offset.
    pub(crate) fn append_as_leader(&mut self, batch: &RecordBatch, leader_epoch: i32) -> i64 {
        let base_offset = self.log_end_offset;
        self.push(Rc::new(RecordBatch {
            base_offset,
            partition_leader_epoch: leader_epoch,
            ..batch.clone()
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

    /// Drops every batch that reaches `offset` or lies after it.
    pub(crate) fn truncate_to(&mut self, offset: i64) {
        let kept = self.batches.partition_point(|batch| batch.next_offset() <= offset);
        if kept == self.batches.len() {
            return;
        }
        let dropped: u64 = self.batches[kept..].iter().map(|batch| u64::from(batch.size_in_bytes)).sum();
        self.size_in_bytes -= dropped;
        self.log_end_offset = self.batches[kept].base_offset;
        Rc::make_mut(&mut self.batches).truncate(kept);
        self.producers = Rc::new(ProducerStates::from_batches(&self.batches));
        self.transactions = Rc::new(TransactionIndex::from_batches(&self.batches));
    }

    fn push(&mut self, batch: Rc<RecordBatch>) {
        self.log_end_offset = batch.next_offset();
        self.size_in_bytes += u64::from(batch.size_in_bytes);
        if batch.sequence.is_some() || batch.transaction.is_some() {
            Rc::make_mut(&mut self.producers).note(&batch);
        }
        if batch.transaction.is_some() {
            Rc::make_mut(&mut self.transactions).note(&batch);
        }
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
    fn epochs_end_where_the_next_one_begins() {
        let mut log = PartitionLog::default();
        for (epoch, count) in [(2, 2), (2, 1), (5, 4)] {
            log.append_as_leader(&batch(count), epoch);
        }
        let end = |epoch| {
            let end = log.end_offset_for(epoch);
            (end.leader_epoch, end.end_offset)
        };
        assert_eq!([end(1), end(2), end(4), end(5), end(9)], [(1, 0), (2, 3), (2, 3), (5, 7), (5, 7)]);
        assert_eq!(log.epochs(), [(2, 0), (5, 3)]);
        log.truncate_to(3);
        assert_eq!((log.log_end_offset(), log.latest_epoch()), (3, Some(2)));
        let mut fresh = PartitionLog::default();
        fresh.append_as_leader(&batch(2), 2);
        fresh.append_as_leader(&batch(1), 2);
        assert_eq!(log, fresh, "nothing is left of what was dropped");
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
