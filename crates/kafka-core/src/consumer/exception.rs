//! What the methods of a consumer throw, with Kafka's classes and messages.
//!
//! Mirrors `CommitFailedException`, `RetriableCommitFailedException`, `NoOffsetForPartitionException` and their like.
//! Leaves out: stack traces, authorization.

use std::fmt;
use std::rc::Rc;

use crate::protocol::{ErrorCode, MemberId};
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
    /// A commit that nobody waited for was told that another member has the same `group.instance.id`.
    CommitFenced { instance: Rc<str>, member: MemberId },
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
    /// In a few words, as logs name it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Broker(error) => error.name(),
            Self::NoOffsetForPartition(_) => "NoOffsetForPartitionException",
            Self::OffsetOutOfRange { .. } => "OffsetOutOfRangeException",
            Self::CommitFenced { .. } => ErrorCode::FencedInstanceId.name(),
        }
    }

    /// The Java class; for a broker's answer it is that of the answer.
    pub const fn exception(&self) -> Option<&'static str> {
        match self {
            Self::Broker(_) => None,
            Self::NoOffsetForPartition(_) => {
                Some("org.apache.kafka.clients.consumer.NoOffsetForPartitionException")
            }
            Self::OffsetOutOfRange { .. } => {
                Some("org.apache.kafka.clients.consumer.OffsetOutOfRangeException")
            }
            Self::CommitFenced { .. } => Some("org.apache.kafka.common.errors.FencedInstanceIdException"),
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
            Self::CommitFenced { instance, member } => write!(
                f,
                "Get fenced exception for group.instance.id {instance}, current member.id is {member}"
            ),
        }
    }
}

impl CommitError {
    /// In a few words, as logs name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CommitFailed => "CommitFailedException",
            Self::RebalanceInProgress => "RebalanceInProgressException",
            Self::Timeout => "TimeoutException",
            Self::Retriable(error) | Self::Broker(error) => error.name(),
        }
    }

    pub(super) const fn is_retriable(self) -> bool {
        match self {
            Self::Retriable(_) => true,
            Self::CommitFailed | Self::RebalanceInProgress | Self::Timeout | Self::Broker(_) => false,
        }
    }

    /// The Java class; for a broker's answer it is that of the answer.
    pub const fn exception(self) -> Option<&'static str> {
        match self {
            Self::CommitFailed => Some("org.apache.kafka.clients.consumer.CommitFailedException"),
            Self::RebalanceInProgress => Some("org.apache.kafka.common.errors.RebalanceInProgressException"),
            Self::Timeout => Some("org.apache.kafka.common.errors.TimeoutException"),
            Self::Retriable(_) => Some("org.apache.kafka.clients.consumer.RetriableCommitFailedException"),
            Self::Broker(_) => None,
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
