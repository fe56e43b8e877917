//! Records that a group handled more than once, or not at all.

use std::rc::Rc;

use super::LaneId;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupDeliveries {
    pub group: Rc<str>,
    /// How often a record was handled, with every repetition.
    pub processed: u64,
    /// How many records were handled more than once.
    pub repeated: u64,
    /// How many were committed and never handled.
    pub lost: u64,
    /// By lane and offset; of each kind no more than [`GroupDeliveries::SHOWN`], the last ones.
    pub mishaps: Rc<[Mishap]>,
}

impl GroupDeliveries {
    pub const SHOWN: usize = 200;
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mishap {
    pub lane: LaneId,
    pub offset: i64,
    pub kind: MishapKind,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum MishapKind {
    /// Handled so many times, at least twice.
    Repeated { times: u32 },
    /// Committed, and never handled.
    Lost,
}
