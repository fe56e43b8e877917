//! How a member of the consumer protocol loses its partitions or gives them back, and how it goes.
//!
//! Mirrors `AbstractMembershipManager.transitionToFenced`, `transitionToStale`, `transitionToFatal` and `leaveGroup`,
//! and `AsyncKafkaConsumer.runRebalanceCallbacksOnClose`. Leaves out: nothing known.

use crate::consumer::Consumer;
use crate::consumer::consumer_membership::{ConsumerMemberState, ConsumerMembership};
use crate::consumer::listener::ListenerThrew;
use crate::consumer::membership::{Departure, Membership};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{ConsumerGroupHeartbeatRequest, CorrelationId};

impl ConsumerMembership {
    /// The coordinator does not know the member at its epoch. Who owns nothing has nothing to tell and rejoins.
    pub(super) fn fence(&mut self, owns_partitions: bool) {
        self.member_epoch = ConsumerGroupHeartbeatRequest::JOIN_GROUP_MEMBER_EPOCH;
        if owns_partitions {
            self.state = ConsumerMemberState::Fenced;
        } else {
            self.forget_assignment();
            self.join();
        }
    }

    fn go(&mut self, is_static: bool) {
        self.member_epoch = if is_static {
            ConsumerGroupHeartbeatRequest::LEAVE_GROUP_STATIC_MEMBER_EPOCH
        } else {
            ConsumerGroupHeartbeatRequest::LEAVE_GROUP_MEMBER_EPOCH
        };
        self.current = None;
    }
}

impl Consumer {
    /// A fenced or stale member has its listener told, and begins anew.
    pub(super) fn rejoin(&mut self, context: &mut Context<'_>) -> Result<(), ListenerThrew> {
        let told = self.lose_assignment(context);
        if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) {
            own.join();
        }
        told
    }

    pub(super) fn lose_assignment(&mut self, context: &mut Context<'_>) -> Result<(), ListenerThrew> {
        let lost = self.subscription.assigned();
        let told = if lost.is_empty() { Ok(()) } else { self.partitions_lost(lost, context) };
        self.clear_assignment();
        told
    }

    fn clear_assignment(&mut self) {
        self.subscription.assign(&[]);
        if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) {
            own.forget_assignment();
        }
    }

    /// The application has not called `poll()` for too long: the member says goodbye, and keeps its partitions until
    /// the next `poll()` tells the listener.
    pub(in crate::consumer) fn become_stale(&mut self, context: &mut Context<'_>) {
        if !self.modern().is_some_and(ConsumerMembership::is_in_group) {
            return;
        }
        if self.coordinator().is_none() {
            // Nobody to leave; it is looked at again when there is one.
            context.set_timer(Timer::MaxPollInterval, context.now + self.retry_pause());
            return;
        }
        context.emit(Event::PollIntervalExceeded { client: self.client });
        self.send_goodbye(context);
        if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) {
            own.state = ConsumerMemberState::Stale;
            own.heartbeats.start_over(context.now);
        }
    }

    /// A listener that throws does not keep the member from leaving.
    pub(in crate::consumer) fn depart_consumer(&mut self, context: &mut Context<'_>) -> Departure {
        let in_group = self.modern().is_some_and(ConsumerMembership::is_in_group);
        let owned = self.subscription.assigned();
        let told = if owned.is_empty() {
            Ok(())
        } else if self.modern().is_some_and(|own| own.epoch().is_some()) {
            self.partitions_revoked(owned, context)
        } else {
            self.partitions_lost(owned, context)
        };
        self.clear_assignment();
        let goodbye = if in_group { self.send_goodbye(context) } else { None };
        if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut)
            && own.failure().is_none()
        {
            own.subscription_updated = false;
            own.state = ConsumerMemberState::Unsubscribed;
        }
        Departure { told, left: true, goodbye }
    }

    /// -1, or -2 for a static member, which means to come back.
    fn send_goodbye(&mut self, context: &mut Context<'_>) -> Option<CorrelationId> {
        let is_static = self.config.group_instance_id.is_some();
        let own = self.membership.as_mut().and_then(Membership::consumer_mut)?;
        own.go(is_static);
        self.send_consumer_group_heartbeat(context)
    }
}
