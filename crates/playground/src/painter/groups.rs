//! Groups as their coordinators see them, and what their rebalances cost.

use std::rc::Rc;

use kafka_core::group::{self, GroupDescription, GroupState, MemberDescription};
use kafka_core::protocol::{ClientId, GroupId};
use kafka_core::topic::TopicPartition;

use super::coordinators::{Coordinated, Coordinators};
use super::countdowns::{countdown, session};
use super::{Moment, lane_id};
use crate::rebalances::Rebalance;
use crate::scene::{Group, HandedOver, LaneId, Member, Progress, Rebalanced, Stopped, Wait, Who};

/// Rebalances of each group that the page tells of.
const REBALANCES: usize = 8;

pub(super) fn paint(moment: &Moment<'_>, coordinators: &Coordinators) -> Rc<[Group]> {
    let groups = coordinators.0.iter();
    let mut groups: Vec<_> = groups.map(|(name, group)| paint_group(moment, name, group)).collect();
    // Groups with members first: they are what moves.
    groups.sort_by(|left, right| {
        (left.members.is_empty(), &left.name).cmp(&(right.members.is_empty(), &right.name))
    });
    groups.into()
}

fn paint_group(moment: &Moment<'_>, name: &GroupId, group: &Coordinated) -> Group {
    let described = &group.description;
    let rebalances = moment.memory.rebalances.of_group(name).rev();
    Group {
        name: name.clone(),
        coordinator: group.broker,
        state: described.state,
        generation: described.generation_id,
        target_epoch: described.consumer.as_ref().map(|consumer| consumer.target_assignment_epoch),
        protocol: described.protocol.clone(),
        members: described.members.iter().map(|one| member(moment, described, one)).collect(),
        wait: wait(moment, name, described),
        totals: moment.memory.rebalances.totals(name),
        rebalances: rebalances.take(REBALANCES).map(|rebalance| rebalanced(moment, rebalance)).collect(),
    }
}

fn member(moment: &Moment<'_>, group: &GroupDescription, member: &MemberDescription) -> Member {
    let client = moment.memory.client_of(&member.member_id);
    Member {
        name: moment.memory.member_name(&member.member_id),
        terminal: client.and_then(|client| moment.terminals.get(&client).copied()),
        leader: group.leader.as_ref() == Some(&member.member_id),
        progress: progress(group, member),
        session: session(moment, member),
        epoch: member.consumer.as_ref().map(|consumer| consumer.member_epoch),
    }
}

fn progress(group: &GroupDescription, member: &MemberDescription) -> Progress {
    if let Some(consumer) = &member.consumer {
        let missing = consumer.target_assignment.iter().filter(|target| !member.assignment.contains(target));
        return if !consumer.pending_revocation.is_empty() {
            Progress::GivesUp(lanes(&consumer.pending_revocation))
        } else if missing.clone().next().is_some() {
            Progress::WaitsFor(lanes(missing))
        } else {
            Progress::Settled
        };
    }
    match (member.waits, group.state) {
        (Some(group::Wait::JoinGroup), _) => Progress::Joined,
        (Some(group::Wait::SyncGroup), _) => Progress::Synced,
        (None, GroupState::PreparingRebalance | GroupState::CompletingRebalance) => Progress::Awaited,
        (None, GroupState::Stable) if group.pending_sync_members.contains(&member.member_id) => {
            Progress::Awaited
        }
        (
            None,
            GroupState::Empty
            | GroupState::Assigning
            | GroupState::Reconciling
            | GroupState::Stable
            | GroupState::Dead,
        ) => Progress::Settled,
    }
}

fn lanes<'a>(partitions: impl IntoIterator<Item = &'a TopicPartition>) -> Rc<[LaneId]> {
    partitions.into_iter().map(lane_id).collect()
}

fn wait(moment: &Moment<'_>, name: &GroupId, described: &GroupDescription) -> Option<Wait> {
    let deadline = described.deadline?;
    let began = moment.memory.state_began.get(name).copied().unwrap_or(moment.now());
    let left = countdown(moment.now(), deadline, deadline.since(began));
    match described.state {
        GroupState::PreparingRebalance => {
            let missing: Rc<[_]> = described
                .members
                .iter()
                .filter(|member| member.waits != Some(group::Wait::JoinGroup))
                .map(|member| moment.memory.member_name(&member.member_id))
                .collect();
            if missing.is_empty() {
                Some(Wait::MoreMembers { left })
            } else {
                Some(Wait::Joins { missing, left })
            }
        }
        GroupState::CompletingRebalance => {
            let leader = moment.memory.member_name(described.leader.as_ref()?);
            Some(Wait::Assignment { leader, left })
        }
        GroupState::Empty
        | GroupState::Assigning
        | GroupState::Reconciling
        | GroupState::Stable
        | GroupState::Dead => None,
    }
}

fn rebalanced(moment: &Moment<'_>, rebalance: &Rebalance) -> Rebalanced {
    let who = |client: ClientId| Who {
        name: moment.memory.clients.get(&client).map_or_else(Rc::default, |memory| memory.name.clone()),
        terminal: moment.terminals.get(&client).copied(),
    };
    Rebalanced {
        generation: rebalance.generation,
        began: rebalance.began,
        took: rebalance.ended.map(|_| rebalance.duration()),
        stops: rebalance
            .stops
            .iter()
            .map(|stop| Stopped { consumer: who(stop.consumer), stopped: stop.duration() })
            .collect(),
        handovers: rebalance
            .handovers
            .iter()
            .map(|handover| HandedOver {
                lane: lane_id(&handover.partition),
                from: who(handover.giver),
                to: who(handover.taker),
                unread: handover.duration(),
                moved: handover.giver != handover.taker,
            })
            .collect(),
    }
}
