//! JoinGroup: who is let in, and whether that starts a rebalance.
//!
//! Mirrors `GroupMetadataManager.classicGroupJoinToClassicGroup` and what it calls. Leaves out:
//! UNKNOWN_SERVER_ERROR for a pending id that comes back with an instance id (no client does; it is
//! unknown here), and the answer to a parked JoinGroup that its member repeats (Kafka drops it, too).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::event::Event;
use crate::group::LeaveReason;
use crate::group::classic::{ClassicGroup, JoinWait, Phase};
use crate::group::config::NEW_MEMBER_JOIN_TIMEOUT;
use crate::group::effects::{Decision, MemberIdSource};
use crate::group::member::Member;
use crate::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use crate::protocol::{ErrorCode, JoinGroupRequest, JoinedGeneration, JoinedMember, MemberId, RequestHandle};

impl ClassicGroup {
    pub(in crate::group) fn join(
        &mut self,
        request: &JoinGroupRequest,
        handle: RequestHandle,
        ids: &mut impl MemberIdSource,
        decision: &mut Decision<'_>,
    ) {
        let member_id = &request.member_id;
        if !self.accepts(member_id, decision.config.group_max_size) {
            self.remove(member_id, LeaveReason::GroupMaxSizeReached, decision);
            decision.respond_join(handle, &MemberId::from(""), Err(ErrorCode::GroupMaxSizeReached));
        } else if !self.supports_protocols(request) {
            decision.respond_join(handle, member_id, Err(ErrorCode::InconsistentGroupProtocol));
        } else if member_id.is_empty() {
            self.join_new_member(request, handle, ids, decision);
        } else if self.pending_join_members.contains(member_id) && request.group_instance_id.is_none() {
            self.add_member_then_rebalance(request, handle, member_id, decision);
        } else if let Err(error) = self.validate_member(member_id, request.group_instance_id.as_deref()) {
            decision.respond_join(handle, member_id, Err(error));
        } else {
            self.join_existing_member(request, handle, decision);
        }
    }

    /// `group.max.size`. While members come back, those that are parked count: so the last to rejoin
    /// are turned away when the limit was lowered.
    fn accepts(&self, member_id: &str, max_size: u32) -> bool {
        let has_room = |members: u64| members < u64::from(max_size);
        match &self.phase {
            Phase::Empty => true,
            Phase::PreparingRebalance { .. } => {
                self.members.get(member_id).is_some_and(Member::is_awaiting_join)
                    || has_room(self.num_awaiting_join())
            }
            Phase::CompletingRebalance(_) | Phase::Stable(_) => {
                self.members.contains(member_id) || has_room(self.members.len())
            }
        }
    }

    /// At least one offered protocol must be supported by all present members.
    fn supports_protocols(&self, request: &JoinGroupRequest) -> bool {
        if matches!(self.phase, Phase::Empty) {
            return !request.protocol_type.is_empty() && !request.protocols.is_empty();
        }
        self.protocol_type.as_ref() == Some(&request.protocol_type)
            && request
                .protocols
                .iter()
                .any(|(name, _)| self.members.iter().all(|member| member.supports(name)))
    }

    fn join_new_member(
        &mut self,
        request: &JoinGroupRequest,
        handle: RequestHandle,
        ids: &mut impl MemberIdSource,
        decision: &mut Decision<'_>,
    ) {
        let name = request.group_instance_id.as_ref().unwrap_or(&request.client_id);
        let member_id = MemberId::from(format!("{name}-{}", ids.uuid()));
        if let Some(instance_id) = &request.group_instance_id {
            match self.static_members.get(instance_id).cloned() {
                Some(old_id) => self.replace_static_member(request, handle, &old_id, &member_id, decision),
                None => self.add_member_then_rebalance(request, handle, &member_id, decision),
            }
        } else if request.requires_known_member_id {
            self.pending_join_members.insert(member_id.clone());
            decision.set_timer(self.session_timer(&member_id), request.session_timeout);
            decision.respond_join(handle, &member_id, Err(ErrorCode::MemberIdRequired));
        } else {
            self.add_member_then_rebalance(request, handle, &member_id, decision);
        }
    }

    fn add_member_then_rebalance(
        &mut self,
        request: &JoinGroupRequest,
        handle: RequestHandle,
        member_id: &MemberId,
        decision: &mut Decision<'_>,
    ) {
        if matches!(self.phase, Phase::PreparingRebalance { wait: JoinWait::Initial { .. }, .. }) {
            self.new_member_added = true;
        }
        self.add(Member::new(member_id.clone(), request, handle), &request.protocol_type, decision);
        self.reset_session(member_id, NEW_MEMBER_JOIN_TIMEOUT, decision);
        self.maybe_prepare_rebalance_or_complete_join(decision);
    }

