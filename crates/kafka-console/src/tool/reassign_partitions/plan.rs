//! Where partitions shall be: the JSON that the tool reads and writes.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::cluster::Cluster;
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::protocol::BrokerId;
use kafka_core::topic::{TopicName, TopicPartition};

use super::{FAILED, LOG_DIR, missing_topic, not_found};
use crate::json::Json;
use crate::option::Options;
use crate::system::Context;
use crate::tool::failure::Failure;
use crate::tool::partition_list;

/// Any log directory will do.
pub(super) const ANY: &str = "any";

/// A reassignment, in order of topic and partition.
pub(super) struct Plan {
    pub(super) partitions: Vec<(TopicPartition, Vec<BrokerId>)>,
    /// Replicas that are to be in [`LOG_DIR`], in order of broker.
    pub(super) directories: Vec<(BrokerId, TopicPartition)>,
}

impl Plan {
    /// `parsePartitionReassignmentData`
    pub(super) fn read(options: &Options, context: &Context<'_>) -> Result<Self, Failure> {
        let json = partition_list::parse(&file("reassignment-json-file", options, context)?)?;
        partition_list::check_version(&json)?;
        let entries = json.field("partitions").map_or(Ok(&[][..]), partition_list::list)?;
        let mut plan = Self { partitions: Vec::new(), directories: Vec::new() };
        for entry in entries {
            let id = partition_list::partition(entry)?;
            let replicas = partition_list::list(partition_list::field(entry, "replicas")?)?;
            let replicas: Vec<_> = replicas.iter().map(partition_list::integer).collect::<Result<_, _>>()?;
            if let Some(directories) = entry.field("log_dirs") {
                plan.add_directories(&id, &replicas, partition_list::list(directories)?)?;
            }
            plan.partitions.push((id, replicas.into_iter().map(BrokerId).collect()));
        }
        plan.partitions.sort_by(|(one, _), (other, _)| one.cmp(other));
        plan.directories.sort();
        Ok(plan)
    }

    fn add_directories(
        &mut self,
        id: &TopicPartition,
        replicas: &[u32],
        directories: &[Json],
    ) -> Result<(), Failure> {
        let directories: Vec<_> = directories.iter().map(partition_list::text).collect::<Result<_, _>>()?;
        if replicas.len() != directories.len() {
            return Err(Failure::thrown(
                FAILED,
                format!(
                    "Size of replicas list {replicas:?} is different from size of log dirs list [{}] for partition {id}",
                    directories.join(", ")
                ),
            ));
        }
        for (replica, directory) in replicas.iter().zip(directories) {
            match directory {
                ANY => {}
                LOG_DIR => self.directories.push((BrokerId(*replica), id.clone())),
                _ => return Err(no_such_directory(*replica, id)),
            }
        }
        Ok(())
    }

    /// `parseExecuteAssignmentArgs`
    pub(super) fn checked(self) -> Result<Self, Failure> {
        let failed = |message: String| Err(Failure::thrown(FAILED, message));
        if self.partitions.is_empty() {
            return failed("Partition reassignment list cannot be empty".to_owned());
        }
        if self.partitions.iter().any(|(_, replicas)| replicas.is_empty()) {
            return failed("Partition replica list cannot be empty".to_owned());
        }
        let twice: Vec<_> = duplicates(self.partitions.iter().map(|(id, _)| id.clone()));
        if !twice.is_empty() {
            let twice: Vec<_> = twice.iter().map(ToString::to_string).collect();
            let partitions = twice.join(",");
            return failed(format!(
                "Partition reassignment contains duplicate topic partitions: {partitions}"
            ));
        }
        let twice: Vec<_> = self
            .partitions
            .iter()
            .map(|(id, replicas)| (id, duplicates(replicas.iter().copied())))
            .filter(|(_, twice)| !twice.is_empty())
            .map(|(id, twice)| format!("{id} contains multiple entries for {}", super::numbers(&twice)))
            .collect();
        if !twice.is_empty() {
            let entries = twice.join(". ");
            return failed(format!("Partition replica lists may not contain duplicate entries: {entries}"));
        }
        Ok(self)
    }

