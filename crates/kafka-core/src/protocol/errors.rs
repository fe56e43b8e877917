//! What can go wrong with a request, by Kafka's names.
//!
//! Mirrors `org.apache.kafka.common.protocol.Errors`. Leaves out: errors that the model does not answer with.

use std::fmt;

/// `org.apache.kafka.common.protocol.Errors`, those that the model answers with. A response without an error
/// carries `Ok`, so there is no `None` here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ErrorCode {
    OffsetOutOfRange,
    UnknownTopicOrPartition,
    NotLeaderOrFollower,
    RequestTimedOut,
    NetworkException,
    MessageTooLarge,
    OffsetMetadataTooLarge,
    CoordinatorLoadInProgress,
    CoordinatorNotAvailable,
    NotCoordinator,
    InvalidTopic,
    NotEnoughReplicas,
    NotEnoughReplicasAfterAppend,
    IllegalGeneration,
    InconsistentGroupProtocol,
    InvalidGroupId,
    UnknownMemberId,
    InvalidSessionTimeout,
    RebalanceInProgress,
    UnsupportedVersion,
    InvalidRequest,
    OutOfOrderSequenceNumber,
    InvalidProducerEpoch,
    GroupIdNotFound,
    NonEmptyGroup,
    GroupSubscribedToTopic,
    FencedLeaderEpoch,
    UnknownLeaderEpoch,
    OffsetNotAvailable,
    RecordListTooLarge,
    InvalidTimestamp,
    InvalidRecord,
    PreferredLeaderNotAvailable,
    EligibleLeadersNotAvailable,
    ElectionNotNeeded,
    NoReassignmentInProgress,
    MemberIdRequired,
    GroupMaxSizeReached,
    FencedInstanceId,
    FencedMemberEpoch,
    UnreleasedInstanceId,
    UnsupportedAssignor,
    StaleMemberEpoch,
    PolicyViolation,
    InvalidTxnState,
    InvalidProducerIdMapping,
    InvalidTransactionTimeout,
    ConcurrentTransactions,
    TransactionCoordinatorFenced,
    UnstableOffsetCommit,
    ProducerFenced,
    TransactionalIdNotFound,
}

