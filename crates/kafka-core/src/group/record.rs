//! The records of `__consumer_offsets`: all that survives a coordinator.
//!
//! Mirrors `CoordinatorRecord`, `GroupCoordinatorRecordHelpers` and `GroupCoordinatorRecordSerde`, in the
//! versions that a 4.x broker writes: OffsetCommitKey 1, OffsetCommitValue 3, GroupMetadataKey 2,
//! GroupMetadataValue 3, and those of KIP-848 groups in `consumer_group`. Leaves out: other versions of
//! these, expire timestamps, share and streams groups.

mod consumer_group;
mod consumer_protocol;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use crate::protocol::{GroupId, MemberId, OffsetAndMetadata, Subscription};
use crate::record::Bytes;
use crate::topic::{TopicIdPartition, TopicPartition};

pub use crate::wire::UnreadableRecord;
use crate::wire::{Reader, Writer};
pub use consumer_group::{
    ClassicMemberMetadata, ConsumerGroupMetadataValue, ConsumerMemberMetadata, CurrentMemberAssignment,
};

const OFFSET_COMMIT_KEY: i16 = 1;
const OFFSET_COMMIT_VALUE: i16 = 3;
const GROUP_METADATA_KEY: i16 = 2;
const GROUP_METADATA_VALUE: i16 = 3;
const CONSUMER_GROUP_METADATA_KEY: i16 = 3;
const CONSUMER_GROUP_MEMBER_METADATA_KEY: i16 = 5;
const CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_KEY: i16 = 6;
const CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY: i16 = 7;
const CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY: i16 = 8;

