//! What decides which batches may be sent now: leaders, and order.

use std::collections::{BTreeMap, BTreeSet};

use super::InFlight;
use super::batch::ProducerBatch;
use super::idempotence::Idempotence;
use crate::config::ProducerConfig;
use crate::metadata::ClientMetadata;
use crate::protocol::{BrokerId, CorrelationId};
use crate::time::SimTime;
use crate::topic::TopicPartition;

pub(super) struct Drain<'a> {
    pub(super) now: SimTime,
    /// Nothing lingers.
    pub(super) flushing: bool,
    metadata: &'a ClientMetadata,
    idempotence: Option<&'a Idempotence>,
    /// Partitions that have a request in flight, where only one is allowed (`guaranteeMessageOrder`).
    muted: BTreeSet<&'a TopicPartition>,
}

impl<'a> Drain<'a> {
    pub(super) fn new(
        config: &ProducerConfig,
        metadata: &'a ClientMetadata,
        idempotence: Option<&'a Idempotence>,
        in_flight: &'a BTreeMap<CorrelationId, InFlight>,
        (now, flushing): (SimTime, bool),
    ) -> Self {
        let muted = if config.max_in_flight_requests_per_connection == 1 {
            in_flight.values().flat_map(|request| &request.batches).map(|(partition, _)| partition).collect()
        } else {
            BTreeSet::new()
        };
        Self { now, flushing, metadata, idempotence, muted }
    }

    /// A partition's leader, as the producer knows it.
    pub(super) fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.metadata.leader(partition)
    }

    /// The batch at the head of a partition may go out, as far as order is concerned.
    pub(super) fn may_send(&self, partition: &TopicPartition, batch: &ProducerBatch) -> bool {
        let in_order = self.idempotence.is_none_or(|sequences| sequences.may_send(partition, batch));
        in_order && !self.muted.contains(partition)
    }

    /// A partition with a new leader is tried at once.
    pub(super) fn backs_off_until(&self, partition: &TopicPartition, batch: &ProducerBatch) -> SimTime {
        match batch.retry {
            Some(retry) if retry.leader_epoch == self.metadata.leader_epoch(partition) => retry.not_before,
            Some(_) | None => SimTime::ZERO,
        }
    }
}
