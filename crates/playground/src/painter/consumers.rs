//! Consumers: those that run, and those that are gone but still members of their group.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::client::Client;
use kafka_core::consumer::{self, ClassicMemberState, ConsumerMemberState, Membership, Position};
use kafka_core::event::PolledRecord;
use kafka_core::group::MemberDescription;
use kafka_core::protocol::ClientId;
use kafka_core::topic::TopicPartition;

use super::coordinators::Coordinators;
use super::countdowns::{of_consumer, session};
use super::{Moment, label, lane_id, name};
use crate::memory::ClientMemory;
use crate::scene::{Consumer, ConsumerState, Countdowns, Held, Holding, LastRecord};

pub(super) fn paint(moment: &Moment<'_>, coordinators: &Coordinators) -> Rc<[Consumer]> {
    let mut consumers: Vec<_> = moment
        .simulation
        .clients()
        .filter_map(|(id, client)| match client {
            Client::Consumer(consumer) => Some(running(moment, coordinators, id, consumer)),
            Client::Producer(_) => None,
        })
        .chain(
            moment.memory.clients.iter().filter_map(|(id, memory)| gone(moment, coordinators, *id, memory)),
        )
        .collect();
    consumers.sort_by_key(|consumer| consumer.number);
    consumers.into()
}

fn running(
    moment: &Moment<'_>,
    coordinators: &Coordinators,
    id: ClientId,
    consumer: &consumer::Consumer,
) -> Consumer {
    let memory = moment.memory.clients.get(&id);
    let member = memory.and_then(|memory| coordinators.member(memory)).map(|(_, member)| member);
    Consumer {
        number: id.0,
        name: name(moment, id, &consumer.config().client_id),
        terminal: moment.terminals.get(&id).copied(),
        group: consumer.membership().and(consumer.config().group_id.clone()),
        state: state(consumer, memory),
        generation: consumer.membership().and_then(Membership::epoch).unwrap_or(0),
        member_epoch: match consumer.membership() {
            Some(Membership::Consumer(own)) => own.epoch(),
            Some(Membership::Classic(_)) | None => None,
        },
        held: held(moment, consumer, memory, member),
        countdowns: of_consumer(moment, id, consumer, member),
        stopped: moment
            .memory
            .rebalances
            .stopped_since(id)
            .map(|since| whole_millis(moment.now().since(since))),
        records_seen: consumer.records_polled(),
        last_record: memory
            .and_then(|memory| memory.last_record.as_ref())
            .map(|polled| last_record(moment, polled)),
    }
}

fn state(consumer: &consumer::Consumer, memory: Option<&ClientMemory>) -> ConsumerState {
    if memory.is_some_and(|memory| memory.failed) {
        return ConsumerState::Failed;
    }
    if memory.is_some_and(|memory| memory.suspended) {
        return ConsumerState::Suspended;
    }
    if consumer.is_closing() {
        return ConsumerState::Leaving;
    }
    let Some(membership) = consumer.membership() else { return ConsumerState::Alone };
    let lost = consumer.coordinator().is_none();
    match membership {
        Membership::Classic(own) => match own.state {
            ClassicMemberState::Unjoined if lost => ConsumerState::FindingCoordinator,
            ClassicMemberState::Unjoined | ClassicMemberState::PreparingRebalance => ConsumerState::Joining,
            ClassicMemberState::CompletingRebalance => ConsumerState::Syncing,
            ClassicMemberState::Stable if own.commits_before_rebalance() => ConsumerState::Revoking,
            ClassicMemberState::Stable => ConsumerState::Stable,
        },
        Membership::Consumer(own) => match own.state {
            ConsumerMemberState::Unsubscribed | ConsumerMemberState::Joining if lost => {
                ConsumerState::FindingCoordinator
            }
            ConsumerMemberState::Unsubscribed
            | ConsumerMemberState::Joining
            | ConsumerMemberState::Fenced
            | ConsumerMemberState::Stale => ConsumerState::Joining,
            ConsumerMemberState::Reconciling(_) if own.commits_before_rebalance() => ConsumerState::Revoking,
            ConsumerMemberState::Reconciling(_)
            | ConsumerMemberState::Acknowledging
            | ConsumerMemberState::Stable => ConsumerState::Stable,
            ConsumerMemberState::Fatal(_) => ConsumerState::Failed,
        },
    }
}

