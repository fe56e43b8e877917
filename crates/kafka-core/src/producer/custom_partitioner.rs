//! A partitioner that the learner brings along.
//!
//! Mirrors `org.apache.kafka.clients.producer.Partitioner`. It is asked and answers, and keeps nothing in between: the
//! same record goes to the same partition however often a run is repeated. Leaves out: `configure` and `close`.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::record::Header;

/// A record that wants a partition.
#[derive(Clone, Copy, Debug)]
pub struct PartitionRequest<'a> {
    pub topic: &'a str,
    pub key: Option<&'a [u8]>,
    pub value: Option<&'a [u8]>,
    pub headers: &'a [Header],
    /// How many partitions the topic has.
    pub partitions: u32,
    /// Those that have a leader, in the order of the client's metadata.
    pub available: &'a [u32],
}

/// `Partitioner.partition`: a function of the record and of nothing else.
pub trait Partition: fmt::Debug {
    /// Any number; the producer does with it what Kafka's does.
    ///
    /// # Errors
    /// What it throws, in words for the learner.
    fn partition(&self, request: &PartitionRequest<'_>) -> Result<i32, String>;
}

/// A partitioner by its source: two of the same source choose the same partitions.
#[derive(Clone, Debug)]
pub struct CustomPartitioner {
    name: Rc<str>,
    source: Rc<str>,
    code: Rc<dyn Partition>,
}

impl CustomPartitioner {
    /// `code` is what `source` says.
    pub fn new(name: &str, source: &str, code: impl Partition + 'static) -> Self {
        Self { name: name.into(), source: source.into(), code: Rc::new(code) }
    }

    /// What the learner calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn partition(&self, request: &PartitionRequest<'_>) -> Result<i32, String> {
        self.code.partition(request)
    }
}

impl PartialEq for CustomPartitioner {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.source) == (&other.name, &other.source)
    }
}

impl Eq for CustomPartitioner {}

impl Hash for CustomPartitioner {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.name, &self.source).hash(state);
    }
}
