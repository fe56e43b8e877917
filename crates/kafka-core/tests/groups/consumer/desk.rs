//! One coordinator, asked by name, answered at once.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::assignor::{ServerTopic, ServerTopicMap};
use kafka_core::group::{ConsumerMemberDescription, Effects, GroupCoordinatorConfig, GroupDescription};
use kafka_core::protocol::{
    ClientId, ConsumerGroupHeartbeatRequest, CorrelationId, ErrorCode, GroupId, JoinGroupRequest,
    MemberHeartbeat, MemberId, NodeId, OffsetAndMetadata, OffsetCommitRequest, RequestHandle, Response,
    Subscription,
};
use kafka_core::rng::Rng;
use kafka_core::topic::{TopicId, TopicIdPartition, TopicPartition};

use crate::stand::Stand;

pub(crate) const TOPIC: TopicId = TopicId { most_significant_bits: 7, least_significant_bits: 7 };

pub(crate) struct Desk {
    pub(crate) stand: Stand,
    rng: Rng,
    asked: u32,
    pub(crate) answers: BTreeMap<u32, Response>,
}

/// A heartbeat that says nothing new.
pub(crate) fn beat(member: &str, epoch: i32) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group: GroupId::from("g"),
        client_id: Rc::from("client"),
        client_host: Rc::from("/127.0.0.1"),
        member_id: MemberId::from(member),
        member_epoch: epoch,
        instance_id: None,
        rack_id: None,
        rebalance_timeout: None,
        subscribed_topic_names: None,
        server_assignor: None,
        topic_partitions: None,
    }
}

/// The first heartbeat, for the topic `t`.
pub(crate) fn joining(member: &str) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        rebalance_timeout: Some(Duration::from_secs(60)),
        subscribed_topic_names: Some(vec![Rc::from("t")]),
        topic_partitions: Some(Vec::new()),
        ..beat(member, 0)
    }
}

pub(crate) fn with_instance(
    request: ConsumerGroupHeartbeatRequest,
    instance_id: &str,
) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest { instance_id: Some(Rc::from(instance_id)), ..request }
}

pub(crate) fn owning(
    request: ConsumerGroupHeartbeatRequest,
    partitions: impl IntoIterator<Item = u32>,
) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest { topic_partitions: Some(of_topic(partitions)), ..request }
}

pub(crate) fn of_topic(partitions: impl IntoIterator<Item = u32>) -> Vec<TopicIdPartition> {
    partitions.into_iter().map(|partition| TopicIdPartition { topic_id: TOPIC, partition }).collect()
}

/// A JoinGroup of a client of the classic protocol, for the topic `t`.
pub(crate) fn classic(member_id: &str) -> JoinGroupRequest {
    let subscription = Subscription { topics: vec![Rc::from("t")], ..Subscription::default() };
    JoinGroupRequest {
        group: GroupId::from("g"),
        client_id: Rc::from("classic"),
        client_host: Rc::from("/127.0.0.1"),
        member_id: MemberId::from(member_id),
        requires_known_member_id: false,
        group_instance_id: None,
        session_timeout: Duration::from_secs(10),
        rebalance_timeout: Duration::from_secs(60),
        protocol_type: Rc::from("consumer"),
        protocols: vec![(Rc::from("range"), subscription)],
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(GroupCoordinatorConfig::default())
    }

    /// The topic `t` has 4 partitions.
    pub(crate) fn with(config: GroupCoordinatorConfig) -> Self {
        let mut desk =
            Self { stand: Stand::new(config, 0), rng: Rng::new(1), asked: 0, answers: BTreeMap::new() };
        desk.set_partitions(4);
        desk
    }

    pub(crate) fn set_partitions(&mut self, partitions: u32) {
        let topic = (Rc::from("t"), ServerTopic { id: TOPIC, partitions });
        let image: ServerTopicMap = [topic].into_iter().filter(|_| partitions > 0).collect();
        self.stand.coordinator.on_new_metadata_image(image);
    }

    pub(crate) fn handle(&mut self) -> RequestHandle {
        self.asked += 1;
        RequestHandle { from: NodeId::Client(ClientId(0)), correlation_id: CorrelationId(self.asked) }
    }

    pub(crate) fn absorb(&mut self, effects: Effects) {
        for (handle, response) in self.stand.keep(effects).responses {
            assert!(self.answers.insert(handle.correlation_id.0, response).is_none(), "answered twice");
        }
    }

    pub(crate) fn wait(&mut self, duration: Duration) {
        let until = self.stand.now + duration;
        while let Some(effects) = self.stand.fire_next(until) {
            self.absorb(effects);
        }
    }

    pub(crate) fn ask(
        &mut self,
        request: &ConsumerGroupHeartbeatRequest,
    ) -> Result<MemberHeartbeat, ErrorCode> {
        let handle = self.handle();
        let effects = self.stand.coordinator.consumer_group_heartbeat(self.stand.now, handle, request);
        self.absorb(effects);
        match self.answers.remove(&handle.correlation_id.0) {
            Some(Response::ConsumerGroupHeartbeat(response)) => response.outcome,
            other => panic!("not an answer to a heartbeat: {other:?}"),
        }
    }

    /// The epoch that the member is told.
    pub(crate) fn epoch(&mut self, request: &ConsumerGroupHeartbeatRequest) -> Result<i32, ErrorCode> {
        self.ask(request).map(|accepted| accepted.member_epoch)
    }

    /// Two members, each with half of the topic, at epoch 2.
    pub(crate) fn pair() -> Self {
        let mut desk = Self::new();
        assert_eq!(desk.epoch(&joining("a")), Ok(1));
        assert_eq!(desk.epoch(&joining("b")), Ok(2));
        assert_eq!(desk.epoch(&beat("a", 1)), Ok(1));
        assert_eq!(desk.epoch(&owning(beat("a", 1), 0..2)), Ok(2));
        assert_eq!(desk.ask(&beat("b", 2)).map(|it| it.assignment), Ok(Some(of_topic(2..4))));
        desk
    }

    pub(crate) fn join(&mut self, request: &JoinGroupRequest) -> u32 {
        let handle = self.handle();
        let effects = self.stand.coordinator.join_group(self.stand.now, &mut self.rng, handle, request);
        self.absorb(effects);
        handle.correlation_id.0
    }

    pub(crate) fn commit(&mut self, member: &str, epoch: Option<i32>) -> Result<(), ErrorCode> {
        let handle = self.handle();
        let offset = OffsetAndMetadata { offset: 5, leader_epoch: None, metadata: Rc::from("") };
        let request = OffsetCommitRequest {
            group: GroupId::from("g"),
            member_id: MemberId::from(member),
            group_instance_id: None,
            generation_id: epoch,
            knows_member_epochs: true,
            offsets: vec![(TopicPartition::new("t", 0), offset)],
        };
        let effects = self.stand.coordinator.commit_offsets(self.stand.now, handle, &request);
        self.absorb(effects);
        match self.answers.remove(&handle.correlation_id.0) {
            Some(Response::OffsetCommit(commit)) => commit.partitions[0].1,
            other => panic!("not an answer to a commit: {other:?}"),
        }
    }

    pub(crate) fn group(&self) -> GroupDescription {
        self.stand.coordinator.describe("g").expect("the group exists")
    }

    pub(crate) fn member(&self, member_id: &str) -> ConsumerMemberDescription {
        let mut members = self.group().members.into_iter();
        let member = members.find(|member| &*member.member_id == member_id);
        member.and_then(|member| member.consumer).expect("the member is there")
    }
}
