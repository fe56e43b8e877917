//! Programs that start others: `timeout`, `watch` and `xargs`.
//!
//! Leaves out: `timeout -k`, `xargs -P` and `-0`, the title that `watch` keeps on one screen.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::time::SimTime;

use super::Program;
use super::arguments::Spec;
use crate::duration;
use crate::shell::Interpreter;
use crate::system::{Context, Input, Pid, Progress, Read, Signal, Start, Stdio};
use crate::terminal::Prompt;

/// How many words `xargs` gives to one command, and how many bytes they may have.
const MAX_WORDS: usize = 5000;
const MAX_BYTES: usize = 128 << 10;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LauncherKind {
    Timeout,
    Watch,
    Xargs,
}

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Launcher {
    kind: LauncherKind,
    state: State,
}

#[derive(Clone, PartialEq, Debug)]
enum State {
    Begun(Rc<[Rc<str>]>),
    Timeout { child: Pid, until: SimTime, signal: Signal, expired: bool },
    Watch { command: Rc<str>, interval: Duration, child: Option<Pid>, next: SimTime },
    Xargs(Box<Xargs>),
}

#[derive(Clone, PartialEq, Debug)]
struct Xargs {
    command: Vec<Rc<str>>,
    /// `-I`: what a line replaces.
    replaced: Option<Rc<str>>,
    /// `-n`
    most: usize,
    pending: VecDeque<Rc<str>>,
    bytes: usize,
    at_end: bool,
    started: bool,
    child: Option<Pid>,
    code: u8,
}

type Step = Result<Progress, (String, u8)>;

impl Launcher {
    pub(super) fn new(kind: LauncherKind, arguments: Rc<[Rc<str>]>) -> Self {
        Self { kind, state: State::Begun(arguments) }
    }

    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            LauncherKind::Timeout => "timeout",
            LauncherKind::Watch => "watch",
            LauncherKind::Xargs => "xargs",
        }
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let step = match &mut self.state {
            State::Begun(arguments) => {
                let begun = match self.kind {
                    LauncherKind::Timeout => timeout(arguments, context),
                    LauncherKind::Watch => watch(arguments, context),
                    LauncherKind::Xargs => xargs(arguments),
                };
                begun.map(|state| {
                    self.state = state;
                    Progress::Continue
                })
            }
            State::Timeout { child, until, signal, expired } => {
                Ok(step_timeout(*child, *until, *signal, expired, context))
            }
            State::Watch { command, interval, child, next } => {
                step_watch(command, *interval, child, next, context)
            }
            State::Xargs(xargs) => xargs.step(context),
        };
        step.unwrap_or_else(|(message, code)| {
            context.print_error(&format!("{}: {message}", self.name()));
            Progress::Exit(code)
        })
    }
}

/// Starts a shell that becomes the command.
fn start(
    shell: Interpreter,
    title: &str,
    stdio: Stdio,
    context: &mut Context<'_>,
) -> Result<Pid, (String, u8)> {
    let program = Program::Shell(Box::new(shell));
    let group = context.group();
    let start = Start { program, stdio, title: title.into(), start_up: Duration::ZERO, container: None };
    let child = context.spawn(start, Some(group));
    child.ok_or_else(|| {
        ("fork: Resource temporarily unavailable: too many processes run at once".to_owned(), 126)
    })
}

