//! `ls`, `mkdir`, `rm` and their like.

use std::rc::Rc;

use kafka_core::time::SimTime;

use super::super::arguments::{Arguments, Spec};
use super::{Outcome, Told};
use crate::system::{Context, FileError};

const NONE: &[(&str, char)] = &[];

fn operands(spec: &Spec, arguments: &[Rc<str>]) -> Result<Arguments, String> {
    let parsed = spec.parse(arguments)?;
    if parsed.operands.is_empty() { Err("missing operand".to_owned()) } else { Ok(parsed) }
}

/// Does something with each operand, and collects what goes wrong.
fn each(arguments: &Arguments, verb: &str, mut act: impl FnMut(&str) -> Result<(), FileError>) -> Outcome {
    let mut told = Told::default();
    for name in &arguments.operands {
        if let Err(error) = act(name) {
            told.errors.push(format!("{verb} '{name}': {error}"));
        }
    }
    Ok(told)
}

pub(super) fn ls(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    let arguments = Spec { flags: "la1hrtdAF", values: "", long: NONE }.parse(arguments)?;
    let names = if arguments.operands.is_empty() { vec![".".into()] } else { arguments.operands.clone() };
    let mut told = Told::default();
    let mut folders = Vec::new();
    for name in &names {
        let path = context.path(name);
        match context.list(name).filter(|_| !arguments.has('d')) {
            Some(content) => folders.push((name, path, content)),
            None if context.read_file(name).is_some() || context.system().files.is_folder(&path) => {
                told.text += &entry(name, &path, arguments.has('l'), context);
            }
            None => told.errors.push(format!("cannot access '{name}': {}", FileError::Missing)),
        }
    }
    let hidden = arguments.has('a') || arguments.has('A');
    for (name, path, content) in folders {
        if names.len() > 1 {
            let gap = if told.text.is_empty() { "" } else { "\n" };
            told.text += &format!("{gap}{name}:\n");
        }
        let content: Vec<_> = content.into_iter().filter(|name| hidden || !name.starts_with('.')).collect();
        if arguments.has('l') {
            told.text += &format!("total {}\n", content.len() * 4);
        }
        for name in content {
            let path = format!("{}/{name}", path.trim_end_matches('/'));
            told.text += &entry(&name, &path, arguments.has('l'), context);
        }
    }
    Ok(told)
}

fn entry(name: &str, path: &str, long: bool, context: &mut Context<'_>) -> String {
    if !long {
        return format!("{name}\n");
    }
    let files = &context.system().files;
    let is_folder = files.is_folder(path);
    let file = files.get(path).cloned().unwrap_or_default();
    let mode = match (is_folder, file.executable || path.starts_with("/opt/kafka/bin/")) {
        (true, _) => "drwxr-xr-x",
        (false, true) => "-rwxr-xr-x",
        (false, false) => "-rw-r--r--",
    };
    let changed = if is_folder { SimTime::ZERO } else { file.changed };
    let when = context.wall_clock_at(changed).format("%b %e %H:%M").unwrap_or_default();
    let size = if is_folder { 4096 } else { file.content.len() };
    format!("{mode} {} root root {size:5} {when} {name}\n", if is_folder { 2 } else { 1 })
}

pub(super) fn mkdir(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    let arguments = operands(&Spec { flags: "pv", values: "m", long: &[("parents", 'p')] }, arguments)?;
    each(&arguments, "cannot create directory", |name| {
        let path = context.path(name);
        let files = &mut context.system().files;
        if !arguments.has('p') {
            return files.make_folder(&path);
        }
        let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
        for end in ends {
            match files.make_folder(&path[..end]) {
                Err(FileError::Exists) if files.is_folder(&path[..end]) => {}
                made => made?,
            }
        }
        Ok(())
    })
}

pub(super) fn rmdir(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    let arguments = operands(&Spec { flags: "p", values: "", long: NONE }, arguments)?;
    each(&arguments, "failed to remove", |name| {
        let path = context.path(name);
        let files = &mut context.system().files;
        if files.get(&path).is_some() { Err(FileError::NotFolder) } else { files.remove(&path) }
    })
}

