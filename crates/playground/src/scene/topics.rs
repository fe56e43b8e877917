//! Topics as lanes of numbered cells.

use std::rc::Rc;

use super::Hue;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Topic {
    pub name: Rc<str>,
    pub replication_factor: u32,
    /// A client writes to it or reads from it.
    pub active: bool,
    /// By partition number, without gaps.
    pub lanes: Rc<[Lane]>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lane {
    pub partition: u32,
    /// The broker that leads; `None` while the partition is offline.
    pub leader: Option<u32>,
    pub replicas: Rc<[Replica]>,
    pub log_start_offset: i64,
    pub high_watermark: i64,
    pub log_end_offset: i64,
    /// The newest records, oldest first; no more than [`Lane::SHOWN`].
    pub cells: Rc<[Cell]>,
    /// By group name.
    pub committed: Rc<[Committed]>,
    /// Records were appended a moment ago.
    pub fresh: bool,
}

impl Lane {
    pub const SHOWN: usize = 32;
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replica {
    pub broker: u32,
    pub in_sync: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    pub offset: i64,
    pub hue: Hue,
    pub key: Option<Rc<str>>,
    /// The beginning of the value.
    pub value: Rc<str>,
}

/// How far a group has committed in a partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Committed {
    pub group: Rc<str>,
    pub offset: i64,
    pub lag: i64,
}
