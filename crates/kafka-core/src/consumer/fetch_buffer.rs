//! What fetches brought and `poll()` has not returned yet.
//!
//! Mirrors `FetchBuffer`, `CompletedFetch` and `FetchCollector`. Control records are for nobody; records of the aborted
//! transactions that an answer names are passed over. Leaves out: decompression, deserialisation.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use crate::consumer::subscription::SubscriptionState;
use crate::event::PolledRecord;
use crate::protocol::{AbortedTransaction, BrokerId, FetchedData};
use crate::record::{BatchTransaction, Record, RecordBatch};
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
    /// In the order of their first records.
    aborted: Vec<AbortedTransaction>,
}

/// What one `poll()` took out.
pub(super) struct Collected {
    pub(super) records: Vec<PolledRecord>,
    /// Offsets that are not for the application, from one to the one after the last.
    pub(super) skipped: Vec<(TopicPartition, i64, i64)>,
}

impl FetchBuffer {
    pub(super) fn add(
        &mut self,
        broker: BrokerId,
        partition: TopicPartition,
        fetch_offset: i64,
        data: FetchedData,
    ) {
        let FetchedData { batches, aborted_transactions: mut aborted, .. } = data;
        if !batches.is_empty() {
            aborted.sort_by_key(|transaction| transaction.first_offset);
            self.completed.push_back(CompletedFetch {
                broker,
                partition,
                next_offset: fetch_offset,
                batches,
                aborted,
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
    ) -> Collected {
        let most = max_poll_records as usize;
        let mut records = Vec::new();
        let mut skipped = Vec::new();
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
            let (taken, next_offset) = fetch.take(room);
            skipped.extend(fetch.gaps(&taken, next_offset));
            if next_offset > fetch.next_offset {
                fetch.next_offset = next_offset;
                subscription.advance(&fetch.partition, next_offset);
            }
            if taken.len() == room && !fetch.is_drained() {
                self.completed.push_front(fetch);
            }
            records.extend(taken);
        }
        self.completed.extend(paused);
        Collected { records, skipped }
    }
}

impl CompletedFetch {
    /// The next records, and where to go on after them: past what is passed over, too.
    fn take(&self, most: usize) -> (Vec<PolledRecord>, i64) {
        let mut taken = Vec::new();
        let mut aborted: VecDeque<AbortedTransaction> = self.aborted.iter().copied().collect();
        let mut aborted_producers = BTreeSet::new();
        let mut next_offset = self.next_offset;
        for batch in &self.batches {
            while let Some(begun) = aborted.pop_front_if(|begun| begun.first_offset <= batch.last_offset()) {
                aborted_producers.insert(begun.producer_id);
            }
            let passed_over = match batch.transaction {
                Some(BatchTransaction { producer, marker: Some(_) }) => {
                    aborted_producers.remove(&producer.producer_id);
                    true
                }
                Some(BatchTransaction { producer, marker: None }) => {
                    aborted_producers.contains(&producer.producer_id)
                }
                None => false,
            };
            for (offset, record) in batch.records_from(next_offset).filter(|_| !passed_over) {
                if taken.len() == most {
                    return (taken, next_offset);
                }
                taken.push(PolledRecord {
                    partition: self.partition.clone(),
                    offset,
                    leader_epoch: batch.partition_leader_epoch,
                    timestamp_type: batch.timestamp_type,
                    record: Record { timestamp: batch.timestamp_of(record), ..record.clone() },
                });
                next_offset = offset + 1;
            }
            if taken.len() == most {
                return (taken, next_offset);
            }
            next_offset = next_offset.max(batch.next_offset());
        }
        (taken, next_offset)
    }

    /// The offsets up to `end` that are not among the records that were taken.
    fn gaps(&self, taken: &[PolledRecord], end: i64) -> Vec<(TopicPartition, i64, i64)> {
        let mut gaps = Vec::new();
        let mut expected = self.next_offset;
        for offset in taken.iter().map(|polled| polled.offset).chain([end]) {
            if offset > expected {
                gaps.push((self.partition.clone(), expected, offset));
            }
            expected = offset + 1;
        }
        gaps
    }

    fn is_drained(&self) -> bool {
        self.batches.last().is_none_or(|batch| self.next_offset >= batch.next_offset())
    }
}
