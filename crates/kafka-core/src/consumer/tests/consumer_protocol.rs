//! A member of the consumer protocol, against a broker that answers what a test wants.

use super::*;
use crate::application::{ListenerCallback, ListenerFailure};

const INTERVAL: u64 = 5000;

impl Bench {
    fn modern(settings: &[(&str, &str)], application: Application) -> Self {
        Self::new(&[&[("group.protocol", "consumer")], settings].concat(), application)
    }

    fn member(&self) -> &ConsumerMembership {
        self.consumer().modern().expect("its group.protocol is consumer")
    }

    /// What came with each heartbeat: the epoch, and how many partitions it owned where it said so.
    fn told(&self) -> Vec<(i32, Option<usize>)> {
        let told = |beat: &ConsumerGroupHeartbeatRequest| {
            (beat.member_epoch, beat.topic_partitions.as_ref().map(Vec::len))
        };
        self.beats.iter().map(told).collect()
    }
}

fn throwing(callback: ListenerCallback) -> Application {
    let failure = ListenerFailure { callback, times: 1 };
    Application { listener_failure: Some(failure), ..Application::default() }
}

fn lost(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::PartitionsLost { .. }))
}

fn revoked(events: &[Event]) -> bool {
    events.iter().any(|event| matches!(event, Event::PartitionsRevoked { .. }))
}

#[test]
fn a_heartbeat_says_only_what_is_new() {
    let mut bench = Bench::modern(&[("group.remote.assignor", "range")], Application::default());
    bench.run(2 * INTERVAL + 100);
    assert_eq!(bench.told(), [(0, Some(0)), (1, Some(1)), (1, None), (1, None)]);
    let [joining, acknowledging, bare, _] = &bench.beats[..] else { unreachable!("counted above") };
    assert_eq!(joining.server_assignor.as_deref(), Some("range"));
    assert_eq!(joining.subscribed_topic_names.as_deref(), Some(&["t".into()][..]));
    assert_eq!(joining.rebalance_timeout, Some(Duration::from_secs(300)));
    for beat in [acknowledging, bare] {
        assert_eq!((&beat.rebalance_timeout, &beat.subscribed_topic_names), (&None, &None));
        assert_eq!((&beat.server_assignor, &beat.member_id), (&None, &joining.member_id));
    }
    assert_eq!(joining.member_id.len(), 22, "a Uuid in base64");

    let topics = vec!["t".into(), "u".into()];
    bench.with(|consumer, context| consumer.call(ConsumerCall::Subscribe(topics.clone()), context));
    bench.run(INTERVAL);
    assert_eq!(bench.beats.last().unwrap().subscribed_topic_names, Some(topics), "with the next one");
}

#[test]
fn a_member_that_is_fenced_loses_its_partitions_and_rejoins_under_its_id() {
    for error in [ErrorCode::FencedMemberEpoch, ErrorCode::UnknownMemberId] {
        let mut bench = Bench::modern(&[], Application::default());
        bench.run(1000);
        let member_id = bench.member().member_id.clone();
        bench.broken.insert(Api::ConsumerGroupHeartbeat, Some(error));
        let events = bench.run(INTERVAL - 990);
        assert!(lost(&events) && !revoked(&events), "{error}: {events:?}");
        bench.broken.clear();
        bench.run(1000);
        assert_eq!(bench.member().state, ConsumerMemberState::Stable, "{error}");
        assert_eq!(bench.beats.last().unwrap().member_id, member_id, "{error}");
    }
}

#[test]
fn a_listener_that_throws_delays_the_acknowledgement() {
    let mut bench = Bench::modern(&[], throwing(ListenerCallback::OnPartitionsAssigned));
    let events = bench.run(1000);
    let assigned: Vec<_> = events
        .iter()
        .filter_map(|event| {
            if let Event::PartitionsAssigned { added, .. } = event { Some(added.len()) } else { None }
        })
        .collect();
    assert_eq!(assigned, [1, 0], "the second attempt adds nothing");
    assert_eq!(bench.told(), [(0, Some(0)), (1, Some(1))]);
    assert!(events.iter().any(|event| matches!(event, Event::RecordsPolled { .. })), "and then it reads");
}

