//! Commands as a test likes to write them.

use std::rc::Rc;

use kafka_core::application::{Application, ConsumerCall};
use kafka_core::command::{Command, NewTopic, ProducerRecord, Source, StartAt};
use kafka_core::config::{ConsumerConfig, ProducerConfig, Properties};
use kafka_core::protocol::ClientId;
use kafka_core::topic::TopicPartition;

pub(crate) fn topic(name: &str, partitions: u32, replication_factor: u32) -> Command {
    Command::CreateTopic(NewTopic {
        name: name.into(),
        partitions: Some(partitions),
        replication_factor: Some(replication_factor),
        replica_assignment: Vec::new(),
        configs: Vec::new(),
    })
}

pub(crate) fn topic_with(
    name: &str,
    partitions: u32,
    replication_factor: u32,
    configs: &[(&str, &str)],
) -> Command {
    Command::CreateTopic(NewTopic {
        name: name.into(),
        partitions: Some(partitions),
        replication_factor: Some(replication_factor),
        replica_assignment: Vec::new(),
        configs: configs.iter().map(|(name, value)| (Rc::from(*name), Rc::from(*value))).collect(),
    })
}

pub(crate) fn producer(client: u32, settings: &[(&str, &str)]) -> Command {
    let config = ProducerConfig::from_properties(&properties(settings), "producer-1").unwrap();
    Command::StartProducer { client: ClientId(client), config }
}

pub(crate) fn consumer(client: u32, topic: &str, group: &str, settings: &[(&str, &str)]) -> Command {
    application(client, topic, group, settings, Application::default())
}

pub(crate) fn application(
    client: u32,
    topic: &str,
    group: &str,
    settings: &[(&str, &str)],
    application: Application,
) -> Command {
    let mut properties = properties(settings);
    properties.set("group.id", group);
    let config = ConsumerConfig::from_properties(&properties, "consumer").unwrap();
    let source = Source::Subscribe(vec![topic.into()]);
    Command::StartConsumer { client: ClientId(client), config: Box::new(config), source, application }
}

/// A consumer that names its partitions itself.
pub(crate) fn assigned(
    client: u32,
    topic: &str,
    partitions: &[u32],
    group: Option<&str>,
    settings: &[(&str, &str)],
) -> Command {
    let mut properties = properties(settings);
    if let Some(group) = group {
        properties.set("group.id", group);
    }
    let config = ConsumerConfig::from_properties(&properties, "consumer").unwrap();
    let start = |number: &u32| (TopicPartition::new(topic, *number), StartAt::Committed);
    let source = Source::Assign(partitions.iter().map(start).collect());
    let application = Application::default();
    Command::StartConsumer { client: ClientId(client), config: Box::new(config), source, application }
}

pub(crate) fn call(client: u32, call: ConsumerCall) -> Command {
    Command::Call { client: ClientId(client), call }
}

pub(crate) fn record(client: u32, topic: &str, key: Option<&str>, value: &str) -> Command {
    let record = ProducerRecord {
        topic: topic.into(),
        partition: None,
        timestamp: None,
        key: key.map(|key| Rc::from(key.as_bytes())),
        value: Some(Rc::from(value.as_bytes())),
        headers: Rc::from([]),
    };
    Command::Send { client: ClientId(client), record }
}

pub(crate) fn close(client: u32) -> Command {
    Command::Close { client: ClientId(client) }
}

pub(crate) fn kill(client: u32) -> Command {
    Command::Kill { client: ClientId(client) }
}

fn properties(settings: &[(&str, &str)]) -> Properties {
    let mut properties = Properties::default();
    for (name, value) in settings {
        properties.set(name, value);
    }
    properties
}
