//! Records handled twice or never, by group.

use std::rc::Rc;

use kafka_core::topic::TopicPartition;

use super::{Moment, lane_id};
use crate::handling::Handling;
use crate::scene::{GroupDeliveries, Mishap, MishapKind};

/// The counts as they were last painted: they are made anew only when one may have changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Deliveries {
    painted: Option<u64>,
    groups: Rc<[GroupDeliveries]>,
}

impl Deliveries {
    pub(super) fn paint(&mut self, moment: &Moment<'_>) -> Rc<[GroupDeliveries]> {
        let handling = &moment.memory.handling;
        if self.painted != Some(handling.changes) {
            self.painted = Some(handling.changes);
            let groups = handling.deliveries.groups();
            self.groups = groups.map(|group| paint(handling, group)).collect();
        }
        Rc::clone(&self.groups)
    }
}

fn paint(handling: &Handling, group: &Rc<str>) -> GroupDeliveries {
    let repeated = handling.deliveries.repeated(group);
    let lost = handling.lost(group);
    let shown_repeated = last(&repeated)
        .iter()
        .map(|(partition, offset, times)| mishap(partition, *offset, MishapKind::Repeated { times: *times }));
    let shown_lost =
        last(&lost).iter().map(|(partition, offset)| mishap(partition, *offset, MishapKind::Lost));
    let mut mishaps: Vec<_> = shown_repeated.chain(shown_lost).collect();
    mishaps.sort();
    GroupDeliveries {
        group: group.clone(),
        processed: handling.deliveries.of_group(group).processed,
        repeated: repeated.len() as u64,
        lost: lost.len() as u64,
        mishaps: mishaps.into(),
    }
}

fn last<T>(all: &[T]) -> &[T] {
    &all[all.len().saturating_sub(GroupDeliveries::SHOWN)..]
}

fn mishap(partition: &TopicPartition, offset: i64, kind: MishapKind) -> Mishap {
    Mishap { lane: lane_id(partition), offset, kind }
}
