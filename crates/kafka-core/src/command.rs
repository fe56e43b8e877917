//! What a learner can ask of the cluster, and the answers to impossible wishes in Kafka's own words.

use std::fmt;
use std::rc::Rc;

use crate::application::{Application, ConsumerCall};
use crate::cluster::ElectionType;
use crate::config::{ConfigError, ConfigResource, ConsumerConfig, ProducerConfig};
use crate::network::Shape;
use crate::producer::ProducerCall;
use crate::protocol::{BrokerId, ClientId, ErrorCode, GroupId, MemberId, OffsetAndMetadata};
use crate::record::{Bytes, Header, ProducerIdAndEpoch};
use crate::scenario::Scenario;
use crate::topic::{TopicName, TopicPartition};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Command {
    CreateTopic(NewTopic),
    /// `Admin.createPartitions`: gives a topic `total` partitions, more than it has.
    CreatePartitions {
        topic: TopicName,
        total: u32,
    },
    /// The same, with the replicas of each partition that is new, in order of preference.
    CreatePartitionsAt {
        topic: TopicName,
        replicas: Vec<Vec<BrokerId>>,
    },
    /// `Admin.deleteTopics`: the records and the offsets that groups have committed go with it.
    DeleteTopic {
        topic: TopicName,
    },
    /// `Admin.incrementalAlterConfigs`: a value to set, or `None` to go back to the default.
    AlterConfigs {
        resource: ConfigResource,
        changes: Vec<(Rc<str>, Option<Rc<str>>)>,
    },
    /// `Admin.deleteRecords`: what is older than an offset; `None` is all that is committed.
    DeleteRecords {
        partition: TopicPartition,
        before_offset: Option<i64>,
    },
    /// `Admin.alterConsumerGroupOffsets`: a commit of nobody's, for a group without members.
    AlterOffsets {
        group: GroupId,
        offsets: Vec<(TopicPartition, OffsetAndMetadata)>,
    },
    /// `Admin.deleteConsumerGroupOffsets`, for partitions of one topic: a group may be subscribed to another.
    DeleteOffsets {
        group: GroupId,
        topic: TopicName,
        partitions: Vec<u32>,
    },
    /// `Admin.deleteConsumerGroups`
    DeleteGroup {
        group: GroupId,
    },
    /// `Admin.abortTransaction`: a marker in one partition, whatever the coordinator thinks of it.
    AbortTransaction {
        partition: TopicPartition,
        producer: ProducerIdAndEpoch,
        coordinator_epoch: i32,
    },
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
    /// A method of a transactional producer. What comes of it is told as an event, perhaps later; until then its
    /// application calls no other.
    Transact {
        client: ClientId,
        call: ProducerCall,
    },
    StartConsumer {
        client: ClientId,
        config: Box<ConsumerConfig>,
        source: Source,
        /// `Application::default()` reads as fast as it can and commits nothing itself.
        application: Application,
    },
    /// Makes a running consumer's program call a method.
    Call {
        client: ClientId,
        call: ConsumerCall,
    },
    /// `Admin.removeMembersFromConsumerGroup`.
    RemoveMembers {
        group: GroupId,
        members: Vec<MemberId>,
    },
    /// `docker stop`: SIGTERM. The broker hands its partitions over and ends. One that is paused or cut off cannot, and
    /// is killed; the ten seconds that Docker grants it are left out.
    StopBroker {
        broker: BrokerId,
    },
    /// `docker kill`: the process is gone at once. What it wrote stays in the host's page cache.
    KillBroker {
        broker: BrokerId,
    },
    /// `docker start`. The time that a broker takes to start is left out.
    StartBroker {
        broker: BrokerId,
    },
    /// `docker pause`: the process stands still, its connections stay open.
    PauseBroker {
        broker: BrokerId,
    },
    /// `docker unpause`: the process goes on with whatever has arrived meanwhile.
    UnpauseBroker {
        broker: BrokerId,
    },
    /// `docker network disconnect`: nothing gets to the broker or away from it, and nobody is told.
    DisconnectBroker {
        broker: BrokerId,
    },
    /// `docker network connect`
    ConnectBroker {
        broker: BrokerId,
    },
    /// `tc qdisc ... netem` in the broker's container: what the broker sends arrives later. `None` takes it back, as the
    /// end of the container does.
    ShapeBroker {
        broker: BrokerId,
        shape: Option<Shape>,
    },
    /// `Admin.electLeaders`; each partition that is refused is told as an event.
    ElectLeaders {
        election: ElectionType,
        /// `None` for every partition for which the election is needed.
        partitions: Option<Vec<TopicPartition>>,
    },
    /// `Admin.alterPartitionReassignments` for one partition.
    ReassignPartition {
        partition: TopicPartition,
        /// The brokers in order of preference; `None` takes an unfinished reassignment back.
        replicas: Option<Vec<BrokerId>>,
    },
    /// `close()`: a producer sends what is buffered; a consumer handles the records that it has, commits and leaves its
    /// group. Then the process ends.
    Close {
        client: ClientId,
    },
    /// `kill -9`: the process is gone, nobody is told.
    Kill {
        client: ClientId,
    },
    /// `kill -STOP`: the process stands still, its connections stay open.
    Suspend {
        client: ClientId,
    },
    /// `kill -CONT`: the process goes on with whatever has arrived or fallen due meanwhile.
    Continue {
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
    /// The replicas of each partition in order of preference; if there are none, the cluster places them.
    pub replica_assignment: Vec<Vec<BrokerId>>,
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
    /// `assign()` and a starting point for each partition: no membership in a group.
    Assign(Vec<(TopicPartition, StartAt)>),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StartAt {
    /// What the group has committed, or as `auto.offset.reset` says.
    Committed,
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
    UnknownTopic,
    /// A topic cannot get fewer partitions, nor as many as it has.
    NotAnIncrease {
        topic: TopicName,
        partitions: u32,
        asked: u32,
    },
    TooManyPartitions {
        asked: u32,
        limit: u32,
    },
    ReplicationFactorTooLarge {
        asked: u32,
        brokers: u32,
    },
    ReplicationFactorOutOfRange,
    AllBrokersFenced {
        asked: u32,
    },
    /// What a container cannot do in its present state, in Docker's words.
    NoSuchContainer {
        broker: BrokerId,
    },
    BrokerNotRunning {
        broker: BrokerId,
    },
    BrokerAlreadyPaused {
        broker: BrokerId,
    },
    BrokerNotPaused {
        broker: BrokerId,
    },
    BrokerAlreadyConnected {
        broker: BrokerId,
    },
    BrokerNotConnected {
        broker: BrokerId,
    },
    /// Of a replica assignment.
    /// Nobody could lead a partition whose brokers were chosen.
    AssignedBrokersFenced {
        partition: u32,
    },
    UnknownBroker {
        broker: BrokerId,
    },
    /// Of a replica assignment that names a broker twice for a partition.
    DuplicateReplica {
        broker: BrokerId,
    },
    /// Partitions of one topic are assigned different numbers of replicas.
    ReplicaCountsDiffer {
        first: u32,
        other: u32,
    },
    /// A reassignment can only be taken back by an unclean election.
    UncleanRevert {
        partition: TopicPartition,
    },
    Config(ConfigError),
    /// Refused by the broker that it is for.
    Rejected(ErrorCode),
    /// Of a call that names a partition which the consumer does not hold.
    NotAssigned {
        partition: TopicPartition,
    },
    NegativeSeek,
    /// `subscribe()` after `assign()`.
    MutuallyExclusiveSubscription,
    /// More clients than the model runs at once.
    TooManyClients {
        limit: u32,
    },
    /// More records than the model keeps.
    TooManyRecords,
}

impl CommandError {
    /// The Java exception that a real client would see.
    pub const fn exception(&self) -> &'static str {
        match self {
            Self::TopicExists { .. } => "org.apache.kafka.common.errors.TopicExistsException",
            Self::TopicCollides { .. } | Self::InvalidTopicName { .. } => {
                "org.apache.kafka.common.errors.InvalidTopicException"
            }
            Self::PartitionsNotPositive | Self::ReplicationFactorOutOfRange | Self::NegativeSeek => {
                "java.lang.IllegalArgumentException"
            }
            Self::UnknownTopic => "org.apache.kafka.common.errors.UnknownTopicOrPartitionException",
            Self::NotAnIncrease { .. } => "org.apache.kafka.common.errors.InvalidPartitionsException",
            Self::NotAssigned { .. }
            | Self::MutuallyExclusiveSubscription
            | Self::NoSuchContainer { .. }
            | Self::BrokerNotRunning { .. }
            | Self::BrokerAlreadyPaused { .. }
            | Self::BrokerNotPaused { .. }
            | Self::BrokerAlreadyConnected { .. }
            | Self::BrokerNotConnected { .. } => "java.lang.IllegalStateException",
            Self::TooManyPartitions { .. } => "org.apache.kafka.common.errors.PolicyViolationException",
            Self::ReplicationFactorTooLarge { .. } | Self::AllBrokersFenced { .. } => {
                "org.apache.kafka.common.errors.InvalidReplicationFactorException"
            }
            Self::AssignedBrokersFenced { .. }
            | Self::UnknownBroker { .. }
            | Self::DuplicateReplica { .. }
            | Self::ReplicaCountsDiffer { .. }
            | Self::UncleanRevert { .. } => {
                "org.apache.kafka.common.errors.InvalidReplicaAssignmentException"
            }
            Self::Config(error) => error.exception(),
            Self::Rejected(_) => "org.apache.kafka.common.errors.ApiException",
            Self::TooManyClients { .. } | Self::TooManyRecords => "java.lang.OutOfMemoryError",
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
            Self::UnknownTopic => f.write_str("This server does not host this topic-partition."),
            Self::NotAnIncrease { partitions, asked, .. } if asked == partitions => {
                write!(f, "Topic already has {partitions} partition(s).")
            }
            Self::NotAnIncrease { topic, partitions, asked } => write!(
                f,
                "The topic {topic} currently has {partitions} partition(s); {asked} would not be an increase."
            ),
            Self::NotAssigned { partition } => write!(f, "No current assignment for partition {partition}"),
            Self::NegativeSeek => f.write_str("seek offset must not be a negative number"),
            Self::MutuallyExclusiveSubscription => {
                f.write_str("Subscription to topics, partitions and pattern are mutually exclusive")
            }
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
            Self::AllBrokersFenced { asked } => write!(
                f,
                "Unable to replicate the partition {asked} time(s): All brokers are currently fenced."
            ),
            Self::NoSuchContainer { broker } => write!(f, "No such container: kafka-{}", broker.0),
            Self::BrokerNotRunning { broker } => write!(f, "container kafka-{} is not running", broker.0),
            Self::BrokerAlreadyPaused { broker } => {
                write!(f, "container kafka-{} is already paused", broker.0)
            }
            Self::BrokerNotPaused { broker } => write!(f, "container kafka-{} is not paused", broker.0),
            Self::BrokerAlreadyConnected { broker } => {
                write!(f, "container kafka-{} is already attached to the network", broker.0)
            }
            Self::BrokerNotConnected { broker } => {
                write!(f, "container kafka-{} is not connected to the network", broker.0)
            }
            Self::AssignedBrokersFenced { partition } => write!(
                f,
                "All brokers specified in the manual partition assignment for partition {partition} are fenced \
                 or in controlled shutdown."
            ),
            Self::UnknownBroker { broker } => write!(
                f,
                "The manual partition assignment includes broker {}, but no such broker is registered.",
                broker.0
            ),
            Self::DuplicateReplica { broker } => {
                write!(f, "The manual partition assignment includes the broker {} more than once.", broker.0)
            }
            Self::ReplicaCountsDiffer { first, other } => write!(
                f,
                "The manual partition assignment includes a partition with {other} replica(s), but this is not \
                 consistent with previous partitions, which have {first} replica(s)."
            ),
            Self::UncleanRevert { partition: TopicPartition { topic, partition } } => write!(
                f,
                "Unable to revert partition assignment for {topic}:{partition} because it would require an unclean \
                 leader election."
            ),
            Self::Config(error) => error.fmt(f),
            Self::Rejected(error) => error.fmt(f),
            Self::TooManyClients { limit } => write!(
                f,
                "This playground runs at most {limit} clients at a time. Stop one of them first (Ctrl+C)."
            ),
            Self::TooManyRecords => write!(
                f,
                "This playground takes at most {} records of together {} MiB in one session. Begin a new one to send more.",
                Scenario::MAX_RECORDS,
                Scenario::MAX_RECORD_BYTES >> 20
            ),
        }
    }
}
