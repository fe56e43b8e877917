//! Whatever is done to brokers and producers, a `read_committed` consumer sees all of a transaction or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::protocol::BrokerId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;
use proptest::prelude::*;

use super::writer::{RECORDS, Writer};
use crate::commands::{consumer, kill, topic_with};
use crate::survival::{Fault, faults};

const PARTITIONS: u32 = 2;
const IDS: [&str; 2] = ["one", "two"];
const READER: u32 = 900;

#[derive(Clone, Debug)]
enum Act {
    Fault {
        broker: u32,
        fault: Fault,
    },
    /// A writer's process is killed, and started again.
    Crash(usize),
    /// Another process is started before the old one is gone.
    Replace(usize),
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (1_u32..=3, faults()).prop_map(|(broker, fault)| Act::Fault { broker, fault }),
        2 => (0..IDS.len()).prop_map(Act::Crash),
        1 => (0..IDS.len()).prop_map(Act::Replace),
        4 => (0_u64..6_000).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 1..16)
}

struct World {
    simulation: Simulation,
    writers: Vec<Writer>,
    next_client: u32,
    seen: BTreeMap<u32, Vec<(u32, String)>>,
    uncleanly: bool,
    /// How often something was committed, or a marker written.
    moves: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut simulation = Simulation::new(&Scenario::three_brokers(seed));
        simulation.apply(&topic_with("t", PARTITIONS, 3, &[("min.insync.replicas", "2")])).unwrap();
        let writers = Vec::new();
        let mut world =
            Self { simulation, writers, next_client: 1, seen: BTreeMap::new(), uncleanly: false, moves: 0 };
        for id in IDS {
            let client = world.new_client();
            let (writer, events) = Writer::start(id, client, &mut world.simulation);
            world.writers.push(writer);
            world.hear(events);
        }
        world.read(READER);
        world.wait(Duration::from_secs(4));
        world
    }

    fn new_client(&mut self) -> u32 {
        self.next_client += 1;
        self.next_client - 1
    }

    fn read(&mut self, client: u32) {
        let settings = [("auto.offset.reset", "earliest"), ("isolation.level", "read_committed")];
        let group = format!("g{client}");
        self.simulation.apply(&consumer(client, "t", &group, &settings)).unwrap();
    }

    fn act(&mut self, act: &Act) {
        match act {
            // What cannot be done to a broker in its state is refused.
            Act::Fault { broker, fault } => {
                if let Ok(events) = self.simulation.apply(&fault.command(BrokerId(*broker))) {
                    self.hear(events);
                }
            }
            Act::Crash(writer) => {
                let events = self.simulation.apply(&kill(self.writers[*writer].client)).unwrap();
                self.hear(events);
                self.replace(*writer);
            }
            Act::Replace(writer) => self.replace(*writer),
            Act::Wait(millis) => self.wait(Duration::from_millis(*millis)),
        }
    }

    fn replace(&mut self, writer: usize) {
        let client = self.new_client();
        let events = self.writers[writer].restart(client, &mut self.simulation);
        self.hear(events);
    }

    fn hear(&mut self, events: Vec<Event>) {
        let mut unheard = events;
        while !unheard.is_empty() {
            let mut more = Vec::new();
            for event in unheard {
                self.note(&event);
                for number in 0..self.writers.len() {
                    let (events, useless) = self.writers[number].hear(&event, &mut self.simulation);
                    more.extend(events);
                    if useless && !self.writers[number].retired {
                        let client = self.new_client();
                        more.extend(self.writers[number].restart(client, &mut self.simulation));
                    }
                }
            }
            unheard = more;
        }
    }

    fn note(&mut self, event: &Event) {
        if let Event::RecordsPolled { client, records } = event {
            let seen = self.seen.entry(client.0).or_default();
            for polled in records {
                let value = polled.record.value.as_deref().unwrap_or_default();
                seen.push((polled.partition.partition, String::from_utf8_lossy(value).into_owned()));
            }
        } else if let Event::LeaderElected { unclean: true, .. } = event {
            self.uncleanly = true;
        }
    }

    fn wait(&mut self, length: Duration) {
        let until = self.simulation.now() + length;
        while self.simulation.next_at().is_some_and(|at| at <= until) {
            let events = self.simulation.step().unwrap_or_default();
            let moved = |event: &Event| {
                matches!(event, Event::HighWatermarkAdvanced { .. } | Event::MarkerAppended { .. })
            };
            if events.iter().any(moved) {
                self.moves += 1;
                if self.moves.is_multiple_of(16) {
                    self.nothing_undecided_is_stable();
                }
            }
            self.hear(events);
            for number in 0..self.writers.len() {
                let events = self.writers[number].tick(&mut self.simulation);
                self.hear(events);
            }
        }
        self.simulation.advance_to(until);
    }

    /// Below the last stable offset every transaction has its marker, and that is committed.
    fn nothing_undecided_is_stable(&self) {
        for partition in partitions() {
            let Some(replica) = self.simulation.leader_replica(&partition) else { continue };
            let stable = replica.last_stable_offset();
            assert!(stable <= replica.high_watermark());
            let mut open = BTreeSet::new();
            for batch in replica.log.batches().filter(|batch| batch.base_offset < replica.high_watermark()) {
                let Some(transaction) = batch.transaction else { continue };
                let producer_id = transaction.producer.producer_id;
                match transaction.marker {
                    Some(_) => open.retain(|(id, _)| *id != producer_id),
                    None => {
                        open.insert((producer_id, batch.base_offset));
                    }
                }
            }
            let first = open.iter().map(|(_, offset)| *offset).min();
            assert!(first.is_none_or(|first| stable <= first), "{partition}: {stable} is past {first:?}");
        }
    }

    /// Everything runs again, nobody begins anything, and what hangs times out.
    fn come_to_rest(&mut self) {
        for faults in [&[Fault::Connect, Fault::Unpause][..], &[Fault::Start]] {
            for broker in 1..=3 {
                for fault in faults {
                    self.act(&Act::Fault { broker, fault: *fault });
                }
            }
            self.wait(Duration::from_secs(1));
        }
        self.wait(Duration::from_secs(20));
        for writer in &mut self.writers {
            writer.retired = true;
        }
        self.wait(Duration::from_secs(240));
    }
}

