//! Producers with their settings and batches, and the sum that chooses a partition.

use std::rc::Rc;

use super::{Countdown, Hue, LaneId};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Producer {
    pub number: u32,
    /// Its `client.id`.
    pub name: Rc<str>,
    pub terminal: u32,
    /// As in a properties file: name and value, those worth a look.
    pub settings: Rc<[(Rc<str>, Rc<str>)]>,
    /// Those it has metadata of, hence may write to.
    pub topics: Rc<[Rc<str>]>,
    /// Those in its RecordAccumulator, then those on their way.
    pub batches: Rc<[Batch]>,
    pub memory: BufferMemory,
    pub closing: bool,
    pub records_sent: u64,
}

/// `buffer.memory`, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BufferMemory {
    pub used: u64,
    pub total: u64,
    /// Records whose `send()` waits for memory, or for metadata.
    pub blocked: u32,
}

/// One batch of the RecordAccumulator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Batch {
    pub lane: LaneId,
    /// The colour of each record, oldest first; no more than [`Batch::SHOWN`].
    pub hues: Rc<[Hue]>,
    pub records: u32,
    pub bytes: u32,
    /// `batch.size`.
    pub limit: u32,
    pub state: BatchState,
    /// How often it was sent and came to nothing.
    pub attempts: u32,
    /// Until it is given up: `delivery.timeout.ms`.
    pub expires: Countdown,
}

impl Batch {
    pub const SHOWN: usize = 12;
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BatchState {
    /// Takes records until it is full or has lingered; how much of `linger.ms` has passed, in per mille.
    Open { lingered: u16 },
    /// Takes no more records, and waits for its turn.
    Closed,
    InFlight {
        /// To whom.
        broker: u32,
    },
    /// Came to nothing, and waits to be sent again: `retry.backoff.ms`.
    BackingOff {
        /// In milliseconds.
        left: u32,
    },
}

/// `toPositive(murmur2(key)) % partitions`, with the numbers filled in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hashing {
    pub producer: u32,
    pub key: Rc<str>,
    pub hue: Hue,
    pub murmur2: i32,
    /// `murmur2 & 0x7fffffff`.
    pub positive: u32,
    pub partitions: u32,
    pub lane: LaneId,
}
