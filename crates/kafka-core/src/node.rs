//! What a node may do while it handles something: send, set timers, draw from the seed, say what happened.

use crate::agenda::{Agenda, Occurrence};
use crate::cluster::Cluster;
use crate::event::Event;
use crate::group::GroupTimer;
use crate::network::{Disconnection, Network, NotConnected, travels_on};
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
    /// Broker: a leader that could not be fetched from is asked again.
    ReplicaFetch(BrokerId),
    /// Broker: a fetch from a leader has not been answered for too long.
    ReplicaFetchTimeout(BrokerId),
    /// Broker: followers of the partitions that it leads may have fallen behind.
    IsrExpiration,
    /// Broker: time to look for segments that are too old or too many.
    LogRetention,
    /// Broker: the log cleaner wakes up.
    LogCleaner,
    /// Broker: it reaches the controller, after a start or after it was cut off.
    Contact,
    /// Broker: its controlled shutdown is over.
    Shutdown,
    /// Broker: another broker has not answered for too long.
    InterBrokerRequest(CorrelationId),
    /// Broker: the transaction coordinator is asked again for room in a transaction.
    AddPartitionsAgain(CorrelationId),
    /// Broker: markers that could not be written are sent again.
    TransactionMarkers,
    /// Broker: transactions may have been open for too long.
    TransactionTimeouts,
    /// Broker: time for the group coordinator.
    Group(GroupTimer),
    /// Producer: a batch has lingered long enough, or appended records wait for the sender.
    Sender,
    /// Producer: a call to `send` has been blocked for `max.block.ms`.
    MaxBlock,
    /// Producer: ask for an identity again.
    ProducerId,
    /// Producer: a transactional call has been blocked for `max.block.ms`.
    TransactionCall,
    /// Client: ask for metadata again.
    MetadataRetry,
    /// Client: a request has not been answered for too long.
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

    /// Sends a request. If there is no connection to the broker and none can be opened, the node is told of a
    /// disconnection some time later.
    pub(crate) fn request(&mut self, to: BrokerId, correlation_id: CorrelationId, request: Request) {
        match self.connect(to) {
            Ok(()) => self.send(NodeId::Broker(to), Message::Request { correlation_id, request }),
            Err(NotConnected { .. }) => {
                if let Some(at) = self.network.tell_of_failure(self.node, to) {
                    let disconnection = Disconnection { node: self.node, broker: to };
                    self.agenda.schedule(at, Occurrence::Disconnection(disconnection));
                }
            }
        }
    }

    /// Whether requests can be sent to a broker; if not, when it is worth another try.
    pub(crate) fn connect(&mut self, broker: BrokerId) -> Result<(), NotConnected> {
        self.network.connect(self.node, broker, self.now, self.scenario, self.rng)
    }

    /// The last attempt to reach the broker has failed.
    pub(crate) fn is_known_to_be_gone(&self, broker: BrokerId) -> bool {
        self.network.is_broken(Disconnection { node: self.node, broker })
    }

    /// Gives up on a broker that does not answer: what is under way on the connection is lost.
    pub(crate) fn close_connection(&mut self, broker: BrokerId) {
        self.network.close(self.node, broker, self.now, self.rng);
        self.agenda.drop_where(|occurrence| travels_on(occurrence, self.node, broker));
    }

    pub(crate) fn respond(&mut self, handle: RequestHandle, response: Response) {
        self.send(handle.from, Message::Response { correlation_id: handle.correlation_id, response });
    }

    /// A broker closes a client's connection; the client hears of it.
    pub(crate) fn hang_up(&mut self, client: NodeId) {
        let NodeId::Broker(broker) = self.node else { unreachable!("only a broker is connected to") };
        if let Some((at, disconnection)) = self.network.hang_up(client, broker, self.now, self.scenario) {
            self.agenda.schedule(at, Occurrence::Disconnection(disconnection));
        }
    }

    pub(crate) fn set_timer(&mut self, timer: Timer, at: SimTime) {
        self.agenda.set_timer(self.node, timer, at);
    }

    /// When a timer of this node will fire.
    pub(crate) fn timer(&self, timer: Timer) -> Option<SimTime> {
        self.agenda.timer(self.node, timer)
    }

    pub(crate) fn cancel_timer(&mut self, timer: &Timer) {
        self.agenda.cancel_timer(self.node, timer);
    }

    pub(crate) fn emit(&mut self, event: Event) {
        self.events.push(event);
    }

    fn send(&mut self, to: NodeId, message: Message) {
        let envelope = self.network.send(self.scenario, self.rng, self.now, (self.node, to), message);
        if !self.network.loses(&envelope) {
            self.agenda.deliver(envelope);
        }
    }
}
