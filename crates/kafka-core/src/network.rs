//! Links between nodes. Each direction of a link is one TCP connection: what is sent first arrives first.
//!
//! Leaves out: bandwidth, connection set-up while all is well, links that fail one by one.

mod connection;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use fxhash::FxHashMap;

use crate::agenda::Occurrence;
use crate::protocol::{BrokerId, Message, NodeId};
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::time::SimTime;
use connection::Connection;
pub(crate) use connection::{Disconnection, NotConnected, travels_on};
pub use shape::Shape;

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
    /// By who opened it and to whom; there is none before the first request.
    connections: BTreeMap<(NodeId, BrokerId), Connection>,
    /// Brokers that accept no connection, because their process does not run.
    down: BTreeSet<BrokerId>,
    /// Brokers that are cut off from everybody.
    cut_off: BTreeSet<BrokerId>,
    /// What is done to all that a broker sends.
    shapes: BTreeMap<BrokerId, Shape>,
    /// What TCP retransmits until a broker that is cut off is back.
    held: Vec<Occurrence>,
}

impl Envelope {
    /// Who opened the connection that it travels on, and to whom.
    pub(crate) const fn connection(&self) -> Option<(NodeId, BrokerId)> {
        match (&self.message, self.from, self.to) {
            (Message::Request { .. }, client, NodeId::Broker(broker))
            | (Message::Response { .. }, NodeId::Broker(broker), client) => Some((client, broker)),
            (Message::Request { .. } | Message::Response { .. }, _, _) => None,
        }
    }
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
        let mut travelled = now + scenario.link_latency + rng.duration_up_to(scenario.link_jitter);
        if let NodeId::Broker(broker) = from
            && let Some(shape) = self.shapes.get(&broker)
        {
            travelled += shape.delay_of_one(scenario.link_latency, rng);
        }
        let arrives = self.arrival(from, to, travelled);
        self.sent += 1;
        Envelope { id: self.sent, from, to, sent: now, arrives, message }
    }

    pub(crate) fn shape(&self, broker: BrokerId) -> Option<Shape> {
        self.shapes.get(&broker).copied()
    }

    pub(crate) fn reshape(&mut self, broker: BrokerId, shape: Option<Shape>) {
        match shape {
            Some(shape) => drop(self.shapes.insert(broker, shape)),
            None => drop(self.shapes.remove(&broker)),
        }
    }

    pub(crate) fn is_cut_off(&self, broker: BrokerId) -> bool {
        self.cut_off.contains(&broker)
    }

    /// Nothing gets to this broker or away from it; nobody is told.
    pub(crate) fn cut_off(&mut self, broker: BrokerId) {
        self.cut_off.insert(broker);
    }

    /// Nothing gets from one node to the other for now.
    pub(crate) fn separates(&self, one: NodeId, other: NodeId) -> bool {
        let cut_off = |node| matches!(node, NodeId::Broker(broker) if self.cut_off.contains(&broker));
        cut_off(one) || cut_off(other)
    }

    /// Keeps what does not get through; TCP sends it again.
    pub(crate) fn hold(&mut self, occurrence: Occurrence) {
        self.held.push(occurrence);
    }

    pub(crate) fn held(&self) -> &[Occurrence] {
        &self.held
    }

    /// First in, first out.
    fn arrival(&mut self, from: NodeId, to: NodeId, at: SimTime) -> SimTime {
        let last = self.last_arrival.entry((from, to)).or_default();
        *last = at.max(*last);
        *last
    }
}
