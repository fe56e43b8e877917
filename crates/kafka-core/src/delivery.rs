//! How often records were handled, counted from events alone: those handled more than once, and those passed over.
//!
//! Stands for what an operator would find by comparing the outcome with the input; Kafka itself has no such count.
//! What consumers did is here; a record that its producer wrote twice counts as two of them. What became of records
//! on the way into the log is in `producers`.

mod leader_log;
mod producers;
mod sent;

use std::collections::{BTreeMap, BTreeSet};

use crate::event::Event;
use crate::protocol::{ClientId, GroupId};
use crate::topic::TopicPartition;
pub use producers::{ProducerDeliveries, ProducerTally};
pub use sent::{Outcome, SentRecord};

/// Feed it every event from the start; see [`Deliveries::observe`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Deliveries {
    readers: BTreeMap<ClientId, Reader>,
    clients: BTreeMap<ClientId, Tally>,
    handled: BTreeMap<Reader, BTreeMap<TopicPartition, Handled>>,
    /// Of topics that are gone: one that comes back under the same name has other records.
    gone: BTreeMap<Reader, Tally>,
}

/// Who shares the work: a group, or a consumer that reads for itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Reader {
    Group(GroupId),
    Alone(ClientId),
}

/// How often records were handled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Tally {
    pub processed: u64,
    /// Of these, how many its group had handled before, be it by another consumer.
    pub duplicates: u64,
}

/// What became of one partition's records in one group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Handled {
    /// How often each offset was handled.
    times: BTreeMap<i64, u32>,
    /// Markers, and records of aborted transactions: nobody is to handle them.
    skipped: BTreeSet<i64>,
    /// Where the group first began to read; what is older was never its work.
    begin: Option<i64>,
    committed: Option<i64>,
}

impl Tally {
    const fn plus(self, other: Self) -> Self {
        Self { processed: self.processed + other.processed, duplicates: self.duplicates + other.duplicates }
    }
}

impl Handled {
    fn tally(&self) -> Tally {
        self.times.values().fold(Tally::default(), |sum, times| {
            sum.plus(Tally { processed: u64::from(*times), duplicates: u64::from(*times) - 1 })
        })
    }
}

