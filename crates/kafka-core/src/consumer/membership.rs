//! Membership in a group of the classic protocol: what a member knows of itself, how it loses its generation, how it
//! says goodbye.
//!
//! Mirrors `AbstractCoordinator`. Leaves out: the KIP-848 protocol, `CloseOptions`, `enforceRebalance()`.

use std::collections::BTreeMap;

use crate::consumer::Consumer;
use crate::consumer::join::JoinFuture;
use crate::consumer::listener::ListenerThrew;
use crate::consumer::prepare::PreparationCommit;
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, ErrorCode, LeaveGroupRequest, LeavingMember, MemberId, Request};
use crate::time::SimTime;
use crate::topic::{TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    /// Empty until the coordinator has given one out.
    pub member_id: MemberId,
    /// `None` before the first join and after being thrown out.
    pub generation: Option<i32>,
    pub state: MemberState,
    /// What this member was given last, for the sticky assignor.
    pub(super) last_assignment: Option<(i32, Vec<TopicPartition>)>,
    /// As the group's leader: how many partitions each topic of the group had when it assigned them.
    pub(super) assigned_snapshot: Option<BTreeMap<TopicName, Option<u32>>>,
    /// The subscription that the last JoinGroup told.
    pub(super) joined_topics: Option<Vec<TopicName>>,
    pub(super) rejoin_needed: bool,
    /// The listeners have been told of this rebalance; a retry of the join does not tell them again.
    pub(super) prepared: bool,
    pub(super) preparation_commit: Option<PreparationCommit>,
    pub(super) join: Option<JoinFuture>,
    pub(super) join_retry_at: SimTime,
    /// The heartbeat that is out; an answer to one of another generation says nothing about this one.
    pub(super) heartbeat: Option<CorrelationId>,
    /// Without a heartbeat answered by then, the coordinator counts as gone.
    pub(super) session_deadline: SimTime,
    /// An error that does not go away: it ends the heartbeat thread, and the next `poll()` throws it.
    pub(super) failure: Option<ErrorCode>,
}

/// `AbstractCoordinator.MemberState`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MemberState {
    Unjoined,
    /// JoinGroup is sent.
    PreparingRebalance,
    /// JoinGroup is answered, the assignment is not here yet.
    CompletingRebalance,
    Stable,
}

impl Default for Membership {
    fn default() -> Self {
        Self {
            member_id: "".into(),
            generation: None,
            state: MemberState::Unjoined,
            last_assignment: None,
            assigned_snapshot: None,
            joined_topics: None,
            rejoin_needed: true,
            prepared: false,
            preparation_commit: None,
            join: None,
            join_retry_at: SimTime::ZERO,
            heartbeat: None,
            session_deadline: SimTime::ZERO,
            failure: None,
        }
    }
}

impl Membership {
    /// It is about to rejoin and commits first what it has read.
    pub fn commits_before_join(&self) -> bool {
        self.preparation_commit.is_some()
    }

    pub(super) fn rebalance_in_progress(&self) -> bool {
        match self.state {
            MemberState::PreparingRebalance | MemberState::CompletingRebalance => true,
            MemberState::Unjoined | MemberState::Stable => false,
        }
    }

    /// Heartbeats go out from the answer to JoinGroup on.
    pub(super) fn heartbeats(&self) -> bool {
        match self.state {
            MemberState::CompletingRebalance | MemberState::Stable => self.failure.is_none(),
            MemberState::Unjoined | MemberState::PreparingRebalance => false,
        }
    }

    /// `resetStateAndRejoin`. An outdated generation alone leaves the member its id.
    pub(super) fn reset(&mut self, forget_member_id: bool) {
        if forget_member_id {
            self.member_id = "".into();
        }
        self.generation = None;
        self.state = MemberState::Unjoined;
        self.rejoin_needed = true;
        self.prepared = false;
        self.heartbeat = None;
    }
}

impl Consumer {
    /// Errors that cost a member its place: `resetStateOnResponseError`. False for others.
    pub(super) fn note_membership_error(&mut self, error: ErrorCode, context: &mut Context<'_>) -> bool {
        let Some(membership) = &mut self.membership else { return false };
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

    /// Gives up every partition before leaving: `onLeavePrepare`.
    pub(super) fn prepare_leave(&mut self, context: &mut Context<'_>) -> Result<(), ListenerThrew> {
        let Some(membership) = &self.membership else { return Ok(()) };
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
    pub(super) fn leave_group(&mut self, reason: &str, context: &mut Context<'_>) -> Option<CorrelationId> {
        let coordinator = self.coordinator();
        let membership = self.membership.as_mut()?;
        let member_id = membership.member_id.clone();
        let known = membership.state != MemberState::Unjoined && !member_id.is_empty();
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
