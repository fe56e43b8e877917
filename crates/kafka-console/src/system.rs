//! What an operating system gives programs: processes, pipes, files, timers, signals, and the cluster to talk to.
//!
//! Plain data, driven from outside: a process runs only when something that it waits for has happened, one small
//! step at a time. Within one occurrence at most [`STEPS_PER_OCCURRENCE`] steps are taken; what is left goes on
//! [`YIELD`] later, so that a loop that never ends moves the clock instead of hanging. What never waits for anything
//! uses its terminal's [`Allowance`] up and then goes on slowly.
//!
//! Leaves out: users, permissions, memory, processor time, sessions that outlive their terminal.

mod allowance;
mod container;
mod context;
mod files;
mod notice;
mod pipe;
mod process;
mod signal;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use kafka_core::command::{Command, CommandError};
use kafka_core::event::Event;
use kafka_core::protocol::{BrokerId, ClientId};
use kafka_core::rng::Rng;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;

use allowance::Allowance;
use container::Container;
pub(crate) use context::{BrokenPipe, Context, Progress, Read, Start};
pub(crate) use files::{FileError, Files};
pub(crate) use notice::{ConsumerNotice, Notice, Retry};
pub(crate) use pipe::{Pipe, PipeId};
pub(crate) use process::{Ended, Input, Output, Pid, Process, Stdio};
pub(crate) use signal::Signal;

use crate::program::Program;
use crate::shell::HOME;
use crate::terminal::Terminal;

const STEPS_PER_OCCURRENCE: u32 = 2000;
const YIELD: Duration = Duration::from_millis(5);

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct System {
    pub(crate) simulation: Simulation,
    pub(crate) terminals: BTreeMap<u32, Terminal>,
    pub(crate) files: Files,
    /// For `$RANDOM` and `uuidgen`; the cluster draws its own numbers.
    pub(crate) random: Rng,
    processes: BTreeMap<Pid, Process>,
    pipes: BTreeMap<PipeId, Pipe>,
    /// Exit codes that a parent has not asked for yet.
    exited: BTreeMap<Pid, Exited>,
    ready: VecDeque<Pid>,
    alarms: BTreeMap<(SimTime, u64), Pid>,
    alarm_of: BTreeMap<Pid, (SimTime, u64)>,
    clients: BTreeMap<ClientId, Owner>,
    /// Of the brokers that have been stopped or started.
    containers: BTreeMap<BrokerId, Container>,
    /// What has happened since the last [`take_events`](Self::take_events).
    events: Vec<Event>,
    steps_left: u32,
    /// What the step that is being taken costs.
    cost: u32,
    /// By the number of the terminal.
    allowances: BTreeMap<u32, Allowance>,
    /// The process that takes a step just now; it is not among the others meanwhile.
    stepping: Option<Pid>,
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
    /// It wants to hear of every record.
    logs_records: bool,
}

/// A child that nobody has asked for yet.
#[derive(Clone, PartialEq, Debug)]
struct Exited {
    parent: Pid,
    ended: Ended,
}

impl System {
    pub(crate) fn new(simulation: Simulation) -> Self {
        let random = Rng::new(!simulation.scenario().seed);
        Self {
            random,
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
            containers: BTreeMap::new(),
            events: Vec::new(),
            steps_left: 0,
            cost: 0,
            allowances: BTreeMap::new(),
            stepping: None,
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

    /// Every process that was started from a terminal, oldest first.
    pub(crate) fn of_terminal(&self, number: u32) -> impl DoubleEndedIterator<Item = (Pid, &Process)> {
        self.processes
            .iter()
            .filter(move |(_, process)| process.terminal == number)
            .map(|(pid, it)| (*pid, it))
    }

    /// Every process, oldest first; the one that takes a step is not among them.
    pub(crate) fn processes(&self) -> impl Iterator<Item = (Pid, &Process)> {
        self.processes.iter().map(|(pid, process)| (*pid, process))
    }

    /// Makes the step that is being taken count as more than one.
    fn charge(&mut self, steps: u32) {
        self.cost = self.cost.saturating_add(steps);
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
        self.stepping = Some(pid);
        let mut program = std::mem::replace(&mut process.program, Program::Gone);
        let mut replaced = false;
        let mut allowance =
            self.allowances.get(&process.terminal).copied().unwrap_or_default().at(self.now());
        // A signal is heard at once.
        let mut is_urgent = process.signal.is_some();
        let code = loop {
            let wait = allowance.wait().filter(|_| !program.is_client());
            if (self.steps_left == 0 || wait.is_some()) && !is_urgent {
                self.set_alarm(pid, self.now() + wait.unwrap_or(YIELD));
                break None;
            }
            is_urgent = false;
            self.cost = 1;
            let mut context = Context { system: self, pid, process: &mut process };
            let progress = program.step(&mut context);
            self.pay(&program, &mut allowance);
            match progress {
                Progress::Continue if self.waits_for_reader(pid, &process.stdio) => break None,
                Progress::Continue => {}
                Progress::Blocked => break None,
                Progress::Exit(code) => break Some(code),
                Progress::Replaced => {
                    program = std::mem::replace(&mut process.program, Program::Gone);
                    replaced = true;
                    if self.alarm_of.contains_key(&pid) {
                        break None;
                    }
                }
            }
        };
        self.allowances.insert(process.terminal, allowance);
        self.stepping = None;
        process.program = program;
        match code {
            Some(code) => {
                let by_signal = code > 128 && !process.program.is_client();
                self.bury(pid, &process, Ended { status: code, by_signal });
            }
            None => {
                self.processes.insert(pid, process);
                if replaced {
                    self.release_pipes();
                }
            }
        }
    }

    /// For the step that has been taken.
    fn pay(&mut self, program: &Program, allowance: &mut Allowance) {
        let cost = std::mem::take(&mut self.cost);
        self.steps_left = self.steps_left.saturating_sub(cost);
        if !program.is_client() {
            allowance.spend(cost);
        }
    }

    /// Cleans up after a process that is gone.
    fn bury(&mut self, pid: Pid, process: &Process, ended: Ended) {
        self.exited.retain(|_, exited| exited.parent != pid);
        self.clear_alarm(pid);
        self.files.forget_watcher(pid);
        self.release_pipes();
        for client in self.clients_of(pid) {
            self.clients.remove(&client);
            if self.simulation.client(client).is_some() {
                let killed = self.command(&Command::Kill { client });
                assert!(killed.is_ok(), "a process can always be killed");
            }
        }
        let is_there = |parent: &Pid| self.processes.contains_key(parent) || self.stepping == Some(*parent);
        if let Some(parent) = process.parent.filter(is_there) {
            self.exited.insert(pid, Exited { parent, ended });
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
        let pid = Pid(self.next_pid);
        let stdio = Stdio { input: Input::Terminal, output: Output::Terminal, error: Output::TerminalError };
        let shell = Process {
            parent: None,
            terminal: number,
            stdio,
            program: Program::login_shell(),
            title: "bash".into(),
            group: pid,
            folder: HOME.into(),
            signal: None,
            stopped: false,
            container: None,
        };
        self.spawn(shell, Duration::ZERO);
        self.terminals.entry(number).or_insert_with(|| Terminal::new(pid)).set_shell(pid);
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
            self.note_container(event);
            let Some((client, notice)) = Notice::from_event(event) else { continue };
            let Some(owner) = self.clients.get_mut(&client) else { continue };
            if owner.logs_records || !notice.is_about_one_record() {
                owner.notices.push_back(notice);
                self.ready.push_back(owner.pid);
            }
        }
        self.events.extend(events);
    }
}
