//! What the coordinator promises to members of the consumer protocol, one promise a test.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::group::{GroupCoordinatorConfig, GroupState, GroupType, MemberState};
use kafka_core::protocol::{ConsumerGroupHeartbeatRequest, ErrorCode, GroupId, MemberId, OffsetFetchRequest};
use kafka_core::topic::TopicPartition;

use super::desk::{Desk, beat, joining, of_topic, owning, with_instance};

#[test]
fn a_lost_answer_does_not_fence_a_member() {
    let mut desk = Desk::new();
    assert_eq!(desk.epoch(&joining("a")), Ok(1));
    assert_eq!(desk.epoch(&joining("a")), Ok(1), "a join may be repeated");
    desk.set_partitions(6);
    assert_eq!(desk.epoch(&beat("a", 1)), Ok(2));
    assert_eq!(desk.epoch(&owning(beat("a", 1), 0..4)), Ok(2), "the answer with epoch 2 was lost");
    assert_eq!(desk.epoch(&beat("a", 1)), Err(ErrorCode::FencedMemberEpoch), "it does not tell what it owns");
    assert_eq!(desk.epoch(&owning(beat("a", 1), [9])), Err(ErrorCode::FencedMemberEpoch), "too much");
    assert_eq!(desk.epoch(&beat("a", 3)), Err(ErrorCode::FencedMemberEpoch), "from the future");
    assert_eq!(desk.member("a").member_epoch, 2, "a fenced answer does not remove the member");
}

#[test]
fn strangers_are_told_what_they_are() {
    let mut desk = Desk::new();
    assert_eq!(desk.epoch(&beat("a", 1)), Err(ErrorCode::GroupIdNotFound));
    assert_eq!(desk.epoch(&beat("a", -1)), Err(ErrorCode::GroupIdNotFound));
    assert_eq!(desk.epoch(&joining("a")), Ok(1));
    assert_eq!(desk.epoch(&beat("b", 1)), Err(ErrorCode::UnknownMemberId));
    assert_eq!(desk.epoch(&beat("b", -1)), Err(ErrorCode::UnknownMemberId));
    let choosy = ConsumerGroupHeartbeatRequest { server_assignor: Some("sticky".into()), ..joining("b") };
    assert_eq!(desk.epoch(&choosy), Err(ErrorCode::UnsupportedAssignor));
}

#[test]
fn a_request_without_sense_is_refused_before_it_is_looked_at() {
    let wrong = [
        beat("", 1),
        beat("a", 0),
        beat("a", -3),
        beat("a", -2),
        with_instance(beat("a", 1), ""),
        owning(joining("a"), [0]),
        ConsumerGroupHeartbeatRequest { group: "".into(), ..joining("a") },
    ];
    for request in wrong {
        assert_eq!(request.validate(), Err(ErrorCode::InvalidRequest), "{request:?}");
    }
    let nothing = ConsumerGroupHeartbeatRequest { subscribed_topic_names: Some(Vec::new()), ..joining("a") };
    for request in [joining("a"), beat("a", 7), beat("a", -1), with_instance(beat("a", -2), "i"), nothing] {
        assert_eq!(request.validate(), Ok(()), "{request:?}");
    }
}

#[test]
fn a_full_group_takes_nobody_in() {
    let config = GroupCoordinatorConfig { group_consumer_max_size: 1, ..GroupCoordinatorConfig::default() };
    let mut desk = Desk::with(config);
    assert_eq!(desk.epoch(&joining("a")), Ok(1));
    assert_eq!(desk.epoch(&joining("b")), Err(ErrorCode::GroupMaxSizeReached));
    assert_eq!(desk.epoch(&beat("a", 1)), Ok(1));
}

#[test]
fn an_instance_is_released_only_by_a_goodbye() {
    let mut desk = Desk::new();
    assert_eq!(desk.epoch(&with_instance(joining("a"), "i")), Ok(1));
    assert_eq!(desk.epoch(&with_instance(joining("b"), "i")), Err(ErrorCode::UnreleasedInstanceId));
    assert_eq!(desk.epoch(&with_instance(beat("a", -2), "i")), Ok(-2));
    assert_eq!(desk.group().state, GroupState::Reconciling);

    let back = desk.ask(&with_instance(joining("b"), "i")).expect("the instance was released");
    assert_eq!((back.member_epoch, back.assignment), (1, Some(of_topic(0..4))));
    assert_eq!(desk.epoch(&with_instance(beat("a", 1), "i")), Err(ErrorCode::FencedInstanceId));
    assert_eq!(desk.epoch(&with_instance(beat("b", 1), "other")), Err(ErrorCode::UnknownMemberId));
    assert_eq!(desk.group().consumer.map(|it| it.group_epoch), Some(1), "nobody had to rebalance");
}

#[test]
fn an_instance_that_stays_away_loses_its_place_with_its_session() {
    let mut desk = Desk::new();
    assert_eq!(desk.epoch(&with_instance(joining("a"), "i")), Ok(1));
    desk.wait(Duration::from_secs(30));
    assert_eq!(desk.epoch(&with_instance(beat("a", -2), "i")), Ok(-2));
    desk.wait(Duration::from_secs(14));
    assert_eq!(desk.group().members.len(), 1);
    desk.wait(Duration::from_secs(1));
    assert_eq!(desk.group().state, GroupState::Empty);
}

