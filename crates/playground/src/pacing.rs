//! How much virtual time a moment on the screen takes.
//!
//! Sends take milliseconds, an auto-commit 5 s, a session timeout 45 s. In automatic speed, what moves is
//! stretched until it can be watched, and the time in which nothing will move is crossed quickly. What the learner has
//! watched for a while goes faster, so that ten thousand records do not take minutes.

use std::time::Duration;

use kafka_core::time::SimTime;

use crate::session::Speed;

/// Virtual per real time in per mille while something moves: a message that travels for 2 ms takes two thirds of a
/// second.
const WATCHING: u64 = 3;

/// After this much watching, time goes twice as fast as before.
const TIRED_AFTER: Duration = Duration::from_millis(2500);

/// A gap up to this long is left as it is.
const SHORT_GAP: Duration = Duration::from_millis(1200);

const REAL_TIME: u64 = 1000;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pacing {
    speed: Speed,
    /// How much was watched lately, in real time.
    watched: Duration,
    gap: Option<Gap>,
}

/// A stretch of time in which nothing is to be seen, and how fast it is crossed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Gap {
    until: SimTime,
    per_mille: u64,
}

/// What the present has to offer to the eye.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sight {
    /// Something is on its way.
    Moving,
    /// Nothing moves now; the next thing to see comes then, if any comes at all.
    Still { next: Option<SimTime> },
}

impl Pacing {
    pub(crate) fn new() -> Self {
        Self { speed: Speed::Auto { per_mille: 1000 }, watched: Duration::ZERO, gap: None }
    }

    pub(crate) fn speed(&self) -> Speed {
        self.speed
    }

    pub(crate) fn set_speed(&mut self, speed: Speed) {
        self.speed = speed;
        self.gap = None;
    }

    /// The future is not what it was: the gap has to be measured again.
    pub(crate) fn forget_gap(&mut self) {
        self.gap = None;
    }

    /// Virtual per real time, in per mille; at least 1.
    pub(crate) fn per_mille(&mut self, now: SimTime, sight: impl FnOnce() -> Sight) -> u64 {
        match self.speed {
            Speed::Constant { per_mille } => u64::from(per_mille).max(1),
            Speed::Auto { per_mille } => (self.automatic(now, sight) * u64::from(per_mille) / 1000).max(1),
        }
    }

    /// Counts real time that went by at the given pace.
    pub(crate) fn note(&mut self, real: Duration, per_mille: u64) {
        if per_mille < REAL_TIME {
            self.watched += real;
        } else {
            self.watched = self.watched.saturating_sub(real / 2);
        }
    }

    fn automatic(&mut self, now: SimTime, sight: impl FnOnce() -> Sight) -> u64 {
        if let Some(gap) = self.gap.filter(|gap| now < gap.until) {
            return gap.per_mille;
        }
        self.gap = None;
        match sight() {
            Sight::Moving => {
                let doublings = (self.watched.as_millis() / TIRED_AFTER.as_millis()).min(9);
                (WATCHING << doublings).min(REAL_TIME)
            }
            Sight::Still { next: Some(until) } if until > now => {
                let per_mille = crossing_pace(until.since(now));
                self.gap = Some(Gap { until, per_mille });
                per_mille
            }
            Sight::Still { .. } => REAL_TIME,
        }
    }
}

/// Longer gaps take longer, but not in proportion: 3 s pass in 1.3 s, 45 s in 2.5 s.
fn crossing_pace(gap: Duration) -> u64 {
    if gap <= SHORT_GAP {
        return REAL_TIME;
    }
    let real = SHORT_GAP + gap * 3 / 100;
    (gap.as_micros() * 1000 / real.as_micros()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still(next: u64) -> Sight {
        Sight::Still { next: Some(SimTime::from_millis(next)) }
    }

    #[test]
    fn what_moves_is_stretched_and_waiting_is_crossed() {
        let mut pacing = Pacing::new();
        let now = SimTime::from_millis(1000);
        assert_eq!(pacing.per_mille(now, || Sight::Moving), 3);
        assert_eq!(pacing.per_mille(now, || still(1500)), 1000);
        pacing.forget_gap();
        assert_eq!(pacing.per_mille(now, || still(46_000)), 17_647);
        // The pace holds until the end of the gap, without looking again.
        assert_eq!(pacing.per_mille(SimTime::from_millis(45_999), || Sight::Moving), 17_647);
        assert_eq!(pacing.per_mille(SimTime::from_millis(46_000), || Sight::Moving), 3);
        assert_eq!(pacing.per_mille(SimTime::from_millis(46_000), || Sight::Still { next: None }), 1000);
    }

    #[test]
    fn a_long_watch_goes_faster_and_a_rest_slows_it_again() {
        let mut pacing = Pacing::new();
        for _ in 0..20 {
            let pace = pacing.per_mille(SimTime::ZERO, || Sight::Moving);
            pacing.note(Duration::from_secs(1), pace);
        }
        assert_eq!(pacing.per_mille(SimTime::ZERO, || Sight::Moving), 768);
        pacing.note(Duration::from_secs(60), 1000);
        assert_eq!(pacing.per_mille(SimTime::ZERO, || Sight::Moving), 3);
    }

    #[test]
    fn a_chosen_speed_holds_whatever_happens() {
        let mut pacing = Pacing::new();
        pacing.set_speed(Speed::Constant { per_mille: 250 });
        assert_eq!(pacing.per_mille(SimTime::ZERO, || Sight::Moving), 250);
        assert_eq!(pacing.per_mille(SimTime::ZERO, || still(90_000)), 250);
        pacing.set_speed(Speed::Auto { per_mille: 500 });
        assert_eq!(pacing.per_mille(SimTime::ZERO, || Sight::Moving), 1);
    }
}
