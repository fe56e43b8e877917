//! What the scene tells of groups: countdowns, phases, what rebalances cost, duplicates, and the log of it all.

use std::time::Duration;

use kafka_core::group::{CoordinatorRecord, GroupState};
use kafka_core::scenario::Scenario;
use playground::scene::{ConsumerState, Countdown, MishapKind, Progress, Rebalanced, Scene, Wait};
use playground::session::{Action, Session, Speed};

const FRAME: Duration = Duration::from_micros(16_667);

/// Every message takes 1.5 ms, so that times can be added up by hand.
fn session() -> Session {
    let mut session = Session::empty(&Scenario { link_jitter: Duration::ZERO, ..Scenario::one_broker(1) });
    session.set_speed(Speed::Constant { per_mille: 1000 });
    type_into(
        &mut session,
        1,
        "kafka-topics --create --bootstrap-server kafka:9093 --topic t --partitions 3",
    );
    session
}

fn type_into(session: &mut Session, terminal: u32, command: &str) {
    session.input(terminal, Action::Command(command.to_owned()));
}

fn consume(session: &mut Session, terminal: u32, more: &str) {
    let consumer =
        "kafka-console-consumer --bootstrap-server kafka:9093 --topic t --group g --from-beginning";
    type_into(session, terminal, &format!("{consumer} {more}"));
}

/// Frames until something holds, at most two minutes of them; the picture in which it does.
fn until(session: &mut Session, holds: impl Fn(&Scene) -> bool) -> Scene {
    for _ in 0..7200 {
        let scene = session.scene();
        if holds(&scene) {
            return scene;
        }
        session.frame(FRAME);
    }
    panic!("it did not come to hold: {:#?}", session.scene().groups);
}

fn settled(scene: &Scene, consumers: usize) -> bool {
    let stable = |consumer: &&playground::scene::Consumer| {
        let reads = consumer.held.iter().any(|held| held.position.is_some());
        consumer.state == ConsumerState::Stable && reads
    };
    scene.consumers.iter().filter(stable).count() == consumers
}

fn generation(scene: &Scene, generation: i32) -> Rebalanced {
    let rebalances = &scene.groups[0].rebalances;
    let found = rebalances.iter().find(|rebalance| rebalance.generation == Some(generation));
    found.unwrap_or_else(|| panic!("no generation {generation} in {rebalances:#?}")).clone()
}

const ROUND_TRIP: Duration = Duration::from_millis(3);

#[test]
fn an_eager_rebalance_stops_whoever_held_something_for_two_round_trips() {
    let mut session = session();
    consume(&mut session, 2, "");
    until(&mut session, |scene| settled(scene, 1));
    consume(&mut session, 3, "");
    let scene = until(&mut session, |scene| settled(scene, 2));

    // The first waited for more members, group.initial.rebalance.delay.ms, and stopped nobody. SyncGroup and its answer
    // come after.
    let first = generation(&scene, 1);
    assert_eq!(first.took, Some(Duration::from_secs(3) + ROUND_TRIP + ROUND_TRIP / 2));
    assert!(first.stops.is_empty() && first.handovers.is_empty(), "{first:#?}");

    // The range assignor is eager: everything is given up before JoinGroup. JoinGroup and SyncGroup are a round trip
    // each, and meanwhile nobody reads any of the three partitions.
    let second = generation(&scene, 2);
    let stops: Vec<_> = second.stops.iter().map(|stop| (stop.consumer.terminal, stop.stopped)).collect();
    assert_eq!(stops, [(Some(2), 2 * ROUND_TRIP)]);
    let unread: Vec<_> = second.handovers.iter().map(|handover| handover.unread).collect();
    assert_eq!(unread, [2 * ROUND_TRIP; 3]);
    let moved = second.handovers.iter().filter(|handover| handover.moved).count();
    assert_eq!(moved, scene.consumers[1].held.len());
    // The first member heard of it with its next heartbeat, at most 3 s later.
    let took = second.took.expect("it has ended");
    assert!(took > 2 * ROUND_TRIP && took < Duration::from_millis(3010), "{took:?}");
}

