//! What the controller has decided, as brokers know it: brokers, topics, leaders, in-sync replicas.
//!
//! Mirrors `MetadataImage`, `PartitionRegistration` and `BrokerRegistration`. Shared between all who know the same.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::config::BrokerConfig;
use crate::protocol::{BrokerId, Node};
use crate::topic::{TopicId, TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct MetadataImage {
    pub(super) registrations: BTreeMap<BrokerId, BrokerRegistration>,
    pub(super) topics: BTreeMap<TopicName, Rc<Topic>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BrokerRegistration {
    /// Higher with every start of the broker.
    pub broker_epoch: u64,
    /// Its session has expired, or it has shut down: it leads nothing and is in no ISR.
    pub fenced: bool,
    pub in_controlled_shutdown: bool,
    /// `broker.rack`
    pub rack: Option<Rc<str>>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Topic {
    pub id: TopicId,
    pub partitions: Vec<Partition>,
    /// What was set for this topic, by name.
    pub configs: BTreeMap<Rc<str>, Rc<str>>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Partition {
    pub leader: Option<BrokerId>,
    /// Counts changes of the leader.
    pub leader_epoch: i32,
    /// Counts changes of any kind.
    pub partition_epoch: i32,
    /// In order of preference.
    pub replicas: Vec<BrokerId>,
    pub isr: Vec<BrokerId>,
    /// Replicas that left the ISR while it was smaller than `min.insync.replicas`: they have everything that is
    /// committed (KIP-966).
    pub elr: Vec<BrokerId>,
    /// The last leader of a partition that has none.
    pub last_known_elr: Vec<BrokerId>,
    /// Replicas that a reassignment brings along; they are among the replicas.
    pub adding_replicas: Vec<BrokerId>,
    /// Replicas that a reassignment will take away; they are among the replicas.
    pub removing_replicas: Vec<BrokerId>,
}

impl BrokerRegistration {
    /// It may lead partitions and be in their ISR (`ClusterControlManager.isActive`).
    pub const fn is_active(&self) -> bool {
        !self.fenced && !self.in_controlled_shutdown
    }

    /// Replicas may be placed on it (`UsableBrokerIterator`): a broker that is fenced will come back, one that shuts
    /// down is on its way out.
    pub(super) const fn is_usable(&self) -> bool {
        self.fenced || !self.in_controlled_shutdown
    }
}

impl Topic {
    /// The topic's `min.insync.replicas`, or the broker's.
    pub fn min_insync_replicas(&self, config: &BrokerConfig) -> u32 {
        let own = self.configs.get("min.insync.replicas").and_then(|value| value.trim().parse().ok());
        own.unwrap_or(config.min_insync_replicas)
    }

    pub fn unclean_leader_election(&self) -> bool {
        let own = self.configs.get("unclean.leader.election.enable");
        own.is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }
}

impl Partition {
    /// The first replica that is in sync leads.
    pub(super) fn new(replicas: Vec<BrokerId>, isr: Vec<BrokerId>) -> Self {
        Self {
            leader: isr.first().copied(),
            leader_epoch: 0,
            partition_epoch: 0,
            replicas,
            isr,
            elr: Vec::new(),
            last_known_elr: Vec::new(),
            adding_replicas: Vec::new(),
            removing_replicas: Vec::new(),
        }
    }

    /// A partition cannot ask for more replicas than it has (`Partition.effectiveMinIsr`, Kafka 3.7).
    pub fn effective_min_isr(&self, min_insync_replicas: u32) -> u32 {
        min_insync_replicas.min(self.replicas.len() as u32)
    }

    /// It is on its way to other brokers.
    pub fn is_reassigning(&self) -> bool {
        !self.adding_replicas.is_empty() || !self.removing_replicas.is_empty()
    }

    pub fn preferred_leader(&self) -> Option<BrokerId> {
        self.replicas.first().copied()
    }
}

impl MetadataImage {
    /// Every topic, in order of name.
    pub fn topics(&self) -> impl Iterator<Item = (&TopicName, &Rc<Topic>)> {
        self.topics.iter()
    }

    /// The topic has not changed since this image was made.
    pub(crate) fn shares(&self, name: &str, topic: &Rc<Topic>) -> bool {
        self.topics.get(name).is_some_and(|known| Rc::ptr_eq(known, topic))
    }

    pub(crate) fn shared_topic(&self, name: &str) -> Option<&Rc<Topic>> {
        self.topics.get(name)
    }

    pub fn topic(&self, name: &str) -> Option<&Topic> {
        self.topics.get(name).map(Rc::as_ref)
    }

    pub fn partition(&self, partition: &TopicPartition) -> Option<&Partition> {
        self.topic(&partition.topic)?.partitions.get(partition.partition as usize)
    }

    pub fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.partition(partition)?.leader
    }

    pub fn registration(&self, broker: BrokerId) -> Option<&BrokerRegistration> {
        self.registrations.get(&broker)
    }

    /// The brokers that clients are told of (`KRaftMetadataCache.getAliveBrokerNodes`), in order of number.
    pub(crate) fn alive_nodes(&self) -> Vec<Node> {
        let alive = self.registrations.iter().filter(|(_, registration)| !registration.fenced);
        alive.map(|(id, registration)| Node { id: *id, rack: registration.rack.clone() }).collect()
    }

    /// How many replicas of a partition have to be in sync for a write with acks=all.
    pub(crate) fn effective_min_isr(&self, partition: &TopicPartition, config: &BrokerConfig) -> u32 {
        let Some(topic) = self.topic(&partition.topic) else { return 1 };
        let min_insync_replicas = topic.min_insync_replicas(config);
        let found = topic.partitions.get(partition.partition as usize);
        found.map_or(1, |partition| partition.effective_min_isr(min_insync_replicas))
    }

    pub(super) fn is_active(&self, broker: BrokerId) -> bool {
        self.registration(broker).is_some_and(BrokerRegistration::is_active)
    }
}
