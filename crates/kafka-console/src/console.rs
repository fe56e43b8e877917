//! The console: terminals, the programs in them, and the cluster that they talk to, in one clock.
//!
//! Everything a learner can do is an [`Input`]: a line typed into a numbered terminal, or a key. Equal consoles that
//! are given equal inputs at equal times stay equal, on every target.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::rc::Rc;

use kafka_core::event::Event;
use kafka_core::history::Machine;
use kafka_core::protocol::ClientId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;

use crate::shell::Interpreter;
use crate::system::{Pid, System};
use crate::terminal::Terminal;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Input {
    /// A number that has not been used opens a terminal.
    pub terminal: u32,
    pub action: Action,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Action {
    /// A line for whoever reads: the shell at its prompt, or the program that is running. A text of more lines is
    /// typed line by line.
    Command(String),
    /// Control-C.
    Interrupt,
    /// Control-Z: what runs in the foreground stops until `fg` or `bg`.
    Suspend,
    /// Control-D.
    EndOfInput,
    /// The terminal is closed and its programs are killed: nobody says goodbye to the cluster.
    Close,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Console {
    system: System,
}

impl Console {
    pub fn new(scenario: &Scenario) -> Self {
        Self { system: System::new(Simulation::new(scenario)) }
    }

    pub fn now(&self) -> SimTime {
        self.system.now()
    }

    /// When the next thing happens; `None` when nothing will without an input.
    pub fn next_at(&self) -> Option<SimTime> {
        self.system.next_at()
    }

    /// Takes an input now, and lets programs go on as far as they can without time passing.
    pub fn apply(&mut self, input: &Input) -> Vec<Event> {
        let number = input.terminal;
        if input.action == Action::Close {
            self.close(number);
            return self.system.take_events();
        }
        if !self.system.terminals.contains_key(&number) {
            self.system.start_shell(number);
            self.system.run();
        }
        match &input.action {
            Action::Command(text) => {
                for line in typed_lines(text) {
                    self.settle();
                    self.type_line(number, &line);
                    self.system.run();
                }
            }
            Action::Interrupt => {
                self.press(number, "^C");
                self.system.interrupt_foreground(number);
            }
            Action::Suspend => {
                if self.system.stop_foreground(number) {
                    self.press(number, "^Z");
                }
            }
            Action::EndOfInput => {
                let reader = self.system.terminals.get_mut(&number).and_then(Terminal::end_input);
                reader.into_iter().for_each(|pid| self.system.wake(pid));
            }
            Action::Close => unreachable!("closing was dealt with"),
        }
        self.system.run();
        self.system.take_events()
    }

    /// Lets exactly one thing happen, in the cluster or in a program.
    pub fn step(&mut self) -> Option<Vec<Event>> {
        self.system.step().then(|| self.system.take_events())
    }

    /// Lets everything happen up to and including `until`; the clock then stands there.
    pub fn advance_to(&mut self, until: SimTime) -> Vec<Event> {
        let mut events = Vec::new();
        while self.next_at().is_some_and(|at| at <= until) {
            events.extend(self.step().into_iter().flatten());
        }
        events.extend(self.system.simulation.advance_to(until));
        events
    }

    pub fn simulation(&self) -> &Simulation {
        &self.system.simulation
    }

    /// Every open terminal, by number.
    pub fn terminals(&self) -> impl Iterator<Item = (u32, &Terminal)> {
        self.system.terminals.iter().map(|(number, terminal)| (*number, terminal))
    }

    pub fn terminal(&self, number: u32) -> Option<&Terminal> {
        self.system.terminals.get(&number)
    }

    /// Whether a command can be typed into a terminal. One that is not open yet stands at its prompt.
    pub fn is_at_prompt(&self, number: u32) -> bool {
        self.terminal(number).is_none_or(Terminal::is_at_prompt)
    }

    /// The programs that run in a terminal, oldest first; `bash` when only a shell is busy.
    pub fn running(&self, number: u32) -> Vec<&'static str> {
        let Some(terminal) = self.terminal(number) else { return Vec::new() };
        let processes = self.system.of_terminal(number);
        let names: Vec<_> = processes.filter_map(|(_, process)| process.program.name()).collect();
        if names.is_empty() && !terminal.is_at_prompt() { vec!["bash"] } else { names }
    }

    /// The program that was started last in each terminal, of those that [`running`](Self::running) tells.
    pub fn newest_programs(&self) -> BTreeMap<u32, &'static str> {
        let terminals = || self.terminals().map(|(number, terminal)| (terminal.shell(), number));
        let mut terminal_of: BTreeMap<Pid, u32> = terminals().collect();
        let mut newest = BTreeMap::new();
        // A child's number is higher than its parent's.
        for (pid, process) in self.system.processes() {
            if let Some(number) = process.parent.and_then(|parent| terminal_of.get(&parent)).copied() {
                terminal_of.insert(pid, number);
            }
            if let Some((number, name)) = terminal_of.get(&pid).zip(process.program.name()) {
                newest.insert(*number, name);
            }
        }
        for (number, terminal) in self.terminals() {
            if !terminal.is_at_prompt() {
                newest.entry(number).or_insert("bash");
            }
        }
        newest
    }

    /// The commands that were typed into the shell that a terminal began with, or that reads there now; oldest first.
    pub fn history(&self, number: u32) -> &[Rc<str>] {
        self.shell(number).map_or(&[], Interpreter::history)
    }

    /// The shell that reads in a terminal, else the one that it began with.
    pub(crate) fn shell(&self, number: u32) -> Option<&Interpreter> {
        let terminal = self.terminal(number)?;
        let shells = terminal.reader().into_iter().chain([terminal.shell()]);
        shells.filter_map(|pid| self.system.process(pid)).find_map(|process| process.program.as_shell())
    }

    /// The terminal in which a client's program runs.
    pub fn terminal_of(&self, client: ClientId) -> Option<u32> {
        let pid = self.system.owner_of(client)?;
        Some(self.system.process(pid)?.terminal)
    }

    /// The files that commands have written, in order of name: those at home by their names there, others by their whole
    /// paths.
    pub fn files(&self) -> impl Iterator<Item = (Rc<str>, &Rc<Vec<u8>>)> {
        self.system.files.iter()
    }

    /// Lets everything happen that is due now.
    fn settle(&mut self) {
        while self.next_at().is_some_and(|at| at <= self.now()) && self.system.step() {}
    }

    fn type_line(&mut self, number: u32, line: &str) {
        let now = self.now();
        let reader =
            self.system.terminals.get_mut(&number).and_then(|terminal| terminal.type_line(now, line));
        reader.into_iter().for_each(|pid| self.system.wake(pid));
    }

    fn press(&mut self, number: u32, key: &str) {
        let now = self.now();
        if let Some(terminal) = self.system.terminals.get_mut(&number) {
            terminal.press(now, key);
        }
    }

    fn close(&mut self, number: u32) {
        if self.system.terminals.remove(&number).is_none() {
            return;
        }
        let processes: Vec<Pid> = self.system.of_terminal(number).map(|(pid, _)| pid).collect();
        for pid in processes {
            self.system.kill(pid);
        }
        self.system.run();
    }
}

/// The lines of a text as a terminal takes it in: Enter sends a carriage return, which counts as a line end.
pub(crate) fn typed_lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").split(['\n', '\r']).map(str::to_owned).collect()
}

impl Machine for Console {
    type Input = Input;
    type Event = Event;
    type Error = Infallible;

    fn start(scenario: &Scenario) -> Self {
        Self::new(scenario)
    }

    fn now(&self) -> SimTime {
        self.now()
    }

    fn next_at(&self) -> Option<SimTime> {
        self.next_at()
    }

    fn apply(&mut self, input: &Input) -> Result<Vec<Event>, Infallible> {
        Ok(self.apply(input))
    }

    fn step(&mut self) -> Option<Vec<Event>> {
        self.step()
    }

    fn advance_to(&mut self, until: SimTime) -> Vec<Event> {
        self.advance_to(until)
    }
}
