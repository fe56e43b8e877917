//! The controller and the metadata that it keeps: brokers, topics, where their replicas are, who leads.
//!
//! Mirrors `QuorumController` and `Topic`. The controller is not a node: what it decides is known at once to every
//! broker that is in contact with it, and to the others once they are again.

mod administration;
mod controller;
mod image;
mod partition_change;
mod placement;
mod reassignment;
mod session;

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use crate::command::{CommandError, NewTopic};
use crate::config::{BrokerConfig, ConfigResource, validate_topic_config};
use crate::protocol::BrokerId;
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::time::SimTime;
use crate::topic::{TopicId, TopicName, TopicPartition};
pub(crate) use controller::AlterPartition;
pub use controller::ElectionType;
pub use image::{BrokerRegistration, MetadataImage, Partition, Topic};
use placement::RackList;
use session::Session;
pub(crate) use session::next_multiple;

/// Where the group coordinators keep their records (`Topic.GROUP_METADATA_TOPIC_NAME`).
pub const CONSUMER_OFFSETS: &str = "__consumer_offsets";

/// The internal topic of the transaction coordinators.
pub const TRANSACTION_STATE: &str = "__transaction_state";

/// `ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE`
const PRODUCER_ID_BLOCK_SIZE: i64 = 1000;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cluster {
    brokers: Vec<BrokerId>,
    sessions: BTreeMap<BrokerId, Session>,
    image: Rc<MetadataImage>,
    /// What was set for everything but topics, by name.
    configs: BTreeMap<ConfigResource, BTreeMap<Rc<str>, Rc<str>>>,
    next_producer_id: i64,
}

impl Cluster {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let brokers: Vec<_> = (1..=scenario.brokers).map(BrokerId).collect();
        let registration = |broker: BrokerId| BrokerRegistration {
            broker_epoch: 0,
            fenced: false,
            in_controlled_shutdown: false,
            rack: scenario.rack(broker).cloned(),
        };
        let session = Session::Heartbeating { since: SimTime::ZERO };
        let image = MetadataImage {
            registrations: brokers.iter().map(|broker| (*broker, registration(*broker))).collect(),
            ..MetadataImage::default()
        };
        Self {
            sessions: brokers.iter().map(|broker| (*broker, session)).collect(),
            image: Rc::new(image),
            configs: administration::initial_configs(),
            next_producer_id: 0,
            brokers,
        }
    }

    /// Every broker of the cluster, be it running or not.
    pub fn brokers(&self) -> &[BrokerId] {
        &self.brokers
    }

    /// The newest metadata.
    pub const fn image(&self) -> &Rc<MetadataImage> {
        &self.image
    }

    /// Every topic, in order of name.
    pub fn topics(&self) -> impl Iterator<Item = (&TopicName, &Topic)> {
        self.image.topics().map(|(name, topic)| (name, &**topic))
    }

    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.image.topic(name)
    }

    pub fn partition(&self, partition: &TopicPartition) -> Option<&Partition> {
        self.image.partition(partition)
    }

    pub fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.image.leader(partition)
    }

    /// A block of producer ids for one broker (`ProducerIdControlManager.generateNextProducerId`).
    pub(crate) const fn allocate_producer_ids(&mut self) -> Range<i64> {
        let first = self.next_producer_id;
        self.next_producer_id += PRODUCER_ID_BLOCK_SIZE;
        first..self.next_producer_id
    }

    /// The partitions that a learner has asked for.
    fn partition_count(&self) -> u32 {
        let asked_for = self.topics().filter(|(name, _)| !is_internal(name));
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
        if assigned.is_empty() {
            self.check_brokers(replication_factor)?;
        }
        let limit = Scenario::MAX_PARTITIONS;
        if !is_internal(&new.name) && self.partition_count().saturating_add(partitions) > limit {
            return Err(CommandError::TooManyPartitions { asked: partitions, limit });
        }
        let topic = Topic {
            id: TopicId::random(rng),
            partitions: if assigned.is_empty() {
                self.place(partitions, replication_factor, rng)
            } else {
                self.partitions_at(assigned, 0)?
            },
            configs: new.configs.iter().cloned().collect(),
        };
        Rc::make_mut(&mut self.image).topics.insert(new.name.clone(), Rc::new(topic));
        Ok((partitions, replication_factor))
    }

    /// Gives a topic more partitions (`ReplicationControlManager.createPartitions`).
    pub(crate) fn create_partitions(
        &mut self,
        name: &TopicName,
        total: u32,
        rng: &mut Rng,
    ) -> Result<(), CommandError> {
        let topic = self.topic(name).ok_or(CommandError::UnknownTopic)?;
        let partitions = topic.partitions.len() as u32;
        if total <= partitions {
            return Err(CommandError::NotAnIncrease { topic: name.clone(), partitions, asked: total });
        }
        let (asked, limit) = (total - partitions, Scenario::MAX_PARTITIONS);
        if self.partition_count().saturating_add(asked) > limit {
            return Err(CommandError::TooManyPartitions { asked, limit });
        }
        let replication_factor = topic.partitions.first().map_or(1, |partition| partition.replicas.len());
        self.check_brokers(replication_factor as u32)?;
        let added = self.place(asked, replication_factor as u32, rng);
        if let Some(topic) = Rc::make_mut(&mut self.image).topics.get_mut(name) {
            Rc::make_mut(topic).partitions.extend(added);
        }
        Ok(())
    }

    /// Somebody can lead, and each replica has a broker of its own.
    fn check_brokers(&self, asked: u32) -> Result<(), CommandError> {
        let registrations = self.image.registrations.values();
        let brokers = registrations.filter(|registration| registration.is_usable()).count() as u32;
        if !self.brokers.iter().any(|broker| self.image.is_active(*broker)) {
            return Err(CommandError::AllBrokersFenced { asked });
        }
        if asked > brokers {
            return Err(CommandError::ReplicationFactorTooLarge { asked, brokers });
        }
        Ok(())
    }

    fn check_free(&self, name: &TopicName) -> Result<(), CommandError> {
        if self.topic(name).is_some() {
            return Err(CommandError::TopicExists { topic: name.clone() });
        }
        // Metric names turn '.' into '_', so two names that differ only there collide (Topic.hasCollision).
        let unified = name.replace('.', "_");
        match self
            .topics()
            .map(|(existing, _)| existing)
            .find(|existing| existing.replace('.', "_") == unified)
        {
            Some(existing) => {
                Err(CommandError::TopicCollides { topic: name.clone(), with: existing.clone() })
            }
            None => Ok(()),
        }
    }

    /// A partition on chosen brokers; those that are active are in sync.
    fn partition_at(&self, replicas: &[BrokerId]) -> Partition {
        let isr = replicas.iter().copied().filter(|broker| self.image.is_active(*broker)).collect();
        Partition::new(replicas.to_vec(), isr)
    }

    /// Replicas on the brokers that are active, and on fenced ones where these do not suffice.
    fn place(&self, partitions: u32, replication_factor: u32, rng: &mut Rng) -> Vec<Partition> {
        let mut racks = RackList::new(&self.image, rng);
        (0..partitions).map(|_| self.partition_at(&racks.place(replication_factor, rng))).collect()
    }
}

fn is_internal(topic: &str) -> bool {
    topic == CONSUMER_OFFSETS || topic == TRANSACTION_STATE
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
