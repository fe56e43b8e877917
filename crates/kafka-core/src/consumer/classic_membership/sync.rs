//! A rebalance as a member lives it, after JoinGroup: assign as leader, SyncGroup, take what was given.
//!
//! Mirrors `ConsumerCoordinator.onLeaderElected` and `onJoinComplete`, `AbstractCoordinator.SyncGroupResponseHandler`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::assignor::{ClientAssignor, RebalanceProtocol, TopicMetadata, TopicMetadataMap};
use crate::consumer::Consumer;
use crate::consumer::classic_membership::ClassicMemberState;
use crate::consumer::classic_membership::join::JoinFuture;
use crate::consumer::listener::ListenerThrew;
use crate::consumer::membership::Membership;
use crate::node::Context;
use crate::protocol::{
    CorrelationId, JoinedGeneration, MemberId, Request, SyncGroupRequest, SyncGroupResponse,
};
use crate::topic::{TopicName, TopicPartition};

/// `ConsumerCoordinator.MetadataSnapshot`; `None` for a topic that does not exist.
pub(super) type MetadataSnapshot = BTreeMap<TopicName, Option<TopicSnapshot>>;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::consumer) struct TopicSnapshot {
    partitions: u32,
    /// Per partition, the racks of its replicas; empty where racks do not count.
    racks: Vec<BTreeSet<Option<Rc<str>>>>,
}

impl Consumer {
    /// Sends SyncGroup: the leader with everybody's assignment, once it knows the group's topics; the others with none.
    pub(in crate::consumer) fn sync_if_ready(&mut self, joined: JoinedGeneration, context: &mut Context<'_>) {
        let Some(membership) = self.classic() else { return };
        if membership.state != ClassicMemberState::CompletingRebalance {
            // Thrown out while the leader asked for metadata.
            return self.give_join_up();
        }
        let leads = joined.leader == membership.member_id && !joined.skip_assignment;
        if leads && !self.knows_topics_of(&joined) {
            return self.await_metadata(joined, context);
        }
        let assignments = if leads { self.assign_partitions(&joined) } else { Vec::new() };
        self.send_sync(joined, assignments, context);
    }