#[test]
fn a_listener_that_throws_does_not_keep_a_member_from_leaving() {
    let mut bench = Bench::modern(&[], throwing(ListenerCallback::OnPartitionsRevoked));
    bench.run(1000);
    bench.with(Consumer::close);
    let events = bench.run(1000);
    assert!(events.iter().any(|event| matches!(event, Event::ListenerThrew { .. })));
    assert_eq!(bench.told().last(), Some(&(-1, Some(0))));
    assert!(bench.consumer().has_ended());
}

#[test]
fn a_static_member_says_that_it_means_to_come_back() {
    let mut bench = Bench::modern(&[("group.instance.id", "i")], Application::default());
    bench.run(1000);
    bench.with(Consumer::close);
    let events = bench.run(1000);
    assert!(revoked(&events));
    assert_eq!(bench.told().last(), Some(&(-2, Some(0))));
    assert!(bench.beats.iter().all(|beat| beat.instance_id.as_deref() == Some("i")));
}

#[test]
fn a_refusal_that_goes_away_is_asked_again_and_another_is_thrown() {
    for (error, looks_up) in [
        (ErrorCode::NotCoordinator, true),
        (ErrorCode::CoordinatorNotAvailable, true),
        (ErrorCode::CoordinatorLoadInProgress, false),
    ] {
        let mut bench = Bench::modern(&[], Application::default());
        bench.run(1000);
        let look_ups = bench.times_asked(Api::FindCoordinator);
        bench.broken.insert(Api::ConsumerGroupHeartbeat, Some(error));
        let events = bench.run(INTERVAL);
        assert!(!lost(&events), "{error}");
        assert_eq!(bench.times_asked(Api::FindCoordinator) > look_ups, looks_up, "{error}");
        bench.broken.clear();
        bench.run(1000);
        assert_eq!(bench.told().last(), Some(&(1, Some(1))), "{error}: everything is said again");
    }
    for error in [
        ErrorCode::UnreleasedInstanceId,
        ErrorCode::FencedInstanceId,
        ErrorCode::GroupMaxSizeReached,
        ErrorCode::InvalidRequest,
        ErrorCode::UnsupportedAssignor,
        ErrorCode::UnsupportedVersion,
    ] {
        let mut bench = Bench::modern(&[], Application::default());
        bench.run(1000);
        bench.broken.insert(Api::ConsumerGroupHeartbeat, Some(error));
        let events = bench.run(INTERVAL);
        assert!(lost(&events), "{error}");
        let failed = Event::ConsumerFailed { client: CLIENT, error: PollError::Broker(error) };
        assert_eq!(events.last(), Some(&failed));
        let beats = bench.beats.len();
        bench.run(10 * INTERVAL);
        assert_eq!(bench.beats.len(), beats, "{error}: it is out");
    }
}

#[test]
fn a_silent_coordinator_is_looked_for_anew_and_costs_nothing() {
    let mut bench = Bench::modern(&[("request.timeout.ms", "3000")], Application::default());
    bench.run(1000);
    bench.broken.insert(Api::ConsumerGroupHeartbeat, None);
    let events = bench.run(60_000);
    assert!(!lost(&events), "only a coordinator can take it away");
    assert!(bench.times_asked(Api::FindCoordinator) > 5);
    bench.broken.clear();
    bench.run(INTERVAL);
    assert_eq!(bench.member().state, ConsumerMemberState::Stable);
}

