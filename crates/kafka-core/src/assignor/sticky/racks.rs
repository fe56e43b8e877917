//! Racks of members and of replicas. Mirrors `AbstractStickyAssignor.RackInfo`.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::assignor::rack::is_rack_aware;
use crate::assignor::{SubscribedTopics, rack_of};
use crate::protocol::JoinedMember;
use crate::topic::TopicPartition;

/// Knows no rack at all when matching them gains nothing.
pub(super) struct Racks<'a> {
    topics: &'a SubscribedTopics<'a>,
    of_members: Vec<Option<&'a str>>,
    members_on: BTreeMap<&'a str, u32>,
}

impl<'a> Racks<'a> {
    pub(super) fn new(topics: &'a SubscribedTopics<'a>, members: &[&'a JoinedMember]) -> Self {
        let mut of_members: Vec<_> = members.iter().map(|member| rack_of(member)).collect();
        let known: BTreeSet<&str> = of_members.iter().copied().flatten().collect();
        let replicas = topics
            .values()
            .flat_map(|topic| (0..topic.partitions).map(move |partition| topic.racks(partition)));
        if !is_rack_aware(&known, replicas) {
            of_members.fill(None);
        }
        let mut members_on = BTreeMap::new();
        for rack in of_members.iter().copied().flatten() {
            *members_on.entry(rack).or_insert(0) += 1;
        }
        Self { topics, of_members, members_on }
    }

    pub(super) fn is_aware(&self) -> bool {
        !self.members_on.is_empty()
    }

    /// Whether the member has a rack and it holds a replica.
    pub(super) fn is_near(&self, member: usize, tp: &TopicPartition) -> bool {
        let racks = self.replicas(tp);
        self.of_members[member].is_some_and(|rack| racks.is_some_and(|racks| racks.contains(rack)))
    }

    /// Whether the member has a rack and it holds no replica.
    pub(super) fn is_far(&self, member: usize, tp: &TopicPartition) -> bool {
        self.of_members[member].is_some() && !self.is_near(member, tp)
    }

    /// How many members have a replica in their rack.
    pub(super) fn members_near(&self, tp: &TopicPartition) -> u32 {
        self.replicas(tp).into_iter().flatten().filter_map(|rack| self.members_on.get(&**rack)).sum()
    }

    fn replicas(&self, tp: &TopicPartition) -> Option<&'a BTreeSet<Rc<str>>> {
        self.topics.get(&tp.topic).and_then(|topic| topic.racks(tp.partition))
    }
}
