//! A KIP-848 group: its members, its three epochs, and who is to own what.
//!
//! Mirrors `ConsumerGroup` and `ModernGroup`; what requests and timers do to it, `GroupMetadataManager` in
//! Kafka, is in `heartbeat`, `leave` and `classic_members`. A handler computes records and an answer; only
//! [`ConsumerGroup::replay`] changes the group. Leaves out: subscriptions by regular expression, settings
//! per group, and what 4.2 and later changed.

mod assignor_votes;
mod classic_members;
mod conversion;
mod current_assignment;
mod description;
mod heartbeat;
mod leave;
mod member;
mod offsets;
mod subscription;
mod target_assignment;
mod timers;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::group::GroupState;
use crate::group::effects::GroupTimer;
use crate::group::record::{ConsumerGroupMetadataValue, CoordinatorRecord, CurrentMemberAssignment};
use crate::group::timeline::TimelineOrder;
use crate::protocol::{ErrorCode, GroupId, MemberId};
use crate::topic::{TopicIdPartition, TopicName};
use member::ConsumerGroupMember;
pub use member::MemberState;
use timers::Scheduled;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ConsumerGroup {
    id: GroupId,
    /// Counts what changes the target: members, subscriptions, the metadata of subscribed topics.
    group_epoch: i32,
    metadata_hash: i64,
    /// The group epoch that the target was computed for.
    assignment_epoch: i32,
    /// The keys of `members`.
    order: TimelineOrder,
    members: BTreeMap<MemberId, ConsumerGroupMember>,
    /// `group.instance.id` to the member that holds it.
    static_members: BTreeMap<Rc<str>, MemberId>,
    target_assignment: BTreeMap<MemberId, BTreeSet<TopicIdPartition>>,
    /// Subscribed topics may have changed: the next heartbeat of anyone looks. Not in the log.
    needs_metadata_refresh: bool,
    /// What is set for this group's members. Not in the log.
    timers: BTreeMap<GroupTimer, Scheduled>,
}

impl ConsumerGroup {
    pub(super) fn new(id: GroupId) -> Self {
        Self {
            id,
            group_epoch: 0,
            metadata_hash: 0,
            assignment_epoch: 0,
            order: TimelineOrder::new(),
            members: BTreeMap::new(),
            static_members: BTreeMap::new(),
            target_assignment: BTreeMap::new(),
            needs_metadata_refresh: true,
            timers: BTreeMap::new(),
        }
    }

    /// | state | when |
    /// |---|---|
    /// | Empty | it has no members |
    /// | Assigning | there is no target for the group epoch yet |
    /// | Reconciling | some member has not reached the target |
    /// | Stable | every member has |
    pub(super) fn state(&self) -> GroupState {
        if self.members.is_empty() {
            GroupState::Empty
        } else if self.group_epoch > self.assignment_epoch {
            GroupState::Assigning
        } else if self.members.values().all(|member| member.is_reconciled_to(self.assignment_epoch)) {
            GroupState::Stable
        } else {
            GroupState::Reconciling
        }
    }