    /// Where the partitions are now.
    pub(super) fn current(&self, cluster: &Cluster) -> Result<Vec<(TopicPartition, Vec<BrokerId>)>, Failure> {
        if let Some((id, _)) = self.partitions.iter().find(|(id, _)| cluster.topic(&id.topic).is_none()) {
            return Err(missing_topic(&id.topic));
        }
        let missing = self.partitions.iter().map(|(id, _)| id).filter(|id| cluster.partition(id).is_none());
        let missing = iteration_order(missing, DEFAULT_CAPACITY, |id| id.java_hash());
        if !missing.is_empty() {
            let missing: Vec<_> = missing.iter().map(ToString::to_string).collect();
            return Err(not_found(&format!("Unable to find partition: {}", missing.join(", "))));
        }
        let replicas = |id: &TopicPartition| Some((id.clone(), cluster.partition(id)?.replicas.clone()));
        Ok(self.partitions.iter().filter_map(|(id, _)| replicas(id)).collect())
    }

    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.partitions.iter().map(|(id, _)| id.to_string()).collect();
        names.join(",")
    }
}

/// `parseGenerateAssignmentArgs`: topics and brokers.
pub(super) fn to_generate(
    options: &Options,
    context: &Context<'_>,
) -> Result<(Vec<TopicName>, Vec<BrokerId>), Failure> {
    let text = file("topics-to-move-json-file", options, context)?;
    let mut brokers = Vec::new();
    for word in options.value("broker-list")?.map_or("", |list| list).split(',') {
        let broker = word.parse().map_err(|_| {
            Failure::thrown("java.lang.NumberFormatException", format!("For input string: \"{word}\""))
        })?;
        brokers.push(BrokerId(broker));
    }
    let failed = |message: String| Err(Failure::thrown(FAILED, message));
    let twice = duplicates(brokers.iter().copied());
    if !twice.is_empty() {
        let twice = super::numbers(&twice).replace(',', ", ");
        return failed(format!("Broker list contains duplicate entries: [{twice}]"));
    }
    let json = partition_list::parse(&text)?;
    partition_list::check_version(&json)?;
    let entries = json.field("topics").map_or(Ok(&[][..]), partition_list::list)?;
    let name = |entry| partition_list::text(partition_list::field(entry, "topic")?).map(Rc::from);
    let topics: Vec<TopicName> = entries.iter().map(name).collect::<Result<_, Failure>>()?;
    let twice = duplicates(topics.iter().cloned());
    if !twice.is_empty() {
        let twice = twice.join(", ");
        return failed(format!("List of topics to reassign contains duplicate entries: [{twice}]"));
    }
    Ok((topics, brokers))
}

/// `formatAsReassignmentJson`: every replica is in the same directory, or in any.
pub(super) fn json_of(mut partitions: Vec<(TopicPartition, Vec<BrokerId>)>, directory: &str) -> Json {
    let object = |fields: Vec<(&str, Json)>| {
        Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    partitions.sort();
    let partitions = partitions.into_iter().map(|(id, replicas)| {
        let directories = replicas.iter().map(|_| Json::Text(directory.to_owned())).collect();
        object(vec![
            ("topic", Json::Text(id.topic.to_string())),
            ("partition", Json::Number(i64::from(id.partition))),
            (
                "replicas",
                Json::List(replicas.iter().map(|broker| Json::Number(i64::from(broker.0))).collect()),
            ),
            ("log_dirs", Json::List(directories)),
        ])
    });
    object(vec![("version", Json::Number(1)), ("partitions", Json::List(partitions.collect()))])
}

/// `Utils.readFileAsString`
fn file(name: &'static str, options: &Options, context: &Context<'_>) -> Result<String, Failure> {
    let path = options.value(name)?.cloned().unwrap_or_default();
    let content = context.read_file(&path).ok_or_else(|| {
        let message = format!("Unable to read file {path}");
        Failure::Thrown {
            exceptions: vec![
                format!("java.io.IOException: {message}"),
                format!("Caused by: java.nio.file.NoSuchFileException: {path}"),
            ],
            message,
        }
    })?;
    Ok(String::from_utf8_lossy(&content).into_owned())
}

fn no_such_directory(replica: u32, id: &TopicPartition) -> Failure {
    let message = format!("Failed to alter dir for {id}-{replica}");
    let cause = "org.apache.kafka.common.errors.LogDirNotFoundException: The user-specified log directory is not found in \
                 the broker config.";
    Failure::Thrown {
        exceptions: vec![
            format!("{FAILED}: {message}"),
            format!("Caused by: java.util.concurrent.ExecutionException: {cause}"),
            format!("Caused by: {cause}"),
        ],
        message,
    }
}

/// What is there more than once, in order.
fn duplicates<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut counts: BTreeMap<T, u32> = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 1).map(|(item, _)| item).collect()
}
