//! Fetches, committed offsets and offset look-ups: everything that moves positions.
//!
//! Mirrors `AbstractFetch`, `OffsetFetcher` and `ConsumerCoordinator.refreshCommittedOffsetsIfNeeded`.

use std::collections::BTreeMap;

use crate::consumer::Consumer;
use crate::event::PositionOrigin;
use crate::node::Context;
use crate::protocol::{
    BrokerId, CorrelationId, ErrorCode, FetchPartition, FetchRequest, FetchResponse, ListOffsetsRequest,
    ListOffsetsResponse, OffsetFetchRequest, OffsetFetchResponse, Request,
};
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct InFlightFetch {
    correlation_id: CorrelationId,
    /// What was asked for: an answer to a question that is out of date is thrown away.
    offsets: BTreeMap<TopicPartition, i64>,
}

impl Consumer {
    /// Finds a position for every partition that has none: the committed offset, or a look-up.
    pub(super) fn update_positions(&mut self, context: &mut Context<'_>) {
        self.fetch_committed(context);
        let mut by_leader: BTreeMap<BrokerId, Vec<_>> = BTreeMap::new();
        for (partition, spec) in self.subscription.awaiting_reset() {
            if let Some(leader) = self.metadata.leader(partition) {
                by_leader.entry(leader).or_default().push((partition.clone(), spec));
            }
        }
        for (leader, partitions) in by_leader {
            if !self.list_offsets.contains_key(&leader) {
                let correlation_id = self.next_correlation_id();
                self.list_offsets.insert(leader, correlation_id);
                let request = Request::ListOffsets(ListOffsetsRequest { partitions });
                context.request(leader, correlation_id, request);
            }
        }
    }

    /// One fetch a broker at a time, and none to a broker whose data has not been returned yet.
    pub(super) fn send_fetches(&mut self, context: &mut Context<'_>) {
        let mut by_leader: BTreeMap<BrokerId, Vec<_>> = BTreeMap::new();
        for (partition, offset) in self.subscription.fetchable() {
            if let Some(leader) = self.metadata.leader(&partition) {
                by_leader.entry(leader).or_default().push((partition, offset));
            }
        }
        for (leader, wanted) in by_leader {
            if self.fetches.contains_key(&leader) || self.subscription.has_buffered(leader) {
                continue;
            }
            let correlation_id = self.next_correlation_id();
            let partitions = wanted.iter().map(|(partition, offset)| FetchPartition {
                partition: partition.clone(),
                fetch_offset: *offset,
                max_bytes: self.config.max_partition_fetch_bytes,
            });
            let request = FetchRequest {
                replica: None,
                max_wait: self.config.fetch_max_wait,
                min_bytes: self.config.fetch_min_bytes,
                max_bytes: self.config.fetch_max_bytes,
                partitions: partitions.collect(),
            };
            context.request(leader, correlation_id, Request::Fetch(request));
            let offsets = wanted.into_iter().collect();
            self.fetches.insert(leader, InFlightFetch { correlation_id, offsets });
        }
    }

    pub(super) fn on_fetch_response(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        response: FetchResponse,
        context: &mut Context<'_>,
    ) {
        let Some(fetch) = self.fetches.remove(&broker) else { return };
        assert_eq!(fetch.correlation_id, correlation_id, "a broker has one fetch of a consumer at a time");
        for (partition, data) in response.partitions {
            let offset = fetch.offsets[&partition];
            match data {
                Ok(data) => self.subscription.add_fetched(broker, partition, offset, data.batches),
                Err(ErrorCode::OffsetOutOfRange) if self.subscription.is_assigned(&partition) => {
                    self.reset_position(&partition, ErrorCode::OffsetOutOfRange, context);
                }
                // Asked again with the next fetch.
                Err(_) => {}
            }
        }
    }

    pub(super) fn on_list_offsets_response(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        response: ListOffsetsResponse,
        context: &mut Context<'_>,
    ) {
        if self.list_offsets.get(&broker) != Some(&correlation_id) {
            return;
        }
        self.list_offsets.remove(&broker);
        let specs: BTreeMap<_, _> =
            self.subscription.awaiting_reset().map(|(partition, spec)| (partition.clone(), spec)).collect();
        for (partition, offset) in response.partitions {
            if let (Ok(offset), Some(spec)) = (offset, specs.get(&partition)) {
                self.set_position(&partition, offset, PositionOrigin::from(*spec), context);
            }
        }
    }

    pub(super) fn on_offset_fetch_response(
        &mut self,
        correlation_id: CorrelationId,
        response: OffsetFetchResponse,
        context: &mut Context<'_>,
    ) {
        if self.offset_fetch != Some(correlation_id) {
            return;
        }
        self.offset_fetch = None;
        let offsets = match response.outcome {
            Ok(offsets) => offsets,
            Err(error) => return self.on_coordinator_error(error, context),
        };
        let waiting = self.subscription.awaiting_committed();
        for (partition, committed) in offsets {
            if !waiting.contains(&partition) {
                continue;
            }
            match committed {
                Some(committed) => {
                    self.set_position(&partition, committed.offset, PositionOrigin::Committed, context);
                }
                // The error of `NoOffsetForPartitionException`: there is nothing in range to start at.
                None => self.reset_position(&partition, ErrorCode::OffsetOutOfRange, context),
            }
        }
    }

    fn fetch_committed(&mut self, context: &mut Context<'_>) {
        let partitions = self.subscription.awaiting_committed();
        let Some(coordinator) = self.coordinator() else { return };
        if partitions.is_empty() || self.offset_fetch.is_some() {
            return;
        }
        let Some(group) = self.config.group_id.clone() else { return };
        let correlation_id = self.next_correlation_id();
        self.offset_fetch = Some(correlation_id);
        let request =
            Request::OffsetFetch(OffsetFetchRequest { group, member: None, partitions: Some(partitions) });
        context.request(coordinator, correlation_id, request);
    }
}
