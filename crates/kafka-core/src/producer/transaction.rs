//! The transactions of a producer, as its application calls for them: one after the other, each of them ended before the
//! next begins.
//!
//! Mirrors the transactional part of `TransactionManager` and the methods of `KafkaProducer` around it, with transaction
//! version 2: partitions are added by the broker that appends to them, and the answer to EndTxn brings the next epoch.
//! Leaves out: `transaction.two.phase.commit.enable` (KIP-939), recovery from INVALID_PRODUCER_ID_MAPPING.

mod error;
mod requests;

use std::fmt;

use super::Producer;
use crate::event::{Event, SendFailure};
use crate::node::{Context, Timer};
use crate::protocol::{
    BrokerId, ConsumerGroupMetadata, CorrelationId, GroupId, OffsetAndMetadata, TransactionalId,
};
use crate::record::TransactionResult;
use crate::time::SimTime;
use crate::topic::TopicPartition;
pub use error::TransactionError;

/// A method of `KafkaProducer`, with its arguments.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ProducerCall {
    InitTransactions,
    BeginTransaction,
    /// The offsets are those of the next records to read.
    SendOffsetsToTransaction {
        offsets: Vec<(TopicPartition, i64)>,
        group: ConsumerGroupMetadata,
    },
    CommitTransaction,
    AbortTransaction,
}

/// The same, without arguments.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TransactionCall {
    InitTransactions,
    BeginTransaction,
    SendOffsetsToTransaction,
    CommitTransaction,
    AbortTransaction,
}

/// Where a producer stands; `Display` is the constant's name in `TransactionManager.State`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ClientTransactionState {
    Uninitialized,
    Initializing,
    Ready,
    InTransaction,
    CommittingTransaction,
    AbortingTransaction,
    /// The transaction has to be aborted.
    AbortableError,
    /// The producer has to be closed.
    FatalError,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Transactions {
    id: TransactionalId,
    state: ClientTransactionState,
    /// Why the state is one of error.
    error: Option<TransactionError>,
    /// Records or offsets were sent since the transaction began.
    started: bool,
    operation: Option<Operation>,
    /// The application waits for the operation until then.
    waiting_until: Option<SimTime>,
    /// What came of an operation that nobody waited for any more.
    unclaimed: Option<(TransactionCall, Result<(), TransactionError>)>,
    coordinator: Coordinator,
    group_coordinator: (Option<GroupId>, Coordinator),
}

/// What a call has set going.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Operation {
    kind: OperationKind,
    not_before: SimTime,
    in_flight: Option<CorrelationId>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum OperationKind {
    Init,
    Offsets { offsets: Vec<(TopicPartition, OffsetAndMetadata)>, group: ConsumerGroupMetadata },
    End(TransactionResult),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Coordinator {
    Unknown,
    Looking(CorrelationId),
    Known(BrokerId),
}

impl ProducerCall {
    const fn name(&self) -> TransactionCall {
        match self {
            Self::InitTransactions => TransactionCall::InitTransactions,
            Self::BeginTransaction => TransactionCall::BeginTransaction,
            Self::SendOffsetsToTransaction { .. } => TransactionCall::SendOffsetsToTransaction,
            Self::CommitTransaction => TransactionCall::CommitTransaction,
            Self::AbortTransaction => TransactionCall::AbortTransaction,
        }
    }
}

impl fmt::Display for TransactionCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InitTransactions => "initTransactions",
            Self::BeginTransaction => "beginTransaction",
            Self::SendOffsetsToTransaction => "sendOffsetsToTransaction",
            Self::CommitTransaction => "commitTransaction",
            Self::AbortTransaction => "abortTransaction",
        })
    }
}

impl fmt::Display for ClientTransactionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Uninitialized => "UNINITIALIZED",
            Self::Initializing => "INITIALIZING",
            Self::Ready => "READY",
            Self::InTransaction => "IN_TRANSACTION",
            Self::CommittingTransaction => "COMMITTING_TRANSACTION",
            Self::AbortingTransaction => "ABORTING_TRANSACTION",
            Self::AbortableError => "ABORTABLE_ERROR",
            Self::FatalError => "FATAL_ERROR",
        })
    }
}

impl ClientTransactionState {
    /// `TransactionManager.State.isTransitionValid`, for the states that a call leads to.
    const fn may_become(self, target: Self) -> bool {
        matches!(
            (self, target),
            (Self::Uninitialized, Self::Initializing)
                | (Self::Ready, Self::InTransaction)
                | (Self::InTransaction, Self::CommittingTransaction)
                | (Self::InTransaction | Self::AbortableError, Self::AbortingTransaction)
        )
    }
}

impl OperationKind {
    const fn call(&self) -> TransactionCall {
        match self {
            Self::Init => TransactionCall::InitTransactions,
            Self::Offsets { .. } => TransactionCall::SendOffsetsToTransaction,
            Self::End(TransactionResult::Commit) => TransactionCall::CommitTransaction,
            Self::End(TransactionResult::Abort) => TransactionCall::AbortTransaction,
        }
    }
}

