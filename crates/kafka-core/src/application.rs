//! The program around a consumer: how long it works on a record, when it commits, what makes it fail, and which of
//! `KafkaConsumer`'s methods it calls when it is told to.
//!
//! Stands for a user's own code, of which Kafka knows nothing. Leaves out: programs that commit other offsets than
//! those they have come to, worker threads beside the one that polls.

use std::time::Duration;

use crate::record::Bytes;
use crate::topic::{TopicName, TopicPartition};

/// How a program handles records. The default does what `kafka-console-consumer` does: it takes no time.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Application {
    /// The work on one record. `poll()` is called again when every record of the last call is done.
    pub process_time: Duration,
    pub commit: CommitStrategy,
    pub processing_failure: Option<ProcessingFailure>,
    pub listener_failure: Option<ListenerFailure>,
}

/// The commits that a program makes itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum CommitStrategy {
    /// None; `enable.auto.commit` says whether the consumer commits on its own.
    #[default]
    Configured,
    /// `commitSync()`: the program waits for the answer.
    Sync(CommitPoint),
    /// `commitAsync()`: the program goes on, and is called back in a later `poll()`.
    Async(CommitPoint),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CommitPoint {
    pub unit: CommitUnit,
    pub moment: CommitMoment,
}

/// How much is committed at once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CommitUnit {
    /// All that the last `poll()` returned.
    Batch,
    /// Each record by itself.
    Record,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CommitMoment {
    /// At most once: a record whose commit fails is not processed.
    BeforeProcessing,
    /// At least once: a failed commit is logged, and the program goes on.
    AfterProcessing,
}

/// A record that the program cannot handle: one whose value contains `pattern`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ProcessingFailure {
    pub pattern: Bytes,
    pub reaction: FailureReaction,
}

/// What the program does about a record that it cannot handle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FailureReaction {
    /// The exception ends the process; nobody calls `close()`.
    Crash,
    /// The exception ends the loop, and `close()` is called on the way out.
    Close,
    /// Logs it and goes on with the next record.
    Skip,
    /// Seeks back to the record, waits a second and polls again.
    Retry,
}

/// A rebalance listener that throws.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ListenerFailure {
    pub callback: ListenerCallback,
    /// How often it throws before it works.
    pub times: u8,
}

/// The methods of `ConsumerRebalanceListener`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ListenerCallback {
    OnPartitionsAssigned,
    OnPartitionsRevoked,
    OnPartitionsLost,
}

/// What a running program can be told to do. It does so between two calls of `poll()`, at once when it is inside one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ConsumerCall {
    /// Replaces the subscription.
    Subscribe(Vec<TopicName>),
    Unsubscribe,
    Seek {
        partition: TopicPartition,
        offset: i64,
    },
    /// Every partition that it holds when none is named; so it is with `SeekToEnd`.
    SeekToBeginning(Vec<TopicPartition>),
    SeekToEnd(Vec<TopicPartition>),
    Pause(Vec<TopicPartition>),
    Resume(Vec<TopicPartition>),
    /// Joins the group anew. Without a group of the classic protocol nothing comes of it.
    EnforceRebalance,
    /// Does something else than calling `poll()`, for as long as it is not told to poll again.
    StopPolling,
    PollAgain,
}

impl ProcessingFailure {
    pub(crate) fn hits(&self, value: Option<&[u8]>) -> bool {
        let pattern = &*self.pattern;
        !pattern.is_empty()
            && value.is_some_and(|value| value.windows(pattern.len()).any(|part| part == pattern))
    }
}

impl CommitStrategy {
    /// Whether a commit of `unit` is due at `moment`.
    pub(crate) fn is_due(self, unit: CommitUnit, moment: CommitMoment) -> bool {
        match self {
            Self::Configured => false,
            Self::Sync(point) | Self::Async(point) => point == CommitPoint { unit, moment },
        }
    }
}
