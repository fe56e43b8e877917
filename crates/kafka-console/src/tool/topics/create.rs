//! `kafka-topics --create`.

use std::rc::Rc;

use kafka_core::command::{Command, CommandError, NewTopic};
use kafka_core::config::validate_topic_config;
use kafka_core::protocol::BrokerId;

use super::Failure;
use crate::option::Options;
use crate::system::Context;
use crate::tool::say;

type Settings = Vec<(Rc<str>, Rc<str>)>;

pub(super) fn create(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let name = options.value("topic")?.cloned().unwrap_or_default();
    let partitions = options.int("partitions")?;
    let replication_factor = options.int("replication-factor")?;
    let assignment = options.value("replica-assignment")?;
    let replica_assignment = assignment.map(|text| replica_assignment(text)).transpose()?.unwrap_or_default();
    let configs = configs(options)?;
    if name.contains(['.', '_']) {
        say(
            "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could \
             collide. To avoid issues it is best to use either, but not both.",
            context,
        );
    }
    if replication_factor.is_some_and(|factor| !(1..=32_767).contains(&factor)) {
        return Err(CommandError::ReplicationFactorOutOfRange.into());
    }
    if partitions.is_some_and(|partitions| partitions < 1) {
        return Err(CommandError::PartitionsNotPositive.into());
    }
    let topic = NewTopic {
        name: name.clone(),
        partitions: partitions.map(i32::cast_unsigned),
        replication_factor: replication_factor.map(i32::cast_unsigned),
        replica_assignment,
        configs,
    };
    match context.command(&Command::CreateTopic(topic)) {
        Ok(()) => say(&format!("Created topic {name}."), context),
        Err(CommandError::TopicExists { .. }) if options.has("if-not-exists") => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// `parseTopicConfigsToBeAdded`: Java's `split` drops empty strings at the end, so that `a=` has one part.
fn configs(options: &Options) -> Result<Settings, Failure> {
    let mut configs = Settings::new();
    for config in options.values("config") {
        let mut parts: Vec<_> = config.split('=').map(str::trim).collect();
        while parts.last().is_some_and(|part| part.is_empty()) {
            parts.pop();
        }
        let [name, value] = parts[..] else {
            return Err(Failure::illegal_argument(
                "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".",
            ));
        };
        configs.push((name.into(), value.into()));
    }
    for (name, value) in &configs {
        validate_topic_config(name, value).map_err(CommandError::from)?;
    }
    Ok(configs)
}

/// `1:2,2:3`: the replicas of each partition.
pub(super) fn replica_assignment(text: &str) -> Result<Vec<Vec<BrokerId>>, Failure> {
    let mut assignment: Vec<Vec<BrokerId>> = Vec::new();
    for (number, partition) in text.split(',').enumerate() {
        let id = |text: &str| match text.trim().parse() {
            Ok(id) => Ok(BrokerId(id)),
            Err(_) => {
                let message = format!("For input string: \"{}\"", text.trim());
                Err(Failure::command("java.lang.NumberFormatException", message))
            }
        };
        let replicas = partition.split(':').map(id).collect::<Result<Vec<_>, _>>()?;
        let list = |ids: &[BrokerId], separator: &str| {
            ids.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(separator)
        };
        let mut duplicates = Vec::new();
        for (place, id) in replicas.iter().enumerate() {
            if replicas[..place].contains(id) && !duplicates.contains(id) {
                duplicates.push(*id);
            }
        }
        if !duplicates.is_empty() {
            return Err(Failure::command(
                "org.apache.kafka.tools.AdminCommandFailedException",
                format!(
                    "Partition replica lists may not contain duplicate entries: {}",
                    list(&duplicates, ",")
                ),
            ));
        }
        if assignment.first().is_some_and(|first| first.len() != replicas.len()) {
            return Err(Failure::command(
                "org.apache.kafka.tools.AdminOperationException",
                format!("Partition {number} has different replication factor: [{}]", list(&replicas, ", ")),
            ));
        }
        assignment.push(replicas);
    }
    Ok(assignment)
}
