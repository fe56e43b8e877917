//! One number for everything that happened: equal runs have equal digests, natively and in a browser.

use std::fmt;
use std::hash::{Hash, Hasher};

use fxhash::FxHasher64;
use kafka_core::event::Event;
use kafka_core::time::SimTime;

/// Prints as 16 hexadecimal digits.
#[derive(Clone, Default)]
pub struct Digest(FxHasher64);

impl Digest {
    /// Takes in the next event. `FxHasher64` hashes a length as 64 bits on every target, which `FxHasher` does not.
    pub fn add(&mut self, at: SimTime, event: &Event) {
        (at, event).hash(&mut self.0);
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0.finish())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
