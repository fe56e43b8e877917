//! A producer process: `send()` chooses a partition and fills a batch, the sender takes ready batches to their
//! leaders.
//!
//! Mirrors `KafkaProducer` and `Sender`. The application calls `send` from one thread: while a call is blocked
//! (no metadata yet, no memory left), the calls after it wait. Leaves out: nothing
//! known.

pub mod accumulator;
mod batch;
mod compression_ratio;
pub mod custom_partitioner;
mod drain;
mod idempotence;
pub mod partitioner;
mod requests;
mod send;
mod sender;
mod transaction;

use std::collections::{BTreeMap, VecDeque};

use crate::command::ProducerRecord;
use crate::config::ProducerConfig;
use crate::event::{Event, SendFailure};
use crate::metadata::ClientMetadata;
use crate::node::{Context, Timer};
use crate::protocol::{Api, BrokerId, ClientId, CorrelationId, ErrorCode, MetadataResponse, Response};
use crate::record::{Record, RecordId};
use crate::time::SimTime;
use crate::topic::{TopicName, TopicPartition};
use accumulator::{ProducerBatch, RecordAccumulator};
use idempotence::Idempotence;
use partitioner::RoundRobinPartitioner;
use send::record_of;
use transaction::Transactions;
pub use transaction::{ClientTransactionState, ProducerCall, TransactionCall, TransactionError};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Producer {
    client: ClientId,
    config: ProducerConfig,
    metadata: ClientMetadata,
    round_robin: RoundRobinPartitioner,
    accumulator: RecordAccumulator,
    /// Calls to `send` in order; the first is blocked, the others have not begun.
    blocked: VecDeque<BlockedSend>,
    in_flight: BTreeMap<CorrelationId, InFlight>,
    /// Everything that has not been answered.
    requests: BTreeMap<CorrelationId, (BrokerId, Api)>,
    /// When metadata is asked for again, if that is planned.
    metadata_refresh: Option<SimTime>,
    /// `None` without `enable.idempotence`.
    idempotence: Option<Idempotence>,
    identity_retry_at: SimTime,
    /// `None` without `transactional.id`.
    transactions: Option<Transactions>,
    next_correlation_id: CorrelationId,
    records_sent: u64,
    closing: bool,
    ended: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct BlockedSend {
    id: RecordId,
    record: ProducerRecord,
    /// Since when this call has blocked; `None` while it waits for its turn.
    since: Option<SimTime>,
}

/// A produce request that has not been answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InFlight {
    pub broker: BrokerId,
    pub batches: Vec<(TopicPartition, ProducerBatch)>,
}

impl Producer {
    pub(crate) fn start(client: ClientId, config: ProducerConfig, context: &mut Context<'_>) -> Self {
        context.emit(Event::ProducerStarted { client, client_id: config.client_id.clone() });
        let idempotence = config.enable_idempotence.then(Idempotence::default);
        let transactions = config.transactional_id.clone().map(Transactions::new);
        let mut producer = Self {
            client,
            accumulator: RecordAccumulator::new(&config),
            config,
            metadata: ClientMetadata::default(),
            round_robin: RoundRobinPartitioner::default(),
            blocked: VecDeque::new(),
            in_flight: BTreeMap::new(),
            requests: BTreeMap::new(),
            metadata_refresh: None,
            idempotence,
            identity_retry_at: SimTime::ZERO,
            transactions,
            next_correlation_id: CorrelationId::default(),
            records_sent: 0,
            closing: false,
            ended: false,
        };
        producer.run_sender(context);
        producer
    }

    pub fn config(&self) -> &ProducerConfig {
        &self.config
    }

    /// Batches that have not been sent, in order of partition; a partition's first is the oldest.
    pub fn accumulator(&self) -> &RecordAccumulator {
        &self.accumulator
    }

    pub fn in_flight(&self) -> impl Iterator<Item = &InFlight> {
        self.in_flight.values()
    }

    /// When a queued batch that failed may go out again at the earliest. `None` for one that has not failed, or whose
    /// partition has another leader epoch since.
    pub fn retry_at(&self, partition: &TopicPartition, batch: &ProducerBatch) -> Option<SimTime> {
        let retry = batch.retry.filter(|retry| retry.leader_epoch == self.metadata.leader_epoch(partition));
        retry.map(|retry| retry.not_before)
    }

    /// Records whose `send` waits for metadata or memory.
    pub fn blocked_records(&self) -> usize {
        self.blocked.len()
    }

    /// How many records the application has handed over.
    pub fn records_sent(&self) -> u64 {
        self.records_sent
    }

    pub fn is_closing(&self) -> bool {
        self.closing
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended
    }

