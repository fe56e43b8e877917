//! What the scene tells when brokers fail: their state, who is out of sync and who leads, what is lost and what is
//! written twice.

use std::time::Duration;

use kafka_core::scenario::Scenario;
use playground::faults::Fault;
use playground::scene::{Broker, Election, Fate, Lane, OutOfSync, Process, Scene, Standing};
use playground::session::{Action, Session, Speed};

const FRAME: Duration = Duration::from_micros(16_667);

/// Three brokers, a topic with one partition that all of them have, and a producer in terminal 1.
fn session(topic: &str, producer: &str) -> Session {
    let mut session = Session::empty(&Scenario { link_jitter: Duration::ZERO, ..Scenario::three_brokers(1) });
    session.set_speed(Speed::Constant { per_mille: 1000 });
    let create = "kafka-topics --create --bootstrap-server kafka:9093 --topic t --partitions 1 \
                  --replication-factor 3";
    type_into(&mut session, 1, &format!("{create} {topic}"));
    let produce = "kafka-console-producer --bootstrap-server kafka:9093 --topic t --timeout 10";
    type_into(&mut session, 1, &format!("{produce} {producer}"));
    type_into(&mut session, 1, "first");
    until(&mut session, |scene| lane(scene).high_watermark == 1);
    session
}

fn type_into(session: &mut Session, terminal: u32, line: &str) {
    session.input(terminal, Action::Command(line.to_owned()));
}

fn fault(session: &mut Session, fault: Fault, broker: u32) {
    type_into(session, 2, &fault.command(broker));
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
    let scene = session.scene();
    panic!("it did not come to hold: {:#?} {:#?}", scene.brokers, lane(&scene));
}

fn wait(session: &mut Session, time: Duration) {
    let end = session.now() + time;
    until(session, |scene| scene.clock.now >= end);
}

fn lane(scene: &Scene) -> &Lane {
    &scene.topics[0].lanes[0]
}

fn broker(scene: &Scene, number: u32) -> &Broker {
    &scene.brokers[number as usize - 1]
}

/// The leader, then its followers.
fn replicas(session: &mut Session) -> (u32, [u32; 2]) {
    let scene = session.scene();
    let leader = lane(&scene).leader.expect("somebody leads");
    let followers = lane(&scene).replicas.iter().map(|replica| replica.broker);
    let followers: Vec<_> = followers.filter(|broker| *broker != leader).collect();
    (leader, [followers[0], followers[1]])
}

fn out(scene: &Scene, broker: u32) -> Option<OutOfSync> {
    lane(scene).replicas.iter().find(|replica| replica.broker == broker).expect("it has a copy").out
}

#[test]
fn a_killed_leader_is_noticed_after_its_session_and_another_one_is_elected() {
    let mut session = session("", "");
    let (leader, _) = replicas(&mut session);
    fault(&mut session, Fault::Kill, leader);
    let scene = session.scene();
    let Broker { process: Process::Killed, standing: Standing::Silent { fenced_in }, .. } =
        broker(&scene, leader)
    else {
        panic!("{:?}", broker(&scene, leader))
    };
    // broker.session.timeout.ms is 9 s, and the last heartbeat was up to 2 s ago.
    assert!((1..=90).contains(&fenced_in.left) && fenced_in.whole == 90, "{fenced_in:?}");
    assert_eq!((lane(&scene).leader, lane(&scene).leader_epoch), (Some(leader), 0));
    assert!(lane(&scene).replicas.iter().any(|replica| replica.leads && !replica.reachable));

    let scene = until(&mut session, |scene| broker(scene, leader).standing == Standing::Fenced);
    assert_eq!(lane(&scene).election, Some(Election { from: Some(leader), unclean: false }));
    assert_eq!((lane(&scene).leader_epoch, lane(&scene).isr()), (1, 2));
    assert_ne!(lane(&scene).leader, Some(leader));
    assert_eq!(out(&scene, leader), Some(OutOfSync::Fenced));
    assert_eq!(broker(&scene, leader).out_of_sync, 1);

    type_into(&mut session, 1, "second");
    let scene = until(&mut session, |scene| lane(scene).high_watermark == 2);
    assert_eq!(scene.sendings[0].mishaps(), 0);
    let behind = lane(&scene).replicas.iter().find(|replica| replica.broker == leader);
    assert_eq!(behind.map(|replica| (replica.log_end_offset, replica.lag)), Some((1, 1)));

    fault(&mut session, Fault::Start, leader);
    let scene = until(&mut session, |scene| lane(scene).isr() == 3);
    assert!(broker(&scene, leader).is_well());
}

#[test]
fn a_broker_that_stops_in_good_order_hands_over_first() {
    let mut session = session("", "");
    let (leader, _) = replicas(&mut session);
    fault(&mut session, Fault::Stop, leader);
    let scene = until(&mut session, |scene| broker(scene, leader).process == Process::Stopped);
    assert_eq!(broker(&scene, leader).standing, Standing::Fenced);
    assert_eq!(lane(&scene).leader_epoch, 1);
    assert_eq!(Fault::offered(broker(&scene, leader)), [Fault::Start, Fault::Disconnect]);
}

