//! Produce.
//!
//! Mirrors `ProduceRequest` and `ProduceResponse`.

use std::rc::Rc;
use std::time::Duration;

use super::{ErrorCode, TransactionalId};
use crate::record::RecordBatch;
use crate::topic::TopicPartition;

/// How many replicas must have a batch before the leader answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Acks {
    None,
    Leader,
    All,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ProduceRequest {
    pub transactional_id: Option<TransactionalId>,
    pub acks: Acks,
    pub timeout: Duration,
    pub batches: Vec<(TopicPartition, Rc<RecordBatch>)>,
}

/// Per partition: the base offset the batch was given.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ProduceResponse {
    pub partitions: Vec<(TopicPartition, Result<i64, ErrorCode>)>,
}
