//! Which commits are accepted, and how long they are kept.

use std::time::Duration;

use kafka_core::group::{GroupCoordinatorConfig, GroupState, GroupTimer};
use kafka_core::protocol::{ErrorCode, GroupId, OffsetFetchRequest};
use kafka_core::topic::TopicPartition;

use super::harness::{EPOCH_MS, Harness, joining};

const WEEK_MS: u64 = 7 * 24 * 3600 * 1000;

fn expire(group: &mut Harness) {
    let effects = group.stand.coordinator.on_timer(group.stand.now, &GroupTimer::OffsetExpiration);
    group.absorb(effects);
    group.stand.timers.remove(&GroupTimer::OffsetExpiration);
}

#[test]
fn a_commit_is_checked_member_first_then_generation_then_state() {
    let mut group = Harness::new();
    assert_eq!(group.commit("a-", Some(1), ""), Err(ErrorCode::GroupIdNotFound));
    let mut group = Harness::stable(&["a", "b"]);
    assert_eq!(group.commit("nobody", Some(9), ""), Err(ErrorCode::UnknownMemberId));
    assert_eq!(group.commit("a-", Some(9), ""), Err(ErrorCode::IllegalGeneration));
    assert_eq!(group.commit("a-", None, ""), Err(ErrorCode::IllegalGeneration));
    assert_eq!(group.commit("", None, ""), Err(ErrorCode::UnknownMemberId));
    assert_eq!(group.commit("a-", Some(1), ""), Ok(()));
    group.rejoin("a");
    assert_eq!(group.state(), GroupState::PreparingRebalance);
    assert_eq!(group.commit("a-", Some(1), ""), Ok(()), "the old generation may still commit");
    group.rejoin("b");
    assert_eq!(group.commit("a-", Some(2), ""), Err(ErrorCode::RebalanceInProgress));
}

/// Both members commit both partitions, each of which has one owner at most.
#[test]
fn a_commit_may_go_back_and_name_partitions_that_are_not_owned() {
    let mut group = Harness::stable(&["a", "b"]);
    for offset in [7, 9, 3] {
        for member in ["a-", "b-"] {
            assert_eq!(group.commit_offset(member, Some(1), offset, ""), Ok(()));
        }
    }
    let committed: Vec<i64> =
        group.stand.coordinator.offsets("g").map(|(_, value)| value.offset.offset).collect();
    assert_eq!(committed, [3, 3]);
}

#[test]
fn a_commit_is_a_sign_of_life() {
    let mut group = Harness::stable(&["a"]);
    for _ in 0..3 {
        group.wait(9000);
        assert_eq!(group.commit("a-", Some(1), ""), Ok(()));
    }
    assert!(group.member("a-").is_some());
}

#[test]
fn long_metadata_is_refused_by_its_java_characters() {
    let mut group = Harness::new();
    assert_eq!(group.commit("", None, &"한".repeat(4096)), Ok(()));
    assert_eq!(group.commit("", None, &"한".repeat(4097)), Err(ErrorCode::OffsetMetadataTooLarge));
    assert_eq!(group.commit("", None, &"😀".repeat(2049)), Err(ErrorCode::OffsetMetadataTooLarge));
}

#[test]
fn a_commit_without_membership_makes_a_simple_group() {
    let mut group = Harness::new();
    assert_eq!(group.commit("", None, ""), Ok(()));
    let description = group.description();
    assert_eq!((description.state, description.protocol_type), (GroupState::Empty, None));
    let (_, value) = group.stand.coordinator.offsets("g").next().expect("the offset is kept");
    assert_eq!(value.commit_timestamp, EPOCH_MS);
    group.wait(WEEK_MS - 1);
    expire(&mut group);
    assert_eq!(group.offsets(), ["t-0", "u-0"]);
    group.wait(1);
    expire(&mut group);
    assert_eq!(group.stand.coordinator.describe("g"), None, "the group goes with its last offset");
}

#[test]
fn offsets_of_a_deserted_group_grow_old_from_its_last_day() {
    let mut group = Harness::stable(&["a"]);
    assert_eq!(group.commit("a-", Some(1), ""), Ok(()));
    group.wait(5000);
    assert_eq!(group.leave("a-", None), Ok(()));
    group.wait(WEEK_MS - 1);
    expire(&mut group);
    assert_eq!(group.offsets(), ["t-0", "u-0"]);
    group.wait(1);
    expire(&mut group);
    assert_eq!(group.offsets(), Vec::<String>::new());
    assert_eq!(group.stand.coordinator.describe("g"), None);
}

