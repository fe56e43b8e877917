//! Signals: what `kill` sends, and what the keys of a terminal send to the programs in its foreground.
//!
//! Leaves out: handlers that a script sets with `trap`, and all signals but these.

use kafka_core::command::Command;
use kafka_core::protocol::ClientId;

use super::{Ended, Pid, System};
use crate::terminal::Terminal;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Signal {
    Hangup,
    Interrupt,
    Quit,
    Kill,
    Terminate,
    Continue,
    Stop,
    /// Control-Z.
    TerminalStop,
}

impl Signal {
    pub(crate) const ALL: [Self; 8] = [
        Self::Hangup,
        Self::Interrupt,
        Self::Quit,
        Self::Kill,
        Self::Terminate,
        Self::Continue,
        Self::Stop,
        Self::TerminalStop,
    ];

    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Quit => 3,
            Self::Kill => 9,
            Self::Terminate => 15,
            Self::Continue => 18,
            Self::Stop => 19,
            Self::TerminalStop => 20,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hangup => "HUP",
            Self::Interrupt => "INT",
            Self::Quit => "QUIT",
            Self::Kill => "KILL",
            Self::Terminate => "TERM",
            Self::Continue => "CONT",
            Self::Stop => "STOP",
            Self::TerminalStop => "TSTP",
        }
    }

    /// `9`, `KILL` or `SIGKILL`.
    pub(crate) fn find(text: &str) -> Option<Self> {
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("SIG").unwrap_or(&upper);
        Self::ALL.into_iter().find(|signal| signal.name() == name || text.parse() == Ok(signal.number()))
    }

    /// 128 and its number.
    pub(crate) const fn exit_code(self) -> u8 {
        128 + self.number()
    }
}

impl System {
    pub(crate) fn signal(&mut self, pid: Pid, signal: Signal) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        match signal {
            Signal::Kill => self.kill(pid),
            Signal::Stop | Signal::TerminalStop => self.stop(pid),
            Signal::Continue => self.resume(pid),
            Signal::Interrupt => self.deliver(pid, signal),
            Signal::Hangup | Signal::Quit | Signal::Terminate => {
                if process.program.is_interactive_shell() && signal != Signal::Hangup {
                    return;
                }
                if process.program.is_client() {
                    self.deliver(pid, signal);
                } else if let Some(process) = self.processes.remove(&pid) {
                    self.bury(pid, &process, Ended { status: signal.exit_code(), by_signal: true });
                }
            }
        }
    }

    /// Every process of a job.
    pub(crate) fn group(&self, group: Pid) -> Vec<Pid> {
        let members = self.processes.iter().filter(|(_, process)| process.group == group);
        members.map(|(pid, _)| *pid).collect()
    }

    /// Control-C: reaches the foreground, and the shell that waits for it.
    pub(crate) fn interrupt_foreground(&mut self, number: u32) {
        let Some((group, shell)) = self.terminals.get(&number).map(Terminal::foreground) else { return };
        let mut reached = self.group(group);
        if !reached.contains(&shell) {
            reached.insert(0, shell);
        }
        reached.into_iter().for_each(|pid| self.signal(pid, Signal::Interrupt));
    }

    /// Control-Z: stops the foreground, unless that is the shell itself. Answers with whether anything was stopped.
    pub(crate) fn stop_foreground(&mut self, number: u32) -> bool {
        let Some((group, shell)) = self.terminals.get(&number).map(Terminal::foreground) else {
            return false;
        };
        let members = self.group(group);
        if members.is_empty() || members.contains(&shell) {
            return false;
        }
        members.into_iter().for_each(|pid| self.signal(pid, Signal::TerminalStop));
        true
    }

    /// Leaves it to the program what it does about a signal.
    fn deliver(&mut self, pid: Pid, signal: Signal) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.signal = Some(signal);
            self.ready.push_back(pid);
        }
    }

    /// Ends a process on the spot.
    pub(crate) fn kill(&mut self, pid: Pid) {
        if let Some(process) = self.processes.remove(&pid) {
            self.bury(pid, &process, Ended { status: Signal::Kill.exit_code(), by_signal: true });
        }
    }

    fn stop(&mut self, pid: Pid) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if std::mem::replace(&mut process.stopped, true) {
            return;
        }
        let (terminal, parent) = (process.terminal, process.parent);
        if let Some(terminal) = self.terminals.get_mut(&terminal) {
            terminal.forget_reader(pid);
        }
        self.ready.extend(parent);
        self.tell_clients(pid, |client| Command::Suspend { client });
    }

    fn resume(&mut self, pid: Pid) {
        let Some(process) = self.processes.get_mut(&pid) else { return };
        if std::mem::take(&mut process.stopped) {
            self.ready.push_back(pid);
            self.ready.extend(process.parent);
            self.tell_clients(pid, |client| Command::Continue { client });
        }
    }

    /// The clients of a process stand still with it.
    pub(super) fn tell_clients(&mut self, pid: Pid, command: impl Fn(ClientId) -> Command) {
        for client in self.clients_of(pid) {
            let told = self.command(&command(client));
            assert!(told.is_ok(), "a process can always be stopped and continued");
        }
    }
}
