//! Time that runs out.

/// In tenths of a second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Countdown {
    /// No more than `whole`.
    pub left: u32,
    /// What it began with.
    pub whole: u32,
}

/// What runs for a consumer at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Countdowns {
    /// Until the coordinator gives the member up, for want of heartbeats: `session.timeout.ms`. `None` while the member
    /// waits for an answer of the coordinator, which knows by that that it is alive.
    pub session: Option<Countdown>,
    /// Until the next heartbeat: `heartbeat.interval.ms`.
    pub heartbeat: Option<Countdown>,
    /// Until the consumer leaves its group because the application does not call `poll()`: `max.poll.interval.ms`.
    pub poll: Option<Countdown>,
}
