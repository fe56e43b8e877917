//! Brokers, as their processes are and as the controller sees them.

use std::rc::Rc;

use kafka_core::cluster;
use kafka_core::protocol::BrokerId;
use kafka_core::simulation::BrokerState;

use super::Moment;
use super::countdowns::countdown;
use crate::memory::is_internal;
use crate::scene::{Broker, Process, Standing};

pub(super) fn paint(moment: &Moment<'_>) -> Rc<[Broker]> {
    moment.simulation.cluster().brokers().iter().map(|id| broker(moment, *id)).collect()
}

fn broker(moment: &Moment<'_>, id: BrokerId) -> Broker {
    let topics = moment.simulation.cluster().topics().filter(|(name, _)| !is_internal(name));
    let partitions = topics.flat_map(|(_, topic)| &topic.partitions);
    let (mut leads, mut replicas, mut out_of_sync) = (0, 0, 0);
    for partition in partitions.filter(|partition| partition.replicas.contains(&id)) {
        replicas += 1;
        leads += u32::from(partition.leader == Some(id));
        out_of_sync += u32::from(!partition.isr.contains(&id));
    }
    Broker {
        number: id.0,
        process: process(moment, id),
        connected: moment.simulation.is_connected(id),
        standing: standing(moment, id),
        leads,
        replicas,
        out_of_sync,
    }
}

fn process(moment: &Moment<'_>, id: BrokerId) -> Process {
    let shutting_down = registration(moment, id).is_some_and(|known| known.in_controlled_shutdown);
    match moment.simulation.broker_state(id) {
        Some(BrokerState::Running) if shutting_down => Process::ShuttingDown,
        Some(BrokerState::Running) => Process::Running,
        Some(BrokerState::Paused) => Process::Paused,
        Some(BrokerState::Stopped) | None if moment.memory.brokers.was_killed(id) => Process::Killed,
        Some(BrokerState::Stopped) | None => Process::Stopped,
    }
}

fn standing(moment: &Moment<'_>, id: BrokerId) -> Standing {
    if registration(moment, id).is_none_or(|known| known.fenced) {
        return Standing::Fenced;
    }
    let timeout = moment.simulation.scenario().broker.broker_session_timeout;
    match moment.simulation.fences_at(id) {
        Some(at) => Standing::Silent { fenced_in: countdown(moment.now(), at, timeout) },
        None => Standing::Active,
    }
}

pub(super) fn registration(moment: &Moment<'_>, id: BrokerId) -> Option<cluster::BrokerRegistration> {
    moment.simulation.cluster().image().registration(id).cloned()
}

/// It runs, and is on the network.
pub(super) fn is_reachable(moment: &Moment<'_>, id: BrokerId) -> bool {
    moment.simulation.broker_state(id) == Some(BrokerState::Running) && moment.simulation.is_connected(id)
}
