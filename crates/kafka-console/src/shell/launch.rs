//! From a command's arguments to a builtin or a program.

use std::rc::Rc;
use std::time::Duration;

use super::builtin;
use super::interpreter::Interpreter;
use super::parser::{self, ParseError};
use crate::program::{self, Program};
use crate::system::{BrokenPipe, Context, Input, Progress, Stdio};

/// What `docker exec` or `bash` made of their own arguments.
enum Unwrapped {
    /// The command that is left to run, with its streams.
    Command(Vec<Rc<str>>, Stdio),
    Program(Program),
    Refused(String, u8),
}

impl Interpreter {
    pub(super) fn launch(
        &mut self,
        arguments: &[Rc<str>],
        mut stdio: Stdio,
        context: &mut Context<'_>,
    ) -> Progress {
        let mut arguments = arguments.to_vec();
        // One container is as good as another here, also inside a container.
        while let [name, rest @ ..] = arguments.as_slice() {
            let unwrapped = match &**name {
                "docker" => docker(rest, stdio.clone()),
                "bash" | "sh" | "/bin/bash" | "/bin/sh" => bash(rest, context),
                _ => break,
            };
            match unwrapped {
                Unwrapped::Command(command, streams) => (arguments, stdio) = (command, streams),
                Unwrapped::Program(program) => {
                    let child = context.spawn(program, stdio, Duration::ZERO);
                    self.wait_for(vec![child]);
                    return Progress::Continue;
                }
                Unwrapped::Refused(message, status) => {
                    self.complain(&message, status, &stdio, context);
                    return Progress::Continue;
                }
            }
        }
        let Some((name, rest)) = arguments.split_first() else { return Progress::Continue };
        if let Some(builtin) = builtin::find(name) {
            return match builtin.run(rest, &stdio, self, context) {
                Ok(progress) => progress,
                Err(BrokenPipe) => BrokenPipe::EXIT,
            };
        }
        match program::find(name) {
            Some(found) => {
                let child = context.spawn(found.start(rest), stdio, found.start_up());
                self.wait_for(vec![child]);
            }
            None => {
                let message = format!("bash: {name}: command not found\n{}", program::what_is_here());
                self.complain(&message, 127, &stdio, context);
            }
        }
        Progress::Continue
    }

    fn complain(&mut self, message: &str, status: u8, stdio: &Stdio, context: &mut Context<'_>) {
        self.status = status;
        drop(context.write(&stdio.error, format!("{message}\n").as_bytes()));
    }
}

/// `docker exec [OPTIONS] CONTAINER COMMAND [ARG...]`.
fn docker(arguments: &[Rc<str>], mut stdio: Stdio) -> Unwrapped {
    let Some((verb, mut rest)) = arguments.split_first() else {
        return Unwrapped::Refused(docker_usage(), 1);
    };
    if !matches!(&**verb, "exec" | "container") {
        return Unwrapped::Refused(
            format!("docker {verb} is not simulated: of docker there is only exec."),
            1,
        );
    }
    if &**verb == "container" {
        match rest.split_first() {
            Some((verb, after)) if &**verb == "exec" => rest = after,
            Some(_) | None => return Unwrapped::Refused(docker_usage(), 1),
        }
    }
    let (mut interactive, mut tty) = (false, false);
    while let Some((option, after)) = rest.split_first() {
        match &**option {
            "-i" | "--interactive" => interactive = true,
            "-t" | "--tty" => tty = true,
            "-it" | "-ti" => (interactive, tty) = (true, true),
            option if option.starts_with('-') => {
                return Unwrapped::Refused(
                    format!("docker exec {option} is not simulated: only -i and -t are."),
                    1,
                );
            }
            _ => break,
        }
        rest = after;
    }
    if rest.len() < 2 {
        return Unwrapped::Refused(docker_usage(), 1);
    }
    if interactive && tty && stdio.input != Input::Terminal {
        return Unwrapped::Refused("the input device is not a TTY".to_owned(), 1);
    }
    if !interactive {
        stdio.input = Input::Null;
    }
    Unwrapped::Command(rest[1..].to_vec(), stdio)
}

fn docker_usage() -> String {
    "docker: 'docker exec' requires at least 2 arguments.\n\nUsage:  docker exec [-i] [-t] CONTAINER COMMAND [ARG...]"
        .to_owned()
}

/// `bash [-c COMMANDS | FILE]`; without either a shell that reads its input.
fn bash(arguments: &[Rc<str>], context: &Context<'_>) -> Unwrapped {
    let mut rest = arguments;
    while let Some((option, after)) = rest.split_first() {
        match &**option {
            "-c" | "-lc" | "-ic" => {
                return match after.first() {
                    Some(commands) => run_text(commands, "-c: "),
                    None => Unwrapped::Refused("bash: -c: option requires an argument".to_owned(), 2),
                };
            }
            "-i" | "-l" | "--login" => rest = after,
            option if option.starts_with('-') => {
                return Unwrapped::Refused(format!("bash: {option}: this option is not simulated"), 2);
            }
            file => {
                return match context.read_file(file) {
                    Some(content) => run_text(&String::from_utf8_lossy(&content), ""),
                    None => Unwrapped::Refused(format!("bash: {file}: No such file or directory"), 127),
                };
            }
        }
    }
    Unwrapped::Program(Program::interactive_shell())
}

fn run_text(text: &str, prefix: &str) -> Unwrapped {
    match parser::parse(text) {
        Ok(script) => Unwrapped::Program(Program::Shell(Box::new(Interpreter::script(script)))),
        Err(error @ (ParseError::Incomplete | ParseError::Unexpected(_) | ParseError::Unsupported(_))) => {
            Unwrapped::Refused(format!("bash: {prefix}{error}"), 2)
        }
    }
}