/// `timeout [-s SIGNAL] DURATION COMMAND [ARGUMENT...]`
fn timeout(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<State, (String, u8)> {
    let mut rest = arguments;
    let mut signal = Signal::Terminate;
    while let Some((option, after)) = rest.split_first().filter(|(option, _)| option.starts_with('-')) {
        rest = after;
        match &**option {
            "--foreground" | "--preserve-status" | "-v" => {}
            "-s" | "--signal" => {
                let name = after.first().map_or("", |name| name);
                signal = Signal::find(name).ok_or_else(|| (format!("'{name}': invalid signal"), 125))?;
                rest = &after[1..];
            }
            option => return Err((format!("{option}: only -s is simulated"), 125)),
        }
    }
    let [limit, command @ ..] = rest else { return Err(("missing operand".to_owned(), 125)) };
    if command.is_empty() {
        return Err(("missing operand".to_owned(), 125));
    }
    let unit = if limit.ends_with(|c: char| c.is_ascii_digit() || c == '.') { "s" } else { "" };
    let limit = duration::parse(&format!("{limit}{unit}"))
        .ok_or_else(|| (format!("invalid time interval '{limit}'"), 125))?;
    let stdio = context.stdio().clone();
    let child = start(Interpreter::of_words(command), &command.join(" "), stdio, context)?;
    Ok(State::Timeout { child, until: context.now() + limit, signal, expired: false })
}

fn step_timeout(
    child: Pid,
    until: SimTime,
    signal: Signal,
    expired: &mut bool,
    context: &mut Context<'_>,
) -> Progress {
    if let Some(ended) = context.reap(child) {
        return Progress::Exit(if *expired { 124 } else { ended.status });
    }
    if context.now() < until {
        context.wake_at(until);
    } else if !std::mem::replace(expired, true) {
        context.system().signal(child, signal);
    }
    Progress::Blocked
}

/// `watch [-n SECONDS] COMMAND [ARGUMENT...]`
fn watch(arguments: &[Rc<str>], context: &Context<'_>) -> Result<State, (String, u8)> {
    let mut rest = arguments;
    let mut interval = Duration::from_secs(2);
    while let Some((option, after)) = rest.split_first().filter(|(option, _)| option.starts_with('-')) {
        rest = after;
        let seconds = match &**option {
            "-n" | "--interval" => {
                let (seconds, after) =
                    after.split_first().ok_or_else(|| ("-n requires an argument".to_owned(), 1))?;
                rest = after;
                &**seconds
            }
            "-t" | "-d" => continue,
            option => match option.strip_prefix("-n") {
                Some(seconds) => seconds,
                None => return Err((format!("{option}: only -n is simulated"), 1)),
            },
        };
        let parsed = duration::parse(&format!("{seconds}s"));
        interval = parsed.ok_or_else(|| (format!("failed to parse argument: '{seconds}'"), 1))?;
    }
    if rest.is_empty() {
        return Err(("a command is missing: watch [-n SECONDS] COMMAND".to_owned(), 1));
    }
    let interval = interval.max(Duration::from_millis(100));
    Ok(State::Watch { command: rest.join(" ").into(), interval, child: None, next: context.now() })
}

fn step_watch(
    command: &str,
    interval: Duration,
    child: &mut Option<Pid>,
    next: &mut SimTime,
    context: &mut Context<'_>,
) -> Step {
    if let Some(running) = *child {
        if context.reap(running).is_none() {
            return Ok(Progress::Blocked);
        }
        *child = None;
        *next = context.now() + interval;
    }
    if context.now() < *next {
        context.wake_at(*next);
        return Ok(Progress::Blocked);
    }
    let shell = Interpreter::of_text(command, context).map_err(|error| (error, 2))?;
    context.clear_terminal();
    let tenths = interval.as_millis() / 100;
    let title = format!("Every {}.{}s: {command}\n", tenths / 10, tenths % 10);
    if context.print(&title).is_err() {
        return Ok(crate::system::BrokenPipe::EXIT);
    }
    let stdio = Stdio { input: Input::Null, ..context.stdio().clone() };
    *child = Some(start(shell, command, stdio, context)?);
    Ok(Progress::Blocked)
}

/// `xargs [-I TEXT] [-n NUMBER] [COMMAND [ARGUMENT...]]`
fn xargs(arguments: &[Rc<str>]) -> Result<State, (String, u8)> {
    // Options end at the command, whose own options are not xargs's.
    let mut own = 0;
    while let Some(option) = arguments.get(own).filter(|option| option.starts_with('-')) {
        own += if matches!(&**option, "-I" | "-n" | "-L" | "-P") { 2 } else { 1 };
    }
    let (options, command) = arguments.split_at(own.min(arguments.len()));
    let spec = Spec { flags: "rt", values: "InLP", long: &[("no-run-if-empty", 'r'), ("max-args", 'n')] };
    let options = spec.parse(options).map_err(|message| (message, 1))?;
    let replaced: Option<Rc<str>> = options.value('I').map(Rc::from);
    let most = options.number('n', "arguments").map_err(|message| (message, 1))?;
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(MAX_WORDS).clamp(1, MAX_WORDS);
    let command = if command.is_empty() { vec!["echo".into()] } else { command.to_vec() };
    Ok(State::Xargs(Box::new(Xargs {
        command,
        replaced,
        most,
        pending: VecDeque::new(),
        bytes: 0,
        at_end: false,
        started: options.has('r'),
        child: None,
        code: 0,
    })))
}

impl Xargs {
    fn step(&mut self, context: &mut Context<'_>) -> Step {
        if let Some(child) = self.child {
            let Some(ended) = context.reap(child) else { return Ok(Progress::Blocked) };
            self.child = None;
            if ended.status == 127 {
                return Ok(Progress::Exit(127));
            }
            if ended.status != 0 {
                self.code = 123;
            }
        }
        let enough = if self.replaced.is_some() { 1 } else { self.most };
        let full = self.pending.len() >= enough || self.bytes > MAX_BYTES;
        if full || (self.at_end && !self.pending.is_empty()) {
            return self.launch(enough, context);
        }
        if self.at_end {
            // Without any input the command runs once all the same.
            return if self.started || self.replaced.is_some() {
                Ok(Progress::Exit(self.code))
            } else {
                self.launch(0, context)
            };
        }
        match context.read_line(Prompt::Program("")) {
            Read::Wait => return Ok(Progress::Blocked),
            Read::End => self.at_end = true,
            Read::Line(line) => self.take(&String::from_utf8_lossy(&line))?,
        }
        Ok(Progress::Continue)
    }

    fn take(&mut self, line: &str) -> Result<(), (String, u8)> {
        if self.replaced.is_some() {
            let line = line.trim_start();
            if !line.is_empty() {
                self.pending.push_back(line.into());
            }
            return Ok(());
        }
        let (mut word, mut quote, mut escaped) = (None::<String>, None, false);
        for c in line.chars() {
            match (quote, c) {
                _ if escaped => {
                    word.get_or_insert_default().push(c);
                    escaped = false;
                }
                (None, '\\') => escaped = true,
                (Some(open), c) if open == c => quote = None,
                (None, '\'' | '"') => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (None, ' ' | '\t') => self.push(word.take()),
                (Some(_) | None, c) => word.get_or_insert_default().push(c),
            }
        }
        self.push(word);
        match quote {
            None => Ok(()),
            Some(quote) => {
                let kind = if quote == '"' { "double" } else { "single" };
                let message = format!(
                    "unmatched {kind} quote; by default quotes are special to xargs unless you use the -0 option"
                );
                Err((message, 1))
            }
        }
    }

    fn push(&mut self, word: Option<String>) {
        if let Some(word) = word {
            self.bytes += word.len();
            self.pending.push_back(word.into());
        }
    }

    fn launch(&mut self, most: usize, context: &mut Context<'_>) -> Step {
        let count = most.min(self.pending.len());
        let taken: Vec<Rc<str>> = self.pending.drain(..count).collect();
        self.bytes = self.bytes.saturating_sub(taken.iter().map(|word| word.len()).sum());
        self.started = true;
        let words: Vec<Rc<str>> = match (&self.replaced, taken.first()) {
            (Some(replaced), Some(line)) => {
                self.command.iter().map(|word| word.replace(&**replaced, line).into()).collect()
            }
            _ => self.command.iter().cloned().chain(taken).collect(),
        };
        let stdio = Stdio { input: Input::Null, ..context.stdio().clone() };
        self.child = Some(start(Interpreter::of_words(&words), &words.join(" "), stdio, context)?);
        Ok(Progress::Blocked)
    }
}
