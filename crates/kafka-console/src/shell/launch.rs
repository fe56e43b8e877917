//! From a command's arguments to a function, a builtin or a program.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::protocol::BrokerId;

use super::builtin;
use super::environment::{Environment, Options};
use super::interpreter::{Call, Frame, Interpreter};
use super::parser::{self, ParseError};
use super::syntax::Script;
use super::variables::Variables;
use crate::program::{self, Docker, Program};
use crate::system::{BrokenPipe, Context, FileError, Input, Progress, Start, Stdio};

/// How many functions may be running, one called by the other.
const MAX_CALLS: usize = 200;

/// To read a command takes longer than to copy its text.
const READING_COST: usize = 8;

impl Interpreter {
    pub(super) fn launch(
        &mut self,
        arguments: &[Rc<str>],
        mut stdio: Stdio,
        context: &mut Context<'_>,
    ) -> Progress {
        let mut arguments = arguments.to_vec();
        let mut exported = None;
        let mut container = None;
        let mut looks_for_functions = true;
        loop {
            let Some((name, rest)) = arguments.split_first() else { return Progress::Continue };
            if looks_for_functions && let Some(body) = self.environment.function(name) {
                return self.call(name, &body, rest, stdio, context);
            }
            let title: Rc<str> = arguments.join(" ").into();
            match &**name {
                // One container is as good as another here, also inside a container.
                "docker" | "docker-compose" => match program::docker(&arguments, &stdio, context) {
                    Docker::Exec { command, broker, variables, is_interactive } => {
                        if !is_interactive {
                            stdio.input = Input::Null;
                        }
                        exported = Some(variables_of_container(&variables));
                        container = broker;
                        (arguments, looks_for_functions) = (command, false);
                    }
                    Docker::Change(change) => {
                        let program = Program::Docker(Box::new(change));
                        return self.run_program(
                            Start { program, stdio, title, start_up: Duration::ZERO, container },
                            context,
                        );
                    }
                    Docker::Told { text, to_error, status } => {
                        self.environment.status = status;
                        let stream = if to_error { &stdio.error } else { &stdio.output };
                        return go_on_if(&context.write(stream, text.as_bytes()));
                    }
                },
                "bash" | "sh" | "/bin/bash" | "/bin/sh" | "/usr/bin/bash" => {
                    let variables = exported.unwrap_or_else(|| self.environment.variables.exported());
                    return self.run_bash(rest, variables, container, title, stdio, context);
                }
                "env" if !rest.is_empty() => {
                    let given = rest.iter().take_while(|argument| argument.contains('=')).count();
                    let mut variables = exported.unwrap_or_else(|| self.environment.variables.exported());
                    set_all(&mut variables, &rest[..given]);
                    if given == rest.len() {
                        return go_on_if(&context.write(&stdio.output, builtin::env(&variables).as_bytes()));
                    }
                    exported = Some(variables);
                    (arguments, looks_for_functions) = (rest[given..].to_vec(), false);
                }
                "sudo" | "nohup" | "exec" | "builtin" if !rest.is_empty() => {
                    (arguments, looks_for_functions) = (rest.to_vec(), false);
                }
                "command" if rest.first().is_some_and(|argument| !argument.starts_with('-')) => {
                    (arguments, looks_for_functions) = (rest.to_vec(), false);
                }
                _ => break,
            }
        }
        let Some((name, rest)) = arguments.split_first() else { return Progress::Continue };
        if let Some(builtin) = builtin::find(name) {
            return match builtin.run(rest, &stdio, self, context) {
                Ok(progress) => progress,
                Err(BrokenPipe) => BrokenPipe::EXIT,
            };
        }
        self.run_found(name, &arguments, container, stdio, context)
    }

    /// A program, or a script by its path.
    fn run_found(
        &mut self,
        name: &Rc<str>,
        arguments: &[Rc<str>],
        container: Option<BrokerId>,
        stdio: Stdio,
        context: &mut Context<'_>,
    ) -> Progress {
        let title: Rc<str> = arguments.join(" ").into();
        if name.contains('/') {
            let path = context.path(name);
            if let Some(file) = context.system().files.get(&path).cloned() {
                if !file.executable {
                    self.refuse(&format!("{name}: Permission denied"), 126, &stdio, context);
                    return Progress::Continue;
                }
                let variables = self.environment.variables.exported();
                return self.run_bash(arguments, variables, container, title, stdio, context);
            }
        }
        match program::find(name) {
            Some(found) => {
                let program = found.start(&arguments[1..]);
                let start_up = found.start_up();
                self.run_program(Start { program, stdio, title, start_up, container }, context)
            }
            None => {
                let is_folder = name.contains('/') && {
                    let path = context.path(name);
                    context.system().files.is_folder(&path)
                };
                if is_folder {
                    self.refuse(&format!("{name}: Is a directory"), 126, &stdio, context);
                } else if name.contains('/') {
                    self.refuse(&format!("{name}: {}", FileError::Missing), 127, &stdio, context);
                } else {
                    let message = format!("{name}: command not found\n{}", program::what_is_here(name));
                    self.refuse(&message, 127, &stdio, context);
                }
                Progress::Continue
            }
        }
    }

    fn refuse(&mut self, message: &str, status: u8, stdio: &Stdio, context: &mut Context<'_>) {
        self.environment.status = status;
        drop(context.write(&stdio.error, format!("bash: {message}\n").as_bytes()));
    }

