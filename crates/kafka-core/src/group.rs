//! The group coordinator of one broker: consumer groups, their offsets, and the requests of their
//! members.
//!
//! Mirrors `GroupCoordinatorService`, `GroupCoordinatorShard` and the outer parts of
//! `GroupMetadataManager`; `classic` is `ClassicGroup`, `offsets` is `OffsetMetadataManager`. As in
//! Kafka, a handler decides: it computes records and answers. Offsets and tombstones take effect
//! through [`GroupCoordinator::replay`], while a classic group, most of whose state is never written,
//! changes as its handler decides and is only rebuilt by replay. Leaves out: groups of KIP-848, share
//! and streams groups, transactions, authorization, one thread per shard; a broker's partitions of
//! `__consumer_offsets` share one state.

mod admin;
mod classic;
mod config;
mod description;
mod effects;
mod member;
mod members;
mod offsets;
mod record;

use std::collections::BTreeMap;
use std::fmt;

use crate::java_hash::coordinator_partition;
use crate::protocol::{
    ErrorCode, GroupId, HeartbeatRequest, HeartbeatResponse, JoinGroupRequest, LeaveGroupRequest,
    LeaveGroupResponse, MemberId, RequestHandle, Response, SyncGroupRequest,
};
use crate::time::SimTime;
use classic::ClassicGroup;
pub use config::GroupCoordinatorConfig;
pub use description::{GroupDescription, GroupListing, MemberDescription, Wait};
use effects::Decision;
pub use effects::{Effects, GroupTimer, MemberIdSource};
pub use offsets::DeletedOffsets;
use offsets::Offsets;
pub use record::{
    CoordinatorRecord, GroupMetadataValue, MemberMetadata, OffsetCommitValue, UnreadableRecord,
};

/// A classic group's state, by the name that tools print.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GroupState {
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Dead,
}

impl fmt::Display for GroupState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Why a member is no longer in its group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum LeaveReason {
    /// It said goodbye (LeaveGroup), or an administrator removed it.
    Left,
    /// No sign of life for `session.timeout.ms`.
    SessionExpired,
    /// It did not rejoin before the rebalance timeout.
    RebalanceTimeout,
    /// It joined but never synced.
    SyncTimeout,
    /// A newer process with the same `group.instance.id` took its place.
    Replaced,
    /// The group was full when it rejoined.
    GroupMaxSizeReached,
}

