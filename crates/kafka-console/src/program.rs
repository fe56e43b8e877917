//! The programs that can be started, by name, and those that are running.
//!
//! **Time**: to start one of the small programs takes [`FORK_AND_EXEC`]. Kafka's tools start at once: the second or
//! two that a Java virtual machine takes is left out, and so is the round trip of the tools that only ask.

mod arguments;
mod catalogue;
mod docker;
mod filter;
mod kcat;
mod launcher;
mod once;
mod utility;

use std::rc::Rc;
use std::time::Duration;

use crate::shell::Interpreter;
use crate::system::{BrokenPipe, Context, Progress};
use crate::tool::{
    ConsoleConsumer, ConsoleProducer, ConsumerApp, ConsumerPerfTest, ProducerApp, ProducerPerfTest, Tool,
};
pub use catalogue::{Program as ProgramEntry, programs};
pub(crate) use catalogue::{find, help, manual, names_and_summaries, path_of, what_is_here};
pub(crate) use docker::{Change, Docker, docker};
use filter::{Filter, FilterKind};
use kcat::Kcat;
use launcher::{Launcher, LauncherKind};
use once::Once;
use utility::{Seq, Sleep, Yes};

/// A recorded shell loop that ran `date` once a round took 1.7 to 2.7 ms a round.
pub(crate) const FORK_AND_EXEC: Duration = Duration::from_micros(1700);

/// A program that runs.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Program {
    Shell(Box<Interpreter>),
    Filter(Box<Filter>),
    Launcher(Box<Launcher>),
    /// A page about a program.
    Manual(&'static str),
    Kcat(Box<Kcat>),
    /// `docker stop` and its like.
    Docker(Box<Change>),
    Seq(Seq),
    Sleep(Sleep),
    Yes(Yes),
    /// A small program that does all it does at once.
    Once(Once, Rc<[Rc<str>]>),
    /// A tool of Kafka's that does all it does at once.
    Tool(Tool, Rc<[Rc<str>]>),
    ConsoleProducer(Box<ConsoleProducer>),
    ConsoleConsumer(Box<ConsoleConsumer>),
    ConsumerApp(Box<ConsumerApp>),
    ProducerApp(Box<ProducerApp>),
    ProducerPerfTest(Box<ProducerPerfTest>),
    ConsumerPerfTest(Box<ConsumerPerfTest>),
    /// Takes a program's place while that takes a step.
    Gone,
}

/// A program that can be started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    Filter(FilterKind),
    Launcher(LauncherKind),
    Kcat,
    Seq,
    Sleep,
    Yes,
    Once(Once),
    Tool(Tool),
}

impl Found {
    pub(crate) fn start(self, arguments: &[Rc<str>]) -> Program {
        let asks = arguments.len() == 1 && arguments.iter().all(|argument| &**argument == "--help");
        if let Some(name) = catalogue::name_of(self).filter(|_| asks) {
            return Program::Manual(name);
        }
        let arguments: Rc<[Rc<str>]> = arguments.into();
        match self {
            Self::Filter(kind) => Program::Filter(Box::new(Filter::new(kind, arguments))),
            Self::Launcher(kind) => Program::Launcher(Box::new(Launcher::new(kind, arguments))),
            Self::Yes => Program::Yes(Yes::new(&arguments)),
            Self::Seq => Program::Seq(Seq::new(arguments)),
            Self::Kcat => Program::Kcat(Box::new(Kcat::new(arguments))),
            Self::Sleep => Program::Sleep(Sleep::new(arguments)),
            Self::Once(once) => Program::Once(once, arguments),
            Self::Tool(Tool::ConsoleProducer) => {
                Program::ConsoleProducer(Box::new(ConsoleProducer::new(arguments)))
            }
            Self::Tool(Tool::ConsoleConsumer) => {
                Program::ConsoleConsumer(Box::new(ConsoleConsumer::new(arguments)))
            }
            Self::Tool(
                tool @ (Tool::Topics
                | Tool::ConsumerGroups
                | Tool::Groups
                | Tool::GetOffsets
                | Tool::DeleteRecords
                | Tool::DumpLog
                | Tool::Configs
                | Tool::MetadataQuorum
                | Tool::BrokerApiVersions
                | Tool::Transactions
                | Tool::LeaderElection
                | Tool::ReassignPartitions),
            ) => Program::Tool(tool, arguments),
            Self::Tool(Tool::ProducerPerfTest) => {
                Program::ProducerPerfTest(Box::new(ProducerPerfTest::new(arguments)))
            }
            Self::Tool(Tool::ConsumerPerfTest) => {
                Program::ConsumerPerfTest(Box::new(ConsumerPerfTest::new(arguments)))
            }
            Self::Tool(Tool::ConsumerApp) => Program::ConsumerApp(Box::new(ConsumerApp::new(arguments))),
            Self::Tool(Tool::ProducerApp) => Program::ProducerApp(Box::new(ProducerApp::new(arguments))),
        }
    }

