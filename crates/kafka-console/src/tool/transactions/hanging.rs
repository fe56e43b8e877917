//! `find-hanging`: transactions that are open in a partition, and that no coordinator will end.
//!
//! Mirrors `TransactionsCommand.FindHangingTransactionsCommand`.

use kafka_core::broker::ProducerDescription;
use kafka_core::protocol::BrokerId;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use super::{Failure, Lines, broker, brokers, partition, producers, replica};
use crate::system::Context;
use crate::table;
use crate::tool::argparse::Namespace;

const MINUTE: i64 = 60_000;

pub(super) fn find(given: &Namespace, context: &mut Context<'_>) -> Lines {
    let broker = broker(given)?;
    if !given.has("topic") && broker.is_none() {
        return Err(Failure::Message(
            "The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search"
                .to_owned(),
        ));
    }
    if given.has("partition") && !given.has("topic") {
        return Err(Failure::Message("The --partition argument requires --topic to be provided".to_owned()));
    }
    let longest = given.long("max-transaction-timeout", "Integer")?.unwrap_or(15).saturating_mul(MINUTE);
    let now = context.wall_clock().as_millis();
    let simulation = &context.system().simulation;
    let searched = match given.value("topic") {
        Some(_) if given.has("partition") => vec![partition(given)?],
        topic => partitions(topic.map(|topic| &**topic), broker, simulation)?,
    };
    let mut rows = Vec::new();
    for partition in searched {
        for (known, open) in producers(replica(&partition, broker, simulation)?) {
            let Some(start) = open.filter(|_| now - known.last_timestamp > longest) else { continue };
            if !is_about_to_end(&partition, &known, simulation) {
                rows.push(vec![
                    partition.topic.to_string(),
                    partition.partition.to_string(),
                    known.producer.producer_id.to_string(),
                    known.producer.epoch.to_string(),
                    known.coordinator_epoch.unwrap_or(-1).to_string(),
                    start.to_string(),
                    known.last_timestamp.to_string(),
                    ((now - known.last_timestamp) / MINUTE).to_string(),
                ]);
            }
        }
    }
    let titles = [
        "Topic",
        "Partition",
        "ProducerId",
        "ProducerEpoch",
        "CoordinatorEpoch",
        "StartOffset",
        "LastTimestamp",
        "Duration(min)",
    ];
    Ok(table::tabbed(&titles, rows))
}

/// Every partition of a topic, or of all, that has a replica on the broker.
fn partitions(
    topic: Option<&str>,
    broker: Option<BrokerId>,
    simulation: &Simulation,
) -> Result<Vec<TopicPartition>, Failure> {
    if topic.is_some_and(|topic| simulation.cluster().topic(topic).is_none()) {
        return Err(Failure::Message(
            "Failed to describe 1 topics: This server does not host this topic-partition.. Enable debug logging for \
             additional detail."
                .to_owned(),
        ));
    }
    let mut partitions = Vec::new();
    for (name, known) in simulation.cluster().topics() {
        for (number, partition) in (0..).zip(&known.partitions) {
            let searched = topic.is_none_or(|topic| topic == &**name)
                && broker.is_none_or(|broker| partition.replicas.contains(&broker));
            if searched {
                partitions.push(TopicPartition::new(name.clone(), number));
            }
        }
    }
    Ok(partitions)
}

/// The coordinator of the producer knows of the partition, and will write a marker.
fn is_about_to_end(partition: &TopicPartition, known: &ProducerDescription, simulation: &Simulation) -> bool {
    brokers(simulation).any(|broker| {
        let coordinator = broker.transactions();
        coordinator
            .list()
            .filter(|listing| listing.producer_id == known.producer.producer_id)
            .filter_map(|listing| coordinator.describe(&listing.transactional_id))
            .any(|description| description.partitions.contains(partition))
    })
}
