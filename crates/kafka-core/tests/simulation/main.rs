//! The model end to end: what a client asks, what comes of it.

mod administration;
mod applications;
mod commands;
mod consumer_protocol;
mod failures;
mod promises;
mod reassignment;
mod survival;
mod suspension;
mod time_travel;
mod transactions;
mod truth_table;

use std::time::Duration;

use commands::{close, consumer, kill, producer, record, topic};
use kafka_core::event::{Event, PositionOrigin};
use kafka_core::group::GroupState;
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

/// Runs on for a while, and keeps what happened with its time.
fn run_for(simulation: &mut Simulation, millis: u64) -> Vec<(SimTime, Event)> {
    let until = simulation.now() + Duration::from_millis(millis);
    let mut log = Vec::new();
    while simulation.next_at().is_some_and(|at| at <= until) {
        let events = simulation.step().unwrap_or_default();
        log.extend(events.into_iter().map(|event| (simulation.now(), event)));
    }
    simulation.advance_to(until);
    log
}

fn polled_values(log: &[(SimTime, Event)], client: u32) -> Vec<(u32, String)> {
    let mut values = Vec::new();
    for (_, event) in log {
        if let Event::RecordsPolled { client: by, records } = event {
            for polled in records.iter().filter(|_| *by == ClientId(client)) {
                let value = polled.record.value.as_deref().unwrap_or_default();
                values.push((polled.partition.partition, String::from_utf8_lossy(value).into_owned()));
            }
        }
    }
    values
}

fn held(simulation: &Simulation, client: u32) -> Vec<u32> {
    let Some(kafka_core::client::Client::Consumer(consumer)) = simulation.client(ClientId(client)) else {
        return Vec::new();
    };
    consumer.positions().map(|(partition, _)| partition.partition).collect()
}

#[test]
fn keyed_records_land_where_a_real_cluster_puts_them_and_are_read_in_its_order() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("json-messages", 3, 1)).unwrap();
    simulation.apply(&producer(1, &[("linger.ms", "1000")])).unwrap();
    for key in ["user_001", "user_002", "user_003", "project_100", "task_200"] {
        simulation.apply(&record(1, "json-messages", Some(key), key)).unwrap();
    }
    run_for(&mut simulation, 2000);
    let ends: Vec<_> = (0..3)
        .map(|partition| {
            let replica =
                simulation.leader_replica(&TopicPartition::new("json-messages", partition)).unwrap();
            assert_eq!(replica.high_watermark(), replica.log.log_end_offset());
            replica.high_watermark()
        })
        .collect();
    assert_eq!(ends, [1, 2, 2]);

    simulation.apply(&consumer(2, "json-messages", "g", &[("auto.offset.reset", "earliest")])).unwrap();
    let log = run_for(&mut simulation, 5000);
    let keys: Vec<_> = polled_values(&log, 2).into_iter().map(|(_, value)| value).collect();
    assert_eq!(keys, ["project_100", "user_001", "user_002", "user_003", "task_200"]);
}

#[test]
fn a_lone_consumer_waits_for_the_initial_delay_and_a_second_one_shares() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 3, 1)).unwrap();
    simulation.apply(&consumer(1, "t", "g", &[])).unwrap();
    run_for(&mut simulation, 2900);
    assert_eq!(simulation.describe_group("g").unwrap().state, GroupState::PreparingRebalance);
    run_for(&mut simulation, 600);
    assert_eq!(held(&simulation, 1), [0, 1, 2]);

    simulation.apply(&consumer(2, "t", "g", &[])).unwrap();
    let log = run_for(&mut simulation, 4000);
    let (one, two) = (held(&simulation, 1), held(&simulation, 2));
    let mut all = [one.clone(), two.clone()].concat();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2]);
    assert_eq!(one.len().max(two.len()), 2);
    assert!(log.iter().any(|(_, event)| matches!(
        event,
        Event::PartitionsRevoked { client: ClientId(1), partitions } if partitions.len() == 3
    )));

    simulation.apply(&close(1)).unwrap();
    run_for(&mut simulation, 4000);
    assert_eq!(held(&simulation, 2), [0, 1, 2]);
    assert!(simulation.client(ClientId(1)).is_none());
}

#[test]
fn nothing_moves_for_the_session_timeout_after_a_kill() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 2, 1)).unwrap();
    simulation.apply(&consumer(1, "t", "g", &[])).unwrap();
    simulation.apply(&consumer(2, "t", "g", &[])).unwrap();
    run_for(&mut simulation, 8000);
    assert_eq!(held(&simulation, 2).len(), 1);
    simulation.apply(&kill(1)).unwrap();
    run_for(&mut simulation, 41_000);
    assert_eq!(held(&simulation, 2).len(), 1);
    run_for(&mut simulation, 8000);
    assert_eq!(held(&simulation, 2), [0, 1]);
}

