//! The whole model: nodes, links, the agenda, and the one clock that drives them.

mod administration;
mod faults;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::agenda::{Agenda, ControllerTimer, Occurrence};
use crate::broker::{Broker, Replica};
use crate::client::Client;
use crate::cluster::{CONSUMER_OFFSETS, Cluster, MetadataImage, next_multiple};
use crate::command::{Command, CommandError, ProducerRecord};
use crate::event::Event;
use crate::group::GroupDescription;
use crate::java_hash::coordinator_partition;
pub use crate::network::Shape;
use crate::network::{Disconnection, Envelope, Network};
use crate::node::{Context, Timer};
use crate::protocol::{BrokerId, ClientId, Message, NodeId, RequestHandle};
use crate::record::Bytes;
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::time::SimTime;
use crate::topic::TopicPartition;
pub use faults::BrokerState;
use faults::Process;

/// Equal simulations behave the same from here on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Simulation {
    scenario: Scenario,
    now: SimTime,
    rng: Rng,
    agenda: Agenda,
    network: Network,
    cluster: Cluster,
    /// What the brokers have been told last.
    published: Rc<MetadataImage>,
    /// The controller will look at its partitions' leaders.
    leader_check: Option<SimTime>,
    brokers: BTreeMap<BrokerId, Broker>,
    processes: BTreeMap<BrokerId, Process>,
    /// Shared with copies of the simulation until something happens to them.
    clients: BTreeMap<ClientId, Rc<Client>>,
    /// Of each process that stands still: what would have happened to it, in order.
    suspended: BTreeMap<ClientId, Vec<Occurrence>>,
    sent: Sent,
}

/// What producers have been given so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sent {
    records: u64,
    bytes: u64,
}

impl Sent {
    fn add(&mut self, record: &ProducerRecord) -> Result<(), CommandError> {
        let length = |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let bytes = self.bytes + length(&record.key) + length(&record.value);
        if self.records >= Scenario::MAX_RECORDS || bytes > Scenario::MAX_RECORD_BYTES {
            return Err(CommandError::TooManyRecords);
        }
        *self = Self { records: self.records + 1, bytes };
        Ok(())
    }
}

/// When a consumer's timers will fire; `None` for those that do not run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ConsumerDeadlines {
    /// The heartbeat thread sends the next heartbeat.
    pub heartbeat: Option<SimTime>,
    /// `max.poll.interval.ms` is over, unless the application calls `poll()` before.
    pub max_poll_interval: Option<SimTime>,
}

impl Simulation {
    /// A fresh cluster at virtual time zero.
    pub fn new(scenario: &Scenario) -> Self {
        let cluster = Cluster::new(scenario);
        let brokers = cluster.brokers().iter().map(|id| (*id, Broker::new(*id, scenario))).collect();
        Self {
            scenario: scenario.clone(),
            now: SimTime::ZERO,
            rng: Rng::new(scenario.seed),
            agenda: Agenda::default(),
            network: Network::default(),
            published: Rc::clone(cluster.image()),
            leader_check: None,
            processes: cluster.brokers().iter().map(|id| (*id, Process::Running)).collect(),
            cluster,
            brokers,
            clients: BTreeMap::new(),
            suspended: BTreeMap::new(),
            sent: Sent::default(),
        }
    }

    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    pub fn now(&self) -> SimTime {
        self.now
    }

    /// When the next thing happens; `None` when nothing will without a command.
    pub fn next_at(&self) -> Option<SimTime> {
        self.agenda.next_at()
    }

