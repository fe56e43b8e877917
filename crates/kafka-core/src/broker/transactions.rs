//! The broker around its transaction coordinator: which requests it may answer, where decisions are written, who is
//! told to write markers.
//!
//! Mirrors `KafkaApis`, `TransactionStateManager.appendTransactionToLog` and `TransactionMarkerChannelManager`. Leaves out:
//! failed writes (a decision is written whatever the size of the ISR, and takes effect when it is committed), markers of
//! several transactions in one request, the time that loading takes.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use crate::broker::inter_broker::Purpose;
use crate::broker::metadata::create_transaction_topic;
use crate::broker::{Broker, HeldDecision};
use crate::cluster::{Cluster, TRANSACTION_STATE, next_multiple};
use crate::java_hash::coordinator_partition;
use crate::node::{Context, Timer};
use crate::protocol::{
    AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, BrokerId, EndTxnRequest, EndTxnResponse,
    ErrorCode, FindCoordinatorResponse, InitProducerIdRequest, InitProducerIdResponse, Request,
    RequestHandle, Response, TransactionalId, WriteTxnMarkersRequest,
};
use crate::record::{EndTransactionMarker, ProducerIdAndEpoch, Record, RecordBatch, RecordId};
use crate::topic::TopicPartition;
use crate::transaction::{
    OwedMarkers, ProducerIdSource, TransactionEffects, TransactionRecord, TransactionState,
};

/// Before markers that could not be written are sent again.
const MARKER_RETRY: Duration = Duration::from_millis(100);

/// The ids that a broker may give out, in blocks of a thousand that the controller hands to it.
struct ProducerIds<'a> {
    left: &'a mut Range<i64>,
    broker: BrokerId,
    cluster: &'a mut Cluster,
}

impl ProducerIdSource for ProducerIds<'_> {
    fn producer_id(&mut self) -> Result<i64, ErrorCode> {
        if self.left.is_empty() {
            if !self.cluster.is_in_contact(self.broker) {
                return Err(ErrorCode::CoordinatorLoadInProgress);
            }
            *self.left = self.cluster.allocate_producer_ids();
        }
        self.left.next().ok_or(ErrorCode::CoordinatorLoadInProgress)
    }
}

impl Broker {
    /// The leader of the id's partition of `__transaction_state`. The topic is made when the first id is looked for, and
    /// the client has to ask again.
    pub(super) fn find_transaction_coordinator(
        &mut self,
        handle: RequestHandle,
        transactional_id: &TransactionalId,
        context: &mut Context<'_>,
    ) {
        if self.image.topic(TRANSACTION_STATE).is_none() {
            create_transaction_topic(context);
        }
        let leader = self.image.leader(&state_partition(transactional_id, context));
        let coordinator = leader.ok_or(ErrorCode::CoordinatorNotAvailable);
        context.respond(handle, Response::FindCoordinator(FindCoordinatorResponse { coordinator }));
    }

    /// Takes over the ids of every partition of `__transaction_state` that this broker leads now, lets go of those that it
    /// leads no more, and goes on with transactions that are about to end.
    pub(super) fn coordinate_transactions(&mut self, context: &mut Context<'_>) {
        let partitions = self.image.topic(TRANSACTION_STATE).map_or(0, |topic| topic.partitions.len() as u32);
        let left = self.transaction_epochs.last_key_value().map_or(0, |(number, _)| number + 1);
        for number in 0..partitions.max(left) {
            let partition = TopicPartition::new(TRANSACTION_STATE, number);
            let epoch = self.led_partition(&partition).map(|(_, leadership)| leadership.leader_epoch);
            if epoch == self.transaction_epochs.get(&number).copied() {
                continue;
            }
            if self.transaction_epochs.remove(&number).is_some() {
                self.unload_transactions(number, context);
            }
            if let Some(epoch) = epoch {
                self.transaction_epochs.insert(number, epoch);
                let records = self.replicas[&partition].log.records_from(0).filter_map(|(_, record)| {
                    TransactionRecord::decode(record.key.as_deref()?, record.value.as_deref()?).ok()
                });
                let records: Vec<_> = records.collect();
                self.transactions.load(records);
            }
        }
        if !self.transaction_epochs.is_empty() {
            self.send_markers(context);
            self.watch_timeouts(context);
        }
    }

    /// Whoever waits is told to look for the coordinator again.
    fn unload_transactions(&mut self, number: u32, context: &mut Context<'_>) {
        self.held_decisions.retain(|held| held.partition.partition != number);
        for (handle, response) in self.transactions.unload(number) {
            context.respond(handle, not_coordinator(response));
        }
    }

