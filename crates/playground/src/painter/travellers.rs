//! Messages on their way, as far as they are worth looking at.

use std::rc::Rc;

use kafka_core::network::Envelope;
use kafka_core::protocol::{
    BrokerId, ClientId, ErrorCode, FetchPartition, FetchRequest, FetchResponse, Message, NodeId, Request,
    Response,
};
use kafka_core::record::RecordBatch;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use super::{Moment, lane_id};
use crate::memory::is_internal;
use crate::scene::{Anchor, Cargo, Traveller};

/// Partitions of one message that are drawn one by one.
const PARTS: usize = 64;

pub(super) fn paint(moment: &Moment<'_>) -> Vec<Traveller> {
    let now = moment.now();
    let mut travellers = Vec::new();
    for envelope in moment.simulation.envelopes() {
        let parts = parts(moment, envelope);
        for (part, (from, to, cargo)) in (0..).zip(parts.into_iter().take(PARTS)) {
            let id = envelope.id * PARTS as u64 + part;
            travellers.push(Traveller { id, from, to, progress: progress(envelope, now), cargo });
        }
    }
    travellers
}

/// The newest message on its way that playback slows down for, if any: records, acknowledgements, what followers copy,
/// and what changes a group. Heartbeats and empty fetches are routine.
pub(crate) fn newest_in_sight(simulation: &Simulation) -> Option<u64> {
    let in_sight = simulation.envelopes().filter(|envelope| is_in_sight(simulation, envelope));
    in_sight.map(|envelope| envelope.id).max()
}

fn is_in_sight(simulation: &Simulation, envelope: &Envelope) -> bool {
    if client(envelope).is_none() {
        return match &envelope.message {
            Message::Response { response: Response::Fetch(fetched), .. } => carries_records(fetched),
            Message::Request { request: Request::Fetch(fetch), .. } => {
                confirmed(simulation, envelope.from, fetch).next().is_some()
            }
            Message::Request { .. } | Message::Response { .. } => false,
        };
    }
    match &envelope.message {
        Message::Request { request, .. } => match request {
            Request::Produce(_) | Request::JoinGroup(_) | Request::SyncGroup(_) | Request::LeaveGroup(_) => {
                true
            }
            Request::Metadata(_)
            | Request::Fetch(_)
            | Request::ListOffsets(_)
            | Request::FindCoordinator(_)
            | Request::Heartbeat(_)
            | Request::OffsetCommit(_)
            | Request::OffsetFetch(_)
            | Request::ConsumerGroupHeartbeat(_)
            | Request::InitProducerId(_)
            | Request::AddPartitionsToTxn(_)
            | Request::TxnOffsetCommit(_)
            | Request::EndTxn(_)
            | Request::WriteTxnMarkers(_) => false,
        },
        Message::Response { response, .. } => match response {
            Response::Produce(_)
            | Response::JoinGroup(_)
            | Response::SyncGroup(_)
            | Response::LeaveGroup(_) => true,
            Response::Fetch(fetched) => carries_records(fetched),
            Response::Heartbeat(heard) => heard.outcome.is_err(),
            Response::ConsumerGroupHeartbeat(heard) => {
                heard.outcome.as_ref().map_or(true, |accepted| accepted.assignment.is_some())
            }
            Response::Metadata(_)
            | Response::ListOffsets(_)
            | Response::FindCoordinator(_)
            | Response::OffsetCommit(_)
            | Response::OffsetFetch(_)
            | Response::InitProducerId(_)
            | Response::AddPartitionsToTxn(_)
            | Response::TxnOffsetCommit(_)
            | Response::EndTxn(_)
            | Response::WriteTxnMarkers(_) => false,
        },
    }
}

fn progress(envelope: &Envelope, now: SimTime) -> u16 {
    let whole = envelope.arrives.since(envelope.sent).as_micros().max(1);
    (now.since(envelope.sent).as_micros() * 1000 / whole).min(1000) as u16
}

