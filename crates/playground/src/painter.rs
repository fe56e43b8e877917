//! From the model to the picture: computes the [`Scene`] of a moment.
//!
//! A pure function of the simulation, the memory of what happened, and the time.

mod brokers;
mod consumers;
mod coordinators;
mod countdowns;
mod deliveries;
mod groups;
mod offsets_log;
mod producers;
mod replicas;
mod sendings;
mod topics;
mod travellers;

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::protocol::ClientId;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use crate::memory::{MOMENT, Memory, is_internal};
use crate::scene::{Clock, Hashing, LagLine, LaneId, Scene};
use coordinators::Coordinators;
use topics::Lanes;
pub(crate) use travellers::newest_in_sight;

/// How long the sum that chose a partition stays on the screen, in virtual time after the record.
const HASHING_SHOWN: std::time::Duration = std::time::Duration::from_millis(1500);

/// How much of a key or value a label carries, in characters.
const LABEL: usize = 48;

pub(crate) struct Moment<'a> {
    pub(crate) simulation: &'a Simulation,
    pub(crate) memory: &'a Memory,
    /// The terminal that each client's process was started in.
    pub(crate) terminals: BTreeMap<ClientId, u32>,
    /// How far the history has been played.
    pub(crate) end: SimTime,
}

/// Parts of the picture as they were last painted, for those that seldom change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canvas {
    lanes: Lanes,
    deliveries: deliveries::Deliveries,
    sendings: sendings::Outcomes,
    offsets_log: offsets_log::Log,
}

impl Canvas {
    /// Another history may count as many events.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

pub(crate) fn paint(moment: &Moment<'_>, canvas: &mut Canvas) -> Scene {
    let coordinators = Coordinators::ask(moment);
    Scene {
        clock: Clock {
            now: moment.now(),
            end: moment.end,
            marks: moment.memory.marks.iter().cloned().collect(),
        },
        brokers: brokers::paint(moment),
        producers: producers::paint(moment),
        topics: canvas.lanes.paint(moment),
        consumers: consumers::paint(moment, &coordinators),
        groups: groups::paint(moment, &coordinators),
        travellers: travellers::paint(moment),
        hashing: hashing(moment),
        happenings: moment.memory.happenings.iter().cloned().collect(),
        lag: lag(moment),
        deliveries: canvas.deliveries.paint(moment),
        sendings: canvas.sendings.paint(moment),
        offsets_log: canvas.offsets_log.paint(moment),
    }
}

impl Moment<'_> {
    fn now(&self) -> SimTime {
        self.simulation.now()
    }

    /// Whether something at that time counts as having happened a moment ago.
    fn is_fresh(&self, at: SimTime) -> bool {
        self.now().since(at) < MOMENT
    }
}

fn hashing(moment: &Moment<'_>) -> Option<Hashing> {
    let choice = moment.memory.hashing.as_ref()?;
    (moment.now().since(choice.at) < HASHING_SHOWN).then(|| Hashing {
        producer: choice.client.0,
        key: label(&choice.key),
        hue: moment.memory.hue(Some(&choice.key)),
        murmur2: choice.murmur2,
        positive: kafka_core::producer::partitioner::to_positive(choice.murmur2),
        partitions: choice.partitions,
        lane: lane_id(&choice.partition),
    })
}

fn lag(moment: &Moment<'_>) -> Rc<[LagLine]> {
    let lines = moment.memory.lag.iter().filter(|((_, partition), _)| !is_internal(&partition.topic));
    lines
        .map(|((group, partition), points)| LagLine {
            group: group.clone(),
            lane: lane_id(partition),
            points: points.as_slice().into(),
        })
        .collect()
}

/// What a client is called on the screen.
fn name(moment: &Moment<'_>, client: ClientId, client_id: &Rc<str>) -> Rc<str> {
    moment.memory.clients.get(&client).map_or_else(|| client_id.clone(), |memory| memory.name.clone())
}

fn lane_id(partition: &TopicPartition) -> LaneId {
    LaneId { topic: partition.topic.clone(), partition: partition.partition }
}

/// The beginning of a text, for a label.
fn label(bytes: &[u8]) -> Rc<str> {
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(LABEL) {
        Some((cut, _)) => format!("{}…", &text[..cut]).into(),
        None => text.into(),
    }
}