    /// Does what the learner asks, now.
    ///
    /// # Errors
    /// Says in Kafka's words why the cluster or the client library refuses; then nothing has changed.
    pub fn apply(&mut self, command: &Command) -> Result<Vec<Event>, CommandError> {
        match command {
            Command::CreateTopic(new) => {
                let created = self.cluster.create_topic(new, &self.scenario.broker, &mut self.rng)?;
                let (partitions, replication_factor) = created;
                let mut events =
                    vec![Event::TopicCreated { topic: new.name.clone(), partitions, replication_factor }];
                self.publish(&mut events);
                Ok(events)
            }
            Command::StartProducer { client, config } => {
                self.start(*client, |context| Client::producer(*client, config.clone(), context))
            }
            Command::CreatePartitions { topic, total } => {
                self.cluster.create_partitions(topic, *total, &mut self.rng)?;
                let mut events = vec![Event::PartitionsCreated { topic: topic.clone(), partitions: *total }];
                self.publish(&mut events);
                Ok(events)
            }
            Command::CreatePartitionsAt { topic, replicas } => {
                let partitions = self.cluster.create_partitions_at(topic, replicas)?;
                let mut events = vec![Event::PartitionsCreated { topic: topic.clone(), partitions }];
                self.publish(&mut events);
                Ok(events)
            }
            Command::DeleteTopic { topic } => self.delete_topic(topic),
            Command::AlterConfigs { resource, changes } => self.alter_configs(resource, changes),
            Command::DeleteRecords { partition, before_offset } => {
                self.delete_records(partition, *before_offset)
            }
            Command::AlterOffsets { group, offsets } => self.alter_offsets(group, offsets),
            Command::DeleteOffsets { group, topic, partitions } => {
                self.delete_offsets(group, topic, partitions)
            }
            Command::AbortTransaction { partition, producer, coordinator_epoch } => {
                self.abort_transaction(partition, *producer, *coordinator_epoch)
            }
            Command::DeleteGroup { group } => self.delete_group(group),
            Command::StartConsumer { client, config, source, application } => self
                .start(*client, |context| {
                    Client::consumer(*client, (**config).clone(), source, application.clone(), context)
                }),
            Command::Send { client, record } => {
                self.sent.add(record)?;
                Ok(self.tell_client(*client, |node, context| node.send(record, context)))
            }
            Command::Transact { client, call } => {
                Ok(self.tell_client(*client, |node, context| node.transact(call.clone(), context)))
            }
            Command::Call { client, call } => {
                if let Some(node) = self.clients.get(client) {
                    node.check_call(call)?;
                }
                Ok(self.tell_client(*client, |node, context| node.call(call.clone(), context)))
            }
            Command::RemoveMembers { group, members } => {
                let mut events = Vec::new();
                if let Some(id) = self.coordinator_of(group).map(Broker::id) {
                    self.with_broker(id, &mut events, |broker, context| {
                        broker.remove_members(group, members, context);
                    });
                }
                self.after_step(&mut events);
                Ok(events)
            }
            Command::StopBroker { broker } => self.stop_broker(*broker),
            Command::KillBroker { broker } => self.kill_broker(*broker),
            Command::StartBroker { broker } => self.start_broker(*broker),
            Command::PauseBroker { broker } => self.pause_broker(*broker),
            Command::UnpauseBroker { broker } => self.unpause_broker(*broker),
            Command::DisconnectBroker { broker } => self.disconnect_broker(*broker),
            Command::ConnectBroker { broker } => self.connect_broker(*broker),
            Command::ShapeBroker { broker, shape } => self.shape_broker(*broker, *shape),
            Command::ElectLeaders { election, partitions } => {
                Ok(self.elect_leaders(*election, partitions.as_deref()))
            }
            Command::ReassignPartition { partition, replicas } => {
                self.reassign_partition(partition, replicas.as_deref())
            }
            Command::Close { client } => Ok(self.tell_client(*client, Client::close)),
            Command::Kill { client } => {
                let events = self.tell_client(*client, |_, context| {
                    context.emit(Event::ClientKilled { client: *client });
                });
                self.remove_client(*client);
                Ok(events)
            }
            Command::Suspend { client } => Ok(self.suspend(*client)),
            Command::Continue { client } => Ok(self.go_on(*client)),
        }
    }

    /// Lets exactly one thing happen: one message arrives or one timer fires.
    pub fn step(&mut self) -> Option<Vec<Event>> {
        let (at, occurrence) = self.agenda.pop()?;
        self.now = self.now.max(at);
        let mut events = Vec::new();
        if let Some(missed) = occurrence.client().and_then(|client| self.suspended.get_mut(&client)) {
            missed.push(occurrence);
            return Some(events);
        }
        self.occur(occurrence, &mut events);
        Some(events)
    }

    /// Lets everything happen up to and including `until`; the clock then stands there.
    pub fn advance_to(&mut self, until: SimTime) -> Vec<Event> {
        let mut events = Vec::new();
        while self.next_at().is_some_and(|at| at <= until) {
            events.extend(self.step().into_iter().flatten());
        }
        self.now = self.now.max(until);
        events
    }

    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    pub fn broker(&self, id: BrokerId) -> Option<&Broker> {
        self.brokers.get(&id)
    }