/// One message may carry things from and to several places.
fn parts(moment: &Moment<'_>, envelope: &Envelope) -> Vec<(Anchor, Anchor, Cargo)> {
    let Some(client) = client(envelope) else { return replication_parts(moment, envelope) };
    match &envelope.message {
        Message::Request { request, .. } => request_parts(moment, client, request),
        Message::Response { response, .. } => response_parts(moment, client, response),
    }
}

/// Records on their way to a follower, and the fetch by which the leader will know that it has them.
fn replication_parts(moment: &Moment<'_>, envelope: &Envelope) -> Vec<(Anchor, Anchor, Cargo)> {
    let (NodeId::Broker(from), NodeId::Broker(to)) = (envelope.from, envelope.to) else { return Vec::new() };
    let copy = |partition, follower: BrokerId| Anchor::Replica(lane_id(partition), follower.0);
    match &envelope.message {
        Message::Response { response: Response::Fetch(fetched), .. } => fetched_records(moment, fetched)
            .map(|(partition, cargo)| (Anchor::Lane(lane_id(partition)), copy(partition, to), cargo))
            .collect(),
        Message::Request { request: Request::Fetch(fetch), .. } => {
            let cargo = Cargo::Acknowledgement { error: None };
            confirmed(moment.simulation, envelope.from, fetch)
                .map(|partition| (copy(partition, from), Anchor::Lane(lane_id(partition)), cargo.clone()))
                .collect()
        }
        Message::Request { .. } | Message::Response { .. } => Vec::new(),
    }
}

/// Partitions of which a follower's fetch tells the leader that it has more than the leader knew, and than was committed.
fn confirmed<'a>(
    simulation: &'a Simulation,
    follower: NodeId,
    fetch: &'a FetchRequest,
) -> impl Iterator<Item = &'a TopicPartition> {
    let is_news = move |asked: &&FetchPartition| {
        let Some(leader) = simulation.leader_replica(&asked.partition) else { return false };
        let mut known = leader.follower_end_offsets();
        let known = known.find(|(broker, _)| NodeId::Broker(*broker) == follower).map(|(_, end)| end);
        asked.fetch_offset > leader.high_watermark() && known.is_none_or(|end| asked.fetch_offset > end)
    };
    let visible = fetch.partitions.iter().filter(|asked| !is_internal(&asked.partition.topic));
    visible.take(PARTS).filter(is_news).map(|asked| &asked.partition)
}

fn request_parts(moment: &Moment<'_>, client: ClientId, request: &Request) -> Vec<(Anchor, Anchor, Cargo)> {
    match request {
        Request::Produce(produce) => {
            let part = |(partition, batch): &(_, Rc<RecordBatch>)| {
                (Anchor::Producer(client.0), Anchor::Lane(lane_id(partition)), records(moment, [batch]))
            };
            produce.batches.iter().map(part).collect()
        }
        Request::JoinGroup(_)
        | Request::SyncGroup(_)
        | Request::Heartbeat(_)
        | Request::LeaveGroup(_)
        | Request::OffsetCommit(_)
        | Request::OffsetFetch(_)
        | Request::ConsumerGroupHeartbeat(_) => {
            let to = coordinator(moment, client);
            to.map(|to| (Anchor::Consumer(client.0), to, Cargo::Request(request.api()))).into_iter().collect()
        }
        Request::Metadata(_)
        | Request::Fetch(_)
        | Request::ListOffsets(_)
        | Request::FindCoordinator(_)
        | Request::InitProducerId(_)
        | Request::AddPartitionsToTxn(_)
        | Request::TxnOffsetCommit(_)
        | Request::EndTxn(_)
        | Request::WriteTxnMarkers(_) => Vec::new(),
    }
}

