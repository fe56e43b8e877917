//! The broker around its group coordinator: which requests it may answer, where decisions are written, when
//! answers may go out.
//!
//! Mirrors `KafkaApis.handleFindCoordinatorRequest` and `CoordinatorRuntime`. Leaves out: failed writes (a decision is
//! written whatever the size of the ISR, and answered when it is committed), the time that loading takes.

use std::rc::Rc;

use crate::assignor::ServerTopic;
use crate::broker::metadata::create_offsets_topic;
use crate::broker::refusal::{refusal, refuse};
use crate::broker::{Broker, HeldResponses};
use crate::cluster::{CONSUMER_OFFSETS, Topic};
use crate::group::{CoordinatorRecord, Effects, GroupTimer, LogEntry};
use crate::java_hash::coordinator_partition;
use crate::node::{Context, Timer};
use crate::protocol::{
    CorrelationId, ErrorCode, FindCoordinatorResponse, GroupId, LeaveGroupRequest, LeavingMember, MemberId,
    NodeId, Request, RequestHandle, Response, TxnOffsetCommitRequest,
};
use crate::record::{BatchTransaction, Record, RecordBatch, RecordId, TransactionResult};
use crate::topic::{TopicName, TopicPartition};

impl Broker {
    /// The leader of the group's partition of `__consumer_offsets`. The topic is made when the first group is
    /// looked for, and the client has to ask again.
    pub(super) fn find_coordinator(
        &mut self,
        handle: RequestHandle,
        group: &GroupId,
        context: &mut Context<'_>,
    ) {
        if self.image.topic(CONSUMER_OFFSETS).is_none() {
            create_offsets_topic(context);
            let coordinator = Err(ErrorCode::CoordinatorNotAvailable);
            return context
                .respond(handle, Response::FindCoordinator(FindCoordinatorResponse { coordinator }));
        }
        let leader = self.image.leader(&offsets_partition(group, context));
        let coordinator = leader.ok_or(ErrorCode::CoordinatorNotAvailable);
        context.respond(handle, Response::FindCoordinator(FindCoordinatorResponse { coordinator }));
    }

    /// Hands the topics on to the coordinator, takes over the groups of every partition of `__consumer_offsets` that this
    /// broker leads now, and lets go of those that it leads no more.
    pub(super) fn coordinate_groups(&mut self, context: &mut Context<'_>) {
        let image = Rc::clone(&self.image);
        let topic = |(name, topic): (&TopicName, &Rc<Topic>)| {
            (name.clone(), ServerTopic { id: topic.id, partitions: topic.partitions.len() as u32 })
        };
        self.coordinator.on_new_metadata_image(image.topics().map(topic).collect());
        let partitions = image.topic(CONSUMER_OFFSETS).map_or(0, |topic| topic.partitions.len() as u32);
        let left = self.coordinated.last_key_value().map_or(0, |(number, _)| number + 1);
        for number in 0..partitions.max(left) {
            let partition = TopicPartition::new(CONSUMER_OFFSETS, number);
            let epoch = self.led_partition(&partition).map(|(_, leadership)| leadership.leader_epoch);
            if epoch == self.coordinated.get(&number).copied() {
                continue;
            }
            if self.coordinated.remove(&number).is_some() {
                self.unload_groups(&partition, context);
            }
            if let Some(epoch) = epoch {
                self.coordinated.insert(number, epoch);
                self.load_groups(&partition, context);
            }
        }
    }

    fn load_groups(&mut self, partition: &TopicPartition, context: &mut Context<'_>) {
        let log = &self.replicas[partition].log;
        let entries: Vec<_> = log.batches().flat_map(|batch| log_entries(batch)).collect();
        let effects = self.coordinator.load(context.now, partition.partition, entries);
        self.perform(partition, effects, context);
    }

    /// Whoever waits is told to look for the coordinator again.
    fn unload_groups(&mut self, partition: &TopicPartition, context: &mut Context<'_>) {
        let (held, others) = std::mem::take(&mut self.held_responses)
            .into_iter()
            .partition(|held| held.partition == *partition);
        self.held_responses = others;
        let held: Vec<HeldResponses> = held;
        for (handle, response) in held.into_iter().flat_map(|held| held.responses) {
            context.respond(handle, refuse(response, ErrorCode::NotCoordinator));
        }
        let effects = self.coordinator.unload(context.now, partition.partition);
        self.perform(partition, effects, context);
    }

