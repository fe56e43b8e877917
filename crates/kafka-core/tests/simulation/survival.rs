//! What holds whatever is done to brokers, and what comes back when everything is repaired.

use std::collections::BTreeSet;
use std::time::Duration;

use kafka_core::client::Client;
use kafka_core::cluster::ElectionType;
use kafka_core::command::Command;
use kafka_core::event::Event;
use kafka_core::group::GroupState;
use kafka_core::protocol::BrokerId;
use kafka_core::record::RecordId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;
use proptest::prelude::*;

use crate::commands::{consumer, producer, record, topic_with};

const PARTITIONS: u32 = 2;

/// Long enough for sessions, rebalances, and everything that a producer tries again.
const SETTLING: Duration = Duration::from_secs(180);

#[derive(Clone, Debug)]
pub(crate) enum Act {
    Send { count: u32 },
    Fault { broker: u32, fault: Fault },
    ElectPreferredLeaders,
    Wait(u64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Stop,
    Kill,
    Start,
    Pause,
    Unpause,
    Disconnect,
    Connect,
}

impl Fault {
    pub(crate) const fn command(self, broker: BrokerId) -> Command {
        match self {
            Self::Stop => Command::StopBroker { broker },
            Self::Kill => Command::KillBroker { broker },
            Self::Start => Command::StartBroker { broker },
            Self::Pause => Command::PauseBroker { broker },
            Self::Unpause => Command::UnpauseBroker { broker },
            Self::Disconnect => Command::DisconnectBroker { broker },
            Self::Connect => Command::ConnectBroker { broker },
        }
    }
}

pub(crate) fn faults() -> impl Strategy<Value = Fault> {
    prop_oneof![
        1 => Just(Fault::Stop),
        1 => Just(Fault::Kill),
        2 => Just(Fault::Start),
        1 => Just(Fault::Pause),
        1 => Just(Fault::Unpause),
        1 => Just(Fault::Disconnect),
        1 => Just(Fault::Connect),
    ]
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        5 => (1_u32..8).prop_map(|count| Act::Send { count }),
        4 => (1_u32..=3, faults()).prop_map(|(broker, fault)| Act::Fault { broker, fault }),
        1 => Just(Act::ElectPreferredLeaders),
        2 => (0_u64..20).prop_map(Act::Wait),
        3 => (0_u64..15_000).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 1..30)
}

struct World {
    simulation: Simulation,
    events: Vec<Event>,
    sent: u32,
}

