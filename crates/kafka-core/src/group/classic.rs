//! A classic group: its members, its generation, and which part of a rebalance it is in.
//!
//! Mirrors `ClassicGroup`; what requests and timers do to it, `GroupMetadataManager` in Kafka, is in
//! `join`, `rebalance`, `sync` and `leave`; what its state means for offsets is in `offsets`. Leaves
//! out: the state Dead, since a dead group is not kept; conversion to and from KIP-848 groups; protocol
//! types other than what members claim.

mod join;
mod leave;
mod offsets;
mod rebalance;
mod sync;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use crate::event::Event;
use crate::group::effects::{Decision, GroupTimer};
use crate::group::member::Member;
use crate::group::members::Members;
use crate::group::record::{CoordinatorRecord, GroupMetadataValue};
use crate::group::{GroupDescription, GroupState, LeaveReason};
use crate::protocol::{ErrorCode, GroupId, MemberId};
use crate::time::SimTime;
use crate::topic::TopicName;
pub(super) use offsets::OffsetExpirationCondition;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ClassicGroup {
    id: GroupId,
    phase: Phase,
    /// When the phase began, in milliseconds since the Unix epoch.
    current_state_timestamp: Option<i64>,
    generation_id: i32,
    protocol_type: Option<Rc<str>>,
    protocol: Option<Rc<str>>,
    leader: Option<MemberId>,
    members: Members,
    /// `group.instance.id` to the member that holds it.
    static_members: BTreeMap<Rc<str>, MemberId>,
    /// Ids handed out with MEMBER_ID_REQUIRED that have not come back.
    pending_join_members: BTreeSet<MemberId>,
    /// Somebody joined during the initial delay, so that it is prolonged. As in Kafka, it outlives a
    /// delay that could not be prolonged any more.
    new_member_added: bool,
    /// What the members of the current generation subscribe to; `None` before the first.
    subscribed_topics: Option<BTreeSet<TopicName>>,
}

/// The phases and what moves a group between them:
///
/// | from | to | when |
/// |---|---|---|
/// | Empty | PreparingRebalance (initial) | the first member joins |
/// | PreparingRebalance | CompletingRebalance | all have joined, or the time is up |
/// | PreparingRebalance | Empty | the same, and nobody is left |
/// | CompletingRebalance | Stable | the leader has synced |
/// | CompletingRebalance, Stable | PreparingRebalance | a member joins, leaves, changes, or fails |
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    Empty,
    PreparingRebalance { wait: JoinWait, deadline: SimTime },
    CompletingRebalance(PendingSync),
    Stable(PendingSync),
}

/// What the join phase waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum JoinWait {
    /// More members of a group that was empty: `group.initial.rebalance.delay.ms`, prolonged by
    /// newcomers for as long as something remains of the rebalance timeout (KIP-134).
    Initial { delay: Duration, remaining: Duration },
    /// Everybody to join again.
    Rejoin,
}

/// Members of the current generation that have not synced.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct PendingSync {
    members: BTreeSet<MemberId>,
    deadline: Option<SimTime>,
}

impl Phase {
    const fn state(&self) -> GroupState {
        match self {
            Self::Empty => GroupState::Empty,
            Self::PreparingRebalance { .. } => GroupState::PreparingRebalance,
            Self::CompletingRebalance(_) => GroupState::CompletingRebalance,
            Self::Stable(_) => GroupState::Stable,
        }
    }

    const fn pending_sync(&self) -> Option<&PendingSync> {
        match self {
            Self::Empty | Self::PreparingRebalance { .. } => None,
            Self::CompletingRebalance(pending) | Self::Stable(pending) => Some(pending),
        }
    }

    const fn pending_sync_mut(&mut self) -> Option<&mut PendingSync> {
        match self {
            Self::Empty | Self::PreparingRebalance { .. } => None,
            Self::CompletingRebalance(pending) | Self::Stable(pending) => Some(pending),
        }
    }
}

impl ClassicGroup {
    pub(super) fn new(id: GroupId, timestamp: i64) -> Self {
        Self {
            id,
            phase: Phase::Empty,
            current_state_timestamp: Some(timestamp),
            generation_id: 0,
            protocol_type: None,
            protocol: None,
            leader: None,
            members: Members::new(),
            static_members: BTreeMap::new(),
            pending_join_members: BTreeSet::new(),
            new_member_added: false,
            subscribed_topics: None,
        }
    }

