//! `docker stop kafka-2` and its like: what is done to containers, as far as it takes time.
//!
//! The words are those of the docker client 28 and of its daemon; compose tells each step on standard error, as it does
//! without a terminal.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::command::Command;
use kafka_core::protocol::BrokerId;
use kafka_core::simulation::BrokerState;

use super::containers::{self, NETWORK};
use crate::system::{BrokenPipe, Context, Progress};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verb {
    Start,
    Stop,
    /// `docker kill -s TERM`: asks, and does not wait.
    Terminate,
    Kill,
    Restart,
    Pause,
    Unpause,
    Disconnect,
    Connect,
}

/// Who tells what is done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Voice {
    Docker,
    Compose,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Change {
    verb: Verb,
    voice: Voice,
    targets: VecDeque<Target>,
    /// What could not be done is told at the end.
    errors: Vec<String>,
    /// Names that `docker start` could not start.
    failed: Vec<Rc<str>>,
}

#[derive(Clone, PartialEq, Debug)]
struct Target {
    /// As it was typed.
    name: Rc<str>,
    stage: Stage,
}

#[derive(Clone, PartialEq, Debug)]
enum Stage {
    Waiting,
    /// Asked to stop.
    Stopping(BrokerId),
    Done(Result<(), String>),
}

/// How often a container that stops is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

impl Change {
    pub(super) fn new(verb: Verb, voice: Voice, names: &[Rc<str>]) -> Self {
        let target = |name: &Rc<str>| Target { name: name.clone(), stage: Stage::Waiting };
        let targets = names.iter().map(target).collect();
        Self { verb, voice, targets, errors: Vec::new(), failed: Vec::new() }
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        // The client stops containers side by side, and restarts one after the other.
        let begun = if self.verb == Verb::Restart { 1 } else { self.targets.len() };
        for number in 0..begun.min(self.targets.len()) {
            if self.targets[number].stage == Stage::Waiting {
                let name = self.targets[number].name.clone();
                self.targets[number].stage = self.begin(&name, context);
            }
        }
        let Some(target) = self.targets.front_mut() else { return self.end(context) };
        if let Stage::Stopping(broker) = target.stage {
            if containers::state(broker, context) != BrokerState::Stopped {
                context.wake_at(context.now() + LOOK_AGAIN);
                return Progress::Blocked;
            }
            let restarted = match self.verb {
                Verb::Restart => apply(&Command::StartBroker { broker }, context),
                Verb::Start
                | Verb::Stop
                | Verb::Terminate
                | Verb::Kill
                | Verb::Pause
                | Verb::Unpause
                | Verb::Disconnect
                | Verb::Connect => Ok(()),
            };
            target.stage = Stage::Done(restarted);
        }
        let Some(Target { name, stage: Stage::Done(done) }) = self.targets.pop_front() else {
            return Progress::Continue;
        };
        match self.report(&name, done, context) {
            Ok(()) => Progress::Continue,
            Err(BrokenPipe) => BrokenPipe::EXIT,
        }
    }

    fn begin(&self, name: &str, context: &mut Context<'_>) -> Stage {
        let Some(broker) = containers::find(name, context) else {
            return Stage::Done(Err(format!("No such container: {name}")));
        };
        if let Some(reason) = self.refusal(name, broker, context) {
            return Stage::Done(Err(reason));
        }
        self.tell(name, self.verb.begins(), context);
        let command = match self.verb {
            Verb::Start => Command::StartBroker { broker },
            Verb::Stop | Verb::Terminate | Verb::Restart => Command::StopBroker { broker },
            Verb::Kill => Command::KillBroker { broker },
            Verb::Pause => Command::PauseBroker { broker },
            Verb::Unpause => Command::UnpauseBroker { broker },
            Verb::Disconnect => Command::DisconnectBroker { broker },
            Verb::Connect => Command::ConnectBroker { broker },
        };
        let done = apply(&command, context);
        let waits = matches!(self.verb, Verb::Stop | Verb::Restart) && done.is_ok();
        if waits { Stage::Stopping(broker) } else { Stage::Done(done) }
    }