    /// The leader's replica of a partition.
    pub fn leader_replica(&self, partition: &TopicPartition) -> Option<&Replica> {
        self.broker(self.cluster.leader(partition)?)?.replica(partition)
    }

    /// Every running client, by number.
    pub fn clients(&self) -> impl Iterator<Item = (ClientId, &Client)> {
        self.clients.iter().map(|(id, client)| (*id, &**client))
    }

    pub fn client(&self, id: ClientId) -> Option<&Client> {
        self.clients.get(&id).map(Rc::as_ref)
    }

    /// What a consumer's threads wait for.
    pub fn consumer_deadlines(&self, id: ClientId) -> ConsumerDeadlines {
        let timer = |timer| self.agenda.timer(NodeId::Client(id), timer);
        ConsumerDeadlines {
            heartbeat: timer(Timer::Heartbeat),
            max_poll_interval: timer(Timer::MaxPollInterval),
        }
    }

    /// Messages on their way.
    pub fn envelopes(&self) -> impl Iterator<Item = &Envelope> {
        self.agenda.envelopes()
    }

    /// Messages that may still arrive: those on their way, and those that wait for a broker to be reached again.
    pub fn undelivered(&self) -> impl Iterator<Item = &Envelope> {
        let waiting = self.waiting().filter_map(|occurrence| match occurrence {
            Occurrence::Delivery(envelope) => Some(envelope),
            Occurrence::Timer(..) | Occurrence::Disconnection(_) | Occurrence::Controller(_) => None,
        });
        self.envelopes().chain(waiting)
    }

    /// The broker that coordinates a group, once any group has been looked for.
    pub fn coordinator_of(&self, group: &str) -> Option<&Broker> {
        let partitions = self.scenario.groups.offsets_topic_num_partitions;
        let number = coordinator_partition(group, partitions);
        self.broker(self.cluster.leader(&TopicPartition::new(CONSUMER_OFFSETS, number))?)
    }

    pub fn describe_group(&self, group: &str) -> Option<GroupDescription> {
        self.coordinator_of(group)?.coordinator().describe(group)
    }

