//! What a program can do while it takes a step.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::command::{Command, CommandError};
use kafka_core::protocol::{BrokerId, ClientId};
use kafka_core::time::SimTime;

use super::allowance;
use super::files::{self, FileError, MAX_MEBIBYTES};
use super::{Ended, Input, Notice, Output, Owner, Pid, PipeId, Process, Signal, Stdio, System};
use crate::program::Program;
use crate::terminal::{Prompt, Source};
use crate::tool::Tool;
use crate::wall_clock::WallClock;

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Progress {
    Continue,
    /// Nothing to do until something happens that wakes the process.
    Blocked,
    Exit(u8),
    /// Another program has taken the process over.
    Replaced,
}

/// Nobody reads what was written; a program that does not care ends with [`BrokenPipe::EXIT`].
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct BrokenPipe;

impl BrokenPipe {
    /// 128 and SIGPIPE.
    pub(crate) const EXIT: Progress = Progress::Exit(141);
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Read {
    Line(Vec<u8>),
    End,
    Wait,
}

/// How many processes a terminal may have at once.
const MAX_PROCESSES: usize = 100;

/// What starting a process costs, so that a program that only starts others does not keep the page busy.
const STEPS_PER_FORK: u32 = 50;

/// A program with all that it needs to begin.
pub(crate) struct Start {
    pub(crate) program: Program,
    pub(crate) stdio: Stdio,
    /// What `ps` shows.
    pub(crate) title: Rc<str>,
    /// How long it takes until its first step.
    pub(crate) start_up: Duration,
    /// The broker in whose container it runs; `None` where its parent does.
    pub(crate) container: Option<BrokerId>,
}

pub(crate) struct Context<'a> {
    pub(super) system: &'a mut System,
    pub(super) pid: Pid,
    pub(super) process: &'a mut Process,
}

