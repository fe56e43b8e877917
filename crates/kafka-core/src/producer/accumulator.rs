//! Batches that fill, one queue a partition.
//!
//! Mirrors `RecordAccumulator`. Leaves out: the drain index.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

pub use super::batch::ProducerBatch;
use super::compression_ratio::CompressionRatio;
use super::drain::Drain;
use super::partitioner::{BuiltInPartitioner, QueueSize, TopicView};
use crate::config::ProducerConfig;
use crate::protocol::BrokerId;
use crate::record::{Compression, Record};
use crate::rng::Rng;
use crate::time::SimTime;
use crate::topic::{TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RecordAccumulator {
    /// At least 1: a `batch.size` of 0 means one record a batch.
    batch_size: u32,
    linger: Duration,
    adaptive_partitioning: bool,
    available_memory: u64,
    compression: Compression,
    /// How well the records of each topic are expected to compress.
    ratios: BTreeMap<TopicName, CompressionRatio>,
    queues: BTreeMap<TopicPartition, VecDeque<ProducerBatch>>,
    sticky: BTreeMap<TopicName, Sticky>,
}

/// The built-in partitioner of one topic.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Sticky {
    partitioner: BuiltInPartitioner,
    /// How many partitions the topic has.
    partitions: u32,
}

/// What an append did.
pub(super) struct Appended {
    /// By how much the batch grew; its first record pays for the batch header too.
    pub(super) bytes: u32,
    /// A batch was opened or is full: the sender has something to look at.
    pub(super) wakes_sender: bool,
}

impl RecordAccumulator {
    pub(super) fn new(config: &ProducerConfig) -> Self {
        Self {
            batch_size: config.batch_size.max(1),
            linger: config.linger,
            adaptive_partitioning: config.partitioner_adaptive_partitioning,
            available_memory: config.buffer_memory,
            compression: config.compression,
            ratios: BTreeMap::new(),
            queues: BTreeMap::new(),
            sticky: BTreeMap::new(),
        }
    }

    /// Every batch that has not been sent, oldest first within a partition.
    pub fn batches(&self) -> impl Iterator<Item = (&TopicPartition, &ProducerBatch)> {
        self.queues.iter().flat_map(|(partition, queue)| queue.iter().map(move |batch| (partition, batch)))
    }

    /// What is left of `buffer.memory`, in bytes.
    pub fn available_memory(&self) -> u64 {
        self.available_memory
    }

    pub fn linger(&self) -> Duration {
        self.linger
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queues.values().all(VecDeque::is_empty)
    }

    /// Memory for a new batch that would hold a record of this size.
    pub(super) fn has_room_for(&self, bytes: u32) -> bool {
        self.available_memory >= u64::from(bytes.max(self.batch_size))
    }

    /// The current sticky partition of a topic. When every batch in its queue is full, the partitioner gets the
    /// chance to move on before the record is placed.
    pub(super) fn sticky_partition(&mut self, topic: &TopicName, view: TopicView<'_>, rng: &mut Rng) -> u32 {
        let current = self.sticky_partitioner(topic, view).peek(view, rng);
        if self.last_batch_is_full(topic, current) {
            self.sticky_partitioner(topic, view).update(0, true, view, rng);
        }
        self.sticky_partitioner(topic, view).peek(view, rng)
    }

    pub(super) fn count_sticky_bytes(
        &mut self,
        topic: &TopicName,
        bytes: u32,
        view: TopicView<'_>,
        rng: &mut Rng,
    ) {
        let current = self.sticky_partitioner(topic, view).peek(view, rng);
        let enable_switch = self.last_batch_is_full(topic, current);
        self.sticky_partitioner(topic, view).update(bytes, enable_switch, view, rng);
    }

