//! Followers fetch from leaders, and cut off what their leader does not have.
//!
//! Mirrors `ReplicaFetcherThread` and `AbstractFetcherThread`. Leaves out: throttling, several fetchers for one leader.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::broker::{Broker, PartitionLog, fetch};
use crate::cluster::MetadataImage;
use crate::config::IsolationLevel;
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{
    BrokerId, CorrelationId, EpochEndOffset, ErrorCode, FetchPartition, FetchRequest, FetchedData,
    ListOffsetsRequest, ListOffsetsResponse, OffsetSpec, Request,
};
use crate::topic::TopicPartition;

const REPLICA_FETCH_MAX_BYTES: u32 = 1_048_576;
const REPLICA_FETCH_RESPONSE_MAX_BYTES: u32 = 10_485_760;

/// How it stands with fetching from one leader.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ReplicaFetch {
    InFlight {
        correlation_id: CorrelationId,
        /// What was known when it was sent: data of a leader epoch that has passed is of no use.
        image: Rc<MetadataImage>,
    },
    /// It failed, and is not tried again before a timer.
    BackingOff,
}

impl Broker {
    /// Starts fetching from every leader that this broker follows and does not fetch from yet.
    pub(super) fn replicate(&mut self, context: &mut Context<'_>) {
        for (leader, partitions) in self.followed() {
            if !self.fetching_from.contains_key(&leader) {
                self.fetch_from(leader, &partitions, context);
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
            let agrees =
                self.fetchable(asked).is_ok_and(|replica| fetch::diverging_epoch(replica, asked).is_none());
            let Some(replica) = self.replicas.get_mut(&asked.partition).filter(|_| agrees) else { continue };
            let end_offset = replica.log.log_end_offset();
            let followers = replica.leadership.as_mut().map(|leadership| &mut leadership.followers);
            let Some(known) = followers.and_then(|followers| followers.get_mut(&follower)) else { continue };
            known.note_fetch(asked.fetch_offset, end_offset, context.now);
            self.maybe_expand_isr(&asked.partition, context);
            self.advance_high_watermark(&asked.partition, context);
        }
    }

    pub(super) fn on_replica_fetch_response(
        &mut self,
        leader: BrokerId,
        answered: CorrelationId,
        partitions: Vec<(TopicPartition, Result<FetchedData, ErrorCode>)>,
        context: &mut Context<'_>,
    ) {
        let image = match self.fetching_from.get(&leader) {
            Some(ReplicaFetch::InFlight { correlation_id, image }) if *correlation_id == answered => {
                Rc::clone(image)
            }
            Some(ReplicaFetch::InFlight { .. } | ReplicaFetch::BackingOff) | None => return,
        };
        self.stop_fetching_from(leader, context);
        let mut failed = false;
        for (partition, data) in partitions {
            let epoch = |image: &MetadataImage| {
                image.partition(&partition).map(|known| (known.leader, known.leader_epoch))
            };
            if epoch(&image) != epoch(&self.image) {
                continue;
            }
            match data {
                Ok(data) => self.take_data(&partition, &data, context),
                Err(ErrorCode::OffsetOutOfRange) => self.ask_where_to_start(leader, &partition, context),
                Err(_) => failed = true,
            }
        }
        if failed {
            self.fetch_from_later(leader, context);
        }
        self.replicate(context);
    }

    pub(super) fn fetches_from(&self, leader: BrokerId) -> bool {
        self.fetching_from.contains_key(&leader)
    }

    /// The leader cannot be reached, or refuses.
    pub(super) fn fetch_from_later(&mut self, leader: BrokerId, context: &mut Context<'_>) {
        self.stop_fetching_from(leader, context);
        self.fetching_from.insert(leader, ReplicaFetch::BackingOff);
        let at = context.now + context.scenario.broker.replica_fetch_backoff;
        context.set_timer(Timer::ReplicaFetch(leader), at);
    }

    pub(super) fn retry_fetch(&mut self, leader: BrokerId, context: &mut Context<'_>) {
        self.fetching_from.remove(&leader);
        self.replicate(context);
    }

    pub(super) fn stop_fetching_from(&mut self, leader: BrokerId, context: &mut Context<'_>) {
        self.fetching_from.remove(&leader);
        context.cancel_timer(&Timer::ReplicaFetch(leader));
        context.cancel_timer(&Timer::ReplicaFetchTimeout(leader));
    }

    fn take_data(&mut self, id: &TopicPartition, data: &FetchedData, context: &mut Context<'_>) {
        let Some(replica) = self.replicas.get_mut(id) else { return };
        if let Some(leader_end) = data.diverging_epoch {
            let offset = truncation_offset(&replica.log, leader_end);
            return self.truncate(id, offset, context);
        }
        let rolled = replica.log.append_as_follower(&data.batches, context.wall_millis());
        self.batches_replicated += data.batches.len() as u64;
        replica.log.increment_log_start_offset(data.log_start_offset);
        let high_watermark = data.high_watermark.min(replica.log.log_end_offset());
        if high_watermark != replica.high_watermark() {
            replica.set_high_watermark(high_watermark, context.now);
        }
        self.after_append(id, rolled, context);
    }

    /// The leader does not have what comes next here: its log begins later (`fetchOffsetAndTruncate`).
    fn ask_where_to_start(&mut self, leader: BrokerId, id: &TopicPartition, context: &mut Context<'_>) {
        let request = ListOffsetsRequest {
            isolation_level: IsolationLevel::ReadUncommitted,
            partitions: vec![(id.clone(), OffsetSpec::Earliest)],
        };
        let correlation_id = self.next_correlation_id();
        context.request(leader, correlation_id, Request::ListOffsets(request));
    }

    /// A log that ends before its leader's begins is of no use any more.
    pub(super) fn on_leader_start(
        &mut self,
        leader: BrokerId,
        response: &ListOffsetsResponse,
        context: &mut Context<'_>,
    ) {
        for (id, start) in &response.partitions {
            let (Ok(Some(start)), true) = (*start, self.image.leader(id) == Some(leader)) else { continue };
            let Some(replica) = self.replicas.get_mut(id) else { continue };
            let from = replica.log.log_end_offset();
            if start > from {
                replica.truncate_fully_and_start_at(start, context.wall_millis(), context.now);
                context.emit(Event::LogTruncated { broker: self.id, partition: id.clone(), from, to: start });
            }
        }
    }

    fn truncate(&mut self, id: &TopicPartition, offset: i64, context: &mut Context<'_>) {
        let Some(replica) = self.replicas.get_mut(id) else { return };
        let from = replica.log.log_end_offset();
        replica.truncate_to(offset, context.now);
        let to = replica.log.log_end_offset();
        if to < from {
            context.emit(Event::LogTruncated { broker: self.id, partition: id.clone(), from, to });
        }
    }

    /// What this broker follows, by leader.
    pub(super) fn followed(&self) -> BTreeMap<BrokerId, Vec<TopicPartition>> {
        let mut by_leader: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for partition in self.replicas.keys() {
            match self.image.leader(partition) {
                Some(leader) if leader != self.id => {
                    by_leader.entry(leader).or_default().push(partition.clone());
                }
                Some(_) | None => {}
            }
        }
        by_leader
    }

    fn fetch_from(&mut self, leader: BrokerId, partitions: &[TopicPartition], context: &mut Context<'_>) {
        let correlation_id = self.next_correlation_id();
        let image = Rc::clone(&self.image);
        self.fetching_from.insert(leader, ReplicaFetch::InFlight { correlation_id, image });
        let ask = |partition: &TopicPartition| {
            let log = &self.replicas[partition].log;
            FetchPartition {
                fetch_offset: log.log_end_offset(),
                current_leader_epoch: self.image.partition(partition).map(|known| known.leader_epoch),
                last_fetched_epoch: log.latest_epoch(),
                max_bytes: REPLICA_FETCH_MAX_BYTES,
                partition: partition.clone(),
            }
        };
        let request = FetchRequest {
            replica: Some(self.id),
            isolation_level: IsolationLevel::ReadUncommitted,
            max_wait: context.scenario.broker.replica_fetch_wait_max,
            min_bytes: 1,
            max_bytes: REPLICA_FETCH_RESPONSE_MAX_BYTES,
            partitions: partitions.iter().map(ask).collect(),
        };
        let timeout = context.now + context.scenario.broker.replica_socket_timeout;
        context.set_timer(Timer::ReplicaFetchTimeout(leader), timeout);
        context.request(leader, correlation_id, Request::Fetch(request));
    }
}

/// The end of the last epoch that both logs have (`AbstractFetcherThread.getOffsetTruncationState`).
fn truncation_offset(log: &PartitionLog, leader: EpochEndOffset) -> i64 {
    let own = log.end_offset_for(leader.leader_epoch);
    if own.leader_epoch == leader.leader_epoch {
        own.end_offset.min(leader.end_offset)
    } else {
        own.end_offset
    }
}
