//! What fetches brought and `poll()` has not returned yet.
//!
//! Mirrors `FetchBuffer`, `CompletedFetch` and `FetchCollector`. Leaves out: decompression, deserialisation, aborted
//! transactions and control records (the log has none).

use std::collections::VecDeque;
use std::rc::Rc;

use crate::consumer::subscription::SubscriptionState;
use crate::event::PolledRecord;
use crate::protocol::BrokerId;
use crate::record::{Record, RecordBatch};
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct FetchBuffer {
    /// In order of arrival.
    completed: VecDeque<CompletedFetch>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct CompletedFetch {
    broker: BrokerId,
    partition: TopicPartition,
    /// Where the next record is taken; a position that has moved elsewhere makes the data useless.
    next_offset: i64,
    batches: Vec<Rc<RecordBatch>>,
}

impl FetchBuffer {
    pub(super) fn add(
        &mut self,
        broker: BrokerId,
        partition: TopicPartition,
        fetch_offset: i64,
        batches: Vec<Rc<RecordBatch>>,
    ) {
        if !batches.is_empty() {
            self.completed.push_back(CompletedFetch {
                broker,
                partition,
                next_offset: fetch_offset,
                batches,
            });
        }
    }

    pub(super) fn contains(&self, partition: &TopicPartition) -> bool {
        self.completed.iter().any(|fetch| fetch.partition == *partition)
    }

    /// A broker with data that `poll()` could return is not asked for more; data of a paused partition does not count
    /// (`AbstractFetch.bufferedNodes`).
    pub(super) fn holds_back(&self, broker: BrokerId, subscription: &SubscriptionState) -> bool {
        self.completed
            .iter()
            .any(|fetch| fetch.broker == broker && subscription.fetch_position(&fetch.partition).is_some())
    }

    pub(super) fn retain(&mut self, wanted: impl Fn(&TopicPartition) -> bool) {
        self.completed.retain(|fetch| wanted(&fetch.partition));
    }

    /// Up to `max_poll_records` records, one completed fetch after the other; positions move past them. Data of
    /// paused partitions goes to the end of the queue.
    pub(super) fn collect(
        &mut self,
        max_poll_records: u32,
        subscription: &mut SubscriptionState,
    ) -> Vec<PolledRecord> {
        let most = max_poll_records as usize;
        let mut records = Vec::new();
        let mut paused = Vec::new();
        while records.len() < most {
            let Some(mut fetch) = self.completed.pop_front() else { break };
            if subscription.is_paused(&fetch.partition) {
                paused.push(fetch);
                continue;
            }
            if subscription.fetch_position(&fetch.partition) != Some(fetch.next_offset) {
                continue;
            }
            let room = most - records.len();
            let taken = fetch.take(room);
            let drained = taken.len() < room;
            let reached = if drained { fetch.end() } else { taken.last().map(|last| last.offset + 1) };
            if let Some(reached) = reached {
                fetch.next_offset = reached;
                subscription.advance(&fetch.partition, fetch.next_offset);
            }
            if !drained && !fetch.is_drained() {
                self.completed.push_front(fetch);
            }
            records.extend(taken);
        }
        self.completed.extend(paused);
        records
    }
}

impl CompletedFetch {
    fn take(&self, most: usize) -> Vec<PolledRecord> {
        let records = self.batches.iter().flat_map(|batch| {
            batch.records_from(self.next_offset).map(|(offset, record)| PolledRecord {
                partition: self.partition.clone(),
                offset,
                leader_epoch: batch.partition_leader_epoch,
                timestamp_type: batch.timestamp_type,
                record: Record { timestamp: batch.timestamp_of(record), ..record.clone() },
            })
        });
        records.take(most).collect()
    }

    /// After the last batch, whose last records may have been cleaned away.
    fn end(&self) -> Option<i64> {
        self.batches.last().map(|batch| batch.next_offset().max(self.next_offset))
    }

    fn is_drained(&self) -> bool {
        self.end().is_none_or(|end| self.next_offset >= end)
    }
}
