//! What nodes say to each other: Kafka's requests and responses, by their API names.
//!
//! Mirrors `org.apache.kafka.common.requests`. A request names only the fields that the model acts on.
//! Leaves out: API versions, authentication, throttling, fetch sessions, the wire encoding.

mod consumer_group_heartbeat;
mod errors;
mod produce;
mod transaction;

use std::rc::Rc;
use std::time::Duration;

pub use consumer_group_heartbeat::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, MemberHeartbeat,
};
pub use errors::ErrorCode;
pub use produce::{Acks, ProduceRequest, ProduceResponse};
pub use transaction::{
    AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, ConsumerGroupMetadata, EndTxnRequest,
    EndTxnResponse, InitProducerIdRequest, InitProducerIdResponse, TransactionalId, TxnOffsetCommitRequest,
    TxnOffsetCommitResponse, WriteTxnMarkersRequest, WriteTxnMarkersResponse,
};

use crate::cluster::Topic;
use crate::config::IsolationLevel;
use crate::record::RecordBatch;
use crate::topic::{TopicName, TopicPartition};

pub type GroupId = Rc<str>;
pub type MemberId = Rc<str>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BrokerId(pub u32);

/// A broker as clients know it (`org.apache.kafka.common.Node`). Leaves out: host and port.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Node {
    pub id: BrokerId,
    pub rack: Option<Rc<str>>,
}

/// One client process, numbered by whoever starts it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ClientId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NodeId {
    Broker(BrokerId),
    Client(ClientId),
}

/// Pairs a response with its request; counts up per sender.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct CorrelationId(pub u32);

