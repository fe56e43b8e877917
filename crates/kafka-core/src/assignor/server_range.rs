//! Cuts each topic into ranges, one per member. Mirrors
//! `org.apache.kafka.coordinator.group.assignor.RangeAssignor`, which takes no heed of racks nor of
//! the target so far.

use super::{ServerMember, ServerTopicMap, TargetAssignment, TopicIdPartition, compare_members};

pub(super) fn assign(topics: &ServerTopicMap, members: &[ServerMember]) -> TargetAssignment {
    let mut order: Vec<&ServerMember> = members.iter().collect();
    order.sort_by(|left, right| {
        compare_members((left.instance_id.as_deref(), &left.id), (right.instance_id.as_deref(), &right.id))
    });
    let mut target: TargetAssignment = order.iter().map(|member| (member.id.clone(), Vec::new())).collect();
    for (name, topic) in topics {
        let subscribers: Vec<_> = order.iter().filter(|member| member.topics.contains(name)).collect();
        let Ok(count @ 1..) = u32::try_from(subscribers.len()) else { continue };
        let (quota, extras) = (topic.partitions / count, topic.partitions % count);
        let mut start = 0;
        for (place, member) in (0..).zip(subscribers) {
            let end = start + quota + u32::from(place < extras);
            let list = target.get_mut(&member.id).expect("every member has a list");
            list.extend((start..end).map(|partition| TopicIdPartition { topic_id: topic.id, partition }));
            start = end;
        }
    }
    target
}
