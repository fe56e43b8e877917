//! One member of a classic group, as its coordinator sees it.
//!
//! Mirrors `ClassicGroupMember`. Leaves out: the protocol type, which is the group's.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use crate::group::description::{MemberDescription, Wait};
use crate::group::record::MemberMetadata;
use crate::protocol::{JoinGroupRequest, MemberId, RequestHandle, Subscription};
use crate::time::SimTime;
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Member {
    pub(super) member_id: MemberId,
    pub(super) group_instance_id: Option<Rc<str>>,
    pub(super) client_id: Rc<str>,
    pub(super) client_host: Rc<str>,
    pub(super) rebalance_timeout: Duration,
    pub(super) session_timeout: Duration,
    /// In the member's order of preference; never empty.
    pub(super) protocols: Vec<(Rc<str>, Subscription)>,
    pub(super) assignment: Vec<TopicPartition>,
    /// A JoinGroup that will be answered when the join phase ends.
    pub(super) awaiting_join: Option<RequestHandle>,
    /// A SyncGroup that will be answered when the leader has synced.
    pub(super) awaiting_sync: Option<RequestHandle>,
    /// True until the member's first JoinGroup is answered.
    pub(super) is_new: bool,
    pub(super) session_deadline: SimTime,
}

impl Member {
    pub(super) fn new(member_id: MemberId, request: &JoinGroupRequest, awaiting_join: RequestHandle) -> Self {
        Self {
            member_id,
            group_instance_id: request.group_instance_id.clone(),
            client_id: request.client_id.clone(),
            client_host: request.client_host.clone(),
            rebalance_timeout: request.rebalance_timeout,
            session_timeout: request.session_timeout,
            protocols: request.protocols.clone(),
            assignment: Vec::new(),
            awaiting_join: Some(awaiting_join),
            awaiting_sync: None,
            is_new: true,
            session_deadline: SimTime::ZERO,
        }
    }

    /// A member read back from the log; `protocol` is the one its group uses.
    pub(super) fn restored(metadata: &MemberMetadata, protocol: &Rc<str>) -> Self {
        Self {
            member_id: metadata.member_id.clone(),
            group_instance_id: metadata.group_instance_id.clone(),
            client_id: metadata.client_id.clone(),
            client_host: metadata.client_host.clone(),
            rebalance_timeout: metadata.rebalance_timeout,
            session_timeout: metadata.session_timeout,
            protocols: vec![(protocol.clone(), metadata.subscription.clone())],
            assignment: metadata.assignment.clone(),
            awaiting_join: None,
            awaiting_sync: None,
            is_new: false,
            session_deadline: SimTime::ZERO,
        }
    }

    /// What a JoinGroup of a member that is already there changes; the member waits for its answer.
    pub(super) fn update(&mut self, request: &JoinGroupRequest, awaiting_join: RequestHandle) {
        self.protocols.clone_from(&request.protocols);
        self.rebalance_timeout = request.rebalance_timeout;
        self.session_timeout = request.session_timeout;
        self.awaiting_join = Some(awaiting_join);
    }

    pub(super) const fn is_static(&self) -> bool {
        self.group_instance_id.is_some()
    }

    pub(super) const fn is_awaiting_join(&self) -> bool {
        self.awaiting_join.is_some()
    }

    pub(super) fn supports(&self, protocol: &str) -> bool {
        self.protocols.iter().any(|(name, _)| &**name == protocol)
    }

    pub(super) fn subscription(&self, protocol: &str) -> &Subscription {
        let (_, subscription) = self
            .protocols
            .iter()
            .find(|(name, _)| &**name == protocol)
            .expect("every member supports the protocol that its group chose");
        subscription
    }

    /// The member's favourite among the protocols that everybody supports.
    pub(super) fn vote(&self, candidates: &BTreeSet<Rc<str>>) -> &Rc<str> {
        let (name, _) = self
            .protocols
            .iter()
            .find(|(name, _)| candidates.contains(name))
            .expect("members of one group have a protocol in common");
        name
    }

    /// Whoever waits for an answer of the coordinator is alive. A new member is not trusted so: its
    /// client cannot heartbeat yet, and nobody would notice that it has gone (KAFKA-7610).
    pub(super) const fn has_satisfied_heartbeat(&self) -> bool {
        !self.is_new && (self.awaiting_join.is_some() || self.awaiting_sync.is_some())
    }

    pub(super) fn describe(&self, protocol: Option<&str>) -> MemberDescription {
        let subscription = match protocol {
            Some(protocol) if self.supports(protocol) => self.subscription(protocol).clone(),
            Some(_) | None => self.protocols.first().map(|(_, first)| first.clone()).unwrap_or_default(),
        };
        let waits = match (self.awaiting_join, self.awaiting_sync) {
            (Some(_), _) => Some(Wait::JoinGroup),
            (None, Some(_)) => Some(Wait::SyncGroup),
            (None, None) => None,
        };
        MemberDescription {
            member_id: self.member_id.clone(),
            group_instance_id: self.group_instance_id.clone(),
            client_id: self.client_id.clone(),
            client_host: self.client_host.clone(),
            subscription,
            assignment: self.assignment.clone(),
            waits,
            session_timeout: self.session_timeout,
            session_deadline: self.session_deadline,
            consumer: None,
        }
    }

    pub(super) fn metadata(&self, protocol: &str) -> MemberMetadata {
        MemberMetadata {
            member_id: self.member_id.clone(),
            group_instance_id: self.group_instance_id.clone(),
            client_id: self.client_id.clone(),
            client_host: self.client_host.clone(),
            rebalance_timeout: self.rebalance_timeout,
            session_timeout: self.session_timeout,
            subscription: self.subscription(protocol).clone(),
            assignment: self.assignment.clone(),
        }
    }
}
