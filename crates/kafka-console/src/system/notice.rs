//! What a program learns about the Kafka client that it runs.

use kafka_core::consumer::PollError;
use kafka_core::event::{Event, PolledRecord, SendFailure};
use kafka_core::protocol::{ClientId, ErrorCode};
use kafka_core::record::Record;
use kafka_core::topic::TopicName;

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
    /// What only a program that keeps a log of its consumer has a word about.
    Logged(Event),
}

impl Notice {
    pub(super) fn from_event(event: &Event) -> Option<(ClientId, Self)> {
        match event {
            Event::ProducerClosed { client } | Event::ConsumerClosed { client } => {
                Some((*client, Self::Closed))
            }
            Event::MetadataErrorReceived { client, topic, error, correlation_id } => {
                let (error, correlation_id) = (*error, *correlation_id);
                Some((*client, Self::MetadataError { topic: topic.clone(), error, correlation_id }))
            }
            Event::BatchAcknowledged { client, records, .. } => {
                Some((*client, Self::Acknowledged { records: *records }))
            }
            Event::RecordFailed { client, record, topic, failure } => {
                let (record, topic, failure) = (record.clone(), topic.clone(), failure.clone());
                Some((*client, Self::SendFailed { record, topic, failure }))
            }
            Event::RecordsPolled { client, records } => Some((*client, Self::Polled(records.clone()))),
            Event::ConsumerFailed { client, error } => Some((*client, Self::PollFailed(error.clone()))),
            Event::ClientKilled { client }
            | Event::MemberJoined { client, .. }
            | Event::MemberEpochReached { client, .. }
            | Event::PartitionsAssigned { client, .. }
            | Event::PartitionsRevoked { client, .. }
            | Event::PartitionsLost { client, .. }
            | Event::PositionSet { client, .. }
            | Event::RecordsProcessed { client, .. }
            | Event::ProcessingFailed { client, .. }
            | Event::ListenerThrew { client, .. }
            | Event::PollIntervalExceeded { client }
            | Event::CommitCompleted { client, .. }
            | Event::CommitFailed { client, .. } => Some((*client, Self::Logged(event.clone()))),
            Event::TopicCreated { .. }
            | Event::BrokerChanged { .. }
            | Event::LeaderElected { .. }
            | Event::LeadershipBegan { .. }
            | Event::IsrChanged { .. }
            | Event::ElectionRefused { .. }
            | Event::LogTruncated { .. }
            | Event::BatchRetried { .. }
            | Event::BatchSplit { .. }
            | Event::SegmentRolled { .. }
            | Event::SegmentDeleted { .. }
            | Event::LogCompacted { .. }
            | Event::ProducerIdAssigned { .. }
            | Event::DuplicateDiscarded { .. }
            | Event::ProducerStarted { .. }
            | Event::ConsumerStarted { .. }
            | Event::ClientSuspended { .. }
            | Event::ClientContinued { .. }
            | Event::RecordPartitioned { .. }
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
            | Event::RecordsDeleted { .. }
            | Event::PartitionsPaused { .. }
            | Event::PartitionsResumed { .. }
            | Event::SubscriptionChanged { .. } => None,
        }
    }
}
