//! `jobs`, `fg`, `bg`, `wait`, `disown`.

use std::rc::Rc;

use super::{Done, Failure};
use crate::shell::interpreter::{Frame, Interpreter, Waiting};
use crate::shell::jobs::{Job, State};
use crate::system::{Context, Pid, Progress, Signal, Stdio};

pub(super) fn jobs(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    shell.jobs.update(context);
    let has =
        |letter: char| arguments.iter().any(|option| option.starts_with('-') && option.contains(letter));
    let mut text = String::new();
    for job in shell.jobs.iter() {
        let first = job.processes().first().map_or(0, |pid| pid.0);
        if has('p') {
            text.push_str(&format!("{first}\n"));
        } else {
            let pid = if has('l') { format!("{first:5} ") } else { String::new() };
            text.push_str(&format!("{}\n", shell.jobs.line_with(job.number(), &pid)));
        }
    }
    if !has('p') {
        shell.jobs.take_news();
    }
    Ok(text)
}

pub(super) fn fg(
    arguments: &[Rc<str>],
    stdio: &Stdio,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Done {
    let number = one_job(arguments.first(), shell, context)?;
    let Some(job) = shell.jobs.take(number) else { return Ok(String::new()) };
    drop(context.write(&stdio.output, format!("{}\n", job.text()).as_bytes()));
    let text: Rc<str> = job.text().into();
    shell.wait_for(job.alive().to_vec(), &text, context);
    for pid in members(job.alive(), context) {
        context.system().signal(pid, Signal::Continue);
    }
    Ok(String::new())
}

pub(super) fn bg(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    let number = one_job(arguments.first(), shell, context)?;
    let Some(job) = shell.jobs.iter().find(|job| job.number() == number) else { return Ok(String::new()) };
    if job.state() == State::Running {
        return Ok(format!("bash: bg: job {number} already in background\n"));
    }
    let line = format!("[{number}]{} {} &\n", shell.jobs.mark(number), job.text());
    for pid in members(job.alive(), context) {
        context.system().signal(pid, Signal::Continue);
    }
    shell.jobs.resume(number);
    Ok(line)
}

pub(super) fn wait(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    shell.jobs.update(context);
    let any = arguments.iter().any(|argument| &**argument == "-n");
    let named: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let mut jobs = Vec::new();
    for name in &named {
        if name.starts_with('%') {
            let job = shell.jobs.find(Some(name)).ok_or_else(|| no_such_job(name, 127))?;
            jobs.push(job.last());
            continue;
        }
        let pid = name
            .parse()
            .map(Pid)
            .map_err(|_| Failure { message: format!("`{name}': not a pid or valid job spec"), status: 1 })?;
        if shell.jobs.of_process(pid).is_none() {
            let message = format!("pid {name} is not a child of this shell");
            return Err(Failure { message, status: 127 });
        }
        jobs.push(pid);
    }
    if named.is_empty() {
        jobs = shell.jobs.iter().filter(|job| job.state() == State::Running).map(Job::last).collect();
    }
    if jobs.is_empty() {
        shell.environment.status = if any { 127 } else { 0 };
        return Ok(String::new());
    }
    let what = match (any, named.is_empty()) {
        (true, _) => Waiting::Any,
        (false, true) => Waiting::All,
        (false, false) => Waiting::Named,
    };
    shell.frames.push(Frame::WaitForJobs { jobs, what });
    Ok(String::new())
}

impl Interpreter {
    pub(in crate::shell) fn wait_for_jobs(
        &mut self,
        mut jobs: Vec<Pid>,
        what: Waiting,
        context: &mut Context<'_>,
    ) -> Progress {
        self.jobs.update(context);
        let mut done = false;
        let table = &self.jobs;
        let mut status = self.environment.status;
        jobs.retain(|pid| {
            let state = table.of_process(*pid).map(|job| (job.state(), job.alive().contains(pid)));
            let ended = match state {
                Some((State::Ended(ended), _)) => {
                    status = ended.status;
                    true
                }
                Some((State::Running | State::Stopped, alive)) => !alive,
                None => true,
            };
            done |= ended;
            !ended
        });
        if jobs.is_empty() || (what == Waiting::Any && done) {
            self.environment.status = if what == Waiting::All { 0 } else { status };
            return Progress::Continue;
        }
        self.environment.status = status;
        self.frames.push(Frame::WaitForJobs { jobs, what });
        Progress::Blocked
    }
}

pub(super) fn disown(arguments: &[Rc<str>], shell: &mut Interpreter, context: &mut Context<'_>) -> Done {
    let name = arguments.iter().find(|argument| !argument.starts_with('-'));
    let number = one_job(name, shell, context)?;
    shell.jobs.take(number);
    Ok(String::new())
}

/// The number of the job that is named, or of the current one.
fn one_job(
    name: Option<&Rc<str>>,
    shell: &mut Interpreter,
    context: &mut Context<'_>,
) -> Result<u32, Failure> {
    if !shell.controls_jobs(context) {
        return Err("no job control".to_owned().into());
    }
    shell.jobs.update(context);
    let job = shell.jobs.find(name.map(|name| &**name));
    let number = job.map(|job| (job.number(), job.state()));
    match number {
        Some((_, State::Ended(_))) => Err("job has terminated".to_owned().into()),
        Some((number, State::Running | State::Stopped)) => Ok(number),
        None => Err(no_such_job(name.map_or("current", |name| name), 1)),
    }
}

fn no_such_job(name: &str, status: u8) -> Failure {
    Failure { message: format!("{name}: no such job"), status }
}

/// The processes of a job and all that they have started.
pub(super) fn members(processes: &[Pid], context: &mut Context<'_>) -> Vec<Pid> {
    let mut members = processes.to_vec();
    for pid in processes {
        let group = context.system().process(*pid).map(|process| process.group);
        let group = group.filter(|group| *group != context.group());
        members.extend(group.into_iter().flat_map(|group| context.system().group(group)));
    }
    members.sort_unstable();
    members.dedup();
    members
}
