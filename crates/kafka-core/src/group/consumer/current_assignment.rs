//! One step of a member towards its target: first it gives up, then it gets.
//!
//! Mirrors `CurrentAssignmentBuilder` of Kafka 4.1. Leaves out: nothing known. (Kafka 4.2 also revokes at
//! once what a member no longer subscribes to.)

use std::collections::BTreeSet;

use crate::group::consumer::member::{ConsumerGroupMember, MemberState};
use crate::group::record::CurrentMemberAssignment;
use crate::topic::TopicIdPartition;

pub(super) struct CurrentAssignmentBuilder<'a, H> {
    pub(super) member: &'a ConsumerGroupMember,
    pub(super) target_epoch: i32,
    pub(super) target: &'a BTreeSet<TopicIdPartition>,
    /// Whether some member holds a partition, be it only until it has revoked it.
    pub(super) is_held: H,
    /// What the member says it owns, if it says so.
    pub(super) owned: Option<&'a BTreeSet<TopicIdPartition>>,
}

impl<H: Fn(&TopicIdPartition) -> bool> CurrentAssignmentBuilder<'_, H> {
    pub(super) fn build(&self) -> CurrentMemberAssignment {
        let current = &self.member.current;
        match &current.state {
            MemberState::Stable if current.member_epoch == self.target_epoch => current.clone(),
            MemberState::Stable | MemberState::UnreleasedPartitions => {
                self.compute_next_assignment(current.member_epoch)
            }
            MemberState::UnrevokedPartitions { pending_revocation } => {
                if self.may_own_any_of(pending_revocation) {
                    current.clone()
                } else {
                    self.compute_next_assignment(current.member_epoch + 1)
                }
            }
        }
    }

    fn may_own_any_of(&self, partitions: &BTreeSet<TopicIdPartition>) -> bool {
        self.owned.is_none_or(|owned| !owned.is_disjoint(partitions))
    }

    fn compute_next_assignment(&self, member_epoch: i32) -> CurrentMemberAssignment {
        let assigned = &self.member.current.assigned_partitions;
        let kept: BTreeSet<_> = assigned.intersection(self.target).copied().collect();
        let to_revoke: BTreeSet<_> = assigned.difference(self.target).copied().collect();
        if !to_revoke.is_empty() && self.may_own_any_of(&to_revoke) {
            let state = MemberState::UnrevokedPartitions { pending_revocation: to_revoke };
            return self.step(member_epoch, state, kept);
        }
        let missing = self.target.difference(assigned).copied();
        let (unreleased, free): (BTreeSet<_>, BTreeSet<_>) = missing.partition(&self.is_held);
        let state =
            if unreleased.is_empty() { MemberState::Stable } else { MemberState::UnreleasedPartitions };
        self.step(self.target_epoch, state, &kept | &free)
    }

    fn step(
        &self,
        member_epoch: i32,
        state: MemberState,
        assigned_partitions: BTreeSet<TopicIdPartition>,
    ) -> CurrentMemberAssignment {
        let previous_member_epoch = self.member.current.member_epoch;
        CurrentMemberAssignment { member_epoch, previous_member_epoch, state, assigned_partitions }
    }
}
