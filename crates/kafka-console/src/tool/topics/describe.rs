//! `kafka-topics --describe`.

use std::rc::Rc;

use kafka_core::cluster::{Cluster, Partition, Topic};
use kafka_core::config::{ConfigResource, topic_config_keys, topic_config_names};
use kafka_core::java_hash::{JavaHash, iteration_order};
use kafka_core::protocol::BrokerId;
use kafka_core::topic::TopicId;

use super::{Failure, existing_topics};
use crate::option::Options;
use crate::system::Context;
use crate::tool::say;

type PartitionFilter = fn(&Cluster, &Topic, &Partition) -> bool;

/// The filters that leave nothing but lines of partitions.
const PARTITION_FILTERS: [(&str, PartitionFilter); 4] = [
    ("under-replicated-partitions", |_, _, partition| partition.replicas.len() > partition.isr.len()),
    ("under-min-isr-partitions", |cluster, topic, partition| {
        partition.leader.is_none() || partition.isr.len() < min_insync_replicas(topic, cluster)
    }),
    ("at-min-isr-partitions", |cluster, topic, partition| {
        partition.isr.len() == min_insync_replicas(topic, cluster)
    }),
    ("unavailable-partitions", |cluster, _, partition| {
        partition.leader.is_none_or(|leader| !cluster.brokers().contains(&leader))
    }),
];

pub(super) fn describe(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let names = chosen_topics(options, context)?;
    let filters: Vec<_> = PARTITION_FILTERS.iter().filter(|(option, _)| options.has(option)).collect();
    let only_headers = options.has("topics-with-overrides");
    let capacity = names.len() as u32;
    let mut lines = Vec::new();
    let cluster = context.system().simulation.cluster();
    for name in iteration_order(names, capacity, |name| name.java_hash()) {
        let Some(topic) = cluster.topic(&name) else { continue };
        if filters.is_empty() {
            lines.push(header(&name, topic, cluster));
        }
        if only_headers {
            continue;
        }
        for (number, partition) in topic.partitions.iter().enumerate() {
            if filters.is_empty() || filters.iter().any(|(_, passes)| passes(cluster, topic, partition)) {
                lines.push(row(&name, number, partition));
            }
        }
    }
    for line in lines {
        say(&line, context);
    }
    Ok(())
}

/// By id or by name. An id of nothing but zeros counts as none (as in Kafka).
fn chosen_topics(options: &Options, context: &mut Context<'_>) -> Result<Vec<Rc<str>>, Failure> {
    let id = options.value("topic-id")?.map(|text| parse_topic_id(text)).transpose()?;
    let Some(id) = id.filter(|id| (id.most_significant_bits, id.least_significant_bits) != (0, 0)) else {
        return existing_topics(options, context);
    };
    let mut topics = context.system().simulation.cluster().topics();
    let found: Vec<_> =
        topics.find(|(_, topic)| topic.id == id).map(|(name, _)| name.clone()).into_iter().collect();
    if found.is_empty() && !options.has("if-exists") {
        return Err(Failure::illegal_argument(format!("TopicId '{id}' does not exist as expected")));
    }
    Ok(found)
}

/// `Uuid.fromString`
fn parse_topic_id(text: &str) -> Result<TopicId, Failure> {
    if text.chars().count() > 24 {
        let prefix: String = text.chars().take(24).collect();
        return Err(Failure::illegal_argument(format!(
            "Input string with prefix `{prefix}` is too long to be decoded as a base64 UUID"
        )));
    }
    TopicId::parse(text).map_err(|error| Failure::illegal_argument(error.to_string()))
}

fn header(name: &str, topic: &Topic, cluster: &Cluster) -> String {
    // What a reassignment adds does not count yet.
    let replication_factor = topic
        .partitions
        .first()
        .map_or(0, |partition| partition.replicas.len() - partition.adding_replicas.len());
    format!(
        "Topic: {name}\tTopicId: {}\tPartitionCount: {}\tReplicationFactor: {replication_factor}\tConfigs: {}",
        topic.id,
        topic.partitions.len(),
        configs(topic, cluster)
    )
}

fn row(name: &str, number: usize, partition: &Partition) -> String {
    let leader = partition.leader.map_or_else(|| "none".to_owned(), |leader| leader.0.to_string());
    format!(
        "\tTopic: {name}\tPartition: {number}\tLeader: {leader}\tReplicas: {}\tIsr: {}\tElr: {}\tLastKnownElr: {}",
        ids(&partition.replicas),
        ids(&partition.isr),
        ids(&partition.elr),
        ids(&partition.last_known_elr)
    )
}

fn ids(brokers: &[BrokerId]) -> String {
    brokers.iter().map(|broker| broker.0.to_string()).collect::<Vec<_>>().join(",")
}

/// What was set for the topic, or for every broker in its place.
fn configs(topic: &Topic, cluster: &Cluster) -> String {
    let set = |name: &'static str| value(name, topic, cluster).map(|value| format!("{name}={value}"));
    topic_config_names().filter_map(set).collect::<Vec<_>>().join(",")
}

fn value(name: &str, topic: &Topic, cluster: &Cluster) -> Option<Rc<str>> {
    let broker_name = topic_config_keys().find(|(key, ..)| *key == name)?.2;
    let mut of_brokers = cluster.configs(&ConfigResource::BrokerDefault);
    let default = of_brokers.find(|(key, _)| Some(&***key) == broker_name).map(|(_, value)| value);
    topic.configs.get(name).or(default).cloned()
}

fn min_insync_replicas(topic: &Topic, cluster: &Cluster) -> usize {
    value("min.insync.replicas", topic, cluster).and_then(|value| value.trim().parse().ok()).unwrap_or(1)
}
