//! Runs one recorded scenario of `coordinator_traces.json` against the model's coordinator and compares
//! every answer, every timer that fires and the group's state after every step.

mod json;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use json::{elements, list, millis, number, offset, partitions, protocol, small, text};
use kafka_core::group::{
    CoordinatorRecord, Effects, GroupCoordinator, GroupCoordinatorConfig, GroupTimer, MemberIdSource,
};
use kafka_core::protocol::{
    ClientId, CorrelationId, GroupId, HeartbeatRequest, JoinGroupRequest, LeaveGroupRequest, LeavingMember,
    MemberId, NodeId, OffsetCommitRequest, OffsetFetchRequest, RequestHandle, Response, SyncGroupRequest,
};
use kafka_core::time::SimTime;
use serde_json::{Value, json};

const GROUP: &str = "g";

/// Scenarios with ConsumerGroupHeartbeat are of the KIP-848 protocol.
pub(crate) fn is_classic(scenario: &Value) -> bool {
    steps(scenario).iter().all(|step| step["op"] != "hb")
}

pub(crate) fn run_scenario(scenario: &Value) -> Result<(), String> {
    let mut run = Run::new(&scenario["config"])?;
    for (number, step) in (0..).zip(steps(scenario)) {
        run.step(number, step)
            .map_err(|difference| format!("{}, step {number}: {difference}", scenario["id"]))?;
    }
    Ok(())
}

fn steps(scenario: &Value) -> &[Value] {
    scenario["steps"].as_array().map_or(&[], Vec::as_slice)
}

/// The recording took its ids from a counter instead of `UUID.randomUUID`.
struct RecordedIds(u64);

impl MemberIdSource for RecordedIds {
    fn uuid(&mut self) -> String {
        self.0 += 1;
        let most = self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let least = self.0.wrapping_mul(0x30ac_ab8f_49f5_3ad4).wrapping_sub(1) & !(0b11 << 62) | (0b10 << 62);
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            most >> 32,
            (most >> 16) & 0xffff,
            most & 0xffff,
            least >> 48,
            least & 0xffff_ffff_ffff
        )
    }
}

/// A request that has not been answered yet.
struct Open {
    who: String,
    op: String,
    instance_ids: Vec<Option<Rc<str>>>,
}

struct Run {
    coordinator: GroupCoordinator,
    ids: RecordedIds,
    /// With the order in which they were set.
    timers: BTreeMap<GroupTimer, (SimTime, u64)>,
    timers_set: u64,
    open: BTreeMap<u64, Open>,
    /// The client, by its nickname, that owns a member id.
    owners: BTreeMap<MemberId, String>,
    instance_ids: BTreeMap<String, Rc<str>>,
}

impl Run {
    fn new(overrides: &Value) -> Result<Self, String> {
        // The recording has no checks in front of the shard.
        let mut config = GroupCoordinatorConfig {
            group_min_session_timeout: Duration::ZERO,
            group_max_session_timeout: Duration::MAX,
            ..GroupCoordinatorConfig::default()
        };
        for (name, value) in overrides.as_object().into_iter().flatten() {
            let number = number(value).ok_or_else(|| format!("{name} is not a number"))?;
            match name.as_str() {
                "group.initial.rebalance.delay.ms" => {
                    config.group_initial_rebalance_delay = Duration::from_millis(number);
                }
                "group.max.size" => config.group_max_size = small(number)?,
                "offset.metadata.max.bytes" => config.offset_metadata_max_bytes = small(number)?,
                "offsets.retention.minutes" => config.offsets_retention = Duration::from_secs(number * 60),
                _ => return Err(format!("the setting {name} is not modelled")),
            }
        }
        Ok(Self {
            coordinator: GroupCoordinator::new(config, 0),
            ids: RecordedIds(0),
            timers: BTreeMap::new(),
            timers_set: 0,
            open: BTreeMap::new(),
            owners: BTreeMap::new(),
            instance_ids: BTreeMap::new(),
        })
    }

