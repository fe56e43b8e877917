//! `kafka-transactions`: what transactions there are, and those that hang.
//!
//! Mirrors `TransactionsCommand`. Leaves out: the usage of each sub-command by itself (it is that of the whole tool),
//! brokers older than 3.0, what happens when brokers cannot be reached.

mod hanging;
mod options;

use std::rc::Rc;

use kafka_core::broker::{Broker, ProducerDescription, Replica};
use kafka_core::command::Command;
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::protocol::BrokerId;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;
use regex_lite::Regex;

use super::argparse::{Namespace, Refused};
use super::{admin, say};
use crate::system::Context;
use crate::table;
pub(super) use options::OPTIONS;
use options::parser;

/// Why a sub-command ends early.
enum Failure {
    Refused(Refused),
    /// `printErrorAndExit`
    Message(String),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

type Lines = Result<Vec<String>, Failure>;

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    let parser = parser(arguments);
    let given = match parser.parse(arguments) {
        Ok(given) => given,
        Err(refused) => return parser.report(&refused, context),
    };
    if let Err(error) = admin::reach(given.value("bootstrap-server").map_or("", |servers| servers), context) {
        error.exceptions.iter().for_each(|exception| context.print_error(exception));
        return 1;
    }
    let lines = match given.command.as_deref() {
        Some("list") => list(&given, context),
        Some("describe") => describe(&given, context),
        Some("describe-producers") => describe_producers(&given, context),
        Some("abort") => abort(&given, context),
        Some("find-hanging") => hanging::find(&given, context),
        Some(_) | None => unreachable!("the parser asks for one of the commands"),
    };
    match lines {
        Ok(lines) => {
            lines.iter().for_each(|line| say(line, context));
            0
        }
        Err(Failure::Refused(refused)) => parser.report(&refused, context),
        Err(Failure::Message(message)) => {
            context.print_error(&message);
            1
        }
    }
}

/// Ids are listed broker by broker, and by the partition of `__transaction_state` that they are in.
fn list(given: &Namespace, context: &mut Context<'_>) -> Lines {
    let duration = given.long("duration-filter", "Long")?.filter(|millis| *millis >= 0);
    let pattern = given.value("transactional-id-pattern").map(|text| Regex::new(&format!("^(?:{text})$")));
    let pattern = pattern.transpose().map_err(|_| {
        Failure::Message(
            "Failed to list transactions: The regular expression is not valid.. Enable debug logging for \
                          additional detail."
                .to_owned(),
        )
    })?;
    let now = context.wall_clock().as_millis();
    let simulation = &context.system().simulation;
    let mut rows = Vec::new();
    for broker in brokers(simulation) {
        let coordinator = broker.transactions();
        let mut listings: Vec<_> = coordinator.list().collect();
        listings.sort_by_key(|listing| coordinator.partition_for(&listing.transactional_id));
        for listing in listings {
            let lasts = now - listing.start_timestamp.unwrap_or(-1);
            let matches = pattern.as_ref().is_none_or(|pattern| pattern.is_match(&listing.transactional_id));
            if matches && duration.is_none_or(|millis| lasts > millis) {
                rows.push(vec![
                    listing.transactional_id.to_string(),
                    broker.id().0.to_string(),
                    listing.producer_id.to_string(),
                    listing.state.to_string(),
                ]);
            }
        }
    }
    Ok(table::tabbed(&["TransactionalId", "Coordinator", "ProducerId", "TransactionState"], rows))
}

fn describe(given: &Namespace, context: &mut Context<'_>) -> Lines {
    let id = given.value("transactional-id").cloned().unwrap_or_default();
    let now = context.wall_clock().as_millis();
    let simulation = &context.system().simulation;
    let found =
        brokers(simulation).find_map(|broker| Some((broker.id(), broker.transactions().describe(&id)?)));
    let Some((coordinator, known)) = found else {
        return Err(Failure::Message(format!(
            "Failed to describe transaction state of transactional-id `{id}`: DescribeTransactions request for \
             transactionalId `{id}` failed because the ID could not be found. Enable debug logging for additional detail."
        )));
    };
    let optional =
        |millis: Option<i64>| millis.map_or_else(|| "None".to_owned(), |millis| millis.to_string());
    let partitions = iteration_order(known.partitions, DEFAULT_CAPACITY, TopicPartition::java_hash);
    let partitions: Vec<_> = partitions.iter().map(ToString::to_string).collect();
    let row = vec![
        coordinator.0.to_string(),
        id.to_string(),
        known.producer.producer_id.to_string(),
        known.producer.epoch.to_string(),
        known.state.to_string(),
        known.timeout.as_millis().to_string(),
        optional(known.start_timestamp),
        optional(known.start_timestamp.map(|start| now - start)),
        partitions.join(","),
    ];
    let titles = [
        "CoordinatorId",
        "TransactionalId",
        "ProducerId",
        "ProducerEpoch",
        "TransactionState",
        "TransactionTimeoutMs",
        "CurrentTransactionStartTimeMs",
        "TransactionDurationMs",
        "TopicPartitions",
    ];
    Ok(table::tabbed(&titles, vec![row]))
}

