//! How Java prints what went wrong, without the frames of the stack: exceptions by their class and message.

use kafka_core::consumer::{CommitError, PollError};
use kafka_core::event::SendFailure;
use kafka_core::producer::TransactionError;
use kafka_core::protocol::{BrokerId, ErrorCode};

use crate::option::OptionError;

/// The `Caused by:` lines of an exception of the option parser.
pub(super) fn causes(error: &OptionError) -> Vec<String> {
    match error {
        OptionError::Conversion { value, .. } => {
            let cause = format!("java.lang.NumberFormatException: For input string: \"{value}\"");
            vec![format!("joptsimple.internal.ReflectionException: {cause}"), cause]
        }
        OptionError::Unrecognized(_) | OptionError::MissingArgument(_) | OptionError::Multiple(_) => {
            Vec::new()
        }
    }
}

/// `class: message` of the exception that a failed `send` throws or hands to its callback.
pub(crate) fn send_exception(failure: &SendFailure) -> String {
    let timeout = "org.apache.kafka.common.errors.TimeoutException";
    match failure {
        SendFailure::NoMetadata { topic, waited_ms } => {
            format!("{timeout}: Topic {topic} not present in metadata after {waited_ms} ms.")
        }
        SendFailure::NoSuchPartition { topic, partition, partitions, waited_ms } => format!(
            "{timeout}: Partition {partition} of topic {topic} with partition count {partitions} is not present in \
             metadata after {waited_ms} ms."
        ),
        SendFailure::RecordTooLarge { bytes, limit, setting } => format!(
            "org.apache.kafka.common.errors.RecordTooLargeException: The message is {bytes} bytes when serialized \
             which is larger than {limit}, which is the value of the {setting} configuration."
        ),
        SendFailure::InvalidTopic { topic } => {
            format!("org.apache.kafka.common.errors.InvalidTopicException: Invalid topics: [{topic}]")
        }
        SendFailure::BufferExhausted { bytes, waited_ms, total, available, poolable } => format!(
            "org.apache.kafka.clients.producer.BufferExhaustedException: Failed to allocate {bytes} bytes within the \
             configured max blocking time {waited_ms} ms. Total memory: {total} bytes. Available memory: {available} \
             bytes. Poolable size: {poolable} bytes"
        ),
        SendFailure::Rejected(error) => api_exception(*error),
        SendFailure::InvalidRecord { partition, has_key: false } => format!(
            "org.apache.kafka.common.InvalidRecordException: Compacted topic cannot accept message without key in topic \
             partition {partition}"
        ),
        SendFailure::InvalidRecord { has_key: true, .. } => {
            "org.apache.kafka.common.KafkaException: Failed to append record because it was part of a batch which had \
             one more more invalid records"
                .to_owned()
        }
        SendFailure::Disconnected { broker, timed_out: true } => {
            format!("{timeout}: {}", disconnected_from(*broker, true))
        }
        SendFailure::Disconnected { broker, timed_out: false } => {
            network_exception(&disconnected_from(*broker, false))
        }
        SendFailure::Expired { partition, records, waited_ms } => format!(
            "{timeout}: Expiring {records} record(s) for {partition}:{waited_ms} ms has passed since batch creation"
        ),
        SendFailure::NegativePartition { partition } => format!(
            "java.lang.IllegalArgumentException: The partitioner generated an invalid partition number: {partition}. \
             Partition number should always be non-negative."
        ),
        // A partitioner throws what it likes: ours says where it failed.
        SendFailure::PartitionerThrew { message } => message.to_string(),
        SendFailure::ProducerClosed => {
            "java.lang.IllegalStateException: Cannot perform operation after producer has been closed"
                .to_owned()
        }
        SendFailure::TransactionAborted => {
            "org.apache.kafka.common.errors.TransactionAbortedException: Failing batch since transaction was aborted"
                .to_owned()
        }
        SendFailure::Thrown(error) => transaction_exception(error),
    }
}

