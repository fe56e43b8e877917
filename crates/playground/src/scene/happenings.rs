//! The feed of what happened.

use std::rc::Rc;

use kafka_core::event::Event;
use kafka_core::time::SimTime;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happening {
    /// Counts from 1, in order of time.
    pub number: u64,
    pub at: SimTime,
    /// The client or member that the event is about, by name.
    pub who: Option<Rc<str>>,
    pub event: Event,
}
