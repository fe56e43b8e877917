//! The requests and timers of members, by the protocol that their group follows.
//!
//! Mirrors the methods of `GroupMetadataManager` that pick one: `classicGroupJoin`, `classicGroupSync`,
//! `classicGroupHeartbeat`, `classicGroupLeave`, `consumerGroupHeartbeat`; and those that change it:
//! `convertToConsumerGroup` and `convertToClassicGroup`. Leaves out: nothing known.

use std::time::Duration;

use crate::event::Event;
use crate::group::classic::ClassicGroup;
use crate::group::consumer::ConsumerGroup;
use crate::group::effects::{Decision, GroupTimer, MemberIdSource};
use crate::group::groups::{Group, Groups};
use crate::group::{CoordinatorRecord, LeaveReason};
use crate::protocol::{
    ConsumerGroupHeartbeatRequest, ErrorCode, GroupId, HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest,
    MemberHeartbeat, MemberId, MemberLeft, RequestHandle, SyncGroupRequest,
};

impl Groups {
    pub(super) fn join(
        &mut self,
        request: &JoinGroupRequest,
        handle: RequestHandle,
        ids: &mut impl MemberIdSource,
        decision: &mut Decision<'_>,
    ) {
        match self.by_id.get(&request.group) {
            Some(Group::Consumer(group)) if !group.is_empty() => {
                return self.join_consumer_group(request, handle, ids, decision);
            }
            // An empty group changes its protocol for whoever comes.
            Some(Group::Consumer(group)) => {
                let tombstones = group.tombstones();
                if !request.member_id.is_empty() {
                    return decision.respond_join(
                        handle,
                        &request.member_id,
                        Err(ErrorCode::UnknownMemberId),
                    );
                }
                self.commit(tombstones, decision);
            }
            None if !request.member_id.is_empty() => {
                return decision.respond_join(handle, &request.member_id, Err(ErrorCode::UnknownMemberId));
            }
            Some(Group::Classic(_)) | None => {}
        }
        let is_new_group = !self.by_id.contains_key(&request.group);
        self.ensure_exists(&request.group, decision.timestamp);
        let Some(group) = self.classic_mut(&request.group) else { return };
        let written = decision.effects.records.len();
        group.join(request, handle, ids, decision);
        if is_new_group && decision.effects.records.len() == written {
            decision.effects.records.push(group.empty_metadata_record());
        }
    }

    /// A classic member joins a KIP-848 group that has members.
    fn join_consumer_group(
        &mut self,
        request: &JoinGroupRequest,
        handle: RequestHandle,
        ids: &mut impl MemberIdSource,
        decision: &mut Decision<'_>,
    ) {
        let before = self.observe(&request.group);
        let Some(Group::Consumer(group)) = self.by_id.get_mut(&request.group) else { return };
        let member_id = if request.member_id.is_empty() {
            MemberId::from(ids.base64_uuid())
        } else {
            request.member_id.clone()
        };
        match group.join_classic(request, &member_id, &self.image, decision) {
            Err(error @ ErrorCode::MemberIdRequired) => decision.respond_join(handle, &member_id, Err(error)),
            Err(error) => decision.respond_join(handle, &request.member_id, Err(error)),
            Ok(join) => {
                decision.respond_join(handle, join.member_id(), Ok(join.answer()));
                if join.downgrades {
                    let (classic, records, rebalances) =
                        group.to_classic_with(join, &self.image, decision.timestamp);
                    decision.effects.records.extend(records);
                    self.downgrade(&request.group, classic, rebalances, decision);
                } else {
                    self.commit(join.into_records(), decision);
                    self.emit_change(&request.group, before, decision);
                }
            }
        }
    }

