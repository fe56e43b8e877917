//! Runs scripts: a stack of frames, each a place in the script that will be returned to.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::time::SimTime;

use super::expansion::{Expansion, Outcome};
use super::parser::{self, ParseError};
use super::redirection;
use super::syntax::{AndOr, Body, Command, Connector, Pipeline, Script, Target, Word};
use super::variables::Variables;
use crate::program::Program;
use crate::system::{Context, Input, Output, Pid, PipeId, Progress, Read, Signal, Stdio};
use crate::terminal::Prompt;

/// A command that is longer than this, in bytes, is refused.
const MAX_COMMAND: usize = 256 << 10;

/// What `$(...)` keeps of a program's output, in bytes.
const MAX_CAPTURED: usize = 1 << 20;

/// 128 and SIGINT.
const INTERRUPTED: u8 = 130;

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Interpreter {
    /// Whether commands are read from standard input; else there is one script and then the end.
    reads_commands: bool,
    /// Lines of a command that is not complete yet.
    pending: String,
    frames: Vec<Frame>,
    /// Redirections of the compound commands that are running, innermost last.
    scopes: Vec<Stdio>,
    pub(super) variables: Variables,
    pub(super) status: u8,
    interrupted: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Frame {
    Script {
        items: Script,
        next: usize,
    },
    AndOr {
        item: AndOr,
        next: usize,
    },
    Negate,
    Timed {
        started: SimTime,
    },
    Loop {
        variable: Rc<str>,
        values: Rc<[Rc<str>]>,
        next: usize,
        body: Script,
    },
    EndScope,
    Expand {
        command: Command,
        expansion: Expansion,
        capture: Option<Capture>,
    },
    /// Children that have not ended yet; the shell's status becomes that of the last.
    Wait {
        children: Vec<Pid>,
        last: Pid,
    },
}

/// A `$(...)` that is running.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Capture {
    child: Pid,
    pipe: PipeId,
    output: Vec<u8>,
}

impl Interpreter {
    /// A shell that reads its commands from standard input.
    pub(crate) fn interactive() -> Self {
        Self::new(true, Vec::new(), Variables::default())
    }

    pub(crate) fn script(items: Script) -> Self {
        Self::new(false, vec![Frame::Script { items, next: 0 }], Variables::default())
    }

    fn new(reads_commands: bool, frames: Vec<Frame>, variables: Variables) -> Self {
        Self {
            reads_commands,
            pending: String::new(),
            frames,
            scopes: Vec::new(),
            variables,
            status: 0,
            interrupted: false,
        }
    }

    pub(crate) fn reads_commands(&self) -> bool {
        self.reads_commands
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        self.interrupted |= match context.take_signal() {
            Some(Signal::Interrupt) => true,
            // A shell at its prompt does not take it.
            Some(Signal::Terminate) => !self.reads_commands,
            None => false,
        };
        // Children have been interrupted too: the shell goes when they have gone.
        if self.interrupted && !self.waits_for_child() {
            return self.unwind(context);
        }
        match self.frames.pop() {
            Some(frame) => self.run(frame, context),
            None if self.reads_commands => self.read_command(context),
            None => Progress::Exit(self.status),
        }
    }

