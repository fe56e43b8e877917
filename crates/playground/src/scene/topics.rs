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
    /// As far as a `read_committed` consumer may read; below the high watermark while a transaction is open.
    pub last_stable_offset: i64,
    pub log_end_offset: i64,
    /// Transactions that have records here and no end, the oldest first.
    pub open_transactions: Rc<[OpenTransaction]>,
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
    /// The beginning of the value; of a marker, what it says.
    pub value: Rc<str>,
    /// `None` outside of a transaction.
    pub transaction: Option<InTransaction>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenTransaction {
    pub producer_id: i64,
    pub first_offset: i64,
}

/// What a cell is in its transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InTransaction {
    /// A record that nobody knows the fate of.
    Open,
    Committed,
    /// A record that `read_committed` consumers pass over.
    Aborted,
    /// The end of a transaction, which takes an offset and which no consumer sees.
    CommitMarker,
    AbortMarker,
}

/// How far a group has committed in a partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Committed {
    pub group: Rc<str>,
    pub offset: i64,
    pub lag: i64,
}