/// What it holds, for a moment what it has just given up, and of a KIP-848 member what it waits for.
fn held(
    moment: &Moment<'_>,
    consumer: &consumer::Consumer,
    memory: Option<&ClientMemory>,
    member: Option<&MemberDescription>,
) -> Rc<[Held]> {
    let consumer_protocol = member.and_then(|member| member.consumer.as_ref());
    let gives_up = consumer_protocol.map_or(&[][..], |member| &member.pending_revocation);
    let fresh = |change: Option<&(kafka_core::time::SimTime, Vec<TopicPartition>)>| {
        change
            .filter(|(at, _)| moment.is_fresh(*at))
            .map_or_else(Vec::new, |(_, partitions)| partitions.clone())
    };
    let assigned = fresh(memory.and_then(|memory| memory.assigned.as_ref()));
    let revoked = fresh(memory.and_then(|memory| memory.revoked.as_ref()));
    let mut held: Vec<_> = consumer
        .positions()
        .map(|(partition, position)| Held {
            lane: lane_id(partition),
            holding: if gives_up.contains(partition) {
                Holding::GivingUp
            } else if assigned.contains(partition) {
                Holding::New
            } else {
                Holding::Kept
            },
            position: match position {
                Position::At(offset) => Some(offset),
                Position::AwaitingCommitted | Position::AwaitingReset(_) => None,
            },
        })
        .collect();
    for partition in revoked {
        let lane = lane_id(&partition);
        if held.iter().all(|kept| kept.lane != lane) {
            held.push(Held { lane, holding: Holding::Revoked, position: None });
        }
    }
    let awaited = consumer_protocol.into_iter().flat_map(|member| &member.target_assignment);
    for lane in awaited.map(lane_id) {
        if held.iter().all(|known| known.lane != lane) {
            held.push(Held { lane, holding: Holding::Awaited, position: None });
        }
    }
    held.sort_by(|left, right| left.lane.cmp(&right.lane));
    held.into()
}

/// A killed process whose group has not noticed: its partitions are stuck with it.
fn gone(
    moment: &Moment<'_>,
    coordinators: &Coordinators,
    id: ClientId,
    memory: &ClientMemory,
) -> Option<Consumer> {
    if !memory.killed {
        return None;
    }
    let (coordinated, known) = coordinators.member(memory)?;
    let left = known.session_deadline.since(moment.now());
    let keep = |partition: &TopicPartition| Held {
        lane: lane_id(partition),
        holding: Holding::Kept,
        position: None,
    };
    Some(Consumer {
        number: id.0,
        name: memory.name.clone(),
        terminal: None,
        group: memory.group.clone(),
        state: ConsumerState::Gone { noticed_in: (left.as_millis() / 100) as u32 },
        generation: coordinated.description.generation_id,
        member_epoch: known.consumer.as_ref().map(|member| member.member_epoch),
        held: known.assignment.iter().map(keep).collect(),
        countdowns: Countdowns { session: session(moment, known), ..Countdowns::default() },
        stopped: None,
        records_seen: memory.records_seen,
        last_record: memory.last_record.as_ref().map(|polled| last_record(moment, polled)),
    })
}

fn whole_millis(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs()) + Duration::from_millis(u64::from(duration.subsec_millis()))
}

fn last_record(moment: &Moment<'_>, polled: &PolledRecord) -> LastRecord {
    LastRecord {
        lane: lane_id(&polled.partition),
        offset: polled.offset,
        hue: moment.memory.hue(polled.record.key.as_ref()),
        value: polled.record.value.as_ref().map_or_else(|| "null".into(), |value| label(value)),
    }
}