    fn start(
        &mut self,
        id: ClientId,
        make: impl FnOnce(&mut Context<'_>) -> Client,
    ) -> Result<Vec<Event>, CommandError> {
        assert!(!self.clients.contains_key(&id), "client {id:?} runs already: its number is not free");
        let limit = Scenario::MAX_CLIENTS;
        if self.clients.len() as u32 >= limit {
            return Err(CommandError::TooManyClients { limit });
        }
        let mut events = Vec::new();
        let client = make(&mut self.context(NodeId::Client(id), &mut events));
        self.clients.insert(id, Rc::new(client));
        self.after_step(&mut events);
        Ok(events)
    }

    fn occur(&mut self, occurrence: Occurrence, events: &mut Vec<Event>) {
        let Some(occurrence) = self.unhindered(occurrence) else { return };
        match occurrence {
            Occurrence::Delivery(envelope) => self.deliver(envelope, events),
            Occurrence::Timer(NodeId::Broker(id), Timer::Shutdown) => self.end_shutdown(id, events),
            Occurrence::Timer(NodeId::Broker(id), timer) => {
                self.with_broker(id, events, |broker, context| broker.on_timer(&timer, context));
            }
            Occurrence::Timer(NodeId::Client(id), timer) => {
                self.with_client(id, events, |client, context| client.on_timer(&timer, context));
            }
            Occurrence::Disconnection(disconnection) => self.disconnected(disconnection, events),
            Occurrence::Controller(ControllerTimer::FenceStaleBrokers) => {
                self.cluster.fence_stale_brokers(self.now, &self.scenario.broker, events);
            }
            Occurrence::Controller(ControllerTimer::ElectLeaders) => {
                self.leader_check = None;
                self.cluster.elect_leaders_periodically(&self.scenario.broker, events);
            }
        }
        self.after_step(events);
    }

    fn deliver(&mut self, envelope: Envelope, events: &mut Vec<Event>) {
        let Envelope { from, to, message, .. } = envelope;
        match (to, message) {
            (NodeId::Broker(id), Message::Request { correlation_id, request }) => {
                let handle = RequestHandle { from, correlation_id };
                self.with_broker(id, events, |broker, context| broker.on_request(handle, request, context));
            }
            (NodeId::Broker(id), Message::Response { correlation_id, response }) => {
                self.with_broker(id, events, |broker, context| {
                    broker.on_response(from, correlation_id, response, context);
                });
            }
            (NodeId::Client(id), Message::Response { correlation_id, response }) => {
                self.with_client(id, events, |client, context| {
                    client.on_response(from, correlation_id, response, context);
                });
            }
            (NodeId::Client(_), Message::Request { .. }) => {
                unreachable!("nobody sends requests to a client")
            }
        }
    }

    fn disconnected(&mut self, disconnection: Disconnection, events: &mut Vec<Event>) {
        self.network.on_told(disconnection, self.now, &mut self.rng);
        let Disconnection { node, broker } = disconnection;
        match node {
            NodeId::Broker(id) => {
                self.with_broker(id, events, |follower, context| follower.on_disconnected(broker, context));
            }
            NodeId::Client(id) => {
                self.with_client(id, events, |client, context| client.on_disconnected(broker, context));
            }
        }
    }

    /// Tells brokers what the controller has decided meanwhile.
    fn after_step(&mut self, events: &mut Vec<Event>) {
        self.publish(events);
    }

    fn remove_client(&mut self, id: ClientId) {
        self.clients.remove(&id);
        self.suspended.remove(&id);
        self.agenda.forget_timers_of(NodeId::Client(id));
        self.network.forget(NodeId::Client(id));
    }

    fn suspend(&mut self, client: ClientId) -> Vec<Event> {
        if !self.clients.contains_key(&client) || self.suspended.contains_key(&client) {
            return Vec::new();
        }
        self.suspended.insert(client, Vec::new());
        vec![Event::ClientSuspended { client }]
    }

    /// What the process has missed falls due now, so that it can still cancel a timer that comes after something else.
    fn go_on(&mut self, client: ClientId) -> Vec<Event> {
        let Some(missed) = self.suspended.remove(&client) else { return Vec::new() };
        for occurrence in missed {
            self.agenda.schedule(self.now, occurrence);
        }
        vec![Event::ClientContinued { client }]
    }

    /// Hands new metadata to every broker that is in contact with the controller. What a broker does about it may
    /// change it again.
    fn publish(&mut self, events: &mut Vec<Event>) {
        while !Rc::ptr_eq(&self.published, self.cluster.image()) {
            self.published = Rc::clone(self.cluster.image());
            for id in self.cluster.brokers().to_vec() {
                if self.cluster.is_in_contact(id) {
                    self.with_broker(id, events, Broker::apply_metadata);
                }
            }
            self.schedule_leader_check();
        }
    }

    /// While some partition is led by another replica than its first, or by none.
    fn schedule_leader_check(&mut self) {
        if self.leader_check.is_none() && self.cluster.has_misplaced_leaders() {
            let at = next_multiple(self.scenario.broker.leader_imbalance_check_interval, self.now);
            self.leader_check = Some(at);
            self.agenda.schedule(at, Occurrence::Controller(ControllerTimer::ElectLeaders));
        }
    }

    fn with_broker(
        &mut self,
        id: BrokerId,
        events: &mut Vec<Event>,
        act: impl FnOnce(&mut Broker, &mut Context<'_>),
    ) {
        let Some(mut broker) = self.brokers.remove(&id) else { return };
        act(&mut broker, &mut self.context(NodeId::Broker(id), events));
        self.brokers.insert(id, broker);
    }

    /// A client that is gone does not answer: what was meant for it is lost.
    fn with_client(
        &mut self,
        id: ClientId,
        events: &mut Vec<Event>,
        act: impl FnOnce(&mut Client, &mut Context<'_>),
    ) {
        if let Some(mut client) = self.clients.remove(&id) {
            act(Rc::make_mut(&mut client), &mut self.context(NodeId::Client(id), events));
            let has_ended = client.has_ended();
            self.clients.insert(id, client);
            if has_ended {
                self.remove_client(id);
            }
        }
    }

    /// A learner's wish, and what comes of it at once.
    fn tell_client(&mut self, id: ClientId, act: impl FnOnce(&mut Client, &mut Context<'_>)) -> Vec<Event> {
        let mut events = Vec::new();
        self.with_client(id, &mut events, act);
        self.after_step(&mut events);
        events
    }

    fn context<'a>(&'a mut self, node: NodeId, events: &'a mut Vec<Event>) -> Context<'a> {
        Context {
            now: self.now,
            node,
            scenario: &self.scenario,
            cluster: &mut self.cluster,
            rng: &mut self.rng,
            agenda: &mut self.agenda,
            network: &mut self.network,
            events,
        }
    }
}
