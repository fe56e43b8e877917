//! What a node may do while it handles something: send, set timers, draw from the seed, say what happened.

use crate::agenda::Agenda;
use crate::cluster::Cluster;
use crate::event::Event;
use crate::group::GroupTimer;
use crate::network::Network;
use crate::protocol::{BrokerId, CorrelationId, Message, NodeId, Request, RequestHandle, Response};
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::time::SimTime;

/// Every timer of every node, by name; a node has at most one of each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Timer {
    /// Broker: a fetch has waited `fetch.max.wait.ms`.
    DelayedFetch(RequestHandle),
    /// Broker: a produce with acks=all has waited for its followers too long.
    DelayedProduce(RequestHandle),
    /// Broker: time for the group coordinator.
    Group(GroupTimer),
    /// Producer: a batch has lingered long enough, or appended records wait for the sender.
    Sender,
    /// Producer: a call to `send` has been blocked for `max.block.ms`.
    MaxBlock,
    /// Client: ask for metadata again.
    MetadataRetry,
    /// Consumer: a request has not been answered for too long.
    Request(CorrelationId),
    /// Consumer: a wait inside `poll()`, `commitSync()` or `close()` is over.
    Poll,
    /// Consumer: the application has worked on a record long enough, or calls `poll()` again.
    Application,
    /// Consumer: the heartbeat thread wakes up.
    Heartbeat,
    /// Consumer: the application has not called `poll()` for `max.poll.interval.ms`.
    MaxPollInterval,
}

pub(crate) struct Context<'a> {
    pub(crate) now: SimTime,
    pub(crate) node: NodeId,
    pub(crate) scenario: &'a Scenario,
    pub(crate) cluster: &'a mut Cluster,
    pub(crate) rng: &'a mut Rng,
    pub(crate) agenda: &'a mut Agenda,
    pub(crate) network: &'a mut Network,
    pub(crate) events: &'a mut Vec<Event>,
}

impl Context<'_> {
    /// The wall clock in milliseconds since the Unix epoch.
    pub(crate) fn wall_millis(&self) -> i64 {
        self.scenario.epoch_millis + self.now.as_millis().cast_signed()
    }

    pub(crate) fn request(&mut self, to: BrokerId, correlation_id: CorrelationId, request: Request) {
        self.send(NodeId::Broker(to), Message::Request { correlation_id, request });
    }

    pub(crate) fn respond(&mut self, handle: RequestHandle, response: Response) {
        self.send(handle.from, Message::Response { correlation_id: handle.correlation_id, response });
    }

    pub(crate) fn set_timer(&mut self, timer: Timer, at: SimTime) {
        self.agenda.set_timer(self.node, timer, at);
    }

    pub(crate) fn cancel_timer(&mut self, timer: &Timer) {
        self.agenda.cancel_timer(self.node, timer);
    }

    pub(crate) fn emit(&mut self, event: Event) {
        self.events.push(event);
    }

    fn send(&mut self, to: NodeId, message: Message) {
        let envelope = self.network.send(self.scenario, self.rng, self.now, (self.node, to), message);
        self.agenda.deliver(envelope);
    }
}
