//! The copies of a partition: how far each is, and where it differs from the lane.

use std::rc::Rc;

use kafka_core::broker;
use kafka_core::cluster;
use kafka_core::protocol::BrokerId;
use kafka_core::record::Record;
use kafka_core::topic::TopicPartition;

use super::Moment;
use super::brokers::{is_reachable, registration};
use super::topics::cells;
use crate::scene::{Cell, Lane, OutOfSync, Replica};

pub(super) fn replicas(
    moment: &Moment<'_>,
    id: &TopicPartition,
    partition: &cluster::Partition,
    shown: Option<&broker::Replica>,
) -> Rc<[Replica]> {
    let end = shown.map_or(0, |shown| shown.log.log_end_offset());
    let one = |broker: &BrokerId| {
        let leads = partition.leader == Some(*broker);
        let copy = moment.simulation.broker(*broker).and_then(|known| known.replica(id));
        let log_end_offset = copy.map_or(0, |copy| copy.log.log_end_offset());
        Replica {
            broker: broker.0,
            leads,
            out: (!partition.isr.contains(broker)).then(|| reason(moment, *broker)),
            reachable: is_reachable(moment, *broker),
            log_end_offset,
            lag: (end - log_end_offset).max(0),
            own: match (copy, shown) {
                (Some(copy), Some(shown)) if !std::ptr::eq(copy, shown) => own(moment, copy, shown),
                (Some(_) | None, _) => Rc::default(),
            },
        }
    };
    partition.replicas.iter().map(one).collect()
}

fn reason(moment: &Moment<'_>, broker: BrokerId) -> OutOfSync {
    match registration(moment, broker) {
        Some(known) if known.in_controlled_shutdown && !known.fenced => OutOfSync::ShuttingDown,
        Some(known) if !known.fenced => OutOfSync::Behind,
        Some(_) | None => OutOfSync::Fenced,
    }
}

/// What stands in a copy from where it differs on. Only the newest records are looked at.
fn own(moment: &Moment<'_>, copy: &broker::Replica, shown: &broker::Replica) -> Rc<[Cell]> {
    let (end, own_end) = (shown.log.log_end_offset(), copy.log.log_end_offset());
    let first = end.min(own_end) - Lane::SHOWN as i64;
    let mut theirs = shown.log.records_from(first).peekable();
    let alike = |(offset, record): &(i64, &Record)| {
        while theirs.next_if(|(other, _)| other < offset).is_some() {}
        match theirs.peek() {
            Some((other, found)) if other == offset => found.id == record.id,
            // It was compacted away on one side.
            Some(_) => true,
            None => *offset < end,
        }
    };
    let same = copy.log.records_from(first).take_while(alike).count();
    cells(moment, &copy.log, first).skip(same).take(Lane::SHOWN).collect()
}
