//! The programs that can be started, by name, and those that are running.
//!
//! **Time**: to start one of the small programs takes [`FORK_AND_EXEC`]. Kafka's tools start at once: the second or
//! two that a Java virtual machine takes is left out, and so is the round trip of the tools that only ask.

mod utility;

use std::rc::Rc;
use std::time::Duration;

use crate::shell::Interpreter;
use crate::system::{Context, Progress};
use crate::tool::{self, ConsoleConsumer, ConsoleProducer, ConsumerApp, Tool};
use utility::{Cat, Once, Seq, Sleep};

/// A recorded shell loop that ran `date` once a round took 1.7 to 2.7 ms a round.
pub(crate) const FORK_AND_EXEC: Duration = Duration::from_micros(1700);

/// A program that runs.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Program {
    Shell(Box<Interpreter>),
    Cat(Cat),
    Seq(Seq),
    Sleep(Sleep),
    /// A small program that does all it does at once.
    Once(Once, Rc<[Rc<str>]>),
    /// A tool of Kafka's that does all it does at once.
    Tool(Tool, Rc<[Rc<str>]>),
    ConsoleProducer(Box<ConsoleProducer>),
    ConsoleConsumer(Box<ConsoleConsumer>),
    ConsumerApp(Box<ConsumerApp>),
    /// Takes a program's place while that takes a step.
    Gone,
}

/// A program that can be started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    Cat,
    Seq,
    Sleep,
    Once(Once),
    Tool(Tool),
}

/// The small programs, with what they are for.
const UTILITIES: [(&str, Found, &str); 6] = [
    ("cat", Found::Cat, "print files, or what is typed"),
    ("date", Found::Once(Once::Date), "the time of the simulated machines; date +%s%N"),
    ("ls", Found::Once(Once::Ls), "the files that were written with >"),
    ("rm", Found::Once(Once::Rm), "remove files"),
    ("seq", Found::Seq, "count"),
    ("sleep", Found::Sleep, "let virtual time pass"),
];

/// What the shell knows itself, with what it is for.
const BUILTINS: [(&str, &str); 9] = [
    ("docker exec", "run a command in a container: all containers are the same here"),
    ("bash -c", "run a text as commands; alone, a shell in the shell"),
    ("time", "how long a command takes"),
    ("echo, printf", "print"),
    ("for ... do ... done", "repeat; also |, &&, ||, ;, >, >>, <, <<EOF, 2>&1, $(...), $name, {1..10}"),
    ("cd, export", "name=value works without export; there is one folder, so cd does nothing"),
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
            Self::Sleep => Program::Sleep(Sleep::new(arguments)),
            Self::Once(once) => Program::Once(once, arguments),
            Self::Tool(Tool::ConsoleProducer) => {
                Program::ConsoleProducer(Box::new(ConsoleProducer::new(arguments)))
            }
            Self::Tool(Tool::ConsoleConsumer) => {
                Program::ConsoleConsumer(Box::new(ConsoleConsumer::new(arguments)))
            }
            Self::Tool(Tool::ConsumerApp) => Program::ConsumerApp(Box::new(ConsumerApp::new(arguments))),
            Self::Tool(tool @ (Tool::Topics | Tool::ConsumerGroups)) => Program::Tool(tool, arguments),
        }
    }

    pub(crate) const fn start_up(self) -> Duration {
        match self {
            Self::Cat | Self::Seq | Self::Sleep | Self::Once(_) => FORK_AND_EXEC,
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
            Self::Sleep(_) => "sleep",
            Self::Once(once, _) => once.name(),
            Self::Tool(tool, _) => tool.name(),
            Self::ConsoleProducer(_) => Tool::ConsoleProducer.name(),
            Self::ConsoleConsumer(_) => Tool::ConsoleConsumer.name(),
            Self::ConsumerApp(_) => Tool::ConsumerApp.name(),
        })
    }

    /// Whether it is a shell that reads commands.
    pub(crate) fn is_interactive_shell(&self) -> bool {
        matches!(self, Self::Shell(shell) if shell.reads_commands())
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        match self {
            Self::Shell(shell) => return shell.step(context),
            Self::ConsoleProducer(producer) => return producer.step(context),
            Self::ConsoleConsumer(consumer) => return consumer.step(context),
            Self::ConsumerApp(application) => return application.step(context),
            Self::Cat(_) | Self::Seq(_) | Self::Sleep(_) | Self::Once(..) | Self::Tool(..) | Self::Gone => {}
        }
        if let Some(signal) = context.signal() {
            return Progress::Exit(signal.exit_code());
        }
        match self {
            Self::Cat(cat) => cat.step(context),
            Self::Seq(seq) => seq.step(context),
            Self::Sleep(sleep) => sleep.step(context),
            Self::Once(once, arguments) => once.run(arguments, context),
            Self::Tool(tool, arguments) => Progress::Exit(tool.run(arguments, context)),
            Self::Shell(_)
            | Self::ConsoleProducer(_)
            | Self::ConsoleConsumer(_)
            | Self::ConsumerApp(_)
            | Self::Gone => unreachable!("only a program in its place takes a step"),
        }
    }
}
