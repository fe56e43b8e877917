//! The records of KIP-848 groups.
//!
//! Mirrors `ConsumerGroupMetadataValue`, `ConsumerGroupMemberMetadataValue`,
//! `ConsumerGroupTargetAssignmentMetadataValue`, `ConsumerGroupTargetAssignmentMemberValue` and
//! `ConsumerGroupCurrentMemberAssignmentValue`, all of version 0. Leaves out: ConsumerGroupPartitionMetadata,
//! which brokers stopped writing in 4.1, and ConsumerGroupRegularExpression.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use crate::assignor::ServerAssignor;
use crate::group::MemberState;
use crate::group::record::consumer_protocol;
use crate::protocol::Subscription;
use crate::record::Bytes;
use crate::topic::{TopicId, TopicIdPartition, TopicName};
use crate::wire::{Reader, UnreadableRecord, Writer};

const VERSION: i16 = 0;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConsumerGroupMetadataValue {
    pub epoch: i32,
    /// Over the metadata of the subscribed topics (KIP-1101): a tagged field, absent when it is 0.
    pub metadata_hash: i64,
}

/// What a member said about itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ConsumerMemberMetadata {
    pub instance_id: Option<Rc<str>>,
    pub rack_id: Option<Rc<str>>,
    pub client_id: Rc<str>,
    pub client_host: Rc<str>,
    pub subscribed_topic_names: BTreeSet<TopicName>,
    pub rebalance_timeout: Duration,
    pub server_assignor: Option<ServerAssignor>,
    /// Of a member that speaks the classic protocol.
    pub classic: Option<ClassicMemberMetadata>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClassicMemberMetadata {
    pub session_timeout: Duration,
    /// In the member's order of preference.
    pub supported_protocols: Vec<(Rc<str>, Subscription)>,
}

/// How far a member has come towards its target.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CurrentMemberAssignment {
    pub member_epoch: i32,
    /// The member may still send it when the answer that bumped its epoch was lost.
    pub previous_member_epoch: i32,
    pub state: MemberState,
    pub assigned_partitions: BTreeSet<TopicIdPartition>,
}

impl ConsumerGroupMetadataValue {
    pub(super) fn encode(&self) -> Bytes {
        let mut out = versioned();
        out.int32(self.epoch);
        let mut hash = Writer::default();
        hash.int64(self.metadata_hash);
        out.tagged_field((self.metadata_hash != 0).then_some(hash));
        out.finish()
    }

    pub(super) fn decode(value: &[u8]) -> Result<Self, UnreadableRecord> {
        let mut value = reader(value)?;
        let epoch = value.int32()?;
        let hash = value.tagged_field()?.map(|mut hash| hash.int64()).transpose()?;
        Ok(Self { epoch, metadata_hash: hash.unwrap_or(0) })
    }
}

impl ConsumerMemberMetadata {
    pub(super) fn encode(&self) -> Bytes {
        let mut out = versioned();
        out.compact_nullable_string(self.instance_id.as_deref());
        out.compact_nullable_string(self.rack_id.as_deref());
        out.compact_string(&self.client_id);
        out.compact_string(&self.client_host);
        out.compact_length(self.subscribed_topic_names.len());
        for topic in &self.subscribed_topic_names {
            out.compact_string(topic);
        }
        // No regular expression.
        out.compact_string("");
        out.millis(self.rebalance_timeout);
        out.compact_nullable_string(self.server_assignor.map(ServerAssignor::name));
        out.tagged_field(self.classic.as_ref().map(ClassicMemberMetadata::encode));
        out.finish()
    }

