//! Runs scripts: a stack of frames, each a place in the script that will be returned to.

mod compound;
mod pipeline;
mod prompt;
mod simple;
mod unwinding;

pub(super) use simple::quoted;

use std::rc::Rc;

use kafka_core::time::SimTime;

use super::builtin::ReadLine;
use super::environment::Environment;
use super::expansion::{Expansion, Outcome};
use super::jobs::Jobs;
use super::syntax::{AndOr, Body, Command, Connector, Pipeline, Script, While};
use super::variables::Saved;
use crate::system::{Context, Pid, PipeId, Progress, Signal, Stdio};

/// What `$(...)` keeps of a program's output, in bytes.
const MAX_CAPTURED: usize = 1 << 20;

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Interpreter {
    /// Whether commands are read from standard input; else there is one script and then the end.
    reads_commands: bool,
    /// Lines of a command that is not complete yet.
    pending: String,
    pub(super) frames: Vec<Frame>,
    /// Redirections of the compound commands that are running, innermost last.
    scopes: Vec<Stdio>,
    pub(super) environment: Environment,
    pub(super) jobs: Jobs,
    /// Commands that were typed, oldest first.
    pub(super) history: Vec<Rc<str>>,
    /// The signal that ends what runs, as soon as the children have taken it.
    signal: Option<Signal>,
    /// The status with which the shell ends at once.
    own_end: Option<u8>,
    /// A prompt stands there already.
    at_prompt: bool,
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
    For {
        variable: Rc<str>,
        values: Rc<[Rc<str>]>,
        next: usize,
        body: Script,
    },
    While {
        plan: Rc<While>,
        done: Phase,
        /// How the last round ended.
        status: u8,
    },
    /// The condition before `next` has just run.
    If {
        branches: Rc<[(Script, Script)]>,
        next: usize,
        otherwise: Script,
    },
    /// A function, or a script that was sourced, whose caller goes on behind it.
    Call(Call),
    /// Assignments that stood before a command are over.
    Restore(Vec<Saved>),
    EndScope,
    /// Here-documents and files that were opened for one command.
    ClosePipes(Vec<PipeId>),
    Expand {
        command: Command,
        expansion: Expansion,
        capture: Option<Capture>,
    },
    /// Children that have not ended yet; the shell's status becomes that of the last.
    Wait(Wait),
    /// The builtin `wait`: the jobs that have not ended yet.
    WaitForJobs {
        jobs: Vec<Pid>,
        what: Waiting,
    },
    Read(Box<ReadLine>),
}

/// What the builtin `wait` was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Waiting {
    /// Every job; how they ended does not matter.
    All,
    Named,
    /// `-n`
    Any,
}

/// What a loop has just done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    Begun,
    Tested,
    Ran,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Call {
    pub(super) arguments: Rc<[Rc<str>]>,
    /// What `local` has hidden, oldest first.
    pub(super) locals: Vec<Saved>,
    pub(super) is_function: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Wait {
    children: Vec<Pid>,
    last: Pid,
    /// The status of the rightmost one that failed.
    failed: Option<(Pid, u8)>,
    text: Rc<str>,
}

/// A `$(...)` that is running.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Capture {
    child: Pid,
    pipe: PipeId,
    output: Vec<u8>,
}

impl Interpreter {
    /// Commands that were typed, oldest first.
    pub(crate) fn history(&self) -> &[Rc<str>] {
        &self.history
    }

