//! What became of the records that producers were given.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;
use std::rc::Rc;

use kafka_core::delivery::{Outcome, SentRecord};
use kafka_core::protocol::{ClientId, Message, Request};
use kafka_core::record::RecordId;
use kafka_core::topic::TopicPartition;

use super::{Moment, label, lane_id};
use crate::scene::{Fate, Sendings, TracedRecord};

/// The outcome as it was last painted: it is painted anew when something counts differently, or may do so without a
/// word because nobody answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcomes {
    painted: Option<(u64, BTreeMap<ClientId, u32>)>,
    unanswered: bool,
    sendings: Rc<[Sendings]>,
}

impl Outcomes {
    pub(super) fn paint(&mut self, moment: &Moment<'_>) -> Rc<[Sendings]> {
        let sign = (moment.memory.sending_changes, moment.terminals.clone());
        if self.unanswered || self.painted.as_ref() != Some(&sign) {
            self.painted = Some(sign);
            let deliveries = &moment.memory.sendings;
            let is_unanswered = |client| {
                deliveries.worth_a_look(client).any(|(_, sent)| sent.is_lost() && is_unanswered(sent))
            };
            self.unanswered = deliveries.producers().any(is_unanswered);
            let under_way = if self.unanswered { under_way(moment) } else { BTreeSet::new() };
            self.sendings = deliveries.producers().map(|client| paint(moment, client, &under_way)).collect();
        }
        Rc::clone(&self.sendings)
    }
}

/// With `acks=0` nobody says that it was written.
fn is_unanswered(sent: &SentRecord) -> bool {
    sent.outcome == Outcome::Acknowledged { offset: None }
}

/// Records that may still come to a log.
fn under_way(moment: &Moment<'_>) -> BTreeSet<RecordId> {
    let mut records = BTreeSet::new();
    for envelope in moment.simulation.undelivered() {
        if let Message::Request { request: Request::Produce(produce), .. } = &envelope.message {
            let sent = produce.batches.iter().flat_map(|(_, batch)| batch.records.iter());
            records.extend(sent.map(|record| record.id));
        }
    }
    records
}

fn paint(moment: &Moment<'_>, client: ClientId, under_way: &BTreeSet<RecordId>) -> Sendings {
    let deliveries = &moment.memory.sendings;
    let mut topics: Vec<_> =
        deliveries.by_topic(client).map(|(topic, tally)| (topic.clone(), tally)).collect();
    let mut traced: Vec<TracedRecord> = Vec::new();
    for (partition, sent) in deliveries.worth_a_look(client) {
        if sent.is_lost() && under_way.contains(&sent.id) {
            let topic = topics.iter_mut().find(|(topic, _)| *topic == partition.topic);
            topic.expect("it was sent there").1.lost -= 1;
        } else {
            traced.push(trace(moment, &partition, sent));
        }
    }
    let name = moment.memory.clients.get(&client).map(|memory| memory.name.clone());
    Sendings {
        number: client.0,
        name: name.unwrap_or_default(),
        terminal: moment.terminals.get(&client).copied(),
        topics: topics.into(),
        records: newest_of_each_fate(traced),
    }
}

fn newest_of_each_fate(traced: Vec<TracedRecord>) -> Rc<[TracedRecord]> {
    let mut counts = Vec::new();
    let mut kept: Vec<_> = traced
        .into_iter()
        .rev()
        .filter(|record| {
            let kind = discriminant(&record.fate);
            let place = counts.iter().position(|(known, _)| *known == kind).unwrap_or_else(|| {
                counts.push((kind, 0));
                counts.len() - 1
            });
            counts[place].1 += 1;
            counts[place].1 <= Sendings::SHOWN
        })
        .collect();
    kept.reverse();
    kept.into()
}

fn trace(moment: &Moment<'_>, partition: &TopicPartition, sent: &SentRecord) -> TracedRecord {
    let acknowledged = match sent.outcome {
        Outcome::Acknowledged { offset } => offset,
        Outcome::Pending | Outcome::Failed { .. } => None,
    };
    TracedRecord {
        id: sent.id.0,
        lane: lane_id(partition),
        offset: sent.offsets.last().copied().or(acknowledged),
        hue: moment.memory.hue(sent.key.as_ref()),
        key: sent.key.as_ref().map(|key| label(key)),
        value: sent.value.as_ref().map_or_else(|| "null".into(), |value| label(value)),
        retries: sent.retries,
        fate: fate(sent),
    }
}

fn fate(sent: &SentRecord) -> Fate {
    if sent.is_duplicated() {
        return Fate::Duplicated { offsets: sent.offsets.as_slice().into() };
    }
    match sent.outcome {
        Outcome::Failed { expired } if sent.offsets.is_empty() => Fate::Failed { expired },
        Outcome::Failed { expired } => Fate::FailedAndWritten { expired },
        Outcome::Acknowledged { .. } if sent.is_lost() => Fate::Lost,
        Outcome::Acknowledged { .. } | Outcome::Pending => Fate::Retried,
    }
}