    pub(super) fn on_group_request(
        &mut self,
        handle: RequestHandle,
        request: Request,
        context: &mut Context<'_>,
    ) {
        let group = group_of(&request).clone();
        let partition = offsets_partition(&group, context);
        if self.led(&partition).is_err() {
            return context.respond(handle, refusal(request, ErrorCode::NotCoordinator));
        }
        let (now, coordinator) = (context.now, &mut self.coordinator);
        let effects = match request {
            Request::JoinGroup(request) => coordinator.join_group(now, context.rng, handle, &request),
            Request::SyncGroup(request) => coordinator.sync_group(now, handle, &request),
            Request::Heartbeat(request) => coordinator.heartbeat(now, handle, &request),
            Request::LeaveGroup(request) => coordinator.leave_group(now, handle, &request),
            Request::OffsetCommit(request) => coordinator.commit_offsets(now, handle, &request),
            Request::TxnOffsetCommit(request) => {
                return self.on_txn_offset_commit(handle, request, partition, context);
            }
            Request::OffsetFetch(request) => {
                let response = coordinator.fetch_offsets(&request);
                return context.respond(handle, Response::OffsetFetch(response));
            }
            Request::ConsumerGroupHeartbeat(request) => match request.validate() {
                Ok(()) => coordinator.consumer_group_heartbeat(now, handle, &request),
                Err(error) => {
                    return context.respond(handle, refusal(Request::ConsumerGroupHeartbeat(request), error));
                }
            },
            Request::Metadata(_)
            | Request::Produce(_)
            | Request::Fetch(_)
            | Request::ListOffsets(_)
            | Request::InitProducerId(_)
            | Request::AddPartitionsToTxn(_)
            | Request::EndTxn(_)
            | Request::WriteTxnMarkers(_)
            | Request::FindCoordinator(_) => unreachable!("{request:?} is not for a group"),
        };
        self.perform(&partition, effects, context);
    }

    /// An administrator takes members out of a group this broker coordinates. Nobody waits for the answer.
    pub(crate) fn remove_members(
        &mut self,
        group: &GroupId,
        members: &[MemberId],
        context: &mut Context<'_>,
    ) {
        let reason = "member was removed by an admin";
        let leaving = |member_id: &MemberId| LeavingMember {
            member_id: member_id.clone(),
            group_instance_id: None,
            reason: reason.into(),
        };
        let request =
            LeaveGroupRequest { group: group.clone(), members: members.iter().map(leaving).collect() };
        let admin = RequestHandle { from: NodeId::Broker(self.id), correlation_id: CorrelationId::default() };
        let mut effects = self.coordinator.leave_group(context.now, admin, &request);
        effects.responses.retain(|(handle, _)| *handle != admin);
        self.perform(&offsets_partition(group, context), effects, context);
    }

    pub(super) fn on_group_timer(&mut self, timer: &GroupTimer, context: &mut Context<'_>) {
        let effects = self.coordinator.on_timer(context.now, timer);
        match timer {
            GroupTimer::Join { group }
            | GroupTimer::Sync { group }
            | GroupTimer::Session { group, .. }
            | GroupTimer::ConsumerSession { group, .. }
            | GroupTimer::ConsumerRebalance { group, .. }
            | GroupTimer::ConsumerJoin { group, .. }
            | GroupTimer::ConsumerSync { group, .. } => {
                let partition = offsets_partition(group, context);
                self.perform(&partition, effects, context);
            }
            GroupTimer::OffsetExpiration => self.perform_for_each_group(effects, context),
        }
    }

    /// Answers that waited for the high watermark of their partition of `__consumer_offsets`.
    pub(super) fn release_responses(&mut self, partition: &TopicPartition, context: &mut Context<'_>) {
        let reached = self.replicas[partition].high_watermark();
        let mut released = Vec::new();
        self.held_responses.retain_mut(|held| {
            let committed = held.partition == *partition && held.until <= reached;
            if committed {
                released.append(&mut held.responses);
            }
            !committed
        });
        for (handle, response) in released {
            context.respond(handle, response);
        }
    }

    /// Writes a decision's records; its answers go out once these are committed.
    pub(super) fn perform(
        &mut self,
        partition: &TopicPartition,
        effects: Effects,
        context: &mut Context<'_>,
    ) {
        self.perform_in(None, partition, effects, context);
    }

    /// The same, for records that count when a transaction is committed.
    fn perform_in(
        &mut self,
        transaction: Option<BatchTransaction>,
        partition: &TopicPartition,
        effects: Effects,
        context: &mut Context<'_>,
    ) {
        let Effects { records, responses, timers, events } = effects;
        for event in events {
            context.emit(event);
        }
        for (timer, at) in timers {
            match at {
                Some(at) => context.set_timer(Timer::Group(timer), at),
                None => context.cancel_timer(&Timer::Group(timer)),
            }
        }
        if records.is_empty() {
            for (handle, response) in responses {
                context.respond(handle, response);
            }
            return;
        }
        let records: Vec<_> = records.iter().map(|record| log_record(record, context)).collect();
        let batch = RecordBatch { transaction, ..RecordBatch::new(records) };
        let base_offset = self.append(partition, &batch, context);
        let until = base_offset + batch.records.len() as i64;
        self.held_responses.push(HeldResponses { partition: partition.clone(), until, responses });
        self.advance_high_watermark(partition, context);
        self.complete_fetches(context);
    }

