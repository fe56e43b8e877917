//! Balances the whole group while changing the target as little as possible. Mirrors
//! `org.apache.kafka.coordinator.group.assignor.UniformAssignor` (as of Kafka 4.1), which takes no
//! heed of racks.

use super::{ServerMember, ServerTopic, ServerTopicMap, TargetAssignment, in_map_order};

mod by_load;
mod heterogeneous;
mod homogeneous;

pub(super) fn assign(topics: &ServerTopicMap, members: &[ServerMember]) -> TargetAssignment {
    let members = in_map_order(members, |member| &member.id);
    let homogeneous = members.windows(2).all(|pair| pair[0].topics == pair[1].topics);
    let assigned = if homogeneous {
        homogeneous::assign(topics, &members)
    } else {
        heterogeneous::assign(topics, &members)
    };
    members.iter().map(|member| member.id.clone()).zip(assigned).collect()
}

/// The existing topics that a member subscribed to.
fn topics_of<'a>(
    topics: &'a ServerTopicMap,
    member: &'a ServerMember,
) -> impl Iterator<Item = &'a ServerTopic> {
    member.topics.iter().filter_map(|name| topics.get(name))
}