/// Who asked, and under which number: where a response must go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestHandle {
    pub from: NodeId,
    pub correlation_id: CorrelationId,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Message {
    Request { correlation_id: CorrelationId, request: Request },
    Response { correlation_id: CorrelationId, response: Response },
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Request {
    Metadata(MetadataRequest),
    Produce(ProduceRequest),
    Fetch(FetchRequest),
    ListOffsets(ListOffsetsRequest),
    FindCoordinator(FindCoordinatorRequest),
    JoinGroup(JoinGroupRequest),
    SyncGroup(SyncGroupRequest),
    Heartbeat(HeartbeatRequest),
    LeaveGroup(LeaveGroupRequest),
    OffsetCommit(OffsetCommitRequest),
    OffsetFetch(OffsetFetchRequest),
    ConsumerGroupHeartbeat(ConsumerGroupHeartbeatRequest),
    InitProducerId(InitProducerIdRequest),
    AddPartitionsToTxn(AddPartitionsToTxnRequest),
    TxnOffsetCommit(TxnOffsetCommitRequest),
    EndTxn(EndTxnRequest),
    WriteTxnMarkers(WriteTxnMarkersRequest),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Response {
    Metadata(MetadataResponse),
    Produce(ProduceResponse),
    Fetch(FetchResponse),
    ListOffsets(ListOffsetsResponse),
    FindCoordinator(FindCoordinatorResponse),
    JoinGroup(JoinGroupResponse),
    SyncGroup(SyncGroupResponse),
    Heartbeat(HeartbeatResponse),
    LeaveGroup(LeaveGroupResponse),
    OffsetCommit(OffsetCommitResponse),
    OffsetFetch(OffsetFetchResponse),
    ConsumerGroupHeartbeat(ConsumerGroupHeartbeatResponse),
    InitProducerId(InitProducerIdResponse),
    AddPartitionsToTxn(AddPartitionsToTxnResponse),
    TxnOffsetCommit(TxnOffsetCommitResponse),
    EndTxn(EndTxnResponse),
    WriteTxnMarkers(WriteTxnMarkersResponse),
}

/// A request's or response's name in Kafka's protocol.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Api {
    Metadata,
    Produce,
    Fetch,
    ListOffsets,
    FindCoordinator,
    JoinGroup,
    SyncGroup,
    Heartbeat,
    LeaveGroup,
    OffsetCommit,
    OffsetFetch,
    ConsumerGroupHeartbeat,
    InitProducerId,
    AddPartitionsToTxn,
    TxnOffsetCommit,
    EndTxn,
    WriteTxnMarkers,
}

impl Message {
    pub const fn api(&self) -> Api {
        match self {
            Self::Request { request, .. } => request.api(),
            Self::Response { response, .. } => response.api(),
        }
    }
}

impl Request {
    pub const fn api(&self) -> Api {
        match self {
            Self::Metadata(_) => Api::Metadata,
            Self::Produce(_) => Api::Produce,
            Self::Fetch(_) => Api::Fetch,
            Self::ListOffsets(_) => Api::ListOffsets,
            Self::FindCoordinator(_) => Api::FindCoordinator,
            Self::JoinGroup(_) => Api::JoinGroup,
            Self::SyncGroup(_) => Api::SyncGroup,
            Self::Heartbeat(_) => Api::Heartbeat,
            Self::LeaveGroup(_) => Api::LeaveGroup,
            Self::OffsetCommit(_) => Api::OffsetCommit,
            Self::OffsetFetch(_) => Api::OffsetFetch,
            Self::ConsumerGroupHeartbeat(_) => Api::ConsumerGroupHeartbeat,
            Self::InitProducerId(_) => Api::InitProducerId,
            Self::AddPartitionsToTxn(_) => Api::AddPartitionsToTxn,
            Self::TxnOffsetCommit(_) => Api::TxnOffsetCommit,
            Self::EndTxn(_) => Api::EndTxn,
            Self::WriteTxnMarkers(_) => Api::WriteTxnMarkers,
        }
    }
}

impl Response {
    pub const fn api(&self) -> Api {
        match self {
            Self::Metadata(_) => Api::Metadata,
            Self::Produce(_) => Api::Produce,
            Self::Fetch(_) => Api::Fetch,
            Self::ListOffsets(_) => Api::ListOffsets,
            Self::FindCoordinator(_) => Api::FindCoordinator,
            Self::JoinGroup(_) => Api::JoinGroup,
            Self::SyncGroup(_) => Api::SyncGroup,
            Self::Heartbeat(_) => Api::Heartbeat,
            Self::LeaveGroup(_) => Api::LeaveGroup,
            Self::OffsetCommit(_) => Api::OffsetCommit,
            Self::OffsetFetch(_) => Api::OffsetFetch,
            Self::ConsumerGroupHeartbeat(_) => Api::ConsumerGroupHeartbeat,
            Self::InitProducerId(_) => Api::InitProducerId,
            Self::AddPartitionsToTxn(_) => Api::AddPartitionsToTxn,
            Self::TxnOffsetCommit(_) => Api::TxnOffsetCommit,
            Self::EndTxn(_) => Api::EndTxn,
            Self::WriteTxnMarkers(_) => Api::WriteTxnMarkers,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MetadataRequest {
    pub topics: Vec<TopicName>,
    pub allow_auto_topic_creation: bool,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MetadataResponse {
    /// Those that are alive, in order of number.
    pub brokers: Vec<Node>,
    /// Shared with the broker that answers, and so with every client that has asked it: a thousand clients of
    /// ten thousand partitions fit into memory.
    pub topics: Vec<(TopicName, Result<Rc<Topic>, ErrorCode>)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FetchRequest {
    /// The follower that replicates, or `None` for a consumer.
    pub replica: Option<BrokerId>,
    /// A follower reads everything.
    pub isolation_level: IsolationLevel,
    pub max_wait: Duration,
    pub min_bytes: u32,
    pub max_bytes: u32,
    pub partitions: Vec<FetchPartition>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FetchPartition {
    pub partition: TopicPartition,
    pub fetch_offset: i64,
    /// A follower's view of the leader, which fences those that are out of date.
    pub current_leader_epoch: Option<i32>,
    /// Of the last record that a follower has: the leader finds out where the two logs part.
    pub last_fetched_epoch: Option<i32>,
    pub max_bytes: u32,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FetchResponse {
    pub partitions: Vec<(TopicPartition, Result<FetchedData, ErrorCode>)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FetchedData {
    /// The follower's log differs from here on; then there are no batches.
    pub diverging_epoch: Option<EpochEndOffset>,
    pub high_watermark: i64,
    pub last_stable_offset: i64,
    pub log_start_offset: i64,
    /// Transactions with records among the batches that a `read_committed` consumer passes over.
    pub aborted_transactions: Vec<AbortedTransaction>,
    pub batches: Vec<Rc<RecordBatch>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AbortedTransaction {
    pub producer_id: i64,
    pub first_offset: i64,
}

/// Where a leader epoch ends in a log.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EpochEndOffset {
    pub leader_epoch: i32,
    /// The offset after its last record.
    pub end_offset: i64,
}

/// Which offset `ListOffsets` asks for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OffsetSpec {
    Earliest,
    Latest,
    /// Of the first record with this timestamp or a later one, in milliseconds since the Unix epoch.
    Timestamp(i64),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ListOffsetsRequest {
    /// `Latest` is the last stable offset for `read_committed`.
    pub isolation_level: IsolationLevel,
    pub partitions: Vec<(TopicPartition, OffsetSpec)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ListOffsetsResponse {
    /// `None` (-1 in Kafka) when no record has the timestamp.
    pub partitions: Vec<(TopicPartition, Result<Option<i64>, ErrorCode>)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FindCoordinatorRequest {
    pub key: CoordinatorKey,
}

/// Whose coordinator is looked for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum CoordinatorKey {
    Group(GroupId),
    Transaction(TransactionalId),
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FindCoordinatorResponse {
    pub coordinator: Result<BrokerId, ErrorCode>,
}

/// What a member tells the leader about itself (`ConsumerProtocolSubscription`).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Subscription {
    /// Sorted.
    pub topics: Vec<TopicName>,
    pub owned_partitions: Vec<TopicPartition>,
    /// The generation in which `owned_partitions` were assigned; `None` before the first.
    pub generation: Option<i32>,
    pub rack: Option<Rc<str>>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct JoinGroupRequest {
    pub group: GroupId,
    pub client_id: Rc<str>,
    pub client_host: Rc<str>,
    /// Empty for a member that has no id yet.
    pub member_id: MemberId,
    /// A dynamic member without an id is told to come back with the one it is given: JoinGroup 4 and later (KIP-394).
    pub requires_known_member_id: bool,
    pub group_instance_id: Option<Rc<str>>,
    pub session_timeout: Duration,
    pub rebalance_timeout: Duration,
    pub protocol_type: Rc<str>,
    /// Assignor names with the metadata for each, in the member's order of preference.
    pub protocols: Vec<(Rc<str>, Subscription)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct JoinGroupResponse {
    /// The member's id, also in an answer with an error (`MEMBER_ID_REQUIRED` hands it out).
    pub member_id: MemberId,
    pub outcome: Result<JoinedGeneration, ErrorCode>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct JoinedGeneration {
    pub generation_id: i32,
    pub protocol: Rc<str>,
    pub leader: MemberId,
    /// The leader is told not to assign (a static leader that came back).
    pub skip_assignment: bool,
    /// Only the leader is given the members.
    pub members: Vec<JoinedMember>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct JoinedMember {
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    pub subscription: Subscription,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SyncGroupRequest {
    pub group: GroupId,
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    pub generation_id: i32,
    pub protocol_type: Option<Rc<str>>,
    pub protocol: Option<Rc<str>>,
    /// Empty unless sent by the leader.
    pub assignments: Vec<(MemberId, Vec<TopicPartition>)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SyncGroupResponse {
    pub assignment: Result<Vec<TopicPartition>, ErrorCode>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct HeartbeatRequest {
    pub group: GroupId,
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    pub generation_id: i32,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct HeartbeatResponse {
    pub outcome: Result<(), ErrorCode>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LeaveGroupRequest {
    pub group: GroupId,
    pub members: Vec<LeavingMember>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LeavingMember {
    /// Empty when an administrator removes a static member by its instance id.
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    /// Why, in the client's words.
    pub reason: Rc<str>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct LeaveGroupResponse {
    /// Per leaving member, or one error for the whole request.
    pub outcome: Result<Vec<MemberLeft>, ErrorCode>,
}

/// A leaving member's id as it was given, and whether it left.
pub type MemberLeft = (MemberId, Result<(), ErrorCode>);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OffsetCommitRequest {
    pub group: GroupId,
    /// Empty for a commit without group membership.
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    /// The member epoch in a KIP-848 group. `None` (-1 in Kafka) for a commit without group membership.
    pub generation_id: Option<i32>,
    /// OffsetCommit 9 and later (KIP-848): what every client of Kafka 4 sends.
    pub knows_member_epochs: bool,
    pub offsets: Vec<(TopicPartition, OffsetAndMetadata)>,
}

/// A committed position: the offset of the next record to read.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OffsetAndMetadata {
    pub offset: i64,
    pub leader_epoch: Option<i32>,
    pub metadata: Rc<str>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OffsetCommitResponse {
    pub partitions: Vec<(TopicPartition, Result<(), ErrorCode>)>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OffsetFetchRequest {
    pub group: GroupId,
    /// Who asks, and at which epoch: OffsetFetch 9 and later (KIP-848). `None` when nobody's membership is
    /// to be checked.
    pub member: Option<(MemberId, i32)>,
    /// `None` asks for every offset of the group.
    pub partitions: Option<Vec<TopicPartition>>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OffsetFetchResponse {
    pub outcome: Result<Vec<(TopicPartition, Option<OffsetAndMetadata>)>, ErrorCode>,
}