    pub(super) fn on_init_producer_id(
        &mut self,
        handle: RequestHandle,
        request: &InitProducerIdRequest,
        context: &mut Context<'_>,
    ) {
        let respond = |producer, context: &mut Context<'_>| {
            context.respond(handle, Response::InitProducerId(InitProducerIdResponse { producer }));
        };
        let now = context.now;
        let coordinates = request.transactional_id.as_ref().map(|id| self.coordinates(id, context));
        let mut ids =
            ProducerIds { left: &mut self.producer_ids, broker: self.id, cluster: &mut *context.cluster };
        match (&request.transactional_id, coordinates) {
            (Some(id), Some(true)) => {
                let effects = self.transactions.init_producer_id(now, &mut ids, handle, id, request);
                self.perform_transaction(id, effects, context);
            }
            (Some(_), _) => respond(Err(ErrorCode::NotCoordinator), context),
            (None, _) => {
                let identity = ids.producer_id();
                let producer = identity.map(|producer_id| ProducerIdAndEpoch { producer_id, epoch: 0 });
                respond(producer, context);
            }
        }
    }

    pub(super) fn on_add_partitions(
        &mut self,
        handle: RequestHandle,
        request: &AddPartitionsToTxnRequest,
        context: &mut Context<'_>,
    ) {
        if !self.coordinates(&request.transactional_id, context) {
            let response = AddPartitionsToTxnResponse { outcome: Err(ErrorCode::NotCoordinator) };
            return context.respond(handle, Response::AddPartitionsToTxn(response));
        }
        let effects = self.transactions.add_partitions(context.now, handle, request);
        self.perform_transaction(&request.transactional_id, effects, context);
    }

    pub(super) fn on_end_txn(
        &mut self,
        handle: RequestHandle,
        request: &EndTxnRequest,
        context: &mut Context<'_>,
    ) {
        if !self.coordinates(&request.transactional_id, context) {
            let response = EndTxnResponse { producer: Err(ErrorCode::NotCoordinator) };
            return context.respond(handle, Response::EndTxn(response));
        }
        let now = context.now;
        let mut ids =
            ProducerIds { left: &mut self.producer_ids, broker: self.id, cluster: &mut *context.cluster };
        let effects = self.transactions.end_txn(now, &mut ids, handle, request);
        self.perform_transaction(&request.transactional_id, effects, context);
    }

    /// Aborts what has been open for too long, and looks again after the interval.
    pub(super) fn abort_timed_out_transactions(&mut self, context: &mut Context<'_>) {
        let now = context.now;
        let mut ids =
            ProducerIds { left: &mut self.producer_ids, broker: self.id, cluster: &mut *context.cluster };
        for (id, effects) in self.transactions.abort_timed_out(now, &mut ids) {
            self.perform_transaction(&id, effects, context);
        }
        self.watch_timeouts(context);
    }

    /// The job runs at multiples of its interval; there is nothing for it to do while no transaction is open.
    fn watch_timeouts(&self, context: &mut Context<'_>) {
        if self.transactions.list().any(|listing| listing.state == TransactionState::Ongoing) {
            let at = next_multiple(self.transactions.config().abort_timed_out_interval, context.now);
            context.set_timer(Timer::TransactionTimeouts, at);
        }
    }

    /// Decisions whose record in a partition of `__transaction_state` is committed take effect.
    pub(super) fn release_decisions(&mut self, partition: &TopicPartition, context: &mut Context<'_>) {
        if *partition.topic != *TRANSACTION_STATE {
            return;
        }
        let reached = self.replicas[partition].high_watermark();
        let committed: Vec<_> = self
            .held_decisions
            .extract_if(.., |held| held.partition == *partition && held.until <= reached)
            .collect();
        for held in committed {
            let effects = self.transactions.on_committed(context.now, &held.transactional_id);
            self.perform_transaction(&held.transactional_id, effects, context);
            self.send_markers(context);
            self.watch_timeouts(context);
        }
    }

    fn perform_transaction(
        &mut self,
        transactional_id: &TransactionalId,
        effects: TransactionEffects,
        context: &mut Context<'_>,
    ) {
        let TransactionEffects { record, responses, events } = effects;
        for event in events {
            context.emit(event);
        }
        for (handle, response) in responses {
            context.respond(handle, response);
        }
        let Some(record) = record else { return };
        let partition = state_partition(transactional_id, context);
        let (key, value) = record.encode();
        let record = Record {
            id: RecordId::default(),
            timestamp: context.wall_millis(),
            key: Some(key),
            value: Some(value),
            headers: Rc::from([]),
        };
        let base_offset = self.append(&partition, &RecordBatch::new(vec![record]), context);
        let transactional_id = transactional_id.clone();
        let held = HeldDecision { partition: partition.clone(), until: base_offset + 1, transactional_id };
        self.held_decisions.push(held);
        self.advance_high_watermark(&partition, context);
        self.complete_fetches(context);
    }

    /// Asks the leaders to write the markers that are owed and not asked for yet. A partition that is gone needs none; one
    /// without a leader has to wait.
    pub(super) fn send_markers(&mut self, context: &mut Context<'_>) {
        let owed: Vec<_> = self.transactions.owed_markers().collect();
        let mut waits = false;
        for OwedMarkers { transactional_id, producer, result, partitions } in owed {
            let number = self.transactions.partition_for(&transactional_id);
            let Some(coordinator_epoch) = self.transaction_epochs.get(&number).copied() else { continue };
            let asked = self.markers_asked_for(&transactional_id);
            let mut gone = Vec::new();
            let mut by_leader: BTreeMap<BrokerId, Vec<_>> = BTreeMap::new();
            for partition in partitions.into_iter().filter(|partition| !asked.contains(partition)) {
                match self.image.partition(&partition).map(|known| known.leader) {
                    Some(Some(leader)) => by_leader.entry(leader).or_default().push(partition),
                    Some(None) => waits = true,
                    None => gone.push(partition),
                }
            }
            for (leader, partitions) in by_leader {
                let marker = EndTransactionMarker { result, coordinator_epoch };
                let purpose = Purpose::Markers {
                    transactional_id: transactional_id.clone(),
                    producer,
                    partitions: partitions.clone(),
                };
                let request = WriteTxnMarkersRequest { producer, marker, partitions };
                self.ask_broker(leader, Request::WriteTxnMarkers(request), purpose, context);
            }
            if !gone.is_empty() {
                self.note_markers(&transactional_id, producer, &gone, context);
            }
        }
        if waits {
            self.send_markers_later(context);
        }
    }

    pub(super) fn note_markers(
        &mut self,
        transactional_id: &TransactionalId,
        producer: ProducerIdAndEpoch,
        written: &[TopicPartition],
        context: &mut Context<'_>,
    ) {
        let effects = self.transactions.on_markers_written(context.now, transactional_id, producer, written);
        self.perform_transaction(transactional_id, effects, context);
    }

    pub(super) fn send_markers_later(&self, context: &mut Context<'_>) {
        context.set_timer(Timer::TransactionMarkers, context.now + MARKER_RETRY);
    }

    fn coordinates(&self, transactional_id: &str, context: &Context<'_>) -> bool {
        let number = state_partition(transactional_id, context).partition;
        self.transaction_epochs.contains_key(&number)
    }
}