impl World {
    fn new(seed: u64, settings: &[(&str, &str)]) -> Self {
        let simulation = Simulation::new(&Scenario::three_brokers(seed));
        let mut world = Self { simulation, events: Vec::new(), sent: 0 };
        world.apply(&topic_with("t", PARTITIONS, 3, &[("min.insync.replicas", "2")]));
        world.apply(&producer(1, settings));
        for client in [2, 3] {
            world.apply(&consumer(client, "t", "g", &[("auto.offset.reset", "earliest")]));
        }
        // Every partition has had a record of the producer: a broker takes any first sequence number for good.
        world.act(&Act::Send { count: 7 });
        world.wait(Duration::from_secs(8));
        world
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Send { count } => {
                for _ in 0..*count {
                    self.sent += 1;
                    let key = format!("k{}", self.sent % 7);
                    self.apply(&record(1, "t", Some(&key), "v"));
                }
            }
            // What cannot be done to a broker in its state is refused.
            Act::Fault { broker, fault } => {
                if let Ok(events) = self.simulation.apply(&fault.command(BrokerId(*broker))) {
                    self.events.extend(events);
                }
            }
            Act::ElectPreferredLeaders => {
                self.apply(&Command::ElectLeaders { election: ElectionType::Preferred, partitions: None });
            }
            Act::Wait(millis) => self.wait(Duration::from_millis(*millis)),
        }
    }

    fn apply(&mut self, command: &Command) {
        let events = self.simulation.apply(command).unwrap();
        self.events.extend(events);
    }

    fn wait(&mut self, length: Duration) {
        let until = self.simulation.now() + length;
        while self.simulation.next_at().is_some_and(|at| at <= until) {
            let events = self.simulation.step().unwrap_or_default();
            if events.iter().any(|event| matches!(event, Event::HighWatermarkAdvanced { .. })) {
                self.followers_have_what_is_committed();
            }
            self.events.extend(events);
        }
        self.simulation.advance_to(until);
    }

    /// Nothing is committed that a replica in sync lacks.
    fn followers_have_what_is_committed(&self) {
        for partition in partitions() {
            let (Some(metadata), Some(leader)) =
                (self.simulation.cluster().partition(&partition), self.simulation.leader_replica(&partition))
            else {
                continue;
            };
            for replica in &metadata.isr {
                let follower = self.simulation.broker(*replica).and_then(|it| it.replica(&partition));
                let end = follower.map_or(0, |follower| follower.log.log_end_offset());
                assert!(end >= leader.high_watermark(), "{partition}: {replica:?} ends at {end}");
            }
        }
    }

    fn repair(&mut self) {
        for faults in [&[Fault::Connect, Fault::Unpause][..], &[Fault::Start]] {
            for broker in [1, 2, 3].map(BrokerId) {
                for fault in faults {
                    self.act(&Act::Fault { broker: broker.0, fault: *fault });
                }
            }
            // Whoever was asked to stop ends before it is started again.
            self.wait(Duration::from_secs(1));
        }
        self.wait(SETTLING);
    }

    fn is_repaired(&self) {
        for partition in partitions() {
            let metadata = self.simulation.cluster().partition(&partition).unwrap();
            assert_eq!((metadata.isr.len(), metadata.elr.len()), (3, 0), "{partition}: {metadata:?}");
            let logs: Vec<_> =
                metadata.replicas.iter().map(|broker| self.log_of(*broker, &partition)).collect();
            assert!(logs.iter().all(|log| *log == logs[0]), "{partition}: the replicas differ");
            let leader = self.simulation.leader_replica(&partition).unwrap();
            assert_eq!(leader.high_watermark(), leader.log.log_end_offset());
            let offsets = leader.log.records_from(0).map(|(offset, _)| offset);
            assert!(offsets.eq(0..leader.log.log_end_offset()), "{partition}: offsets have gaps");
        }
        let group = self.simulation.describe_group("g").unwrap();
        assert_eq!((group.state, group.members.len()), (GroupState::Stable, 2));
        let mut owned = Vec::new();
        for (_, client) in self.simulation.clients() {
            if let Client::Consumer(consumer) = client {
                owned.extend(consumer.positions().map(|(partition, _)| partition.clone()));
            }
        }
        owned.sort();
        assert!(owned.into_iter().eq(partitions()));
    }

    fn log_of(&self, broker: BrokerId, partition: &TopicPartition) -> Vec<RecordId> {
        let replica = self.simulation.broker(broker).unwrap().replica(partition).unwrap();
        replica.log.records_from(0).map(|(_, record)| record.id).collect()
    }

    /// Ids of all records in the logs, by partition.
    fn written(&self) -> Vec<Vec<RecordId>> {
        let leader = |partition: &TopicPartition| self.simulation.cluster().leader(partition).unwrap();
        partitions().map(|partition| self.log_of(leader(&partition), &partition)).collect()
    }

    /// Records about which the application was told nothing bad, when nothing is left to tell.
    fn acknowledged(&self) -> BTreeSet<RecordId> {
        let mut ids = BTreeSet::new();
        for event in &self.events {
            if let Event::RecordPartitioned { record, .. } = event {
                ids.insert(*record);
            }
        }
        for event in &self.events {
            if let Event::RecordFailed { record, .. } = event {
                ids.remove(&record.id);
            }
        }
        ids
    }

    fn elected_uncleanly(&self) -> bool {
        self.events.iter().any(|event| matches!(event, Event::LeaderElected { unclean: true, .. }))
    }
}

fn partitions() -> impl Iterator<Item = TopicPartition> {
    (0..PARTITIONS).map(|number| TopicPartition::new("t", number))
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    /// With `acks=all` and idempotence: nothing acknowledged is lost in clean elections, and every partition has its
    /// records once, in the order in which they were sent.
    #[test]
    fn an_idempotent_producer_loses_repeats_and_reorders_nothing(seed in any::<u64>(), acts in acts()) {
        let mut world = World::new(seed, &[("request.timeout.ms", "5000"), ("linger.ms", "1")]);
        for act in &acts {
            world.act(act);
        }
        world.repair();
        world.is_repaired();
        let written = world.written();
        for log in &written {
            prop_assert!(log.is_sorted_by(|left, right| left < right), "{log:?}");
        }
        if !world.elected_uncleanly() {
            let written: BTreeSet<_> = written.into_iter().flatten().collect();
            let lost: Vec<_> = world.acknowledged().difference(&written).copied().collect();
            prop_assert_eq!(lost, []);
        }
    }

    /// Without idempotence there are duplicates, and still nothing acknowledged is lost in clean elections.
    #[test]
    fn what_all_replicas_acknowledged_survives(seed in any::<u64>(), acts in acts()) {
        let settings =
            [("request.timeout.ms", "2000"), ("delivery.timeout.ms", "10000"), ("enable.idempotence", "false")];
        let mut world = World::new(seed, &settings);
        for act in &acts {
            world.act(act);
        }
        world.repair();
        world.is_repaired();
        if !world.elected_uncleanly() {
            let written: BTreeSet<_> = world.written().into_iter().flatten().collect();
            let lost: Vec<_> = world.acknowledged().difference(&written).copied().collect();
            prop_assert_eq!(lost, []);
        }
    }
}
