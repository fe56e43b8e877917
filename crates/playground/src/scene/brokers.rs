//! Brokers: how their processes are, and what the controller thinks of them.

use super::Countdown;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broker {
    pub number: u32,
    pub process: Process,
    /// False while it is cut off from the network.
    pub connected: bool,
    pub standing: Standing,
    /// Partitions that it leads, without those of Kafka's internal topics.
    pub leads: u32,
    /// Partitions that it has a copy of, led ones among them.
    pub replicas: u32,
    /// Partitions of which its copy is not in sync.
    pub out_of_sync: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Process {
    Running,
    /// A controlled shutdown: it hands its partitions over.
    ShuttingDown,
    Paused,
    Stopped,
    Killed,
}

/// What the controller thinks of a broker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    Active,
    /// No heartbeats arrive; it will be fenced when nothing is left: `broker.session.timeout.ms`, and the time until
    /// the controller looks again.
    Silent {
        fenced_in: Countdown,
    },
    /// Leads nothing, and is in no ISR.
    Fenced,
}

impl Broker {
    /// It does its work as far as anybody can tell.
    pub fn is_well(&self) -> bool {
        self.process == Process::Running && self.connected && self.standing == Standing::Active
    }
}
