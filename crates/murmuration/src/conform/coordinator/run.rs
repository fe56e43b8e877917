//! One scenario against the model's coordinator: every answer, every timer that fires and the group's state
//! after every step.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::group::{
    CoordinatorRecord, Effects, GroupCoordinator, GroupDescription, GroupTimer, MemberIdSource,
};
use kafka_core::protocol::{ClientId, CorrelationId, MemberId, NodeId, Request, RequestHandle, Response};
use kafka_core::time::SimTime;
use kafka_core::topic::TopicId;
use serde_json::{Value, json};

use super::answer::{self, Asked};
use super::json::{in_order, list, small, text};
use super::request::request;
use super::settings;
use super::state::{Topics, state, summary};

pub(super) const GROUP: &str = "g";

/// The recording took its ids from a counter instead of `UUID.randomUUID`.
struct RecordedIds(u64);

impl RecordedIds {
    fn next(&mut self) -> (u64, u64) {
        self.0 += 1;
        let most = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let least = self.0.wrapping_mul(0x30ac_ab8f_49f5_3ad4).wrapping_sub(1) & !(0b11 << 62) | (0b10 << 62);
        (most, least)
    }
}

impl MemberIdSource for RecordedIds {
    fn uuid(&mut self) -> String {
        let (most, least) = self.next();
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            most >> 32,
            (most >> 16) & 0xffff,
            most & 0xffff,
            least >> 48,
            least & 0xffff_ffff_ffff
        )
    }

    fn base64_uuid(&mut self) -> String {
        let (most_significant_bits, least_significant_bits) = self.next();
        TopicId { most_significant_bits, least_significant_bits }.to_string()
    }
}

/// A request that has not been answered yet.
struct Open {
    who: String,
    op: String,
    instance_ids: Vec<Option<Rc<str>>>,
}

pub(super) struct Run {
    coordinator: GroupCoordinator,
    topics: Topics,
    ids: RecordedIds,
    /// With the order in which they were set.
    timers: BTreeMap<GroupTimer, (SimTime, u64)>,
    timers_set: u64,
    open: BTreeMap<u64, Open>,
    /// The client, by its nickname, that owns a member id.
    owners: BTreeMap<MemberId, String>,
    instance_ids: BTreeMap<String, Rc<str>>,
}

/// Answers by the step of their request.
type Answered = Vec<(u64, Value)>;

impl Run {
    pub(super) fn new(scenario: &Value) -> Result<Self, String> {
        let topics = Topics::new(scenario)?;
        let mut coordinator = GroupCoordinator::new(settings::config(&scenario["config"])?, 0);
        coordinator.on_new_metadata_image(topics.image());
        Ok(Self {
            coordinator,
            topics,
            ids: RecordedIds(0),
            timers: BTreeMap::new(),
            timers_set: 0,
            open: BTreeMap::new(),
            owners: BTreeMap::new(),
            instance_ids: BTreeMap::new(),
        })
    }

    pub(super) fn step(&mut self, number: u64, step: &Value) -> Result<(), String> {
        let now = SimTime::from_millis(step["t"].as_u64().unwrap_or_default());
        let mut answered = match text(&step["op"]) {
            "advance" => {
                let until = now + Duration::from_millis(step["ms"].as_u64().unwrap_or_default());
                let events = self.advance(until)?;
                compare("timers", &list(&step["events"]), &Value::Array(events))?;
                Vec::new()
            }
            "expire_offsets" => {
                let effects = self.coordinator.on_timer(now, &GroupTimer::OffsetExpiration);
                self.absorb(effects)?
            }
            "topic" => {
                self.topics.change(text(&step["name"]), &step["partitions"])?;
                self.coordinator.on_new_metadata_image(self.topics.image());
                Vec::new()
            }
            op => self.request(number, now, op, step)?,
        };
        let own = answered.iter().position(|(of, _)| *of == number).map(|at| answered.remove(at).1);
        if let Some(own) = &own {
            compare("response", &step["response"], &own["response"])?;
        } else if step["response"] != Value::Null {
            return Err(format!("response: recorded {}, but the request is still pending", step["response"]));
        }
        compare("completed", &list(&step["completed"]), &completed(answered))?;
        let group = self.describe();
        compare("state", &step["state"], &group.map_or(Value::Null, |group| state(&group, &self.topics)))
    }

