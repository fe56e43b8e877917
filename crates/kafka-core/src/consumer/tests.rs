//! A consumer against brokers that answer what a test wants, or nothing at all.

mod consumer_protocol;

use std::rc::Rc;
use std::time::Duration;

use super::*;
use crate::agenda::{Agenda, Occurrence};
use crate::application::{CommitMoment, CommitPoint, CommitStrategy, CommitUnit};
use crate::cluster::{Cluster, Partition, Topic};
use crate::config::Properties;
use crate::event::CommitCall;
use crate::network::{Envelope, Network};
use crate::protocol::{
    Api, ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, ErrorCode, FetchResponse,
    FetchedData, FindCoordinatorResponse, HeartbeatResponse, JoinedGeneration, LeaveGroupResponse,
    ListOffsetsResponse, MemberHeartbeat, Message, MetadataResponse, NodeId, OffsetCommitResponse,
    OffsetFetchResponse, Request, SyncGroupResponse,
};
use crate::record::{Record, RecordBatch, RecordId};
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::topic::{TopicId, TopicIdPartition};

const CLIENT: ClientId = ClientId(1);
const BROKER: BrokerId = BrokerId(1);
const TOPIC_ID: TopicId = TopicId { most_significant_bits: 1, least_significant_bits: 1 };

/// One consumer of group `g` and topic `t`, and a broker that answers by the book except where it is told otherwise.
struct Bench {
    consumer: Option<Consumer>,
    now: SimTime,
    scenario: Scenario,
    cluster: Cluster,
    rng: Rng,
    agenda: Agenda,
    network: Network,
    events: Vec<Event>,
    /// How the broker answers this API; `None` is silence.
    broken: BTreeMap<Api, Option<ErrorCode>>,
    /// Requests in order of arrival, by their time.
    asked: Vec<(SimTime, Api)>,
    /// The member ids of JoinGroups.
    joined_as: Vec<Rc<str>>,
    beats: Vec<ConsumerGroupHeartbeatRequest>,
    unread_record: bool,
}

impl Bench {
    fn new(settings: &[(&str, &str)], application: Application) -> Self {
        let mut properties = Properties::default();
        properties.set("group.id", "g");
        properties.set("auto.offset.reset", "earliest");
        for (name, value) in settings {
            properties.set(name, value);
        }
        let config = ConsumerConfig::from_properties(&properties, "c").unwrap();
        let scenario = Scenario::one_broker(1);
        let mut bench = Self {
            consumer: None,
            now: SimTime::ZERO,
            cluster: Cluster::new(&scenario),
            scenario,
            rng: Rng::new(1),
            agenda: Agenda::default(),
            network: Network::default(),
            events: Vec::new(),
            broken: BTreeMap::new(),
            asked: Vec::new(),
            joined_as: Vec::new(),
            beats: Vec::new(),
            unread_record: true,
        };
        let source = Source::Subscribe(vec!["t".into()]);
        let consumer = Consumer::start(CLIENT, config, &source, application, &mut bench.context());
        bench.consumer = Some(consumer);
        bench
    }

