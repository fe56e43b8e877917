//! Goals: what has to be true of the cluster, or to have happened, for a step to be done.

use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Goal {
    Compare {
        quantity: Quantity,
        comparison: Comparison,
        bound: Bound,
    },
    GroupIs {
        group: String,
        rest: Rest,
    },
    /// A terminal has printed a line that contains this since the step began.
    Printed {
        text: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Comparison {
    AtLeast,
    Exactly,
    AtMost,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Bound {
    Number(i64),
    /// So many per cent of another quantity.
    Share {
        percent: i64,
        of: Quantity,
    },
}

/// The states in which a group stays until somebody does something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Rest {
    Stable,
    Empty,
}

/// Something that can be counted. Those that end in `InStep` count from the beginning of the step, the others describe
/// the present. Of a topic or group that does not exist there is no number.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Quantity {
    Partitions {
        topic: String,
    },
    ReplicationFactor {
        topic: String,
    },
    /// In-sync replicas of the partition that has the fewest.
    InSyncReplicas {
        topic: String,
    },
    Records {
        topic: String,
    },
    RecordsWithKey {
        topic: String,
    },
    RecordsWithThisKey {
        topic: String,
        key: String,
    },
    RecordsOfPartition {
        topic: String,
        partition: u32,
    },
    /// Of the partition that has the fewest.
    FewestRecordsOfAPartition {
        topic: String,
    },
    PartitionsWithRecords {
        topic: String,
    },
    RecordsOfLargestBatch {
        topic: String,
    },

    RecordsWrittenInStep {
        topic: String,
    },
    PartitionsWrittenInStep {
        topic: String,
    },
    BatchesWrittenInStep {
        topic: String,
    },
    /// Records that a producer gave up.
    RecordsFailedInStep {
        topic: String,
    },
    /// By any consumer, whether or not it has a group.
    RecordsReadInStep {
        topic: String,
    },

    Members {
        group: String,
    },
    MembersWithoutPartitions {
        group: String,
    },
    /// Partitions of the member that has the most.
    MostPartitionsOfAMember {
        group: String,
    },
    CommittedOffset {
        group: String,
        topic: String,
        partition: u32,
    },
    PartitionsCommitted {
        group: String,
    },
    /// From the committed offsets to the ends of the logs, where something is committed.
    Lag {
        group: String,
    },
    /// Of the partition that has the most.
    LargestLagOfAPartition {
        group: String,
    },
    /// Records that are committed and that no member has handled.
    RecordsPassedOver {
        group: String,
    },

    CommitsInStep {
        group: String,
    },
    RebalancesInStep {
        group: String,
    },
    /// Consumers whose process was started.
    StartedInStep {
        group: String,
    },
    /// Members that said goodbye.
    LeftInStep {
        group: String,
    },
    /// Members that gave no sign of life for `session.timeout.ms`.
    ExpiredInStep {
        group: String,
    },
    /// Consumers whose process was killed.
    KilledInStep {
        group: String,
    },
    /// Consumers that did not call `poll()` for `max.poll.interval.ms`.
    PolledTooLateInStep {
        group: String,
    },
    /// Partitions that its members had to give back, each time that one did.
    PartitionsRevokedInStep {
        group: String,
    },
    RecordsReadByGroupInStep {
        group: String,
    },
    /// Of these, how many the group had handled before.
    RecordsReadAgainInStep {
        group: String,
    },
    ProcessingFailuresInStep {
        group: String,
    },
    /// From the group's first member to the last record that was handled, in milliseconds.
    TimeOfGroup {
        group: String,
    },
    /// From the first record that was handled to the last, in milliseconds.
    ReadingTimeOfGroup {
        group: String,
    },
}
