//! `kafka-sim.assignor/1`: rebalances of groups, and who got which partition.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use kafka_core::assignor::{
    ClientAssignor, ServerAssignor, ServerMember, ServerTopic, ServerTopicMap, TopicIdPartition,
    TopicMetadata, TopicMetadataMap,
};
use kafka_core::protocol::{JoinedMember, Subscription};
use kafka_core::topic::{TopicId, TopicName, TopicPartition};
use serde::Deserialize;
use serde_json::Value;

use super::report::Report;
use super::{entries, fields};

#[derive(Deserialize)]
struct Round {
    #[serde(default, deserialize_with = "fields::optional")]
    topics: BTreeMap<String, Topic>,
    #[serde(default, deserialize_with = "fields::optional")]
    members: Vec<Member>,
    #[serde(default, deserialize_with = "fields::optional")]
    assignment: Partitions,
}

#[derive(Deserialize)]
struct Topic {
    partitions: u32,
    #[serde(default, deserialize_with = "fields::optional")]
    racks: Vec<Option<Vec<Option<String>>>>,
}

#[derive(Deserialize)]
struct Member {
    id: String,
    instance_id: Option<String>,
    rack: Option<String>,
    #[serde(default, deserialize_with = "fields::optional")]
    topics: Vec<String>,
    #[serde(default, deserialize_with = "fields::optional")]
    owned: Vec<(String, u32)>,
    generation: Option<i32>,
    #[serde(default, deserialize_with = "fields::optional")]
    current_target: Vec<(String, u32)>,
}

/// By member: the topics' names with partitions.
type Partitions = BTreeMap<String, Vec<(String, u32)>>;

enum Assignor {
    Client(ClientAssignor),
    Server(ServerAssignor),
}

pub(super) fn check(document: &Value, report: &mut Report<'_>) -> io::Result<()> {
    let cases = match entries(document, "cases") {
        Ok(cases) => cases,
        Err(why) => return report.broken(&why),
    };
    let assignor = match find_assignor(document) {
        Ok(assignor) => assignor,
        Err(why) => {
            let rounds =
                cases.iter().filter_map(|case| case.get("rounds")?.as_array()).map(Vec::len).sum::<usize>();
            return report.skip(u32::try_from(rounds).unwrap_or(u32::MAX), &why);
        }
    };
    for (place, case) in cases.iter().enumerate() {
        let name = case.get("id").and_then(Value::as_str).map_or_else(|| format!("#{place}"), str::to_owned);
        let (rounds, ids) = match (entries(case, "rounds"), topic_ids(case)) {
            (Ok(rounds), Ok(ids)) => (rounds, ids),
            (Err(why), _) | (_, Err(why)) => {
                report.case(&name, Err(why))?;
                continue;
            }
        };
        for (round, entry) in rounds.iter().enumerate() {
            let outcome = Round::deserialize(entry)
                .map_err(|error| error.to_string())
                .and_then(|round| compare(&round.assignment, &run(&assignor, &round, &ids)));
            report.case(&format_args!("{name} round {}", round + 1), outcome)?;
        }
    }
    Ok(())
}

/// `range` is the name of two assignors; the protocol tells them apart.
fn find_assignor(document: &Value) -> Result<Assignor, String> {
    let field = |key| document.get(key).and_then(Value::as_str).unwrap_or_default();
    let (name, protocol) = (field("assignor"), field("protocol"));
    let unknown = || format!("assignor {name} of the protocol {protocol} is not modelled");
    if protocol.starts_with("classic") {
        ClientAssignor::from_name(name).map(Assignor::Client).map_err(|_| unknown())
    } else if protocol.starts_with("consumer") {
        ServerAssignor::from_name(name).map(Assignor::Server).map_err(|_| unknown())
    } else {
        Err(unknown())
    }
}

fn topic_ids(case: &Value) -> Result<BTreeMap<String, TopicId>, String> {
    let Some(ids) = case.get("topic_ids").and_then(Value::as_object) else { return Ok(BTreeMap::new()) };
    let id = |(name, id): (&String, &Value)| {
        Ok((name.clone(), fields::topic_id(id.as_str().unwrap_or_default())?))
    };
    ids.iter().map(id).collect()
}

fn run(assignor: &Assignor, round: &Round, ids: &BTreeMap<String, TopicId>) -> Partitions {
    match assignor {
        Assignor::Client(assignor) => run_client(*assignor, round),
        Assignor::Server(assignor) => run_server(*assignor, round, ids),
    }
}

