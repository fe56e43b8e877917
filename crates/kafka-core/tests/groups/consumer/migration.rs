//! Groups that change their protocol: empty ones at once, others member by member.

use std::time::Duration;

use kafka_core::group::{ConsumerGroupMigrationPolicy, GroupCoordinatorConfig, GroupState, GroupType};
use kafka_core::protocol::{
    ErrorCode, GroupId, HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, LeavingMember, MemberId,
    Response, SyncGroupRequest,
};
use kafka_core::topic::TopicPartition;

use super::desk::{Desk, beat, classic, joining, of_topic, owning, with_instance};

impl Desk {
    fn joined(&self, asked: u32) -> Result<(MemberId, i32), ErrorCode> {
        match self.answers.get(&asked) {
            Some(Response::JoinGroup(join)) => {
                let joined = join.outcome.as_ref().map_err(|error| *error)?;
                Ok((join.member_id.clone(), joined.generation_id))
            }
            other => panic!("not an answer to JoinGroup: {other:?}"),
        }
    }

    fn sync(
        &mut self,
        member: &MemberId,
        generation: i32,
        all: u32,
    ) -> Result<Vec<TopicPartition>, ErrorCode> {
        let handle = self.handle();
        let everything = (0..all).map(|partition| TopicPartition::new("t", partition)).collect();
        let request = SyncGroupRequest {
            group: GroupId::from("g"),
            member_id: member.clone(),
            group_instance_id: None,
            generation_id: generation,
            protocol_type: None,
            protocol: None,
            assignments: vec![(member.clone(), everything)],
        };
        let effects = self.stand.coordinator.sync_group(self.stand.now, handle, &request);
        self.absorb(effects);
        match self.answers.remove(&handle.correlation_id.0) {
            Some(Response::SyncGroup(sync)) => sync.assignment,
            other => panic!("not an answer to SyncGroup: {other:?}"),
        }
    }

    fn heartbeat(&mut self, member: &MemberId, generation: i32) -> Result<(), ErrorCode> {
        let handle = self.handle();
        let request = HeartbeatRequest {
            group: GroupId::from("g"),
            member_id: member.clone(),
            group_instance_id: None,
            generation_id: generation,
        };
        let effects = self.stand.coordinator.heartbeat(self.stand.now, handle, &request);
        self.absorb(effects);
        match self.answers.remove(&handle.correlation_id.0) {
            Some(Response::Heartbeat(heartbeat)) => heartbeat.outcome,
            other => panic!("not an answer to Heartbeat: {other:?}"),
        }
    }

    fn leave(&mut self, member: &MemberId) {
        let handle = self.handle();
        let member =
            LeavingMember { member_id: member.clone(), group_instance_id: None, reason: "test".into() };
        let request = LeaveGroupRequest { group: GroupId::from("g"), members: vec![member] };
        let effects = self.stand.coordinator.leave_group(self.stand.now, handle, &request);
        self.absorb(effects);
    }

    /// A classic group with one member, which owns everything.
    fn classic_with(config: GroupCoordinatorConfig) -> (Self, MemberId) {
        let mut desk = Self::with(config);
        let asked = desk.join(&classic(""));
        desk.wait(Duration::from_secs(3));
        let (member, generation) = desk.joined(asked).expect("it joins");
        assert_eq!(desk.sync(&member, generation, 4).map(|it| it.len()), Ok(4));
        (desk, member)
    }

    fn kind(&self) -> GroupType {
        self.group().group_type()
    }
}

#[test]
fn an_empty_group_takes_the_protocol_of_whoever_comes() {
    let mut desk = Desk::new();
    assert_eq!(desk.commit("", None), Ok(()));
    assert_eq!(desk.kind(), GroupType::Classic);
    assert_eq!(desk.epoch(&joining("a")), Ok(1));
    assert_eq!(desk.epoch(&beat("a", -1)), Ok(-1));
    assert_eq!((desk.kind(), desk.group().state), (GroupType::Consumer, GroupState::Empty));

    let asked = desk.join(&classic(""));
    desk.wait(Duration::from_secs(3));
    assert_eq!(desk.joined(asked).map(|(_, generation)| generation), Ok(1), "generations begin again");
    assert_eq!(desk.kind(), GroupType::Classic);
    assert_eq!(desk.stand.coordinator.offsets("g").count(), 1, "offsets stay");
}

#[test]
fn a_group_is_upgraded_and_downgraded_while_it_runs() {
    let (mut desk, old) = Desk::classic_with(GroupCoordinatorConfig::default());
    assert_eq!(
        desk.ask(&joining("new")).map(|it| (it.member_epoch, it.assignment)),
        Ok((2, Some(Vec::new())))
    );
    assert_eq!(desk.kind(), GroupType::Consumer);
    assert!(desk.member(&old).uses_classic_protocol);
    assert_eq!(desk.commit(&old, Some(1)), Ok(()), "its generation is its epoch");
    assert_eq!(desk.commit(&old, Some(2)), Err(ErrorCode::IllegalGeneration));

    assert_eq!(desk.heartbeat(&old, 1), Err(ErrorCode::RebalanceInProgress));
    let asked = desk.join(&classic(&old));
    assert_eq!(desk.joined(asked), Ok((old.clone(), 2)));
    assert_eq!(desk.sync(&old, 2, 0).map(|it| it.len()), Ok(2));
    assert_eq!(desk.heartbeat(&old, 2), Ok(()));
    assert_eq!(desk.ask(&beat("new", 2)).map(|it| it.assignment.map(|it| it.len())), Ok(Some(2)));
    assert_eq!(desk.group().state, GroupState::Stable);

    assert_eq!(desk.epoch(&beat("new", -1)), Ok(-1));
    assert_eq!((desk.kind(), desk.group().state), (GroupType::Classic, GroupState::PreparingRebalance));
    assert_eq!(desk.heartbeat(&old, 2), Err(ErrorCode::RebalanceInProgress));
    let asked = desk.join(&classic(&old));
    assert_eq!(desk.joined(asked), Ok((old, 3)));
}

