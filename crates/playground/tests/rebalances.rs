//! The measure of rebalances, on events written by hand.

use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::group::GroupState;
use kafka_core::protocol::ClientId;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;
use playground::rebalances::{Handover, RebalanceTotals, Rebalances, Stop};

fn started(client: u32) -> Event {
    Event::ConsumerStarted { client: ClientId(client), client_id: "c".into(), group: Some("g".into()) }
}

fn state(from: GroupState, to: GroupState, generation: i32) -> Event {
    Event::GroupStateChanged { group: "g".into(), from, to, generation }
}

fn joined(client: u32, generation: i32) -> Event {
    let member = format!("c-{client}").into();
    Event::MemberJoined { client: ClientId(client), member, generation, leader: client == 1 }
}

fn partitions(numbers: &[u32]) -> Vec<TopicPartition> {
    numbers.iter().map(|number| TopicPartition::new("t", *number)).collect()
}

fn assigned(client: u32, added: &[u32]) -> Event {
    Event::PartitionsAssigned { client: ClientId(client), added: partitions(added) }
}

fn revoked(client: u32, gone: &[u32]) -> Event {
    Event::PartitionsRevoked { client: ClientId(client), partitions: partitions(gone) }
}

fn at(millis: u64) -> SimTime {
    SimTime::from_millis(millis)
}

fn measured(events: Vec<(u64, Event)>) -> Rebalances {
    let events: Vec<_> = events.into_iter().map(|(millis, event)| (at(millis), event)).collect();
    Rebalances::from_events(&events)
}

use GroupState::{CompletingRebalance, Empty, PreparingRebalance, Stable};

/// Consumers 1 and 2 share two partitions from generation 1 on.
fn shared() -> Vec<(u64, Event)> {
    vec![
        (0, started(1)),
        (0, started(2)),
        (10, state(Empty, PreparingRebalance, 0)),
        (3010, state(PreparingRebalance, CompletingRebalance, 1)),
        (3011, joined(1, 1)),
        (3011, joined(2, 1)),
        (3012, state(CompletingRebalance, Stable, 1)),
        (3013, assigned(1, &[0])),
        (3014, assigned(2, &[1])),
    ]
}

#[test]
fn a_rebalance_ends_when_the_last_member_has_its_assignment() {
    let rebalances = measured(shared());
    let only = rebalances.of_group("g").next().expect("there was one");
    assert_eq!((only.generation, only.began, only.ended), (Some(1), at(10), Some(at(3014))));
    assert!(only.stops.is_empty() && only.handovers.is_empty());
    assert_eq!(only.duration(), Duration::from_millis(3004));
}

#[test]
fn whoever_leaves_is_not_stopped_and_its_partitions_are_unread_until_the_others_have_them() {
    let mut events = shared();
    events.extend([
        (5000, revoked(2, &[1])),
        (5001, state(Stable, PreparingRebalance, 1)),
        (5002, Event::ConsumerClosed { client: ClientId(2) }),
        (6000, revoked(1, &[0])),
        (6001, state(PreparingRebalance, CompletingRebalance, 2)),
        (6002, joined(1, 2)),
        (6003, state(CompletingRebalance, Stable, 2)),
        (6004, assigned(1, &[0, 1])),
    ]);
    let rebalances = measured(events);
    let last = rebalances.of_group("g").next_back().expect("there were two");
    assert_eq!(last.stops, [Stop { consumer: ClientId(1), from: at(6000), until: at(6004) }]);
    let handover = |partition, giver, from| Handover {
        partition: TopicPartition::new("t", partition),
        giver: ClientId(giver),
        taker: ClientId(1),
        from: at(from),
        until: at(6004),
    };
    assert_eq!(last.handovers, [handover(0, 1, 6000), handover(1, 2, 5000)]);
    assert_eq!(last.moved().count(), 1);
    assert_eq!((last.stopped(), last.unread()), (Duration::from_millis(4), Duration::from_millis(1008)));
    let totals = RebalanceTotals { rebalances: 2, stopped: last.stopped(), unread: last.unread(), moved: 1 };
    assert_eq!(rebalances.totals("g"), totals);
}

