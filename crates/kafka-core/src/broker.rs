//! A broker: its replicas, the requests that wait, and the groups that it coordinates.
//!
//! Mirrors `KafkaApis` and `ReplicaManager`. Leaves out: quotas, request queues (a request is handled the moment it
//! arrives), failing disks.

mod administration;
mod coordination;
mod fetch;
mod inter_broker;
mod isr;
mod leader_epochs;
mod leadership;
mod lifecycle;
mod log_segment;
mod log_tasks;
mod log_validator;
mod metadata;
mod partition_log;
mod produce;
mod producer_state;
mod refusal;
mod replica;
mod replication;
mod transaction_append;
mod transaction_index;
mod transactions;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

pub use log_segment::{LogSegment, OffsetPosition, TimestampOffset};
pub(crate) use metadata::create_offsets_topic;
pub use partition_log::{DeletionReason, PartitionLog};
pub use producer_state::ProducerDescription;
pub use replica::Replica;
pub use transaction_index::OpenTransaction;

use crate::cluster::MetadataImage;
use crate::event::Event;
use crate::group::GroupCoordinator;
use crate::node::{Context, Timer};
use crate::protocol::{
    BrokerId, CoordinatorKey, CorrelationId, ErrorCode, FetchResponse, ListOffsetsRequest,
    ListOffsetsResponse, NodeId, OffsetSpec, Request, RequestHandle, Response, TransactionalId,
};
use crate::record::RecordBatch;
use crate::scenario::Scenario;
use crate::topic::TopicPartition;
use crate::transaction::TransactionCoordinator;
use fetch::DelayedFetch;
use inter_broker::InterBrokerRequest;
use lifecycle::Lifecycle;
use produce::DelayedProduce;
use replication::ReplicaFetch;
use transaction_append::Append;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broker {
    id: BrokerId,
    lifecycle: Lifecycle,
    image: Rc<MetadataImage>,
    replicas: BTreeMap<TopicPartition, Replica>,
    delayed_fetches: BTreeMap<RequestHandle, DelayedFetch>,
    delayed_produces: BTreeMap<RequestHandle, DelayedProduce>,
    /// Answers of the coordinator that wait until the records they rest on are committed.
    held_responses: Vec<HeldResponses>,
    /// How many batches this broker has copied from leaders.
    batches_replicated: u64,
    /// Leaders that this broker is replicating from.
    fetching_from: BTreeMap<BrokerId, ReplicaFetch>,
    coordinator: GroupCoordinator,
    /// Partitions of `__consumer_offsets` whose groups are coordinated here, with the leader epoch since when.
    coordinated: BTreeMap<u32, i32>,
    transactions: TransactionCoordinator,
    /// Partitions of `__transaction_state` whose ids are coordinated here, with the leader epoch since when.
    transaction_epochs: BTreeMap<u32, i32>,
    /// Decisions of the transaction coordinator that wait until their record is committed.
    held_decisions: Vec<HeldDecision>,
    /// What other brokers have been asked, and have not answered.
    inter_broker: BTreeMap<CorrelationId, InterBrokerRequest>,
    /// Requests for which the transaction coordinator is to be asked again.
    adding_again: BTreeMap<CorrelationId, Append>,
    /// Not given to a producer yet.
    producer_ids: Range<i64>,
    next_correlation_id: CorrelationId,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct HeldResponses {
    partition: TopicPartition,
    /// Answered when the high watermark gets here.
    until: i64,
    responses: Vec<(RequestHandle, Response)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct HeldDecision {
    partition: TopicPartition,
    /// Takes effect when the high watermark gets here.
    until: i64,
    transactional_id: TransactionalId,
}

impl Broker {
    pub(crate) fn new(id: BrokerId, scenario: &Scenario) -> Self {
        let coordinator = GroupCoordinator::new(scenario.groups.clone(), scenario.epoch_millis);
        Self {
            id,
            lifecycle: Lifecycle::Registered,
            image: Rc::new(MetadataImage::default()),
            replicas: BTreeMap::new(),
            delayed_fetches: BTreeMap::new(),
            delayed_produces: BTreeMap::new(),
            held_responses: Vec::new(),
            batches_replicated: 0,
            fetching_from: BTreeMap::new(),
            coordinator,
            coordinated: BTreeMap::new(),
            transactions: TransactionCoordinator::new(scenario.transactions.clone(), scenario.epoch_millis),
            transaction_epochs: BTreeMap::new(),
            held_decisions: Vec::new(),
            inter_broker: BTreeMap::new(),
            adding_again: BTreeMap::new(),
            producer_ids: 0..0,
            next_correlation_id: CorrelationId::default(),
        }
    }

    pub fn id(&self) -> BrokerId {
        self.id
    }

    pub fn replica(&self, partition: &TopicPartition) -> Option<&Replica> {
        self.replicas.get(partition)
    }

    /// How many batches this broker has copied from leaders, in all its partitions.
    pub fn batches_replicated(&self) -> u64 {
        self.batches_replicated
    }

    pub fn coordinator(&self) -> &GroupCoordinator {
        &self.coordinator
    }

    pub fn transactions(&self) -> &TransactionCoordinator {
        &self.transactions
    }

    pub(crate) fn on_request(&mut self, handle: RequestHandle, request: Request, context: &mut Context<'_>) {
        match request {
            Request::Metadata(request) => {
                let response = self.metadata(&request, context);
                context.respond(handle, Response::Metadata(response));
            }
            Request::Produce(request) => self.on_produce(handle, request, context),
            Request::Fetch(request) => self.on_fetch(handle, request, context),
            Request::ListOffsets(request) => {
                let response = self.list_offsets(&request);
                context.respond(handle, Response::ListOffsets(response));
            }
            Request::InitProducerId(request) => self.on_init_producer_id(handle, &request, context),
            Request::AddPartitionsToTxn(request) => self.on_add_partitions(handle, &request, context),
            Request::EndTxn(request) => self.on_end_txn(handle, &request, context),
            Request::WriteTxnMarkers(request) => self.on_write_txn_markers(handle, request, context),
            Request::FindCoordinator(request) => match request.key {
                CoordinatorKey::Group(group) => self.find_coordinator(handle, &group, context),
                CoordinatorKey::Transaction(id) => self.find_transaction_coordinator(handle, &id, context),
            },
            request @ (Request::JoinGroup(_)
            | Request::SyncGroup(_)
            | Request::Heartbeat(_)
            | Request::LeaveGroup(_)
            | Request::OffsetCommit(_)
            | Request::OffsetFetch(_)
            | Request::TxnOffsetCommit(_)
            | Request::ConsumerGroupHeartbeat(_)) => self.on_group_request(handle, request, context),
        }
    }

    pub(crate) fn on_response(
        &mut self,
        from: NodeId,
        correlation_id: CorrelationId,
        response: Response,
        context: &mut Context<'_>,
    ) {
        let NodeId::Broker(from) = from else { unreachable!("a broker asks nobody but brokers") };
        match response {
            Response::Fetch(FetchResponse { partitions }) => {
                self.on_replica_fetch_response(from, correlation_id, partitions, context);
            }
            Response::ListOffsets(response) => self.on_leader_start(from, &response, context),
            Response::AddPartitionsToTxn(response) => {
                self.on_partitions_added(correlation_id, response.outcome, context);
            }
            Response::WriteTxnMarkers(response) => {
                self.on_markers_answered(correlation_id, response, context);
            }
            Response::Metadata(_)
            | Response::Produce(_)
            | Response::FindCoordinator(_)
            | Response::JoinGroup(_)
            | Response::SyncGroup(_)
            | Response::Heartbeat(_)
            | Response::LeaveGroup(_)
            | Response::OffsetCommit(_)
            | Response::OffsetFetch(_)
            | Response::ConsumerGroupHeartbeat(_)
            | Response::InitProducerId(_)
            | Response::TxnOffsetCommit(_)
            | Response::EndTxn(_) => unreachable!("brokers do not ask each other for {response:?}"),
        }
    }

    /// The connection to a leader is closed.
    pub(crate) fn on_disconnected(&mut self, leader: BrokerId, context: &mut Context<'_>) {
        if self.fetches_from(leader) {
            self.fetch_from_later(leader, context);
        }
        self.fail_requests_to(leader, context);
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match timer {
            Timer::DelayedFetch(handle) => self.expire_fetch(*handle, context),
            Timer::DelayedProduce(handle) => self.expire_produce(*handle, context),
            Timer::ReplicaFetch(leader) => self.retry_fetch(*leader, context),
            Timer::ReplicaFetchTimeout(leader) => {
                context.close_connection(*leader);
                self.fetch_from_later(*leader, context);
                self.fail_requests_to(*leader, context);
            }
            Timer::InterBrokerRequest(correlation_id) => {
                self.on_inter_broker_timeout(*correlation_id, context);
            }
            Timer::AddPartitionsAgain(correlation_id) => self.add_partitions_again(*correlation_id, context),
            Timer::TransactionMarkers => self.send_markers(context),
            Timer::TransactionTimeouts => self.abort_timed_out_transactions(context),
            Timer::IsrExpiration => self.expire_isrs(context),
            Timer::LogRetention => self.delete_old_segments(context),
            Timer::LogCleaner => self.clean_logs(context),
            Timer::Contact => self.contact(context),
            Timer::Shutdown => unreachable!("the process ends, which is not for the broker to do"),
            Timer::Group(timer) => self.on_group_timer(timer, context),
            Timer::Sender
            | Timer::ProducerId
            | Timer::MaxBlock
            | Timer::TransactionCall
            | Timer::MetadataRetry
            | Timer::Request(_)
            | Timer::Poll
            | Timer::Application
            | Timer::Heartbeat
            | Timer::MaxPollInterval => unreachable!("{timer:?} is a client's timer"),
        }
    }

    /// The replica of a partition that this broker leads, as far as it knows.
    fn led(&self, partition: &TopicPartition) -> Result<&Replica, ErrorCode> {
        match (self.image.partition(partition), self.replicas.get(partition)) {
            (None, _) => Err(ErrorCode::UnknownTopicOrPartition),
            (Some(_), Some(replica)) if replica.leadership.is_some() => Ok(replica),
            (Some(_), Some(_) | None) => Err(ErrorCode::NotLeaderOrFollower),
        }
    }

    /// Appends to a partition that this broker leads.
    fn append(&mut self, partition: &TopicPartition, batch: &RecordBatch, context: &mut Context<'_>) -> i64 {
        let replica = self.replicas.get_mut(partition).expect("only a led partition is appended to");
        let leadership = replica.leadership.as_ref().expect("only a leader appends");
        let leader_epoch = leadership.leader_epoch;
        let append = replica.log.append_as_leader(batch, leader_epoch, context.wall_millis());
        context.emit(Event::RecordsAppended {
            broker: self.id,
            partition: partition.clone(),
            leader_epoch,
            base_offset: append.base_offset,
            first: batch.first_id(),
            records: batch.records.len() as u32,
            bytes: append.size_in_bytes,
        });
        self.after_append(partition, append.rolled, context);
        append.base_offset
    }

    fn list_offsets(&self, request: &ListOffsetsRequest) -> ListOffsetsResponse {
        let offset = |(partition, spec): &(TopicPartition, OffsetSpec)| {
            let found =
                self.led(partition).and_then(|replica| replica.offset_for(*spec, request.isolation_level));
            (partition.clone(), found)
        };
        ListOffsetsResponse { partitions: request.partitions.iter().map(offset).collect() }
    }

    fn next_correlation_id(&mut self) -> CorrelationId {
        self.next_correlation_id.0 += 1;
        self.next_correlation_id
    }
}
