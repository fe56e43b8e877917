//! The state of one transactional id, and the states that may follow it.
//!
//! Mirrors `TransactionMetadata` and `TransactionState`. Leaves out: `Dead`, the state of an id that expires, and
//! `PrepareEpochFence`, which is never written: what it stands for is a PrepareAbort that no producer asked for.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use crate::protocol::ErrorCode;
use crate::record::{ProducerIdAndEpoch, TransactionResult};
use crate::topic::TopicPartition;
use crate::transaction::ProducerIdSource;

/// A transaction's state, by the name that tools print.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TransactionState {
    /// The producer has its identity and has written nothing.
    Empty,
    Ongoing,
    /// The transaction will be committed whatever happens, once every partition has its marker.
    PrepareCommit,
    PrepareAbort,
    CompleteCommit,
    CompleteAbort,
}

/// One state of a transactional id, as it stands in the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionMetadata {
    pub(super) producer: ProducerIdAndEpoch,
    /// The producer id before this one, when its epochs were used up.
    pub(super) previous_producer_id: Option<i64>,
    /// The producer id of the next transaction, when the epochs of this one are used up.
    pub(super) next_producer_id: Option<i64>,
    pub(super) timeout: Duration,
    pub(super) state: TransactionState,
    pub(super) partitions: BTreeSet<TopicPartition>,
    /// When the first partition was added, in milliseconds since the Unix epoch.
    pub(super) start_timestamp: Option<i64>,
    pub(super) last_update_timestamp: i64,
}

/// The last epoch is kept for fencing (`TransactionMetadata.isEpochExhausted`).
const LAST_EPOCH: i16 = i16::MAX - 1;

impl TransactionState {
    /// The end is decided, and not every partition has its marker.
    pub(super) const fn is_prepared(self) -> bool {
        match self {
            Self::PrepareCommit | Self::PrepareAbort => true,
            Self::Empty | Self::Ongoing | Self::CompleteCommit | Self::CompleteAbort => false,
        }
    }
}

impl fmt::Display for TransactionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl TransactionMetadata {
    /// Of an id that nobody has borne.
    pub(super) const fn new(producer_id: i64, timestamp: i64) -> Self {
        Self {
            producer: ProducerIdAndEpoch { producer_id, epoch: 0 },
            previous_producer_id: None,
            next_producer_id: None,
            timeout: Duration::ZERO,
            state: TransactionState::Empty,
            partitions: BTreeSet::new(),
            start_timestamp: None,
            last_update_timestamp: timestamp,
        }
    }

    /// What stands in memory until the first record of an id is committed: an epoch that nobody has.
    pub(super) fn before_first(&self) -> Self {
        Self { producer: ProducerIdAndEpoch { epoch: -1, ..self.producer }, ..self.clone() }
    }

    pub(super) const fn is_epoch_exhausted(&self) -> bool {
        self.producer.epoch >= LAST_EPOCH
    }

    pub(super) fn is_timed_out(&self, timestamp: i64) -> bool {
        let timeout = i64::try_from(self.timeout.as_millis()).unwrap_or(i64::MAX);
        let over = self.start_timestamp.is_some_and(|start| start.saturating_add(timeout) < timestamp);
        self.state == TransactionState::Ongoing && over
    }

    pub(super) fn has_all(&self, partitions: &[TopicPartition]) -> bool {
        self.state == TransactionState::Ongoing
            && partitions.iter().all(|partition| self.partitions.contains(partition))
    }

    /// Partitions that are to have a marker; `None` unless the end is decided and not complete.
    pub(super) fn owed_markers(&self) -> Option<&BTreeSet<TopicPartition>> {
        self.state.is_prepared().then_some(&self.partitions)
    }

    pub(super) const fn result(&self) -> Option<TransactionResult> {
        match self.state {
            TransactionState::PrepareCommit | TransactionState::CompleteCommit => {
                Some(TransactionResult::Commit)
            }
            TransactionState::PrepareAbort | TransactionState::CompleteAbort => {
                Some(TransactionResult::Abort)
            }
            TransactionState::Empty | TransactionState::Ongoing => None,
        }
    }

    /// Whom the next transaction is of.
    pub(super) fn next_producer(&self) -> ProducerIdAndEpoch {
        match self.next_producer_id {
            Some(producer_id) => ProducerIdAndEpoch { producer_id, epoch: 0 },
            None => self.producer,
        }
    }

    /// `prepareIncrementProducerEpoch`
    pub(super) fn with_next_epoch(&self) -> Self {
        let producer = ProducerIdAndEpoch { epoch: self.producer.epoch + 1, ..self.producer };
        Self { producer, ..self.clone() }
    }

    /// `prepareProducerIdRotation`
    pub(super) fn rotated(&self, producer_id: i64) -> Self {
        let previous_producer_id = Some(self.producer.producer_id);
        Self { producer: ProducerIdAndEpoch { producer_id, epoch: 0 }, previous_producer_id, ..self.clone() }
    }

    /// What InitProducerId leads to.
    pub(super) fn initialized(self, timeout: Duration, timestamp: i64) -> Self {
        Self {
            timeout,
            state: TransactionState::Empty,
            partitions: BTreeSet::new(),
            start_timestamp: None,
            last_update_timestamp: timestamp,
            ..self
        }
    }

    /// `prepareAddPartitions`: the first one starts the clock.
    pub(super) fn with_partitions(&self, partitions: &[TopicPartition], timestamp: i64) -> Self {
        let begun = self.start_timestamp.filter(|_| self.state == TransactionState::Ongoing);
        let mut next = Self {
            state: TransactionState::Ongoing,
            start_timestamp: Some(begun.unwrap_or(timestamp)),
            last_update_timestamp: timestamp,
            ..self.clone()
        };
        next.partitions.extend(partitions.iter().cloned());
        next
    }

    /// `prepareAbortOrCommit`
    pub(super) fn prepared(
        &self,
        result: TransactionResult,
        ids: &mut impl ProducerIdSource,
        timestamp: i64,
    ) -> Result<Self, ErrorCode> {
        let next_producer_id = if self.is_epoch_exhausted() { Some(ids.producer_id()?) } else { None };
        let state = match result {
            TransactionResult::Commit => TransactionState::PrepareCommit,
            TransactionResult::Abort => TransactionState::PrepareAbort,
        };
        let start_timestamp = Some(self.start_timestamp.unwrap_or(timestamp));
        let next = self.with_next_epoch();
        Ok(Self { state, next_producer_id, start_timestamp, last_update_timestamp: timestamp, ..next })
    }

    /// `prepareComplete`: every partition has its marker.
    pub(super) fn completed(&self, timestamp: i64) -> Self {
        let state = match self.state {
            TransactionState::PrepareCommit => TransactionState::CompleteCommit,
            TransactionState::PrepareAbort => TransactionState::CompleteAbort,
            state @ (TransactionState::Empty
            | TransactionState::Ongoing
            | TransactionState::CompleteCommit
            | TransactionState::CompleteAbort) => unreachable!("{state} has no markers to wait for"),
        };
        Self {
            producer: self.next_producer(),
            previous_producer_id: self.next_producer_id.map(|_| self.producer.producer_id),
            next_producer_id: None,
            state,
            partitions: BTreeSet::new(),
            last_update_timestamp: timestamp,
            ..self.clone()
        }
    }
}