    pub(super) fn decode(value: &[u8]) -> Result<Self, UnreadableRecord> {
        let mut value = reader(value)?;
        let instance_id = value.compact_nullable_string()?;
        let rack_id = value.compact_nullable_string()?;
        let client_id = value.compact_string()?;
        let client_host = value.compact_string()?;
        let subscribed_topic_names = value.compact_array(Reader::compact_string)?.into_iter().collect();
        value.compact_nullable_string()?;
        let rebalance_timeout = value.millis()?;
        let named =
            |name: Rc<str>| ServerAssignor::from_name(&name).map_err(|_| UnreadableRecord::UnknownValue);
        let server_assignor = value.compact_nullable_string()?.map(named).transpose()?;
        let classic = value.tagged_field()?.map(ClassicMemberMetadata::decode).transpose()?;
        Ok(Self {
            instance_id,
            rack_id,
            client_id,
            client_host,
            subscribed_topic_names,
            rebalance_timeout,
            server_assignor,
            classic,
        })
    }
}

/// A nullable struct in a tagged field is led by a byte that says whether it is there.
const PRESENT: u8 = 1;

impl ClassicMemberMetadata {
    fn encode(&self) -> Writer {
        let mut out = Writer::default();
        out.int8(PRESENT);
        out.millis(self.session_timeout);
        out.compact_length(self.supported_protocols.len());
        for (name, subscription) in &self.supported_protocols {
            out.compact_string(name);
            out.compact_bytes(&consumer_protocol::encode_subscription(subscription));
            out.no_tagged_fields();
        }
        out.no_tagged_fields();
        out
    }

    fn decode(mut value: Reader<'_>) -> Result<Self, UnreadableRecord> {
        if value.int8()? != PRESENT {
            return Err(UnreadableRecord::UnknownValue);
        }
        let session_timeout = value.millis()?;
        let supported_protocols = value.compact_array(|protocol| {
            let name = protocol.compact_string()?;
            let subscription = consumer_protocol::decode_subscription(protocol.compact_bytes()?)?;
            protocol.tagged_field()?;
            Ok((name, subscription))
        })?;
        value.tagged_field()?;
        Ok(Self { session_timeout, supported_protocols })
    }
}

impl CurrentMemberAssignment {
    pub(super) fn encode(&self) -> Bytes {
        let none = BTreeSet::new();
        let (state, pending_revocation) = match &self.state {
            MemberState::Stable => (STABLE, &none),
            MemberState::UnrevokedPartitions { pending_revocation } => (UNREVOKED, pending_revocation),
            MemberState::UnreleasedPartitions => (UNRELEASED, &none),
        };
        let mut out = versioned();
        out.int32(self.member_epoch);
        out.int32(self.previous_member_epoch);
        out.int8(state);
        write_partitions(&mut out, &self.assigned_partitions);
        write_partitions(&mut out, pending_revocation);
        out.no_tagged_fields();
        out.finish()
    }

    pub(super) fn decode(value: &[u8]) -> Result<Self, UnreadableRecord> {
        let mut value = reader(value)?;
        let member_epoch = value.int32()?;
        let previous_member_epoch = value.int32()?;
        let state = value.int8()?;
        let assigned_partitions = read_partitions(&mut value)?;
        let pending_revocation = read_partitions(&mut value)?;
        value.tagged_field()?;
        let state = match state {
            STABLE => MemberState::Stable,
            UNREVOKED => MemberState::UnrevokedPartitions { pending_revocation },
            UNRELEASED => MemberState::UnreleasedPartitions,
            _ => return Err(UnreadableRecord::UnknownValue),
        };
        Ok(Self { member_epoch, previous_member_epoch, state, assigned_partitions })
    }
}

const STABLE: u8 = 0;
const UNREVOKED: u8 = 1;
const UNRELEASED: u8 = 2;

pub(super) fn encode_assignment_epoch(assignment_epoch: i32) -> Bytes {
    let mut out = versioned();
    out.int32(assignment_epoch);
    out.no_tagged_fields();
    out.finish()
}

pub(super) fn decode_assignment_epoch(value: &[u8]) -> Result<i32, UnreadableRecord> {
    let mut value = reader(value)?;
    let assignment_epoch = value.int32()?;
    value.tagged_field()?;
    Ok(assignment_epoch)
}

pub(super) fn encode_target_assignment(partitions: &BTreeSet<TopicIdPartition>) -> Bytes {
    let mut out = versioned();
    write_partitions(&mut out, partitions);
    out.no_tagged_fields();
    out.finish()
}

