//! Builtins that decide what runs next: `break`, `return`, `eval`, `source`, `set`, `shift`.

use std::rc::Rc;

use super::{Done, usage};
use crate::shell::interpreter::{Interpreter, quoted};
use crate::shell::launch::read_script;
use crate::system::{Context, FileError, Stdio};

pub(super) fn leave(
    arguments: &[Rc<str>],
    last_status: u8,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Done {
    let status = match arguments.first() {
        None => last_status,
        Some(text) => {
            let code =
                text.parse::<i64>().map_err(|_| usage(format!("{text}: numeric argument required")))?;
            (code & 0xff) as u8
        }
    };
    if !shell.leave_call(context) {
        return Err("can only `return' from a function or sourced script".to_owned().into());
    }
    shell.environment.status = status;
    Ok(String::new())
}

pub(super) fn leave_loop(
    arguments: &[Rc<str>],
    goes_on: bool,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Done {
    let levels = match arguments.first() {
        None => 1,
        Some(text) => match text.parse::<u32>() {
            Ok(0) => return Err(format!("{text}: loop count out of range").into()),
            Ok(levels) => levels,
            Err(_) => return Err(format!("{text}: numeric argument required").into()),
        },
    };
    if !shell.leave_loop(levels, goes_on, context) {
        shell.environment.status = 0;
        let name = if goes_on { "continue" } else { "break" };
        shell.say(&format!("bash: {name}: only meaningful in a `for', `while', or `until' loop"), context);
    }
    Ok(String::new())
}

pub(super) fn eval(
    arguments: &[Rc<str>],
    last_status: u8,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Done {
    let script = read_script(&arguments.join(" "), context).map_err(|error| error.to_string())?;
    if !script.is_empty() {
        shell.environment.status = last_status;
    }
    shell.push_script(&script);
    Ok(String::new())
}

pub(super) fn source(
    arguments: &[Rc<str>],
    stdio: &Stdio,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Done {
    let (file, rest) = arguments.split_first().ok_or_else(|| usage("filename argument required"))?;
    let content = context.read_file(file).ok_or_else(|| format!("{file}: {}", FileError::Missing))?;
    let script = read_script(&String::from_utf8_lossy(&content), context)
        .map_err(|error| format!("{file}: {error}"))?;
    let own = shell.environment.arguments.clone();
    let seen = if rest.is_empty() { &own } else { rest };
    if !shell.push_call(seen, stdio.clone(), false, context) {
        return Err(format!("{file}: scripts that source each other are nested too deep").into());
    }
    shell.push_script(&script);
    Ok(String::new())
}

pub(super) fn shift(arguments: &[Rc<str>], shell: &mut Interpreter) -> Done {
    let count = match arguments.first() {
        None => 1,
        Some(text) => text.parse::<usize>().map_err(|_| format!("{text}: numeric argument required"))?,
    };
    let own = shell.environment.arguments.clone();
    match own.get(count..) {
        Some(rest) => shell.environment.arguments = rest.into(),
        None => shell.environment.status = 1,
    }
    Ok(String::new())
}

pub(super) fn set(arguments: &[Rc<str>], shell: &mut Interpreter) -> Done {
    if arguments.is_empty() {
        let variables = shell.environment.variables.texts();
        return Ok(variables.map(|(name, value)| format!("{name}={}\n", quoted(&value))).collect());
    }
    let options = &mut shell.environment.options;
    let mut rest = arguments;
    while let Some((argument, after)) = rest.split_first() {
        let on = argument.starts_with('-');
        if &**argument == "--" {
            shell.environment.arguments = after.into();
            return Ok(String::new());
        }
        let Some(letters) = argument.strip_prefix(['-', '+']).filter(|letters| !letters.is_empty()) else {
            shell.environment.arguments = rest.into();
            return Ok(String::new());
        };
        rest = after;
        for letter in letters.chars() {
            match letter {
                'e' => options.exit_on_error = on,
                'u' => options.no_unset = on,
                'x' => options.trace = on,
                'o' => {
                    let Some((name, after)) = rest.split_first() else { break };
                    rest = after;
                    match &**name {
                        "errexit" => options.exit_on_error = on,
                        "nounset" => options.no_unset = on,
                        "xtrace" => options.trace = on,
                        "pipefail" => options.pipe_fail = on,
                        name => return Err(usage(format!("{name}: this option is not simulated"))),
                    }
                }
                'm' | 'h' | 'B' => {}
                letter => {
                    let sign = if on { '-' } else { '+' };
                    return Err(usage(format!(
                        "{sign}{letter}: this option is not simulated: -e, -u, -x and -o pipefail are"
                    )));
                }
            }
        }
    }
    Ok(String::new())
}