    pub(crate) fn send(&mut self, record: ProducerRecord, context: &mut Context<'_>) {
        let id = RecordId::new(self.client, self.records_sent);
        self.records_sent += 1;
        if self.closing {
            return self.fail(record_of(id, record, context), SendFailure::ProducerClosed, context);
        }
        self.blocked.push_back(BlockedSend { id, record, since: None });
        self.run_blocked(context);
    }

    /// `close()`: waits for what is buffered.
    pub(crate) fn close(&mut self, context: &mut Context<'_>) {
        self.closing = true;
        self.run_sender(context);
        self.end_if_done(context);
    }

    pub(crate) fn on_response(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        response: Response,
        context: &mut Context<'_>,
    ) {
        if !self.was_asked(broker, correlation_id, response.api(), context) {
            return;
        }
        match response {
            Response::Metadata(response) => self.on_metadata_response(correlation_id, response, context),
            Response::Produce(response) => self.on_produce_response(correlation_id, &response, context),
            Response::InitProducerId(response) => self.on_init_producer_id_response(&response, context),
            Response::FindCoordinator(response) => {
                self.on_find_coordinator_response(correlation_id, &response, context);
            }
            Response::EndTxn(response) => self.on_end_txn_response(&response, context),
            Response::TxnOffsetCommit(response) => self.on_txn_offset_commit_response(&response, context),
            Response::Fetch(_)
            | Response::ListOffsets(_)
            | Response::AddPartitionsToTxn(_)
            | Response::WriteTxnMarkers(_)
            | Response::JoinGroup(_)
            | Response::SyncGroup(_)
            | Response::Heartbeat(_)
            | Response::LeaveGroup(_)
            | Response::OffsetCommit(_)
            | Response::OffsetFetch(_)
            | Response::ConsumerGroupHeartbeat(_) => unreachable!("a producer never asked {broker:?} for it"),
        }
        self.go_on(context);
    }

    /// The connection to a broker is closed, or could not be opened.
    pub(crate) fn on_disconnected(&mut self, broker: BrokerId, context: &mut Context<'_>) {
        self.fail_requests(broker, ErrorCode::NetworkException, context);
        self.go_on(context);
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match timer {
            Timer::Sender | Timer::ProducerId => {}
            Timer::MaxBlock => self.expire_blocked(context),
            Timer::TransactionCall => self.expire_call(context),
            Timer::MetadataRetry => {
                self.metadata_refresh = None;
                self.request_metadata(context);
            }
            Timer::Request(correlation_id) => self.on_request_timeout(*correlation_id, context),
            Timer::DelayedFetch(_)
            | Timer::DelayedProduce(_)
            | Timer::ReplicaFetch(_)
            | Timer::ReplicaFetchTimeout(_)
            | Timer::IsrExpiration
            | Timer::LogRetention
            | Timer::LogCleaner
            | Timer::Contact
            | Timer::Shutdown
            | Timer::InterBrokerRequest(_)
            | Timer::AddPartitionsAgain(_)
            | Timer::TransactionMarkers
            | Timer::TransactionTimeouts
            | Timer::Group(_)
            | Timer::Poll
            | Timer::Application
            | Timer::Heartbeat
            | Timer::MaxPollInterval => unreachable!("{timer:?} is not a producer's timer"),
        }
        self.go_on(context);
    }

    fn on_metadata_response(
        &mut self,
        correlation_id: CorrelationId,
        response: MetadataResponse,
        context: &mut Context<'_>,
    ) {
        // An answer that leaves nothing to ask again is good until it is too old.
        let planned = self.metadata_refresh.filter(|at| *at > context.now);
        let next = planned.unwrap_or(context.now + self.config.metadata_max_age);
        context.set_timer(Timer::MetadataRetry, next);
        let backoff = self.config.retry_backoff;
        self.metadata.on_response(self.client, correlation_id, response, backoff, context);
    }

    /// Whatever has happened, blocked calls and waiting batches may get further now.
    fn go_on(&mut self, context: &mut Context<'_>) {
        self.run_blocked(context);
        self.run_sender(context);
        self.end_if_done(context);
    }

    fn fail(&self, (topic, record): (TopicName, Record), failure: SendFailure, context: &mut Context<'_>) {
        context.emit(Event::RecordFailed { client: self.client, record, topic, failure });
    }

    fn end_if_done(&mut self, context: &mut Context<'_>) {
        let sent = self.blocked.is_empty() && self.in_flight.is_empty() && self.accumulator.is_empty();
        if !self.closing || !sent || self.ended {
            return;
        }
        if self.leave_no_transaction(context) {
            self.ended = true;
            context.emit(Event::ProducerClosed { client: self.client });
        }
    }
}
