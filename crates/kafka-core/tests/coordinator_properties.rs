//! Whatever clients do, and whenever they fall silent, a coordinator keeps its promises.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::group::{
    CoordinatorRecord, Effects, GroupCoordinator, GroupCoordinatorConfig, GroupState, GroupTimer,
};
use kafka_core::protocol::{
    ClientId, CorrelationId, ErrorCode, GroupId, HeartbeatRequest, JoinGroupRequest, JoinGroupResponse,
    LeaveGroupRequest, LeavingMember, MemberId, NodeId, OffsetAndMetadata, OffsetCommitRequest,
    RequestHandle, Response, Subscription, SyncGroupRequest,
};
use kafka_core::rng::Rng;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;
use proptest::prelude::*;

const GROUP: &str = "group";
const CLIENTS: u32 = 5;
const PARTITIONS: u32 = 6;

#[derive(Clone, Debug)]
enum Action {
    Join {
        client: u32,
        choice: u32,
    },
    Sync {
        client: u32,
    },
    Heartbeat {
        client: u32,
    },
    Commit {
        client: u32,
        offset: i64,
    },
    Leave {
        client: u32,
    },
    RemoveStatic {
        client: u32,
    },
    /// The process is gone, and another one starts in its place.
    Restart {
        client: u32,
    },
    DeleteGroup,
    ExpireOffsets,
    Failover,
    Wait {
        millis: u64,
    },
}

fn action() -> impl Strategy<Value = Action> {
    let client = || 0..CLIENTS;
    prop_oneof![
        8 => (client(), 0..4_u32).prop_map(|(client, choice)| Action::Join { client, choice }),
        6 => client().prop_map(|client| Action::Sync { client }),
        2 => client().prop_map(|client| Action::Heartbeat { client }),
        2 => (client(), 0..9_i64).prop_map(|(client, offset)| Action::Commit { client, offset }),
        1 => client().prop_map(|client| Action::Leave { client }),
        1 => client().prop_map(|client| Action::RemoveStatic { client }),
        1 => client().prop_map(|client| Action::Restart { client }),
        1 => Just(Action::DeleteGroup),
        1 => Just(Action::ExpireOffsets),
        1 => Just(Action::Failover),
        4 => (0..8_000_u64).prop_map(|millis| Action::Wait { millis }),
    ]
}

/// A client that believes what it is told.
#[derive(Default)]
struct Client {
    instance_id: Option<Rc<str>>,
    member_id: MemberId,
    generation: i32,
    /// Who must be given an assignment, when this client leads.
    to_assign: Vec<MemberId>,
    joined: bool,
    choice: u32,
}

struct Run {
    now: SimTime,
    rng: Rng,
    coordinator: GroupCoordinator,
    timers: BTreeMap<GroupTimer, (SimTime, u64)>,
    log: Vec<CoordinatorRecord>,
    clients: Vec<Client>,
    requests: u32,
    /// Requests without an answer: whose they are.
    open: BTreeMap<u32, u32>,
    generation: i32,
    /// What each member, or static instance, was given in a generation.
    assigned: BTreeMap<(i32, Rc<str>), Vec<TopicPartition>>,
}

impl Run {
    fn new(max_size: u32) -> Self {
        let config = GroupCoordinatorConfig { group_max_size: max_size, ..GroupCoordinatorConfig::default() };
        let instance_id = |client| (client >= 3).then(|| Rc::from(format!("instance-{client}")));
        let client = |client| Client { instance_id: instance_id(client), ..Client::default() };
        Self {
            now: SimTime::ZERO,
            rng: Rng::new(1),
            coordinator: GroupCoordinator::new(config, 1_000_000),
            timers: BTreeMap::new(),
            log: Vec::new(),
            clients: (0..CLIENTS).map(client).collect(),
            requests: 0,
            open: BTreeMap::new(),
            generation: 0,
            assigned: BTreeMap::new(),
        }
    }