#[test]
fn a_cooperative_rebalance_stops_nobody_and_leaves_one_partition_unread_until_a_heartbeat() {
    let mut session = session();
    let cooperative = "--consumer-property \
        partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor";
    consume(&mut session, 2, cooperative);
    until(&mut session, |scene| settled(scene, 1));
    consume(&mut session, 3, cooperative);
    let scene = until(&mut session, |scene| settled(scene, 2));

    // First a rebalance that only takes away: the answer to SyncGroup tells the first member what to give up.
    let taking = generation(&scene, 2);
    assert!(taking.stops.is_empty() && taking.handovers.is_empty(), "{taking:#?}");

    // The first member rejoins at once. The second hears of that with its heartbeat, 3 s after its JoinGroup was
    // answered, which was one round trip before the revocation. Then: heartbeat, JoinGroup, SyncGroup.
    let giving = generation(&scene, 3);
    assert!(giving.stops.is_empty(), "{giving:#?}");
    let [handover] = &giving.handovers[..] else { panic!("one partition moved: {giving:#?}") };
    assert!(handover.moved);
    assert_eq!(handover.unread, Duration::from_secs(3) - ROUND_TRIP + 3 * ROUND_TRIP);
}

#[test]
fn a_member_of_the_new_protocol_gives_up_while_the_other_waits_and_both_read_on() {
    let mut session = session();
    let protocol = "--consumer-property group.protocol=consumer";
    consume(&mut session, 2, protocol);
    until(&mut session, |scene| settled(scene, 1));
    consume(&mut session, 3, protocol);
    // A millisecond a frame: the first member is told with a heartbeat, and has revoked a round trip later.
    session.set_speed(Speed::Constant { per_mille: 60 });
    let progress = |scene: &Scene, wanted: fn(&Progress) -> bool| {
        scene.groups[0].members.iter().any(|member| wanted(&member.progress))
    };
    let scene =
        until(&mut session, |scene| progress(scene, |progress| matches!(progress, Progress::GivesUp(_))));
    let group = &scene.groups[0];
    assert_eq!(group.state, GroupState::Reconciling);
    assert!(progress(&scene, |progress| matches!(progress, Progress::WaitsFor(lanes) if lanes.len() == 1)));
    assert_eq!(group.target_epoch, Some(group.generation));
    let there = |scene: &Scene| {
        scene.consumers.iter().all(|consumer| consumer.member_epoch == Some(group.generation))
    };
    let scene = until(&mut session, |scene| settled(scene, 2) && there(scene));
    let last = generation(&scene, group.generation);
    assert!(last.stops.is_empty(), "{last:#?}");
    assert_eq!(last.handovers.iter().filter(|handover| handover.moved).count(), 1);
    let heartbeat = scene.consumers[0].countdowns.heartbeat.expect("it sends heartbeats");
    assert_eq!(heartbeat.whole, 50, "group.consumer.heartbeat.interval.ms is the broker's");
}

#[test]
fn a_killed_consumers_partitions_are_unread_until_its_session_is_over() {
    let mut session = session();
    consume(&mut session, 2, "");
    consume(&mut session, 3, "");
    until(&mut session, |scene| settled(scene, 2));
    session.input(2, Action::Close);
    let scene =
        until(&mut session, |scene| !scene.consumers.is_empty() && scene.consumers[0].terminal.is_none());
    assert!(matches!(scene.consumers[0].state, ConsumerState::Gone { .. }));
    let Countdown { left, whole } = scene.consumers[0].countdowns.session.expect("its session runs out");
    assert!(whole == 450 && (400..=450).contains(&left), "{left} of {whole}");

    let scene = until(&mut session, |scene| scene.consumers.len() == 1 && scene.consumers[0].held.len() == 3);
    let last = scene.groups[0].rebalances[0].clone();
    let orphans: Vec<_> = last.handovers.iter().filter(|handover| handover.moved).collect();
    assert!(!orphans.is_empty(), "{last:#?}");
    for orphan in orphans {
        let waited = orphan.unread.as_secs();
        assert!((42..=48).contains(&waited), "{orphan:#?}");
    }
    assert_eq!(last.stops.len(), 1, "the survivor gave everything up for a moment: {last:#?}");
}

