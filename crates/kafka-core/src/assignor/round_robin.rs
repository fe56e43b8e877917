//! Deals all partitions out in turn. Mirrors `org.apache.kafka.clients.consumer.RoundRobinAssignor`,
//! which takes no heed of racks.

use super::{Assignment, SubscribedTopics, in_member_order, is_subscribed, partitions_of};
use crate::protocol::JoinedMember;

pub(super) fn assign(topics: &SubscribedTopics<'_>, members: &[JoinedMember]) -> Assignment {
    let order = in_member_order(members);
    let mut assigned = vec![Vec::new(); order.len()];
    // The turn goes on from topic to topic, past members that do not want the topic.
    let mut turn = 0;
    for (name, topic) in topics {
        let subscribed: Vec<bool> = order.iter().map(|member| is_subscribed(member, name)).collect();
        for partition in partitions_of(name, topic.partitions) {
            while !subscribed[turn] {
                turn = (turn + 1) % order.len();
            }
            assigned[turn].push(partition);
            turn = (turn + 1) % order.len();
        }
    }
    order.iter().map(|member| member.member_id.clone()).zip(assigned).collect()
}
