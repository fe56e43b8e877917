//! Connections to brokers: how they break, who is told, when they are tried again.
//!
//! Mirrors `ClusterConnectionStates` with the default settings. Leaves out: idle connections, several addresses of
//! one host; brokers do not keep track of who is connected to them.

use std::time::Duration;

use crate::agenda::Occurrence;
use crate::network::{Envelope, Network};
use crate::protocol::{BrokerId, NodeId};
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::time::SimTime;

/// `reconnect.backoff.ms`, `reconnect.backoff.max.ms`
const RECONNECT_BACKOFF: Duration = Duration::from_millis(50);
const RECONNECT_BACKOFF_MAX: Duration = Duration::from_secs(1);

/// `socket.connection.setup.timeout.ms`: how long a client waits for a host that does not answer at all.
const CONNECTION_SETUP_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Connection {
    Established,
    /// The broker's side is closed, and word of it is on its way: what is sent now is lost.
    Closing,
    /// Not tried again before `retry_at`.
    Broken {
        failures: u32,
        retry_at: SimTime,
        /// When the node is told that what it asked for meanwhile has failed.
        told_at: Option<SimTime>,
    },
}

/// A node learns that its connection to a broker is closed, or could not be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Disconnection {
    pub(crate) node: NodeId,
    pub(crate) broker: BrokerId,
}

/// No connection for now; worth another try at `retry_at`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NotConnected {
    pub(crate) retry_at: SimTime,
    /// When the node learns that this very try has failed; `None` when it did not try, so soon after the last time.
    pub(crate) fails_at: Option<SimTime>,
}

impl Network {
    /// A connection of `node` to a broker, opened if need be.
    pub(crate) fn connect(
        &mut self,
        node: NodeId,
        broker: BrokerId,
        now: SimTime,
        scenario: &Scenario,
        rng: &mut Rng,
    ) -> Result<(), NotConnected> {
        let failures = match self.connections.get(&(node, broker)) {
            Some(Connection::Established | Connection::Closing) => return Ok(()),
            Some(Connection::Broken { retry_at, .. }) if *retry_at > now => {
                return Err(NotConnected { retry_at: *retry_at, fails_at: None });
            }
            Some(Connection::Broken { failures, .. }) => *failures,
            None => 0,
        };
        let separated = self.separates(node, NodeId::Broker(broker));
        if !separated && !self.down.contains(&broker) {
            self.connections.insert((node, broker), Connection::Established);
            return Ok(());
        }
        let noticed = now + if separated { CONNECTION_SETUP_TIMEOUT } else { scenario.link_latency * 2 };
        let retry_at = noticed + reconnect_backoff(failures, rng);
        let broken = Connection::Broken { failures: failures + 1, retry_at, told_at: None };
        self.connections.insert((node, broker), broken);
        Err(NotConnected { retry_at, fails_at: Some(noticed) })
    }

    /// When a node is to be told that a request could not be sent; `None` when that is under way already.
    pub(crate) fn tell_of_failure(&mut self, node: NodeId, broker: BrokerId) -> Option<SimTime> {
        match self.connections.get_mut(&(node, broker))? {
            Connection::Broken { told_at: told_at @ None, retry_at, .. } => {
                *told_at = Some(*retry_at);
                *told_at
            }
            Connection::Broken { told_at: Some(_), .. } | Connection::Established | Connection::Closing => {
                None
            }
        }
    }

    /// What is sent on a connection that is closing is lost.
    pub(crate) fn loses(&self, envelope: &Envelope) -> bool {
        let connection = envelope.connection().and_then(|ends| self.connections.get(&ends));
        match connection {
            Some(Connection::Established) | None => false,
            Some(Connection::Closing | Connection::Broken { .. }) => true,
        }
    }

    /// The broker's side of the connection that it travels on is closed.
    pub(crate) fn is_closing(&self, envelope: &Envelope) -> bool {
        let connection = envelope.connection().and_then(|ends| self.connections.get(&ends));
        connection == Some(&Connection::Closing)
    }

    /// The connection was never opened, or the node has closed it itself.
    pub(crate) fn is_broken(&self, Disconnection { node, broker }: Disconnection) -> bool {
        matches!(self.connections.get(&(node, broker)), Some(Connection::Broken { .. }))
    }

    /// A node has been told of a disconnection: it may connect again after a moment.
    pub(crate) fn on_told(
        &mut self,
        Disconnection { node, broker }: Disconnection,
        now: SimTime,
        rng: &mut Rng,
    ) {
        match self.connections.get_mut(&(node, broker)) {
            Some(Connection::Broken { told_at, .. }) => *told_at = None,
            Some(connection @ Connection::Closing) => {
                let retry_at = now + reconnect_backoff(0, rng);
                *connection = Connection::Broken { failures: 1, retry_at, told_at: None };
            }
            Some(Connection::Established) | None => {}
        }
    }

