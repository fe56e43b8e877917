//! One rebalance as a member lives it: commit, revoke, JoinGroup, assign as leader, SyncGroup, take what was given.
//!
//! Mirrors `ConsumerCoordinator.onJoinPrepare`, `onLeaderElected` and `onJoinComplete`. Leaves out: exceptions of rebalance
//! listeners, racks of brokers.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::assignor::{ClientAssignor, RebalanceProtocol, TopicMetadata, TopicMetadataMap};
use crate::consumer::Consumer;
use crate::consumer::membership::MemberState;
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{
    ClientId, CorrelationId, ErrorCode, GroupId, JoinGroupRequest, JoinGroupResponse, JoinedGeneration,
    MemberId, Request, Subscription, SyncGroupRequest, SyncGroupResponse,
};
use crate::topic::{TopicName, TopicPartition};

impl Consumer {
    /// `joinGroupIfNeeded`: commit, tell the listeners, send JoinGroup.
    pub(super) fn join_if_needed(&mut self, context: &mut Context<'_>) {
        let Some(membership) = &mut self.membership else { return };
        let idle = matches!(membership.state, MemberState::Unjoined | MemberState::Stable);
        if let MemberState::AwaitingMetadata(joined) = &membership.state {
            let joined = joined.clone();
            return self.sync(joined, context);
        }
        if !idle || !membership.rejoin_needed {
            return;
        }
        if membership.prepared {
            return self.send_join(context);
        }
        let thrown_out = membership.generation.is_none();
        let commit = if thrown_out { None } else { self.commit_all_consumed(context) };
        match (commit, &mut self.membership) {
            (Some(correlation_id), Some(membership)) => {
                membership.state = MemberState::CommittingBeforeJoin(correlation_id);
            }
            (Some(_), None) | (None, _) => self.revoke_and_join(context),
        }
    }

    /// Commits are done, or there were none: listeners lose what has to go, and the join begins.
    pub(super) fn revoke_and_join(&mut self, context: &mut Context<'_>) {
        let Some(membership) = &mut self.membership else { return };
        let first_join = membership.generation.is_none() && membership.last_assignment.is_none();
        let thrown_out = membership.generation.is_none();
        membership.prepared = true;
        membership.state = MemberState::Unjoined;
        let owned = self.subscription.assigned();
        if thrown_out {
            if !owned.is_empty() {
                self.subscription.assign(&[]);
                context.emit(Event::PartitionsLost { client: self.client, partitions: owned });
            }
        } else if self.rebalance_protocol() == RebalanceProtocol::Eager && !first_join {
            // Called with an empty set too.
            self.subscription.assign(&[]);
            context.emit(Event::PartitionsRevoked { client: self.client, partitions: owned });
        }
        self.send_join(context);
    }

    fn send_join(&mut self, context: &mut Context<'_>) {
        let (Some(coordinator), Some(group)) = (self.coordinator(), self.config.group_id.clone()) else {
            return;
        };
        let correlation_id = self.next_correlation_id();
        let request = self.join_request(group);
        if let Some(membership) = &mut self.membership {
            membership.state = MemberState::PreparingRebalance(correlation_id);
        }
        context.cancel_timer(&Timer::Heartbeat);
        context.request(coordinator, correlation_id, Request::JoinGroup(request));
    }

    fn join_request(&self, group: GroupId) -> JoinGroupRequest {
        let config = &self.config;
        let assignors = config.partition_assignment_strategy.iter();
        JoinGroupRequest {
            group,
            client_id: config.client_id.clone(),
            client_host: client_host(self.client),
            member_id: self.membership.as_ref().map_or_else(|| "".into(), |own| own.member_id.clone()),
            group_instance_id: config.group_instance_id.clone(),
            requires_known_member_id: true,
            session_timeout: config.session_timeout,
            rebalance_timeout: config.max_poll_interval,
            protocol_type: "consumer".into(),
            protocols: assignors
                .map(|assignor| (Rc::from(assignor.name()), self.subscription_for(*assignor)))
                .collect(),
        }
    }

    /// What each assignor is told. The sticky one remembers what the member had before it gave everything up.
    fn subscription_for(&self, assignor: ClientAssignor) -> Subscription {
        let last = self.membership.as_ref().and_then(|membership| membership.last_assignment.clone());
        let (generation, owned_partitions) = match assignor {
            ClientAssignor::Range | ClientAssignor::RoundRobin => (None, Vec::new()),
            ClientAssignor::Sticky => last.map_or((None, Vec::new()), |(at, owned)| (Some(at), owned)),
            ClientAssignor::CooperativeSticky => (last.map(|(at, _)| at), self.subscription.assigned()),
        };
        Subscription {
            topics: self.topics.clone(),
            owned_partitions,
            generation,
            rack: self.config.client_rack.clone(),
        }
    }

    pub(super) fn on_join_group_response(
        &mut self,
        correlation_id: CorrelationId,
        response: JoinGroupResponse,
        context: &mut Context<'_>,
    ) {
        let Some(membership) = &mut self.membership else { return };
        if membership.state != MemberState::PreparingRebalance(correlation_id) {
            return;
        }
        match response.outcome {
            Ok(joined) => {
                membership.member_id = response.member_id;
                membership.generation = Some(joined.generation_id);
                membership.rejoin_needed = false;
                let leader = joined.leader == membership.member_id;
                context.emit(Event::MemberJoined {
                    client: self.client,
                    member: membership.member_id.clone(),
                    generation: joined.generation_id,
                    leader,
                });
                self.restart_heartbeat(context);
                self.sync(joined, context);
            }
            Err(ErrorCode::MemberIdRequired) => {
                membership.member_id = response.member_id;
                membership.state = MemberState::Unjoined;
            }
            Err(error) => {
                membership.state = MemberState::Unjoined;
                self.on_coordinator_error(error, context);
            }
        }
    }

