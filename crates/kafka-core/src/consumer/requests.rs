//! Requests that are out, and those that are never answered.
//!
//! Mirrors `ConsumerNetworkClient` and `NetworkClient`: a request that is not answered within `request.timeout.ms`
//! closes the connection, and everything else that was out on it fails with it. Leaves out: connection set-up and its
//! backoff, throttling.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::consumer::Consumer;
use crate::node::{Context, Timer};
use crate::protocol::{Api, BrokerId, CorrelationId, ErrorCode, Request};

/// A thread that waits for no time at all would stop the clock.
pub(super) const TICK: Duration = Duration::from_millis(1);

/// A JoinGroup waits for the slowest member, and a little longer (`AbstractCoordinator.JOIN_GROUP_TIMEOUT_LAPSE`).
const JOIN_GROUP_TIMEOUT_LAPSE: Duration = Duration::from_secs(5);

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Requests {
    last: CorrelationId,
    in_flight: BTreeMap<CorrelationId, (BrokerId, Api)>,
}

impl Consumer {
    /// `retry.backoff.ms`, as a time that passes.
    pub(super) fn retry_pause(&self) -> Duration {
        self.config.retry_backoff.max(TICK)
    }

    pub(super) fn request(
        &mut self,
        broker: BrokerId,
        request: Request,
        context: &mut Context<'_>,
    ) -> CorrelationId {
        self.requests.last.0 += 1;
        let correlation_id = self.requests.last;
        self.note_request(broker, request.api(), context);
        context.request(broker, correlation_id, request);
        correlation_id
    }

    pub(super) fn request_metadata(&mut self, context: &mut Context<'_>) {
        let allow = self.config.allow_auto_create_topics;
        if let Some(broker) = self.metadata.request(&mut self.requests.last, allow, context) {
            self.note_request(broker, Api::Metadata, context);
        }
    }

    /// Asks for what is missing, once a pause has passed since the last answer (`Metadata.requestUpdate`).
    pub(super) fn refresh_metadata(&mut self, context: &mut Context<'_>) {
        let at = self.metadata.refresh_at(self.retry_pause());
        if at <= context.now {
            self.request_metadata(context);
        } else {
            context.set_timer(Timer::MetadataRetry, at);
        }
    }

    /// True when the answer is to a request that still waits for one.
    pub(super) fn was_asked(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        api: Api,
        context: &mut Context<'_>,
    ) -> bool {
        let asked = self.requests.in_flight.get(&correlation_id) == Some(&(broker, api));
        if asked {
            self.requests.in_flight.remove(&correlation_id);
            context.cancel_timer(&Timer::Request(correlation_id));
        }
        asked
    }

    pub(super) fn on_request_timeout(&mut self, correlation_id: CorrelationId, context: &mut Context<'_>) {
        let Some((broker, _)) = self.requests.in_flight.get(&correlation_id).copied() else { return };
        context.close_connection(broker);
        self.fail_requests(broker, context);
    }

    /// Everything that is out on a connection fails with it.
    pub(super) fn fail_requests(&mut self, broker: BrokerId, context: &mut Context<'_>) {
        let on_connection = |(_, (to, _)): &(&CorrelationId, &(BrokerId, Api))| *to == broker;
        let failed: Vec<_> = self
            .requests
            .in_flight
            .iter()
            .filter(on_connection)
            .map(|(correlation_id, (_, api))| (*correlation_id, *api))
            .collect();
        for (correlation_id, api) in failed {
            self.requests.in_flight.remove(&correlation_id);
            context.cancel_timer(&Timer::Request(correlation_id));
            self.on_disconnect(broker, correlation_id, api, context);
        }
    }

    fn note_request(&mut self, broker: BrokerId, api: Api, context: &mut Context<'_>) {
        let correlation_id = self.requests.last;
        let timeout = match api {
            Api::JoinGroup => {
                self.config.request_timeout.max(self.config.max_poll_interval + JOIN_GROUP_TIMEOUT_LAPSE)
            }
            Api::Metadata
            | Api::Produce
            | Api::Fetch
            | Api::ListOffsets
            | Api::FindCoordinator
            | Api::SyncGroup
            | Api::Heartbeat
            | Api::LeaveGroup
            | Api::OffsetCommit
            | Api::OffsetFetch
            | Api::ConsumerGroupHeartbeat
            | Api::InitProducerId
            | Api::AddPartitionsToTxn
            | Api::TxnOffsetCommit
            | Api::EndTxn
            | Api::WriteTxnMarkers => self.config.request_timeout,
        };
        self.requests.in_flight.insert(correlation_id, (broker, api));
        context.set_timer(Timer::Request(correlation_id), context.now + timeout.max(TICK));
    }

    fn on_disconnect(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        api: Api,
        context: &mut Context<'_>,
    ) {
        match api {
            Api::Metadata => {
                self.metadata.on_disconnect();
                context.set_timer(Timer::MetadataRetry, context.now + self.config.retry_backoff);
            }
            Api::Fetch => {
                self.fetches.remove(&broker);
                self.request_metadata(context);
            }
            Api::ListOffsets => self.on_list_offsets_failed(broker, context),
            Api::FindCoordinator => self.look_for_coordinator_later(context),
            Api::JoinGroup | Api::SyncGroup => {
                self.mark_coordinator_unknown(context);
                self.on_join_failed(correlation_id, ErrorCode::CoordinatorNotAvailable, context);
            }
            Api::Heartbeat | Api::LeaveGroup | Api::ConsumerGroupHeartbeat => {
                self.mark_coordinator_unknown(context);
                self.on_heartbeat_lost(correlation_id, context);
                self.on_left(correlation_id, context);
            }
            Api::OffsetCommit => {
                self.on_commit_outcome(correlation_id, Err(ErrorCode::CoordinatorNotAvailable), context);
            }
            Api::OffsetFetch => {
                self.fetch_committed_later(context);
                self.mark_coordinator_unknown(context);
            }
            Api::Produce
            | Api::InitProducerId
            | Api::AddPartitionsToTxn
            | Api::TxnOffsetCommit
            | Api::EndTxn
            | Api::WriteTxnMarkers => unreachable!("a consumer produces nothing"),
        }
    }
}