    fn step(&mut self, number: u64, step: &Value) -> Result<(), String> {
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
            op => self.request(number, now, op, step)?,
        };
        let own = answered.iter().position(|(of, _)| *of == number).map(|at| answered.remove(at).1);
        if let Some(own) = &own {
            compare("response", &step["response"], &own["response"])?;
        } else if step["response"] != Value::Null {
            return Err(format!("response: recorded {}, but the request is still pending", step["response"]));
        }
        compare("completed", &list(&step["completed"]), &completed(answered))?;
        compare("state", &step["state"], &self.state())
    }

    fn request(
        &mut self,
        number: u64,
        now: SimTime,
        op: &str,
        step: &Value,
    ) -> Result<Vec<(u64, Value)>, String> {
        let request = &step["request"];
        let who = text(&step["who"]).to_owned();
        if let Some(instance_id) = request["instance_id"].as_str() {
            self.instance_ids.insert(who.clone(), Rc::from(instance_id));
        }
        let correlation_id = CorrelationId(small(number)?);
        let handle = RequestHandle { from: NodeId::Client(ClientId(0)), correlation_id };
        let group = GroupId::from(GROUP);
        let member_id = MemberId::from(text(&request["member_id"]));
        // Later requests of a static member carry its instance id, too, though the recording does not
        // repeat it.
        let group_instance_id = self.instance_ids.get(&who).cloned();
        let instance_ids = vec![group_instance_id.clone()];
        self.open.insert(number, Open { who: who.clone(), op: op.to_owned(), instance_ids });
        let generation_id = request["generation"].as_i64().unwrap_or_default() as i32;
        let effects = match op {
            "join" => {
                let request = JoinGroupRequest {
                    group,
                    client_id: Rc::from(text(&request["client_id"])),
                    client_host: Rc::from("/127.0.0.1"),
                    member_id,
                    requires_known_member_id: request["api_version"].as_u64() >= Some(4),
                    group_instance_id,
                    session_timeout: millis(&request["session_timeout_ms"]),
                    rebalance_timeout: millis(&request["rebalance_timeout_ms"]),
                    protocol_type: Rc::from("consumer"),
                    protocols: elements(&request["protocols"]).iter().map(protocol).collect(),
                };
                self.coordinator.join_group(now, &mut self.ids, handle, &request)
            }
            "sync" => {
                let assignments = request["assignments"].as_object().into_iter().flatten();
                let request = SyncGroupRequest {
                    group,
                    member_id,
                    group_instance_id,
                    generation_id,
                    protocol_type: None,
                    protocol: None,
                    assignments: assignments
                        .map(|(id, owned)| (MemberId::from(id.as_str()), partitions(owned)))
                        .collect(),
                };
                self.coordinator.sync_group(now, handle, &request)
            }
            "heartbeat" => {
                let request = HeartbeatRequest { group, member_id, group_instance_id, generation_id };
                self.coordinator.heartbeat(now, handle, &request)
            }
            "leave" => {
                let group_instance_id = request["instance_id"].as_str().map(Rc::from);
                if let Some(open) = self.open.get_mut(&number) {
                    open.instance_ids = vec![group_instance_id.clone()];
                }
                let members = vec![LeavingMember { member_id, group_instance_id, reason: Rc::from("") }];
                self.coordinator.leave_group(now, handle, &LeaveGroupRequest { group, members })
            }
            "commit" => {
                let generation = request["generation_or_epoch"].as_i64().unwrap_or(-1);
                let request = OffsetCommitRequest {
                    group,
                    member_id,
                    group_instance_id,
                    generation_id: i32::try_from(generation).ok().filter(|generation| *generation >= 0),
                    offsets: elements(&request["offsets"]).iter().map(offset).collect(),
                };
                self.coordinator.commit_offsets(now, handle, &request)
            }
            "fetch_offsets" => {
                let partitions = Some(partitions(&request["partitions"]));
                let response = self.coordinator.fetch_offsets(&OffsetFetchRequest { group, partitions });
                Effects { responses: vec![(handle, Response::OffsetFetch(response))], ..Effects::NONE }
            }
            _ => return Err(format!("no such request: {op}")),
        };
        let answered = self.absorb(effects)?;
        if let ("join", Some(group)) = (op, self.coordinator.describe(GROUP)) {
            let members = group.members.into_iter().map(|member| member.member_id);
            for member_id in members.chain(group.pending_join_members) {
                self.owners.entry(member_id).or_insert_with(|| who.clone());
            }
        }
        Ok(answered)
    }

    /// Fires what is due, and tells each as the recording does.
    fn advance(&mut self, until: SimTime) -> Result<Vec<Value>, String> {
        let mut events = Vec::new();
        loop {
            let due = self.timers.iter().filter(|(_, (at, _))| *at <= until);
            let Some((timer, (at, _))) = due.min_by_key(|(_, set)| **set) else { return Ok(events) };
            let (timer, at) = (timer.clone(), *at);
            self.timers.remove(&timer);
            let before = self.summary();
            let effects = self.coordinator.on_timer(at, &timer);
            let answered = self.absorb(effects)?;
            let after = self.summary();
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
        match timer {
            GroupTimer::Join { group } => format!("join-{group}"),
            GroupTimer::Sync { group } => format!("sync-{group}"),
            GroupTimer::Session { group, member } => {
                format!("heartbeat-{group}-<{}>", self.owners.get(member).map_or("?", String::as_str))
            }
            GroupTimer::OffsetExpiration => "expire".to_owned(),
        }
    }

    /// Keeps timers, checks that records survive the log, and returns the answers by the step of their
    /// request.
    fn absorb(&mut self, effects: Effects) -> Result<Vec<(u64, Value)>, String> {
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
            let group = self.coordinator.describe(GROUP);
            let protocol = group.and_then(|group| group.protocol);
            let response = json::response(&response, protocol.as_deref(), &open.instance_ids);
            answered.push((
                number,
                json!({ "who": open.who, "op": open.op, "from_step": number, "response": response }),
            ));
        }
        Ok(answered)
    }

    fn summary(&self) -> String {
        self.coordinator.describe(GROUP).map_or_else(String::new, |group| {
            format!("{}/gen{}/members{}", group.state, group.generation_id, group.members.len())
        })
    }

    fn state(&self) -> Value {
        self.coordinator.describe(GROUP).as_ref().map_or(Value::Null, json::state)
    }
}

/// In the order of the requests, as the recording has them.
fn completed(mut answered: Vec<(u64, Value)>) -> Value {
    answered.sort_by_key(|(number, _)| *number);
    answered.into_iter().map(|(_, answer)| answer).collect()
}

fn compare(what: &str, recorded: &Value, actual: &Value) -> Result<(), String> {
    if recorded == actual {
        return Ok(());
    }
    Err(format!("{what}\n  recorded {recorded}\n  actual   {actual}"))
}
