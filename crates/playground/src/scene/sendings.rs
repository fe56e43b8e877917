//! What became of the records that a producer was given.

use std::rc::Rc;

use kafka_core::delivery::ProducerTally;

use super::{Hue, LaneId};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sendings {
    pub number: u32,
    /// Its `client.id`, and which of its bearers it is.
    pub name: Rc<str>,
    /// `None` once the process is gone.
    pub terminal: Option<u32>,
    /// By topic, in order of name. What is on its way is not among the lost ones.
    pub topics: Rc<[(Rc<str>, ProducerTally)]>,
    /// Those with a fate worth a look, by topic and in the order in which they were sent; of each kind of fate no
    /// more than [`Sendings::SHOWN`], the last ones.
    pub records: Rc<[TracedRecord]>,
}

impl Sendings {
    pub const SHOWN: usize = 100;

    pub fn tally(&self) -> ProducerTally {
        self.topics.iter().fold(ProducerTally::default(), |sum, (_, tally)| sum.plus(*tally))
    }

    /// Records that are not in the log exactly once, or of which the application was told so.
    pub fn mishaps(&self) -> u64 {
        let tally = self.tally();
        tally.lost + tally.duplicates + tally.failed
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TracedRecord {
    /// Of the record, over its whole life.
    pub id: u64,
    pub lane: LaneId,
    /// Where it is, or was when it was acknowledged.
    pub offset: Option<i64>,
    pub hue: Hue,
    pub key: Option<Rc<str>>,
    /// The beginning of the value.
    pub value: Rc<str>,
    /// How often it was sent again.
    pub retries: u32,
    pub fate: Fate,
}

/// The worst that is known of a record.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Fate {
    /// Acknowledged, and not in the leader's log.
    Lost,
    /// In the leader's log at these offsets.
    Duplicated {
        offsets: Rc<[i64]>,
    },
    /// Its application was told that it failed, and it is in the leader's log.
    FailedAndWritten {
        expired: bool,
    },
    Failed {
        expired: bool,
    },
    /// Sent again, and well in the end or still on its way.
    Retried,
}