    fn request(&mut self, number: u64, now: SimTime, op: &str, step: &Value) -> Result<Answered, String> {
        let who = text(&step["who"]).to_owned();
        if let Some(instance_id) = step["request"]["instance_id"].as_str() {
            self.instance_ids.insert(who.clone(), Rc::from(instance_id));
        }
        let request = request(op, &step["request"], self.instance_ids.get(&who), &self.topics)?;
        let correlation_id = CorrelationId(small(number)?);
        let handle = RequestHandle { from: NodeId::Client(ClientId(0)), correlation_id };
        let instance_ids = match &request {
            Request::LeaveGroup(leave) => {
                leave.members.iter().map(|leaving| leaving.group_instance_id.clone()).collect()
            }
            Request::ConsumerGroupHeartbeat(heartbeat) => {
                self.owners.entry(heartbeat.member_id.clone()).or_insert_with(|| who.clone());
                Vec::new()
            }
            Request::Metadata(_)
            | Request::Produce(_)
            | Request::Fetch(_)
            | Request::ListOffsets(_)
            | Request::InitProducerId(_)
            | Request::AddPartitionsToTxn(_)
            | Request::TxnOffsetCommit(_)
            | Request::EndTxn(_)
            | Request::WriteTxnMarkers(_)
            | Request::FindCoordinator(_)
            | Request::JoinGroup(_)
            | Request::SyncGroup(_)
            | Request::Heartbeat(_)
            | Request::OffsetCommit(_)
            | Request::OffsetFetch(_) => Vec::new(),
        };
        self.open.insert(number, Open { who: who.clone(), op: op.to_owned(), instance_ids });
        let effects = self.ask(now, handle, request);
        let answered = self.absorb(effects)?;
        if let ("join", Some(group)) = (op, self.describe()) {
            let members = group.members.into_iter().map(|member| member.member_id);
            for member_id in members.chain(group.pending_join_members) {
                self.owners.entry(member_id).or_insert_with(|| who.clone());
            }
        }
        Ok(answered)
    }

    fn ask(&mut self, now: SimTime, handle: RequestHandle, request: Request) -> Effects {
        let coordinator = &mut self.coordinator;
        match request {
            Request::JoinGroup(request) => coordinator.join_group(now, &mut self.ids, handle, &request),
            Request::SyncGroup(request) => coordinator.sync_group(now, handle, &request),
            Request::Heartbeat(request) => coordinator.heartbeat(now, handle, &request),
            Request::LeaveGroup(request) => coordinator.leave_group(now, handle, &request),
            Request::OffsetCommit(request) => coordinator.commit_offsets(now, handle, &request),
            Request::ConsumerGroupHeartbeat(request) => {
                coordinator.consumer_group_heartbeat(now, handle, &request)
            }
            Request::OffsetFetch(request) => {
                let response = Response::OffsetFetch(coordinator.fetch_offsets(&request));
                Effects { responses: vec![(handle, response)], ..Effects::NONE }
            }
            Request::Metadata(_)
            | Request::Produce(_)
            | Request::Fetch(_)
            | Request::ListOffsets(_)
            | Request::InitProducerId(_)
            | Request::AddPartitionsToTxn(_)
            | Request::TxnOffsetCommit(_)
            | Request::EndTxn(_)
            | Request::WriteTxnMarkers(_)
            | Request::FindCoordinator(_) => Effects::NONE,
        }
    }

