//! The requests of transactions, as transaction version 2 has them (KIP-890): InitProducerId, AddPartitionsToTxn,
//! TxnOffsetCommit, EndTxn, WriteTxnMarkers.
//!
//! Mirrors the classes of these names in `org.apache.kafka.common.requests`. Leaves out: AddOffsetsToTxn, and
//! AddPartitionsToTxn of clients, which only versions 0 and 1 need: the broker that is sent the first record, or the
//! first offset, tells the coordinator itself; several transactions in one request; two-phase commit (KIP-939).

use std::rc::Rc;
use std::time::Duration;

use super::{ErrorCode, GroupId, MemberId, OffsetAndMetadata};
use crate::record::{EndTransactionMarker, ProducerIdAndEpoch, TransactionResult};
use crate::topic::TopicPartition;

pub type TransactionalId = Rc<str>;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InitProducerIdRequest {
    /// `None` for a producer that is idempotent and not transactional.
    pub transactional_id: Option<TransactionalId>,
    /// Of the producer's transactions.
    pub transaction_timeout: Duration,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct InitProducerIdResponse {
    pub producer: Result<ProducerIdAndEpoch, ErrorCode>,
}

/// Sent by the broker that is about to append to these partitions.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AddPartitionsToTxnRequest {
    pub transactional_id: TransactionalId,
    pub producer: ProducerIdAndEpoch,
    pub partitions: Vec<TopicPartition>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct AddPartitionsToTxnResponse {
    pub outcome: Result<(), ErrorCode>,
}

/// Which member of a group commits through a producer (`ConsumerGroupMetadata`).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConsumerGroupMetadata {
    pub group: GroupId,
    /// Empty outside of a membership.
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    /// The member epoch in a KIP-848 group. `None` (-1 in Kafka) outside of a membership.
    pub generation_id: Option<i32>,
}

impl ConsumerGroupMetadata {
    /// The group is named, and no member of it.
    pub(crate) fn is_nobody(&self) -> bool {
        self.member_id.is_empty() && self.group_instance_id.is_none() && self.generation_id.is_none()
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TxnOffsetCommitRequest {
    pub transactional_id: TransactionalId,
    pub producer: ProducerIdAndEpoch,
    pub group: ConsumerGroupMetadata,
    pub offsets: Vec<(TopicPartition, OffsetAndMetadata)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TxnOffsetCommitResponse {
    pub partitions: Vec<(TopicPartition, Result<(), ErrorCode>)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EndTxnRequest {
    pub transactional_id: TransactionalId,
    pub producer: ProducerIdAndEpoch,
    pub result: TransactionResult,
}

/// With the identity for the next transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct EndTxnResponse {
    pub producer: Result<ProducerIdAndEpoch, ErrorCode>,
}

/// Sent by the coordinator to a leader of partitions of the transaction.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct WriteTxnMarkersRequest {
    /// With the epoch of the next transaction.
    pub producer: ProducerIdAndEpoch,
    pub marker: EndTransactionMarker,
    pub partitions: Vec<TopicPartition>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct WriteTxnMarkersResponse {
    pub partitions: Vec<(TopicPartition, Result<(), ErrorCode>)>,
}