impl Transactions {
    pub(super) const fn new(id: TransactionalId) -> Self {
        Self {
            id,
            state: ClientTransactionState::Uninitialized,
            error: None,
            started: false,
            operation: None,
            waiting_until: None,
            unclaimed: None,
            coordinator: Coordinator::Unknown,
            group_coordinator: (None, Coordinator::Unknown),
        }
    }

    pub(super) const fn id(&self) -> &TransactionalId {
        &self.id
    }

    pub(super) const fn state(&self) -> ClientTransactionState {
        self.state
    }

    /// Nothing lingers while a transaction is about to end.
    pub(super) const fn is_completing(&self) -> bool {
        matches!(
            self.state,
            ClientTransactionState::CommittingTransaction | ClientTransactionState::AbortingTransaction
        )
    }

    /// What `transitionTo` throws.
    fn change_to(&mut self, target: ClientTransactionState) -> Result<(), TransactionError> {
        if !self.state.may_become(target) {
            return Err(TransactionError::IllegalState(
                format!(
                    "TransactionalId {}: Invalid transition attempted from state {} to state {target}",
                    self.id, self.state
                )
                .into(),
            ));
        }
        self.state = target;
        Ok(())
    }

    fn has_error(&self) -> bool {
        matches!(self.state, ClientTransactionState::AbortableError | ClientTransactionState::FatalError)
    }
}

impl Producer {
    /// Where it stands with its transactions; `None` without `transactional.id`.
    pub fn transaction_state(&self) -> Option<ClientTransactionState> {
        self.transactions.as_ref().map(Transactions::state)
    }

    /// A method is called; what comes of it is told as an event, at once or when the call returns.
    pub(crate) fn call(&mut self, call: ProducerCall, context: &mut Context<'_>) {
        let name = call.name();
        match self.begin_call(call, context) {
            Ok(Begun::Returned) => self.tell_call(name, Ok(()), context),
            Ok(Begun::Blocked) => {
                let until = context.now + self.config.max_block;
                context.set_timer(Timer::TransactionCall, until);
                if let Some(transactions) = &mut self.transactions {
                    transactions.waiting_until = Some(until);
                }
            }
            Err(error) => self.tell_call(name, Err(error), context),
        }
        self.go_on(context);
    }

    fn begin_call(
        &mut self,
        call: ProducerCall,
        context: &mut Context<'_>,
    ) -> Result<Begun, TransactionError> {
        let cause = self.maybe_fail_with_error();
        let Some(transactions) = &mut self.transactions else {
            return Err(TransactionError::not_transactional());
        };
        if let Some(begun) = transactions.claim(call.name()) {
            return begun;
        }
        let fails = !matches!(
            (&call, transactions.state),
            (ProducerCall::AbortTransaction, ClientTransactionState::AbortableError)
        );
        if let Some(error) = cause.filter(|_| fails) {
            return Err(error);
        }
        let kind = match call {
            ProducerCall::InitTransactions => {
                transactions.change_to(ClientTransactionState::Initializing)?;
                OperationKind::Init
            }
            ProducerCall::BeginTransaction => {
                transactions.change_to(ClientTransactionState::InTransaction)?;
                return Ok(Begun::Returned);
            }
            ProducerCall::SendOffsetsToTransaction { offsets, group } => {
                if transactions.state != ClientTransactionState::InTransaction {
                    return Err(TransactionError::IllegalState(
                        format!(
                            "Cannot send offsets if a transaction is not in progress (currentState= {})",
                            transactions.state
                        )
                        .into(),
                    ));
                }
                if offsets.is_empty() {
                    return Ok(Begun::Returned);
                }
                let committed = |(partition, offset)| {
                    (partition, OffsetAndMetadata { offset, leader_epoch: None, metadata: "".into() })
                };
                transactions.started = true;
                OperationKind::Offsets { offsets: offsets.into_iter().map(committed).collect(), group }
            }
            ProducerCall::CommitTransaction => {
                transactions.change_to(ClientTransactionState::CommittingTransaction)?;
                OperationKind::End(TransactionResult::Commit)
            }
            ProducerCall::AbortTransaction => {
                transactions.change_to(ClientTransactionState::AbortingTransaction)?;
                OperationKind::End(TransactionResult::Abort)
            }
        };
        let aborts = kind == OperationKind::End(TransactionResult::Abort);
        transactions.operation = Some(Operation { kind, not_before: context.now, in_flight: None });
        if aborts {
            self.abort_undrained_batches(&SendFailure::TransactionAborted, context);
        }
        Ok(Begun::Blocked)
    }

    /// `close()` aborts a transaction that is open (`Sender.run`). True when there is nothing left to do.
    pub(super) fn leave_no_transaction(&mut self, context: &mut Context<'_>) -> bool {
        let Some(transactions) = &mut self.transactions else { return true };
        if transactions.operation.is_some() {
            return false;
        }
        if transactions.change_to(ClientTransactionState::AbortingTransaction).is_err() {
            return true;
        }
        let kind = OperationKind::End(TransactionResult::Abort);
        transactions.operation = Some(Operation { kind, not_before: context.now, in_flight: None });
        self.go_on_with_transaction(context);
        self.transactions.as_ref().is_none_or(|transactions| transactions.operation.is_none())
    }

