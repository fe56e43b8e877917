//! What happened, in the past tense: the only thing that panels, lessons, checks and digests read.

mod send_failure;

use std::rc::Rc;

use crate::application::{FailureReaction, ListenerCallback};
use crate::broker::DeletionReason;
use crate::config::ConfigResource;
use crate::consumer::{CommitError, PollError};
use crate::group::{GroupState, LeaveReason, OffsetRemovalReason};
use crate::producer::{TransactionCall, TransactionError};
use crate::protocol::{BrokerId, ClientId, ErrorCode, GroupId, MemberId, OffsetAndMetadata, TransactionalId};
use crate::record::{Bytes, ProducerIdAndEpoch, Record, RecordId, TimestampType, TransactionResult};
use crate::topic::{TopicName, TopicPartition};
use crate::transaction::TransactionState;

pub use send_failure::SendFailure;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Event {
    TopicCreated {
        topic: TopicName,
        partitions: u32,
        replication_factor: u32,
    },
    /// A topic has more partitions than before.
    PartitionsCreated {
        topic: TopicName,
        partitions: u32,
    },
    TopicDeleted {
        topic: TopicName,
    },
    /// A setting has a new value, or its default again.
    ConfigAltered {
        resource: ConfigResource,
        name: Rc<str>,
        value: Option<Rc<str>>,
    },
    /// The oldest records of a partition are gone.
    RecordsDeleted {
        partition: TopicPartition,
        log_start_offset: i64,
    },

    /// Something was done to a broker, or its controller changed its mind about it.
    BrokerChanged {
        broker: BrokerId,
        change: BrokerChange,
    },
    /// A partition has another leader, or has lost its leader.
    LeaderElected {
        partition: TopicPartition,
        from: Option<BrokerId>,
        to: Option<BrokerId>,
        leader_epoch: i32,
        /// The new leader may lack committed records.
        unclean: bool,
    },
    /// A broker begins to lead a partition that has been led before, with the log that it has: what each leader epoch
    /// wrote begins at an offset, and ends where the next one begins (`LeaderEpochFileCache`).
    LeadershipBegan {
        broker: BrokerId,
        partition: TopicPartition,
        leader_epoch: i32,
        epochs: Vec<(i32, i64)>,
        log_end_offset: i64,
    },
    IsrChanged {
        partition: TopicPartition,
        from: Vec<BrokerId>,
        to: Vec<BrokerId>,
    },
    /// A partition is to be on other brokers, or has got there: then there is nothing left to add and to remove.
    ReplicasChanged {
        partition: TopicPartition,
        replicas: Vec<BrokerId>,
        adding: Vec<BrokerId>,
        removing: Vec<BrokerId>,
    },
    /// A leader was asked for, and none was elected.
    ElectionRefused {
        partition: TopicPartition,
        error: ErrorCode,
    },
    /// A replica dropped the records from `to` on: its leader does not have them. When `to` is greater, it dropped all, and
    /// begins where its leader does.
    LogTruncated {
        broker: BrokerId,
        partition: TopicPartition,
        from: i64,
        to: i64,
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
    /// The process stands still.
    ClientSuspended {
        client: ClientId,
    },
    ClientContinued {
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
        value: Option<Bytes>,
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
        /// The first of the records. Those after it are the ones that their producer placed next in this partition.
        first: RecordId,
        records: u32,
    },
    /// A batch was not accepted, and waits to be sent again.
    BatchRetried {
        client: ClientId,
        partition: TopicPartition,
        first: RecordId,
        records: u32,
        error: ErrorCode,
        /// The broker that has not answered: the error is the client's own.
        disconnected_from: Option<BrokerId>,
        /// How often it may still be sent again.
        attempts_left: u32,
        correlation_id: u32,
    },
    /// A batch was too large for the broker, and is sent again in parts.
    BatchSplit {
        client: ClientId,
        partition: TopicPartition,
        records: u32,
        /// Into how many.
        batches: u32,
        /// How often a batch may still be sent again.
        attempts_left: u32,
        correlation_id: u32,
    },
    /// An idempotent producer has an identity, or a new epoch of it.
    ProducerIdAssigned {
        client: ClientId,
        producer_id: i64,
        epoch: i16,
    },
    /// The application is told that a record will not be delivered.
    RecordFailed {
        client: ClientId,
        record: Record,
        topic: TopicName,
        failure: SendFailure,
    },

    /// A call of a transactional producer has returned, or thrown.
    TransactionCallReturned {
        client: ClientId,
        call: TransactionCall,
        outcome: Result<(), TransactionError>,
    },

    RecordsAppended {
        broker: BrokerId,
        partition: TopicPartition,
        leader_epoch: i32,
        base_offset: i64,
        first: RecordId,
        records: u32,
        bytes: u32,
    },
    /// An idempotent producer sent a batch again that is in the log: it is acknowledged, and not appended.
    DuplicateDiscarded {
        broker: BrokerId,
        partition: TopicPartition,
        base_offset: i64,
        first: RecordId,
        records: u32,
    },
    /// The transaction of a producer has ended in a partition. The marker takes an offset, and no consumer sees it.
    MarkerAppended {
        broker: BrokerId,
        partition: TopicPartition,
        offset: i64,
        /// With the epoch of its next transaction.
        producer: ProducerIdAndEpoch,
        result: TransactionResult,
    },
    /// A replica's log goes on in a new segment, which begins at this offset.
    SegmentRolled {
        broker: BrokerId,
        partition: TopicPartition,
        base_offset: i64,
    },
    /// A replica's oldest segment is gone; sizes in bytes.
    SegmentDeleted {
        broker: BrokerId,
        partition: TopicPartition,
        base_offset: i64,
        bytes: u64,
        reason: DeletionReason,
        log_start_offset: i64,
    },
    /// The log cleaner has been through a replica's log up to an offset: records that were overwritten are gone.
    LogCompacted {
        broker: BrokerId,
        partition: TopicPartition,
        clean_until: i64,
        records_before: u64,
        records_after: u64,
        bytes_before: u64,
        bytes_after: u64,
    },
    HighWatermarkAdvanced {
        partition: TopicPartition,
        from: i64,
        to: i64,
    },

    TransactionStateChanged {
        transactional_id: TransactionalId,
        producer: ProducerIdAndEpoch,
        from: TransactionState,
        to: TransactionState,
    },
    /// A transaction was open for longer than its producer's `transaction.timeout.ms`: the coordinator aborts it.
    TransactionTimedOut {
        transactional_id: TransactionalId,
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
    /// A member of the consumer protocol has joined, or has come to another epoch.
    MemberEpochReached {
        client: ClientId,
        member: MemberId,
        epoch: i32,
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
    /// `poll()` passed over offsets that are not for the application: markers, and records of aborted transactions.
    OffsetsSkipped {
        client: ClientId,
        partition: TopicPartition,
        from: i64,
        /// The offset after the last one.
        to: i64,
    },
    /// The application has done its work on records, in this order.
    RecordsProcessed {
        client: ClientId,
        records: Vec<ProcessedRecord>,
    },
    /// The application could not handle a record.
    ProcessingFailed {
        client: ClientId,
        record: ProcessedRecord,
        reaction: FailureReaction,
    },
    PartitionsPaused {
        client: ClientId,
        partitions: Vec<TopicPartition>,
    },
    PartitionsResumed {
        client: ClientId,
        partitions: Vec<TopicPartition>,
    },
    /// `subscribe()` of a running consumer, or `unsubscribe()`, which leaves no topics.
    SubscriptionChanged {
        client: ClientId,
        topics: Vec<TopicName>,
    },
    /// The rebalance listener threw out of this callback, so that `poll()` (or `close()`, or `unsubscribe()`) throws a
    /// KafkaException. The application logs it and polls again.
    ListenerThrew {
        client: ClientId,
        callback: ListenerCallback,
    },
    /// The heartbeat thread found that the application has not called `poll()` for `max.poll.interval.ms`.
    PollIntervalExceeded {
        client: ClientId,
    },
    /// The consumer knows that its offsets are committed: the next one to read, by partition.
    CommitCompleted {
        client: ClientId,
        call: CommitCall,
        offsets: Vec<(TopicPartition, i64)>,
    },
    CommitFailed {
        client: ClientId,
        call: CommitCall,
        error: CommitError,
    },
    /// A consumer cannot go on; `poll()` throws.
    ConsumerFailed {
        client: ClientId,
        error: PollError,
    },
}

/// What became of a broker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BrokerChange {
    /// It is asked to shut down, and hands its partitions over.
    ShuttingDown,
    /// Its process has ended after a controlled shutdown.
    Stopped,
    /// Its process was killed.
    Killed,
    Started,
    Paused,
    Unpaused,
    /// It was cut off from the network.
    Disconnected,
    Connected,
    /// The controller takes it for dead, or it has shut down.
    Fenced,
    /// The controller takes it for alive again.
    Unfenced,
}

/// Who asked for a commit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum CommitCall {
    /// The consumer itself, as `enable.auto.commit` says.
    Auto,
    /// `commitSync()`: told as it returns or throws.
    Sync,
    /// `commitAsync()`: told as its callback runs.
    Async,
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
    /// A partitioner of the learner's own.
    Custom,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PolledRecord {
    pub partition: TopicPartition,
    pub offset: i64,
    pub leader_epoch: i32,
    pub timestamp_type: TimestampType,
    pub record: Record,
}

/// Which record the application worked on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ProcessedRecord {
    pub partition: TopicPartition,
    pub offset: i64,
    pub id: RecordId,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PositionOrigin {
    Committed,
    ResetEarliest,
    ResetLatest,
    ResetByDuration,
    Sought,
}