fn run_client(assignor: ClientAssignor, round: &Round) -> Partitions {
    let racks = |topic: &Topic| {
        let of_partition = |racks: &Option<Vec<Option<String>>>| {
            racks.iter().flatten().flatten().map(|rack| rack.as_str().into()).collect()
        };
        topic.racks.iter().map(of_partition).collect()
    };
    let topics: TopicMetadataMap = round
        .topics
        .iter()
        .map(|(name, topic)| {
            (name.as_str().into(), TopicMetadata { partitions: topic.partitions, racks: racks(topic) })
        })
        .collect();
    let members: Vec<JoinedMember> = round.members.iter().map(joined_member).collect();
    let named = |tp: TopicPartition| (tp.topic.to_string(), tp.partition);
    assignor
        .assign(&topics, &members)
        .into_iter()
        .map(|(member, partitions)| (member.to_string(), partitions.into_iter().map(named).collect()))
        .collect()
}

fn joined_member(member: &Member) -> JoinedMember {
    let topics: BTreeSet<TopicName> = member.topics.iter().map(|name| name.as_str().into()).collect();
    let owned = member.owned.iter().map(|(topic, partition)| TopicPartition::new(topic.as_str(), *partition));
    JoinedMember {
        member_id: member.id.as_str().into(),
        group_instance_id: member.instance_id.as_deref().map(Into::into),
        subscription: Subscription {
            topics: topics.into_iter().collect(),
            owned_partitions: owned.collect(),
            generation: member.generation,
            rack: member.rack.as_deref().map(Into::into),
        },
    }
}

fn run_server(
    assignor: ServerAssignor,
    round: &Round,
    recorded_ids: &BTreeMap<String, TopicId>,
) -> Partitions {
    let targets = round.members.iter().flat_map(|member| &member.current_target).map(|(name, _)| name);
    let names: BTreeSet<&String> = round.topics.keys().chain(targets).collect();
    // A topic whose id was not recorded gets one of its own.
    let ids: BTreeMap<&String, TopicId> = (0..)
        .zip(names)
        .map(|(number, name)| {
            let made_up = TopicId { most_significant_bits: 0, least_significant_bits: number };
            (name, recorded_ids.get(name).copied().unwrap_or(made_up))
        })
        .collect();
    let names: BTreeMap<TopicId, &String> = ids.iter().map(|(name, id)| (*id, *name)).collect();

    let topic = |(name, topic): (&String, &Topic)| {
        (TopicName::from(name.as_str()), ServerTopic { id: ids[name], partitions: topic.partitions })
    };
    let topics: ServerTopicMap = round.topics.iter().map(topic).collect();
    let member = |member: &Member| ServerMember {
        id: member.id.as_str().into(),
        instance_id: member.instance_id.as_deref().map(Into::into),
        topics: member.topics.iter().map(|name| name.as_str().into()).collect(),
        target: member
            .current_target
            .iter()
            .map(|(name, partition)| TopicIdPartition { topic_id: ids[name], partition: *partition })
            .collect(),
    };
    let members: Vec<ServerMember> = round.members.iter().map(member).collect();
    let named = |tp: TopicIdPartition| (names[&tp.topic_id].clone(), tp.partition);
    assignor
        .assign(&topics, &members)
        .into_iter()
        .map(|(member, partitions)| (member.to_string(), partitions.into_iter().map(named).collect()))
        .collect()
}

/// The order of a member's partitions does not matter, nor whether one without any is listed.
fn compare(expected: &Partitions, got: &Partitions) -> Result<(), String> {
    let of = |assignment: &Partitions, member: &String| {
        let mut partitions = assignment.get(member).cloned().unwrap_or_default();
        partitions.sort();
        partitions
    };
    let members: BTreeSet<&String> = expected.keys().chain(got.keys()).collect();
    let differences: Vec<String> = members
        .into_iter()
        .map(|member| (member, of(expected, member), of(got, member)))
        .filter(|(_, expected, got)| expected != got)
        .map(|(member, expected, got)| format!("{member}: expected {}, got {}", show(&expected), show(&got)))
        .collect();
    if differences.is_empty() { Ok(()) } else { Err(differences.join("; ")) }
}

fn show(partitions: &[(String, u32)]) -> String {
    let partitions: Vec<String> =
        partitions.iter().map(|(topic, partition)| format!("{topic}-{partition}")).collect();
    format!("[{}]", partitions.join(" "))
}