impl Deliveries {
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut deliveries = Self::default();
        for event in events {
            deliveries.observe(event);
        }
        deliveries
    }

    pub fn observe(&mut self, event: &Event) {
        if let Event::ConsumerStarted { client, group, .. } = event {
            let reader = group.clone().map_or(Reader::Alone(*client), Reader::Group);
            self.readers.insert(*client, reader);
        } else if let Event::PositionSet { client, partition, offset, .. } = event {
            if let Some(handled) = self.handled_by(*client, partition) {
                handled.begin = Some(handled.begin.map_or(*offset, |begin| begin.min(*offset)));
            }
        } else if let Event::OffsetCommitted { group, partition, offset } = event {
            let partitions = self.handled.entry(Reader::Group(group.clone())).or_default();
            let handled = partitions.entry(partition.clone()).or_default();
            handled.committed = handled.committed.max(Some(offset.offset));
        } else if let Event::TopicDeleted { topic } = event {
            self.forget(topic);
        } else if let Event::OffsetsSkipped { client, partition, from, to } = event {
            if let Some(handled) = self.handled_by(*client, partition) {
                handled.skipped.extend(*from..*to);
            }
        } else if let Event::RecordsProcessed { client, records } = event {
            for record in records {
                let Some(handled) = self.handled_by(*client, &record.partition) else { continue };
                let times = handled.times.entry(record.offset).or_default();
                *times += 1;
                let again = *times > 1;
                let tally = self.clients.entry(*client).or_default();
                tally.processed += 1;
                tally.duplicates += u64::from(again);
            }
        }
    }

    /// What one consumer did.
    pub fn of_client(&self, client: ClientId) -> Tally {
        self.clients.get(&client).copied().unwrap_or_default()
    }

    /// What the members of a group did together.
    pub fn of_group(&self, group: &str) -> Tally {
        let gone = self.gone.get(&Reader::Group(group.into())).copied().unwrap_or_default();
        self.partitions_of(group).fold(gone, |total, (_, handled)| total.plus(handled.tally()))
    }

    /// Everybody together.
    pub fn total(&self) -> Tally {
        self.clients.values().fold(Tally::default(), |sum, tally| sum.plus(*tally))
    }

    /// Records that a group has handled more than once, and how often, by partition and offset.
    pub fn repeated(&self, group: &str) -> Vec<(TopicPartition, i64, u32)> {
        let mut repeated = Vec::new();
        for (partition, handled) in self.partitions_of(group) {
            let again = handled.times.iter().filter(|(_, times)| **times > 1);
            repeated.extend(again.map(|(offset, times)| (partition.clone(), *offset, *times)));
        }
        repeated
    }

    /// Groups of which anything is known, by name.
    pub fn groups(&self) -> impl Iterator<Item = &GroupId> {
        self.handled.keys().filter_map(|reader| match reader {
            Reader::Group(group) => Some(group),
            Reader::Alone(_) => None,
        })
    }

    /// Records that a group has committed past and nobody has handled: unless a member is about to, they are lost.
    pub fn passed_over(&self, group: &str) -> Vec<(TopicPartition, i64)> {
        let mut lost = Vec::new();
        for (partition, handled) in self.partitions_of(group) {
            if let (Some(begin), Some(committed)) = (handled.begin, handled.committed) {
                let done =
                    |offset: &i64| handled.times.contains_key(offset) || handled.skipped.contains(offset);
                let unhandled = (begin..committed).filter(|offset| !done(offset));
                lost.extend(unhandled.map(|offset| (partition.clone(), offset)));
            }
        }
        lost
    }

    fn forget(&mut self, topic: &str) {
        for (reader, partitions) in &mut self.handled {
            let gone = self.gone.entry(reader.clone()).or_default();
            partitions.retain(|partition, handled| {
                let stays = *partition.topic != *topic;
                if !stays {
                    *gone = gone.plus(handled.tally());
                }
                stays
            });
        }
    }

    fn partitions_of(&self, group: &str) -> impl Iterator<Item = (&TopicPartition, &Handled)> {
        self.handled.get(&Reader::Group(group.into())).into_iter().flatten()
    }

    fn handled_by(&mut self, client: ClientId, partition: &TopicPartition) -> Option<&mut Handled> {
        let reader = self.readers.get(&client)?.clone();
        Some(self.handled.entry(reader).or_default().entry(partition.clone()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{PositionOrigin, ProcessedRecord};
    use crate::protocol::OffsetAndMetadata;
    use crate::record::RecordId;

    fn partition() -> TopicPartition {
        TopicPartition::new("t", 0)
    }

    fn started(client: u32, group: Option<&str>) -> Event {
        let client_id = "c".into();
        Event::ConsumerStarted { client: ClientId(client), client_id, group: group.map(Into::into) }
    }

    fn positioned(client: u32, offset: i64) -> Event {
        let origin = PositionOrigin::ResetEarliest;
        Event::PositionSet { client: ClientId(client), partition: partition(), offset, origin }
    }

    fn processed(client: u32, offsets: std::ops::Range<i64>) -> Event {
        let record = |offset| ProcessedRecord { partition: partition(), offset, id: RecordId::default() };
        Event::RecordsProcessed { client: ClientId(client), records: offsets.map(record).collect() }
    }

    fn committed(offset: i64) -> Event {
        let offset = OffsetAndMetadata { offset, leader_epoch: None, metadata: "".into() };
        Event::OffsetCommitted { group: "g".into(), partition: partition(), offset }
    }

    #[test]
    fn a_record_that_two_members_handled_is_a_duplicate_of_the_second() {
        let events = [
            started(1, Some("g")),
            started(2, Some("g")),
            positioned(1, 0),
            processed(1, 0..5),
            committed(3),
            positioned(2, 3),
            processed(2, 3..7),
        ];
        let deliveries = Deliveries::from_events(&events);
        assert_eq!(deliveries.of_client(ClientId(1)), Tally { processed: 5, duplicates: 0 });
        assert_eq!(deliveries.of_client(ClientId(2)), Tally { processed: 4, duplicates: 2 });
        assert_eq!(deliveries.of_group("g"), Tally { processed: 9, duplicates: 2 });
        assert_eq!(deliveries.total(), deliveries.of_group("g"));
        assert_eq!(deliveries.repeated("g"), [(partition(), 3, 2), (partition(), 4, 2)]);
        assert_eq!(deliveries.passed_over("g"), []);
    }

    #[test]
    fn a_topic_that_comes_back_has_other_records() {
        let deleted = Event::TopicDeleted { topic: "t".into() };
        let events =
            [started(1, Some("g")), processed(1, 0..2), processed(1, 1..2), deleted, processed(1, 0..2)];
        let deliveries = Deliveries::from_events(&events);
        assert_eq!(deliveries.of_group("g"), Tally { processed: 5, duplicates: 1 });
        assert_eq!(deliveries.repeated("g"), []);
    }

    #[test]
    fn what_is_committed_and_was_never_handled_is_passed_over() {
        let events = [started(1, Some("g")), positioned(1, 2), processed(1, 2..4), committed(6)];
        let deliveries = Deliveries::from_events(&events);
        assert_eq!(deliveries.passed_over("g"), [(partition(), 4), (partition(), 5)]);
    }

    #[test]
    fn a_marker_is_nothing_to_handle() {
        let skipped = Event::OffsetsSkipped { client: ClientId(1), partition: partition(), from: 2, to: 3 };
        let events = [started(1, Some("g")), positioned(1, 0), processed(1, 0..2), skipped, committed(3)];
        assert_eq!(Deliveries::from_events(&events).passed_over("g"), []);
    }

    #[test]
    fn consumers_without_a_group_do_not_share_their_work() {
        let events = [started(1, None), started(2, None), processed(1, 0..3), processed(2, 0..3)];
        let deliveries = Deliveries::from_events(&events);
        assert_eq!(deliveries.total(), Tally { processed: 6, duplicates: 0 });
    }
}
