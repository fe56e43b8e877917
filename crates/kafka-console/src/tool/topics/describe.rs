//! `kafka-topics --describe`.

use std::rc::Rc;

use kafka_core::cluster::{Cluster, Partition, Topic};
use kafka_core::config::topic_config_names;
use kafka_core::java_hash::{JavaHash, iteration_order};
use kafka_core::protocol::BrokerId;

use super::{Failure, existing_topics};
use crate::option::Options;
use crate::system::Context;
use crate::tool::say;

type PartitionFilter = fn(&Cluster, &Topic, &Partition) -> bool;

/// The filters that leave nothing but lines of partitions.
const PARTITION_FILTERS: [(&str, PartitionFilter); 4] = [
    ("under-replicated-partitions", |_, _, partition| partition.replicas.len() > partition.isr.len()),
    ("under-min-isr-partitions", |_, topic, partition| {
        partition.leader.is_none() || partition.isr.len() < min_insync_replicas(topic)
    }),
    ("at-min-isr-partitions", |_, topic, partition| partition.isr.len() == min_insync_replicas(topic)),
    ("unavailable-partitions", |cluster, _, partition| {
        partition.leader.is_none_or(|leader| !cluster.brokers().contains(&leader))
    }),
];

pub(super) fn describe(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let names = existing_topics(options, context)?;
    let filters: Vec<_> = PARTITION_FILTERS.iter().filter(|(option, _)| options.has(option)).collect();
    let only_headers = options.has("topics-with-overrides");
    let capacity = names.len() as u32;
    let mut lines = Vec::new();
    let cluster = context.system().simulation.cluster();
    for name in iteration_order(names, capacity, |name| name.java_hash()) {
        let Some(topic) = cluster.topic(&name) else { continue };
        if filters.is_empty() {
            lines.push(header(&name, topic));
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

fn header(name: &str, topic: &Topic) -> String {
    let replication_factor = topic.partitions.first().map_or(0, |partition| partition.replicas.len());
    format!(
        "Topic: {name}\tTopicId: {}\tPartitionCount: {}\tReplicationFactor: {replication_factor}\tConfigs: {}",
        topic.id,
        topic.partitions.len(),
        configs(topic)
    )
}

fn row(name: &str, number: usize, partition: &Partition) -> String {
    let leader = partition.leader.map_or_else(|| "none".to_owned(), |leader| leader.0.to_string());
    format!(
        "\tTopic: {name}\tPartition: {number}\tLeader: {leader}\tReplicas: {}\tIsr: {}\tElr: \tLastKnownElr: ",
        ids(&partition.replicas),
        ids(&partition.isr)
    )
}

fn ids(brokers: &[BrokerId]) -> String {
    brokers.iter().map(|broker| broker.0.to_string()).collect::<Vec<_>>().join(",")
}

/// What was set for the topic, and `min.insync.replicas`, which a cluster with eligible leader replicas always shows.
fn configs(topic: &Topic) -> String {
    let value = |name: &'static str| -> Option<Rc<str>> {
        let shown = (name == "min.insync.replicas").then(|| Rc::from("1"));
        topic.configs.get(name).cloned().or(shown)
    };
    let shown = topic_config_names().filter_map(|name| value(name).map(|value| format!("{name}={value}")));
    shown.collect::<Vec<_>>().join(",")
}

fn min_insync_replicas(topic: &Topic) -> usize {
    topic.configs.get("min.insync.replicas").and_then(|value| value.trim().parse().ok()).unwrap_or(1)
}
