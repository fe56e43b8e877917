//! A classic group on its way to the KIP-848 protocol, and one that came back from it.
//!
//! Mirrors `GroupMetadataManager.validateOnlineUpgrade`, `ClassicGroup.completeAllJoinFutures` and
//! `fromConsumerGroup`. Leaves out: nothing known.

use std::rc::Rc;

use crate::group::GroupCoordinatorConfig;
use crate::group::classic::{ClassicGroup, PendingSync, Phase};
use crate::group::effects::Decision;
use crate::group::member::Member;
use crate::protocol::{ErrorCode, GroupId};

impl ClassicGroup {
    pub(in crate::group) const fn is_empty(&self) -> bool {
        matches!(self.phase, Phase::Empty)
    }

    pub(in crate::group) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    /// The protocol in use, if a member of the consumer protocol may join this group and make it a KIP-848
    /// group. A group that never had a generation has none yet.
    pub(in crate::group) fn upgradable_protocol(&self, config: &GroupCoordinatorConfig) -> Option<&Rc<str>> {
        let is_allowed = config.group_consumer_migration_policy.is_upgrade_enabled()
            && self.uses_consumer_group_protocol()
            && self.members.len() <= u64::from(config.group_consumer_max_size);
        let protocol = self.protocol.as_ref().filter(|_| is_allowed)?;
        self.members.iter().all(|member| member.supports(protocol)).then_some(protocol)
    }

    /// The group goes on under the other protocol: whoever waits is to join again.
    pub(in crate::group) fn send_away(&mut self, decision: &mut Decision<'_>) {
        let ids: Vec<_> = self.members.ids().cloned().collect();
        for member_id in &ids {
            if let Some(handle) = self.member_mut(member_id).awaiting_join.take() {
                decision.respond_join(handle, member_id, Err(ErrorCode::RebalanceInProgress));
            }
        }
        for member_id in &ids {
            if let Some(handle) = self.member_mut(member_id).awaiting_sync.take() {
                decision.respond_sync(handle, Err(ErrorCode::RebalanceInProgress));
            }
        }
    }

    /// `members` must not be empty.
    pub(in crate::group) fn converted(
        id: GroupId,
        generation_id: i32,
        members: Vec<Member>,
        timestamp: i64,
    ) -> Self {
        let mut group = Self {
            phase: Phase::Stable(PendingSync::default()),
            generation_id,
            protocol_type: Some(Rc::from("consumer")),
            leader: members.first().map(|member| member.member_id.clone()),
            ..Self::new(id, timestamp)
        };
        for member in members {
            if let Some(instance_id) = &member.group_instance_id {
                group.static_members.insert(instance_id.clone(), member.member_id.clone());
            }
            group.members.insert(member);
        }
        group.protocol = Some(group.select_protocol());
        group.subscribed_topics = group.compute_subscribed_topics();
        group
    }

    /// Writes a group that was converted and starts its timers.
    pub(in crate::group) fn start_converted(&mut self, rebalances: bool, decision: &mut Decision<'_>) {
        decision.effects.records.push(self.metadata_record());
        let sessions: Vec<_> =
            self.members.iter().map(|it| (it.member_id.clone(), it.session_timeout)).collect();
        for (member_id, session_timeout) in sessions {
            self.reset_session(&member_id, session_timeout, decision);
        }
        if rebalances {
            self.prepare_rebalance(decision);
        }
    }
}
