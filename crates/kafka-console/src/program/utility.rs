//! `cat`, `date`, `ls`, `rm`, `seq` and `sleep`.
//!
//! Leaves out: their options, except `date -u`, `date +FORMAT` and `rm -f`.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::time::SimTime;

use crate::duration;
use crate::system::{BrokenPipe, Context, Progress, Read};
use crate::terminal::Prompt;

/// Prints files, and standard input for `-` or when no file is named.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Cat {
    files: VecDeque<Rc<str>>,
    code: u8,
}

impl Cat {
    pub(super) fn new(arguments: &[Rc<str>]) -> Self {
        let mut files: VecDeque<_> = arguments.iter().cloned().collect();
        if files.is_empty() {
            files.push_back("-".into());
        }
        Self { files, code: 0 }
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let Some(name) = self.files.front().cloned() else { return Progress::Exit(self.code) };
        if &*name == "-" {
            let line = match context.read_line(Prompt::Program("")) {
                Read::Line(line) => line,
                Read::Wait => return Progress::Blocked,
                Read::End => {
                    self.files.pop_front();
                    return Progress::Continue;
                }
            };
            return go_on_if(context.write_output(&[&line, b"\n".as_slice()].concat()).is_ok());
        }
        self.files.pop_front();
        match context.read_file(&name) {
            Some(content) => go_on_if(context.write_output(&content).is_ok()),
            None => {
                context.print_error(&format!("cat: {name}: No such file or directory"));
                self.code = 1;
                Progress::Continue
            }
        }
    }
}

/// How far `seq` counts.
const MAX_NUMBERS: u64 = 1_000_000;

/// Counts.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Seq {
    arguments: Rc<[Rc<str>]>,
    next: Option<i64>,
}

impl Seq {
    pub(super) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { arguments, next: None }
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let (first, step, last) = match self.numbers() {
            Ok(numbers) => numbers,
            Err(message) => {
                context.print_error(&format!("seq: {message}"));
                return Progress::Exit(1);
            }
        };
        let number = self.next.unwrap_or(first);
        if (step > 0 && number > last) || (step < 0 && number < last) {
            return Progress::Exit(0);
        }
        let Some(next) = number.checked_add(step) else { return Progress::Exit(0) };
        self.next = Some(next);
        go_on_if(context.print(&number.to_string()).is_ok())
    }

    fn numbers(&self) -> Result<(i64, i64, i64), String> {
        let number = |text: &Rc<str>| text.parse().map_err(|_| format!("invalid integer argument: '{text}'"));
        let (first, step, last): (i64, i64, i64) = match &*self.arguments {
            [] => return Err("missing operand".to_owned()),
            [last] => (1, 1, number(last)?),
            [first, last] => (number(first)?, 1, number(last)?),
            [first, step, last] => (number(first)?, number(step)?, number(last)?),
            [_, _, _, extra, ..] => return Err(format!("extra operand '{extra}'")),
        };
        if step == 0 {
            return Err("invalid Zero increment value: '0'".to_owned());
        }
        if first.abs_diff(last) / step.unsigned_abs() >= MAX_NUMBERS {
            return Err(format!("it counts at most {MAX_NUMBERS} numbers here"));
        }
        Ok((first, step, last))
    }
}

/// Does nothing for a while.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Sleep {
    arguments: Rc<[Rc<str>]>,
    until: Option<SimTime>,
}

impl Sleep {
    pub(super) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { arguments, until: None }
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let until = match (self.until, self.duration()) {
            (Some(until), _) => until,
            (None, Ok(duration)) => context.now() + duration,
            (None, Err(message)) => {
                context.print_error(&format!("sleep: {message}"));
                return Progress::Exit(1);
            }
        };
        self.until = Some(until);
        if context.now() >= until {
            return Progress::Exit(0);
        }
        context.wake_at(until);
        Progress::Blocked
    }

    fn duration(&self) -> Result<Duration, String> {
        if self.arguments.is_empty() {
            return Err("missing operand".to_owned());
        }
        let mut total = Duration::ZERO;
        for text in self.arguments.iter() {
            let unit = if text.ends_with(|c: char| c.is_ascii_digit() || c == '.') { "s" } else { "" };
            let duration = duration::parse(&format!("{text}{unit}"));
            total = total.saturating_add(duration.ok_or_else(|| format!("invalid time interval '{text}'"))?);
        }
        Ok(total)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Once {
    Date,
    Ls,
    Rm,
}

impl Once {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Ls => "ls",
            Self::Rm => "rm",
        }
    }

    pub(super) fn run(self, arguments: &[Rc<str>], context: &mut Context<'_>) -> Progress {
        let result = match self {
            Self::Date => date(arguments, context),
            Self::Ls => ls(arguments, context),
            Self::Rm => rm(arguments, context),
        };
        match result {
            Ok(text) => match context.write_output(text.as_bytes()) {
                Ok(()) => Progress::Exit(0),
                Err(BrokenPipe) => BrokenPipe::EXIT,
            },
            Err(message) => {
                context.print_error(&format!("{}: {message}", self.name()));
                Progress::Exit(1)
            }
        }
    }
}

fn date(arguments: &[Rc<str>], context: &Context<'_>) -> Result<String, String> {
    let mut format = "%a %b %e %T %Z %Y";
    for argument in arguments {
        match argument.strip_prefix('+') {
            Some(given) => format = given,
            None if &**argument == "-u" => {}
            None => return Err(format!("{argument}: only +FORMAT and -u are simulated")),
        }
    }
    let text = context.wall_clock().format(format);
    text.map(|text| text + "\n").ok_or_else(|| format!("{format}: a conversion in it is not simulated"))
}

fn ls(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<String, String> {
    let names: Vec<_> = context.system().files.names().map(str::to_owned).collect();
    for argument in arguments.iter().filter(|argument| !argument.starts_with('-') && ***argument != *".") {
        if !names.iter().any(|name| **name == **argument) {
            return Err(format!("cannot access '{argument}': No such file or directory"));
        }
    }
    let wanted = |name: &&String| {
        let mut operands = arguments.iter().filter(|argument| !argument.starts_with('-')).peekable();
        operands.peek().is_none() || operands.any(|operand| **operand == *"." || **operand == ***name)
    };
    Ok(names.iter().filter(wanted).map(|name| format!("{name}\n")).collect())
}

fn rm(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<String, String> {
    let (options, files): (Vec<_>, Vec<_>) =
        arguments.iter().partition(|argument| argument.starts_with('-') && argument.len() > 1);
    if let Some(option) = options.iter().find(|option| ***option != Rc::from("-f")) {
        return Err(format!("{option}: only -f is simulated"));
    }
    let force = !options.is_empty();
    if files.is_empty() && !force {
        return Err("missing operand".to_owned());
    }
    let absent: Vec<_> = files.into_iter().filter(|file| !context.system().files.remove(file)).collect();
    if force || absent.is_empty() {
        return Ok(String::new());
    }
    let messages = absent.iter().map(|file| format!("cannot remove '{file}': No such file or directory"));
    Err(messages.collect::<Vec<_>>().join("\nrm: "))
}

fn go_on_if(written: bool) -> Progress {
    if written { Progress::Continue } else { BrokenPipe::EXIT }
}
