//! What a coordinator tells administrators about its transactions.
//!
//! Mirrors `ListTransactionsResponseData` and `DescribeTransactionsResponseData`.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::protocol::TransactionalId;
use crate::record::ProducerIdAndEpoch;
use crate::topic::TopicPartition;
use crate::transaction::{TransactionCoordinator, TransactionState};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionListing {
    pub transactional_id: TransactionalId,
    pub producer_id: i64,
    pub state: TransactionState,
    /// When the first partition was added, in milliseconds since the Unix epoch.
    pub start_timestamp: Option<i64>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionDescription {
    pub producer: ProducerIdAndEpoch,
    pub state: TransactionState,
    pub timeout: Duration,
    /// When the first partition was added, in milliseconds since the Unix epoch.
    pub start_timestamp: Option<i64>,
    pub partitions: BTreeSet<TopicPartition>,
}

impl TransactionCoordinator {
    /// Every id that this broker coordinates, in order.
    pub fn list(&self) -> impl Iterator<Item = TransactionListing> {
        self.transactions.iter().map(|(id, known)| TransactionListing {
            transactional_id: id.clone(),
            producer_id: known.metadata.producer.producer_id,
            state: known.metadata.state,
            start_timestamp: known.metadata.start_timestamp,
        })
    }

    pub fn describe(&self, transactional_id: &str) -> Option<TransactionDescription> {
        let metadata = &self.transactions.get(transactional_id)?.metadata;
        Some(TransactionDescription {
            producer: metadata.producer,
            state: metadata.state,
            timeout: metadata.timeout,
            start_timestamp: metadata.start_timestamp,
            partitions: metadata.partitions.clone(),
        })
    }
}
