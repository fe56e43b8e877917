//! `seq`, `sleep` and `yes`.
//!
//! Leaves out: the options and fractions of `seq`.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::time::SimTime;

use crate::duration;
use crate::system::{BrokenPipe, Context, Progress};

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

/// How often `yes` says it.
const MAX_YES: u32 = 100_000;

/// Prints a line again and again.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Yes {
    line: Rc<str>,
    left: u32,
}

impl Yes {
    pub(super) fn new(arguments: &[Rc<str>]) -> Self {
        let line = if arguments.is_empty() { "y".into() } else { arguments.join(" ").into() };
        Self { line, left: MAX_YES }
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        if self.left == 0 {
            context.print_error(&format!("yes: it prints at most {MAX_YES} lines here"));
            return Progress::Exit(1);
        }
        self.left -= 1;
        go_on_if(context.print(&self.line).is_ok())
    }
}

fn go_on_if(written: bool) -> Progress {
    if written { Progress::Continue } else { BrokenPipe::EXIT }
}
