//! The heartbeat thread: it keeps the member in its group while the application works, and takes it out when the
//! application has not called `poll()` for too long.
//!
//! Mirrors `AbstractCoordinator.HeartbeatThread`, `HeartbeatResponseHandler` and `Heartbeat`. Leaves out: nothing known.

use std::time::Duration;

use crate::consumer::Consumer;
use crate::consumer::membership::{MemberState, Membership};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, ErrorCode, HeartbeatRequest, HeartbeatResponse, Request};

/// A thread that waits for no time at all would stop the clock.
pub(super) const TICK: Duration = Duration::from_millis(1);

impl Consumer {
    /// A generation has begun.
    pub(super) fn enable_heartbeats(&mut self, context: &mut Context<'_>) {
        if let Some(membership) = &mut self.membership {
            membership.heartbeat = None;
            membership.session_deadline = context.now + self.config.session_timeout;
            context.set_timer(Timer::Heartbeat, context.now + self.config.heartbeat_interval.max(TICK));
        }
    }

    pub(super) fn on_heartbeat_timer(&mut self, context: &mut Context<'_>) {
        let Some(membership) = self.membership.as_ref().filter(|membership| membership.heartbeats()) else {
            return;
        };
        if membership.session_deadline <= context.now {
            // The member keeps its partitions: only a coordinator can tell it that it has lost them.
            self.mark_coordinator_unknown(context);
        }
        if self.ensure_coordinator(context).is_some() {
            self.send_heartbeat(context);
            context.set_timer(Timer::Heartbeat, context.now + self.config.heartbeat_interval.max(TICK));
        } else {
            context.set_timer(Timer::Heartbeat, context.now + self.config.retry_backoff.max(TICK));
        }
    }

    fn send_heartbeat(&mut self, context: &mut Context<'_>) {
        let (Some(coordinator), Some(group)) = (self.coordinator(), self.config.group_id.clone()) else {
            return;
        };
        let Some(membership) = &self.membership else { return };
        let Some(generation_id) = membership.generation else { return };
        let request = Request::Heartbeat(HeartbeatRequest {
            group,
            member_id: membership.member_id.clone(),
            group_instance_id: self.config.group_instance_id.clone(),
            generation_id,
        });
        let correlation_id = self.request(coordinator, request, context);
        if let Some(membership) = &mut self.membership {
            membership.heartbeat = Some(correlation_id);
        }
    }

    pub(super) fn on_heartbeat_response(
        &mut self,
        correlation_id: CorrelationId,
        response: &HeartbeatResponse,
        context: &mut Context<'_>,
    ) {
        let Some(membership) = &mut self.membership else { return };
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
                membership.rejoin_needed |= membership.state == MemberState::Stable;
            }
            Err(error) => {
                if error == ErrorCode::FencedInstanceId {
                    membership.failure = Some(error);
                }
                let known =
                    self.note_membership_error(error, context) || self.note_coordinator_error(error, context);
                if let Some(membership) = self.membership.as_mut().filter(|_| !known) {
                    membership.failure = Some(error);
                }
            }
        }
    }

    /// The application has left `poll()`.
    pub(super) fn start_poll_interval(&self, context: &mut Context<'_>) {
        if self.membership.is_some() {
            context.set_timer(Timer::MaxPollInterval, context.now + self.config.max_poll_interval);
        }
    }

    /// "Consumer poll timeout has expired". No listener is called now: that is for the thread that calls `poll()`.
    pub(super) fn on_poll_interval_over(&mut self, context: &mut Context<'_>) {
        if self.is_polling() || !self.membership.as_ref().is_some_and(Membership::heartbeats) {
            return;
        }
        if self.coordinator().is_none() {
            context.set_timer(Timer::MaxPollInterval, context.now + self.config.retry_backoff.max(TICK));
            return;
        }
        context.emit(Event::PollIntervalExceeded { client: self.client });
        self.leave_group("consumer poll timeout has expired.", context);
    }
}
