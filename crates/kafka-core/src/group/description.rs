//! What tools and the page can ask a coordinator about a group.
//!
//! Mirrors the data of ListGroups and DescribeGroups, with what only the page shows: deadlines, and who
//! waits for an answer. Leaves out: authorized operations.

use std::rc::Rc;

use crate::group::GroupState;
use crate::protocol::{GroupId, MemberId, Subscription};
use crate::time::SimTime;
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupListing {
    pub group: GroupId,
    pub state: GroupState,
    /// `None` for a group that only ever committed offsets.
    pub protocol_type: Option<Rc<str>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupDescription {
    pub state: GroupState,
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
    /// When the member is given up, unless it shows a sign of life.
    pub session_deadline: SimTime,
}

/// The answer that a member waits for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Wait {
    JoinGroup,
    SyncGroup,
}
