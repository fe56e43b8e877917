//! `kafka-topics --alter` and `--delete`.

use std::rc::Rc;

use kafka_core::command::{Command, CommandError};

use super::create::replica_assignment;
use super::{Failure, existing_topics};
use crate::option::Options;
use crate::system::Context;

/// Gives topics more partitions. One that refuses does not keep the others from growing.
pub(super) fn alter(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let total = options.int("partitions")?.unwrap_or_default();
    let assignment = options.value("replica-assignment")?;
    let assignment = assignment.map(|text| replica_assignment(text)).transpose()?;
    let mut outcome = Ok(());
    for topic in existing_topics(options, context)? {
        let existing = context.system().simulation.cluster().topic(&topic);
        let existing = existing.map_or(0, |topic| topic.partitions.len());
        let altered = match &assignment {
            Some(replicas) => {
                let new = replicas.get(existing..).unwrap_or_default();
                check_count(&topic, existing, total).and_then(|additional| {
                    if new.len() != additional {
                        return Err(attempted(additional, new.len()));
                    }
                    let at = Command::CreatePartitionsAt { topic: topic.clone(), replicas: new.to_vec() };
                    context.command(&at).map_err(Failure::from)
                })
            }
            None => check_count(&topic, existing, total).and_then(|additional| {
                let total = (existing + additional) as u32;
                let command = Command::CreatePartitions { topic: topic.clone(), total };
                context.command(&command).map_err(Failure::from)
            }),
        };
        outcome = outcome.and(altered);
    }
    outcome
}

/// How many partitions are to be added.
fn check_count(topic: &Rc<str>, existing: usize, total: i32) -> Result<usize, Failure> {
    let (topic, partitions) = (topic.clone(), existing as u32);
    match usize::try_from(total) {
        Ok(total) if total > existing => Ok(total - existing),
        Ok(total) => Err(CommandError::NotAnIncrease { topic, partitions, asked: total as u32 }.into()),
        Err(_) => Err(Failure::command(
            "org.apache.kafka.common.errors.InvalidPartitionsException",
            format!(
                "The topic {topic} currently has {partitions} partition(s); {total} would not be an increase."
            ),
        )),
    }
}

fn attempted(additional: usize, assigned: usize) -> Failure {
    Failure::command(
        "org.apache.kafka.common.errors.InvalidReplicaAssignmentException",
        format!(
            "Attempted to add {additional} additional partition(s), but only {assigned} assignment(s) were specified."
        ),
    )
}

pub(super) fn delete(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    for topic in existing_topics(options, context)? {
        context.command(&Command::DeleteTopic { topic })?;
    }
    Ok(())
}
