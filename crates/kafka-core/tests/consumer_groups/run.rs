//! One coordinator, its timers and its log, between clients that do as they like.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use kafka_core::assignor::{ServerTopic, ServerTopicMap};
use kafka_core::group::{
    CoordinatorRecord, Effects, GroupCoordinator, GroupCoordinatorConfig, GroupDescription, GroupTimer,
    MemberState,
};
use kafka_core::protocol::{
    ClientId, CorrelationId, GroupId, LeaveGroupRequest, LeavingMember, MemberId, NodeId, RequestHandle,
    Response,
};
use kafka_core::rng::Rng;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicId;

use crate::clients::{Client, GROUP, Protocol, Stage};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    /// The answer may be lost.
    Heartbeat {
        client: u32,
        reconciles: bool,
        hears: bool,
    },
    Subscribe {
        client: u32,
        choice: u32,
    },
    Leave {
        client: u32,
    },
    /// The process is gone, and another one starts in its place.
    Restart {
        client: u32,
    },
    /// The same, with the other protocol.
    SwitchProtocol {
        client: u32,
    },
    /// Created, grown, or with no partitions deleted.
    Topic {
        topic: u32,
        partitions: u32,
    },
    Failover,
    Wait {
        millis: u64,
    },
}

pub(crate) struct Run {
    now: SimTime,
    rng: Rng,
    coordinator: GroupCoordinator,
    image: ServerTopicMap,
    pub(crate) timers: BTreeMap<GroupTimer, (SimTime, u64)>,
    log: Vec<CoordinatorRecord>,
    clients: Vec<Client>,
    requests: u32,
    /// Requests without an answer, whose they are, and whether the answer arrives.
    open: BTreeMap<u32, (u32, bool)>,
    members: u32,
}

impl Run {
    pub(crate) fn new(clients: u32) -> Self {
        let mut run = Self {
            now: SimTime::ZERO,
            rng: Rng::new(1),
            coordinator: GroupCoordinator::new(GroupCoordinatorConfig::default(), 1_000_000),
            image: ServerTopicMap::new(),
            timers: BTreeMap::new(),
            log: Vec::new(),
            clients: Vec::new(),
            requests: 0,
            open: BTreeMap::new(),
            members: 0,
        };
        run.clients = (0..clients).map(|client| run.fresh_client(client, Protocol::Consumer)).collect();
        run.change_topic(0, 4);
        run
    }

    fn fresh_client(&mut self, client: u32, protocol: Protocol) -> Client {
        self.members += 1;
        let member_id = match protocol {
            Protocol::Consumer => MemberId::from(format!("member-{}", self.members)),
            Protocol::Classic => MemberId::from(""),
        };
        let instance_id = (client >= 4).then(|| Rc::from(format!("instance-{client}")));
        Client::new(protocol, member_id, instance_id)
    }

    pub(crate) fn describe(&self) -> Option<GroupDescription> {
        self.coordinator.describe(GROUP)
    }

    pub(crate) fn act(&mut self, action: &Action) {
        match *action {
            Action::Heartbeat { client, reconciles, hears } => self.beat(client, reconciles, hears),
            Action::Subscribe { client, choice } => {
                let names = [&["t0"][..], &["t1"], &["t0", "t1"], &[]][choice as usize];
                let client = &mut self.clients[client as usize];
                client.topics = names.iter().map(|name| Rc::from(*name)).collect();
                client.stage = Stage::Unjoined;
            }
            Action::Leave { client } => self.leave(client),
            Action::Restart { client } => self.restart(client, self.clients[client as usize].protocol),
            Action::SwitchProtocol { client } => {
                let other = match self.clients[client as usize].protocol {
                    Protocol::Consumer => Protocol::Classic,
                    Protocol::Classic => Protocol::Consumer,
                };
                self.leave(client);
                self.restart(client, other);
            }
            Action::Topic { topic, partitions } => self.change_topic(topic, partitions),
            Action::Failover => self.fail_over(),
            Action::Wait { millis } => self.wait(Duration::from_millis(millis)),
        }
        self.check();
    }

    fn restart(&mut self, client: u32, protocol: Protocol) {
        let mut fresh = self.fresh_client(client, protocol);
        fresh.topics.clone_from(&self.clients[client as usize].topics);
        self.clients[client as usize] = fresh;
        self.open.retain(|_, (owner, _)| *owner != client);
    }

    fn handle(&mut self, client: u32, hears: bool) -> RequestHandle {
        self.requests += 1;
        self.open.insert(self.requests, (client, hears));
        RequestHandle { from: NodeId::Client(ClientId(client)), correlation_id: CorrelationId(self.requests) }
    }

