//! One coordinator, asked by name.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::group::{
    Effects, GroupCoordinatorConfig, GroupDescription, GroupState, MemberDescription, MemberIdSource,
};
use kafka_core::protocol::{
    ClientId, CorrelationId, ErrorCode, GroupId, HeartbeatRequest, JoinGroupRequest, JoinGroupResponse,
    LeaveGroupRequest, LeavingMember, MemberId, NodeId, OffsetAndMetadata, OffsetCommitRequest,
    RequestHandle, Response, Subscription, SyncGroupRequest,
};
use kafka_core::topic::TopicPartition;

use crate::stand::{Stand, Told};

pub(crate) const EPOCH_MS: i64 = 1_700_000_000_000;

/// The number of a request, by which its answer is found.
pub(crate) type Asked = u32;

/// Ids are the client's name with a dash: what comes after it in Kafka is left empty. Those of classic members
/// of a consumer group are counted.
struct PlainIds(u32);

impl MemberIdSource for PlainIds {
    fn uuid(&mut self) -> String {
        String::new()
    }

    fn base64_uuid(&mut self) -> String {
        self.0 += 1;
        format!("id-{}", self.0)
    }
}

pub(crate) struct Harness {
    pub(crate) stand: Stand,
    pub(crate) events: Vec<Event>,
    ids: PlainIds,
    asked: Asked,
    answers: BTreeMap<Asked, Response>,
}

/// A JoinGroup with settings as in the console consumer, shorter.
pub(crate) fn joining(client_id: &str, member_id: &str) -> JoinGroupRequest {
    let topics = vec![Rc::from("t")];
    JoinGroupRequest {
        group: GroupId::from("g"),
        client_id: Rc::from(client_id),
        client_host: Rc::from("/127.0.0.1"),
        member_id: MemberId::from(member_id),
        requires_known_member_id: true,
        group_instance_id: None,
        session_timeout: Duration::from_secs(10),
        rebalance_timeout: Duration::from_secs(60),
        protocol_type: Rc::from("consumer"),
        protocols: vec![(Rc::from("range"), Subscription { topics, ..Subscription::default() })],
    }
}

impl Harness {
    pub(crate) fn new() -> Self {
        Self::with(GroupCoordinatorConfig::default())
    }

    pub(crate) fn with(config: GroupCoordinatorConfig) -> Self {
        Self {
            stand: Stand::new(config, EPOCH_MS),
            events: Vec::new(),
            ids: PlainIds(0),
            asked: 0,
            answers: BTreeMap::new(),
        }
    }

    /// Members named as given, in one generation, all synced; the first one leads and owns everything.
    pub(crate) fn stable(names: &[&str]) -> Self {
        let mut group = Self::new();
        for name in names {
            group.join_fully(name);
        }
        group.wait(3000 * names.len() as u64);
        group.sync_all(names);
        assert_eq!(group.state(), GroupState::Stable);
        group
    }

    /// The leader is the first.
    pub(crate) fn sync_all(&mut self, names: &[&str]) {
        for name in names {
            self.sync(&format!("{name}-"));
        }
    }

    fn handle(&mut self) -> RequestHandle {
        self.asked += 1;
        RequestHandle { from: NodeId::Client(ClientId(0)), correlation_id: CorrelationId(self.asked) }
    }

    pub(crate) fn absorb(&mut self, effects: Effects) {
        let Told { events, responses } = self.stand.keep(effects);
        self.events.extend(events);
        for (handle, response) in responses {
            assert!(self.answers.insert(handle.correlation_id.0, response).is_none(), "answered twice");
        }
    }

    pub(crate) fn wait(&mut self, millis: u64) {
        let until = self.stand.now + Duration::from_millis(millis);
        while let Some(effects) = self.stand.fire_next(until) {
            self.absorb(effects);
        }
    }

    pub(crate) fn join(&mut self, request: &JoinGroupRequest) -> Asked {
        let handle = self.handle();
        let effects = self.stand.coordinator.join_group(self.stand.now, &mut self.ids, handle, request);
        self.absorb(effects);
        handle.correlation_id.0
    }

    /// Both JoinGroups of a new member; its id is the name with a dash.
    pub(crate) fn join_fully(&mut self, name: &str) -> Asked {
        let first = self.join(&joining(name, ""));
        assert_eq!(self.join_error(first), Some(ErrorCode::MemberIdRequired));
        self.rejoin(name)
    }

    pub(crate) fn rejoin(&mut self, name: &str) -> Asked {
        self.join(&joining(name, &format!("{name}-")))
    }