pub(super) fn state_partition(transactional_id: &str, context: &Context<'_>) -> TopicPartition {
    let partitions = context.scenario.transactions.state_log_num_partitions;
    TopicPartition::new(TRANSACTION_STATE, coordinator_partition(transactional_id, partitions))
}

/// An answer that was to go out when a decision is committed.
fn not_coordinator(response: Response) -> Response {
    let error = ErrorCode::NotCoordinator;
    match response {
        Response::InitProducerId(_) => {
            Response::InitProducerId(InitProducerIdResponse { producer: Err(error) })
        }
        Response::AddPartitionsToTxn(_) => {
            Response::AddPartitionsToTxn(AddPartitionsToTxnResponse { outcome: Err(error) })
        }
        Response::EndTxn(_) => Response::EndTxn(EndTxnResponse { producer: Err(error) }),
        Response::Metadata(_)
        | Response::Produce(_)
        | Response::Fetch(_)
        | Response::ListOffsets(_)
        | Response::FindCoordinator(_)
        | Response::JoinGroup(_)
        | Response::SyncGroup(_)
        | Response::Heartbeat(_)
        | Response::LeaveGroup(_)
        | Response::OffsetCommit(_)
        | Response::OffsetFetch(_)
        | Response::ConsumerGroupHeartbeat(_)
        | Response::TxnOffsetCommit(_)
        | Response::WriteTxnMarkers(_) => unreachable!("{response:?} is not of a transaction coordinator"),
    }
}
