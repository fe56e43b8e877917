//! What consumers promise about records, whatever is done to them: commands, kills, slow and absent applications.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kafka_core::application::{
    Application, CommitMoment, CommitPoint, CommitStrategy, CommitUnit, ConsumerCall,
};
use kafka_core::client::Client;
use kafka_core::command::Command;
use kafka_core::consumer::{ClassicMemberState, Consumer, Membership, PollError};
use kafka_core::delivery::Deliveries;
use kafka_core::event::Event;
use kafka_core::group::GroupState;
use kafka_core::protocol::{ClientId, ErrorCode};
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;
use proptest::prelude::*;

use crate::commands::{application, call, close, kill, producer, record, topic};

const PARTITIONS: u32 = 3;

const RANGE: (&str, &str) =
    ("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor");
const COOPERATIVE: (&str, &str) =
    ("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");

/// Long enough for every session, poll interval and rebalance to end.
const SETTLING: Duration = Duration::from_secs(120);

/// What a consumer is started with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Protocol {
    Eager,
    Cooperative,
    Consumer,
}

/// The protocols that consumers are started with in turn.
fn protocols() -> impl Strategy<Value = &'static [Protocol]> {
    use Protocol::{Consumer, Cooperative, Eager};
    let all: [&[Protocol]; 5] =
        [&[Eager], &[Cooperative], &[Consumer], &[Eager, Consumer], &[Consumer, Consumer, Cooperative]];
    proptest::sample::select(all.to_vec())
}

#[derive(Clone, Debug)]
enum Act {
    Start { process_millis: u64 },
    Send { count: u32 },
    Close(u32),
    Kill(u32),
    Call(u32, ConsumerCall),
    PollAgain,
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (0_u64..200).prop_map(|process_millis| Act::Start { process_millis }),
        5 => (1_u32..20).prop_map(|count| Act::Send { count }),
        1 => any::<u32>().prop_map(Act::Close),
        2 => any::<u32>().prop_map(Act::Kill),
        1 => any::<u32>().prop_map(|pick| Act::Call(pick, ConsumerCall::StopPolling)),
        1 => any::<u32>().prop_map(|pick| Act::Call(pick, ConsumerCall::EnforceRebalance)),
        1 => Just(Act::PollAgain),
        5 => (0_u64..9000).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 1..40)
}

fn strategies(moment: CommitMoment) -> impl Strategy<Value = CommitStrategy> {
    let point = |unit| CommitPoint { unit, moment };
    prop_oneof![
        Just(CommitStrategy::Sync(point(CommitUnit::Batch))),
        Just(CommitStrategy::Sync(point(CommitUnit::Record))),
    ]
}

/// Everything that handles a record before its offset is committed. `Configured` is auto-commit.
fn at_least_once() -> impl Strategy<Value = CommitStrategy> {
    let point = |unit| CommitPoint { unit, moment: CommitMoment::AfterProcessing };
    prop_oneof![
        Just(CommitStrategy::Configured),
        Just(CommitStrategy::Async(point(CommitUnit::Batch))),
        Just(CommitStrategy::Async(point(CommitUnit::Record))),
        strategies(CommitMoment::AfterProcessing),
    ]
}

/// A group under test, and everything that has happened.
struct World {
    simulation: Simulation,
    protocols: &'static [Protocol],
    commit: CommitStrategy,
    events: Vec<Event>,
    consumers: Vec<u32>,
    started: u32,
    sent: u32,
    /// So many events have been looked at for failures.
    seen: usize,
}

fn failure(event: &Event) -> Option<(u32, PollError)> {
    if let Event::ConsumerFailed { client, error } = event { Some((client.0, error.clone())) } else { None }
}

