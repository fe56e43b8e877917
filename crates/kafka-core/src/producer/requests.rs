//! Requests that are out, whatever they ask for, and those that are never answered.
//!
//! Mirrors `NetworkClient` as a producer uses it: a request that is not answered within `request.timeout.ms` closes the
//! connection, and everything else that is out on it fails with it.

use super::Producer;
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{
    Api, BrokerId, CorrelationId, ErrorCode, InitProducerIdRequest, InitProducerIdResponse, Request,
};
use crate::time::SimTime;

impl Producer {
    pub(super) fn request(
        &mut self,
        broker: BrokerId,
        request: Request,
        context: &mut Context<'_>,
    ) -> CorrelationId {
        self.next_correlation_id.0 += 1;
        let correlation_id = self.next_correlation_id;
        self.note_request(broker, request.api(), context);
        context.request(broker, correlation_id, request);
        correlation_id
    }

    /// Asks for metadata now, unless a question is out.
    pub(super) fn request_metadata(&mut self, context: &mut Context<'_>) {
        if let Some(broker) = self.metadata.request(&mut self.next_correlation_id, true, context) {
            self.note_request(broker, Api::Metadata, context);
        }
    }

    /// What is known may be out of date: asks again after a moment, unless a question is out
    /// (`Metadata.requestUpdate`).
    pub(super) fn refresh_metadata(&mut self, context: &mut Context<'_>) {
        self.refresh_metadata_from(context.now, context);
    }

    /// The same for what will be known at a time.
    pub(super) fn refresh_metadata_from(&mut self, from: SimTime, context: &mut Context<'_>) {
        if self.requests.values().any(|(_, api)| *api == Api::Metadata) {
            return;
        }
        let at = from.max(self.metadata.refresh_at(self.config.retry_backoff));
        if self.metadata_refresh.is_none_or(|planned| planned > at) {
            self.metadata_refresh = Some(at);
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
        let asked = self.requests.get(&correlation_id) == Some(&(broker, api));
        if asked {
            self.forget_request(correlation_id, context);
        }
        asked
    }

    pub(super) fn forget_request(&mut self, correlation_id: CorrelationId, context: &mut Context<'_>) {
        self.requests.remove(&correlation_id);
        context.cancel_timer(&Timer::Request(correlation_id));
    }

    pub(super) fn on_request_timeout(&mut self, correlation_id: CorrelationId, context: &mut Context<'_>) {
        let Some((broker, _)) = self.requests.get(&correlation_id).copied() else { return };
        context.close_connection(broker);
        self.fail_requests(broker, ErrorCode::RequestTimedOut, context);
    }

    /// Everything that is out on a connection fails with it.
    pub(super) fn fail_requests(&mut self, broker: BrokerId, error: ErrorCode, context: &mut Context<'_>) {
        let out = self.requests.iter().filter(|(_, (to, _))| *to == broker);
        let failed: Vec<_> = out.map(|(correlation_id, (_, api))| (*correlation_id, *api)).collect();
        for (correlation_id, api) in failed {
            self.forget_request(correlation_id, context);
            match api {
                Api::Metadata => {
                    self.metadata.on_disconnect();
                    self.refresh_metadata(context);
                }
                Api::Produce => self.fail_in_flight(correlation_id, error, broker, context),
                Api::InitProducerId if self.transactions.is_none() => self.ask_for_identity_later(context),
                Api::InitProducerId | Api::FindCoordinator | Api::TxnOffsetCommit | Api::EndTxn => {
                    self.on_transaction_request_lost(correlation_id, context);
                }
                Api::AddPartitionsToTxn
                | Api::WriteTxnMarkers
                | Api::Fetch
                | Api::ListOffsets
                | Api::JoinGroup
                | Api::SyncGroup
                | Api::Heartbeat
                | Api::LeaveGroup
                | Api::OffsetCommit
                | Api::OffsetFetch
                | Api::ConsumerGroupHeartbeat => unreachable!("a producer never sends {api:?}"),
            }
        }
        // Whoever led from there may not do so any more (`NetworkClient.handleServerDisconnect`).
        self.refresh_metadata(context);
    }

    /// Gets an identity for an idempotent producer, and a new epoch when its sequence numbers have a gap.
    pub(super) fn look_after_identity(&mut self, context: &mut Context<'_>) {
        if self.transactions.is_some() {
            return self.go_on_with_transaction(context);
        }
        let Some(idempotence) = &mut self.idempotence else { return };
        idempotence.resolve();
        if let Some((producer, gaps)) = idempotence.bump_epoch() {
            for partition in &gaps {
                let sent = self.in_flight.values_mut().flat_map(|request| &mut request.batches);
                let sent = sent.filter(|(id, _)| id == partition).map(|(_, batch)| batch);
                idempotence.start_again(
                    partition,
                    producer,
                    sent.chain(self.accumulator.queue_mut(partition)),
                );
            }
            let (producer_id, epoch) = (producer.producer_id, producer.epoch);
            context.emit(Event::ProducerIdAssigned { client: self.client, producer_id, epoch });
        }
        let asked = self.requests.values().any(|(_, api)| *api == Api::InitProducerId);
        let unknown = self.idempotence.as_ref().is_some_and(|known| known.producer().is_none());
        if unknown && !asked && self.identity_retry_at <= context.now {
            let broker = self.metadata.least_loaded_node(context);
            let request = InitProducerIdRequest {
                transactional_id: None,
                transaction_timeout: self.config.transaction_timeout,
            };
            self.request(broker, Request::InitProducerId(request), context);
        }
    }

    pub(super) fn on_init_producer_id_response(
        &mut self,
        response: &InitProducerIdResponse,
        context: &mut Context<'_>,
    ) {
        if self.transactions.is_some() {
            return self.on_transactional_id_response(response, context);
        }
        match (response.producer, &mut self.idempotence) {
            (Ok(producer), Some(idempotence)) => {
                idempotence.set_producer(producer);
                let (producer_id, epoch) = (producer.producer_id, producer.epoch);
                context.emit(Event::ProducerIdAssigned { client: self.client, producer_id, epoch });
            }
            (Err(_), Some(_)) => self.ask_for_identity_later(context),
            (_, None) => unreachable!("only an idempotent producer asks for an identity"),
        }
    }

    fn ask_for_identity_later(&mut self, context: &mut Context<'_>) {
        self.identity_retry_at = context.now + self.config.retry_backoff;
        context.set_timer(Timer::ProducerId, self.identity_retry_at);
    }

    fn note_request(&mut self, broker: BrokerId, api: Api, context: &mut Context<'_>) {
        let correlation_id = self.next_correlation_id;
        self.requests.insert(correlation_id, (broker, api));
        let timeout = self.config.request_timeout.max(std::time::Duration::from_micros(1));
        context.set_timer(Timer::Request(correlation_id), context.now + timeout);
    }
}