    fn act(&mut self, action: &Action) {
        match *action {
            Action::Join { client, choice } => self.join(client, choice),
            Action::Sync { client } => self.sync(client),
            Action::Heartbeat { client } => self.heartbeat(client),
            Action::Commit { client, offset } => self.commit(client, offset),
            Action::Leave { client } => {
                let member_id = self.clients[client as usize].member_id.clone();
                self.leave(client, member_id);
            }
            Action::RemoveStatic { client } => self.leave(client, MemberId::from("")),
            Action::Restart { client } => {
                let instance_id = self.clients[client as usize].instance_id.take();
                self.clients[client as usize] = Client { instance_id, ..Client::default() };
                self.open.retain(|_, owner| *owner != client);
            }
            Action::DeleteGroup => {
                if let Ok(effects) = self.coordinator.delete_group(self.now, &GroupId::from(GROUP)) {
                    self.absorb(effects);
                }
            }
            Action::ExpireOffsets => {
                let effects = self.coordinator.on_timer(self.now, &GroupTimer::OffsetExpiration);
                self.absorb(effects);
            }
            Action::Failover => self.fail_over(),
            Action::Wait { millis } => self.wait(Duration::from_millis(millis)),
        }
    }

    fn handle(&mut self, client: u32) -> RequestHandle {
        self.requests += 1;
        self.open.insert(self.requests, client);
        RequestHandle { from: NodeId::Client(ClientId(client)), correlation_id: CorrelationId(self.requests) }
    }

    fn join(&mut self, client: u32, choice: u32) {
        let handle = self.handle(client);
        let joining = &mut self.clients[client as usize];
        joining.choice = choice;
        joining.joined = false;
        let subscription = Subscription { topics: vec![Rc::from("t")], ..Subscription::default() };
        let names: &[&str] =
            [&["range"][..], &["range", "sticky"], &["sticky", "range"], &["sticky"]][choice as usize];
        let request = JoinGroupRequest {
            group: GroupId::from(GROUP),
            client_id: Rc::from("client"),
            client_host: Rc::from("/127.0.0.1"),
            member_id: joining.member_id.clone(),
            requires_known_member_id: client != 0,
            group_instance_id: joining.instance_id.clone(),
            session_timeout: Duration::from_secs(10 + u64::from(client)),
            rebalance_timeout: Duration::from_secs(8),
            protocol_type: Rc::from("consumer"),
            protocols: names.iter().map(|name| (Rc::from(*name), subscription.clone())).collect(),
        };
        let effects = self.coordinator.join_group(self.now, &mut self.rng, handle, &request);
        self.absorb(effects);
    }

    fn sync(&mut self, client: u32) {
        let handle = self.handle(client);
        let syncing = &self.clients[client as usize];
        let members = &syncing.to_assign;
        let owner_of = |partition: u32| members.get(partition as usize % members.len().max(1));
        let owned = |member_id: &MemberId| {
            let partitions = (0..PARTITIONS).filter(|partition| owner_of(*partition) == Some(member_id));
            partitions.map(|partition| TopicPartition::new("t", partition)).collect()
        };
        let request = SyncGroupRequest {
            group: GroupId::from(GROUP),
            member_id: syncing.member_id.clone(),
            group_instance_id: syncing.instance_id.clone(),
            generation_id: syncing.generation,
            protocol_type: None,
            protocol: None,
            assignments: members.iter().map(|member_id| (member_id.clone(), owned(member_id))).collect(),
        };
        let effects = self.coordinator.sync_group(self.now, handle, &request);
        self.absorb(effects);
    }

    fn heartbeat(&mut self, client: u32) {
        let handle = self.handle(client);
        let alive = &self.clients[client as usize];
        let request = HeartbeatRequest {
            group: GroupId::from(GROUP),
            member_id: alive.member_id.clone(),
            group_instance_id: alive.instance_id.clone(),
            generation_id: alive.generation,
        };
        let effects = self.coordinator.heartbeat(self.now, handle, &request);
        self.absorb(effects);
    }

    fn commit(&mut self, client: u32, offset: i64) {
        let handle = self.handle(client);
        let committing = &self.clients[client as usize];
        let offset = OffsetAndMetadata { offset, leader_epoch: Some(0), metadata: Rc::from("") };
        let request = OffsetCommitRequest {
            group: GroupId::from(GROUP),
            member_id: committing.member_id.clone(),
            group_instance_id: committing.instance_id.clone(),
            generation_id: (committing.generation > 0).then_some(committing.generation),
            knows_member_epochs: true,
            offsets: vec![(TopicPartition::new("t", client), offset)],
        };
        let effects = self.coordinator.commit_offsets(self.now, handle, &request);
        self.absorb(effects);
    }

