//! What is done to brokers: their processes are stopped, killed, started, frozen, and cut off from the network.
//!
//! Leaves out: crashes of hosts, full disks, clocks that differ.

use crate::agenda::{ControllerTimer, Occurrence};
use crate::broker::Broker;
use crate::cluster::ElectionType;
use crate::command::CommandError;
use crate::event::{BrokerChange, Event};
use crate::network::{Disconnection, Shape};
use crate::protocol::{BrokerId, Message, NodeId};
use crate::simulation::Simulation;
use crate::time::SimTime;
use crate::topic::TopicPartition;

/// A broker's process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Process {
    Running,
    /// It stands still: what has arrived or was due meanwhile lies in wait.
    Paused {
        backlog: Vec<Occurrence>,
    },
    Stopped {
        /// It shut down in good order, and left a file that says so.
        clean: bool,
    },
}

/// How a broker's process is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BrokerState {
    Running,
    Paused,
    Stopped,
}

type Outcome = Result<Vec<Event>, CommandError>;

impl Simulation {
    pub fn broker_state(&self, id: BrokerId) -> Option<BrokerState> {
        Some(match self.processes.get(&id)? {
            Process::Running => BrokerState::Running,
            Process::Paused { .. } => BrokerState::Paused,
            Process::Stopped { .. } => BrokerState::Stopped,
        })
    }

    /// False for a broker that is cut off from the network.
    pub fn is_connected(&self, id: BrokerId) -> bool {
        !self.network.is_cut_off(id)
    }

    /// When the controller will take a broker for dead that it does not hear of; `None` while it does.
    pub fn fences_at(&self, id: BrokerId) -> Option<SimTime> {
        self.cluster.fences_at(id, &self.scenario.broker)
    }