    pub(super) fn append(&mut self, partition: TopicPartition, record: Record, now: SimTime) -> Appended {
        let ratio = self.ratio(&partition.topic);
        let queue = self.queues.entry(partition).or_default();
        let record = match queue.back_mut().map(|last| last.try_append(record.clone())) {
            Some(Ok(bytes)) => {
                let full = queue.back().is_some_and(ProducerBatch::is_full);
                return Appended { bytes, wakes_sender: full };
            }
            Some(Err(record)) => record,
            None => record,
        };
        let limit = self.batch_size.max(record.size_upper_bound());
        let mut batch = ProducerBatch::new(limit, now, self.compression, ratio);
        let bytes =
            batch.try_append(record).unwrap_or_else(|_| unreachable!("an empty batch takes any record"));
        self.available_memory = self.available_memory.saturating_sub(u64::from(limit));
        queue.push_back(batch);
        Appended { bytes, wakes_sender: true }
    }

    /// Some batch for this leader is to be sent now (`RecordAccumulator.ready`). Flushing ends lingering, not backing off.
    pub(super) fn is_ready(&self, drain: &Drain<'_>, leader: BrokerId) -> bool {
        self.queues.iter().any(|(partition, queue)| {
            let Some(head) = queue.front().filter(|_| drain.leader(partition) == Some(leader)) else {
                return false;
            };
            let due = |at: SimTime| at <= drain.now;
            drain.may_send(partition, head)
                && due(drain.backs_off_until(partition, head))
                && (drain.flushing || self.ready_at(queue, partition, drain).is_some_and(due))
        })
    }

    /// Takes the oldest batch of every partition of one leader (`RecordAccumulator.drain`), also those that would
    /// linger on. The first batch is taken whatever its size, the rest while the request stays within
    /// `max_request_size`.
    pub(super) fn drain(
        &mut self,
        drain: &Drain<'_>,
        leader: BrokerId,
        max_request_size: u32,
    ) -> Vec<(TopicPartition, ProducerBatch)> {
        self.update_load_stats();
        let mut drained = Vec::new();
        let mut bytes = 0;
        for (partition, queue) in &mut self.queues {
            let Some(head) = queue.front().filter(|_| drain.leader(partition) == Some(leader)) else {
                continue;
            };
            if drain.backs_off_until(partition, head) > drain.now || !drain.may_send(partition, head) {
                continue;
            }
            if bytes + head.size_in_bytes() > max_request_size && !drained.is_empty() {
                break;
            }
            let Some(mut batch) = queue.pop_front() else { continue };
            let observed = batch.build();
            let ratio = self.ratios.entry(partition.topic.clone()).or_insert(CompressionRatio::INITIAL);
            ratio.update(observed);
            bytes += batch.size_in_bytes();
            drained.push((partition.clone(), batch));
        }
        drained
    }

    /// A batch is to be sent again: before those that were made later.
    pub(super) fn reenqueue(&mut self, partition: &TopicPartition, batch: ProducerBatch) {
        let queue = self.queues.entry(partition.clone()).or_default();
        // Of an idempotent producer, in order of sequence number (`insertInSequenceOrder`).
        let earlier = |queued: &&ProducerBatch| {
            queued.base_sequence().is_some_and(|sequence| Some(sequence) < batch.base_sequence())
        };
        let position = queue.iter().take_while(earlier).count();
        queue.insert(position, batch);
    }

    /// A batch was too large for the broker: it is sent again in parts (`splitAndReenqueue`). The estimate starts anew, so
    /// that it does not happen too often. Answers with the parts, which are in the queue.
    pub(super) fn split_and_reenqueue(
        &mut self,
        partition: &TopicPartition,
        mut batch: ProducerBatch,
    ) -> impl Iterator<Item = &ProducerBatch> {
        self.free(&batch);
        let ratio = batch.build().max(CompressionRatio::INITIAL);
        self.ratios.insert(partition.topic.clone(), ratio);
        let parts = batch.split(self.batch_size, ratio);
        let (count, first) = (parts.len(), parts.first().and_then(ProducerBatch::base_sequence));
        for part in parts.into_iter().rev() {
            self.reenqueue(partition, part);
        }
        let queue = &self.queues[partition];
        let position = queue.iter().position(|queued| queued.base_sequence() == first).unwrap_or(0);
        queue.range(position..position + count)
    }

    /// The batch that is to be sent next, of every partition.
    pub(super) fn heads(&self) -> impl Iterator<Item = &ProducerBatch> {
        self.queues.values().filter_map(VecDeque::front)
    }

