//! `kafka-consumer-groups --reset-offsets`.
//!
//! Mirrors `ConsumerGroupService.resetOffsets` and `OffsetsUtils`.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::command::Command;
use kafka_core::config::iso_duration;
use kafka_core::group::GroupState;
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::protocol::OffsetAndMetadata;
use kafka_core::topic::TopicPartition;

use super::delete::groups_in_order;
use super::{Failure, datetime, print_failure, reset_plan};
use crate::option::Options;
use crate::system::Context;
use crate::table::{self, Column};
use crate::tool::failure::exception;
use crate::tool::{admin, log, say};

const LOGGER: &str = "org.apache.kafka.tools.OffsetsUtils";
const UNKNOWN_TOPIC: &str = "org.apache.kafka.common.errors.UnknownTopicOrPartitionException";

/// A partition and where the group is to stand in it, in the order of Java's `HashMap`.
type Offsets = Vec<(TopicPartition, i64)>;

pub(super) fn reset(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let mut plans: Vec<(Rc<str>, Offsets)> = Vec::new();
    for group in groups_in_order(options, context) {
        let state = context.system().simulation.describe_group(&group).map(|group| group.state);
        let offsets = match state {
            // A group that does not exist is made by the commit.
            None | Some(GroupState::Empty | GroupState::Dead) => reset_group(&group, options, context)?,
            Some(
                state @ (GroupState::PreparingRebalance
                | GroupState::CompletingRebalance
                | GroupState::Assigning
                | GroupState::Reconciling
                | GroupState::Stable),
            ) => {
                let message = format!(
                    "Assignments can only be reset if the group '{group}' is inactive, but the current state is \
                     {state}."
                );
                print_failure(&message, context);
                Vec::new()
            }
        };
        plans.push((group, offsets));
    }
    if options.has("export") {
        export(&plans, options, context);
    } else {
        print(&plans, context);
    }
    Ok(())
}

fn reset_group(group: &Rc<str>, options: &Options, context: &mut Context<'_>) -> Result<Offsets, Failure> {
    let partitions = partitions_to_reset(group, options, context)?;
    check_partitions(&partitions, context)?;
    let offsets = prepare(group, partitions, options, context)?;
    if options.has("execute") && !offsets.is_empty() {
        let commit = |(partition, offset): &(TopicPartition, i64)| {
            let metadata = "".into();
            (partition.clone(), OffsetAndMetadata { offset: *offset, leader_epoch: None, metadata })
        };
        let command =
            Command::AlterOffsets { group: group.clone(), offsets: offsets.iter().map(commit).collect() };
        context.command(&command).map_err(|error| {
            let exception = exception(&error);
            let message = exception.split_once(": ").map_or(&*exception, |(_, message)| message).to_owned();
            Failure::Command { message, exceptions: vec![exception] }
        })?;
    }
    Ok(offsets)
}

fn partitions_to_reset(
    group: &str,
    options: &Options,
    context: &mut Context<'_>,
) -> Result<Vec<TopicPartition>, Failure> {
    if options.has("all-topics") {
        return Ok(committed(group, context).into_keys().collect());
    }
    if !options.has("topic") && !options.has("from-file") {
        let message = "One of the reset scopes should be defined: --all-topics, --topic.";
        return Err(Failure::Usage(message.to_owned()));
    }
    let (mut specified, mut whole_topics) = (Vec::new(), Vec::new());
    for argument in options.values("topic") {
        if argument.contains(':') {
            specified.extend(parse_topic_with_partitions(argument)?);
        } else {
            let Some(topic) = context.system().simulation.cluster().topic(argument) else {
                let message = "This server does not host this topic-partition.";
                return Err(Failure::command(UNKNOWN_TOPIC, message));
            };
            let numbers = 0..topic.partitions.len() as u32;
            whole_topics.extend(numbers.map(|number| TopicPartition::new(argument.clone(), number)));
        }
    }
    specified.extend(whole_topics);
    Ok(specified)
}

/// `pay:0,1`
pub(super) fn parse_topic_with_partitions(argument: &str) -> Result<Vec<TopicPartition>, Failure> {
    let mut parts: Vec<_> = argument.split(':').collect();
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    let [topic, numbers] = parts[..] else {
        return Err(Failure::Usage(format!(
            "Invalid topic arg '{argument}', expected topic name and partitions"
        )));
    };
    let partition = |number: &str| match number.parse() {
        Ok(number) => Ok(TopicPartition::new(topic, number)),
        Err(_) => {
            Err(Failure::Usage(format!("Invalid partition '{number}' specified in topic arg '{argument}''")))
        }
    };
    numbers.split(',').map(partition).collect()
}

