//! ClassicMembership in a group of the classic protocol: what a member knows of itself, how it loses its generation, how it
//! says goodbye.
//!
//! Mirrors `AbstractCoordinator`. Leaves out: `CloseOptions`.

mod heartbeat;
mod join;
mod prepare;
mod sync;

use crate::consumer::CommitError;
use crate::consumer::Consumer;
use crate::consumer::commit::InFlightCommit;
use crate::consumer::listener::ListenerThrew;
use crate::consumer::membership::{Departure, Membership};
use crate::consumer::rebalance_commit::RebalanceCommit;
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, ErrorCode, LeaveGroupRequest, LeavingMember, MemberId, Request};
use crate::time::SimTime;
use crate::topic::{TopicName, TopicPartition};
use join::JoinFuture;
use sync::MetadataSnapshot;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassicMembership {
    /// Empty until the coordinator has given one out.
    pub member_id: MemberId,
    /// `None` before the first join and after being thrown out.
    pub generation: Option<i32>,
    pub state: ClassicMemberState,
    /// What this member was given last, for the sticky assignor.
    pub(super) last_assignment: Option<(i32, Vec<TopicPartition>)>,
    /// As the group's leader: the topics of the group as they were when it assigned them.
    pub(super) assigned_snapshot: Option<MetadataSnapshot>,
    /// The subscription that the last JoinGroup told.
    pub(super) joined_topics: Option<Vec<TopicName>>,
    pub(super) rejoin_needed: bool,
    /// The listeners have been told of this rebalance; a retry of the join does not tell them again.
    pub(super) prepared: bool,
    pub(super) preparation_commit: Option<RebalanceCommit>,
    pub(super) join: Option<JoinFuture>,
    pub(super) join_retry_at: SimTime,
    /// The heartbeat that is out; an answer to one of another generation says nothing about this one.
    pub(super) heartbeat: Option<CorrelationId>,
    /// When the heartbeat thread wakes up.
    pub(super) heartbeat_at: Option<SimTime>,
    /// Without a heartbeat answered by then, the coordinator counts as gone.
    pub(super) session_deadline: SimTime,
    /// An error that does not go away: it ends the heartbeat thread, and the next `poll()` throws it.
    pub(super) failure: Option<ErrorCode>,
}

/// `AbstractCoordinator.MemberState`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ClassicMemberState {
    Unjoined,
    /// JoinGroup is sent.
    PreparingRebalance,
    /// JoinGroup is answered, the assignment is not here yet.
    CompletingRebalance,
    Stable,
}

impl Default for ClassicMembership {
    fn default() -> Self {
        Self {
            member_id: "".into(),
            generation: None,
            state: ClassicMemberState::Unjoined,
            last_assignment: None,
            assigned_snapshot: None,
            joined_topics: None,
            rejoin_needed: true,
            prepared: false,
            preparation_commit: None,
            join: None,
            join_retry_at: SimTime::ZERO,
            heartbeat: None,
            heartbeat_at: None,
            session_deadline: SimTime::ZERO,
            failure: None,
        }
    }
}

impl ClassicMembership {
    /// It is about to rejoin and commits first what it has read.
    pub fn commits_before_rebalance(&self) -> bool {
        self.preparation_commit.is_some()
    }

    pub(super) fn is_stable(&self) -> bool {
        self.state == ClassicMemberState::Stable && !self.rejoin_needed
    }

    pub(super) fn rebalance_in_progress(&self) -> bool {
        match self.state {
            ClassicMemberState::PreparingRebalance | ClassicMemberState::CompletingRebalance => true,
            ClassicMemberState::Unjoined | ClassicMemberState::Stable => false,
        }
    }

    /// Heartbeats go out from the answer to JoinGroup on.
    pub(super) fn heartbeats(&self) -> bool {
        match self.state {
            ClassicMemberState::CompletingRebalance | ClassicMemberState::Stable => self.failure.is_none(),
            ClassicMemberState::Unjoined | ClassicMemberState::PreparingRebalance => false,
        }
    }

    /// A subscribed consumer commits only as an active member of its group (`generationIfStable`).
    pub(super) fn may_commit(&self) -> Result<(), CommitError> {
        match self.state {
            ClassicMemberState::PreparingRebalance | ClassicMemberState::CompletingRebalance => {
                Err(CommitError::RebalanceInProgress)
            }
            ClassicMemberState::Unjoined => Err(CommitError::CommitFailed),
            ClassicMemberState::Stable => Ok(()),
        }
    }

