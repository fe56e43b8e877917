//! Members that speak the classic protocol to a KIP-848 group while it is upgraded or downgraded.
//!
//! Mirrors `GroupMetadataManager.classicGroupJoinToConsumerGroup`, `classicGroupSyncToConsumerGroup`,
//! `classicGroupHeartbeatToConsumerGroup` and `classicGroupLeaveToConsumerGroup`. To such a member, its epoch
//! is a generation, and REBALANCE_IN_PROGRESS tells it to come for its next assignment. Leaves out: nothing
//! known.

use std::collections::BTreeSet;

use crate::assignor::{ServerTopic, ServerTopicMap};
use crate::group::GroupCoordinatorConfig;
use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::description::named;
use crate::group::consumer::heartbeat::Update;
use crate::group::consumer::member::{ConsumerGroupMember, MemberState};
use crate::group::consumer::target_assignment::Target;
use crate::group::effects::Decision;
use crate::group::record::{ClassicMemberMetadata, ConsumerMemberMetadata, CoordinatorRecord};
use crate::protocol::{
    ErrorCode, HeartbeatRequest, JoinGroupRequest, JoinedGeneration, LeavingMember, MemberId, Subscription,
    SyncGroupRequest,
};
use crate::topic::{TopicIdPartition, TopicPartition};

/// A JoinGroup that was accepted.
pub(in crate::group) struct ClassicJoin {
    pub(super) update: Update,
    /// It took the place of the last member of the consumer protocol, so the group becomes a classic one.
    pub(in crate::group) downgrades: bool,
    pub(super) has_new_subscription: bool,
}

impl ConsumerGroup {
    pub(in crate::group) fn join_classic(
        &mut self,
        request: &JoinGroupRequest,
        member_id: &MemberId,
        image: &ServerTopicMap,
        decision: &mut Decision<'_>,
    ) -> Result<ClassicJoin, ErrorCode> {
        let is_unknown = request.member_id.is_empty();
        self.validate_size(member_id, decision.config)?;
        let (_, subscription) = request
            .protocols
            .first()
            .filter(|_| self.supports_protocols(request))
            .ok_or(ErrorCode::InconsistentGroupProtocol)?;
        if is_unknown && request.requires_known_member_id && request.group_instance_id.is_none() {
            return Err(ErrorCode::MemberIdRequired);
        }
        let mut update = self.subscribe_classic(request, member_id)?;
        let downgrades = self.is_replaced_by_classic(request, decision.config);
        update.after.metadata = classic_metadata(&update.before.metadata, request, subscription);

        let has_new_subscription = self.write_metadata(&mut update);
        let group_epoch = self.update_group_epoch(&mut update, has_new_subscription, image);
        let owned = with_ids(&subscription.owned_partitions, image);
        if downgrades {
            if !has_new_subscription {
                let partitions = self.target_of(update.replaced.as_ref().unwrap_or(member_id));
                let target = Target { epoch: self.assignment_epoch, partitions };
                self.reconcile(&mut update, &target, Some(&owned), decision);
            }
        } else {
            let target = self.update_target_assignment(&mut update, group_epoch, image, decision.config);
            self.reconcile(&mut update, &target, Some(&owned), decision);
        }
        self.cancel(Self::join_timer, member_id, decision);
        if !downgrades {
            self.schedule(Self::session_timer, &update.after, request.session_timeout, decision);
            self.schedule(Self::sync_timer, &update.after, request.rebalance_timeout, decision);
        }
        self.emit_membership(&update, decision);
        Ok(ClassicJoin { update, downgrades, has_new_subscription })
    }

    fn subscribe_classic(
        &self,
        request: &JoinGroupRequest,
        member_id: &MemberId,
    ) -> Result<Update, ErrorCode> {
        let Some(instance_id) = &request.group_instance_id else {
            return self.subscribe_dynamic(member_id, true);
        };
        match self.static_member(instance_id) {
            // In the classic protocol, the newcomer wins.
            Some(holder) if request.member_id.is_empty() => Ok(self.replace(holder, member_id)),
            None if request.member_id.is_empty() => self.subscribe_dynamic(member_id, true),
            Some(_) | None => {
                self.validated_static_member(member_id, instance_id).map(|it| Update::of(it.clone()))
            }
        }
    }

    fn is_replaced_by_classic(&self, request: &JoinGroupRequest, config: &GroupCoordinatorConfig) -> bool {
        let holder = request.group_instance_id.as_ref().and_then(|id| self.static_member(id));
        holder.is_some_and(|holder| {
            !holder.uses_classic_protocol()
                && self
                    .members_except(std::slice::from_ref(&holder.member_id))
                    .all(ConsumerGroupMember::uses_classic_protocol)
                && config.group_consumer_migration_policy.is_downgrade_enabled()
                && self.num_members() <= u64::from(config.group_max_size)
        })
    }

    /// A protocol that all classic members support must be among those offered.
    fn supports_protocols(&self, request: &JoinGroupRequest) -> bool {
        let supports = |member: &ConsumerGroupMember, name: &str| {
            let classic = member.metadata.classic.as_ref();
            classic.is_none_or(|classic| classic.supported_protocols.iter().any(|(it, _)| &**it == name))
        };
        &*request.protocol_type == "consumer"
            && request
                .protocols
                .iter()
                .any(|(name, _)| self.members.values().all(|member| supports(member, name)))
    }

