//! Seeking anywhere equals a straight run.

use std::time::Duration;

use kafka_core::command::Command;
use kafka_core::history::History;
use kafka_core::protocol::{BrokerId, ClientId};
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;
use proptest::prelude::*;

use crate::commands::{close, consumer, kill, producer, record, topic};
use crate::survival::{Fault, faults};

/// A client number that no act takes.
const LATE: u32 = 1000;

const COOPERATIVE: &str = "org.apache.kafka.clients.consumer.CooperativeStickyAssignor";

/// Groups, and the settings of those who join them. The last one joins a group of either protocol.
const PROTOCOLS: [(&str, &[(&str, &str)]); 4] = [
    ("g", &[]),
    ("c", &[("partition.assignment.strategy", COOPERATIVE)]),
    ("k", &[("group.protocol", "consumer")]),
    ("g", &[("group.protocol", "consumer")]),
];

/// What a learner does next; clients are picked among those that run.
#[derive(Clone, Debug)]
enum Act {
    StartProducer,
    StartConsumer {
        protocol: usize,
    },
    Send {
        key: Option<u8>,
    },
    Close(u32),
    Kill(u32),
    Fault {
        broker: u32,
        fault: Fault,
    },
    /// Every consumer stands still, or goes on.
    Suspend(bool),
    Wait(u64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        1 => Just(Act::StartProducer),
        2 => (0..PROTOCOLS.len()).prop_map(|protocol| Act::StartConsumer { protocol }),
        6 => proptest::option::of(any::<u8>()).prop_map(|key| Act::Send { key }),
        1 => any::<u32>().prop_map(Act::Close),
        1 => any::<u32>().prop_map(Act::Kill),
        2 => (1_u32..=3, faults()).prop_map(|(broker, fault)| Act::Fault { broker, fault }),
        1 => any::<bool>().prop_map(Act::Suspend),
        4 => (0_u64..20_000).prop_map(Act::Wait),
    ];
    proptest::collection::vec(act, 1..25)
}

/// Plays acts into a history; a wait lets time pass in uneven pieces, as frames of a page do.
fn play(scenario: &Scenario, acts: &[Act]) -> History<Simulation> {
    let mut history = History::new(scenario);
    let (mut producers, mut consumers, mut next) = (Vec::new(), Vec::new(), 1);
    history.apply(topic("t", 3, scenario.brokers)).unwrap();
    for act in acts {
        match act {
            Act::StartProducer => {
                history.apply(producer(next, &[])).unwrap();
                producers.push(next);
                next += 1;
            }
            Act::StartConsumer { protocol } => {
                let (group, settings) = PROTOCOLS[*protocol];
                history.apply(consumer(next, "t", group, settings)).unwrap();
                consumers.push(next);
                next += 1;
            }
            Act::Send { key } => {
                if let Some(client) = producers.last() {
                    let key = key.map(|key| format!("k{key}"));
                    history.apply(record(*client, "t", key.as_deref(), "v")).unwrap();
                }
            }
            Act::Close(pick) => end(&mut history, &mut producers, &mut consumers, *pick, close),
            Act::Kill(pick) => end(&mut history, &mut producers, &mut consumers, *pick, kill),
            // Refused when the broker is not in a state for it, or not there.
            Act::Fault { broker, fault } => drop(history.apply(fault.command(BrokerId(*broker)))),
            Act::Suspend(still) => {
                for client in consumers.iter().copied().map(ClientId) {
                    let command =
                        if *still { Command::Suspend { client } } else { Command::Continue { client } };
                    history.apply(command).unwrap();
                }
            }
            Act::Wait(millis) => {
                let now = history.present().now();
                history.advance_to(now + Duration::from_millis(millis / 3));
                history.advance_to(now + Duration::from_millis(*millis));
            }
        }
    }
    history
}

fn end(
    history: &mut History<Simulation>,
    producers: &mut Vec<u32>,
    consumers: &mut Vec<u32>,
    pick: u32,
    command: impl Fn(u32) -> Command,
) {
    let running = if pick.is_multiple_of(2) { producers } else { consumers };
    if !running.is_empty() {
        let client = running.remove(pick as usize % running.len());
        history.apply(command(client)).unwrap();
    }
}

/// The same inputs at the same times, without any looking back.
fn straight_run(scenario: &Scenario, history: &History<Simulation>, to: SimTime) -> Simulation {
    let mut simulation = Simulation::new(scenario);
    for timed in history.inputs().iter().filter(|timed| timed.at <= to) {
        simulation.advance_to(timed.at);
        simulation.apply(&timed.input).unwrap();
    }
    simulation.advance_to(to);
    simulation
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn seeking_equals_a_straight_run(
        seed in any::<u64>(),
        three in any::<bool>(),
        acts in acts(),
        seeks in proptest::collection::vec(0_u64..=1000, 1..5),
    ) {
        let scenario = if three { Scenario::three_brokers(seed) } else { Scenario::one_broker(seed) };
        let mut history = play(&scenario, &acts);
        let end = history.end();
        for share in seeks {
            let to = SimTime::from_micros(end.as_micros() * share / 1000);
            history.seek(to);
            prop_assert_eq!(history.present(), &straight_run(&scenario, &history, to));
        }
        history.seek(end);
        prop_assert_eq!(history.present(), &straight_run(&scenario, &history, end));
        prop_assert!(history.is_at_end());
    }

    #[test]
    fn an_input_in_the_past_starts_a_new_future(seed in any::<u64>(), acts in acts(), share in 0_u64..1000) {
        let scenario = Scenario::one_broker(seed);
        let mut history = play(&scenario, &acts);
        let original = history.fork();
        let to = SimTime::from_micros(history.end().as_micros() * share / 1000);
        history.seek(to);
        history.apply(producer(LATE, &[])).unwrap();
        prop_assert_eq!(history.end(), to);
        history.advance_to(to + Duration::from_secs(60));
        let end = history.end();
        prop_assert_eq!(history.present(), &straight_run(&scenario, &history, end));
        prop_assert!(original.present().client(ClientId(LATE)).is_none());
    }
}