    /// The next request of a client, whichever that is.
    fn beat(&mut self, client: u32, reconciles: bool, hears: bool) {
        let now = self.now;
        let beating = &mut self.clients[client as usize];
        let effects = match (beating.protocol, beating.stage) {
            (Protocol::Consumer, _) => {
                if reconciles {
                    beating.reconcile();
                }
                let request = beating.beat(reconciles);
                assert_eq!(request.validate(), Ok(()));
                let handle = self.handle(client, hears);
                self.coordinator.consumer_group_heartbeat(now, handle, &request)
            }
            // One request at a time.
            (Protocol::Classic, _) if self.open.values().any(|(owner, _)| *owner == client) => return,
            (Protocol::Classic, Stage::Unjoined) => {
                let request = beating.join();
                let handle = self.handle(client, true);
                self.coordinator.join_group(now, &mut self.rng, handle, &request)
            }
            (Protocol::Classic, Stage::Joined) => {
                let request = beating.sync();
                let handle = self.handle(client, true);
                self.coordinator.sync_group(now, handle, &request)
            }
            (Protocol::Classic, Stage::Synced) => {
                let request = beating.classic_beat();
                let handle = self.handle(client, true);
                self.coordinator.heartbeat(now, handle, &request)
            }
        };
        self.absorb(effects);
    }

    fn leave(&mut self, client: u32) {
        let leaving = &self.clients[client as usize];
        let effects = match leaving.protocol {
            Protocol::Consumer if leaving.epoch == 0 => return,
            Protocol::Consumer => {
                let request = leaving.goodbye();
                assert_eq!(request.validate(), Ok(()));
                let handle = self.handle(client, false);
                self.coordinator.consumer_group_heartbeat(self.now, handle, &request)
            }
            Protocol::Classic => {
                let leaving = LeavingMember {
                    member_id: leaving.member_id.clone(),
                    group_instance_id: leaving.instance_id.clone(),
                    reason: Rc::from(""),
                };
                let request = LeaveGroupRequest { group: GroupId::from(GROUP), members: vec![leaving] };
                let handle = self.handle(client, false);
                self.coordinator.leave_group(self.now, handle, &request)
            }
        };
        self.absorb(effects);
        let protocol = self.clients[client as usize].protocol;
        self.restart(client, protocol);
    }

    fn change_topic(&mut self, topic: u32, partitions: u32) {
        let name = Rc::from(format!("t{topic}"));
        if partitions == 0 {
            self.image.remove(&name);
        } else {
            let created = ServerTopic { id: TopicId::random(&mut self.rng), partitions };
            let topic = self.image.entry(name).or_insert(created);
            topic.partitions = topic.partitions.max(partitions);
        }
        self.coordinator.on_new_metadata_image(self.image.clone());
    }

    fn fail_over(&mut self) {
        self.check_log();
        let partition = self.coordinator.partition_for(GROUP);
        let effects = self.coordinator.unload(self.now, partition);
        self.absorb(effects);
        let effects = self.coordinator.load(self.now, partition, read_back(&self.log));
        self.absorb(effects);
    }