/// What a transactional method of a producer throws, with its cause on a line of its own.
pub(crate) fn transaction_exception(error: &TransactionError) -> String {
    let own = match error {
        TransactionError::Rejected(code @ ErrorCode::InvalidTransactionTimeout) => {
            error.exception().map_or_else(|| api_exception(*code), |class| format!("{class}: {error}"))
        }
        TransactionError::Rejected(code) => api_exception(*code),
        TransactionError::SendFailed(failure) => send_exception(failure),
        TransactionError::IllegalState(_)
        | TransactionError::TimedOut { .. }
        | TransactionError::CommitFailed(_)
        | TransactionError::Fenced { .. }
        | TransactionError::OldEpoch { .. }
        | TransactionError::InErrorState(_) => {
            let class = error.exception().unwrap_or("org.apache.kafka.common.KafkaException");
            format!("{class}: {error}")
        }
    };
    if let TransactionError::InErrorState(cause) = error {
        return format!("{own}\nCaused by: {}", transaction_exception(cause));
    }
    own
}

/// What a response that never came says (`Sender.handleProduceResponse`).
pub(super) fn disconnected_from(broker: BrokerId, timed_out: bool) -> String {
    let reason = if timed_out { " due to timeout" } else { "" };
    format!("Disconnected from node {}{reason}", broker.0)
}

pub(super) fn network_exception(reason: &str) -> String {
    format!("org.apache.kafka.common.errors.NetworkException: {reason}")
}

/// What a consumer's `poll()` throws.
pub(crate) fn poll_exception(error: &PollError) -> String {
    let known = |class: &str| format!("{class}: {error}");
    match error {
        PollError::Broker(code) => api_exception(*code),
        PollError::NoOffsetForPartition(_)
        | PollError::OffsetOutOfRange { .. }
        | PollError::CommitFenced { .. } => error.exception().map_or_else(|| error.to_string(), known),
    }
}

/// What `commitSync()` throws, and the callback of `commitAsync()` is given.
pub(super) fn commit_exception(error: CommitError) -> String {
    let class = error.exception().unwrap_or("org.apache.kafka.common.KafkaException");
    match error {
        CommitError::Broker(code @ (ErrorCode::FencedInstanceId | ErrorCode::OffsetMetadataTooLarge)) => {
            api_exception(code)
        }
        CommitError::Retriable(code) => format!("{class}: {error} Caused by: {}", api_exception(code)),
        CommitError::CommitFailed
        | CommitError::RebalanceInProgress
        | CommitError::Timeout
        | CommitError::Broker(_) => format!("{class}: {error}"),
    }
}

/// `class: message` of the exception that `Errors` has for a code.
pub(super) fn api_exception(error: ErrorCode) -> String {
    let (class, message) = class_and_message(error);
    // That one stands in another package.
    let package = if error == ErrorCode::InvalidRecord { "" } else { "errors." };
    format!("org.apache.kafka.common.{package}{class}: {message}")
}

/// What `Errors` has to say about a code.
pub(super) fn api_message(error: ErrorCode) -> &'static str {
    class_and_message(error).1
}

