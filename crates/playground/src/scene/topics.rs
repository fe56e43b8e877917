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
    pub leader_epoch: i32,
    /// The leader was elected a moment ago.
    pub election: Option<Election>,
    /// So many replicas have to be in sync for a write with `acks=all`: `min.insync.replicas`, as far as there are
    /// replicas.
    pub min_isr: u32,
    /// In order of preference.
    pub replicas: Rc<[Replica]>,
    /// Of the leader, as the other offsets and the cells; without one, of the replica with the longest log.
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

    pub fn isr(&self) -> usize {
        self.replicas.iter().filter(|replica| replica.out.is_none()).count()
    }

    /// Writes with `acks=all` are refused.
    pub fn is_under_min_isr(&self) -> bool {
        self.isr() < self.min_isr as usize
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Election {
    pub from: Option<u32>,
    /// The new leader may lack committed records.
    pub unclean: bool,
}

/// One broker's copy of a partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replica {
    pub broker: u32,
    pub leads: bool,
    /// `None` while it is in sync.
    pub out: Option<OutOfSync>,
    /// Its broker runs, and is on the network.
    pub reachable: bool,
    pub log_end_offset: i64,
    /// How many of the lane's records it lacks.
    pub lag: i64,
    /// Records that the lane does not have, or has others in the place of; no more than [`Lane::SHOWN`].
    pub own: Rc<[Cell]>,
}

/// Why a replica is not in sync now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OutOfSync {
    /// Its broker hands over what it leads.
    ShuttingDown,
    /// The controller takes its broker for dead, or that has shut down.
    Fenced,
    /// It has not been up to date for `replica.lag.time.max.ms`, or is not yet after its return.
    Behind,
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