impl ErrorCode {
    /// The constant's name in `Errors.java`, as logs print it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OffsetOutOfRange => "OFFSET_OUT_OF_RANGE",
            Self::UnknownTopicOrPartition => "UNKNOWN_TOPIC_OR_PARTITION",
            Self::NotLeaderOrFollower => "NOT_LEADER_OR_FOLLOWER",
            Self::RequestTimedOut => "REQUEST_TIMED_OUT",
            Self::NetworkException => "NETWORK_EXCEPTION",
            Self::MessageTooLarge => "MESSAGE_TOO_LARGE",
            Self::OffsetMetadataTooLarge => "OFFSET_METADATA_TOO_LARGE",
            Self::CoordinatorLoadInProgress => "COORDINATOR_LOAD_IN_PROGRESS",
            Self::CoordinatorNotAvailable => "COORDINATOR_NOT_AVAILABLE",
            Self::NotCoordinator => "NOT_COORDINATOR",
            Self::InvalidTopic => "INVALID_TOPIC_EXCEPTION",
            Self::NotEnoughReplicas => "NOT_ENOUGH_REPLICAS",
            Self::NotEnoughReplicasAfterAppend => "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
            Self::IllegalGeneration => "ILLEGAL_GENERATION",
            Self::InconsistentGroupProtocol => "INCONSISTENT_GROUP_PROTOCOL",
            Self::InvalidGroupId => "INVALID_GROUP_ID",
            Self::UnknownMemberId => "UNKNOWN_MEMBER_ID",
            Self::InvalidSessionTimeout => "INVALID_SESSION_TIMEOUT",
            Self::RebalanceInProgress => "REBALANCE_IN_PROGRESS",
            Self::UnsupportedVersion => "UNSUPPORTED_VERSION",
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::OutOfOrderSequenceNumber => "OUT_OF_ORDER_SEQUENCE_NUMBER",
            Self::InvalidProducerEpoch => "INVALID_PRODUCER_EPOCH",
            Self::GroupIdNotFound => "GROUP_ID_NOT_FOUND",
            Self::NonEmptyGroup => "NON_EMPTY_GROUP",
            Self::GroupSubscribedToTopic => "GROUP_SUBSCRIBED_TO_TOPIC",
            Self::FencedLeaderEpoch => "FENCED_LEADER_EPOCH",
            Self::UnknownLeaderEpoch => "UNKNOWN_LEADER_EPOCH",
            Self::OffsetNotAvailable => "OFFSET_NOT_AVAILABLE",
            Self::PreferredLeaderNotAvailable => "PREFERRED_LEADER_NOT_AVAILABLE",
            Self::EligibleLeadersNotAvailable => "ELIGIBLE_LEADERS_NOT_AVAILABLE",
            Self::ElectionNotNeeded => "ELECTION_NOT_NEEDED",
            Self::NoReassignmentInProgress => "NO_REASSIGNMENT_IN_PROGRESS",
            Self::MemberIdRequired => "MEMBER_ID_REQUIRED",
            Self::GroupMaxSizeReached => "GROUP_MAX_SIZE_REACHED",
            Self::FencedInstanceId => "FENCED_INSTANCE_ID",
            Self::FencedMemberEpoch => "FENCED_MEMBER_EPOCH",
            Self::UnreleasedInstanceId => "UNRELEASED_INSTANCE_ID",
            Self::UnsupportedAssignor => "UNSUPPORTED_ASSIGNOR",
            Self::StaleMemberEpoch => "STALE_MEMBER_EPOCH",
            Self::PolicyViolation => "POLICY_VIOLATION",
            Self::InvalidTxnState => "INVALID_TXN_STATE",
            Self::InvalidProducerIdMapping => "INVALID_PRODUCER_ID_MAPPING",
            Self::InvalidTransactionTimeout => "INVALID_TRANSACTION_TIMEOUT",
            Self::ConcurrentTransactions => "CONCURRENT_TRANSACTIONS",
            Self::TransactionCoordinatorFenced => "TRANSACTION_COORDINATOR_FENCED",
            Self::UnstableOffsetCommit => "UNSTABLE_OFFSET_COMMIT",
            Self::ProducerFenced => "PRODUCER_FENCED",
            Self::TransactionalIdNotFound => "TRANSACTIONAL_ID_NOT_FOUND",
            Self::RecordListTooLarge => "RECORD_LIST_TOO_LARGE",
            Self::InvalidTimestamp => "INVALID_TIMESTAMP",
            Self::InvalidRecord => "INVALID_RECORD",
        }
    }

    /// The same request may succeed later (`RetriableException`).
    pub const fn is_retriable(self) -> bool {
        match self {
            Self::UnknownTopicOrPartition
            | Self::NotLeaderOrFollower
            | Self::RequestTimedOut
            | Self::NetworkException
            | Self::CoordinatorLoadInProgress
            | Self::CoordinatorNotAvailable
            | Self::NotCoordinator
            | Self::NotEnoughReplicas
            | Self::NotEnoughReplicasAfterAppend
            | Self::FencedLeaderEpoch
            | Self::UnknownLeaderEpoch
            | Self::OffsetNotAvailable
            | Self::PreferredLeaderNotAvailable
            | Self::EligibleLeadersNotAvailable
            | Self::ElectionNotNeeded
            | Self::ConcurrentTransactions
            | Self::UnstableOffsetCommit => true,
            Self::OffsetOutOfRange
            | Self::MessageTooLarge
            | Self::OffsetMetadataTooLarge
            | Self::InvalidTopic
            | Self::IllegalGeneration
            | Self::InconsistentGroupProtocol
            | Self::InvalidGroupId
            | Self::UnknownMemberId
            | Self::InvalidSessionTimeout
            | Self::RebalanceInProgress
            | Self::UnsupportedVersion
            | Self::InvalidRequest
            | Self::OutOfOrderSequenceNumber
            | Self::InvalidProducerEpoch
            | Self::GroupIdNotFound
            | Self::NonEmptyGroup
            | Self::GroupSubscribedToTopic
            | Self::MemberIdRequired
            | Self::GroupMaxSizeReached
            | Self::FencedInstanceId
            | Self::FencedMemberEpoch
            | Self::UnreleasedInstanceId
            | Self::UnsupportedAssignor
            | Self::StaleMemberEpoch
            | Self::PolicyViolation
            | Self::InvalidTxnState
            | Self::InvalidProducerIdMapping
            | Self::InvalidTransactionTimeout
            | Self::TransactionCoordinatorFenced
            | Self::ProducerFenced
            | Self::TransactionalIdNotFound
            | Self::RecordListTooLarge
            | Self::InvalidTimestamp
            | Self::InvalidRecord
            | Self::NoReassignmentInProgress => false,
        }
    }

    /// What the client knows of the cluster is out of date (`InvalidMetadataException`).
    pub(crate) const fn is_invalid_metadata(self) -> bool {
        matches!(
            self,
            Self::UnknownTopicOrPartition
                | Self::NotLeaderOrFollower
                | Self::NetworkException
                | Self::FencedLeaderEpoch
                | Self::UnknownLeaderEpoch
        )
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
