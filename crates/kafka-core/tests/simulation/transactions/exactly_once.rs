//! A program that reads, sends on, and commits what it has read in the same transaction: killed at any moment, it leaves
//! each record in the copy once.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kafka_core::application::ConsumerCall;
use kafka_core::client::Client;
use kafka_core::command::Command;
use kafka_core::consumer::Position;
use kafka_core::event::Event;
use kafka_core::producer::{ProducerCall, TransactionCall};
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use proptest::prelude::*;

use super::call;
use crate::commands::{consumer, kill, producer, record, topic};

/// Consumers have numbers that are a hundred greater than those of their producers.
const CONSUMER: u32 = 100;
const READER: u32 = 900;

struct Copier {
    producer: u32,
    /// First offsets of what `poll()` returned last.
    began_at: BTreeMap<kafka_core::topic::TopicPartition, i64>,
}

struct World {
    simulation: Simulation,
    copiers: Vec<Copier>,
    started: u32,
    copied: Vec<String>,
}

impl World {
    fn new(seed: u64, copiers: u32) -> Self {
        let mut simulation = Simulation::new(&Scenario::three_brokers(seed));
        simulation.apply(&topic("in", 3, 3)).unwrap();
        simulation.apply(&topic("out", 2, 3)).unwrap();
        simulation.apply(&producer(90, &[])).unwrap();
        let mut world = Self { simulation, copiers: Vec::new(), started: 0, copied: Vec::new() };
        for number in 0..copiers {
            world.start(number as usize);
        }
        let settings = [("auto.offset.reset", "earliest"), ("isolation.level", "read_committed")];
        world.simulation.apply(&consumer(READER, "out", "readers", &settings)).unwrap();
        world.wait(5000);
        world
    }

    /// Starts the process of a copier, in the place of the one before if there was one.
    fn start(&mut self, number: usize) {
        self.started += 1;
        let copier = Copier { producer: self.started, began_at: BTreeMap::new() };
        let id = format!("copier-{number}");
        let client = copier.producer;
        if number < self.copiers.len() {
            self.copiers[number] = copier;
        } else {
            self.copiers.push(copier);
        }
        self.simulation.apply(&producer(client, &[("transactional.id", &id)])).unwrap();
        let events = self.simulation.apply(&call(client, ProducerCall::InitTransactions)).unwrap();
        self.hear(events);
    }

    fn crash(&mut self, number: usize) {
        let client = self.copiers[number].producer;
        for process in [client, client + CONSUMER] {
            self.simulation.apply(&kill(process)).unwrap();
        }
        self.start(number);
    }

    fn wait(&mut self, millis: u64) {
        let until = self.simulation.now() + Duration::from_millis(millis);
        while self.simulation.next_at().is_some_and(|at| at <= until) {
            let events = self.simulation.step().unwrap_or_default();
            self.hear(events);
        }
        self.simulation.advance_to(until);
    }

    fn hear(&mut self, events: Vec<Event>) {
        let mut unheard = events;
        while !unheard.is_empty() {
            let mut more = Vec::new();
            for event in unheard {
                more.extend(self.react(&event));
            }
            unheard = more;
        }
    }

    fn react(&mut self, event: &Event) -> Vec<Event> {
        if let Event::RecordsPolled { client: ClientId(READER), records } = event {
            let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
            self.copied.extend(records.iter().map(|polled| text(polled.record.value.as_deref())));
        } else if let Event::RecordsPolled { client, records } = event {
            let of = |copier: &Copier| copier.producer + CONSUMER == client.0;
            let Some(number) = self.copiers.iter().position(of) else { return Vec::new() };
            let copier = &mut self.copiers[number];
            copier.began_at.clear();
            for polled in records {
                copier.began_at.entry(polled.partition.clone()).or_insert(polled.offset);
            }
            let producer = copier.producer;
            let stop = Command::Call { client: *client, call: ConsumerCall::StopPolling };
            let mut events = self.simulation.apply(&stop).unwrap();
            events.extend(self.simulation.apply(&call(producer, ProducerCall::BeginTransaction)).unwrap());
            for polled in records {
                let value = String::from_utf8_lossy(polled.record.value.as_deref().unwrap_or_default());
                events.extend(self.simulation.apply(&record(producer, "out", None, &value)).unwrap());
            }
            let commit = self.send_offsets(number);
            events.extend(self.simulation.apply(&commit).unwrap());
            return events;
        } else if let Event::TransactionCallReturned { client, call: returned, outcome } = event {
            let Some(number) = self.copiers.iter().position(|copier| copier.producer == client.0) else {
                return Vec::new();
            };
            return self.go_on(number, *returned, outcome.is_ok());
        }
        Vec::new()
    }