#[test]
fn a_partition_has_no_new_owner_before_the_old_one_gave_it_up() {
    let mut desk = Desk::pair();
    assert_eq!(desk.epoch(&beat("b", -1)), Ok(-1));
    assert_eq!(desk.group().state, GroupState::Assigning);
    assert_eq!(desk.ask(&beat("a", 2)).map(|it| it.assignment), Ok(Some(of_topic(0..4))));

    assert_eq!(desk.ask(&joining("c")).map(|it| it.assignment), Ok(Some(Vec::new())));
    assert_eq!(desk.member("c").state, MemberState::UnreleasedPartitions);
    assert_eq!(desk.epoch(&owning(beat("a", 3), 0..4)), Ok(3));
    assert_eq!(desk.member("a").pending_revocation.len(), 2);
    assert!(desk.member("a").rebalance_deadline.is_some());
    assert_eq!(desk.ask(&beat("c", 4)).map(|it| it.assignment), Ok(None), "still held");
    desk.wait(Duration::from_secs(40));
    assert_eq!(desk.epoch(&owning(beat("a", 3), 0..3)), Ok(3), "not all of it");
    assert_eq!(desk.epoch(&beat("c", 4)), Ok(4));
    desk.wait(Duration::from_secs(20));
    assert_eq!(desk.ask(&beat("c", 4)).map(|it| it.assignment), Ok(Some(of_topic(0..4))), "time is up");
    assert_eq!(desk.epoch(&beat("a", 3)), Err(ErrorCode::UnknownMemberId));
}

#[test]
fn a_deleted_topic_is_taken_away_at_the_next_heartbeat() {
    let mut desk = Desk::pair();
    desk.set_partitions(0);
    assert_eq!(desk.group().state, GroupState::Stable);
    assert_eq!(desk.ask(&beat("a", 2)).map(|it| it.assignment), Ok(Some(Vec::new())));
    assert_eq!(desk.member("a").assigned_partitions, []);
    assert_eq!(desk.epoch(&owning(beat("a", 2), [])), Ok(3));
    assert!(
        desk.group().members.iter().all(|member| member.assignment.is_empty()),
        "it has no name any more"
    );
}

#[test]
fn offsets_belong_to_an_epoch() {
    let mut desk = Desk::pair();
    assert_eq!(desk.commit("a", Some(2)), Ok(()));
    assert_eq!(desk.commit("a", Some(1)), Err(ErrorCode::StaleMemberEpoch));
    assert_eq!(desk.commit("x", Some(2)), Err(ErrorCode::UnknownMemberId));
    assert_eq!(desk.commit("", None), Err(ErrorCode::UnknownMemberId), "the group has members");
    let fetch = |member: Option<(&str, i32)>| OffsetFetchRequest {
        group: GroupId::from("g"),
        member: member.map(|(member, epoch)| (MemberId::from(member), epoch)),
        partitions: None,
    };
    let count = |request| desk.stand.coordinator.fetch_offsets(&request).outcome.map(|offsets| offsets.len());
    assert_eq!(count(fetch(None)), Ok(1));
    assert_eq!(count(fetch(Some(("a", 2)))), Ok(1));
    assert_eq!(count(fetch(Some(("a", 1)))), Err(ErrorCode::StaleMemberEpoch));
    assert_eq!(count(fetch(Some(("x", 2)))), Err(ErrorCode::UnknownMemberId));
}

#[test]
fn offsets_of_subscribed_topics_are_kept_and_those_of_an_empty_group_grow_old() {
    let mut desk = Desk::new();
    let retention = desk.stand.coordinator.config().offsets_retention;
    assert_eq!(desk.epoch(&joining("a")), Ok(1));
    assert_eq!(desk.commit("a", Some(1)), Ok(()));
    let now = desk.stand.now + retention;
    let effects = desk.stand.coordinator.on_timer(now, &kafka_core::group::GroupTimer::OffsetExpiration);
    assert_eq!(effects.records, []);
    let group = GroupId::from("g");
    let partition = [TopicPartition::new("t", 0)];
    let (outcomes, _) =
        desk.stand.coordinator.delete_offsets(now, &group, &partition).expect("that is allowed");
    assert_eq!(outcomes[0].1, Err(ErrorCode::GroupSubscribedToTopic));
    assert_eq!(desk.stand.coordinator.delete_group(now, &group).err(), Some(ErrorCode::NonEmptyGroup));

    assert_eq!(desk.epoch(&beat("a", -1)), Ok(-1));
    let effects = desk.stand.coordinator.on_timer(now, &kafka_core::group::GroupTimer::OffsetExpiration);
    desk.absorb(effects);
    assert_eq!(desk.stand.coordinator.describe("g"), None, "without offsets the group goes, too");
}

#[test]
fn the_most_wanted_assignor_is_used() {
    let mut desk = Desk::new();
    let wanting = |member, name: &str| ConsumerGroupHeartbeatRequest {
        server_assignor: Some(Rc::from(name)),
        ..joining(member)
    };
    let protocol = |desk: &Desk| desk.group().protocol;
    assert_eq!(desk.epoch(&joining("a")), Ok(1));
    assert_eq!(protocol(&desk).as_deref(), Some("uniform"), "the default");
    assert_eq!(desk.epoch(&wanting("b", "range")), Ok(2));
    assert_eq!(protocol(&desk).as_deref(), Some("range"));
}

#[test]
fn tools_see_the_kind_of_a_group() {
    let desk = Desk::pair();
    let [listing] = &desk.stand.coordinator.groups()[..] else { panic!("there is one group") };
    assert_eq!((listing.group_type, listing.state), (GroupType::Consumer, GroupState::Stable));
    assert_eq!(listing.protocol_type.as_deref(), Some("consumer"));
    let consumer = desk.group().consumer.expect("it is a consumer group");
    assert_eq!((consumer.group_epoch, consumer.target_assignment_epoch), (2, 2));
    let partitions = [TopicPartition::new("t", 0), TopicPartition::new("t", 1)];
    assert_eq!(desk.member("a").target_assignment, partitions);
    assert_eq!(desk.group().members[0].assignment, partitions);
}