    fn call(
        &mut self,
        name: &str,
        body: &super::syntax::Command,
        arguments: &[Rc<str>],
        stdio: Stdio,
        context: &mut Context<'_>,
    ) -> Progress {
        if !self.push_call(arguments, stdio, true, context) {
            let message = format!("{name}: maximum function nesting level exceeded ({MAX_CALLS})");
            self.complain(&message, 1, context);
            return Progress::Continue;
        }
        self.begin(body);
        Progress::Continue
    }

    /// `source`, and functions: what runs next sees these arguments, and `return` comes back here.
    pub(super) fn push_call(
        &mut self,
        arguments: &[Rc<str>],
        stdio: Stdio,
        is_function: bool,
        context: &Context<'_>,
    ) -> bool {
        if self.frames.iter().filter(|frame| matches!(frame, Frame::Call(_))).count() >= MAX_CALLS {
            return false;
        }
        let arguments = std::mem::replace(&mut self.environment.arguments, arguments.into());
        self.frames.push(Frame::Call(Call { arguments, locals: Vec::new(), is_function }));
        if stdio != self.stdio(context) {
            self.push_scope(stdio);
        }
        true
    }

    /// `bash [-c COMMANDS | FILE] [ARGUMENT...]`; without either a shell that reads its input.
    fn run_bash(
        &mut self,
        arguments: &[Rc<str>],
        variables: Variables,
        container: Option<BrokerId>,
        title: Rc<str>,
        stdio: Stdio,
        context: &mut Context<'_>,
    ) -> Progress {
        let start = |program: Interpreter, stdio: Stdio| Start {
            program: Program::Shell(Box::new(program)),
            stdio,
            title,
            start_up: Duration::ZERO,
            container,
        };
        let mut rest = arguments;
        let mut options = Options::default();
        while let Some((option, after)) = rest.split_first() {
            match &**option {
                "-c" | "-lc" | "-ic" | "-ec" | "-xc" => {
                    options.exit_on_error |= option.contains('e');
                    options.trace |= option.contains('x');
                    let Some((commands, after)) = after.split_first() else {
                        self.refuse("-c: option requires an argument", 2, &stdio, context);
                        return Progress::Continue;
                    };
                    let (name, arguments) =
                        after.split_first().map_or(("bash", after), |(name, rest)| (name, rest));
                    let mut environment = Environment::new(variables, name, arguments);
                    environment.options = options;
                    return match read_script(commands, context) {
                        Ok(script) => {
                            self.run_program(start(Self::script(script, environment), stdio), context)
                        }
                        Err(error) => {
                            self.refuse(&format!("-c: {error}"), 2, &stdio, context);
                            Progress::Continue
                        }
                    };
                }
                "-e" => options.exit_on_error = true,
                "-x" => options.trace = true,
                "-u" => options.no_unset = true,
                "-i" | "-l" | "--login" | "-s" => {}
                option if option.starts_with('-') => {
                    self.refuse(&format!("{option}: this option is not simulated"), 2, &stdio, context);
                    return Progress::Continue;
                }
                file => {
                    let Some(content) = context.read_file(file) else {
                        self.refuse(&format!("{file}: {}", FileError::Missing), 127, &stdio, context);
                        return Progress::Continue;
                    };
                    let mut environment = Environment::new(variables, file, after);
                    environment.options = options;
                    return match read_script(&String::from_utf8_lossy(&content), context) {
                        Ok(script) => {
                            self.run_program(start(Self::script(script, environment), stdio), context)
                        }
                        Err(error) => {
                            self.refuse(&format!("{file}: {error}"), 2, &stdio, context);
                            Progress::Continue
                        }
                    };
                }
            }
            rest = after;
        }
        let environment = Environment::new(variables, "bash", &[]);
        self.run_program(start(Self::interactive(environment), stdio), context)
    }

    /// A shell process that runs a text.
    pub(crate) fn of_text(text: &str, context: &mut Context<'_>) -> Result<Self, String> {
        let script = read_script(text, context).map_err(|error| error.to_string())?;
        Ok(Self::script(script, Environment::login()))
    }

    /// A shell process that runs one command with these words, whatever is in them: what `xargs` and `timeout` start.
    pub(crate) fn of_words(words: &[Rc<str>]) -> Self {
        Self::script(super::syntax::Command::of_words(words).alone(), Environment::login())
    }
}

fn go_on_if(written: &Result<(), BrokenPipe>) -> Progress {
    match written {
        Ok(()) => Progress::Continue,
        Err(BrokenPipe) => BrokenPipe::EXIT,
    }
}

/// What a shell in a container sees.
fn variables_of_container(given: &[Rc<str>]) -> Variables {
    let mut variables = Environment::login().variables;
    set_all(&mut variables, given);
    variables
}

fn set_all(variables: &mut Variables, given: &[Rc<str>]) {
    for (name, value) in given.iter().filter_map(|text| text.split_once('=')) {
        if variables.set_text(name, value).is_ok() {
            variables.export(name);
        }
    }
}

pub(super) fn read_script(text: &str, context: &mut Context<'_>) -> Result<Script, ParseError> {
    context.charge_for(text.len() * READING_COST);
    parser::parse(text)
}
