//! `kafka-consumer-groups --delete` and `--delete-offsets`.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::command::{Command, CommandError};
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::protocol::ErrorCode;
use kafka_core::topic::TopicName;

use super::reset::parse_topic_with_partitions;
use super::{Failure, MISSING, list, print_failure, print_table};
use crate::option::Options;
use crate::system::Context;
use crate::table::Column;
use crate::tool::failure::exception;
use crate::tool::say;

/// In the order of the admin client's `HashMap`.
pub(super) fn groups_in_order(options: &Options, context: &mut Context<'_>) -> Vec<Rc<str>> {
    if options.has("all-groups") {
        return list::all(&context.system().simulation).into_iter().map(|listing| listing.group).collect();
    }
    let mut groups: Vec<Rc<str>> = Vec::new();
    for group in options.values("group") {
        if !groups.contains(group) {
            groups.push(group.clone());
        }
    }
    iteration_order(groups, DEFAULT_CAPACITY, |group| group.java_hash())
}

pub(super) fn delete_groups(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let (mut deleted, mut failed) = (Vec::new(), Vec::new());
    for group in groups_in_order(options, context) {
        match context.command(&Command::DeleteGroup { group: group.clone() }) {
            Ok(()) => deleted.push(format!("'{group}'")),
            Err(error) => failed.push((group, exception(&error))),
        }
    }
    let deleted = deleted.join(", ");
    if failed.is_empty() {
        say(&format!("Deletion of requested consumer groups ({deleted}) was successful."), context);
        return Ok(());
    }
    print_failure("Deletion of some consumer groups failed:", context);
    for (group, error) in failed {
        say(&format!("* Group '{group}' could not be deleted due to: {error}"), context);
    }
    if !deleted.is_empty() {
        say(&format!("\nThese consumer groups were deleted successfully: {deleted}"), context);
    }
    Ok(())
}

pub(super) fn delete_offsets(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let group = options.value("group")?.cloned().unwrap_or_default();
    let mut wanted: BTreeMap<TopicName, Vec<u32>> = BTreeMap::new();
    let mut outcomes: BTreeMap<(TopicName, Option<u32>), Option<CommandError>> = BTreeMap::new();
    for argument in options.values("topic") {
        if argument.contains(':') {
            for partition in parse_topic_with_partitions(argument)? {
                wanted.entry(partition.topic).or_default().push(partition.partition);
            }
        } else if let Some(topic) = context.system().simulation.cluster().topic(argument) {
            wanted.entry(argument.clone()).or_default().extend(0..topic.partitions.len() as u32);
        } else {
            let missing = CommandError::Rejected(ErrorCode::UnknownTopicOrPartition);
            outcomes.insert((argument.clone(), None), Some(missing));
        }
    }
    let mut first_error = None;
    for (topic, partitions) in wanted {
        let (group, partitions_asked) = (group.clone(), partitions.clone());
        let command = Command::DeleteOffsets { group, topic: topic.clone(), partitions: partitions_asked };
        let error = context.command(&command).err();
        first_error = first_error.or_else(|| error.clone());
        for partition in partitions {
            outcomes.insert((topic.clone(), Some(partition)), error.clone());
        }
    }
    match first_error {
        None => say(&format!("Request succeeded for deleting offsets from group {group}."), context),
        Some(CommandError::Rejected(
            ErrorCode::GroupSubscribedToTopic | ErrorCode::UnknownTopicOrPartition,
        )) => {
            print_failure("Encountered some partition-level error, see the follow-up details.", context);
        }
        Some(error) => {
            let exception = exception(&error);
            print_failure(exception.split_once(": ").map_or(&*exception, |(_, message)| message), context);
        }
    }
    let columns = [Column::growing("TOPIC", 15), Column::fixed("PARTITION", 10), Column::fixed("STATUS", 15)];
    let mut rows: Vec<_> = outcomes.into_iter().collect();
    // By the text of topic and partition together, as Kafka sorts them.
    rows.sort_by_key(|((topic, partition), _)| {
        format!("{topic}{}", partition.map_or_else(|| "-1".to_owned(), |number| number.to_string()))
    });
    let row = |((topic, partition), error): ((TopicName, Option<u32>), Option<CommandError>)| {
        let partition = partition.map_or_else(|| MISSING.to_owned(), |number| number.to_string());
        let status =
            error.map_or_else(|| "Successful".to_owned(), |error| format!("Error: {}", exception(&error)));
        vec![topic.to_string(), partition, status]
    };
    let rows: Vec<_> = rows.into_iter().map(row).collect();
    print_table(&columns, &rows, context);
    Ok(())
}
