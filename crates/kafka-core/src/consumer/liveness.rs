//! The moments that decide whether a member stays in its group, as far as the client knows them.
//!
//! Stands for `Heartbeat` and `HeartbeatRequestState`, read from outside. Leaves out: nothing known.

use crate::consumer::membership::Membership;
use crate::consumer::{ClassicMembership, Consumer, ConsumerMembership};
use crate::time::SimTime;

/// When the coordinator gives the member up is for the coordinator to say: `MemberDescription::session_deadline`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Liveness {
    /// The next heartbeat is sent then, or, when that is past, as soon as there is a coordinator; `None` while none is
    /// due, as while one of the consumer protocol is out.
    pub next_heartbeat: Option<SimTime>,
    /// Classic: the coordinator counts as gone if no heartbeat is answered by then. The consumer protocol has no such
    /// time on the client.
    pub session_deadline: Option<SimTime>,
    /// The member leaves if `poll()` is not called by then; `None` inside `poll()`.
    pub poll_deadline: Option<SimTime>,
}

impl Consumer {
    /// Nothing is due for a consumer without a group.
    pub fn liveness(&self) -> Liveness {
        match &self.membership {
            None => Liveness::default(),
            Some(Membership::Classic(own)) => self.classic_liveness(own),
            Some(Membership::Consumer(own)) => self.consumer_liveness(own),
        }
    }

    fn classic_liveness(&self, own: &ClassicMembership) -> Liveness {
        let beats = own.heartbeats();
        Liveness {
            next_heartbeat: own.heartbeat_at.filter(|_| beats),
            session_deadline: beats.then_some(own.session_deadline),
            poll_deadline: self.poll_deadline.filter(|_| beats),
        }
    }

    fn consumer_liveness(&self, own: &ConsumerMembership) -> Liveness {
        let beats = own.is_in_group();
        Liveness {
            next_heartbeat: own.heartbeats.next_at().filter(|_| beats),
            session_deadline: None,
            poll_deadline: self.poll_deadline.filter(|_| beats),
        }
    }
}
