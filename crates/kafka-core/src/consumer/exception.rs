//! What the methods of a consumer throw, with Kafka's classes and messages.
//!
//! Mirrors `CommitFailedException`, `RetriableCommitFailedException`, `NoOffsetForPartitionException` and their like.
//! Leaves out: stack traces, authorization.

use std::fmt;

use crate::protocol::ErrorCode;
use crate::topic::TopicPartition;

/// Why `poll()` threw and will throw again.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PollError {
    /// A broker's answer that does not go away.
    Broker(ErrorCode),
    /// `auto.offset.reset=none`, and nothing is committed.
    NoOffsetForPartition(Vec<TopicPartition>),
    /// `auto.offset.reset=none`, and the position is not in the log.
    OffsetOutOfRange { partition: TopicPartition, offset: i64 },
}

/// Why a commit failed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CommitError {
    /// The member is not in its group any more, or not in this generation.
    CommitFailed,
    /// The member is between JoinGroup and SyncGroup.
    RebalanceInProgress,
    /// `default.api.timeout.ms` passed with retries only.
    Timeout,
    /// `commitAsync` does not try again by itself.
    Retriable(ErrorCode),
    Broker(ErrorCode),
}

impl PollError {
    pub const fn exception(&self) -> &'static str {
        match self {
            Self::Broker(ErrorCode::FencedInstanceId) => {
                "org.apache.kafka.common.errors.FencedInstanceIdException"
            }
            Self::Broker(ErrorCode::GroupMaxSizeReached) => {
                "org.apache.kafka.common.errors.GroupMaxSizeReachedException"
            }
            Self::Broker(ErrorCode::InconsistentGroupProtocol) => {
                "org.apache.kafka.common.errors.InconsistentGroupProtocolException"
            }
            Self::Broker(ErrorCode::InvalidGroupId) => {
                "org.apache.kafka.common.errors.InvalidGroupIdException"
            }
            Self::Broker(ErrorCode::InvalidSessionTimeout) => {
                "org.apache.kafka.common.errors.InvalidSessionTimeoutException"
            }
            Self::Broker(_) => "org.apache.kafka.common.KafkaException",
            Self::NoOffsetForPartition(_) => {
                "org.apache.kafka.clients.consumer.NoOffsetForPartitionException"
            }
            Self::OffsetOutOfRange { .. } => "org.apache.kafka.clients.consumer.OffsetOutOfRangeException",
        }
    }
}

impl fmt::Display for PollError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broker(error) => error.fmt(f),
            Self::NoOffsetForPartition(partitions) => {
                write!(f, "Undefined offset with no reset policy for partitions: {partitions:?}")
            }
            Self::OffsetOutOfRange { partition, offset } => {
                write!(f, "Fetch position {offset} is out of range for partition {partition}")
            }
        }
    }
}

impl CommitError {
    pub(super) const fn is_retriable(self) -> bool {
        match self {
            Self::Retriable(_) => true,
            Self::CommitFailed | Self::RebalanceInProgress | Self::Timeout | Self::Broker(_) => false,
        }
    }

    pub const fn exception(self) -> &'static str {
        match self {
            Self::CommitFailed => "org.apache.kafka.clients.consumer.CommitFailedException",
            Self::RebalanceInProgress => "org.apache.kafka.common.errors.RebalanceInProgressException",
            Self::Timeout => "org.apache.kafka.common.errors.TimeoutException",
            Self::Retriable(_) => "org.apache.kafka.clients.consumer.RetriableCommitFailedException",
            Self::Broker(ErrorCode::FencedInstanceId) => {
                "org.apache.kafka.common.errors.FencedInstanceIdException"
            }
            Self::Broker(_) => "org.apache.kafka.common.KafkaException",
        }
    }
}

impl fmt::Display for CommitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommitFailed => f.write_str(
                "Offset commit cannot be completed since the consumer is not part of an active group for auto \
                 partition assignment; it is likely that the consumer was kicked out of the group.",
            ),
            Self::RebalanceInProgress => f.write_str(
                "Offset commit cannot be completed since the consumer is undergoing a rebalance for auto partition \
                 assignment. You can try completing the rebalance by calling poll() and then retry the operation.",
            ),
            Self::Timeout => f.write_str("Timeout expired before successfully committing offsets"),
            Self::Retriable(_) => {
                f.write_str("Offset commit failed with a retriable exception. You should retry committing the latest \
                             consumed offsets.")
            }
            Self::Broker(error) => write!(f, "Unexpected error in commit: {error}"),
        }
    }
}
