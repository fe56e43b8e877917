//! What a learner can do to a broker with a click: each is a `docker` command, and this is how it is typed.

use crate::scene::{Broker, Process};

/// The network of the brokers' containers.
const NETWORK: &str = "kafka_default";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// SIGTERM: a controlled shutdown.
    Stop,
    /// SIGKILL.
    Kill,
    Start,
    Pause,
    Unpause,
    /// From the network.
    Disconnect,
    Connect,
}

impl Fault {
    /// What docker would accept now.
    pub fn offered(broker: &Broker) -> Vec<Self> {
        let mut offered = match broker.process {
            Process::Running => vec![Self::Stop, Self::Kill, Self::Pause],
            Process::ShuttingDown => vec![Self::Kill],
            Process::Paused => vec![Self::Unpause, Self::Kill],
            Process::Stopped | Process::Killed => vec![Self::Start],
        };
        offered.push(if broker.connected { Self::Disconnect } else { Self::Connect });
        offered
    }

    /// The command line for the broker with this number.
    pub fn command(self, broker: u32) -> String {
        let what = match self {
            Self::Stop => "stop".to_owned(),
            Self::Kill => "kill".to_owned(),
            Self::Start => "start".to_owned(),
            Self::Pause => "pause".to_owned(),
            Self::Unpause => "unpause".to_owned(),
            Self::Disconnect => format!("network disconnect {NETWORK}"),
            Self::Connect => format!("network connect {NETWORK}"),
        };
        format!("docker {what} kafka-{broker}")
    }
}