fn partitions() -> impl Iterator<Item = TopicPartition> {
    (0..PARTITIONS).map(|number| TopicPartition::new("t", number))
}

/// `one/00007/2` is of transaction 7 of the writer `one`.
fn transaction_of(value: &str) -> (&str, u32) {
    let mut parts = value.split('/');
    let id = parts.next().unwrap_or_default();
    (id, parts.next().and_then(|number| number.parse().ok()).unwrap_or_default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_transaction_is_seen_whole_or_not_at_all(seed in any::<u64>(), acts in acts()) {
        let mut world = World::new(seed);
        for act in &acts {
            world.act(act);
        }
        world.come_to_rest();
        if world.uncleanly {
            return Ok(());
        }
        world.read(READER + 1);
        world.wait(Duration::from_secs(30));
        let fresh = world.seen.remove(&(READER + 1)).unwrap_or_default();
        let mut seen: BTreeMap<(&str, u32), u32> = BTreeMap::new();
        for (_, value) in &fresh {
            *seen.entry(transaction_of(value)).or_default() += 1;
        }
        for (transaction, records) in &seen {
            prop_assert_eq!(*records, RECORDS, "{:?}", transaction);
        }
        for (writer, id) in world.writers.iter().zip(IDS) {
            for (number, committed) in &writer.ended {
                prop_assert_eq!(seen.contains_key(&(id, *number)), *committed, "{} {}", id, number);
            }
            for partition in 0..PARTITIONS {
                let own = fresh.iter().filter(|(at, value)| *at == partition && value.starts_with(id));
                prop_assert!(own.is_sorted_by(|left, right| left.1 < right.1), "in the order of the transactions");
            }
        }
        for partition in partitions() {
            let replica = world.simulation.leader_replica(&partition).unwrap();
            prop_assert_eq!(replica.last_stable_offset(), replica.log.log_end_offset(), "nothing hangs");
        }
        // Whoever read all along saw nothing else.
        let all: BTreeSet<_> = fresh.into_iter().collect();
        let live: BTreeSet<_> = world.seen.remove(&READER).unwrap_or_default().into_iter().collect();
        prop_assert_eq!(live, all);
    }
}
