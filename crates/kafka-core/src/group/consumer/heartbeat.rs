//! ConsumerGroupHeartbeat of a member that joins or stays: update it, update the target, take one step.
//!
//! Mirrors `GroupMetadataManager.consumerGroupHeartbeat` and what it calls. Leaves out: regular expressions.

use std::collections::BTreeSet;

use crate::assignor::{ServerAssignor, ServerTopicMap};
use crate::event::Event;
use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::current_assignment::CurrentAssignmentBuilder;
use crate::group::consumer::member::ConsumerGroupMember;
use crate::group::consumer::subscription::metadata_hash;
use crate::group::consumer::target_assignment::Target;
use crate::group::effects::Decision;
use crate::group::record::CoordinatorRecord;
use crate::group::{GroupCoordinatorConfig, LeaveReason};
use crate::protocol::{ConsumerGroupHeartbeatRequest, ErrorCode, MemberHeartbeat, MemberId};
use crate::topic::TopicIdPartition;

/// A member before and after a request, and what has to be written for it.
pub(super) struct Update {
    pub(super) before: ConsumerGroupMember,
    pub(super) after: ConsumerGroupMember,
    /// The id that a static member had before it came back.
    pub(super) replaced: Option<MemberId>,
    pub(super) records: Vec<CoordinatorRecord>,
}

impl ConsumerGroup {
    /// The caller replays the records.
    pub(in crate::group) fn heartbeat(
        &mut self,
        request: &ConsumerGroupHeartbeatRequest,
        image: &ServerTopicMap,
        decision: &mut Decision<'_>,
    ) -> Result<(Vec<CoordinatorRecord>, MemberHeartbeat), ErrorCode> {
        let server_assignor = server_assignor(request, decision.config)?;
        self.validate_size(&request.member_id, decision.config)?;
        let owned: Option<BTreeSet<_>> =
            request.topic_partitions.as_ref().map(|owned| owned.iter().copied().collect());
        let mut update = self.subscribe(request, owned.as_ref())?;
        update.after = update.before.updated_by(request, server_assignor);

        let has_new_subscription = self.write_metadata(&mut update);
        // A new group must move away from epoch 0.
        let bump = has_new_subscription || self.group_epoch == 0;
        let group_epoch = self.update_group_epoch(&mut update, bump, image);
        let target = self.update_target_assignment(&mut update, group_epoch, image, decision.config);
        self.reconcile(&mut update, &target, owned.as_ref(), decision);

        let session_timeout = decision.config.group_consumer_session_timeout;
        self.schedule(Self::session_timer, &update.after, session_timeout, decision);
        self.emit_membership(&update, decision);

        let is_full_request = request.rebalance_timeout.is_some()
            && request.subscribed_topic_names.is_some()
            && request.topic_partitions.is_some();
        let Update { before, after, records, .. } = update;
        let assigned = after.current.assigned_partitions;
        let tells_assignment = request.member_epoch == ConsumerGroupHeartbeatRequest::JOIN_GROUP_MEMBER_EPOCH
            || is_full_request
            || before.current.assigned_partitions != assigned;
        let answer = MemberHeartbeat {
            member_id: after.member_id,
            member_epoch: after.current.member_epoch,
            heartbeat_interval: decision.config.group_consumer_heartbeat_interval,
            assignment: tells_assignment.then(|| assigned.into_iter().collect()),
        };
        Ok((records, answer))
    }

    /// `group.consumer.max.size`
    pub(super) fn validate_size(
        &self,
        member_id: &str,
        config: &GroupCoordinatorConfig,
    ) -> Result<(), ErrorCode> {
        let is_full = self.num_members() >= u64::from(config.group_consumer_max_size);
        if is_full && !self.members.contains_key(member_id) {
            return Err(ErrorCode::GroupMaxSizeReached);
        }
        Ok(())
    }

    fn subscribe(
        &self,
        request: &ConsumerGroupHeartbeatRequest,
        owned: Option<&BTreeSet<TopicIdPartition>>,
    ) -> Result<Update, ErrorCode> {
        let joins = request.member_epoch == ConsumerGroupHeartbeatRequest::JOIN_GROUP_MEMBER_EPOCH;
        let Some(instance_id) = &request.instance_id else {
            let update = self.subscribe_dynamic(&request.member_id, joins)?;
            update.before.validate_epoch(request.member_epoch, owned)?;
            return Ok(update);
        };
        match self.static_member(instance_id) {
            Some(holder) if joins => {
                let is_released = holder.uses_classic_protocol()
                    || holder.member_epoch()
                        == ConsumerGroupHeartbeatRequest::LEAVE_GROUP_STATIC_MEMBER_EPOCH;
                if !is_released {
                    return Err(ErrorCode::UnreleasedInstanceId);
                }
                Ok(self.replace(holder, &request.member_id))
            }
            None if joins => self.subscribe_dynamic(&request.member_id, joins),
            Some(_) | None => {
                let member = self.validated_static_member(&request.member_id, instance_id)?;
                member.validate_epoch(request.member_epoch, owned)?;
                Ok(Update::of(member.clone()))
            }
        }
    }

