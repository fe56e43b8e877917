//! Java's hash codes and the order they impose. Mirrors `java.lang.String.hashCode` and `compareTo`,
//! `java.util.HashMap`, and the hashes of `org.apache.kafka.common.{TopicPartition, Uuid}`.
//!
//! Kafka's results depend on them in plain sight: which partition of `__consumer_offsets` holds a
//! group, which member of two equal ones gets the extra partition, which partition a console
//! consumer prints first.
//!
//! Leaves out: red-black buckets (more than 8 keys in one bucket of a table of 64 or more) and
//! `computeIfAbsent`, which puts a key at the head of its bucket rather than at the tail.

use std::cmp::Ordering;
use std::mem;

use crate::topic::{TopicId, TopicPartition};

/// The table size of a `HashMap` that was given no capacity.
pub const DEFAULT_CAPACITY: u32 = 16;

/// A bucket that outgrows this doubles a table smaller than [`MIN_TREEIFY_CAPACITY`].
const TREEIFY_THRESHOLD: usize = 8;
const MIN_TREEIFY_CAPACITY: usize = 64;

/// `Object.hashCode`, for those values whose hash Kafka's behaviour shows.
pub trait JavaHash {
    fn java_hash(&self) -> i32;
}

impl JavaHash for str {
    fn java_hash(&self) -> i32 {
        self.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
    }
}

/// `Integer.hashCode`, for partition numbers.
impl JavaHash for u32 {
    fn java_hash(&self) -> i32 {
        self.cast_signed()
    }
}

impl JavaHash for TopicPartition {
    fn java_hash(&self) -> i32 {
        let partition = self.partition.cast_signed().wrapping_add(31);
        partition.wrapping_mul(31).wrapping_add(self.topic.java_hash())
    }
}

impl JavaHash for TopicId {
    fn java_hash(&self) -> i32 {
        let folded = self.most_significant_bits ^ self.least_significant_bits;
        let low_word = |bits: u64| (bits & u64::from(u32::MAX)) as u32;
        (low_word(folded >> 32) ^ low_word(folded)).cast_signed()
    }
}

/// What `HashMap` makes of a hash code, so that small tables see its high bits too.
pub const fn spread(hash: i32) -> i32 {
    hash ^ (hash.cast_unsigned() >> 16).cast_signed()
}

/// `String.compareTo`: by UTF-16 code units, which differs from Rust's order where a surrogate pair
/// (an emoji, say) meets U+E000..U+FFFF.
pub fn compare(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

/// Which of the `partitions` of `__consumer_offsets` holds a group: `Utils.abs(hash) % partitions`,
/// where `abs` of the least integer is 0.
pub fn coordinator_partition(group: &str, partitions: u32) -> u32 {
    group.java_hash().checked_abs().map_or(0, i32::cast_unsigned) % partitions
}

/// The keys of a `java.util.HashMap` or `HashSet`, in the order in which Java iterates them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HashOrder<K> {
    /// Every key beside the spread of its hash.
    buckets: Vec<Vec<(i32, K)>>,
    len: u32,
}

impl<K> HashOrder<K> {
    /// `new HashMap<>(capacity)`: the table is the next power of two.
    pub fn with_capacity(capacity: u32) -> Self {
        let size = capacity.next_power_of_two() as usize;
        Self { buckets: empty_table(size), len: 0 }
    }

    /// Adds a key that is not there yet, as `HashMap.put` does.
    pub fn push(&mut self, hash: i32, key: K) {
        let spread = spread(hash);
        let index = bucket_index(spread, self.buckets.len());
        let bucket = &mut self.buckets[index];
        bucket.push((spread, key));
        if bucket.len() > TREEIFY_THRESHOLD && self.buckets.len() < MIN_TREEIFY_CAPACITY {
            self.double();
        }
        self.len += 1;
        if self.len as usize > self.buckets.len() * 3 / 4 {
            self.double();
        }
    }

