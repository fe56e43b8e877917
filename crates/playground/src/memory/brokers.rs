//! What was done to brokers, and who was elected.

use std::collections::{BTreeMap, BTreeSet};

use kafka_core::event::{BrokerChange, Event};
use kafka_core::protocol::BrokerId;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

/// A fold over the event log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brokers {
    killed: BTreeSet<BrokerId>,
    elections: BTreeMap<TopicPartition, Elected>,
}

/// How a partition came by its leader.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elected {
    pub(crate) at: SimTime,
    pub(crate) from: Option<BrokerId>,
    pub(crate) unclean: bool,
}

impl Brokers {
    /// The broker that fails by this event, if one does.
    pub(super) fn observe(&mut self, at: SimTime, event: &Event) -> Option<BrokerId> {
        if let Event::LeaderElected { partition, from, unclean, .. } = event {
            // The leader before one that was missing for a while counts.
            let from = from.or_else(|| self.elections.get(partition).and_then(|before| before.from));
            self.elections.insert(partition.clone(), Elected { at, from, unclean: *unclean });
        }
        let Event::BrokerChanged { broker, change } = event else { return None };
        match change {
            BrokerChange::Killed => drop(self.killed.insert(*broker)),
            BrokerChange::Started => drop(self.killed.remove(broker)),
            BrokerChange::ShuttingDown | BrokerChange::Paused | BrokerChange::Disconnected => {}
            BrokerChange::Stopped
            | BrokerChange::Unpaused
            | BrokerChange::Connected
            | BrokerChange::Fenced
            | BrokerChange::Unfenced => return None,
        }
        (*change != BrokerChange::Started).then_some(*broker)
    }

    /// Its last process was killed, and did not shut down.
    pub(crate) fn was_killed(&self, broker: BrokerId) -> bool {
        self.killed.contains(&broker)
    }

    pub(crate) fn election(&self, partition: &TopicPartition) -> Option<Elected> {
        self.elections.get(partition).copied()
    }
}
