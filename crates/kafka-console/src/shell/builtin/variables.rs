//! Builtins about variables: `export`, `declare`, `local`, `unset`, `env`.

use std::rc::Rc;

use super::{Done, Failure, usage};
use crate::shell::interpreter::{Frame, Interpreter};
use crate::shell::variables::Variables;

pub(super) fn export(arguments: &[Rc<str>], shell: &mut Interpreter) -> Done {
    let names: Vec<_> = arguments.iter().filter(|argument| &***argument != "-p").collect();
    if names.is_empty() {
        let exported = shell.environment.variables.exported();
        let line = |(name, value): (&Rc<str>, Rc<str>)| format!("declare -x {name}=\"{value}\"\n");
        return Ok(exported.texts().map(line).collect());
    }
    for argument in names {
        let name = set(argument, shell)?;
        shell.environment.variables.export(&name);
    }
    Ok(String::new())
}

/// `declare`, `typeset` and `readonly`.
pub(super) fn declare(arguments: &[Rc<str>], shell: &mut Interpreter) -> Done {
    let mut exports = false;
    for argument in arguments {
        match &**argument {
            "-x" => exports = true,
            "-a" | "-i" | "-r" | "-g" | "-p" => {}
            option if option.starts_with('-') => {
                return Err(usage(format!("{option}: this option is not simulated")));
            }
            _ => {
                let name = set(argument, shell)?;
                if exports {
                    shell.environment.variables.export(&name);
                }
            }
        }
    }
    Ok(String::new())
}

pub(super) fn local(arguments: &[Rc<str>], shell: &mut Interpreter) -> Done {
    for argument in arguments.iter().filter(|argument| !argument.starts_with('-')) {
        let name = name_of(argument)?;
        let saved = shell.environment.variables.save(&name);
        let call = shell.frames.iter_mut().rev().find_map(|frame| {
            if let Frame::Call(call) = frame { Some(call).filter(|call| call.is_function) } else { None }
        });
        let call = call.ok_or_else(|| "can only be used in a function".to_owned())?;
        if !call.locals.iter().any(|saved| saved.name == name) {
            call.locals.push(saved);
        }
        shell.environment.variables.unset(&name);
        set(argument, shell)?;
    }
    Ok(String::new())
}

pub(super) fn unset(arguments: &[Rc<str>], shell: &mut Interpreter) -> Done {
    for name in arguments.iter().filter(|argument| !argument.starts_with('-')) {
        let only_functions = arguments.iter().any(|argument| &**argument == "-f");
        if !only_functions && shell.environment.variables.value(name).is_some() {
            shell.environment.variables.unset(name);
        } else {
            shell.environment.forget_function(name);
        }
    }
    Ok(String::new())
}

/// A line for each variable that programs see.
pub(in crate::shell) fn env(variables: &Variables) -> String {
    variables.texts().map(|(name, value)| format!("{name}={value}\n")).collect()
}

/// Does the assignment in an argument, if it is one; answers with the name.
fn set(argument: &str, shell: &mut Interpreter) -> Result<Rc<str>, Failure> {
    let name = name_of(argument)?;
    if let Some((_, value)) = argument.split_once('=') {
        shell.environment.variables.set_text(&name, value)?;
    }
    Ok(name)
}

fn name_of(argument: &str) -> Result<Rc<str>, Failure> {
    let name = argument.split_once('=').map_or(argument, |(name, _)| name);
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Ok(name.into())
    } else {
        Err(format!("`{argument}': not a valid identifier").into())
    }
}
