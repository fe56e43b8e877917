//! Topics as lanes of cells, with what each group has committed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kafka_core::broker::{self as model, Broker, PartitionLog};
use kafka_core::client::Client;
use kafka_core::cluster;
use kafka_core::protocol::GroupId;
use kafka_core::record::{Record, RecordBatch, TransactionResult};
use kafka_core::time::SimTime;
use kafka_core::topic::{TopicName, TopicPartition};

use super::{Moment, label};
use crate::memory::is_internal;
use crate::scene::{Cell, Committed, Hue, InTransaction, Lane, OpenTransaction, Replica, Topic};

/// The lanes as they were last painted. They change only when something worth looking at happens, or when what
/// was fresh no longer is.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    painted: Option<(u64, SimTime)>,
    topics: Rc<[Topic]>,
}

/// What the groups have committed, by group name.
type Commits = Vec<(GroupId, BTreeMap<TopicPartition, i64>)>;

impl Lanes {
    pub(super) fn paint(&mut self, moment: &Moment<'_>) -> Rc<[Topic]> {
        let (notable, now) = (moment.memory.notable, moment.now());
        let fresh = || self.topics.iter().flat_map(|topic| topic.lanes.iter()).any(|lane| lane.fresh);
        let current = self.painted.is_some_and(|(then, at)| then == notable && at <= now && !fresh());
        if !current {
            self.painted = Some((notable, now));
            self.topics = paint(moment);
        }
        Rc::clone(&self.topics)
    }
}

fn paint(moment: &Moment<'_>) -> Rc<[Topic]> {
    let active = active(moment);
    let commits = commits(moment);
    let topics = moment.simulation.cluster().topics().filter(|(name, _)| !is_internal(name));
    topics
        .map(|(name, topic)| Topic {
            name: name.clone(),
            replication_factor: topic.partitions.first().map_or(0, |first| first.replicas.len() as u32),
            active: active.contains(name),
            lanes: (0..)
                .zip(&topic.partitions)
                .map(|(number, partition)| {
                    lane(moment, &TopicPartition::new(name.clone(), number), partition, &commits)
                })
                .collect(),
        })
        .collect()
}

/// Topics that a running client writes to or reads from.
fn active(moment: &Moment<'_>) -> BTreeSet<TopicName> {
    let mut active = BTreeSet::new();
    for (id, client) in moment.simulation.clients() {
        match client {
            Client::Producer(_) => {
                if let Some(memory) = moment.memory.clients.get(&id) {
                    active.extend(memory.topics.iter().cloned());
                }
            }
            Client::Consumer(consumer) => {
                active.extend(consumer.topics().iter().cloned());
                active.extend(consumer.positions().map(|(partition, _)| partition.topic.clone()));
            }
        }
    }
    active
}

fn commits(moment: &Moment<'_>) -> Commits {
    let brokers = moment.simulation.cluster().brokers().iter();
    let coordinators = brokers.filter_map(|id| moment.simulation.broker(*id)).map(Broker::coordinator);
    let mut commits: Commits = coordinators
        .flat_map(|coordinator| {
            coordinator.groups().into_iter().map(|listing| {
                let offsets = coordinator.offsets(&listing.group);
                let offsets = offsets.map(|(partition, value)| (partition.clone(), value.offset.offset));
                (listing.group.clone(), offsets.collect())
            })
        })
        .collect();
    commits.sort_by(|(left, _), (right, _)| left.cmp(right));
    commits
}

fn lane(moment: &Moment<'_>, id: &TopicPartition, partition: &cluster::Partition, commits: &Commits) -> Lane {
    let replica = moment.simulation.leader_replica(id);
    let (log_start_offset, high_watermark, log_end_offset) = replica.map_or((0, 0, 0), |replica| {
        (replica.log.log_start_offset(), replica.high_watermark(), replica.log.log_end_offset())
    });
    let open = replica.map(|replica| replica.log.open_transactions()).unwrap_or_default();
    let first_shown = (log_end_offset - Lane::SHOWN as i64).max(log_start_offset);
    Lane {
        partition: id.partition,
        leader: partition.leader.map(|broker| broker.0),
        replicas: partition
            .replicas
            .iter()
            .map(|broker| Replica { broker: broker.0, in_sync: partition.isr.contains(broker) })
            .collect(),
        log_start_offset,
        high_watermark,
        last_stable_offset: replica.map_or(0, model::Replica::last_stable_offset),
        log_end_offset,
        open_transactions: open
            .into_iter()
            .map(|open| OpenTransaction {
                producer_id: open.producer.producer_id,
                first_offset: open.first_offset,
            })
            .collect(),
        cells: replica.map_or_else(Rc::default, |replica| cells(moment, &replica.log, first_shown)),
        committed: commits
            .iter()
            .filter_map(|(group, offsets)| {
                let offset = *offsets.get(id)?;
                Some(Committed { group: group.clone(), offset, lag: high_watermark - offset })
            })
            .collect(),
        fresh: moment.memory.appended.get(id).is_some_and(|at| moment.is_fresh(*at)),
    }
}

fn cells(moment: &Moment<'_>, log: &PartitionLog, from: i64) -> Rc<[Cell]> {
    let first = log.batches().partition_point(|batch| batch.last_offset() < from);
    let shown = log.batches()[first..].iter();
    shown
        .flat_map(|batch| {
            batch.records_from(from).map(|(offset, record)| match in_transaction(log, batch, offset) {
                Some(marker @ (InTransaction::CommitMarker | InTransaction::AbortMarker)) => Cell {
                    offset,
                    hue: Hue::Keyless,
                    key: None,
                    value: if marker == InTransaction::CommitMarker { "COMMIT" } else { "ABORT" }.into(),
                    transaction: Some(marker),
                },
                transaction => cell(moment, offset, record, transaction),
            })
        })
        .collect()
}

fn in_transaction(log: &PartitionLog, batch: &RecordBatch, offset: i64) -> Option<InTransaction> {
    let transaction = batch.transaction?;
    Some(match transaction.marker.map(|marker| marker.result) {
        Some(TransactionResult::Commit) => InTransaction::CommitMarker,
        Some(TransactionResult::Abort) => InTransaction::AbortMarker,
        None => match log.result_of_transaction(transaction.producer.producer_id, offset) {
            Some(TransactionResult::Commit) => InTransaction::Committed,
            Some(TransactionResult::Abort) => InTransaction::Aborted,
            None => InTransaction::Open,
        },
    })
}

fn cell(moment: &Moment<'_>, offset: i64, record: &Record, transaction: Option<InTransaction>) -> Cell {
    Cell {
        offset,
        transaction,
        hue: moment.memory.hue(record.key.as_ref()),
        key: record.key.as_ref().map(|key| label(key)),
        value: record.value.as_ref().map_or_else(|| "null".into(), |value| label(value)),
    }
}