    fn context(&mut self) -> Context<'_> {
        Context {
            now: self.now,
            node: NodeId::Client(CLIENT),
            scenario: &self.scenario,
            cluster: &mut self.cluster,
            rng: &mut self.rng,
            agenda: &mut self.agenda,
            network: &mut self.network,
            events: &mut self.events,
        }
    }

    fn with(&mut self, act: impl FnOnce(&mut Consumer, &mut Context<'_>)) {
        let mut consumer = self.consumer.take().expect("nobody else has it");
        act(&mut consumer, &mut self.context());
        self.consumer = Some(consumer);
    }

    fn consumer(&self) -> &Consumer {
        self.consumer.as_ref().expect("nobody else has it")
    }

    /// Answers and lets time pass. Says what happened.
    fn run(&mut self, millis: u64) -> Vec<Event> {
        let until = self.now + Duration::from_millis(millis);
        while let Some((at, occurrence)) =
            self.agenda.next_at().filter(|at| *at <= until).and_then(|_| self.agenda.pop())
        {
            self.now = at;
            match occurrence {
                Occurrence::Disconnection(disconnection) => {
                    self.network.on_told(disconnection, at, &mut self.rng);
                    self.with(|consumer, context| consumer.on_disconnected(BROKER, context));
                }
                Occurrence::Controller(_) => unreachable!("the bench has no controller"),
                Occurrence::Timer(_, timer) => {
                    self.with(|consumer, context| consumer.on_timer(&timer, context));
                }
                Occurrence::Delivery(Envelope {
                    message: Message::Request { correlation_id, request },
                    ..
                }) => {
                    self.asked.push((at, request.api()));
                    if let Request::JoinGroup(join) = &request {
                        self.joined_as.push(join.member_id.clone());
                    }
                    if let Request::ConsumerGroupHeartbeat(beat) = &request {
                        self.beats.push(beat.clone());
                    }
                    if let Some(response) = self.answer(&request) {
                        self.with(|consumer, context| {
                            consumer.on_response(BROKER, correlation_id, response, context);
                        });
                    }
                }
                Occurrence::Delivery(_) => unreachable!("the bench answers without a network"),
            }
        }
        self.now = until;
        std::mem::take(&mut self.events)
    }

    fn answer(&mut self, request: &Request) -> Option<Response> {
        let error = match self.broken.get(&request.api()) {
            Some(None) => return None,
            Some(Some(error)) => Some(*error),
            None => None,
        };
        let partition = TopicPartition::new("t", 0);
        let outcome = error.map_or(Ok(()), Err);
        Some(match request {
            Request::Metadata(_) => {
                let only = Partition {
                    leader: Some(BROKER),
                    leader_epoch: 0,
                    partition_epoch: 0,
                    replicas: vec![BROKER],
                    isr: vec![BROKER],
                    elr: Vec::new(),
                    last_known_elr: Vec::new(),
                    adding_replicas: Vec::new(),
                    removing_replicas: Vec::new(),
                };
                let topic = Topic { id: TOPIC_ID, partitions: vec![only], configs: BTreeMap::new() };
                let topics = vec![("t".into(), Ok(Rc::new(topic)))];
                Response::Metadata(MetadataResponse { brokers: self.cluster.image().alive_nodes(), topics })
            }
            Request::FindCoordinator(_) => {
                let coordinator = outcome.map(|()| BROKER);
                Response::FindCoordinator(FindCoordinatorResponse { coordinator })
            }
            Request::JoinGroup(_) => Response::JoinGroup(JoinGroupResponse {
                member_id: "m".into(),
                outcome: outcome.map(|()| JoinedGeneration {
                    generation_id: 1,
                    protocol: "range".into(),
                    leader: "another".into(),
                    skip_assignment: false,
                    members: Vec::new(),
                }),
            }),
            Request::SyncGroup(_) => {
                let assignment = outcome.map(|()| vec![partition]);
                Response::SyncGroup(SyncGroupResponse { assignment })
            }
            Request::Heartbeat(_) => Response::Heartbeat(HeartbeatResponse { outcome }),
            Request::LeaveGroup(_) => {
                Response::LeaveGroup(LeaveGroupResponse { outcome: outcome.map(|()| Vec::new()) })
            }
            Request::OffsetCommit(_) => {
                Response::OffsetCommit(OffsetCommitResponse { partitions: vec![(partition, outcome)] })
            }
            Request::OffsetFetch(_) => {
                let outcome = outcome.map(|()| vec![(partition, None)]);
                Response::OffsetFetch(OffsetFetchResponse { outcome })
            }
            Request::ListOffsets(_) => Response::ListOffsets(ListOffsetsResponse {
                partitions: vec![(partition, outcome.map(|()| Some(0)))],
            }),
            // One record, ever; a fetch of more waits.
            Request::Fetch(_) => {
                if !std::mem::take(&mut self.unread_record) {
                    return None;
                }
                let record =
                    Record { id: RecordId(1), timestamp: 0, key: None, value: None, headers: Rc::from([]) };
                let batches = vec![Rc::new(RecordBatch::new(vec![record]))];
                let data = FetchedData {
                    diverging_epoch: None,
                    high_watermark: 1,
                    last_stable_offset: 1,
                    log_start_offset: 0,
                    aborted_transactions: Vec::new(),
                    batches,
                };
                Response::Fetch(FetchResponse { partitions: vec![(partition, Ok(data))] })
            }
            Request::ConsumerGroupHeartbeat(request) => {
                let outcome = outcome.map(|()| accept(request));
                Response::ConsumerGroupHeartbeat(ConsumerGroupHeartbeatResponse { outcome })
            }
            Request::Produce(_)
            | Request::InitProducerId(_)
            | Request::AddPartitionsToTxn(_)
            | Request::TxnOffsetCommit(_)
            | Request::EndTxn(_)
            | Request::WriteTxnMarkers(_) => unreachable!("a consumer never asks for it"),
        })
    }

    fn times_asked(&self, api: Api) -> usize {
        self.asked.iter().filter(|(_, of)| *of == api).count()
    }

    fn generation(&self) -> Option<i32> {
        self.consumer().membership().and_then(Membership::epoch)
    }
}

