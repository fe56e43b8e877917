//! What a client knows of the cluster, and how it asks again.
//!
//! Mirrors `org.apache.kafka.clients.Metadata`. Leaves out: node choice by load, exponential backoff.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use crate::cluster::{Partition, Topic};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::producer::partitioner::metadata_order;
use crate::protocol::{
    BrokerId, ClientId, CorrelationId, ErrorCode, MetadataRequest, MetadataResponse, Request,
};
use crate::time::SimTime;
use crate::topic::{TopicId, TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct ClientMetadata {
    topics: BTreeMap<TopicName, Knowledge>,
    /// The racks of the brokers that the last answer listed.
    racks: BTreeMap<BrokerId, Rc<str>>,
    in_flight: Option<CorrelationId>,
    /// When the last answer came.
    answered_at: SimTime,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Knowledge {
    /// Nothing has been answered yet.
    Wanted,
    Missing(ErrorCode),
    Known(TopicMetadata),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct TopicMetadata {
    topic: Rc<Topic>,
    /// See [`order`](Self::order); listed when a partitioner first asks.
    order: OnceCell<Rc<[u32]>>,
}

impl TopicMetadata {
    pub(crate) fn partitions(&self) -> &[Partition] {
        &self.topic.partitions
    }

    /// The partitions in the order in which the client's hash map lists them; `name` is the topic's.
    pub(crate) fn order(&self, name: &TopicName) -> &Rc<[u32]> {
        self.order.get_or_init(|| metadata_order(name, self.topic.partitions.len() as u32).into())
    }
}

impl ClientMetadata {
    /// Remembers that the client works with a topic. True when it is new to the client.
    pub(crate) fn want(&mut self, topic: &TopicName) -> bool {
        let new = !self.topics.contains_key(topic);
        if new {
            self.topics.insert(topic.clone(), Knowledge::Wanted);
        }
        new
    }

    pub(crate) fn topic(&self, topic: &str) -> Option<&TopicMetadata> {
        match self.topics.get(topic)? {
            Knowledge::Known(known) => Some(known),
            Knowledge::Wanted | Knowledge::Missing(_) => None,
        }
    }

    pub(crate) fn topic_name(&self, id: TopicId) -> Option<&TopicName> {
        let is_known = |knowledge: &Knowledge| match knowledge {
            Knowledge::Known(known) => known.topic.id == id,
            Knowledge::Wanted | Knowledge::Missing(_) => false,
        };
        self.topics.iter().find(|(_, knowledge)| is_known(knowledge)).map(|(name, _)| name)
    }

    pub(crate) fn partition_count(&self, topic: &str) -> Option<u32> {
        Some(self.topic(topic)?.partitions().len() as u32)
    }

    /// The last answer about a topic was an error.
    pub(crate) fn error(&self, topic: &str) -> Option<ErrorCode> {
        match self.topics.get(topic)? {
            Knowledge::Missing(error) => Some(*error),
            Knowledge::Known(_) | Knowledge::Wanted => None,
        }
    }

    /// Per partition of a known topic, the racks of its replicas; `None` among them for a broker that has none or is
    /// not alive. Empty when no broker has a rack.
    pub(crate) fn replica_racks(&self, topic: &str) -> Vec<BTreeSet<Option<Rc<str>>>> {
        let racks_of = |partition: &Partition| {
            partition.replicas.iter().map(|replica| self.racks.get(replica).cloned()).collect()
        };
        let known = self.topic(topic).filter(|_| !self.racks.is_empty());
        known.map_or_else(Vec::new, |known| known.partitions().iter().map(racks_of).collect())
    }

    pub(crate) fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.topic(&partition.topic)?.partitions().get(partition.partition as usize)?.leader
    }

    pub(crate) fn leader_epoch(&self, partition: &TopicPartition) -> Option<i32> {
        let known = self.topic(&partition.topic)?.partitions().get(partition.partition as usize)?;
        Some(known.leader_epoch)
    }

    /// The topic is known, and who leads this partition of it is not.
    pub(crate) fn lacks_leader(&self, partition: &TopicPartition) -> bool {
        self.topic(&partition.topic).is_some() && self.leader(partition).is_none()
    }

    /// Asks some broker about every topic, unless a question is out. Says whom it asked.
    pub(crate) fn request(
        &mut self,
        correlation_id: &mut CorrelationId,
        allow_auto_topic_creation: bool,
        context: &mut Context<'_>,
    ) -> Option<BrokerId> {
        if self.in_flight.is_some() {
            return None;
        }
        correlation_id.0 += 1;
        self.in_flight = Some(*correlation_id);
        let request =
            MetadataRequest { topics: self.topics.keys().cloned().collect(), allow_auto_topic_creation };
        let broker = self.least_loaded_node(context);
        context.request(broker, *correlation_id, Request::Metadata(request));
        Some(broker)
    }

    /// When it may be asked again about what the last answer did not tell.
    pub(crate) fn refresh_at(&self, retry_backoff: Duration) -> SimTime {
        self.answered_at + retry_backoff
    }

    /// No answer will come.
    pub(crate) fn on_disconnect(&mut self) {
        self.in_flight = None;
    }

    /// A broker that lags behind does not take back what another one has told (`Metadata.updateLatestMetadata`).
    fn keep_newer_epochs(&self, topic: &str, answered: &mut Rc<Topic>) {
        let Some(known) = self.topic(topic).filter(|known| known.topic.id == answered.id) else { return };
        for (number, known) in known.partitions().iter().enumerate() {
            let answered_epoch = answered.partitions.get(number).map(|partition| partition.leader_epoch);
            if answered_epoch.is_some_and(|epoch| epoch < known.leader_epoch) {
                Rc::make_mut(answered).partitions[number].clone_from(known);
            }
        }
    }

    /// A broker to ask: any that the client does not know to be gone (`NetworkClient.leastLoadedNode`).
    pub(crate) fn least_loaded_node(&self, context: &mut Context<'_>) -> BrokerId {
        let brokers = context.cluster.brokers();
        let reachable: Vec<_> =
            brokers.iter().copied().filter(|broker| !context.is_known_to_be_gone(*broker)).collect();
        let candidates = if reachable.is_empty() { brokers } else { &reachable[..] };
        candidates[context.rng.below(candidates.len() as u32) as usize]
    }

    /// Forgets topics that the client does not work with any more.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&TopicName) -> bool) {
        self.topics.retain(|topic, _| wanted(topic));
    }

    /// Takes an answer in, and sets a timer to ask again while a topic is missing.
    pub(crate) fn on_response(
        &mut self,
        client: ClientId,
        correlation_id: CorrelationId,
        response: MetadataResponse,
        retry_backoff: Duration,
        context: &mut Context<'_>,
    ) {
        self.in_flight = None;
        self.answered_at = context.now;
        self.racks = response.brokers.into_iter().filter_map(|node| Some((node.id, node.rack?))).collect();
        for (topic, found) in response.topics {
            let knowledge = match found {
                Ok(mut answered) => {
                    self.keep_newer_epochs(&topic, &mut answered);
                    Knowledge::Known(TopicMetadata { topic: answered, order: OnceCell::new() })
                }
                Err(error) => {
                    let correlation_id = correlation_id.0;
                    context.emit(Event::MetadataErrorReceived {
                        client,
                        topic: topic.clone(),
                        error,
                        correlation_id,
                    });
                    Knowledge::Missing(error)
                }
            };
            // The client may have lost interest since it asked.
            if let Some(known) = self.topics.get_mut(&topic) {
                *known = knowledge;
            }
        }
        let incomplete = self.topics.values().any(|knowledge| match knowledge {
            Knowledge::Known(known) => known.partitions().iter().any(|partition| partition.leader.is_none()),
            Knowledge::Wanted | Knowledge::Missing(_) => true,
        });
        if incomplete {
            context.set_timer(Timer::MetadataRetry, context.now + retry_backoff);
        }
    }
}
