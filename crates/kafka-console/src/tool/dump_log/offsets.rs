//! The records of `__consumer_offsets` as JSON.
//!
//! Mirrors `DumpLogSegments.OffsetsMessageParser` and the JSON converters of the messages, field by field. Leaves out: the
//! classic part of a member of a migrated group.

use std::collections::BTreeSet;

use kafka_core::assignor::ServerAssignor;
use kafka_core::group::{
    ConsumerGroupMetadataValue, ConsumerMemberMetadata, CoordinatorRecord, CurrentMemberAssignment,
    GroupMetadataValue, MemberMetadata, MemberState, OffsetCommitValue,
};
use kafka_core::record::Record;
use kafka_core::topic::{TopicIdPartition, TopicPartition};

use crate::json::Json;

/// The key and the value as texts.
pub(super) fn decode(offset: i64, record: &Record) -> (Option<String>, Option<String>) {
    let key = record.key.as_deref().unwrap_or_default();
    match CoordinatorRecord::decode(key, record.value.as_deref()) {
        Ok(decoded) => {
            let (kind, key, value) = fields(&decoded);
            let key = object([("type", text(&kind.to_string())), ("data", key)]);
            let payload = value.map_or("<DELETE>".to_owned(), |(version, data)| {
                object([("version", text(&version.to_string())), ("data", data)]).to_string()
            });
            (Some(key.to_string()), Some(payload))
        }
        Err(error) => (Some(format!("Error at offset {offset}, skipping. {error:?}")), None),
    }
}

/// The key's type, the key, and the value with its version.
fn fields(record: &CoordinatorRecord) -> (i16, Json, Option<(i16, Json)>) {
    let group_id = |group: &str| object([("groupId", text(group))]);
    let member_key =
        |group: &str, member: &str| object([("groupId", text(group)), ("memberId", text(member))]);
    match record {
        CoordinatorRecord::OffsetCommit { group, partition, value } => {
            let key = object([
                ("group", text(group)),
                ("topic", text(&partition.topic)),
                ("partition", Json::Number(partition.partition.into())),
            ]);
            (1, key, value.as_ref().map(|value| (3, offset_commit(value))))
        }
        CoordinatorRecord::GroupMetadata { group, value } => {
            let key = object([("group", text(group))]);
            (2, key, value.as_ref().map(|value| (3, group_metadata(value))))
        }
        CoordinatorRecord::ConsumerGroupMetadata { group, value } => {
            (3, group_id(group), value.as_ref().map(|value| (0, consumer_group(value))))
        }
        CoordinatorRecord::ConsumerGroupMemberMetadata { group, member, value } => {
            (5, member_key(group, member), value.as_ref().map(|value| (0, consumer_member(value))))
        }
        CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { group, value } => {
            let epoch = |epoch: i32| object([("assignmentEpoch", Json::Number(epoch.into()))]);
            (6, group_id(group), value.map(|value| (0, epoch(value))))
        }
        CoordinatorRecord::ConsumerGroupTargetAssignmentMember { group, member, value } => {
            let target = |value| object([("topicPartitions", by_topic_id(value))]);
            (7, member_key(group, member), value.as_ref().map(|value| (0, target(value))))
        }
        CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { group, member, value } => {
            (8, member_key(group, member), value.as_ref().map(|value| (0, current_assignment(value))))
        }
    }
}

fn offset_commit(value: &OffsetCommitValue) -> Json {
    object([
        ("offset", Json::Number(value.offset.offset)),
        ("leaderEpoch", Json::Number(value.offset.leader_epoch.unwrap_or(-1).into())),
        ("metadata", text(&value.offset.metadata)),
        ("commitTimestamp", Json::Number(value.commit_timestamp)),
    ])
}

fn group_metadata(value: &GroupMetadataValue) -> Json {
    object([
        ("protocolType", text(&value.protocol_type)),
        ("generation", Json::Number(value.generation.into())),
        ("protocol", nullable(value.protocol.as_deref())),
        ("leader", nullable(value.leader.as_deref())),
        ("currentStateTimestamp", Json::Number(value.current_state_timestamp.unwrap_or(-1))),
        ("members", Json::List(value.members.iter().map(classic_member).collect())),
    ])
}

