//! Clients that believe what they are told, of either protocol.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::protocol::{
    ConsumerGroupHeartbeatRequest, ErrorCode, GroupId, HeartbeatRequest, JoinGroupRequest, JoinGroupResponse,
    MemberHeartbeat, MemberId, Subscription, SyncGroupRequest,
};
use kafka_core::topic::{TopicIdPartition, TopicName, TopicPartition};

pub(crate) const GROUP: &str = "group";
const REBALANCE_TIMEOUT: Duration = Duration::from_secs(30);
/// Beyond it, nobody has a partition for the leader of a classic group to give.
const MOST_PARTITIONS: u32 = 7;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Protocol {
    Consumer,
    Classic,
}

pub(crate) struct Client {
    pub(crate) protocol: Protocol,
    pub(crate) instance_id: Option<Rc<str>>,
    pub(crate) member_id: MemberId,
    /// The epoch, or the generation.
    pub(crate) epoch: i32,
    pub(crate) topics: Vec<TopicName>,
    /// Of the consumer protocol: what it was told to own, and what it owns.
    pub(crate) assigned: Vec<TopicIdPartition>,
    pub(crate) owned: Vec<TopicIdPartition>,
    /// Of the classic protocol: where it stands, and whom it must assign to, when it leads.
    pub(crate) stage: Stage,
    to_assign: Vec<MemberId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Unjoined,
    Joined,
    Synced,
}

impl Client {
    pub(crate) fn new(protocol: Protocol, member_id: MemberId, instance_id: Option<Rc<str>>) -> Self {
        Self {
            protocol,
            instance_id,
            member_id,
            epoch: 0,
            topics: vec![Rc::from("t0")],
            assigned: Vec::new(),
            owned: Vec::new(),
            stage: Stage::Unjoined,
            to_assign: Vec::new(),
        }
    }

    pub(crate) fn forget(&mut self) {
        self.epoch = 0;
        self.assigned.clear();
        self.owned.clear();
        self.stage = Stage::Unjoined;
    }

    /// The application has been told of the assignment.
    pub(crate) fn reconcile(&mut self) {
        self.owned.clone_from(&self.assigned);
    }

    /// A whole request when it joins or says what it owns, a bare one otherwise.
    pub(crate) fn beat(&self, tells_owned: bool) -> ConsumerGroupHeartbeatRequest {
        let joins = self.epoch == 0;
        ConsumerGroupHeartbeatRequest {
            group: GroupId::from(GROUP),
            client_id: Rc::from("client"),
            client_host: Rc::from("/127.0.0.1"),
            member_id: self.member_id.clone(),
            member_epoch: self.epoch,
            instance_id: self.instance_id.clone(),
            rack_id: None,
            rebalance_timeout: joins.then_some(REBALANCE_TIMEOUT),
            subscribed_topic_names: (joins || tells_owned).then(|| self.topics.clone()),
            server_assignor: None,
            topic_partitions: (joins || tells_owned).then(|| self.owned.clone()),
        }
    }

    pub(crate) fn goodbye(&self) -> ConsumerGroupHeartbeatRequest {
        let epoch = match self.instance_id {
            Some(_) => ConsumerGroupHeartbeatRequest::LEAVE_GROUP_STATIC_MEMBER_EPOCH,
            None => ConsumerGroupHeartbeatRequest::LEAVE_GROUP_MEMBER_EPOCH,
        };
        ConsumerGroupHeartbeatRequest { member_epoch: epoch, ..self.beat(false) }
    }

    pub(crate) fn hear_beat(&mut self, outcome: Result<MemberHeartbeat, ErrorCode>) {
        match outcome {
            Ok(accepted) => {
                self.epoch = accepted.member_epoch.max(0);
                if let Some(assignment) = accepted.assignment {
                    self.assigned = assignment;
                    self.owned.retain(|partition| self.assigned.contains(partition));
                }
            }
            Err(_) => self.forget(),
        }
    }

    pub(crate) fn join(&self) -> JoinGroupRequest {
        let subscription = Subscription { topics: self.topics.clone(), ..Subscription::default() };
        JoinGroupRequest {
            group: GroupId::from(GROUP),
            client_id: Rc::from("client"),
            client_host: Rc::from("/127.0.0.1"),
            member_id: self.member_id.clone(),
            requires_known_member_id: true,
            group_instance_id: self.instance_id.clone(),
            session_timeout: Duration::from_secs(20),
            rebalance_timeout: REBALANCE_TIMEOUT,
            protocol_type: Rc::from("consumer"),
            protocols: vec![(Rc::from("range"), subscription)],
        }
    }

    /// As a leader, it spreads every partition that there may be.
    pub(crate) fn sync(&self) -> SyncGroupRequest {
        let members = &self.to_assign;
        let share = |index: usize| {
            let numbers =
                (0..MOST_PARTITIONS).filter(move |number| *number as usize % members.len() == index);
            numbers.flat_map(|number| ["t0", "t1"].map(|topic| TopicPartition::new(topic, number))).collect()
        };
        SyncGroupRequest {
            group: GroupId::from(GROUP),
            member_id: self.member_id.clone(),
            group_instance_id: self.instance_id.clone(),
            generation_id: self.epoch,
            protocol_type: None,
            protocol: None,
            assignments: members.iter().enumerate().map(|(at, id)| (id.clone(), share(at))).collect(),
        }
    }

    pub(crate) fn classic_beat(&self) -> HeartbeatRequest {
        HeartbeatRequest {
            group: GroupId::from(GROUP),
            member_id: self.member_id.clone(),
            group_instance_id: self.instance_id.clone(),
            generation_id: self.epoch,
        }
    }

    pub(crate) fn hear_join(&mut self, response: JoinGroupResponse) {
        match response.outcome {
            Ok(joined) => {
                self.member_id = response.member_id;
                self.epoch = joined.generation_id;
                self.stage = Stage::Joined;
                self.to_assign = joined.members.into_iter().map(|member| member.member_id).collect();
                if joined.skip_assignment {
                    self.to_assign.clear();
                }
            }
            Err(ErrorCode::MemberIdRequired) => self.member_id = response.member_id,
            Err(error) => self.hear_classic_error(error),
        }
    }

    pub(crate) fn hear_classic_error(&mut self, error: ErrorCode) {
        self.stage = Stage::Unjoined;
        if !matches!(error, ErrorCode::RebalanceInProgress | ErrorCode::IllegalGeneration) {
            self.member_id = MemberId::from("");
        }
    }
}
