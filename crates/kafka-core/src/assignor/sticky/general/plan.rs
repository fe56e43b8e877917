//! The group in numbers: members, topics, partitions, and who may have which.

use std::collections::BTreeSet;
use std::ops::Range;

use fxhash::FxHashMap;

use crate::assignor::sticky::generation_of;
use crate::assignor::{SubscribedTopics, is_subscribed, partitions_of};
use crate::java_hash;
use crate::protocol::JoinedMember;
use crate::topic::{TopicName, TopicPartition};

/// What does not change: topics and members are numbered, partitions are numbered topic by topic.
pub(super) struct Plan<'a> {
    /// Those with few consumers come first.
    pub(super) topics: Vec<Topic>,
    numbers: FxHashMap<&'a TopicName, usize>,
    pub(super) partitions: Vec<TopicPartition>,
    pub(super) topic_of: Vec<usize>,
    /// Per member, the topics that it may have and the number of their partitions.
    pub(super) subscribed: Vec<BTreeSet<usize>>,
    pub(super) most: Vec<usize>,
    /// Members by their place in the order of ids, and back.
    pub(super) by_rank: Vec<usize>,
    pub(super) rank: Vec<usize>,
}

/// By partition: a generation and its member.
pub(super) type OlderOwners = FxHashMap<usize, (i32, usize)>;

pub(super) struct Topic {
    pub(super) partitions: Range<usize>,
    consumers: Vec<usize>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(topics: &SubscribedTopics<'a>, members: &[&JoinedMember]) -> Self {
        let mut sorted: Vec<_> = topics
            .iter()
            .map(|(name, topic)| {
                let consumers = (0..members.len()).filter(|member| is_subscribed(members[*member], name));
                (consumers.collect::<Vec<_>>(), *name, topic.partitions)
            })
            .collect();
        sorted.sort_by_key(|(consumers, _, _)| consumers.len());

        let mut by_rank: Vec<usize> = (0..members.len()).collect();
        by_rank
            .sort_by(|left, right| java_hash::compare(&members[*left].member_id, &members[*right].member_id));
        let mut plan = Self {
            topics: Vec::new(),
            numbers: FxHashMap::default(),
            partitions: Vec::new(),
            topic_of: Vec::new(),
            subscribed: vec![BTreeSet::new(); members.len()],
            most: vec![0; members.len()],
            rank: vec![0; members.len()],
            by_rank,
        };
        for (place, member) in plan.by_rank.iter().enumerate() {
            plan.rank[*member] = place;
        }
        for (number, (consumers, name, partitions)) in sorted.into_iter().enumerate() {
            let start = plan.partitions.len();
            plan.partitions.extend(partitions_of(name, partitions));
            let partitions = start..plan.partitions.len();
            plan.topic_of.resize(partitions.end, number);
            for consumer in &consumers {
                plan.subscribed[*consumer].insert(number);
                plan.most[*consumer] += partitions.len();
            }
            plan.numbers.insert(name, number);
            plan.topics.push(Topic { partitions, consumers });
        }
        plan
    }

    pub(super) fn number_of(&self, tp: &TopicPartition) -> Option<usize> {
        let topic = &self.topics[*self.numbers.get(&tp.topic)?];
        topic.partitions.clone().nth(tp.partition as usize)
    }

    /// Who had a partition in the latest generation before the current one.
    pub(super) fn older_owners(&self, members: &[&JoinedMember], max_generation: i32) -> OlderOwners {
        let mut owners = OlderOwners::default();
        for (index, member) in members.iter().enumerate() {
            let generation = generation_of(member);
            if generation >= max_generation {
                continue;
            }
            for partition in member.subscription.owned_partitions.iter().filter_map(|tp| self.number_of(tp)) {
                let owner = owners.entry(partition).or_insert((generation, index));
                if owner.0 < generation {
                    *owner = (generation, index);
                }
            }
        }
        owners
    }

    pub(super) fn is_shared(&self, topic: usize) -> bool {
        self.topics[topic].consumers.len() > 1
    }
}
