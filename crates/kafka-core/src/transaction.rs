//! The transaction coordinator of one broker: who may write under a transactional id, and how each transaction ends.
//!
//! Mirrors `TransactionCoordinator` and `TransactionStateManager` with transaction version 2 (KIP-890), the default of
//! Kafka 4: the epoch of a producer grows with the end of each of its transactions. As in Kafka, a handler decides on
//! the next state and writes it to `__transaction_state`; the state takes effect when that is committed, and until then
//! nobody else may change it. Leaves out: versions 0 and 1, `transactional.id.expiration.ms`, two-phase commit (KIP-939),
//! the epoch that a client may expect, failed writes.

mod config;
mod description;
mod metadata;
mod record;

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Event;
use crate::java_hash::coordinator_partition;
use crate::protocol::{
    AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, EndTxnRequest, EndTxnResponse, ErrorCode,
    InitProducerIdRequest, InitProducerIdResponse, RequestHandle, Response, TransactionalId,
};
use crate::record::{ProducerIdAndEpoch, TransactionResult};
use crate::time::SimTime;
use crate::topic::TopicPartition;
pub use config::TransactionConfig;
pub use description::{TransactionDescription, TransactionListing};
use metadata::TransactionMetadata;
pub use metadata::TransactionState;
pub use record::TransactionRecord;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionCoordinator {
    config: TransactionConfig,
    /// What the wall clock shows when virtual time begins, in milliseconds since the Unix epoch.
    epoch_ms: i64,
    transactions: BTreeMap<TransactionalId, Transaction>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Transaction {
    /// As it is committed in the log.
    metadata: TransactionMetadata,
    pending: Option<Pending>,
}

/// A change that is decided and has not taken effect.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Pending {
    /// It is in the log, and not committed. With the answer that goes out then, if somebody waits for one.
    Writing(TransactionMetadata, Option<(RequestHandle, Response)>),
    /// A transaction will be complete when the last of these partitions has its marker.
    Marking(BTreeSet<TopicPartition>),
}

/// What a decision asks of the broker: to append a record to the id's partition of `__transaction_state` and to call
/// [`TransactionCoordinator::on_committed`] when it is committed; responses and events take effect at once.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[must_use]
pub struct TransactionEffects {
    pub record: Option<TransactionRecord>,
    pub responses: Vec<(RequestHandle, Response)>,
    pub events: Vec<Event>,
}

/// Markers that are still to be written for one transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OwedMarkers {
    pub transactional_id: TransactionalId,
    /// With the epoch of the next transaction.
    pub producer: ProducerIdAndEpoch,
    pub result: TransactionResult,
    pub partitions: BTreeSet<TopicPartition>,
}

/// Where new producer ids come from.
pub trait ProducerIdSource {
    /// # Errors
    /// There is none left, and the controller cannot be asked.
    fn producer_id(&mut self) -> Result<i64, ErrorCode>;
}

impl TransactionCoordinator {
    pub const fn new(config: TransactionConfig, epoch_ms: i64) -> Self {
        Self { config, epoch_ms, transactions: BTreeMap::new() }
    }

    pub const fn config(&self) -> &TransactionConfig {
        &self.config
    }

    /// The partition of `__transaction_state` whose leader coordinates the id.
    pub fn partition_for(&self, transactional_id: &str) -> u32 {
        coordinator_partition(transactional_id, self.config.state_log_num_partitions)
    }

