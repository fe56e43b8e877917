//! All groups of a coordinator, of either protocol, beside the metadata of the cluster's topics.
//!
//! Mirrors the maps of `GroupMetadataManager`, its `replay` methods and `onNewMetadataImage`. Leaves out:
//! share and streams groups.

use std::collections::{BTreeMap, BTreeSet};

use crate::assignor::ServerTopicMap;
use crate::event::Event;
use crate::group::classic::{ClassicGroup, OffsetExpirationCondition};
use crate::group::consumer::ConsumerGroup;
use crate::group::effects::Decision;
use crate::group::{CoordinatorRecord, GroupCoordinatorConfig, GroupDescription, GroupState, GroupType};
use crate::protocol::{ConsumerGroupMetadata, ErrorCode, GroupId, MemberId, OffsetCommitRequest};
use crate::topic::TopicName;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Group {
    Classic(ClassicGroup),
    Consumer(ConsumerGroup),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Groups {
    pub(super) by_id: BTreeMap<GroupId, Group>,
    pub(super) image: ServerTopicMap,
}

impl Group {
    pub(super) fn group_type(&self) -> GroupType {
        match self {
            Self::Classic(_) => GroupType::Classic,
            Self::Consumer(_) => GroupType::Consumer,
        }
    }

    pub(super) fn state(&self) -> GroupState {
        match self {
            Self::Classic(group) => group.state(),
            Self::Consumer(group) => group.state(),
        }
    }

    /// The generation of a classic group, the group epoch of a KIP-848 group.
    pub(super) const fn epoch(&self) -> i32 {
        match self {
            Self::Classic(group) => group.generation_id(),
            Self::Consumer(group) => group.group_epoch(),
        }
    }

    pub(super) fn describe(
        &self,
        image: &ServerTopicMap,
        config: &GroupCoordinatorConfig,
    ) -> GroupDescription {
        match self {
            Self::Classic(group) => group.describe(),
            Self::Consumer(group) => group.describe(image, config),
        }
    }

    pub(super) fn is_subscribed_to(&self, topic: &str) -> bool {
        match self {
            Self::Classic(group) => group.is_subscribed_to(topic),
            Self::Consumer(group) => group.is_subscribed_to(topic),
        }
    }

    pub(super) fn validate_offset_commit(&self, request: &OffsetCommitRequest) -> Result<(), ErrorCode> {
        match self {
            Self::Classic(group) => group.validate_offset_commit(request),
            Self::Consumer(group) => group.validate_offset_commit(request),
        }
    }

    pub(super) fn validate_txn_offset_commit(&self, member: &ConsumerGroupMetadata) -> Result<(), ErrorCode> {
        match self {
            Self::Classic(group) => group.validate_txn_offset_commit(member),
            Self::Consumer(group) => group.validate_txn_offset_commit(member),
        }
    }

    /// A classic group answers whoever asks.
    pub(super) fn validate_offset_fetch(&self, member: Option<&(MemberId, i32)>) -> Result<(), ErrorCode> {
        match self {
            Self::Classic(_) => Ok(()),
            Self::Consumer(group) => group.validate_offset_fetch(member),
        }
    }

    pub(super) fn validate_offset_delete(&self) -> Result<(), ErrorCode> {
        match self {
            Self::Classic(group) => group.validate_offset_delete(),
            Self::Consumer(_) => Ok(()),
        }
    }

    pub(super) fn validate_delete(&self) -> Result<(), ErrorCode> {
        match self {
            Self::Classic(group) => group.validate_delete(),
            Self::Consumer(group) => group.validate_delete(),
        }
    }

    pub(super) fn offset_expiration_condition(&self) -> OffsetExpirationCondition {
        match self {
            Self::Classic(group) => group.offset_expiration_condition(),
            Self::Consumer(_) => OffsetExpirationCondition::SinceCommit,
        }
    }

    /// What ends the group in the log.
    pub(super) fn tombstones(&self, id: &GroupId) -> Vec<CoordinatorRecord> {
        match self {
            Self::Classic(_) => vec![CoordinatorRecord::GroupMetadata { group: id.clone(), value: None }],
            Self::Consumer(group) => group.tombstones(),
        }
    }
}

impl Groups {
    pub(super) const fn new() -> Self {
        Self { by_id: BTreeMap::new(), image: ServerTopicMap::new() }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Group> {
        self.by_id.get(id)
    }

    pub(super) fn classic_mut(&mut self, id: &str) -> Option<&mut ClassicGroup> {
        match self.by_id.get_mut(id)? {
            Group::Classic(group) => Some(group),
            Group::Consumer(_) => None,
        }
    }

    pub(super) fn consumer_mut(&mut self, id: &str) -> Option<&mut ConsumerGroup> {
        match self.by_id.get_mut(id)? {
            Group::Classic(_) => None,
            Group::Consumer(group) => Some(group),
        }
    }

    /// The metadata of the cluster's topics has changed; groups look at it with their next heartbeat.
    pub(super) fn on_new_metadata_image(&mut self, image: ServerTopicMap) {
        let old = std::mem::replace(&mut self.image, image);
        let names: BTreeSet<&TopicName> = old.keys().chain(self.image.keys()).collect();
        let changed: BTreeSet<TopicName> =
            names.into_iter().filter(|name| old.get(*name) != self.image.get(*name)).cloned().collect();
        for group in self.by_id.values_mut() {
            match group {
                Group::Classic(_) => {}
                Group::Consumer(group) => group.on_topics_changed(&changed),
            }
        }
    }

    /// A group of which only offsets are known: one that nobody joins.
    pub(super) fn ensure_exists(&mut self, id: &GroupId, timestamp: i64) {
        let create = || Group::Classic(ClassicGroup::new(id.clone(), timestamp));
        self.by_id.entry(id.clone()).or_insert_with(create);
    }

    pub(super) fn replay(&mut self, record: &CoordinatorRecord) {
        let id = record.group();
        match record {
            CoordinatorRecord::OffsetCommit { value: Some(value), .. } => {
                self.ensure_exists(id, value.commit_timestamp);
            }
            CoordinatorRecord::OffsetCommit { value: None, .. } => {}
            CoordinatorRecord::GroupMetadata { value: Some(value), .. } => {
                let restored = ClassicGroup::restored(id.clone(), value);
                self.by_id.insert(id.clone(), Group::Classic(restored));
            }
            // In the log, the end of the classic group comes before the beginning of the other one.
            CoordinatorRecord::GroupMetadata { value: None, .. } => {
                if self.classic_mut(id).is_some() {
                    self.by_id.remove(id);
                }
            }
            CoordinatorRecord::ConsumerGroupMetadata { value: None, .. } => {
                if self.consumer_mut(id).is_some() {
                    self.by_id.remove(id);
                }
            }
            CoordinatorRecord::ConsumerGroupMetadata { value: Some(_), .. }
            | CoordinatorRecord::ConsumerGroupMemberMetadata { value: Some(_), .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { value: Some(_), .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMember { value: Some(_), .. }
            | CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { value: Some(_), .. } => {
                // A simple group, made for offsets that came before, gives way.
                if self.consumer_mut(id).is_none() {
                    self.by_id.insert(id.clone(), Group::Consumer(ConsumerGroup::new(id.clone())));
                }
                if let Some(group) = self.consumer_mut(id) {
                    group.replay(record);
                }
            }
            CoordinatorRecord::ConsumerGroupMemberMetadata { value: None, .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { value: None, .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMember { value: None, .. }
            | CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { value: None, .. } => {
                if let Some(group) = self.consumer_mut(id) {
                    group.replay(record);
                }
            }
        }
    }

    /// Writes records and lets them take effect.
    pub(super) fn commit(&mut self, records: Vec<CoordinatorRecord>, decision: &mut Decision<'_>) {
        for record in &records {
            self.replay(record);
        }
        decision.effects.records.extend(records);
    }

    /// What a change that goes by records does to the state of a group.
    pub(super) fn observe(&self, id: &str) -> Observed {
        let group = self.get(id);
        Observed {
            state: group.map_or(GroupState::Empty, Group::state),
            epoch: group.map_or(0, Group::epoch),
        }
    }

    pub(super) fn emit_change(&self, id: &GroupId, before: Observed, decision: &mut Decision<'_>) {
        let after = self.observe(id);
        if after != before {
            decision.emit(Event::GroupStateChanged {
                group: id.clone(),
                from: before.state,
                to: after.state,
                generation: after.epoch,
            });
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Observed {
    state: GroupState,
    epoch: i32,
}
