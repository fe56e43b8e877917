//! The order in which the coordinator's own hash map lists its keys.
//!
//! Mirrors the table of `TimelineHashMap` (`BaseHashTable`), which spreads hash codes by Fibonacci hashing and
//! grows at other sizes than `java.util.HashMap`. Leaves out: snapshots.

use crate::java_hash::JavaHash;
use crate::protocol::MemberId;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TimelineOrder {
    /// Always a power of two.
    slots: Vec<Vec<MemberId>>,
    len: u32,
}

/// 2^64 divided by the golden ratio.
const FIBONACCI: u64 = 0x9e37_79b9_7f4a_7c15;

impl TimelineOrder {
    pub(super) fn new() -> Self {
        Self { slots: vec![Vec::new(); 2], len: 0 }
    }

    /// Adds a key that is not there yet.
    pub(super) fn push(&mut self, key: MemberId) {
        if (self.len as usize + 1) * 3 > self.slots.len() * 4 {
            let size = self.slots.len() * 2;
            for key in std::mem::replace(&mut self.slots, vec![Vec::new(); size]).into_iter().flatten() {
                self.slots[slot(&key, size)].push(key);
            }
        }
        let size = self.slots.len();
        self.slots[slot(&key, size)].push(key);
        self.len += 1;
    }

    pub(super) fn remove(&mut self, key: &MemberId) {
        let size = self.slots.len();
        let keys = &mut self.slots[slot(key, size)];
        if let Some(position) = keys.iter().position(|other| other == key) {
            keys.remove(position);
            self.len -= 1;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &MemberId> {
        self.slots.iter().flatten()
    }
}

/// The highest bits of the product, as many as the size needs.
fn slot(key: &str, size: usize) -> usize {
    let product = i64::from(key.java_hash()).cast_unsigned().wrapping_mul(FIBONACCI);
    (product >> (u64::BITS - size.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_kafkas_table() {
        assert_eq!([slot("uniform", 2), slot("range", 2)], [0, 1]);
        assert_eq!([slot("uniform", 8), slot("range", 8)], [0, 4]);
    }

    #[test]
    fn a_table_grows_and_forgets() {
        let mut order = TimelineOrder::new();
        let keys: Vec<MemberId> = (0..9).map(|number| format!("m-{number}").into()).collect();
        for key in &keys {
            order.push(key.clone());
        }
        assert_eq!((order.slots.len(), order.iter().count()), (8, 9));
        for key in &keys {
            order.remove(key);
        }
        assert_eq!(order, TimelineOrder { slots: vec![Vec::new(); 8], len: 0 });
    }
}
