//! Groups of the consumer protocol (KIP-848) end to end: who is given what, when, and what it costs.

use std::time::Duration;

use kafka_core::application::{Application, ConsumerCall};
use kafka_core::client::Client;
use kafka_core::command::Command;
use kafka_core::consumer::{AssignmentChange, Consumer, ConsumerMemberState, Membership, Position};
use kafka_core::event::Event;
use kafka_core::group::{GroupState, GroupType};
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use crate::commands::{application, call, close, consumer, kill, producer, record, topic};
use crate::{held, run_for};

const SETTINGS: [(&str, &str); 2] = [("group.protocol", "consumer"), ("auto.offset.reset", "earliest")];

/// A topic `t` with four partitions, and members of the group `g` that join one after the other.
fn group_of(members: u32) -> Simulation {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 4, 1)).unwrap();
    for client in 1..=members {
        simulation.apply(&consumer(client, "t", "g", &SETTINGS)).unwrap();
        // Half-way between two of its heartbeats, which come every five seconds.
        run(&mut simulation, 12_500);
    }
    simulation
}

fn run(simulation: &mut Simulation, millis: u64) -> Vec<Event> {
    run_for(simulation, millis).into_iter().map(|(_, event)| event).collect()
}

fn the_consumer(simulation: &Simulation, client: u32) -> &Consumer {
    match simulation.client(ClientId(client)) {
        Some(Client::Consumer(consumer)) => consumer,
        Some(Client::Producer(_)) | None => panic!("consumer {client} does not run"),
    }
}

fn state(simulation: &Simulation, client: u32) -> &ConsumerMemberState {
    match the_consumer(simulation, client).membership() {
        Some(Membership::Consumer(own)) => &own.state,
        Some(Membership::Classic(_)) | None => {
            panic!("consumer {client} is no member of the consumer protocol")
        }
    }
}

fn epoch(simulation: &Simulation, client: u32) -> Option<i32> {
    the_consumer(simulation, client).membership().and_then(Membership::epoch)
}

fn t(numbers: &[u32]) -> Vec<TopicPartition> {
    numbers.iter().map(|number| TopicPartition::new("t", *number)).collect()
}

/// The partitions that a consumer was given and had taken from it, in order.
fn moves(events: &[Event], client: u32) -> Vec<(char, Vec<TopicPartition>)> {
    let moved = |event: &Event| {
        if let Event::PartitionsAssigned { client, added } = event {
            Some((*client, '+', added.clone()))
        } else if let Event::PartitionsRevoked { client, partitions } = event {
            Some((*client, '-', partitions.clone()))
        } else if let Event::PartitionsLost { client, partitions } = event {
            Some((*client, '!', partitions.clone()))
        } else {
            None
        }
    };
    let mine = events.iter().filter_map(moved).filter(|(of, ..)| *of == ClientId(client));
    mine.map(|(_, sign, partitions)| (sign, partitions)).collect()
}

#[test]
fn a_hand_over_takes_heartbeats_of_both_and_stops_nobody() {
    let mut simulation = group_of(1);
    assert_eq!((held(&simulation, 1), epoch(&simulation, 1)), (vec![0, 1, 2, 3], Some(1)));
    simulation.apply(&consumer(2, "t", "g", &SETTINGS)).unwrap();
    let events = run(&mut simulation, 200);
    assert_eq!(moves(&events, 2), [('+', t(&[]))], "the newcomer is told at once that it owns nothing");
    assert_eq!((epoch(&simulation, 1), epoch(&simulation, 2)), (Some(1), Some(2)));

    let events = run(&mut simulation, 15_000);
    assert_eq!(moves(&events, 1), [('-', t(&[2, 3])), ('+', t(&[]))]);
    assert_eq!(moves(&events, 2), [('+', t(&[2, 3]))]);
    assert_eq!((epoch(&simulation, 1), epoch(&simulation, 2)), (Some(2), Some(2)));
    let group = simulation.describe_group("g").unwrap();
    assert_eq!((group.state, group.group_type()), (GroupState::Stable, GroupType::Consumer));

    simulation.apply(&close(2)).unwrap();
    let events = run(&mut simulation, 10_000);
    assert_eq!(moves(&events, 1), [('+', t(&[2, 3]))]);
    assert_eq!(epoch(&simulation, 1), Some(3));
}

