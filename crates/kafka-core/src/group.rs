//! The group coordinator of one broker: consumer groups, their offsets, and the requests of their
//! members.
//!
//! Mirrors `GroupCoordinatorService`, `GroupCoordinatorShard` and, in `groups` and `membership`, the outer
//! parts of `GroupMetadataManager`; `classic` is `ClassicGroup`, `consumer` is `ConsumerGroup`, `offsets` is
//! `OffsetMetadataManager`. As in Kafka, a handler decides: it computes records and answers. Offsets,
//! tombstones and KIP-848 groups change only by replay of these records, while a classic group, most of
//! whose state is never written, changes as its handler decides and is only rebuilt by replay. Leaves out:
//! share and streams groups, authorization, one thread per shard; a broker's partitions of
//! `__consumer_offsets` share one state.

mod admin;
mod classic;
mod config;
mod consumer;
mod description;
mod effects;
mod groups;
mod member;
mod members;
mod membership;
mod offsets;
mod record;
mod timeline;
mod transactions;

use std::fmt;

use crate::assignor::ServerTopicMap;
use crate::java_hash::coordinator_partition;
use crate::protocol::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, ErrorCode, GroupId, HeartbeatRequest,
    HeartbeatResponse, JoinGroupRequest, LeaveGroupRequest, LeaveGroupResponse, RequestHandle, Response,
    SyncGroupRequest,
};
use crate::time::SimTime;
pub use config::{ConsumerGroupMigrationPolicy, GroupCoordinatorConfig};
pub use consumer::MemberState;
pub use description::{
    ConsumerGroupDescription, ConsumerMemberDescription, GroupDescription, GroupListing, GroupType,
    MemberDescription, Wait,
};
use effects::Decision;
pub use effects::{Effects, GroupTimer, MemberIdSource};
use groups::{Group, Groups};
pub use offsets::DeletedOffsets;
use offsets::Offsets;
pub use record::{
    ClassicMemberMetadata, ConsumerGroupMetadataValue, ConsumerMemberMetadata, CoordinatorRecord,
    CurrentMemberAssignment, GroupMetadataValue, MemberMetadata, OffsetCommitValue, UnreadableRecord,
};
pub use transactions::LogEntry;
use transactions::PendingOffsets;

/// A group's state, by the name that tools print. Assigning and Reconciling are of KIP-848 groups,
/// PreparingRebalance and CompletingRebalance of classic ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GroupState {
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Assigning,
    Reconciling,
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
    groups: Groups,
    offsets: Offsets,
    pending_offsets: PendingOffsets,
    /// The retention job is armed by the first load.
    checks_retention: bool,
}

impl GroupCoordinator {
    pub const fn new(config: GroupCoordinatorConfig, epoch_ms: i64) -> Self {
        Self {
            config,
            epoch_ms,
            groups: Groups::new(),
            offsets: Offsets::new(),
            pending_offsets: PendingOffsets::new(),
            checks_retention: false,
        }
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
        if request.group.is_empty() {
            decision.respond_join(handle, &request.member_id, Err(ErrorCode::InvalidGroupId));
        } else if !allowed.contains(&request.session_timeout) {
            decision.respond_join(handle, &request.member_id, Err(ErrorCode::InvalidSessionTimeout));
        } else {
            self.groups.join(request, handle, ids, &mut decision);
        }
        decision.effects
    }

    pub fn sync_group(&mut self, now: SimTime, handle: RequestHandle, request: &SyncGroupRequest) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        if request.group.is_empty() {
            decision.respond_sync(handle, Err(ErrorCode::InvalidGroupId));
        } else {
            self.groups.sync(request, handle, &mut decision);
        }
        decision.effects
    }

    pub fn heartbeat(&mut self, now: SimTime, handle: RequestHandle, request: &HeartbeatRequest) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let outcome = if request.group.is_empty() {
            Err(ErrorCode::InvalidGroupId)
        } else {
            self.groups.heartbeat(request, &mut decision)
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
        } else {
            Ok(self.groups.leave(request, &mut decision))
        };
        decision.respond(handle, Response::LeaveGroup(LeaveGroupResponse { outcome }));
        decision.effects
    }

    /// The request's form is checked by [`ConsumerGroupHeartbeatRequest::validate`], before it comes here.
    pub fn consumer_group_heartbeat(
        &mut self,
        now: SimTime,
        handle: RequestHandle,
        request: &ConsumerGroupHeartbeatRequest,
    ) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let outcome = self.groups.consumer_group_heartbeat(request, &mut decision);
        let response = ConsumerGroupHeartbeatResponse { outcome };
        decision.respond(handle, Response::ConsumerGroupHeartbeat(response));
        decision.effects
    }

    /// The cluster's topics have changed. KIP-848 groups notice with the next heartbeat of any member.
    pub fn on_new_metadata_image(&mut self, topics: ServerTopicMap) {
        self.groups.on_new_metadata_image(topics);
    }

    /// A timer that was left to fire after its group or member had gone does nothing.
    pub fn on_timer(&mut self, now: SimTime, timer: &GroupTimer) -> Effects {
        if *timer == GroupTimer::OffsetExpiration {
            return self.expire_offsets(now);
        }
        let mut decision = decide(&self.config, self.epoch_ms, now);
        self.groups.on_timer(timer, &mut decision);
        decision.effects
    }

    /// Applies one record of `__consumer_offsets`.
    pub fn replay(&mut self, record: &CoordinatorRecord) {
        self.groups.replay(record);
        match record {
            CoordinatorRecord::OffsetCommit { group, partition, value: Some(value) } => {
                self.offsets.put(group, partition, value);
            }
            CoordinatorRecord::OffsetCommit { group, partition, value: None } => {
                self.offsets.remove(group, partition);
            }
            CoordinatorRecord::GroupMetadata { .. }
            | CoordinatorRecord::ConsumerGroupMetadata { .. }
            | CoordinatorRecord::ConsumerGroupMemberMetadata { .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMember { .. }
            | CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { .. } => {}
        }
    }

    /// This broker became the leader of a partition of `__consumer_offsets`: its groups are rebuilt
    /// from the log. Restored members have a whole session timeout from now to show themselves.
    pub fn load(
        &mut self,
        now: SimTime,
        partition: u32,
        entries: impl IntoIterator<Item = impl Into<LogEntry>>,
    ) -> Effects {
        for entry in entries {
            match entry.into() {
                LogEntry::Record(record) => self.replay(&record),
                LogEntry::Transactional(producer_id, record) => self.replay_pending(producer_id, record),
                LogEntry::Marker(producer_id, result) => {
                    self.replay_end_of_transaction(partition, producer_id, result);
                }
            }
        }
        let mut decision = decide(&self.config, self.epoch_ms, now);
        for group in self.groups_of(partition) {
            match self.groups.by_id.get_mut(&group) {
                Some(Group::Classic(group)) => group.on_loaded(&mut decision),
                Some(Group::Consumer(group)) => group.on_loaded(&mut decision),
                None => {}
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
            self.pending_offsets.remove_group(&group);
            match self.groups.by_id.remove(&group) {
                Some(Group::Classic(mut group)) => group.on_unloaded(&mut decision),
                Some(Group::Consumer(mut group)) => group.on_unloaded(&mut decision),
                None => {}
            }
        }
        decision.effects
    }

    /// The groups of one partition of `__consumer_offsets`.
    fn groups_of(&self, partition: u32) -> Vec<GroupId> {
        self.groups.by_id.keys().filter(|group| self.partition_for(group) == partition).cloned().collect()
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
