//! What Docker remembers of a broker's container beside its state: since when, and how it ended.

use kafka_core::event::{BrokerChange, Event};
use kafka_core::protocol::BrokerId;
use kafka_core::time::SimTime;

use super::System;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Container {
    /// When it was started, or when it ended.
    pub(crate) since: SimTime,
    /// 128 and the number of the signal that ended it.
    pub(crate) exit_code: Option<u8>,
}

impl System {
    pub(crate) fn container(&self, broker: BrokerId) -> Container {
        self.containers.get(&broker).copied().unwrap_or_default()
    }

    pub(super) fn note_container(&mut self, event: &Event) {
        let Event::BrokerChanged { broker, change } = event else { return };
        let exit_code = match change {
            BrokerChange::Started => None,
            BrokerChange::Stopped => Some(143),
            BrokerChange::Killed => Some(137),
            BrokerChange::ShuttingDown
            | BrokerChange::Paused
            | BrokerChange::Unpaused
            | BrokerChange::Disconnected
            | BrokerChange::Connected
            | BrokerChange::Fenced
            | BrokerChange::Unfenced => return,
        };
        self.containers.insert(*broker, Container { since: self.now(), exit_code });
    }
}