    pub(super) fn sync(
        &mut self,
        request: &SyncGroupRequest,
        handle: RequestHandle,
        decision: &mut Decision<'_>,
    ) {
        match self.by_id.get_mut(&request.group) {
            Some(Group::Classic(group)) => group.sync(request, handle, decision),
            Some(Group::Consumer(group)) => {
                let assignment = group.sync_classic(request, &self.image, decision);
                decision.respond_sync(handle, assignment);
            }
            None => decision.respond_sync(handle, Err(ErrorCode::UnknownMemberId)),
        }
    }

    pub(super) fn heartbeat(
        &mut self,
        request: &HeartbeatRequest,
        decision: &mut Decision<'_>,
    ) -> Result<(), ErrorCode> {
        match self.by_id.get_mut(&request.group) {
            Some(Group::Classic(group)) => group.heartbeat(request, decision),
            Some(Group::Consumer(group)) => group.heartbeat_classic(request, decision),
            None => Err(ErrorCode::UnknownMemberId),
        }
    }

    pub(super) fn leave(
        &mut self,
        request: &LeaveGroupRequest,
        decision: &mut Decision<'_>,
    ) -> Vec<MemberLeft> {
        match self.by_id.get_mut(&request.group) {
            Some(Group::Classic(group)) => group.leave(request, decision),
            Some(Group::Consumer(group)) => {
                let mut leaving = Vec::new();
                let mut outcomes = Vec::new();
                for member in &request.members {
                    match group.leaving_classic_member(member) {
                        Ok(member_id) => {
                            leaving.push(member_id.clone());
                            outcomes.push((member_id, Ok(())));
                        }
                        Err(error) => outcomes.push((member.member_id.clone(), Err(error))),
                    }
                }
                self.fence(&request.group, &leaving, LeaveReason::Left, decision);
                outcomes
            }
            None => {
                let unknown = |member_id: &MemberId| (member_id.clone(), Err(ErrorCode::UnknownMemberId));
                request.members.iter().map(|leaving| unknown(&leaving.member_id)).collect()
            }
        }
    }

    pub(super) fn consumer_group_heartbeat(
        &mut self,
        request: &ConsumerGroupHeartbeatRequest,
        decision: &mut Decision<'_>,
    ) -> Result<MemberHeartbeat, ErrorCode> {
        if matches!(
            request.member_epoch,
            ConsumerGroupHeartbeatRequest::LEAVE_GROUP_MEMBER_EPOCH
                | ConsumerGroupHeartbeatRequest::LEAVE_GROUP_STATIC_MEMBER_EPOCH
        ) {
            return self.leave_consumer_group(request, decision);
        }
        let before = self.observe(&request.group);
        let (records, answer) = if let Some(Group::Consumer(group)) = self.by_id.get_mut(&request.group) {
            group.heartbeat(request, &self.image, decision)?
        } else if request.member_epoch == ConsumerGroupHeartbeatRequest::JOIN_GROUP_MEMBER_EPOCH {
            let (mut group, conversion) = self.create_consumer_group(&request.group, decision)?;
            let outcome = group.heartbeat(request, &self.image, decision)?;
            decision.effects.records.extend(conversion);
            self.by_id.insert(request.group.clone(), Group::Consumer(group));
            outcome
        } else {
            return Err(ErrorCode::GroupIdNotFound);
        };
        self.commit(records, decision);
        self.emit_change(&request.group, before, decision);
        Ok(answer)
    }

    /// A KIP-848 group where there is none, and what has to be written if it comes from a classic one. As in
    /// Kafka, the members of that one are told to rejoin even if the request fails later.
    fn create_consumer_group(
        &mut self,
        id: &GroupId,
        decision: &mut Decision<'_>,
    ) -> Result<(ConsumerGroup, Vec<CoordinatorRecord>), ErrorCode> {
        let Some(Group::Classic(classic)) = self.by_id.get_mut(id) else {
            return Ok((ConsumerGroup::new(id.clone()), Vec::new()));
        };
        let mut records = vec![CoordinatorRecord::GroupMetadata { group: id.clone(), value: None }];
        if classic.is_empty() {
            return Ok((ConsumerGroup::new(id.clone()), records));
        }
        let protocol = classic.upgradable_protocol(decision.config).ok_or(ErrorCode::GroupIdNotFound)?;
        let mut group = ConsumerGroup::from_classic(id, classic, protocol, &self.image);
        classic.send_away(decision);
        records.extend(group.records_of_conversion());
        group.start_classic_sessions(decision);
        Ok((group, records))
    }