    pub(in crate::group) fn sync_classic(
        &mut self,
        request: &SyncGroupRequest,
        image: &ServerTopicMap,
        decision: &mut Decision<'_>,
    ) -> Result<Vec<TopicPartition>, ErrorCode> {
        let instance_id = request.group_instance_id.as_deref();
        let member = self.validated_member(&request.member_id, instance_id)?.clone();
        let classic = member.classic()?;
        if request.generation_id != member.member_epoch() {
            return Err(ErrorCode::IllegalGeneration);
        }
        let protocol = classic.supported_protocols.first().map(|(name, _)| name);
        if request.protocol_type.as_deref().is_some_and(|name| name != "consumer")
            || request.protocol.as_ref().is_some_and(|name| Some(name) != protocol)
        {
            return Err(ErrorCode::InconsistentGroupProtocol);
        }
        // A member that has to revoke has rejoined already.
        if self.group_epoch > member.member_epoch() && member.current.state.pending_revocation().is_none() {
            self.await_rejoin(&member, decision);
            return Err(ErrorCode::RebalanceInProgress);
        }
        let session_timeout = classic.session_timeout;
        self.cancel(Self::sync_timer, &member.member_id, decision);
        self.schedule(Self::session_timer, &member, session_timeout, decision);
        Ok(named(&member.current.assigned_partitions, image))
    }

    pub(in crate::group) fn heartbeat_classic(
        &mut self,
        request: &HeartbeatRequest,
        decision: &mut Decision<'_>,
    ) -> Result<(), ErrorCode> {
        let instance_id = request.group_instance_id.as_deref();
        let member = self.validated_member(&request.member_id, instance_id)?.clone();
        let session_timeout = member.classic()?.session_timeout;
        if request.generation_id != member.member_epoch() {
            return Err(ErrorCode::IllegalGeneration);
        }
        self.schedule(Self::session_timer, &member, session_timeout, decision);
        let has_more_to_come = match &member.current.state {
            MemberState::Stable => false,
            MemberState::UnrevokedPartitions { .. } => true,
            MemberState::UnreleasedPartitions => !self.waits_for_others(&member),
        };
        if has_more_to_come || member.member_epoch() < self.group_epoch {
            self.await_rejoin(&member, decision);
            return Err(ErrorCode::RebalanceInProgress);
        }
        Ok(())
    }

    fn waits_for_others(&self, member: &ConsumerGroupMember) -> bool {
        let target = self.target_of(&member.member_id);
        target.difference(&member.current.assigned_partitions).any(|partition| self.is_held(partition))
    }

    fn await_rejoin(&mut self, member: &ConsumerGroupMember, decision: &mut Decision<'_>) {
        self.schedule_if_absent(Self::join_timer, member, member.metadata.rebalance_timeout, decision);
    }

    /// Who it is that leaves, or is removed by an administrator, who knows only the instance id.
    pub(in crate::group) fn leaving_classic_member(
        &self,
        leaving: &LeavingMember,
    ) -> Result<MemberId, ErrorCode> {
        let member = match &leaving.group_instance_id {
            Some(instance_id) if leaving.member_id.is_empty() => {
                self.static_member(instance_id).ok_or(ErrorCode::UnknownMemberId)?
            }
            Some(instance_id) => self.validated_static_member(&leaving.member_id, instance_id)?,
            None => self.member(&leaving.member_id)?,
        };
        member.classic().map(|_| member.member_id.clone())
    }
}

impl ClassicJoin {
    /// No leader: the coordinator assigns.
    pub(in crate::group) fn answer(&self) -> JoinedGeneration {
        let classic = self.update.after.metadata.classic.as_ref();
        let protocol = classic.and_then(|classic| classic.supported_protocols.first());
        JoinedGeneration {
            generation_id: self.update.after.member_epoch(),
            protocol: protocol.map(|(name, _)| name.clone()).unwrap_or_default(),
            leader: "".into(),
            skip_assignment: false,
            members: Vec::new(),
        }
    }

    pub(in crate::group) const fn member_id(&self) -> &MemberId {
        &self.update.after.member_id
    }

    pub(in crate::group) fn into_records(self) -> Vec<CoordinatorRecord> {
        self.update.records
    }
}

fn classic_metadata(
    known: &ConsumerMemberMetadata,
    request: &JoinGroupRequest,
    subscription: &Subscription,
) -> ConsumerMemberMetadata {
    let rack = subscription.rack.clone().filter(|rack| !rack.is_empty());
    ConsumerMemberMetadata {
        instance_id: request.group_instance_id.clone().or_else(|| known.instance_id.clone()),
        rack_id: rack.or_else(|| known.rack_id.clone()),
        client_id: request.client_id.clone(),
        client_host: request.client_host.clone(),
        subscribed_topic_names: subscription.topics.iter().cloned().collect(),
        rebalance_timeout: request.rebalance_timeout,
        server_assignor: known.server_assignor,
        classic: Some(ClassicMemberMetadata {
            session_timeout: request.session_timeout,
            supported_protocols: request.protocols.clone(),
        }),
    }
}

/// Partitions under the ids of their topics, those that exist.
pub(super) fn with_ids(partitions: &[TopicPartition], image: &ServerTopicMap) -> BTreeSet<TopicIdPartition> {
    let with_id = |TopicPartition { topic, partition }: &TopicPartition| {
        let ServerTopic { id, .. } = image.get(topic)?;
        Some(TopicIdPartition { topic_id: *id, partition: *partition })
    };
    partitions.iter().filter_map(with_id).collect()
}
