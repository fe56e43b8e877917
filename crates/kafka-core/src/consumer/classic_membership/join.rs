//! A rebalance as a member lives it: what is to be done next, and JoinGroup.
//!
//! Mirrors `AbstractCoordinator.joinGroupIfNeeded` and `JoinGroupResponseHandler`. Leaves out: pattern subscriptions.

use std::rc::Rc;

use crate::assignor::{ClientAssignor, RebalanceProtocol};
use crate::client::client_host;
use crate::consumer::Consumer;
use crate::consumer::classic_membership::ClassicMemberState;
use crate::consumer::listener::ListenerThrew;
use crate::consumer::membership::Membership;
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{
    CorrelationId, ErrorCode, GroupId, JoinGroupRequest, JoinGroupResponse, JoinedGeneration, Request,
    Subscription,
};
use crate::topic::TopicPartition;

/// How far the join has come that `poll()` waits for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::consumer) enum JoinFuture {
    Joining(CorrelationId),
    /// The leader does not know every topic of the group yet.
    AwaitingMetadata(JoinedGeneration),
    Syncing(CorrelationId),
    /// SyncGroup is answered; the rest is for the application's thread.
    Assigned(Vec<TopicPartition>),
}

impl Consumer {
    /// `ConsumerCoordinator.poll`: true when positions may be looked after.
    pub(in crate::consumer) fn poll_coordinator(
        &mut self,
        context: &mut Context<'_>,
    ) -> Result<bool, ListenerThrew> {
        let changed = self.assigned_topics_changed() || self.subscription_changed();
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else {
            return Ok(true);
        };
        if membership.failure.is_some() {
            return Ok(false);
        }
        membership.rejoin_needed |= changed;
        if membership.join.is_none() && self.ensure_coordinator(context).is_none() {
            return Ok(false);
        }
        self.join_if_needed(context)
    }

