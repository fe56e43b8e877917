//! The picture at one moment, as plain data in the words of the screen.
//!
//! Coordinates are the stage's business: everything that moves or connects names its ends by [`Anchor`].

mod brokers;
mod consumers;
mod countdowns;
mod deliveries;
mod groups;
mod happenings;
mod offsets_log;
mod producers;
mod sendings;
mod topics;
mod travellers;

use std::rc::Rc;

use kafka_core::delivery::ProducerTally;
use kafka_core::time::SimTime;

pub use brokers::{Broker, Process, Standing};
pub use consumers::{Consumer, ConsumerState, Held, Holding, LastRecord};
pub use countdowns::{Countdown, Countdowns};
pub use deliveries::{GroupDeliveries, Mishap, MishapKind};
pub use groups::{Group, HandedOver, Member, Progress, Rebalanced, Stopped, Wait, Who};
pub use happenings::Happening;
pub use offsets_log::{Entry, Home, OffsetsLog};
pub use producers::{Batch, BatchState, BufferMemory, Hashing, Producer};
pub use sendings::{Fate, Sendings, TracedRecord};
pub use topics::{Cell, Committed, Election, Lane, OutOfSync, Replica, Topic};
pub use travellers::{Cargo, Traveller};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scene {
    pub clock: Clock,
    /// By number, those that do not run among them.
    pub brokers: Rc<[Broker]>,
    pub producers: Rc<[Producer]>,
    /// Without Kafka's internal topics; in order of name.
    pub topics: Rc<[Topic]>,
    pub consumers: Rc<[Consumer]>,
    pub groups: Rc<[Group]>,
    pub travellers: Vec<Traveller>,
    /// How the last record with a key came to its partition, while that is fresh.
    pub hashing: Option<Hashing>,
    /// Newest first.
    pub happenings: Rc<[Happening]>,
    pub lag: Rc<[LagLine]>,
    /// By group name.
    pub deliveries: Rc<[GroupDeliveries]>,
    /// By producer, those that are gone among them.
    pub sendings: Rc<[Sendings]>,
    pub offsets_log: OffsetsLog,
}

/// Where the picture stands in its history.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Clock {
    pub now: SimTime,
    /// How far the history has been played.
    pub end: SimTime,
    pub marks: Rc<[Mark]>,
}

/// A moment worth going back to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    pub at: SimTime,
    pub kind: MarkKind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MarkKind {
    /// A group began to rebalance; the generation that it left.
    Rebalance {
        group: Rc<str>,
        generation: i32,
    },
    Killed {
        client: Rc<str>,
    },
    Failed {
        client: Rc<str>,
    },
    /// A broker was killed, stopped, paused or cut off.
    BrokerFailed {
        broker: u32,
    },
}

/// A place on the stage that things leave from, arrive at, and are connected to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Anchor {
    Producer(u32),
    Lane(LaneId),
    /// A follower's copy of a lane.
    Replica(LaneId, u32),
    Consumer(u32),
    Coordinator(Rc<str>),
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LaneId {
    pub topic: Rc<str>,
    pub partition: u32,
}

/// A key's colour; the same key has the same one everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Hue {
    Key(u8),
    Keyless,
}

impl Hue {
    pub const KEYS: u8 = 7;
}

/// Lag of one group in one partition over time, for the chart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LagLine {
    pub group: Rc<str>,
    pub lane: LaneId,
    /// The lag changed to this, then; in order of time.
    pub points: Rc<[(SimTime, i64)]>,
}

impl Scene {
    pub fn lane(&self, id: &LaneId) -> Option<&Lane> {
        let topic = self.topics.iter().find(|topic| topic.name == id.topic)?;
        topic.lanes.get(id.partition as usize)
    }

    /// What became of the records that all producers sent to a topic.
    pub fn sent_to(&self, topic: &str) -> ProducerTally {
        let tallies = self.sendings.iter().flat_map(|sendings| sendings.topics.iter());
        let of_topic = tallies.filter(|(name, _)| **name == *topic);
        of_topic.fold(ProducerTally::default(), |sum, (_, tally)| sum.plus(*tally))
    }

    pub fn lane_count(&self) -> usize {
        self.topics.iter().map(|topic| topic.lanes.len()).sum()
    }
}
