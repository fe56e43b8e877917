//! Another broker takes over, and lists what it took.

use kafka_core::group::{CoordinatorRecord, GroupState, GroupTimer};
use kafka_core::protocol::ErrorCode;

use super::harness::Harness;

#[test]
fn a_new_coordinator_goes_on_with_the_generation_in_the_log() {
    let mut old = Harness::stable(&["a", "b"]);
    assert_eq!(old.commit("a-", Some(1), ""), Ok(()));
    let partition = old.stand.coordinator.partition_for("g");
    let mut new = Harness::new();
    new.stand.now = old.stand.now;
    let effects = new.stand.coordinator.load(new.stand.now, partition, old.stand.read_back());
    new.absorb(effects);
    assert_eq!((new.state(), new.generation()), (GroupState::Stable, 1));
    assert_eq!(new.description().leader.as_deref(), Some("a-"));
    assert_eq!(new.member("a-").map(|member| member.assignment.len()), Some(2));
    assert_eq!(new.offsets(), ["t-0", "u-0"]);
    assert!(new.stand.timers.contains_key(&GroupTimer::OffsetExpiration));

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
    let partition = group.stand.coordinator.partition_for("g");
    let effects = group.stand.coordinator.unload(group.stand.now, partition);
    group.absorb(effects);
    assert_eq!(group.join_error(joining), Some(ErrorCode::NotCoordinator));
    assert_eq!(group.stand.coordinator.describe("g"), None);
    assert!(group.stand.timers.is_empty());
    assert_eq!(group.heartbeat_in("b-", 1), Err(ErrorCode::UnknownMemberId));
}

#[test]
fn an_unloaded_partition_takes_only_its_own_groups() {
    let mut group = Harness::stable(&["a"]);
    let other = (group.stand.coordinator.partition_for("g") + 1) % 50;
    let effects = group.stand.coordinator.unload(group.stand.now, other);
    group.absorb(effects);
    assert_eq!(group.heartbeat("a-"), Ok(()));
}

#[test]
fn a_group_lives_where_its_hash_says() {
    let group = Harness::new();
    assert_eq!(group.stand.coordinator.partition_for("g"), 103 % 50);
    assert_eq!(group.stand.coordinator.partition_for("polygenelubricants"), 0);
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
        group.stand.coordinator.replay(&record);
    }
    let names: Vec<_> =
        group.stand.coordinator.groups().iter().map(|listing| listing.group.to_string()).collect();
    assert_eq!(names, ["a", "q", "b"]);
}
