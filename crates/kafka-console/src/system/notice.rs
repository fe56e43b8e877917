//! What a program learns about the Kafka client that it runs.

use kafka_core::application::{FailureReaction, ListenerCallback};
use kafka_core::consumer::{CommitError, PollError};
use kafka_core::event::{
    CommitCall, Event, PartitionChoice, PolledRecord, PositionOrigin, ProcessedRecord, SendFailure,
};
use kafka_core::producer::{TransactionCall, TransactionError};
use kafka_core::protocol::{BrokerId, ClientId, ErrorCode, MemberId};
use kafka_core::record::{Record, RecordId};
use kafka_core::topic::{TopicName, TopicPartition};

/// The events that a program does something about.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Notice {
    /// The client's `close()` has returned.
    Closed,
    MetadataError {
        topic: TopicName,
        error: ErrorCode,
        correlation_id: u32,
    },
    /// A batch of so many records.
    Acknowledged {
        partition: TopicPartition,
        first: RecordId,
        base_offset: Option<i64>,
        records: u32,
    },
    SendFailed {
        record: Record,
        topic: TopicName,
        failure: SendFailure,
    },
    Polled(Vec<PolledRecord>),
    /// A consumer's `poll()` throws.
    PollFailed(PollError),
    /// A call of a transactional producer has returned, or thrown.
    CallReturned {
        call: TransactionCall,
        outcome: Result<(), TransactionError>,
    },
    /// Told to programs that keep a log of each record alone.
    Partitioned {
        record: RecordId,
        partition: TopicPartition,
        choice: PartitionChoice,
    },
    Retried(Retry),
    /// The client is gone without a `close()`.
    Killed,
    Consumer(ConsumerNotice),
}

/// A producer will send a batch again.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Retry {
    pub(crate) partition: TopicPartition,
    pub(crate) records: u32,
    pub(crate) error: ErrorCode,
    /// The broker that has not answered.
    pub(crate) disconnected_from: Option<BrokerId>,
    pub(crate) attempts_left: u32,
    pub(crate) correlation_id: u32,
}

/// What only a program that keeps a log of its consumer has a word about.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ConsumerNotice {
    Joined {
        member: MemberId,
        generation: i32,
        leader: bool,
    },
    EpochReached {
        member: MemberId,
        epoch: i32,
    },
    Assigned(Vec<TopicPartition>),
    Revoked(Vec<TopicPartition>),
    Lost(Vec<TopicPartition>),
    Paused(Vec<TopicPartition>),
    Resumed(Vec<TopicPartition>),
    Subscribed(Vec<TopicName>),
    PositionSet {
        partition: TopicPartition,
        offset: i64,
        origin: PositionOrigin,
    },
    /// Markers and aborted records: not for applications.
    Skipped {
        partition: TopicPartition,
        from: i64,
        to: i64,
    },
    Processed(Vec<ProcessedRecord>),
    ProcessingFailed {
        record: ProcessedRecord,
        reaction: FailureReaction,
    },
    ListenerThrew(ListenerCallback),
    PollIntervalExceeded,
    Committed {
        call: CommitCall,
        offsets: Vec<(TopicPartition, i64)>,
    },
    CommitFailed {
        call: CommitCall,
        error: CommitError,
    },
}

impl Notice {
    /// Told to programs that keep a log of each record alone.
    pub(super) const fn is_about_one_record(&self) -> bool {
        matches!(self, Self::Partitioned { .. })
    }

