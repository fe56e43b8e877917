//! `kill`, `killall`, `pkill` and `ps`.

use std::rc::Rc;

use super::{Done, Failure, jobs, usage};
use crate::shell::interpreter::Interpreter;
use crate::shell::jobs::State;
use crate::system::{Context, Pid, Signal};

const USAGE: &str = "usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]";

/// What stands before the names of `kill` and its like.
fn signal(arguments: &[Rc<str>]) -> Result<(Signal, &[Rc<str>]), Failure> {
    let invalid = |name: &str| Failure::from(format!("{name}: invalid signal specification"));
    let (name, rest) = match arguments {
        [option, name, rest @ ..] if matches!(&**option, "-s" | "-n") => (&**name, rest),
        [option, rest @ ..] if option.len() > 1 && option.starts_with('-') && &**option != "--" => {
            (&option[1..], rest)
        }
        rest => ("TERM", rest),
    };
    let rest = if rest.first().is_some_and(|argument| &**argument == "--") { &rest[1..] } else { rest };
    Ok((Signal::find(name).ok_or_else(|| invalid(name))?, rest))
}

pub(super) fn kill(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    if arguments.first().is_some_and(|option| &**option == "-l") {
        let line = |signal: Signal| format!("{:2}) SIG{}\n", signal.number(), signal.name());
        return Ok(Signal::ALL.into_iter().map(line).collect());
    }
    if arguments.first().is_some_and(|option| &**option == "-0") {
        return exists(&arguments[1..], context);
    }
    let (signal, names) = signal(arguments)?;
    if names.is_empty() {
        return Err(usage(USAGE));
    }
    for name in names {
        if name.starts_with('%') {
            kill_job(name, signal, shell, context)?;
            continue;
        }
        let number: i64 =
            name.parse().map_err(|_| format!("{name}: arguments must be process or job IDs"))?;
        let pid = Pid(u32::try_from(number.unsigned_abs()).unwrap_or(u32::MAX));
        let group = if number < 0 { context.system().group(pid) } else { Vec::new() };
        let is_here = pid == context.pid() || context.system().process(pid).is_some();
        if !is_here && group.is_empty() {
            return Err(format!("({name}) - No such process").into());
        }
        let reached = if number < 0 { group } else { vec![pid] };
        send(&reached, signal, shell, context);
    }
    Ok(String::new())
}

fn exists(names: &[Rc<str>], context: &mut Context<'_>) -> Done {
    for name in names {
        let pid = name.parse().map(Pid).ok();
        if !pid.is_some_and(|pid| pid == context.pid() || context.system().process(pid).is_some()) {
            return Err(format!("({name}) - No such process").into());
        }
    }
    Ok(String::new())
}

fn kill_job(
    name: &str,
    signal: Signal,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    shell.jobs.update(context);
    let job = shell.jobs.find(Some(name)).ok_or_else(|| format!("{name}: no such job"))?;
    let stopped = job.state() == State::Stopped;
    let reached = jobs::members(job.alive(), context);
    send(&reached, signal, shell, context);
    if stopped && matches!(signal, Signal::Terminate | Signal::Hangup) {
        send(&reached, Signal::Continue, shell, context);
    }
    Ok(())
}

fn send(pids: &[Pid], signal: Signal, shell: &mut Interpreter, context: &mut Context<'_>) {
    for pid in pids {
        if *pid == context.pid() {
            shell.signal_itself(signal);
        } else {
            context.system().signal(*pid, signal);
        }
    }
}

/// `killall NAME`, `pkill [-f] PATTERN`: here both look for the text in the whole command line.
pub(super) fn kill_by_name(
    arguments: &[Rc<str>],
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Done {
    let options: Vec<Rc<str>> = arguments.iter().filter(|argument| &***argument != "-f").cloned().collect();
    let (signal, names) = signal(&options)?;
    if names.is_empty() {
        return Err(usage("no process name or pattern specified"));
    }
    let own = context.pid();
    let matching = |title: &str| names.iter().any(|name| title.contains(&**name));
    let processes = context.system().processes();
    let found: Vec<Pid> = processes
        .filter(|(pid, process)| *pid != own && matching(&process.title))
        .filter(|(_, process)| process.program.name().is_some())
        .map(|(pid, _)| pid)
        .collect();
    send(&found, signal, shell, context);
    shell.environment.status = u8::from(found.is_empty());
    Ok(String::new())
}

/// Every program with its number, its terminal and whether it is stopped; with options their whole command lines.
pub(super) fn ps(arguments: &[Rc<str>], context: &mut Context<'_>) -> String {
    let whole = !arguments.is_empty();
    let own = (context.pid(), context.terminal(), 'S', "bash", Rc::from("bash"));
    let mut rows = vec![own];
    for (pid, process) in context.system().processes() {
        let state = if process.stopped { 'T' } else { 'S' };
        let name = process.program.name().unwrap_or("bash");
        rows.push((pid, process.terminal, state, name, process.title.clone()));
    }
    rows.sort();
    let mut text = String::from("    PID TTY      STAT CMD\n");
    for (pid, terminal, state, name, title) in rows {
        let command = if whole { &title } else { name };
        text.push_str(&format!("{:7} {:8} {state}    {command}\n", pid.0, format!("pts/{terminal}")));
    }
    text
}