/// One record; a `None` value is a tombstone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CoordinatorRecord {
    OffsetCommit {
        group: GroupId,
        partition: TopicPartition,
        value: Option<OffsetCommitValue>,
    },
    GroupMetadata {
        group: GroupId,
        value: Option<GroupMetadataValue>,
    },
    ConsumerGroupMetadata {
        group: GroupId,
        value: Option<ConsumerGroupMetadataValue>,
    },
    ConsumerGroupMemberMetadata {
        group: GroupId,
        member: MemberId,
        value: Option<ConsumerMemberMetadata>,
    },
    /// The value is the assignment epoch.
    ConsumerGroupTargetAssignmentMetadata {
        group: GroupId,
        value: Option<i32>,
    },
    ConsumerGroupTargetAssignmentMember {
        group: GroupId,
        member: MemberId,
        value: Option<BTreeSet<TopicIdPartition>>,
    },
    ConsumerGroupCurrentMemberAssignment {
        group: GroupId,
        member: MemberId,
        value: Option<CurrentMemberAssignment>,
    },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OffsetCommitValue {
    pub offset: OffsetAndMetadata,
    /// Milliseconds since the Unix epoch.
    pub commit_timestamp: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupMetadataValue {
    /// Empty for a group that nobody has joined.
    pub protocol_type: Rc<str>,
    pub generation: i32,
    pub protocol: Option<Rc<str>>,
    pub leader: Option<MemberId>,
    /// Milliseconds since the Unix epoch.
    pub current_state_timestamp: Option<i64>,
    pub members: Vec<MemberMetadata>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MemberMetadata {
    pub member_id: MemberId,
    pub group_instance_id: Option<Rc<str>>,
    pub client_id: Rc<str>,
    pub client_host: Rc<str>,
    pub rebalance_timeout: Duration,
    pub session_timeout: Duration,
    pub subscription: Subscription,
    pub assignment: Vec<TopicPartition>,
}

impl CoordinatorRecord {
    pub const fn group(&self) -> &GroupId {
        match self {
            Self::OffsetCommit { group, .. }
            | Self::GroupMetadata { group, .. }
            | Self::ConsumerGroupMetadata { group, .. }
            | Self::ConsumerGroupMemberMetadata { group, .. }
            | Self::ConsumerGroupTargetAssignmentMetadata { group, .. }
            | Self::ConsumerGroupTargetAssignmentMember { group, .. }
            | Self::ConsumerGroupCurrentMemberAssignment { group, .. } => group,
        }
    }

    /// The key and the value as they stand in the log.
    pub fn encode(&self) -> (Bytes, Option<Bytes>) {
        match self {
            Self::OffsetCommit { group, partition, value } => {
                let mut key = group_key(OFFSET_COMMIT_KEY, group);
                key.string(&partition.topic);
                key.int32(partition.partition.cast_signed());
                (key.finish(), value.as_ref().map(OffsetCommitValue::encode))
            }
            Self::GroupMetadata { group, value } => {
                let key = group_key(GROUP_METADATA_KEY, group);
                (key.finish(), value.as_ref().map(GroupMetadataValue::encode))
            }
            Self::ConsumerGroupMetadata { group, value } => {
                let key = group_key(CONSUMER_GROUP_METADATA_KEY, group);
                (key.finish(), value.as_ref().map(ConsumerGroupMetadataValue::encode))
            }
            Self::ConsumerGroupMemberMetadata { group, member, value } => {
                let key = member_key(CONSUMER_GROUP_MEMBER_METADATA_KEY, group, member);
                (key.finish(), value.as_ref().map(ConsumerMemberMetadata::encode))
            }
            Self::ConsumerGroupTargetAssignmentMetadata { group, value } => {
                let key = group_key(CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_KEY, group);
                (key.finish(), value.map(consumer_group::encode_assignment_epoch))
            }
            Self::ConsumerGroupTargetAssignmentMember { group, member, value } => {
                let key = member_key(CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY, group, member);
                (key.finish(), value.as_ref().map(consumer_group::encode_target_assignment))
            }
            Self::ConsumerGroupCurrentMemberAssignment { group, member, value } => {
                let key = member_key(CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY, group, member);
                (key.finish(), value.as_ref().map(CurrentMemberAssignment::encode))
            }
        }
    }

    pub fn decode(key: &[u8], value: Option<&[u8]>) -> Result<Self, UnreadableRecord> {
        let mut key = Reader::new(key);
        match key.int16()? {
            0 | OFFSET_COMMIT_KEY => Ok(Self::OffsetCommit {
                group: key.string()?,
                partition: TopicPartition { topic: key.string()?, partition: key.int32()?.cast_unsigned() },
                value: value.map(OffsetCommitValue::decode).transpose()?,
            }),
            GROUP_METADATA_KEY => Ok(Self::GroupMetadata {
                group: key.string()?,
                value: value.map(GroupMetadataValue::decode).transpose()?,
            }),
            CONSUMER_GROUP_METADATA_KEY => Ok(Self::ConsumerGroupMetadata {
                group: key.string()?,
                value: value.map(ConsumerGroupMetadataValue::decode).transpose()?,
            }),
            CONSUMER_GROUP_MEMBER_METADATA_KEY => Ok(Self::ConsumerGroupMemberMetadata {
                group: key.string()?,
                member: key.string()?,
                value: value.map(ConsumerMemberMetadata::decode).transpose()?,
            }),
            CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_KEY => {
                Ok(Self::ConsumerGroupTargetAssignmentMetadata {
                    group: key.string()?,
                    value: value.map(consumer_group::decode_assignment_epoch).transpose()?,
                })
            }
            CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY => Ok(Self::ConsumerGroupTargetAssignmentMember {
                group: key.string()?,
                member: key.string()?,
                value: value.map(consumer_group::decode_target_assignment).transpose()?,
            }),
            CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY => Ok(Self::ConsumerGroupCurrentMemberAssignment {
                group: key.string()?,
                member: key.string()?,
                value: value.map(CurrentMemberAssignment::decode).transpose()?,
            }),
            version => Err(UnreadableRecord::UnknownVersion(version)),
        }
    }
}

fn group_key(version: i16, group: &str) -> Writer {
    let mut key = Writer::default();
    key.int16(version);
    key.string(group);
    key
}

fn member_key(version: i16, group: &str, member: &str) -> Writer {
    let mut key = group_key(version, group);
    key.string(member);
    key
}

impl OffsetCommitValue {
    fn encode(&self) -> Bytes {
        let mut out = Writer::default();
        out.int16(OFFSET_COMMIT_VALUE);
        out.int64(self.offset.offset);
        out.int32(self.offset.leader_epoch.unwrap_or(-1));
        out.string(&self.offset.metadata);
        out.int64(self.commit_timestamp);
        out.finish()
    }

    fn decode(value: &[u8]) -> Result<Self, UnreadableRecord> {
        let mut value = Reader::new(value);
        value.version(OFFSET_COMMIT_VALUE)?;
        let offset = value.int64()?;
        let leader_epoch = value.int32()?;
        let metadata = value.string()?;
        Ok(Self {
            offset: OffsetAndMetadata {
                offset,
                leader_epoch: (leader_epoch >= 0).then_some(leader_epoch),
                metadata,
            },
            commit_timestamp: value.int64()?,
        })
    }
}

impl GroupMetadataValue {
    fn encode(&self) -> Bytes {
        let mut out = Writer::default();
        out.int16(GROUP_METADATA_VALUE);
        out.string(&self.protocol_type);
        out.int32(self.generation);
        out.nullable_string(self.protocol.as_deref());
        out.nullable_string(self.leader.as_deref());
        out.int64(self.current_state_timestamp.unwrap_or(-1));
        out.length(self.members.len());
        for member in &self.members {
            out.string(&member.member_id);
            out.nullable_string(member.group_instance_id.as_deref());
            out.string(&member.client_id);
            out.string(&member.client_host);
            out.millis(member.rebalance_timeout);
            out.millis(member.session_timeout);
            out.bytes(&consumer_protocol::encode_subscription(&member.subscription));
            out.bytes(&consumer_protocol::encode_assignment(&member.assignment));
        }
        out.finish()
    }

    fn decode(value: &[u8]) -> Result<Self, UnreadableRecord> {
        let mut value = Reader::new(value);
        value.version(GROUP_METADATA_VALUE)?;
        let protocol_type = value.string()?;
        let generation = value.int32()?;
        let protocol = value.nullable_string()?;
        let leader = value.nullable_string()?;
        let current_state_timestamp = value.int64()?;
        let members = value.array(|member| {
            Ok(MemberMetadata {
                member_id: member.string()?,
                group_instance_id: member.nullable_string()?,
                client_id: member.string()?,
                client_host: member.string()?,
                rebalance_timeout: member.millis()?,
                session_timeout: member.millis()?,
                subscription: consumer_protocol::decode_subscription(member.bytes()?)?,
                assignment: consumer_protocol::decode_assignment(member.bytes()?)?,
            })
        })?;
        Ok(Self {
            protocol_type,
            generation,
            protocol,
            leader,
            current_state_timestamp: (current_state_timestamp >= 0).then_some(current_state_timestamp),
            members,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(record: &CoordinatorRecord) {
        let (key, value) = record.encode();
        assert_eq!(CoordinatorRecord::decode(&key, value.as_deref()).as_ref(), Ok(record));
    }

    #[test]
    fn an_offset_commit_has_kafkas_bytes() {
        let record = CoordinatorRecord::OffsetCommit {
            group: Rc::from("g"),
            partition: TopicPartition::new("ab", 3),
            value: Some(OffsetCommitValue {
                offset: OffsetAndMetadata { offset: 258, leader_epoch: None, metadata: Rc::from("m") },
                commit_timestamp: 1,
            }),
        };
        let (key, value) = record.encode();
        assert_eq!(*key, [0, 1, 0, 1, b'g', 0, 2, b'a', b'b', 0, 0, 0, 3]);
        let expected =
            [0, 3, 0, 0, 0, 0, 0, 0, 1, 2, 0xff, 0xff, 0xff, 0xff, 0, 1, b'm', 0, 0, 0, 0, 0, 0, 0, 1];
        assert_eq!(value.as_deref(), Some(&expected[..]));
        round_trip(&record);
    }

    #[test]
    fn group_metadata_comes_back_as_it_was() {
        let member = MemberMetadata {
            member_id: Rc::from("c-1"),
            group_instance_id: Some(Rc::from("i")),
            client_id: Rc::from("c"),
            client_host: Rc::from("/127.0.0.1"),
            rebalance_timeout: Duration::from_millis(300_000),
            session_timeout: Duration::from_millis(45_000),
            subscription: Subscription {
                topics: vec![Rc::from("a"), Rc::from("b")],
                owned_partitions: vec![TopicPartition::new("a", 0), TopicPartition::new("b", 1)],
                generation: Some(4),
                rack: Some(Rc::from("r1")),
            },
            assignment: vec![
                TopicPartition::new("b", 1),
                TopicPartition::new("b", 0),
                TopicPartition::new("a", 2),
            ],
        };
        let value = GroupMetadataValue {
            protocol_type: Rc::from("consumer"),
            generation: 5,
            protocol: Some(Rc::from("range")),
            leader: Some(Rc::from("c-1")),
            current_state_timestamp: Some(7),
            members: vec![member],
        };
        round_trip(&CoordinatorRecord::GroupMetadata { group: Rc::from("그룹"), value: Some(value) });
        round_trip(&CoordinatorRecord::GroupMetadata { group: Rc::from("g"), value: None });
    }

    #[test]
    fn an_empty_group_has_kafkas_bytes() {
        let value = GroupMetadataValue {
            protocol_type: Rc::from(""),
            generation: 0,
            protocol: None,
            leader: None,
            current_state_timestamp: Some(3),
            members: Vec::new(),
        };
        let (key, value) =
            CoordinatorRecord::GroupMetadata { group: Rc::from("g"), value: Some(value) }.encode();
        assert_eq!(*key, [0, 2, 0, 1, b'g']);
        let expected = [0, 3, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0];
        assert_eq!(value.as_deref(), Some(&expected[..]));
    }

    #[test]
    fn what_is_not_a_coordinator_record_is_refused() {
        assert_eq!(CoordinatorRecord::decode(&[0, 99], None), Err(UnreadableRecord::UnknownVersion(99)));
        assert_eq!(CoordinatorRecord::decode(b"x", None), Err(UnreadableRecord::TooShort));
        assert_eq!(CoordinatorRecord::decode(&[0, 2, 0, 1, 0xff], None), Err(UnreadableRecord::NotText));
    }
}
