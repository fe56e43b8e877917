//! Consumers: what they do in their group, what they hold, how far they have read.

use std::rc::Rc;
use std::time::Duration;

use super::{Countdowns, Hue, LaneId};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consumer {
    pub number: u32,
    /// Its `client.id`, or the member's once the process is gone.
    pub name: Rc<str>,
    /// `None` once the process is gone.
    pub terminal: Option<u32>,
    pub group: Option<Rc<str>>,
    pub state: ConsumerState,
    /// 0 before the first.
    pub generation: i32,
    /// Of a member of a KIP-848 group, in the place of the generation.
    pub member_epoch: Option<i32>,
    pub held: Rc<[Held]>,
    pub countdowns: Countdowns,
    /// It has given up its last partition and waits for the next assignment, for so long; in whole milliseconds.
    pub stopped: Option<Duration>,
    pub records_seen: u64,
    pub last_record: Option<LastRecord>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsumerState {
    /// Reads partitions of its own choice, in no group.
    Alone,
    FindingCoordinator,
    /// Waits for the answer to JoinGroup.
    Joining,
    /// Waits for the answer to SyncGroup.
    Syncing,
    Stable,
    /// Was told to rejoin and lets go of partitions first.
    Revoking,
    Leaving,
    /// Its process stands still (SIGSTOP).
    Suspended,
    /// The process is gone; the coordinator will notice in so many tenths of a second.
    Gone {
        noticed_in: u32,
    },
    Failed,
}

/// A partition in a consumer's hands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub lane: LaneId,
    pub holding: Holding,
    /// The offset of the next record it will read; `None` before that is known.
    pub position: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holding {
    /// Assigned a moment ago.
    New,
    Kept,
    /// Taken away a moment ago.
    Revoked,
    /// KIP-848: has to be given up, and is held until then.
    GivingUp,
    /// KIP-848: meant for this consumer, and not in its hands yet.
    Awaited,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastRecord {
    pub lane: LaneId,
    pub offset: i64,
    pub hue: Hue,
    /// The beginning of the value.
    pub value: Rc<str>,
}
