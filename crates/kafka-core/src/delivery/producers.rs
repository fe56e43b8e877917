//! What became of the records that producers were given: acknowledged or failed, sent again, in the log once, twice or
//! not at all; counted from events alone.
//!
//! A record keeps its identity through every retry. Leaves out: a record that the application hands over again (it is
//! another one), transactions. What retention, compaction or `kafka-delete-records` took away is not lost.

use std::collections::{BTreeMap, BTreeSet};

use super::leader_log::{LeaderLog, Run};
use super::sent::{Outcome, SentRecord};
use crate::event::{Event, SendFailure};
use crate::protocol::ClientId;
use crate::record::{Record, RecordId};
use crate::topic::{TopicName, TopicPartition};

/// Feed it every event from the start; see [`ProducerDeliveries::observe`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ProducerDeliveries {
    producers: BTreeMap<ClientId, BTreeMap<TopicName, Sendings>>,
    logs: BTreeMap<TopicPartition, LeaderLog>,
}

/// How many records met with what.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ProducerTally {
    /// Handed to `send()`.
    pub sent: u64,
    pub acknowledged: u64,
    /// The application was told that they were not delivered.
    pub failed: u64,
    /// Of these, by `delivery.timeout.ms`.
    pub expired: u64,
    /// Sent more than once.
    pub retried: u64,
    /// Acknowledged, and not in the leader's log. With `acks=0` also those that are on their way.
    pub lost: u64,
    /// Copies in the leader's log beyond the first.
    pub duplicates: u64,
    /// Failed as far as the application knows, and in the leader's log.
    pub failed_and_written: u64,
    /// Came again, and were not written again: their producer is idempotent.
    pub discarded: u64,
}

/// What one producer sent to one topic.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Sendings {
    tally: ProducerTally,
    /// In the order in which they were placed, which is that of their ids.
    partitions: BTreeMap<u32, Vec<SentRecord>>,
    worth_a_look: BTreeSet<(RecordId, u32)>,
}

