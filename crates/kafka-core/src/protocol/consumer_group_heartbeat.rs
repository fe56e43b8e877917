//! The one request of KIP-848: a member joins, stays, follows its assignment and leaves with it.
//!
//! Mirrors `ConsumerGroupHeartbeatRequest` and `ConsumerGroupHeartbeatResponse`, version 1. Leaves out:
//! subscriptions by regular expression, error messages.

use std::rc::Rc;
use std::time::Duration;

use crate::protocol::{ErrorCode, GroupId, MemberId};
use crate::topic::{TopicIdPartition, TopicName};

/// A field that is `None` has not changed since the member's last heartbeat.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConsumerGroupHeartbeatRequest {
    pub group: GroupId,
    pub client_id: Rc<str>,
    pub client_host: Rc<str>,
    /// Made by the client, and kept for its whole life.
    pub member_id: MemberId,
    /// The epoch that the member has reached, or one of the constants below.
    pub member_epoch: i32,
    /// A static member always sends its own.
    pub instance_id: Option<Rc<str>>,
    pub rack_id: Option<Rc<str>>,
    pub rebalance_timeout: Option<Duration>,
    pub subscribed_topic_names: Option<Vec<TopicName>>,
    pub server_assignor: Option<Rc<str>>,
    /// What the member owns.
    pub topic_partitions: Option<Vec<TopicIdPartition>>,
}

impl ConsumerGroupHeartbeatRequest {
    pub const JOIN_GROUP_MEMBER_EPOCH: i32 = 0;
    pub const LEAVE_GROUP_MEMBER_EPOCH: i32 = -1;
    /// A static member goes and means to come back.
    pub const LEAVE_GROUP_STATIC_MEMBER_EPOCH: i32 = -2;

    /// INVALID_REQUEST for a request that no state of a group can make sense of
    /// (`GroupCoordinatorService.throwIfConsumerGroupHeartbeatRequestIsInvalid`).
    pub fn validate(&self) -> Result<(), ErrorCode> {
        let is_empty = |text: &Option<Rc<str>>| text.as_ref().is_some_and(|text| text.trim().is_empty());
        let names_everybody = !self.group.trim().is_empty()
            && !self.member_id.trim().is_empty()
            && !is_empty(&self.instance_id)
            && !is_empty(&self.rack_id);
        let makes_sense = match self.member_epoch {
            Self::JOIN_GROUP_MEMBER_EPOCH => {
                self.rebalance_timeout.is_some()
                    && self.subscribed_topic_names.is_some()
                    && self.topic_partitions.as_ref().is_some_and(Vec::is_empty)
            }
            Self::LEAVE_GROUP_STATIC_MEMBER_EPOCH => self.instance_id.is_some(),
            epoch => epoch >= Self::LEAVE_GROUP_MEMBER_EPOCH,
        };
        if names_everybody && makes_sense { Ok(()) } else { Err(ErrorCode::InvalidRequest) }
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConsumerGroupHeartbeatResponse {
    pub outcome: Result<MemberHeartbeat, ErrorCode>,
}

/// A heartbeat that was accepted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MemberHeartbeat {
    pub member_id: MemberId,
    pub member_epoch: i32,
    /// When to heartbeat next; zero for a member that left.
    pub heartbeat_interval: Duration,
    /// All that the member may own now; `None` when that has not changed.
    pub assignment: Option<Vec<TopicIdPartition>>,
}
