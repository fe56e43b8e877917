//! What the page shows beside the scene: terminals, the state of playback, branches, and what a click would type.

use std::rc::Rc;

use kafka_core::time::SimTime;

/// What one does at a terminal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// A line, at the shell's prompt or into the running program.
    Command(String),
    /// Ctrl+C.
    Interrupt,
    /// Ctrl+D.
    EndOfInput,
    /// The window is closed: the process is killed.
    Close,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TerminalView {
    pub number: u32,
    /// The program that runs in the foreground; `None` at the shell's prompt.
    pub program: Option<Rc<str>>,
    pub prompt: Rc<str>,
    pub lines: Rc<[Line]>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub at: SimTime,
    pub stream: Stream,
    pub text: Rc<str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stream {
    /// Typed at the shell's prompt.
    Command,
    /// Typed into a program.
    Input,
    Output,
    Error,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Speed {
    /// Slow where something moves, fast where nothing does; all of it at so many per mille.
    Auto { per_mille: u32 },
    /// The same everywhere: virtual per real time, in per mille.
    Constant { per_mille: u32 },
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaybackView {
    pub playing: bool,
    pub speed: Speed,
    /// Virtual per real time at this moment, in per mille.
    pub pace: u32,
}

/// One line of history among those that were forked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Branch {
    pub number: u32,
    pub end: SimTime,
    pub current: bool,
}

/// What one of the common acts comes to, here and now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    pub act: Act,
    pub terminal: u32,
    pub action: Action,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    CreateTopic,
    StartProducer,
    Produce,
    AddConsumer,
    StopConsumer,
    KillConsumer,
    DescribeGroup,
}