impl Context<'_> {
    pub(crate) fn system(&mut self) -> &mut System {
        self.system
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Makes the step count for what is done with so many bytes.
    pub(crate) fn charge_for(&mut self, bytes: usize) {
        self.system.charge(allowance::steps_for(bytes));
    }

    pub(crate) fn now(&self) -> SimTime {
        self.system.now()
    }

    pub(crate) fn wall_clock(&self) -> WallClock {
        self.wall_clock_at(self.now())
    }

    pub(crate) fn wall_clock_at(&self, time: SimTime) -> WallClock {
        WallClock::at(self.system.simulation.scenario(), time)
    }

    pub(crate) fn stdio(&self) -> &Stdio {
        &self.process.stdio
    }

    /// Whether somebody types what the program reads and sees what it writes (`System.console() != null`).
    pub(crate) fn is_interactive(&self) -> bool {
        self.process.stdio.input == Input::Terminal && self.process.stdio.output == Output::Terminal
    }

    pub(crate) fn signal(&self) -> Option<Signal> {
        self.process.signal
    }

    /// The signal that has arrived since the last time this was asked.
    pub(crate) fn take_signal(&mut self) -> Option<Signal> {
        self.process.signal.take()
    }

    /// Writes a text and the end of its line to standard output.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), BrokenPipe> {
        let output = self.process.stdio.output.clone();
        self.write(&output, format!("{text}\n").as_bytes())
    }

    /// The same to standard error.
    pub(crate) fn print_error(&mut self, text: &str) {
        let error = self.process.stdio.error.clone();
        // Nobody is left to tell when standard error cannot be written.
        drop(self.write(&error, format!("{text}\n").as_bytes()));
    }

    pub(crate) fn write_output(&mut self, bytes: &[u8]) -> Result<(), BrokenPipe> {
        let output = self.process.stdio.output.clone();
        self.write(&output, bytes)
    }

    pub(crate) fn write(&mut self, output: &Output, bytes: &[u8]) -> Result<(), BrokenPipe> {
        self.charge_for(bytes.len());
        let at = self.now();
        match output {
            Output::Terminal | Output::TerminalError => {
                let source = if *output == Output::Terminal { Source::Output } else { Source::Error };
                if let Some(terminal) = self.system.terminals.get_mut(&self.process.terminal) {
                    terminal.write(at, source, bytes);
                }
            }
            Output::Pipe(id) => {
                let pipe = self.system.pipes.get_mut(id).ok_or(BrokenPipe)?;
                if pipe.is_broken() {
                    return Err(BrokenPipe);
                }
                pipe.buffer.extend(bytes);
                let woken = pipe.waiting_reader.take();
                self.system.ready.extend(woken);
            }
            Output::File(name) => match self.system.files.append(name, bytes, at) {
                Ok(watchers) => self.system.ready.extend(watchers),
                Err(_) if *output == self.process.stdio.error => {}
                Err(error) => {
                    let name = name.rsplit('/').next().unwrap_or(name);
                    let limit = if error == FileError::NoSpaceLeft {
                        format!(": all files together hold at most {MAX_MEBIBYTES} MiB here")
                    } else {
                        String::new()
                    };
                    self.print_error(&format!("{name}: write error: {error}{limit}"));
                    return Err(BrokenPipe);
                }
            },
            Output::Null => {}
        }
        Ok(())
    }

    /// The next line of standard input; the process is woken when there is one. On a terminal the prompt is shown.
    pub(crate) fn read_line(&mut self, prompt: Prompt) -> Read {
        let input = self.process.stdio.input.clone();
        match self.read_piece(&input, prompt) {
            Read::Line(mut line) => {
                if line.last() == Some(&b'\n') {
                    line.pop();
                }
                Read::Line(line)
            }
            other @ (Read::End | Read::Wait) => other,
        }
    }

    /// The same from any input, with the line's end unless it is missing.
    pub(crate) fn read_piece(&mut self, input: &Input, prompt: Prompt) -> Read {
        match input {
            Input::Terminal => self.read_terminal(prompt),
            Input::Pipe(id) => self.read_pipe(*id),
            Input::Null => Read::End,
        }
    }

    /// A program that reads in the background is stopped, with its whole job (SIGTTIN).
    fn read_terminal(&mut self, prompt: Prompt) -> Read {
        let Some(terminal) = self.system.terminals.get_mut(&self.process.terminal) else { return Read::End };
        if terminal.foreground().0 == self.process.group {
            return terminal.read(self.pid, prompt);
        }
        self.process.stopped = true;
        self.system.tell_clients(self.pid, |client| Command::Suspend { client });
        self.system.ready.extend(self.process.parent);
        for pid in self.system.group(self.process.group) {
            self.system.signal(pid, Signal::Stop);
        }
        Read::Wait
    }

    fn read_pipe(&mut self, id: PipeId) -> Read {
        let Some(pipe) = self.system.pipes.get_mut(&id) else { return Read::End };
        let Some(line) = pipe.take_line() else {
            if pipe.no_writers {
                return Read::End;
            }
            pipe.waiting_reader = Some(self.pid);
            let searched = pipe.buffer.len();
            self.charge_for(searched);
            return Read::Wait;
        };
        self.charge_for(line.len());
        self.system.wake_writers(id);
        Read::Line(line)
    }

    /// Wakes the process again at a time; there is one such alarm.
    pub(crate) fn wake_at(&mut self, at: SimTime) {
        self.system.set_alarm(self.pid, at);
    }

    /// Nothing that is typed from now on is meant for the process.
    pub(crate) fn forget_reader(&mut self) {
        if let Some(terminal) = self.system.terminals.get_mut(&self.process.terminal) {
            terminal.forget_reader(self.pid);
        }
    }

    pub(crate) fn forget_alarm(&mut self) {
        self.system.clear_alarm(self.pid);
    }

    /// Starts a program as a child of this one, in its own job group, in a new one (`None`) or in another child's.
    /// `None` when there are too many processes.
    pub(crate) fn spawn(&mut self, start: Start, group: Option<Pid>) -> Option<Pid> {
        if self.system.of_terminal(self.process.terminal).count() >= MAX_PROCESSES {
            return None;
        }
        self.system.charge(STEPS_PER_FORK);
        let Start { program, stdio, title, start_up, container } = start;
        let process = Process {
            parent: Some(self.pid),
            terminal: self.process.terminal,
            stdio,
            program,
            title,
            group: group.unwrap_or(Pid(self.system.next_pid)),
            folder: self.process.folder.clone(),
            container: container.or(self.process.container),
            signal: None,
            stopped: false,
        };
        Some(self.system.spawn(process, start_up))
    }

    /// `exec`: the process goes on as another program.
    pub(crate) fn replace_program(&mut self, start: Start) -> Progress {
        let Start { program, stdio, title, start_up, container } = start;
        self.process.container = container.or(self.process.container);
        (self.process.program, self.process.stdio, self.process.title) = (program, stdio, title);
        if !start_up.is_zero() {
            self.wake_at(self.now() + start_up);
        }
        Progress::Replaced
    }

    /// How a child has ended; it is told once.
    pub(crate) fn reap(&mut self, child: Pid) -> Option<Ended> {
        self.system.exited.remove(&child).map(|exited| exited.ended)
    }

    pub(crate) fn is_stopped(&self, child: Pid) -> bool {
        self.system.process(child).is_some_and(|process| process.stopped)
    }

    /// The broker in whose container the process runs; that of the first broker where nothing else is said.
    pub(crate) fn broker(&self) -> BrokerId {
        self.process.container.unwrap_or(BrokerId(1))
    }

    /// The job group that the process belongs to.
    pub(crate) fn group(&self) -> Pid {
        self.process.group
    }

    /// Gives the terminal's keys to a job, which this shell waits for; its own group takes them back.
    pub(crate) fn set_foreground(&mut self, group: Pid) {
        if let Some(terminal) = self.system.terminals.get_mut(&self.process.terminal) {
            terminal.set_foreground(group, self.pid);
        }
    }

    /// A shell with a prompt of its own leads a group of its own.
    pub(crate) fn lead_group(&mut self) {
        let foreground =
            self.system.terminals.get(&self.process.terminal).map(|terminal| terminal.foreground().0);
        if foreground == Some(self.process.group) {
            self.process.group = self.pid;
            self.set_foreground(self.pid);
        }
    }

    /// The folder that the process is in.
    pub(crate) fn folder(&self) -> Rc<str> {
        self.process.folder.clone()
    }

    pub(crate) fn set_folder(&mut self, folder: &str) {
        self.process.folder = folder.into();
    }

    /// The number of the terminal that the process was started from.
    pub(crate) fn terminal(&self) -> u32 {
        self.process.terminal
    }

    /// Takes a number for a Kafka client that this process runs.
    pub(crate) fn new_client(&mut self) -> ClientId {
        let client = ClientId(self.system.next_client);
        self.system.next_client += 1;
        self.system
            .clients
            .insert(client, Owner { pid: self.pid, notices: VecDeque::new(), logs_records: false });
        client
    }

    /// Lets the process hear of each record that its client sends.
    pub(crate) fn log_records(&mut self, client: ClientId) {
        if let Some(owner) = self.system.clients.get_mut(&client) {
            owner.logs_records = true;
        }
    }

    /// What has happened to one of the process's clients since it last asked.
    pub(crate) fn next_notice(&mut self, client: ClientId) -> Option<Notice> {
        self.system.clients.get_mut(&client)?.notices.pop_front()
    }

    pub(crate) fn command(&mut self, command: &Command) -> Result<(), CommandError> {
        self.system.command(command)
    }

    /// Remembers how the last command at this terminal's prompt ended.
    pub(crate) fn report_exit_code(&mut self, code: u8) {
        let (pid, number) = (self.pid, self.process.terminal);
        if let Some(terminal) = self.system.terminals.get_mut(&number) {
            terminal.command_ended(pid, code);
        }
    }

    pub(crate) fn clear_terminal(&mut self) {
        if let Some(terminal) = self.system.terminals.get_mut(&self.process.terminal) {
            terminal.clear();
        }
    }

    /// The whole path of a file.
    pub(crate) fn path(&self, name: &str) -> String {
        files::absolute(&self.process.folder, name)
    }

    pub(crate) fn read_file(&self, name: &str) -> Option<Rc<Vec<u8>>> {
        if name == "/dev/null" {
            return Some(Rc::default());
        }
        self.system.files.read(&self.path(name))
    }

    /// The names in a folder, sorted; `None` if it is not there.
    pub(crate) fn list(&self, folder: &str) -> Option<Vec<String>> {
        let path = self.path(folder);
        let mut names = self.system.files.list(&path)?;
        if path == "/opt/kafka/bin" {
            let scripts = Tool::ALL.iter().map(|tool| format!("{}.sh", tool.name()));
            names.extend(scripts.filter(|name| name.starts_with("kafka-")));
            names.sort();
        }
        Some(names)
    }
}
