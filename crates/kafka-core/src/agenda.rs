//! What happens next: messages on their way and timers, ordered by time and then by when they were
//! scheduled, so that ties fall the same way on every target.

use std::collections::BTreeMap;

use fxhash::FxHashMap;

use crate::network::{Disconnection, Envelope};
use crate::node::Timer;
use crate::protocol::{ClientId, NodeId};
use crate::time::SimTime;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Occurrence {
    Delivery(Envelope),
    Timer(NodeId, Timer),
    Disconnection(Disconnection),
    Controller(ControllerTimer),
}

/// What the controller does by itself. Done twice is as good as done once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ControllerTimer {
    FenceStaleBrokers,
    /// Preferred leaders, and unclean ones for topics that allow it.
    ElectLeaders,
}

impl Occurrence {
    /// The client that it happens to.
    pub(crate) const fn client(&self) -> Option<ClientId> {
        let node = match self {
            Self::Delivery(envelope) => envelope.to,
            Self::Timer(node, _) | Self::Disconnection(Disconnection { node, .. }) => *node,
            Self::Controller(_) => return None,
        };
        match node {
            NodeId::Client(client) => Some(client),
            NodeId::Broker(_) => None,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Agenda {
    entries: BTreeMap<(SimTime, u64), Occurrence>,
    /// Where each running timer stands in `entries`.
    timers: FxHashMap<(NodeId, Timer), (SimTime, u64)>,
    scheduled: u64,
}

impl Agenda {
    pub(crate) fn next_at(&self) -> Option<SimTime> {
        self.entries.first_key_value().map(|((at, _), _)| *at)
    }

    pub(crate) fn pop(&mut self) -> Option<(SimTime, Occurrence)> {
        let ((at, _), occurrence) = self.entries.pop_first()?;
        if let Occurrence::Timer(node, timer) = &occurrence {
            self.timers.remove(&(*node, timer.clone()));
        }
        Some((at, occurrence))
    }

    pub(crate) fn deliver(&mut self, envelope: Envelope) {
        self.insert(envelope.arrives, Occurrence::Delivery(envelope));
    }

    /// Lets something happen then, be it new or taken out because it could not happen.
    pub(crate) fn schedule(&mut self, at: SimTime, occurrence: Occurrence) {
        match occurrence {
            Occurrence::Timer(node, timer) => self.set_timer(node, timer, at),
            Occurrence::Delivery(envelope) => self.deliver(Envelope { arrives: at, ..envelope }),
            Occurrence::Disconnection(_) | Occurrence::Controller(_) => drop(self.insert(at, occurrence)),
        }
    }

    /// Starts a timer; one that runs already is moved.
    pub(crate) fn set_timer(&mut self, node: NodeId, timer: Timer, at: SimTime) {
        self.cancel_timer(node, &timer);
        let position = self.insert(at, Occurrence::Timer(node, timer.clone()));
        self.timers.insert((node, timer), position);
    }

    pub(crate) fn cancel_timer(&mut self, node: NodeId, timer: &Timer) {
        if let Some(position) = self.timers.remove(&(node, timer.clone())) {
            self.entries.remove(&position);
        }
    }

    /// When a running timer will fire.
    pub(crate) fn timer(&self, node: NodeId, timer: Timer) -> Option<SimTime> {
        self.timers.get(&(node, timer)).map(|(at, _)| *at)
    }

    /// Drops every timer of a node that is gone.
    pub(crate) fn forget_timers_of(&mut self, node: NodeId) {
        self.entries.retain(|_, occurrence| !matches!(occurrence, Occurrence::Timer(of, _) if *of == node));
        self.timers.retain(|(of, _), _| *of != node);
    }

    /// Drops what is under way and not wanted any more; no timers.
    pub(crate) fn drop_where(&mut self, unwanted: impl Fn(&Occurrence) -> bool) {
        self.entries.retain(|_, occurrence| !unwanted(occurrence));
    }

    pub(crate) fn envelopes(&self) -> impl Iterator<Item = &Envelope> {
        self.entries.values().filter_map(|occurrence| match occurrence {
            Occurrence::Delivery(envelope) => Some(envelope),
            Occurrence::Timer(..) | Occurrence::Disconnection(_) | Occurrence::Controller(_) => None,
        })
    }

    fn insert(&mut self, at: SimTime, occurrence: Occurrence) -> (SimTime, u64) {
        let position = (at, self.scheduled);
        self.scheduled += 1;
        self.entries.insert(position, occurrence);
        position
    }
}
