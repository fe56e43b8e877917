//! The model's group and its topics, as the recording tells them.

use std::collections::BTreeMap;

use kafka_core::assignor::{ServerTopic, ServerTopicMap};
use kafka_core::group::{GroupDescription, MemberState, Wait};
use kafka_core::topic::{TopicId, TopicIdPartition, TopicPartition};
use serde_json::{Value, json};

use super::json::{number, small, text};
use crate::conform::fields;

/// The topics of a scenario. One keeps its id when it is deleted, and gets it again when it comes back.
pub(super) struct Topics {
    ids: BTreeMap<String, TopicId>,
    partitions: BTreeMap<String, u32>,
}

impl Topics {
    pub(super) fn new(scenario: &Value) -> Result<Self, String> {
        let mut topics = Self { ids: BTreeMap::new(), partitions: BTreeMap::new() };
        for (name, id) in scenario["topic_ids"].as_object().into_iter().flatten() {
            topics.ids.insert(name.clone(), fields::topic_id(text(id))?);
        }
        for (name, partitions) in scenario["topics"].as_object().into_iter().flatten() {
            topics.change(name, partitions)?;
        }
        Ok(topics)
    }

    /// Creates or grows a topic; without partitions, it is deleted.
    pub(super) fn change(&mut self, name: &str, partitions: &Value) -> Result<(), String> {
        match small(number(partitions).ok_or_else(|| format!("{name} has no number of partitions"))?)? {
            0 => self.partitions.remove(name),
            partitions => self.partitions.insert(name.to_owned(), partitions),
        };
        // A topic whose id was not recorded gets one of its own.
        let made_up = TopicId { most_significant_bits: 0, least_significant_bits: self.ids.len() as u64 };
        self.ids.entry(name.to_owned()).or_insert(made_up);
        Ok(())
    }

    pub(super) fn image(&self) -> ServerTopicMap {
        let topic = |(name, partitions): (&String, &u32)| {
            (name.as_str().into(), ServerTopic { id: self.ids[name], partitions: *partitions })
        };
        self.partitions.iter().map(topic).collect()
    }

    /// A topic that nobody has heard of has no id, so it gets one that no other has.
    pub(super) fn with_id(&self, partition: &TopicPartition) -> TopicIdPartition {
        let unknown = TopicId { most_significant_bits: u64::MAX, least_significant_bits: u64::MAX };
        let topic_id = self.ids.get(&*partition.topic).copied().unwrap_or(unknown);
        TopicIdPartition { topic_id, partition: partition.partition }
    }

    pub(super) fn pairs<'a>(&self, partitions: impl IntoIterator<Item = &'a TopicIdPartition>) -> Value {
        let name = |id: TopicId| {
            let known = self.ids.iter().find(|(_, known)| **known == id);
            known.map_or_else(|| id.to_string(), |(name, _)| name.clone())
        };
        partitions.into_iter().map(|it| json!([name(it.topic_id), it.partition])).collect()
    }
}

pub(super) fn state(group: &GroupDescription, topics: &Topics) -> Value {
    let Some(consumer) = &group.consumer else { return classic_state(group) };
    let mut members = serde_json::Map::new();
    for member in &group.members {
        let Some(modern) = &member.consumer else { continue };
        let pending = match &modern.state {
            MemberState::UnrevokedPartitions { pending_revocation } => topics.pairs(pending_revocation),
            MemberState::Stable | MemberState::UnreleasedPartitions => json!([]),
        };
        members.insert(
            member.member_id.to_string(),
            json!({
                "epoch": modern.member_epoch,
                "previous_epoch": modern.previous_member_epoch,
                "state": modern.state.to_string(),
                "assigned": topics.pairs(&modern.assigned_partitions),
                "pending_revocation": pending,
                "target": topics.pairs(&modern.target_partitions),
            }),
        );
    }
    json!({
        "type": "consumer",
        "state": group.state.to_string(),
        "group_epoch": consumer.group_epoch,
        "assignment_epoch": consumer.target_assignment_epoch,
        "members": members,
    })
}

fn classic_state(group: &GroupDescription) -> Value {
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

/// How the recording tells that a timer changed the group.
pub(super) fn summary(group: Option<&GroupDescription>) -> String {
    let Some(group) = group else { return String::new() };
    let (state, members) = (group.state, group.members.len());
    match &group.consumer {
        Some(consumer) => {
            let target = consumer.target_assignment_epoch;
            format!("{state}/epoch{}/target{target}/members{members}", consumer.group_epoch)
        }
        None => format!("{state}/gen{}/members{members}", group.generation_id),
    }
}