    pub(crate) fn sync(&mut self, member_id: &str) -> Asked {
        let leads = self.description().leader.as_deref() == Some(member_id);
        let partitions = vec![TopicPartition::new("t", 0), TopicPartition::new("t", 1)];
        let handle = self.handle();
        let request = SyncGroupRequest {
            group: GroupId::from("g"),
            member_id: MemberId::from(member_id),
            group_instance_id: None,
            generation_id: self.description().generation_id,
            protocol_type: Some(Rc::from("consumer")),
            protocol: Some(Rc::from("range")),
            assignments: if leads { vec![(MemberId::from(member_id), partitions)] } else { Vec::new() },
        };
        let effects = self.stand.coordinator.sync_group(self.stand.now, handle, &request);
        self.absorb(effects);
        handle.correlation_id.0
    }

    pub(crate) fn heartbeat(&mut self, member_id: &str) -> Result<(), ErrorCode> {
        let generation_id = self.description().generation_id;
        self.heartbeat_in(member_id, generation_id)
    }

    pub(crate) fn heartbeat_in(&mut self, member_id: &str, generation_id: i32) -> Result<(), ErrorCode> {
        let handle = self.handle();
        let member_id = MemberId::from(member_id);
        let request =
            HeartbeatRequest { group: GroupId::from("g"), member_id, group_instance_id: None, generation_id };
        let effects = self.stand.coordinator.heartbeat(self.stand.now, handle, &request);
        self.absorb(effects);
        let Some(Response::Heartbeat(heartbeat)) = self.answer(handle.correlation_id.0) else {
            panic!("a heartbeat is answered at once");
        };
        heartbeat.outcome
    }

    pub(crate) fn leave(&mut self, member_id: &str, instance_id: Option<&str>) -> Result<(), ErrorCode> {
        let handle = self.handle();
        let leaving = LeavingMember {
            member_id: MemberId::from(member_id),
            group_instance_id: instance_id.map(Rc::from),
            reason: Rc::from("test"),
        };
        let request = LeaveGroupRequest { group: GroupId::from("g"), members: vec![leaving] };
        let effects = self.stand.coordinator.leave_group(self.stand.now, handle, &request);
        self.absorb(effects);
        let Some(Response::LeaveGroup(left)) = self.answer(handle.correlation_id.0) else {
            panic!("LeaveGroup is answered at once");
        };
        left.outcome.clone().and_then(|members| members[0].1)
    }

    pub(crate) fn commit(
        &mut self,
        member_id: &str,
        generation_id: Option<i32>,
        metadata: &str,
    ) -> Result<(), ErrorCode> {
        self.commit_offset(member_id, generation_id, 7, metadata)
    }

    /// Commits the same offset in `t-0` and `u-0`.
    pub(crate) fn commit_offset(
        &mut self,
        member_id: &str,
        generation_id: Option<i32>,
        offset: i64,
        metadata: &str,
    ) -> Result<(), ErrorCode> {
        let handle = self.handle();
        let offset = OffsetAndMetadata { offset, leader_epoch: Some(0), metadata: Rc::from(metadata) };
        let request = OffsetCommitRequest {
            group: GroupId::from("g"),
            member_id: MemberId::from(member_id),
            group_instance_id: None,
            generation_id,
            knows_member_epochs: true,
            offsets: vec![
                (TopicPartition::new("t", 0), offset.clone()),
                (TopicPartition::new("u", 0), offset),
            ],
        };
        let effects = self.stand.coordinator.commit_offsets(self.stand.now, handle, &request);
        self.absorb(effects);
        let Some(Response::OffsetCommit(commit)) = self.answer(handle.correlation_id.0) else {
            panic!("OffsetCommit is answered at once");
        };
        commit.partitions[0].1
    }

    pub(crate) fn answer(&self, asked: Asked) -> Option<&Response> {
        self.answers.get(&asked)
    }

    pub(crate) fn joined(&self, asked: Asked) -> Option<&JoinGroupResponse> {
        let Response::JoinGroup(join) = self.answer(asked)? else { panic!("not an answer to JoinGroup") };
        Some(join)
    }

    /// `None` while the JoinGroup waits, and when it succeeded.
    pub(crate) fn join_error(&self, asked: Asked) -> Option<ErrorCode> {
        self.joined(asked)?.outcome.as_ref().err().copied()
    }

    pub(crate) fn synced(&self, asked: Asked) -> Option<&Result<Vec<TopicPartition>, ErrorCode>> {
        let Response::SyncGroup(sync) = self.answer(asked)? else { panic!("not an answer to SyncGroup") };
        Some(&sync.assignment)
    }

    pub(crate) fn description(&self) -> GroupDescription {
        self.stand.coordinator.describe("g").expect("the group exists")
    }

    pub(crate) fn state(&self) -> GroupState {
        self.description().state
    }

    pub(crate) fn generation(&self) -> i32 {
        self.description().generation_id
    }

    pub(crate) fn member(&self, member_id: &str) -> Option<MemberDescription> {
        self.description().members.into_iter().find(|member| &*member.member_id == member_id)
    }

    pub(crate) fn offsets(&self) -> Vec<String> {
        self.stand.coordinator.offsets("g").map(|(partition, _)| partition.to_string()).collect()
    }
}