/// Why a committed offset is no longer kept.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OffsetRemovalReason {
    /// `offsets.retention.minutes` passed.
    Expired,
    /// An administrator deleted it (OffsetDelete).
    Deleted,
    /// An administrator deleted the group.
    GroupDeleted,
    /// Its topic was deleted.
    TopicDeleted,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupCoordinator {
    config: GroupCoordinatorConfig,
    /// What the wall clock shows when virtual time begins, in milliseconds since the Unix epoch.
    epoch_ms: i64,
    groups: BTreeMap<GroupId, Group>,
    offsets: Offsets,
    /// The retention job is armed by the first load.
    checks_retention: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Group {
    Classic(ClassicGroup),
}

impl GroupCoordinator {
    pub const fn new(config: GroupCoordinatorConfig, epoch_ms: i64) -> Self {
        Self { config, epoch_ms, groups: BTreeMap::new(), offsets: Offsets::new(), checks_retention: false }
    }

    pub const fn config(&self) -> &GroupCoordinatorConfig {
        &self.config
    }

    /// The partition of `__consumer_offsets` whose leader coordinates the group.
    pub fn partition_for(&self, group: &str) -> u32 {
        coordinator_partition(group, self.config.offsets_topic_num_partitions)
    }

    pub fn join_group(
        &mut self,
        now: SimTime,
        ids: &mut impl MemberIdSource,
        handle: RequestHandle,
        request: &JoinGroupRequest,
    ) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let allowed = self.config.group_min_session_timeout..=self.config.group_max_session_timeout;
        let is_new_group = !self.groups.contains_key(&request.group);
        let refusal = if request.group.is_empty() {
            Some(ErrorCode::InvalidGroupId)
        } else if !allowed.contains(&request.session_timeout) {
            Some(ErrorCode::InvalidSessionTimeout)
        } else if is_new_group && !request.member_id.is_empty() {
            Some(ErrorCode::UnknownMemberId)
        } else {
            None
        };
        if let Some(error) = refusal {
            decision.respond_join(handle, &request.member_id, Err(error));
            return decision.effects;
        }
        let timestamp = decision.timestamp;
        let create = || Group::Classic(ClassicGroup::new(request.group.clone(), timestamp));
        let Group::Classic(group) = self.groups.entry(request.group.clone()).or_insert_with(create);
        group.join(request, handle, ids, &mut decision);
        if is_new_group && decision.effects.records.is_empty() {
            decision.effects.records.push(group.empty_metadata_record());
        }
        decision.effects
    }

    pub fn sync_group(&mut self, now: SimTime, handle: RequestHandle, request: &SyncGroupRequest) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        if request.group.is_empty() {
            decision.respond_sync(handle, Err(ErrorCode::InvalidGroupId));
        } else if let Some(Group::Classic(group)) = self.groups.get_mut(&request.group) {
            group.sync(request, handle, &mut decision);
        } else {
            decision.respond_sync(handle, Err(ErrorCode::UnknownMemberId));
        }
        decision.effects
    }

    pub fn heartbeat(&mut self, now: SimTime, handle: RequestHandle, request: &HeartbeatRequest) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let outcome = if request.group.is_empty() {
            Err(ErrorCode::InvalidGroupId)
        } else if let Some(Group::Classic(group)) = self.groups.get_mut(&request.group) {
            group.heartbeat(request, &mut decision)
        } else {
            Err(ErrorCode::UnknownMemberId)
        };
        decision.respond(handle, Response::Heartbeat(HeartbeatResponse { outcome }));
        decision.effects
    }

    pub fn leave_group(
        &mut self,
        now: SimTime,
        handle: RequestHandle,
        request: &LeaveGroupRequest,
    ) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let outcome = if request.group.is_empty() {
            Err(ErrorCode::InvalidGroupId)
        } else if let Some(Group::Classic(group)) = self.groups.get_mut(&request.group) {
            Ok(group.leave(request, &mut decision))
        } else {
            let unknown = |member_id: &MemberId| (member_id.clone(), Err(ErrorCode::UnknownMemberId));
            Ok(request.members.iter().map(|leaving| unknown(&leaving.member_id)).collect())
        };
        decision.respond(handle, Response::LeaveGroup(LeaveGroupResponse { outcome }));
        decision.effects
    }

    /// A timer that was left to fire after its group or member had gone does nothing.
    pub fn on_timer(&mut self, now: SimTime, timer: &GroupTimer) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        match timer {
            GroupTimer::Join { group } => {
                if let Some(Group::Classic(group)) = self.groups.get_mut(group) {
                    group.on_join_timer(&mut decision);
                }
            }
            GroupTimer::Sync { group } => {
                if let Some(Group::Classic(group)) = self.groups.get_mut(group) {
                    group.on_sync_timer(&mut decision);
                }
            }
            GroupTimer::Session { group, member } => {
                if let Some(Group::Classic(group)) = self.groups.get_mut(group) {
                    group.on_session_timer(member, &mut decision);
                }
            }
            GroupTimer::OffsetExpiration => return self.expire_offsets(now),
        }
        decision.effects
    }

    /// Applies one record of `__consumer_offsets`.
    pub fn replay(&mut self, record: &CoordinatorRecord) {
        match record {
            CoordinatorRecord::OffsetCommit { group, partition, value: Some(value) } => {
                // Offsets without group metadata belong to a simple group: one that nobody joins.
                let create = || Group::Classic(ClassicGroup::new(group.clone(), value.commit_timestamp));
                self.groups.entry(group.clone()).or_insert_with(create);
                self.offsets.put(group, partition, value);
            }
            CoordinatorRecord::OffsetCommit { group, partition, value: None } => {
                self.offsets.remove(group, partition);
            }
            CoordinatorRecord::GroupMetadata { group, value: Some(value) } => {
                let restored = ClassicGroup::restored(group.clone(), value);
                self.groups.insert(group.clone(), Group::Classic(restored));
            }
            CoordinatorRecord::GroupMetadata { group, value: None } => {
                self.groups.remove(group);
            }
        }
    }

    /// This broker became the leader of a partition of `__consumer_offsets`: its groups are rebuilt
    /// from the log. Restored members have a whole session timeout from now to show themselves.
    pub fn load(
        &mut self,
        now: SimTime,
        partition: u32,
        records: impl IntoIterator<Item = CoordinatorRecord>,
    ) -> Effects {
        for record in records {
            self.replay(&record);
        }
        let mut decision = decide(&self.config, self.epoch_ms, now);
        for group in self.groups_of(partition) {
            if let Some(Group::Classic(group)) = self.groups.get_mut(&group) {
                group.on_loaded(&mut decision);
            }
        }
        if !self.checks_retention {
            self.checks_retention = true;
            decision.set_timer(GroupTimer::OffsetExpiration, self.config.offsets_retention_check_interval);
        }
        decision.effects
    }

    /// This broker stops leading a partition of `__consumer_offsets`: it forgets its groups.
    pub fn unload(&mut self, now: SimTime, partition: u32) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        for group in self.groups_of(partition) {
            self.offsets.remove_group(&group);
            if let Some(Group::Classic(mut group)) = self.groups.remove(&group) {
                group.on_unloaded(&mut decision);
            }
        }
        decision.effects
    }

    /// The groups of one partition of `__consumer_offsets`.
    fn groups_of(&self, partition: u32) -> Vec<GroupId> {
        self.groups.keys().filter(|group| self.partition_for(group) == partition).cloned().collect()
    }

    /// Records of a decision that takes effect by replay.
    fn replay_all(&mut self, records: &[CoordinatorRecord]) {
        for record in records {
            self.replay(record);
        }
    }
}

const fn decide(config: &GroupCoordinatorConfig, epoch_ms: i64, now: SimTime) -> Decision<'_> {
    let timestamp = epoch_ms + now.as_millis().cast_signed();
    Decision { config, now, timestamp, effects: Effects::NONE }
}
