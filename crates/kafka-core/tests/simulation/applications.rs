//! What a consumer's program does with its records, and what the group makes of it.

use std::time::Duration;

use kafka_core::application::{
    Application, CommitMoment, CommitPoint, CommitStrategy, CommitUnit, ConsumerCall, FailureReaction,
    ListenerCallback, ListenerFailure, ProcessingFailure,
};
use kafka_core::client::Client;
use kafka_core::command::{Command, CommandError};
use kafka_core::consumer::{CommitError, Consumer, PollError, Position};
use kafka_core::delivery::{Deliveries, Tally};
use kafka_core::event::{CommitCall, Event, PositionOrigin};
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use crate::commands::{application, assigned, call, close, consumer, kill, producer, record, topic};
use crate::{held, polled_values, run_for};

const EARLIEST: (&str, &str) = ("auto.offset.reset", "earliest");
const COOPERATIVE: (&str, &str) =
    ("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
const MANUAL: (&str, &str) = ("enable.auto.commit", "false");

/// A cluster with a topic `t` and a producer, number 9, that has written these values to it.
fn cluster(partitions: u32, values: &[&str]) -> (Simulation, Vec<Event>) {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    let mut events = simulation.apply(&topic("t", partitions, 1)).unwrap();
    events.extend(simulation.apply(&producer(9, &[])).unwrap());
    for value in values {
        events.extend(simulation.apply(&record(9, "t", None, value)).unwrap());
    }
    events.extend(run(&mut simulation, 1000));
    (simulation, events)
}

fn run(simulation: &mut Simulation, millis: u64) -> Vec<Event> {
    run_for(simulation, millis).into_iter().map(|(_, event)| event).collect()
}

/// What comes of a command within a second.
fn ask(simulation: &mut Simulation, command: &Command) -> Vec<(SimTime, Event)> {
    let now = simulation.now();
    let mut log: Vec<_> = simulation.apply(command).unwrap().into_iter().map(|event| (now, event)).collect();
    log.extend(run_for(simulation, 1000));
    log
}

fn the_consumer(simulation: &Simulation, client: u32) -> &Consumer {
    match simulation.client(ClientId(client)) {
        Some(Client::Consumer(consumer)) => consumer,
        Some(Client::Producer(_)) | None => panic!("consumer {client} does not run"),
    }
}

fn slow(millis: u64, commit: CommitStrategy) -> Application {
    Application { process_time: Duration::from_millis(millis), commit, ..Application::default() }
}

fn sync(unit: CommitUnit, moment: CommitMoment) -> CommitStrategy {
    CommitStrategy::Sync(CommitPoint { unit, moment })
}

fn failing(pattern: &str, reaction: FailureReaction) -> Application {
    let pattern = pattern.as_bytes().into();
    Application {
        processing_failure: Some(ProcessingFailure { pattern, reaction }),
        ..Application::default()
    }
}

fn callbacks(events: &[Event], of: u32) -> Vec<(ListenerCallback, Vec<u32>)> {
    let numbers = |partitions: &[TopicPartition]| partitions.iter().map(|tp| tp.partition).collect();
    let told = |event: &Event| {
        if let Event::PartitionsAssigned { client, added } = event {
            Some((*client, ListenerCallback::OnPartitionsAssigned, numbers(added)))
        } else if let Event::PartitionsRevoked { client, partitions } = event {
            Some((*client, ListenerCallback::OnPartitionsRevoked, numbers(partitions)))
        } else if let Event::PartitionsLost { client, partitions } = event {
            Some((*client, ListenerCallback::OnPartitionsLost, numbers(partitions)))
        } else {
            None
        }
    };
    let mine = events.iter().filter_map(told).filter(|(client, ..)| *client == ClientId(of));
    mine.map(|(_, callback, partitions)| (callback, partitions)).collect()
}

fn committed(events: &[Event]) -> Vec<i64> {
    let offset = |event: &Event| {
        if let Event::OffsetCommitted { offset, .. } = event { Some(offset.offset) } else { None }
    };
    events.iter().filter_map(offset).collect()
}

#[test]
fn a_consumer_that_works_too_long_leaves_and_is_told_so_in_its_next_poll() {
    let (mut simulation, mut events) = cluster(1, &["a", "b", "c"]);
    let settings = [EARLIEST, MANUAL, ("max.poll.interval.ms", "6000")];
    let program = slow(5000, sync(CommitUnit::Batch, CommitMoment::AfterProcessing));
    events.extend(simulation.apply(&application(1, "t", "g", &settings, program)).unwrap());
    events.extend(run(&mut simulation, 13_000));
    let exceeded = events.iter().position(|event| matches!(event, Event::PollIntervalExceeded { .. }));
    assert!(exceeded.is_some());
    assert_eq!(callbacks(&events, 1).len(), 1, "the heartbeat thread calls no listener");
    assert!(simulation.describe_group("g").unwrap().members.is_empty());

    let late = run(&mut simulation, 8000);
    let failed =
        Event::CommitFailed { client: ClientId(1), call: CommitCall::Sync, error: CommitError::CommitFailed };
    assert!(late.contains(&failed), "it finishes its work and cannot commit it");
    assert_eq!(callbacks(&late, 1)[0], (ListenerCallback::OnPartitionsLost, vec![0]));
    events.extend(late);
    events.extend(run(&mut simulation, 30_000));
    assert!(Deliveries::from_events(&events).of_group("g").duplicates > 0, "and then again, for ever");
}

#[test]
fn commits_fall_where_the_strategy_puts_them() {
    for (commit, offsets) in [
        (sync(CommitUnit::Record, CommitMoment::AfterProcessing), vec![1, 2, 3]),
        (sync(CommitUnit::Record, CommitMoment::BeforeProcessing), vec![1, 2, 3]),
        (sync(CommitUnit::Batch, CommitMoment::AfterProcessing), vec![3]),
        (sync(CommitUnit::Batch, CommitMoment::BeforeProcessing), vec![3]),
        (
            CommitStrategy::Async(CommitPoint {
                unit: CommitUnit::Record,
                moment: CommitMoment::AfterProcessing,
            }),
            vec![1, 2, 3],
        ),
        (CommitStrategy::Configured, vec![]),
    ] {
        let (mut simulation, _) = cluster(1, &["a", "b", "c"]);
        simulation.apply(&application(1, "t", "g", &[EARLIEST, MANUAL], slow(20, commit))).unwrap();
        let events = run(&mut simulation, 5000);
        assert_eq!(committed(&events), offsets, "{commit:?}");
        let told: Vec<_> =
            events.iter().filter(|event| matches!(event, Event::CommitCompleted { .. })).collect();
        assert_eq!(told.len(), offsets.len(), "{commit:?}");
    }
}

#[test]
fn a_kill_costs_what_was_committed_too_early_or_repeats_what_was_committed_too_late() {
    for (moment, tally, lost) in [
        (CommitMoment::BeforeProcessing, Tally { processed: 2, duplicates: 0 }, vec![2, 3]),
        (CommitMoment::AfterProcessing, Tally { processed: 6, duplicates: 2 }, vec![]),
    ] {
        let (mut simulation, mut events) = cluster(1, &["a", "b", "c", "d"]);
        let settings = [EARLIEST, MANUAL];
        let program = slow(1000, sync(CommitUnit::Batch, moment));
        events.extend(simulation.apply(&application(1, "t", "g", &settings, program.clone())).unwrap());
        events.extend(run(&mut simulation, 5500));
        events.extend(simulation.apply(&kill(1)).unwrap());
        events.extend(simulation.apply(&application(2, "t", "g", &settings, program)).unwrap());
        events.extend(run(&mut simulation, 120_000));
        let deliveries = Deliveries::from_events(&events);
        assert_eq!(deliveries.of_group("g"), tally, "{moment:?}");
        let passed_over: Vec<_> = deliveries.passed_over("g").into_iter().map(|(_, offset)| offset).collect();
        assert_eq!(passed_over, lost, "{moment:?}");
    }
}

#[test]
fn a_commit_during_a_cooperative_rebalance_is_told_to_come_back_later() {
    let (mut simulation, _) = cluster(2, &[]);
    for index in 0..40 {
        simulation.apply(&record(9, "t", Some(&format!("k{index}")), "v")).unwrap();
    }
    run(&mut simulation, 1000);
    let settings = [EARLIEST, MANUAL, COOPERATIVE, ("max.poll.records", "20")];
    let program = slow(500, sync(CommitUnit::Record, CommitMoment::AfterProcessing));
    simulation.apply(&application(1, "t", "g", &settings, program)).unwrap();
    run(&mut simulation, 6000);
    simulation.apply(&consumer(2, "t", "g", &settings)).unwrap();
    let events = run(&mut simulation, 30_000);
    let told = Event::CommitFailed {
        client: ClientId(1),
        call: CommitCall::Sync,
        error: CommitError::RebalanceInProgress,
    };
    assert!(events.contains(&told), "its JoinGroup is out while it goes on working");
    assert_eq!((held(&simulation, 1).len(), held(&simulation, 2).len()), (1, 1));
}

#[test]
fn a_record_that_cannot_be_handled_ends_stops_or_repeats() {
    let outcome = |reaction| {
        let (mut simulation, mut events) = cluster(1, &["a", "bad", "c"]);
        let program = failing("bad", reaction);
        events.extend(simulation.apply(&application(1, "t", "g", &[EARLIEST], program)).unwrap());
        events.extend(run(&mut simulation, 20_000));
        let alive = simulation.client(ClientId(1)).is_some();
        let deliveries = Deliveries::from_events(&events);
        let lost: Vec<_> = deliveries.passed_over("g").into_iter().map(|(_, offset)| offset).collect();
        let failures = events.iter().filter(|event| matches!(event, Event::ProcessingFailed { .. })).count();
        (alive, deliveries.of_client(ClientId(1)).processed, lost, failures > 1)
    };
    assert_eq!(outcome(FailureReaction::Crash), (false, 1, vec![], false));
    // close() commits what poll() returned, handled or not.
    assert_eq!(outcome(FailureReaction::Close), (false, 1, vec![1, 2], false));
    assert_eq!(outcome(FailureReaction::Skip), (true, 2, vec![1], false));
    assert_eq!(outcome(FailureReaction::Retry), (true, 1, vec![], true));
}

#[test]
fn paused_partitions_wait_and_a_seek_reads_again() {
    let (mut simulation, _) = cluster(1, &["a", "b"]);
    simulation.apply(&consumer(1, "t", "g", &[EARLIEST])).unwrap();
    assert_eq!(polled_values(&run_for(&mut simulation, 5000), 1).len(), 2);
    let t0 = TopicPartition::new("t", 0);
    ask(&mut simulation, &call(1, ConsumerCall::Pause(vec![t0.clone()])));
    assert_eq!(polled_values(&ask(&mut simulation, &record(9, "t", None, "c")), 1), []);
    assert_eq!(the_consumer(&simulation, 1).paused().collect::<Vec<_>>(), [&t0]);
    let log = ask(&mut simulation, &call(1, ConsumerCall::Resume(vec![t0.clone()])));
    assert_eq!(polled_values(&log, 1), [(0, "c".to_owned())]);

    let log = ask(&mut simulation, &call(1, ConsumerCall::Seek { partition: t0.clone(), offset: 1 }));
    assert_eq!(polled_values(&log, 1), [(0, "b".to_owned()), (0, "c".to_owned())]);
    let log = ask(&mut simulation, &call(1, ConsumerCall::SeekToBeginning(Vec::new())));
    assert_eq!(polled_values(&log, 1).len(), 3);
    let log = ask(&mut simulation, &call(1, ConsumerCall::SeekToEnd(vec![t0])));
    assert_eq!(polled_values(&log, 1), []);

    let elsewhere = TopicPartition::new("t", 7);
    let refused = simulation.apply(&call(1, ConsumerCall::Seek { partition: elsewhere, offset: 0 }));
    let error = refused.unwrap_err();
    assert_eq!(error.to_string(), "No current assignment for partition t-7");
    assert_eq!(error.exception(), "java.lang.IllegalStateException");
}

#[test]
fn an_idle_partition_has_no_position_under_by_duration() {
    let (mut simulation, _) = cluster(1, &["old"]);
    run(&mut simulation, 60_000);
    let settings = [("auto.offset.reset", "by_duration:PT10S")];
    simulation.apply(&consumer(1, "t", "g", &settings)).unwrap();
    run(&mut simulation, 10_000);
    let position = the_consumer(&simulation, 1).positions().next().map(|(_, position)| position);
    assert!(matches!(position, Some(Position::AwaitingReset(_))), "{position:?}");
    simulation.apply(&record(9, "t", None, "new")).unwrap();
    assert_eq!(
        polled_values(&run_for(&mut simulation, 5000), 1),
        [],
        "it asks again every request.timeout.ms"
    );

    run(&mut simulation, 45_000);
    simulation.apply(&record(9, "t", None, "newer")).unwrap();
    let log = run_for(&mut simulation, 9000);
    assert_eq!(polled_values(&log, 1), [(0, "newer".to_owned())]);
    assert!(log.iter().any(|(_, event)| matches!(
        event,
        Event::PositionSet { offset: 2, origin: PositionOrigin::ResetByDuration, .. }
    )));
}

#[test]
fn without_a_reset_policy_a_consumer_without_an_offset_fails() {
    let (mut simulation, _) = cluster(1, &["a"]);
    simulation.apply(&consumer(1, "t", "g", &[("auto.offset.reset", "none")])).unwrap();
    let events = run(&mut simulation, 5000);
    let error = PollError::NoOffsetForPartition(vec![TopicPartition::new("t", 0)]);
    assert_eq!(error.to_string(), "Undefined offset with no reset policy for partitions: [t-0]");
    assert!(events.contains(&Event::ConsumerFailed { client: ClientId(1), error }));
    let events: Vec<_> = ask(&mut simulation, &close(1)).into_iter().map(|(_, event)| event).collect();
    assert_eq!(callbacks(&events, 1), [(ListenerCallback::OnPartitionsRevoked, vec![0])]);
    assert!(simulation.client(ClientId(1)).is_none());
}

#[test]
fn a_consumer_that_names_its_partitions_goes_on_from_what_its_group_committed() {
    let (mut simulation, _) = cluster(2, &[]);
    for value in ["a", "b", "c"] {
        simulation.apply(&record(9, "t", Some("key"), value)).unwrap();
    }
    run(&mut simulation, 1000);
    simulation.apply(&assigned(1, "t", &[0, 1], Some("g"), &[EARLIEST])).unwrap();
    assert_eq!(polled_values(&run_for(&mut simulation, 1000), 1).len(), 3);
    simulation.apply(&close(1)).unwrap();
    run(&mut simulation, 1000);
    simulation.apply(&record(9, "t", Some("key"), "d")).unwrap();
    simulation.apply(&assigned(2, "t", &[0, 1], Some("g"), &[EARLIEST])).unwrap();
    let values: Vec<_> =
        polled_values(&run_for(&mut simulation, 1000), 2).into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["d"]);
    assert_eq!(
        simulation.apply(&call(2, ConsumerCall::Subscribe(vec!["t".into()]))),
        Err(CommandError::MutuallyExclusiveSubscription)
    );
    simulation.apply(&assigned(3, "t", &[0, 1], None, &[EARLIEST])).unwrap();
    assert_eq!(polled_values(&run_for(&mut simulation, 1000), 3).len(), 4);
}