    fn leave(&mut self, client: u32, member_id: MemberId) {
        let handle = self.handle(client);
        let group_instance_id = self.clients[client as usize].instance_id.clone();
        let members = vec![LeavingMember { member_id, group_instance_id, reason: Rc::from("") }];
        let request = LeaveGroupRequest { group: GroupId::from(GROUP), members };
        let effects = self.coordinator.leave_group(self.now, handle, &request);
        self.absorb(effects);
    }

    /// The coordinator's broker is lost, and another one reads the log.
    fn fail_over(&mut self) {
        self.check_log();
        let partition = self.coordinator.partition_for(GROUP);
        let effects = self.coordinator.unload(self.now, partition);
        self.absorb(effects);
        // Sessions of ids that had been given up run on, as in Kafka, and must do no harm.
        let is_session = |timer: &GroupTimer| matches!(timer, GroupTimer::Session { .. });
        assert!(self.timers.keys().all(is_session), "no rebalance outlives its coordinator");
        let effects = self.coordinator.load(self.now, partition, read_back(&self.log));
        // A generation that was never written is counted again.
        self.assigned.clear();
        self.generation = 0;
        self.absorb(effects);
    }

    /// Answers may lead a client to ask again; they are acted on by later steps.
    fn absorb(&mut self, effects: Effects) {
        self.log.extend(effects.records);
        for (timer, at) in effects.timers {
            match at {
                // Stands for itself in `Action::ExpireOffsets`.
                Some(_) if timer == GroupTimer::OffsetExpiration => {}
                Some(at) => {
                    self.requests += 1;
                    self.timers.insert(timer, (at, u64::from(self.requests)));
                }
                None => {
                    self.timers.remove(&timer);
                }
            }
        }
        if effects
            .events
            .iter()
            .any(|event| matches!(event, Event::GroupStateChanged { to: GroupState::Dead, .. }))
        {
            self.assigned.clear();
            self.generation = 0;
        }
        for (handle, response) in effects.responses {
            // An old process's request is answered to nobody.
            if let Some(client) = self.open.remove(&handle.correlation_id.0) {
                self.hear(client, response);
            }
        }
        if let Some(group) = self.coordinator.describe(GROUP) {
            assert!(group.generation_id >= self.generation, "a generation never decreases");
            self.generation = group.generation_id;
        }
    }

    fn hear(&mut self, client: u32, response: Response) {
        let hearing = &mut self.clients[client as usize];
        match response {
            Response::JoinGroup(JoinGroupResponse { member_id, outcome: Ok(joined) }) => {
                hearing.member_id = member_id;
                hearing.generation = joined.generation_id;
                hearing.joined = true;
                hearing.to_assign = joined.members.into_iter().map(|member| member.member_id).collect();
                if joined.skip_assignment {
                    hearing.to_assign.clear();
                }
            }
            Response::JoinGroup(JoinGroupResponse {
                member_id,
                outcome: Err(ErrorCode::MemberIdRequired),
            }) => {
                hearing.member_id = member_id;
            }
            Response::JoinGroup(JoinGroupResponse { outcome: Err(_), .. }) => {
                hearing.member_id = MemberId::from("");
            }
            Response::SyncGroup(sync) => {
                if let Ok(partitions) = sync.assignment {
                    let slot = hearing.instance_id.clone().unwrap_or_else(|| hearing.member_id.clone());
                    let key = (hearing.generation, slot);
                    let before = self.assigned.insert(key.clone(), partitions.clone());
                    assert!(
                        before.is_none_or(|before| before == partitions),
                        "one assignment in a generation"
                    );
                    self.check_disjoint(&key);
                }
            }
            Response::Heartbeat(heartbeat) => match heartbeat.outcome {
                Ok(()) => {}
                Err(ErrorCode::RebalanceInProgress | ErrorCode::IllegalGeneration) => hearing.joined = false,
                Err(_) => {
                    hearing.member_id = MemberId::from("");
                    hearing.joined = false;
                }
            },
            Response::OffsetCommit(_) | Response::LeaveGroup(_) => {}
            Response::Metadata(_)
            | Response::Produce(_)
            | Response::Fetch(_)
            | Response::ListOffsets(_)
            | Response::InitProducerId(_)
            | Response::AddPartitionsToTxn(_)
            | Response::TxnOffsetCommit(_)
            | Response::EndTxn(_)
            | Response::WriteTxnMarkers(_)
            | Response::FindCoordinator(_)
            | Response::OffsetFetch(_)
            | Response::ConsumerGroupHeartbeat(_) => panic!("nobody asked for this"),
        }
    }