    /// Hands out the next epoch of an id. A transaction that its last bearer has left open is aborted first, and whoever
    /// asks has to ask again.
    pub fn init_producer_id(
        &mut self,
        now: SimTime,
        ids: &mut impl ProducerIdSource,
        handle: RequestHandle,
        transactional_id: &TransactionalId,
        request: &InitProducerIdRequest,
    ) -> TransactionEffects {
        let timestamp = self.timestamp(now);
        let answer = |producer| Response::InitProducerId(InitProducerIdResponse { producer });
        let refuse = |error| TransactionEffects::respond(handle, answer(Err(error)));
        if transactional_id.is_empty() {
            return refuse(ErrorCode::InvalidRequest);
        }
        if request.transaction_timeout > self.config.max_timeout || request.transaction_timeout.is_zero() {
            return refuse(ErrorCode::InvalidTransactionTimeout);
        }
        let known = self.transactions.get(transactional_id);
        if known.is_some_and(|known| known.pending.is_some()) {
            return refuse(ErrorCode::ConcurrentTransactions);
        }
        let next = match known.map(|known| &known.metadata) {
            None => ids.producer_id().map(|id| TransactionMetadata::new(id, timestamp)),
            Some(known) => match known.state {
                TransactionState::PrepareCommit | TransactionState::PrepareAbort => {
                    return refuse(ErrorCode::ConcurrentTransactions);
                }
                TransactionState::Ongoing => {
                    let again = Some((handle, answer(Err(ErrorCode::ConcurrentTransactions))));
                    return self.fence(now, ids, transactional_id, again);
                }
                TransactionState::Empty
                | TransactionState::CompleteCommit
                | TransactionState::CompleteAbort
                    if known.is_epoch_exhausted() =>
                {
                    ids.producer_id().map(|id| known.rotated(id))
                }
                TransactionState::Empty
                | TransactionState::CompleteCommit
                | TransactionState::CompleteAbort => Ok(known.with_next_epoch()),
            },
        };
        match next {
            Ok(next) => {
                let next = next.initialized(request.transaction_timeout, timestamp);
                let response = answer(Ok(next.producer));
                self.write(transactional_id, next, Some((handle, response)))
            }
            Err(error) => refuse(error),
        }
    }

    /// A broker is about to append records of the transaction to partitions.
    pub fn add_partitions(
        &mut self,
        now: SimTime,
        handle: RequestHandle,
        request: &AddPartitionsToTxnRequest,
    ) -> TransactionEffects {
        let timestamp = self.timestamp(now);
        let answer = |outcome| Response::AddPartitionsToTxn(AddPartitionsToTxnResponse { outcome });
        match self.check_add(request) {
            Ok(metadata) if metadata.has_all(&request.partitions) => {
                TransactionEffects::respond(handle, answer(Ok(())))
            }
            Ok(metadata) => {
                let next = metadata.with_partitions(&request.partitions, timestamp);
                self.write(&request.transactional_id, next, Some((handle, answer(Ok(())))))
            }
            Err(error) => TransactionEffects::respond(handle, answer(Err(error))),
        }
    }

    fn check_add(&self, request: &AddPartitionsToTxnRequest) -> Result<&TransactionMetadata, ErrorCode> {
        let known = self.bearer(&request.transactional_id, request.producer.producer_id)?;
        if known.metadata.producer.epoch != request.producer.epoch {
            return Err(ErrorCode::ProducerFenced);
        }
        if known.pending.is_some() || known.metadata.state.is_prepared() {
            return Err(ErrorCode::ConcurrentTransactions);
        }
        Ok(&known.metadata)
    }

    pub fn end_txn(
        &mut self,
        now: SimTime,
        ids: &mut impl ProducerIdSource,
        handle: RequestHandle,
        request: &EndTxnRequest,
    ) -> TransactionEffects {
        let timestamp = self.timestamp(now);
        let answer = |producer| Response::EndTxn(EndTxnResponse { producer });
        let next = match self.check_end(request) {
            Ok(End::Done(producer)) => return TransactionEffects::respond(handle, answer(Ok(producer))),
            Ok(End::Prepare(metadata)) => metadata.prepared(request.result, ids, timestamp),
            Err(error) => Err(error),
        };
        match next {
            Ok(next) => {
                let response = answer(Ok(next.next_producer()));
                self.write(&request.transactional_id, next, Some((handle, response)))
            }
            Err(error) => TransactionEffects::respond(handle, answer(Err(error))),
        }
    }