#[test]
fn a_static_member_that_comes_back_in_time_disturbs_nobody() {
    let (mut simulation, _) = cluster(4, &[]);
    let instance = |name| [EARLIEST, ("group.instance.id", name)];
    simulation.apply(&consumer(1, "t", "g", &instance("one"))).unwrap();
    simulation.apply(&consumer(2, "t", "g", &instance("two"))).unwrap();
    run(&mut simulation, 10_000);
    let before = (held(&simulation, 1), held(&simulation, 2));
    simulation.apply(&close(2)).unwrap();
    let mut events = run(&mut simulation, 20_000);
    simulation.apply(&consumer(3, "t", "g", &instance("two"))).unwrap();
    events.extend(run(&mut simulation, 5000));
    assert_eq!((held(&simulation, 1), held(&simulation, 3)), before);
    assert_eq!(callbacks(&events, 1), []);

    // The newcomer wins: the one that it replaces cannot go on.
    simulation.apply(&consumer(4, "t", "g", &instance("one"))).unwrap();
    let events = run(&mut simulation, 10_000);
    let fenced = PollError::Broker(kafka_core::protocol::ErrorCode::FencedInstanceId);
    assert!(events.contains(&Event::ConsumerFailed { client: ClientId(1), error: fenced }));
}

#[test]
fn a_listener_that_throws_costs_one_poll() {
    let (mut simulation, _) = cluster(2, &["a"]);
    let failure = ListenerFailure { callback: ListenerCallback::OnPartitionsRevoked, times: 1 };
    let program = Application { listener_failure: Some(failure), ..Application::default() };
    simulation.apply(&application(1, "t", "g", &[EARLIEST], program)).unwrap();
    run(&mut simulation, 5000);
    simulation.apply(&call(1, ConsumerCall::Unsubscribe)).unwrap();
    assert!(held(&simulation, 1).is_empty(), "the partitions are given up all the same");
    let members = simulation.describe_group("g").unwrap().members.len();
    assert_eq!(members, 1, "but the member has not left");
}

