//! What the transactional methods of a producer throw, with Kafka's classes and messages.
//!
//! Mirrors the exceptions of `TransactionManager`. Leaves out: stack traces.

use std::fmt;
use std::rc::Rc;

use super::TransactionCall;
use crate::event::SendFailure;
use crate::protocol::{ErrorCode, TransactionalId};
use crate::record::ProducerIdAndEpoch;

/// `Display` is the message; that of a broker's answer is the answer's own.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TransactionError {
    /// The method must not be called now.
    IllegalState(Rc<str>),
    /// `max.block.ms` passed.
    TimedOut { call: TransactionCall, waited_ms: u64 },
    /// A coordinator's answer that does not go away.
    Rejected(ErrorCode),
    /// Offsets of a member that is not in this generation of its group.
    CommitFailed(ErrorCode),
    /// A batch was not delivered.
    SendFailed(SendFailure),
    /// Another producer bears the id since an earlier call.
    Fenced { transactional_id: TransactionalId, producer: ProducerIdAndEpoch },
    /// The producer wrote with an epoch that has passed.
    OldEpoch { transactional_id: TransactionalId, producer: ProducerIdAndEpoch },
    /// An earlier error stands in the way.
    InErrorState(Box<Self>),
}

impl TransactionError {
    pub(super) fn not_transactional() -> Self {
        let message = "Cannot use transactional methods without enabling transactions by setting the \
                       transactional.id configuration property";
        Self::IllegalState(message.into())
    }

    /// How a later call tells of this error.
    pub(super) fn told_later(&self, id: &TransactionalId, producer: ProducerIdAndEpoch) -> Self {
        let transactional_id = id.clone();
        match self {
            Self::Rejected(ErrorCode::ProducerFenced) => Self::Fenced { transactional_id, producer },
            Self::SendFailed(SendFailure::Rejected(ErrorCode::InvalidProducerEpoch)) => {
                Self::OldEpoch { transactional_id, producer }
            }
            Self::IllegalState(_)
            | Self::TimedOut { .. }
            | Self::Rejected(_)
            | Self::CommitFailed(_)
            | Self::SendFailed(_)
            | Self::Fenced { .. }
            | Self::OldEpoch { .. }
            | Self::InErrorState(_) => Self::InErrorState(Box::new(self.clone())),
        }
    }

    /// In a few words, as logs name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::IllegalState(_) => "IllegalStateException",
            Self::TimedOut { .. } => "TimeoutException",
            Self::Rejected(error) => error.name(),
            Self::CommitFailed(_) => "CommitFailedException",
            Self::SendFailed(_) | Self::InErrorState(_) => "KafkaException",
            Self::Fenced { .. } => "ProducerFencedException",
            Self::OldEpoch { .. } => "InvalidProducerEpochException",
        }
    }

    /// The producer is of no use any more: another one has taken its place.
    pub fn is_fenced(&self) -> bool {
        match self {
            Self::Fenced { .. } | Self::Rejected(ErrorCode::ProducerFenced) => true,
            Self::InErrorState(cause) => cause.is_fenced(),
            Self::IllegalState(_)
            | Self::TimedOut { .. }
            | Self::Rejected(_)
            | Self::CommitFailed(_)
            | Self::SendFailed(_)
            | Self::OldEpoch { .. } => false,
        }
    }

    /// The Java class; for the answer of a broker, or a record's failure, it is that of the cause.
    pub const fn exception(&self) -> Option<&'static str> {
        match self {
            Self::IllegalState(_) => Some("java.lang.IllegalStateException"),
            Self::TimedOut { .. } => Some("org.apache.kafka.common.errors.TimeoutException"),
            Self::CommitFailed(_) => Some("org.apache.kafka.clients.consumer.CommitFailedException"),
            Self::Fenced { .. } => Some("org.apache.kafka.common.errors.ProducerFencedException"),
            Self::OldEpoch { .. } => Some("org.apache.kafka.common.errors.InvalidProducerEpochException"),
            Self::InErrorState(_) | Self::Rejected(ErrorCode::InvalidTransactionTimeout) => {
                Some("org.apache.kafka.common.KafkaException")
            }
            Self::Rejected(_) | Self::SendFailed(_) => None,
        }
    }
}

impl fmt::Display for TransactionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IllegalState(message) => f.write_str(message),
            Self::TimedOut { call, waited_ms } => {
                let awaited = match call {
                    TransactionCall::InitTransactions | TransactionCall::BeginTransaction => "InitProducerId",
                    TransactionCall::SendOffsetsToTransaction => "TxnOffsetCommitHandler",
                    TransactionCall::CommitTransaction => "EndTxn(true)",
                    TransactionCall::AbortTransaction => "EndTxn(false)",
                };
                write!(f, "Timeout expired after {waited_ms}ms while awaiting {awaited}")
            }
            Self::Rejected(ErrorCode::InvalidTransactionTimeout) => f.write_str(
                "Unexpected error in InitProducerIdResponse; The transaction timeout is larger than the maximum value \
                 allowed by the broker (as configured by transaction.max.timeout.ms).",
            ),
            Self::Rejected(error) => error.fmt(f),
            Self::CommitFailed(error) => write!(
                f,
                "Transaction offset Commit failed due to consumer group metadata mismatch: {error}"
            ),
            Self::SendFailed(_) => f.write_str("a record was not delivered"),
            Self::Fenced { transactional_id, producer } => write!(
                f,
                "Producer with transactionalId '{transactional_id}' and {} has been fenced by another producer with the \
                 same transactionalId",
                Identity(producer)
            ),
            Self::OldEpoch { transactional_id, producer } => write!(
                f,
                "Producer with transactionalId '{transactional_id}' and {} attempted to produce with an old epoch",
                Identity(producer)
            ),
            Self::InErrorState(_) => {
                f.write_str("Cannot execute transactional method because we are in an error state")
            }
        }
    }
}

/// `ProducerIdAndEpoch.toString`
struct Identity<'a>(&'a ProducerIdAndEpoch);

impl fmt::Display for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "(producerId={}, epoch={})", self.0.producer_id, self.0.epoch)
    }
}