pub(super) fn rm(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    let spec = Spec { flags: "frRiv", values: "", long: &[("force", 'f'), ("recursive", 'r')] };
    let arguments = spec.parse(arguments)?;
    if arguments.operands.is_empty() && !arguments.has('f') {
        return Err("missing operand".to_owned());
    }
    let recursive = arguments.has('r') || arguments.has('R');
    each(&arguments, "cannot remove", |name| {
        let path = context.path(name);
        let removed = match (context.system().files.is_folder(&path), recursive) {
            (true, true) => remove_all(&path, context),
            (true, false) => Err(FileError::IsFolder),
            (false, _) => context.system().files.remove(&path),
        };
        removed.or_else(
            |error| {
                if arguments.has('f') && error == FileError::Missing { Ok(()) } else { Err(error) }
            },
        )
    })
}

/// Removes a folder with all that is in it.
fn remove_all(path: &str, context: &mut Context<'_>) -> Result<(), FileError> {
    let files = &mut context.system().files;
    let mut found = vec![path.to_owned()];
    let mut next = 0;
    while let Some(folder) = found.get(next).cloned() {
        next += 1;
        let names = files.list(&folder).unwrap_or_default();
        found.extend(names.into_iter().map(|name| format!("{}/{name}", folder.trim_end_matches('/'))));
    }
    found.iter().rev().try_for_each(|path| files.remove(path))
}

pub(super) fn touch(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    let arguments = operands(&Spec { flags: "acm", values: "", long: NONE }, arguments)?;
    each(&arguments, "cannot touch", |name| {
        let (path, now) = (context.path(name), context.now());
        let files = &mut context.system().files;
        if files.is_folder(&path) { Ok(()) } else { files.append(&path, b"", now).map(|_| ()) }
    })
}

/// Marks a script as one that can be started, and takes the mark away.
pub(super) fn chmod(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    let [mode, files @ ..] = arguments else { return Err("missing operand".to_owned()) };
    let executable = match &**mode {
        mode if mode.len() >= 3 && mode.chars().all(|c| c.is_digit(8)) => mode.contains(['1', '3', '5', '7']),
        mode if mode.trim_start_matches(['u', 'g', 'o', 'a']).starts_with('+') => mode.contains('x'),
        mode if mode.trim_start_matches(['u', 'g', 'o', 'a']).starts_with('-') => !mode.contains('x'),
        mode => return Err(format!("invalid mode: '{mode}'")),
    };
    if files.is_empty() {
        return Err(format!("missing operand after '{mode}'"));
    }
    let arguments = Arguments::of_operands(files);
    each(&arguments, "cannot access", |name| {
        let path = context.path(name);
        context.system().files.set_executable(&path, executable)
    })
}

pub(super) fn cp(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    transfer(arguments, false, context)
}

pub(super) fn mv(arguments: &[Rc<str>], context: &mut Context<'_>) -> Outcome {
    transfer(arguments, true, context)
}

/// Files only: a folder is neither copied nor moved.
fn transfer(arguments: &[Rc<str>], moves: bool, context: &mut Context<'_>) -> Outcome {
    let mut arguments = operands(&Spec { flags: "fivp", values: "", long: NONE }, arguments)?;
    let Some(target) = arguments.operands.pop().filter(|_| !arguments.operands.is_empty()) else {
        return Err("missing destination file operand".to_owned());
    };
    let to = context.path(&target);
    let into_folder = context.system().files.is_folder(&to);
    if arguments.operands.len() > 1 && !into_folder {
        return Err(format!("target '{target}': {}", FileError::NotFolder));
    }
    let verb = if moves { "cannot move" } else { "cannot copy" };
    each(&arguments, verb, |name| {
        let (path, now) = (context.path(name), context.now());
        let base = path.rsplit('/').next().unwrap_or_default();
        let to = if into_folder { format!("{}/{base}", to.trim_end_matches('/')) } else { to.clone() };
        let files = &mut context.system().files;
        if files.is_folder(&path) {
            return Err(FileError::IsFolder);
        }
        let file = files.get(&path).cloned().ok_or(FileError::Missing)?;
        if path == to {
            return Ok(());
        }
        if moves {
            files.remove(&path)?;
        }
        files.create(&to, now)?;
        files.append(&to, &file.content, now)?;
        files.set_executable(&to, file.executable)
    })
}
