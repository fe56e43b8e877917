//! What happened, in the past tense: the only thing that panels, lessons, checks and digests read.

use std::rc::Rc;

use crate::group::{GroupState, LeaveReason, OffsetRemovalReason};
use crate::protocol::{BrokerId, ClientId, ErrorCode, GroupId, MemberId, OffsetAndMetadata};
use crate::record::{Bytes, Record, RecordId};
use crate::topic::{TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Event {
    TopicCreated {
        topic: TopicName,
        partitions: u32,
        replication_factor: u32,
    },

    ProducerStarted {
        client: ClientId,
        client_id: Rc<str>,
    },
    ProducerClosed {
        client: ClientId,
    },
    ConsumerStarted {
        client: ClientId,
        client_id: Rc<str>,
        group: Option<GroupId>,
    },
    ConsumerClosed {
        client: ClientId,
    },
    /// The process ended without a goodbye.
    ClientKilled {
        client: ClientId,
    },
    /// A metadata answer that a client will ask for again.
    MetadataErrorReceived {
        client: ClientId,
        topic: TopicName,
        error: ErrorCode,
        correlation_id: u32,
    },

    /// `send()` chose a partition and the record went into an open batch.
    RecordPartitioned {
        client: ClientId,
        record: RecordId,
        key: Option<Bytes>,
        partition: TopicPartition,
        choice: PartitionChoice,
    },
    BatchSent {
        client: ClientId,
        partition: TopicPartition,
        records: u32,
        bytes: u32,
    },
    BatchAcknowledged {
        client: ClientId,
        partition: TopicPartition,
        base_offset: Option<i64>,
        records: u32,
    },
    /// The application is told that a record will not be delivered.
    RecordFailed {
        client: ClientId,
        record: Record,
        topic: TopicName,
        failure: SendFailure,
    },

    RecordsAppended {
        broker: BrokerId,
        partition: TopicPartition,
        base_offset: i64,
        records: u32,
        bytes: u32,
    },
    HighWatermarkAdvanced {
        partition: TopicPartition,
        from: i64,
        to: i64,
    },

    GroupStateChanged {
        group: GroupId,
        from: GroupState,
        to: GroupState,
        generation: i32,
    },
    MemberAdded {
        group: GroupId,
        member: MemberId,
    },
    MemberRemoved {
        group: GroupId,
        member: MemberId,
        reason: LeaveReason,
    },
    OffsetCommitted {
        group: GroupId,
        partition: TopicPartition,
        offset: OffsetAndMetadata,
    },
    OffsetRemoved {
        group: GroupId,
        partition: TopicPartition,
        reason: OffsetRemovalReason,
    },

    CoordinatorDiscovered {
        client: ClientId,
        group: GroupId,
        coordinator: BrokerId,
    },
    MemberJoined {
        client: ClientId,
        member: MemberId,
        generation: i32,
        leader: bool,
    },
    PartitionsAssigned {
        client: ClientId,
        added: Vec<TopicPartition>,
    },
    PartitionsRevoked {
        client: ClientId,
        partitions: Vec<TopicPartition>,
    },
    PartitionsLost {
        client: ClientId,
        partitions: Vec<TopicPartition>,
    },
    /// Where reading starts in a partition, and why there.
    PositionSet {
        client: ClientId,
        partition: TopicPartition,
        offset: i64,
        origin: PositionOrigin,
    },
    /// `poll()` returned.
    RecordsPolled {
        client: ClientId,
        records: Vec<PolledRecord>,
    },
    CommitFailed {
        client: ClientId,
        error: ErrorCode,
    },
    /// A consumer cannot go on; `poll()` throws.
    ConsumerFailed {
        client: ClientId,
        error: ErrorCode,
    },
}

/// How a record's partition was chosen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PartitionChoice {
    /// `toPositive(murmur2(key)) % partitions`.
    Keyed { murmur2: i32, partitions: u32 },
    /// The record named its partition.
    Explicit,
    /// No key: the current sticky partition of the built-in partitioner (KIP-794).
    Sticky,
    /// `RoundRobinPartitioner`.
    RoundRobin,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SendFailure {
    /// `max.block.ms` passed without metadata for the topic.
    NoMetadata {
        topic: TopicName,
        waited_ms: u64,
    },
    /// The topic has no such partition.
    NoSuchPartition {
        topic: TopicName,
        partition: u32,
        partitions: u32,
        waited_ms: u64,
    },
    RecordTooLarge {
        bytes: u32,
        limit: u32,
        setting: &'static str,
    },
    InvalidTopic {
        topic: TopicName,
    },
    /// `max.block.ms` passed without memory for the record; sizes in bytes.
    BufferExhausted {
        bytes: u32,
        waited_ms: u64,
        total: u64,
        available: u64,
        poolable: u32,
    },
    Rejected(ErrorCode),
    ProducerClosed,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PolledRecord {
    pub partition: TopicPartition,
    pub offset: i64,
    pub leader_epoch: i32,
    pub record: Record,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PositionOrigin {
    Committed,
    ResetEarliest,
    ResetLatest,
    Sought,
}
