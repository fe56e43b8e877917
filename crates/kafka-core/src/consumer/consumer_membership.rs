//! Membership in a group of the consumer protocol (KIP-848): the member's state, its epoch, and the two assignments
//! that it has to bring together.
//!
//! Mirrors `AbstractMembershipManager`, `ConsumerMembershipManager` and `MemberState`. PREPARE_LEAVING and LEAVING
//! last no time here: the listener returns at once, and the goodbye is sent then or never. Leaves out: subscriptions by
//! regular expression, `CloseOptions`, consumers without a rebalance listener (whose reconciliation needs no `poll()`).

mod heartbeat;
mod reconciliation;
mod release;

use std::collections::{BTreeMap, BTreeSet};

use crate::consumer::CommitError;
use crate::consumer::commit::Purpose;
use crate::consumer::rebalance_commit::RebalanceCommit;
use crate::protocol::{ConsumerGroupHeartbeatRequest, ErrorCode, MemberId};
use crate::rng::Rng;
use crate::time::SimTime;
use crate::topic::{TopicId, TopicIdPartition, TopicName};
use heartbeat::HeartbeatRequests;
pub use reconciliation::{AssignmentChange, Reconciliation};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsumerMembership {
    /// Kept for the consumer's whole life.
    pub member_id: MemberId,
    /// 0 while it joins, below 0 once it has left.
    pub member_epoch: i32,
    pub state: ConsumerMemberState,
    /// What the member has taken over and told its listener; `None` before the first time.
    current: Option<LocalAssignment>,
    /// What the coordinator has assigned.
    target: Option<LocalAssignment>,
    /// Names of assigned topics, which outlive the client's metadata.
    topic_names: BTreeMap<TopicId, TopicName>,
    /// `subscribe()` was called: a member that is in no group joins in the next `poll()`.
    pub(super) subscription_updated: bool,
    pub(super) heartbeats: HeartbeatRequests,
}

/// | state | left when |
/// |---|---|
/// | Unsubscribed | `poll()` is called after `subscribe()` |
/// | Joining | the coordinator accepts the member and assigns partitions, be it none |
/// | Reconciling | `poll()` has committed and told the listener |
/// | Acknowledging | the heartbeat that tells what the member owns is sent |
/// | Stable | the coordinator assigns something else |
/// | Fenced | `poll()` has told the listener that the partitions are lost; the member rejoins |
/// | Stale | likewise; it left because `poll()` was not called for `max.poll.interval.ms` |
/// | Fatal | never |
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ConsumerMemberState {
    Unsubscribed,
    Joining,
    Reconciling(Reconciliation),
    Acknowledging,
    Stable,
    Fenced,
    Stale,
    Fatal(ErrorCode),
}

/// An assignment, numbered by the client so that a second one with equal partitions is still another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LocalAssignment {
    local_epoch: u64,
    partitions: BTreeSet<TopicIdPartition>,
}

impl ConsumerMembership {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self {
            // Both are `Uuid.randomUuid`.
            member_id: TopicId::random(rng).to_string().into(),
            member_epoch: ConsumerGroupHeartbeatRequest::JOIN_GROUP_MEMBER_EPOCH,
            state: ConsumerMemberState::Unsubscribed,
            current: None,
            target: None,
            topic_names: BTreeMap::new(),
            subscription_updated: false,
            heartbeats: HeartbeatRequests::default(),
        }
    }

    /// `None` while it is in no group.
    pub fn epoch(&self) -> Option<i32> {
        Some(self.member_epoch).filter(|epoch| *epoch > 0)
    }

    pub(super) fn is_stable(&self) -> bool {
        self.state == ConsumerMemberState::Stable
    }

    /// It commits first what was read from partitions that are about to move.
    pub fn commits_before_rebalance(&self) -> bool {
        self.reconciliation().is_some_and(Reconciliation::is_committing)
    }

    pub(super) const fn failure(&self) -> Option<ErrorCode> {
        if let ConsumerMemberState::Fatal(error) = &self.state { Some(*error) } else { None }
    }

    /// `AbstractMembershipManager.isNotInGroup`
    pub(super) const fn is_in_group(&self) -> bool {
        match &self.state {
            ConsumerMemberState::Joining
            | ConsumerMemberState::Reconciling(_)
            | ConsumerMemberState::Acknowledging
            | ConsumerMemberState::Stable => true,
            ConsumerMemberState::Unsubscribed
            | ConsumerMemberState::Fenced
            | ConsumerMemberState::Stale
            | ConsumerMemberState::Fatal(_) => false,
        }
    }

    const fn reconciliation(&self) -> Option<&Reconciliation> {
        if let ConsumerMemberState::Reconciling(reconciliation) = &self.state {
            Some(reconciliation)
        } else {
            None
        }
    }

    pub(super) const fn rebalance_commit(&mut self) -> Option<&mut RebalanceCommit> {
        if let ConsumerMemberState::Reconciling(reconciliation) = &mut self.state {
            reconciliation.commit()
        } else {
            None
        }
    }

    pub(super) fn wakes_at(&self) -> Option<SimTime> {
        self.reconciliation().and_then(Reconciliation::wakes_at)
    }

    /// What a commit throws that the coordinator refused (`OffsetCommitRequestState.onResponse`,
    /// `CommitRequestManager.commitSyncExceptionForError`). The commit before a reconciliation is tried again at the
    /// epoch that the member has by then.
    pub(super) fn commit_error(&self, error: ErrorCode, purpose: Purpose) -> CommitError {
        let kicked_out = matches!(error, ErrorCode::UnknownMemberId | ErrorCode::FencedInstanceId);
        let stale = error == ErrorCode::StaleMemberEpoch;
        if kicked_out || (stale && purpose == Purpose::Sync) {
            CommitError::CommitFailed
        } else if stale && purpose == Purpose::BeforeRebalance && self.epoch().is_some() {
            CommitError::Retriable(error)
        } else {
            CommitError::Broker(error)
        }
    }

    /// `transitionToJoining`
    fn join(&mut self) {
        self.member_epoch = ConsumerGroupHeartbeatRequest::JOIN_GROUP_MEMBER_EPOCH;
        self.state = ConsumerMemberState::Joining;
        self.target = None;
        self.topic_names.clear();
    }

    /// `clearAssignment`, the member's own half.
    fn forget_assignment(&mut self) {
        self.current = None;
        self.target = None;
        self.topic_names.clear();
    }

    fn is_reconciled(&self) -> bool {
        self.current == self.target
    }
}
