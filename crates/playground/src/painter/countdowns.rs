//! Deadlines as countdowns.

use std::time::Duration;

use kafka_core::consumer::Consumer;
use kafka_core::group::MemberDescription;
use kafka_core::protocol::ClientId;
use kafka_core::time::SimTime;

use super::Moment;
use crate::scene::{Countdown, Countdowns};

pub(super) fn of_consumer(
    moment: &Moment<'_>,
    id: ClientId,
    consumer: &Consumer,
    member: Option<&MemberDescription>,
) -> Countdowns {
    let deadlines = moment.simulation.consumer_deadlines(id);
    let config = consumer.config();
    let heartbeat_interval = match member {
        Some(member) if member.consumer.is_some() => {
            moment.simulation.scenario().groups.group_consumer_heartbeat_interval
        }
        Some(_) | None => config.heartbeat_interval,
    };
    let countdown =
        |deadline: Option<SimTime>, whole| deadline.map(|deadline| countdown(moment.now(), deadline, whole));
    Countdowns {
        session: member.and_then(|member| session(moment, member)),
        heartbeat: countdown(deadlines.heartbeat, heartbeat_interval),
        poll: countdown(deadlines.max_poll_interval, config.max_poll_interval),
    }
}

pub(super) fn session(moment: &Moment<'_>, member: &MemberDescription) -> Option<Countdown> {
    let runs = member.waits.is_none() && member.session_deadline > SimTime::ZERO;
    runs.then(|| countdown(moment.now(), member.session_deadline, member.session_timeout))
}

pub(super) fn countdown(now: SimTime, deadline: SimTime, whole: Duration) -> Countdown {
    let whole = tenths(whole);
    Countdown { left: tenths(deadline.since(now)).min(whole), whole }
}

/// Rounded up, so that 0 means that nothing is left.
fn tenths(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis().div_ceil(100)).unwrap_or(u32::MAX)
}