    fn check_disjoint(&self, given: &(i32, Rc<str>)) {
        let own = &self.assigned[given];
        let others = self.assigned.iter().filter(|(key, _)| key.0 == given.0 && key.1 != given.1);
        for (other, partitions) in others {
            assert!(
                own.iter().all(|it| !partitions.contains(it)),
                "{other:?} and {given:?} share a partition"
            );
        }
    }

    fn wait(&mut self, duration: Duration) {
        let until = self.now + duration;
        loop {
            let due = self.timers.iter().filter(|(_, (at, _))| *at <= until).min_by_key(|(_, set)| **set);
            let Some((timer, (at, _))) = due else { break };
            let (timer, at) = (timer.clone(), *at);
            self.timers.remove(&timer);
            self.now = at;
            let effects = self.coordinator.on_timer(at, &timer);
            self.absorb(effects);
        }
        self.now = until;
    }

    /// Clients that follow the protocol come to rest.
    fn settle(&mut self) {
        for _ in 0..40 {
            for client in 0..CLIENTS {
                if self.open.values().any(|owner| *owner == client) {
                    continue;
                }
                if self.clients[client as usize].joined {
                    self.heartbeat(client);
                }
                if self.clients[client as usize].joined {
                    self.sync(client);
                } else {
                    // `sticky` alone might never be let in beside `range` alone.
                    self.join(client, 1);
                }
            }
            self.wait(Duration::from_secs(1));
        }
    }

    fn check_log(&self) {
        let mut restored = GroupCoordinator::new(self.coordinator.config().clone(), 1_000_000);
        for record in read_back(&self.log) {
            restored.replay(&record);
        }
        assert!(restored.offsets(GROUP).eq(self.coordinator.offsets(GROUP)), "the log holds every offset");
        let Some(current) = self.coordinator.describe(GROUP) else { return };
        let restored = restored.describe(GROUP);
        match current.state {
            GroupState::Stable => {
                let restored = restored.expect("a Stable group is in the log");
                let mut members = current.members;
                let mut read = restored.members;
                for member in members.iter_mut().chain(&mut read) {
                    member.session_deadline = SimTime::ZERO;
                }
                members.sort_by(|left, right| left.member_id.cmp(&right.member_id));
                read.sort_by(|left, right| left.member_id.cmp(&right.member_id));
                assert_eq!(read, members);
                assert_eq!(
                    (restored.generation_id, restored.leader),
                    (current.generation_id, current.leader)
                );
            }
            GroupState::Empty => {
                assert_eq!(restored.map(|group| group.generation_id), Some(current.generation_id));
            }
            GroupState::PreparingRebalance | GroupState::CompletingRebalance | GroupState::Dead => {}
            GroupState::Assigning | GroupState::Reconciling => {
                panic!("a classic group is never in this state")
            }
        }
    }
}

/// Every record by way of its bytes.
fn read_back(log: &[CoordinatorRecord]) -> Vec<CoordinatorRecord> {
    let read = |record: &CoordinatorRecord| {
        let (key, value) = record.encode();
        CoordinatorRecord::decode(&key, value.as_deref()).expect("what was written can be read")
    };
    log.iter().map(read).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_coordinator_keeps_its_promises(
        actions in proptest::collection::vec(action(), 1..150),
        max_size in prop_oneof![4 => Just(100_u32), 1 => 1..4_u32],
    ) {
        let mut run = Run::new(max_size);
        for action in &actions {
            run.act(action);
        }
        run.check_log();

        run.settle();
        if max_size >= CLIENTS {
            let group = run.coordinator.describe(GROUP).expect("clients that join make a group");
            prop_assert_eq!(group.state, GroupState::Stable);
        }
        run.check_log();

        run.wait(Duration::from_secs(3600));
        prop_assert!(run.timers.is_empty(), "nothing is left to wait for");
        if let Some(group) = run.coordinator.describe(GROUP) {
            prop_assert_eq!(group.state, GroupState::Empty);
            prop_assert!(group.pending_join_members.is_empty());
        }
    }
}
