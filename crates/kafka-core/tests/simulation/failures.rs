//! Brokers that stop, crash, freeze and lose their network: who leads then, and what is left of the records.

use kafka_core::cluster::ElectionType;
use kafka_core::command::Command;
use kafka_core::event::{BrokerChange, Event};
use kafka_core::group::GroupState;
use kafka_core::protocol::BrokerId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::{BrokerState, Simulation};
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use crate::commands::{consumer, producer, record, topic_with};
use crate::{held, polled_values, run_for};

/// Three brokers, a topic `t` with one partition on all of them, a producer, number 1.
fn cluster(seed: u64, configs: &[(&str, &str)], settings: &[(&str, &str)]) -> Simulation {
    let mut simulation = Simulation::new(&Scenario::three_brokers(seed));
    simulation.apply(&topic_with("t", 1, 3, configs)).unwrap();
    simulation.apply(&producer(1, settings)).unwrap();
    simulation
}

fn partition() -> TopicPartition {
    TopicPartition::new("t", 0)
}

fn send(simulation: &mut Simulation, values: &[&str]) -> Vec<(SimTime, Event)> {
    for value in values {
        simulation.apply(&record(1, "t", None, value)).unwrap();
    }
    run_for(simulation, 100)
}

/// The preferred leader and the other replicas, in order.
fn replicas(simulation: &Simulation) -> [BrokerId; 3] {
    simulation.cluster().partition(&partition()).unwrap().replicas.clone().try_into().unwrap()
}

fn leader(simulation: &Simulation) -> Option<BrokerId> {
    simulation.cluster().leader(&partition())
}

fn isr(simulation: &Simulation) -> Vec<BrokerId> {
    simulation.cluster().partition(&partition()).unwrap().isr.clone()
}

fn sorted<const N: usize>(mut brokers: [BrokerId; N]) -> Vec<BrokerId> {
    brokers.sort_unstable();
    brokers.to_vec()
}

/// The values in a broker's log of the partition.
fn log_of(simulation: &Simulation, broker: BrokerId) -> Vec<String> {
    let replica = simulation.broker(broker).unwrap().replica(&partition()).unwrap();
    let text = |value: Option<&[u8]>| String::from_utf8_lossy(value.unwrap_or_default()).into_owned();
    replica.log.records_from(0).map(|(_, record)| text(record.value.as_deref())).collect()
}

fn stop(broker: BrokerId) -> Command {
    Command::StopBroker { broker }
}

fn kill(broker: BrokerId) -> Command {
    Command::KillBroker { broker }
}

fn start(broker: BrokerId) -> Command {
    Command::StartBroker { broker }
}

fn happened(log: &[(SimTime, Event)], change: BrokerChange) -> Option<SimTime> {
    log.iter()
        .find(|(_, event)| matches!(event, Event::BrokerChanged { change: what, .. } if *what == change))
        .map(|(at, _)| *at)
}

#[test]
fn a_killed_leader_is_replaced_when_its_session_has_expired() {
    let mut simulation = cluster(1, &[], &[]);
    send(&mut simulation, &["a"]);
    let [first, second, third] = replicas(&simulation);
    run_for(&mut simulation, 10_000);
    let killed = simulation.now();
    simulation.apply(&kill(first)).unwrap();
    let log = run_for(&mut simulation, 6900);
    assert_eq!((leader(&simulation), happened(&log, BrokerChange::Fenced)), (Some(first), None));
    let log = run_for(&mut simulation, 4400);
    let fenced = happened(&log, BrokerChange::Fenced).expect("9 s without a heartbeat, seen within 2.25 s");
    assert!((7000..=11_250).contains(&(fenced.as_millis() - killed.as_millis())), "{fenced}");
    assert_eq!((leader(&simulation), isr(&simulation)), (Some(second), vec![second, third]));

    simulation.apply(&start(first)).unwrap();
    run_for(&mut simulation, 3000);
    assert_eq!(isr(&simulation), sorted([first, second, third]), "it has caught up");
    assert_eq!(leader(&simulation), Some(second), "leadership does not come back by itself at once");
    run_for(&mut simulation, 300_000);
    assert_eq!(leader(&simulation), Some(first), "but within five minutes");
}

