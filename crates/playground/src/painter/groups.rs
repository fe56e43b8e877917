//! Groups as their coordinators see them.

use std::rc::Rc;

use kafka_core::broker::Broker;
use kafka_core::group::{self, GroupDescription, GroupListing, GroupState};

use super::Moment;
use crate::scene::{Group, Member, Wait};

/// Groups that have members, or had some: those that only keep offsets show on the lanes.
pub(super) fn paint(moment: &Moment<'_>) -> Rc<[Group]> {
    let brokers = moment.simulation.cluster().brokers().iter();
    let mut groups: Vec<_> = brokers
        .filter_map(|id| moment.simulation.broker(*id))
        .flat_map(|broker| broker.coordinator().groups().into_iter().map(move |listing| (broker, listing)))
        .filter_map(|(broker, listing)| paint_group(moment, broker, &listing))
        .collect();
    // Groups with members first: they are what moves.
    groups.sort_by(|left, right| {
        (left.members.is_empty(), &left.name).cmp(&(right.members.is_empty(), &right.name))
    });
    groups.into()
}

fn paint_group(moment: &Moment<'_>, broker: &Broker, listing: &GroupListing) -> Option<Group> {
    listing.protocol_type.as_ref()?;
    let described = broker.coordinator().describe(&listing.group)?;
    let members = described
        .members
        .iter()
        .map(|member| Member {
            name: moment.memory.member_name(&member.member_id),
            leader: described.leader.as_ref() == Some(&member.member_id),
            ready: is_ready(described.state, member.waits),
        })
        .collect();
    Some(Group {
        name: listing.group.clone(),
        coordinator: broker.id().0,
        state: described.state,
        generation: described.generation_id,
        protocol: described.protocol.clone(),
        wait: wait(moment, &described),
        members,
    })
}

fn is_ready(state: GroupState, waits: Option<group::Wait>) -> bool {
    match state {
        GroupState::PreparingRebalance => waits == Some(group::Wait::JoinGroup),
        GroupState::CompletingRebalance => waits == Some(group::Wait::SyncGroup),
        GroupState::Empty | GroupState::Stable | GroupState::Dead => true,
    }
}

fn wait(moment: &Moment<'_>, described: &GroupDescription) -> Option<Wait> {
    let tenths = (described.deadline?.since(moment.now()).as_millis() / 100) as u32;
    match described.state {
        GroupState::PreparingRebalance => {
            let missing: Rc<[_]> = described
                .members
                .iter()
                .filter(|member| member.waits != Some(group::Wait::JoinGroup))
                .map(|member| moment.memory.member_name(&member.member_id))
                .collect();
            if missing.is_empty() {
                Some(Wait::MoreMembers { tenths })
            } else {
                Some(Wait::Joins { missing, tenths })
            }
        }
        GroupState::CompletingRebalance => {
            let leader = moment.memory.member_name(described.leader.as_ref()?);
            Some(Wait::Assignment { leader, tenths })
        }
        GroupState::Empty | GroupState::Stable | GroupState::Dead => None,
    }
}
