//! What became of records: handled again, or committed and never handled.

use std::collections::{BTreeMap, BTreeSet};

use kafka_core::application::FailureReaction;
use kafka_core::delivery::Deliveries;
use kafka_core::event::Event;
use kafka_core::protocol::{ClientId, GroupId};
use kafka_core::topic::TopicPartition;

/// A fold over the event log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handling {
    pub(crate) deliveries: Deliveries,
    /// Counts the events that may have changed the result.
    pub(crate) changes: u64,
    members: BTreeMap<ClientId, Member>,
}

#[derive(Clone, Debug)]
struct Member {
    group: GroupId,
    /// What `poll()` has returned and the application has not worked on yet.
    in_hand: BTreeSet<(TopicPartition, i64)>,
}

impl Handling {
    pub(crate) fn observe(&mut self, event: &Event) {
        self.deliveries.observe(event);
        if let Event::ConsumerStarted { client, group: Some(group), .. } = event {
            self.members.insert(*client, Member { group: group.clone(), in_hand: BTreeSet::new() });
        } else if let Event::RecordsPolled { client, records } = event {
            let polled = records.iter().map(|record| (record.partition.clone(), record.offset));
            if let Some(member) = self.members.get_mut(client) {
                member.in_hand.extend(polled);
            }
        } else if let Event::RecordsProcessed { client, records } = event {
            for record in records {
                self.put_down(*client, &(record.partition.clone(), record.offset));
            }
        } else if let Event::ProcessingFailed { client, record, reaction: FailureReaction::Skip } = event {
            self.put_down(*client, &(record.partition.clone(), record.offset));
        } else if let Event::ConsumerClosed { client }
        | Event::ClientKilled { client }
        | Event::ConsumerFailed { client, .. } = event
        {
            self.members.remove(client);
        } else if !matches!(
            event,
            Event::OffsetCommitted { .. } | Event::PositionSet { .. } | Event::TopicDeleted { .. }
        ) {
            return;
        }
        self.changes += 1;
    }

    /// Records that a group has committed past without any member having handled them, nor being about to.
    pub(crate) fn lost(&self, group: &str) -> Vec<(TopicPartition, i64)> {
        let mut lost = self.deliveries.passed_over(group);
        lost.retain(|record| {
            let mut members = self.members.values().filter(|member| *member.group == *group);
            members.all(|member| !member.in_hand.contains(record))
        });
        lost
    }

    fn put_down(&mut self, client: ClientId, record: &(TopicPartition, i64)) {
        if let Some(member) = self.members.get_mut(&client) {
            member.in_hand.remove(record);
        }
    }
}