    /// Fires what is due, and tells each as the recording does.
    fn advance(&mut self, until: SimTime) -> Result<Vec<Value>, String> {
        let mut events = Vec::new();
        loop {
            let due = self.timers.iter().filter(|(_, (at, _))| *at <= until);
            let Some((timer, (at, _))) = due.min_by_key(|(_, set)| **set) else { return Ok(events) };
            let (timer, at) = (timer.clone(), *at);
            self.timers.remove(&timer);
            let before = summary(self.describe().as_ref());
            let effects = self.coordinator.on_timer(at, &timer);
            let answered = self.absorb(effects)?;
            let after = summary(self.describe().as_ref());
            let mut event = json!({ "t": at.as_millis(), "timer": self.name_of(&timer) });
            if before != after {
                event["state"] = json!(format!("{before} -> {after}"));
            }
            if !answered.is_empty() {
                event["completed"] = completed(answered);
            }
            events.push(event);
        }
    }

    fn name_of(&self, timer: &GroupTimer) -> String {
        let owner =
            |member: &MemberId| self.owners.get(member).cloned().unwrap_or_else(|| member.to_string());
        match timer {
            GroupTimer::Join { group } => format!("join-{group}"),
            GroupTimer::Sync { group } => format!("sync-{group}"),
            GroupTimer::Session { group, member } => format!("heartbeat-{group}-<{}>", owner(member)),
            GroupTimer::ConsumerSession { group, member } => {
                format!("session-timeout-{group}-<{}>", owner(member))
            }
            GroupTimer::ConsumerRebalance { group, member } => {
                format!("rebalance-timeout-{group}-<{}>", owner(member))
            }
            GroupTimer::ConsumerJoin { group, member } => format!("join-{group}-<{}>", owner(member)),
            GroupTimer::ConsumerSync { group, member } => format!("sync-{group}-<{}>", owner(member)),
            GroupTimer::OffsetExpiration => "expire".to_owned(),
        }
    }

    /// Keeps timers, checks that records survive the log, and returns the answers.
    fn absorb(&mut self, effects: Effects) -> Result<Answered, String> {
        for (timer, at) in effects.timers {
            match at {
                Some(at) if timer != GroupTimer::OffsetExpiration => {
                    self.timers_set += 1;
                    self.timers.insert(timer, (at, self.timers_set));
                }
                Some(_) | None => {
                    self.timers.remove(&timer);
                }
            }
        }
        for record in effects.records {
            let (key, value) = record.encode();
            let read = CoordinatorRecord::decode(&key, value.as_deref());
            if read.as_ref() != Ok(&record) {
                return Err(format!("{record:?} is read back from the log as {read:?}"));
            }
        }
        let mut answered = Vec::new();
        for (handle, response) in effects.responses {
            let number = u64::from(handle.correlation_id.0);
            let open = self.open.remove(&number).ok_or_else(|| format!("step {number} is answered twice"))?;
            let protocol =
                self.describe().filter(|group| group.consumer.is_none()).and_then(|group| group.protocol);
            let asked = Asked {
                protocol: protocol.as_deref(),
                instance_ids: &open.instance_ids,
                topics: &self.topics,
            };
            let response = answer::response(&response, &asked);
            answered.push((
                number,
                json!({ "who": open.who, "op": open.op, "from_step": number, "response": response }),
            ));
        }
        Ok(answered)
    }

    fn describe(&self) -> Option<GroupDescription> {
        self.coordinator.describe(GROUP)
    }
}

/// In the order of the requests, as the recording has them.
fn completed(mut answered: Answered) -> Value {
    answered.sort_by_key(|(number, _)| *number);
    answered.into_iter().map(|(_, answer)| answer).collect()
}

fn compare(what: &str, recorded: &Value, actual: &Value) -> Result<(), String> {
    if in_order(recorded) == in_order(actual) {
        return Ok(());
    }
    Err(format!("{what}: recorded {recorded}, actual {actual}"))
}