    /// A group read back from the log: with members it is Stable, whatever it was when the record was
    /// written.
    pub(super) fn restored(id: GroupId, value: &GroupMetadataValue) -> Self {
        let mut group = Self {
            current_state_timestamp: value.current_state_timestamp,
            generation_id: value.generation,
            protocol_type: Some(value.protocol_type.clone()).filter(|name| !name.is_empty()),
            protocol: value.protocol.clone(),
            leader: value.leader.clone(),
            ..Self::new(id, 0)
        };
        if let Some(protocol) = value.protocol.as_ref().filter(|_| !value.members.is_empty()) {
            group.phase = Phase::Stable(PendingSync::default());
            for metadata in &value.members {
                if let Some(instance_id) = &metadata.group_instance_id {
                    group.static_members.insert(instance_id.clone(), metadata.member_id.clone());
                }
                group.members.insert(Member::restored(metadata, protocol));
            }
        }
        group.subscribed_topics = group.compute_subscribed_topics();
        group
    }

    /// Starts the timers of a group that was read back. `GroupMetadataManager.onLoaded`
    pub(super) fn on_loaded(&mut self, decision: &mut Decision<'_>) {
        let members: Vec<_> =
            self.members.iter().map(|it| (it.member_id.clone(), it.session_timeout)).collect();
        for (member_id, session_timeout) in members {
            self.reset_session(&member_id, session_timeout, decision);
        }
        if self.members.len() > u64::from(decision.config.group_max_size) {
            self.prepare_rebalance(decision);
        }
    }

    /// Everybody who waits is sent to look for the new coordinator, and the timers end.
    /// `GroupMetadataManager.onUnloaded`
    pub(super) fn on_unloaded(&mut self, decision: &mut Decision<'_>) {
        for member in self.members.iter_mut() {
            if let Some(handle) = member.awaiting_join.take() {
                decision.respond_join(handle, &member.member_id, Err(ErrorCode::NotCoordinator));
            }
            if let Some(handle) = member.awaiting_sync.take() {
                decision.respond_sync(handle, Err(ErrorCode::NotCoordinator));
            }
        }
        for member_id in self.members.ids().chain(&self.pending_join_members) {
            decision.cancel_timer(self.session_timer(member_id));
        }
        decision.cancel_timer(GroupTimer::Join { group: self.id.clone() });
        decision.cancel_timer(GroupTimer::Sync { group: self.id.clone() });
    }

    pub(super) const fn state(&self) -> GroupState {
        self.phase.state()
    }

    pub(super) const fn generation_id(&self) -> i32 {
        self.generation_id
    }

    pub(super) const fn protocol_type(&self) -> Option<&Rc<str>> {
        self.protocol_type.as_ref()
    }

    pub(super) fn describe(&self) -> GroupDescription {
        let deadline = match &self.phase {
            Phase::Empty => None,
            Phase::PreparingRebalance { deadline, .. } => Some(*deadline),
            Phase::CompletingRebalance(pending) | Phase::Stable(pending) => pending.deadline,
        };
        let pending_sync = self.phase.pending_sync().map(|pending| pending.members.iter().cloned().collect());
        GroupDescription {
            state: self.state(),
            generation_id: self.generation_id,
            protocol_type: self.protocol_type.clone(),
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            members: self.members.iter().map(|member| member.describe(self.protocol.as_deref())).collect(),
            pending_join_members: self.pending_join_members.iter().cloned().collect(),
            pending_sync_members: pending_sync.unwrap_or_default(),
            deadline,
        }
    }

    /// The record that a new coordinator needs to go on with this generation.
    fn metadata_record(&self) -> CoordinatorRecord {
        let members = match &self.protocol {
            Some(protocol) => self.members.iter().map(|member| member.metadata(protocol)).collect(),
            None => Vec::new(),
        };
        let value = GroupMetadataValue {
            protocol_type: self.protocol_type.clone().unwrap_or_default(),
            generation: self.generation_id,
            protocol: self.protocol.clone(),
            leader: self.leader.clone(),
            current_state_timestamp: self.current_state_timestamp,
            members,
        };
        CoordinatorRecord::GroupMetadata { group: self.id.clone(), value: Some(value) }
    }

    /// The record that makes a group known that nobody is a member of yet.
    pub(super) fn empty_metadata_record(&self) -> CoordinatorRecord {
        let value = GroupMetadataValue {
            protocol_type: Rc::from(""),
            generation: 0,
            protocol: None,
            leader: None,
            current_state_timestamp: self.current_state_timestamp,
            members: Vec::new(),
        };
        CoordinatorRecord::GroupMetadata { group: self.id.clone(), value: Some(value) }
    }