    /// A node gives up on a connection whose other side does not answer.
    pub(crate) fn close(&mut self, node: NodeId, broker: BrokerId, now: SimTime, rng: &mut Rng) {
        let retry_at = now + reconnect_backoff(0, rng);
        let broken = Connection::Broken { failures: 1, retry_at, told_at: None };
        self.connections.insert((node, broker), broken);
        self.held.retain(|occurrence| !travels_on(occurrence, node, broker));
    }

    /// A broker's process is gone: its peers' kernels are told, as far as they can be reached.
    pub(crate) fn take_down(
        &mut self,
        broker: BrokerId,
        now: SimTime,
        scenario: &Scenario,
    ) -> Vec<(SimTime, Disconnection)> {
        self.down.insert(broker);
        self.connections.retain(|(node, _), _| *node != NodeId::Broker(broker));
        self.held.retain(|occurrence| !concerns_sender(occurrence, broker));
        let peers: Vec<_> =
            self.connections.keys().filter(|(_, to)| *to == broker).map(|(node, _)| *node).collect();
        peers.into_iter().filter_map(|node| self.hang_up(node, broker, now, scenario)).collect()
    }

    /// A broker's side of a connection is closed. Answers when the other side hears of it, if it can.
    pub(crate) fn hang_up(
        &mut self,
        node: NodeId,
        broker: BrokerId,
        now: SimTime,
        scenario: &Scenario,
    ) -> Option<(SimTime, Disconnection)> {
        let connection = self.connections.get_mut(&(node, broker))?;
        match connection {
            Connection::Established => *connection = Connection::Closing,
            Connection::Closing | Connection::Broken { .. } => return None,
        }
        if self.separates(node, NodeId::Broker(broker)) {
            return None;
        }
        let at = self.arrival(NodeId::Broker(broker), node, now + scenario.link_latency);
        Some((at, Disconnection { node, broker }))
    }

    /// A broker accepts connections.
    pub(crate) fn bring_up(&mut self, broker: BrokerId) {
        self.down.remove(&broker);
    }

    /// A broker is on the network again. Answers with what TCP retransmits, and with resets of connections whose
    /// other side is gone.
    pub(crate) fn reconnect(&mut self, broker: BrokerId, now: SimTime) -> Vec<Occurrence> {
        self.cut_off.remove(&broker);
        let mut retransmitted = std::mem::take(&mut self.held);
        for ((node, to), connection) in &mut self.connections {
            if *to != broker && *node != NodeId::Broker(broker) {
                continue;
            }
            match connection {
                Connection::Established => {}
                Connection::Closing => {
                    let disconnection = Disconnection { node: *node, broker: *to };
                    retransmitted.push(Occurrence::Disconnection(disconnection));
                }
                Connection::Broken { retry_at, .. } => *retry_at = (*retry_at).min(now),
            }
        }
        retransmitted
    }

    /// A client process is gone, with its connections.
    pub(crate) fn forget(&mut self, node: NodeId) {
        self.connections.retain(|(of, _), _| *of != node);
        self.held.retain(
            |occurrence| !matches!(occurrence, Occurrence::Delivery(envelope) if envelope.to == node),
        );
    }
}

/// 50 ms, 100 ms, 200 ms, and so on up to a second, each a fifth more or less.
fn reconnect_backoff(failures: u32, rng: &mut Rng) -> Duration {
    let backoff = RECONNECT_BACKOFF.saturating_mul(1 << failures.min(10)).min(RECONNECT_BACKOFF_MAX);
    backoff * 4 / 5 + rng.duration_up_to(backoff * 2 / 5)
}

/// The occurrence belongs to the connection of a node to a broker.
pub(crate) fn travels_on(occurrence: &Occurrence, node: NodeId, broker: BrokerId) -> bool {
    match occurrence {
        Occurrence::Delivery(envelope) => envelope.connection() == Some((node, broker)),
        Occurrence::Disconnection(disconnection) => *disconnection == Disconnection { node, broker },
        Occurrence::Timer(..) | Occurrence::Controller(_) => false,
    }
}

fn concerns_sender(occurrence: &Occurrence, broker: BrokerId) -> bool {
    matches!(occurrence, Occurrence::Delivery(envelope) if envelope.from == NodeId::Broker(broker))
}