    /// Takes a key out; the table never shrinks.
    pub fn remove(&mut self, hash: i32, key: &K)
    where
        K: PartialEq,
    {
        let index = bucket_index(spread(hash), self.buckets.len());
        let bucket = &mut self.buckets[index];
        if let Some(position) = bucket.iter().position(|(_, other)| other == key) {
            bucket.remove(position);
            self.len -= 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = &K> {
        self.buckets.iter().flatten().map(|(_, key)| key)
    }

    /// Every bucket splits in two and keeps its order.
    fn double(&mut self) {
        let size = self.buckets.len() * 2;
        for (spread, key) in mem::replace(&mut self.buckets, empty_table(size)).into_iter().flatten() {
            self.buckets[bucket_index(spread, size)].push((spread, key));
        }
    }
}

fn empty_table<K>(size: usize) -> Vec<Vec<(i32, K)>> {
    (0..size).map(|_| Vec::new()).collect()
}

fn bucket_index(spread: i32, table_size: usize) -> usize {
    spread.cast_unsigned() as usize & (table_size - 1)
}

/// The order in which a `HashMap` of this initial capacity iterates distinct keys that were put in
/// the order given.
pub fn iteration_order<K>(
    keys: impl IntoIterator<Item = K>,
    capacity: u32,
    hash: impl Fn(&K) -> i32,
) -> Vec<K> {
    let mut order = HashOrder::with_capacity(capacity);
    for key in keys {
        order.push(hash(&key), key);
    }
    order.buckets.into_iter().flatten().map(|(_, key)| key).collect()
}

/// The capacity that `new HashSet<>(collection)` gives itself for a collection of this length.
pub const fn copy_capacity(len: u32) -> u32 {
    let capacity = len + len / 3 + 1;
    if capacity > DEFAULT_CAPACITY { capacity } else { DEFAULT_CAPACITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_hashes_by_utf16_units() {
        assert_eq!("".java_hash(), 0);
        assert_eq!("Aa".java_hash(), "BB".java_hash());
        assert_eq!("polygenelubricants".java_hash(), i32::MIN);
        assert_eq!("😀".java_hash(), 0xd83d * 31 + 0xde00);
    }

    #[test]
    fn the_least_hash_lives_in_partition_zero() {
        assert_eq!(coordinator_partition("polygenelubricants", 50), 0);
    }

    #[test]
    fn a_surrogate_pair_sorts_before_the_end_of_the_basic_plane() {
        assert_eq!(compare("😀", "\u{ffee}"), Ordering::Less);
        assert_eq!("😀".cmp("\u{ffee}"), Ordering::Greater);
    }

    #[test]
    fn the_capacity_decides_the_order() {
        let partitions = (0..3).map(|partition| TopicPartition::new("parallel-test", partition));
        let order = iteration_order(partitions, 3, TopicPartition::java_hash);
        assert_eq!(order.iter().map(|tp| tp.partition).collect::<Vec<_>>(), [1, 0, 2]);
    }

    #[test]
    fn a_table_doubles_past_three_quarters_and_never_shrinks() {
        let mut order = HashOrder::with_capacity(DEFAULT_CAPACITY);
        for number in [17, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] {
            order.push(number.java_hash(), number);
        }
        assert_eq!(order.iter().next(), Some(&17));
        order.push(12.java_hash(), 12_u32);
        assert_eq!(order.iter().next(), Some(&1));
        order.remove(12.java_hash(), &12);
        assert_eq!(order.iter().last(), Some(&17));
    }

    #[test]
    fn a_crowded_bucket_doubles_a_small_table() {
        let multiples = (0..9).map(|n| n * 16).rev();
        assert_eq!(
            iteration_order(multiples, DEFAULT_CAPACITY, u32::java_hash),
            [128, 96, 64, 32, 0, 112, 80, 48, 16]
        );
    }
}