/// They exist and have a leader.
fn check_partitions(partitions: &[TopicPartition], context: &mut Context<'_>) -> Result<(), Failure> {
    let cluster = context.system().simulation.cluster();
    let list = |wrong: &dyn Fn(&TopicPartition) -> bool| {
        let wrong = partitions.iter().filter(|partition| wrong(partition)).map(TopicPartition::to_string);
        wrong.collect::<Vec<_>>().join(",")
    };
    let missing = list(&|partition| cluster.partition(partition).is_none());
    if !missing.is_empty() {
        return Err(Failure::command(UNKNOWN_TOPIC, format!("The partitions \"{missing}\" do not exist")));
    }
    let leaderless = list(&|partition| cluster.leader(partition).is_none());
    if !leaderless.is_empty() {
        return Err(Failure::command(
            "org.apache.kafka.common.errors.LeaderNotAvailableException",
            format!("The partitions \"{leaderless}\" have no leader"),
        ));
    }
    Ok(())
}

/// The offsets of the one scenario that was asked for.
fn prepare(
    group: &Rc<str>,
    partitions: Vec<TopicPartition>,
    options: &Options,
    context: &mut Context<'_>,
) -> Result<Offsets, Failure> {
    let partitions = iteration_order(partitions, DEFAULT_CAPACITY, TopicPartition::java_hash);
    let simulation = &context.system().simulation;
    let each = |offset: &dyn Fn(&TopicPartition) -> i64| {
        partitions.iter().map(|partition| (partition.clone(), offset(partition))).collect::<Offsets>()
    };
    if let Some(offset) = options.long("to-offset")? {
        return Ok(within_range(each(&|_| offset), context));
    }
    if options.has("to-earliest") {
        return Ok(each(&|partition| admin::earliest(partition, simulation)));
    }
    if options.has("to-latest") {
        return Ok(each(&|partition| admin::latest(partition, simulation)));
    }
    if let Some(shift) = options.long("shift-by")? {
        return shift_by(group, &partitions, shift, context);
    }
    if let Some(text) = options.value("to-datetime")? {
        let millis = datetime::parse(text).map_err(|message| {
            let cause = format!("java.text.ParseException: {message}");
            let exceptions =
                vec![format!("java.lang.RuntimeException: {cause}"), format!("Caused by: {cause}")];
            Failure::Command { message: cause, exceptions }
        })?;
        return Ok(at_time(partitions, millis, context));
    }
    if let Some(text) = options.value("by-duration")? {
        let message = "Text cannot be parsed to a Duration";
        let duration = iso_duration(text)
            .ok_or_else(|| Failure::command("java.time.format.DateTimeParseException", message))?;
        let ago = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let now = context.wall_clock().as_millis();
        return Ok(at_time(partitions, now.saturating_sub(ago), context));
    }
    if let Some(file) = options.value("from-file")? {
        return from_file(group, file, options, context);
    }
    if options.has("to-current") {
        let committed = committed(group, context);
        let simulation = &context.system().simulation;
        let current = |partition: TopicPartition| {
            let offset = committed.get(&partition).copied();
            let offset = offset.unwrap_or_else(|| admin::latest(&partition, simulation));
            (partition, offset)
        };
        return Ok(partitions.into_iter().map(current).collect());
    }
    Err(Failure::Usage(
        "Option '[reset-offsets]' requires one of the following scenarios: [[to-earliest], [to-offset], [shift-by], \
         [from-file], [to-datetime], [by-duration], [to-latest], [to-current]]"
            .to_owned(),
    ))
}

fn shift_by(
    group: &str,
    partitions: &[TopicPartition],
    shift: i64,
    context: &mut Context<'_>,
) -> Result<Offsets, Failure> {
    let committed = committed(group, context);
    let mut offsets = Offsets::new();
    for partition in partitions {
        let Some(current) = committed.get(partition) else {
            return Err(Failure::Usage(format!(
                "Cannot shift offset for partition {partition} since there is no current committed offset"
            )));
        };
        offsets.push((partition.clone(), current.saturating_add(shift)));
    }
    Ok(within_range(offsets, context))
}

