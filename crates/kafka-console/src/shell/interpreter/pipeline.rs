//! Children: the programs of a pipeline, subshells, jobs in the background, and waiting for them.

use std::rc::Rc;
use std::time::Duration;

use super::{Frame, Interpreter, Wait};
use crate::program::Program;
use crate::shell::jobs::{Job, State};
use crate::shell::syntax::{AndOr, Pipeline, Script};
use crate::system::{Context, Input, Output, Pid, Progress, Signal, Start, Stdio};

/// What a shell that cannot start a process ends with.
const NO_FORK: u8 = 254;

impl Interpreter {
    pub(super) fn run_pipeline(&mut self, pipeline: &Pipeline, context: &mut Context<'_>) {
        if pipeline.timed {
            self.frames.push(Frame::Timed { started: context.now() });
        }
        if pipeline.negated {
            self.frames.push(Frame::Negate);
        }
        if let [command] = &*pipeline.stages {
            return self.begin(command);
        }
        let stdio = self.stdio(context);
        let children = self.start_stages(pipeline, stdio, context);
        self.wait_for(children, &pipeline.text, context);
    }

    /// `&`: runs a list in the background.
    pub(super) fn start_job(&mut self, item: &AndOr, context: &mut Context<'_>) {
        let mut stdio = self.stdio(context);
        if !self.controls_jobs(context) && stdio.input == Input::Terminal {
            stdio.input = Input::Null;
        }
        let text: Rc<str> = item.text().into();
        let first = &item.first;
        let children = if item.rest.is_empty() && !first.timed && !first.negated {
            self.start_stages(first, stdio, context)
        } else {
            let item = AndOr { background: false, ..item.clone() };
            let group = self.group_of_children(context);
            self.spawn_subshell([item].into(), stdio, group, context).into_iter().collect()
        };
        let Some(last) = children.last().copied() else { return };
        self.environment.last_job = Some(last);
        self.environment.status = 0;
        let number = self.jobs.add(Job::new(children, last, text, State::Running), context);
        if self.controls_jobs(context) {
            self.say(&format!("[{number}] {}", last.0), context);
        }
    }

    /// Whether each job gets a group of its own, which the keys of the terminal reach or not.
    pub(in crate::shell) fn controls_jobs(&self, context: &Context<'_>) -> bool {
        self.reads_commands && context.stdio().input == Input::Terminal
    }

    /// The group for the next child: `None` makes a new one.
    fn group_of_children(&self, context: &Context<'_>) -> Option<Pid> {
        (!self.controls_jobs(context)).then(|| context.group())
    }

    /// Starts every command of a pipeline, each in a subshell of its own.
    fn start_stages(&mut self, pipeline: &Pipeline, mut stdio: Stdio, context: &mut Context<'_>) -> Vec<Pid> {
        let mut group = self.group_of_children(context);
        let output = stdio.output.clone();
        let mut children = Vec::new();
        for (number, stage) in (1..).zip(pipeline.stages.iter()) {
            let pipe = (number < pipeline.stages.len()).then(|| context.system().open_pipe(None));
            stdio.output = pipe.map_or_else(|| output.clone(), Output::Pipe);
            let Some(child) = self.spawn_subshell(stage.clone().alone(), stdio.clone(), group, context)
            else {
                pipe.into_iter().for_each(|pipe| context.system().close_pipe(pipe));
                break;
            };
            group = group.or(Some(child));
            children.push(child);
            if let Some(pipe) = pipe {
                stdio.input = Input::Pipe(pipe);
            }
        }
        children
    }

    pub(super) fn run_subshell(
        &mut self,
        script: Script,
        stdio: Stdio,
        context: &mut Context<'_>,
    ) -> Progress {
        let group = self.group_of_children(context);
        let child = self.spawn_subshell(script, stdio, group, context);
        self.wait_for(child.into_iter().collect(), "( ... )", context);
        Progress::Continue
    }

    pub(super) fn spawn_subshell(
        &mut self,
        items: Script,
        stdio: Stdio,
        group: Option<Pid>,
        context: &mut Context<'_>,
    ) -> Option<Pid> {
        let program = Program::Shell(Box::new(Self::script(items, self.environment.clone())));
        let start = Start { program, stdio, title: "bash".into(), start_up: Duration::ZERO, container: None };
        self.fork(start, group, context)
    }

