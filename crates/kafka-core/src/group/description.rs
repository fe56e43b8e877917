//! What tools and the page can ask a coordinator about a group.
//!
//! Mirrors the data of ListGroups, DescribeGroups and ConsumerGroupDescribe, with what only the page shows:
//! deadlines, and who waits for an answer. Leaves out: authorized operations.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::assignor::ServerAssignor;
use crate::group::{GroupState, MemberState};
use crate::protocol::{GroupId, MemberId, Subscription};
use crate::time::SimTime;
use crate::topic::{TopicIdPartition, TopicPartition};

/// Which protocol a group follows, by the name that tools print.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GroupType {
    Classic,
    /// KIP-848
    Consumer,
}

impl fmt::Display for GroupType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupListing {
    pub group: GroupId,
    pub state: GroupState,
    /// `None` for a group that only ever committed offsets.
    pub protocol_type: Option<Rc<str>>,
    pub group_type: GroupType,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupDescription {
    pub state: GroupState,
    /// The group epoch of a consumer group.
    pub generation_id: i32,
    pub protocol_type: Option<Rc<str>>,
    /// The assignor in use. DescribeGroups shows it, and the subscriptions, only while the group is Stable.
    pub protocol: Option<Rc<str>>,
    pub leader: Option<MemberId>,
    /// In the order of the coordinator's `HashMap`.
    pub members: Vec<MemberDescription>,
    /// Ids that were handed out (MEMBER_ID_REQUIRED) and have not come back yet, sorted.
    pub pending_join_members: Vec<MemberId>,
    /// Who has been given a generation and has not synced yet, sorted. May name an id that a static member
    /// has since given up.
    pub pending_sync_members: Vec<MemberId>,
    /// When the coordinator stops waiting for members to join, or to sync.
    pub deadline: Option<SimTime>,
    /// `None` for a classic group.
    pub consumer: Option<ConsumerGroupDescription>,
}

impl GroupDescription {
    pub const fn group_type(&self) -> GroupType {
        if self.consumer.is_some() { GroupType::Consumer } else { GroupType::Classic }
    }
}

/// What only a KIP-848 group has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsumerGroupDescription {
    pub group_epoch: i32,
    /// The group epoch that the target was computed for.
    pub target_assignment_epoch: i32,
    pub assignor: ServerAssignor,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemberDescription {
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    pub client_id: Rc<str>,
    pub client_host: Rc<str>,
    /// Of the protocol in use, or of the member's first choice before there is one.
    pub subscription: Subscription,
    pub assignment: Vec<TopicPartition>,
    pub waits: Option<Wait>,
    pub session_timeout: Duration,
    /// When the member is given up, unless it shows a sign of life.
    pub session_deadline: SimTime,
    /// `None` for a member of a classic group.
    pub consumer: Option<ConsumerMemberDescription>,
}

/// What only a member of a KIP-848 group has. Partitions are sorted; by name, those of deleted topics are
/// missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsumerMemberDescription {
    pub rack_id: Option<Rc<str>>,
    pub member_epoch: i32,
    pub previous_member_epoch: i32,
    pub state: MemberState,
    pub assigned_partitions: Vec<TopicIdPartition>,
    pub target_partitions: Vec<TopicIdPartition>,
    pub target_assignment: Vec<TopicPartition>,
    pub pending_revocation: Vec<TopicPartition>,
    /// The member has until then to revoke, unless it is asked for nothing.
    pub rebalance_deadline: Option<SimTime>,
    /// It is a classic member of a group that is being upgraded or downgraded.
    pub uses_classic_protocol: bool,
}

/// The answer that a member waits for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Wait {
    JoinGroup,
    SyncGroup,
}
