//! Who reads which partition.
//!
//! [`ClientAssignor`]: what the leader of a classic group runs; mirrors
//! `org.apache.kafka.clients.consumer.ConsumerPartitionAssignor`. [`ServerAssignor`]: what the
//! coordinator of a KIP-848 group runs; mirrors
//! `org.apache.kafka.coordinator.group.api.assignor.ConsumerGroupPartitionAssignor`.
//!
//! Leaves out: custom assignors, the assignors of share groups, and the bytes of the sticky
//! assignor's user data (its contents are the subscription's owned partitions and generation).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use crate::java_hash::{self, DEFAULT_CAPACITY, JavaHash};
use crate::protocol::{JoinedMember, MemberId};
pub use crate::topic::TopicIdPartition;
use crate::topic::{TopicId, TopicName, TopicPartition};

mod cooperative_sticky;
mod rack;
mod range;
mod round_robin;
mod server_range;
mod sticky;
mod uniform;

/// Every member's partitions; a member without any is there with an empty list.
pub type Assignment = BTreeMap<MemberId, Vec<TopicPartition>>;

/// The topics that exist. One that is subscribed but not here is passed over.
pub type TopicMetadataMap = BTreeMap<TopicName, TopicMetadata>;

/// What the leader's metadata says of a topic.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TopicMetadata {
    pub partitions: u32,
    /// Per partition, the racks of the brokers that hold a replica; a missing entry is no rack.
    pub racks: Vec<BTreeSet<Rc<str>>>,
}

impl TopicMetadata {
    fn racks(&self, partition: u32) -> Option<&BTreeSet<Rc<str>>> {
        self.racks.get(partition as usize)
    }
}

/// Whether members give up everything before a rebalance or only what moves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RebalanceProtocol {
    Eager,
    Cooperative,
}

/// One of `partition.assignment.strategy`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ClientAssignor {
    Range,
    RoundRobin,
    Sticky,
    CooperativeSticky,
}

impl ClientAssignor {
    pub const ALL: [Self; 4] = [Self::Range, Self::RoundRobin, Self::Sticky, Self::CooperativeSticky];

    /// The name in JoinGroup requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::RoundRobin => "roundrobin",
            Self::Sticky => "sticky",
            Self::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// The name in a consumer's configuration.
    pub const fn class_name(self) -> &'static str {
        match self {
            Self::Range => "org.apache.kafka.clients.consumer.RangeAssignor",
            Self::RoundRobin => "org.apache.kafka.clients.consumer.RoundRobinAssignor",
            Self::Sticky => "org.apache.kafka.clients.consumer.StickyAssignor",
            Self::CooperativeSticky => "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        }
    }

    /// Finds an assignor by either of its names.
    pub fn from_name(name: &str) -> Result<Self, UnknownAssignor> {
        let named = |assignor: &Self| assignor.name() == name || assignor.class_name() == name;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownAssignor {
            name: name.into(),
            allowed: Self::ALL.map(Self::name).into(),
            example: Self::Range.class_name(),
        })
    }

    /// The protocols under which the assignor may run, in order of preference.
    pub const fn supported_protocols(self) -> &'static [RebalanceProtocol] {
        match self {
            Self::Range | Self::RoundRobin | Self::Sticky => &[RebalanceProtocol::Eager],
            Self::CooperativeSticky => &[RebalanceProtocol::Cooperative, RebalanceProtocol::Eager],
        }
    }

    /// Assigns every partition of the subscribed topics.
    ///
    /// The members stand in the order in which the JoinGroup response lists them: it is the order
    /// in which the leader fills its `HashMap`, and decides between members that are otherwise equal.
    pub fn assign(self, topics: &TopicMetadataMap, members: &[JoinedMember]) -> Assignment {
        if members.is_empty() {
            return Assignment::new();
        }
        let topics = subscribed_topics(topics, members);
        match self {
            Self::Range => range::assign(&topics, members),
            Self::RoundRobin => round_robin::assign(&topics, members),
            Self::Sticky => sticky::assign(&topics, members),
            Self::CooperativeSticky => cooperative_sticky::assign(&topics, members),
        }
    }
}

impl FromStr for ClientAssignor {
    type Err = UnknownAssignor;

    fn from_str(name: &str) -> Result<Self, UnknownAssignor> {
        Self::from_name(name)
    }
}

/// What the coordinator's metadata image says of a topic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ServerTopic {
    pub id: TopicId,
    pub partitions: u32,
}

/// The topics that exist. One that is subscribed but not here is passed over.
pub type ServerTopicMap = BTreeMap<TopicName, ServerTopic>;

/// A member of a KIP-848 group as its coordinator knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerMember {
    pub id: MemberId,
    pub instance_id: Option<Rc<str>>,
    pub topics: BTreeSet<TopicName>,
    /// Its target assignment so far; the order decides only between keys that Java's tables put
    /// into one bucket.
    pub target: Vec<TopicIdPartition>,
}

/// Every member's target; a member without any is there with an empty list. Sorted.
pub type TargetAssignment = BTreeMap<MemberId, Vec<TopicIdPartition>>;

/// One of `group.consumer.assignors`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ServerAssignor {
    Uniform,
    Range,
}