    /// `resetStateAndRejoin`. An outdated generation alone leaves the member its id.
    pub(super) fn reset(&mut self, forget_member_id: bool) {
        if forget_member_id {
            self.member_id = "".into();
        }
        self.generation = None;
        self.state = ClassicMemberState::Unjoined;
        self.rejoin_needed = true;
        self.prepared = false;
        self.heartbeat = None;
        self.heartbeat_at = None;
    }
}

impl Consumer {
    /// Errors that cost a member its place: `resetStateOnResponseError`. False for others.
    pub(super) fn note_membership_error(&mut self, error: ErrorCode, context: &mut Context<'_>) -> bool {
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else {
            return false;
        };
        let lost = matches!(
            error,
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration | ErrorCode::FencedInstanceId
        );
        if lost {
            membership.reset(error != ErrorCode::IllegalGeneration);
            context.cancel_timer(&Timer::Heartbeat);
        }
        lost
    }

    pub(super) fn classic_commit_error(
        &mut self,
        error: ErrorCode,
        commit: &InFlightCommit,
        context: &mut Context<'_>,
    ) -> CommitError {
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else {
            return CommitError::Broker(error);
        };
        let unchanged =
            membership.generation == commit.generation && membership.member_id == commit.member_id;
        let preparing = membership.state == ClassicMemberState::PreparingRebalance;
        if error == ErrorCode::RebalanceInProgress {
            membership.rejoin_needed = true;
            CommitError::RebalanceInProgress
        } else if error == ErrorCode::FencedInstanceId && unchanged {
            CommitError::Broker(error)
        } else if error == ErrorCode::FencedInstanceId && !preparing {
            CommitError::CommitFailed
        } else if error == ErrorCode::FencedInstanceId || (!unchanged && membership.rebalance_in_progress()) {
            CommitError::RebalanceInProgress
        } else if self.note_membership_error(error, context) {
            CommitError::CommitFailed
        } else {
            CommitError::Broker(error)
        }
    }

    /// A listener that throws keeps the member from leaving: its session has to expire.
    pub(super) fn depart_classic(&mut self, reason: &str, context: &mut Context<'_>) -> Departure {
        if let Err(threw) = self.prepare_leave(context) {
            return Departure { told: Err(threw), left: false, goodbye: None };
        }
        let goodbye = self.leave_group(reason, context);
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.joined_topics = None;
            membership.assigned_snapshot = None;
        }
        Departure { told: Ok(()), left: true, goodbye }
    }

    /// Gives up every partition before leaving: `onLeavePrepare`.
    fn prepare_leave(&mut self, context: &mut Context<'_>) -> Result<(), ListenerThrew> {
        let Some(membership) = self.classic() else { return Ok(()) };
        let lost = membership.generation.is_none()
            || membership.member_id.is_empty()
            || membership.rebalance_in_progress();
        let partitions = self.subscription.assigned();
        if partitions.is_empty() {
            return Ok(());
        }
        let told = if lost {
            self.partitions_lost(partitions, context)
        } else {
            self.partitions_revoked(partitions, context)
        };
        self.subscription.assign(&[]);
        told
    }

    /// Says goodbye, unless the member is static: that one may come back within its session. The generation is
    /// reset in any case (`maybeLeaveGroup`).
    fn leave_group(&mut self, reason: &str, context: &mut Context<'_>) -> Option<CorrelationId> {
        let coordinator = self.coordinator();
        let membership = self.membership.as_mut().and_then(Membership::classic_mut)?;
        let member_id = membership.member_id.clone();
        let known = membership.state != ClassicMemberState::Unjoined && !member_id.is_empty();
        membership.reset(true);
        context.cancel_timer(&Timer::Heartbeat);
        let (group, coordinator) = (self.config.group_id.clone()?, coordinator?);
        if !known || self.config.group_instance_id.is_some() {
            return None;
        }
        let leaving = LeavingMember { member_id, group_instance_id: None, reason: reason.into() };
        let request = Request::LeaveGroup(LeaveGroupRequest { group, members: vec![leaving] });
        Some(self.request(coordinator, request, context))
    }
}
