//! A broker: its replicas, the requests that wait, and the groups that it coordinates.
//!
//! Mirrors `KafkaApis` and `ReplicaManager`. Leaves out: failures, fencing, ISR changes, quotas, request queues (a
//! request is handled the moment it arrives).

mod administration;
mod coordination;
mod fetch;
mod partition_log;
mod produce;
mod replication;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub use partition_log::PartitionLog;

use crate::cluster::CONSUMER_OFFSETS;
use crate::command::NewTopic;
use crate::event::Event;
use crate::group::GroupCoordinator;
use crate::node::{Context, Timer};
use crate::protocol::{
    BrokerId, CorrelationId, ErrorCode, FetchResponse, ListOffsetsRequest, ListOffsetsResponse,
    MetadataRequest, MetadataResponse, MetadataResponseTopic, NodeId, OffsetSpec, PartitionMetadata, Request,
    RequestHandle, Response,
};
use crate::record::RecordBatch;
use crate::scenario::Scenario;
use crate::topic::{TopicName, TopicPartition};
use fetch::DelayedFetch;
use produce::DelayedProduce;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broker {
    id: BrokerId,
    replicas: BTreeMap<TopicPartition, Replica>,
    delayed_fetches: BTreeMap<RequestHandle, DelayedFetch>,
    delayed_produces: BTreeMap<RequestHandle, DelayedProduce>,
    /// Answers of the coordinator that wait until the records they rest on are committed.
    held_responses: Vec<HeldResponses>,
    /// Leaders that this broker is replicating from.
    fetching_from: BTreeMap<BrokerId, CorrelationId>,
    coordinator: GroupCoordinator,
    /// Partitions of `__consumer_offsets` whose groups are coordinated here.
    loaded: BTreeSet<u32>,
    next_correlation_id: CorrelationId,
}

/// This broker's copy of one partition.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Replica {
    pub log: PartitionLog,
    pub high_watermark: i64,
    /// What the leader knows of its followers: the end of each one's log.
    pub follower_end_offsets: BTreeMap<BrokerId, i64>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct HeldResponses {
    partition: TopicPartition,
    /// Answered when the high watermark gets here.
    until: i64,
    responses: Vec<(RequestHandle, Response)>,
}

impl Broker {
    pub(crate) fn new(id: BrokerId, scenario: &Scenario) -> Self {
        let coordinator = GroupCoordinator::new(scenario.groups.clone(), scenario.epoch_millis);
        Self {
            id,
            replicas: BTreeMap::new(),
            delayed_fetches: BTreeMap::new(),
            delayed_produces: BTreeMap::new(),
            held_responses: Vec::new(),
            fetching_from: BTreeMap::new(),
            coordinator,
            loaded: BTreeSet::new(),
            next_correlation_id: CorrelationId::default(),
        }
    }

    pub fn id(&self) -> BrokerId {
        self.id
    }

    pub fn replica(&self, partition: &TopicPartition) -> Option<&Replica> {
        self.replicas.get(partition)
    }

    pub fn coordinator(&self) -> &GroupCoordinator {
        &self.coordinator
    }

    /// Takes up the replicas that the controller has placed here.
    pub(crate) fn apply_metadata(&mut self, context: &mut Context<'_>) {
        for (topic, metadata) in context.cluster.topics() {
            for (number, partition) in (0..).zip(&metadata.partitions) {
                if partition.replicas.contains(&self.id) {
                    self.replicas.entry(TopicPartition::new(topic.clone(), number)).or_default();
                }
            }
        }
        self.load_groups(context);
        self.replicate(context);
    }

    pub(crate) fn on_request(&mut self, handle: RequestHandle, request: Request, context: &mut Context<'_>) {
        match request {
            Request::Metadata(request) => {
                let response = metadata(&request, context);
                context.respond(handle, Response::Metadata(response));
            }
            Request::Produce(request) => self.on_produce(handle, request, context),
            Request::Fetch(request) => self.on_fetch(handle, request, context),
            Request::ListOffsets(request) => {
                let response = self.list_offsets(&request, context);
                context.respond(handle, Response::ListOffsets(response));
            }
            Request::FindCoordinator(request) => self.find_coordinator(handle, &request.group, context),
            request @ (Request::JoinGroup(_)
            | Request::SyncGroup(_)
            | Request::Heartbeat(_)
            | Request::LeaveGroup(_)
            | Request::OffsetCommit(_)
            | Request::OffsetFetch(_)
            | Request::ConsumerGroupHeartbeat(_)) => self.on_group_request(handle, request, context),
        }
    }

    /// An answer to a question that is out of date is thrown away.
    pub(crate) fn on_response(
        &mut self,
        from: NodeId,
        correlation_id: CorrelationId,
        response: Response,
        context: &mut Context<'_>,
    ) {
        let (NodeId::Broker(leader), Response::Fetch(FetchResponse { partitions })) = (from, response) else {
            unreachable!("a broker asks other brokers for nothing but data")
        };
        if self.fetching_from.get(&leader) == Some(&correlation_id) {
            self.on_replica_fetch_response(leader, partitions, context);
        }
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match timer {
            Timer::DelayedFetch(handle) => self.expire_fetch(*handle, context),
            Timer::DelayedProduce(handle) => self.expire_produce(*handle, context),
            Timer::Group(timer) => self.on_group_timer(timer, context),
            Timer::Sender
            | Timer::MaxBlock
            | Timer::MetadataRetry
            | Timer::Request(_)
            | Timer::Poll
            | Timer::Application
            | Timer::Heartbeat
            | Timer::MaxPollInterval => unreachable!("{timer:?} is a client's timer"),
        }
    }

