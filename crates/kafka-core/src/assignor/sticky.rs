//! Balances while moving as little as possible. Mirrors
//! `org.apache.kafka.clients.consumer.StickyAssignor` and the `AbstractStickyAssignor` that it
//! shares with the cooperative one.
//!
//! Leaves out: the highest generation seen, which a leader's assignor object remembers for its life
//! (here it is that of the members at hand), and owned partitions past the end of a topic that was
//! recreated with fewer, which Kafka would assign again or fail on.

use fxhash::{FxHashMap, FxHashSet};

use super::{Assignment, SubscribedTopics, in_map_order};
use crate::protocol::JoinedMember;
use crate::topic::TopicPartition;

mod constrained;
mod general;
mod movements;
mod racks;

use racks::Racks;

/// The generation of a member that sent none.
const DEFAULT_GENERATION: i32 = -1;

pub(super) fn assign(topics: &SubscribedTopics<'_>, members: &[JoinedMember]) -> Assignment {
    let members = in_map_order(members, |member| &member.member_id);
    let Balanced { assigned, transferring: _ } = balance(topics, &members);
    name_owners(&members, assigned)
}

/// What each member gets, in the order of the members.
pub(super) struct Balanced {
    pub(super) assigned: Vec<Vec<TopicPartition>>,
    pub(super) transferring: Transferring,
}

/// The partitions that another member must give up first.
pub(super) enum Transferring {
    /// They are known: the partition and its new owner.
    Known(Vec<(TopicPartition, usize)>),
    /// The general algorithm does not tell; it takes a comparison with what the members own.
    Unknown,
}

/// `members` stand in the order of Java's map of them.
pub(super) fn balance(topics: &SubscribedTopics<'_>, members: &[&JoinedMember]) -> Balanced {
    let claims = Claims::collect(topics, members);
    let racks = Racks::new(topics, members);
    if have_equal_subscriptions(members) {
        constrained::assign(topics, members, claims, &racks)
    } else {
        general::assign(topics, members, &claims, &racks)
    }
}

pub(super) fn name_owners(members: &[&JoinedMember], assigned: Vec<Vec<TopicPartition>>) -> Assignment {
    members.iter().map(|member| member.member_id.clone()).zip(assigned).collect()
}

/// Kafka compares with the first subscription that is not empty, so members without topics that come
/// before it do not make the group unequal, and get partitions that they did not ask for.
fn have_equal_subscriptions(members: &[&JoinedMember]) -> bool {
    let mut topics =
        members.iter().map(|member| &member.subscription.topics).skip_while(|topics| topics.is_empty());
    let first = topics.next();
    topics.all(|other| Some(other) == first)
}

fn generation_of(member: &JoinedMember) -> i32 {
    member.subscription.generation.unwrap_or(DEFAULT_GENERATION)
}

/// What members may keep of what they say they own.
struct Claims {
    /// In the order of the members.
    owned: Vec<Vec<TopicPartition>>,
    /// Claimed by two members of one generation.
    contested: FxHashSet<TopicPartition>,
    max_generation: i32,
}

impl Claims {
    fn collect(topics: &SubscribedTopics<'_>, members: &[&JoinedMember]) -> Self {
        let mut owned: Vec<Vec<TopicPartition>> = vec![Vec::new(); members.len()];
        let mut contested = FxHashSet::default();
        let mut owners: FxHashMap<&TopicPartition, usize> = FxHashMap::default();
        for (index, member) in members.iter().enumerate() {
            let generation = generation_of(member);
            let exists = |tp: &&TopicPartition| {
                topics.get(&tp.topic).is_some_and(|topic| tp.partition < topic.partitions)
            };
            let existing = member.subscription.owned_partitions.iter().filter(exists);
            for tp in existing {
                let Some(&rival) = owners.get(tp) else {
                    owners.insert(tp, index);
                    owned[index].push(tp.clone());
                    continue;
                };
                let rival_generation = generation_of(members[rival]);
                if generation < rival_generation {
                    continue;
                }
                owners.insert(tp, index);
                take_out(&mut owned[rival], tp);
                if generation == rival_generation {
                    contested.insert(tp.clone());
                } else {
                    owned[index].push(tp.clone());
                }
            }
        }
        let max_generation = members.iter().map(|member| generation_of(member)).max();
        Self { owned, contested, max_generation: max_generation.unwrap_or(DEFAULT_GENERATION) }
    }
}

/// Takes the first one equal out of a list.
pub(super) fn take_out<T: PartialEq>(list: &mut Vec<T>, item: &T) {
    if let Some(position) = list.iter().position(|other| other == item) {
        list.remove(position);
    }
}
