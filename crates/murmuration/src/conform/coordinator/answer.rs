//! The model's answers, as the recording tells them.

use std::rc::Rc;

use kafka_core::protocol::{ErrorCode, Response};
use kafka_core::topic::TopicPartition;
use serde_json::{Value, json};

use super::state::Topics;

/// What an answer leaves to be known from elsewhere.
pub(super) struct Asked<'a> {
    /// The protocol of the group when it answered.
    pub(super) protocol: Option<&'a str>,
    /// Of the members that a LeaveGroup named.
    pub(super) instance_ids: &'a [Option<Rc<str>>],
    pub(super) topics: &'a Topics,
}

pub(super) fn response(response: &Response, asked: &Asked<'_>) -> Value {
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
            Err(error) => failed(*error),
            Ok(assignment) => {
                json!({ "error": "NONE", "protocol": asked.protocol, "assignment": pairs(assignment) })
            }
        },
        Response::Heartbeat(heartbeat) => json!({ "error": name_of(heartbeat.outcome) }),
        Response::LeaveGroup(leave) => match &leave.outcome {
            Err(error) => failed(*error),
            Ok(members) => {
                let left =
                    members.iter().zip(asked.instance_ids).map(|((member_id, outcome), instance_id)| {
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
                Some(error) => failed(error),
                None => json!({ "partitions": partitions.collect::<Vec<_>>() }),
            }
        }
        Response::OffsetFetch(fetch) => match &fetch.outcome {
            Err(error) => failed(*error),
            Ok(offsets) => {
                let partitions = offsets.iter().map(|(it, offset)| {
                    let offset = offset.as_ref().map_or(-1, |offset| offset.offset);
                    json!([&*it.topic, it.partition, offset, "NONE"])
                });
                json!({ "error": "NONE", "partitions": partitions.collect::<Vec<_>>() })
            }
        },
        Response::ConsumerGroupHeartbeat(heartbeat) => match &heartbeat.outcome {
            Err(error) => failed(*error),
            Ok(accepted) => json!({
                "error": "NONE",
                "member_id": &*accepted.member_id,
                "member_epoch": accepted.member_epoch,
                "heartbeat_interval_ms": accepted.heartbeat_interval.as_millis() as u64,
                "assignment": accepted.assignment.as_ref().map(|list| asked.topics.pairs(list)),
            }),
        },
        Response::Metadata(_)
        | Response::Produce(_)
        | Response::Fetch(_)
        | Response::ListOffsets(_)
        | Response::InitProducerId(_)
        | Response::AddPartitionsToTxn(_)
        | Response::TxnOffsetCommit(_)
        | Response::EndTxn(_)
        | Response::WriteTxnMarkers(_)
        | Response::FindCoordinator(_) => json!({ "error": "not an answer of a coordinator" }),
    }
}

fn pairs(partitions: &[TopicPartition]) -> Value {
    partitions.iter().map(|it| json!([&*it.topic, it.partition])).collect()
}

fn failed(error: ErrorCode) -> Value {
    json!({ "error": error.name() })
}

fn name_of(outcome: Result<(), ErrorCode>) -> &'static str {
    outcome.map_or_else(ErrorCode::name, |()| "NONE")
}
