//! One replica's log of one partition: segments, of which the last is written to.
//!
//! Mirrors `UnifiedLog`, `LocalLog` and `LogSegments`. What goes by itself is in `retention`, compaction in `cleaner`.
//! Leaves out: recovery, remote storage, `file.delete.delay.ms` (nobody reads a deleted file).

mod cleaner;
mod retention;

use std::rc::Rc;

pub use retention::DeletionReason;

use super::leader_epochs::LeaderEpochs;
use super::log_segment::{Incoming, LogSegment};
use super::producer_state::{Duplicate, ProducerDescription, ProducerStates};
use super::transaction_index::{OpenTransaction, TransactionIndex};
use crate::config::LogConfig;
use crate::protocol::{AbortedTransaction, EpochEndOffset, ErrorCode};
use crate::record::{
    BatchTransaction, ProducerIdAndEpoch, Record, RecordBatch, TimestampType, TransactionResult,
};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartitionLog {
    config: Rc<LogConfig>,
    log_start_offset: i64,
    log_end_offset: i64,
    size_in_bytes: u64,
    /// In order, never empty; the last is the active one. What is sealed does not change, so that a checkpoint is cheap.
    segments: Rc<Vec<Rc<LogSegment>>>,
    epochs: LeaderEpochs,
    /// What the batches say about their producers.
    producers: Rc<ProducerStates>,
    /// What the batches say about transactions.
    transactions: Rc<TransactionIndex>,
    /// Up to where the cleaner has been.
    clean_until: Option<i64>,
}

/// What appending did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LogAppend {
    pub(crate) base_offset: i64,
    pub(crate) size_in_bytes: u32,
    /// The offset that a new segment begins with.
    pub(crate) rolled: Option<i64>,
}

impl PartitionLog {
    /// An empty log, made at `now`, in milliseconds since the Unix epoch.
    pub(crate) fn new(config: Rc<LogConfig>, now: i64) -> Self {
        Self {
            config,
            log_start_offset: 0,
            log_end_offset: 0,
            size_in_bytes: 0,
            segments: Rc::new(vec![Rc::new(LogSegment::new(0, now))]),
            epochs: LeaderEpochs::default(),
            producers: Rc::default(),
            transactions: Rc::default(),
            clean_until: None,
        }
    }

    pub(crate) fn set_config(&mut self, config: Rc<LogConfig>) {
        self.config = config;
    }

    pub fn config(&self) -> &LogConfig {
        &self.config
    }

    pub fn log_start_offset(&self) -> i64 {
        self.log_start_offset
    }

    /// The offset that the next record gets.
    pub fn log_end_offset(&self) -> i64 {
        self.log_end_offset
    }

    /// Of all segments, also of what nobody can read any more.
    pub fn size_in_bytes(&self) -> u64 {
        self.size_in_bytes
    }

