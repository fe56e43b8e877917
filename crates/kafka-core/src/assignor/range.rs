//! Cuts each topic into ranges, one per member. Mirrors
//! `org.apache.kafka.clients.consumer.RangeAssignor`, with its rack-aware form.

use std::collections::{BTreeMap, BTreeSet};

use super::rack::is_rack_aware;
use super::{Assignment, SubscribedTopics, TopicMetadata, in_member_order, is_subscribed, rack_of};
use crate::java_hash::{self, DEFAULT_CAPACITY, JavaHash};
use crate::protocol::JoinedMember;
use crate::topic::{TopicName, TopicPartition};

pub(super) fn assign(topics: &SubscribedTopics<'_>, members: &[JoinedMember]) -> Assignment {
    let order = in_member_order(members);
    // The topics come as Java's map of them iterates: it is the order of each member's list.
    let topics = java_hash::iteration_order(topics, DEFAULT_CAPACITY, |(name, _)| name.java_hash());
    let mut shares: Vec<TopicShares<'_>> =
        topics.into_iter().map(|(name, topic)| TopicShares::new(name, topic, &order)).collect();

    let rack_aware = shares.iter().any(|topic| topic.rack_aware);
    if rack_aware {
        match_racks(&mut shares);
    }
    let mut assignment: Assignment =
        order.iter().map(|member| (member.member_id.clone(), Vec::new())).collect();
    for mut topic in shares {
        topic.take_ranges(|_, _| true);
        for (consumer, taken) in topic.consumers.iter().zip(topic.taken) {
            let list = assignment.get_mut(&consumer.member_id).expect("every member has a list");
            list.extend(
                taken.into_iter().map(|partition| TopicPartition::new(topic.name.clone(), partition)),
            );
        }
    }
    if rack_aware {
        assignment.values_mut().for_each(|list| list.sort_unstable());
    }
    assignment
}

/// One topic while it is being shared out.
struct TopicShares<'a> {
    name: &'a TopicName,
    topic: &'a TopicMetadata,
    /// The subscribers in member order, and what each has taken.
    consumers: Vec<&'a JoinedMember>,
    taken: Vec<Vec<u32>>,
    unassigned: BTreeSet<u32>,
    /// Every consumer's share, and how many may still take one more.
    quota: usize,
    extras: usize,
    rack_aware: bool,
}

impl<'a> TopicShares<'a> {
    fn new(name: &'a TopicName, topic: &'a TopicMetadata, order: &[&'a JoinedMember]) -> Self {
        let consumers: Vec<_> = order.iter().copied().filter(|member| is_subscribed(member, name)).collect();
        let racks = consumers.iter().filter_map(|member| rack_of(member)).collect();
        let partitions = topic.partitions as usize;
        Self {
            name,
            topic,
            taken: vec![Vec::new(); consumers.len()],
            unassigned: (0..topic.partitions).collect(),
            quota: partitions / consumers.len(),
            extras: partitions % consumers.len(),
            rack_aware: is_rack_aware(&racks, (0..topic.partitions).map(|partition| topic.racks(partition))),
            consumers,
        }
    }

    fn room(&self, consumer: usize) -> usize {
        (self.quota + usize::from(self.extras > 0)).saturating_sub(self.taken[consumer].len())
    }

    /// A member without a rack is at home everywhere.
    fn is_near(&self, consumer: usize, partition: u32) -> bool {
        rack_of(self.consumers[consumer])
            .is_none_or(|rack| self.topic.racks(partition).is_some_and(|racks| racks.contains(rack)))
    }

    fn take(&mut self, consumer: usize, partition: u32) {
        self.unassigned.remove(&partition);
        self.taken[consumer].push(partition);
        if self.taken[consumer].len() == self.quota + 1 {
            self.extras -= 1;
        }
    }

    /// Each consumer in turn fills its room with the first partitions that it may have.
    fn take_ranges(&mut self, may_have: impl Fn(&Self, (usize, u32)) -> bool) {
        for consumer in 0..self.consumers.len() {
            let wanted: Vec<u32> = self
                .unassigned
                .iter()
                .copied()
                .filter(|partition| may_have(self, (consumer, *partition)))
                .take(self.room(consumer))
                .collect();
            for partition in wanted {
                self.take(consumer, partition);
            }
        }
    }
}

/// Topics with the same subscribers and as many partitions are co-partitioned: whoever has
/// partition 0 of one should have partition 0 of the others, near or not.
fn match_racks(shares: &mut [TopicShares<'_>]) {
    let mut groups: BTreeMap<_, Vec<&mut TopicShares<'_>>> = BTreeMap::new();
    for topic in shares {
        let consumers: Vec<_> = topic.consumers.iter().map(|member| member.member_id.clone()).collect();
        groups.entry((consumers, topic.topic.partitions)).or_default().push(topic);
    }
    for group in groups.into_values() {
        match <[_; 1]>::try_from(group) {
            Ok([topic]) if topic.rack_aware => {
                topic.take_ranges(|topic, (consumer, p)| topic.is_near(consumer, p));
            }
            Ok(_) => {}
            Err(mut group) => match_racks_together(&mut group),
        }
    }
}

/// Gives partition n of every topic to the first consumer that is near all of them and has room.
fn match_racks_together(group: &mut [&mut TopicShares<'_>]) {
    let first = &*group[0];
    let (consumers, partitions) = (first.consumers.len(), first.topic.partitions);
    if first.consumers.iter().all(|member| rack_of(member).is_none()) {
        return;
    }
    for partition in 0..partitions {
        let fits = |consumer: &usize| {
            group.iter().all(|topic| topic.is_near(*consumer, partition) && topic.room(*consumer) > 0)
        };
        if let Some(consumer) = (0..consumers).find(fits) {
            for topic in &mut *group {
                topic.take(consumer, partition);
            }
        }
    }
}