#[test]
fn a_classic_member_that_owns_too_much_rejoins_twice() {
    let (mut desk, old) = Desk::classic_with(GroupCoordinatorConfig::default());
    assert_eq!(desk.epoch(&joining("new")), Ok(2));
    let owned = (0..4).map(|partition| TopicPartition::new("t", partition)).collect();
    let mut cooperative = classic(&old);
    cooperative.protocols[0].1.owned_partitions = owned;
    let asked = desk.join(&cooperative);
    assert_eq!(desk.joined(asked), Ok((old.clone(), 1)));
    assert_eq!(desk.sync(&old, 1, 0).map(|it| it.len()), Ok(2), "it keeps half");
    assert_eq!(desk.heartbeat(&old, 1), Err(ErrorCode::RebalanceInProgress));
    let asked = desk.join(&classic(&old));
    assert_eq!(desk.joined(asked), Ok((old, 2)));
}

#[test]
fn a_classic_member_that_does_not_come_back_is_fenced() {
    let (mut desk, old) = Desk::classic_with(GroupCoordinatorConfig::default());
    assert_eq!(desk.epoch(&joining("new")), Ok(2));
    for _ in 0..12 {
        assert_eq!(desk.heartbeat(&old, 1), Err(ErrorCode::RebalanceInProgress));
        assert_eq!(desk.epoch(&beat("new", 2)), Ok(2));
        desk.wait(Duration::from_secs(5));
    }
    assert_eq!(desk.heartbeat(&old, 1), Err(ErrorCode::UnknownMemberId), "max.poll.interval.ms is over");
    assert_eq!(desk.ask(&beat("new", 2)).map(|it| it.assignment), Ok(Some(of_topic(0..4))));
}

#[test]
fn a_classic_member_leaves_a_consumer_group() {
    let (mut desk, old) = Desk::classic_with(GroupCoordinatorConfig::default());
    assert_eq!(desk.epoch(&joining("new")), Ok(2));
    desk.leave(&MemberId::from("new"));
    assert_eq!(desk.group().members.len(), 2, "LeaveGroup is not for members of the consumer protocol");
    desk.leave(&old);
    assert_eq!(desk.epoch(&beat("new", 2)), Ok(3));
    assert_eq!((desk.kind(), desk.group().state), (GroupType::Consumer, GroupState::Stable));
}

#[test]
fn a_static_member_takes_its_place_along_when_it_goes_back() {
    let mut desk = Desk::new();
    assert_eq!(desk.epoch(&with_instance(joining("a"), "i")), Ok(1));
    let back = JoinGroupRequest { group_instance_id: Some("i".into()), ..classic("") };
    let asked = desk.join(&back);
    let (member, generation) = desk.joined(asked).expect("the newcomer wins");
    assert_eq!((desk.kind(), generation), (GroupType::Classic, 1));
    let [only] = &desk.group().members[..] else { panic!("it replaced the old member") };
    assert_eq!((&only.member_id, only.assignment.len()), (&member, 4));
    assert_eq!(desk.group().state, GroupState::Stable);
}

#[test]
fn a_group_stays_what_it_is_where_the_policy_says_so() {
    let with = |policy| GroupCoordinatorConfig {
        group_consumer_migration_policy: policy,
        ..GroupCoordinatorConfig::default()
    };
    let (mut desk, old) = Desk::classic_with(with(ConsumerGroupMigrationPolicy::Downgrade));
    assert_eq!(desk.epoch(&joining("new")), Err(ErrorCode::GroupIdNotFound));
    assert_eq!(desk.heartbeat(&old, 1), Ok(()));

    let (mut desk, _) = Desk::classic_with(with(ConsumerGroupMigrationPolicy::Upgrade));
    assert_eq!(desk.epoch(&joining("new")), Ok(2));
    assert_eq!(desk.epoch(&owning(beat("new", -1), [])), Ok(-1));
    assert_eq!(desk.kind(), GroupType::Consumer);
}

#[test]
fn a_classic_newcomer_needs_an_id_and_a_protocol_of_the_others() {
    let mut desk = Desk::new();
    assert_eq!(desk.epoch(&joining("new")), Ok(1));
    let asked = desk.join(&JoinGroupRequest { requires_known_member_id: true, ..classic("") });
    assert_eq!(desk.joined(asked), Err(ErrorCode::MemberIdRequired));
    let asked = desk.join(&classic("known"));
    assert_eq!(desk.joined(asked), Ok(("known".into(), 2)));
    let mut other = classic("other");
    other.protocols[0].0 = "sticky".into();
    let asked = desk.join(&other);
    assert_eq!(desk.joined(asked), Err(ErrorCode::InconsistentGroupProtocol));
}
