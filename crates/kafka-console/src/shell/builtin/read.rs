//! `read`: a line of input into variables.
//!
//! Leaves out: `-a`, `-d`, `-n`, `-u`.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::time::SimTime;

use super::{Done, usage};
use crate::duration;
use crate::shell::interpreter::{Frame, Interpreter};
use crate::system::Stdio;
use crate::system::{Context, Input, Progress, Read};
use crate::terminal::Prompt;

/// A `read` that waits for its line.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::shell) struct ReadLine {
    names: Vec<Rc<str>>,
    raw: bool,
    input: Input,
    deadline: Option<SimTime>,
    separators: Rc<str>,
    /// What was read of a line that a backslash continues.
    begun: String,
}

/// 128 and SIGALRM: what a `read -t` that took too long ends with.
const TIMED_OUT: u8 = 142;

pub(super) fn begin(
    arguments: &[Rc<str>],
    stdio: &Stdio,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Done {
    let (mut raw, mut prompt, mut limit) = (false, None, None);
    let mut rest = arguments;
    while let Some((option, after)) = rest.split_first() {
        let Some(letters) = option.strip_prefix('-').filter(|letters| !letters.is_empty()) else { break };
        rest = after;
        for (place, letter) in letters.char_indices() {
            match letter {
                'r' => raw = true,
                's' | 'e' => {}
                'p' | 't' => {
                    let mut value: Rc<str> = letters[place + 1..].into();
                    if value.is_empty() {
                        let (first, after) = rest
                            .split_first()
                            .ok_or_else(|| usage(format!("-{letter}: option requires an argument")))?;
                        (value, rest) = (first.clone(), after);
                    }
                    if letter == 'p' {
                        prompt = Some(value);
                    } else {
                        limit = Some(seconds(&value)?);
                    }
                    break;
                }
                letter => {
                    let message = format!("-{letter}: this option is not simulated: -r, -p, -s and -t are");
                    return Err(usage(message));
                }
            }
        }
    }
    if let Some(prompt) = prompt.filter(|_| stdio.input == Input::Terminal) {
        drop(context.write(&stdio.error, prompt.as_bytes()));
    }
    let names = if rest.is_empty() { vec!["REPLY".into()] } else { rest.to_vec() };
    let deadline = limit.map(|limit| context.now() + limit);
    let separators = shell.environment.variables.get("IFS").unwrap_or_else(|| " \t\n".into());
    let input = stdio.input.clone();
    let read = ReadLine { names, raw, input, deadline, separators, begun: String::new() };
    shell.frames.push(Frame::Read(Box::new(read)));
    Ok(String::new())
}

fn seconds(text: &str) -> Result<Duration, super::Failure> {
    let limit = duration::parse(&format!("{text}s"));
    limit.ok_or_else(|| format!("{text}: invalid timeout specification").into())
}

impl Interpreter {
    pub(in crate::shell) fn read_line(&mut self, mut read: ReadLine, context: &mut Context<'_>) -> Progress {
        if read.deadline.is_some_and(|deadline| context.now() >= deadline) {
            self.environment.status = TIMED_OUT;
            context.forget_reader();
            return Progress::Continue;
        }
        let line = match context.read_piece(&read.input.clone(), Prompt::Program("")) {
            Read::Line(line) => line,
            Read::End => {
                let text = std::mem::take(&mut read.begun);
                self.take_line(&read, &text, context);
                self.environment.status = 1;
                return Progress::Continue;
            }
            Read::Wait => {
                if let Some(deadline) = read.deadline {
                    context.wake_at(deadline);
                }
                self.frames.push(Frame::Read(Box::new(read)));
                return Progress::Blocked;
            }
        };
        let line = String::from_utf8_lossy(&line).into_owned();
        let (text, ended) = match line.strip_suffix('\n') {
            Some(text) => (text, true),
            None => (&*line, false),
        };
        read.begun.push_str(text);
        let backslashes = read.begun.len() - read.begun.trim_end_matches('\\').len();
        if !read.raw && ended && backslashes % 2 == 1 {
            read.begun.pop();
            self.frames.push(Frame::Read(Box::new(read)));
            return Progress::Continue;
        }
        context.forget_alarm();
        let text = std::mem::take(&mut read.begun);
        self.environment.status = u8::from(!ended);
        self.take_line(&read, &text, context);
        Progress::Continue
    }

    /// Gives each name a field, and the last the rest of the line.
    fn take_line(&mut self, read: &ReadLine, line: &str, context: &mut Context<'_>) {
        let line = if read.raw { line.to_owned() } else { without_backslashes(line) };
        let separators = &*read.separators;
        let is_blank = |c: char| c.is_whitespace() && separators.contains(c);
        let whole = read.names.len() == 1 && read.names.iter().all(|name| &**name == "REPLY");
        let mut rest = if whole { line.as_str() } else { line.trim_matches(is_blank) };
        for (number, name) in (1..).zip(&read.names) {
            let value = if number == read.names.len() {
                std::mem::take(&mut rest)
            } else {
                let end = rest.find(|c| separators.contains(c)).unwrap_or(rest.len());
                let (value, after) = rest.split_at(end);
                rest = after.trim_start_matches(is_blank);
                if let Some(c) = rest.chars().next().filter(|c| separators.contains(*c)) {
                    rest = rest[c.len_utf8()..].trim_start_matches(is_blank);
                }
                value
            };
            if let Err(message) = self.environment.variables.set_text(name, value) {
                return self.complain(&message, 1, context);
            }
        }
    }
}

fn without_backslashes(line: &str) -> String {
    let mut text = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            c => text.push(c),
        }
    }
    text
}