    fn transition_to(&mut self, phase: Phase, decision: &mut Decision<'_>) {
        let from = self.phase.state();
        self.phase = phase;
        self.current_state_timestamp = Some(decision.timestamp);
        decision.emit(Event::GroupStateChanged {
            group: self.id.clone(),
            from,
            to: self.phase.state(),
            generation: self.generation_id,
        });
    }

    /// A member takes its place, parked in JoinGroup. The first one of a group leads it and names the
    /// protocol type.
    fn add(&mut self, member: Member, protocol_type: &Rc<str>, decision: &mut Decision<'_>) {
        if self.members.is_empty() {
            self.protocol_type = Some(protocol_type.clone());
        }
        let member_id = member.member_id.clone();
        self.leader.get_or_insert_with(|| member_id.clone());
        if let Some(instance_id) = &member.group_instance_id {
            self.static_members.insert(instance_id.clone(), member_id.clone());
        }
        self.members.insert(member);
        self.pending_join_members.remove(&member_id);
        decision.emit(Event::MemberAdded { group: self.id.clone(), member: member_id });
    }

    /// Forgets a member or a pending id. A lost leader is followed by the first member in `HashMap`
    /// order.
    fn remove(&mut self, member_id: &MemberId, reason: LeaveReason, decision: &mut Decision<'_>) {
        if let Some(member) = self.members.remove(member_id) {
            if let Some(instance_id) = &member.group_instance_id {
                self.static_members.remove(instance_id);
            }
            decision.emit(Event::MemberRemoved { group: self.id.clone(), member: member_id.clone(), reason });
        }
        if self.leader.as_ref() == Some(member_id) {
            self.leader = self.members.ids().next().cloned();
        }
        self.pending_join_members.remove(member_id);
        if let Some(pending) = self.phase.pending_sync_mut() {
            pending.members.remove(member_id);
        }
    }

    fn member_mut(&mut self, member_id: &str) -> &mut Member {
        self.members.get_mut(member_id).expect("the member was looked up before")
    }

    fn is_leader(&self, member_id: &str) -> bool {
        self.leader.as_deref() == Some(member_id)
    }

    /// `UNKNOWN_MEMBER_ID`, or `FENCED_INSTANCE_ID` when another member holds the instance id.
    fn validate_member(&self, member_id: &str, group_instance_id: Option<&str>) -> Result<(), ErrorCode> {
        if let Some(instance_id) = group_instance_id {
            match self.static_members.get(instance_id) {
                None => return Err(ErrorCode::UnknownMemberId),
                Some(holder) if **holder != *member_id => return Err(ErrorCode::FencedInstanceId),
                Some(_) => {}
            }
        }
        if self.members.contains(member_id) { Ok(()) } else { Err(ErrorCode::UnknownMemberId) }
    }

    /// The longest patience of any member: `max.poll.interval.ms` of its consumer.
    fn rebalance_timeout(&self) -> Duration {
        self.members.iter().map(|member| member.rebalance_timeout).max().unwrap_or_default()
    }

    fn num_awaiting_join(&self) -> u64 {
        self.members.iter().filter(|member| member.is_awaiting_join()).count() as u64
    }

    fn has_all_members_joined(&self) -> bool {
        self.pending_join_members.is_empty() && self.members.iter().all(Member::is_awaiting_join)
    }

    fn session_timer(&self, member_id: &MemberId) -> GroupTimer {
        GroupTimer::Session { group: self.id.clone(), member: member_id.clone() }
    }

    fn reset_session(&mut self, member_id: &MemberId, timeout: Duration, decision: &mut Decision<'_>) {
        self.member_mut(member_id).session_deadline =
            decision.set_timer(self.session_timer(member_id), timeout);
    }

    fn compute_subscribed_topics(&self) -> Option<BTreeSet<TopicName>> {
        if !self.uses_consumer_group_protocol() {
            return None;
        }
        if self.members.is_empty() {
            return Some(BTreeSet::new());
        }
        let protocol = self.protocol.as_deref()?;
        Some(
            self.members
                .iter()
                .flat_map(|member| member.subscription(protocol).topics.iter().cloned())
                .collect(),
        )
    }

    fn uses_consumer_group_protocol(&self) -> bool {
        self.protocol_type.as_deref() == Some("consumer")
    }
}
