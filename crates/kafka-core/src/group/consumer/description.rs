//! A KIP-848 group as tools show it.
//!
//! Mirrors `ConsumerGroup.asDescribedGroup`. Leaves out: nothing known.

use crate::assignor::ServerTopicMap;
use crate::group::GroupCoordinatorConfig;
use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::member::ConsumerGroupMember;
use crate::group::description::{
    ConsumerGroupDescription, ConsumerMemberDescription, GroupDescription, MemberDescription,
};
use crate::protocol::Subscription;
use crate::time::SimTime;
use crate::topic::{TopicIdPartition, TopicPartition};

impl ConsumerGroup {
    pub(in crate::group) fn describe(
        &self,
        image: &ServerTopicMap,
        config: &GroupCoordinatorConfig,
    ) -> GroupDescription {
        let assignor = self.assignor_votes().preferred().unwrap_or_else(|| config.default_server_assignor());
        GroupDescription {
            state: self.state(),
            generation_id: self.group_epoch,
            protocol_type: Some("consumer".into()),
            protocol: Some(assignor.name().into()),
            leader: None,
            members: self.members().map(|member| self.describe_member(member, image, config)).collect(),
            pending_join_members: Vec::new(),
            pending_sync_members: Vec::new(),
            deadline: None,
            consumer: Some(ConsumerGroupDescription {
                group_epoch: self.group_epoch,
                target_assignment_epoch: self.assignment_epoch,
                assignor,
            }),
        }
    }

    fn describe_member(
        &self,
        member: &ConsumerGroupMember,
        image: &ServerTopicMap,
        config: &GroupCoordinatorConfig,
    ) -> MemberDescription {
        let (metadata, current) = (&member.metadata, &member.current);
        let target = self.target_of(&member.member_id);
        let deadline = |timer| self.timers.get(&timer).map(|scheduled| scheduled.at);
        MemberDescription {
            member_id: member.member_id.clone(),
            group_instance_id: metadata.instance_id.clone(),
            client_id: metadata.client_id.clone(),
            client_host: metadata.client_host.clone(),
            subscription: Subscription {
                topics: metadata.subscribed_topic_names.iter().cloned().collect(),
                rack: metadata.rack_id.clone(),
                ..Subscription::default()
            },
            assignment: named(&current.assigned_partitions, image),
            waits: None,
            session_timeout: metadata
                .classic
                .as_ref()
                .map_or(config.group_consumer_session_timeout, |classic| classic.session_timeout),
            session_deadline: deadline(self.session_timer(&member.member_id)).unwrap_or(SimTime::ZERO),
            consumer: Some(ConsumerMemberDescription {
                rack_id: metadata.rack_id.clone(),
                member_epoch: current.member_epoch,
                previous_member_epoch: current.previous_member_epoch,
                state: current.state.clone(),
                assigned_partitions: current.assigned_partitions.iter().copied().collect(),
                target_assignment: named(&target, image),
                pending_revocation: current
                    .state
                    .pending_revocation()
                    .map_or_else(Vec::new, |pending| named(pending, image)),
                target_partitions: target.into_iter().collect(),
                rebalance_deadline: deadline(self.rebalance_timer(&member.member_id)),
                uses_classic_protocol: member.uses_classic_protocol(),
            }),
        }
    }
}

/// Partitions under the names of their topics, those that exist.
pub(super) fn named<'a>(
    partitions: impl IntoIterator<Item = &'a TopicIdPartition>,
    image: &ServerTopicMap,
) -> Vec<TopicPartition> {
    let name = |wanted: &TopicIdPartition| {
        let (name, _) = image.iter().find(|(_, topic)| topic.id == wanted.topic_id)?;
        Some(TopicPartition::new(name.clone(), wanted.partition))
    };
    let mut named: Vec<_> = partitions.into_iter().filter_map(name).collect();
    named.sort();
    named
}
