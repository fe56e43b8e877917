//! For members that all subscribe to the same topics. Mirrors
//! `org.apache.kafka.coordinator.group.assignor.UniformHomogeneousAssignmentBuilder`.

use fxhash::FxHashSet;

use super::topics_of;
use crate::assignor::{ServerMember, ServerTopic, ServerTopicMap, TopicIdPartition};
use crate::java_hash::{self, DEFAULT_CAPACITY, JavaHash, copy_capacity};
use crate::topic::TopicId;

/// `members` stand in the order of Java's map of them; so do the answers.
pub(super) fn assign(topics: &ServerTopicMap, members: &[&ServerMember]) -> Vec<Vec<TopicIdPartition>> {
    let topics = in_set_order(topics, members[0]);
    let assigned: FxHashSet<TopicIdPartition> =
        members.iter().flat_map(|member| member.target.iter().copied()).collect();
    let all = topics.iter().flat_map(|topic| {
        (0..topic.partitions).map(|partition| TopicIdPartition { topic_id: topic.id, partition })
    });
    let (assigned, mut unassigned): (Vec<_>, Vec<_>) = all.partition(|tp| assigned.contains(tp));
    let partitions = assigned.len() + unassigned.len();
    let existing: FxHashSet<TopicIdPartition> = assigned.into_iter().collect();

    let quota = partitions / members.len();
    let mut extras = partitions % members.len();
    let mut kept = Vec::new();
    let mut unfilled = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let mut has_extra = extras > 0;
        let most = quota + usize::from(has_extra);
        let mut owned = in_target_order(&member.target);
        owned.retain(|tp| existing.contains(tp));
        unassigned.extend(owned.drain(most.min(owned.len())..));

        // A member that did not have one more before gets it only when there are as many as members left.
        let members_left = members.len() - index;
        if has_extra && owned.len() < most && members_left > extras {
            has_extra = false;
        }
        extras -= usize::from(has_extra);
        let room = quota + usize::from(has_extra) - owned.len();
        if room > 0 {
            unfilled.push((index, room));
        }
        kept.push(owned);
    }
    let mut unassigned = unassigned.into_iter();
    for (index, room) in unfilled {
        kept[index].extend(unassigned.by_ref().take(room));
    }
    kept
}

/// The topics as Java's set of their ids, copied from the names, iterates.
fn in_set_order<'a>(topics: &'a ServerTopicMap, member: &'a ServerMember) -> Vec<&'a ServerTopic> {
    let names = u32::try_from(member.topics.len()).unwrap_or(u32::MAX);
    java_hash::iteration_order(topics_of(topics, member), copy_capacity(names), |topic| topic.id.java_hash())
}

/// A target as Java iterates it: a map of topics to sets of partitions.
fn in_target_order(target: &[TopicIdPartition]) -> Vec<TopicIdPartition> {
    let mut topics: Vec<(TopicId, Vec<u32>)> = Vec::new();
    for TopicIdPartition { topic_id, partition } in target.iter().copied() {
        match topics.iter_mut().find(|(id, _)| *id == topic_id) {
            Some((_, partitions)) => partitions.push(partition),
            None => topics.push((topic_id, vec![partition])),
        }
    }
    let topics = java_hash::iteration_order(topics, DEFAULT_CAPACITY, |(id, _)| id.java_hash());
    topics
        .into_iter()
        .flat_map(|(topic_id, partitions)| {
            let capacity = copy_capacity(u32::try_from(partitions.len()).unwrap_or(u32::MAX));
            let partitions = java_hash::iteration_order(partitions, capacity, u32::java_hash);
            partitions.into_iter().map(move |partition| TopicIdPartition { topic_id, partition })
        })
        .collect()
}
