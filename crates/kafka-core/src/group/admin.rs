//! What administrators ask of a coordinator: which groups there are, how one stands, and to delete one.
//!
//! Mirrors `GroupMetadataManager.listGroups` and `describeGroups`, `GroupCoordinatorShard.deleteGroups`.
//! Leaves out: filters.

use crate::event::Event;
use crate::group::classic::ClassicGroup;
use crate::group::effects::Decision;
use crate::group::{
    CoordinatorRecord, Effects, Group, GroupCoordinator, GroupDescription, GroupListing, GroupState,
    OffsetRemovalReason, decide,
};
use crate::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use crate::protocol::{ErrorCode, GroupId};
use crate::time::SimTime;

impl GroupCoordinator {
    /// All groups, in the order in which tools print them. A coordinator lists them in the order of a hash
    /// map of its own, but the admin client gathers the answers of all brokers in a `HashMap` by group id,
    /// and its order is what one sees: whoever asks several coordinators must gather again.
    pub fn groups(&self) -> Vec<GroupListing> {
        let in_order = iteration_order(self.groups.iter(), DEFAULT_CAPACITY, |(group, _)| group.java_hash());
        let listing = |(group, Group::Classic(classic)): (&GroupId, &Group)| GroupListing {
            group: group.clone(),
            state: classic.state(),
            protocol_type: classic.protocol_type().cloned(),
        };
        in_order.into_iter().map(listing).collect()
    }

    /// `None` for a group that does not exist; old brokers called such a group Dead.
    pub fn describe(&self, group: &str) -> Option<GroupDescription> {
        self.groups.get(group).map(|Group::Classic(group)| group.describe())
    }

    /// DeleteGroups for one group: only one without members goes, with its offsets.
    pub fn delete_group(&mut self, now: SimTime, group: &GroupId) -> Result<Effects, ErrorCode> {
        let Group::Classic(classic) = self.groups.get(group).ok_or(ErrorCode::GroupIdNotFound)?;
        classic.validate_delete()?;
        let mut decision = decide(&self.config, self.epoch_ms, now);
        for (partition, _) in self.offsets.of(group) {
            decision.remove_offset(group, partition, OffsetRemovalReason::GroupDeleted);
        }
        decision.remove_group(group, classic);
        let effects = decision.effects;
        self.replay_all(&effects.records);
        Ok(effects)
    }
}

impl Decision<'_> {
    /// The group must be Empty.
    pub(super) fn remove_group(&mut self, group: &GroupId, classic: &ClassicGroup) {
        self.effects.records.push(CoordinatorRecord::GroupMetadata { group: group.clone(), value: None });
        self.emit(Event::GroupStateChanged {
            group: group.clone(),
            from: classic.state(),
            to: GroupState::Dead,
            generation: classic.generation_id(),
        });
    }
}