impl ServerAssignor {
    /// The first is the one that a group gets whose members name none.
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Range];

    /// The name in `group.remote.assignor`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Range => "range",
        }
    }

    pub const fn class_name(self) -> &'static str {
        match self {
            Self::Uniform => "org.apache.kafka.coordinator.group.assignor.UniformAssignor",
            Self::Range => "org.apache.kafka.coordinator.group.assignor.RangeAssignor",
        }
    }

    /// Finds an assignor by either of its names.
    pub fn from_name(name: &str) -> Result<Self, UnknownAssignor> {
        let named = |assignor: &Self| assignor.name() == name || assignor.class_name() == name;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownAssignor {
            name: name.into(),
            allowed: Self::ALL.map(Self::name).into(),
            example: Self::Uniform.class_name(),
        })
    }

    /// Computes the group's next target. The members stand in the order in which the coordinator
    /// fills its `HashMap`.
    pub fn assign(self, topics: &ServerTopicMap, members: &[ServerMember]) -> TargetAssignment {
        if members.is_empty() {
            return TargetAssignment::new();
        }
        let mut target = match self {
            Self::Uniform => uniform::assign(topics, members),
            Self::Range => server_range::assign(topics, members),
        };
        for partitions in target.values_mut() {
            partitions.sort_unstable();
        }
        target
    }
}

impl FromStr for ServerAssignor {
    type Err = UnknownAssignor;

    fn from_str(name: &str) -> Result<Self, UnknownAssignor> {
        Self::from_name(name)
    }
}

/// A name that is no assignor's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownAssignor {
    name: Box<str>,
    allowed: Vec<&'static str>,
    example: &'static str,
}

impl fmt::Display for UnknownAssignor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, allowed, example } = self;
        write!(
            f,
            "unknown assignor `{name}`: use one of {}, or a class such as {example}",
            allowed.join(", ")
        )
    }
}

impl std::error::Error for UnknownAssignor {}

/// The existing topics that anyone subscribed to. Topic names are ASCII, so Rust's order of them is Java's.
type SubscribedTopics<'a> = BTreeMap<&'a TopicName, &'a TopicMetadata>;

fn subscribed_topics<'a>(topics: &'a TopicMetadataMap, members: &[JoinedMember]) -> SubscribedTopics<'a> {
    members
        .iter()
        .flat_map(|member| &member.subscription.topics)
        .filter_map(|name| topics.get_key_value(name))
        .filter(|(_, topic)| topic.partitions > 0)
        .collect()
}

/// Every partition of a topic, ascending.
fn partitions_of(name: &TopicName, partitions: u32) -> impl Iterator<Item = TopicPartition> {
    (0..partitions).map(|partition| TopicPartition::new(name.clone(), partition))
}

/// Members in the order in which Java's map of them iterates.
fn in_map_order<M>(members: &[M], id: impl Fn(&M) -> &str) -> Vec<&M> {
    java_hash::iteration_order(members, DEFAULT_CAPACITY, |member| id(member).java_hash())
}

/// The member order of the range and round-robin assignors: static members first, by instance id, so
/// that a restart under a new member id moves nothing.
fn compare_members(left: (Option<&str>, &str), right: (Option<&str>, &str)) -> Ordering {
    match (left, right) {
        ((Some(left), _), (Some(right), _)) | ((None, left), (None, right)) => {
            java_hash::compare(left, right)
        }
        ((Some(_), _), (None, _)) => Ordering::Less,
        ((None, _), (Some(_), _)) => Ordering::Greater,
    }
}

fn in_member_order(members: &[JoinedMember]) -> Vec<&JoinedMember> {
    let mut sorted = in_map_order(members, |member| &member.member_id);
    sorted.sort_by(|left, right| {
        let left = (left.group_instance_id.as_deref(), &*left.member_id);
        compare_members(left, (right.group_instance_id.as_deref(), &right.member_id))
    });
    sorted
}

/// Relies on a subscription's topics being sorted.
fn is_subscribed(member: &JoinedMember, topic: &TopicName) -> bool {
    member.subscription.topics.binary_search(topic).is_ok()
}

/// The member's rack, where an empty one is none.
fn rack_of(member: &JoinedMember) -> Option<&str> {
    member.subscription.rack.as_deref().filter(|rack| !rack.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignors_answer_to_their_short_name_and_to_their_class() {
        for assignor in ClientAssignor::ALL {
            assert_eq!(ClientAssignor::from_name(assignor.name()), Ok(assignor));
            assert_eq!(ClientAssignor::from_name(assignor.class_name()), Ok(assignor));
        }
        for assignor in ServerAssignor::ALL {
            assert_eq!(assignor.name().parse(), Ok(assignor));
            assert_eq!(assignor.class_name().parse(), Ok(assignor));
        }
    }

    #[test]
    fn a_wrong_name_is_told_the_right_ones() {
        let error = ClientAssignor::from_name("uniform").unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown assignor `uniform`: use one of range, roundrobin, sticky, cooperative-sticky, \
             or a class such as org.apache.kafka.clients.consumer.RangeAssignor"
        );
    }

    #[test]
    fn nobody_gets_nothing() {
        let topics = [("t".into(), TopicMetadata { partitions: 3, racks: Vec::new() })].into();
        for assignor in ClientAssignor::ALL {
            assert_eq!(assignor.assign(&topics, &[]), Assignment::new());
        }
        for assignor in ServerAssignor::ALL {
            assert_eq!(assignor.assign(&ServerTopicMap::new(), &[]), TargetAssignment::new());
        }
    }
}
