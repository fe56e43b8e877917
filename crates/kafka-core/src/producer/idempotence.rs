//! Sequence numbers, so that a batch that is sent twice is appended once.
//!
//! Mirrors the idempotent part of `TransactionManager`, with `TxnPartitionMap`. Leaves out: producer ids that brokers have
//! forgotten, more than 32767 epochs of one id that is not transactional.

use std::collections::{BTreeMap, BTreeSet};

use super::batch::ProducerBatch;
use crate::record::{BatchSequence, ProducerIdAndEpoch, increment_sequence};
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Idempotence {
    producer: Option<ProducerIdAndEpoch>,
    partitions: BTreeMap<TopicPartition, Sequences>,
    /// Partitions with a gap: the next epoch starts them again at 0.
    gaps: BTreeSet<TopicPartition>,
    /// Partitions of which a batch expired after it had been sent, so that nobody knows what came of it. With the
    /// sequence number after it.
    unresolved: BTreeMap<TopicPartition, i32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Sequences {
    producer: ProducerIdAndEpoch,
    next: i32,
    last_acknowledged: Option<i32>,
    /// The first numbers of batches that were sent, and neither acknowledged nor given up.
    in_flight: BTreeSet<i32>,
}

impl Idempotence {
    pub(super) const fn producer(&self) -> Option<ProducerIdAndEpoch> {
        self.producer
    }

    pub(super) fn set_producer(&mut self, producer: ProducerIdAndEpoch) {
        self.producer = Some(producer);
    }

    /// A transaction has ended, or the first one may begin: every partition starts at 0 (`setProducerIdAndEpoch`).
    pub(super) fn begin_epoch(&mut self, producer: ProducerIdAndEpoch) {
        *self = Self { producer: Some(producer), ..Self::default() };
    }

    /// `RecordAccumulator.shouldStopDrainBatchesForPartition`, the other way round.
    pub(super) fn may_send(&self, partition: &TopicPartition, batch: &ProducerBatch) -> bool {
        let Some(producer) = self.producer else { return false };
        let Some(sequences) = self.partitions.get(partition) else { return true };
        match batch.base_sequence() {
            // What is sent again goes out one by one, in order.
            Some(sequence) => sequences.in_flight.first().is_none_or(|first| *first == sequence),
            None => {
                let stale = sequences.producer != producer && !sequences.in_flight.is_empty();
                !stale && !self.unresolved.contains_key(partition)
            }
        }
    }

    /// Numbers a batch that is sent for the first time.
    pub(super) fn assign(&mut self, partition: &TopicPartition, batch: &mut ProducerBatch) {
        let Some(producer) = self.producer else { return };
        if batch.sequence.is_some() {
            return;
        }
        let sequences = self.partitions.entry(partition.clone()).or_insert_with(|| Sequences::new(producer));
        if sequences.producer != producer {
            *sequences = Sequences::new(producer);
        }
        let base_sequence = sequences.next;
        sequences.next = increment_sequence(base_sequence, batch.records().len() as u32);
        sequences.in_flight.insert(base_sequence);
        batch.sequence = Some(BatchSequence { producer, base_sequence });
    }

    pub(super) fn on_acknowledged(&mut self, partition: &TopicPartition, batch: &ProducerBatch) {
        self.remove(partition, batch);
        if let Some(sequences) = self.partitions.get_mut(partition) {
            sequences.last_acknowledged = sequences.last_acknowledged.max(batch.last_sequence());
        }
    }

    /// A batch is sent again in parts, which have its sequence numbers.
    pub(super) fn on_split(&mut self, partition: &TopicPartition, batch: &ProducerBatch) {
        self.remove(partition, batch);
    }

    pub(super) fn on_part(&mut self, partition: &TopicPartition, part: &ProducerBatch) {
        if let (Some(base), Some(sequences)) = (part.base_sequence(), self.partitions.get_mut(partition)) {
            sequences.in_flight.insert(base);
        }
    }

    /// A batch is given up. When it is certain that it is not in the log, it leaves a gap.
    pub(super) fn on_failed(&mut self, partition: &TopicPartition, batch: &ProducerBatch, certain: bool) {
        self.remove(partition, batch);
        if certain && batch.sequence.is_some() {
            self.gaps.insert(partition.clone());
        }
    }

    /// A batch expired after it had been sent: nothing new goes out before those after it are done with.
    pub(super) fn on_expired_after_sending(&mut self, partition: &TopicPartition, batch: &ProducerBatch) {
        let Some(last) = batch.last_sequence() else { return };
        let next = increment_sequence(last, 1);
        let known = self.unresolved.entry(partition.clone()).or_insert(next);
        *known = next.max(*known);
    }

    /// OUT_OF_ORDER_SEQUENCE_NUMBER: the batch is sent again in any case. A new epoch is called for when it is the next
    /// one for the leader, and not merely one that came before its turn.
    pub(super) fn on_out_of_order(&mut self, partition: &TopicPartition, batch: &ProducerBatch) {
        let Some(base) = batch.base_sequence() else { return };
        let is_next = self.is_next(partition, base);
        let gap = match self.unresolved.get(partition) {
            None => is_next && !batch.sequence_was_reset,
            Some(next) => base == *next,
        };
        if gap {
            self.gaps.insert(partition.clone());
        }
    }

    /// `maybeResolveSequences`: what has become of partitions with an expired batch.
    pub(super) fn resolve(&mut self) {
        let settled: Vec<_> = self
            .unresolved
            .keys()
            .filter(|partition| self.partitions.get(*partition).is_none_or(|it| it.in_flight.is_empty()))
            .cloned()
            .collect();
        for partition in settled {
            self.unresolved.remove(&partition);
            let complete = self.partitions.get(&partition).is_some_and(|sequences| {
                let next = sequences.last_acknowledged.map_or(0, |last| increment_sequence(last, 1));
                sequences.next == next
            });
            if !complete {
                self.gaps.insert(partition);
            }
        }
    }

    /// Starts a new epoch when there are gaps. Answers with the partitions whose batches have to be numbered anew.
    pub(super) fn bump_epoch(&mut self) -> Option<(ProducerIdAndEpoch, BTreeSet<TopicPartition>)> {
        if self.gaps.is_empty() {
            return None;
        }
        let ProducerIdAndEpoch { producer_id, epoch } = self.producer?;
        let producer = ProducerIdAndEpoch { producer_id, epoch: epoch.wrapping_add(1) };
        self.producer = Some(producer);
        let gaps = std::mem::take(&mut self.gaps);
        for partition in &gaps {
            self.unresolved.remove(partition);
        }
        Some((producer, gaps))
    }

    /// Numbers a partition's batches from 0, in their order (`TxnPartitionEntry.startSequencesAtBeginning`).
    pub(super) fn start_again<'a>(
        &mut self,
        partition: &TopicPartition,
        producer: ProducerIdAndEpoch,
        batches: impl IntoIterator<Item = &'a mut ProducerBatch>,
    ) {
        let mut sequences = Sequences::new(producer);
        let mut batches: Vec<_> = batches.into_iter().filter(|batch| batch.sequence.is_some()).collect();
        batches.sort_by_key(|batch| batch.base_sequence());
        for batch in batches {
            let base_sequence = sequences.next;
            batch.sequence = Some(BatchSequence { producer, base_sequence });
            batch.sequence_was_reset = true;
            sequences.in_flight.insert(base_sequence);
            sequences.next = increment_sequence(base_sequence, batch.records().len() as u32);
        }
        self.partitions.insert(partition.clone(), sequences);
    }

    /// Every batch before this one is acknowledged.
    pub(super) fn is_next(&self, partition: &TopicPartition, base_sequence: i32) -> bool {
        let acknowledged = self.partitions.get(partition).and_then(|sequences| sequences.last_acknowledged);
        base_sequence == acknowledged.map_or(0, |last| increment_sequence(last, 1))
    }

    fn remove(&mut self, partition: &TopicPartition, batch: &ProducerBatch) {
        if let (Some(base), Some(sequences)) = (batch.base_sequence(), self.partitions.get_mut(partition)) {
            sequences.in_flight.remove(&base);
        }
    }
}

impl Sequences {
    const fn new(producer: ProducerIdAndEpoch) -> Self {
        Self { producer, next: 0, last_acknowledged: None, in_flight: BTreeSet::new() }
    }
}
