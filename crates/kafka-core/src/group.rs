//! Consumer groups on the broker side.

use std::fmt;

/// A classic group's state, by the name that tools print.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GroupState {
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,
}

impl fmt::Display for GroupState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Why a member is no longer in its group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LeaveReason {
    /// It said goodbye (LeaveGroup).
    Left,
    /// No sign of life for `session.timeout.ms`.
    SessionExpired,
    /// It did not rejoin before the rebalance timeout.
    RebalanceTimeout,
    /// It joined but never synced.
    SyncTimeout,
    /// A newer process with the same `group.instance.id` took its place.
    Replaced,
}
