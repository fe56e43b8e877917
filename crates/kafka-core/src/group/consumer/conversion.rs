//! A classic group that becomes a KIP-848 group and back, with its members (KIP-848, online migration).
//!
//! Mirrors `ConsumerGroup.fromClassicGroup`, `ClassicGroup.fromConsumerGroup` and what decides on them in
//! `GroupMetadataManager`. Leaves out: user data of custom assignors, which forbids an upgrade.

use std::rc::Rc;

use crate::assignor::ServerTopicMap;
use crate::group::GroupCoordinatorConfig;
use crate::group::classic::ClassicGroup;
use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::classic_members::{ClassicJoin, with_ids};
use crate::group::consumer::description::named;
use crate::group::consumer::member::{ConsumerGroupMember, MemberState};
use crate::group::effects::Decision;
use crate::group::member::Member;
use crate::group::record::{
    ClassicMemberMetadata, ConsumerMemberMetadata, CoordinatorRecord, CurrentMemberAssignment,
};
use crate::protocol::{GroupId, MemberId};
use crate::time::SimTime;
use crate::topic::TopicPartition;

impl ConsumerGroup {
    /// Every member is where the last generation left it. `protocol` is the one in use.
    pub(in crate::group) fn from_classic(
        id: &GroupId,
        classic: &ClassicGroup,
        protocol: &Rc<str>,
        image: &ServerTopicMap,
    ) -> Self {
        let mut group = Self::new(id.clone());
        let epoch = classic.generation_id();
        let members: Vec<_> =
            classic.members().map(|member| converted(member, protocol, epoch, image)).collect();
        // What the leader knew of the topics is lost, so that the heartbeat that brought this about finds the
        // metadata changed and bumps the epoch, even one of a static member that only changes its protocol.
        for record in group.creation_records(&members, epoch, 0) {
            group.replay(&record);
        }
        group
    }

    /// What has to be written so that a group that was converted is in the log.
    pub(in crate::group) fn records_of_conversion(&self) -> Vec<CoordinatorRecord> {
        let members: Vec<_> = self.members().cloned().collect();
        self.creation_records(&members, self.group_epoch, self.metadata_hash)
    }

    fn creation_records(
        &self,
        members: &[ConsumerGroupMember],
        epoch: i32,
        metadata_hash: i64,
    ) -> Vec<CoordinatorRecord> {
        let mut records: Vec<_> = members.iter().map(|member| member.metadata_record(&self.id)).collect();
        records.push(self.epoch_record(epoch, metadata_hash));
        let targets = members.iter();
        records.extend(
            targets.map(|it| self.target_record(&it.member_id, it.current.assigned_partitions.clone())),
        );
        records.push(CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata {
            group: self.id.clone(),
            value: Some(epoch),
        });
        records.extend(members.iter().map(|member| member.current_assignment_record(&self.id)));
        records
    }

    pub(in crate::group) fn start_classic_sessions(&mut self, decision: &mut Decision<'_>) {
        let members: Vec<_> = self.members().cloned().collect();
        for member in members {
            let timeout = member.session_timeout(decision.config.group_consumer_session_timeout);
            self.schedule(Self::session_timer, &member, timeout, decision);
        }
    }

    /// Without these members, only classic ones are left.
    pub(in crate::group) fn may_downgrade_without(
        &self,
        leaving: &[MemberId],
        config: &GroupCoordinatorConfig,
    ) -> bool {
        let remaining = || self.members_except(leaving);
        let count = remaining().count() as u64;
        count > 0
            && remaining().all(ConsumerGroupMember::uses_classic_protocol)
            && config.group_consumer_migration_policy.is_downgrade_enabled()
            && count <= u64::from(config.group_max_size)
    }

    /// The classic group of those who stay, and the records that end this one.
    pub(in crate::group) fn to_classic(
        &self,
        leaving: &[MemberId],
        image: &ServerTopicMap,
        timestamp: i64,
    ) -> (ClassicGroup, Vec<CoordinatorRecord>) {
        let members = self.members_except(leaving);
        let members = members.map(|member| self.as_classic(member, &member.member_id, image)).collect();
        (ClassicGroup::converted(self.id.clone(), self.group_epoch, members, timestamp), self.tombstones())
    }

    /// The same, when a classic static member has taken the place of the last one of the consumer protocol.
    /// True when the group has to rebalance for it.
    pub(in crate::group) fn to_classic_with(
        &self,
        join: ClassicJoin,
        image: &ServerTopicMap,
        timestamp: i64,
    ) -> (ClassicGroup, Vec<CoordinatorRecord>, bool) {
        let ClassicJoin { update, has_new_subscription, .. } = join;
        let old_id = update.replaced.as_ref().unwrap_or(&update.after.member_id);
        let gone = [old_id.clone()];
        let members = self.members_except(&gone);
        let mut members: Vec<_> =
            members.map(|member| self.as_classic(member, &member.member_id, image)).collect();
        members.push(self.as_classic(&update.after, old_id, image));

        let new_id = &update.after.member_id;
        let in_log: Vec<_> = self
            .members()
            .map(|it| if it.member_id == *old_id { new_id.clone() } else { it.member_id.clone() })
            .collect();
        let mut records = update.records;
        records.extend(self.tombstones_of(&in_log));
        let classic = ClassicGroup::converted(self.id.clone(), self.group_epoch, members, timestamp);
        (classic, records, has_new_subscription)
    }

    fn as_classic(
        &self,
        member: &ConsumerGroupMember,
        holder_of_target: &MemberId,
        image: &ServerTopicMap,
    ) -> Member {
        let metadata = &member.metadata;
        let classic = metadata.classic.clone().expect("only classic members stay in a downgrade");
        Member {
            member_id: member.member_id.clone(),
            group_instance_id: metadata.instance_id.clone(),
            client_id: metadata.client_id.clone(),
            client_host: metadata.client_host.clone(),
            rebalance_timeout: metadata.rebalance_timeout,
            session_timeout: classic.session_timeout,
            protocols: classic.supported_protocols,
            assignment: named(&self.target_of(holder_of_target), image),
            awaiting_join: None,
            awaiting_sync: None,
            is_new: false,
            session_deadline: SimTime::ZERO,
        }
    }
}

fn converted(member: &Member, protocol: &Rc<str>, epoch: i32, image: &ServerTopicMap) -> ConsumerGroupMember {
    let subscription = member.subscription(protocol);
    let assignment: &[TopicPartition] = &member.assignment;
    ConsumerGroupMember {
        member_id: member.member_id.clone(),
        metadata: ConsumerMemberMetadata {
            instance_id: member.group_instance_id.clone(),
            rack_id: subscription.rack.clone().filter(|rack| !rack.is_empty()),
            client_id: member.client_id.clone(),
            client_host: member.client_host.clone(),
            subscribed_topic_names: subscription.topics.iter().cloned().collect(),
            rebalance_timeout: member.rebalance_timeout,
            server_assignor: None,
            classic: Some(ClassicMemberMetadata {
                session_timeout: member.session_timeout,
                supported_protocols: member.protocols.clone(),
            }),
        },
        current: CurrentMemberAssignment {
            member_epoch: epoch,
            previous_member_epoch: epoch,
            state: MemberState::Stable,
            assigned_partitions: with_ids(assignment, image),
        },
    }
}
