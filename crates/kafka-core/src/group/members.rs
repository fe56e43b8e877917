//! The members of a classic group, in the order in which the coordinator walks them.
//!
//! Mirrors the `HashMap<String, ClassicGroupMember>` of `ClassicGroup`: its order decides who leads
//! after the leader left, in which order responses go out and what the leader sees first. Leaves out:
//! nothing known.

use std::collections::BTreeMap;

use crate::group::member::Member;
use crate::java_hash::{DEFAULT_CAPACITY, HashOrder, JavaHash};
use crate::protocol::MemberId;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Members {
    /// The keys of `by_id`.
    order: HashOrder<MemberId>,
    by_id: BTreeMap<MemberId, Member>,
}

impl Members {
    pub(super) fn new() -> Self {
        Self { order: HashOrder::with_capacity(DEFAULT_CAPACITY), by_id: BTreeMap::new() }
    }

    pub(super) fn len(&self) -> u64 {
        self.by_id.len() as u64
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(super) fn contains(&self, member_id: &str) -> bool {
        self.by_id.contains_key(member_id)
    }

    pub(super) fn get(&self, member_id: &str) -> Option<&Member> {
        self.by_id.get(member_id)
    }

    pub(super) fn get_mut(&mut self, member_id: &str) -> Option<&mut Member> {
        self.by_id.get_mut(member_id)
    }

    /// Adds a member whose id is not there yet.
    pub(super) fn insert(&mut self, member: Member) {
        let member_id = member.member_id.clone();
        self.order.push(member_id.java_hash(), member_id.clone());
        let present = self.by_id.insert(member_id, member);
        assert!(present.is_none(), "a member is added once");
    }

    pub(super) fn remove(&mut self, member_id: &str) -> Option<Member> {
        let (member_id, member) = self.by_id.remove_entry(member_id)?;
        self.order.remove(member_id.java_hash(), &member_id);
        Some(member)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = &MemberId> {
        self.order.iter()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.order.iter().map(|member_id| &self.by_id[member_id])
    }

    /// Sorted by id, for changes in which the order does not show.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Member> {
        self.by_id.values_mut()
    }
}