    pub(super) const fn group_epoch(&self) -> i32 {
        self.group_epoch
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(super) fn is_subscribed_to(&self, topic: &str) -> bool {
        self.members.values().any(|member| member.metadata.subscribed_topic_names.contains(topic))
    }

    /// The metadata of these topics changed.
    pub(super) fn on_topics_changed(&mut self, topics: &BTreeSet<TopicName>) {
        if topics.iter().any(|topic| self.is_subscribed_to(topic)) {
            self.needs_metadata_refresh = true;
        }
    }

    pub(super) fn replay(&mut self, record: &CoordinatorRecord) {
        match record {
            CoordinatorRecord::ConsumerGroupMetadata { value: Some(value), .. } => {
                self.group_epoch = value.epoch;
                self.metadata_hash = value.metadata_hash;
            }
            CoordinatorRecord::ConsumerGroupMemberMetadata { member, value: Some(value), .. } => {
                if let Some(instance_id) = &value.instance_id {
                    self.static_members.insert(instance_id.clone(), member.clone());
                }
                self.member_entry(member).metadata = value.clone();
            }
            CoordinatorRecord::ConsumerGroupMemberMetadata { member, value: None, .. } => {
                if self.members.remove(member).is_some() {
                    self.order.remove(member);
                }
                self.static_members.retain(|_, holder| holder != member);
            }
            CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { value, .. } => {
                self.assignment_epoch = value.unwrap_or(-1);
            }
            CoordinatorRecord::ConsumerGroupTargetAssignmentMember { member, value: Some(value), .. } => {
                self.target_assignment.insert(member.clone(), value.clone());
            }
            CoordinatorRecord::ConsumerGroupTargetAssignmentMember { member, value: None, .. } => {
                self.target_assignment.remove(member);
            }
            CoordinatorRecord::ConsumerGroupCurrentMemberAssignment {
                member, value: Some(value), ..
            } => {
                self.member_entry(member).current = value.clone();
            }
            CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { member, value: None, .. } => {
                if let Some(member) = self.members.get_mut(member) {
                    member.current = CurrentMemberAssignment::default();
                }
            }
            CoordinatorRecord::ConsumerGroupMetadata { value: None, .. }
            | CoordinatorRecord::OffsetCommit { .. }
            | CoordinatorRecord::GroupMetadata { .. } => {}
        }
    }

    fn member_entry(&mut self, member_id: &MemberId) -> &mut ConsumerGroupMember {
        let order = &mut self.order;
        self.members.entry(member_id.clone()).or_insert_with(|| {
            order.push(member_id.clone());
            ConsumerGroupMember::new(member_id.clone())
        })
    }

    /// In the order of the coordinator's map.
    fn members(&self) -> impl Iterator<Item = &ConsumerGroupMember> {
        self.order.iter().map(|member_id| &self.members[member_id])
    }

    fn num_members(&self) -> u64 {
        self.members.len() as u64
    }

    fn member(&self, member_id: &str) -> Result<&ConsumerGroupMember, ErrorCode> {
        self.members.get(member_id).ok_or(ErrorCode::UnknownMemberId)
    }

    fn static_member(&self, instance_id: &str) -> Option<&ConsumerGroupMember> {
        self.members.get(self.static_members.get(instance_id)?)
    }

    /// The static member that holds the instance id, if the member's id is its own.
    fn validated_static_member(
        &self,
        member_id: &str,
        instance_id: &str,
    ) -> Result<&ConsumerGroupMember, ErrorCode> {
        let holder = self.static_member(instance_id).ok_or(ErrorCode::UnknownMemberId)?;
        if *holder.member_id == *member_id { Ok(holder) } else { Err(ErrorCode::FencedInstanceId) }
    }

    fn validated_member(
        &self,
        member_id: &str,
        instance_id: Option<&str>,
    ) -> Result<&ConsumerGroupMember, ErrorCode> {
        match instance_id {
            Some(instance_id) => self.validated_static_member(member_id, instance_id),
            None => self.member(member_id),
        }
    }

    fn target_of(&self, member_id: &str) -> BTreeSet<TopicIdPartition> {
        self.target_assignment.get(member_id).cloned().unwrap_or_default()
    }

    fn is_held(&self, partition: &TopicIdPartition) -> bool {
        self.members.values().any(|member| member.holds(partition))
    }

    fn epoch_record(&self, epoch: i32, metadata_hash: i64) -> CoordinatorRecord {
        let value = ConsumerGroupMetadataValue { epoch, metadata_hash };
        CoordinatorRecord::ConsumerGroupMetadata { group: self.id.clone(), value: Some(value) }
    }

    /// Forgets a member in the log. Its assignment goes first, so that whoever reads half of it does not see a
    /// member without metadata own partitions.
    fn member_tombstones(&self, member: &MemberId) -> [CoordinatorRecord; 3] {
        let (group, member) = (self.id.clone(), member.clone());
        [
            CoordinatorRecord::ConsumerGroupCurrentMemberAssignment {
                group: group.clone(),
                member: member.clone(),
                value: None,
            },
            CoordinatorRecord::ConsumerGroupTargetAssignmentMember {
                group: group.clone(),
                member: member.clone(),
                value: None,
            },
            CoordinatorRecord::ConsumerGroupMemberMetadata { group, member, value: None },
        ]
    }

    /// Forgets the whole group in the log.
    pub(super) fn tombstones(&self) -> Vec<CoordinatorRecord> {
        let ids: Vec<MemberId> = self.members().map(|member| member.member_id.clone()).collect();
        self.tombstones_of(&ids)
    }

    /// The group's tombstones, when its members in the log are these.
    fn tombstones_of(&self, members: &[MemberId]) -> Vec<CoordinatorRecord> {
        let per_member: Vec<_> = members.iter().map(|member| self.member_tombstones(member)).collect();
        let nth = |index: usize| per_member.iter().map(move |records| records[index].clone());
        let group = || self.id.clone();
        let mut records: Vec<_> = nth(0).chain(nth(1)).collect();
        records
            .push(CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { group: group(), value: None });
        records.extend(nth(2));
        records.push(CoordinatorRecord::ConsumerGroupMetadata { group: group(), value: None });
        records
    }
}
