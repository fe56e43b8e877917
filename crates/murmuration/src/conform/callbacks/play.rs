//! A recorded scenario on a simulation, with the settings of the recording's cluster and clients.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::application::{Application, ConsumerCall, ListenerFailure};
use kafka_core::client::Client;
use kafka_core::command::{Command, CommandError, NewTopic, ProducerRecord, Source};
use kafka_core::config::{ConsumerConfig, ProducerConfig, Properties};
use kafka_core::event::Event;
use kafka_core::protocol::ClientId;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use super::script::settings;
use super::{Action, Scenario, Step, Story, throwing_callback};

const GROUP: &str = "g";

/// The process that writes what the topics hold before the recording begins.
const WRITER: ClientId = ClientId(0);

/// Offsets 0..9 of each partition.
const RECORDS_PER_PARTITION: u32 = 10;

/// Of the clients of the classic protocol, and what the coordinator tells the others.
const HEARTBEAT_INTERVAL: Duration = Duration::from_millis(200);

/// When the recording's clock begins; topics are written before.
const BEGIN: SimTime = SimTime::from_millis(10_000);

pub(super) struct Play {
    simulation: Simulation,
    /// Of every client.
    settings: Properties,
    /// Of the clients of the classic protocol.
    assignor: String,
    throws: Option<(String, ListenerFailure)>,
    /// By process.
    names: BTreeMap<ClientId, String>,
    steps: Vec<(ClientId, Step)>,
    auto_commit: bool,
}

impl Play {
    pub(super) fn new(scenario: &Scenario) -> Result<Self, String> {
        let mut cluster = kafka_core::scenario::Scenario::one_broker(1);
        cluster.groups.group_initial_rebalance_delay = Duration::from_millis(200);
        cluster.groups.group_consumer_heartbeat_interval = HEARTBEAT_INTERVAL;
        let mut common = Properties::default();
        for (name, value) in [
            ("group.id", GROUP),
            ("auto.offset.reset", "earliest"),
            ("metadata.max.age.ms", "300"),
            ("group.protocol", &scenario.group_protocol),
            ("enable.auto.commit", if scenario.auto_commit { "true" } else { "false" }),
        ] {
            common.set(name, value);
        }
        for (name, value) in settings(&scenario.note) {
            common.set(&name, &value);
        }
        let mut play = Self {
            simulation: Simulation::new(&cluster),
            settings: common,
            assignor: classic_assignor(&scenario.assignor),
            throws: throwing_callback(&scenario.note),
            names: BTreeMap::new(),
            steps: Vec::new(),
            auto_commit: scenario.auto_commit,
        };
        play.fill_topics(&scenario.topics)?;
        Ok(play)
    }

    fn fill_topics(&mut self, topics: &BTreeMap<String, u32>) -> Result<(), String> {
        let config = ProducerConfig::from_properties(&Properties::default(), "writer")
            .map_err(|error| error.to_string())?;
        self.apply(&Command::StartProducer { client: WRITER, config })?;
        for (name, partitions) in topics {
            self.apply(&Command::CreateTopic(NewTopic {
                name: name.as_str().into(),
                partitions: Some(*partitions),
                replication_factor: Some(1),
                replica_assignment: Vec::new(),
                configs: Vec::new(),
            }))?;
            for partition in
                (0..*partitions).flat_map(|number| (0..RECORDS_PER_PARTITION).map(move |_| number))
            {
                let record = ProducerRecord {
                    topic: name.as_str().into(),
                    partition: Some(partition),
                    timestamp: None,
                    key: None,
                    value: Some(Rc::from(*b"v")),
                    headers: Rc::from([]),
                };
                self.apply(&Command::Send { client: WRITER, record })?;
            }
        }
        self.apply(&Command::Close { client: WRITER })?;
        self.advance_to(0);
        Ok(())
    }

    /// Lets time pass up to a moment of the recording's clock.
    pub(super) fn advance_to(&mut self, millis: u64) {
        let until = BEGIN + Duration::from_millis(millis);
        let events = self.simulation.advance_to(until);
        self.note(events);
    }