    /// Takes out the batches that were made this long ago, as far as nothing younger stands before them.
    pub(super) fn expired(
        &mut self,
        now: SimTime,
        timeout: Duration,
    ) -> Vec<(TopicPartition, ProducerBatch)> {
        let mut expired = Vec::new();
        for (partition, queue) in &mut self.queues {
            let old = queue.iter().take_while(|batch| batch.created() + timeout <= now).count();
            expired.extend(queue.drain(..old).map(|batch| (partition.clone(), batch)));
        }
        expired
    }

    /// Takes out the batches that have never been sent (`abortUndrainedBatches`).
    pub(super) fn take_undrained(&mut self) -> Vec<(TopicPartition, ProducerBatch)> {
        let mut taken = Vec::new();
        for (partition, queue) in &mut self.queues {
            let (unsent, sent): (VecDeque<_>, VecDeque<_>) =
                std::mem::take(queue).into_iter().partition(|batch| batch.sequence.is_none());
            *queue = sent;
            taken.extend(unsent.into_iter().map(|batch| (partition.clone(), batch)));
        }
        taken
    }

    /// When the next batch that has a leader becomes ready by lingering, by being full, or by the end of its backoff.
    pub(super) fn next_ready_at(&self, drain: &Drain<'_>) -> Option<SimTime> {
        let led = self.queues.iter().filter(|(partition, _)| drain.leader(partition).is_some());
        led.filter_map(|(partition, queue)| self.ready_at(queue, partition, drain)).min()
    }

    /// Some batch would be sent if its partition had a leader.
    pub(super) fn awaits_leader(&self, drain: &Drain<'_>) -> bool {
        self.queues.iter().any(|(partition, queue)| !queue.is_empty() && drain.leader(partition).is_none())
    }

    /// Queued batches of a partition, the oldest first.
    pub(super) fn queue_mut(
        &mut self,
        partition: &TopicPartition,
    ) -> impl Iterator<Item = &mut ProducerBatch> {
        self.queues.get_mut(partition).into_iter().flatten()
    }

    /// Gives the memory of a batch back.
    pub(super) fn free(&mut self, batch: &ProducerBatch) {
        self.available_memory += u64::from(batch.memory());
    }

    fn ratio(&self, topic: &TopicName) -> CompressionRatio {
        self.ratios.get(topic).copied().unwrap_or(CompressionRatio::INITIAL)
    }

    fn ready_at(
        &self,
        queue: &VecDeque<ProducerBatch>,
        partition: &TopicPartition,
        drain: &Drain<'_>,
    ) -> Option<SimTime> {
        let head = queue.front()?;
        let full = queue.len() > 1 || head.is_full();
        let lingered = if full { SimTime::ZERO } else { head.created() + self.linger };
        Some(lingered.max(drain.backs_off_until(partition, head)))
    }

    fn sticky_partitioner(&mut self, topic: &TopicName, view: TopicView<'_>) -> &mut BuiltInPartitioner {
        let (batch_size, partitions) = (self.batch_size, view.partitions);
        let fresh = || Sticky { partitioner: BuiltInPartitioner::new(batch_size), partitions };
        &mut self.sticky.entry(topic.clone()).or_insert_with(fresh).partitioner
    }

    /// Nothing queued counts as full: a new batch is needed either way.
    fn last_batch_is_full(&self, topic: &TopicName, partition: u32) -> bool {
        let partition = TopicPartition::new(topic.clone(), partition);
        let last = self.queues.get(&partition).and_then(VecDeque::back);
        last.is_none_or(ProducerBatch::is_full)
    }

    /// Queue sizes steer the next sticky choice once every partition of the topic has had a queue.
    fn update_load_stats(&mut self) {
        if !self.adaptive_partitioning {
            return;
        }
        for (topic, sticky) in &mut self.sticky {
            let sizes: Vec<_> = self
                .queues
                .iter()
                .filter(|(partition, _)| partition.topic == *topic)
                .map(|(partition, queue)| QueueSize {
                    partition: partition.partition,
                    batches: queue.len() as u32,
                })
                .collect();
            if sizes.len() as u32 == sticky.partitions {
                sticky.partitioner.update_load_stats(&sizes, sticky.partitions);
            }
        }
    }
}