    /// Sends SyncGroup: the leader with everybody's assignment, the others with none.
    fn sync(&mut self, joined: JoinedGeneration, context: &mut Context<'_>) {
        let Some(membership) = &self.membership else { return };
        let leads = joined.leader == membership.member_id && !joined.skip_assignment;
        if leads && !self.knows_topics_of(&joined) {
            self.await_metadata(joined, context);
            return;
        }
        let assignments = if leads { self.assign_partitions(&joined) } else { Vec::new() };
        let (Some(coordinator), Some(group)) = (self.coordinator(), self.config.group_id.clone()) else {
            return;
        };
        let correlation_id = self.next_correlation_id();
        let group_instance_id = self.config.group_instance_id.clone();
        let Some(membership) = &mut self.membership else { return };
        membership.state = MemberState::CompletingRebalance(correlation_id);
        let request = SyncGroupRequest {
            group,
            member_id: membership.member_id.clone(),
            group_instance_id,
            generation_id: joined.generation_id,
            protocol_type: Some("consumer".into()),
            protocol: Some(joined.protocol),
            assignments,
        };
        context.request(coordinator, correlation_id, Request::SyncGroup(request));
    }

    fn await_metadata(&mut self, joined: JoinedGeneration, context: &mut Context<'_>) {
        for topic in topics_of(&joined) {
            self.metadata.want(&topic);
        }
        if let Some(membership) = &mut self.membership {
            membership.state = MemberState::AwaitingMetadata(joined);
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
        let counts: BTreeMap<_, _> =
            topics.into_iter().map(|topic| (topic.clone(), self.metadata.partition_count(&topic))).collect();
        let known: TopicMetadataMap = counts
            .iter()
            .filter_map(|(topic, count)| {
                Some((topic.clone(), TopicMetadata { partitions: (*count)?, racks: Vec::new() }))
            })
            .collect();
        if let Some(membership) = &mut self.membership {
            membership.assigned_snapshot = Some(counts);
        }
        let assignor = ClientAssignor::from_name(&joined.protocol)
            .expect("the group votes among protocols that this member offered");
        assignor.assign(&known, &joined.members).into_iter().collect()
    }

    pub(super) fn on_sync_group_response(
        &mut self,
        correlation_id: CorrelationId,
        response: SyncGroupResponse,
        context: &mut Context<'_>,
    ) {
        let Some(membership) = &mut self.membership else { return };
        if membership.state != MemberState::CompletingRebalance(correlation_id) {
            return;
        }
        match response.assignment {
            Ok(assignment) => self.complete_join(&assignment, context),
            Err(error) => {
                membership.state = MemberState::Unjoined;
                membership.rejoin_needed = true;
                self.on_coordinator_error(error, context);
            }
        }
    }

    /// `onJoinComplete`: what is new, and under the cooperative protocol what has to go.
    fn complete_join(&mut self, assignment: &[TopicPartition], context: &mut Context<'_>) {
        let cooperative = self.rebalance_protocol() == RebalanceProtocol::Cooperative;
        let owned = self.subscription.assigned();
        let added: Vec<_> =
            assignment.iter().filter(|partition| !owned.contains(partition)).cloned().collect();
        let revoked: Vec<_> = owned.into_iter().filter(|partition| !assignment.contains(partition)).collect();
        let Some(membership) = &mut self.membership else { return };
        membership.state = MemberState::Stable;
        membership.prepared = false;
        membership.last_assignment =
            membership.generation.map(|generation| (generation, assignment.to_vec()));
        let client = self.client;
        if cooperative && !revoked.is_empty() {
            membership.rejoin_needed = true;
            context.emit(Event::PartitionsRevoked { client, partitions: revoked });
        }
        self.subscription.assign(assignment);
        self.restart_auto_commit(context);
        let mut added = added;
        added.sort();
        context.emit(Event::PartitionsAssigned { client, added });
    }

    /// As leader: a topic of the group has more partitions than when they were assigned, or exists only now.
    pub(super) fn assigned_topics_changed(&self) -> bool {
        let Some(membership) = &self.membership else { return false };
        let Some(snapshot) = &membership.assigned_snapshot else { return false };
        membership.state == MemberState::Stable
            && snapshot.iter().any(|(topic, count)| self.metadata.partition_count(topic) != *count)
    }

    /// The highest protocol that all configured assignors support.
    pub(super) fn rebalance_protocol(&self) -> RebalanceProtocol {
        let assignors = &self.config.partition_assignment_strategy;
        let cooperative = assignors.iter().all(|assignor| *assignor == ClientAssignor::CooperativeSticky);
        if cooperative { RebalanceProtocol::Cooperative } else { RebalanceProtocol::Eager }
    }
}

fn topics_of(joined: &JoinedGeneration) -> Vec<TopicName> {
    let mut topics: Vec<_> =
        joined.members.iter().flat_map(|member| member.subscription.topics.iter().cloned()).collect();
    topics.sort();
    topics.dedup();
    topics
}

/// Clients have the addresses that a small Docker network would give them.
fn client_host(client: ClientId) -> Rc<str> {
    format!("/172.18.{}.{}", client.0 / 200, 10 + client.0 % 200).into()
}