#[test]
fn only_max_poll_records_come_at_once() {
    let values = ["v"; 25];
    let (mut simulation, _) = cluster(1, &values);
    simulation.apply(&consumer(1, "t", "g", &[EARLIEST, ("max.poll.records", "10")])).unwrap();
    let sizes: Vec<_> = run(&mut simulation, 5000)
        .iter()
        .filter_map(
            |event| if let Event::RecordsPolled { records, .. } = event { Some(records.len()) } else { None },
        )
        .collect();
    assert_eq!(sizes, [10, 10, 5]);
}

#[test]
fn the_leader_notices_new_partitions_when_its_metadata_is_too_old() {
    let (mut simulation, _) = cluster(2, &[]);
    simulation.apply(&consumer(1, "t", "g", &[EARLIEST, ("metadata.max.age.ms", "20000")])).unwrap();
    run(&mut simulation, 5000);
    simulation.apply(&Command::CreatePartitions { topic: "t".into(), total: 3 }).unwrap();
    run(&mut simulation, 5000);
    assert_eq!(held(&simulation, 1), [0, 1]);
    run(&mut simulation, 20_000);
    assert_eq!(held(&simulation, 1), [0, 1, 2]);
    let refused = simulation.apply(&Command::CreatePartitions { topic: "t".into(), total: 2 });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "The topic t currently has 3 partition(s); 2 would not be an increase."
    );
}

