//! SyncGroup and Heartbeat: the leader hands in the assignment, members fetch it and stay alive.
//!
//! Mirrors `GroupMetadataManager.classicGroupSyncToClassicGroup` and `classicGroupHeartbeatToClassicGroup`.
//! Leaves out: a failed write of the assignment.

use crate::group::classic::{ClassicGroup, Phase};
use crate::group::effects::Decision;
use crate::protocol::{ErrorCode, HeartbeatRequest, MemberId, RequestHandle, SyncGroupRequest};

impl ClassicGroup {
    pub(in crate::group) fn sync(
        &mut self,
        request: &SyncGroupRequest,
        handle: RequestHandle,
        decision: &mut Decision<'_>,
    ) {
        if let Err(error) = self.validate_sync(request) {
            decision.respond_sync(handle, Err(error));
            return;
        }
        match &self.phase {
            Phase::Empty => decision.respond_sync(handle, Err(ErrorCode::UnknownMemberId)),
            Phase::PreparingRebalance { .. } => {
                decision.respond_sync(handle, Err(ErrorCode::RebalanceInProgress));
            }
            Phase::CompletingRebalance(_) => {
                self.member_mut(&request.member_id).awaiting_sync = Some(handle);
                self.remove_pending_sync(&request.member_id, decision);
                if self.is_leader(&request.member_id) {
                    self.store_assignment(request, decision);
                }
            }
            Phase::Stable(_) => {
                self.remove_pending_sync(&request.member_id, decision);
                let assignment = self.member_mut(&request.member_id).assignment.clone();
                decision.respond_sync(handle, Ok(assignment));
            }
        }
    }

    fn validate_sync(&self, request: &SyncGroupRequest) -> Result<(), ErrorCode> {
        if matches!(self.phase, Phase::Empty) {
            return Err(ErrorCode::UnknownMemberId);
        }
        self.validate_member(&request.member_id, request.group_instance_id.as_deref())?;
        if request.generation_id != self.generation_id {
            return Err(ErrorCode::IllegalGeneration);
        }
        let differs = |asked: Option<&str>, current: Option<&str>| {
            asked.zip(current).is_some_and(|(asked, current)| asked != current)
        };
        if differs(request.protocol_type.as_deref(), self.protocol_type.as_deref())
            || differs(request.protocol.as_deref(), self.protocol.as_deref())
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        Ok(())
    }

    fn remove_pending_sync(&mut self, member_id: &MemberId, decision: &mut Decision<'_>) {
        let Some(pending) = self.phase.pending_sync_mut() else { return };
        pending.members.remove(member_id);
        if pending.members.is_empty() && pending.deadline.take().is_some() {
            decision.cancel_timer(self.sync_timer());
        }
    }

    /// The leader's assignment is written, then everybody who waits for it is answered. Members that the
    /// leader did not mention get nothing.
    fn store_assignment(&mut self, request: &SyncGroupRequest, decision: &mut Decision<'_>) {
        for member in self.members.iter_mut() {
            let assigned = request.assignments.iter().rfind(|(member_id, _)| *member_id == member.member_id);
            member.assignment = assigned.map(|(_, partitions)| partitions.clone()).unwrap_or_default();
        }
        decision.effects.records.push(self.metadata_record());
        self.answer_syncs(Ok(()), decision);
        if let Some(pending) = self.phase.pending_sync_mut() {
            let pending = std::mem::take(pending);
            self.transition_to(Phase::Stable(pending), decision);
        }
    }

    /// A rebalance begins before the leader has synced: nobody has an assignment any more.
    pub(super) fn cancel_assignment(&mut self, decision: &mut Decision<'_>) {
        for member in self.members.iter_mut() {
            member.assignment.clear();
        }
        self.answer_syncs(Err(ErrorCode::RebalanceInProgress), decision);
    }

    fn answer_syncs(&mut self, outcome: Result<(), ErrorCode>, decision: &mut Decision<'_>) {
        let member_ids: Vec<_> = self.members.ids().cloned().collect();
        for member_id in member_ids {
            let member = self.member_mut(&member_id);
            if let Some(handle) = member.awaiting_sync.take() {
                let assignment = outcome.map(|()| member.assignment.clone());
                decision.respond_sync(handle, assignment);
                // A session that ran out while its member was parked was forgiven, and nothing watches it
                // any more.
                self.show_life(&member_id, decision);
            }
        }
    }

    pub(in crate::group) fn heartbeat(
        &mut self,
        request: &HeartbeatRequest,
        decision: &mut Decision<'_>,
    ) -> Result<(), ErrorCode> {
        self.validate_member(&request.member_id, request.group_instance_id.as_deref())?;
        if request.generation_id != self.generation_id {
            return Err(ErrorCode::IllegalGeneration);
        }
        let outcome = match &self.phase {
            Phase::Empty => return Err(ErrorCode::UnknownMemberId),
            Phase::PreparingRebalance { .. } => Err(ErrorCode::RebalanceInProgress),
            // Consumers heartbeat from the JoinGroup response on, before the leader has synced.
            Phase::CompletingRebalance(_) | Phase::Stable(_) => Ok(()),
        };
        self.show_life(&request.member_id, decision);
        outcome
    }

    pub(super) fn show_life(&mut self, member_id: &MemberId, decision: &mut Decision<'_>) {
        let session_timeout = self.member_mut(member_id).session_timeout;
        self.reset_session(member_id, session_timeout, decision);
    }
}