#[test]
fn a_restarted_group_goes_on_from_its_committed_offsets() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 1, 1)).unwrap();
    simulation.apply(&consumer(1, "t", "g", &[])).unwrap();
    run_for(&mut simulation, 4000);
    simulation.apply(&producer(2, &[])).unwrap();
    simulation.apply(&record(2, "t", None, "a")).unwrap();
    let log = run_for(&mut simulation, 1000);
    assert_eq!(polled_values(&log, 1), [(0, "a".to_owned())]);
    simulation.apply(&close(1)).unwrap();
    run_for(&mut simulation, 1000);
    simulation.apply(&record(2, "t", None, "b")).unwrap();
    simulation.apply(&consumer(3, "t", "g", &[])).unwrap();
    let log = run_for(&mut simulation, 5000);
    assert_eq!(polled_values(&log, 3), [(0, "b".to_owned())]);
    assert!(log.iter().any(|(_, event)| matches!(
        event,
        Event::PositionSet { offset: 1, origin: PositionOrigin::Committed, .. }
    )));
}

#[test]
fn a_record_is_read_once_every_replica_has_it() {
    let mut simulation = Simulation::new(&Scenario::three_brokers(3));
    simulation.apply(&topic("t", 3, 3)).unwrap();
    simulation.apply(&consumer(1, "t", "g", &[("auto.offset.reset", "earliest")])).unwrap();
    run_for(&mut simulation, 5000);
    simulation.apply(&producer(2, &[])).unwrap();
    for index in 0..30 {
        simulation.apply(&record(2, "t", Some(&format!("k{index}")), "v")).unwrap();
    }
    let log = run_for(&mut simulation, 3000);
    assert_eq!(polled_values(&log, 1).len(), 30);
    let acknowledged = |event: &Event| {
        if let Event::BatchAcknowledged { records, .. } = event { *records } else { 0 }
    };
    let acknowledged: u32 = log.iter().map(|(_, event)| acknowledged(event)).sum();
    assert_eq!(acknowledged, 30);
}

#[test]
fn cooperative_members_keep_what_does_not_move() {
    let mut simulation = Simulation::new(&Scenario::one_broker(5));
    let settings =
        [("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor")];
    simulation.apply(&topic("t", 4, 1)).unwrap();
    simulation.apply(&consumer(1, "t", "g", &settings)).unwrap();
    run_for(&mut simulation, 4000);
    simulation.apply(&consumer(2, "t", "g", &settings)).unwrap();
    let log = run_for(&mut simulation, 10_000);
    assert_eq!((held(&simulation, 1).len(), held(&simulation, 2).len()), (2, 2));
    let revoked: Vec<_> = log
        .iter()
        .filter_map(|(_, event)| {
            let Event::PartitionsRevoked { partitions, .. } = event else { return None };
            Some(partitions.len())
        })
        .collect();
    assert_eq!(revoked, [2]);
}

#[test]
fn a_missing_topic_is_created_and_then_written_to() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&producer(1, &[])).unwrap();
    simulation.apply(&record(1, "auto-made", None, "hello")).unwrap();
    let log = run_for(&mut simulation, 1000);
    assert!(log.iter().any(|(_, event)| matches!(event, Event::MetadataErrorReceived { .. })));
    assert_eq!(simulation.leader_replica(&TopicPartition::new("auto-made", 0)).unwrap().high_watermark(), 1);
}

#[test]
fn what_is_sent_is_limited() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&producer(1, &[])).unwrap();
    let large = record(1, "t", None, &"x".repeat(4 << 20));
    let most = Scenario::MAX_RECORD_BYTES / (4 << 20);
    for _ in 0..most {
        simulation.apply(&large).unwrap();
    }
    let refused = simulation.apply(&large).unwrap_err();
    assert!(refused.to_string().contains("500000 records of together 64 MiB"), "{refused}");
    run_for(&mut simulation, 1000);
}

#[test]
fn a_full_cluster_still_has_room_for_its_groups() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("full", Scenario::MAX_PARTITIONS, 1)).unwrap();
    let refused = simulation.apply(&topic("more", 1, 1)).unwrap_err();
    assert!(refused.to_string().contains("20000 partitions"), "{refused}");
    simulation.apply(&topic("full", 1, 1)).unwrap_err();
    simulation.apply(&consumer(1, "full", "g", &[])).unwrap();
    run_for(&mut simulation, 1000);
    assert_eq!(simulation.describe_group("g").unwrap().state, GroupState::PreparingRebalance);
}
