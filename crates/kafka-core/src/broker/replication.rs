//! Followers fetch from leaders; the leader's high watermark follows the slowest in-sync replica.
//!
//! Mirrors `ReplicaFetcherThread` and `Partition.maybeIncrementLeaderHW`. Leaves out: replicas that fall out of the
//! ISR, truncation after an election, throttling.

use std::collections::BTreeMap;

use crate::broker::Broker;
use crate::event::Event;
use crate::node::Context;
use crate::protocol::{BrokerId, ErrorCode, FetchPartition, FetchRequest, FetchedData, Request};
use crate::topic::TopicPartition;

const REPLICA_FETCH_MAX_BYTES: u32 = 1_048_576;
const REPLICA_FETCH_RESPONSE_MAX_BYTES: u32 = 10_485_760;

impl Broker {
    /// Starts fetching from every leader that this broker follows and does not fetch from yet.
    pub(super) fn replicate(&mut self, context: &mut Context<'_>) {
        for (leader, partitions) in self.followed(context) {
            if !self.fetching_from.contains_key(&leader) {
                self.fetch_from(leader, partitions, context);
            }
        }
    }

    /// A follower that fetches at an offset has everything below it.
    pub(super) fn note_follower_progress(
        &mut self,
        follower: BrokerId,
        partitions: &[FetchPartition],
        context: &mut Context<'_>,
    ) {
        for asked in partitions {
            if self.led(&asked.partition, context).is_err() {
                continue;
            }
            let replica = self.replicas.get_mut(&asked.partition).expect("a led partition has a replica");
            replica.follower_end_offsets.insert(follower, asked.fetch_offset);
            self.advance_high_watermark(&asked.partition, context);
        }
    }

    pub(super) fn on_replica_fetch_response(
        &mut self,
        leader: BrokerId,
        partitions: Vec<(TopicPartition, Result<FetchedData, ErrorCode>)>,
        context: &mut Context<'_>,
    ) {
        for (partition, data) in partitions {
            let (Ok(data), Some(replica)) = (data, self.replicas.get_mut(&partition)) else { continue };
            for batch in &data.batches {
                replica.log.append_as_follower(batch);
            }
            replica.high_watermark = data.high_watermark.min(replica.log.log_end_offset());
            replica.log.increment_log_start_offset(data.log_start_offset);
        }
        self.fetching_from.remove(&leader);
        self.replicate(context);
    }

    /// Moves the high watermark of a led partition to the least end of the in-sync replicas' logs, and
    /// answers what waited for it. It stands still while fewer replicas than `min.insync.replicas` are in
    /// sync, and it never goes back.
    pub(super) fn advance_high_watermark(&mut self, partition: &TopicPartition, context: &mut Context<'_>) {
        let Some(metadata) = context.cluster.partition(partition) else { return };
        let required = context.scenario.broker.min_insync_replicas.min(metadata.replicas.len() as u32);
        if (metadata.isr.len() as u32) < required {
            return;
        }
        let replica = &self.replicas[partition];
        let slowest = metadata
            .isr
            .iter()
            .filter(|id| **id != self.id)
            .map(|id| replica.follower_end_offsets.get(id).copied().unwrap_or(0))
            .fold(replica.log.log_end_offset(), i64::min);
        let from = replica.high_watermark;
        if slowest <= from {
            return;
        }
        self.replicas.get_mut(partition).expect("it was read just now").high_watermark = slowest;
        context.emit(Event::HighWatermarkAdvanced { partition: partition.clone(), from, to: slowest });
        self.complete_produces(context);
        self.complete_fetches(context);
        self.release_responses(partition, context);
    }

    fn followed(&self, context: &Context<'_>) -> BTreeMap<BrokerId, Vec<TopicPartition>> {
        let mut by_leader: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for partition in self.replicas.keys() {
            match context.cluster.leader(partition) {
                Some(leader) if leader != self.id => {
                    by_leader.entry(leader).or_default().push(partition.clone());
                }
                Some(_) | None => {}
            }
        }
        by_leader
    }

    fn fetch_from(&mut self, leader: BrokerId, partitions: Vec<TopicPartition>, context: &mut Context<'_>) {
        let correlation_id = self.next_correlation_id();
        self.fetching_from.insert(leader, correlation_id);
        let partitions = partitions
            .into_iter()
            .map(|partition| FetchPartition {
                fetch_offset: self.replicas[&partition].log.log_end_offset(),
                max_bytes: REPLICA_FETCH_MAX_BYTES,
                partition,
            })
            .collect();
        let request = FetchRequest {
            replica: Some(self.id),
            max_wait: context.scenario.broker.replica_fetch_wait_max,
            min_bytes: 1,
            max_bytes: REPLICA_FETCH_RESPONSE_MAX_BYTES,
            partitions,
        };
        context.request(leader, correlation_id, Request::Fetch(request));
    }
}