    fn give_join_up(&mut self) {
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.join = None;
            membership.rejoin_needed = true;
        }
    }

    fn send_sync(
        &mut self,
        joined: JoinedGeneration,
        assignments: Vec<(MemberId, Vec<TopicPartition>)>,
        context: &mut Context<'_>,
    ) {
        let (Some(coordinator), Some(group)) = (self.coordinator(), self.config.group_id.clone()) else {
            return self.give_join_up();
        };
        let Some(membership) = self.classic() else { return };
        let request = SyncGroupRequest {
            group,
            member_id: membership.member_id.clone(),
            group_instance_id: self.config.group_instance_id.clone(),
            generation_id: joined.generation_id,
            protocol_type: Some("consumer".into()),
            protocol: Some(joined.protocol),
            assignments,
        };
        let correlation_id = self.request(coordinator, Request::SyncGroup(request), context);
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.join = Some(JoinFuture::Syncing(correlation_id));
        }
    }

    fn await_metadata(&mut self, joined: JoinedGeneration, context: &mut Context<'_>) {
        for topic in topics_of(&joined) {
            self.metadata.want(&topic);
        }
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.join = Some(JoinFuture::AwaitingMetadata(joined));
        }
        self.request_metadata(context);
    }

    /// An answer, be it an error, about every topic that some member subscribed to.
    fn knows_topics_of(&self, joined: &JoinedGeneration) -> bool {
        topics_of(joined)
            .iter()
            .all(|topic| self.metadata.topic(topic).is_some() || self.metadata.error(topic).is_some())
    }

    /// The leader runs the assignor that the group voted for.
    fn assign_partitions(&mut self, joined: &JoinedGeneration) -> Vec<(MemberId, Vec<TopicPartition>)> {
        let topics = topics_of(joined);
        let known: TopicMetadataMap = topics
            .iter()
            .filter_map(|topic| {
                let partitions = self.metadata.partition_count(topic)?;
                let racks = self.metadata.replica_racks(topic).into_iter();
                let racks = racks.map(|racks| racks.into_iter().flatten().collect()).collect();
                Some((topic.clone(), TopicMetadata { partitions, racks }))
            })
            .collect();
        let snapshot = topics.into_iter().map(|topic| (topic.clone(), self.snapshot_of(&topic))).collect();
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.assigned_snapshot = Some(snapshot);
        }
        let assignor = ClientAssignor::from_name(&joined.protocol)
            .expect("the group votes among protocols that this member offered");
        assignor.assign(&known, &joined.members).into_iter().collect()
    }

    pub(in crate::consumer) fn on_sync_group_response(
        &mut self,
        correlation_id: CorrelationId,
        response: SyncGroupResponse,
        context: &mut Context<'_>,
    ) {
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else { return };
        if membership.join != Some(JoinFuture::Syncing(correlation_id)) {
            return;
        }
        match response.assignment {
            Ok(assignment) if membership.state == ClassicMemberState::CompletingRebalance => {
                membership.state = ClassicMemberState::Stable;
                membership.rejoin_needed = false;
                membership.join = Some(JoinFuture::Assigned(assignment));
            }
            Ok(_) => self.give_join_up(),
            Err(error) => self.on_join_failed(correlation_id, error, context),
        }
    }

    /// `onJoinComplete`: what is new, and under the cooperative protocol what has to go.
    pub(in crate::consumer) fn complete_join(
        &mut self,
        assignment: &[TopicPartition],
        context: &mut Context<'_>,
    ) -> Result<(), ListenerThrew> {
        let cooperative = self.rebalance_protocol() == RebalanceProtocol::Cooperative;
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else {
            return Ok(());
        };
        if assignment.iter().any(|partition| !self.topics.contains(&partition.topic)) {
            // The subscription has changed since the join.
            membership.rejoin_needed = true;
            return Ok(());
        }
        membership.last_assignment =
            membership.generation.map(|generation| (generation, assignment.to_vec()));
        let owned = self.subscription.assigned();
        let mut added: Vec<_> =
            assignment.iter().filter(|partition| !owned.contains(partition)).cloned().collect();
        added.sort();
        let revoked: Vec<_> = owned.into_iter().filter(|partition| !assignment.contains(partition)).collect();
        let mut told = Ok(());
        if cooperative && !revoked.is_empty() {
            membership.rejoin_needed = true;
            told = self.partitions_revoked(revoked, context);
        }
        self.restart_auto_commit(context);
        self.subscription.assign(assignment);
        told.and(self.partitions_assigned(added, context))
    }

    /// As leader: a topic of the group has more partitions than when they were assigned, or other racks, or exists
    /// only now. A rack also goes when its broker does, and comes back with it.
    pub(in crate::consumer) fn assigned_topics_changed(&self) -> bool {
        let snapshot = self.classic().and_then(|membership| membership.assigned_snapshot.as_ref());
        snapshot.is_some_and(|topics| topics.iter().any(|(topic, then)| self.snapshot_of(topic) != *then))
    }

    /// The racks count only for a leader that has one itself (`PartitionRackInfo`).
    fn snapshot_of(&self, topic: &str) -> Option<TopicSnapshot> {
        let partitions = self.metadata.partition_count(topic)?;
        let racks = match self.config.client_rack {
            Some(_) => self.metadata.replica_racks(topic),
            None => Vec::new(),
        };
        Some(TopicSnapshot { partitions, racks })
    }

    /// The subscription is not the one that the last JoinGroup told.
    pub(in crate::consumer) fn subscription_changed(&self) -> bool {
        let joined = self.classic().and_then(|membership| membership.joined_topics.as_ref());
        joined.is_some_and(|joined| *joined != self.topics)
    }
}

fn topics_of(joined: &JoinedGeneration) -> Vec<TopicName> {
    let mut topics: Vec<_> =
        joined.members.iter().flat_map(|member| member.subscription.topics.iter().cloned()).collect();
    topics.sort();
    topics.dedup();
    topics
}
