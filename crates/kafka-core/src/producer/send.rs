//! `send()`: what happens in the application's thread.
//!
//! Mirrors `KafkaProducer.doSend`. Leaves out: interceptors, serializers that fail.

use std::rc::Rc;

use super::custom_partitioner::PartitionRequest;
use super::partitioner::{TopicView, murmur2, partition_for_key};
use super::{BlockedSend, Producer};
use crate::command::ProducerRecord;
use crate::config::PartitionerClass;
use crate::event::{Event, PartitionChoice, SendFailure};
use crate::node::{Context, Timer};
use crate::protocol::ErrorCode;
use crate::record::{Record, RecordId};
use crate::topic::{TopicName, TopicPartition};

/// Why a call to `send` goes no further for now.
enum Blocked {
    OnMetadata,
    OnMemory,
}

impl Producer {
    /// Lets the blocked calls go on in order, as far as they get.
    pub(super) fn run_blocked(&mut self, context: &mut Context<'_>) {
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
            self.request_metadata(context);
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
        let custom = match self.ask_partitioner(record) {
            Some(Err(failure)) => {
                self.fail(ready, failure, context);
                return Ok(());
            }
            Some(Ok(partition)) => Some(partition),
            None => None,
        };
        let bytes = ready.1.size_upper_bound();
        if let Some((limit, setting)) = self.exceeded_limit(bytes) {
            self.fail(ready, SendFailure::RecordTooLarge { bytes, limit, setting }, context);
            return Ok(());
        }
        if !self.accumulator.has_room_for(bytes) {
            return Err(Blocked::OnMemory);
        }
        self.append(record, ready, custom, context);
        Ok(())
    }

    /// The learner's partitioner, if it has a say. Of the numbers that are too large Kafka's producer thinks nothing:
    /// the record waits for a partition that is not there.
    fn ask_partitioner(&self, record: &ProducerRecord) -> Option<Result<u32, SendFailure>> {
        let Some(PartitionerClass::Custom(partitioner)) = &self.config.partitioner_class else { return None };
        let known = self.metadata.topic(&record.topic).filter(|_| record.partition.is_none())?;
        let order = known.order(&record.topic).iter().copied();
        let has_leader = |partition: &u32| known.partitions()[*partition as usize].leader.is_some();
        let available: Vec<u32> = order.filter(has_leader).collect();
        let chosen = partitioner.partition(&PartitionRequest {
            topic: &record.topic,
            key: record.key.as_deref(),
            value: record.value.as_deref(),
            headers: &record.headers,
            partitions: known.partitions().len() as u32,
            available: &available,
        });
        Some(match chosen {
            Ok(partition) => {
                u32::try_from(partition).map_err(|_| SendFailure::NegativePartition { partition })
            }
            Err(message) => Err(SendFailure::PartitionerThrew { message: message.into() }),
        })
    }

    /// `custom` is what the learner's partitioner has chosen.
    fn append(
        &mut self,
        record: &ProducerRecord,
        (name, ready): (TopicName, Record),
        custom: Option<u32>,
        context: &mut Context<'_>,
    ) {
        let topic = &record.topic;
        let known = self.metadata.topic(topic).expect("a record is appended once its topic is known");
        let order = Rc::clone(known.order(topic));
        let view = TopicView { partitions: known.partitions().len() as u32, available: &order };
        let (partition, choice) = match custom {
            Some(partition) => (partition, PartitionChoice::Custom),
            None => self.partition(record, view, context),
        };
        let partition = TopicPartition::new(topic.clone(), partition);
        if let Err(error) = self.check_send(&partition) {
            return self.fail((name, ready), SendFailure::Thrown(Box::new(error)), context);
        }
        context.emit(Event::RecordPartitioned {
            client: self.client,
            record: ready.id,
            key: ready.key.clone(),
            value: ready.value.clone(),
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
    /// sticky partition. A class of the learner's own has been asked before.
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
    pub(super) fn expire_blocked(&mut self, context: &mut Context<'_>) {
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

    pub(super) fn waits_for_memory(&self, call: &BlockedSend) -> bool {
        self.metadata.topic(&call.record.topic).is_some()
    }
}

pub(super) fn record_of(id: RecordId, record: ProducerRecord, context: &Context<'_>) -> (TopicName, Record) {
    let timestamp = record.timestamp.unwrap_or_else(|| context.wall_millis());
    let ProducerRecord { topic, key, value, headers, .. } = record;
    (topic, Record { id, timestamp, key, value, headers })
}
