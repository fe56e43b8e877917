//! A producer process: `send()` chooses a partition and fills a batch, the sender takes ready batches to their
//! leaders.
//!
//! Mirrors `KafkaProducer` and `Sender`. The application calls `send` from one thread: while a call is blocked
//! (no metadata yet, no memory left), the calls after it wait. Leaves out: retries, delivery timeouts,
//! idempotence, transactions, compression, splitting of batches that are too large.

pub mod accumulator;
pub mod partitioner;

use std::collections::{BTreeMap, VecDeque};

use crate::command::ProducerRecord;
use crate::config::{PartitionerClass, ProducerConfig};
use crate::event::{Event, PartitionChoice, SendFailure};
use crate::metadata::ClientMetadata;
use crate::node::{Context, Timer};
use crate::protocol::{
    Acks, BrokerId, ClientId, CorrelationId, ErrorCode, ProduceRequest, ProduceResponse, Request, Response,
};
use crate::record::{Record, RecordId};
use crate::time::SimTime;
use crate::topic::{TopicName, TopicPartition};
use accumulator::{ProducerBatch, RecordAccumulator};
use partitioner::{RoundRobinPartitioner, TopicView, murmur2, partition_for_key};

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

/// Why a call to `send` goes no further for now.
enum Blocked {
    OnMetadata,
    OnMemory,
}

impl Producer {
    pub(crate) fn start(client: ClientId, config: ProducerConfig, context: &mut Context<'_>) -> Self {
        context.emit(Event::ProducerStarted { client, client_id: config.client_id.clone() });
        Self {
            client,
            accumulator: RecordAccumulator::new(&config),
            config,
            metadata: ClientMetadata::default(),
            round_robin: RoundRobinPartitioner::default(),
            blocked: VecDeque::new(),
            in_flight: BTreeMap::new(),
            next_correlation_id: CorrelationId::default(),
            records_sent: 0,
            closing: false,
            ended: false,
        }
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
        let id = RecordId(u64::from(self.client.0) << 40 | self.records_sent);
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
        match response {
            Response::Metadata(response) => {
                let backoff = self.config.retry_backoff;
                self.metadata.on_response(self.client, correlation_id, response, backoff, context);
            }
            Response::Produce(response) => self.on_produce_response(correlation_id, response, context),
            Response::Fetch(_)
            | Response::ListOffsets(_)
            | Response::FindCoordinator(_)
            | Response::JoinGroup(_)
            | Response::SyncGroup(_)
            | Response::Heartbeat(_)
            | Response::LeaveGroup(_)
            | Response::OffsetCommit(_)
            | Response::OffsetFetch(_)
            | Response::ConsumerGroupHeartbeat(_) => unreachable!("a producer never asked {broker:?} for it"),
        }
        self.run_blocked(context);
        self.run_sender(context);
        self.end_if_done(context);
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match timer {
            Timer::Sender => {}
            Timer::MaxBlock => self.expire_blocked(context),
            Timer::MetadataRetry => {
                self.metadata.request(&mut self.next_correlation_id, true, context);
            }
            Timer::DelayedFetch(_)
            | Timer::DelayedProduce(_)
            | Timer::Group(_)
            | Timer::Request(_)
            | Timer::Poll
            | Timer::Application
            | Timer::Heartbeat
            | Timer::MaxPollInterval => unreachable!("{timer:?} is not a producer's timer"),
        }
        self.run_blocked(context);
        self.run_sender(context);
        self.end_if_done(context);
    }

    /// Lets the blocked calls go on in order, as far as they get.
    fn run_blocked(&mut self, context: &mut Context<'_>) {
        while let Some(call) = self.blocked.front_mut() {
            call.since.get_or_insert(context.now);
            let (id, record) = (call.id, call.record.clone());
            match self.try_send(id, &record, context) {
                Ok(()) => {
                    self.blocked.pop_front();
                    context.cancel_timer(&Timer::MaxBlock);
                }
                Err(Blocked::OnMetadata | Blocked::OnMemory) => break,
            }
        }
        let blocked_since = self.blocked.front().and_then(|call| call.since);
        if let Some(since) = blocked_since {
            context.set_timer(Timer::MaxBlock, since + self.config.max_block);
        }
    }