    /// Variables with their texts, in order of name.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&Rc<str>, Rc<str>)> {
        self.environment.variables.texts()
    }

    /// The shell that a terminal begins with.
    pub(crate) fn login() -> Self {
        Self::interactive(Environment::login())
    }

    /// A shell that reads its commands from standard input.
    pub(crate) fn interactive(environment: Environment) -> Self {
        Self::new(true, Vec::new(), environment)
    }

    pub(crate) fn script(items: Script, environment: Environment) -> Self {
        Self::new(false, vec![Frame::Script { items, next: 0 }], environment)
    }

    fn new(reads_commands: bool, frames: Vec<Frame>, environment: Environment) -> Self {
        Self {
            reads_commands,
            pending: String::new(),
            frames,
            scopes: Vec::new(),
            environment,
            jobs: Jobs::default(),
            history: Vec::new(),
            signal: None,
            own_end: None,
            at_prompt: false,
        }
    }

    pub(crate) fn reads_commands(&self) -> bool {
        self.reads_commands
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        if let Some(status) = self.own_end {
            return Progress::Exit(status);
        }
        self.signal = context.take_signal().or(self.signal);
        // Children have got the signal too: the shell goes when they have gone.
        if let Some(signal) = self.signal.filter(|_| !self.waits_for_child()) {
            return self.interrupt(signal, context);
        }
        match self.frames.pop() {
            Some(frame) => self.run(frame, context),
            None if self.reads_commands => self.read_command(context),
            None => Progress::Exit(self.environment.status),
        }
    }

    fn waits_for_child(&self) -> bool {
        matches!(self.frames.last(), Some(Frame::Wait(_) | Frame::Expand { capture: Some(_), .. }))
    }

    fn run(&mut self, frame: Frame, context: &mut Context<'_>) -> Progress {
        match frame {
            Frame::Script { items, next } => match items.get(next).cloned() {
                Some(item) => {
                    self.frames.push(Frame::Script { items, next: next + 1 });
                    if item.background {
                        self.start_job(&item, context);
                    } else {
                        self.frames.push(Frame::AndOr { item, next: 0 });
                    }
                }
                None => context.report_exit_code(self.environment.status),
            },
            Frame::AndOr { item, next } => return self.run_and_or(item, next, context),
            Frame::Negate => self.environment.status = u8::from(self.environment.status == 0),
            Frame::For { variable, values, next, body } => {
                return self.run_for(variable, values, next, body, context);
            }
            Frame::While { plan, done, status } => self.run_while(plan, done, status),
            Frame::If { branches, next, otherwise } => self.run_if(branches, next, otherwise),
            Frame::Expand { command, expansion, capture } => {
                return self.expand(command, expansion, capture, context);
            }
            Frame::Wait(wait) => return self.wait(wait, context),
            Frame::WaitForJobs { jobs, what } => return self.wait_for_jobs(jobs, what, context),
            Frame::Read(read) => return self.read_line(*read, context),
            frame @ (Frame::Timed { .. }
            | Frame::Call(_)
            | Frame::Restore(_)
            | Frame::EndScope
            | Frame::ClosePipes(_)) => self.leave(frame, context),
        }
        Progress::Continue
    }

    fn run_and_or(&mut self, item: AndOr, next: usize, context: &mut Context<'_>) -> Progress {
        let status = self.environment.status;
        let pipeline = if next == 0 {
            Some(item.first.clone())
        } else if let Some((connector, pipeline)) = item.rest.get(next - 1) {
            let goes_on = match connector {
                Connector::And => status == 0,
                Connector::Or => status != 0,
            };
            goes_on.then(|| pipeline.clone())
        } else {
            let last = item.rest.last().map_or(&item.first, |(_, pipeline)| pipeline);
            if self.environment.options.exit_on_error
                && status != 0
                && fails_by_itself(last)
                && !self.is_tested()
            {
                return Progress::Exit(status);
            }
            return Progress::Continue;
        };
        self.frames.push(Frame::AndOr { item, next: next + 1 });
        if let Some(pipeline) = pipeline {
            self.run_pipeline(&pipeline, context);
        }
        Progress::Continue
    }

    /// Whether what runs decides about something, so that its failure is not an error to `set -e`.
    fn is_tested(&self) -> bool {
        self.frames.iter().any(|frame| match frame {
            Frame::If { .. } | Frame::Negate | Frame::While { done: Phase::Tested, .. } => true,
            Frame::AndOr { item, next } => *next <= item.rest.len(),
            Frame::Script { .. }
            | Frame::Timed { .. }
            | Frame::For { .. }
            | Frame::While { .. }
            | Frame::Call(_)
            | Frame::Restore(_)
            | Frame::EndScope
            | Frame::ClosePipes(_)
            | Frame::Expand { .. }
            | Frame::Wait(_)
            | Frame::WaitForJobs { .. }
            | Frame::Read(_) => false,
        })
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
            let Some(ended) = ended else {
                self.frames.push(Frame::Expand { command, expansion, capture: Some(capture) });
                return Progress::Blocked;
            };
            context.system().close_pipe(capture.pipe);
            self.environment.status = ended.status;
            if self.signal.is_some() {
                return Progress::Continue;
            }
            expansion.substitute(&capture.output, &mut self.environment, context);
        }
        match expansion.advance(&mut self.environment, context) {
            Outcome::Done(results) => self.execute(&command, results, context),
            Outcome::Failed(message) => {
                self.complain(&message, 1, context);
                if self.reads_commands { self.abandon(context) } else { Progress::Exit(1) }
            }
            Outcome::Substitute(script) => {
                let holder = context.pid();
                let pipe = context.system().open_pipe(Some(holder));
                let stdio = Stdio { output: crate::system::Output::Pipe(pipe), ..self.stdio(context) };
                let group = context.group();
                let Some(child) = self.spawn_subshell(script, stdio, Some(group), context) else {
                    context.system().close_pipe(pipe);
                    return Progress::Continue;
                };
                context.system().drain_pipe(pipe);
                let capture = Some(Capture { child, pipe, output: Vec::new() });
                self.frames.push(Frame::Expand { command, expansion, capture });
                Progress::Blocked
            }
        }
    }

    /// Where the command that is running reads and writes.
    pub(super) fn stdio(&self, context: &Context<'_>) -> Stdio {
        self.scopes.last().unwrap_or(context.stdio()).clone()
    }

    /// `kill $$`.
    pub(super) fn signal_itself(&mut self, signal: Signal) {
        let ends = match signal {
            Signal::Kill | Signal::Hangup => true,
            Signal::Terminate | Signal::Quit => !self.reads_commands,
            Signal::Interrupt | Signal::Continue | Signal::Stop | Signal::TerminalStop => false,
        };
        self.own_end = ends.then(|| signal.exit_code()).or(self.own_end);
    }

    /// The status with which a signal of its own has ended this shell.
    pub(super) fn ended_itself(&self) -> Option<u8> {
        self.own_end
    }

    /// A line of the shell's own on standard error.
    pub(super) fn complain(&mut self, message: &str, status: u8, context: &mut Context<'_>) {
        self.environment.status = status;
        let error = self.stdio(context).error;
        // Nobody is left to tell when standard error cannot be written.
        drop(context.write(&error, format!("bash: {message}\n").as_bytes()));
        context.report_exit_code(status);
    }
}

/// Whether a pipeline fails because of what it ran itself, and not because of the last of a list inside of it.
fn fails_by_itself(pipeline: &Pipeline) -> bool {
    let simple = |command: &Command| {
        matches!(
            command.body,
            Body::Simple { .. } | Body::Subshell(_) | Body::Arithmetic(_) | Body::Conditional(_)
        )
    };
    !pipeline.negated && (pipeline.stages.len() > 1 || pipeline.stages.iter().all(simple))
}