impl World {
    fn new(seed: u64, protocols: &'static [Protocol], commit: CommitStrategy) -> Self {
        let mut scenario = Scenario::one_broker(seed);
        scenario.groups.group_consumer_session_timeout = Duration::from_secs(6);
        scenario.groups.group_consumer_heartbeat_interval = Duration::from_secs(1);
        let simulation = Simulation::new(&scenario);
        let (events, consumers) = (Vec::new(), Vec::new());
        let mut world =
            Self { simulation, protocols, commit, events, consumers, started: 1, sent: 0, seen: 0 };
        world.apply(&topic("t", PARTITIONS, 1));
        world.apply(&producer(1, &[]));
        world
    }

    fn apply(&mut self, command: &Command) {
        let events = self.simulation.apply(command).unwrap();
        self.events.extend(events);
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Start { process_millis } => self.start(*process_millis),
            Act::Send { count } => {
                for _ in 0..*count {
                    self.sent += 1;
                    let key = format!("k{}", self.sent);
                    self.apply(&record(1, "t", Some(&key), "v"));
                }
            }
            Act::Close(pick) => self.end(*pick, close),
            Act::Kill(pick) => self.end(*pick, kill),
            Act::Call(pick, asked) => {
                if let Some(client) = self.consumers.get(*pick as usize % self.consumers.len().max(1)) {
                    self.apply(&call(*client, asked.clone()));
                }
            }
            Act::PollAgain => self.poll_again(),
            Act::Wait(millis) => self.wait(Duration::from_millis(*millis)),
        }
        self.end_refused();
    }

    /// A classic group that has no generation yet cannot be upgraded: `protocolName` is empty in
    /// `ConsumerGroup.fromClassicGroup`. Who tries to join it with the other protocol fails.
    fn end_refused(&mut self) {
        let refused: Vec<_> = self.events[self.seen..].iter().filter_map(failure).collect();
        self.seen = self.events.len();
        for (client, error) in refused {
            assert_eq!(error, PollError::Broker(ErrorCode::GroupIdNotFound));
            assert!(self.protocols.len() > 1);
            self.consumers.retain(|running| *running != client);
            self.apply(&kill(client));
        }
    }

    fn start(&mut self, process_millis: u64) {
        self.started += 1;
        let protocol = self.protocols[self.started as usize % self.protocols.len()];
        let own: &[_] = match protocol {
            Protocol::Eager => &[RANGE, ("session.timeout.ms", "6000")],
            Protocol::Cooperative => &[COOPERATIVE, ("session.timeout.ms", "6000")],
            Protocol::Consumer => &[("group.protocol", "consumer")],
        };
        let common = [
            ("auto.offset.reset", "earliest"),
            ("enable.auto.commit", if self.commit == CommitStrategy::Configured { "true" } else { "false" }),
            ("auto.commit.interval.ms", "1000"),
            ("max.poll.interval.ms", "6000"),
            ("max.poll.records", "10"),
        ];
        let settings = [&common, own].concat();
        let program = Application {
            process_time: Duration::from_millis(process_millis),
            commit: self.commit,
            ..Application::default()
        };
        self.consumers.push(self.started);
        self.apply(&application(self.started, "t", "g", &settings, program));
    }

    /// The application comes back to its loop first: a member of the consumer protocol that has left for its poll
    /// interval and is closed without another `poll()` commits without an epoch, and an empty group takes that, however
    /// old it is.
    fn end(&mut self, pick: u32, command: impl Fn(u32) -> Command) {
        if !self.consumers.is_empty() {
            let client = self.consumers.remove(pick as usize % self.consumers.len());
            if self.protocols.contains(&Protocol::Consumer) {
                self.apply(&call(client, ConsumerCall::PollAgain));
            }
            self.apply(&command(client));
        }
    }

    /// Also those that are to close: they do so when they come back to their loop.
    fn poll_again(&mut self) {
        let running: Vec<_> = self.members().map(|(client, _)| client.0).collect();
        for client in running {
            self.apply(&call(client, ConsumerCall::PollAgain));
        }
    }

    fn wait(&mut self, length: Duration) {
        let until = self.simulation.now() + length;
        while self.simulation.next_at().is_some_and(|at| at <= until) {
            let events = self.simulation.step().unwrap_or_default();
            let moved = events.iter().any(|event| matches!(event, Event::PartitionsAssigned { .. }));
            self.events.extend(events);
            if moved {
                self.owners_are_distinct();
            }
        }
        self.simulation.advance_to(until);
    }

    fn members(&self) -> impl Iterator<Item = (ClientId, &Consumer)> {
        self.simulation.clients().filter_map(|(id, client)| match client {
            Client::Consumer(consumer) => Some((id, &**consumer)),
            Client::Producer(_) => None,
        })
    }

    /// A partition has at most one owner in a generation, or at an epoch.
    fn owners_are_distinct(&self) {
        let mut owners: BTreeMap<(i32, &TopicPartition), ClientId> = BTreeMap::new();
        for (id, consumer) in self.members() {
            let Some(membership) = consumer.membership() else { continue };
            let knows_its_assignment = match membership {
                Membership::Classic(own) => own.state == ClassicMemberState::Stable,
                Membership::Consumer(_) => true,
            };
            let Some(epoch) = membership.epoch().filter(|_| knows_its_assignment) else { continue };
            for (partition, _) in consumer.positions() {
                let other = owners.insert((epoch, partition), id);
                assert_eq!(other, None, "{partition} has two owners in epoch {epoch}");
            }
        }
    }

    /// Committed offsets only go up: nobody seeks here, and nothing resets them.
    fn commits_only_advance(&self) {
        let mut committed: BTreeMap<&TopicPartition, i64> = BTreeMap::new();
        for event in &self.events {
            if let Event::OffsetCommitted { partition, offset, .. } = event {
                let before = committed.insert(partition, offset.offset);
                assert!(before <= Some(offset.offset), "{partition}: {before:?}, then {}", offset.offset);
            }
        }
    }

    /// Once nothing disturbs it any more, a group with a member is Stable, and its live members own everything.
    fn settles(&mut self) {
        self.poll_again();
        self.wait(SETTLING);
        self.end_refused();
        let owned: BTreeSet<_> = self
            .members()
            .flat_map(|(_, consumer)| consumer.positions().map(|(partition, _)| partition.partition))
            .collect();
        if self.consumers.is_empty() {
            assert_eq!(owned, BTreeSet::new());
            return;
        }
        let group = self.simulation.describe_group("g").expect("somebody joined");
        assert_eq!(group.state, GroupState::Stable);
        assert_eq!(group.members.len(), self.consumers.len());
        assert_eq!(owned, (0..PARTITIONS).collect());
        self.owners_are_distinct();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_committed_after_processing_was_processed(
        seed in any::<u64>(),
        protocols in protocols(),
        commit in at_least_once(),
        acts in acts(),
    ) {
        let mut world = World::new(seed, protocols, commit);
        for act in &acts {
            world.act(act);
            prop_assert_eq!(Deliveries::from_events(&world.events).passed_over("g"), []);
        }
        world.settles();
        world.commits_only_advance();
        let deliveries = Deliveries::from_events(&world.events);
        prop_assert_eq!(deliveries.passed_over("g"), []);
        if !world.consumers.is_empty() {
            let tally = deliveries.of_group("g");
            prop_assert_eq!(tally.processed - tally.duplicates, u64::from(world.sent), "every record was handled");
        }
    }

    /// A record is handled only after `commitSync()` has returned for it, and by then no later owner can start
    /// before it: so never twice, be there kills or members that are thrown out while they work.
    #[test]
    fn what_is_committed_before_processing_is_processed_at_most_once(
        seed in any::<u64>(),
        protocols in protocols(),
        commit in strategies(CommitMoment::BeforeProcessing),
        acts in acts(),
    ) {
        let mut world = World::new(seed, protocols, commit);
        for act in &acts {
            world.act(act);
        }
        world.settles();
        world.commits_only_advance();
        prop_assert_eq!(Deliveries::from_events(&world.events).total().duplicates, 0);
    }
}
