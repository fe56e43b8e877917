//! `kafka-consumer-groups --list`.

use kafka_core::group::{GroupListing, GroupState};
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::simulation::Simulation;

use super::Failure;
use crate::option::Options;
use crate::system::Context;
use crate::table::{self, Column};
use crate::tool::say;

const TYPES: [&str; 2] = ["Classic", "Consumer"];

/// In the order of Kafka's set of them.
const STATES: [&str; 7] =
    ["Stable", "Assigning", "PreparingRebalance", "Reconciling", "Dead", "Empty", "CompletingRebalance"];

/// All groups in the order of the admin client's `HashMap`.
pub(crate) fn all(simulation: &Simulation) -> Vec<GroupListing> {
    let brokers = simulation.cluster().brokers().iter().filter_map(|id| simulation.broker(*id));
    let listings = brokers.flat_map(|broker| broker.coordinator().groups());
    iteration_order(listings, DEFAULT_CAPACITY, |listing| listing.group.java_hash())
}

pub(super) fn list(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let states = filter(options, "state", "state", &STATES)?;
    let types = filter(options, "type", "types", &TYPES)?;
    let mut groups = all(&context.system().simulation);
    let name = |state: GroupState| state.to_string();
    groups.retain(|listing| states.as_ref().is_none_or(|wanted| wanted.contains(&name(listing.state))));
    let kind = |listing: &GroupListing| listing.group_type.to_string();
    groups.retain(|listing| types.as_ref().is_none_or(|wanted| wanted.contains(&kind(listing))));
    if !options.has("state") && !options.has("type") {
        for listing in groups {
            say(&listing.group, context);
        }
        return Ok(());
    }
    let longest = groups.iter().map(|listing| listing.group.len()).max().unwrap_or(0);
    let mut columns = vec![Column::fixed("GROUP", longest.max(15) + 10)];
    let wanted = [("type", "TYPE"), ("state", "STATE")];
    columns.extend(
        wanted.iter().filter(|(option, _)| options.has(option)).map(|(_, title)| Column::fixed(title, 20)),
    );
    let row = |listing: &GroupListing| {
        let kind = options.has("type").then(|| kind(listing));
        let state = options.has("state").then(|| name(listing.state));
        [Some(listing.group.to_string()), kind, state].into_iter().flatten().collect()
    };
    let rows: Vec<_> = groups.iter().map(row).collect();
    for line in table::lines(&columns, &rows) {
        say(&line, context);
    }
    Ok(())
}

/// The values of `--state` or `--type` as Kafka spells them; `None` lets everything through.
fn filter(
    options: &Options,
    option: &'static str,
    word: &str,
    known: &[&'static str],
) -> Result<Option<Vec<String>>, Failure> {
    let Some(text) = options.value(option)? else { return Ok(None) };
    let spelled = |name: &str| known.iter().find(|known| known.eq_ignore_ascii_case(name.trim()));
    let names: Option<Vec<_>> =
        text.split(',').map(|name| spelled(name).map(|name| (*name).to_owned())).collect();
    match names {
        Some(names) => Ok(Some(names)),
        None => Err(Failure::Usage(format!(
            "Invalid {word} list '{text}'. Valid {}s are: {}",
            word.trim_end_matches('s'),
            known.join(", ")
        ))),
    }
}
