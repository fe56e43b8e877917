//! Builtins that tell: `help`, `man`, `type`, `which`, `history`.

use std::rc::Rc;

use super::{Done, Failure};
use crate::program;
use crate::shell::interpreter::Interpreter;
use crate::system::Context;

pub(super) fn history(arguments: &[Rc<str>], shell: &Interpreter) -> String {
    let count = arguments.first().and_then(|count| count.parse().ok()).unwrap_or(usize::MAX);
    let skipped = shell.history.len().saturating_sub(count);
    let numbered = (1..).zip(&shell.history).skip(skipped);
    numbered.map(|(number, command): (u32, _)| format!("{number:5}  {command}\n")).collect()
}

pub(super) fn help(arguments: &[Rc<str>]) -> Done {
    if arguments.is_empty() { Ok(program::help()) } else { manual(arguments) }
}

pub(super) fn manual(arguments: &[Rc<str>]) -> Done {
    let Some(name) = arguments.last() else {
        return Err("What manual page do you want?".to_owned().into());
    };
    let page = program::manual(name);
    page.ok_or_else(|| Failure {
        message: format!("No manual entry for {name}\n{}", program::what_is_here(name)),
        status: 16,
    })
}

/// `which NAME` and `command -v NAME`.
pub(super) fn which(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    let mut text = String::new();
    for name in arguments.iter().filter(|argument| !argument.starts_with('-')) {
        match place(name, shell, context) {
            Some(Place::Here(path)) => text.push_str(&format!("{path}\n")),
            Some(Place::Function | Place::Builtin) => text.push_str(&format!("{name}\n")),
            None => shell.environment.status = 1,
        }
    }
    Ok(text)
}

pub(super) fn describe(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    let mut text = String::new();
    let mut missing = None;
    for name in arguments.iter().filter(|argument| !argument.starts_with('-')) {
        match place(name, shell, context) {
            Some(Place::Here(path)) => text.push_str(&format!("{name} is {path}\n")),
            Some(Place::Function) => text.push_str(&format!("{name} is a function\n")),
            Some(Place::Builtin) => text.push_str(&format!("{name} is a shell builtin\n")),
            None => missing = Some(name),
        }
    }
    match missing {
        Some(name) => {
            shell.environment.status = 1;
            Ok(format!("{text}bash: type: {name}: not found\n"))
        }
        None => Ok(text),
    }
}

enum Place {
    Function,
    Builtin,
    Here(String),
}

fn place(name: &str, shell: &Interpreter, context: &mut Context<'_>) -> Option<Place> {
    if shell.environment.function(name).is_some() {
        return Some(Place::Function);
    }
    if super::find(name).is_some() {
        return Some(Place::Builtin);
    }
    if name.contains('/') {
        let path = context.path(name);
        let is_script = context.system().files.get(&path).is_some_and(|file| file.executable);
        return is_script.then(|| Place::Here(name.to_owned()));
    }
    match name {
        "docker" | "bash" | "sh" | "sudo" | "nohup" => Some(Place::Here(format!("/usr/bin/{name}"))),
        _ => program::path_of(name).map(Place::Here),
    }
}