    /// The replica of a partition that this broker leads.
    fn led(&self, partition: &TopicPartition, context: &Context<'_>) -> Result<&Replica, ErrorCode> {
        match context.cluster.partition(partition) {
            None => Err(ErrorCode::UnknownTopicOrPartition),
            Some(metadata) if metadata.leader == Some(self.id) => Ok(&self.replicas[partition]),
            Some(_) => Err(ErrorCode::NotLeaderOrFollower),
        }
    }

    /// Appends to a partition that this broker leads, and moves the high watermark where no follower holds it.
    fn append(&mut self, partition: &TopicPartition, batch: &RecordBatch, context: &mut Context<'_>) -> i64 {
        let epoch = context.cluster.partition(partition).map_or(0, |metadata| metadata.leader_epoch);
        let replica = self.replicas.get_mut(partition).expect("only a led partition is appended to");
        let base_offset = replica.log.append_as_leader(batch, epoch);
        context.emit(Event::RecordsAppended {
            broker: self.id,
            partition: partition.clone(),
            base_offset,
            records: batch.records.len() as u32,
            bytes: batch.size_in_bytes,
        });
        base_offset
    }

    fn list_offsets(&self, request: &ListOffsetsRequest, context: &Context<'_>) -> ListOffsetsResponse {
        let offset = |(partition, spec): &(TopicPartition, OffsetSpec)| {
            let found = self.led(partition, context).map(|replica| match spec {
                OffsetSpec::Earliest => Some(replica.log.log_start_offset()),
                OffsetSpec::Latest => Some(replica.high_watermark),
                OffsetSpec::Timestamp(timestamp) => {
                    let mut committed = replica
                        .log
                        .records_from(replica.log.log_start_offset())
                        .take_while(|(offset, _)| *offset < replica.high_watermark);
                    committed.find(|(_, record)| record.timestamp >= *timestamp).map(|(offset, _)| offset)
                }
            });
            (partition.clone(), found)
        };
        ListOffsetsResponse { partitions: request.partitions.iter().map(offset).collect() }
    }

    fn next_correlation_id(&mut self) -> CorrelationId {
        self.next_correlation_id.0 += 1;
        self.next_correlation_id
    }
}

/// Answers with what the controller knows. A missing topic is created when broker and client both allow it,
/// but this answer still reports it missing (`AutoTopicCreationManager`).
fn metadata(request: &MetadataRequest, context: &mut Context<'_>) -> MetadataResponse {
    let mut topics = Vec::new();
    for name in &request.topics {
        let found = match context.cluster.topic(name) {
            Some(topic) => Ok(MetadataResponseTopic {
                topic_id: topic.id,
                partitions: topic.partitions.iter().map(partition_metadata).collect(),
            }),
            None => Err(missing_topic(name, request.allow_auto_topic_creation, context)),
        };
        topics.push((name.clone(), found));
    }
    MetadataResponse { brokers: context.cluster.brokers().to_vec(), topics }
}

fn partition_metadata(partition: &crate::cluster::Partition) -> PartitionMetadata {
    PartitionMetadata {
        leader: partition.leader,
        leader_epoch: partition.leader_epoch,
        replicas: partition.replicas.clone(),
        isr: partition.isr.clone(),
    }
}

fn missing_topic(name: &TopicName, allowed: bool, context: &mut Context<'_>) -> ErrorCode {
    if allowed && context.scenario.broker.auto_create_topics_enable {
        let new = NewTopic {
            name: Rc::clone(name),
            partitions: None,
            replication_factor: None,
            replica_assignment: Vec::new(),
            configs: Vec::new(),
        };
        if let Err(crate::command::CommandError::InvalidTopicName { .. }) = create_topic(&new, context) {
            return ErrorCode::InvalidTopic;
        }
    }
    ErrorCode::UnknownTopicOrPartition
}

/// The internal topic of the group coordinators, made when the first group is looked for.
pub(crate) fn create_offsets_topic(context: &mut Context<'_>) {
    let brokers = context.cluster.brokers().len() as u32;
    let config = &context.scenario.broker;
    let new = NewTopic {
        name: CONSUMER_OFFSETS.into(),
        partitions: Some(context.scenario.groups.offsets_topic_num_partitions),
        replication_factor: Some(config.offsets_topic_replication_factor.min(brokers)),
        replica_assignment: Vec::new(),
        configs: vec![("cleanup.policy".into(), "compact".into())],
    };
    create_topic(&new, context).expect("the internal topic is valid and does not exist yet");
}

fn create_topic(new: &NewTopic, context: &mut Context<'_>) -> Result<(), crate::command::CommandError> {
    let (partitions, replication_factor) =
        context.cluster.create_topic(new, &context.scenario.broker, context.rng)?;
    context.emit(Event::TopicCreated { topic: new.name.clone(), partitions, replication_factor });
    Ok(())
}