    /// What waits to get through to a broker that is cut off, or to be read by one that stands still.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Occurrence> {
        let backlogs = self.processes.values().filter_map(|process| match process {
            Process::Paused { backlog } => Some(backlog),
            Process::Running | Process::Stopped { .. } => None,
        });
        self.network.held().iter().chain(backlogs.flatten())
    }

    /// Stopping what does not run does nothing, as with Docker.
    pub(super) fn stop_broker(&mut self, id: BrokerId) -> Outcome {
        match (self.known_state(id)?, self.is_connected(id)) {
            (BrokerState::Stopped, _) => Ok(Vec::new()),
            (BrokerState::Running, true) => {
                let mut events = Vec::new();
                self.with_broker(id, &mut events, Broker::begin_shutdown);
                self.after_step(&mut events);
                Ok(events)
            }
            (BrokerState::Running | BrokerState::Paused, _) => self.kill_broker(id),
        }
    }

    pub(super) fn kill_broker(&mut self, id: BrokerId) -> Outcome {
        if self.known_state(id)? == BrokerState::Stopped {
            return Err(CommandError::BrokerNotRunning { broker: id });
        }
        let mut events = vec![changed(id, BrokerChange::Killed)];
        self.lose_contact(id);
        self.end_process(id, false, &mut events);
        self.after_step(&mut events);
        Ok(events)
    }

    /// Starting what runs does nothing, as with Docker.
    pub(super) fn start_broker(&mut self, id: BrokerId) -> Outcome {
        self.known_state(id)?;
        let Some(Process::Stopped { clean }) = self.processes.get(&id).cloned() else {
            return Ok(Vec::new());
        };
        let mut events = vec![changed(id, BrokerChange::Started)];
        self.processes.insert(id, Process::Running);
        self.with_broker(id, &mut events, |broker, context| broker.start(clean, context));
        self.after_step(&mut events);
        Ok(events)
    }

    pub(super) fn pause_broker(&mut self, id: BrokerId) -> Outcome {
        match self.known_state(id)? {
            BrokerState::Stopped => Err(CommandError::BrokerNotRunning { broker: id }),
            BrokerState::Paused => Err(CommandError::BrokerAlreadyPaused { broker: id }),
            BrokerState::Running => {
                self.processes.insert(id, Process::Paused { backlog: Vec::new() });
                self.lose_contact(id);
                Ok(vec![changed(id, BrokerChange::Paused)])
            }
        }
    }

    /// What lies in wait comes first: a broker that was a leader still takes itself for one.
    pub(super) fn unpause_broker(&mut self, id: BrokerId) -> Outcome {
        self.known_state(id)?;
        let Some(Process::Paused { backlog }) = self.processes.get(&id).cloned() else {
            return Err(CommandError::BrokerNotPaused { broker: id });
        };
        let mut events = vec![changed(id, BrokerChange::Unpaused)];
        self.processes.insert(id, Process::Running);
        for occurrence in backlog {
            self.agenda.schedule(self.now, occurrence);
        }
        self.with_broker(id, &mut events, |_, context| Broker::contact_soon(context));
        self.after_step(&mut events);
        Ok(events)
    }

    pub(super) fn disconnect_broker(&mut self, id: BrokerId) -> Outcome {
        self.known_state(id)?;
        if !self.is_connected(id) {
            return Err(CommandError::BrokerNotConnected { broker: id });
        }
        self.network.cut_off(id);
        self.lose_contact(id);
        Ok(vec![changed(id, BrokerChange::Disconnected)])
    }

    pub(super) fn connect_broker(&mut self, id: BrokerId) -> Outcome {
        let state = self.known_state(id)?;
        if self.is_connected(id) {
            return Err(CommandError::BrokerAlreadyConnected { broker: id });
        }
        let mut events = vec![changed(id, BrokerChange::Connected)];
        let at = self.now + self.scenario.link_latency;
        for occurrence in self.network.reconnect(id, self.now) {
            self.agenda.schedule(at, occurrence);
        }
        if state != BrokerState::Stopped {
            self.with_broker(id, &mut events, |_, context| Broker::contact_soon(context));
        }
        self.after_step(&mut events);
        Ok(events)
    }

    /// How what the broker sends is delayed and lost.
    pub fn shape(&self, id: BrokerId) -> Option<Shape> {
        self.network.shape(id)
    }

    pub(super) fn shape_broker(&mut self, id: BrokerId, shape: Option<Shape>) -> Outcome {
        match self.known_state(id)? {
            BrokerState::Stopped => Err(CommandError::BrokerNotRunning { broker: id }),
            BrokerState::Running | BrokerState::Paused => {
                self.network.reshape(id, shape);
                Ok(Vec::new())
            }
        }
    }

    pub(super) fn elect_leaders(
        &mut self,
        election: ElectionType,
        partitions: Option<&[TopicPartition]>,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        let partitions = match partitions {
            Some(partitions) => partitions.to_vec(),
            None => self.cluster.partitions_for(election),
        };
        self.cluster.elect_leaders(election, &partitions, &self.scenario.broker, &mut events);
        self.after_step(&mut events);
        events
    }

    /// The controlled shutdown is over: the process ends.
    pub(super) fn end_shutdown(&mut self, id: BrokerId, events: &mut Vec<Event>) {
        events.push(changed(id, BrokerChange::Stopped));
        self.cluster.end_controlled_shutdown(id, self.now, &self.scenario.broker, events);
        self.end_process(id, true, events);
    }

    /// What may occur now; what cannot is kept for later, or lost.
    pub(super) fn unhindered(&mut self, occurrence: Occurrence) -> Option<Occurrence> {
        let ends = match &occurrence {
            Occurrence::Delivery(envelope) => Some((envelope.from, envelope.to)),
            // That a connection could not be opened is known at home, cut off or not.
            Occurrence::Disconnection(disconnection) if self.network.is_broken(*disconnection) => None,
            Occurrence::Disconnection(Disconnection { node, broker }) => {
                Some((NodeId::Broker(*broker), *node))
            }
            Occurrence::Timer(..) | Occurrence::Controller(_) => None,
        };
        if ends.is_some_and(|(from, to)| self.network.separates(from, to)) {
            self.network.hold(occurrence);
            return None;
        }
        let node = match &occurrence {
            Occurrence::Delivery(envelope) => envelope.to,
            Occurrence::Disconnection(Disconnection { node, .. }) | Occurrence::Timer(node, _) => *node,
            Occurrence::Controller(_) => return Some(occurrence),
        };
        let NodeId::Broker(id) = node else { return Some(occurrence) };
        let lost = self.is_lost(&occurrence);
        match self.processes.get_mut(&id) {
            Some(Process::Running) => Some(occurrence).filter(|_| !lost),
            Some(Process::Paused { backlog }) => {
                backlog.push(occurrence);
                None
            }
            Some(Process::Stopped { .. }) | None => None,
        }
    }

    /// A request to a process that is gone. What a client sent before it gave up on a connection is not lost once it
    /// has arrived.
    fn is_lost(&self, occurrence: &Occurrence) -> bool {
        match occurrence {
            Occurrence::Delivery(envelope) => {
                matches!(envelope.message, Message::Request { .. }) && self.network.is_closing(envelope)
            }
            Occurrence::Disconnection(_) | Occurrence::Timer(..) | Occurrence::Controller(_) => false,
        }
    }

    fn known_state(&self, id: BrokerId) -> Result<BrokerState, CommandError> {
        self.broker_state(id).ok_or(CommandError::NoSuchContainer { broker: id })
    }

    /// The controller will notice when the session has expired.
    fn lose_contact(&mut self, id: BrokerId) {
        self.cluster.lose_contact(id, self.now);
        if let Some(at) = self.cluster.fences_at(id, &self.scenario.broker) {
            self.agenda
                .schedule(at.max(self.now), Occurrence::Controller(ControllerTimer::FenceStaleBrokers));
        }
    }

    fn end_process(&mut self, id: BrokerId, clean: bool, events: &mut Vec<Event>) {
        self.processes.insert(id, Process::Stopped { clean });
        self.network.reshape(id, None);
        self.agenda.forget_timers_of(NodeId::Broker(id));
        for (at, disconnection) in self.network.take_down(id, self.now, &self.scenario) {
            self.agenda.schedule(at, Occurrence::Disconnection(disconnection));
        }
        self.agenda.drop_where(|occurrence| {
            matches!(occurrence, Occurrence::Disconnection(told) if told.node == NodeId::Broker(id))
        });
        self.with_broker(id, events, |broker, context| broker.end_process(clean, context));
    }
}

fn changed(broker: BrokerId, change: BrokerChange) -> Event {
    Event::BrokerChanged { broker, change }
}