    fn fork(&mut self, start: Start, group: Option<Pid>, context: &mut Context<'_>) -> Option<Pid> {
        let child = context.spawn(start, group);
        if child.is_none() {
            // As in bash, what runs is given up.
            self.own_end = (!self.reads_commands).then_some(NO_FORK);
            let message = "fork: Resource temporarily unavailable: too many processes run at once";
            self.complain(message, NO_FORK, context);
        }
        child
    }

    /// Runs a program in the foreground: as a child, or in the place of this shell when nothing is left for it to do.
    pub(in crate::shell) fn run_program(&mut self, start: Start, context: &mut Context<'_>) -> Progress {
        if self.has_nothing_left() {
            return context.replace_program(start);
        }
        let group = self.group_of_children(context);
        let text = start.title.clone();
        if let Some(child) = self.fork(start, group, context) {
            self.wait_for(vec![child], &text, context);
        }
        Progress::Continue
    }

    fn has_nothing_left(&self) -> bool {
        !self.reads_commands
            && self.frames.iter().all(|frame| match frame {
                Frame::Script { items, next } => *next >= items.len(),
                Frame::AndOr { item, next } => *next > item.rest.len(),
                Frame::EndScope | Frame::ClosePipes(_) => true,
                Frame::Negate
                | Frame::Timed { .. }
                | Frame::For { .. }
                | Frame::While { .. }
                | Frame::If { .. }
                | Frame::Call(_)
                | Frame::Restore(_)
                | Frame::Expand { .. }
                | Frame::Wait(_)
                | Frame::WaitForJobs { .. }
                | Frame::Read(_) => false,
            })
    }

    pub(in crate::shell) fn wait_for(&mut self, children: Vec<Pid>, text: &str, context: &mut Context<'_>) {
        let (Some(first), Some(last)) = (children.first().copied(), children.last().copied()) else { return };
        if self.controls_jobs(context) {
            let group = context.system().process(first).map_or(first, |process| process.group);
            context.set_foreground(group);
        }
        self.frames.push(Frame::Wait(Wait { children, last, failed: None, text: text.into() }));
    }

    pub(super) fn wait(&mut self, mut wait: Wait, context: &mut Context<'_>) -> Progress {
        let mut killed_by = None;
        wait.children.retain(|child| {
            let Some(ended) = context.reap(*child) else { return true };
            if *child == wait.last {
                self.environment.status = ended.status;
                killed_by = ended.by_signal.then_some(ended.status);
            }
            if ended.status != 0 && wait.failed.is_none_or(|(failed, _)| failed < *child) {
                wait.failed = Some((*child, ended.status));
            }
            false
        });
        if wait.children.is_empty() {
            if let Some((_, status)) = wait.failed.filter(|_| self.environment.options.pipe_fail) {
                self.environment.status = status;
            }
            if self.controls_jobs(context) {
                context.set_foreground(context.pid());
                self.report_death(killed_by, context);
            }
            return Progress::Continue;
        }
        let stopped = wait.children.iter().any(|child| context.is_stopped(*child));
        if stopped && self.controls_jobs(context) {
            context.set_foreground(context.pid());
            let number =
                self.jobs.add(Job::new(wait.children, wait.last, wait.text, State::Stopped), context);
            self.environment.status = Signal::TerminalStop.exit_code();
            let line = self.jobs.line(number);
            self.say(&line, context);
            self.leave_loops(context);
            return Progress::Continue;
        }
        self.frames.push(Frame::Wait(wait));
        Progress::Blocked
    }

    /// What a shell with a prompt says about a program that a signal has ended; an interrupt needs no words.
    fn report_death(&self, status: Option<u8>, context: &mut Context<'_>) {
        let signal = Signal::ALL.into_iter().find(|signal| Some(signal.exit_code()) == status);
        if let Some(signal) = signal.filter(|signal| *signal != Signal::Interrupt) {
            self.say(signal.death(), context);
        }
    }

    /// A line about jobs.
    pub(in crate::shell) fn say(&self, line: &str, context: &mut Context<'_>) {
        let error = self.stdio(context).error;
        drop(context.write(&error, format!("{line}\n").as_bytes()));
    }
}
