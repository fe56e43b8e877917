//! Who is let in, who is kept, who is turned away.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::group::{GroupCoordinatorConfig, GroupState, LeaveReason};
use kafka_core::protocol::{ErrorCode, GroupId};

use crate::harness::{Harness, joining};

#[test]
fn a_join_is_checked_before_any_group_is_made() {
    let mut group = Harness::new();
    let mut nameless = joining("a", "");
    nameless.group = GroupId::from("");
    let asked = group.join(&nameless);
    assert_eq!(group.join_error(asked), Some(ErrorCode::InvalidGroupId));
    for seconds in [5, 1801] {
        let mut restless = joining("a", "");
        restless.session_timeout = Duration::from_secs(seconds);
        let asked = group.join(&restless);
        assert_eq!(group.join_error(asked), Some(ErrorCode::InvalidSessionTimeout));
    }
    let asked = group.join(&joining("a", "a-"));
    assert_eq!(group.join_error(asked), Some(ErrorCode::UnknownMemberId));
    assert_eq!(group.coordinator.describe("g"), None);
}

#[test]
fn a_member_without_a_common_protocol_is_refused() {
    let mut group = Harness::stable(&["a"]);
    let mut stranger = joining("b", "");
    stranger.protocols[0].0 = Rc::from("sticky");
    let asked = group.join(&stranger);
    assert_eq!(group.join_error(asked), Some(ErrorCode::InconsistentGroupProtocol));
    let mut connector = joining("b", "");
    connector.protocol_type = Rc::from("connect");
    let asked = group.join(&connector);
    assert_eq!(group.join_error(asked), Some(ErrorCode::InconsistentGroupProtocol));
}

#[test]
fn a_full_group_takes_nobody_and_keeps_its_members() {
    let mut group =
        Harness::with(GroupCoordinatorConfig { group_max_size: 1, ..GroupCoordinatorConfig::default() });
    group.join_fully("a");
    let asked = group.join(&joining("b", ""));
    assert_eq!(group.join_error(asked), Some(ErrorCode::GroupMaxSizeReached));
    group.wait(3000);
    group.sync_all(&["a"]);
    let asked = group.join(&joining("b", ""));
    assert_eq!(group.join_error(asked), Some(ErrorCode::GroupMaxSizeReached));
    assert_eq!(group.heartbeat("a-"), Ok(()));
}

#[test]
fn whoever_rejoins_a_full_group_last_is_removed() {
    let mut group = Harness::stable(&["a", "b"]);
    let partition = group.coordinator.partition_for("g");
    let config = GroupCoordinatorConfig { group_max_size: 1, ..GroupCoordinatorConfig::default() };
    let mut smaller = Harness::with(config);
    let log = std::mem::take(&mut group.log);
    let effects = smaller.coordinator.load(smaller.now, partition, log);
    smaller.absorb(effects);
    assert_eq!(smaller.state(), GroupState::PreparingRebalance, "a group that is too large rebalances");
    let first = smaller.rejoin("a");
    let last = smaller.rejoin("b");
    assert_eq!(smaller.join_error(last), Some(ErrorCode::GroupMaxSizeReached));
    assert!(smaller.events.iter().any(|event| {
        matches!(event, Event::MemberRemoved { reason: LeaveReason::GroupMaxSizeReached, .. })
    }));
    assert!(smaller.joined(first).is_none(), "as in Kafka, the rebalance waits for its timeout all the same");
    smaller.wait(60_000);
    assert!(smaller.joined(first).is_some_and(|join| join.outcome.is_ok()));
}

#[test]
fn the_next_leader_is_the_first_in_hash_map_order() {
    // The hash of a letter and a dash grows by 31 from letter to letter: one bucket of 16 down each time.
    let mut group = Harness::stable(&["c", "b", "e", "d"]);
    assert_eq!(group.description().leader.as_deref(), Some("c-"));
    assert_eq!(group.leave("c-", None), Ok(()));
    let description = group.description();
    assert_eq!(description.leader.as_ref(), description.members.first().map(|member| &member.member_id));
    let order: Vec<_> = description.members.iter().map(|member| &*member.member_id).collect();
    assert_eq!(order, ["e-", "d-", "b-"]);
}

