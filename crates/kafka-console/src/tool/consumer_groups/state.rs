//! `kafka-consumer-groups --describe --state`.

use kafka_core::group::{ConsumerGroupDescription, GroupDescription, GroupState};
use kafka_core::simulation::Simulation;

use super::{Failure, MISSING, find, print_table, warn_about_state};
use crate::option::Options;
use crate::system::Context;
use crate::table::Column;

pub(super) fn describe(group: &str, options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let simulation = &context.system().simulation;
    let description = find(group, simulation)?;
    let mut columns = vec![
        Column::growing("GROUP", 15),
        Column::growing("COORDINATOR (ID)", 25),
        Column::fixed("ASSIGNMENT-STRATEGY", 20),
        Column::fixed("STATE", 20),
    ];
    let mut row = vec![
        group.to_owned(),
        coordinator(group, simulation),
        assignment_strategy(&description).to_owned(),
        description.state.to_string(),
    ];
    if options.has("verbose") {
        columns.extend([Column::fixed("GROUP-EPOCH", 15), Column::fixed("TARGET-ASSIGNMENT-EPOCH", 25)]);
        let epoch = |epoch: fn(&ConsumerGroupDescription) -> i32| {
            description.consumer.as_ref().map_or(MISSING.to_owned(), |group| epoch(group).to_string())
        };
        row.extend([epoch(|group| group.group_epoch), epoch(|group| group.target_assignment_epoch)]);
    }
    columns.push(Column::open("#MEMBERS"));
    row.push(description.members.len().to_string());
    warn_about_state(group, description.state, context);
    print_table(&columns, &[row], context);
    Ok(())
}

/// DescribeGroups tells the assignor of a Stable group only, ConsumerGroupDescribe that of any.
fn assignment_strategy(description: &GroupDescription) -> &str {
    let told = description.consumer.is_some() || description.state == GroupState::Stable;
    description.protocol.as_deref().filter(|_| told).unwrap_or(MISSING)
}

/// A broker's address in the docker network, and its number.
fn coordinator(group: &str, simulation: &Simulation) -> String {
    let Some(broker) = simulation.coordinator_of(group) else { return MISSING.to_owned() };
    let number = broker.id().0;
    let alone = simulation.cluster().brokers().len() == 1;
    let host = if alone { "kafka".to_owned() } else { format!("kafka-{number}") };
    format!("{host}:9093  ({number})")
}
