//! How members go: by a goodbye, for a while, or because a timer ran out.
//!
//! Mirrors `GroupMetadataManager.consumerGroupLeave`, `consumerGroupFenceMembers` and the operations of the
//! timers. Leaves out: nothing known.

use crate::assignor::ServerTopicMap;
use crate::group::LeaveReason;
use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::member::{ConsumerGroupMember, MemberState};
use crate::group::consumer::subscription::metadata_hash;
use crate::group::effects::{Decision, GroupTimer};
use crate::group::record::CoordinatorRecord;
use crate::protocol::{ConsumerGroupHeartbeatRequest, ErrorCode, MemberId};

impl ConsumerGroup {
    /// Who it is that leaves.
    pub(in crate::group) fn leaving_member(
        &self,
        request: &ConsumerGroupHeartbeatRequest,
    ) -> Result<MemberId, ErrorCode> {
        let member = self.validated_member(&request.member_id, request.instance_id.as_deref())?;
        Ok(member.member_id.clone())
    }

    /// A static member goes and means to be back before its session ends, so it keeps its assignment.
    pub(in crate::group) fn leave_for_a_while(&self, member_id: &MemberId) -> Vec<CoordinatorRecord> {
        let Ok(member) = self.member(member_id) else { return Vec::new() };
        let mut current = member.current.clone();
        current.member_epoch = ConsumerGroupHeartbeatRequest::LEAVE_GROUP_STATIC_MEMBER_EPOCH;
        if let MemberState::UnrevokedPartitions { pending_revocation } = &mut current.state {
            pending_revocation.clear();
        }
        vec![ConsumerGroupMember { current, ..member.clone() }.current_assignment_record(&self.id)]
    }

    /// The members are out and what they held is free; the next heartbeat of anyone finds a new target.
    pub(in crate::group) fn fence(
        &mut self,
        members: &[MemberId],
        image: &ServerTopicMap,
        decision: &mut Decision<'_>,
    ) -> Vec<CoordinatorRecord> {
        let mut records: Vec<_> =
            members.iter().flat_map(|member_id| self.member_tombstones(member_id)).collect();
        let hash = metadata_hash(self.members_except(members), image);
        records.push(self.epoch_record(self.group_epoch + 1, hash));
        for member_id in members {
            self.cancel_all(member_id, decision);
        }
        records
    }

    /// A timer fired: who has to go, and why.
    pub(in crate::group) fn on_timer(&mut self, timer: &GroupTimer) -> Option<(MemberId, LeaveReason)> {
        let scheduled = self.timers.remove(timer)?;
        let (member_id, reason) = match timer {
            GroupTimer::ConsumerSession { member, .. } => (member, LeaveReason::SessionExpired),
            GroupTimer::ConsumerRebalance { member, .. } | GroupTimer::ConsumerJoin { member, .. } => {
                (member, LeaveReason::RebalanceTimeout)
            }
            GroupTimer::ConsumerSync { member, .. } => (member, LeaveReason::SyncTimeout),
            GroupTimer::Join { .. }
            | GroupTimer::Sync { .. }
            | GroupTimer::Session { .. }
            | GroupTimer::OffsetExpiration => return None,
        };
        let member = self.members.get(member_id)?;
        let is_void = matches!(timer, GroupTimer::ConsumerRebalance { .. })
            && member.member_epoch() != scheduled.member_epoch;
        (!is_void).then(|| (member_id.clone(), reason))
    }
}