    /// `KafkaProducer.doSend`: metadata, partition, size checks, append.
    fn try_send(
        &mut self,
        id: RecordId,
        record: &ProducerRecord,
        context: &mut Context<'_>,
    ) -> Result<(), Blocked> {
        let topic = &record.topic;
        if self.metadata.want(topic) {
            self.metadata.request(&mut self.next_correlation_id, true, context);
        }
        if self.metadata.error(topic) == Some(ErrorCode::InvalidTopic) {
            let failure = SendFailure::InvalidTopic { topic: topic.clone() };
            self.fail(record_of(id, record.clone(), context), failure, context);
            return Ok(());
        }
        let Some(count) = self.metadata.partition_count(topic) else { return Err(Blocked::OnMetadata) };
        if record.partition.is_some_and(|partition| partition >= count) {
            return Err(Blocked::OnMetadata);
        }
        let ready = record_of(id, record.clone(), context);
        let bytes = ready.1.size_upper_bound();
        if let Some((limit, setting)) = self.exceeded_limit(bytes) {
            self.fail(ready, SendFailure::RecordTooLarge { bytes, limit, setting }, context);
            return Ok(());
        }
        if !self.accumulator.has_room_for(bytes) {
            return Err(Blocked::OnMemory);
        }
        self.append(record, ready.1, context);
        Ok(())
    }

    fn append(&mut self, record: &ProducerRecord, ready: Record, context: &mut Context<'_>) {
        let topic = &record.topic;
        let known = self.metadata.topic(topic).expect("a record is appended once its topic is known");
        let order = known.order.clone();
        let view = TopicView { partitions: known.partitions.len() as u32, available: &order };
        let (partition, choice) = self.partition(record, view, context);
        let partition = TopicPartition::new(topic.clone(), partition);
        context.emit(Event::RecordPartitioned {
            client: self.client,
            record: ready.id,
            key: ready.key.clone(),
            partition: partition.clone(),
            choice,
        });
        let appended = self.accumulator.append(partition, ready, context.now);
        if choice == PartitionChoice::Sticky {
            self.accumulator.count_sticky_bytes(topic, appended.bytes, view, context.rng);
        }
        if appended.wakes_sender {
            self.schedule_sender(context);
        }
    }

    /// `KafkaProducer.partition`: the record's own choice, then a partitioner class, then the key's hash, then the
    /// sticky partition.
    fn partition(
        &mut self,
        record: &ProducerRecord,
        view: TopicView<'_>,
        context: &mut Context<'_>,
    ) -> (u32, PartitionChoice) {
        if let Some(partition) = record.partition {
            return (partition, PartitionChoice::Explicit);
        }
        if let Some(PartitionerClass::RoundRobin) = self.config.partitioner_class {
            return (self.round_robin.partition(&record.topic, view), PartitionChoice::RoundRobin);
        }
        match &record.key {
            Some(key) if !self.config.partitioner_ignore_keys => {
                let choice = PartitionChoice::Keyed { murmur2: murmur2(key), partitions: view.partitions };
                (partition_for_key(key, view.partitions), choice)
            }
            Some(_) | None => {
                let partition = self.accumulator.sticky_partition(&record.topic, view, context.rng);
                (partition, PartitionChoice::Sticky)
            }
        }
    }

    fn exceeded_limit(&self, bytes: u32) -> Option<(u32, &'static str)> {
        if bytes > self.config.max_request_size {
            return Some((self.config.max_request_size, "max.request.size"));
        }
        let memory = u32::try_from(self.config.buffer_memory).unwrap_or(u32::MAX);
        (bytes > memory).then_some((memory, "buffer.memory"))
    }

    /// The call at the head has blocked for `max.block.ms`.
    fn expire_blocked(&mut self, context: &mut Context<'_>) {
        let Some(call) = self.blocked.pop_front() else { return };
        let waited_ms = self.config.max_block.as_millis() as u64;
        let topic = call.record.topic.clone();
        let failure = match (self.metadata.partition_count(&topic), call.record.partition) {
            (Some(partitions), Some(partition)) if partition >= partitions => {
                SendFailure::NoSuchPartition { topic, partition, partitions, waited_ms }
            }
            (Some(_), _) => SendFailure::BufferExhausted {
                bytes: record_of(call.id, call.record.clone(), context).1.size_upper_bound(),
                waited_ms,
                total: self.config.buffer_memory,
                available: self.accumulator.available_memory(),
                poolable: self.config.batch_size,
            },
            (None, _) => SendFailure::NoMetadata { topic, waited_ms },
        };
        self.fail(record_of(call.id, call.record, context), failure, context);
    }

