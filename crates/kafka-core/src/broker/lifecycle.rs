//! A broker starts, shuts down, and finds its controller again.
//!
//! Mirrors `BrokerLifecycleManager`, `BrokerServer` and `LogManager`'s clean-shutdown file. Leaves out: the time that a
//! Java program takes to start and to stop, log recovery (segments that were not flushed are read again, and all of
//! them are intact), hosts that lose what was in their page cache.

use std::rc::Rc;
use std::time::Duration;

use crate::broker::Broker;
use crate::cluster::MetadataImage;
use crate::event::{BrokerChange, Event};
use crate::group::GroupCoordinator;
use crate::node::{Context, Timer};
use crate::transaction::TransactionCoordinator;

/// Within a controlled shutdown a broker heartbeats this often, until the controller lets it go.
const SHUTDOWN_HEARTBEAT: Duration = Duration::from_millis(50);

/// A heartbeat that fails is sent again after about this long.
const HEARTBEAT_RETRY: Duration = Duration::from_millis(100);

/// What a broker's process has to do with the controller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lifecycle {
    /// It has not registered yet.
    Starting {
        clean_shutdown: bool,
    },
    Registered,
    /// It has asked to shut down.
    ShuttingDown,
}

impl Broker {
    /// A new process on the disks of the one before.
    pub(crate) fn start(&mut self, clean_shutdown: bool, context: &mut Context<'_>) {
        self.lifecycle = Lifecycle::Starting { clean_shutdown };
        self.contact(context);
    }

    /// The process was frozen, or cut off from the network: its next heartbeat gets through.
    pub(crate) fn contact_soon(context: &mut Context<'_>) {
        let at = context.now + HEARTBEAT_RETRY;
        context.set_timer(Timer::Contact, at);
    }

    /// A heartbeat gets through to the controller, and the newest metadata comes back.
    pub(super) fn contact(&mut self, context: &mut Context<'_>) {
        if context.network.is_cut_off(self.id) {
            // Tried again once it is connected.
            return;
        }
        let (now, config) = (context.now, &context.scenario.broker);
        if let Lifecycle::Starting { clean_shutdown } = self.lifecycle {
            if !context.cluster.register_broker(self.id, clean_shutdown, config, context.events) {
                // `DuplicateBrokerRegistrationException` until the session of the process before has expired.
                let fenced = context.cluster.fences_at(self.id, config).unwrap_or(now);
                return context.set_timer(Timer::Contact, fenced.max(now) + HEARTBEAT_RETRY);
            }
            self.lifecycle = Lifecycle::Registered;
        }
        context.network.bring_up(self.id);
        context.cluster.regain_contact(self.id, now, config, context.events);
        self.apply_metadata(context);
    }

    pub(crate) fn begin_shutdown(&mut self, context: &mut Context<'_>) {
        if self.lifecycle == Lifecycle::ShuttingDown {
            return;
        }
        self.lifecycle = Lifecycle::ShuttingDown;
        context.emit(Event::BrokerChanged { broker: self.id, change: BrokerChange::ShuttingDown });
        context.cluster.begin_controlled_shutdown(self.id, &context.scenario.broker, context.events);
        context.set_timer(Timer::Shutdown, context.now + SHUTDOWN_HEARTBEAT);
    }

    /// What is left when the process has ended: the logs, and the high watermarks that were written down.
    pub(crate) fn end_process(&mut self, clean: bool, context: &Context<'_>) {
        self.image = Rc::new(MetadataImage::default());
        for replica in self.replicas.values_mut() {
            replica.restart(clean, context.now);
        }
        self.delayed_fetches.clear();
        self.delayed_produces.clear();
        self.held_responses.clear();
        self.fetching_from.clear();
        self.coordinator =
            GroupCoordinator::new(context.scenario.groups.clone(), context.scenario.epoch_millis);
        self.coordinated.clear();
        self.transactions =
            TransactionCoordinator::new(context.scenario.transactions.clone(), context.scenario.epoch_millis);
        self.transaction_epochs.clear();
        self.held_decisions.clear();
        self.inter_broker.clear();
        self.adding_again.clear();
        self.producer_ids = 0..0;
    }
}
