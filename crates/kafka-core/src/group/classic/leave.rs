//! LeaveGroup: members that say goodbye, and static members that an administrator removes.
//!
//! Mirrors `GroupMetadataManager.classicGroupLeaveToClassicGroup`. Leaves out: nothing known.

use crate::group::LeaveReason;
use crate::group::classic::{ClassicGroup, Phase};
use crate::group::effects::Decision;
use crate::protocol::{ErrorCode, LeaveGroupRequest, LeavingMember, MemberId, MemberLeft};

impl ClassicGroup {
    pub(in crate::group) fn leave(
        &mut self,
        request: &LeaveGroupRequest,
        decision: &mut Decision<'_>,
    ) -> Vec<MemberLeft> {
        let leave = |leaving: &LeavingMember| (leaving.member_id.clone(), self.leave_one(leaving, decision));
        let outcomes: Vec<_> = request.members.iter().map(leave).collect();
        // A pending id counts, too: dropping one rebalances even a Stable group.
        if outcomes.iter().any(|(_, outcome)| outcome.is_ok()) {
            match &self.phase {
                Phase::Empty => {}
                Phase::PreparingRebalance { .. } => self.maybe_complete_join_phase(decision),
                Phase::CompletingRebalance(_) | Phase::Stable(_) => self.prepare_rebalance(decision),
            }
        }
        outcomes
    }

    fn leave_one(&mut self, leaving: &LeavingMember, decision: &mut Decision<'_>) -> Result<(), ErrorCode> {
        let member_id = if leaving.member_id.is_empty() {
            let holder = leaving
                .group_instance_id
                .as_ref()
                .and_then(|instance_id| self.static_members.get(instance_id));
            holder.cloned().ok_or(ErrorCode::UnknownMemberId)?
        } else {
            if !self.pending_join_members.contains(&leaving.member_id) {
                self.validate_member(&leaving.member_id, leaving.group_instance_id.as_deref())?;
            }
            leaving.member_id.clone()
        };
        decision.cancel_timer(self.session_timer(&member_id));
        if let Some(handle) = self.members.get_mut(&member_id).and_then(|member| member.awaiting_join.take())
        {
            decision.respond_join(handle, &MemberId::from(""), Err(ErrorCode::UnknownMemberId));
        }
        self.remove(&member_id, LeaveReason::Left, decision);
        Ok(())
    }
}