#[test]
fn countdowns_and_phases_are_those_of_the_protocol() {
    let mut session = session();
    consume(&mut session, 2, "");
    let waits = |scene: &Scene| {
        matches!(scene.groups.first().and_then(|group| group.wait.clone()), Some(Wait::MoreMembers { .. }))
    };
    let scene = until(&mut session, waits);
    let group = &scene.groups[0];
    assert_eq!(
        (group.state, &group.members[0].progress),
        (GroupState::PreparingRebalance, &Progress::Joined)
    );
    assert_eq!(group.members[0].session, None, "whoever waits for an answer is alive");
    assert_eq!(group.wait.as_ref().map(|wait| wait.left().whole), Some(30));

    let scene = until(&mut session, |scene| settled(scene, 1));
    let countdowns = scene.consumers[0].countdowns;
    let within = |countdown: Option<Countdown>, whole: u32| {
        countdown.is_some_and(|countdown| {
            countdown.whole == whole && countdown.left <= whole && countdown.left > 0
        })
    };
    assert!(within(countdowns.session, 450) && within(countdowns.heartbeat, 30), "{countdowns:?}");
    assert_eq!(countdowns.poll, None, "the application is inside poll()");
    assert_eq!(scene.groups[0].members[0].terminal, Some(2));

    consume(&mut session, 3, "");
    let scene =
        until(&mut session, |scene| scene.groups[0].members.len() == 2 && scene.groups[0].wait.is_some());
    let group = &scene.groups[0];
    let of = |terminal| group.members.iter().find(|member| member.terminal == Some(terminal));
    assert_eq!(of(2).map(|member| member.progress.clone()), Some(Progress::Awaited));
    assert!(
        matches!(&group.wait, Some(Wait::Joins { missing, left }) if missing.len() == 1 && left.whole == 3000)
    );
}

#[test]
fn records_read_again_after_a_kill_are_counted_and_found_on_their_lane() {
    let mut session = session();
    let producer = "kafka-console-producer --bootstrap-server kafka:9093 --topic t --timeout 100 \
        --reader-property parse.key=true --reader-property key.separator=:";
    consume(&mut session, 2, "");
    until(&mut session, |scene| settled(scene, 1));
    type_into(&mut session, 1, producer);
    // An offset is committed every 5 s: what is read right after a commit is read again after a crash.
    for key in ["a", "b", "c"] {
        type_into(&mut session, 1, &format!("{key}:v"));
    }
    until(&mut session, |scene| scene.consumers[0].records_seen == 3);
    session.input(2, Action::Close);
    consume(&mut session, 3, "");
    let scene = until(&mut session, |scene| scene.deliveries.iter().any(|group| group.repeated > 0));
    let deliveries = &scene.deliveries[0];
    assert_eq!((deliveries.processed, deliveries.repeated, deliveries.lost), (6, 3, 0));
    for mishap in &*deliveries.mishaps {
        assert_eq!(mishap.kind, MishapKind::Repeated { times: 2 });
        let lane = scene.lane(&mishap.lane).expect("the record is on a lane");
        assert!(lane.cells.iter().any(|cell| cell.offset == mishap.offset));
    }
    let seen = session.now();
    session.seek(seen);
    assert_eq!(session.scene().deliveries, scene.deliveries);
}

#[test]
fn the_offsets_topic_is_a_log_that_can_be_read() {
    let mut session = session();
    consume(&mut session, 2, "");
    let scene = until(&mut session, |scene| {
        let mut entries = scene.offsets_log.entries.iter();
        entries.any(|entry| matches!(entry.record, CoordinatorRecord::OffsetCommit { .. }))
    });
    let log = &scene.offsets_log;
    // "g".hashCode() is 103.
    let home = &log.homes[0];
    assert_eq!(
        (&*home.group, home.hash, home.positive, home.partitions, home.partition),
        ("g", 103, 103, 50, 3)
    );
    assert!(log.entries.iter().all(|entry| entry.partition == 3));
    let offsets: Vec<_> = log.entries.iter().map(|entry| entry.offset).collect();
    let newest_first: Vec<_> = (0..log.entries.len() as i64).rev().collect();
    assert_eq!(offsets, newest_first);
    let commit = &log.entries[0];
    let committed_at = commit.committed_at.expect("it is an offset");
    assert!(commit.at.since(committed_at) < Duration::from_millis(5), "{commit:?}");
    let generation = |record: &CoordinatorRecord| {
        let CoordinatorRecord::GroupMetadata { value: Some(value), .. } = record else { return None };
        Some(value.generation)
    };
    let generations: Vec<_> = log.entries.iter().filter_map(|entry| generation(&entry.record)).collect();
    // A new group is written down before anybody is in it.
    assert_eq!(generations, [1, 0]);
}