fn class_and_message(error: ErrorCode) -> (&'static str, &'static str) {
    match error {
        ErrorCode::OffsetOutOfRange => (
            "OffsetOutOfRangeException",
            "The requested offset is not within the range of offsets maintained by the server.",
        ),
        ErrorCode::UnknownTopicOrPartition => {
            ("UnknownTopicOrPartitionException", "This server does not host this topic-partition.")
        }
        ErrorCode::NotLeaderOrFollower => (
            "NotLeaderOrFollowerException",
            "For requests intended only for the leader, this error indicates that the broker is not the current \
             leader. For requests intended for any replica, this error indicates that the broker is not a replica of \
             the topic partition.",
        ),
        ErrorCode::RequestTimedOut => ("TimeoutException", "The request timed out."),
        ErrorCode::MessageTooLarge => (
            "RecordTooLargeException",
            "The request included a message larger than the max message size the server will accept.",
        ),
        ErrorCode::RecordListTooLarge => (
            "RecordBatchTooLargeException",
            "The request included message batch larger than the configured segment size on the server.",
        ),
        ErrorCode::InvalidTimestamp => {
            ("InvalidTimestampException", "The timestamp of the message is out of acceptable range.")
        }
        ErrorCode::InvalidRecord => (
            "InvalidRecordException",
            "This record has failed the validation on broker and hence will be rejected.",
        ),
        ErrorCode::OffsetMetadataTooLarge => {
            ("OffsetMetadataTooLarge", "The metadata field of the offset request was too large.")
        }
        ErrorCode::CoordinatorLoadInProgress => (
            "CoordinatorLoadInProgressException",
            "The coordinator is loading and hence can't process requests.",
        ),
        ErrorCode::CoordinatorNotAvailable => {
            ("CoordinatorNotAvailableException", "The coordinator is not available.")
        }
        ErrorCode::NotCoordinator => ("NotCoordinatorException", "This is not the correct coordinator."),
        ErrorCode::InvalidTopic => {
            ("InvalidTopicException", "The request attempted to perform an operation on an invalid topic.")
        }
        ErrorCode::NotEnoughReplicas => (
            "NotEnoughReplicasException",
            "Messages are rejected since there are fewer in-sync replicas than required.",
        ),
        ErrorCode::NotEnoughReplicasAfterAppend => (
            "NotEnoughReplicasAfterAppendException",
            "Messages are written to the log, but to fewer in-sync replicas than required.",
        ),
        ErrorCode::NetworkException => {
            ("NetworkException", "The server disconnected before a response was received.")
        }
        ErrorCode::UnknownLeaderEpoch => (
            "UnknownLeaderEpochException",
            "The leader epoch in the request is newer than the epoch on the broker.",
        ),
        ErrorCode::OffsetNotAvailable => (
            "OffsetNotAvailableException",
            "The leader high watermark has not caught up from a recent leader election so the offsets cannot be \
             guaranteed to be monotonically increasing.",
        ),
        ErrorCode::PreferredLeaderNotAvailable => {
            ("PreferredLeaderNotAvailableException", "The preferred leader was not available.")
        }
        ErrorCode::EligibleLeadersNotAvailable => {
            ("EligibleLeadersNotAvailableException", "Eligible topic partition leaders are not available.")
        }
        ErrorCode::ElectionNotNeeded => {
            ("ElectionNotNeededException", "Leader election not needed for topic partition.")
        }
        ErrorCode::NoReassignmentInProgress => {
            ("NoReassignmentInProgressException", "No partition reassignment is in progress.")
        }
        ErrorCode::OutOfOrderSequenceNumber => {
            ("OutOfOrderSequenceException", "The broker received an out of order sequence number.")
        }
        ErrorCode::InvalidProducerEpoch => {
            ("InvalidProducerEpochException", "Producer attempted to produce with an old epoch.")
        }
        ErrorCode::IllegalGeneration => {
            ("IllegalGenerationException", "Specified group generation id is not valid.")
        }
        ErrorCode::InconsistentGroupProtocol => (
            "InconsistentGroupProtocolException",
            "The group member's supported protocols are incompatible with those of existing members or first group \
             member tried to join with empty protocol type or empty protocol list.",
        ),
        ErrorCode::InvalidGroupId => ("InvalidGroupIdException", "The group id is invalid."),
        ErrorCode::UnknownMemberId => {
            ("UnknownMemberIdException", "The coordinator is not aware of this member.")
        }
        ErrorCode::InvalidSessionTimeout => (
            "InvalidSessionTimeoutException",
            "The session timeout is not within the range allowed by the broker (as configured by \
             group.min.session.timeout.ms and group.max.session.timeout.ms).",
        ),
        ErrorCode::RebalanceInProgress => {
            ("RebalanceInProgressException", "The group is rebalancing, so a rejoin is needed.")
        }
        ErrorCode::GroupIdNotFound => ("GroupIdNotFoundException", "The group id does not exist."),
        ErrorCode::NonEmptyGroup => ("GroupNotEmptyException", "The group is not empty."),
        ErrorCode::GroupSubscribedToTopic => (
            "GroupSubscribedToTopicException",
            "Deleting offsets of a topic is forbidden while the consumer group is actively subscribed to it.",
        ),
        ErrorCode::FencedLeaderEpoch => (
            "FencedLeaderEpochException",
            "The leader epoch in the request is older than the epoch on the broker.",
        ),
        ErrorCode::MemberIdRequired => (
            "MemberIdRequiredException",
            "The group member needs to have a valid member id before actually entering a consumer group.",
        ),
        ErrorCode::GroupMaxSizeReached => {
            ("GroupMaxSizeReachedException", "The consumer group has reached its max size.")
        }
        ErrorCode::FencedInstanceId => (
            "FencedInstanceIdException",
            "The broker rejected this static consumer since another consumer with the same group.instance.id has \
             registered with a different member.id.",
        ),
        ErrorCode::UnsupportedVersion => {
            ("UnsupportedVersionException", "The version of API is not supported.")
        }
        ErrorCode::InvalidRequest => (
            "InvalidRequestException",
            "This most likely occurs because of a request being malformed by the client library or the message was \
             sent to an incompatible broker. See the broker logs for more details.",
        ),
        ErrorCode::FencedMemberEpoch => (
            "FencedMemberEpochException",
            "The member epoch is fenced by the group coordinator. The member must abandon all its partitions and \
             rejoin.",
        ),
        ErrorCode::UnreleasedInstanceId => (
            "UnreleasedInstanceIdException",
            "The instance ID is still used by another member in the consumer group. That member must leave first.",
        ),
        ErrorCode::UnsupportedAssignor => (
            "UnsupportedAssignorException",
            "The assignor or its version range is not supported by the consumer group.",
        ),
        ErrorCode::PolicyViolation => {
            ("PolicyViolationException", "Request parameters do not satisfy the configured policy.")
        }
        ErrorCode::StaleMemberEpoch => (
            "StaleMemberEpochException",
            "The member epoch is stale. The member must retry after receiving its updated member epoch via the \
             ConsumerGroupHeartbeat API.",
        ),
        ErrorCode::InvalidTxnState => (
            "InvalidTxnStateException",
            "The producer attempted a transactional operation in an invalid state.",
        ),
        ErrorCode::InvalidProducerIdMapping => (
            "InvalidPidMappingException",
            "The producer attempted to use a producer id which is not currently assigned to its transactional id.",
        ),
        ErrorCode::InvalidTransactionTimeout => (
            "InvalidTxnTimeoutException",
            "The transaction timeout is larger than the maximum value allowed by the broker (as configured by \
             transaction.max.timeout.ms).",
        ),
        ErrorCode::ConcurrentTransactions => (
            "ConcurrentTransactionsException",
            "The producer attempted to update a transaction while another concurrent operation on the same transaction \
             was ongoing.",
        ),
        ErrorCode::TransactionCoordinatorFenced => (
            "TransactionCoordinatorFencedException",
            "Indicates that the transaction coordinator sending a WriteTxnMarker is no longer the current coordinator \
             for a given producer.",
        ),
        ErrorCode::UnstableOffsetCommit => {
            ("UnstableOffsetCommitException", "There are unstable offsets that need to be cleared.")
        }
        ErrorCode::ProducerFenced => (
            "ProducerFencedException",
            "There is a newer producer with the same transactionalId which fences the current one.",
        ),
        ErrorCode::TransactionalIdNotFound => {
            ("TransactionalIdNotFoundException", "The transactionalId could not be found.")
        }
    }
}
