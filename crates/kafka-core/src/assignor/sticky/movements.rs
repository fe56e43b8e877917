//! Remembers which partitions moved, so that two of one topic do not pass each other. Mirrors
//! `AbstractStickyAssignor.PartitionMovements`.

use std::collections::BTreeMap;

use fxhash::FxHashMap;

use crate::java_hash::{DEFAULT_CAPACITY, HashOrder};

/// From one member to another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Route {
    from: usize,
    to: usize,
}

/// A partition's number among all, its topic's, and its hash.
#[derive(Clone, Copy)]
pub(super) struct Moving {
    pub(super) partition: usize,
    pub(super) topic: usize,
    pub(super) hash: i32,
}

#[derive(Default)]
pub(super) struct Movements {
    routes: FxHashMap<usize, Route>,
    by_topic: BTreeMap<(usize, Route), HashOrder<usize>>,
}

impl Movements {
    /// The partition to move instead: one of the topic that went the opposite way, if there is any.
    pub(super) fn partition_to_move(&self, moving: Moving, from: usize, to: usize) -> usize {
        let origin = self.routes.get(&moving.partition).map_or(from, |route| route.from);
        let back = Route { from: to, to: origin };
        let opposite =
            self.by_topic.get(&(moving.topic, back)).and_then(|partitions| partitions.iter().next());
        opposite.copied().unwrap_or(moving.partition)
    }

    /// A partition that moves on has moved from where it started; one that comes back has not moved.
    pub(super) fn record(&mut self, moving: Moving, from: usize, to: usize) {
        let mut route = Route { from, to };
        if let Some(earlier) = self.routes.remove(&moving.partition) {
            let key = (moving.topic, earlier);
            let partitions = self.by_topic.get_mut(&key).expect("a recorded move is listed by topic");
            partitions.remove(moving.hash, &moving.partition);
            if partitions.is_empty() {
                self.by_topic.remove(&key);
            }
            if earlier.from == to {
                return;
            }
            route.from = earlier.from;
        }
        self.routes.insert(moving.partition, route);
        let partitions = self.by_topic.entry((moving.topic, route));
        partitions
            .or_insert_with(|| HashOrder::with_capacity(DEFAULT_CAPACITY))
            .push(moving.hash, moving.partition);
    }
}
