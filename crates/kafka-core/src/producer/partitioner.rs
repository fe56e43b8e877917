//! Which partition a record goes to. Mirrors
//! `org.apache.kafka.clients.producer.internals.BuiltInPartitioner` (KIP-794),
//! `org.apache.kafka.clients.producer.RoundRobinPartitioner` and `Utils.murmur2`.
//!
//! Partitioners of the learner's own are in `custom_partitioner`. Leaves out: excluding slow brokers by
//! `partitioner.availability.timeout.ms`, which is the caller's choice of the queues it reports.

use std::collections::BTreeMap;

use crate::java_hash::{self, JavaHash};
use crate::rng::Rng;
use crate::topic::{TopicName, TopicPartition};

/// The 32-bit hash of a serialized key.
pub fn murmur2(data: &[u8]) -> i32 {
    const SEED: u32 = 0x9747_b28c;
    const M: u32 = 0x5bd1_e995;

    // Java's array lengths are 32-bit; only the low word of a longer one would take part.
    let mut hash = SEED ^ data.len() as u32;
    let (words, tail) = data.as_chunks::<4>();
    for word in words {
        let mixed = u32::from_le_bytes(*word).wrapping_mul(M);
        hash = hash.wrapping_mul(M) ^ (mixed ^ (mixed >> 24)).wrapping_mul(M);
    }
    if !tail.is_empty() {
        let rest = tail.iter().rev().fold(0, |rest, byte| (rest << 8) | u32::from(*byte));
        hash = (hash ^ rest).wrapping_mul(M);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(M);
    (hash ^ (hash >> 15)).cast_signed()
}

/// Clears the sign bit, which is not the absolute value.
pub const fn to_positive(number: i32) -> u32 {
    number.cast_unsigned() & 0x7fff_ffff
}

/// Where a keyed record goes: a matter of all partitions of the topic, also of those without a leader.
pub fn partition_for_key(key: &[u8], partitions: u32) -> u32 {
    to_positive(murmur2(key)) % partitions
}

/// A topic as a producer's metadata shows it.
#[derive(Clone, Copy, Debug)]
pub struct TopicView<'a> {
    /// How many partitions the topic has.
    pub partitions: u32,
    /// The partitions that have a leader, in metadata order (see [`metadata_order`]).
    pub available: &'a [u32],
}

/// The order in which a client's metadata lists the partitions of the only topic it knows: that of
/// a `HashMap` made just large enough for them.
pub fn metadata_order(topic: &TopicName, partitions: u32) -> Vec<u32> {
    let all = (0..partitions).map(|partition| TopicPartition::new(topic.clone(), partition));
    let order = java_hash::iteration_order(all, partitions, TopicPartition::java_hash);
    order.into_iter().map(|tp| tp.partition).collect()
}

/// How many batches wait for a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueSize {
    pub partition: u32,
    pub batches: u32,
}

/// Places the keyless records of one topic: it stays with a partition until `batch.size` bytes went
/// there, then draws another, which may be the same one again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BuiltInPartitioner {
    sticky_batch_size: u32,
    current: Option<StickyPartition>,
    /// Partitions with the running sum of their weights; empty when all weigh the same.
    cumulative_frequency: Vec<(u32, u32)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct StickyPartition {
    partition: u32,
    produced_bytes: u32,
}

impl BuiltInPartitioner {
    /// `sticky_batch_size` is the producer's `batch.size`, at least 1.
    pub fn new(sticky_batch_size: u32) -> Self {
        assert!(sticky_batch_size > 0, "a sticky batch holds at least one byte");
        Self { sticky_batch_size, current: None, cumulative_frequency: Vec::new() }
    }

    /// The partition for the next record; the first call draws it.
    pub fn peek(&mut self, topic: TopicView<'_>, rng: &mut Rng) -> u32 {
        if let Some(current) = &self.current {
            return current.partition;
        }
        self.switch(topic, rng)
    }

    /// Counts bytes appended to the current partition and switches when it had its share.
    ///
    /// Without `enable_switch` (the last batch is still open) the switch waits for the batch to fill,
    /// but no longer than twice `batch.size`.
    pub fn update(&mut self, appended_bytes: u32, enable_switch: bool, topic: TopicView<'_>, rng: &mut Rng) {
        let Some(current) = &mut self.current else { return };
        current.produced_bytes = current.produced_bytes.saturating_add(appended_bytes);
        let filled = current.produced_bytes >= self.sticky_batch_size;
        let overfilled = current.produced_bytes >= self.sticky_batch_size.saturating_mul(2);
        if (filled && enable_switch) || overfilled {
            self.switch(topic, rng);
        }
    }

    /// Makes partitions with short queues more likely (`partitioner.adaptive.partitioning.enable`).
    ///
    /// `queues` are the partitions to choose from, out of `partitions` that have a leader; none of
    /// them means that the sizes are not known.
    pub fn update_load_stats(&mut self, queues: &[QueueSize], partitions: u32) {
        self.cumulative_frequency.clear();
        let longest = queues.iter().map(|queue| queue.batches).max().unwrap_or(0);
        let all_equal = queues.iter().all(|queue| queue.batches == longest);
        let none_excluded = queues.len() == partitions as usize;
        if partitions < 2 || (all_equal && none_excluded) {
            return;
        }
        let mut sum = 0;
        for queue in queues {
            sum += longest + 1 - queue.batches;
            self.cumulative_frequency.push((queue.partition, sum));
        }
    }

