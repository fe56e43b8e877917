//! What every assignor promises, for groups drawn at random.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kafka_core::assignor::{
    Assignment, ClientAssignor, ServerAssignor, ServerMember, ServerTopic, ServerTopicMap, TargetAssignment,
    TopicIdPartition, TopicMetadata, TopicMetadataMap,
};
use kafka_core::protocol::{JoinedMember, Subscription};
use kafka_core::topic::{TopicId, TopicName, TopicPartition};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const TOPICS: [&str; 4] = ["a", "b", "c", "d"];
const RACKS: [&str; 3] = ["r0", "r1", "r2"];

fn topics() -> impl Strategy<Value = TopicMetadataMap> {
    let racks = vec(subsequence(RACKS.to_vec(), 0..3), 0..9);
    let topic = (1..9_u32, racks).prop_map(|(partitions, racks)| TopicMetadata {
        partitions,
        racks: racks.into_iter().map(|racks| racks.into_iter().map(Rc::from).collect()).collect(),
    });
    btree_map(select(&TOPICS[..]).prop_map(TopicName::from), topic, 1..4)
}

fn members(
    subscription: impl Strategy<Value = Vec<&'static str>>,
) -> impl Strategy<Value = Vec<JoinedMember>> {
    let member = (subscription, proptest::option::of(select(&RACKS[..])), any::<bool>());
    btree_map("[a-z가-힣]{1,6}", member, 1..8).prop_map(|members| {
        let joined =
            |(id, (topics, rack, is_static)): (String, (Vec<&str>, Option<&str>, bool))| JoinedMember {
                group_instance_id: is_static.then(|| format!("instance-{id}").into()),
                member_id: id.into(),
                subscription: Subscription {
                    topics: topics.into_iter().map(TopicName::from).collect(),
                    rack: rack.map(Rc::from),
                    ..Subscription::default()
                },
            };
        members.into_iter().map(joined).collect()
    })
}

fn any_group() -> impl Strategy<Value = (TopicMetadataMap, Vec<JoinedMember>)> {
    (topics(), members(subsequence(TOPICS.to_vec(), 1..=4)))
}

fn equal_group() -> impl Strategy<Value = (TopicMetadataMap, Vec<JoinedMember>)> {
    (topics(), members(Just(TOPICS.to_vec())))
}

fn without_racks(mut members: Vec<JoinedMember>) -> Vec<JoinedMember> {
    for member in &mut members {
        member.subscription.rack = None;
    }
    members
}

/// The members as they join the next rebalance.
fn owning(members: &[JoinedMember], assignment: &Assignment) -> Vec<JoinedMember> {
    let mut members = members.to_vec();
    for member in &mut members {
        member.subscription.owned_partitions = assignment[&member.member_id].clone();
        member.subscription.generation = Some(1);
    }
    members
}

fn sorted(mut assignment: Assignment) -> Assignment {
    assignment.values_mut().for_each(|list| list.sort());
    assignment
}

fn assert_complete(topics: &TopicMetadataMap, members: &[JoinedMember], assignment: &Assignment) {
    let subscribed: BTreeSet<&TopicName> =
        members.iter().flat_map(|member| &member.subscription.topics).collect();
    let all: Vec<TopicPartition> = topics
        .iter()
        .filter(|(name, _)| subscribed.contains(name))
        .flat_map(|(name, topic)| {
            (0..topic.partitions).map(|number| TopicPartition::new(name.clone(), number))
        })
        .collect();
    let mut assigned: Vec<TopicPartition> = assignment.values().flatten().cloned().collect();
    assigned.sort();
    assert_eq!(assigned, all);
    for member in members {
        for tp in &assignment[&member.member_id] {
            assert!(member.subscription.topics.contains(&tp.topic), "{tp} for {}", member.member_id);
        }
    }
}

fn assert_even(loads: impl Iterator<Item = usize> + Clone) {
    let (least, most) = (loads.clone().min().unwrap_or(0), loads.max().unwrap_or(0));
    assert!(most - least <= 1, "loads between {least} and {most}");
}

fn loads<P>(assignment: &BTreeMap<Rc<str>, Vec<P>>) -> impl Iterator<Item = usize> + Clone {
    assignment.values().map(Vec::len)
}

/// The same group under the coordinator, with these targets so far.
fn on_server(
    topics: &TopicMetadataMap,
    members: &[JoinedMember],
    targets: &TargetAssignment,
) -> (ServerTopicMap, Vec<ServerMember>) {
    let id = |name: &TopicName| {
        let letter = u64::from(name.as_bytes()[0]);
        TopicId { most_significant_bits: letter << 60, least_significant_bits: letter }
    };
    let topics = topics
        .iter()
        .map(|(name, topic)| (name.clone(), ServerTopic { id: id(name), partitions: topic.partitions }))
        .collect();
    let members = members.iter().map(|member| ServerMember {
        id: member.member_id.clone(),
        instance_id: member.group_instance_id.clone(),
        topics: member.subscription.topics.iter().cloned().collect(),
        target: targets.get(&member.member_id).cloned().unwrap_or_default(),
    });
    (topics, members.collect())
}

