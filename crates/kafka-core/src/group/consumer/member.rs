//! One member of a KIP-848 group: what it said, how far it has come.
//!
//! Mirrors `ConsumerGroupMember` and `MemberState`. Leaves out: the state UNKNOWN, which only a broker that
//! was downgraded meets; subscriptions by regular expression.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use crate::assignor::{ServerAssignor, ServerMember};
use crate::group::record::{
    ClassicMemberMetadata, ConsumerMemberMetadata, CoordinatorRecord, CurrentMemberAssignment,
};
use crate::protocol::{ConsumerGroupHeartbeatRequest, ErrorCode, GroupId, MemberId};
use crate::topic::TopicIdPartition;

/// Where a member stands on the way from its assignment to its target:
///
/// | state | waits until |
/// |---|---|
/// | Stable | there is a new target |
/// | UnrevokedPartitions | it reports that it no longer owns what it has to give up |
/// | UnreleasedPartitions | others have given up what it is to get |
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum MemberState {
    #[default]
    Stable,
    /// A static member that left for a while is no longer waited for: then `pending_revocation` is empty.
    UnrevokedPartitions {
        pending_revocation: BTreeSet<TopicIdPartition>,
    },
    UnreleasedPartitions,
}

impl MemberState {
    pub(super) fn pending_revocation(&self) -> Option<&BTreeSet<TopicIdPartition>> {
        match self {
            Self::UnrevokedPartitions { pending_revocation } => Some(pending_revocation),
            Self::Stable | Self::UnreleasedPartitions => None,
        }
    }
}

/// The constant's name in `MemberState.java`.
impl fmt::Display for MemberState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stable => "STABLE",
            Self::UnrevokedPartitions { .. } => "UNREVOKED_PARTITIONS",
            Self::UnreleasedPartitions => "UNRELEASED_PARTITIONS",
        })
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ConsumerGroupMember {
    pub(super) member_id: MemberId,
    pub(super) metadata: ConsumerMemberMetadata,
    pub(super) current: CurrentMemberAssignment,
}

impl ConsumerGroupMember {
    /// A member that has said nothing yet.
    pub(super) fn new(member_id: MemberId) -> Self {
        Self {
            member_id,
            metadata: ConsumerMemberMetadata::default(),
            current: CurrentMemberAssignment::default(),
        }
    }

    /// A static member that is back under another id: it goes on where the old one stopped.
    pub(super) fn back_as(&self, member_id: MemberId) -> Self {
        let current =
            CurrentMemberAssignment { member_epoch: 0, previous_member_epoch: 0, ..self.current.clone() };
        Self { member_id, metadata: self.metadata.clone(), current }
    }

    pub(super) fn updated_by(
        &self,
        request: &ConsumerGroupHeartbeatRequest,
        server_assignor: Option<ServerAssignor>,
    ) -> Self {
        let known = &self.metadata;
        let names = request.subscribed_topic_names.as_ref();
        let metadata = ConsumerMemberMetadata {
            instance_id: request.instance_id.clone().or_else(|| known.instance_id.clone()),
            rack_id: request.rack_id.clone().or_else(|| known.rack_id.clone()),
            client_id: request.client_id.clone(),
            client_host: request.client_host.clone(),
            subscribed_topic_names: names.map_or_else(
                || known.subscribed_topic_names.clone(),
                |names| names.iter().cloned().collect(),
            ),
            rebalance_timeout: request.rebalance_timeout.unwrap_or(known.rebalance_timeout),
            server_assignor: server_assignor.or(known.server_assignor),
            classic: None,
        };
        Self { metadata, ..self.clone() }
    }

    pub(super) const fn member_epoch(&self) -> i32 {
        self.current.member_epoch
    }

    pub(super) const fn uses_classic_protocol(&self) -> bool {
        self.metadata.classic.is_some()
    }

    pub(super) fn classic(&self) -> Result<&ClassicMemberMetadata, ErrorCode> {
        self.metadata.classic.as_ref().ok_or(ErrorCode::UnknownMemberId)
    }

    pub(super) fn is_reconciled_to(&self, assignment_epoch: i32) -> bool {
        self.current.state == MemberState::Stable && self.current.member_epoch == assignment_epoch
    }

    /// Nobody else may have it: it is assigned to the member, or not revoked yet.
    pub(super) fn holds(&self, partition: &TopicIdPartition) -> bool {
        self.current.assigned_partitions.contains(partition)
            || self.current.state.pending_revocation().is_some_and(|pending| pending.contains(partition))
    }

    /// A member may be an epoch behind when the answer that bumped its epoch was lost.
    pub(super) fn validate_epoch(
        &self,
        received: i32,
        owned: Option<&BTreeSet<TopicIdPartition>>,
    ) -> Result<(), ErrorCode> {
        let is_retry = || {
            received == self.current.previous_member_epoch
                && owned.is_some_and(|owned| owned.is_subset(&self.current.assigned_partitions))
        };
        if received > self.member_epoch() || (received < self.member_epoch() && !is_retry()) {
            return Err(ErrorCode::FencedMemberEpoch);
        }
        Ok(())
    }

    pub(super) fn session_timeout(&self, of_the_group: Duration) -> Duration {
        self.metadata.classic.as_ref().map_or(of_the_group, |classic| classic.session_timeout)
    }

    pub(super) fn as_assignable(&self, target: &BTreeSet<TopicIdPartition>) -> ServerMember {
        ServerMember {
            id: self.member_id.clone(),
            instance_id: self.metadata.instance_id.clone(),
            topics: self.metadata.subscribed_topic_names.clone(),
            target: target.iter().copied().collect(),
        }
    }

    pub(super) fn metadata_record(&self, group: &GroupId) -> CoordinatorRecord {
        CoordinatorRecord::ConsumerGroupMemberMetadata {
            group: group.clone(),
            member: self.member_id.clone(),
            value: Some(self.metadata.clone()),
        }
    }

    pub(super) fn current_assignment_record(&self, group: &GroupId) -> CoordinatorRecord {
        CoordinatorRecord::ConsumerGroupCurrentMemberAssignment {
            group: group.clone(),
            member: self.member_id.clone(),
            value: Some(self.current.clone()),
        }
    }
}