    fn leave_consumer_group(
        &mut self,
        request: &ConsumerGroupHeartbeatRequest,
        decision: &mut Decision<'_>,
    ) -> Result<MemberHeartbeat, ErrorCode> {
        let before = self.observe(&request.group);
        let group = self.consumer_mut(&request.group).ok_or(ErrorCode::GroupIdNotFound)?;
        let member_id = group.leaving_member(request)?;
        let is_temporary = request.instance_id.is_some()
            && request.member_epoch == ConsumerGroupHeartbeatRequest::LEAVE_GROUP_STATIC_MEMBER_EPOCH;
        if is_temporary {
            let records = group.leave_for_a_while(&member_id);
            self.commit(records, decision);
            self.emit_change(&request.group, before, decision);
        } else {
            self.fence(&request.group, &[member_id], LeaveReason::Left, decision);
        }
        Ok(MemberHeartbeat {
            member_id: request.member_id.clone(),
            member_epoch: request.member_epoch,
            heartbeat_interval: Duration::ZERO,
            assignment: None,
        })
    }

    /// Members of a KIP-848 group are out. When only classic members are left, so is the group's protocol.
    fn fence(
        &mut self,
        id: &GroupId,
        members: &[MemberId],
        reason: LeaveReason,
        decision: &mut Decision<'_>,
    ) {
        if members.is_empty() {
            return;
        }
        let before = self.observe(id);
        let Some(Group::Consumer(group)) = self.by_id.get_mut(id) else { return };
        for member in members {
            let (group, member) = (id.clone(), member.clone());
            decision.emit(Event::MemberRemoved { group, member, reason });
        }
        if group.may_downgrade_without(members, decision.config) {
            let (classic, tombstones) = group.to_classic(members, &self.image, decision.timestamp);
            decision.effects.records.extend(tombstones);
            self.downgrade(id, classic, true, decision);
        } else {
            let records = group.fence(members, &self.image, decision);
            self.commit(records, decision);
            self.emit_change(id, before, decision);
        }
    }

    fn downgrade(
        &mut self,
        id: &GroupId,
        classic: ClassicGroup,
        rebalances: bool,
        decision: &mut Decision<'_>,
    ) {
        let before = self.observe(id);
        self.by_id.insert(id.clone(), Group::Classic(classic));
        self.emit_change(id, before, decision);
        if let Some(classic) = self.classic_mut(id) {
            classic.start_converted(rebalances, decision);
        }
    }

    /// A timer that was left to fire after its group or member had gone does nothing.
    pub(super) fn on_timer(&mut self, timer: &GroupTimer, decision: &mut Decision<'_>) {
        match timer {
            GroupTimer::Join { group } => {
                if let Some(group) = self.classic_mut(group) {
                    group.on_join_timer(decision);
                }
            }
            GroupTimer::Sync { group } => {
                if let Some(group) = self.classic_mut(group) {
                    group.on_sync_timer(decision);
                }
            }
            GroupTimer::Session { group, member } => {
                if let Some(group) = self.classic_mut(group) {
                    group.on_session_timer(member, decision);
                }
            }
            GroupTimer::ConsumerSession { group, .. }
            | GroupTimer::ConsumerRebalance { group, .. }
            | GroupTimer::ConsumerJoin { group, .. }
            | GroupTimer::ConsumerSync { group, .. } => {
                let fenced = self.consumer_mut(group).and_then(|group| group.on_timer(timer));
                if let Some((member_id, reason)) = fenced {
                    self.fence(group, &[member_id], reason, decision);
                }
            }
            GroupTimer::OffsetExpiration => {}
        }
    }
}
