//! `kafka-consumer-groups --describe --members`.

use std::collections::BTreeMap;

use kafka_core::group::MemberDescription;
use kafka_core::topic::TopicPartition;

use super::{Failure, MISSING, find, print_table, warn_about_state};
use crate::option::Options;
use crate::system::Context;
use crate::table::Column;

pub(super) fn describe(group: &str, options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let description = find(group, &context.system().simulation)?;
    let is_static = |member: &MemberDescription| member.group_instance_id.is_some();
    let with_instances = description.members.iter().any(is_static);
    let verbose = options.has("verbose");
    // While a group changes its protocol it has members of both.
    let migrates = description.members.iter().any(|member| upgraded(member) == Some(false));

    let mut columns = vec![Column::growing("GROUP", 15), Column::growing("CONSUMER-ID", 15)];
    if with_instances {
        columns.push(Column::growing("GROUP-INSTANCE-ID", 17));
    }
    columns.extend([
        Column::growing("HOST", 15),
        Column::growing("CLIENT-ID", 15),
        Column::fixed("#PARTITIONS", 15),
    ]);
    if verbose {
        columns.extend([
            Column::fixed("CURRENT-EPOCH", 15),
            Column::growing("CURRENT-ASSIGNMENT", 20),
            Column::fixed("TARGET-EPOCH", 15),
            Column::growing("TARGET-ASSIGNMENT", 20),
        ]);
        if migrates {
            columns.push(Column::open("UPGRADED"));
        }
    } else {
        // Kafka's format leaves a blank at the end of the line.
        columns.push(Column::open(""));
    }
    let row = |member: &MemberDescription| {
        let mut row = vec![group.to_owned(), member.member_id.to_string()];
        if with_instances {
            row.push(member.group_instance_id.as_deref().unwrap_or(MISSING).to_owned());
        }
        let partitions = member.assignment.len().to_string();
        row.extend([member.client_host.to_string(), member.client_id.to_string(), partitions]);
        if verbose {
            // Epochs and targets are those of a group of the consumer protocol.
            let number = |epoch: Option<i32>| epoch.map_or(MISSING.to_owned(), |epoch| epoch.to_string());
            let own = member.consumer.as_ref();
            row.extend([
                number(own.map(|own| own.member_epoch)),
                assignment(&member.assignment),
                number(description.consumer.as_ref().map(|group| group.target_assignment_epoch)),
                assignment(own.map_or(&[], |own| &own.target_assignment)),
            ]);
            if migrates {
                row.push(upgraded(member).map_or(MISSING.to_owned(), |upgraded| upgraded.to_string()));
            }
        } else {
            row.push(String::new());
        }
        row
    };
    let rows: Vec<_> = description.members.iter().map(row).collect();
    warn_about_state(group, description.state, context);
    print_table(&columns, &rows, context);
    Ok(())
}

/// Whether the member speaks the consumer protocol in a group of that protocol; `None` in a classic group.
fn upgraded(member: &MemberDescription) -> Option<bool> {
    member.consumer.as_ref().map(|own| !own.uses_classic_protocol)
}

/// `t:0,1;u:2`
fn assignment(partitions: &[TopicPartition]) -> String {
    let mut topics: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for partition in partitions {
        topics.entry(&partition.topic).or_default().push(partition.partition);
    }
    if topics.is_empty() {
        return MISSING.to_owned();
    }
    let topic = |(name, numbers): (&str, Vec<u32>)| {
        let mut numbers = numbers;
        numbers.sort_unstable();
        let numbers: Vec<_> = numbers.iter().map(u32::to_string).collect();
        format!("{name}:{}", numbers.join(","))
    };
    topics.into_iter().map(topic).collect::<Vec<_>>().join(";")
}
