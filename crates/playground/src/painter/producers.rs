//! Producers with the batches that fill, wait and travel.

use std::rc::Rc;

use kafka_core::client::Client;
use kafka_core::config::{PartitionerClass, ProducerConfig};
use kafka_core::producer;
use kafka_core::producer::accumulator::ProducerBatch;
use kafka_core::protocol::Acks;
use kafka_core::topic::TopicPartition;

use super::{Moment, lane_id, name};
use crate::scene::{Batch, BatchState, Producer};

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
    let linger = producer.accumulator().linger();
    let open = producer.accumulator().batches().map(|(partition, waiting)| {
        let waited = moment.now().since(waiting.created()).as_micros();
        let lingered = (waited * 1000).checked_div(linger.as_micros()).unwrap_or(1000).min(1000) as u16;
        batch(moment, partition, waiting, BatchState::Open { lingered })
    });
    let in_flight = producer.in_flight().flat_map(|request| {
        request.batches.iter().map(|(partition, sent)| batch(moment, partition, sent, BatchState::InFlight))
    });
    open.chain(in_flight).collect()
}

fn batch(moment: &Moment<'_>, partition: &TopicPartition, batch: &ProducerBatch, state: BatchState) -> Batch {
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
    }
}