    /// `ensureActiveGroup`: true when there is nothing to join for.
    pub(in crate::consumer) fn join_if_needed(
        &mut self,
        context: &mut Context<'_>,
    ) -> Result<bool, ListenerThrew> {
        loop {
            let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else {
                return Ok(true);
            };
            match &membership.join {
                Some(JoinFuture::Joining(_) | JoinFuture::Syncing(_)) => return Ok(false),
                Some(JoinFuture::AwaitingMetadata(joined)) => {
                    let joined = joined.clone();
                    self.sync_if_ready(joined, context);
                    return Ok(false);
                }
                Some(JoinFuture::Assigned(assignment)) => {
                    if membership.generation.is_none() || membership.state != ClassicMemberState::Stable {
                        // The heartbeat thread lost the generation before the assignment was taken.
                        membership.reset(true);
                    } else {
                        let assignment = assignment.clone();
                        // If a listener throws, the next poll() comes here again.
                        self.complete_join(&assignment, context)?;
                    }
                    if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
                        membership.join = None;
                        membership.prepared = false;
                    }
                }
                None => {
                    if !membership.rejoin_needed {
                        return Ok(true);
                    }
                    if membership.join_retry_at > context.now || self.ensure_coordinator(context).is_none() {
                        return Ok(false);
                    }
                    if self.prepare_join(context)? {
                        self.send_join(context);
                    }
                    return Ok(false);
                }
            }
        }
    }

    fn send_join(&mut self, context: &mut Context<'_>) {
        let (Some(coordinator), Some(group)) = (self.coordinator(), self.config.group_id.clone()) else {
            return;
        };
        let request = self.join_request(group);
        context.cancel_timer(&Timer::Heartbeat);
        let correlation_id = self.request(coordinator, Request::JoinGroup(request), context);
        let topics = self.topics.clone();
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.state = ClassicMemberState::PreparingRebalance;
            membership.join = Some(JoinFuture::Joining(correlation_id));
            membership.joined_topics = Some(topics);
        }
    }

    fn join_request(&self, group: GroupId) -> JoinGroupRequest {
        let config = &self.config;
        let assignors = config.partition_assignment_strategy.iter();
        JoinGroupRequest {
            group,
            client_id: config.client_id.clone(),
            client_host: client_host(self.client),
            member_id: self.classic().map_or_else(|| "".into(), |own| own.member_id.clone()),
            group_instance_id: config.group_instance_id.clone(),
            requires_known_member_id: true,
            session_timeout: config.session_timeout,
            rebalance_timeout: config.max_poll_interval,
            protocol_type: "consumer".into(),
            protocols: assignors
                .map(|assignor| (Rc::from(assignor.name()), self.subscription_for(*assignor)))
                .collect(),
        }
    }

    /// What each assignor is told (`ConsumerCoordinator.metadata`). The sticky one remembers what the member had before
    /// it gave everything up.
    fn subscription_for(&self, assignor: ClientAssignor) -> Subscription {
        let membership = self.classic();
        let last = membership.and_then(|membership| membership.last_assignment.clone());
        let generation = membership.and_then(|membership| membership.generation);
        let (generation, owned_partitions) = match assignor {
            ClientAssignor::Sticky => last.map_or((None, Vec::new()), |(at, owned)| (Some(at), owned)),
            ClientAssignor::Range | ClientAssignor::RoundRobin | ClientAssignor::CooperativeSticky => {
                (generation, self.subscription.assigned())
            }
        };
        Subscription {
            topics: self.topics.clone(),
            owned_partitions,
            generation,
            rack: self.config.client_rack.clone(),
        }
    }

    /// Read by the application's thread: nobody else looks at the connection while a JoinGroup is out.
    pub(in crate::consumer) fn on_join_group_response(
        &mut self,
        correlation_id: CorrelationId,
        response: JoinGroupResponse,
        context: &mut Context<'_>,
    ) {
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else { return };
        if membership.join != Some(JoinFuture::Joining(correlation_id)) {
            return;
        }
        match response.outcome {
            Ok(joined) if membership.state == ClassicMemberState::PreparingRebalance => {
                membership.member_id = response.member_id;
                membership.generation = Some(joined.generation_id);
                membership.state = ClassicMemberState::CompletingRebalance;
                let leader = joined.leader == membership.member_id;
                if !leader {
                    membership.assigned_snapshot = None;
                }
                context.emit(Event::MemberJoined {
                    client: self.client,
                    member: membership.member_id.clone(),
                    generation: joined.generation_id,
                    leader,
                });
                self.enable_heartbeats(context);
                self.sync_if_ready(joined, context);
            }
            // The member left its group meanwhile.
            Ok(_) => {
                membership.join = None;
                membership.rejoin_needed = true;
            }
            Err(ErrorCode::MemberIdRequired) => {
                membership.member_id = response.member_id;
                membership.join = None;
            }
            Err(error) => self.on_join_failed(correlation_id, error, context),
        }
    }

    /// JoinGroup or SyncGroup was refused, or is never answered.
    pub(in crate::consumer) fn on_join_failed(
        &mut self,
        correlation_id: CorrelationId,
        error: ErrorCode,
        context: &mut Context<'_>,
    ) {
        let retry_at = context.now + self.config.retry_backoff;
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else { return };
        let waited_for = [JoinFuture::Joining(correlation_id), JoinFuture::Syncing(correlation_id)]
            .map(Some)
            .contains(&membership.join);
        if !waited_for {
            return;
        }
        membership.join = None;
        membership.rejoin_needed = true;
        let is_membership_lost = matches!(error, ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration);
        let is_coordinator_away = matches!(
            error,
            ErrorCode::NotCoordinator
                | ErrorCode::CoordinatorNotAvailable
                | ErrorCode::CoordinatorLoadInProgress
                | ErrorCode::RequestTimedOut
        );
        if is_membership_lost {
            self.note_membership_error(error, context);
        } else if is_coordinator_away {
            membership.join_retry_at = retry_at;
            self.note_coordinator_error(error, context);
        } else if error != ErrorCode::RebalanceInProgress {
            // What the handler does not expect is thrown, too.
            membership.failure = Some(error);
        }
    }

    /// The highest protocol that all configured assignors support.
    pub(in crate::consumer) fn rebalance_protocol(&self) -> RebalanceProtocol {
        let assignors = &self.config.partition_assignment_strategy;
        let cooperative = assignors.iter().all(|assignor| *assignor == ClientAssignor::CooperativeSticky);
        if cooperative { RebalanceProtocol::Cooperative } else { RebalanceProtocol::Eager }
    }
}
