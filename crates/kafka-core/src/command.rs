//! What a learner can ask of the cluster, and the answers to impossible wishes in Kafka's own words.

use std::fmt;
use std::rc::Rc;

use crate::config::{ConfigError, ConsumerConfig, ProducerConfig};
use crate::protocol::ClientId;
use crate::record::{Bytes, Header};
use crate::topic::{TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Command {
    CreateTopic(NewTopic),
    /// Starts a process; its number must be free.
    StartProducer {
        client: ClientId,
        config: ProducerConfig,
    },
    /// `KafkaProducer.send`.
    Send {
        client: ClientId,
        record: ProducerRecord,
    },
    StartConsumer {
        client: ClientId,
        config: ConsumerConfig,
        source: Source,
    },
    /// `KafkaConsumer.seek`.
    Seek {
        client: ClientId,
        partition: TopicPartition,
        offset: i64,
    },
    /// `close()`: a producer sends what is buffered, a consumer commits and leaves its group; then the process ends.
    Close {
        client: ClientId,
    },
    /// `kill -9`: the process is gone, nobody is told.
    Kill {
        client: ClientId,
    },
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct NewTopic {
    pub name: TopicName,
    /// `None` takes the broker's `num.partitions`.
    pub partitions: Option<u32>,
    /// `None` takes the broker's `default.replication.factor`.
    pub replication_factor: Option<u32>,
    pub configs: Vec<(Rc<str>, Rc<str>)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ProducerRecord {
    pub topic: TopicName,
    pub partition: Option<u32>,
    /// Milliseconds since the Unix epoch; `None` is the time of sending.
    pub timestamp: Option<i64>,
    pub key: Option<Bytes>,
    pub value: Option<Bytes>,
    pub headers: Rc<[Header]>,
}

/// What a consumer reads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    /// `subscribe()`: the group hands out partitions.
    Subscribe(Vec<TopicName>),
    /// `assign()` and a starting point for each partition: no group.
    Assign(Vec<(TopicPartition, StartAt)>),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StartAt {
    Earliest,
    Latest,
    Offset(i64),
}

/// Why a command was refused. `Display` is Kafka's message; `exception` the class that carries it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CommandError {
    TopicExists {
        topic: TopicName,
    },
    TopicCollides {
        topic: TopicName,
        with: TopicName,
    },
    InvalidTopicName {
        reason: String,
    },
    PartitionsNotPositive,
    TooManyPartitions {
        asked: u32,
        limit: u32,
    },
    ReplicationFactorTooLarge {
        asked: u32,
        brokers: u32,
    },
    ReplicationFactorOutOfRange,
    Config(ConfigError),
    /// More clients than the model runs at once.
    TooManyClients {
        limit: u32,
    },
}

impl CommandError {
    /// The Java exception that a real client would see.
    pub const fn exception(&self) -> &'static str {
        match self {
            Self::TopicExists { .. } => "org.apache.kafka.common.errors.TopicExistsException",
            Self::TopicCollides { .. } | Self::InvalidTopicName { .. } => {
                "org.apache.kafka.common.errors.InvalidTopicException"
            }
            Self::PartitionsNotPositive | Self::ReplicationFactorOutOfRange => {
                "java.lang.IllegalArgumentException"
            }
            Self::TooManyPartitions { .. } => "org.apache.kafka.common.errors.PolicyViolationException",
            Self::ReplicationFactorTooLarge { .. } => {
                "org.apache.kafka.common.errors.InvalidReplicationFactorException"
            }
            Self::Config(error) => error.exception(),
            Self::TooManyClients { .. } => "java.lang.OutOfMemoryError",
        }
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl std::error::Error for CommandError {}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TopicExists { topic } => write!(f, "Topic '{topic}' already exists."),
            Self::TopicCollides { topic, with } => {
                write!(f, "Topic '{topic}' collides with existing topic: {with}")
            }
            Self::InvalidTopicName { reason } => write!(f, "Topic name is invalid: {reason}"),
            Self::PartitionsNotPositive => f.write_str("The partitions must be greater than 0"),
            Self::TooManyPartitions { asked, limit } => write!(
                f,
                "This playground simulates at most {limit} partitions at a time; {asked} more do not fit. \
                 Use a smaller --partitions."
            ),
            Self::ReplicationFactorTooLarge { asked, brokers } => write!(
                f,
                "Unable to replicate the partition {asked} time(s): The target replication factor of {asked} \
                 cannot be reached because only {brokers} broker(s) are registered."
            ),
            Self::ReplicationFactorOutOfRange => {
                f.write_str("The replication factor must be between 1 and 32767 inclusive")
            }
            Self::Config(error) => error.fmt(f),
            Self::TooManyClients { limit } => write!(
                f,
                "This playground runs at most {limit} clients at a time. Stop one of them first (Ctrl+C)."
            ),
        }
    }
}