    fn absorb(&mut self, effects: Effects) {
        self.log.extend(effects.records);
        for (timer, at) in effects.timers {
            match at {
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
        for (handle, response) in effects.responses {
            // The answer to an old process is lost, and some others are.
            if let Some((client, true)) = self.open.remove(&handle.correlation_id.0) {
                self.hear(client, response);
            }
        }
    }

    fn hear(&mut self, client: u32, response: Response) {
        let hearing = &mut self.clients[client as usize];
        match response {
            Response::ConsumerGroupHeartbeat(heartbeat) => hearing.hear_beat(heartbeat.outcome),
            Response::JoinGroup(join) => hearing.hear_join(join),
            Response::SyncGroup(sync) => match sync.assignment {
                Ok(_) => hearing.stage = Stage::Synced,
                Err(error) => hearing.hear_classic_error(error),
            },
            Response::Heartbeat(heartbeat) => {
                if let Err(error) = heartbeat.outcome {
                    hearing.hear_classic_error(error);
                }
            }
            Response::LeaveGroup(_)
            | Response::OffsetCommit(_)
            | Response::Metadata(_)
            | Response::Produce(_)
            | Response::Fetch(_)
            | Response::ListOffsets(_)
            | Response::InitProducerId(_)
            | Response::AddPartitionsToTxn(_)
            | Response::TxnOffsetCommit(_)
            | Response::EndTxn(_)
            | Response::WriteTxnMarkers(_)
            | Response::FindCoordinator(_)
            | Response::OffsetFetch(_) => panic!("nobody asked for this"),
        }
    }

    pub(crate) fn wait(&mut self, duration: Duration) {
        let until = self.now + duration;
        loop {
            let due = self.timers.iter().filter(|(_, (at, _))| *at <= until).min_by_key(|(_, set)| **set);
            let Some((timer, (at, _))) = due else { break };
            let (timer, at) = (timer.clone(), *at);
            self.timers.remove(&timer);
            self.now = at;
            let effects = self.coordinator.on_timer(at, &timer);
            self.absorb(effects);
            self.check();
        }
        self.now = until;
    }

    /// Nobody says anything any more.
    pub(crate) fn fall_silent(&mut self, duration: Duration) {
        self.open.clear();
        self.wait(duration);
    }

    /// Clients that follow the protocol come to rest, those that were fenced after their session.
    pub(crate) fn settle(&mut self) {
        for _ in 0..60 {
            for client in 0..self.clients.len() as u32 {
                self.beat(client, true, true);
                self.check();
            }
            self.wait(Duration::from_secs(2));
        }
        self.check_log();
    }

    fn check(&self) {
        let Some(group) = self.describe() else { return };
        let Some(consumer) = &group.consumer else { return };
        assert!(consumer.target_assignment_epoch <= consumer.group_epoch);
        let mut held = BTreeSet::new();
        for member in &group.members {
            let modern = member.consumer.as_ref().expect("members are of their group's kind");
            assert!(modern.member_epoch <= consumer.group_epoch, "nobody is ahead of the group");
            let mut own: BTreeSet<_> = modern.assigned_partitions.iter().copied().collect();
            match &modern.state {
                MemberState::UnrevokedPartitions { pending_revocation } => {
                    assert!(own.is_disjoint(pending_revocation));
                    own.extend(pending_revocation);
                    let is_asked = modern.rebalance_deadline.is_some() || modern.member_epoch < 0;
                    assert!(is_asked || modern.uses_classic_protocol, "revocation has an end");
                }
                MemberState::Stable | MemberState::UnreleasedPartitions => {}
            }
            // A client that is still a member owns nothing but what is held for it.
            let mut clients = self.clients.iter();
            let client =
                clients.find(|it| it.member_id == member.member_id && it.protocol == Protocol::Consumer);
            if let Some(client) = client.filter(|_| modern.member_epoch >= 0) {
                assert!(
                    client.owned.iter().all(|it| own.contains(it)),
                    "{client_id} owns too much",
                    client_id = client.member_id
                );
            }
            for partition in own {
                assert!(held.insert(partition), "{partition:?} has two owners: {group:#?}");
            }
        }
    }

    /// Whatever is known of a consumer group can be read from its log.
    fn check_log(&self) {
        let mut restored = GroupCoordinator::new(self.coordinator.config().clone(), 1_000_000);
        restored.on_new_metadata_image(self.image.clone());
        for record in read_back(&self.log) {
            restored.replay(&record);
        }
        let is_consumer = |group: &GroupDescription| group.consumer.is_some();
        let known = self.describe().filter(is_consumer).map(without_deadlines);
        let read = restored.describe(GROUP).filter(is_consumer).map(without_deadlines);
        assert_eq!(read, known);
    }

    pub(crate) fn check_everything_is_owned(&self) {
        let group = self.describe().expect("the group exists");
        let mut wanted = BTreeSet::new();
        for name in self.clients.iter().flat_map(|client| &client.topics) {
            let partitions = self.image.get(name).map_or(0, |topic| topic.partitions);
            wanted.extend((0..partitions).map(|partition| (name.clone(), partition)));
        }
        if group.consumer.is_none() {
            // Its assignment is its leader's affair.
            return;
        }
        let mut owned = BTreeSet::new();
        for member in &group.members {
            for partition in &member.assignment {
                assert!(member.subscription.topics.contains(&partition.topic), "who owns also subscribes");
                owned.insert((partition.topic.clone(), partition.partition));
            }
        }
        assert_eq!(owned, wanted);
    }
}

fn without_deadlines(mut group: GroupDescription) -> GroupDescription {
    for member in &mut group.members {
        member.session_deadline = SimTime::ZERO;
        if let Some(modern) = &mut member.consumer {
            modern.rebalance_deadline = None;
        }
    }
    group
}

/// Every record by way of its bytes.
fn read_back(log: &[CoordinatorRecord]) -> Vec<CoordinatorRecord> {
    let read = |record: &CoordinatorRecord| {
        let (key, value) = record.encode();
        CoordinatorRecord::decode(&key, value.as_deref()).expect("what was written can be read")
    };
    log.iter().map(read).collect()
}
