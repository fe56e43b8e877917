//! Commands that the shell runs itself. They take no time.
//!
//! Leaves out: `printf` with fractions, `echo`'s `-E`, every other builtin of bash.

mod kill;
mod printf;

use std::rc::Rc;

use super::interpreter::Interpreter;
use crate::escape;
use crate::program;
use crate::system::{BrokenPipe, Context, Progress, Stdio};

#[derive(Clone, Copy)]
pub(super) enum Builtin {
    /// Does nothing: there is one folder.
    Cd,
    Clear,
    Echo,
    Exit,
    Export,
    False,
    Help,
    Kill,
    Printf,
    True,
}

pub(super) fn find(name: &str) -> Option<Builtin> {
    Some(match name {
        "cd" => Builtin::Cd,
        "clear" => Builtin::Clear,
        "echo" => Builtin::Echo,
        "exit" => Builtin::Exit,
        "export" => Builtin::Export,
        "false" => Builtin::False,
        "help" => Builtin::Help,
        "kill" => Builtin::Kill,
        "printf" => Builtin::Printf,
        "true" | ":" => Builtin::True,
        _ => return None,
    })
}

impl Builtin {
    pub(super) fn run(
        self,
        arguments: &[Rc<str>],
        stdio: &Stdio,
        shell: &mut Interpreter,
        context: &mut Context<'_>,
    ) -> Result<Progress, BrokenPipe> {
        let last_status = std::mem::take(&mut shell.status);
        match self {
            Self::Clear => context.clear_terminal(),
            Self::Echo => context.write(&stdio.output, &echo(arguments))?,
            Self::Exit => {
                let code = arguments.first().map_or(Ok(last_status), |code| code.parse());
                return Ok(Progress::Exit(code.unwrap_or(2)));
            }
            Self::Export => {
                for (name, value) in arguments.iter().filter_map(|argument| argument.split_once('=')) {
                    shell.variables.set(&name.into(), &value.into());
                }
            }
            Self::False => shell.status = 1,
            Self::Help => context.write(&stdio.output, program::help().as_bytes())?,
            Self::Kill => {
                for message in kill::kill(arguments, context) {
                    shell.status = 1;
                    context.write(&stdio.error, format!("bash: kill: {message}\n").as_bytes())?;
                }
            }
            Self::Printf => match printf::format(arguments) {
                Ok(bytes) => context.write(&stdio.output, &bytes)?,
                Err(message) => {
                    shell.status = 1;
                    context.write(&stdio.error, format!("bash: printf: {message}\n").as_bytes())?;
                }
            },
            Self::Cd | Self::True => {}
        }
        Ok(Progress::Continue)
    }
}

fn echo(arguments: &[Rc<str>]) -> Vec<u8> {
    let (mut newline, mut escapes) = (true, false);
    let mut rest = arguments;
    while let Some((option, after)) = rest.split_first() {
        let Some(letters) = option.strip_prefix('-').filter(|letters| !letters.is_empty()) else { break };
        if !letters.chars().all(|letter| matches!(letter, 'n' | 'e' | 'E')) {
            break;
        }
        newline &= !letters.contains('n');
        escapes |= letters.contains('e');
        rest = after;
    }
    let text = rest.join(" ");
    let mut bytes = if escapes {
        let unescaped = escape::unescape(&text);
        newline &= !unescaped.stopped;
        unescaped.bytes
    } else {
        text.into_bytes()
    };
    if newline {
        bytes.push(b'\n');
    }
    bytes
}
