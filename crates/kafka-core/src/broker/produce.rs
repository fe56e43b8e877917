//! Produce requests, and those that wait for followers.
//!
//! Mirrors `ReplicaManager.appendRecords` and `DelayedProduce`.

use std::ops::Range;
use std::time::Duration;

use crate::broker::producer_state::Duplicate;
use crate::broker::{Broker, log_validator};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{
    Acks, ErrorCode, ProduceRequest, ProduceResponse, RequestHandle, Response, WriteTxnMarkersResponse,
};
use crate::record::RecordBatch;
use crate::topic::TopicPartition;

/// `request.timeout.ms` of a broker.
const MARKER_TIMEOUT: Duration = Duration::from_secs(30);

/// A request with acks=all, or for markers, whose batches are not committed yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DelayedProduce {
    writes: Writes,
    partitions: Vec<(TopicPartition, Progress)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Writes {
    Records,
    Markers,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Progress {
    /// Committed once the high watermark is at `next_offset`.
    Waiting {
        base_offset: i64,
        next_offset: i64,
    },
    Done(Result<i64, ErrorCode>),
}

impl Broker {
    pub(super) fn on_produce(
        &mut self,
        handle: RequestHandle,
        request: ProduceRequest,
        context: &mut Context<'_>,
    ) {
        match request.transactional_id.clone() {
            Some(id) => self.on_transactional_produce(handle, id, request, context),
            None => self.append_produce(handle, request, &[], context),
        }
    }

    /// Appends what is not refused already.
    pub(super) fn append_produce(
        &mut self,
        handle: RequestHandle,
        request: ProduceRequest,
        refused: &[(TopicPartition, ErrorCode)],
        context: &mut Context<'_>,
    ) {
        let ProduceRequest { acks, timeout, batches, .. } = request;
        let mut partitions = Vec::new();
        for (partition, batch) in batches {
            let refusal = refused.iter().find(|(refused, _)| *refused == partition);
            let checked = refusal.map_or(Ok(()), |(_, error)| Err(*error));
            let progress = match checked.and_then(|()| self.check_produce(acks, &partition, &batch, context))
            {
                Ok(()) => self.append_produced(acks, &partition, &batch, context),
                Err(error) => Progress::Done(Err(error)),
            };
            partitions.push((partition, progress));
        }
        let mut delayed = DelayedProduce { writes: Writes::Records, partitions };
        self.settle(&mut delayed, context);
        match acks {
            // Nobody waits for an answer; a failure shows as a closed connection.
            Acks::None if delayed.has_failed() => context.hang_up(handle.from),
            Acks::None => {}
            Acks::Leader | Acks::All if delayed.is_done() => context.respond(handle, delayed.response()),
            Acks::Leader | Acks::All => {
                context.set_timer(Timer::DelayedProduce(handle), context.now + timeout);
                self.delayed_produces.insert(handle, delayed);
            }
        }
    }

    /// Answers a request for markers once those that were appended, at these offsets, are committed.
    pub(super) fn await_markers(
        &mut self,
        handle: RequestHandle,
        markers: Vec<(TopicPartition, Result<Range<i64>, ErrorCode>)>,
        context: &mut Context<'_>,
    ) {
        let waiting =
            |offsets: Range<i64>| Progress::Waiting { base_offset: offsets.start, next_offset: offsets.end };
        let progress = |(partition, outcome): (_, Result<_, _>)| {
            (partition, outcome.map_or_else(|error| Progress::Done(Err(error)), waiting))
        };
        let partitions = markers.into_iter().map(progress).collect();
        let mut delayed = DelayedProduce { writes: Writes::Markers, partitions };
        self.settle(&mut delayed, context);
        if delayed.is_done() {
            return context.respond(handle, delayed.response());
        }
        context.set_timer(Timer::DelayedProduce(handle), context.now + MARKER_TIMEOUT);
        self.delayed_produces.insert(handle, delayed);
    }

    /// Answers every waiting request whose batches have reached all in-sync replicas, or never will from here.
    pub(super) fn complete_produces(&mut self, context: &mut Context<'_>) {
        let waiting: Vec<_> = self.delayed_produces.keys().copied().collect();
        for handle in waiting {
            let Some(mut delayed) = self.delayed_produces.remove(&handle) else { continue };
            self.settle(&mut delayed, context);
            if delayed.is_done() {
                context.cancel_timer(&Timer::DelayedProduce(handle));
                context.respond(handle, delayed.response());
            } else {
                self.delayed_produces.insert(handle, delayed);
            }
        }
    }

    pub(super) fn expire_produce(&mut self, handle: RequestHandle, context: &mut Context<'_>) {
        let Some(mut delayed) = self.delayed_produces.remove(&handle) else { return };
        for (_, progress) in &mut delayed.partitions {
            if let Progress::Waiting { .. } = progress {
                *progress = Progress::Done(Err(ErrorCode::RequestTimedOut));
            }
        }
        context.respond(handle, delayed.response());
    }

    fn append_produced(
        &mut self,
        acks: Acks,
        partition: &TopicPartition,
        batch: &RecordBatch,
        context: &mut Context<'_>,
    ) -> Progress {
        let records = batch.records.len() as u32;
        let (base_offset, next_offset) = match self.replicas[partition].log.check_sequence(batch) {
            Err(error) => return Progress::Done(Err(error)),
            Ok(Some(Duplicate { base_offset, next_offset })) => {
                let (broker, partition, first) = (self.id, partition.clone(), batch.first_id());
                context.emit(Event::DuplicateDiscarded { broker, partition, base_offset, first, records });
                (base_offset, next_offset)
            }
            Ok(None) => {
                let base_offset = self.append(partition, batch, context);
                self.advance_high_watermark(partition, context);
                self.complete_fetches(context);
                (base_offset, base_offset + i64::from(records))
            }
        };
        match acks {
            Acks::None | Acks::Leader => Progress::Done(Ok(base_offset)),
            Acks::All => Progress::Waiting { base_offset, next_offset },
        }
    }

    fn check_produce(
        &self,
        acks: Acks,
        partition: &TopicPartition,
        batch: &RecordBatch,
        context: &Context<'_>,
    ) -> Result<(), ErrorCode> {
        self.led(partition)?;
        if acks == Acks::All && !self.has_enough_replicas(partition, context) {
            return Err(ErrorCode::NotEnoughReplicas);
        }
        log_validator::validate(batch, self.replicas[partition].log.config(), context.wall_millis())
    }

    pub(super) fn has_enough_replicas(&self, id: &TopicPartition, context: &Context<'_>) -> bool {
        let required = self.image.effective_min_isr(id, &context.scenario.broker);
        self.image.partition(id).is_some_and(|partition| partition.isr.len() as u32 >= required)
    }

    /// `Partition.checkEnoughReplicasReachOffset`
    fn settle(&self, delayed: &mut DelayedProduce, context: &Context<'_>) {
        for (partition, progress) in &mut delayed.partitions {
            let Progress::Waiting { base_offset, next_offset } = *progress else { continue };
            match self.led(partition) {
                Err(error) => *progress = Progress::Done(Err(error)),
                Ok(replica) if replica.high_watermark() < next_offset => {}
                Ok(_) if self.has_enough_replicas(partition, context) => {
                    *progress = Progress::Done(Ok(base_offset));
                }
                Ok(_) => *progress = Progress::Done(Err(ErrorCode::NotEnoughReplicasAfterAppend)),
            }
        }
    }
}

impl DelayedProduce {
    fn is_done(&self) -> bool {
        self.partitions.iter().all(|(_, progress)| matches!(progress, Progress::Done(_)))
    }

    fn has_failed(&self) -> bool {
        self.partitions.iter().any(|(_, progress)| matches!(progress, Progress::Done(Err(_))))
    }

    fn response(self) -> Response {
        let outcome = |progress| match progress {
            Progress::Done(outcome) => outcome,
            Progress::Waiting { .. } => unreachable!("a request is answered when all of it is settled"),
        };
        let partitions = self.partitions.into_iter();
        let partitions = partitions.map(|(partition, progress)| (partition, outcome(progress)));
        match self.writes {
            Writes::Records => Response::Produce(ProduceResponse { partitions: partitions.collect() }),
            Writes::Markers => Response::WriteTxnMarkers(WriteTxnMarkersResponse {
                partitions: partitions.map(|(partition, outcome)| (partition, outcome.map(|_| ()))).collect(),
            }),
        }
    }
}
