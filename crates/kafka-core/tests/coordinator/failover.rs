//! Another broker takes over, and lists what it took.

use kafka_core::group::{CoordinatorRecord, GroupState, GroupTimer};
use kafka_core::protocol::ErrorCode;

use crate::harness::Harness;

#[test]
fn a_new_coordinator_goes_on_with_the_generation_in_the_log() {
    let mut old = Harness::stable(&["a", "b"]);
    assert_eq!(old.commit("a-", Some(1), ""), Ok(()));
    let partition = old.coordinator.partition_for("g");
    let read_back = |record: &CoordinatorRecord| {
        let (key, value) = record.encode();
        CoordinatorRecord::decode(&key, value.as_deref()).expect("what was written can be read")
    };
    let mut new = Harness::new();
    new.now = old.now;
    let log: Vec<_> = old.log.iter().map(read_back).collect();
    let effects = new.coordinator.load(new.now, partition, log);
    new.absorb(effects);
    assert_eq!((new.state(), new.generation()), (GroupState::Stable, 1));
    assert_eq!(new.description().leader.as_deref(), Some("a-"));
    assert_eq!(new.member("a-").map(|member| member.assignment.len()), Some(2));
    assert_eq!(new.offsets(), ["t-0", "u-0"]);
    assert!(new.timers.contains_key(&GroupTimer::OffsetExpiration));

    assert_eq!(new.heartbeat("a-"), Ok(()));
    new.wait(9000);
    assert_eq!(new.heartbeat("a-"), Ok(()));
    new.wait(1000);
    assert!(new.member("b-").is_none(), "who does not find the new coordinator is given up");
    assert_eq!(new.state(), GroupState::PreparingRebalance);
}

#[test]
fn who_waits_at_the_old_coordinator_is_sent_away() {
    let mut group = Harness::stable(&["a", "b"]);
    let joining = group.rejoin("a");
    let partition = group.coordinator.partition_for("g");
    let effects = group.coordinator.unload(group.now, partition);
    group.absorb(effects);
    assert_eq!(group.join_error(joining), Some(ErrorCode::NotCoordinator));
    assert_eq!(group.coordinator.describe("g"), None);
    assert!(group.timers.is_empty());
    assert_eq!(group.heartbeat_in("b-", 1), Err(ErrorCode::UnknownMemberId));
}

#[test]
fn an_unloaded_partition_takes_only_its_own_groups() {
    let mut group = Harness::stable(&["a"]);
    let other = (group.coordinator.partition_for("g") + 1) % 50;
    let effects = group.coordinator.unload(group.now, other);
    group.absorb(effects);
    assert_eq!(group.heartbeat("a-"), Ok(()));
}

#[test]
fn a_group_lives_where_its_hash_says() {
    let group = Harness::new();
    assert_eq!(group.coordinator.partition_for("g"), 103 % 50);
    assert_eq!(group.coordinator.partition_for("polygenelubricants"), 0);
}

#[test]
fn groups_are_listed_in_the_order_of_the_admin_client() {
    let mut group = Harness::new();
    for name in ["b", "q", "a"] {
        let record = CoordinatorRecord::OffsetCommit {
            group: name.into(),
            partition: kafka_core::topic::TopicPartition::new("t", 0),
            value: Some(kafka_core::group::OffsetCommitValue {
                offset: kafka_core::protocol::OffsetAndMetadata {
                    offset: 1,
                    leader_epoch: None,
                    metadata: "".into(),
                },
                commit_timestamp: 0,
            }),
        };
        group.coordinator.replay(&record);
    }
    let names: Vec<_> = group.coordinator.groups().iter().map(|listing| listing.group.to_string()).collect();
    assert_eq!(names, ["a", "q", "b"]);
}