#[test]
fn what_is_kept_keeps_its_position_and_its_pause() {
    let mut simulation = group_of(1);
    simulation.apply(&producer(9, &[])).unwrap();
    for index in 0..40 {
        simulation.apply(&record(9, "t", Some(&format!("k{index}")), "v")).unwrap();
    }
    run(&mut simulation, 1000);
    simulation.apply(&call(1, ConsumerCall::Pause(t(&[0, 3])))).unwrap();
    simulation.apply(&call(1, ConsumerCall::Seek { partition: t(&[0])[0].clone(), offset: 2 })).unwrap();
    simulation.apply(&consumer(2, "t", "g", &SETTINGS)).unwrap();
    run(&mut simulation, 15_000);
    let first = the_consumer(&simulation, 1);
    assert_eq!(first.paused().cloned().collect::<Vec<_>>(), t(&[0]), "the pause of 3 went with it");
    assert_eq!(first.positions().next(), Some((&t(&[0])[0], Position::At(2))));
    let second = the_consumer(&simulation, 2);
    assert_eq!(second.paused().count(), 0);
    for (partition, position) in second.positions() {
        let end = simulation.leader_replica(partition).unwrap().high_watermark();
        assert_eq!(position, Position::At(end), "what the first one read was committed before it moved");
    }
}

#[test]
fn a_member_that_does_not_poll_holds_what_it_should_give_up() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 4, 1)).unwrap();
    let settings = [&SETTINGS[..], &[("max.poll.interval.ms", "30000")]].concat();
    simulation.apply(&consumer(1, "t", "g", &settings)).unwrap();
    run(&mut simulation, 5000);
    simulation.apply(&call(1, ConsumerCall::StopPolling)).unwrap();
    simulation.apply(&consumer(2, "t", "g", &SETTINGS)).unwrap();
    run(&mut simulation, 20_000);
    assert!(matches!(state(&simulation, 1), ConsumerMemberState::Reconciling(_)));
    let change = the_consumer(&simulation, 1).assignment_change();
    assert_eq!(change, AssignmentChange { added: Vec::new(), revoked: t(&[2, 3]) });
    assert_eq!(the_consumer(&simulation, 2).assignment_change(), AssignmentChange::default());
    let group = simulation.describe_group("g").unwrap();
    assert!(group.members[0].session_deadline > simulation.now());
    assert_eq!((group.state, held(&simulation, 2)), (GroupState::Reconciling, vec![]));

    let events = run(&mut simulation, 15_000);
    assert!(events.contains(&Event::PollIntervalExceeded { client: ClientId(1) }));
    assert_eq!(*state(&simulation, 1), ConsumerMemberState::Stale);
    assert_eq!(held(&simulation, 2), [0, 1, 2, 3]);
    let mut events = simulation.apply(&call(1, ConsumerCall::PollAgain)).unwrap();
    events.extend(run(&mut simulation, 20_000));
    assert_eq!(moves(&events, 1)[..2], [('!', t(&[0, 1, 2, 3])), ('+', t(&[]))]);
    assert_eq!((held(&simulation, 1).len(), held(&simulation, 2).len()), (2, 2));
}

#[test]
fn a_static_member_that_did_not_poll_takes_its_place_again() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 4, 1)).unwrap();
    let own = [("group.instance.id", "i"), ("max.poll.interval.ms", "10000")];
    simulation.apply(&consumer(1, "t", "g", &[&SETTINGS[..], &own].concat())).unwrap();
    simulation.apply(&consumer(2, "t", "g", &SETTINGS)).unwrap();
    run(&mut simulation, 15_000);
    let (before, epochs) = (held(&simulation, 1), (epoch(&simulation, 1), epoch(&simulation, 2)));
    simulation.apply(&call(1, ConsumerCall::StopPolling)).unwrap();
    run(&mut simulation, 20_000);
    assert_eq!(*state(&simulation, 1), ConsumerMemberState::Stale);
    simulation.apply(&call(1, ConsumerCall::PollAgain)).unwrap();
    run(&mut simulation, 1000);
    assert_eq!(held(&simulation, 1), before, "nobody had it meanwhile");
    assert_eq!((epoch(&simulation, 1), epoch(&simulation, 2)), epochs);
}