#[test]
fn who_does_not_poll_leaves_and_is_told_so_in_its_next_poll() {
    let settings = [("max.poll.interval.ms", "2000"), ("enable.auto.commit", "false")];
    for (instance, goodbye) in [(None, -1), (Some(("group.instance.id", "i")), -2)] {
        let settings: Vec<_> = settings.into_iter().chain(instance).collect();
        let program = Application { process_time: Duration::from_secs(4), ..Application::default() };
        let mut bench = Bench::modern(&settings, program);
        let before = bench.run(1900);
        assert!(bench.consumer().liveness().poll_deadline.is_some_and(|at| at > bench.now));
        let events = bench.run(1000);
        assert!(events.contains(&Event::PollIntervalExceeded { client: CLIENT }));
        assert!(!lost(&before) && !lost(&events), "that is for the thread that polls");
        assert_eq!(bench.member().state, ConsumerMemberState::Stale);
        assert_eq!(bench.told().last().map(|told| told.0), Some(goodbye));
        assert_eq!(bench.consumer().liveness(), Liveness::default());
        assert!(lost(&bench.run(2000)));
        assert_eq!(bench.member().state, ConsumerMemberState::Stable, "it is back");
    }
}

#[test]
fn the_coordinator_judges_a_commit_and_only_a_heartbeat_tells_the_member() {
    use CommitError::{Broker, CommitFailed};
    let cases = [
        (ErrorCode::UnknownMemberId, CommitFailed, CommitFailed),
        (ErrorCode::FencedInstanceId, CommitFailed, CommitFailed),
        (ErrorCode::StaleMemberEpoch, CommitFailed, Broker(ErrorCode::StaleMemberEpoch)),
    ];
    for (error, sync, async_) in cases {
        for (call, strategy, expected) in [
            (CommitCall::Sync, CommitStrategy::Sync as fn(CommitPoint) -> CommitStrategy, sync),
            (CommitCall::Async, CommitStrategy::Async, async_),
        ] {
            let mut bench = Bench::modern(&[("enable.auto.commit", "false")], commits(strategy));
            bench.broken.insert(Api::OffsetCommit, Some(error));
            let events = bench.run(1000);
            assert_eq!(commit_outcomes(&events), [(call, Err(expected))], "{error}");
            assert!(!lost(&events), "{error}");
            assert_eq!(bench.member().epoch(), Some(1), "{error}");
        }
    }
}

#[test]
fn a_member_tells_when_it_is_due() {
    let mut bench = Bench::modern(&[], Application::default());
    assert_eq!(
        bench.consumer().liveness(),
        Liveness { next_heartbeat: Some(SimTime::ZERO), ..Liveness::default() }
    );
    bench.run(1000);
    let due = bench.consumer().liveness().next_heartbeat.expect("the broker told its interval");
    bench.run(2 * INTERVAL);
    let beats: Vec<_> = bench
        .asked
        .iter()
        .filter(|(_, api)| *api == Api::ConsumerGroupHeartbeat)
        .map(|(at, _)| *at)
        .collect();
    assert!(
        beats.iter().any(|at| at.since(due) < Duration::from_millis(5) && *at >= due),
        "{due:?} {beats:?}"
    );

    let mut bench = Bench::new(&[], Application::default());
    bench.run(1000);
    let liveness = bench.consumer().liveness();
    let after = |at: Option<SimTime>| at.map(|at| at.since(bench.now).as_secs());
    assert_eq!((after(liveness.next_heartbeat), after(liveness.session_deadline)), (Some(2), Some(44)));
    assert_eq!(liveness.poll_deadline, None, "it is inside poll()");
}

#[test]
fn settings_of_the_other_protocol_are_refused() {
    let refusal = |settings: &[(&str, &str)]| {
        let mut properties = Properties::default();
        for (name, value) in settings {
            properties.set(name, value);
        }
        ConsumerConfig::from_properties(&properties, "c").map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(refusal(&[("group.protocol", "Classic"), ("group.remote.assignor", " ")]), Ok(()));
    assert_eq!(
        refusal(&[("group.protocol", "consumer"), ("heartbeat.interval.ms", "1")]),
        Err("heartbeat.interval.ms cannot be set when group.protocol=CONSUMER".to_owned())
    );
    assert_eq!(
        refusal(&[("group.protocol", "classic"), ("group.remote.assignor", "range")]),
        Err("group.remote.assignor cannot be set when group.protocol=CLASSIC".to_owned())
    );
}