    pub(super) fn from_event(event: &Event) -> Option<(ClientId, Self)> {
        match event {
            Event::ProducerClosed { client } | Event::ConsumerClosed { client } => {
                Some((*client, Self::Closed))
            }
            Event::MetadataErrorReceived { client, topic, error, correlation_id } => {
                let (error, correlation_id) = (*error, *correlation_id);
                Some((*client, Self::MetadataError { topic: topic.clone(), error, correlation_id }))
            }
            Event::BatchAcknowledged { client, partition, first, base_offset, records } => {
                let (partition, first, base_offset, records) =
                    (partition.clone(), *first, *base_offset, *records);
                Some((*client, Self::Acknowledged { partition, first, base_offset, records }))
            }
            Event::RecordFailed { client, record, topic, failure } => {
                let (record, topic, failure) = (record.clone(), topic.clone(), failure.clone());
                Some((*client, Self::SendFailed { record, topic, failure }))
            }
            Event::TransactionCallReturned { client, call, outcome } => {
                Some((*client, Self::CallReturned { call: *call, outcome: outcome.clone() }))
            }
            Event::RecordsPolled { client, records } => Some((*client, Self::Polled(records.clone()))),
            Event::ConsumerFailed { client, error } => Some((*client, Self::PollFailed(error.clone()))),
            Event::RecordPartitioned { client, record, partition, choice, .. } => {
                let (record, partition, choice) = (*record, partition.clone(), *choice);
                Some((*client, Self::Partitioned { record, partition, choice }))
            }
            Event::BatchRetried {
                client,
                partition,
                records,
                error,
                disconnected_from,
                attempts_left,
                correlation_id,
                ..
            } => {
                let retry = Retry {
                    partition: partition.clone(),
                    records: *records,
                    error: *error,
                    disconnected_from: *disconnected_from,
                    attempts_left: *attempts_left,
                    correlation_id: *correlation_id,
                };
                Some((*client, Self::Retried(retry)))
            }
            Event::ClientKilled { client } => Some((*client, Self::Killed)),
            Event::MemberJoined { client, member, generation, leader } => {
                let (member, generation, leader) = (member.clone(), *generation, *leader);
                of_consumer(*client, ConsumerNotice::Joined { member, generation, leader })
            }
            Event::MemberEpochReached { client, member, epoch } => {
                of_consumer(*client, ConsumerNotice::EpochReached { member: member.clone(), epoch: *epoch })
            }
            Event::PartitionsAssigned { client, added } => {
                of_consumer(*client, ConsumerNotice::Assigned(added.clone()))
            }
            Event::PartitionsRevoked { client, partitions } => {
                of_consumer(*client, ConsumerNotice::Revoked(partitions.clone()))
            }
            Event::PartitionsLost { client, partitions } => {
                of_consumer(*client, ConsumerNotice::Lost(partitions.clone()))
            }
            Event::PartitionsPaused { client, partitions } => {
                of_consumer(*client, ConsumerNotice::Paused(partitions.clone()))
            }
            Event::PartitionsResumed { client, partitions } => {
                of_consumer(*client, ConsumerNotice::Resumed(partitions.clone()))
            }
            Event::SubscriptionChanged { client, topics } => {
                of_consumer(*client, ConsumerNotice::Subscribed(topics.clone()))
            }
            Event::PositionSet { client, partition, offset, origin } => {
                let (partition, offset, origin) = (partition.clone(), *offset, *origin);
                of_consumer(*client, ConsumerNotice::PositionSet { partition, offset, origin })
            }
            Event::OffsetsSkipped { client, partition, from, to } => {
                let (partition, from, to) = (partition.clone(), *from, *to);
                of_consumer(*client, ConsumerNotice::Skipped { partition, from, to })
            }
            Event::RecordsProcessed { client, records } => {
                of_consumer(*client, ConsumerNotice::Processed(records.clone()))
            }
            Event::ProcessingFailed { client, record, reaction } => {
                let (record, reaction) = (record.clone(), *reaction);
                of_consumer(*client, ConsumerNotice::ProcessingFailed { record, reaction })
            }
            Event::ListenerThrew { client, callback } => {
                of_consumer(*client, ConsumerNotice::ListenerThrew(*callback))
            }
            Event::PollIntervalExceeded { client } => {
                of_consumer(*client, ConsumerNotice::PollIntervalExceeded)
            }
            Event::CommitCompleted { client, call, offsets } => {
                let (call, offsets) = (*call, offsets.clone());
                of_consumer(*client, ConsumerNotice::Committed { call, offsets })
            }
            Event::CommitFailed { client, call, error } => {
                of_consumer(*client, ConsumerNotice::CommitFailed { call: *call, error: *error })
            }
            Event::TopicCreated { .. }
            | Event::BrokerChanged { .. }
            | Event::LeaderElected { .. }
            | Event::LeadershipBegan { .. }
            | Event::IsrChanged { .. }
            | Event::ReplicasChanged { .. }
            | Event::ElectionRefused { .. }
            | Event::LogTruncated { .. }
            | Event::BatchSplit { .. }
            | Event::SegmentRolled { .. }
            | Event::SegmentDeleted { .. }
            | Event::LogCompacted { .. }
            | Event::ProducerIdAssigned { .. }
            | Event::DuplicateDiscarded { .. }
            | Event::MarkerAppended { .. }
            | Event::TransactionStateChanged { .. }
            | Event::TransactionTimedOut { .. }
            | Event::ProducerStarted { .. }
            | Event::ConsumerStarted { .. }
            | Event::ClientSuspended { .. }
            | Event::ClientContinued { .. }
            | Event::BatchSent { .. }
            | Event::RecordsAppended { .. }
            | Event::HighWatermarkAdvanced { .. }
            | Event::GroupStateChanged { .. }
            | Event::MemberAdded { .. }
            | Event::MemberRemoved { .. }
            | Event::OffsetCommitted { .. }
            | Event::OffsetRemoved { .. }
            | Event::CoordinatorDiscovered { .. }
            | Event::PartitionsCreated { .. }
            | Event::TopicDeleted { .. }
            | Event::ConfigAltered { .. }
            | Event::RecordsDeleted { .. } => None,
        }
    }
}

fn of_consumer(client: ClientId, notice: ConsumerNotice) -> Option<(ClientId, Notice)> {
    Some((client, Notice::Consumer(notice)))
}
