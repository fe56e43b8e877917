//! ConsumerGroupHeartbeat: when it is sent, what it says, what its answer does to the member.
//!
//! Mirrors `AbstractHeartbeatRequestManager`, `ConsumerHeartbeatRequestManager` and `HeartbeatState`. Leaves out:
//! `retry.backoff.max.ms` (the pause after a failure does not grow).

use std::rc::Rc;
use std::time::Duration;

use crate::client::client_host;
use crate::consumer::Consumer;
use crate::consumer::consumer_membership::{ConsumerMemberState, ConsumerMembership, LocalAssignment};
use crate::consumer::membership::Membership;
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, CorrelationId, ErrorCode, MemberHeartbeat,
    Request,
};
use crate::time::SimTime;
use crate::topic::TopicName;

/// `HeartbeatRequestState`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::consumer) struct HeartbeatRequests {
    /// The broker's; zero until it has told.
    interval: Duration,
    /// When the next heartbeat is due: an interval after the last one, or a pause after a failure.
    due: SimTime,
    in_flight: Option<CorrelationId>,
    /// `None` when everything has to be said again.
    sent: Option<SentFields>,
}

/// What the last heartbeat said that the next one need not repeat. The other fields never change.
#[derive(Clone, PartialEq, Eq, Debug)]
struct SentFields {
    topics: Vec<TopicName>,
    assignment: Option<LocalAssignment>,
}

impl HeartbeatRequests {
    /// Forgets the heartbeat that is out and all that was said.
    pub(super) fn start_over(&mut self, due: SimTime) {
        self.due = due;
        self.in_flight = None;
        self.sent = None;
    }

    /// When the next one is sent if nothing calls for an earlier one; `None` while one is out.
    pub(in crate::consumer) fn next_at(&self) -> Option<SimTime> {
        Some(self.due).filter(|_| self.in_flight.is_none())
    }
}

impl ConsumerMembership {
    /// States in which the coordinator is to hear from the member at once.
    const fn heartbeats_now(&self) -> bool {
        match &self.state {
            ConsumerMemberState::Joining | ConsumerMemberState::Acknowledging => true,
            ConsumerMemberState::Unsubscribed
            | ConsumerMemberState::Reconciling(_)
            | ConsumerMemberState::Stable
            | ConsumerMemberState::Fenced
            | ConsumerMemberState::Stale
            | ConsumerMemberState::Fatal(_) => false,
        }
    }

    /// `onHeartbeatRequestGenerated`. True when there is more to reconcile.
    fn on_heartbeat_sent(&mut self) -> bool {
        let acknowledged = self.state == ConsumerMemberState::Acknowledging;
        let goes_on = acknowledged && !self.is_reconciled();
        if goes_on {
            self.reconcile();
        } else if acknowledged {
            self.state = ConsumerMemberState::Stable;
        }
        goes_on
    }
}