fn classic_member(member: &MemberMetadata) -> Json {
    let mut owned = member.subscription.owned_partitions.clone();
    owned.sort();
    let topics = member.subscription.topics.iter().map(|topic| text(topic)).collect();
    let subscription = object([
        ("topics", Json::List(topics)),
        ("userData", Json::Null),
        ("ownedPartitions", by_topic(&owned)),
        ("generationId", Json::Number(member.subscription.generation.unwrap_or(-1).into())),
        ("rackId", nullable(member.subscription.rack.as_deref())),
    ]);
    let assignment = object([("assignedPartitions", by_topic(&member.assignment)), ("userData", Json::Null)]);
    object([
        ("memberId", text(&member.member_id)),
        ("groupInstanceId", nullable(member.group_instance_id.as_deref())),
        ("clientId", text(&member.client_id)),
        ("clientHost", text(&member.client_host)),
        ("rebalanceTimeout", Json::Number(member.rebalance_timeout.as_millis() as i64)),
        ("sessionTimeout", Json::Number(member.session_timeout.as_millis() as i64)),
        ("subscription", subscription),
        ("assignment", assignment),
    ])
}

fn consumer_group(value: &ConsumerGroupMetadataValue) -> Json {
    let mut fields = vec![("epoch".to_owned(), Json::Number(value.epoch.into()))];
    if value.metadata_hash != 0 {
        fields.push(("metadataHash".to_owned(), Json::Number(value.metadata_hash)));
    }
    Json::Object(fields)
}

fn consumer_member(value: &ConsumerMemberMetadata) -> Json {
    let topics = value.subscribed_topic_names.iter().map(|topic| text(topic)).collect();
    object([
        ("instanceId", nullable(value.instance_id.as_deref())),
        ("rackId", nullable(value.rack_id.as_deref())),
        ("clientId", text(&value.client_id)),
        ("clientHost", text(&value.client_host)),
        ("subscribedTopicNames", Json::List(topics)),
        ("subscribedTopicRegex", text("")),
        ("rebalanceTimeoutMs", Json::Number(value.rebalance_timeout.as_millis() as i64)),
        ("serverAssignor", nullable(value.server_assignor.map(ServerAssignor::name))),
    ])
}

fn current_assignment(value: &CurrentMemberAssignment) -> Json {
    let none = BTreeSet::new();
    let (state, pending) = match &value.state {
        MemberState::Stable => (0, &none),
        MemberState::UnrevokedPartitions { pending_revocation } => (1, pending_revocation),
        MemberState::UnreleasedPartitions => (2, &none),
    };
    object([
        ("memberEpoch", Json::Number(value.member_epoch.into())),
        ("previousMemberEpoch", Json::Number(value.previous_member_epoch.into())),
        ("state", Json::Number(state)),
        ("assignedPartitions", by_topic_id(&value.assigned_partitions)),
        ("partitionsPendingRevocation", by_topic_id(pending)),
    ])
}

fn by_topic(partitions: &[TopicPartition]) -> Json {
    let topics = partitions.chunk_by(|one, other| one.topic == other.topic);
    let entry = |chunk: &[TopicPartition]| {
        let numbers = chunk.iter().map(|one| Json::Number(one.partition.into())).collect();
        object([("topic", text(&chunk[0].topic)), ("partitions", Json::List(numbers))])
    };
    Json::List(topics.map(entry).collect())
}

fn by_topic_id(partitions: &BTreeSet<TopicIdPartition>) -> Json {
    let partitions: Vec<_> = partitions.iter().copied().collect();
    let topics = partitions.chunk_by(|one, other| one.topic_id == other.topic_id);
    let entry = |chunk: &[TopicIdPartition]| {
        let numbers = chunk.iter().map(|one| Json::Number(one.partition.into())).collect();
        object([("topicId", text(&chunk[0].topic_id.to_string())), ("partitions", Json::List(numbers))])
    };
    Json::List(topics.map(entry).collect())
}

fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
    Json::Object(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

fn text(value: &str) -> Json {
    Json::Text(value.to_owned())
}

fn nullable(value: Option<&str>) -> Json {
    value.map_or(Json::Null, text)
}
