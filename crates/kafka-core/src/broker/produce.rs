//! Produce requests, and those that wait for followers.
//!
//! Mirrors `ReplicaManager.appendRecords` and `DelayedProduce`.

use crate::broker::Broker;
use crate::node::{Context, Timer};
use crate::protocol::{Acks, ErrorCode, ProduceRequest, ProduceResponse, RequestHandle, Response};
use crate::record::RecordBatch;
use crate::topic::TopicPartition;

/// A request with acks=all whose batches are not committed yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DelayedProduce {
    partitions: Vec<(TopicPartition, Result<Appended, ErrorCode>)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Appended {
    base_offset: i64,
    /// Committed once the high watermark is here.
    next_offset: i64,
}

impl Broker {
    pub(super) fn on_produce(
        &mut self,
        handle: RequestHandle,
        request: ProduceRequest,
        context: &mut Context<'_>,
    ) {
        let ProduceRequest { acks, timeout, batches } = request;
        let mut partitions = Vec::new();
        for (partition, batch) in batches {
            let appended = self.check_produce(acks, &partition, &batch, context).map(|()| {
                let base_offset = self.append(&partition, &batch, context);
                Appended { base_offset, next_offset: base_offset + batch.records.len() as i64 }
            });
            if appended.is_ok() {
                self.advance_high_watermark(&partition, context);
                self.complete_fetches(context);
            }
            partitions.push((partition, appended));
        }
        let delayed = DelayedProduce { partitions };
        match acks {
            Acks::None => {}
            Acks::Leader => context.respond(handle, delayed.response()),
            Acks::All if self.is_committed(&delayed) => context.respond(handle, delayed.response()),
            Acks::All => {
                context.set_timer(Timer::DelayedProduce(handle), context.now + timeout);
                self.delayed_produces.insert(handle, delayed);
            }
        }
    }

    /// Answers every waiting request whose batches have reached all in-sync replicas.
    pub(super) fn complete_produces(&mut self, context: &mut Context<'_>) {
        let committed: Vec<_> = self
            .delayed_produces
            .iter()
            .filter(|(_, delayed)| self.is_committed(delayed))
            .map(|(handle, _)| *handle)
            .collect();
        for handle in committed {
            let delayed = self.delayed_produces.remove(&handle).expect("it was listed from this map");
            context.cancel_timer(&Timer::DelayedProduce(handle));
            context.respond(handle, delayed.response());
        }
    }

    pub(super) fn expire_produce(&mut self, handle: RequestHandle, context: &mut Context<'_>) {
        let Some(mut delayed) = self.delayed_produces.remove(&handle) else { return };
        for (partition, outcome) in &mut delayed.partitions {
            if outcome.is_ok_and(|appended| self.replicas[partition].high_watermark < appended.next_offset) {
                *outcome = Err(ErrorCode::RequestTimedOut);
            }
        }
        context.respond(handle, delayed.response());
    }

    /// Partitions are gone, and the produce requests that wait for them are answered.
    pub(super) fn fail_produces(&mut self, partitions: &[TopicPartition], context: &mut Context<'_>) {
        for delayed in self.delayed_produces.values_mut() {
            for (partition, outcome) in &mut delayed.partitions {
                if partitions.contains(partition) {
                    *outcome = Err(ErrorCode::UnknownTopicOrPartition);
                }
            }
        }
        self.complete_produces(context);
    }

    fn check_produce(
        &self,
        acks: Acks,
        partition: &TopicPartition,
        batch: &RecordBatch,
        context: &Context<'_>,
    ) -> Result<(), ErrorCode> {
        self.led(partition, context)?;
        let metadata = context.cluster.partition(partition).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let in_sync = metadata.isr.len() as u32;
        let required = context.scenario.broker.min_insync_replicas.min(metadata.replicas.len() as u32);
        if acks == Acks::All && in_sync < required {
            return Err(ErrorCode::NotEnoughReplicas);
        }
        if batch.size_in_bytes > context.scenario.broker.message_max_bytes {
            return Err(ErrorCode::MessageTooLarge);
        }
        Ok(())
    }

    fn is_committed(&self, delayed: &DelayedProduce) -> bool {
        delayed.partitions.iter().all(|(partition, outcome)| match outcome {
            Ok(appended) => self.replicas[partition].high_watermark >= appended.next_offset,
            Err(_) => true,
        })
    }
}

impl DelayedProduce {
    fn response(self) -> Response {
        let partitions = self.partitions.into_iter();
        Response::Produce(ProduceResponse {
            partitions: partitions
                .map(|(partition, outcome)| (partition, outcome.map(|appended| appended.base_offset)))
                .collect(),
        })
    }
}