fn response_parts(
    moment: &Moment<'_>,
    client: ClientId,
    response: &Response,
) -> Vec<(Anchor, Anchor, Cargo)> {
    let from_coordinator = |error: Option<ErrorCode>| {
        let from = coordinator(moment, client);
        let cargo = Cargo::Response { api: response.api(), error };
        from.map(|from| (from, Anchor::Consumer(client.0), cargo)).into_iter().collect()
    };
    match response {
        Response::Produce(produced) => {
            let part = |(partition, outcome): &(_, Result<i64, ErrorCode>)| {
                let cargo = Cargo::Acknowledgement { error: outcome.err() };
                (Anchor::Lane(lane_id(partition)), Anchor::Producer(client.0), cargo)
            };
            produced.partitions.iter().map(part).collect()
        }
        Response::Fetch(fetched) => fetched_records(moment, fetched)
            .map(|(partition, cargo)| (Anchor::Lane(lane_id(partition)), Anchor::Consumer(client.0), cargo))
            .collect(),
        Response::JoinGroup(joined) => from_coordinator(joined.outcome.as_ref().err().copied()),
        Response::SyncGroup(synced) => from_coordinator(synced.assignment.as_ref().err().copied()),
        Response::Heartbeat(heard) => from_coordinator(heard.outcome.err()),
        Response::ConsumerGroupHeartbeat(heard) => from_coordinator(heard.outcome.as_ref().err().copied()),
        Response::LeaveGroup(left) => from_coordinator(left.outcome.as_ref().err().copied()),
        Response::OffsetCommit(committed) => {
            from_coordinator(committed.partitions.iter().find_map(|(_, outcome)| outcome.err()))
        }
        Response::OffsetFetch(fetched) => from_coordinator(fetched.outcome.as_ref().err().copied()),
        Response::Metadata(_)
        | Response::ListOffsets(_)
        | Response::FindCoordinator(_)
        | Response::InitProducerId(_)
        | Response::AddPartitionsToTxn(_)
        | Response::TxnOffsetCommit(_)
        | Response::EndTxn(_)
        | Response::WriteTxnMarkers(_) => Vec::new(),
    }
}

/// What a fetch brings, by partition, without Kafka's own topics.
fn fetched_records<'a>(
    moment: &Moment<'_>,
    fetched: &'a FetchResponse,
) -> impl Iterator<Item = (&'a TopicPartition, Cargo)> {
    let visible = fetched.partitions.iter().filter(|(partition, _)| !is_internal(&partition.topic));
    visible.filter_map(|(partition, data)| {
        let batches = &data.as_ref().ok()?.batches;
        (!batches.is_empty()).then(|| (partition, records(moment, batches)))
    })
}

fn records<'a>(moment: &Moment<'_>, batches: impl IntoIterator<Item = &'a Rc<RecordBatch>>) -> Cargo {
    let mut hues = Vec::new();
    let mut more = 0;
    for record in batches.into_iter().flat_map(|batch| batch.records.iter()) {
        if hues.len() < Cargo::SHOWN {
            hues.push(moment.memory.hue(record.key.as_ref()));
        } else {
            more += 1;
        }
    }
    Cargo::Records { hues: hues.into(), more }
}

/// The client at one end; none between brokers.
fn client(envelope: &Envelope) -> Option<ClientId> {
    match (envelope.from, envelope.to) {
        (NodeId::Client(client), NodeId::Broker(_)) | (NodeId::Broker(_), NodeId::Client(client)) => {
            Some(client)
        }
        (NodeId::Broker(_), NodeId::Broker(_)) | (NodeId::Client(_), NodeId::Client(_)) => None,
    }
}

fn coordinator(moment: &Moment<'_>, client: ClientId) -> Option<Anchor> {
    let group = moment.memory.clients.get(&client)?.group.clone()?;
    Some(Anchor::Coordinator(group))
}

fn carries_records(response: &FetchResponse) -> bool {
    response.partitions.iter().any(|(partition, data)| {
        let batches = data.as_ref().is_ok_and(|data| !data.batches.is_empty());
        batches && !is_internal(&partition.topic)
    })
}
