//! What an operating system gives programs: processes, pipes, files, timers, signals, and the cluster to talk to.
//!
//! Plain data, driven from outside: a process runs only when something that it waits for has happened, one small
//! step at a time. Within one occurrence at most [`STEPS_PER_OCCURRENCE`] steps are taken; what is left goes on
//! [`YIELD`] later, so that a loop that never ends moves the clock instead of hanging.
//!
//! Leaves out: users, permissions, folders, memory, processor time, signals other than those that end a process or
//! make it stand still; a shell does not hear of a child that stands still.

mod context;
mod files;
mod notice;
mod pipe;
mod process;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use kafka_core::command::{Command, CommandError};
use kafka_core::event::Event;
use kafka_core::protocol::ClientId;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;

pub(crate) use context::{BrokenPipe, Context, Progress, Read};
pub(crate) use files::Files;
pub(crate) use notice::{ConsumerNotice, Notice};
pub(crate) use pipe::{Pipe, PipeId};
pub(crate) use process::{Input, Output, Pid, Process, Signal, Stdio};

use crate::program::Program;
use crate::terminal::Terminal;

const STEPS_PER_OCCURRENCE: u32 = 2000;
const YIELD: Duration = Duration::from_millis(5);

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct System {
    pub(crate) simulation: Simulation,
    pub(crate) terminals: BTreeMap<u32, Terminal>,
    pub(crate) files: Files,
    processes: BTreeMap<Pid, Process>,
    pipes: BTreeMap<PipeId, Pipe>,
    /// Exit codes that a parent has not asked for yet.
    exited: BTreeMap<Pid, u8>,
    ready: VecDeque<Pid>,
    alarms: BTreeMap<(SimTime, u64), Pid>,
    alarm_of: BTreeMap<Pid, (SimTime, u64)>,
    clients: BTreeMap<ClientId, Owner>,
    /// What has happened since the last [`take_events`](Self::take_events).
    events: Vec<Event>,
    steps_left: u32,
    next_pid: u32,
    next_pipe: u32,
    next_client: u32,
    alarms_set: u64,
}

/// The process that runs a Kafka client, and what it has not heard yet.
#[derive(Clone, PartialEq, Debug)]
struct Owner {
    pid: Pid,
    notices: VecDeque<Notice>,
}

impl System {
    pub(crate) fn new(simulation: Simulation) -> Self {
        Self {
            simulation,
            terminals: BTreeMap::new(),
            files: Files::default(),
            processes: BTreeMap::new(),
            pipes: BTreeMap::new(),
            exited: BTreeMap::new(),
            ready: VecDeque::new(),
            alarms: BTreeMap::new(),
            alarm_of: BTreeMap::new(),
            clients: BTreeMap::new(),
            events: Vec::new(),
            steps_left: 0,
            next_pid: 1,
            next_pipe: 1,
            next_client: 1,
            alarms_set: 0,
        }
    }

    pub(crate) fn now(&self) -> SimTime {
        self.simulation.now()
    }

    pub(crate) fn next_at(&self) -> Option<SimTime> {
        self.next_alarm().into_iter().chain(self.simulation.next_at()).min()
    }

    /// Lets one thing happen, in the cluster or in a program. At the same time the cluster comes first.
    pub(crate) fn step(&mut self) -> bool {
        match (self.next_alarm(), self.simulation.next_at()) {
            (Some(alarm), cluster) if cluster.is_none_or(|cluster| alarm < cluster) => {
                // Nothing of the cluster is due, so this only sets its clock.
                let events = self.simulation.advance_to(alarm);
                self.note(events);
                if let Some((key, pid)) = self.alarms.pop_first() {
                    debug_assert_eq!(self.alarm_of.get(&pid), Some(&key));
                    self.alarm_of.remove(&pid);
                    self.ready.push_back(pid);
                }
            }
            _ => match self.simulation.step() {
                Some(events) => self.note(events),
                None => return false,
            },
        }
        self.run();
        true
    }

    /// Runs every process that can go on, until none can.
    pub(crate) fn run(&mut self) {
        self.steps_left = STEPS_PER_OCCURRENCE;
        while let Some(pid) = self.ready.pop_front() {
            self.run_process(pid);
        }
    }

    pub(crate) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    pub(crate) fn spawn(&mut self, process: Process, start_up: Duration) -> Pid {
        let pid = Pid(self.next_pid);
        self.next_pid += 1;
        self.processes.insert(pid, process);
        if start_up.is_zero() {
            self.ready.push_back(pid);
        } else {
            self.set_alarm(pid, self.now() + start_up);
        }
        pid
    }

    pub(crate) fn process(&self, pid: Pid) -> Option<&Process> {
        self.processes.get(&pid)
    }

    /// A process and everything it started, in the order in which they were started.
    pub(crate) fn family(&self, root: Pid) -> Vec<Pid> {
        let mut family = vec![root];
        // A child's number is higher than its parent's.
        for (pid, process) in &self.processes {
            if process.parent.is_some_and(|parent| family.contains(&parent)) {
                family.push(*pid);
            }
        }
        family
    }