    /// What the daemon says when a container is not in a state for this.
    fn refusal(&self, name: &str, broker: BrokerId, context: &mut Context<'_>) -> Option<String> {
        let id = containers::long_id(&containers::container_name(broker));
        let connected = context.system().simulation.is_connected(broker);
        Some(match (self.verb, containers::state(broker, context)) {
            (Verb::Start, BrokerState::Paused) => {
                "cannot start a paused container, try unpause instead".to_owned()
            }
            (Verb::Kill | Verb::Terminate, BrokerState::Stopped) => {
                format!("cannot kill container: {name}: container {id} is not running")
            }
            (Verb::Terminate, BrokerState::Paused) => {
                format!(
                    "cannot kill container: {name}: Container {id} is paused. Unpause the container before \
                     stopping or killing"
                )
            }
            (Verb::Pause, BrokerState::Stopped) => format!("container {id} is not running"),
            (Verb::Pause, BrokerState::Paused) => format!("Container {id} is already paused"),
            (Verb::Unpause, BrokerState::Running | BrokerState::Stopped) => {
                format!("Container {id} is not paused")
            }
            (Verb::Disconnect, _) if !connected => {
                format!("container {id} is not connected to network {NETWORK}")
            }
            (Verb::Connect, _) if connected => {
                format!("endpoint with name {name} already exists in network {NETWORK}")
            }
            (
                Verb::Start
                | Verb::Stop
                | Verb::Restart
                | Verb::Kill
                | Verb::Terminate
                | Verb::Pause
                | Verb::Unpause
                | Verb::Disconnect
                | Verb::Connect,
                BrokerState::Running | BrokerState::Paused | BrokerState::Stopped,
            ) => return None,
        })
    }

    fn report(
        &mut self,
        name: &Rc<str>,
        done: Result<(), String>,
        context: &mut Context<'_>,
    ) -> Result<(), BrokenPipe> {
        match (done, self.voice) {
            (Ok(()), Voice::Compose) => self.tell(name, self.verb.ends(), context),
            (Ok(()), Voice::Docker) => match self.verb {
                Verb::Disconnect | Verb::Connect => {}
                Verb::Start
                | Verb::Stop
                | Verb::Terminate
                | Verb::Kill
                | Verb::Restart
                | Verb::Pause
                | Verb::Unpause => return context.print(name),
            },
            (Err(reason), Voice::Docker | Voice::Compose) => {
                let error = format!("Error response from daemon: {reason}");
                if self.verb == Verb::Start {
                    context.print_error(&error);
                    self.failed.push(name.clone());
                } else {
                    self.errors.push(error);
                }
            }
        }
        Ok(())
    }

    fn tell(&self, name: &str, word: &str, context: &mut Context<'_>) {
        match self.voice {
            Voice::Docker => {}
            Voice::Compose => context.print_error(&format!(" Container {name}  {word}")),
        }
    }

    fn end(&self, context: &mut Context<'_>) -> Progress {
        for error in &self.errors {
            context.print_error(error);
        }
        if !self.failed.is_empty() {
            context.print_error(&format!("failed to start containers: {}", self.failed.join(", ")));
        }
        Progress::Exit(u8::from(!self.errors.is_empty() || !self.failed.is_empty()))
    }
}

impl Verb {
    /// What compose says before and after.
    const fn begins(self) -> &'static str {
        match self {
            Self::Start => "Starting",
            Self::Stop | Self::Terminate => "Stopping",
            Self::Kill => "Killing",
            Self::Restart => "Restarting",
            Self::Pause => "Pausing",
            Self::Unpause => "Unpausing",
            Self::Disconnect => "Disconnecting",
            Self::Connect => "Connecting",
        }
    }

    const fn ends(self) -> &'static str {
        match self {
            Self::Start | Self::Restart => "Started",
            Self::Stop | Self::Terminate => "Stopped",
            Self::Kill => "Killed",
            Self::Pause => "Paused",
            Self::Unpause => "Unpaused",
            Self::Disconnect => "Disconnected",
            Self::Connect => "Connected",
        }
    }
}

fn apply(command: &Command, context: &mut Context<'_>) -> Result<(), String> {
    context.command(command).map_err(|error| error.to_string())
}