/// Whoever joins is given the only partition at epoch 1.
fn accept(request: &ConsumerGroupHeartbeatRequest) -> MemberHeartbeat {
    let joins = request.member_epoch == 0;
    let only = TopicIdPartition { topic_id: TOPIC_ID, partition: 0 };
    MemberHeartbeat {
        member_id: request.member_id.clone(),
        member_epoch: if joins { 1 } else { request.member_epoch },
        heartbeat_interval: Duration::from_secs(5),
        assignment: joins.then(|| vec![only]),
    }
}

fn commits(strategy: fn(CommitPoint) -> CommitStrategy) -> Application {
    let point = CommitPoint { unit: CommitUnit::Batch, moment: CommitMoment::AfterProcessing };
    Application { commit: strategy(point), ..Application::default() }
}

fn commit_outcomes(events: &[Event]) -> Vec<(CommitCall, Result<(), CommitError>)> {
    let outcome = |event: &Event| {
        if let Event::CommitCompleted { call, .. } = event {
            Some((*call, Ok(())))
        } else if let Event::CommitFailed { call, error, .. } = event {
            Some((*call, Err(*error)))
        } else {
            None
        }
    };
    events.iter().filter_map(outcome).collect()
}

#[test]
fn commit_sync_tries_again_until_the_coordinator_is_ready() {
    for error in [
        ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::NotCoordinator,
        ErrorCode::CoordinatorNotAvailable,
        ErrorCode::UnknownTopicOrPartition,
    ] {
        let mut bench = Bench::new(&[("enable.auto.commit", "false")], commits(CommitStrategy::Sync));
        bench.broken.insert(Api::OffsetCommit, Some(error));
        assert_eq!(commit_outcomes(&bench.run(1000)), []);
        let (tries, look_ups) =
            (bench.times_asked(Api::OffsetCommit), bench.times_asked(Api::FindCoordinator));
        assert!((5..=11).contains(&tries), "one try every retry.backoff.ms: {tries}");
        let moved = matches!(error, ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable);
        assert_eq!(look_ups > 1, moved, "{error}");
        bench.broken.clear();
        assert_eq!(commit_outcomes(&bench.run(1000)), [(CommitCall::Sync, Ok(()))]);
    }
}

#[test]
fn commit_sync_gives_up_at_default_api_timeout() {
    let settings = [("enable.auto.commit", "false"), ("default.api.timeout.ms", "5000")];
    let mut bench = Bench::new(&settings, commits(CommitStrategy::Sync));
    bench.broken.insert(Api::OffsetCommit, Some(ErrorCode::CoordinatorLoadInProgress));
    assert_eq!(commit_outcomes(&bench.run(4900)), []);
    let outcomes = commit_outcomes(&bench.run(1000));
    assert_eq!(outcomes, [(CommitCall::Sync, Err(CommitError::Timeout))]);
}

#[test]
fn commit_async_is_not_tried_again() {
    let mut bench = Bench::new(&[("enable.auto.commit", "false")], commits(CommitStrategy::Async));
    let error = ErrorCode::CoordinatorLoadInProgress;
    bench.broken.insert(Api::OffsetCommit, Some(error));
    let outcomes = commit_outcomes(&bench.run(10_000));
    assert_eq!(outcomes, [(CommitCall::Async, Err(CommitError::Retriable(error)))]);
    assert_eq!(bench.times_asked(Api::OffsetCommit), 1);
}

#[test]
fn an_auto_commit_that_fails_for_now_is_repeated_soon() {
    let mut bench = Bench::new(&[], Application::default());
    bench.broken.insert(Api::OffsetCommit, Some(ErrorCode::CoordinatorLoadInProgress));
    bench.run(5500);
    assert!(bench.times_asked(Api::OffsetCommit) > 2);
    bench.broken.clear();
    assert_eq!(commit_outcomes(&bench.run(1000)), [(CommitCall::Auto, Ok(()))]);
}

#[test]
fn a_member_that_was_thrown_out_learns_it_from_its_commit() {
    for (error, rejoins_as) in [(ErrorCode::IllegalGeneration, "m"), (ErrorCode::UnknownMemberId, "")] {
        let mut bench = Bench::new(&[("enable.auto.commit", "false")], commits(CommitStrategy::Sync));
        bench.broken.insert(Api::OffsetCommit, Some(error));
        bench.broken.insert(Api::Heartbeat, None);
        let events = bench.run(200);
        assert_eq!(commit_outcomes(&events), [(CommitCall::Sync, Err(CommitError::CommitFailed))]);
        assert!(events.iter().any(|event| matches!(event, Event::PartitionsLost { .. })));
        assert_eq!(bench.joined_as, ["".into(), rejoins_as.into()] as [Rc<str>; 2]);
    }
}

