//! A program that runs, and where its input comes from and its output goes.

use std::rc::Rc;

use kafka_core::protocol::BrokerId;

use super::{PipeId, Signal};
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
    /// What `ps` shows.
    pub(crate) title: Rc<str>,
    /// The process whose number the whole job has.
    pub(crate) group: Pid,
    /// The folder that it is in.
    pub(crate) folder: Rc<str>,
    /// The broker in whose container it runs, if it was started in one.
    pub(crate) container: Option<BrokerId>,
    /// A signal that the program has not looked at.
    pub(crate) signal: Option<Signal>,
    /// Stopped until SIGCONT arrives.
    pub(crate) stopped: bool,
}

/// How a process ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ended {
    pub(crate) status: u8,
    /// A signal ended it, rather than that it exited with 128 and more.
    pub(crate) by_signal: bool,
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
