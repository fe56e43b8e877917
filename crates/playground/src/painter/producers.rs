//! Producers with the batches that fill, wait and travel.

use std::rc::Rc;

use kafka_core::client::Client;
use kafka_core::config::{PartitionerClass, ProducerConfig};
use kafka_core::producer;
use kafka_core::producer::accumulator::ProducerBatch;
use kafka_core::protocol::Acks;
use kafka_core::topic::TopicPartition;

use super::countdowns::countdown;
use super::{Moment, lane_id, name};
use crate::scene::{Batch, BatchState, BufferMemory, Producer};

pub(super) fn paint(moment: &Moment<'_>) -> Rc<[Producer]> {
    let clients = moment.simulation.clients().filter_map(|(id, client)| match client {
        Client::Producer(producer) => Some((id, producer)),
        Client::Consumer(_) => None,
    });
    clients
        .map(|(id, producer)| Producer {
            number: id.0,
            name: name(moment, id, &producer.config().client_id),
            terminal: moment.terminals.get(&id).copied().unwrap_or_default(),
            settings: settings(producer.config()),
            topics: moment
                .memory
                .clients
                .get(&id)
                .map_or_else(Rc::default, |memory| memory.topics.iter().cloned().collect()),
            batches: batches(moment, producer),
            memory: memory(producer),
            closing: producer.is_closing(),
            records_sent: producer.records_sent(),
        })
        .collect()
}

/// Those that decide what is seen on the stage.
fn settings(config: &ProducerConfig) -> Rc<[(Rc<str>, Rc<str>)]> {
    let acks = match config.acks {
        Acks::None => "0",
        Acks::Leader => "1",
        Acks::All => "all",
    };
    let mut settings: Vec<(Rc<str>, Rc<str>)> = vec![
        ("acks".into(), acks.into()),
        ("linger.ms".into(), config.linger.as_millis().to_string().into()),
    ];
    match &config.partitioner_class {
        Some(PartitionerClass::RoundRobin) => {
            settings.push(("partitioner.class".into(), "RoundRobinPartitioner".into()));
        }
        Some(PartitionerClass::Custom(partitioner)) => {
            settings.push(("partitioner".into(), partitioner.name().into()));
        }
        None => {}
    }
    settings.into()
}

fn batches(moment: &Moment<'_>, producer: &producer::Producer) -> Rc<[Batch]> {
    let queued = producer.accumulator().batches().map(|(partition, waiting)| {
        batch(moment, producer, partition, waiting, queued(moment, producer, partition, waiting))
    });
    let in_flight = producer.in_flight().flat_map(|request| {
        let state = BatchState::InFlight { broker: request.broker.0 };
        let sent = request.batches.iter();
        sent.map(move |(partition, sent)| batch(moment, producer, partition, sent, state))
    });
    queued.chain(in_flight).collect()
}

fn queued(
    moment: &Moment<'_>,
    producer: &producer::Producer,
    partition: &TopicPartition,
    batch: &ProducerBatch,
) -> BatchState {
    let now = moment.now();
    if let Some(at) = producer.retry_at(partition, batch).filter(|at| *at > now) {
        let left = at.since(now).as_millis();
        return BatchState::BackingOff { left: u32::try_from(left).unwrap_or(u32::MAX) };
    }
    if batch.is_full() {
        return BatchState::Closed;
    }
    let waited = now.since(batch.created()).as_micros();
    let linger = producer.accumulator().linger().as_micros();
    let lingered = (waited * 1000).checked_div(linger).unwrap_or(1000).min(1000) as u16;
    BatchState::Open { lingered }
}

fn batch(
    moment: &Moment<'_>,
    producer: &producer::Producer,
    partition: &TopicPartition,
    batch: &ProducerBatch,
    state: BatchState,
) -> Batch {
    let timeout = producer.config().delivery_timeout;
    Batch {
        lane: lane_id(partition),
        hues: batch
            .records()
            .iter()
            .take(Batch::SHOWN)
            .map(|record| moment.memory.hue(record.key.as_ref()))
            .collect(),
        records: batch.records().len() as u32,
        bytes: batch.size_in_bytes(),
        limit: batch.limit(),
        state,
        attempts: batch.attempts(),
        expires: countdown(moment.now(), batch.created() + timeout, timeout),
    }
}

fn memory(producer: &producer::Producer) -> BufferMemory {
    let total = producer.config().buffer_memory;
    BufferMemory {
        used: total.saturating_sub(producer.accumulator().available_memory()),
        total,
        blocked: producer.blocked_records() as u32,
    }
}