impl Consumer {
    /// `AbstractHeartbeatRequestManager.poll`. True when the heartbeat that acknowledged one assignment has left the
    /// member with the next one to take over.
    pub(in crate::consumer) fn run_heartbeat_requests(&mut self, context: &mut Context<'_>) -> bool {
        if !self.modern().is_some_and(ConsumerMembership::is_in_group) {
            context.cancel_timer(&Timer::Heartbeat);
            return false;
        }
        if self.ensure_coordinator(context).is_none() {
            match self.coordinator_retry_at() {
                Some(at) => context.set_timer(Timer::Heartbeat, at),
                None => context.cancel_timer(&Timer::Heartbeat),
            }
            return false;
        }
        let mut goes_on = false;
        let Some(own) = self.modern() else { return false };
        if own.heartbeats.next_at().is_some_and(|due| due <= context.now || own.heartbeats_now()) {
            self.send_consumer_group_heartbeat(context);
            if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) {
                goes_on = own.on_heartbeat_sent();
            }
        }
        match self.modern().and_then(|own| own.heartbeats.next_at()) {
            Some(at) => context.set_timer(Timer::Heartbeat, at),
            None => context.cancel_timer(&Timer::Heartbeat),
        }
        goes_on
    }

    /// `None` when there is no coordinator to send it to.
    pub(super) fn send_consumer_group_heartbeat(
        &mut self,
        context: &mut Context<'_>,
    ) -> Option<CorrelationId> {
        let coordinator = self.coordinator()?;
        let request = self.heartbeat_request()?;
        let correlation_id = self.request(coordinator, Request::ConsumerGroupHeartbeat(request), context);
        let own = self.membership.as_mut().and_then(Membership::consumer_mut)?;
        own.heartbeats.sent =
            Some(SentFields { topics: self.topics.clone(), assignment: own.current.clone() });
        own.heartbeats.due = context.now + own.heartbeats.interval;
        own.heartbeats.in_flight = Some(correlation_id);
        Some(correlation_id)
    }

    /// Everything when it joins, else what has changed since it was last said (`HeartbeatState.buildRequestData`).
    fn heartbeat_request(&self) -> Option<ConsumerGroupHeartbeatRequest> {
        let own = self.modern()?;
        let said = own.heartbeats.sent.as_ref().filter(|_| own.state != ConsumerMemberState::Joining);
        let topics_said = said.is_some_and(|said| said.topics == self.topics);
        let assignment_said = said.is_some_and(|said| said.assignment == own.current);
        let owned = || own.current.iter().flat_map(|current| current.partitions.iter().copied()).collect();
        Some(ConsumerGroupHeartbeatRequest {
            group: self.config.group_id.clone()?,
            client_id: self.config.client_id.clone(),
            client_host: client_host(self.client),
            member_id: own.member_id.clone(),
            member_epoch: own.member_epoch,
            instance_id: self.config.group_instance_id.clone(),
            rack_id: self.config.client_rack.clone().filter(|_| said.is_none()),
            rebalance_timeout: said.is_none().then_some(self.config.max_poll_interval),
            subscribed_topic_names: (!topics_said).then(|| self.topics.clone()),
            server_assignor: self
                .config
                .group_remote_assignor
                .as_ref()
                .filter(|_| said.is_none())
                .map(Rc::clone),
            topic_partitions: (!assignment_said).then(owned),
        })
    }

    pub(in crate::consumer) fn on_consumer_group_heartbeat_response(
        &mut self,
        correlation_id: CorrelationId,
        response: ConsumerGroupHeartbeatResponse,
        context: &mut Context<'_>,
    ) {
        self.on_left(correlation_id, context);
        let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) else { return };
        if own.heartbeats.in_flight != Some(correlation_id) {
            return;
        }
        own.heartbeats.in_flight = None;
        match response.outcome {
            // It answers a goodbye.
            Ok(heartbeat) if heartbeat.member_epoch < 0 => {}
            Ok(heartbeat) => self.on_heartbeat_accepted(heartbeat, context),
            Err(error) => self.on_heartbeat_refused(error, context),
        }
    }

    fn on_heartbeat_accepted(&mut self, heartbeat: MemberHeartbeat, context: &mut Context<'_>) {
        let client = self.client;
        let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) else { return };
        if !own.is_in_group() {
            return;
        }
        if own.heartbeats.interval != heartbeat.heartbeat_interval {
            own.heartbeats.interval = heartbeat.heartbeat_interval;
            own.heartbeats.due = context.now + heartbeat.heartbeat_interval;
        }
        let (before, epoch) = (own.epoch(), heartbeat.member_epoch);
        own.member_epoch = epoch;
        if before != Some(epoch) {
            let member = own.member_id.clone();
            context.emit(Event::MemberEpochReached { client, member, epoch });
        }
        if let Some(assignment) = heartbeat.assignment {
            own.receive_assignment(assignment.into_iter().collect());
        }
    }

    fn on_heartbeat_refused(&mut self, error: ErrorCode, context: &mut Context<'_>) {
        let owns_partitions = !self.subscription.assigned().is_empty();
        let pause = self.config.retry_backoff;
        let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) else { return };
        own.heartbeats.start_over(context.now);
        if !own.is_in_group() {
            return;
        }
        let is_coordinator_gone =
            matches!(error, ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable);
        if is_coordinator_gone {
            self.mark_coordinator_unknown(context);
        } else if error == ErrorCode::CoordinatorLoadInProgress {
            own.heartbeats.due = context.now + pause;
        } else if matches!(error, ErrorCode::FencedMemberEpoch | ErrorCode::UnknownMemberId) {
            own.fence(owns_partitions);
        } else {
            // What the handler does not expect is fatal, too.
            own.state = ConsumerMemberState::Fatal(error);
        }
    }

    /// No answer will come: everything is said again, to whoever coordinates the group then.
    pub(in crate::consumer) fn on_heartbeat_lost(
        &mut self,
        correlation_id: CorrelationId,
        context: &Context<'_>,
    ) {
        let retry_at = context.now + self.config.retry_backoff;
        if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut)
            && own.heartbeats.in_flight == Some(correlation_id)
        {
            own.heartbeats.start_over(retry_at);
        }
    }
}
