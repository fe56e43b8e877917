//! Why a record will not be delivered.
//!
//! Mirrors the exceptions that `KafkaProducer` throws or gives to callbacks.

use std::rc::Rc;

use crate::producer::TransactionError;
use crate::protocol::{BrokerId, ErrorCode};
use crate::topic::{TopicName, TopicPartition};

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
    /// The broker did not answer, the last time that the record was sent.
    Disconnected {
        broker: BrokerId,
        /// `request.timeout.ms` passed; else the connection broke.
        timed_out: bool,
    },
    /// A record without a key is not for a compacted topic, and takes those of its batch down with it.
    InvalidRecord {
        partition: TopicPartition,
        has_key: bool,
    },
    /// `delivery.timeout.ms` passed since the record's batch was made.
    Expired {
        partition: TopicPartition,
        records: u32,
        waited_ms: u64,
    },
    /// The application's partitioner answered with a negative number, so that `send()` throws.
    NegativePartition {
        partition: i32,
    },
    /// The application's partitioner threw, and so does `send()`.
    PartitionerThrew {
        message: Rc<str>,
    },
    ProducerClosed,
    /// The transaction was aborted before the record was sent.
    TransactionAborted,
    /// `send()` itself threw: there is no transaction to send the record in.
    Thrown(Box<TransactionError>),
}
