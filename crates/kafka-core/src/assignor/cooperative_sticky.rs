//! The sticky assignor for members that keep reading while others join. Mirrors
//! `org.apache.kafka.clients.consumer.CooperativeStickyAssignor`: a partition that moves is given to
//! nobody until a second rebalance, when its old owner has let go.

use fxhash::FxHashSet;

use super::sticky::{Balanced, Transferring, balance, name_owners, take_out};
use super::{Assignment, SubscribedTopics, in_map_order};
use crate::protocol::JoinedMember;
use crate::topic::TopicPartition;

pub(super) fn assign(topics: &SubscribedTopics<'_>, members: &[JoinedMember]) -> Assignment {
    let members = in_map_order(members, |member| &member.member_id);
    let Balanced { mut assigned, transferring } = balance(topics, &members);
    let withheld = match transferring {
        Transferring::Known(withheld) => withheld,
        Transferring::Unknown => find_transferring(&members, &assigned),
    };
    for (tp, member) in withheld {
        take_out(&mut assigned[member], &tp);
    }
    name_owners(&members, assigned)
}

/// The partitions that one member is to get while another is to lose them.
fn find_transferring(
    members: &[&JoinedMember],
    assigned: &[Vec<TopicPartition>],
) -> Vec<(TopicPartition, usize)> {
    let mut added = Vec::new();
    let mut revoked: FxHashSet<&TopicPartition> = FxHashSet::default();
    for (member, assigned) in assigned.iter().enumerate() {
        let before = &members[member].subscription.owned_partitions;
        let owned: FxHashSet<_> = before.iter().collect();
        let kept: FxHashSet<_> = assigned.iter().collect();
        added.extend(assigned.iter().filter(|tp| !owned.contains(tp)).map(|tp| (tp.clone(), member)));
        revoked.extend(before.iter().filter(|tp| !kept.contains(tp)));
    }
    added.retain(|(tp, _)| revoked.contains(tp));
    added
}