#[test]
fn what_an_unclean_election_loses_is_traced_to_its_records() {
    let mut session = session(
        "--config unclean.leader.election.enable=true",
        "--producer-property acks=1 --producer-property enable.idempotence=false",
    );
    let (leader, followers) = replicas(&mut session);
    for follower in followers {
        fault(&mut session, Fault::Disconnect, follower);
    }
    type_into(&mut session, 1, "lost one");
    let acknowledged = |scene: &Scene| scene.sendings[0].tally().acknowledged == 2;
    let scene = until(&mut session, acknowledged);
    assert_eq!((scene.sendings[0].tally().lost, lane(&scene).high_watermark), (0, 1));
    let lags: Vec<_> = lane(&scene).replicas.iter().map(|replica| replica.lag).collect();
    assert_eq!(lags.iter().sum::<i64>(), 2, "neither follower has it: {lags:?}");

    fault(&mut session, Fault::Kill, leader);
    until(&mut session, |scene| broker(scene, leader).standing == Standing::Fenced);
    for follower in followers {
        fault(&mut session, Fault::Connect, follower);
    }
    let scene = until(&mut session, |scene| scene.sendings[0].tally().lost == 1);
    let [lost] = &scene.sendings[0].records[..] else { panic!("{:?}", scene.sendings) };
    assert_eq!((lost.fate.clone(), lost.offset, &*lost.value), (Fate::Lost, Some(1), "lost one"));
    assert_eq!(scene.sent_to("t").lost, 1);
    assert_eq!(lane(&scene).log_end_offset, 1);
    // Until it comes back, the old leader's log still has the record.
    let own = lane(&scene).replicas.iter().find(|replica| replica.broker == leader).map(|old| &old.own);
    let own: Vec<_> = own.into_iter().flat_map(|cells| cells.iter()).map(|cell| &*cell.value).collect();
    assert_eq!(own, ["lost one"]);
}

#[test]
fn a_retry_without_idempotence_writes_a_record_twice() {
    let mut session = session(
        "--config min.insync.replicas=2",
        "--producer-property enable.idempotence=false --request-timeout-ms 1000",
    );
    let (_, followers) = replicas(&mut session);
    for follower in followers {
        fault(&mut session, Fault::Pause, follower);
    }
    type_into(&mut session, 1, "again");
    let scene =
        until(&mut session, |scene| scene.producers[0].batches.iter().any(|batch| batch.attempts > 0));
    assert_eq!(scene.sendings[0].tally().retried, 1);
    wait(&mut session, Duration::from_millis(1200));
    for follower in followers {
        fault(&mut session, Fault::Unpause, follower);
    }
    let scene = until(&mut session, |scene| scene.sendings[0].tally().acknowledged == 2);
    let tally = scene.sendings[0].tally();
    assert!(tally.duplicates > 0, "{tally:?}");
    let [record] = &scene.sendings[0].records[..] else { panic!("{:?}", scene.sendings) };
    let Fate::Duplicated { offsets } = &record.fate else { panic!("{record:?}") };
    assert_eq!(offsets.len() as u64, tally.duplicates + 1);
    for offset in offsets.iter() {
        let cell = lane(&scene).cells.iter().find(|cell| cell.offset == *offset);
        assert_eq!(cell.map(|cell| &*cell.value), Some("again"));
    }
}

#[test]
fn an_idempotent_retry_is_discarded() {
    let mut session = session("--config min.insync.replicas=2", "--request-timeout-ms 1000");
    let (_, followers) = replicas(&mut session);
    for follower in followers {
        fault(&mut session, Fault::Pause, follower);
    }
    type_into(&mut session, 1, "once");
    wait(&mut session, Duration::from_millis(2600));
    for follower in followers {
        fault(&mut session, Fault::Unpause, follower);
    }
    let scene = until(&mut session, |scene| scene.sendings[0].tally().acknowledged == 2);
    let tally = scene.sendings[0].tally();
    assert!(tally.discarded > 0 && tally.duplicates == 0, "{tally:?}");
    assert_eq!(scene.sendings[0].records[0].fate, Fate::Retried);
}

#[test]
fn with_acks_0_a_record_is_lost_once_it_cannot_arrive_any_more() {
    let mut session = session("", "--producer-property acks=0");
    let (leader, _) = replicas(&mut session);
    fault(&mut session, Fault::Pause, leader);
    type_into(&mut session, 1, "on its way");
    let scene = until(&mut session, |scene| scene.sendings[0].tally().acknowledged == 2);
    assert_eq!(scene.sendings[0].tally().lost, 0, "it waits at a broker that stands still");
    fault(&mut session, Fault::Kill, leader);
    let scene = until(&mut session, |scene| scene.sendings[0].tally().lost == 1);
    let [lost] = &scene.sendings[0].records[..] else { panic!("{:?}", scene.sendings) };
    assert_eq!((lost.fate.clone(), lost.offset), (Fate::Lost, None));
}
