//! What the page shows beside the scene: terminals, the state of playback, branches, and what a click would type.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_console::terminal::{self, Prompt, Source};
use kafka_console::{Action, Console};
use kafka_core::time::SimTime;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TerminalView {
    pub number: u32,
    /// The program that runs in the foreground; `None` at the shell's prompt.
    pub program: Option<Rc<str>>,
    pub prompt: Rc<str>,
    pub lines: Rc<[Line]>,
    /// The commands that were typed, oldest first.
    pub history: Rc<[Rc<str>]>,
    /// The number of the first of the lines; grows when lines are cleared or dropped.
    pub first_line: u64,
}

impl TerminalView {
    /// Whether it keeps as many lines as a terminal does, so that older ones are gone.
    pub fn is_full(&self) -> bool {
        self.lines.len() >= terminal::MAX_LINES
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub at: SimTime,
    pub stream: Stream,
    /// What stood in front of a typed line.
    pub prompt: &'static str,
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

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaybackView {
    pub playing: bool,
    pub speed: Speed,
    /// Virtual per real time at this moment, in per mille.
    pub pace: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Speed {
    /// Slow where something moves, fast where nothing does; all of it at so many per mille.
    Auto { per_mille: u32 },
    /// The same everywhere: virtual per real time, in per mille.
    Constant { per_mille: u32 },
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

/// The terminals as they were last shown: one that has not changed is not built again.
#[derive(Clone, Default)]
pub(super) struct Screens(BTreeMap<u32, Screen>);

#[derive(Clone)]
struct Screen {
    signs: Signs,
    view: TerminalView,
}

/// Differs whenever a terminal shows something else.
#[derive(Clone, PartialEq)]
struct Signs {
    dropped: u64,
    lines: usize,
    last: Option<terminal::Line>,
    prompt: Option<Prompt>,
    program: Option<&'static str>,
}

impl Screens {
    pub(super) fn show(&mut self, console: &Console, numbers: &[u32]) -> Rc<[TerminalView]> {
        let programs = console.newest_programs();
        let show = |number: &u32| self.show_one(console, *number, programs.get(number).copied());
        numbers.iter().map(show).collect()
    }

    fn show_one(&mut self, console: &Console, number: u32, program: Option<&'static str>) -> TerminalView {
        let Some(terminal) = console.terminal(number) else {
            return TerminalView {
                number,
                program: None,
                prompt: Prompt::Shell.text().into(),
                lines: Rc::default(),
                history: Rc::default(),
                first_line: 0,
            };
        };
        let signs = Signs {
            dropped: terminal.dropped_lines(),
            lines: terminal.lines().len(),
            last: terminal.lines().next_back().cloned(),
            prompt: terminal.prompt(),
            program,
        };
        if let Some(screen) = self.0.get(&number).filter(|screen| screen.signs == signs) {
            return screen.view.clone();
        }
        let view = TerminalView {
            number,
            program: signs.program.map(Rc::from),
            prompt: signs.prompt.map_or("", Prompt::text).into(),
            lines: terminal.lines().map(line).collect(),
            history: console.history(number).into(),
            first_line: signs.dropped,
        };
        self.0.insert(number, Screen { signs, view: view.clone() });
        view
    }
}

fn line(line: &terminal::Line) -> Line {
    let (stream, prompt) = match line.source {
        Source::Output => (Stream::Output, ""),
        Source::Error => (Stream::Error, ""),
        Source::Key | Source::Typed(None) => (Stream::Input, ""),
        Source::Typed(Some(prompt @ (Prompt::Shell | Prompt::Continuation))) => {
            (Stream::Command, prompt.text())
        }
        Source::Typed(Some(prompt @ Prompt::Program(_))) => (Stream::Input, prompt.text()),
    };
    Line { at: line.at, stream, prompt, text: line.text.clone() }
}