    pub(crate) fn signal(&mut self, pid: Pid, signal: Signal) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.signal = Some(signal);
            self.ready.push_back(pid);
        }
    }

    /// Lets a process and its clients stand still.
    pub(crate) fn stop(&mut self, pid: Pid) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.stopped = true;
            self.tell_clients(pid, |client| Command::Suspend { client });
        }
    }

    /// Lets a process that stands still go on; what it waited for may have happened.
    pub(crate) fn go_on(&mut self, pid: Pid) {
        if let Some(process) = self.processes.get_mut(&pid) {
            process.stopped = false;
            self.ready.push_back(pid);
            self.tell_clients(pid, |client| Command::Continue { client });
        }
    }

    fn tell_clients(&mut self, pid: Pid, command: impl Fn(ClientId) -> Command) {
        for client in self.clients_of(pid) {
            let told = self.command(&command(client));
            assert!(told.is_ok(), "a process can always be stopped and continued");
        }
    }

    /// Every process with its number, in order.
    pub(crate) fn processes(&self) -> impl Iterator<Item = (Pid, &Process)> {
        self.processes.iter().map(|(pid, process)| (*pid, process))
    }

    /// Ends a process on the spot.
    pub(crate) fn kill(&mut self, pid: Pid) {
        if let Some(process) = self.processes.remove(&pid) {
            self.bury(pid, &process, 137);
        }
    }

    /// Lets the cluster do something for a program.
    pub(crate) fn command(&mut self, command: &Command) -> Result<(), CommandError> {
        let events = self.simulation.apply(command)?;
        self.note(events);
        Ok(())
    }

    pub(crate) fn wake(&mut self, pid: Pid) {
        self.ready.push_back(pid);
    }

    fn next_alarm(&self) -> Option<SimTime> {
        self.alarms.first_key_value().map(|((at, _), _)| *at)
    }

    /// A process has one alarm; a new one replaces it.
    fn set_alarm(&mut self, pid: Pid, at: SimTime) {
        self.clear_alarm(pid);
        let key = (at, self.alarms_set);
        self.alarms_set += 1;
        self.alarms.insert(key, pid);
        self.alarm_of.insert(pid, key);
    }

    fn clear_alarm(&mut self, pid: Pid) {
        if let Some(key) = self.alarm_of.remove(&pid) {
            self.alarms.remove(&key);
        }
    }

    fn run_process(&mut self, pid: Pid) {
        if self.processes.get(&pid).is_none_or(|process| process.stopped) {
            return;
        }
        let Some(mut process) = self.processes.remove(&pid) else { return };
        let mut program = std::mem::replace(&mut process.program, Program::Gone);
        let code = loop {
            if self.steps_left == 0 {
                self.set_alarm(pid, self.now() + YIELD);
                break None;
            }
            self.steps_left -= 1;
            let mut context = Context { system: self, pid, process: &mut process };
            match program.step(&mut context) {
                Progress::Continue if self.waits_for_reader(pid, &process.stdio) => break None,
                Progress::Continue => {}
                Progress::Blocked => break None,
                Progress::Exit(code) => break Some(code),
            }
        };
        process.program = program;
        match code {
            Some(code) => self.bury(pid, &process, code),
            None => {
                self.processes.insert(pid, process);
            }
        }
    }

    /// Cleans up after a process that is gone.
    fn bury(&mut self, pid: Pid, process: &Process, code: u8) {
        self.clear_alarm(pid);
        self.release_pipes();
        for client in self.clients_of(pid) {
            self.clients.remove(&client);
            if self.simulation.client(client).is_some() {
                let killed = self.command(&Command::Kill { client });
                assert!(killed.is_ok(), "a process can always be killed");
            }
        }
        if let Some(parent) = process.parent.filter(|parent| self.processes.contains_key(parent)) {
            self.exited.insert(pid, code);
            self.ready.push_back(parent);
        }
        if let Some(terminal) = self.terminals.get_mut(&process.terminal) {
            terminal.forget_reader(pid);
            if terminal.shell() == pid {
                self.start_shell(process.terminal);
            }
        }
    }

    /// The shell that a terminal starts with, and again whenever it ends.
    pub(crate) fn start_shell(&mut self, number: u32) {
        let process = Process::in_terminal(number, Program::interactive_shell());
        let shell = self.spawn(process, Duration::ZERO);
        self.terminals.entry(number).or_insert_with(|| Terminal::new(shell)).set_shell(shell);
    }

    /// The process whose client this is.
    pub(crate) fn owner_of(&self, client: ClientId) -> Option<Pid> {
        self.clients.get(&client).map(|owner| owner.pid)
    }

    fn clients_of(&self, pid: Pid) -> Vec<ClientId> {
        self.clients.iter().filter(|(_, owner)| owner.pid == pid).map(|(client, _)| *client).collect()
    }

    /// Keeps what happened, and tells the programs whose clients it happened to.
    fn note(&mut self, events: Vec<Event>) {
        for event in &events {
            let Some((client, notice)) = Notice::from_event(event) else { continue };
            if let Some(owner) = self.clients.get_mut(&client) {
                owner.notices.push_back(notice);
                self.ready.push_back(owner.pid);
            }
        }
        self.events.extend(events);
    }
}
