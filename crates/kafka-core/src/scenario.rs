//! The world before the first input: how many brokers, in which racks, how fast the links, which seed.

use std::rc::Rc;
use std::time::Duration;

use crate::config::BrokerConfig;
use crate::group::GroupCoordinatorConfig;
use crate::protocol::BrokerId;
use crate::transaction::TransactionConfig;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scenario {
    pub seed: u64,
    /// Brokers are numbered from 1.
    pub brokers: u32,
    /// `broker.rack` of each broker, in order of number; brokers beyond the end have none.
    pub racks: Vec<Rc<str>>,
    /// The wall clock at virtual time zero, in milliseconds since the Unix epoch.
    pub epoch_millis: i64,
    /// The least time that a message takes from node to node.
    pub link_latency: Duration,
    /// Up to this much is added to each message's time, at random.
    pub link_jitter: Duration,
    pub broker: BrokerConfig,
    pub groups: GroupCoordinatorConfig,
    pub transactions: TransactionConfig,
}

impl Scenario {
    /// Registered brokers, partitions, clients and what is sent stay below these, so that nothing a learner types can
    /// stop the page from answering.
    pub const MAX_PARTITIONS: u32 = 20_000;
    pub const MAX_CLIENTS: u32 = 2_000;
    /// Records that are sent in one session, whatever becomes of them, and the bytes of their keys and values.
    pub const MAX_RECORDS: u64 = 500_000;
    pub const MAX_RECORD_BYTES: u64 = 64 << 20;

    pub fn one_broker(seed: u64) -> Self {
        Self {
            seed,
            brokers: 1,
            racks: Vec::new(),
            // 14 October 2025, 10:00:00 UTC
            epoch_millis: 1_760_436_000_000,
            link_latency: Duration::from_micros(1500),
            link_jitter: Duration::from_micros(500),
            broker: BrokerConfig::default(),
            groups: GroupCoordinatorConfig::default(),
            transactions: TransactionConfig::default(),
        }
    }

    pub fn three_brokers(seed: u64) -> Self {
        Self { brokers: 3, ..Self::one_broker(seed) }
    }

    /// Where a broker stands (`broker.rack`); `None` when nobody has said it.
    pub fn rack(&self, broker: BrokerId) -> Option<&Rc<str>> {
        self.racks.get(broker.0.checked_sub(1)? as usize)
    }
}
