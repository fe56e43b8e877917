//! `kafka-consumer-groups --describe --offsets`: how far the group has read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kafka_core::broker::Replica;
use kafka_core::group::MemberDescription;
use kafka_core::protocol::OffsetAndMetadata;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use super::{Failure, MISSING, find, print_table, warn_about_state};
use crate::option::Options;
use crate::system::Context;
use crate::table::Column;

type Committed = BTreeMap<TopicPartition, OffsetAndMetadata>;

pub(super) fn describe(group: &str, options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let verbose = options.has("verbose");
    let simulation = &context.system().simulation;
    let description = find(group, simulation)?;
    let committed = committed(group, simulation);
    let mut rows = Vec::new();
    let mut members: Vec<_> = description.members.iter().collect();
    members.sort_by_key(|member| Reverse(member.assignment.len()));
    for member in &members {
        let mut partitions = member.assignment.clone();
        partitions.sort();
        for partition in partitions {
            rows.push(row(group, &partition, committed.get(&partition), Some(member), simulation));
        }
    }
    let owned =
        |partition: &TopicPartition| members.iter().any(|member| member.assignment.contains(partition));
    for (partition, offset) in committed.iter().filter(|(partition, _)| !owned(partition)) {
        rows.push(row(group, partition, Some(offset), None, simulation));
    }
    let mut columns = vec![
        Column::growing("GROUP", 15),
        Column::growing("TOPIC", 15),
        Column::fixed("PARTITION", 10),
        Column::fixed("LEADER-EPOCH", 15),
        Column::fixed("CURRENT-OFFSET", 15),
        Column::fixed("LOG-END-OFFSET", 15),
        Column::fixed("LAG", 15),
        Column::growing("CONSUMER-ID", 15),
        Column::growing("HOST", 15),
        Column::open("CLIENT-ID"),
    ];
    if !verbose {
        columns.remove(LEADER_EPOCH);
        rows.iter_mut().for_each(|row| drop(row.remove(LEADER_EPOCH)));
    }
    warn_about_state(group, description.state, context);
    if !rows.is_empty() {
        print_table(&columns, &rows, context);
    }
    Ok(())
}

const LEADER_EPOCH: usize = 3;

fn committed(group: &str, simulation: &Simulation) -> Committed {
    let Some(broker) = simulation.coordinator_of(group) else { return Committed::new() };
    let offsets = broker.coordinator().offsets(group);
    offsets.map(|(partition, value)| (partition.clone(), value.offset.clone())).collect()
}

fn row(
    group: &str,
    partition: &TopicPartition,
    committed: Option<&OffsetAndMetadata>,
    member: Option<&&MemberDescription>,
    simulation: &Simulation,
) -> Vec<String> {
    let end = simulation.leader_replica(partition).map(Replica::high_watermark);
    let current = committed.map(|committed| committed.offset);
    let lag = end.zip(current).map(|(end, current)| end - current);
    let number = |value: Option<i64>| value.map_or(MISSING.to_owned(), |value| value.to_string());
    let text = |value: Option<&str>| value.unwrap_or(MISSING).to_owned();
    vec![
        group.to_owned(),
        partition.topic.to_string(),
        partition.partition.to_string(),
        number(committed.and_then(|committed| committed.leader_epoch).map(i64::from)),
        number(current),
        number(end),
        number(lag),
        text(member.map(|member| &*member.member_id)),
        text(member.map(|member| &*member.client_host)),
        text(member.map(|member| &*member.client_id)),
    ]
}