    fn switch(&mut self, topic: TopicView<'_>, rng: &mut Rng) -> u32 {
        let partition = self.next_partition(topic, rng);
        self.current = Some(StickyPartition { partition, produced_bytes: 0 });
        partition
    }

    fn next_partition(&self, topic: TopicView<'_>, rng: &mut Rng) -> u32 {
        if let Some((_, total)) = self.cumulative_frequency.last() {
            let draw = rng.below(*total);
            let index = self.cumulative_frequency.partition_point(|(_, sum)| *sum <= draw);
            return self.cumulative_frequency[index].0;
        }
        match u32::try_from(topic.available.len()) {
            Ok(available @ 1..) => topic.available[rng.below(available) as usize],
            Ok(0) | Err(_) => rng.below(topic.partitions),
        }
    }
}

/// Deals records out in turn, whatever their keys.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct RoundRobinPartitioner {
    counters: BTreeMap<TopicName, i32>,
}

impl RoundRobinPartitioner {
    pub fn partition(&mut self, name: &TopicName, topic: TopicView<'_>) -> u32 {
        let counter = self.counters.entry(name.clone()).or_insert(0);
        let turn = to_positive(*counter);
        *counter = counter.wrapping_add(1);
        match u32::try_from(topic.available.len()) {
            Ok(available @ 1..) => topic.available[(turn % available) as usize],
            Ok(0) | Err(_) => turn % topic.partitions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: TopicView<'static> = TopicView { partitions: 3, available: &[0, 1, 2] };

    #[test]
    fn keys_go_where_kafka_puts_them() {
        for (key, partition) in
            [("user_001", 2), ("user_002", 2), ("user_003", 1), ("project_100", 0), ("task_200", 1)]
        {
            assert_eq!(partition_for_key(key.as_bytes(), 3), partition, "{key}");
        }
        assert_eq!(murmur2(b""), 275_646_681);
    }

    #[test]
    fn a_sticky_partition_lasts_one_batch_or_at_most_two() {
        let mut rng = Rng::new(1);
        let mut partitioner = BuiltInPartitioner::new(100);
        partitioner.peek(THREE, &mut rng);
        for (bytes, enable_switch, left) in [
            (99, true, Some(99)),
            (1, false, Some(100)),
            (99, false, Some(199)),
            (1, false, None),
            (100, true, None),
        ] {
            partitioner.update(bytes, enable_switch, THREE, &mut rng);
            let produced = partitioner.current.as_ref().map(|current| current.produced_bytes);
            assert_eq!(produced, left.or(Some(0)));
        }
    }

    #[test]
    fn a_partition_without_a_leader_is_drawn_only_when_none_has_one() {
        let mut rng = Rng::new(2);
        for _ in 0..50 {
            let view = TopicView { partitions: 3, available: &[2] };
            assert_eq!(BuiltInPartitioner::new(1).peek(view, &mut rng), 2);
        }
        let leaderless = TopicView { partitions: 3, available: &[] };
        let drawn: std::collections::BTreeSet<u32> =
            (0..50).map(|_| BuiltInPartitioner::new(1).peek(leaderless, &mut rng)).collect();
        assert_eq!(drawn, [0, 1, 2].into());
    }

    #[test]
    fn long_queues_weigh_less() {
        let mut rng = Rng::new(3);
        let sizes = [(0, 0), (1, 3), (2, 1)].map(|(partition, batches)| QueueSize { partition, batches });
        let mut partitioner = BuiltInPartitioner::new(1);
        partitioner.update_load_stats(&sizes, 3);
        assert_eq!(partitioner.cumulative_frequency, [(0, 4), (1, 5), (2, 8)]);
        let mut counts = [0; 3];
        for _ in 0..8000 {
            counts[partitioner.next_partition(THREE, &mut rng) as usize] += 1;
        }
        for (count, expected) in counts.into_iter().zip([4000_i32, 1000, 3000]) {
            assert!((count - expected).abs() < 300, "{counts:?}");
        }
        partitioner.update_load_stats(&[], 3);
        assert_eq!(partitioner.cumulative_frequency, []);
    }

    #[test]
    fn round_robin_follows_the_order_of_the_metadata() {
        for (topic, cycle) in [
            ("parallel-test", [1, 0, 2, 1]),
            ("pv-2-0-1", [1, 0, 2, 1]),
            ("pv-2-0-2", [2, 1, 0, 2]),
            ("pv-2-3-1", [0, 2, 1, 0]),
            ("pv-3-3-3", [1, 0, 2, 1]),
        ] {
            let name = TopicName::from(topic);
            let order = metadata_order(&name, 3);
            let view = TopicView { partitions: 3, available: &order };
            let mut partitioner = RoundRobinPartitioner::default();
            assert_eq!([(); 4].map(|()| partitioner.partition(&name, view)), cycle, "{topic}");
        }
    }

    #[test]
    fn round_robin_outlives_its_counter() {
        let name = TopicName::from("t");
        let mut partitioner = RoundRobinPartitioner { counters: [(name.clone(), i32::MAX)].into() };
        assert_eq!([(); 2].map(|()| partitioner.partition(&name, THREE)), [1, 0]);
    }
}
