//! Partitions move to other brokers while records come in.

use kafka_core::command::{Command, CommandError};
use kafka_core::event::Event;
use kafka_core::protocol::{BrokerId, ErrorCode};
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use crate::commands::{producer, record, topic};
use crate::run_for;

fn partition() -> TopicPartition {
    TopicPartition::new("t", 0)
}

fn reassign(replicas: Option<&[BrokerId]>) -> Command {
    Command::ReassignPartition { partition: partition(), replicas: replicas.map(<[_]>::to_vec) }
}

/// A partition with two replicas, and the broker that has none.
fn start(seed: u64) -> (Simulation, Vec<BrokerId>, BrokerId) {
    let mut simulation = Simulation::new(&Scenario::three_brokers(seed));
    simulation.apply(&topic("t", 1, 2)).unwrap();
    simulation.apply(&producer(1, &[("linger.ms", "0")])).unwrap();
    let replicas = simulation.cluster().partition(&partition()).unwrap().replicas.clone();
    let other = simulation.cluster().brokers().iter().copied().find(|broker| !replicas.contains(broker));
    (simulation, replicas, other.unwrap())
}

#[test]
fn what_is_sent_during_a_move_is_there_after_it() {
    for seed in 0..20 {
        let (mut simulation, replicas, other) = start(seed);
        for number in 0..10 {
            simulation.apply(&record(1, "t", None, &format!("{number}"))).unwrap();
            run_for(&mut simulation, 3);
        }
        // The leader goes, and the new broker leads in the end.
        simulation.apply(&reassign(Some(&[other, replicas[1]]))).unwrap();
        for number in 10..20 {
            simulation.apply(&record(1, "t", None, &format!("{number}"))).unwrap();
            run_for(&mut simulation, seed % 7);
        }
        run_for(&mut simulation, 5000);
        let moved = simulation.cluster().partition(&partition()).unwrap().clone();
        assert!(!moved.is_reassigning(), "seed {seed}: {moved:?}");
        assert_eq!(moved.replicas, [other, replicas[1]], "seed {seed}");
        assert!(moved.replicas.iter().all(|replica| moved.isr.contains(replica)), "seed {seed}: {moved:?}");
        assert!(moved.leader.is_some_and(|leader| leader != replicas[0]), "seed {seed}");
        assert!(simulation.broker(replicas[0]).unwrap().replica(&partition()).is_none(), "seed {seed}");
        for broker in moved.replicas {
            let replica = simulation.broker(broker).unwrap().replica(&partition()).unwrap();
            let values: Vec<_> = replica
                .log
                .records_from(0)
                .map(|(_, record)| {
                    String::from_utf8_lossy(record.value.as_deref().unwrap_or_default()).into_owned()
                })
                .collect();
            let sent: Vec<_> = (0..20).map(|number| number.to_string()).collect();
            assert_eq!(values, sent, "seed {seed}, {broker:?}");
        }
    }
}

#[test]
fn a_move_to_a_broker_that_cannot_follow_waits_and_can_be_taken_back() {
    let (mut simulation, replicas, other) = start(1);
    simulation.apply(&Command::DisconnectBroker { broker: other }).unwrap();
    simulation.apply(&record(1, "t", None, "a")).unwrap();
    run_for(&mut simulation, 1000);
    simulation.apply(&reassign(Some(&[other, replicas[0]]))).unwrap();
    run_for(&mut simulation, 60_000);
    let waiting = simulation.cluster().partition(&partition()).unwrap();
    assert_eq!(
        (&waiting.adding_replicas[..], &waiting.removing_replicas[..]),
        (&[other][..], &[replicas[1]][..])
    );
    let events = simulation.apply(&reassign(None)).unwrap();
    let settled = |event: &Event| matches!(event, Event::ReplicasChanged { adding, .. } if adding.is_empty());
    assert!(events.iter().any(settled), "{events:?}");
    let back = simulation.cluster().partition(&partition()).unwrap();
    assert!(!back.is_reassigning());
    assert!(replicas.iter().all(|replica| back.replicas.contains(replica)) && back.replicas.len() == 2);
    let again = simulation.apply(&reassign(None));
    assert_eq!(again, Err(CommandError::Rejected(ErrorCode::NoReassignmentInProgress)));
}
