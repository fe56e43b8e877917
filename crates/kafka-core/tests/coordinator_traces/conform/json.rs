//! The recording's JSON: requests are read from it, answers and states are told as it tells them.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::group::{GroupDescription, Wait};
use kafka_core::protocol::{ErrorCode, OffsetAndMetadata, Response, Subscription};
use kafka_core::topic::TopicPartition;
use serde_json::{Value, json};

/// `protocol` is the group's; `instance_ids` are those of the members that a LeaveGroup named.
pub(super) fn response(
    response: &Response,
    protocol: Option<&str>,
    instance_ids: &[Option<Rc<str>>],
) -> Value {
    match response {
        Response::JoinGroup(join) => match &join.outcome {
            Err(error) => json!({ "error": error.name(), "member_id": &*join.member_id }),
            Ok(joined) => {
                let name = |id: &str, instance: Option<&str>| {
                    instance.map_or_else(|| id.to_owned(), |instance| format!("{id} [{instance}]"))
                };
                let members = joined.members.iter();
                let members: Vec<_> =
                    members.map(|it| name(&it.member_id, it.group_instance_id.as_deref())).collect();
                json!({
                    "error": "NONE",
                    "member_id": &*join.member_id,
                    "generation": joined.generation_id,
                    "protocol": &*joined.protocol,
                    "leader": &*joined.leader,
                    "skip_assignment": joined.skip_assignment,
                    "members": members,
                })
            }
        },
        Response::SyncGroup(sync) => match &sync.assignment {
            Err(error) => json!({ "error": error.name() }),
            Ok(assignment) => {
                let assignment: Vec<_> =
                    assignment.iter().map(|it| json!([&*it.topic, it.partition])).collect();
                json!({ "error": "NONE", "protocol": protocol, "assignment": assignment })
            }
        },
        Response::Heartbeat(heartbeat) => json!({ "error": name_of(heartbeat.outcome) }),
        Response::LeaveGroup(leave) => match &leave.outcome {
            Err(error) => json!({ "error": error.name() }),
            Ok(members) => {
                let left = members.iter().zip(instance_ids).map(|((member_id, outcome), instance_id)| {
                    let mut left = json!({ "member_id": &**member_id, "error": name_of(*outcome) });
                    if let Some(instance_id) = instance_id {
                        left["instance_id"] = json!(&**instance_id);
                    }
                    left
                });
                json!({ "error": "NONE", "members": left.collect::<Vec<_>>() })
            }
        },
        Response::OffsetCommit(commit) => {
            let is_whole = |error: &ErrorCode| *error != ErrorCode::OffsetMetadataTooLarge;
            let error = commit.partitions.iter().find_map(|(_, outcome)| outcome.err().filter(is_whole));
            let committed = commit.partitions.iter();
            let partitions =
                committed.map(|(it, outcome)| json!([&*it.topic, it.partition, name_of(*outcome)]));
            match error {
                Some(error) => json!({ "error": error.name() }),
                None => json!({ "partitions": partitions.collect::<Vec<_>>() }),
            }
        }
        Response::OffsetFetch(fetch) => match &fetch.outcome {
            Err(error) => json!({ "error": error.name() }),
            Ok(offsets) => {
                let partitions = offsets.iter().map(|(it, offset)| {
                    let offset = offset.as_ref().map_or(-1, |offset| offset.offset);
                    json!([&*it.topic, it.partition, offset, "NONE"])
                });
                json!({ "error": "NONE", "partitions": partitions.collect::<Vec<_>>() })
            }
        },
        Response::Metadata(_)
        | Response::Produce(_)
        | Response::Fetch(_)
        | Response::ListOffsets(_)
        | Response::FindCoordinator(_) => json!({ "error": "not an answer of a coordinator" }),
    }
}

pub(super) fn state(group: &GroupDescription) -> Value {
    let mut members: Vec<_> = group.members.iter().map(|member| &*member.member_id).collect();
    members.sort_unstable();
    let mut state = json!({
        "type": "classic",
        "state": group.state.to_string(),
        "generation": group.generation_id,
        "leader": group.leader.as_deref(),
        "members": members,
    });
    if let Some(protocol) = &group.protocol {
        state["protocol"] = json!(&**protocol);
    }
    if !group.pending_join_members.is_empty() {
        state["pending_join_members"] = json!(group.pending_join_members.len());
    }
    let awaiting_join = group.members.iter().filter(|member| member.waits == Some(Wait::JoinGroup)).count();
    if awaiting_join > 0 {
        state["awaiting_join"] = json!(awaiting_join);
    }
    if !group.pending_sync_members.is_empty() {
        let pending: Vec<_> = group.pending_sync_members.iter().map(|member_id| &**member_id).collect();
        state["pending_sync_members"] = json!(pending);
    }
    state
}

fn name_of(outcome: Result<(), ErrorCode>) -> &'static str {
    outcome.map_or_else(ErrorCode::name, |()| "NONE")
}

pub(super) fn protocol(protocol: &Value) -> (Rc<str>, Subscription) {
    let topics = elements(&protocol[1]).iter().map(|topic| Rc::from(text(topic))).collect();
    let subscription =
        Subscription { topics, owned_partitions: partitions(&protocol[2]), ..Subscription::default() };
    (Rc::from(text(&protocol[0])), subscription)
}

pub(super) fn offset(offset: &Value) -> (TopicPartition, OffsetAndMetadata) {
    let committed = OffsetAndMetadata {
        offset: offset[2].as_i64().unwrap_or_default(),
        leader_epoch: None,
        metadata: Rc::from(text(&offset[3])),
    };
    (partition(offset), committed)
}

pub(super) fn partitions(list: &Value) -> Vec<TopicPartition> {
    elements(list).iter().map(partition).collect()
}

fn partition(pair: &Value) -> TopicPartition {
    TopicPartition::new(text(&pair[0]), pair[1].as_u64().unwrap_or_default() as u32)
}

pub(super) fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The recording leaves out empty lists.
pub(super) fn list(value: &Value) -> Value {
    if value.is_null() { json!([]) } else { value.clone() }
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

pub(super) fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

pub(super) fn small(number: u64) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| format!("{number} is too large"))
}

pub(super) fn millis(value: &Value) -> Duration {
    Duration::from_millis(value.as_u64().unwrap_or_default())
}
