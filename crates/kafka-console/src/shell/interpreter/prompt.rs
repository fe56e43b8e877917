//! A shell that reads its commands, from a person or from a pipe.

use super::{Frame, Interpreter};
use crate::shell::launch::read_script;
use crate::shell::parser::ParseError;
use crate::system::{Context, Input, Progress, Read};
use crate::terminal::Prompt;

/// A command that is longer than this, in bytes, is refused.
const MAX_COMMAND: usize = 256 << 10;

/// How many commands `history` knows.
const MAX_HISTORY: usize = 500;

impl Interpreter {
    pub(super) fn read_command(&mut self, context: &mut Context<'_>) -> Progress {
        let first = self.pending.is_empty();
        // What has become of jobs is told before a prompt, and not while one stands there.
        if first && !self.at_prompt && self.controls_jobs(context) {
            context.lead_group();
            self.jobs.update(context);
            for line in self.jobs.take_news() {
                self.say(&line, context);
            }
        }
        let line = match context.read_line(if first { Prompt::Shell } else { Prompt::Continuation }) {
            Read::Line(line) => line,
            Read::Wait => {
                self.at_prompt = true;
                return Progress::Blocked;
            }
            Read::End => {
                self.at_prompt = false;
                return self.end_of_input(context);
            }
        };
        self.at_prompt = false;
        self.pending.push_str(&String::from_utf8_lossy(&line));
        if self.pending.len() > MAX_COMMAND {
            self.pending.clear();
            self.complain(&format!("a command holds at most {MAX_COMMAND} bytes here"), 2, context);
            return Progress::Continue;
        }
        match read_script(&self.pending, context) {
            Ok(items) => {
                self.remember();
                self.frames.push(Frame::Script { items, next: 0 });
            }
            Err(ParseError::Incomplete) => self.pending.push('\n'),
            Err(error @ (ParseError::Unexpected(_) | ParseError::Unsupported(_))) => {
                self.remember();
                self.complain(&error.to_string(), 2, context);
            }
        }
        Progress::Continue
    }

    fn remember(&mut self) {
        let command = std::mem::take(&mut self.pending);
        if !command.trim().is_empty() {
            self.history.push(command.trim_end().into());
        }
        if self.history.len() > MAX_HISTORY {
            self.history.remove(0);
        }
    }

    fn end_of_input(&mut self, context: &mut Context<'_>) -> Progress {
        if !self.pending.is_empty() {
            self.pending.clear();
            self.complain(&ParseError::Incomplete.to_string(), 2, context);
        } else if context.stdio().input == Input::Terminal {
            if self.refuses_to_exit(context) {
                return Progress::Continue;
            }
            context.print_error("exit");
        }
        Progress::Exit(self.environment.status)
    }

    /// A shell with stopped jobs says so once before it ends.
    pub(in crate::shell) fn refuses_to_exit(&mut self, context: &mut Context<'_>) -> bool {
        if !self.controls_jobs(context) || !self.jobs.warn_once(context) {
            return false;
        }
        self.environment.status = 1;
        context.print_error("There are stopped jobs.");
        true
    }
}
