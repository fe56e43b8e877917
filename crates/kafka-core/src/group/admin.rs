//! What administrators ask of a coordinator: which groups there are, how one stands, and to delete one.
//!
//! Mirrors `GroupMetadataManager.listGroups`, `describeGroups` and `consumerGroupDescribe`,
//! `GroupCoordinatorShard.deleteGroups`.
//! Leaves out: filters.

use crate::event::Event;
use crate::group::effects::Decision;
use crate::group::groups::Group;
use crate::group::{
    Effects, GroupCoordinator, GroupDescription, GroupListing, GroupState, OffsetRemovalReason, decide,
};
use crate::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use crate::protocol::{ErrorCode, GroupId};
use crate::time::SimTime;

impl GroupCoordinator {
    /// All groups, in the order in which tools print them. A coordinator lists them in the order of a hash
    /// map of its own, but the admin client gathers the answers of all brokers in a `HashMap` by group id,
    /// and its order is what one sees: whoever asks several coordinators must gather again.
    pub fn groups(&self) -> Vec<GroupListing> {
        let in_order =
            iteration_order(self.groups.by_id.iter(), DEFAULT_CAPACITY, |(group, _)| group.java_hash());
        let listing = |(id, group): (&GroupId, &Group)| GroupListing {
            group: id.clone(),
            state: group.state(),
            protocol_type: match group {
                Group::Classic(group) => group.protocol_type().cloned(),
                Group::Consumer(_) => Some("consumer".into()),
            },
            group_type: group.group_type(),
        };
        in_order.into_iter().map(listing).collect()
    }

    /// `None` for a group that does not exist; old brokers called such a group Dead.
    pub fn describe(&self, group: &str) -> Option<GroupDescription> {
        self.groups.get(group).map(|group| group.describe(&self.groups.image, &self.config))
    }

    /// DeleteGroups for one group: only one without members goes, with its offsets.
    pub fn delete_group(&mut self, now: SimTime, group: &GroupId) -> Result<Effects, ErrorCode> {
        let found = self.groups.get(group).ok_or(ErrorCode::GroupIdNotFound)?;
        found.validate_delete()?;
        let mut decision = decide(&self.config, self.epoch_ms, now);
        for (partition, _) in self.offsets.of(group) {
            decision.remove_offset(group, partition, OffsetRemovalReason::GroupDeleted);
        }
        decision.remove_group(group, found);
        let effects = decision.effects;
        self.replay_all(&effects.records);
        Ok(effects)
    }
}

impl Decision<'_> {
    /// The group must be Empty.
    pub(super) fn remove_group(&mut self, id: &GroupId, group: &Group) {
        self.effects.records.extend(group.tombstones(id));
        self.emit(Event::GroupStateChanged {
            group: id.clone(),
            from: group.state(),
            to: GroupState::Dead,
            generation: group.epoch(),
        });
    }
}
