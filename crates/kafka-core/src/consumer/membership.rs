//! Membership in a group of the classic protocol: find the coordinator, join, sync, heartbeat, leave.
//!
//! Mirrors `AbstractCoordinator` and `ConsumerCoordinator`. Leaves out: time-outs of requests (the coordinator always
//! answers), `max.poll.interval.ms`, exceptions of rebalance listeners, pattern subscriptions.

use std::collections::BTreeMap;

use crate::assignor::RebalanceProtocol;
use crate::consumer::{Consumer, Life};
use crate::event::Event;
use crate::metadata::any_broker;
use crate::node::{Context, Timer};
use crate::protocol::{
    BrokerId, CorrelationId, ErrorCode, FindCoordinatorRequest, FindCoordinatorResponse, HeartbeatRequest,
    HeartbeatResponse, JoinedGeneration, LeaveGroupRequest, LeavingMember, MemberId, Request,
};
use crate::topic::{TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Membership {
    coordinator: Coordinator,
    /// Empty until the coordinator has given one out.
    pub member_id: MemberId,
    /// `None` before the first join and after being thrown out.
    pub generation: Option<i32>,
    pub state: MemberState,
    /// What this member was given last, for the sticky assignor.
    pub(super) last_assignment: Option<(i32, Vec<TopicPartition>)>,
    /// As the group's leader: how many partitions each topic of the group had when it assigned them.
    pub(super) assigned_snapshot: Option<BTreeMap<TopicName, Option<u32>>>,
    pub(super) rejoin_needed: bool,
    /// Listeners have been told for this rebalance; a retry of the join does not tell them again.
    pub(super) prepared: bool,
    heartbeat: Option<CorrelationId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Coordinator {
    Unknown,
    Looking,
    /// Asked too early: `CoordinatorRetry` runs.
    Waiting,
    Known(BrokerId),
}

/// `AbstractCoordinator.MemberState`, with what each state waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MemberState {
    Unjoined,
    /// Commits before it gives its partitions up.
    CommittingBeforeJoin(CorrelationId),
    /// JoinGroup is sent.
    PreparingRebalance(CorrelationId),
    /// The leader does not know every topic of the group yet.
    AwaitingMetadata(JoinedGeneration),
    /// JoinGroup is answered, SyncGroup is sent.
    CompletingRebalance(CorrelationId),
    Stable,
}

impl Default for Membership {
    fn default() -> Self {
        Self {
            coordinator: Coordinator::Unknown,
            member_id: "".into(),
            generation: None,
            state: MemberState::Unjoined,
            last_assignment: None,
            assigned_snapshot: None,
            rejoin_needed: true,
            prepared: false,
            heartbeat: None,
        }
    }
}

impl Membership {
    /// The group's coordinator, once it is known.
    pub fn coordinator(&self) -> Option<BrokerId> {
        match self.coordinator {
            Coordinator::Known(broker) => Some(broker),
            Coordinator::Unknown | Coordinator::Looking | Coordinator::Waiting => None,
        }
    }

    fn forget_generation(&mut self) {
        self.generation = None;
        self.state = MemberState::Unjoined;
        self.rejoin_needed = true;
        self.prepared = false;
        self.heartbeat = None;
    }
}

impl Consumer {
    pub(super) fn coordinator(&self) -> Option<BrokerId> {
        self.membership.as_ref()?.coordinator()
    }

    /// Under the eager protocol nothing is read between the last commit and the new assignment.
    pub(super) fn is_revoking(&self) -> bool {
        let committing = self
            .membership
            .as_ref()
            .is_some_and(|membership| matches!(membership.state, MemberState::CommittingBeforeJoin(_)));
        committing && self.rebalance_protocol() == RebalanceProtocol::Eager
    }

    pub(super) fn is_waiting_for_commit(&self, correlation_id: CorrelationId) -> bool {
        self.membership
            .as_ref()
            .is_some_and(|membership| membership.state == MemberState::CommittingBeforeJoin(correlation_id))
    }

    /// `ConsumerCoordinator.poll`: a known coordinator, then membership in its group.
    pub(super) fn poll_coordinator(&mut self, context: &mut Context<'_>) {
        let snapshot_changed = self.assigned_topics_changed();
        let answered = self.metadata.is_answered();
        let Some(membership) = &mut self.membership else { return };
        membership.rejoin_needed |= snapshot_changed;
        match membership.coordinator {
            Coordinator::Unknown => self.find_coordinator(context),
            Coordinator::Waiting => {
                if context.timer_at(&Timer::CoordinatorRetry).is_none() {
                    self.find_coordinator(context);
                }
            }
            Coordinator::Known(_) if answered => self.join_if_needed(context),
            Coordinator::Looking | Coordinator::Known(_) => {}
        }
    }

    pub(super) fn on_find_coordinator_response(
        &mut self,
        response: &FindCoordinatorResponse,
        context: &mut Context<'_>,
    ) {
        let (Some(membership), Some(group)) = (&mut self.membership, &self.config.group_id) else { return };
        match response.coordinator {
            Ok(coordinator) => {
                membership.coordinator = Coordinator::Known(coordinator);
                let group = group.clone();
                context.emit(Event::CoordinatorDiscovered { client: self.client, group, coordinator });
            }
            Err(_) => self.look_for_coordinator_later(context),
        }
    }

    pub(super) fn on_heartbeat_response(
        &mut self,
        correlation_id: CorrelationId,
        response: &HeartbeatResponse,
        context: &mut Context<'_>,
    ) {
        let Some(membership) = &mut self.membership else { return };
        // An answer to a heartbeat of an earlier generation says nothing about this one.
        if membership.heartbeat != Some(correlation_id) {
            return;
        }
        membership.heartbeat = None;
        match response.outcome {
            Ok(()) => {}
            Err(ErrorCode::RebalanceInProgress) => {
                membership.rejoin_needed |= membership.state == MemberState::Stable;
            }
            Err(error) => self.on_coordinator_error(error, context),
        }
    }

    /// What an error of the coordinator means for the membership (the handlers of `AbstractCoordinator`).
    pub(super) fn on_coordinator_error(&mut self, error: ErrorCode, context: &mut Context<'_>) {
        let Some(membership) = &mut self.membership else { return };
        match error {
            ErrorCode::UnknownMemberId => {
                membership.member_id = "".into();
                membership.forget_generation();
            }
            ErrorCode::IllegalGeneration => membership.forget_generation(),
            ErrorCode::RebalanceInProgress => membership.rejoin_needed = true,
            ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable => {
                self.look_for_coordinator_later(context);
            }
            ErrorCode::OffsetOutOfRange
            | ErrorCode::UnknownTopicOrPartition
            | ErrorCode::NotLeaderOrFollower
            | ErrorCode::RequestTimedOut
            | ErrorCode::MessageTooLarge
            | ErrorCode::OffsetMetadataTooLarge
            | ErrorCode::InvalidTopic
            | ErrorCode::NotEnoughReplicas
            | ErrorCode::InconsistentGroupProtocol
            | ErrorCode::InvalidGroupId
            | ErrorCode::InvalidSessionTimeout
            | ErrorCode::GroupIdNotFound
            | ErrorCode::NonEmptyGroup
            | ErrorCode::GroupSubscribedToTopic
            | ErrorCode::FencedLeaderEpoch
            | ErrorCode::MemberIdRequired
            | ErrorCode::GroupMaxSizeReached
            | ErrorCode::FencedInstanceId
            | ErrorCode::UnsupportedVersion
            | ErrorCode::InvalidRequest
            | ErrorCode::FencedMemberEpoch
            | ErrorCode::UnreleasedInstanceId
            | ErrorCode::UnsupportedAssignor
            | ErrorCode::StaleMemberEpoch => self.fail(error, context),
        }
    }

    pub(super) fn send_heartbeat(&mut self, context: &mut Context<'_>) {
        let (Some(coordinator), Some(group)) = (self.coordinator(), self.config.group_id.clone()) else {
            return;
        };
        let correlation_id = self.next_correlation_id();
        let group_instance_id = self.config.group_instance_id.clone();
        let Some(membership) = &mut self.membership else { return };
        let Some(generation_id) = membership.generation else { return };
        membership.heartbeat = Some(correlation_id);
        let member_id = membership.member_id.clone();
        let request = HeartbeatRequest { group, member_id, group_instance_id, generation_id };
        context.request(coordinator, correlation_id, Request::Heartbeat(request));
        self.restart_heartbeat(context);
    }

    /// The last part of `close()`.
    pub(super) fn leave(&mut self, context: &mut Context<'_>) {
        context.cancel_timer(&Timer::Heartbeat);
        context.cancel_timer(&Timer::AutoCommit);
        self.give_up_partitions(context);
        let correlation_id = self.next_correlation_id();
        match self.leave_request() {
            Some((coordinator, request)) => {
                self.life = Life::Leaving(correlation_id);
                context.request(coordinator, correlation_id, Request::LeaveGroup(request));
            }
            None => self.end(context),
        }
    }

    fn give_up_partitions(&mut self, context: &mut Context<'_>) {
        let Some(membership) = &self.membership else { return };
        let in_group = membership.generation.is_some() && membership.state == MemberState::Stable;
        let partitions = self.subscription.assigned();
        if partitions.is_empty() {
            return;
        }
        self.subscription.assign(&[]);
        let client = self.client;
        context.emit(if in_group {
            Event::PartitionsRevoked { client, partitions }
        } else {
            Event::PartitionsLost { client, partitions }
        });
    }

    /// A static member does not say goodbye: it may come back within its session.
    fn leave_request(&self) -> Option<(BrokerId, LeaveGroupRequest)> {
        let membership = self.membership.as_ref()?;
        let known = membership.state != MemberState::Unjoined && !membership.member_id.is_empty();
        if !known || self.config.group_instance_id.is_some() {
            return None;
        }
        let leaving = LeavingMember {
            member_id: membership.member_id.clone(),
            group_instance_id: None,
            reason: "the consumer is being closed".into(),
        };
        let group = self.config.group_id.clone()?;
        Some((membership.coordinator()?, LeaveGroupRequest { group, members: vec![leaving] }))
    }

    fn find_coordinator(&mut self, context: &mut Context<'_>) {
        let (Some(membership), Some(group)) = (&mut self.membership, self.config.group_id.clone()) else {
            return;
        };
        membership.coordinator = Coordinator::Looking;
        let correlation_id = self.next_correlation_id();
        let broker = any_broker(context);
        let request = Request::FindCoordinator(FindCoordinatorRequest { group });
        context.request(broker, correlation_id, request);
    }

    fn look_for_coordinator_later(&mut self, context: &mut Context<'_>) {
        if let Some(membership) = &mut self.membership {
            membership.coordinator = Coordinator::Waiting;
            context.set_timer(Timer::CoordinatorRetry, context.now + self.config.retry_backoff);
        }
    }

    pub(super) fn restart_heartbeat(&self, context: &mut Context<'_>) {
        context.set_timer(Timer::Heartbeat, context.now + self.config.heartbeat_interval);
    }
}