#[test]
fn a_cut_off_member_keeps_its_partitions_and_looks_for_its_coordinator() {
    let mut bench = Bench::new(&[("request.timeout.ms", "5000")], Application::default());
    bench.run(1000);
    for api in [Api::Heartbeat, Api::OffsetCommit, Api::FindCoordinator, Api::Metadata] {
        bench.broken.insert(api, None);
    }
    let events = bench.run(120_000);
    assert!(!events.iter().any(|event| matches!(event, Event::PartitionsLost { .. })));
    assert_eq!(bench.generation(), Some(1), "only a coordinator can take it away");
    assert!(bench.consumer().coordinator().is_none());

    bench.broken.clear();
    bench.broken.insert(Api::Heartbeat, Some(ErrorCode::UnknownMemberId));
    let events = bench.run(10_000);
    assert!(events.iter().any(|event| matches!(event, Event::PartitionsLost { .. })));
}

#[test]
fn a_join_that_the_coordinator_cannot_take_now_is_repeated() {
    for error in [ErrorCode::CoordinatorLoadInProgress, ErrorCode::NotCoordinator] {
        let mut bench = Bench::new(&[], Application::default());
        bench.broken.insert(Api::JoinGroup, Some(error));
        bench.run(1000);
        let joins = bench.times_asked(Api::JoinGroup);
        assert!((5..=11).contains(&joins), "{error}: {joins}");
        bench.broken.clear();
        bench.run(1000);
        assert_eq!(bench.generation(), Some(1));
    }
}

#[test]
fn a_join_that_is_never_answered_times_out_with_its_rebalance() {
    let settings = [("max.poll.interval.ms", "40000")];
    let mut bench = Bench::new(&settings, Application::default());
    bench.broken.insert(Api::JoinGroup, None);
    bench.run(44_000);
    assert_eq!(bench.times_asked(Api::JoinGroup), 1, "not before max.poll.interval.ms and five seconds");
    bench.broken.clear();
    bench.run(2000);
    assert_eq!(bench.generation(), Some(1));
}

#[test]
fn a_refusal_that_does_not_go_away_is_thrown() {
    for error in [
        ErrorCode::GroupMaxSizeReached,
        ErrorCode::InconsistentGroupProtocol,
        ErrorCode::InvalidSessionTimeout,
        ErrorCode::FencedInstanceId,
    ] {
        let mut bench = Bench::new(&[], Application::default());
        bench.broken.insert(Api::JoinGroup, Some(error));
        let failed = Event::ConsumerFailed { client: CLIENT, error: PollError::Broker(error) };
        assert!(bench.run(1000).contains(&failed), "{error}");
    }
}

#[test]
fn a_commit_that_is_fenced_makes_poll_throw_and_runs_no_callback() {
    let each_batch = CommitPoint { unit: CommitUnit::Batch, moment: CommitMoment::AfterProcessing };
    for commit in [CommitStrategy::Configured, CommitStrategy::Async(each_batch)] {
        let application = Application { commit, ..Application::default() };
        let mut bench = Bench::new(&[("group.instance.id", "a")], application);
        bench.broken.insert(Api::OffsetCommit, Some(ErrorCode::FencedInstanceId));
        let events = bench.run(20_000);
        let thrown = events.iter().find_map(|event| {
            if let Event::ConsumerFailed { error, .. } = event { Some(error.to_string()) } else { None }
        });
        let message = "Get fenced exception for group.instance.id a, current member.id is ";
        assert!(thrown.is_some_and(|text| text.starts_with(message)), "{events:?}");
        assert!(!events.iter().any(|event| matches!(event, Event::CommitFailed { .. })));
    }
}

#[test]
fn close_does_not_wait_for_ever() {
    let mut bench = Bench::new(&[], Application::default());
    bench.run(1000);
    bench.broken.insert(Api::LeaveGroup, None);
    bench.with(Consumer::close);
    bench.run(29_000);
    assert!(bench.consumer().is_closing());
    bench.run(2000);
    assert!(bench.consumer().has_ended());
}

#[test]
fn close_commits_then_tells_the_listener_then_leaves() {
    let mut bench = Bench::new(&[], Application::default());
    bench.run(1000);
    bench.with(Consumer::close);
    let events = bench.run(1000);
    let place = |wanted: fn(&Event) -> bool| events.iter().position(wanted);
    let committed = place(|event| matches!(event, Event::CommitCompleted { call: CommitCall::Auto, .. }));
    let revoked = place(|event| matches!(event, Event::PartitionsRevoked { .. }));
    assert!(committed.is_some() && committed < revoked, "{events:?}");
    assert_eq!(bench.times_asked(Api::LeaveGroup), 1);
    assert!(bench.consumer().has_ended());
}