pub(super) fn decode_target_assignment(value: &[u8]) -> Result<BTreeSet<TopicIdPartition>, UnreadableRecord> {
    let mut value = reader(value)?;
    let partitions = read_partitions(&mut value)?;
    value.tagged_field()?;
    Ok(partitions)
}

fn versioned() -> Writer {
    let mut out = Writer::default();
    out.int16(VERSION);
    out
}

fn reader(value: &[u8]) -> Result<Reader<'_>, UnreadableRecord> {
    let mut value = Reader::new(value);
    value.version(VERSION)?;
    Ok(value)
}

fn write_partitions(out: &mut Writer, partitions: &BTreeSet<TopicIdPartition>) {
    let mut topics: BTreeMap<TopicId, Vec<u32>> = BTreeMap::new();
    for TopicIdPartition { topic_id, partition } in partitions {
        topics.entry(*topic_id).or_default().push(*partition);
    }
    out.compact_length(topics.len());
    for (topic_id, numbers) in topics {
        out.uuid(topic_id);
        out.compact_length(numbers.len());
        for number in numbers {
            out.int32(number.cast_signed());
        }
        out.no_tagged_fields();
    }
}

fn read_partitions(value: &mut Reader<'_>) -> Result<BTreeSet<TopicIdPartition>, UnreadableRecord> {
    let topics = value.compact_array(|topic| {
        let topic_id = topic.uuid()?;
        let partitions = topic.compact_array(|number| {
            Ok(TopicIdPartition { topic_id, partition: number.int32()?.cast_unsigned() })
        })?;
        topic.tagged_field()?;
        Ok(partitions)
    })?;
    Ok(topics.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: TopicId = TopicId { most_significant_bits: 1, least_significant_bits: 2 };

    #[test]
    fn the_group_epoch_has_kafkas_bytes() {
        let bare = ConsumerGroupMetadataValue { epoch: 3, metadata_hash: 0 };
        assert_eq!(*bare.encode(), [0, 0, 0, 0, 0, 3, 0]);
        let hashed = ConsumerGroupMetadataValue { epoch: 3, metadata_hash: 5 };
        assert_eq!(*hashed.encode(), [0, 0, 0, 0, 0, 3, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 5]);
        for value in [bare, hashed] {
            assert_eq!(ConsumerGroupMetadataValue::decode(&value.encode()), Ok(value));
        }
    }

    #[test]
    fn a_current_assignment_has_kafkas_bytes() {
        let value = CurrentMemberAssignment {
            member_epoch: 2,
            previous_member_epoch: 1,
            state: MemberState::UnrevokedPartitions {
                pending_revocation: [TopicIdPartition { topic_id: TOPIC, partition: 7 }].into(),
            },
            assigned_partitions: BTreeSet::new(),
        };
        let expected = [
            &[0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1, 2][..],
            &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2],
            &[2, 0, 0, 0, 7, 0, 0],
        ];
        assert_eq!(*value.encode(), *expected.concat());
        assert_eq!(CurrentMemberAssignment::decode(&value.encode()), Ok(value));
    }

    #[test]
    fn a_member_comes_back_as_it_was() {
        let subscription = Subscription { topics: vec![Rc::from("t")], ..Subscription::default() };
        let classic = ClassicMemberMetadata {
            session_timeout: Duration::from_secs(45),
            supported_protocols: vec![(Rc::from("range"), subscription)],
        };
        let modern = ConsumerMemberMetadata {
            instance_id: Some(Rc::from("instance")),
            client_id: Rc::from("클라이언트"),
            subscribed_topic_names: [Rc::from("t"), "x".repeat(300).into()].into(),
            rebalance_timeout: Duration::from_millis(300_000),
            server_assignor: Some(ServerAssignor::Range),
            ..ConsumerMemberMetadata::default()
        };
        let migrating = ConsumerMemberMetadata { classic: Some(classic), ..modern.clone() };
        for value in [modern, migrating] {
            assert_eq!(ConsumerMemberMetadata::decode(&value.encode()), Ok(value));
        }
    }
}