    /// `TransactionCoordinator.endTransaction`: an epoch that is one behind is that of a request which comes again.
    fn check_end(&self, request: &EndTxnRequest) -> Result<End<'_>, ErrorCode> {
        let id = &request.transactional_id;
        let Transaction { metadata, pending } =
            self.transactions.get(id).ok_or(ErrorCode::InvalidProducerIdMapping)?;
        let (known, asked) = (metadata.producer, request.producer);
        let rotated = metadata.previous_producer_id == Some(asked.producer_id) && known.epoch == 0;
        if known.producer_id != asked.producer_id && !rotated {
            return Err(ErrorCode::InvalidProducerIdMapping);
        }
        let again = rotated || known.epoch == asked.epoch.saturating_add(1);
        let valid = match metadata.state {
            TransactionState::Ongoing | TransactionState::Empty => known.epoch == asked.epoch,
            TransactionState::PrepareCommit | TransactionState::PrepareAbort => again,
            TransactionState::CompleteCommit | TransactionState::CompleteAbort => {
                again || known.epoch == asked.epoch
            }
        };
        if !valid {
            return Err(ErrorCode::ProducerFenced);
        }
        if pending.is_some() {
            return Err(ErrorCode::ConcurrentTransactions);
        }
        match (metadata.state, request.result) {
            (TransactionState::Ongoing, TransactionResult::Commit | TransactionResult::Abort) => {
                Ok(End::Prepare(metadata))
            }
            (TransactionState::CompleteCommit, TransactionResult::Commit)
            | (TransactionState::CompleteAbort, TransactionResult::Abort)
                if again =>
            {
                Ok(End::Done(known))
            }
            // Nothing was written, and yet the epoch grows.
            (TransactionState::Empty, TransactionResult::Abort) => Ok(End::Prepare(metadata)),
            (
                TransactionState::CompleteCommit | TransactionState::CompleteAbort,
                TransactionResult::Abort,
            ) if !again => Ok(End::Prepare(metadata)),
            (TransactionState::PrepareCommit, TransactionResult::Commit)
            | (TransactionState::PrepareAbort, TransactionResult::Abort) => {
                Err(ErrorCode::ConcurrentTransactions)
            }
            (
                TransactionState::Empty
                | TransactionState::PrepareCommit
                | TransactionState::PrepareAbort
                | TransactionState::CompleteCommit
                | TransactionState::CompleteAbort,
                TransactionResult::Commit | TransactionResult::Abort,
            ) => Err(ErrorCode::InvalidTxnState),
        }
    }

    /// The job of `transaction.abort.timed.out.transaction.cleanup.interval.ms`. One for each transaction that has been
    /// open for longer than its producer allowed.
    pub fn abort_timed_out(
        &mut self,
        now: SimTime,
        ids: &mut impl ProducerIdSource,
    ) -> Vec<(TransactionalId, TransactionEffects)> {
        let timestamp = self.timestamp(now);
        let timed_out =
            |known: &Transaction| known.pending.is_none() && known.metadata.is_timed_out(timestamp);
        let late: Vec<_> = self
            .transactions
            .iter()
            .filter(|(_, known)| timed_out(known))
            .map(|(id, _)| id.clone())
            .collect();
        let mut aborted = Vec::new();
        for id in late {
            let mut effects = self.fence(now, ids, &id, None);
            effects.events.insert(0, Event::TransactionTimedOut { transactional_id: id.clone() });
            aborted.push((id, effects));
        }
        aborted
    }

    /// Aborts an open transaction without its producer, whose epoch is of no use any more (`PrepareEpochFence`).
    fn fence(
        &mut self,
        now: SimTime,
        ids: &mut impl ProducerIdSource,
        transactional_id: &TransactionalId,
        answer: Option<(RequestHandle, Response)>,
    ) -> TransactionEffects {
        let timestamp = self.timestamp(now);
        let open = &self.transactions[transactional_id].metadata;
        match open.prepared(TransactionResult::Abort, ids, timestamp) {
            Ok(next) => self.write(transactional_id, next, answer),
            // Tried again by the next run of the job, or by whoever asked.
            Err(_) => TransactionEffects { responses: answer.into_iter().collect(), ..Default::default() },
        }
    }

    /// The record that was written last for an id is committed.
    pub fn on_committed(&mut self, now: SimTime, transactional_id: &TransactionalId) -> TransactionEffects {
        let timestamp = self.timestamp(now);
        let Some(known) = self.transactions.get_mut(transactional_id) else {
            return TransactionEffects::default();
        };
        let Some(Pending::Writing(next, answer)) = known.pending.take() else {
            unreachable!("a record is committed once, before another is written")
        };
        let before = std::mem::replace(&mut known.metadata, next);
        let owed = known.metadata.owed_markers().cloned();
        known.pending = owed.clone().map(Pending::Marking);
        let mut effects = match owed {
            Some(none) if none.is_empty() => {
                let next = known.metadata.completed(timestamp);
                self.write(transactional_id, next, None)
            }
            Some(_) | None => TransactionEffects::default(),
        };
        effects.responses.extend(answer);
        let after = &self.transactions[transactional_id].metadata;
        if before.state != after.state {
            let changed = Event::TransactionStateChanged {
                transactional_id: transactional_id.clone(),
                producer: after.producer,
                from: before.state,
                to: after.state,
            };
            effects.events.insert(0, changed);
        }
        effects
    }

    /// Every marker that is not written yet.
    pub fn owed_markers(&self) -> impl Iterator<Item = OwedMarkers> {
        self.transactions.iter().filter_map(|(id, known)| match &known.pending {
            Some(Pending::Marking(partitions)) => Some(OwedMarkers {
                transactional_id: id.clone(),
                producer: known.metadata.producer,
                result: known.metadata.result()?,
                partitions: partitions.clone(),
            }),
            Some(Pending::Writing(..)) | None => None,
        })
    }

    /// Partitions have their markers, or need none any more.
    pub fn on_markers_written(
        &mut self,
        now: SimTime,
        transactional_id: &TransactionalId,
        producer: ProducerIdAndEpoch,
        partitions: &[TopicPartition],
    ) -> TransactionEffects {
        let timestamp = self.timestamp(now);
        let Some(known) = self.transactions.get_mut(transactional_id) else {
            return TransactionEffects::default();
        };
        let Some(Pending::Marking(owed)) =
            known.pending.as_mut().filter(|_| known.metadata.producer == producer)
        else {
            return TransactionEffects::default();
        };
        partitions.iter().for_each(|partition| {
            owed.remove(partition);
        });
        if !owed.is_empty() {
            return TransactionEffects::default();
        }
        let next = known.metadata.completed(timestamp);
        self.write(transactional_id, next, None)
    }

    /// This broker became the leader of a partition of `__transaction_state`: its ids are rebuilt from the log, and what was
    /// about to end goes on to its end.
    pub fn load(&mut self, records: impl IntoIterator<Item = TransactionRecord>) {
        for TransactionRecord { transactional_id, metadata } in records {
            let pending = metadata.owed_markers().cloned().map(Pending::Marking);
            self.transactions.insert(transactional_id, Transaction { metadata, pending });
        }
    }

    /// This broker stops leading a partition of `__transaction_state`. Answers that wait are those of a broker that does
    /// not coordinate.
    pub fn unload(&mut self, partition: u32) -> Vec<(RequestHandle, Response)> {
        let gone: Vec<_> =
            self.transactions.keys().filter(|id| self.partition_for(id) == partition).cloned().collect();
        let waiting = gone.iter().filter_map(|id| match self.transactions.remove(id)?.pending? {
            Pending::Writing(_, answer) => answer,
            Pending::Marking(_) => None,
        });
        waiting.collect()
    }

    fn bearer(&self, transactional_id: &str, producer_id: i64) -> Result<&Transaction, ErrorCode> {
        let known = self.transactions.get(transactional_id);
        known
            .filter(|known| known.metadata.producer.producer_id == producer_id)
            .ok_or(ErrorCode::InvalidProducerIdMapping)
    }

    fn write(
        &mut self,
        transactional_id: &TransactionalId,
        next: TransactionMetadata,
        answer: Option<(RequestHandle, Response)>,
    ) -> TransactionEffects {
        let record = TransactionRecord { transactional_id: transactional_id.clone(), metadata: next.clone() };
        let fresh = || Transaction { metadata: next.before_first(), pending: None };
        let known = self.transactions.entry(transactional_id.clone()).or_insert_with(fresh);
        known.pending = Some(Pending::Writing(next, answer));
        TransactionEffects { record: Some(record), ..TransactionEffects::default() }
    }

    const fn timestamp(&self, now: SimTime) -> i64 {
        self.epoch_ms + now.as_millis().cast_signed()
    }
}

/// What EndTxn comes to.
enum End<'a> {
    /// It has ended so before; the identity for the next transaction.
    Done(ProducerIdAndEpoch),
    Prepare(&'a TransactionMetadata),
}

impl TransactionEffects {
    fn respond(handle: RequestHandle, response: Response) -> Self {
        Self { responses: vec![(handle, response)], ..Self::default() }
    }
}