#[test]
fn a_parked_member_outlives_its_session() {
    let mut group = Harness::stable(&["a", "b"]);
    let parked = group.rejoin("a");
    assert_eq!(group.state(), GroupState::PreparingRebalance);
    for _ in 0..5 {
        group.wait(6000);
        assert_eq!(group.heartbeat("b-"), Err(ErrorCode::RebalanceInProgress), "and so it stays alive");
    }
    assert!(group.member("a-").is_some());
    group.rejoin("b");
    assert!(group.joined(parked).is_some_and(|join| join.outcome.is_ok()));
}

#[test]
fn a_member_that_waited_for_the_leader_is_watched_again() {
    let mut group = Harness::stable(&["a", "b"]);
    group.rejoin("a");
    group.rejoin("b");
    let parked = group.sync("b-");
    for _ in 0..2 {
        group.wait(9000);
        assert_eq!(group.heartbeat("a-"), Ok(()), "CompletingRebalance, too, answers heartbeats");
    }
    assert_eq!(group.synced(parked), None);
    group.sync("a-");
    assert_eq!(group.synced(parked), Some(&Ok(Vec::new())), "what the leader left out gets nothing");
    group.wait(9999);
    assert!(group.member("b-").is_some());
    group.wait(1);
    assert!(group.member("b-").is_none());
}

#[test]
fn a_new_member_is_given_up_after_five_minutes() {
    let mut group = Harness::new();
    let mut patient = joining("a", "");
    patient.rebalance_timeout = Duration::from_secs(600);
    patient.group_instance_id = Some(Rc::from("i"));
    group.join(&patient);
    group.wait(3000);
    group.sync("i-");
    let mut newcomer = joining("b", "");
    newcomer.rebalance_timeout = Duration::from_secs(600);
    newcomer.requires_known_member_id = false;
    let asked = group.join(&newcomer);
    for _ in 0..59 {
        group.wait(5000);
        assert_eq!(group.heartbeat("i-"), Err(ErrorCode::RebalanceInProgress));
    }
    assert!(group.joined(asked).is_none());
    group.wait(5000);
    assert_eq!(group.join_error(asked), Some(ErrorCode::UnknownMemberId));
}

/// No Java client does so unless an answer was lost: its subscription says the generation it comes from.
#[test]
fn only_the_leader_rebalances_by_joining_unchanged() {
    let mut group = Harness::stable(&["a", "b"]);
    let follower = group.rejoin("b");
    assert!(group.joined(follower).is_some_and(|join| join.outcome.is_ok()));
    assert_eq!((group.state(), group.generation()), (GroupState::Stable, 1));
    let mut changed = joining("b", "b-");
    changed.protocols[0].1.generation = Some(1);
    let mut other = Harness::stable(&["a", "b"]);
    other.join(&changed);
    assert_eq!(other.state(), GroupState::PreparingRebalance);
    let leader = group.rejoin("a");
    assert!(group.joined(leader).is_none());
    assert_eq!(group.state(), GroupState::PreparingRebalance);
}

/// A Java client joins with its new id as soon as it has it, so that it never leaves while it is pending.
#[test]
fn dropping_a_pending_id_rebalances_a_stable_group() {
    let mut group = Harness::stable(&["a"]);
    group.join(&joining("b", ""));
    assert_eq!(group.leave("b-", None), Ok(()));
    assert_eq!(group.state(), GroupState::PreparingRebalance);
}

#[test]
fn leaving_an_unknown_group_names_every_member() {
    let mut group = Harness::new();
    assert_eq!(group.leave("a-", None), Err(ErrorCode::UnknownMemberId));
    let mut group = Harness::stable(&["a"]);
    assert_eq!(group.leave("", Some("nobody")), Err(ErrorCode::UnknownMemberId));
}
