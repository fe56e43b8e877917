//! Metadata requests, and the topics that are made because somebody asked for them.
//!
//! Mirrors `KafkaApis.handleTopicMetadataRequest` and `AutoTopicCreationManager`. A partition without a leader is
//! answered with no leader, which the wire shows as LEADER_NOT_AVAILABLE.

use std::rc::Rc;

use crate::broker::Broker;
use crate::cluster::{CONSUMER_OFFSETS, TRANSACTION_STATE};
use crate::command::{CommandError, NewTopic};
use crate::event::Event;
use crate::node::Context;
use crate::protocol::{ErrorCode, MetadataRequest, MetadataResponse};
use crate::topic::TopicName;

/// `GroupCoordinatorService.groupMetadataTopicConfigs`
const OFFSETS_TOPIC_CONFIGS: [(&str, &str); 3] =
    [("cleanup.policy", "compact"), ("compression.type", "producer"), ("segment.bytes", "104857600")];

impl Broker {
    /// Answers with what this broker knows. A missing topic is created when broker and client both allow it, but this
    /// answer still reports it missing.
    pub(super) fn metadata(&self, request: &MetadataRequest, context: &mut Context<'_>) -> MetadataResponse {
        let mut topics = Vec::new();
        for name in &request.topics {
            let found = match self.image.shared_topic(name) {
                Some(topic) => Ok(Rc::clone(topic)),
                None => Err(missing_topic(name, request.allow_auto_topic_creation, context)),
            };
            topics.push((name.clone(), found));
        }
        MetadataResponse { brokers: self.image.alive_nodes(), topics }
    }
}

fn missing_topic(name: &TopicName, allowed: bool, context: &mut Context<'_>) -> ErrorCode {
    if allowed && context.scenario.broker.auto_create_topics_enable {
        let new = NewTopic {
            name: Rc::clone(name),
            partitions: None,
            replication_factor: None,
            replica_assignment: Vec::new(),
            configs: Vec::new(),
        };
        if let Err(CommandError::InvalidTopicName { .. }) = create_topic(&new, context) {
            return ErrorCode::InvalidTopic;
        }
    }
    ErrorCode::UnknownTopicOrPartition
}

/// The internal topic of the group coordinators, made when the first group is looked for.
pub(crate) fn create_offsets_topic(context: &mut Context<'_>) {
    let brokers = context.cluster.brokers().len() as u32;
    let config = &context.scenario.broker;
    let new = NewTopic {
        name: CONSUMER_OFFSETS.into(),
        partitions: Some(context.scenario.groups.offsets_topic_num_partitions),
        replication_factor: Some(config.offsets_topic_replication_factor.min(brokers)),
        replica_assignment: Vec::new(),
        configs: OFFSETS_TOPIC_CONFIGS.map(|(name, value)| (name.into(), value.into())).into(),
    };
    // Refused when it is there already, or when no broker is: then the client asks again.
    drop(create_topic(&new, context));
}

/// The internal topic of the transaction coordinators, made when the first transactional id is looked for.
pub(super) fn create_transaction_topic(context: &mut Context<'_>) {
    let brokers = context.cluster.brokers().len() as u32;
    let config = &context.scenario.transactions;
    let new = NewTopic {
        name: TRANSACTION_STATE.into(),
        partitions: Some(config.state_log_num_partitions),
        replication_factor: Some(config.state_log_replication_factor.min(brokers)),
        replica_assignment: Vec::new(),
        configs: vec![
            ("cleanup.policy".into(), "compact".into()),
            ("min.insync.replicas".into(), config.state_log_min_isr.to_string().into()),
        ],
    };
    // Refused when it is there already, or when no broker is: then the client asks again.
    drop(create_topic(&new, context));
}

fn create_topic(new: &NewTopic, context: &mut Context<'_>) -> Result<(), CommandError> {
    let (partitions, replication_factor) =
        context.cluster.create_topic(new, &context.scenario.broker, context.rng)?;
    context.emit(Event::TopicCreated { topic: new.name.clone(), partitions, replication_factor });
    Ok(())
}
