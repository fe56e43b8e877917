//! `__consumer_offsets`, read as a log.

use std::rc::Rc;

use kafka_core::group::CoordinatorRecord;
use kafka_core::time::SimTime;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct OffsetsLog {
    /// By group name.
    pub homes: Rc<[Home]>,
    /// Newest first; no more than [`OffsetsLog::SHOWN`].
    pub entries: Rc<[Entry]>,
}

impl OffsetsLog {
    pub const SHOWN: usize = 60;
}

/// Where a group's records are: `abs(hash(group)) % partitions`, with the numbers filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Home {
    pub group: Rc<str>,
    /// `group.hashCode()` in Java.
    pub hash: i32,
    /// Its absolute value; 0 for the least integer.
    pub positive: u32,
    /// `offsets.topic.num.partitions`
    pub partitions: u32,
    /// The leader of this one is the group's coordinator.
    pub partition: u32,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub at: SimTime,
    pub partition: u32,
    pub offset: i64,
    pub record: CoordinatorRecord,
    /// The commit timestamp of an offset, on the playground's clock.
    pub committed_at: Option<SimTime>,
}
