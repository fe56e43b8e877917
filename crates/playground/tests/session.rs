//! A session as the page drives it: frame by frame, with inputs in between.

use std::time::Duration;

use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;
use playground::scene::{Anchor, Cargo, ConsumerState, Scene};
use playground::script::Script;
use playground::session::{Act, Action, Session};

const FRAME: Duration = Duration::from_micros(16_667);

fn frames(session: &mut Session, count: u32) {
    for _ in 0..count {
        session.frame(FRAME);
    }
}

/// Frames until something holds, at most a minute of them; answers with how many it took.
fn frames_until(session: &mut Session, holds: impl Fn(&Scene) -> bool) -> u32 {
    for count in 0..3600 {
        if holds(&session.scene()) {
            return count;
        }
        session.frame(FRAME);
    }
    panic!("it did not come to hold within a minute: {:#?}", session.scene());
}

fn command(text: &str) -> Action {
    Action::Command(text.to_owned())
}

/// Three partitions, a producer in terminal 1, and nothing else.
fn session_with_producer() -> Session {
    let mut session = Session::empty(&Scenario::one_broker(1));
    session.input(1, command("kafka-topics --create --bootstrap-server kafka:9093 --topic t --partitions 3"));
    session.input(
        1,
        command(
            "kafka-console-producer --bootstrap-server kafka:9093 --topic t --timeout 100 \
             --reader-property parse.key=true --reader-property key.separator=:",
        ),
    );
    session
}

const CONSUMER: &str =
    "kafka-console-consumer --bootstrap-server kafka:9093 --topic t --group g --from-beginning";

fn stable_consumers(scene: &Scene) -> usize {
    scene.consumers.iter().filter(|consumer| consumer.state == ConsumerState::Stable).count()
}

#[test]
fn a_first_visitor_sees_something_move_within_two_seconds() {
    let mut session = Session::new(&Scenario::one_broker(1));
    let count = frames_until(&mut session, |scene| {
        scene.travellers.iter().any(|traveller| matches!(traveller.cargo, Cargo::Records { .. }))
    });
    assert!(count < 120, "{count} frames went by");
}

#[test]
fn the_demonstration_ends_with_two_consumers_that_share_three_partitions() {
    let mut session = Session::new(&Scenario::one_broker(1));
    frames_until(&mut session, |scene| {
        let mut held: Vec<_> = scene.consumers.iter().map(|consumer| consumer.held.len()).collect();
        held.sort_unstable();
        stable_consumers(scene) == 2 && held == [1, 2]
    });
}

#[test]
fn a_record_can_be_followed_on_the_screen_from_producer_to_partition() {
    let mut session = session_with_producer();
    frames(&mut session, 60);
    session.input(1, command("user_001:hello"));
    let sent = |scene: &Scene| {
        scene.travellers.iter().any(|traveller| {
            matches!(traveller.cargo, Cargo::Records { .. }) && matches!(traveller.to, Anchor::Lane(_))
        })
    };
    frames_until(&mut session, sent);
    let travelled = frames_until(&mut session, |scene| !sent(scene));
    assert!((25..90).contains(&travelled), "{travelled} frames");
    let scene = session.scene();
    let hashing = scene.hashing.expect("the sum stays in sight while the record is on its way");
    assert_eq!((&*hashing.key, hashing.positive % hashing.partitions), ("user_001", 2));
    assert_eq!(scene.topics[0].lanes[2].log_end_offset, 1);
}

#[test]
fn a_session_timeout_passes_within_seconds_and_the_partitions_move() {
    let mut session = session_with_producer();
    session.input(2, command(CONSUMER));
    session.input(3, command(CONSUMER));
    frames_until(&mut session, |scene| stable_consumers(scene) == 2);
    session.input(2, Action::Close);
    let gone = |scene: &Scene| {
        scene.consumers.iter().any(|consumer| matches!(consumer.state, ConsumerState::Gone { .. }))
    };
    assert!(gone(&session.scene()));
    let count = frames_until(&mut session, |scene| !gone(scene));
    assert!(count < 600, "{count} frames for 45 s of virtual time");
    frames_until(&mut session, |scene| scene.consumers.len() == 1 && scene.consumers[0].held.len() == 3);
}

#[test]
fn the_past_looks_as_it_did() {
    let mut session = session_with_producer();
    session.input(2, command(CONSUMER));
    frames(&mut session, 200);
    session.input(1, command("user_001:hello"));
    let mut pictures = Vec::new();
    for _ in 0..60 {
        session.frame(FRAME);
        pictures.push(session.scene());
    }
    let end = session.scene().clock.end;
    for before in pictures.iter().rev().step_by(7) {
        session.seek(before.clock.now);
        let mut scene = session.scene();
        assert_eq!(scene.clock.end, end);
        scene.clock.end = before.clock.end;
        assert_eq!(&scene, before);
    }
}

