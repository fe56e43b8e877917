//! How long rebalances wait, and for whom.

use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::group::{GroupState, LeaveReason};
use kafka_core::protocol::ErrorCode;

use super::harness::{Harness, joining};

fn removals(group: &Harness) -> Vec<(&str, LeaveReason)> {
    let removed = |event| {
        if let &Event::MemberRemoved { ref member, reason, .. } = event {
            Some((&**member, reason))
        } else {
            None
        }
    };
    group.events.iter().filter_map(removed).collect()
}

#[test]
fn a_lone_member_starts_after_three_seconds_two_after_six() {
    let mut group = Harness::new();
    let asked = group.join_fully("a");
    group.wait(2999);
    assert!(group.joined(asked).is_none());
    group.wait(1);
    assert!(group.joined(asked).is_some());

    let mut group = Harness::new();
    let asked = group.join_fully("a");
    group.join_fully("b");
    group.wait(5999);
    assert!(group.joined(asked).is_none());
    group.wait(1);
    assert!(group.joined(asked).is_some());
    assert_eq!(group.description().members.len(), 2);
}

#[test]
fn a_group_deserted_during_its_initial_delay_is_empty_in_the_next_generation() {
    let mut group = Harness::new();
    let asked = group.join_fully("a");
    assert_eq!(group.leave("a-", None), Ok(()));
    assert_eq!(group.join_error(asked), Some(ErrorCode::UnknownMemberId));
    assert_eq!(group.state(), GroupState::PreparingRebalance);
    group.wait(3000);
    assert_eq!((group.state(), group.generation()), (GroupState::Empty, 1));
}

#[test]
fn who_does_not_rejoin_in_time_is_left_behind() {
    let mut group = Harness::stable(&["a", "b"]);
    let asked = group.rejoin("a");
    for _ in 0..12 {
        group.wait(5000);
        let _ = group.heartbeat_in("b-", 1);
    }
    assert!(group.joined(asked).is_some_and(|join| join.outcome.is_ok()));
    assert_eq!(removals(&group), [("b-", LeaveReason::RebalanceTimeout)]);
    assert_eq!(group.heartbeat("b-"), Err(ErrorCode::UnknownMemberId));
}

#[test]
fn the_role_of_a_leader_that_stays_away_goes_to_one_that_came() {
    let mut group = Harness::stable(&["a", "b"]);
    group.join_fully("c");
    group.rejoin("b");
    for _ in 0..12 {
        group.wait(5000);
        let _ = group.heartbeat_in("a-", 1);
    }
    assert_eq!(group.state(), GroupState::CompletingRebalance);
    let leader = group.description().leader;
    assert!(leader.as_deref() == Some("b-") || leader.as_deref() == Some("c-"));
}

#[test]
fn a_leader_that_never_syncs_is_evicted_with_all_who_did_not() {
    let mut group = Harness::stable(&["a", "b"]);
    group.rejoin("a");
    group.rejoin("b");
    let parked = group.sync("b-");
    for _ in 0..12 {
        group.wait(5000);
        let _ = group.heartbeat_in("a-", 2);
    }
    assert_eq!(removals(&group), [("a-", LeaveReason::SyncTimeout)]);
    assert_eq!(group.synced(parked), Some(&Err(ErrorCode::RebalanceInProgress)));
    assert_eq!(group.state(), GroupState::PreparingRebalance);
    assert_eq!(group.description().leader.as_deref(), Some("b-"));
}

#[test]
fn a_rebalance_before_the_leader_synced_leaves_nobody_an_assignment() {
    let mut group = Harness::stable(&["a", "b"]);
    assert_eq!(group.member("a-").map(|member| member.assignment.len()), Some(2));
    group.rejoin("a");
    assert_eq!(
        group.member("a-").map(|member| member.assignment.len()),
        Some(2),
        "kept while members come back"
    );
    group.rejoin("b");
    group.join_fully("c");
    assert_eq!(group.state(), GroupState::PreparingRebalance);
    assert_eq!(group.member("a-").map(|member| member.assignment.len()), Some(0));
}

#[test]
fn the_session_runs_while_members_sync() {
    let mut group = Harness::stable(&["a", "b"]);
    group.rejoin("a");
    group.rejoin("b");
    group.wait(9999);
    assert_eq!(group.heartbeat("a-"), Ok(()));
    group.wait(1);
    assert_eq!(removals(&group), [("b-", LeaveReason::SessionExpired)]);
    assert_eq!(group.state(), GroupState::PreparingRebalance);
}

#[test]
fn a_lone_member_that_is_replaced_skips_a_generation() {
    let mut group = Harness::stable(&["a"]);
    assert_eq!(group.leave("a-", None), Ok(()));
    assert_eq!((group.state(), group.generation()), (GroupState::Empty, 2));
    group.join_fully("b");
    group.wait(3000);
    assert_eq!(group.generation(), 3);
}

#[test]
fn a_newcomer_that_came_too_late_to_prolong_one_delay_prolongs_the_next() {
    let mut group = Harness::new();
    let mut hasty = joining("a", "");
    hasty.requires_known_member_id = false;
    hasty.rebalance_timeout = Duration::from_secs(3);
    group.join(&hasty);
    hasty.client_id = "b".into();
    group.join(&hasty);
    group.wait(3000);
    assert_eq!(group.state(), GroupState::CompletingRebalance, "nothing remains of the rebalance timeout");
    assert_eq!(group.leave("a-", None), Ok(()));
    assert_eq!(group.leave("b-", None), Ok(()));
    assert_eq!(group.state(), GroupState::Empty);
    group.join_fully("c");
    group.wait(3000);
    assert_eq!(
        group.state(),
        GroupState::PreparingRebalance,
        "Kafka remembers the newcomer of the last time"
    );
    group.wait(3000);
    assert_eq!(group.state(), GroupState::CompletingRebalance);
}
