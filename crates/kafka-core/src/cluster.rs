//! The metadata that the controller keeps: topics, where their replicas are, who leads.
//!
//! Mirrors `ReplicationControlManager`, `StripedReplicaPlacer` and `Topic`. The controller is not a node: a change is
//! known to every broker at once. Leaves out: elections, ISR changes, reassignment, racks, eligible
//! leader replicas.

mod administration;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::command::{CommandError, NewTopic};
use crate::config::{BrokerConfig, ConfigResource, validate_topic_config};
use crate::protocol::BrokerId;
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::topic::{TopicId, TopicName, TopicPartition};

/// Where the group coordinators keep their records (`Topic.GROUP_METADATA_TOPIC_NAME`).
pub const CONSUMER_OFFSETS: &str = "__consumer_offsets";

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cluster {
    brokers: Vec<BrokerId>,
    topics: BTreeMap<TopicName, Topic>,
    /// What was set for everything but topics, by name.
    configs: BTreeMap<ConfigResource, BTreeMap<Rc<str>, Rc<str>>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Topic {
    pub id: TopicId,
    pub partitions: Vec<Partition>,
    /// What was set for this topic, by name.
    pub configs: BTreeMap<Rc<str>, Rc<str>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Partition {
    pub leader: Option<BrokerId>,
    pub leader_epoch: i32,
    /// In order of preference.
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
}

impl Cluster {
    pub(crate) fn new(brokers: u32) -> Self {
        let brokers = (1..=brokers).map(BrokerId).collect();
        Self { brokers, topics: BTreeMap::new(), configs: administration::initial_configs() }
    }

    pub fn brokers(&self) -> &[BrokerId] {
        &self.brokers
    }

    /// Every topic, in order of name.
    pub fn topics(&self) -> impl Iterator<Item = (&TopicName, &Topic)> {
        self.topics.iter()
    }

    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.get(name)
    }

    pub fn partition(&self, partition: &TopicPartition) -> Option<&Partition> {
        self.topic(&partition.topic)?.partitions.get(partition.partition as usize)
    }

    pub fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.partition(partition)?.leader
    }

    /// The partitions that a learner has asked for.
    fn partition_count(&self) -> u32 {
        let asked_for = self.topics.iter().filter(|(name, _)| ***name != *CONSUMER_OFFSETS);
        asked_for.map(|(_, topic)| topic.partitions.len() as u32).sum()
    }

    /// Checks a new topic as the controller does, and creates it. Answers with its partition count and
    /// replication factor.
    pub(crate) fn create_topic(
        &mut self,
        new: &NewTopic,
        config: &BrokerConfig,
        rng: &mut Rng,
    ) -> Result<(u32, u32), CommandError> {
        let assigned = &new.replica_assignment;
        let partitions = match assigned.len() as u32 {
            0 => new.partitions.unwrap_or(config.num_partitions),
            assigned => assigned,
        };
        let replication_factor = match assigned.first() {
            Some(first) => first.len() as u32,
            None => new.replication_factor.unwrap_or(config.default_replication_factor),
        };
        if partitions == 0 {
            return Err(CommandError::PartitionsNotPositive);
        }
        if !(1..=32_767).contains(&replication_factor) {
            return Err(CommandError::ReplicationFactorOutOfRange);
        }
        for (name, value) in &new.configs {
            validate_topic_config(name, value)?;
        }
        validate_topic_name(&new.name)?;
        self.check_free(&new.name)?;
        self.check_assignment(assigned)?;
        let registered = self.brokers.len() as u32;
        if replication_factor > registered {
            return Err(CommandError::ReplicationFactorTooLarge {
                asked: replication_factor,
                brokers: registered,
            });
        }
        let limit = Scenario::MAX_PARTITIONS;
        let counts = *new.name != *CONSUMER_OFFSETS;
        if counts && self.partition_count().saturating_add(partitions) > limit {
            return Err(CommandError::TooManyPartitions { asked: partitions, limit });
        }
        let topic = Topic {
            id: TopicId::random(rng),
            partitions: if assigned.is_empty() {
                self.place(partitions, replication_factor, rng)
            } else {
                assigned.iter().cloned().map(Partition::new).collect()
            },
            configs: new.configs.iter().cloned().collect(),
        };
        self.topics.insert(new.name.clone(), topic);
        Ok((partitions, replication_factor))
    }

    /// Gives a topic more partitions (`ReplicationControlManager.createPartitions`).
    pub(crate) fn create_partitions(
        &mut self,
        name: &TopicName,
        total: u32,
        rng: &mut Rng,
    ) -> Result<(), CommandError> {
        let topic = self.topics.get(name).ok_or(CommandError::UnknownTopic)?;
        let partitions = topic.partitions.len() as u32;
        if total <= partitions {
            return Err(CommandError::NotAnIncrease { topic: name.clone(), partitions, asked: total });
        }
        let (asked, limit) = (total - partitions, Scenario::MAX_PARTITIONS);
        if self.partition_count().saturating_add(asked) > limit {
            return Err(CommandError::TooManyPartitions { asked, limit });
        }
        let replication_factor = topic.partitions.first().map_or(1, |partition| partition.replicas.len());
        let added = self.place(asked, replication_factor as u32, rng);
        if let Some(topic) = self.topics.get_mut(name) {
            topic.partitions.extend(added);
        }
        Ok(())
    }

    fn check_free(&self, name: &TopicName) -> Result<(), CommandError> {
        if self.topics.contains_key(name) {
            return Err(CommandError::TopicExists { topic: name.clone() });
        }
        // Metric names turn '.' into '_', so two names that differ only there collide (Topic.hasCollision).
        let unified = name.replace('.', "_");
        match self.topics.keys().find(|existing| existing.replace('.', "_") == unified) {
            Some(existing) => {
                Err(CommandError::TopicCollides { topic: name.clone(), with: existing.clone() })
            }
            None => Ok(()),
        }
    }

    /// Stripes replicas over the brokers from a random start; after as many partitions as there are
    /// brokers the order is shuffled and the striping goes on (`StripedReplicaPlacer`).
    fn place(&self, partitions: u32, replication_factor: u32, rng: &mut Rng) -> Vec<Partition> {
        let mut order = self.brokers.clone();
        let count = order.len();
        let start = rng.below(count as u32) as usize;
        order.rotate_left(start);
        (0..partitions as usize)
            .map(|index| {
                if index > 0 && index % count == 0 {
                    shuffle(&mut order, rng);
                }
                let replicas: Vec<_> =
                    (0..replication_factor as usize).map(|step| order[(index + step) % count]).collect();
                Partition::new(replicas)
            })
            .collect()
    }
}

impl Partition {
    /// The first replica leads.
    fn new(replicas: Vec<BrokerId>) -> Self {
        Self { leader: replicas.first().copied(), leader_epoch: 0, isr: replicas.clone(), replicas }
    }
}

/// Fisher and Yates.
fn shuffle(brokers: &mut [BrokerId], rng: &mut Rng) {
    for last in (1..brokers.len()).rev() {
        brokers.swap(last, rng.below(last as u32 + 1) as usize);
    }
}

/// `Topic.validate`.
fn validate_topic_name(name: &str) -> Result<(), CommandError> {
    const MAX_NAME_LENGTH: usize = 249;
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let reason = if name.is_empty() {
        "the empty string is not allowed".to_owned()
    } else if name == "." || name == ".." {
        format!("'{name}' is not allowed")
    } else if name.len() > MAX_NAME_LENGTH {
        format!("the length of '{name}' is longer than the max allowed length {MAX_NAME_LENGTH}")
    } else if !name.chars().all(legal) {
        format!("'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")
    } else {
        return Ok(());
    };
    Err(CommandError::InvalidTopicName { reason })
}