    fn waits_for_child(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Wait { .. } | Frame::Expand { capture: Some(_), .. }))
    }

    fn unwind(&mut self, context: &mut Context<'_>) -> Progress {
        while let Some(frame) = self.frames.pop() {
            if let Frame::Timed { started } = frame {
                self.report_time(started, context);
            }
        }
        self.scopes.clear();
        self.pending.clear();
        self.status = INTERRUPTED;
        self.interrupted = false;
        context.report_exit_code(self.status);
        if self.reads_commands && context.is_interactive() {
            Progress::Continue
        } else {
            Progress::Exit(self.status)
        }
    }

    fn read_command(&mut self, context: &mut Context<'_>) -> Progress {
        let prompt = if self.pending.is_empty() { Prompt::Shell } else { Prompt::Continuation };
        let line = match context.read_line(prompt) {
            Read::Line(line) => line,
            Read::Wait => return Progress::Blocked,
            Read::End => return self.end_of_input(context),
        };
        self.pending.push_str(&String::from_utf8_lossy(&line));
        if self.pending.len() > MAX_COMMAND {
            self.pending.clear();
            self.refuse(&format!("a command holds at most {MAX_COMMAND} bytes here"), context);
            return Progress::Continue;
        }
        match parser::parse(&self.pending) {
            Ok(items) => {
                self.pending.clear();
                self.frames.push(Frame::Script { items, next: 0 });
            }
            Err(ParseError::Incomplete) => self.pending.push('\n'),
            Err(error @ (ParseError::Unexpected(_) | ParseError::Unsupported(_))) => {
                self.pending.clear();
                self.refuse(&error.to_string(), context);
            }
        }
        Progress::Continue
    }

    fn end_of_input(&mut self, context: &mut Context<'_>) -> Progress {
        if !self.pending.is_empty() {
            self.pending.clear();
            self.refuse(&ParseError::Incomplete.to_string(), context);
        } else if context.stdio().input == Input::Terminal {
            context.print_error("exit");
        }
        Progress::Exit(self.status)
    }

    fn refuse(&mut self, message: &str, context: &mut Context<'_>) {
        self.status = 2;
        context.print_error(&format!("bash: {message}"));
        context.report_exit_code(self.status);
    }

    fn run(&mut self, frame: Frame, context: &mut Context<'_>) -> Progress {
        match frame {
            Frame::Script { items, next } => match items.get(next).cloned() {
                Some(item) => {
                    self.frames.push(Frame::Script { items, next: next + 1 });
                    self.frames.push(Frame::AndOr { item, next: 0 });
                }
                None => context.report_exit_code(self.status),
            },
            Frame::AndOr { item, next } => self.run_and_or(item, next, context),
            Frame::Negate => self.status = u8::from(self.status == 0),
            Frame::Timed { started } => self.report_time(started, context),
            Frame::Loop { variable, values, next, body } => {
                if let Some(value) = values.get(next) {
                    self.variables.set(&variable, value);
                    let items = body.clone();
                    self.frames.push(Frame::Loop { variable, values, next: next + 1, body });
                    self.frames.push(Frame::Script { items, next: 0 });
                }
            }
            Frame::EndScope => {
                self.scopes.pop();
            }
            Frame::Expand { command, expansion, capture } => {
                return self.expand(command, expansion, capture, context);
            }
            Frame::Wait { children, last } => return self.wait(children, last, context),
        }
        Progress::Continue
    }

    fn run_and_or(&mut self, item: AndOr, next: usize, context: &mut Context<'_>) {
        let pipeline = if next == 0 {
            Some(item.first.clone())
        } else if let Some((connector, pipeline)) = item.rest.get(next - 1) {
            let goes_on = match connector {
                Connector::And => self.status == 0,
                Connector::Or => self.status != 0,
            };
            goes_on.then(|| pipeline.clone())
        } else {
            return;
        };
        self.frames.push(Frame::AndOr { item, next: next + 1 });
        if let Some(pipeline) = pipeline {
            self.run_pipeline(&pipeline, context);
        }
    }

    fn run_pipeline(&mut self, pipeline: &Pipeline, context: &mut Context<'_>) {
        if pipeline.timed {
            self.frames.push(Frame::Timed { started: context.now() });
        }
        if pipeline.negated {
            self.frames.push(Frame::Negate);
        }
        if let [command] = &*pipeline.stages {
            return self.begin(command);
        }
        let mut stdio = self.stdio(context);
        let output = stdio.output.clone();
        let mut children = Vec::new();
        for (number, stage) in (1..).zip(pipeline.stages.iter()) {
            let pipe = (number < pipeline.stages.len()).then(|| context.system().open_pipe(None));
            stdio.output = pipe.map_or_else(|| output.clone(), Output::Pipe);
            children.push(self.spawn_subshell(alone(stage.clone()), stdio.clone(), context));
            if let Some(pipe) = pipe {
                stdio.input = Input::Pipe(pipe);
            }
        }
        self.wait_for(children);
    }

    /// Starts with a command: first its words are expanded.
    fn begin(&mut self, command: &Command) {
        let mut words: Vec<(Word, bool)> = match &command.body {
            Body::Simple { assignments, words } => {
                let values = assignments.iter().map(|(_, value)| (value.clone(), false));
                values.chain(words.iter().map(|word| (word.clone(), true))).collect()
            }
            Body::For { words, .. } => words.iter().map(|word| (word.clone(), true)).collect(),
            Body::Group(_) | Body::Subshell(_) => Vec::new(),
        };
        for redirect in command.redirects.iter() {
            match &redirect.target {
                Target::Read(word) | Target::Write(word) | Target::Append(word) => {
                    words.push((word.clone(), true));
                }
                Target::Here(text) => words.push((text.clone(), false)),
                Target::SameAs(_) => {}
            }
        }
        let expansion = Expansion::new(words);
        self.frames.push(Frame::Expand { command: command.clone(), expansion, capture: None });
    }

    fn expand(
        &mut self,
        command: Command,
        mut expansion: Expansion,
        capture: Option<Capture>,
        context: &mut Context<'_>,
    ) -> Progress {
        if let Some(mut capture) = capture {
            let ended = context.reap(capture.child);
            let output = context.system().drain_pipe(capture.pipe);
            capture.output.extend(output);
            capture.output.truncate(MAX_CAPTURED);
            let Some(status) = ended else {
                self.frames.push(Frame::Expand { command, expansion, capture: Some(capture) });
                return Progress::Blocked;
            };
            context.system().close_pipe(capture.pipe);
            self.status = status;
            if self.interrupted {
                return Progress::Continue;
            }
            expansion.substitute(&capture.output);
        }
        match expansion.advance(&self.variables, self.status) {
            Outcome::Done(results) => self.execute(&command, results, context),
            Outcome::Failed(message) => {
                self.refuse(&message, context);
                Progress::Continue
            }
            Outcome::Substitute(script) => {
                let holder = context.pid();
                let pipe = context.system().open_pipe(Some(holder));
                let stdio = Stdio { output: Output::Pipe(pipe), ..self.stdio(context) };
                let child = self.spawn_subshell(script, stdio, context);
                context.system().drain_pipe(pipe);
                let capture = Some(Capture { child, pipe, output: Vec::new() });
                self.frames.push(Frame::Expand { command, expansion, capture });
                Progress::Blocked
            }
        }
    }

    fn execute(
        &mut self,
        command: &Command,
        mut results: Vec<Vec<Rc<str>>>,
        context: &mut Context<'_>,
    ) -> Progress {
        let words = command.redirects.iter().filter(|redirect| redirect.has_a_word()).count();
        let words = results.split_off(results.len() - words);
        let stdio = match redirection::apply(&command.redirects, &words, self.stdio(context), context) {
            Ok(stdio) => stdio,
            Err(message) => {
                context.print_error(&format!("bash: {message}"));
                self.status = 1;
                return Progress::Continue;
            }
        };
        match &command.body {
            Body::Simple { assignments, .. } => {
                let arguments: Vec<_> = results.split_off(assignments.len()).concat();
                if !arguments.is_empty() {
                    return self.launch(&arguments, stdio, context);
                }
                for ((name, _), value) in assignments.iter().zip(results) {
                    self.variables.set(name, &value.join(" ").into());
                }
                self.status = 0;
            }
            Body::For { variable, body, .. } => {
                self.enter_scope(command, stdio);
                let (variable, body) = (variable.clone(), body.clone());
                self.status = 0;
                self.frames.push(Frame::Loop { variable, values: results.concat().into(), next: 0, body });
            }
            Body::Group(script) => {
                self.enter_scope(command, stdio);
                self.frames.push(Frame::Script { items: script.clone(), next: 0 });
            }
            Body::Subshell(script) => {
                let child = self.spawn_subshell(script.clone(), stdio, context);
                self.wait_for(vec![child]);
            }
        }
        Progress::Continue
    }

    fn enter_scope(&mut self, command: &Command, stdio: Stdio) {
        if !command.redirects.is_empty() {
            self.scopes.push(stdio);
            self.frames.push(Frame::EndScope);
        }
    }

    fn wait(&mut self, mut children: Vec<Pid>, last: Pid, context: &mut Context<'_>) -> Progress {
        children.retain(|child| {
            let ended = context.reap(*child);
            if let Some(status) = ended.filter(|_| *child == last) {
                self.status = status;
            }
            ended.is_none()
        });
        if children.is_empty() {
            return Progress::Continue;
        }
        self.frames.push(Frame::Wait { children, last });
        Progress::Blocked
    }

    pub(super) fn wait_for(&mut self, children: Vec<Pid>) {
        if let Some(last) = children.last().copied() {
            self.frames.push(Frame::Wait { children, last });
        }
    }

    fn spawn_subshell(&self, items: Script, stdio: Stdio, context: &mut Context<'_>) -> Pid {
        let mut shell = Self::new(false, vec![Frame::Script { items, next: 0 }], self.variables.clone());
        shell.status = self.status;
        context.spawn(Program::Shell(Box::new(shell)), stdio, Duration::ZERO)
    }

    /// Where the command that is running reads and writes.
    fn stdio(&self, context: &Context<'_>) -> Stdio {
        self.scopes.last().unwrap_or(context.stdio()).clone()
    }

    fn report_time(&self, started: SimTime, context: &mut Context<'_>) {
        let elapsed = context.now().since(started);
        let (minutes, seconds) = (elapsed.as_secs() / 60, elapsed.as_secs() % 60);
        let millis = elapsed.subsec_millis();
        context
            .print_error(&format!("\nreal\t{minutes}m{seconds}.{millis:03}s\nuser\t0m0.000s\nsys\t0m0.000s"));
    }
}

/// A script of one command.
fn alone(command: Command) -> Script {
    let first = Pipeline { timed: false, negated: false, stages: [command].into() };
    [AndOr { first, rest: [].into() }].into()
}
