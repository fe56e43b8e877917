//! `kcat -L`: what brokers say about themselves and their topics.

use kafka_core::cluster::{Partition, Topic};
use kafka_core::protocol::BrokerId;

use super::options::Options;
use crate::system::Context;
use crate::tool::address;

pub(super) fn list(options: &Options, context: &mut Context<'_>) {
    let simulation = &context.system().simulation;
    let cluster = simulation.cluster();
    let what = options.topic.as_deref().unwrap_or("all topics");
    let mut lines = Vec::new();
    let first = cluster.brokers().first().copied().unwrap_or(BrokerId(1));
    lines.push(format!("Metadata for {what} (from broker {}: {}/{0}):", first.0, address(first, simulation)));
    lines.push(format!(" {} brokers:", cluster.brokers().len()));
    for id in cluster.brokers() {
        let controller = if *id == first { " (controller)" } else { "" };
        lines.push(format!("  broker {} at {}{controller}", id.0, address(*id, simulation)));
    }
    match &options.topic {
        Some(name) => {
            lines.push(" 1 topics:".to_owned());
            match cluster.topic(name) {
                Some(topic) => lines.extend(described(name, topic)),
                None => {
                    let error = "Broker: Unknown topic or partition";
                    lines.push(format!("  topic \"{name}\" with 0 partitions: {error}"));
                }
            }
        }
        None => {
            lines.push(format!(" {} topics:", cluster.topics().count()));
            lines.extend(cluster.topics().flat_map(|(name, topic)| described(name, topic)));
        }
    }
    for line in lines {
        drop(context.print(&line));
    }
}

fn described(name: &str, topic: &Topic) -> Vec<String> {
    let ids = |brokers: &[BrokerId]| brokers.iter().map(|id| id.0.to_string()).collect::<Vec<_>>().join(",");
    let mut lines = vec![format!("  topic \"{name}\" with {} partitions:", topic.partitions.len())];
    for (number, Partition { leader, replicas, isr, .. }) in topic.partitions.iter().enumerate() {
        let error = if leader.is_none() { ", Broker: Leader not available" } else { "" };
        let leader = leader.map_or(-1, |leader| i64::from(leader.0));
        lines.push(format!(
            "    partition {number}, leader {leader}, replicas: {}, isrs: {}{error}",
            ids(replicas),
            ids(isr)
        ));
    }
    lines
}