#[test]
fn a_rebalancing_group_keeps_all_a_stable_one_what_it_subscribes_to() {
    let config = GroupCoordinatorConfig {
        offsets_retention: Duration::from_secs(1),
        ..GroupCoordinatorConfig::default()
    };
    let mut group = Harness::with(config);
    group.join_fully("a");
    group.join_fully("b");
    group.wait(6000);
    group.sync_all(&["a", "b"]);
    assert_eq!(group.commit("a-", Some(1), ""), Ok(()));
    group.wait(1000);
    group.rejoin("a");
    expire(&mut group);
    assert_eq!(group.offsets(), ["t-0", "u-0"]);
    group.rejoin("b");
    group.sync_all(&["a", "b"]);
    expire(&mut group);
    assert_eq!(group.offsets(), ["t-0"]);
}

#[test]
fn a_group_that_never_committed_goes_with_the_first_check() {
    let mut group = Harness::new();
    group.join(&joining("a", ""));
    expire(&mut group);
    assert_eq!(group.stand.coordinator.describe("g"), None);
    group.wait(10_000);
    assert!(group.stand.timers.is_empty(), "the session of its pending member ends without effect");
}

#[test]
fn only_offsets_that_nobody_reads_can_be_deleted() {
    let mut group = Harness::stable(&["a"]);
    assert_eq!(group.commit("a-", Some(1), ""), Ok(()));
    let partitions = [TopicPartition::new("t", 0), TopicPartition::new("u", 0), TopicPartition::new("v", 0)];
    let id = GroupId::from("g");
    let (outcomes, effects) =
        group.stand.coordinator.delete_offsets(group.stand.now, &id, &partitions).expect("the group exists");
    group.absorb(effects);
    let outcomes: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, [Err(ErrorCode::GroupSubscribedToTopic), Ok(()), Ok(())]);
    assert_eq!(group.offsets(), ["t-0"]);
    let missing = group.stand.coordinator.delete_offsets(group.stand.now, &GroupId::from("x"), &partitions);
    assert_eq!(missing.err(), Some(ErrorCode::GroupIdNotFound));
}

#[test]
fn only_a_group_without_members_can_be_deleted() {
    let mut group = Harness::stable(&["a"]);
    let id = GroupId::from("g");
    assert_eq!(group.commit("a-", Some(1), ""), Ok(()));
    assert_eq!(
        group.stand.coordinator.delete_group(group.stand.now, &id).err(),
        Some(ErrorCode::NonEmptyGroup)
    );
    assert_eq!(group.leave("a-", None), Ok(()));
    let effects = group.stand.coordinator.delete_group(group.stand.now, &id).expect("the group is Empty");
    assert_eq!(effects.records.len(), 3, "a tombstone for each offset and one for the group");
    group.absorb(effects);
    assert_eq!(group.stand.coordinator.describe("g"), None);
    assert_eq!(group.offsets(), Vec::<String>::new());
    assert_eq!(
        group.stand.coordinator.delete_group(group.stand.now, &id).err(),
        Some(ErrorCode::GroupIdNotFound)
    );
}

#[test]
fn the_offsets_of_a_deleted_topic_are_gone() {
    let mut group = Harness::new();
    assert_eq!(group.commit("", None, ""), Ok(()));
    let effects = group.stand.coordinator.partitions_deleted(group.stand.now, &[TopicPartition::new("u", 0)]);
    group.absorb(effects);
    assert_eq!(group.offsets(), ["t-0"]);
}

#[test]
fn a_fetch_of_everything_finds_everything() {
    let mut group = Harness::new();
    assert_eq!(group.commit("", None, ""), Ok(()));
    let all = OffsetFetchRequest { group: GroupId::from("g"), member: None, partitions: None };
    let offsets = group.stand.coordinator.fetch_offsets(&all).outcome.expect("no error");
    let offsets: Vec<_> =
        offsets.iter().map(|(it, offset)| (it.to_string(), offset.as_ref().map(|it| it.offset))).collect();
    assert_eq!(offsets, [("t-0".to_owned(), Some(7)), ("u-0".to_owned(), Some(7))]);
    let nothing = OffsetFetchRequest { group: GroupId::from("x"), member: None, partitions: None };
    assert_eq!(group.stand.coordinator.fetch_offsets(&nothing).outcome, Ok(Vec::new()));
}
