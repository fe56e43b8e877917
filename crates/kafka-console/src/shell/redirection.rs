//! `>`, `>>`, `<`, `<<` and `2>&1`.

use std::rc::Rc;

use super::syntax::{Descriptor, Redirect, Target};
use crate::system::{Context, Input, Output, Stdio};

impl Redirect {
    pub(super) fn has_a_word(&self) -> bool {
        !matches!(self.target, Target::SameAs(_))
    }
}

/// The streams of a command after its redirections, from left to right. `words` holds the expanded word of each
/// redirection that has one.
pub(super) fn apply(
    redirects: &[Redirect],
    words: &[Vec<Rc<str>>],
    mut stdio: Stdio,
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
                let input = open(&name, context)?;
                if redirect.descriptor == Descriptor::Input {
                    stdio.input = input;
                }
            }
            Target::Here(_) => {
                let text = words.next().map_or_else(String::new, |fields| fields.concat());
                let holder = context.pid();
                let input = Input::Pipe(context.system().open_text(holder, text.as_bytes()));
                if redirect.descriptor == Descriptor::Input {
                    stdio.input = input;
                }
            }
            Target::Write(_) => {
                let output = create(&name()?, false, context);
                set_output(&mut stdio, redirect.descriptor, output)?;
            }
            Target::Append(_) => {
                let output = create(&name()?, true, context);
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

fn open(name: &str, context: &mut Context<'_>) -> Result<Input, String> {
    if name == "/dev/null" {
        return Ok(Input::Null);
    }
    let content = context.read_file(name).ok_or_else(|| format!("{name}: No such file or directory"))?;
    let holder = context.pid();
    Ok(Input::Pipe(context.system().open_text(holder, &content)))
}

fn create(name: &Rc<str>, append: bool, context: &mut Context<'_>) -> Output {
    if &**name == "/dev/null" {
        return Output::Null;
    }
    if !append {
        context.system().files.create(name);
    }
    Output::File(name.clone())
}

fn set_output(stdio: &mut Stdio, descriptor: Descriptor, output: Output) -> Result<(), String> {
    match descriptor {
        Descriptor::Output => stdio.output = output,
        Descriptor::Error => stdio.error = output,
        Descriptor::Input => return Err("0: Bad file descriptor".to_owned()),
    }
    Ok(())
}
