//! `kafka-reassign-partitions`: moves partitions to other brokers.
//!
//! Mirrors `ReassignPartitionsCommand`. Every broker has one log directory, [`LOG_DIR`]. Leaves out: throttles,
//! directories that do not exist, and the tenth of a second after which a new replica is asked for its directory again.

mod options;
mod plan;

use std::collections::BTreeSet;
use std::rc::Rc;

use kafka_core::cluster::{Cluster, Partition};
use kafka_core::command::{Command, CommandError};
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::protocol::BrokerId;
use kafka_core::topic::{TopicName, TopicPartition};

use super::failure::Failure;
use super::{VERSION, admin, java, print_usage, say};
use crate::option::Options;
use crate::system::Context;
use options::Action;
pub(super) use options::OPTIONS;
use plan::{Plan, json_of};

/// `log.dirs` of the image `apache/kafka`.
const LOG_DIR: &str = "/tmp/kraft-combined-logs";

const FAILED: &str = "org.apache.kafka.tools.AdminCommandFailedException";

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    match execute(arguments, context) {
        Ok(()) => return 0,
        Err(Failure::Usage(message)) => return print_usage(&message, OPTIONS, context),
        // This tool writes its errors to standard output.
        Err(Failure::Terse(message)) => say(&message, context),
        Err(Failure::Thrown { message, exceptions }) => {
            say(&format!("Error: {message}"), context);
            exceptions.iter().for_each(|exception| say(exception, context));
            say("", context);
        }
    }
    1
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    if arguments.is_empty() || options.has("help") {
        let help = "This tool helps to move topic partitions between replicas.";
        return Err(Failure::Usage(help.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    let action = options::action(&options)?;
    admin::connect(&options, context)?;
    match action {
        Action::Generate => generate(&options, context),
        Action::Execute => {
            let plan = Plan::read(&options, context)?.checked()?;
            execute_plan(&plan, &options, context)
        }
        Action::Verify => {
            let plan = Plan::read(&options, context)?;
            verify(&plan, options.has("preserve-throttles"), context)
        }
        Action::Cancel => {
            let plan = Plan::read(&options, context)?;
            cancel(&plan, options.has("preserve-throttles"), context)
        }
        Action::List => {
            list(context);
            Ok(())
        }
    }
}

fn generate(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let (topics, wanted) = plan::to_generate(options, context)?;
    let cluster = context.system().simulation.cluster().clone();
    let brokers: Vec<_> = alive(&cluster).into_iter().filter(|broker| wanted.contains(broker)).collect();
    let rack_aware = !options.has("disable-rack-aware");
    if rack_aware {
        check_racks(&brokers, &cluster)?;
    }
    let mut current = Vec::new();
    let mut proposed = Vec::new();
    for name in iteration_order(topics, DEFAULT_CAPACITY, |topic: &TopicName| topic.java_hash()) {
        let topic = cluster.topic(&name).ok_or_else(|| missing_topic(&name))?;
        let partitions = (0..).zip(&topic.partitions);
        current.extend(partitions.map(|(number, partition)| {
            (TopicPartition::new(name.clone(), number), partition.replicas.clone())
        }));
        let factor = topic.partitions.first().map_or(1, |partition| partition.replicas.len());
        if factor > brokers.len() {
            return Err(too_few_brokers(factor, brokers.len()));
        }
        let size = (topic.partitions.len() as u32, factor as u32);
        let random = &mut context.system().random;
        let placed = cluster.propose_replicas(&brokers, rack_aware, size, random);
        let numbered = (0..).zip(placed);
        proposed
            .extend(numbered.map(|(number, replicas)| (TopicPartition::new(name.clone(), number), replicas)));
    }
    say(&format!("Current partition replica assignment\n{}\n", json_of(current, LOG_DIR)), context);
    say(&format!("Proposed partition reassignment configuration\n{}", json_of(proposed, plan::ANY)), context);
    Ok(())
}

fn check_racks(brokers: &[BrokerId], cluster: &Cluster) -> Result<(), Failure> {
    let has_rack =
        |broker: &&BrokerId| cluster.image().registration(**broker).is_some_and(|known| known.rack.is_some());
    let with_racks = brokers.iter().filter(has_rack).count();
    if with_racks == 0 || with_racks == brokers.len() {
        return Ok(());
    }
    let message = "Not all brokers have rack information. Add --disable-rack-aware in command line to make replica \
                   assignment without rack information.";
    Err(Failure::thrown(super::partition_list::ADMIN_OPERATION, message))
}

fn execute_plan(plan: &Plan, options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let cluster = context.system().simulation.cluster().clone();
    if !options.has("additional") && !moving(&cluster).is_empty() {
        return Err(Failure::Terse(
            "Cannot execute because there is an existing partition assignment.  Use --additional to override this and \
             create a new partition assignment in addition to the existing one. The --additional flag can also be used to \
             change the throttle by resubmitting the current reassignment."
                .to_owned(),
        ));
    }
    let alive = alive(&cluster);
    let named: BTreeSet<_> = plan.partitions.iter().flat_map(|(_, replicas)| replicas).copied().collect();
    if let Some(unknown) = named.iter().find(|broker| !alive.contains(broker)) {
        return Err(Failure::thrown(FAILED, format!("Unknown broker id {}", unknown.0)));
    }
    let current = plan.current(&cluster)?;
    say(
        &format!(
            "Current partition replica assignment\n\n{}\n\nSave this to use as the --reassignment-json-file option during \
             rollback",
            json_of(current, LOG_DIR)
        ),
        context,
    );
    let mut refused = Vec::new();
    for (id, replicas) in &plan.partitions {
        let partition = cluster.partition(id).expect("the plan names partitions that exist");
        let factor = partition.replicas.len() - partition.removing_replicas.len();
        if options.has("disallow-replication-factor-change") && factor != replicas.len() {
            let count = replicas.len();
            refused.push(format!("{id}: The replication factor is changed from {factor} to {count}"));
            continue;
        }
        let (partition, replicas) = (id.clone(), Some(replicas.clone()));
        if let Err(error) = context.command(&Command::ReassignPartition { partition, replicas }) {
            refused.push(format!("{id}: {}", told(&error)));
        }
    }
    if !refused.is_empty() {
        return Err(Failure::Terse(format!("Error reassigning partition(s):\n{}", refused.join("\n"))));
    }
    let plural = if plan.partitions.len() == 1 { "" } else { "s" };
    say(&format!("Successfully started partition reassignment{plural} for {}", plan.names()), context);
    for (broker, partition) in &plan.directories {
        let line = format!(
            "Successfully started moving log directory to {LOG_DIR} for replica {partition} with broker {} ",
            broker.0
        );
        say(&line, context);
    }
    Ok(())
}

fn verify(plan: &Plan, preserves: bool, context: &mut Context<'_>) -> Result<(), Failure> {
    let cluster = context.system().simulation.cluster().clone();
    say("Status of partition reassignment:", context);
    for (id, target) in &plan.partitions {
        let partition = cluster.partition(id);
        let line = match partition {
            Some(partition) if partition.is_reassigning() => {
                format!("Reassignment of partition {id} is still in progress.")
            }
            Some(partition) if partition.replicas == *target => {
                format!("Reassignment of partition {id} is completed.")
            }
            Some(_) | None => format!(
                "There is no active reassignment of partition {id}, but replica set is {} rather than {}.",
                numbers(partition.map_or(&[][..], |partition| &partition.replicas)),
                numbers(target)
            ),
        };
        say(&line, context);
    }
    let moves: Vec<_> =
        plan.directories.iter().map(|(broker, id)| move_state(*broker, id, &cluster)).collect();
    say(&moves.join("\n"), context);
    if moving(&cluster).is_empty() && !preserves {
        clear_throttles(plan, &cluster, context);
    }
    Ok(())
}

fn move_state(broker: BrokerId, id: &TopicPartition, cluster: &Cluster) -> String {
    let is_there = cluster.partition(id).is_some_and(|partition| partition.replicas.contains(&broker));
    if is_there {
        return format!("Reassignment of replica {id}-{} completed successfully.", broker.0);
    }
    format!(
        "Partition {id} is not found in any live log dir on broker {}. There is likely an offline log directory on the \
         broker.",
        broker.0
    )
}

fn cancel(plan: &Plan, preserves: bool, context: &mut Context<'_>) -> Result<(), Failure> {
    let cluster = context.system().simulation.cluster().clone();
    let is_moving = |id: &TopicPartition| cluster.partition(id).is_some_and(Partition::is_reassigning);
    let moving: Vec<_> = plan.partitions.iter().map(|(id, _)| id).filter(|id| is_moving(id)).collect();
    if moving.is_empty() {
        say("None of the specified partition reassignments are active.", context);
    } else {
        let mut refused = Vec::new();
        for id in &moving {
            let command = Command::ReassignPartition { partition: (*id).clone(), replicas: None };
            if let Err(error) = context.command(&command) {
                refused.push(format!("{id}: {}", told(&error)));
            }
        }
        if !refused.is_empty() {
            let plural = if refused.len() == 1 { "" } else { "s" };
            let message =
                format!("Error cancelling partition reassignment{plural} for:\n{}", refused.join("\n"));
            return Err(Failure::Terse(message));
        }
        let plural = if moving.len() == 1 { "" } else { "s" };
        let names: Vec<_> = moving.iter().map(ToString::to_string).collect();
        let line = format!("Successfully cancelled partition reassignment{plural} for: {}", names.join(","));
        say(&line, context);
    }
    // The tool prints this without the end of the line.
    drop(context.write_output(b"None of the specified partition moves are active."));
    if !preserves {
        clear_throttles(plan, &cluster, context);
    }
    Ok(())
}

fn list(context: &mut Context<'_>) {
    let cluster = context.system().simulation.cluster().clone();
    let moving = moving(&cluster);
    if moving.is_empty() {
        return say("No partition reassignments found.", context);
    }
    say("Current partition reassignments:", context);
    for id in moving {
        let partition = cluster.partition(&id).expect("it was found in the cluster");
        let part = |what: &str, brokers: &[BrokerId]| match brokers {
            [] => String::new(),
            [_, ..] => format!(" {what}: {}.", numbers(brokers)),
        };
        let replicas = numbers(&partition.replicas);
        let adding = part("adding", &partition.adding_replicas);
        let removing = part("removing", &partition.removing_replicas);
        say(&format!("{id}: replicas: {replicas}.{adding}{removing}"), context);
    }
}

/// There are none to clear; the tool says so each time.
fn clear_throttles(plan: &Plan, cluster: &Cluster, context: &mut Context<'_>) {
    let mut brokers: BTreeSet<_> = alive(cluster).into_iter().collect();
    brokers.extend(plan.partitions.iter().flat_map(|(_, replicas)| replicas));
    let brokers: Vec<_> = brokers.into_iter().collect();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let line =
        format!("Clearing broker-level throttles on broker{} {}", plural(brokers.len()), numbers(&brokers));
    say(&line, context);
    let topics: BTreeSet<_> = plan.partitions.iter().map(|(id, _)| id.topic.clone()).collect();
    let topics = iteration_order(topics, DEFAULT_CAPACITY, |topic: &TopicName| topic.java_hash());
    say(
        &format!("Clearing topic-level throttles on topic{} {}", plural(topics.len()), topics.join(",")),
        context,
    );
}

/// The brokers that the cluster tells of.
fn alive(cluster: &Cluster) -> Vec<BrokerId> {
    let fenced = |broker: &BrokerId| cluster.image().registration(*broker).is_none_or(|known| known.fenced);
    cluster.brokers().iter().copied().filter(|broker| !fenced(broker)).collect()
}

/// Partitions that are on their way, in order of topic and number.
fn moving(cluster: &Cluster) -> Vec<TopicPartition> {
    let mut found = Vec::new();
    for (name, topic) in cluster.topics() {
        let partitions = (0..).zip(&topic.partitions).filter(|(_, partition)| partition.is_reassigning());
        found.extend(partitions.map(|(number, _)| TopicPartition::new(name.clone(), number)));
    }
    found
}

fn numbers(brokers: &[BrokerId]) -> String {
    let texts: Vec<_> = brokers.iter().map(|broker| broker.0.to_string()).collect();
    texts.join(",")
}

fn told(error: &CommandError) -> String {
    if let CommandError::Rejected(code) = error {
        java::api_message(*code).to_owned()
    } else {
        error.to_string()
    }
}

fn missing_topic(topic: &str) -> Failure {
    not_found(&format!("Topic {topic} not found."))
}

fn not_found(message: &str) -> Failure {
    let cause = format!("org.apache.kafka.common.errors.UnknownTopicOrPartitionException: {message}");
    Failure::Thrown {
        exceptions: vec![
            format!("java.util.concurrent.ExecutionException: {cause}"),
            format!("Caused by: {cause}"),
        ],
        message: cause,
    }
}

/// `StripedReplicaPlacer`
fn too_few_brokers(asked: usize, found: usize) -> Failure {
    let message = if found == 0 {
        "All brokers are currently fenced.".to_owned()
    } else {
        format!(
            "The target replication factor of {asked} cannot be reached because only {found} broker(s) are registered."
        )
    };
    Failure::thrown("org.apache.kafka.common.errors.InvalidReplicationFactorException", message)
}
