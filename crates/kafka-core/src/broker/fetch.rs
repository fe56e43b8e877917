//! Fetch requests of consumers and followers, and those that wait for data.
//!
//! Mirrors `ReplicaManager.fetchMessages` and `DelayedFetch`.

use crate::broker::{Broker, Replica};
use crate::config::IsolationLevel;
use crate::node::{Context, Timer};
use crate::protocol::{
    EpochEndOffset, ErrorCode, FetchPartition, FetchRequest, FetchResponse, FetchedData, RequestHandle,
    Response,
};
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DelayedFetch {
    request: FetchRequest,
}

type PartitionData = Vec<(TopicPartition, Result<FetchedData, ErrorCode>)>;

impl Broker {
    pub(super) fn on_fetch(
        &mut self,
        handle: RequestHandle,
        request: FetchRequest,
        context: &mut Context<'_>,
    ) {
        if let Some(follower) = request.replica {
            self.note_follower_progress(follower, &request.partitions, context);
        }
        if let Some(partitions) = self.fetch_if_ready(&request) {
            context.respond(handle, Response::Fetch(FetchResponse { partitions }));
        } else {
            context.set_timer(Timer::DelayedFetch(handle), context.now + request.max_wait);
            self.delayed_fetches.insert(handle, DelayedFetch { request });
        }
    }

    /// Answers every waiting fetch that has enough to read by now.
    pub(super) fn complete_fetches(&mut self, context: &mut Context<'_>) {
        let ready: Vec<_> = self
            .delayed_fetches
            .iter()
            .filter_map(|(handle, delayed)| Some((*handle, self.fetch_if_ready(&delayed.request)?)))
            .collect();
        for (handle, partitions) in ready {
            self.delayed_fetches.remove(&handle);
            context.cancel_timer(&Timer::DelayedFetch(handle));
            context.respond(handle, Response::Fetch(FetchResponse { partitions }));
        }
    }

    pub(super) fn expire_fetch(&mut self, handle: RequestHandle, context: &mut Context<'_>) {
        let Some(delayed) = self.delayed_fetches.remove(&handle) else { return };
        let partitions = self.read(&delayed.request);
        context.respond(handle, Response::Fetch(FetchResponse { partitions }));
    }

    /// The data, when the request must not wait: enough bytes, an error, or nothing to wait for.
    fn fetch_if_ready(&self, request: &FetchRequest) -> Option<PartitionData> {
        let partitions = self.read(request);
        let urgent = |data: &Result<FetchedData, ErrorCode>| {
            data.as_ref().map_or(true, |data| data.diverging_epoch.is_some())
        };
        let failed = partitions.iter().any(|(_, data)| urgent(data));
        let bytes: u32 = partitions
            .iter()
            .filter_map(|(_, data)| data.as_ref().ok())
            .flat_map(|data| &data.batches)
            .map(|batch| batch.size_in_bytes)
            .sum();
        let ready =
            request.max_wait.is_zero() || partitions.is_empty() || failed || bytes >= request.min_bytes;
        ready.then_some(partitions)
    }

    /// Reads each partition in the order asked, up to the limits; the first batch found comes whole.
    fn read(&self, request: &FetchRequest) -> PartitionData {
        let mut left = request.max_bytes;
        let mut at_least_one = true;
        let read_one = |asked: &FetchPartition| {
            let data = self.fetchable(asked).and_then(|replica| {
                let end = readable_end(replica, request);
                let log = &replica.log;
                let diverging_epoch = diverging_epoch(replica, asked);
                if diverging_epoch.is_some() {
                    return Ok(FetchedData {
                        diverging_epoch,
                        high_watermark: replica.high_watermark(),
                        last_stable_offset: replica.last_stable_offset(),
                        log_start_offset: log.log_start_offset(),
                        aborted_transactions: Vec::new(),
                        batches: Vec::new(),
                    });
                }
                // A consumer may stand between the high watermark and the log's end; only past the end is
                // out of range (`UnifiedLog.read`).
                if !(log.log_start_offset()..=log.log_end_offset()).contains(&asked.fetch_offset) {
                    return Err(ErrorCode::OffsetOutOfRange);
                }
                let batches = log.read(asked.fetch_offset, end, asked.max_bytes.min(left), at_least_one);
                left = left.saturating_sub(batches.iter().map(|batch| batch.size_in_bytes).sum());
                at_least_one &= batches.is_empty();
                let read_to = batches.last().map_or(asked.fetch_offset, |last| last.next_offset());
                let aborted_transactions = match request.isolation_level {
                    IsolationLevel::ReadCommitted => log.aborted_transactions(asked.fetch_offset, read_to),
                    IsolationLevel::ReadUncommitted => Vec::new(),
                };
                Ok(FetchedData {
                    diverging_epoch: None,
                    high_watermark: replica.high_watermark(),
                    last_stable_offset: replica.last_stable_offset(),
                    log_start_offset: log.log_start_offset(),
                    aborted_transactions,
                    batches,
                })
            });
            (asked.partition.clone(), data)
        };
        request.partitions.iter().map(read_one).collect()
    }

    /// The replica to read from, for a reader that is as up to date about the leader as this broker
    /// (`Partition.getLocalLog`).
    pub(super) fn fetchable(&self, asked: &FetchPartition) -> Result<&Replica, ErrorCode> {
        let known = self.image.partition(&asked.partition).map(|partition| partition.leader_epoch);
        match (asked.current_leader_epoch, known) {
            (Some(asked), Some(known)) if asked < known => return Err(ErrorCode::FencedLeaderEpoch),
            (Some(asked), Some(known)) if asked > known => return Err(ErrorCode::UnknownLeaderEpoch),
            (Some(_) | None, Some(_) | None) => {}
        }
        self.led(&asked.partition)
    }
}

/// Where a follower's log parts from this one, if it does (`Partition.readRecords`).
pub(super) fn diverging_epoch(replica: &Replica, asked: &FetchPartition) -> Option<EpochEndOffset> {
    let fetched = asked.last_fetched_epoch?;
    let end = replica.log.end_offset_for(fetched);
    (end.leader_epoch < fetched || end.end_offset < asked.fetch_offset).then_some(end)
}

/// Followers read the whole log, consumers what is committed, or what no open transaction stands before.
fn readable_end(replica: &Replica, request: &FetchRequest) -> i64 {
    match (request.replica, request.isolation_level) {
        (Some(_), _) => replica.log.log_end_offset(),
        (None, IsolationLevel::ReadUncommitted) => replica.high_watermark(),
        (None, IsolationLevel::ReadCommitted) => replica.last_stable_offset(),
    }
}
