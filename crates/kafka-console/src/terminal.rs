//! A terminal: what was typed into it, what programs printed, and who reads what is typed next.
//!
//! Leaves out: colours and other escape sequences (dropped), the cursor, line editing (the page does that).

use std::collections::VecDeque;
use std::rc::Rc;

use kafka_core::time::SimTime;

use crate::system::{Pid, Read};

/// How many lines a terminal keeps; older ones are dropped and counted.
pub const MAX_LINES: usize = 3000;

/// How many characters of a line a terminal keeps; the rest is cut and the line says so.
pub const MAX_LINE_LENGTH: usize = 10_000;

#[derive(Clone, PartialEq, Debug)]
pub struct Terminal {
    lines: VecDeque<Line>,
    dropped: u64,
    /// The last line has not been ended yet.
    open: bool,
    /// Typed before anybody read it.
    unread: VecDeque<Typed>,
    reader: Option<(Pid, Prompt)>,
    shell: Pid,
    /// The job that the keys reach, and the shell that put it there.
    foreground: (Pid, Pid),
    exit_code: Option<u8>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// When its first character appeared.
    pub at: SimTime,
    pub source: Source,
    pub text: Rc<str>,
}

/// Where a line came from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    Output,
    Error,
    /// Typed behind this prompt, or while nobody asked for input.
    Typed(Option<Prompt>),
    /// A key that interrupts or stops, shown as `^C` or `^Z`.
    Key,
}

/// Who asks for the next line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Prompt {
    Shell,
    /// A command that is not complete yet.
    Continuation,
    /// A program, with what it prints in front of the line.
    Program(&'static str),
}

impl Prompt {
    pub const fn text(self) -> &'static str {
        match self {
            Self::Shell => "$ ",
            Self::Continuation => "> ",
            Self::Program(text) => text,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Typed {
    Line(Rc<str>),
    End,
}

impl Terminal {
    pub(crate) fn new(shell: Pid) -> Self {
        Self {
            lines: VecDeque::new(),
            dropped: 0,
            open: false,
            unread: VecDeque::new(),
            reader: None,
            shell,
            foreground: (shell, shell),
            exit_code: None,
        }
    }

    /// What is on the screen and above it, oldest first.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &Line> + DoubleEndedIterator {
        self.lines.iter()
    }

    /// How many lines were dropped because there were too many: the number of the first of [`lines`](Self::lines).
    pub fn dropped_lines(&self) -> u64 {
        self.dropped
    }

    /// Whether the last line may still grow.
    pub fn is_last_line_open(&self) -> bool {
        self.open
    }

    /// The prompt behind which the next line is typed; `None` while nobody reads.
    pub fn prompt(&self) -> Option<Prompt> {
        self.reader.map(|(_, prompt)| prompt)
    }

    /// Who reads the next line.
    pub(crate) fn reader(&self) -> Option<Pid> {
        self.reader.map(|(pid, _)| pid)
    }

    /// Whether a command can be typed.
    pub fn is_at_prompt(&self) -> bool {
        self.prompt() == Some(Prompt::Shell)
    }

    /// How the last command ended.
    pub fn exit_code(&self) -> Option<u8> {
        self.exit_code
    }

    pub(crate) fn shell(&self) -> Pid {
        self.shell
    }

    pub(crate) fn set_shell(&mut self, shell: Pid) {
        self.shell = shell;
        self.foreground = (shell, shell);
    }

    pub(crate) fn foreground(&self) -> (Pid, Pid) {
        self.foreground
    }

    pub(crate) fn set_foreground(&mut self, group: Pid, shell: Pid) {
        self.foreground = (group, shell);
    }

    pub(crate) fn write(&mut self, at: SimTime, source: Source, bytes: &[u8]) {
        let text = printable(&String::from_utf8_lossy(bytes));
        let mut pieces = text.split('\n').peekable();
        while let Some(piece) = pieces.next() {
            let ended = pieces.peek().is_some();
            if !piece.is_empty() || ended {
                self.add(at, source, piece);
                self.open = !ended;
            }
        }
    }

    /// A line is typed; answers with who is to be woken.
    pub(crate) fn type_line(&mut self, at: SimTime, text: &str) -> Option<Pid> {
        self.open = false;
        self.add(at, Source::Typed(self.prompt()), &printable(text));
        self.unread.push_back(Typed::Line(text.into()));
        self.reader.take().map(|(pid, _)| pid)
    }

    /// Control-D: the end of input for a program that reads; nothing while nobody does. As with every input, what is
    /// printed next begins a line.
    pub(crate) fn end_input(&mut self) -> Option<Pid> {
        self.open = false;
        let (pid, _) = self.reader.take()?;
        self.unread.push_back(Typed::End);
        Some(pid)
    }

    /// Control-C or Control-Z: shown, and what was typed ahead is forgotten.
    pub(crate) fn press(&mut self, at: SimTime, key: &str) {
        self.open = false;
        self.add(at, Source::Key, key);
        self.unread.clear();
    }

    pub(crate) fn read(&mut self, pid: Pid, prompt: Prompt) -> Read {
        match self.unread.pop_front() {
            Some(Typed::Line(text)) => Read::Line([text.as_bytes(), b"\n"].concat()),
            Some(Typed::End) => Read::End,
            None => {
                self.reader = Some((pid, prompt));
                Read::Wait
            }
        }
    }

    pub(crate) fn forget_reader(&mut self, pid: Pid) {
        self.reader = self.reader.filter(|(reader, _)| *reader != pid);
    }

    pub(crate) fn command_ended(&mut self, shell: Pid, code: u8) {
        if shell == self.shell {
            self.exit_code = Some(code);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.dropped += self.lines.len() as u64;
        self.lines.clear();
        self.open = false;
    }

    fn add(&mut self, at: SimTime, source: Source, text: &str) {
        match self.lines.back_mut().filter(|_| self.open) {
            Some(line) => {
                let joined = format!("{}{text}", line.text);
                line.text = cut(&joined).into();
            }
            None => self.lines.push_back(Line { at, source, text: cut(text).into() }),
        }
        if self.lines.len() > MAX_LINES {
            self.lines.pop_front();
            self.dropped += 1;
        }
    }
}

/// Without escape sequences and control characters other than the tab and the line end.
fn printable(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape_sequence(&mut chars),
            '\n' | '\t' => result.push(c),
            c if c.is_control() => {}
            c => result.push(c),
        }
    }
    result
}

/// `ESC [ parameters letter`; of any other sequence the one character after the escape.
fn skip_escape_sequence(chars: &mut impl Iterator<Item = char>) {
    if chars.next() == Some('[') {
        chars.find(|c| matches!(c, '@'..='~'));
    }
}

fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(MAX_LINE_LENGTH) else { return text.to_owned() };
    let rest = text[end..].chars().count();
    format!("{} ... ({rest} more characters are not shown)", &text[..end])
}
