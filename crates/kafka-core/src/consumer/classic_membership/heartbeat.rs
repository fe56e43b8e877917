//! The heartbeat thread: it keeps the member in its group while the application works, and takes it out when the
//! application has not called `poll()` for too long.
//!
//! Mirrors `AbstractCoordinator.HeartbeatThread`, `HeartbeatResponseHandler` and `Heartbeat`. Leaves out: nothing known.

use std::time::Duration;

use crate::consumer::Consumer;
use crate::consumer::classic_membership::{ClassicMemberState, ClassicMembership};
use crate::consumer::membership::Membership;
use crate::consumer::requests::TICK;
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, ErrorCode, HeartbeatRequest, HeartbeatResponse, Request};

impl Consumer {
    /// A generation has begun.
    pub(in crate::consumer) fn enable_heartbeats(&mut self, context: &mut Context<'_>) {
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.heartbeat = None;
            membership.session_deadline = context.now + self.config.session_timeout;
            self.set_heartbeat_timer(self.config.heartbeat_interval, context);
        }
    }

    fn set_heartbeat_timer(&mut self, after: Duration, context: &mut Context<'_>) {
        let at = context.now + after.max(TICK);
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.heartbeat_at = Some(at);
        }
        context.set_timer(Timer::Heartbeat, at);
    }

    pub(in crate::consumer) fn on_classic_heartbeat_timer(&mut self, context: &mut Context<'_>) {
        let Some(membership) = self.classic().filter(|membership| membership.heartbeats()) else {
            return;
        };
        if membership.session_deadline <= context.now {
            // The member keeps its partitions: only a coordinator can tell it that it has lost them.
            self.mark_coordinator_unknown(context);
        }
        if self.ensure_coordinator(context).is_some() {
            self.send_heartbeat(context);
            self.set_heartbeat_timer(self.config.heartbeat_interval, context);
        } else {
            self.set_heartbeat_timer(self.config.retry_backoff, context);
        }
    }

    fn send_heartbeat(&mut self, context: &mut Context<'_>) {
        let (Some(coordinator), Some(group)) = (self.coordinator(), self.config.group_id.clone()) else {
            return;
        };
        let Some(membership) = self.classic() else { return };
        let Some(generation_id) = membership.generation else { return };
        let request = Request::Heartbeat(HeartbeatRequest {
            group,
            member_id: membership.member_id.clone(),
            group_instance_id: self.config.group_instance_id.clone(),
            generation_id,
        });
        let correlation_id = self.request(coordinator, request, context);
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.heartbeat = Some(correlation_id);
        }
    }

    pub(in crate::consumer) fn on_heartbeat_response(
        &mut self,
        correlation_id: CorrelationId,
        response: &HeartbeatResponse,
        context: &mut Context<'_>,
    ) {
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else { return };
        if membership.heartbeat != Some(correlation_id) {
            return;
        }
        membership.heartbeat = None;
        let session_deadline = context.now + self.config.session_timeout;
        match response.outcome {
            Ok(()) => membership.session_deadline = session_deadline,
            Err(ErrorCode::RebalanceInProgress) => {
                membership.session_deadline = session_deadline;
                // Between JoinGroup and SyncGroup it is no news.
                membership.rejoin_needed |= membership.state == ClassicMemberState::Stable;
            }
            Err(error) => {
                if error == ErrorCode::FencedInstanceId {
                    membership.failure = Some(error);
                }
                let known =
                    self.note_membership_error(error, context) || self.note_coordinator_error(error, context);
                if let Some(membership) =
                    self.membership.as_mut().and_then(Membership::classic_mut).filter(|_| !known)
                {
                    membership.failure = Some(error);
                }
            }
        }
    }

    /// "Consumer poll timeout has expired": the heartbeat thread takes the member out of the group.
    pub(in crate::consumer) fn leave_without_poll(&mut self, context: &mut Context<'_>) {
        if !self.classic().is_some_and(ClassicMembership::heartbeats) {
            return;
        }
        if self.coordinator().is_none() {
            context.set_timer(Timer::MaxPollInterval, context.now + self.retry_pause());
            return;
        }
        context.emit(Event::PollIntervalExceeded { client: self.client });
        self.leave_group("consumer poll timeout has expired.", context);
    }
}
