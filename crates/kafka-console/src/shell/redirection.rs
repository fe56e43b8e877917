//! `>`, `>>`, `<`, `<<` and `2>&1`.

use std::rc::Rc;

use super::syntax::{Descriptor, Redirect, Target};
use crate::system::{Context, FileError, Input, Output, PipeId, Stdio};

impl Redirect {
    pub(super) fn has_a_word(&self) -> bool {
        !matches!(self.target, Target::SameAs(_))
    }
}

/// The streams of a command after its redirections, and the pipes that were opened for it.
pub(super) struct Redirected {
    pub(super) stdio: Result<Stdio, String>,
    pub(super) opened: Vec<PipeId>,
}

/// Goes through redirections from left to right. `words` holds the expanded word of each that has one.
pub(super) fn apply(
    redirects: &[Redirect],
    words: &[Vec<Rc<str>>],
    stdio: Stdio,
    context: &mut Context<'_>,
) -> Redirected {
    let mut opened = Vec::new();
    let stdio = follow(redirects, words, stdio, &mut opened, context);
    Redirected { stdio, opened }
}

fn follow(
    redirects: &[Redirect],
    words: &[Vec<Rc<str>>],
    mut stdio: Stdio,
    opened: &mut Vec<PipeId>,
    context: &mut Context<'_>,
) -> Result<Stdio, String> {
    let mut words = words.iter();
    for redirect in redirects {
        let mut name = || match words.next().map(Vec::as_slice) {
            Some([name]) => Ok(name.clone()),
            Some(_) | None => Err("ambiguous redirect".to_owned()),
        };
        match &redirect.target {
            Target::Read(_) => {
                let name = name()?;
                let input = open(&name, opened, context)?;
                if redirect.descriptor == Descriptor::Input {
                    stdio.input = input;
                }
            }
            Target::Here(_) => {
                let text = words.next().map_or_else(String::new, |fields| fields.concat());
                let input = open_text(text.as_bytes(), opened, context);
                if redirect.descriptor == Descriptor::Input {
                    stdio.input = input;
                }
            }
            Target::Write(_) => {
                let output = create(&name()?, false, context)?;
                set_output(&mut stdio, redirect.descriptor, output)?;
            }
            Target::Append(_) => {
                let output = create(&name()?, true, context)?;
                set_output(&mut stdio, redirect.descriptor, output)?;
            }
            Target::SameAs(Descriptor::Output) => {
                let output = stdio.output.clone();
                set_output(&mut stdio, redirect.descriptor, output)?;
            }
            Target::SameAs(Descriptor::Error) => {
                let output = stdio.error.clone();
                set_output(&mut stdio, redirect.descriptor, output)?;
            }
            Target::SameAs(Descriptor::Input) => return Err("0: Bad file descriptor".to_owned()),
        }
    }
    Ok(stdio)
}

fn open(name: &str, opened: &mut Vec<PipeId>, context: &mut Context<'_>) -> Result<Input, String> {
    match name {
        "/dev/null" => return Ok(Input::Null),
        "/dev/stdin" => return Ok(context.stdio().input.clone()),
        _ => {}
    }
    match context.read_file(name) {
        Some(content) => Ok(open_text(&content, opened, context)),
        None => Err(format!("{name}: {}", FileError::Missing)),
    }
}

fn open_text(text: &[u8], opened: &mut Vec<PipeId>, context: &mut Context<'_>) -> Input {
    let holder = context.pid();
    let pipe = context.system().open_text(holder, text);
    opened.push(pipe);
    Input::Pipe(pipe)
}

fn create(name: &str, append: bool, context: &mut Context<'_>) -> Result<Output, String> {
    match name {
        "/dev/null" => return Ok(Output::Null),
        "/dev/tty" => return Ok(Output::Terminal),
        "/dev/stdout" => return Ok(context.stdio().output.clone()),
        "/dev/stderr" => return Ok(context.stdio().error.clone()),
        _ => {}
    }
    let (path, now) = (context.path(name), context.now());
    let files = &mut context.system().files;
    let made = if append { files.append(&path, b"", now).map(|_| ()) } else { files.create(&path, now) };
    made.map_err(|error| format!("{name}: {error}"))?;
    Ok(Output::File(path.into()))
}

fn set_output(stdio: &mut Stdio, descriptor: Descriptor, output: Output) -> Result<(), String> {
    match descriptor {
        Descriptor::Output => stdio.output = output,
        Descriptor::Error => stdio.error = output,
        Descriptor::Input => return Err("0: Bad file descriptor".to_owned()),
    }
    Ok(())
}