#[test]
fn a_rebalance_that_the_next_one_cuts_short_has_no_end() {
    let mut events = shared();
    events.extend([
        (5000, state(Stable, PreparingRebalance, 1)),
        (5001, revoked(1, &[0])),
        (5002, state(PreparingRebalance, CompletingRebalance, 2)),
        (5003, joined(1, 2)),
        (5004, state(CompletingRebalance, PreparingRebalance, 2)),
        (5005, state(PreparingRebalance, CompletingRebalance, 3)),
        (5006, joined(1, 3)),
        (5007, state(CompletingRebalance, Stable, 3)),
    ]);
    assert_eq!(measured(events.clone()).stopped_since(ClientId(1)), Some(at(5001)));
    events.push((5008, assigned(1, &[0])));
    let rebalances = measured(events);
    let ends: Vec<_> =
        rebalances.of_group("g").map(|rebalance| (rebalance.generation, rebalance.ended)).collect();
    assert_eq!(ends, [(Some(1), Some(at(3014))), (Some(2), None), (Some(3), Some(at(5008)))]);
    assert_eq!(rebalances.stopped_since(ClientId(1)), None);
    assert_eq!(rebalances.totals("g").stopped, Duration::from_millis(7));
}

#[test]
fn a_straggler_ends_the_generation_that_it_joined() {
    let mut events = shared();
    let straggler = events.pop().expect("consumer 2 takes its assignment last");
    events.push((3020, state(Stable, PreparingRebalance, 1)));
    events.push((3021, straggler.1));
    let rebalances = measured(events);
    let ends: Vec<_> = rebalances.of_group("g").map(|rebalance| rebalance.ended).collect();
    assert_eq!(ends, [Some(at(3021)), None]);
}

#[test]
fn whoever_stands_still_is_missed_only_when_its_partitions_go_to_somebody_else() {
    let mut events = shared();
    let (still, on) =
        (Event::ClientSuspended { client: ClientId(2) }, Event::ClientContinued { client: ClientId(2) });
    events.extend([
        (4000, still.clone()),
        (5000, on.clone()),
        (6000, revoked(2, &[1])),
        (6001, assigned(2, &[1])),
    ]);
    assert_eq!(measured(events.clone()).totals("g").unread, Duration::from_millis(1));
    events.extend([
        (10_000, still),
        (55_000, state(Stable, PreparingRebalance, 1)),
        (55_001, state(PreparingRebalance, CompletingRebalance, 2)),
        (55_002, joined(1, 2)),
        (55_003, state(CompletingRebalance, Stable, 2)),
        (55_004, assigned(1, &[1])),
        (60_000, on),
        (60_001, Event::PartitionsLost { client: ClientId(2), partitions: partitions(&[1]) }),
    ]);
    let rebalances = measured(events);
    let moved: Vec<_> = rebalances.of_group("g").flat_map(|rebalance| rebalance.moved().cloned()).collect();
    let [handover] = &moved[..] else { panic!("one partition moved: {moved:?}") };
    assert_eq!((handover.giver, handover.taker), (ClientId(2), ClientId(1)));
    assert_eq!((handover.from, handover.until), (at(10_000), at(55_004)));
}

#[test]
fn what_a_killed_member_of_an_abandoned_group_held_waits_for_nobody() {
    let mut events = shared();
    events.extend([
        (5000, Event::ClientKilled { client: ClientId(1) }),
        (5000, Event::ClientKilled { client: ClientId(2) }),
        (50_000, state(Stable, PreparingRebalance, 1)),
        (50_000, state(PreparingRebalance, Empty, 2)),
        (90_000, started(3)),
        (90_001, state(Empty, PreparingRebalance, 2)),
        (93_001, state(PreparingRebalance, CompletingRebalance, 3)),
        (93_002, joined(3, 3)),
        (93_003, state(CompletingRebalance, Stable, 3)),
        (93_004, assigned(3, &[0, 1])),
    ]);
    let totals = measured(events).totals("g");
    assert_eq!(totals, RebalanceTotals { rebalances: 3, ..RebalanceTotals::default() });
}