    pub(super) fn subscribe_dynamic(&self, member_id: &MemberId, create: bool) -> Result<Update, ErrorCode> {
        match self.member(member_id) {
            Ok(member) => Ok(Update::of(member.clone())),
            Err(_) if create => Ok(Update::of(ConsumerGroupMember::new(member_id.clone()))),
            Err(error) => Err(error),
        }
    }

    /// A static member is back under another id. The timers of the old id are left to fire without effect.
    pub(super) fn replace(&self, old: &ConsumerGroupMember, new_id: &MemberId) -> Update {
        let new = old.back_as(new_id.clone());
        let mut records: Vec<_> = self.member_tombstones(&old.member_id).into();
        records.extend([
            new.metadata_record(&self.id),
            self.target_record(new_id, self.target_of(&old.member_id)),
            new.current_assignment_record(&self.id),
        ]);
        Update { replaced: Some(old.member_id.clone()), records, ..Update::of(new) }
    }

    /// True when the member subscribes to something else than before.
    pub(super) fn write_metadata(&self, update: &mut Update) -> bool {
        let (before, after) = (&update.before.metadata, &update.after.metadata);
        if before == after {
            return false;
        }
        update.records.push(update.after.metadata_record(&self.id));
        before.subscribed_topic_names != after.subscribed_topic_names
    }

    /// Bumps the group epoch, be it only because the metadata of subscribed topics has changed.
    pub(super) fn update_group_epoch(
        &mut self,
        update: &mut Update,
        bump: bool,
        image: &ServerTopicMap,
    ) -> i32 {
        if !bump && !self.needs_metadata_refresh {
            return self.group_epoch;
        }
        self.needs_metadata_refresh = false;
        let mut rewritten = vec![update.after.member_id.clone()];
        rewritten.extend(update.replaced.clone());
        let members = self.members_except(&rewritten).chain([&update.after]);
        let hash = metadata_hash(members, image);
        if !bump && hash == self.metadata_hash {
            return self.group_epoch;
        }
        let epoch = self.group_epoch + 1;
        update.records.push(self.epoch_record(epoch, hash));
        epoch
    }

    pub(super) fn reconcile(
        &mut self,
        update: &mut Update,
        target: &Target,
        owned: Option<&BTreeSet<TopicIdPartition>>,
        decision: &mut Decision<'_>,
    ) {
        let builder = CurrentAssignmentBuilder {
            member: &update.after,
            target_epoch: target.epoch,
            target: &target.partitions,
            is_held: |partition: &TopicIdPartition| self.is_held(partition),
            owned,
        };
        let next = builder.build();
        if next != update.after.current {
            update.after.current = next;
            update.records.push(update.after.current_assignment_record(&self.id));
            self.update_rebalance_timer(&update.after, decision);
        }
    }

    pub(super) fn emit_membership(&self, update: &Update, decision: &mut Decision<'_>) {
        let (group, member) = (self.id.clone(), update.after.member_id.clone());
        if let Some(replaced) = &update.replaced {
            let (group, member) = (group.clone(), replaced.clone());
            decision.emit(Event::MemberRemoved { group, member, reason: LeaveReason::Replaced });
        }
        if !self.members.contains_key(&member) {
            decision.emit(Event::MemberAdded { group, member });
        }
    }
}

impl Update {
    pub(super) fn of(member: ConsumerGroupMember) -> Self {
        Self { before: member.clone(), after: member, replaced: None, records: Vec::new() }
    }
}

fn server_assignor(
    request: &ConsumerGroupHeartbeatRequest,
    config: &GroupCoordinatorConfig,
) -> Result<Option<ServerAssignor>, ErrorCode> {
    let Some(name) = &request.server_assignor else { return Ok(None) };
    let offered = config.group_consumer_assignors.iter().find(|assignor| assignor.name() == &**name);
    offered.map(|assignor| Some(*assignor)).ok_or(ErrorCode::UnsupportedAssignor)
}
