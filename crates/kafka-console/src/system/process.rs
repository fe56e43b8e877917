//! A program that runs, and where its input comes from and its output goes.

use std::rc::Rc;

use super::PipeId;
use crate::program::Program;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Pid(pub(crate) u32);

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Process {
    pub(crate) parent: Option<Pid>,
    /// The number of the terminal that it was started from.
    pub(crate) terminal: u32,
    pub(crate) stdio: Stdio,
    pub(crate) program: Program,
    /// A signal that the program has not looked at.
    pub(crate) signal: Option<Signal>,
}

/// What asks a program to end, and can be taken as a wish to end well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Signal {
    /// SIGINT
    Interrupt,
    /// SIGTERM
    Terminate,
}

impl Signal {
    /// 128 and the number of the signal.
    pub(crate) const fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stdio {
    pub(crate) input: Input,
    pub(crate) output: Output,
    pub(crate) error: Output,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Input {
    Terminal,
    Pipe(PipeId),
    Null,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Output {
    Terminal,
    /// As the terminal, but marked as an error.
    TerminalError,
    Pipe(PipeId),
    File(Rc<str>),
    Null,
}

impl Process {
    pub(crate) fn in_terminal(terminal: u32, program: Program) -> Self {
        let stdio = Stdio { input: Input::Terminal, output: Output::Terminal, error: Output::TerminalError };
        Self { parent: None, terminal, stdio, program, signal: None }
    }
}
