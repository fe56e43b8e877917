//! The recording's requests, as the model takes them.

use std::rc::Rc;

use kafka_core::protocol::{
    ConsumerGroupHeartbeatRequest, GroupId, HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest,
    LeavingMember, MemberId, OffsetAndMetadata, OffsetCommitRequest, OffsetFetchRequest, Request,
    Subscription, SyncGroupRequest,
};
use kafka_core::topic::TopicPartition;
use serde_json::Value;

use super::json::{elements, millis, optional_millis, optional_text, signed, text};
use super::run::GROUP;
use super::state::Topics;

/// The first versions in which a request of this protocol differs for the coordinator.
const JOIN_GROUP_WITH_KNOWN_MEMBER_ID: u64 = 4;
const OFFSET_COMMIT_WITH_MEMBER_EPOCH: u64 = 9;

/// `instance_id` is the client's own: the recording does not repeat it in every request.
pub(super) fn request(
    op: &str,
    request: &Value,
    instance_id: Option<&Rc<str>>,
    topics: &Topics,
) -> Result<Request, String> {
    let group = GroupId::from(GROUP);
    let member_id = MemberId::from(text(&request["member_id"]));
    let group_instance_id = instance_id.cloned();
    let generation_id = signed(&request["generation"], 0);
    let client_host: Rc<str> = Rc::from("/127.0.0.1");
    Ok(match op {
        "join" => Request::JoinGroup(JoinGroupRequest {
            group,
            client_id: Rc::from(text(&request["client_id"])),
            client_host,
            member_id,
            requires_known_member_id: request["api_version"].as_u64()
                >= Some(JOIN_GROUP_WITH_KNOWN_MEMBER_ID),
            group_instance_id,
            session_timeout: millis(&request["session_timeout_ms"]),
            rebalance_timeout: millis(&request["rebalance_timeout_ms"]),
            protocol_type: Rc::from("consumer"),
            protocols: elements(&request["protocols"]).iter().map(protocol).collect(),
        }),
        "sync" => {
            let assignments = request["assignments"].as_object().into_iter().flatten();
            Request::SyncGroup(SyncGroupRequest {
                group,
                member_id,
                group_instance_id,
                generation_id,
                protocol_type: None,
                protocol: None,
                assignments: assignments
                    .map(|(id, owned)| (MemberId::from(id.as_str()), partitions(owned)))
                    .collect(),
            })
        }
        "heartbeat" => {
            Request::Heartbeat(HeartbeatRequest { group, member_id, group_instance_id, generation_id })
        }
        "leave" => {
            let group_instance_id = optional_text(&request["instance_id"]);
            let members = vec![LeavingMember { member_id, group_instance_id, reason: Rc::from("") }];
            Request::LeaveGroup(LeaveGroupRequest { group, members })
        }
        "commit" => {
            let generation = signed(&request["generation_or_epoch"], -1);
            let version = request["api_version"].as_u64();
            Request::OffsetCommit(OffsetCommitRequest {
                group,
                member_id,
                group_instance_id,
                generation_id: Some(generation).filter(|generation| *generation >= 0),
                knows_member_epochs: version.is_none_or(|it| it >= OFFSET_COMMIT_WITH_MEMBER_EPOCH),
                offsets: elements(&request["offsets"]).iter().map(offset).collect(),
            })
        }
        "fetch_offsets" => {
            let epoch = ["member_epoch", "generation_or_epoch"].map(|name| signed(&request[name], -1));
            let member = optional_text(&request["member_id"]);
            Request::OffsetFetch(OffsetFetchRequest {
                group,
                member: member.map(|member_id| (member_id, epoch.into_iter().max().unwrap_or(-1))),
                partitions: Some(partitions(&request["partitions"])),
            })
        }
        "hb" => {
            let names = |list: &Vec<Value>| list.iter().map(|name| Rc::from(text(name))).collect();
            let owned = request["owned"].as_array();
            Request::ConsumerGroupHeartbeat(ConsumerGroupHeartbeatRequest {
                group,
                client_id: optional_text(&request["client_id"]).unwrap_or_else(|| Rc::from("client")),
                client_host,
                member_id,
                member_epoch: signed(&request["member_epoch"], 0),
                instance_id: optional_text(&request["instance_id"]),
                rack_id: optional_text(&request["rack"]).or_else(|| optional_text(&request["rack_id"])),
                rebalance_timeout: optional_millis(&request["rebalance_timeout_ms"]),
                subscribed_topic_names: request["topics"].as_array().map(names),
                server_assignor: optional_text(&request["server_assignor"]),
                topic_partitions: owned
                    .map(|list| list.iter().map(|pair| topics.with_id(&partition(pair))).collect()),
            })
        }
        _ => return Err(format!("no such request: {op}")),
    })
}

fn protocol(protocol: &Value) -> (Rc<str>, Subscription) {
    let topics = elements(&protocol[1]).iter().map(|topic| Rc::from(text(topic))).collect();
    let subscription =
        Subscription { topics, owned_partitions: partitions(&protocol[2]), ..Subscription::default() };
    (Rc::from(text(&protocol[0])), subscription)
}

fn offset(offset: &Value) -> (TopicPartition, OffsetAndMetadata) {
    let committed = OffsetAndMetadata {
        offset: offset[2].as_i64().unwrap_or_default(),
        leader_epoch: None,
        metadata: Rc::from(text(&offset[3])),
    };
    (partition(offset), committed)
}

fn partitions(list: &Value) -> Vec<TopicPartition> {
    elements(list).iter().map(partition).collect()
}

fn partition(pair: &Value) -> TopicPartition {
    let number = pair[1].as_u64().and_then(|number| u32::try_from(number).ok());
    TopicPartition::new(text(&pair[0]), number.unwrap_or_default())
}
