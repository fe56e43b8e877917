//! The join phase of a rebalance: how it starts, how long it waits, how it ends; and the three timers.
//!
//! Mirrors `GroupMetadataManager.prepareRebalance`, `tryCompleteInitialRebalanceElseSchedule`,
//! `completeClassicGroupJoin`, `expireClassicGroupMemberHeartbeat` and `expirePendingSync`. Leaves out:
//! nothing known.

use std::rc::Rc;

use crate::group::LeaveReason;
use crate::group::classic::{ClassicGroup, JoinWait, PendingSync, Phase};
use crate::group::effects::{Decision, GroupTimer};
use crate::group::member::Member;
use crate::protocol::{ErrorCode, MemberId};

impl ClassicGroup {
    pub(super) fn maybe_prepare_rebalance_or_complete_join(&mut self, decision: &mut Decision<'_>) {
        match &self.phase {
            Phase::Empty | Phase::CompletingRebalance(_) | Phase::Stable(_) => {
                self.prepare_rebalance(decision);
            }
            Phase::PreparingRebalance { .. } => self.maybe_complete_join_phase(decision),
        }
    }

    pub(super) fn prepare_rebalance(&mut self, decision: &mut Decision<'_>) {
        if matches!(self.phase, Phase::CompletingRebalance(_)) {
            self.cancel_assignment(decision);
        }
        decision.cancel_timer(self.sync_timer());
        let rebalance_timeout = self.rebalance_timeout();
        if matches!(self.phase, Phase::Empty) {
            let delay = decision.config.group_initial_rebalance_delay;
            let wait = JoinWait::Initial { delay, remaining: rebalance_timeout.saturating_sub(delay) };
            let deadline = decision.set_timer(self.join_timer(), delay);
            self.transition_to(Phase::PreparingRebalance { wait, deadline }, decision);
            return;
        }
        let deadline = decision.now + rebalance_timeout;
        self.transition_to(Phase::PreparingRebalance { wait: JoinWait::Rejoin, deadline }, decision);
        if self.has_all_members_joined() {
            self.complete_join(decision);
        } else {
            decision.set_timer(self.join_timer(), rebalance_timeout);
        }
    }

    /// An initial rebalance is never cut short by a newcomer, even when all known members are there.
    pub(super) fn maybe_complete_join_phase(&mut self, decision: &mut Decision<'_>) {
        let waits_for_members =
            matches!(self.phase, Phase::PreparingRebalance { wait: JoinWait::Rejoin, .. });
        if waits_for_members && self.has_all_members_joined() {
            self.complete_join(decision);
        }
    }

    /// The next generation begins with those who are parked, and with absent static members.
    fn complete_join(&mut self, decision: &mut Decision<'_>) {
        decision.cancel_timer(self.join_timer());
        let is_late = |member: &&Member| !member.is_awaiting_join() && !member.is_static();
        let late: Vec<_> =
            self.members.iter().filter(is_late).map(|member| member.member_id.clone()).collect();
        for member_id in late {
            self.remove(&member_id, LeaveReason::RebalanceTimeout, decision);
            decision.cancel_timer(self.session_timer(&member_id));
        }
        if !self.members.is_empty() && !self.elect_joined_leader() {
            // Only absent static members are left: wait until their sessions expire.
            let deadline = decision.set_timer(self.join_timer(), self.rebalance_timeout());
            self.phase = Phase::PreparingRebalance { wait: JoinWait::Rejoin, deadline };
            return;
        }
        self.generation_id += 1;
        if self.members.is_empty() {
            self.protocol = None;
            self.subscribed_topics = self.compute_subscribed_topics();
            self.transition_to(Phase::Empty, decision);
            decision.effects.records.push(self.metadata_record());
        } else {
            self.protocol = Some(self.select_protocol());
            self.subscribed_topics = self.compute_subscribed_topics();
            self.begin_sync_phase(decision);
        }
    }