    fn go_on(&mut self, number: usize, returned: TransactionCall, good: bool) -> Vec<Event> {
        let client = self.copiers[number].producer;
        let reader = ClientId(client + CONSUMER);
        match (returned, good) {
            (TransactionCall::InitTransactions, true) => {
                let settings = [
                    ("auto.offset.reset", "earliest"),
                    ("enable.auto.commit", "false"),
                    ("isolation.level", "read_committed"),
                ];
                self.simulation.apply(&consumer(reader.0, "in", "copiers", &settings)).unwrap()
            }
            (TransactionCall::BeginTransaction, true) => Vec::new(),
            (TransactionCall::SendOffsetsToTransaction, true) => {
                self.simulation.apply(&call(client, ProducerCall::CommitTransaction)).unwrap()
            }
            (TransactionCall::CommitTransaction, true) => self
                .simulation
                .apply(&Command::Call { client: reader, call: ConsumerCall::PollAgain })
                .unwrap(),
            (TransactionCall::AbortTransaction, true) => {
                let mut events = Vec::new();
                for (partition, offset) in std::mem::take(&mut self.copiers[number].began_at) {
                    let seek =
                        Command::Call { client: reader, call: ConsumerCall::Seek { partition, offset } };
                    // It may have been taken away.
                    events.extend(self.simulation.apply(&seek).unwrap_or_default());
                }
                let again = Command::Call { client: reader, call: ConsumerCall::PollAgain };
                events.extend(self.simulation.apply(&again).unwrap());
                events
            }
            (TransactionCall::SendOffsetsToTransaction | TransactionCall::CommitTransaction, false) => {
                self.simulation.apply(&call(client, ProducerCall::AbortTransaction)).unwrap()
            }
            (
                TransactionCall::InitTransactions
                | TransactionCall::BeginTransaction
                | TransactionCall::AbortTransaction,
                false,
            ) => panic!("{returned} cannot fail while each id has one bearer"),
        }
    }

    fn send_offsets(&self, number: usize) -> Command {
        let copier = &self.copiers[number];
        let Some(Client::Consumer(reader)) = self.simulation.client(ClientId(copier.producer + CONSUMER))
        else {
            panic!("it has polled just now")
        };
        let offsets = reader.positions().filter_map(|(partition, position)| match position {
            Position::At(offset) if copier.began_at.contains_key(partition) => {
                Some((partition.clone(), offset))
            }
            Position::At(_) | Position::AwaitingCommitted | Position::AwaitingReset(_) => None,
        });
        let group = reader.group_metadata().expect("it is in a group");
        let offsets = offsets.collect();
        call(copier.producer, ProducerCall::SendOffsetsToTransaction { offsets, group })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_record_is_copied_once(
        seed in any::<u64>(),
        acts in proptest::collection::vec((0_u32..20, 0_u64..4000, any::<bool>(), 0_usize..2), 1..12),
    ) {
        let mut world = World::new(seed, 2);
        let mut sent = BTreeSet::new();
        for (records, pause, crash, copier) in acts {
            for _ in 0..records {
                let value = format!("{:04}", sent.len());
                world.simulation.apply(&record(90, "in", Some(&value), &value)).unwrap();
                sent.insert(value);
            }
            world.wait(pause);
            if crash {
                world.crash(copier);
            }
        }
        // Sessions of members that were killed expire, and the group comes to rest.
        world.wait(180_000);
        let copied: BTreeSet<_> = world.copied.iter().cloned().collect();
        prop_assert_eq!(world.copied.len(), copied.len(), "no record twice");
        prop_assert_eq!(copied, sent, "no record lost");
    }
}