    pub(crate) const fn start_up(self) -> Duration {
        match self {
            Self::Filter(_)
            | Self::Launcher(_)
            | Self::Kcat
            | Self::Seq
            | Self::Sleep
            | Self::Yes
            | Self::Once(_) => FORK_AND_EXEC,
            Self::Tool(_) => Duration::ZERO,
        }
    }
}

impl Program {
    /// What a terminal begins with.
    pub(crate) fn login_shell() -> Self {
        Self::Shell(Box::new(Interpreter::login()))
    }

    /// Whether it works with the cluster: when a signal asks it to end, it does so by itself and says goodbye.
    pub(crate) fn is_client(&self) -> bool {
        match self {
            Self::Kcat(_)
            | Self::ConsoleProducer(_)
            | Self::ConsoleConsumer(_)
            | Self::ConsumerApp(_)
            | Self::ProducerApp(_)
            | Self::ProducerPerfTest(_)
            | Self::ConsumerPerfTest(_)
            | Self::Tool(..) => true,
            Self::Shell(_)
            | Self::Filter(_)
            | Self::Launcher(_)
            | Self::Manual(_)
            | Self::Seq(_)
            | Self::Sleep(_)
            | Self::Yes(_)
            | Self::Once(..)
            | Self::Docker(_)
            | Self::Gone => false,
        }
    }

    /// A program's name as a pane shows it; `None` for a shell.
    pub(crate) fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Shell(_) | Self::Gone => return None,
            Self::Filter(filter) => filter.name(),
            Self::Launcher(launcher) => launcher.name(),
            Self::Manual(name) => name,
            Self::Seq(_) => "seq",
            Self::Kcat(_) => "kcat",
            Self::Docker(_) => "docker",
            Self::Sleep(_) => "sleep",
            Self::Yes(_) => "yes",
            Self::Once(once, _) => once.name(),
            Self::Tool(tool, _) => tool.name(),
            Self::ConsoleProducer(_) => Tool::ConsoleProducer.name(),
            Self::ConsoleConsumer(_) => Tool::ConsoleConsumer.name(),
            Self::ConsumerApp(_) => Tool::ConsumerApp.name(),
            Self::ProducerApp(_) => Tool::ProducerApp.name(),
            Self::ProducerPerfTest(_) => Tool::ProducerPerfTest.name(),
            Self::ConsumerPerfTest(_) => Tool::ConsumerPerfTest.name(),
        })
    }

    /// The shell that it is.
    pub(crate) fn as_shell(&self) -> Option<&Interpreter> {
        if let Self::Shell(shell) = self { Some(shell) } else { None }
    }

    /// Whether it is a shell that reads commands.
    pub(crate) fn is_interactive_shell(&self) -> bool {
        matches!(self, Self::Shell(shell) if shell.reads_commands())
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        match self {
            Self::Shell(shell) => return shell.step(context),
            Self::Kcat(kcat) => return kcat.step(context),
            Self::ConsoleProducer(producer) => return producer.step(context),
            Self::ConsoleConsumer(consumer) => return consumer.step(context),
            Self::ConsumerApp(application) => return application.step(context),
            Self::ProducerApp(application) => return application.step(context),
            Self::Filter(_)
            | Self::Launcher(_)
            | Self::Manual(_)
            | Self::Seq(_)
            | Self::Sleep(_)
            | Self::Yes(_)
            | Self::Once(..)
            | Self::Tool(..)
            | Self::Docker(_)
            | Self::ProducerPerfTest(_)
            | Self::ConsumerPerfTest(_)
            | Self::Gone => {}
        }
        if let Some(signal) = context.signal() {
            return Progress::Exit(signal.exit_code());
        }
        match self {
            Self::Filter(filter) => filter.step(context),
            Self::Launcher(launcher) => launcher.step(context),
            Self::Manual(name) => {
                let page = manual(name).unwrap_or_default();
                let written = context.write_output(page.as_bytes());
                if written.is_ok() { Progress::Exit(0) } else { BrokenPipe::EXIT }
            }
            Self::Yes(yes) => yes.step(context),
            Self::Seq(seq) => seq.step(context),
            Self::Sleep(sleep) => sleep.step(context),
            Self::Docker(change) => change.step(context),
            Self::Once(once, arguments) => once.run(arguments, context),
            Self::Tool(tool, arguments) => Progress::Exit(tool.run(arguments, context)),
            Self::ProducerPerfTest(test) => test.step(context),
            Self::ConsumerPerfTest(test) => test.step(context),
            Self::Shell(_)
            | Self::Kcat(_)
            | Self::ConsoleProducer(_)
            | Self::ConsoleConsumer(_)
            | Self::ConsumerApp(_)
            | Self::ProducerApp(_)
            | Self::Gone => unreachable!("only a program in its place takes a step"),
        }
    }
}
