//! The timers of a KIP-848 group's members, and what is known of them.
//!
//! Mirrors the `schedule...Timeout` and `cancel...Timeout` methods of `GroupMetadataManager`. Leaves out:
//! nothing known.

use std::time::Duration;

use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::member::{ConsumerGroupMember, MemberState};
use crate::group::effects::{Decision, GroupTimer};
use crate::protocol::MemberId;
use crate::time::SimTime;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Scheduled {
    pub(super) at: SimTime,
    /// The member's when the timer was set; a rebalance timeout is void once it has changed.
    pub(super) member_epoch: i32,
}

/// One of the timers that a member may have.
pub(super) type MemberTimer = fn(&ConsumerGroup, &MemberId) -> GroupTimer;

impl ConsumerGroup {
    pub(super) fn session_timer(&self, member: &MemberId) -> GroupTimer {
        GroupTimer::ConsumerSession { group: self.id.clone(), member: member.clone() }
    }

    pub(super) fn rebalance_timer(&self, member: &MemberId) -> GroupTimer {
        GroupTimer::ConsumerRebalance { group: self.id.clone(), member: member.clone() }
    }

    pub(super) fn join_timer(&self, member: &MemberId) -> GroupTimer {
        GroupTimer::ConsumerJoin { group: self.id.clone(), member: member.clone() }
    }

    pub(super) fn sync_timer(&self, member: &MemberId) -> GroupTimer {
        GroupTimer::ConsumerSync { group: self.id.clone(), member: member.clone() }
    }

    pub(super) fn schedule(
        &mut self,
        timer: MemberTimer,
        member: &ConsumerGroupMember,
        after: Duration,
        decision: &mut Decision<'_>,
    ) {
        let timer = timer(self, &member.member_id);
        let at = decision.set_timer(timer.clone(), after);
        self.timers.insert(timer, Scheduled { at, member_epoch: member.member_epoch() });
    }

    pub(super) fn schedule_if_absent(
        &mut self,
        timer: MemberTimer,
        member: &ConsumerGroupMember,
        after: Duration,
        decision: &mut Decision<'_>,
    ) {
        if !self.timers.contains_key(&timer(self, &member.member_id)) {
            self.schedule(timer, member, after, decision);
        }
    }

    pub(super) fn cancel(&mut self, timer: MemberTimer, member: &MemberId, decision: &mut Decision<'_>) {
        let timer = timer(self, member);
        if self.timers.remove(&timer).is_some() {
            decision.cancel_timer(timer);
        }
    }

    pub(super) fn cancel_all(&mut self, member: &MemberId, decision: &mut Decision<'_>) {
        for timer in [Self::session_timer, Self::rebalance_timer, Self::join_timer, Self::sync_timer] {
            self.cancel(timer, member, decision);
        }
    }

    /// The time that a member has to revoke runs while it is asked to. Members of the classic protocol have a
    /// join and a sync timer in its place.
    pub(super) fn update_rebalance_timer(
        &mut self,
        member: &ConsumerGroupMember,
        decision: &mut Decision<'_>,
    ) {
        if member.uses_classic_protocol() {
            return;
        }
        match &member.current.state {
            MemberState::UnrevokedPartitions { .. } => {
                self.schedule(Self::rebalance_timer, member, member.metadata.rebalance_timeout, decision);
            }
            MemberState::Stable | MemberState::UnreleasedPartitions => {
                self.cancel(Self::rebalance_timer, &member.member_id, decision);
            }
        }
    }

    /// Starts the timers of a group that was read back. `GroupMetadataManager.onLoaded`
    pub(in crate::group) fn on_loaded(&mut self, decision: &mut Decision<'_>) {
        let session_timeout = decision.config.group_consumer_session_timeout;
        let members: Vec<_> = self.members().cloned().collect();
        for member in &members {
            self.schedule(Self::session_timer, member, session_timeout, decision);
            match &member.current.state {
                MemberState::UnrevokedPartitions { .. } => {
                    let rebalance_timeout = member.metadata.rebalance_timeout;
                    self.schedule(Self::rebalance_timer, member, rebalance_timeout, decision);
                }
                MemberState::Stable | MemberState::UnreleasedPartitions => {}
            }
        }
    }

    pub(in crate::group) fn on_unloaded(&mut self, decision: &mut Decision<'_>) {
        for timer in std::mem::take(&mut self.timers).into_keys() {
            decision.cancel_timer(timer);
        }
    }
}
