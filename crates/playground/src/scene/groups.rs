//! Consumer groups as their coordinator sees them.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::group::GroupState;
use kafka_core::time::SimTime;

use super::{Countdown, LaneId};
use crate::rebalances::RebalanceTotals;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    pub name: Rc<str>,
    /// The broker that coordinates it.
    pub coordinator: u32,
    pub state: GroupState,
    /// The generation, or the group epoch of a KIP-848 group.
    pub generation: i32,
    /// Of a KIP-848 group: the group epoch that its target assignment was computed for.
    pub target_epoch: Option<i32>,
    /// The assignor that was agreed on.
    pub protocol: Option<Rc<str>>,
    pub members: Rc<[Member]>,
    pub wait: Option<Wait>,
    /// Newest first; the last ones.
    pub rebalances: Rc<[Rebalanced]>,
    /// Of all rebalances.
    pub totals: RebalanceTotals,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    pub name: Rc<str>,
    /// `None` for a member whose process is gone or has not been told its id yet.
    pub terminal: Option<u32>,
    pub leader: bool,
    pub progress: Progress,
    pub session: Option<Countdown>,
    /// Of a KIP-848 member.
    pub epoch: Option<i32>,
}

/// How far a member has come with what its group does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Progress {
    /// The coordinator waits for its JoinGroup or SyncGroup.
    Awaited,
    /// It has sent JoinGroup, and waits for the answer.
    Joined,
    /// It has sent SyncGroup, and waits for the answer.
    Synced,
    Settled,
    /// KIP-848: has to give these up first.
    GivesUp(Rc<[LaneId]>),
    /// KIP-848: is to get these, which others still hold or which it has not been told of yet.
    WaitsFor(Rc<[LaneId]>),
}

/// What a coordinator waits for, and for how much longer at most.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wait {
    /// `group.initial.rebalance.delay.ms`: more members may come.
    MoreMembers { left: Countdown },
    /// JoinGroup of these members.
    Joins { missing: Rc<[Rc<str>]>, left: Countdown },
    /// SyncGroup of the leader, which brings the assignment.
    Assignment { leader: Rc<str>, left: Countdown },
}

impl Wait {
    pub const fn left(&self) -> Countdown {
        match self {
            Self::MoreMembers { left } | Self::Joins { left, .. } | Self::Assignment { left, .. } => *left,
        }
    }
}

/// A rebalance, measured as [`crate::rebalances::Rebalance`] defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rebalanced {
    /// The generation or group epoch that it led to; `None` before that is known.
    pub generation: Option<i32>,
    pub began: SimTime,
    /// `None` while it goes on, and for one that the next rebalance cut short.
    pub took: Option<Duration>,
    pub stops: Rc<[Stopped]>,
    pub handovers: Rc<[HandedOver]>,
}

/// A consumer, also one that is gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Who {
    pub name: Rc<str>,
    /// `None` once the process is gone.
    pub terminal: Option<u32>,
}

/// A consumer that could not read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stopped {
    pub consumer: Who,
    pub stopped: Duration,
}

/// A partition that nobody read for a while.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HandedOver {
    pub lane: LaneId,
    pub from: Who,
    pub to: Who,
    pub unread: Duration,
    /// It came into other hands.
    pub moved: bool,
}
