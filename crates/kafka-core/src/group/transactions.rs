//! Offsets that a producer commits within a transaction: they count from its end on, if it commits.
//!
//! Mirrors the transactional parts of `OffsetMetadataManager`. Leaves out: offsets of a transaction that an
//! administrator has deleted meanwhile.

use std::collections::BTreeMap;

use crate::event::Event;
use crate::group::{CoordinatorRecord, Effects, GroupCoordinator, OffsetCommitValue, decide};
use crate::protocol::{
    ErrorCode, GroupId, OffsetFetchRequest, RequestHandle, Response, TxnOffsetCommitRequest,
    TxnOffsetCommitResponse,
};
use crate::record::TransactionResult;
use crate::time::SimTime;
use crate::topic::TopicPartition;

/// What a partition of `__consumer_offsets` holds, record by record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LogEntry {
    Record(CoordinatorRecord),
    /// Of the open transaction of a producer, by its id.
    Transactional(i64, CoordinatorRecord),
    /// The transaction of a producer has ended.
    Marker(i64, TransactionResult),
}

impl From<CoordinatorRecord> for LogEntry {
    fn from(record: CoordinatorRecord) -> Self {
        Self::Record(record)
    }
}

type Pending = BTreeMap<(GroupId, TopicPartition), OffsetCommitValue>;

/// Offsets of open transactions, by producer id. A producer without any has no entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PendingOffsets(BTreeMap<i64, Pending>);

impl PendingOffsets {
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(super) fn has(&self, group: &GroupId, partition: &TopicPartition) -> bool {
        let key = (group.clone(), partition.clone());
        self.0.values().any(|pending| pending.contains_key(&key))
    }

    pub(super) fn has_any(&self, group: &GroupId) -> bool {
        self.0.values().flat_map(BTreeMap::keys).any(|(of, _)| of == group)
    }

    pub(super) fn remove_group(&mut self, group: &GroupId) {
        self.0.retain(|_, pending| {
            pending.retain(|(of, _), _| of != group);
            !pending.is_empty()
        });
    }
}

impl GroupCoordinator {
    /// TxnOffsetCommit. The records count when the transaction is committed: the broker writes them as part of it.
    pub fn commit_transactional_offsets(
        &mut self,
        now: SimTime,
        handle: RequestHandle,
        request: &TxnOffsetCommitRequest,
    ) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let group = &request.group.group;
        let validated = match self.groups.get(group) {
            Some(known) => known.validate_txn_offset_commit(&request.group),
            None if request.group.generation_id.is_none() => Ok(()),
            None => Err(ErrorCode::IllegalGeneration),
        };
        let mut partitions = Vec::new();
        for (partition, offset) in &request.offsets {
            if validated.is_ok() {
                let value =
                    OffsetCommitValue { offset: offset.clone(), commit_timestamp: decision.timestamp };
                let (group, partition) = (group.clone(), partition.clone());
                let record = CoordinatorRecord::OffsetCommit { group, partition, value: Some(value) };
                decision.effects.records.push(record);
            }
            partitions.push((partition.clone(), validated));
        }
        decision.respond(handle, Response::TxnOffsetCommit(TxnOffsetCommitResponse { partitions }));
        let effects = decision.effects;
        for record in &effects.records {
            self.replay_pending(request.producer.producer_id, record.clone());
        }
        effects
    }

    /// A marker is in a partition of `__consumer_offsets`.
    pub fn complete_transaction(
        &mut self,
        partition: u32,
        producer_id: i64,
        result: TransactionResult,
    ) -> Effects {
        let committed = self.replay_end_of_transaction(partition, producer_id, result);
        let told = |((group, partition), value): ((GroupId, TopicPartition), OffsetCommitValue)| {
            Event::OffsetCommitted { group, partition, offset: value.offset }
        };
        Effects { events: committed.into_iter().map(told).collect(), ..Effects::NONE }
    }

    /// Whoever asks where to start has to wait for the end of a transaction that commits offsets
    /// (`OffsetFetchRequest.requireStable`, which every consumer sets).
    pub(super) fn check_stable(&self, request: &OffsetFetchRequest) -> Result<(), ErrorCode> {
        let pending = match &request.partitions {
            Some(partitions) => {
                partitions.iter().any(|partition| self.pending_offsets.has(&request.group, partition))
            }
            None => self.pending_offsets.has_any(&request.group),
        };
        if pending { Err(ErrorCode::UnstableOffsetCommit) } else { Ok(()) }
    }

    pub(super) fn replay_pending(&mut self, producer_id: i64, record: CoordinatorRecord) {
        if let CoordinatorRecord::OffsetCommit { group, partition, value: Some(value) } = record {
            self.groups.ensure_exists(&group, value.commit_timestamp);
            self.pending_offsets.0.entry(producer_id).or_default().insert((group, partition), value);
        }
    }

    /// Answers with the offsets that count from now on.
    pub(super) fn replay_end_of_transaction(
        &mut self,
        partition: u32,
        producer_id: i64,
        result: TransactionResult,
    ) -> Pending {
        let Some(pending) = self.pending_offsets.0.remove(&producer_id) else { return Pending::new() };
        let (ended, others): (Pending, Pending) =
            pending.into_iter().partition(|((group, _), _)| self.partition_for(group) == partition);
        if !others.is_empty() {
            self.pending_offsets.0.insert(producer_id, others);
        }
        match result {
            TransactionResult::Abort => Pending::new(),
            TransactionResult::Commit => {
                for ((group, partition), value) in &ended {
                    self.offsets.put(group, partition, value);
                }
                ended
            }
        }
    }
}