fn describe_producers(given: &Namespace, context: &mut Context<'_>) -> Lines {
    let partition = partition(given)?;
    let broker = broker(given)?;
    let replica = replica(&partition, broker, &context.system().simulation)?;
    let row = |(known, open): (ProducerDescription, Option<i64>)| {
        vec![
            known.producer.producer_id.to_string(),
            known.producer.epoch.to_string(),
            known.coordinator_epoch.unwrap_or(-1).to_string(),
            known.last_sequence.unwrap_or(-1).to_string(),
            known.last_timestamp.to_string(),
            open.map_or_else(|| "None".to_owned(), |offset| offset.to_string()),
        ]
    };
    let titles = [
        "ProducerId",
        "ProducerEpoch",
        "LatestCoordinatorEpoch",
        "LastSequence",
        "LastTimestamp",
        "CurrentTransactionStartOffset",
    ];
    Ok(table::tabbed(&titles, producers(replica).into_iter().map(row).collect()))
}

fn abort(given: &Namespace, context: &mut Context<'_>) -> Lines {
    let partition = partition(given)?;
    let Some(start_offset) = given.long("start-offset", "Long")? else {
        return Err(Failure::Message(
            "The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with \
             --producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)"
                .to_owned(),
        ));
    };
    let known = producers(replica(&partition, None, &context.system().simulation)?);
    let Some((known, _)) = known.into_iter().find(|(_, open)| *open == Some(start_offset)) else {
        return Err(Failure::Message(format!(
            "Could not find any open transactions starting at offset {start_offset} on partition {partition}"
        )));
    };
    let (producer, coordinator_epoch) = (known.producer, known.coordinator_epoch.unwrap_or(0));
    let command = Command::AbortTransaction { partition: partition.clone(), producer, coordinator_epoch };
    context.command(&command).map_err(|error| {
        Failure::Message(format!(
            "Failed to abort transaction AbortTransactionSpec(topicPartition={partition}, producerId={}, \
             producerEpoch={}, coordinatorEpoch={coordinator_epoch}): {error}. Enable debug logging for additional detail.",
            producer.producer_id, producer.epoch
        ))
    })?;
    Ok(Vec::new())
}

fn partition(given: &Namespace) -> Result<TopicPartition, Failure> {
    let number = given.long("partition", "Integer")?.unwrap_or_default();
    let topic = given.value("topic").cloned().unwrap_or_default();
    Ok(TopicPartition::new(topic, u32::try_from(number).unwrap_or(u32::MAX)))
}

fn broker(given: &Namespace) -> Result<Option<BrokerId>, Failure> {
    let number = given.long("broker-id", "Integer")?;
    Ok(number.map(|number| BrokerId(u32::try_from(number).unwrap_or(u32::MAX))))
}

/// The replica on a broker, or the leader's.
fn replica<'a>(
    partition: &TopicPartition,
    broker: Option<BrokerId>,
    simulation: &'a Simulation,
) -> Result<&'a Replica, Failure> {
    let found = match broker {
        Some(id) => simulation.broker(id).and_then(|broker| broker.replica(partition)),
        None => simulation.leader_replica(partition),
    };
    found.ok_or_else(|| {
        let place = broker.map_or_else(|| "leader".to_owned(), |id| format!("broker {}", id.0));
        Failure::Message(format!(
            "Failed to describe producers for partition {partition} on {place}: This server does not host this \
             topic-partition.. Enable debug logging for additional detail."
        ))
    })
}

/// Every producer that a replica knows, with the first offset of its open transaction.
fn producers(replica: &Replica) -> Vec<(ProducerDescription, Option<i64>)> {
    let open = replica.log.open_transactions();
    let first_offset = |known: &ProducerDescription| {
        let own = open.iter().find(|open| open.producer.producer_id == known.producer.producer_id);
        own.map(|open| open.first_offset)
    };
    replica.log.producers().map(|known| (known, first_offset(&known))).collect()
}

fn brokers(simulation: &Simulation) -> impl Iterator<Item = &Broker> {
    simulation.cluster().brokers().iter().filter_map(|id| simulation.broker(*id))
}
