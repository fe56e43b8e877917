//! The programs that can be started, by name, and those that are running.
//!
//! **Time**: to start one of the small programs takes [`FORK_AND_EXEC`]. Kafka's tools start at once: the second or
//! two that a Java virtual machine takes is left out, and so is the round trip of the tools that only ask.

mod filter;
mod kcat;
mod utility;

use std::rc::Rc;
use std::time::Duration;

use crate::shell::Interpreter;
use crate::system::{Context, Progress};
use crate::tool::{
    self, ConsoleConsumer, ConsoleProducer, ConsumerApp, ConsumerPerfTest, ProducerPerfTest, Tool,
};
use filter::{Filter, Kind};
use kcat::Kcat;
use utility::{Cat, Once, Seq, Sleep};

/// A recorded shell loop that ran `date` once a round took 1.7 to 2.7 ms a round.
pub(crate) const FORK_AND_EXEC: Duration = Duration::from_micros(1700);

/// A program that runs.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Program {
    Shell(Box<Interpreter>),
    Cat(Cat),
    Kcat(Box<Kcat>),
    Seq(Seq),
    Sleep(Sleep),
    Filter(Box<Filter>),
    /// A small program that does all it does at once.
    Once(Once, Rc<[Rc<str>]>),
    /// A tool of Kafka's that does all it does at once.
    Tool(Tool, Rc<[Rc<str>]>),
    ConsoleProducer(Box<ConsoleProducer>),
    ConsoleConsumer(Box<ConsoleConsumer>),
    ConsumerApp(Box<ConsumerApp>),
    ProducerPerfTest(Box<ProducerPerfTest>),
    ConsumerPerfTest(Box<ConsumerPerfTest>),
    /// Takes a program's place while that takes a step.
    Gone,
}

/// A program that can be started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    Cat,
    Kcat,
    Seq,
    Sleep,
    Filter(Kind),
    Once(Once),
    Tool(Tool),
}

/// The small programs, with what they are for.
const UTILITIES: [(&str, Found, &str); 13] = [
    ("cat", Found::Cat, "print files, or what is typed"),
    ("date", Found::Once(Once::Date), "the time of the simulated machines; date +%s%N"),
    ("grep", Found::Filter(Kind::Grep), "print the lines that match; -v those that do not, -c their number"),
    ("head", Found::Filter(Kind::Head), "print the first lines; -n 3"),
    ("kcat", Found::Kcat, "send, read and list in one line; -h lists the options"),
    ("ls", Found::Once(Once::Ls), "the files that were written with >"),
    ("ps", Found::Once(Once::Ps), "the programs that run, with their numbers and terminals"),
    ("rm", Found::Once(Once::Rm), "remove files"),
    ("seq", Found::Seq, "count"),
    ("sleep", Found::Sleep, "let virtual time pass"),
    ("sort", Found::Filter(Kind::Sort), "print lines in order; -n by number, -r backwards, -u each once"),
    ("tail", Found::Filter(Kind::Tail), "print the last lines; -n 3"),
    ("wc", Found::Filter(Kind::Wc), "count lines, words and bytes; -l lines alone"),
];

/// What the shell knows itself, with what it is for.
const BUILTINS: [(&str, &str); 10] = [
    ("docker exec", "run a command in a container: all containers are the same here"),
    ("bash -c", "run a text as commands; alone, a shell in the shell"),
    ("time", "how long a command takes"),
    ("echo, printf", "print"),
    ("for ... do ... done", "repeat; also |, &&, ||, ;, >, >>, <, <<EOF, 2>&1, $(...), $name, {1..10}"),
    ("cd, export", "name=value works without export; there is one folder, so cd does nothing"),
    (
        "kill",
        "end a program by its number; -9 without a goodbye; -STOP and -CONT let it stand still and go on",
    ),
    ("true, false, exit", "end well, end badly, end the shell"),
    ("clear", "empty the terminal"),
    ("help", "this list"),
];

/// A program by its name, with or without a path and, for Kafka's, `.sh`.
pub(crate) fn find(name: &str) -> Option<Found> {
    let base = name.rsplit('/').next().unwrap_or(name);
    let utility = UTILITIES.iter().find(|(known, ..)| *known == base).map(|(_, found, _)| *found);
    utility.or_else(|| tool::find(base).map(Found::Tool))
}

/// One sentence for somebody who asked for something else.
pub(crate) fn what_is_here() -> String {
    let tools: Vec<_> = Tool::ALL.iter().map(|tool| tool.name()).collect();
    format!("Here are {}, and a small shell: type help for the list.", tools.join(", "))
}