/// The first record that is not older; a partition without one is read from its end.
fn at_time(partitions: Vec<TopicPartition>, millis: i64, context: &mut Context<'_>) -> Offsets {
    let mut offsets = Offsets::new();
    for partition in partitions {
        let simulation = &context.system().simulation;
        let latest = admin::latest(&partition, simulation);
        let offset = admin::at_or_after(&partition, millis, simulation).unwrap_or_else(|| {
            let TopicPartition { topic, partition } = &partition;
            let warning = format!(
                "\nWarn: Partition {partition} from topic {topic} is empty. Falling back to latest known offset."
            );
            say(&warning, context);
            latest
        });
        offsets.push((partition, offset));
    }
    offsets
}

fn from_file(
    group: &Rc<str>,
    file: &str,
    options: &Options,
    context: &mut Context<'_>,
) -> Result<Offsets, Failure> {
    let Some(content) = context.read_file(file) else {
        let message = format!("java.nio.file.NoSuchFileException: {file}");
        let exceptions =
            vec![format!("java.lang.RuntimeException: {message}"), format!("Caused by: {message}")];
        return Err(Failure::Command { message, exceptions });
    };
    let text = String::from_utf8_lossy(&content).into_owned();
    let mut plan = reset_plan::parse(file, &text, options.values("group"))?;
    let Some(offsets) = plan.remove(group) else {
        print_failure(&format!("No reset plan for group {group} found"), context);
        return Ok(Offsets::new());
    };
    let partitions: Vec<_> = offsets.keys().cloned().collect();
    check_partitions(&partitions, context)?;
    let in_order = iteration_order(offsets, DEFAULT_CAPACITY, |(partition, _)| partition.java_hash());
    Ok(within_range(in_order, context))
}

/// `checkOffsetsRange`: an offset beyond either end of the log becomes that end.
fn within_range(offsets: Offsets, context: &mut Context<'_>) -> Offsets {
    let mut checked = Offsets::new();
    for (partition, offset) in offsets {
        let simulation = &context.system().simulation;
        let (earliest, latest) =
            (admin::earliest(&partition, simulation), admin::latest(&partition, simulation));
        let (word, end) = if offset > latest {
            ("higher than latest", latest)
        } else if offset < earliest {
            ("lower than earliest", earliest)
        } else {
            checked.push((partition, offset));
            continue;
        };
        let warning = format!(
            "New offset ({offset}) is {word} offset for topic partition {partition}. Value will be set to {end}"
        );
        log("WARN", &warning, LOGGER, context);
        checked.push((partition, end));
    }
    checked
}

fn committed(group: &str, context: &mut Context<'_>) -> BTreeMap<TopicPartition, i64> {
    let Some(broker) = context.system().simulation.coordinator_of(group) else { return BTreeMap::new() };
    let offsets = broker.coordinator().offsets(group);
    offsets.map(|(partition, value)| (partition.clone(), value.offset.offset)).collect()
}

fn print(plans: &[(Rc<str>, Offsets)], context: &mut Context<'_>) {
    let columns = [
        Column::growing("GROUP", 15),
        Column::growing("TOPIC", 15),
        Column::fixed("PARTITION", 10),
        Column::open("NEW-OFFSET"),
    ];
    let row = |group: &Rc<str>, (partition, offset): &(TopicPartition, i64)| {
        let TopicPartition { topic, partition } = partition;
        vec![group.to_string(), topic.to_string(), partition.to_string(), offset.to_string()]
    };
    let rows: Vec<_> = plans
        .iter()
        .flat_map(|(group, offsets)| offsets.iter().map(move |offset| row(group, offset)))
        .collect();
    say("", context);
    for line in table::lines(&columns, &rows) {
        say(&line, context);
    }
}

/// CSV, for `--from-file`; the line feed at the end of the last line is followed by that of `println`.
fn export(plans: &[(Rc<str>, Offsets)], options: &Options, context: &mut Context<'_>) {
    let single = options.values("group").len() == 1;
    let mut text = String::new();
    for (group, offsets) in plans {
        for (TopicPartition { topic, partition }, offset) in offsets {
            let group = if single { String::new() } else { format!("{group},") };
            text.push_str(&format!("{group}{topic},{partition},{offset}\n"));
        }
    }
    say(&text, context);
}