    fn join_existing_member(
        &mut self,
        request: &JoinGroupRequest,
        handle: RequestHandle,
        decision: &mut Decision<'_>,
    ) {
        let member_id = &request.member_id;
        let is_unchanged =
            self.members.get(member_id).is_some_and(|member| member.protocols == request.protocols);
        let current_generation_serves = match &self.phase {
            // A group without members has none that could pass the validation.
            Phase::Empty | Phase::PreparingRebalance { .. } => false,
            // The answer to its JoinGroup may have been lost.
            Phase::CompletingRebalance(_) => is_unchanged,
            // The leader rejoins when it saw what concerns the assignment but not its own metadata: new
            // partitions.
            Phase::Stable(_) => is_unchanged && !self.is_leader(member_id),
        };
        if current_generation_serves {
            decision.respond_join(handle, member_id, Ok(self.joined_generation(member_id, false)));
        } else {
            self.member_mut(member_id).update(request, handle);
            self.maybe_prepare_rebalance_or_complete_join(decision);
        }
    }

    /// A static member came back under a new id: it takes the place, and the assignment, of the old one
    /// (KIP-345).
    fn replace_static_member(
        &mut self,
        request: &JoinGroupRequest,
        handle: RequestHandle,
        old_id: &MemberId,
        new_id: &MemberId,
        decision: &mut Decision<'_>,
    ) {
        let mut member = self.members.remove(old_id).expect("instance ids map to members");
        if let Some(parked) = member.awaiting_join.take() {
            decision.respond_join(parked, old_id, Err(ErrorCode::FencedInstanceId));
        }
        if let Some(parked) = member.awaiting_sync.take() {
            decision.respond_sync(parked, Err(ErrorCode::FencedInstanceId));
        }
        member.member_id = new_id.clone();
        member.is_new = false;
        let session_timeout = member.session_timeout;
        member.update(request, handle);
        if let Some(instance_id) = &member.group_instance_id {
            self.static_members.insert(instance_id.clone(), new_id.clone());
        }
        self.members.insert(member);
        if self.is_leader(old_id) {
            self.leader = Some(new_id.clone());
        }
        let group = self.id.clone();
        decision.emit(Event::MemberRemoved { group, member: old_id.clone(), reason: LeaveReason::Replaced });
        decision.emit(Event::MemberAdded { group: self.id.clone(), member: new_id.clone() });
        // The timer of the old id is left to fire without effect, and the first one of the new id runs
        // for the old session timeout: as Kafka does.
        self.reset_session(new_id, session_timeout, decision);

        match &self.phase {
            Phase::Stable(_) if self.protocol.as_ref() == Some(&self.select_protocol()) => {
                self.member_mut(new_id).awaiting_join = None;
                decision.effects.records.push(self.metadata_record());
                let skip_assignment = self.is_leader(new_id);
                decision.respond_join(handle, new_id, Ok(self.joined_generation(new_id, skip_assignment)));
            }
            // The leader may be assigning to the old id at this moment: the new one would come away
            // empty-handed.
            Phase::Stable(_) | Phase::CompletingRebalance(_) => self.prepare_rebalance(decision),
            Phase::Empty | Phase::PreparingRebalance { .. } => self.maybe_complete_join_phase(decision),
        }
    }

    /// What a member is told about the current generation; the leader learns the members.
    pub(super) fn joined_generation(&self, member_id: &str, skip_assignment: bool) -> JoinedGeneration {
        let protocol = self.protocol.clone().expect("a generation with members has a protocol");
        let members = if self.is_leader(member_id) {
            let joined = |member: &Member| JoinedMember {
                member_id: member.member_id.clone(),
                group_instance_id: member.group_instance_id.clone(),
                subscription: member.subscription(&protocol).clone(),
            };
            self.members.iter().map(joined).collect()
        } else {
            Vec::new()
        };
        JoinedGeneration {
            generation_id: self.generation_id,
            protocol,
            leader: self.leader.clone().expect("a generation with members has a leader"),
            skip_assignment,
            members,
        }
    }

    /// Every member votes for its favourite among the protocols that all support; the first of the most
    /// voted in `HashMap` order wins. The group must have members.
    pub(super) fn select_protocol(&self) -> Rc<str> {
        let is_common = |name: &Rc<str>| self.members.iter().all(|member| member.supports(name));
        let names = self.members.iter().flat_map(|member| &member.protocols).map(|(name, _)| name.clone());
        let mut candidates: BTreeSet<_> = names.collect();
        candidates.retain(is_common);
        let mut votes: BTreeMap<&Rc<str>, u32> = BTreeMap::new();
        let mut in_order_of_first_vote = Vec::new();
        for favourite in self.members.iter().map(|member| member.vote(&candidates)) {
            let count = votes.entry(favourite).or_insert_with(|| {
                in_order_of_first_vote.push(favourite);
                0
            });
            *count += 1;
        }
        let most = votes.values().max().copied();
        let names = iteration_order(in_order_of_first_vote, DEFAULT_CAPACITY, |name| name.java_hash());
        let winner = names.into_iter().find(|name| votes.get(name).copied() == most);
        winner.cloned().expect("a group that chooses a protocol has members")
    }
}
