//! The partitions a consumer holds, and where it stands in each.
//!
//! Mirrors `SubscriptionState` and `FetchCollector`. Leaves out: pause, leader-epoch validation, preferred replicas.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::event::{PolledRecord, PositionOrigin};
use crate::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use crate::protocol::{BrokerId, OffsetSpec};
use crate::record::RecordBatch;
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct SubscriptionState {
    partitions: BTreeMap<TopicPartition, Position>,
    /// What fetches brought and `poll` has not returned yet, in order of arrival.
    completed: VecDeque<CompletedFetch>,
}

/// Where reading a partition stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Position {
    /// The committed offset is not known yet.
    AwaitingCommitted,
    /// The offset is being looked up.
    AwaitingReset(OffsetSpec),
    /// The offset of the next record that `poll` returns.
    At(i64),
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct CompletedFetch {
    broker: BrokerId,
    partition: TopicPartition,
    batches: Vec<Rc<RecordBatch>>,
}

impl SubscriptionState {
    pub(crate) fn positions(&self) -> impl Iterator<Item = (&TopicPartition, Position)> {
        self.partitions.iter().map(|(partition, position)| (partition, *position))
    }

    pub(crate) fn assigned(&self) -> Vec<TopicPartition> {
        self.partitions.keys().cloned().collect()
    }

    pub(crate) fn is_assigned(&self, partition: &TopicPartition) -> bool {
        self.partitions.contains_key(partition)
    }

    /// Replaces the assignment; a partition that stays keeps its position.
    pub(crate) fn assign(&mut self, assignment: &[TopicPartition]) {
        let kept = std::mem::take(&mut self.partitions);
        for partition in assignment {
            let position = kept.get(partition).copied().unwrap_or(Position::AwaitingCommitted);
            self.partitions.insert(partition.clone(), position);
        }
        self.completed.retain(|fetch| self.partitions.contains_key(&fetch.partition));
    }

    pub(crate) fn set(&mut self, partition: &TopicPartition, position: Position) {
        if let Some(current) = self.partitions.get_mut(partition) {
            *current = position;
        }
        // What was fetched for another position is of no use any more.
        self.completed.retain(|fetch| fetch.partition != *partition);
    }

    pub(crate) fn add(&mut self, partition: TopicPartition, position: Position) {
        self.partitions.insert(partition, position);
    }

    pub(crate) fn awaiting_committed(&self) -> Vec<TopicPartition> {
        self.positions()
            .filter(|(_, position)| *position == Position::AwaitingCommitted)
            .map(|(partition, _)| partition.clone())
            .collect()
    }

    pub(crate) fn awaiting_reset(&self) -> impl Iterator<Item = (&TopicPartition, OffsetSpec)> {
        self.positions().filter_map(|(partition, position)| match position {
            Position::AwaitingReset(spec) => Some((partition, spec)),
            Position::AwaitingCommitted | Position::At(_) => None,
        })
    }

    /// Positions that can be committed (`SubscriptionState.allConsumed`).
    pub(crate) fn all_consumed(&self) -> Vec<(TopicPartition, i64)> {
        self.positions()
            .filter_map(|(partition, position)| match position {
                Position::At(offset) => Some((partition.clone(), offset)),
                Position::AwaitingCommitted | Position::AwaitingReset(_) => None,
            })
            .collect()
    }

    /// Partitions to ask for next, in the order of the client's hash map: that order is what a console
    /// consumer prints partitions in.
    pub(crate) fn fetchable(&self) -> Vec<(TopicPartition, i64)> {
        let ready = self.all_consumed().into_iter().map(|(partition, _)| partition);
        iteration_order(ready, DEFAULT_CAPACITY, TopicPartition::java_hash)
            .into_iter()
            .filter_map(|partition| match self.partitions.get(&partition) {
                Some(Position::At(offset)) => Some((partition, *offset)),
                Some(Position::AwaitingCommitted | Position::AwaitingReset(_)) | None => None,
            })
            .collect()
    }

    /// A broker with fetched data that `poll` has not returned is not asked for more.
    pub(crate) fn has_buffered(&self, broker: BrokerId) -> bool {
        self.completed.iter().any(|fetch| fetch.broker == broker)
    }

    pub(crate) fn add_fetched(
        &mut self,
        broker: BrokerId,
        partition: TopicPartition,
        fetch_offset: i64,
        batches: Vec<Rc<RecordBatch>>,
    ) {
        let current = self.partitions.get(&partition) == Some(&Position::At(fetch_offset));
        if current && !batches.is_empty() {
            self.completed.push_back(CompletedFetch { broker, partition, batches });
        }
    }

    /// Up to `max_poll_records` records, one completed fetch after the other; positions move past them.
    pub(crate) fn collect(&mut self, max_poll_records: u32) -> Vec<PolledRecord> {
        let mut records = Vec::new();
        let room = |records: &Vec<PolledRecord>| max_poll_records as usize - records.len();
        while room(&records) > 0 {
            let Some(fetch) = self.completed.front_mut() else { break };
            let Some(Position::At(position)) = self.partitions.get_mut(&fetch.partition) else {
                self.completed.pop_front();
                continue;
            };
            let taken = fetch.take(*position, room(&records));
            let drained = taken.len() < room(&records) || fetch.is_drained(*position + taken.len() as i64);
            if let Some(last) = taken.last() {
                *position = last.offset + 1;
            }
            records.extend(taken);
            if drained {
                self.completed.pop_front();
            }
        }
        records
    }
}

impl CompletedFetch {
    fn take(&self, position: i64, most: usize) -> Vec<PolledRecord> {
        let records = self.batches.iter().flat_map(|batch| {
            batch.records_from(position).map(|(offset, record)| PolledRecord {
                partition: self.partition.clone(),
                offset,
                leader_epoch: batch.partition_leader_epoch,
                record: record.clone(),
            })
        });
        records.take(most).collect()
    }

    fn is_drained(&self, position: i64) -> bool {
        self.batches.last().is_none_or(|batch| position >= batch.next_offset())
    }
}

impl From<OffsetSpec> for PositionOrigin {
    fn from(spec: OffsetSpec) -> Self {
        match spec {
            OffsetSpec::Earliest => Self::ResetEarliest,
            OffsetSpec::Latest => Self::ResetLatest,
        }
    }
}
