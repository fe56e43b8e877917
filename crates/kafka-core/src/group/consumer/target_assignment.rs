//! The target: what the assignor gives to every member for one group epoch.
//!
//! Mirrors `TargetAssignmentBuilder` and `GroupMetadataManager.updateTargetAssignment`. Leaves out: the order
//! of topics that share a bucket in Java's map of a member's target; the delay and the other thread of 4.3.

use std::collections::BTreeSet;

use crate::assignor::{ServerMember, ServerTopicMap};
use crate::group::GroupCoordinatorConfig;
use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::assignor_votes::AssignorVotes;
use crate::group::consumer::heartbeat::Update;
use crate::group::record::CoordinatorRecord;
use crate::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use crate::protocol::MemberId;
use crate::topic::TopicIdPartition;

/// The epoch of the target that a member has to follow, and its part of it.
pub(super) struct Target {
    pub(super) epoch: i32,
    pub(super) partitions: BTreeSet<TopicIdPartition>,
}

impl ConsumerGroup {
    /// Computes the target when the group epoch is ahead of it.
    pub(super) fn update_target_assignment(
        &self,
        update: &mut Update,
        group_epoch: i32,
        image: &ServerTopicMap,
        config: &GroupCoordinatorConfig,
    ) -> Target {
        if group_epoch <= self.assignment_epoch {
            let partitions = self.target_of(self.holder_of_target(update));
            return Target { epoch: self.assignment_epoch, partitions };
        }
        let mut votes = self.assignor_votes();
        votes.change(update.before.metadata.server_assignor, update.after.metadata.server_assignor);
        let assignor = votes.preferred().unwrap_or_else(|| config.default_server_assignor());
        let members = self.assignable_members(update);
        let mut target = assignor.assign(image, &members);

        let mut partitions = BTreeSet::new();
        for member in iteration_order(&members, DEFAULT_CAPACITY, |member| member.id.java_hash()) {
            let new: BTreeSet<_> = target.remove(&member.id).unwrap_or_default().into_iter().collect();
            if member.id == update.after.member_id {
                partitions.clone_from(&new);
            }
            if self.target_assignment.get(&member.id) != Some(&new) {
                update.records.push(self.target_record(&member.id, new));
            }
        }
        update.records.push(CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata {
            group: self.id.clone(),
            value: Some(group_epoch),
        });
        Target { epoch: group_epoch, partitions }
    }

    pub(super) fn assignor_votes(&self) -> AssignorVotes {
        AssignorVotes::count(self.members.values().filter_map(|member| member.metadata.server_assignor))
    }

    pub(super) fn target_record(
        &self,
        member: &MemberId,
        partitions: BTreeSet<TopicIdPartition>,
    ) -> CoordinatorRecord {
        CoordinatorRecord::ConsumerGroupTargetAssignmentMember {
            group: self.id.clone(),
            member: member.clone(),
            value: Some(partitions),
        }
    }

    /// A static member that is back is known by the id that it had.
    fn holder_of_target<'a>(&'a self, update: &'a Update) -> &'a MemberId {
        let instance_id = update.after.metadata.instance_id.as_ref();
        instance_id.and_then(|id| self.static_members.get(id)).unwrap_or(&update.after.member_id)
    }

    /// The members in the order in which Kafka fills the assignor's `HashMap`.
    fn assignable_members(&self, update: &Update) -> Vec<ServerMember> {
        let after = &update.after;
        let updated = after.as_assignable(&self.target_of(self.holder_of_target(update)));
        let mut members = Vec::new();
        for member in self.members_except(update.replaced.as_slice()) {
            if member.member_id == after.member_id {
                members.push(updated.clone());
            } else {
                members.push(member.as_assignable(&self.target_of(&member.member_id)));
            }
        }
        if !self.members.contains_key(&after.member_id) {
            members.push(updated);
        }
        members
    }
}