    /// The sender's thread runs after the application's: records sent at the same instant share a batch.
    fn schedule_sender(&self, context: &mut Context<'_>) {
        context.set_timer(Timer::Sender, context.now);
    }

    /// Drains every broker that is ready and may have another request in flight, then sets the timer for the
    /// next batch to become ready.
    fn run_sender(&mut self, context: &mut Context<'_>) {
        let flushing =
            self.closing || matches!(self.blocked.front(), Some(call) if self.waits_for_memory(call));
        for broker in context.cluster.brokers().to_vec() {
            while self.may_send_to(broker) {
                let metadata = &self.metadata;
                let leads = |partition: &TopicPartition| metadata.leader(partition) == Some(broker);
                let batches =
                    self.accumulator.drain(leads, context.now, flushing, self.config.max_request_size);
                if batches.is_empty() {
                    break;
                }
                self.send_batches(broker, batches, context);
            }
        }
        if let Some(at) = self.accumulator.next_ready_at().filter(|at| *at > context.now) {
            context.set_timer(Timer::Sender, at);
        }
    }

    fn waits_for_memory(&self, call: &BlockedSend) -> bool {
        self.metadata.topic(&call.record.topic).is_some()
    }

    fn may_send_to(&self, broker: BrokerId) -> bool {
        let in_flight = self.in_flight.values().filter(|request| request.broker == broker).count();
        (in_flight as u32) < self.config.max_in_flight_requests_per_connection
    }

    fn send_batches(
        &mut self,
        broker: BrokerId,
        batches: Vec<(TopicPartition, ProducerBatch)>,
        context: &mut Context<'_>,
    ) {
        let mut contents = Vec::new();
        for (partition, batch) in &batches {
            let sealed = batch.seal();
            context.emit(Event::BatchSent {
                client: self.client,
                partition: partition.clone(),
                records: sealed.records.len() as u32,
                bytes: sealed.size_in_bytes,
            });
            contents.push((partition.clone(), std::rc::Rc::new(sealed)));
        }
        self.next_correlation_id.0 += 1;
        let request = ProduceRequest {
            acks: self.config.acks,
            timeout: self.config.request_timeout,
            batches: contents,
        };
        context.request(broker, self.next_correlation_id, Request::Produce(request));
        if self.config.acks == Acks::None {
            // Nobody answers: the request is complete once it is written.
            for (partition, batch) in batches {
                self.complete(partition, &batch, None, context);
            }
        } else {
            self.in_flight.insert(self.next_correlation_id, InFlight { broker, batches });
        }
    }

    fn on_produce_response(
        &mut self,
        correlation_id: CorrelationId,
        response: ProduceResponse,
        context: &mut Context<'_>,
    ) {
        let Some(request) = self.in_flight.remove(&correlation_id) else { return };
        for ((partition, batch), (_, outcome)) in request.batches.into_iter().zip(response.partitions) {
            match outcome {
                Ok(base_offset) => self.complete(partition, &batch, Some(base_offset), context),
                Err(error) => {
                    self.accumulator.free(&batch);
                    for record in batch.into_records() {
                        let failed = (partition.topic.clone(), record);
                        self.fail(failed, SendFailure::Rejected(error), context);
                    }
                }
            }
        }
    }

    fn complete(
        &mut self,
        partition: TopicPartition,
        batch: &ProducerBatch,
        base_offset: Option<i64>,
        context: &mut Context<'_>,
    ) {
        self.accumulator.free(batch);
        let records = batch.records().len() as u32;
        context.emit(Event::BatchAcknowledged { client: self.client, partition, base_offset, records });
    }

    fn fail(&self, (topic, record): (TopicName, Record), failure: SendFailure, context: &mut Context<'_>) {
        context.emit(Event::RecordFailed { client: self.client, record, topic, failure });
    }

    fn end_if_done(&mut self, context: &mut Context<'_>) {
        let idle = self.blocked.is_empty() && self.in_flight.is_empty() && self.accumulator.is_empty();
        if self.closing && idle && !self.ended {
            self.ended = true;
            context.emit(Event::ProducerClosed { client: self.client });
        }
    }
}

fn record_of(id: RecordId, record: ProducerRecord, context: &Context<'_>) -> (TopicName, Record) {
    let timestamp = record.timestamp.unwrap_or_else(|| context.wall_millis());
    let ProducerRecord { topic, key, value, headers, .. } = record;
    (topic, Record { id, timestamp, key, value, headers })
}
