//! A process that stands still and goes on.

use kafka_core::command::Command;
use kafka_core::event::Event;
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;

use crate::commands::{consumer, producer, record, topic};
use crate::{held, polled_values, run_for};

const CLIENT: ClientId = ClientId(1);
const SUSPEND: Command = Command::Suspend { client: CLIENT };
const CONTINUE: Command = Command::Continue { client: CLIENT };

/// A consumer of one partition, and a producer.
fn start() -> Simulation {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 1, 1)).unwrap();
    simulation.apply(&consumer(1, "t", "g", &[("session.timeout.ms", "6000")])).unwrap();
    simulation.apply(&producer(9, &[])).unwrap();
    run_for(&mut simulation, 5000);
    simulation
}

#[test]
fn what_arrives_meanwhile_is_read_later() {
    let mut simulation = start();
    assert_eq!(simulation.apply(&SUSPEND).unwrap(), [Event::ClientSuspended { client: CLIENT }]);
    assert_eq!(simulation.apply(&SUSPEND).unwrap(), [], "it stands still already");
    simulation.apply(&record(9, "t", None, "a")).unwrap();
    assert_eq!(polled_values(&run_for(&mut simulation, 2000), 1), []);
    assert_eq!(simulation.apply(&CONTINUE).unwrap(), [Event::ClientContinued { client: CLIENT }]);
    assert_eq!(simulation.apply(&CONTINUE).unwrap(), [], "it goes on already");
    assert_eq!(polled_values(&run_for(&mut simulation, 10), 1), [(0, "a".to_owned())]);
}

#[test]
fn the_group_takes_it_for_dead_and_takes_it_back() {
    let mut simulation = start();
    simulation.apply(&SUSPEND).unwrap();
    let log = run_for(&mut simulation, 7000);
    assert!(log.iter().any(|(_, event)| matches!(event, Event::MemberRemoved { .. })), "{log:?}");
    assert_eq!(held(&simulation, 1), [0], "it does not know yet");
    simulation.apply(&CONTINUE).unwrap();
    let log = run_for(&mut simulation, 10_000);
    assert!(log.iter().any(|(_, event)| matches!(event, Event::PartitionsLost { .. })), "{log:?}");
    assert_eq!(held(&simulation, 1), [0]);
}

#[test]
fn a_kill_reaches_it() {
    let mut simulation = start();
    simulation.apply(&SUSPEND).unwrap();
    simulation.apply(&Command::Kill { client: CLIENT }).unwrap();
    assert_eq!(simulation.apply(&CONTINUE).unwrap(), [], "nobody is left");
    assert!(simulation.client(CLIENT).is_none());
}