    /// In order of offsets; the last is the active one.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &LogSegment> {
        self.segments.iter().map(Rc::as_ref)
    }

    pub fn batches(&self) -> impl Iterator<Item = &Rc<RecordBatch>> {
        self.segments.iter().flat_map(|segment| segment.batches())
    }

    /// The leader epoch of the last record.
    pub fn latest_epoch(&self) -> Option<i32> {
        self.epochs.latest()
    }

    /// The leader epochs of the records, and the offset at which each begins here.
    pub(crate) fn epochs(&self) -> Vec<(i32, i64)> {
        self.epochs.entries()
    }

    /// Where an epoch ends here, or the last one before it. It ends where the log begins when every record is of a later
    /// epoch.
    pub(crate) fn end_offset_for(&self, epoch: i32) -> EpochEndOffset {
        self.epochs.end_offset_for(epoch, self.log_start_offset, self.log_end_offset)
    }

    /// Every record at or after `offset`, with its offset.
    pub fn records_from(&self, offset: i64) -> impl Iterator<Item = (i64, &Record)> {
        self.batches_from(offset).flat_map(move |batch| batch.records_from(offset))
    }

    /// The offset and the timestamp of every record at or after `offset`.
    pub fn timestamps_from(&self, offset: i64) -> impl Iterator<Item = (i64, i64)> {
        self.batches_from(offset).flat_map(move |batch| {
            batch.records_from(offset).map(|(offset, record)| (offset, batch.timestamp_of(record)))
        })
    }

    /// The same without the markers of transactions, which no consumer sees.
    pub fn data_from(&self, offset: i64) -> impl Iterator<Item = (i64, &Record)> {
        let data = self.batches_from(offset).filter(|batch| batch.end_marker().is_none());
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

    /// How the transaction ended that a producer's record at an offset is of; `None` while it is open.
    pub fn result_of_transaction(&self, producer_id: i64, offset: i64) -> Option<TransactionResult> {
        self.transactions.result_of(producer_id, offset)
    }

    pub(crate) fn has_open_transaction(&self, producer: ProducerIdAndEpoch) -> bool {
        self.transactions.is_open(producer)
    }

    /// What is known of each producer with an identity, in order of its id.
    pub fn producers(&self) -> impl Iterator<Item = ProducerDescription> {
        self.producers.describe()
    }

    /// Appends a producer's batch: the leader gives it offsets, its epoch, and maybe another codec or time. `now` is in
    /// milliseconds since the Unix epoch.
    pub(crate) fn append_as_leader(&mut self, batch: &RecordBatch, leader_epoch: i32, now: i64) -> LogAppend {
        let stored = self.config.compression.filter(|codec| codec.id() != batch.compression.id());
        let stored = stored.filter(|_| batch.end_marker().is_none());
        let validated = stored.map_or_else(|| batch.clone(), |codec| batch.recompressed(codec));
        let timestamp_type = if self.config.log_append_time {
            TimestampType::LogAppendTime(now)
        } else {
            TimestampType::CreateTime
        };
        let base_offset = self.log_end_offset;
        let appended = Rc::new(RecordBatch {
            base_offset,
            partition_leader_epoch: leader_epoch,
            timestamp_type,
            ..validated
        });
        let size_in_bytes = appended.size_in_bytes;
        let rolled = self.append(&[appended], now);
        LogAppend { base_offset, size_in_bytes, rolled }
    }

    /// Appends what a leader sent, as it numbered it: all of it goes into one segment. What is here already is passed over.
    /// Answers with the offset that a new segment begins with.
    pub(crate) fn append_as_follower(&mut self, batches: &[Rc<RecordBatch>], now: i64) -> Option<i64> {
        self.make_room_for_start(batches.first(), now);
        let known = batches.partition_point(|batch| batch.base_offset < self.log_end_offset);
        self.append(&batches[known..], now)
    }

    /// The leader's log may start within a batch: an empty log then begins with that batch, and still starts where the
    /// leader's does (`Partition.appendRecordsToFollowerOrFutureReplica`).
    fn make_room_for_start(&mut self, first: Option<&Rc<RecordBatch>>, now: i64) {
        let start = self.log_start_offset;
        let straddles = |batch: &&Rc<RecordBatch>| batch.base_offset < start && start < batch.next_offset();
        if let Some(batch) = first.filter(straddles).filter(|_| self.log_end_offset == start) {
            self.truncate_fully_and_start_at(batch.base_offset, now);
            self.log_start_offset = start;
        }
    }

    /// Older records are gone for readers; what they take on disk is not given back before their segment goes
    /// (`UnifiedLog.maybeIncrementLogStartOffset`).
    pub(crate) fn increment_log_start_offset(&mut self, offset: i64) {
        let offset = offset.min(self.log_end_offset);
        if offset > self.log_start_offset {
            self.log_start_offset = offset;
            self.epochs.truncate_from_start(offset);
        }
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
        let mut taken = Vec::new();
        let mut bytes = 0;
        for batch in self.batches_from(offset) {
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
        let Some(first) = self.batches_from(offset).next().map(|batch| batch.base_offset) else { return };
        let segments = Rc::make_mut(&mut self.segments);
        let kept = segments.partition_point(|segment| segment.base_offset() < offset).max(1);
        segments.truncate(kept);
        let active = segments.last_mut().expect("a log has a segment");
        Rc::make_mut(active).truncate_to(offset, self.config.index_interval_bytes);
        self.log_end_offset = first;
        self.epochs.truncate_from_end(first);
        self.clean_until = self.clean_until.map(|clean| clean.min(first));
        self.after_change();
        self.producers = Rc::new(ProducerStates::from_batches(self.batches()));
        self.transactions = Rc::new(TransactionIndex::from_batches(self.batches()));
    }

    /// Drops everything: the next record gets this offset (`truncateFullyAndStartAt`).
    pub(crate) fn truncate_fully_and_start_at(&mut self, offset: i64, now: i64) {
        let fresh = Self::new(Rc::clone(&self.config), now);
        let segments = Rc::new(vec![Rc::new(LogSegment::new(offset, now))]);
        *self = Self { log_start_offset: offset, log_end_offset: offset, segments, ..fresh };
    }

    /// The batches that reach `offset` or lie after it.
    pub fn batches_from(&self, offset: i64) -> impl Iterator<Item = &Rc<RecordBatch>> {
        let after = self.segments.partition_point(|segment| segment.base_offset() <= offset);
        let segments = &self.segments[after.saturating_sub(1)..];
        segments.iter().flat_map(move |segment| segment.batches_from(offset))
    }

    fn append(&mut self, batches: &[Rc<RecordBatch>], now: i64) -> Option<i64> {
        let (first, last) = (batches.first()?, batches.last()?);
        assert!(first.base_offset >= self.log_end_offset, "offsets grow");
        let incoming = Incoming {
            size_in_bytes: batches.iter().map(|batch| u64::from(batch.size_in_bytes)).sum(),
            max_timestamp: batches.iter().map(|batch| batch.max_timestamp()).fold(i64::MIN, i64::max),
            last_offset: last.last_offset(),
        };
        let rolls =
            self.active().should_roll(incoming, &self.config, now) && self.active().size_in_bytes() > 0;
        let rolled = rolls.then(|| self.roll(first.base_offset, now));
        let interval = self.config.index_interval_bytes;
        for batch in batches {
            self.epochs.assign(batch.partition_leader_epoch, batch.base_offset);
            if batch.sequence.is_some() || batch.transaction.is_some() {
                Rc::make_mut(&mut self.producers).note(batch);
            }
            if batch.transaction.is_some() {
                Rc::make_mut(&mut self.transactions).note(batch);
            }
            self.active_mut().append(Rc::clone(batch), interval, now);
        }
        self.size_in_bytes += incoming.size_in_bytes;
        self.log_end_offset = last.next_offset();
        rolled
    }

    /// Seals the active segment and begins another one.
    fn roll(&mut self, base_offset: i64, now: i64) -> i64 {
        self.active_mut().on_become_inactive();
        Rc::make_mut(&mut self.segments).push(Rc::new(LogSegment::new(base_offset, now)));
        base_offset
    }

    fn active(&self) -> &LogSegment {
        self.segments.last().expect("a log has a segment")
    }

    fn active_mut(&mut self) -> &mut LogSegment {
        let segments = Rc::make_mut(&mut self.segments);
        Rc::make_mut(segments.last_mut().expect("a log has a segment"))
    }

    /// Segments have come or gone.
    fn after_change(&mut self) {
        self.size_in_bytes = self.segments.iter().map(|segment| segment.size_in_bytes()).sum();
    }
}

impl Default for PartitionLog {
    /// An empty log with Kafka's defaults.
    fn default() -> Self {
        Self::new(Rc::default(), 0)
    }
}

#[cfg(test)]
mod tests;