impl ProducerDeliveries {
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut deliveries = Self::default();
        for event in events {
            deliveries.observe(event);
        }
        deliveries
    }

    /// True when something may count differently now.
    pub fn observe(&mut self, event: &Event) -> bool {
        if let Event::ProducerStarted { client, .. } = event {
            self.producers.insert(*client, BTreeMap::new());
        } else if let Event::RecordPartitioned { client, record, key, value, partition, .. } = event {
            let sendings = self.sendings(*client, &partition.topic);
            let records = sendings.partitions.entry(partition.partition).or_default();
            records.push(SentRecord::new(*record, key.clone(), value.clone()));
            sendings.tally.sent += 1;
        } else if let Event::BatchAcknowledged { partition, base_offset, first, records, .. } = event {
            self.edit(partition, (*first, *records), |nth, sent| {
                sent.outcome =
                    Outcome::Acknowledged { offset: base_offset.map(|base| base + i64::from(nth)) };
            });
        } else if let Event::BatchRetried { partition, first, records, .. } = event {
            self.edit(partition, (*first, *records), |_, sent| sent.retries += 1);
        } else if let Event::RecordFailed { client, record, topic, failure } = event {
            self.fail(*client, topic, record, matches!(failure, SendFailure::Expired { .. }));
        } else if let Event::RecordsAppended {
            partition, leader_epoch, base_offset, first, records, ..
        } = event
        {
            let run = Run { base_offset: *base_offset, first: *first, records: *records };
            self.append(partition, *leader_epoch, run);
        } else if let Event::LeadershipBegan { partition, leader_epoch, epochs, log_end_offset, .. } = event {
            self.lead(partition, *leader_epoch, epochs, *log_end_offset);
        } else if let Event::DuplicateDiscarded { partition, first, records, .. } = event {
            self.sendings(first.client(), &partition.topic).tally.discarded += u64::from(*records);
        } else if let Event::TopicDeleted { topic } = event {
            self.forget(topic);
        } else {
            return false;
        }
        true
    }

    /// Every producer that was started, by number.
    pub fn producers(&self) -> impl Iterator<Item = ClientId> {
        self.producers.keys().copied()
    }

    pub fn of_producer(&self, client: ClientId) -> ProducerTally {
        sum(self.producers.get(&client).into_iter().flat_map(BTreeMap::values))
    }

    /// The same by topic, in order of name.
    pub fn by_topic(&self, client: ClientId) -> impl Iterator<Item = (&TopicName, ProducerTally)> {
        let topics = self.producers.get(&client).into_iter().flatten();
        topics.map(|(topic, sendings)| (topic, sendings.tally))
    }

    pub fn total(&self) -> ProducerTally {
        sum(self.producers.values().flat_map(BTreeMap::values))
    }

    /// Records of a producer that were sent again, failed, were lost or are in the log more than once; by topic, and
    /// in the order in which they were sent.
    pub fn worth_a_look(&self, client: ClientId) -> impl Iterator<Item = (TopicPartition, &SentRecord)> {
        self.producers.get(&client).into_iter().flatten().flat_map(|(topic, sendings)| {
            sendings.worth_a_look.iter().filter_map(|(id, partition)| {
                let records = sendings.partitions.get(partition)?;
                let place = place_of(records, *id)?;
                Some((TopicPartition::new(topic.clone(), *partition), &records[place]))
            })
        })
    }

    fn append(&mut self, partition: &TopicPartition, leader_epoch: i32, run: Run) {
        if !self.producers.contains_key(&run.first.client()) {
            return;
        }
        if self.logs.entry(partition.clone()).or_default().append(leader_epoch, run) {
            self.come(partition, run);
        }
    }

    fn lead(
        &mut self,
        partition: &TopicPartition,
        leader_epoch: i32,
        epochs: &[(i32, i64)],
        log_end_offset: i64,
    ) {
        let log = self.logs.entry(partition.clone()).or_default();
        let difference = log.lead(leader_epoch, epochs, log_end_offset);
        for run in difference.gone {
            self.edit(partition, (run.first, run.records), |nth, sent| {
                sent.offsets.retain(|offset| *offset != run.base_offset + i64::from(nth));
            });
        }
        for run in difference.come {
            self.come(partition, run);
        }
    }

    fn come(&mut self, partition: &TopicPartition, run: Run) {
        self.edit(partition, (run.first, run.records), |nth, sent| {
            sent.offsets.push(run.base_offset + i64::from(nth));
        });
    }

    fn fail(&mut self, client: ClientId, topic: &TopicName, record: &Record, expired: bool) {
        let sendings = self.sendings(client, topic);
        let placed = sendings.partitions.iter().find(|(_, records)| place_of(records, record.id).is_some());
        let Some((partition, _)) = placed else {
            // It never got as far as a partition.
            let counts =
                SentRecord { outcome: Outcome::Failed { expired }, ..SentRecord::new(record.id, None, None) };
            sendings.tally = sendings.tally.plus(counts.counts());
            return;
        };
        let partition = TopicPartition::new(topic.clone(), *partition);
        self.edit(&partition, (record.id, 1), |_, sent| sent.outcome = Outcome::Failed { expired });
    }

    /// A topic that comes back under the same name has other records.
    fn forget(&mut self, topic: &str) {
        self.logs.retain(|partition, _| *partition.topic != *topic);
        for sendings in self.producers.values_mut().filter_map(|topics| topics.get_mut(topic)) {
            sendings.partitions.clear();
            sendings.worth_a_look.clear();
        }
    }

    fn sendings(&mut self, client: ClientId, topic: &TopicName) -> &mut Sendings {
        self.producers.entry(client).or_default().entry(topic.clone()).or_default()
    }

    /// Changes the records of one batch, and counts them anew.
    fn edit(
        &mut self,
        partition: &TopicPartition,
        (first, count): (RecordId, u32),
        edit: impl Fn(u32, &mut SentRecord),
    ) {
        let topics = self.producers.get_mut(&first.client());
        let Some(sendings) = topics.and_then(|topics| topics.get_mut(&partition.topic)) else { return };
        let Some(records) = sendings.partitions.get_mut(&partition.partition) else { return };
        let Some(place) = place_of(records, first) else { return };
        for (nth, sent) in (0..count).zip(&mut records[place..]) {
            let before = sent.counts();
            edit(nth, sent);
            sendings.tally = sendings.tally.plus(sent.counts()).minus(before);
            let entry = (sent.id, partition.partition);
            if sent.is_worth_a_look() {
                sendings.worth_a_look.insert(entry);
            } else {
                sendings.worth_a_look.remove(&entry);
            }
        }
    }
}

impl ProducerTally {
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.with(other, |own, others| own + others)
    }

    fn minus(self, other: Self) -> Self {
        self.with(other, |own, others| own - others)
    }

    fn with(self, other: Self, calculate: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            sent: calculate(self.sent, other.sent),
            acknowledged: calculate(self.acknowledged, other.acknowledged),
            failed: calculate(self.failed, other.failed),
            expired: calculate(self.expired, other.expired),
            retried: calculate(self.retried, other.retried),
            lost: calculate(self.lost, other.lost),
            duplicates: calculate(self.duplicates, other.duplicates),
            failed_and_written: calculate(self.failed_and_written, other.failed_and_written),
            discarded: calculate(self.discarded, other.discarded),
        }
    }
}

fn sum<'a>(sendings: impl Iterator<Item = &'a Sendings>) -> ProducerTally {
    sendings.fold(ProducerTally::default(), |sum, sendings| sum.plus(sendings.tally))
}

fn place_of(records: &[SentRecord], id: RecordId) -> Option<usize> {
    records.binary_search_by_key(&id, |sent| sent.id).ok()
}
