//! For members that subscribe to different topics. Mirrors
//! `org.apache.kafka.coordinator.group.assignor.UniformHeterogeneousAssignmentBuilder`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::by_load::ByLoad;
use super::topics_of;
use crate::assignor::{ServerMember, ServerTopicMap, TopicIdPartition};
use crate::topic::TopicId;

/// Members with overlapping subscriptions may never balance perfectly: Kafka stops trying here.
const MAX_PASSES: u32 = 16;

/// `members` stand in the order of Java's map of them; so do the answers.
pub(super) fn assign(topics: &ServerTopicMap, members: &[&ServerMember]) -> Vec<Vec<TopicIdPartition>> {
    let mut loads = vec![0; members.len()];
    let mut topics = share_out(topics, members, &mut loads);
    topics.sort_by(TopicShares::compare);
    for topic in &mut topics {
        topic.assign_rest(&mut loads);
    }
    balance(&mut topics, &mut loads);

    let mut assigned = vec![Vec::new(); members.len()];
    for topic in topics {
        for (partition, owner) in (0..).zip(topic.owners) {
            let owner = owner.expect("every partition of a subscribed topic was assigned");
            assigned[owner].push(TopicIdPartition { topic_id: topic.id, partition });
        }
    }
    assigned
}

/// One subscribed topic; members go by their number.
struct TopicShares {
    id: TopicId,
    subscribers: Vec<usize>,
    owners: Vec<Option<usize>>,
}

/// Lets everybody keep the target, as far as it is still subscribed.
fn share_out(topics: &ServerTopicMap, members: &[&ServerMember], loads: &mut [u32]) -> Vec<TopicShares> {
    let mut shares: BTreeMap<TopicId, TopicShares> = BTreeMap::new();
    for (number, member) in members.iter().enumerate() {
        for topic in topics_of(topics, member) {
            let unowned = || TopicShares {
                id: topic.id,
                subscribers: Vec::new(),
                owners: vec![None; topic.partitions as usize],
            };
            shares.entry(topic.id).or_insert_with(unowned).subscribers.push(number);
        }
        for tp in &member.target {
            let Some(topic) = shares.get_mut(&tp.topic_id) else { continue };
            // Members come in ascending order, so a subscriber of the topic is its last one so far.
            let subscribed = topic.subscribers.last() == Some(&number);
            if let Some(owner) = topic.owners.get_mut(tp.partition as usize).filter(|_| subscribed) {
                *owner = Some(number);
                loads[number] += 1;
            }
        }
    }
    shares.into_values().collect()
}

/// Goes round the topics until none of them can be balanced any further.
fn balance(topics: &mut [TopicShares], loads: &mut [u32]) {
    let mut shared: Vec<&mut TopicShares> =
        topics.iter_mut().filter(|topic| topic.subscribers.len() > 1).collect();
    let mut last_moved = None;
    for _ in 0..MAX_PASSES {
        for (index, topic) in shared.iter_mut().enumerate() {
            if last_moved == Some(index) {
                return;
            }
            if topic.balance(loads) || last_moved.is_none() {
                last_moved = Some(index);
            }
        }
    }
}

impl TopicShares {
    /// Topics with many partitions for each subscriber come first, then those with few subscribers, then
    /// by id, of which Java compares the halves as signed numbers.
    fn compare(&self, other: &Self) -> Ordering {
        let ratio = |topic: &Self, by: &Self| topic.owners.len() * by.subscribers.len();
        let signed =
            |id: TopicId| (id.most_significant_bits.cast_signed(), id.least_significant_bits.cast_signed());
        ratio(other, self)
            .cmp(&ratio(self, other))
            .then(self.subscribers.len().cmp(&other.subscribers.len()))
            .then_with(|| signed(self.id).cmp(&signed(other.id)))
    }

    fn assign_rest(&mut self, loads: &mut [u32]) {
        let mut subscribers = ByLoad::new(&self.subscribers, loads);
        for owner in self.owners.iter_mut().filter(|owner| owner.is_none()) {
            let member = subscribers.next_lightest(loads);
            *owner = Some(member);
            loads[member] += 1;
        }
    }

    /// Moves partitions from the most to the least loaded subscribers; answers whether any moved.
    fn balance(&mut self, loads: &mut [u32]) -> bool {
        let load_of = |member: &usize| loads[*member];
        let most = self.subscribers.iter().map(load_of).max();
        let least = self.subscribers.iter().map(load_of).min();
        if most <= least.map(|least| least + 1) {
            return false;
        }
        // What each owner can still lose, its last partition first.
        let mut to_lose: Vec<Vec<usize>> = vec![Vec::new(); loads.len()];
        for (partition, owner) in self.owners.iter().enumerate() {
            to_lose[owner.expect("the rest was assigned")].push(partition);
        }
        let mut subscribers = ByLoad::new(&self.subscribers, loads);
        let mut moved = false;
        while let Some(heaviest) = subscribers.next_heaviest(loads) {
            let Some(partition) = to_lose[heaviest].pop() else {
                subscribers.exclude_heaviest();
                continue;
            };
            let lightest = subscribers.next_lightest(loads);
            if subscribers.is_balanced() {
                break;
            }
            loads[heaviest] -= 1;
            loads[lightest] += 1;
            self.owners[partition] = Some(lightest);
            moved = true;
        }
        moved
    }
}
