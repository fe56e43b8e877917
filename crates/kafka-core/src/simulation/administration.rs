//! What the admin client changes, carried out on the spot.
//!
//! Mirrors the requests of `KafkaAdminClient` that change topics, settings, records and groups. Leaves out: the way
//! of the requests to the controller, the leader or the coordinator, and their timeouts.

use std::rc::Rc;

use crate::broker::{Broker, create_offsets_topic};
use crate::cluster::CONSUMER_OFFSETS;
use crate::command::CommandError;
use crate::config::ConfigResource;
use crate::event::Event;
use crate::node::Context;
use crate::protocol::{BrokerId, ErrorCode, GroupId, NodeId, OffsetAndMetadata};
use crate::record::{EndTransactionMarker, ProducerIdAndEpoch, TransactionResult};
use crate::simulation::Simulation;
use crate::topic::{TopicName, TopicPartition};

type Outcome = Result<Vec<Event>, CommandError>;

impl Simulation {
    pub(super) fn delete_topic(&mut self, name: &TopicName) -> Outcome {
        self.cluster.delete_topic(name)?;
        let mut events = vec![Event::TopicDeleted { topic: name.clone() }];
        self.publish(&mut events);
        Ok(events)
    }

    pub(super) fn alter_configs(
        &mut self,
        resource: &ConfigResource,
        changes: &[(Rc<str>, Option<Rc<str>>)],
    ) -> Outcome {
        self.cluster.alter_configs(resource, changes)?;
        let altered = |(name, value): &(Rc<str>, Option<Rc<str>>)| Event::ConfigAltered {
            resource: resource.clone(),
            name: name.clone(),
            value: value.clone(),
        };
        let mut events = changes.iter().map(altered).collect();
        if let ConfigResource::Broker(_) | ConfigResource::BrokerDefault = resource {
            for id in self.cluster.brokers().to_vec() {
                self.with_broker(id, &mut events, Broker::reconfigure_logs);
            }
        }
        self.publish(&mut events);
        Ok(events)
    }

    pub(super) fn reassign_partition(
        &mut self,
        partition: &TopicPartition,
        replicas: Option<&[BrokerId]>,
    ) -> Outcome {
        let mut events = Vec::new();
        self.cluster.reassign_partition(partition, replicas, &self.scenario.broker, &mut events)?;
        self.publish(&mut events);
        Ok(events)
    }

    pub(super) fn delete_records(&mut self, partition: &TopicPartition, before: Option<i64>) -> Outcome {
        let metadata = self.cluster.partition(partition);
        let metadata = metadata.ok_or(CommandError::Rejected(ErrorCode::UnknownTopicOrPartition))?;
        let leader = metadata.leader.ok_or(CommandError::Rejected(ErrorCode::NotLeaderOrFollower))?;
        self.ask(leader, |broker, context| broker.delete_records(partition, before, context))
    }

    /// The internal topic of the coordinators is made if nobody has looked for a group before.
    pub(super) fn alter_offsets(
        &mut self,
        group: &GroupId,
        offsets: &[(TopicPartition, OffsetAndMetadata)],
    ) -> Outcome {
        let mut events = Vec::new();
        if self.cluster.topic(CONSUMER_OFFSETS).is_none() {
            let controller = NodeId::Broker(self.cluster.brokers()[0]);
            create_offsets_topic(&mut self.context(controller, &mut events));
            self.publish(&mut events);
        }
        let coordinator = self.coordinator(group)?;
        events
            .extend(self.ask(coordinator, |broker, context| broker.alter_offsets(group, offsets, context))?);
        Ok(events)
    }

    pub(super) fn delete_offsets(
        &mut self,
        group: &GroupId,
        topic: &TopicName,
        partitions: &[u32],
    ) -> Outcome {
        let partition = |number: &u32| TopicPartition::new(topic.clone(), *number);
        let partitions: Vec<_> = partitions.iter().map(partition).collect();
        let coordinator = self.coordinator(group)?;
        self.ask(coordinator, |broker, context| broker.delete_offsets(group, &partitions, context))
    }

    pub(super) fn delete_group(&mut self, group: &GroupId) -> Outcome {
        let coordinator = self.coordinator(group)?;
        self.ask(coordinator, |broker, context| broker.delete_group(group, context))
    }

    pub(super) fn abort_transaction(
        &mut self,
        partition: &TopicPartition,
        producer: ProducerIdAndEpoch,
        coordinator_epoch: i32,
    ) -> Outcome {
        let leader =
            self.cluster.leader(partition).ok_or(CommandError::Rejected(ErrorCode::NotLeaderOrFollower))?;
        let marker = EndTransactionMarker { result: TransactionResult::Abort, coordinator_epoch };
        self.ask(leader, |broker, context| broker.write_marker(partition, producer, marker, context))
    }

    /// Without any coordinator there is no group.
    fn coordinator(&self, group: &GroupId) -> Result<BrokerId, CommandError> {
        let found = self.coordinator_of(group).map(Broker::id);
        found.ok_or(CommandError::Rejected(ErrorCode::GroupIdNotFound))
    }

    fn ask(
        &mut self,
        broker: BrokerId,
        act: impl FnOnce(&mut Broker, &mut Context<'_>) -> Result<(), ErrorCode>,
    ) -> Outcome {
        let mut events = Vec::new();
        let mut outcome = Ok(());
        self.with_broker(broker, &mut events, |broker, context| outcome = act(broker, context));
        self.publish(&mut events);
        outcome.map(|()| events).map_err(CommandError::Rejected)
    }
}