#[test]
fn an_input_in_the_past_forks_and_both_lines_can_be_gone_back_to() {
    let mut session = session_with_producer();
    frames(&mut session, 60);
    let fork_at = session.now();
    frames(&mut session, 10);
    session.input(1, command("user_001:first line"));
    frames(&mut session, 120);
    session.seek(fork_at);
    session.input(1, command("user_003:second line"));
    frames(&mut session, 240);
    let ends = |session: &mut Session| -> Vec<i64> {
        session.scene().topics[0].lanes.iter().map(|lane| lane.log_end_offset).collect()
    };
    assert_eq!(ends(&mut session), [0, 1, 0]);
    let branches = session.branches();
    assert_eq!(branches.len(), 2);
    let other = branches.iter().find(|branch| !branch.current).expect("there are two").number;
    session.switch_branch(other);
    assert_eq!(ends(&mut session), [0, 0, 1]);
}

#[test]
fn a_session_that_was_kept_is_the_same_again() {
    let mut session = session_with_producer();
    session.input(2, command(CONSUMER));
    frames(&mut session, 400);
    session.input(1, command("user_001:hello\nuser_002:world"));
    session.input(7, command("date; echo 'a \\'"));
    frames(&mut session, 400);
    assert!(session.is_owned());
    let script = Script::parse(&session.script().to_string()).expect("it reads what it has written");
    let mut again = Session::recall(&script);
    while again.is_recalling() {
        again.frame(FRAME);
    }
    assert_eq!(again.console(), session.console());
    assert_eq!(again.terminals().len(), 7);
    assert_eq!(again.script().to_string(), script.to_string());
    session.input(2, Action::Close);
    again.input(2, Action::Close);
    frames(&mut session, 60);
    frames(&mut again, 60);
    assert_eq!(again.now(), session.now());
    assert_eq!(again.console(), session.console());
}

#[test]
fn an_input_before_a_kept_session_has_come_to_its_end_still_comes_behind_it() {
    let mut session = session_with_producer();
    session.input(2, command(CONSUMER));
    frames(&mut session, 300);
    let script = session.script();
    let mut again = Session::recall(&script);
    again.input(1, command("user_001:hello"));
    assert!(!again.is_recalling());
    assert!(again.now() >= script.end);
    assert_eq!(again.branches().len(), 1);
}

#[test]
fn a_demonstration_alone_is_not_the_learners_own() {
    let mut session = Session::new(&Scenario::one_broker(1));
    frames(&mut session, 300);
    assert!(!session.is_owned());
    let proposal = session.proposals(None)[0].clone();
    session.input(proposal.terminal, proposal.action);
    assert!(session.is_owned());
}

#[test]
fn steps_stop_at_what_can_be_seen() {
    let mut session = session_with_producer();
    session.input(1, command("user_001:hello"));
    session.pause();
    let mut moments = Vec::new();
    for _ in 0..6 {
        session.step();
        moments.push(session.now());
    }
    let before = moments.clone();
    moments.sort();
    assert_eq!(moments, before);
    assert!(session.scene().happenings.len() > 3);
    assert!(session.now() < SimTime::from_millis(2000), "{moments:?}");

    let (last, end) = (session.now(), session.scene().clock.end);
    session.step();
    assert_eq!((session.now(), session.scene().clock.end), (last, end));
}

#[test]
fn every_proposed_act_does_what_it_says() {
    let mut session = Session::empty(&Scenario::one_broker(1));
    let acts = [
        Act::CreateTopic,
        Act::StartProducer,
        Act::Produce,
        Act::AddConsumer,
        Act::AddConsumer,
        Act::DescribeGroup,
        Act::StopConsumer,
        Act::KillConsumer,
    ];
    for act in acts {
        let proposals = session.proposals(None);
        let proposal = proposals.iter().find(|proposal| proposal.act == act);
        let proposal = proposal.unwrap_or_else(|| panic!("{act:?} is not proposed: {proposals:?}"));
        session.input(proposal.terminal, proposal.action.clone());
        frames(&mut session, 400);
    }
    let scene = session.scene();
    assert_eq!(scene.topics[0].lanes.iter().map(|lane| lane.log_end_offset).sum::<i64>(), 1);
    let printed: Vec<_> = session.terminals().iter().flat_map(|view| view.lines.to_vec()).collect();
    assert!(printed.iter().any(|line| line.text.starts_with("GROUP ")), "{printed:#?}");
}

#[test]
fn ten_thousand_records_are_done_within_a_minute_on_the_screen() {
    let mut session = Session::empty(&Scenario::one_broker(1));
    session.input(
        1,
        command(
            "docker exec -it local-kafka bash -c 'for i in {1..10000}; do echo \"Message $i - $(date +%s%N)\"; done | \
             kafka-console-producer --bootstrap-server kafka:9093 --topic performance-test'",
        ),
    );
    frames_until(&mut session, |scene| {
        scene.topics.iter().flat_map(|topic| topic.lanes.iter()).map(|lane| lane.log_end_offset).sum::<i64>()
            == 10_000
    });
}