#[test]
fn a_controlled_shutdown_moves_leaders_at_once() {
    let mut simulation = cluster(2, &[], &[]);
    send(&mut simulation, &["a"]);
    let [first, second, third] = replicas(&simulation);
    simulation.apply(&stop(first)).unwrap();
    assert_eq!((leader(&simulation), isr(&simulation)), (Some(second), vec![second, third]));
    let log = run_for(&mut simulation, 1000);
    assert!(happened(&log, BrokerChange::Stopped).is_some());
    assert_eq!(simulation.broker_state(first), Some(BrokerState::Stopped));
    assert_eq!(simulation.apply(&stop(first)), Ok(Vec::new()));
    assert_eq!(
        simulation.apply(&kill(first)).unwrap_err().to_string(),
        format!("container kafka-{} is not running", first.0)
    );
    simulation.apply(&start(first)).unwrap();
    run_for(&mut simulation, 3000);
    let election = Command::ElectLeaders { election: ElectionType::Preferred, partitions: None };
    simulation.apply(&election).unwrap();
    assert_eq!(leader(&simulation), Some(first));
    let again =
        Command::ElectLeaders { election: ElectionType::Preferred, partitions: Some(vec![partition()]) };
    let events = simulation.apply(&again).unwrap();
    assert!(matches!(&events[..], [Event::ElectionRefused { .. }]), "{events:?}");
}

#[test]
fn the_last_replicas_stay_eligible_and_come_back_as_leaders() {
    let mut simulation = cluster(3, &[("min.insync.replicas", "2")], &[]);
    send(&mut simulation, &["a"]);
    let [first, second, third] = replicas(&simulation);
    for broker in [first, second] {
        simulation.apply(&stop(broker)).unwrap();
        run_for(&mut simulation, 1000);
    }
    let metadata = simulation.cluster().partition(&partition()).unwrap().clone();
    assert_eq!((metadata.leader, metadata.isr, metadata.elr), (Some(third), vec![third], vec![second]));
    simulation.apply(&stop(third)).unwrap();
    run_for(&mut simulation, 1000);
    let metadata = simulation.cluster().partition(&partition()).unwrap().clone();
    assert_eq!((metadata.leader, metadata.isr), (None, vec![]));
    assert_eq!((metadata.elr, metadata.last_known_elr), (sorted([second, third]), vec![third]));
    simulation.apply(&start(second)).unwrap();
    run_for(&mut simulation, 1000);
    let metadata = simulation.cluster().partition(&partition()).unwrap().clone();
    assert_eq!((metadata.leader, metadata.isr, metadata.elr), (Some(second), vec![second], vec![third]));
    assert_eq!(log_of(&simulation, second), ["a"]);
}

#[test]
fn an_unclean_election_loses_records_and_gives_their_offsets_again() {
    let mut simulation = cluster(4, &[("unclean.leader.election.enable", "true")], &[("acks", "1")]);
    let [first, second, third] = replicas(&simulation);
    send(&mut simulation, &["a", "b"]);
    for broker in [second, third] {
        simulation.apply(&stop(broker)).unwrap();
        run_for(&mut simulation, 1000);
    }
    send(&mut simulation, &["c", "d"]);
    assert_eq!(log_of(&simulation, first), ["a", "b", "c", "d"]);
    simulation.apply(&kill(first)).unwrap();
    simulation.apply(&start(second)).unwrap();
    let log = run_for(&mut simulation, 15_000);
    assert!(log.iter().any(|(_, event)| matches!(event, Event::LeaderElected { unclean: true, .. })));
    assert_eq!(leader(&simulation), Some(second));
    run_for(&mut simulation, 2000);
    send(&mut simulation, &["E"]);
    simulation.apply(&start(first)).unwrap();
    let log = run_for(&mut simulation, 15_000);
    assert!(
        log.iter().any(|(_, event)| matches!(event, Event::LogTruncated { from: 4, to: 2, .. })),
        "{log:?}"
    );
    assert_eq!(log_of(&simulation, first), ["a", "b", "E"]);
}

#[test]
fn without_an_unclean_election_the_partition_waits_for_its_last_leader() {
    let mut simulation = cluster(4, &[], &[("acks", "1")]);
    let [first, second, third] = replicas(&simulation);
    for broker in [second, third] {
        simulation.apply(&stop(broker)).unwrap();
        run_for(&mut simulation, 1000);
    }
    send(&mut simulation, &["c", "d"]);
    simulation.apply(&kill(first)).unwrap();
    simulation.apply(&start(second)).unwrap();
    run_for(&mut simulation, 15_000);
    assert_eq!(leader(&simulation), None);
    simulation.apply(&start(first)).unwrap();
    run_for(&mut simulation, 3000);
    assert_eq!(leader(&simulation), Some(first), "the last known leader is trusted");
    assert_eq!(log_of(&simulation, second), ["c", "d"]);
}

#[test]
fn a_paused_follower_leaves_the_isr_when_it_is_fenced_and_catches_up_when_it_goes_on() {
    let mut simulation = cluster(5, &[], &[]);
    send(&mut simulation, &["a"]);
    let [first, second, third] = replicas(&simulation);
    simulation.apply(&Command::PauseBroker { broker: third }).unwrap();
    send(&mut simulation, &["b"]);
    let high_watermark =
        |simulation: &Simulation| simulation.leader_replica(&partition()).unwrap().high_watermark();
    assert_eq!(high_watermark(&simulation), 1, "it is still in sync by name");
    run_for(&mut simulation, 12_000);
    assert_eq!((isr(&simulation), high_watermark(&simulation)), (vec![first, second], 2));
    simulation.apply(&Command::UnpauseBroker { broker: third }).unwrap();
    run_for(&mut simulation, 3000);
    assert_eq!(isr(&simulation), sorted([first, second, third]));
    assert_eq!(log_of(&simulation, third), ["a", "b"]);
}