    /// Writes the offsets of a transaction, once the coordinator of the transaction knows of their partition.
    pub(super) fn append_offsets(
        &mut self,
        handle: RequestHandle,
        request: &TxnOffsetCommitRequest,
        outcome: Result<(), ErrorCode>,
        context: &mut Context<'_>,
    ) {
        let partition = offsets_partition(&request.group.group, context);
        let transaction = BatchTransaction { producer: request.producer, marker: None };
        let checked = outcome
            .and_then(|()| self.led(&partition).map_err(|_| ErrorCode::NotCoordinator))
            .and_then(|replica| replica.log.check_transaction(transaction));
        match checked {
            Ok(()) => {
                let effects = self.coordinator.commit_transactional_offsets(context.now, handle, request);
                self.perform_in(Some(transaction), &partition, effects, context);
            }
            Err(error) => {
                let request = Request::TxnOffsetCommit(request.clone());
                context.respond(handle, refusal(request, coordinator_error(error)));
            }
        }
    }

    /// The transaction of a producer has ended in a partition: its offsets count from now on, or never.
    pub(super) fn complete_group_transaction(
        &mut self,
        partition: &TopicPartition,
        producer_id: i64,
        result: TransactionResult,
        context: &mut Context<'_>,
    ) {
        if *partition.topic == *CONSUMER_OFFSETS {
            let effects = self.coordinator.complete_transaction(partition.partition, producer_id, result);
            self.perform(partition, effects, context);
        }
    }

    /// The retention job's records belong to many groups, and so to many partitions.
    pub(super) fn perform_for_each_group(&mut self, effects: Effects, context: &mut Context<'_>) {
        let Effects { records, responses, timers, events } = effects;
        for record in records {
            let partition = offsets_partition(record.group(), context);
            let effects = Effects { records: vec![record], ..Effects::default() };
            self.perform(&partition, effects, context);
        }
        let rest = Effects { records: Vec::new(), responses, timers, events };
        self.perform(&TopicPartition::new(CONSUMER_OFFSETS, 0), rest, context);
    }
}

pub(super) fn offsets_partition(group: &str, context: &Context<'_>) -> TopicPartition {
    let partitions = context.scenario.groups.offsets_topic_num_partitions;
    TopicPartition::new(CONSUMER_OFFSETS, coordinator_partition(group, partitions))
}

fn log_record(record: &CoordinatorRecord, context: &Context<'_>) -> Record {
    let (key, value) = record.encode();
    Record {
        id: RecordId::default(),
        timestamp: context.wall_millis(),
        key: Some(key),
        value,
        headers: Rc::from([]),
    }
}

fn group_of(request: &Request) -> &GroupId {
    match request {
        Request::JoinGroup(request) => &request.group,
        Request::SyncGroup(request) => &request.group,
        Request::Heartbeat(request) => &request.group,
        Request::LeaveGroup(request) => &request.group,
        Request::OffsetCommit(request) => &request.group,
        Request::OffsetFetch(request) => &request.group,
        Request::TxnOffsetCommit(request) => &request.group.group,
        Request::ConsumerGroupHeartbeat(request) => &request.group,
        Request::Metadata(_)
        | Request::Produce(_)
        | Request::Fetch(_)
        | Request::ListOffsets(_)
        | Request::FindCoordinator(_)
        | Request::InitProducerId(_)
        | Request::AddPartitionsToTxn(_)
        | Request::EndTxn(_)
        | Request::WriteTxnMarkers(_) => {
            unreachable!("{request:?} is not for a group")
        }
    }
}

/// What the records of a batch are to the coordinator that reads them.
fn log_entries(batch: &RecordBatch) -> Vec<LogEntry> {
    if let Some((producer_id, marker)) = batch
        .transaction
        .and_then(|transaction| Some((transaction.producer.producer_id, transaction.marker?)))
    {
        return vec![LogEntry::Marker(producer_id, marker.result)];
    }
    let decoded = batch
        .records
        .iter()
        .filter_map(|record| CoordinatorRecord::decode(record.key.as_deref()?, record.value.as_deref()).ok());
    let entry = |record| match batch.transaction {
        Some(transaction) => LogEntry::Transactional(transaction.producer.producer_id, record),
        None => LogEntry::Record(record),
    };
    decoded.map(entry).collect()
}

/// Errors of the transaction coordinator, as producers know what to do about them
/// (`GroupCoordinatorService.commitTransactionalOffsets`).
const fn coordinator_error(error: ErrorCode) -> ErrorCode {
    match error {
        ErrorCode::NetworkException => ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::UnknownTopicOrPartition | ErrorCode::NotEnoughReplicas | ErrorCode::RequestTimedOut => {
            ErrorCode::CoordinatorNotAvailable
        }
        ErrorCode::NotLeaderOrFollower => ErrorCode::NotCoordinator,
        other => other,
    }
}
