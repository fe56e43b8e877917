//! Links that are slow, and that lose what is sent: `netem` of Linux.
//!
//! A connection loses nothing. What is lost on the way is sent again by TCP after its retransmission timeout (RFC 6298),
//! and what was sent later waits for it. Leaves out: jitter, fast retransmit, lost acknowledgements, connections that
//! TCP gives up.

use std::time::Duration;

use crate::rng::Rng;

/// What happens to all that a broker sends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Shape {
    pub delay: Duration,
    /// How much is lost, of a thousand; at most 1000.
    pub loss: u32,
}

/// `TCP_RTO_MIN` of Linux, which comes on top of the time for there and back.
const RETRANSMISSION_TIMEOUT: Duration = Duration::from_millis(200);
/// `TCP_RTO_MAX`
const LONGEST_TIMEOUT: Duration = Duration::from_secs(120);
/// `net.ipv4.tcp_retries2`
const RETRANSMISSIONS: u32 = 15;

impl Shape {
    /// How much later a message arrives.
    pub(super) fn delay_of_one(self, link_latency: Duration, rng: &mut Rng) -> Duration {
        let mut delay = self.delay;
        let mut timeout = RETRANSMISSION_TIMEOUT + link_latency * 2 + self.delay;
        let mut sent_again = 0;
        while sent_again < RETRANSMISSIONS && self.loss > 0 && rng.below(1000) < self.loss {
            delay += timeout;
            timeout = (timeout * 2).min(LONGEST_TIMEOUT);
            sent_again += 1;
        }
        delay
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_comes_late_and_ever_later() {
        let (millis, latency) = (Duration::from_millis, Duration::from_millis(1));
        let mut rng = Rng::new(1);
        let delay = |loss, rng: &mut Rng| Shape { delay: millis(100), loss }.delay_of_one(latency, rng);
        assert_eq!(delay(0, &mut rng), millis(100));
        let possible: Vec<Duration> =
            (0..15_u32).map(|lost| millis(100) + millis(302) * ((1 << lost) - 1)).collect();
        let seen: Vec<Duration> = (0..1000).map(|_| delay(300, &mut rng)).collect();
        assert!(seen.iter().all(|delay| possible.contains(delay)));
        let late = seen.iter().filter(|delay| **delay > millis(100)).count();
        assert!((250..350).contains(&late), "{late}");
        assert!(delay(1000, &mut rng) > Duration::from_secs(600));
    }
}