pub(crate) fn help() -> String {
    let tools = Tool::ALL.iter().map(|tool| (tool.name(), tool.summary()));
    let utilities = UTILITIES.iter().map(|(name, _, summary)| (*name, *summary));
    let mut text = String::new();
    for (title, rows) in [
        ("Tools (--help lists the options):", tools.collect::<Vec<_>>()),
        ("Programs:", utilities.collect()),
        ("The shell:", BUILTINS.to_vec()),
    ] {
        text.push_str(title);
        text.push('\n');
        for (name, summary) in rows {
            text.push_str(&format!("  {name:25} {summary}\n"));
        }
    }
    text
}

impl Found {
    pub(crate) fn start(self, arguments: &[Rc<str>]) -> Program {
        let arguments: Rc<[Rc<str>]> = arguments.into();
        match self {
            Self::Cat => Program::Cat(Cat::new(&arguments)),
            Self::Seq => Program::Seq(Seq::new(arguments)),
            Self::Kcat => Program::Kcat(Box::new(Kcat::new(arguments))),
            Self::Sleep => Program::Sleep(Sleep::new(arguments)),
            Self::Filter(kind) => Program::Filter(Box::new(Filter::new(kind, arguments))),
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
                | Tool::Configs
                | Tool::MetadataQuorum
                | Tool::BrokerApiVersions),
            ) => Program::Tool(tool, arguments),
            Self::Tool(Tool::ProducerPerfTest) => {
                Program::ProducerPerfTest(Box::new(ProducerPerfTest::new(arguments)))
            }
            Self::Tool(Tool::ConsumerPerfTest) => {
                Program::ConsumerPerfTest(Box::new(ConsumerPerfTest::new(arguments)))
            }
            Self::Tool(Tool::ConsumerApp) => Program::ConsumerApp(Box::new(ConsumerApp::new(arguments))),
        }
    }

    pub(crate) const fn start_up(self) -> Duration {
        match self {
            Self::Cat | Self::Kcat | Self::Seq | Self::Sleep | Self::Filter(_) | Self::Once(_) => {
                FORK_AND_EXEC
            }
            Self::Tool(_) => Duration::ZERO,
        }
    }
}

impl Program {
    pub(crate) fn interactive_shell() -> Self {
        Self::Shell(Box::new(Interpreter::interactive()))
    }

    /// A program's name as a pane shows it; `None` for a shell.
    pub(crate) fn name(&self) -> Option<&'static str> {
        Some(match self {
            Self::Shell(_) | Self::Gone => return None,
            Self::Cat(_) => "cat",
            Self::Seq(_) => "seq",
            Self::Kcat(_) => "kcat",
            Self::Sleep(_) => "sleep",
            Self::Filter(filter) => filter.kind().name(),
            Self::Once(once, _) => once.name(),
            Self::Tool(tool, _) => tool.name(),
            Self::ConsoleProducer(_) => Tool::ConsoleProducer.name(),
            Self::ConsoleConsumer(_) => Tool::ConsoleConsumer.name(),
            Self::ConsumerApp(_) => Tool::ConsumerApp.name(),
            Self::ProducerPerfTest(_) => Tool::ProducerPerfTest.name(),
            Self::ConsumerPerfTest(_) => Tool::ConsumerPerfTest.name(),
        })
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
            Self::Cat(_)
            | Self::Seq(_)
            | Self::Sleep(_)
            | Self::Filter(_)
            | Self::Once(..)
            | Self::Tool(..)
            | Self::ProducerPerfTest(_)
            | Self::ConsumerPerfTest(_)
            | Self::Gone => {}
        }
        if let Some(signal) = context.signal() {
            return Progress::Exit(signal.exit_code());
        }
        match self {
            Self::Cat(cat) => cat.step(context),
            Self::Seq(seq) => seq.step(context),
            Self::Sleep(sleep) => sleep.step(context),
            Self::Filter(filter) => filter.step(context),
            Self::Once(once, arguments) => once.run(arguments, context),
            Self::Tool(tool, arguments) => Progress::Exit(tool.run(arguments, context)),
            Self::ProducerPerfTest(test) => test.step(context),
            Self::ConsumerPerfTest(test) => test.step(context),
            Self::Shell(_)
            | Self::Kcat(_)
            | Self::ConsoleProducer(_)
            | Self::ConsoleConsumer(_)
            | Self::ConsumerApp(_)
            | Self::Gone => unreachable!("only a program in its place takes a step"),
        }
    }
}
