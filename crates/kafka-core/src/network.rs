//! Links between nodes. Each direction of a link is one TCP connection: what is sent first arrives first.
//!
//! Leaves out: bandwidth, loss, partitions between hosts, connection set-up.

use fxhash::FxHashMap;

use crate::protocol::{Message, NodeId};
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::time::SimTime;

/// A message on its way: where it is drawn follows from `sent`, `arrives` and the time alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Envelope {
    /// Counts up over the whole run.
    pub id: u64,
    pub from: NodeId,
    pub to: NodeId,
    pub sent: SimTime,
    pub arrives: SimTime,
    pub message: Message,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Network {
    last_arrival: FxHashMap<(NodeId, NodeId), SimTime>,
    sent: u64,
}

impl Network {
    pub(crate) fn send(
        &mut self,
        scenario: &Scenario,
        rng: &mut Rng,
        now: SimTime,
        (from, to): (NodeId, NodeId),
        message: Message,
    ) -> Envelope {
        let travelled = now + scenario.link_latency + rng.duration_up_to(scenario.link_jitter);
        let last = self.last_arrival.entry((from, to)).or_default();
        let arrives = travelled.max(*last);
        *last = arrives;
        self.sent += 1;
        Envelope { id: self.sent, from, to, sent: now, arrives, message }
    }
}
