//! How the controller notices that a broker is gone.
//!
//! Mirrors `BrokerHeartbeatManager` and `BrokerLifecycleManager`. A broker that is well heartbeats every
//! `broker.heartbeat.interval.ms`; these messages are not sent one by one, since the last one before it fell silent
//! follows from the time.

use std::time::Duration;

use crate::cluster::Cluster;
use crate::config::BrokerConfig;
use crate::protocol::BrokerId;
use crate::time::SimTime;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Session {
    Heartbeating { since: SimTime },
    Silent { last_heartbeat: SimTime },
}

/// `broker.heartbeat.interval.ms`
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(2);

/// The controller looks for stale brokers this often within a session timeout
/// (`QuorumController.maybeFenceStaleBrokerPeriodNs`, Kafka 4.0).
const CHECKS_PER_SESSION: u32 = 8;

impl Session {
    pub(super) fn has_expired(&self, now: SimTime, config: &BrokerConfig) -> bool {
        match self {
            Self::Heartbeating { .. } => false,
            Self::Silent { last_heartbeat } => *last_heartbeat + config.broker_session_timeout <= now,
        }
    }

    pub(super) const fn is_heartbeating(&self) -> bool {
        matches!(self, Self::Heartbeating { .. })
    }
}

impl Cluster {
    /// No more heartbeats of a broker arrive.
    pub(crate) fn lose_contact(&mut self, broker: BrokerId, now: SimTime) {
        if let Some(Session::Heartbeating { since }) = self.sessions.get(&broker).copied() {
            let last_heartbeat = last_multiple(since, HEARTBEAT_INTERVAL, now);
            self.sessions.insert(broker, Session::Silent { last_heartbeat });
        }
    }

    /// It hears of changes, and the controller hears of it.
    pub(crate) fn is_in_contact(&self, broker: BrokerId) -> bool {
        self.sessions.get(&broker).is_some_and(Session::is_heartbeating)
    }

    /// When the controller will find that a silent broker's session has expired.
    pub(crate) fn fences_at(&self, broker: BrokerId, config: &BrokerConfig) -> Option<SimTime> {
        match self.sessions.get(&broker)? {
            Session::Heartbeating { .. } => None,
            Session::Silent { last_heartbeat } => {
                let expired = *last_heartbeat + config.broker_session_timeout;
                let interval = config.broker_session_timeout / CHECKS_PER_SESSION;
                Some(next_multiple(interval, expired))
            }
        }
    }
}

/// The first multiple of `interval` (at least a microsecond) since the beginning of time that is not before `at`.
pub(crate) fn next_multiple(interval: Duration, at: SimTime) -> SimTime {
    let reached = last_multiple(SimTime::ZERO, interval, at);
    if reached == at { at } else { reached + interval.max(TICK) }
}

fn last_multiple(since: SimTime, interval: Duration, at: SimTime) -> SimTime {
    let interval = interval.max(TICK).as_micros() as u64;
    since + Duration::from_micros(at.since(since).as_micros() as u64 / interval * interval)
}

const TICK: Duration = Duration::from_micros(1);