#[test]
fn a_leader_that_is_cut_off_is_replaced_and_truncates_what_nobody_else_has() {
    let mut simulation =
        cluster(6, &[], &[("acks", "1"), ("request.timeout.ms", "2000"), ("delivery.timeout.ms", "3000")]);
    send(&mut simulation, &["a"]);
    let [first, second, _] = replicas(&simulation);
    simulation.apply(&record(1, "t", None, "zombie")).unwrap();
    // Until the request has arrived, and before the answer has.
    run_for(&mut simulation, 7);
    simulation.apply(&Command::DisconnectBroker { broker: first }).unwrap();
    run_for(&mut simulation, 15_000);
    assert_eq!(leader(&simulation), Some(second));
    send(&mut simulation, &["b"]);
    simulation.apply(&Command::ConnectBroker { broker: first }).unwrap();
    run_for(&mut simulation, 15_000);
    assert_eq!(log_of(&simulation, first), log_of(&simulation, second));
    assert_eq!(isr(&simulation).len(), 3);
}

#[test]
fn a_broker_that_comes_back_before_it_is_missed_waits_for_its_old_session_to_expire() {
    let mut simulation = cluster(7, &[], &[]);
    let [first, ..] = replicas(&simulation);
    simulation.apply(&kill(first)).unwrap();
    run_for(&mut simulation, 1000);
    simulation.apply(&start(first)).unwrap();
    let log = run_for(&mut simulation, 12_000);
    let (fenced, unfenced) =
        (happened(&log, BrokerChange::Fenced).unwrap(), happened(&log, BrokerChange::Unfenced).unwrap());
    assert!(fenced < unfenced);
    run_for(&mut simulation, 3000);
    assert_eq!(isr(&simulation).len(), 3);
}

#[test]
fn a_group_goes_on_with_another_coordinator() {
    for fault in [stop as fn(BrokerId) -> Command, kill] {
        let mut simulation = cluster(8, &[], &[]);
        simulation.apply(&consumer(2, "t", "g", &[("auto.offset.reset", "earliest")])).unwrap();
        run_for(&mut simulation, 5000);
        let log = send(&mut simulation, &["a"]);
        assert_eq!(polled_values(&log, 2).len(), 1);
        run_for(&mut simulation, 6000);
        let coordinator = simulation.coordinator_of("g").unwrap().id();
        simulation.apply(&fault(coordinator)).unwrap();
        let log = run_for(&mut simulation, 20_000);
        let moved = simulation.coordinator_of("g").unwrap().id();
        assert_ne!(moved, coordinator);
        assert!(log.iter().any(
            |(_, event)| matches!(event, Event::CoordinatorDiscovered { coordinator, .. } if *coordinator == moved)
        ));
        assert!(!log.iter().any(|(_, event)| matches!(event, Event::MemberRemoved { .. })));
        let group = simulation.describe_group("g").unwrap();
        assert_eq!((group.state, group.members.len()), (GroupState::Stable, 1));
        assert_eq!(held(&simulation, 2), [0]);
        simulation.apply(&record(1, "t", None, "b")).unwrap();
        let log = run_for(&mut simulation, 8000);
        assert_eq!(polled_values(&log, 2), [(0, "b".to_owned())], "neither lost nor read again");
    }
}

#[test]
fn below_min_insync_replicas_the_high_watermark_stands_still() {
    let mut simulation = cluster(9, &[("min.insync.replicas", "2")], &[("acks", "1")]);
    simulation.apply(&consumer(2, "t", "g", &[("auto.offset.reset", "earliest")])).unwrap();
    run_for(&mut simulation, 5000);
    let [first, second, third] = replicas(&simulation);
    for broker in [second, third] {
        simulation.apply(&stop(broker)).unwrap();
        run_for(&mut simulation, 1000);
    }
    let log = send(&mut simulation, &["unseen"]);
    assert!(log.iter().any(|(_, event)| matches!(event, Event::BatchAcknowledged { .. })));
    let log = run_for(&mut simulation, 5000);
    assert_eq!(polled_values(&log, 2), []);
    simulation.apply(&start(third)).unwrap();
    let log = run_for(&mut simulation, 5000);
    assert_eq!(polled_values(&log, 2), [(0, "unseen".to_owned())]);
    assert_eq!(isr(&simulation), sorted([first, third]));
}
