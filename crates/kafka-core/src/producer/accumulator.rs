//! Batches that fill, one queue a partition.
//!
//! Mirrors `RecordAccumulator` and `ProducerBatch`. Leaves out: compression estimates, back-off, expiry, muting.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use super::partitioner::{BuiltInPartitioner, QueueSize, TopicView};
use crate::config::ProducerConfig;
use crate::record::{BATCH_OVERHEAD, Record, RecordBatch};
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

/// A batch that is filling or waits to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProducerBatch {
    records: Vec<Record>,
    size_in_bytes: u32,
    /// The most bytes it may hold: `batch.size`, or the one record that is larger.
    limit: u32,
    created: SimTime,
    closed: bool,
}

/// What an append did.
pub(super) struct Appended {
    /// By how much the batch grew; its first record pays for the batch header too.
    pub(super) bytes: u32,
    /// A batch was opened or is full: the sender has something to look at.
    pub(super) wakes_sender: bool,
}

impl ProducerBatch {
    fn new(limit: u32, created: SimTime) -> Self {
        Self { records: Vec::new(), size_in_bytes: BATCH_OVERHEAD, limit, created, closed: false }
    }

    pub fn records(&self) -> &[Record] {
        &self.records
    }

    pub fn size_in_bytes(&self) -> u32 {
        self.size_in_bytes
    }

    pub fn limit(&self) -> u32 {
        self.limit
    }

    pub fn created(&self) -> SimTime {
        self.created
    }

    pub(super) fn seal(&self) -> RecordBatch {
        RecordBatch::new(self.records.clone())
    }

    pub(super) fn into_records(self) -> Vec<Record> {
        self.records
    }

    /// Appends unless the batch has no room; a first record always fits.
    fn try_append(&mut self, record: Record) -> Result<u32, Record> {
        let base_timestamp = self.records.first().map_or(record.timestamp, |first| first.timestamp);
        let delta = self.records.len() as u32;
        let bytes = record.size_in_bytes(delta, record.timestamp - base_timestamp);
        if !self.records.is_empty() && self.size_in_bytes + bytes > self.limit {
            self.closed = true;
            return Err(record);
        }
        self.size_in_bytes += bytes;
        self.records.push(record);
        Ok(if delta == 0 { BATCH_OVERHEAD + bytes } else { bytes })
    }

    fn is_full(&self) -> bool {
        self.closed || self.size_in_bytes >= self.limit
    }
}

impl RecordAccumulator {
    pub(super) fn new(config: &ProducerConfig) -> Self {
        Self {
            batch_size: config.batch_size.max(1),
            linger: config.linger,
            adaptive_partitioning: config.partitioner_adaptive_partitioning,
            available_memory: config.buffer_memory,
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
        let mut batch = ProducerBatch::new(limit, now);
        let bytes =
            batch.try_append(record).unwrap_or_else(|_| unreachable!("an empty batch takes any record"));
        self.available_memory = self.available_memory.saturating_sub(u64::from(limit));
        queue.push_back(batch);
        Appended { bytes, wakes_sender: true }
    }

    /// Takes the oldest batch of every partition of one leader, when at least one of them is ready
    /// (`RecordAccumulator.ready`, `drain`): the others travel along. The first batch is taken whatever its
    /// size, the rest while the request stays within `max_request_size`.
    pub(super) fn drain(
        &mut self,
        leads: impl Fn(&TopicPartition) -> bool,
        now: SimTime,
        flushing: bool,
        max_request_size: u32,
    ) -> Vec<(TopicPartition, ProducerBatch)> {
        let ready = self.queues.iter().any(|(partition, queue)| {
            leads(partition) && self.ready_at(queue).is_some_and(|at| flushing || at <= now)
        });
        if !ready {
            return Vec::new();
        }
        self.update_load_stats();
        let mut drained = Vec::new();
        let mut bytes = 0;
        for (partition, queue) in self.queues.iter_mut().filter(|(partition, _)| leads(partition)) {
            let Some(batch) = queue.front() else { continue };
            if bytes + batch.size_in_bytes > max_request_size && !drained.is_empty() {
                break;
            }
            bytes += batch.size_in_bytes;
            drained.extend(queue.pop_front().map(|batch| (partition.clone(), batch)));
        }
        drained
    }

    /// When the next batch becomes ready by lingering or by being full.
    pub(super) fn next_ready_at(&self) -> Option<SimTime> {
        self.queues.values().filter_map(|queue| self.ready_at(queue)).min()
    }

    /// Gives a sent batch's memory back.
    pub(super) fn free(&mut self, batch: &ProducerBatch) {
        self.available_memory += u64::from(batch.limit);
    }

    fn ready_at(&self, queue: &VecDeque<ProducerBatch>) -> Option<SimTime> {
        let head = queue.front()?;
        let full = queue.len() > 1 || head.is_full();
        Some(if full { SimTime::ZERO } else { head.created + self.linger })
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
