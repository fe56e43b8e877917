//! Which broker coordinates the group, as far as the consumer knows.
//!
//! Mirrors the coordinator look-up of `AbstractCoordinator`, and `CoordinatorRequestManager`. Leaves out: authorization.

use crate::consumer::Consumer;
use crate::event::Event;
use crate::node::Context;
use crate::protocol::{
    BrokerId, CoordinatorKey, ErrorCode, FindCoordinatorRequest, FindCoordinatorResponse, Request,
};
use crate::time::SimTime;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Coordinator {
    /// Not asked for again before `retry_at`.
    Unknown {
        retry_at: SimTime,
    },
    Looking,
    Known(BrokerId),
}

impl Consumer {
    /// The group's coordinator, once it is known.
    pub fn coordinator(&self) -> Option<BrokerId> {
        match self.coordinator {
            Coordinator::Known(broker) => Some(broker),
            Coordinator::Unknown { .. } | Coordinator::Looking => None,
        }
    }

    /// The coordinator, or `None` after having asked for it.
    pub(super) fn ensure_coordinator(&mut self, context: &mut Context<'_>) -> Option<BrokerId> {
        match self.coordinator {
            Coordinator::Known(broker) => return Some(broker),
            Coordinator::Unknown { retry_at } if retry_at <= context.now => {
                if let Some(group) = self.config.group_id.clone() {
                    self.coordinator = Coordinator::Looking;
                    let key = CoordinatorKey::Group(group);
                    let request = Request::FindCoordinator(FindCoordinatorRequest { key });
                    let broker = self.metadata.least_loaded_node(context);
                    self.request(broker, request, context);
                }
            }
            Coordinator::Unknown { .. } | Coordinator::Looking => {}
        }
        None
    }

    pub(super) fn on_find_coordinator_response(
        &mut self,
        response: &FindCoordinatorResponse,
        context: &mut Context<'_>,
    ) {
        let Some(group) = self.config.group_id.clone() else { return };
        match response.coordinator {
            Ok(coordinator) => {
                self.coordinator = Coordinator::Known(coordinator);
                self.on_coordinator_found(context);
                context.emit(Event::CoordinatorDiscovered { client: self.client, group, coordinator });
            }
            Err(_) => self.look_for_coordinator_later(context),
        }
    }

    pub(super) fn look_for_coordinator_later(&mut self, context: &Context<'_>) {
        self.coordinator = Coordinator::Unknown { retry_at: context.now + self.config.retry_backoff };
        self.fail_waiting_commits();
    }

    pub(super) fn mark_coordinator_unknown(&mut self, context: &Context<'_>) {
        if self.coordinator().is_some() {
            self.coordinator = Coordinator::Unknown { retry_at: context.now };
        }
    }

    /// When the look-up may be repeated, if that is what `poll()` waits for.
    pub(super) fn coordinator_retry_at(&self) -> Option<SimTime> {
        match self.coordinator {
            Coordinator::Unknown { retry_at } => Some(retry_at),
            Coordinator::Looking | Coordinator::Known(_) => None,
        }
    }

    /// An error that says the broker does not coordinate the group any more, or cannot now. False for others.
    pub(super) fn note_coordinator_error(&mut self, error: ErrorCode, context: &Context<'_>) -> bool {
        let gone = matches!(
            error,
            ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable | ErrorCode::RequestTimedOut
        );
        if gone {
            self.mark_coordinator_unknown(context);
        }
        gone || error == ErrorCode::CoordinatorLoadInProgress
    }
}