#[test]
fn a_dropped_topic_is_read_no_more_and_given_up_when_the_coordinator_says_so() {
    let mut simulation = group_of(1);
    simulation.apply(&topic("u", 1, 1)).unwrap();
    simulation.apply(&producer(9, &[])).unwrap();
    simulation.apply(&call(1, ConsumerCall::Subscribe(vec!["t".into(), "u".into()]))).unwrap();
    run(&mut simulation, 10_000);
    assert_eq!(the_consumer(&simulation, 1).positions().count(), 5);
    simulation.apply(&call(1, ConsumerCall::Subscribe(vec!["u".into()]))).unwrap();
    simulation.apply(&record(9, "t", None, "unread")).unwrap();
    let mut events = run(&mut simulation, 50);
    assert_eq!(moves(&events, 1), []);
    events.extend(run(&mut simulation, 10_000));
    assert_eq!(moves(&events, 1), [('-', t(&[0, 1, 2, 3])), ('+', t(&[]))]);

    simulation.apply(&call(1, ConsumerCall::Unsubscribe)).unwrap();
    run(&mut simulation, 1000);
    assert_eq!(simulation.describe_group("g").unwrap().state, GroupState::Empty);
    simulation.apply(&call(1, ConsumerCall::Subscribe(vec!["t".into()]))).unwrap();
    let events = run(&mut simulation, 1000);
    assert_eq!(moves(&events, 1), [('+', t(&[0, 1, 2, 3]))]);
}

#[test]
fn new_partitions_are_noticed_by_the_coordinator() {
    let mut simulation = group_of(2);
    simulation.apply(&Command::CreatePartitions { topic: "t".into(), total: 6 }).unwrap();
    run(&mut simulation, 11_000);
    assert_eq!(held(&simulation, 1).len() + held(&simulation, 2).len(), 6);
    for client in [1, 2] {
        let mut positions = the_consumer(&simulation, client).positions();
        assert!(positions.all(|(_, position)| matches!(position, Position::At(_))), "and read at once");
    }
}

#[test]
fn a_killed_member_is_waited_for_as_long_as_the_broker_says() {
    let mut simulation = group_of(2);
    simulation.apply(&kill(2)).unwrap();
    run(&mut simulation, 39_000);
    assert_eq!(held(&simulation, 1).len(), 2);
    run(&mut simulation, 12_000);
    assert_eq!(held(&simulation, 1), [0, 1, 2, 3]);
}

#[test]
fn the_commit_before_a_hand_over_is_waited_for_while_the_rest_is_read() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 4, 1)).unwrap();
    simulation.apply(&producer(9, &[])).unwrap();
    let program = Application { process_time: Duration::from_millis(30), ..Application::default() };
    let settings = [&SETTINGS[..], &[("max.poll.records", "5")]].concat();
    for index in 0..400 {
        simulation.apply(&record(9, "t", Some(&format!("k{index}")), "v")).unwrap();
    }
    simulation.apply(&application(1, "t", "g", &settings, program.clone())).unwrap();
    run(&mut simulation, 2000);
    simulation.apply(&application(2, "t", "g", &settings, program)).unwrap();
    let mut events = run(&mut simulation, 60_000);
    simulation.apply(&close(1)).unwrap();
    simulation.apply(&close(2)).unwrap();
    events.extend(run(&mut simulation, 10_000));
    let deliveries = kafka_core::delivery::Deliveries::from_events(&events);
    assert_eq!(deliveries.of_group("g").duplicates, 0);
    assert_eq!(deliveries.passed_over("g"), []);
}

/// `CommitRequestManager` goes on committing for a member that has left, without an epoch, and
/// `ConsumerGroup.validateOffsetCommit` takes such commits while a group has no members. The classic client refuses.
#[test]
fn a_member_that_left_and_does_not_know_may_set_an_empty_group_back() {
    for (own, outcome) in [(&SETTINGS[..], vec![0]), (&SETTINGS[1..], vec![])] {
        let mut simulation = Simulation::new(&Scenario::one_broker(1));
        simulation.apply(&topic("t", 1, 1)).unwrap();
        let settings = [own, &[("max.poll.interval.ms", "6000")]].concat();
        simulation.apply(&consumer(1, "t", "g", &settings)).unwrap();
        run(&mut simulation, 5000);
        simulation.apply(&call(1, ConsumerCall::StopPolling)).unwrap();
        simulation.apply(&producer(9, &[])).unwrap();
        simulation.apply(&record(9, "t", None, "v")).unwrap();
        run(&mut simulation, 10_000);
        simulation.apply(&consumer(2, "t", "g", &settings)).unwrap();
        run(&mut simulation, 10_000);
        simulation.apply(&close(2)).unwrap();
        run(&mut simulation, 1000);
        simulation.apply(&close(1)).unwrap();
        let mut events = simulation.apply(&call(1, ConsumerCall::PollAgain)).unwrap();
        events.extend(run(&mut simulation, 1000));
        let committed: Vec<_> = events
            .iter()
            .filter_map(|event| {
                if let Event::OffsetCommitted { offset, .. } = event { Some(offset.offset) } else { None }
            })
            .collect();
        assert_eq!(committed, outcome);
    }
}
