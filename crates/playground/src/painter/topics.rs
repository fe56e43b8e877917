//! Topics as lanes of cells, with what each group has committed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kafka_core::broker::{self, Broker};
use kafka_core::client::Client;
use kafka_core::cluster;
use kafka_core::protocol::GroupId;
use kafka_core::record::Record;
use kafka_core::time::SimTime;
use kafka_core::topic::{TopicName, TopicPartition};

use super::replicas::replicas;
use super::{Moment, label};
use crate::memory::is_internal;
use crate::scene::{Cell, Committed, Election, Lane, Topic};

/// The lanes as they were last painted. They change only when something worth looking at happens, or when what
/// was fresh no longer is.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    painted: Option<(Sign, SimTime)>,
    topics: Rc<[Topic]>,
}

/// Differs whenever a lane does: how much was worth looking at, and how much followers have copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Sign {
    notable: u64,
    replicated: u64,
}

impl Sign {
    fn of(moment: &Moment<'_>) -> Self {
        let brokers = moment.simulation.cluster().brokers().iter();
        let replicated =
            brokers.filter_map(|id| moment.simulation.broker(*id)).map(Broker::batches_replicated);
        Self { notable: moment.memory.notable, replicated: replicated.sum() }
    }
}

/// What the groups have committed, by group name.
type Commits = Vec<(GroupId, BTreeMap<TopicPartition, i64>)>;

impl Lanes {
    pub(super) fn paint(&mut self, moment: &Moment<'_>) -> Rc<[Topic]> {
        let (sign, now) = (Sign::of(moment), moment.now());
        let passing = |lane: &Lane| lane.fresh || lane.election.is_some();
        let passing = || self.topics.iter().flat_map(|topic| topic.lanes.iter()).any(passing);
        let current = self.painted.is_some_and(|(then, at)| then == sign && at <= now && !passing());
        if !current {
            self.painted = Some((sign, now));
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
    let replica = shown_replica(moment, id, partition);
    let (log_start_offset, high_watermark, log_end_offset) = replica.map_or((0, 0, 0), |replica| {
        (replica.log.log_start_offset(), replica.high_watermark(), replica.log.log_end_offset())
    });
    let first_shown = (log_end_offset - Lane::SHOWN as i64).max(log_start_offset);
    Lane {
        partition: id.partition,
        leader: partition.leader.map(|broker| broker.0),
        leader_epoch: partition.leader_epoch,
        election: partition.leader.and_then(|_| election(moment, id)),
        min_isr: min_isr(moment, id, partition),
        replicas: replicas(moment, id, partition, replica),
        log_start_offset,
        high_watermark,
        log_end_offset,
        cells: replica.map_or_else(Rc::default, |replica| {
            replica
                .log
                .records_from(first_shown)
                .map(|(offset, record)| cell(moment, offset, record))
                .collect()
        }),
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

/// The leader's; without a leader the one that has most.
fn shown_replica<'a>(
    moment: &Moment<'a>,
    id: &TopicPartition,
    partition: &cluster::Partition,
) -> Option<&'a broker::Replica> {
    if partition.leader.is_some() {
        return moment.simulation.leader_replica(id);
    }
    let replicas =
        partition.replicas.iter().filter_map(|broker| moment.simulation.broker(*broker)?.replica(id));
    replicas.max_by_key(|replica| replica.log.log_end_offset())
}

fn election(moment: &Moment<'_>, id: &TopicPartition) -> Option<Election> {
    let elected = moment.memory.brokers.election(id).filter(|elected| moment.is_fresh(elected.at))?;
    Some(Election { from: elected.from.map(|broker| broker.0), unclean: elected.unclean })
}

fn min_isr(moment: &Moment<'_>, id: &TopicPartition, partition: &cluster::Partition) -> u32 {
    let topic = moment.simulation.cluster().topic(&id.topic);
    let asked = topic.map_or(1, |topic| topic.min_insync_replicas(&moment.simulation.scenario().broker));
    partition.effective_min_isr(asked)
}

pub(super) fn cell(moment: &Moment<'_>, offset: i64, record: &Record) -> Cell {
    Cell {
        offset,
        hue: moment.memory.hue(record.key.as_ref()),
        key: record.key.as_ref().map(|key| label(key)),
        value: record.value.as_ref().map_or_else(|| "null".into(), |value| label(value)),
    }
}
