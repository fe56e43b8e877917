//! What the scene tells of producers, of the copies of their records, and of brokers.

use std::time::Duration;

use kafka_core::scenario::Scenario;
use playground::scene::{Anchor, BatchState, Cargo, LaneId, Process, Producer, Scene, Standing, Traveller};
use playground::session::{Action, Session, Speed};

/// A tenth of a millisecond of virtual time in a frame.
const SLOW: Speed = Speed::Constant { per_mille: 6 };
const FAST: Speed = Speed::Constant { per_mille: 1000 };
const FRAME: Duration = Duration::from_micros(16_667);

/// Three brokers and a topic with one partition that all of them have; every message takes 1.5 ms.
fn session(configs: &str) -> Session {
    let mut session = Session::empty(&Scenario { link_jitter: Duration::ZERO, ..Scenario::three_brokers(1) });
    session.set_speed(FAST);
    type_into(
        &mut session,
        1,
        &format!(
            "kafka-topics --create --bootstrap-server kafka:9093 --topic t --partitions 1 \
             --replication-factor 3 {configs}"
        ),
    );
    session
}

fn produce(session: &mut Session, terminal: u32, properties: &str) {
    type_into(
        session,
        terminal,
        &format!("kafka-console-producer --bootstrap-server kafka:9093 --topic t {properties}"),
    );
}

fn type_into(session: &mut Session, terminal: u32, line: &str) {
    session.input(terminal, Action::Command(line.to_owned()));
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
    panic!("it did not come to hold: {:#?}", session.scene().producers);
}

fn lane() -> LaneId {
    LaneId { topic: "t".into(), partition: 0 }
}

fn producer(scene: &Scene) -> &Producer {
    &scene.producers[0]
}

#[test]
fn a_batch_fills_lingers_is_closed_and_flies_as_one() {
    let mut session = session("");
    produce(&mut session, 1, "--timeout 40");
    type_into(&mut session, 1, "first");
    until(&mut session, |scene| scene.topics[0].lanes[0].high_watermark == 1);
    session.set_speed(SLOW);
    type_into(&mut session, 1, "second");
    let lingering = |scene: &Scene| {
        let batches = &producer(scene).batches;
        matches!(&batches[..], [batch] if matches!(batch.state, BatchState::Open { lingered: 500.. }))
    };
    let scene = until(&mut session, lingering);
    let batch = &producer(&scene).batches[0];
    assert_eq!((batch.records, batch.limit, batch.attempts), (1, 16_384, 0));
    // 61 bytes of the batch's header; the record: length, attributes, two deltas, no key, the value, no headers.
    assert_eq!(batch.bytes, 61 + 7 + "second".len() as u32);
    assert_eq!((batch.expires.left, batch.expires.whole), (1200, 1200), "delivery.timeout.ms");
    let memory = producer(&scene).memory;
    assert_eq!((memory.used, memory.total, memory.blocked), (16_384, 33_554_432, 0));

    let scene = until(&mut session, |scene| !scene.travellers.is_empty());
    let leader = scene.topics[0].lanes[0].leader.expect("somebody leads");
    assert_eq!(producer(&scene).batches[0].state, BatchState::InFlight { broker: leader });
    let to_the_lane = |traveller: &&Traveller| traveller.to == Anchor::Lane(lane());
    assert_eq!(scene.travellers.iter().filter(to_the_lane).count(), 1);

    let scene = until(&mut session, |scene| producer(scene).batches.is_empty());
    assert_eq!(producer(&scene).memory.used, 0);
    let tally = scene.sendings[0].tally();
    assert_eq!((tally.sent, tally.acknowledged, tally.retried, tally.lost), (2, 2, 0, 0));
    assert_eq!(scene.sendings[0].mishaps(), 0);
}

#[test]
fn followers_copy_a_record_and_confirm_it_before_it_is_acknowledged() {
    let mut session = session("");
    produce(&mut session, 1, "--timeout 40");
    type_into(&mut session, 1, "first");
    until(&mut session, |scene| scene.topics[0].lanes[0].high_watermark == 1);
    session.set_speed(SLOW);
    type_into(&mut session, 1, "second");

    let copied = |traveller: &Traveller| {
        let carries = matches!(traveller.cargo, Cargo::Records { .. });
        carries && matches!(traveller.to, Anchor::Replica(..)) && traveller.from == Anchor::Lane(lane())
    };
    let scene = until(&mut session, |scene| scene.travellers.iter().any(copied));
    assert_eq!(scene.travellers.iter().filter(|traveller| copied(traveller)).count(), 2);
    let lane_of = |scene: &Scene| scene.topics[0].lanes[0].clone();
    let ends = |scene: &Scene| -> Vec<(bool, i64, i64)> {
        let replicas = lane_of(scene).replicas;
        replicas.iter().map(|replica| (replica.leads, replica.log_end_offset, replica.lag)).collect()
    };
    assert_eq!(ends(&scene), [(true, 2, 0), (false, 1, 1), (false, 1, 1)]);

    let confirms = |traveller: &Traveller| matches!(traveller.from, Anchor::Replica(..));
    let scene = until(&mut session, |scene| scene.travellers.iter().any(confirms));
    assert_eq!(ends(&scene), [(true, 2, 0), (false, 2, 0), (false, 2, 0)]);
    assert_eq!(lane_of(&scene).high_watermark, 1, "the leader does not know yet");
    assert_eq!(scene.sendings[0].tally().acknowledged, 1);

    let scene = until(&mut session, |scene| lane_of(scene).high_watermark == 2);
    assert!(lane_of(&scene).replicas.iter().all(|replica| replica.out.is_none() && replica.own.is_empty()));
    assert_eq!((lane_of(&scene).leader_epoch, lane_of(&scene).min_isr), (0, 1));
    until(&mut session, |scene| scene.sendings[0].tally().acknowledged == 2);
}

#[test]
fn brokers_are_well_and_share_the_partitions() {
    let mut session = session("");
    let scene = session.scene();
    let seen: Vec<_> = scene.brokers.iter().map(|broker| (broker.number, broker.replicas)).collect();
    assert_eq!(seen, [(1, 1), (2, 1), (3, 1)]);
    assert_eq!(scene.brokers.iter().map(|broker| broker.leads).sum::<u32>(), 1);
    let well = |broker: &playground::scene::Broker| {
        (broker.process, broker.standing, broker.connected) == (Process::Running, Standing::Active, true)
    };
    assert!(scene.brokers.iter().all(|broker| well(broker) && broker.is_well()));
}
