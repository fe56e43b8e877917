//! Fetch requests and what they bring.
//!
//! Mirrors `AbstractFetch`. Leaves out: fetch sessions, fetching from the closest
//! replica (KIP-392; `replica.selector.class` is unset).

use std::collections::BTreeMap;

use crate::consumer::Consumer;
use crate::node::Context;
use crate::protocol::{
    BrokerId, CorrelationId, ErrorCode, FetchPartition, FetchRequest, FetchResponse, Request,
};
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct InFlightFetch {
    correlation_id: CorrelationId,
    /// What was asked for: an answer to a question that is out of date is thrown away.
    offsets: BTreeMap<TopicPartition, i64>,
}

impl Consumer {
    /// One fetch a broker at a time, and none to a broker whose data has not been returned yet.
    pub(super) fn send_fetches(&mut self, context: &mut Context<'_>) {
        let mut by_leader: BTreeMap<BrokerId, Vec<_>> = BTreeMap::new();
        for (partition, offset) in self.subscription.fetchable() {
            if let Some(leader) =
                self.metadata.leader(&partition).filter(|_| !self.buffer.contains(&partition))
            {
                by_leader.entry(leader).or_default().push((partition, offset));
            }
        }
        self.look_for_leaders(context);
        for (leader, wanted) in by_leader {
            if self.fetches.contains_key(&leader) || self.buffer.holds_back(leader, &self.subscription) {
                continue;
            }
            let partitions = wanted.iter().map(|(partition, offset)| FetchPartition {
                partition: partition.clone(),
                fetch_offset: *offset,
                current_leader_epoch: None,
                last_fetched_epoch: None,
                max_bytes: self.config.max_partition_fetch_bytes,
            });
            let request = FetchRequest {
                replica: None,
                isolation_level: self.config.isolation_level,
                max_wait: self.config.fetch_max_wait,
                min_bytes: self.config.fetch_min_bytes,
                max_bytes: self.config.fetch_max_bytes,
                partitions: partitions.collect(),
            };
            let correlation_id = self.request(leader, Request::Fetch(request), context);
            let offsets = wanted.into_iter().collect();
            self.fetches.insert(leader, InFlightFetch { correlation_id, offsets });
        }
    }

    /// The client may have been assigned a partition that is newer than what it knows of the topic.
    fn look_for_leaders(&mut self, context: &mut Context<'_>) {
        let missing =
            self.subscription.positions().any(|(partition, _)| self.metadata.lacks_leader(partition));
        if missing {
            self.refresh_metadata(context);
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
                Ok(data) => self.buffer.add(broker, partition, offset, data),
                Err(ErrorCode::OffsetOutOfRange) => {
                    if self.subscription.fetch_position(&partition) == Some(offset) {
                        self.on_offset_out_of_range(partition, offset);
                    }
                }
                // Asked again with the next fetch, perhaps elsewhere.
                Err(_) => self.request_metadata(context),
            }
        }
    }
}