fn by_name(topics: &ServerTopicMap, target: &TargetAssignment) -> Assignment {
    let names: BTreeMap<TopicId, &TopicName> = topics.iter().map(|(name, topic)| (topic.id, name)).collect();
    let named = |tp: &TopicIdPartition| TopicPartition::new(names[&tp.topic_id].clone(), tp.partition);
    target.iter().map(|(member, list)| (member.clone(), list.iter().map(named).collect())).collect()
}

proptest! {
    #[test]
    fn every_partition_goes_to_exactly_one_subscriber((topics, members) in any_group()) {
        for assignor in ClientAssignor::ALL {
            assert_complete(&topics, &members, &assignor.assign(&topics, &members));
        }
        let (server_topics, server_members) = on_server(&topics, &members, &TargetAssignment::new());
        for assignor in ServerAssignor::ALL {
            let target = assignor.assign(&server_topics, &server_members);
            assert_complete(&topics, &members, &by_name(&server_topics, &target));
        }
    }

    #[test]
    fn range_is_even_within_each_topic((topics, members) in any_group()) {
        let assignment = ClientAssignor::Range.assign(&topics, &members);
        for name in topics.keys() {
            let subscribers = members.iter().filter(|member| member.subscription.topics.contains(name));
            assert_even(subscribers.map(|member| {
                assignment[&member.member_id].iter().filter(|tp| tp.topic == *name).count()
            }));
        }
    }

    #[test]
    fn range_is_the_same_on_both_sides((topics, members) in any_group()) {
        let members = without_racks(members);
        let (server_topics, server_members) = on_server(&topics, &members, &TargetAssignment::new());
        let client = ClientAssignor::Range.assign(&topics, &members);
        let server = ServerAssignor::Range.assign(&server_topics, &server_members);
        prop_assert_eq!(sorted(client), sorted(by_name(&server_topics, &server)));
    }

    #[test]
    fn equal_members_get_equal_loads((topics, members) in equal_group()) {
        for assignor in [ClientAssignor::RoundRobin, ClientAssignor::Sticky, ClientAssignor::CooperativeSticky] {
            assert_even(loads(&assignor.assign(&topics, &members)));
        }
        let (topics, members) = on_server(&topics, &members, &TargetAssignment::new());
        assert_even(loads(&ServerAssignor::Uniform.assign(&topics, &members)));
    }

    #[test]
    fn sticky_moves_nothing_when_nothing_changed((topics, members) in any_group()) {
        let members = without_racks(members);
        for assignor in [ClientAssignor::Sticky, ClientAssignor::CooperativeSticky] {
            let first = assignor.assign(&topics, &members);
            let again = assignor.assign(&topics, &owning(&members, &first));
            prop_assert_eq!(sorted(first), sorted(again));
        }
    }

    #[test]
    fn sticky_leaves_the_rest_alone_when_a_member_leaves((topics, members) in equal_group()) {
        let members = without_racks(members);
        let before = ClientAssignor::Sticky.assign(&topics, &members);
        let remaining = owning(&members[1..], &before);
        let after = ClientAssignor::Sticky.assign(&topics, &remaining);
        for member in &remaining {
            let kept = &after[&member.member_id];
            prop_assert!(before[&member.member_id].iter().all(|tp| kept.contains(tp)));
        }
    }

    #[test]
    fn cooperative_gives_nothing_away_before_its_owner_let_go((topics, members) in any_group()) {
        let members = without_racks(members);
        let cooperative = ClientAssignor::CooperativeSticky;
        let before = cooperative.assign(&topics, &members[1..]);
        let mut joining = members[..1].to_vec();
        joining.extend(owning(&members[1..], &before));

        let first = cooperative.assign(&topics, &joining);
        for (member, list) in &first {
            for (owner, owned) in &before {
                prop_assert!(member == owner || list.iter().all(|tp| !owned.contains(tp)));
            }
        }
        let second = cooperative.assign(&topics, &owning(&members, &first));
        assert_complete(&topics, &members, &second);
    }

    #[test]
    fn uniform_moves_nothing_when_nothing_changed((topics, members) in any_group()) {
        let (topics_by_id, fresh) = on_server(&topics, &members, &TargetAssignment::new());
        let first = ServerAssignor::Uniform.assign(&topics_by_id, &fresh);
        let (_, settled) = on_server(&topics, &members, &first);
        prop_assert_eq!(&ServerAssignor::Uniform.assign(&topics_by_id, &settled), &first);
    }

    #[test]
    fn uniform_evens_out_when_members_come((topics, members) in equal_group(), newcomers in 0..8_usize) {
        let (topics_by_id, fresh) = on_server(&topics, &members, &TargetAssignment::new());
        let veterans = &fresh[newcomers.min(fresh.len() - 1)..];
        let before = ServerAssignor::Uniform.assign(&topics_by_id, veterans);
        let (_, changed) = on_server(&topics, &members, &before);
        let after = ServerAssignor::Uniform.assign(&topics_by_id, &changed);
        assert_complete(&topics, &members, &by_name(&topics_by_id, &after));
        assert_even(loads(&after));
    }
}