    /// What `send()` throws (`TransactionManager.maybeAddPartition`).
    pub(super) fn check_send(&mut self, partition: &TopicPartition) -> Result<(), TransactionError> {
        if let Some(error) = self.maybe_fail_with_error() {
            return Err(error);
        }
        let Some(transactions) = &mut self.transactions else { return Ok(()) };
        let message = match transactions.state {
            ClientTransactionState::InTransaction => {
                transactions.started = true;
                return Ok(());
            }
            ClientTransactionState::Uninitialized | ClientTransactionState::Initializing => format!(
                "Cannot add partition {partition} to transaction before completing a call to initTransactions"
            ),
            state @ (ClientTransactionState::Ready
            | ClientTransactionState::CommittingTransaction
            | ClientTransactionState::AbortingTransaction
            | ClientTransactionState::AbortableError
            | ClientTransactionState::FatalError) => {
                format!("Cannot add partition {partition} to transaction while in state  {state}")
            }
        };
        Err(TransactionError::IllegalState(message.into()))
    }

    /// A batch will not be delivered: the transaction cannot be committed (`maybeTransitionToErrorState`).
    pub(super) fn on_batch_given_up(&mut self, failure: &SendFailure) {
        let Some(transactions) = &mut self.transactions else { return };
        match transactions.state {
            ClientTransactionState::InTransaction | ClientTransactionState::CommittingTransaction => {
                transactions.state = ClientTransactionState::AbortableError;
                transactions.error = Some(TransactionError::SendFailed(failure.clone()));
            }
            ClientTransactionState::Uninitialized
            | ClientTransactionState::Initializing
            | ClientTransactionState::Ready
            | ClientTransactionState::AbortingTransaction
            | ClientTransactionState::AbortableError
            | ClientTransactionState::FatalError => {}
        }
    }

    /// The application has waited for `max.block.ms`; the operation goes on.
    pub(super) fn expire_call(&mut self, context: &mut Context<'_>) {
        let waited_ms = self.config.max_block.as_millis() as u64;
        let Some(transactions) = &mut self.transactions else { return };
        let Some(operation) =
            transactions.operation.as_ref().filter(|_| transactions.waiting_until.is_some())
        else {
            return;
        };
        let call = operation.kind.call();
        transactions.waiting_until = None;
        self.tell_call(call, Err(TransactionError::TimedOut { call, waited_ms }), context);
    }

    /// `maybeFailWithError`
    fn maybe_fail_with_error(&self) -> Option<TransactionError> {
        let transactions = self.transactions.as_ref().filter(|transactions| transactions.has_error())?;
        let producer = self.idempotence.as_ref().and_then(|known| known.producer())?;
        Some(transactions.error.as_ref()?.told_later(&transactions.id, producer))
    }

    /// An operation is over. Whoever waits for it is told.
    fn conclude(&mut self, outcome: Result<(), TransactionError>, context: &mut Context<'_>) {
        let Some(transactions) = &mut self.transactions else { return };
        let Some(operation) = transactions.operation.take() else { return };
        let call = operation.kind.call();
        context.cancel_timer(&Timer::TransactionCall);
        if transactions.waiting_until.take().is_some() {
            self.tell_call(call, outcome, context);
        } else {
            transactions.unclaimed = Some((call, outcome));
        }
    }

    fn tell_call(
        &self,
        call: TransactionCall,
        outcome: Result<(), TransactionError>,
        context: &mut Context<'_>,
    ) {
        context.emit(Event::TransactionCallReturned { client: self.client, call, outcome });
    }

    fn abort_undrained_batches(&mut self, failure: &SendFailure, context: &mut Context<'_>) {
        for (partition, batch) in self.accumulator.take_undrained() {
            self.accumulator.free(&batch);
            for record in batch.into_records() {
                self.fail((partition.topic.clone(), record), failure.clone(), context);
            }
        }
    }
}

/// How far a call has got.
enum Begun {
    Returned,
    Blocked,
}

impl Transactions {
    /// A call that timed out is made again: it waits for the same operation, or learns what came of it. Any other call has
    /// to wait for that.
    fn claim(&mut self, call: TransactionCall) -> Option<Result<Begun, TransactionError>> {
        let first = match (&self.operation, &self.unclaimed) {
            (Some(operation), _) => operation.kind.call(),
            (None, Some((first, _))) => *first,
            (None, None) => return None,
        };
        if first != call {
            let message = format!(
                "Cannot attempt operation `{call}` because the previous call to `{first}` timed out and must be retried"
            );
            return Some(Err(TransactionError::IllegalState(message.into())));
        }
        Some(match self.unclaimed.take() {
            Some((_, outcome)) => outcome.map(|()| Begun::Returned),
            None => Ok(Begun::Blocked),
        })
    }
}
