//! What a program can do while it takes a step.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::command::{Command, CommandError};
use kafka_core::protocol::ClientId;
use kafka_core::time::SimTime;

use super::files::MAX_MEBIBYTES;
use super::{Input, Notice, Output, Owner, Pid, PipeId, Process, Signal, Stdio, System};
use crate::program::Program;
use crate::terminal::{Prompt, Source};
use crate::wall_clock::WallClock;

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Progress {
    Continue,
    /// Nothing to do until something happens that wakes the process.
    Blocked,
    Exit(u8),
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

    pub(crate) fn now(&self) -> SimTime {
        self.system.now()
    }

    pub(crate) fn wall_clock(&self) -> WallClock {
        WallClock::at(self.system.simulation.scenario(), self.now())
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
            Output::File(name) => {
                if self.system.files.append(name, bytes).is_err() && *output != self.process.stdio.error {
                    self.print_error(&format!(
                        "{name}: write error: No space left on device: all files together hold at most \
                         {MAX_MEBIBYTES} MiB here"
                    ));
                    return Err(BrokenPipe);
                }
            }
            Output::Null => {}
        }
        Ok(())
    }

    /// The next line of standard input; the process is woken when there is one. On a terminal the prompt is shown.
    pub(crate) fn read_line(&mut self, prompt: Prompt) -> Read {
        let input = self.process.stdio.input.clone();
        match input {
            Input::Terminal => match self.system.terminals.get_mut(&self.process.terminal) {
                Some(terminal) => terminal.read(self.pid, prompt),
                None => Read::End,
            },
            Input::Pipe(id) => self.read_pipe(id),
            Input::Null => Read::End,
        }
    }

    fn read_pipe(&mut self, id: PipeId) -> Read {
        let Some(pipe) = self.system.pipes.get_mut(&id) else { return Read::End };
        let Some(line) = pipe.take_line() else {
            if pipe.no_writers {
                return Read::End;
            }
            pipe.waiting_reader = Some(self.pid);
            return Read::Wait;
        };
        self.system.wake_writers(id);
        Read::Line(line)
    }

    /// Wakes the process again at a time; there is one such alarm.
    pub(crate) fn wake_at(&mut self, at: SimTime) {
        self.system.set_alarm(self.pid, at);
    }

    pub(crate) fn forget_alarm(&mut self) {
        self.system.clear_alarm(self.pid);
    }

    /// Starts a program as a child of this one.
    pub(crate) fn spawn(&mut self, program: Program, stdio: Stdio, start_up: Duration) -> Pid {
        let terminal = self.process.terminal;
        let process = Process { parent: Some(self.pid), terminal, stdio, program, signal: None };
        self.system.spawn(process, start_up)
    }

    /// The exit code of a child that has ended; it is told once.
    pub(crate) fn reap(&mut self, child: Pid) -> Option<u8> {
        self.system.exited.remove(&child)
    }

    /// Takes a number for a Kafka client that this process runs.
    pub(crate) fn new_client(&mut self) -> ClientId {
        let client = ClientId(self.system.next_client);
        self.system.next_client += 1;
        self.system.clients.insert(client, Owner { pid: self.pid, notices: VecDeque::new() });
        client
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

    pub(crate) fn read_file(&self, name: &str) -> Option<Rc<Vec<u8>>> {
        self.system.files.read(name)
    }
}