    fn begin_sync_phase(&mut self, decision: &mut Decision<'_>) {
        let members: Vec<MemberId> = self.members.ids().cloned().collect();
        let deadline = decision.set_timer(self.sync_timer(), self.rebalance_timeout());
        let pending = PendingSync { members: members.iter().cloned().collect(), deadline: Some(deadline) };
        self.transition_to(Phase::CompletingRebalance(pending), decision);
        for member_id in members {
            let member = self.member_mut(&member_id);
            member.is_new = false;
            let session_timeout = member.session_timeout;
            if let Some(handle) = member.awaiting_join.take() {
                decision.respond_join(handle, &member_id, Ok(self.joined_generation(&member_id, false)));
            }
            self.reset_session(&member_id, session_timeout, decision);
        }
    }

    /// A leader that has not joined loses its role to the first member, in `HashMap` order, that has.
    fn elect_joined_leader(&mut self) -> bool {
        let has_joined = |id: &Rc<str>| self.members.get(id).is_some_and(Member::is_awaiting_join);
        if !self.leader.as_ref().is_some_and(has_joined) {
            let Some(joined) = self.members.iter().find(|member| member.is_awaiting_join()) else {
                return false;
            };
            self.leader = Some(joined.member_id.clone());
        }
        true
    }

    pub(in crate::group) fn on_join_timer(&mut self, decision: &mut Decision<'_>) {
        let Phase::PreparingRebalance { wait, .. } = &self.phase else { return };
        match *wait {
            JoinWait::Initial { delay, remaining } if self.new_member_added && !remaining.is_zero() => {
                self.new_member_added = false;
                let next_delay = decision.config.group_initial_rebalance_delay.min(remaining);
                let wait =
                    JoinWait::Initial { delay: next_delay, remaining: remaining.saturating_sub(delay) };
                let deadline = decision.set_timer(self.join_timer(), next_delay);
                self.phase = Phase::PreparingRebalance { wait, deadline };
            }
            JoinWait::Initial { .. } | JoinWait::Rejoin => self.complete_join(decision),
        }
    }

    pub(in crate::group) fn on_sync_timer(&mut self, decision: &mut Decision<'_>) {
        let Some(pending) = self.phase.pending_sync_mut() else { return };
        let missing = std::mem::take(&mut pending.members);
        if missing.is_empty() {
            return;
        }
        for member_id in missing {
            self.remove(&member_id, LeaveReason::SyncTimeout, decision);
            decision.cancel_timer(self.session_timer(&member_id));
        }
        self.prepare_rebalance(decision);
    }

    pub(in crate::group) fn on_session_timer(&mut self, member_id: &MemberId, decision: &mut Decision<'_>) {
        if self.pending_join_members.contains(member_id) {
            self.remove(member_id, LeaveReason::SessionExpired, decision);
            self.complete_join_without(decision);
            return;
        }
        let Some(member) = self.members.get_mut(member_id) else { return };
        if member.has_satisfied_heartbeat() {
            return;
        }
        if let Some(handle) = member.awaiting_join.take() {
            decision.respond_join(handle, &MemberId::from(""), Err(ErrorCode::UnknownMemberId));
        }
        self.remove(member_id, LeaveReason::SessionExpired, decision);
        match &self.phase {
            Phase::Empty => {}
            Phase::PreparingRebalance { .. } => self.complete_join_without(decision),
            Phase::CompletingRebalance(_) | Phase::Stable(_) => self.prepare_rebalance(decision),
        }
    }

    /// Somebody expired; unlike a newcomer, that may end even an initial rebalance early.
    fn complete_join_without(&mut self, decision: &mut Decision<'_>) {
        if matches!(self.phase, Phase::PreparingRebalance { .. }) && self.has_all_members_joined() {
            self.complete_join(decision);
        }
    }

    pub(super) fn join_timer(&self) -> GroupTimer {
        GroupTimer::Join { group: self.id.clone() }
    }

    pub(super) fn sync_timer(&self) -> GroupTimer {
        GroupTimer::Sync { group: self.id.clone() }
    }
}