#[test]
fn settings_of_zero_do_not_stop_the_clock() {
    for name in [
        "heartbeat.interval.ms",
        "retry.backoff.ms",
        "request.timeout.ms",
        "auto.commit.interval.ms",
        "default.api.timeout.ms",
        "metadata.max.age.ms",
        "fetch.max.wait.ms",
    ] {
        let (mut simulation, _) = cluster(1, &["a"]);
        let program = slow(1, sync(CommitUnit::Batch, CommitMoment::AfterProcessing));
        simulation.apply(&application(1, "t", "g", &[EARLIEST, (name, "0")], program)).unwrap();
        run(&mut simulation, 5000);
    }
}

#[test]
fn a_subscription_needs_a_group() {
    let (mut simulation, _) = cluster(1, &[]);
    simulation.apply(&assigned(1, "t", &[0], None, &[EARLIEST])).unwrap();
    simulation.apply(&call(1, ConsumerCall::Unsubscribe)).unwrap();
    let log = ask(&mut simulation, &call(1, ConsumerCall::Subscribe(vec!["t".into()])));
    let error = PollError::Broker(kafka_core::protocol::ErrorCode::InvalidGroupId);
    assert!(
        log.iter()
            .any(|(_, event)| *event == Event::ConsumerFailed { client: ClientId(1), error: error.clone() })
    );
}