    pub(super) fn act(&mut self, action: Action) -> Result<(), String> {
        match action {
            Action::Start { client, topics, settings } => self.start(&client, &topics, &settings),
            Action::Subscribe { client, topics } => {
                let topics = topics.iter().map(|topic| topic.as_str().into()).collect();
                self.call(&client, ConsumerCall::Subscribe(topics))
            }
            Action::Unsubscribe { client } => self.call(&client, ConsumerCall::Unsubscribe),
            Action::StopPolling { client } => self.call(&client, ConsumerCall::StopPolling),
            Action::PollAgain { client } => self.call(&client, ConsumerCall::PollAgain),
            Action::Close { client } => {
                let client = self.number(&client)?;
                self.apply(&Command::Close { client })
            }
            Action::Remove { client } => {
                let member = match self.simulation.client(self.number(&client)?) {
                    Some(Client::Consumer(consumer)) => {
                        consumer.membership().map(|own| own.member_id().clone())
                    }
                    Some(Client::Producer(_)) | None => None,
                };
                self.apply(&Command::RemoveMembers {
                    group: GROUP.into(),
                    members: member.into_iter().collect(),
                })
            }
            Action::Grow { topic, total } => {
                self.apply(&Command::CreatePartitions { topic: topic.as_str().into(), total })
            }
            Action::Note => Ok(()),
        }
    }

    fn start(&mut self, name: &str, topics: &[String], own: &[(String, String)]) -> Result<(), String> {
        let mut properties = self.settings.clone();
        for (setting, value) in own {
            properties.set(setting, value);
        }
        // A client may have a protocol of its own, which decides what else it is told.
        if properties.get("group.protocol").is_none_or(|protocol| protocol.eq_ignore_ascii_case("classic")) {
            properties.set_default("heartbeat.interval.ms", &HEARTBEAT_INTERVAL.as_millis().to_string());
            properties.set_default("partition.assignment.strategy", &self.assignor);
        }
        let config = ConsumerConfig::from_properties(&properties, name).map_err(|error| error.to_string())?;
        let client = ClientId(self.names.len() as u32 + 1);
        self.names.insert(client, name.to_owned());
        let throws = self.throws.as_ref().filter(|(of, _)| of == name);
        let application =
            Application { listener_failure: throws.map(|(_, failure)| *failure), ..Application::default() };
        let source = Source::Subscribe(topics.iter().map(|topic| topic.as_str().into()).collect());
        self.apply(&Command::StartConsumer { client, config: Box::new(config), source, application })
    }

    fn call(&mut self, client: &str, call: ConsumerCall) -> Result<(), String> {
        let client = self.number(client)?;
        self.apply(&Command::Call { client, call })
    }

    /// The latest process of that name.
    fn number(&self, name: &str) -> Result<ClientId, String> {
        let found = self.names.iter().rev().find(|(_, of)| *of == name);
        found.map(|(client, _)| *client).ok_or_else(|| format!("client {name} was never started"))
    }

    fn apply(&mut self, command: &Command) -> Result<(), String> {
        let events = self.simulation.apply(command).map_err(|error: CommandError| error.to_string())?;
        self.note(events);
        Ok(())
    }

    fn note(&mut self, events: Vec<Event>) {
        let callback = |name: &str, partitions: &[TopicPartition]| {
            let partitions: Vec<_> = partitions
                .iter()
                .map(|partition| (partition.topic.to_string(), partition.partition))
                .collect();
            Step::callback(name, &partitions)
        };
        for event in events {
            if let Event::PartitionsAssigned { client, added } = event {
                self.steps.push((client, callback("onPartitionsAssigned", &added)));
            } else if let Event::PartitionsRevoked { client, partitions } = event {
                self.steps.push((client, callback("onPartitionsRevoked", &partitions)));
            } else if let Event::PartitionsLost { client, partitions } = event {
                self.steps.push((client, callback("onPartitionsLost", &partitions)));
            } else if let Event::ListenerThrew { client, .. } = event {
                self.steps.push((client, Step::Exception("poll() threw KafkaException".to_owned())));
            } else if let Event::CommitCompleted { client, offsets, .. } = event
                && self.auto_commit
            {
                let offsets = offsets.iter().map(|(partition, offset)| (partition.to_string(), *offset));
                self.steps.push((client, Step::Commit(offsets.collect())));
            }
        }
    }

    /// What happened to every client that was started.
    pub(super) fn story(&self) -> Story {
        let mut story: Story = self.names.values().map(|name| (name.clone(), Vec::new())).collect();
        for (client, step) in &self.steps {
            if let Some(steps) = self.names.get(client).and_then(|name| story.get_mut(name)) {
                steps.push(step.clone());
            }
        }
        story
    }
}

/// A recording of the consumer protocol says instead what the coordinator's default is.
fn classic_assignor(recorded: &str) -> String {
    let is_class = recorded.contains('.') && !recorded.contains(' ');
    let range = "org.apache.kafka.clients.consumer.RangeAssignor";
    if is_class { recorded.to_owned() } else { range.to_owned() }
}
