//! The table of jobs: what a shell has started with `&`, and what Ctrl+Z has stopped.

use std::rc::Rc;

use crate::system::{Context, Ended, Pid, Signal};

/// How many jobs that have ended a shell remembers until somebody asks.
const MAX_ENDED: usize = 200;

#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Jobs {
    /// In the order in which they became the current one: the last is `%+`.
    list: Vec<Job>,
    warned: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Job {
    number: u32,
    /// Every process of it, and those that have not ended yet.
    processes: Vec<Pid>,
    alive: Vec<Pid>,
    /// The one whose status is the job's.
    last: Pid,
    text: Rc<str>,
    state: State,
    /// The shell has not told the state yet.
    is_news: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Running,
    Stopped,
    Ended(Ended),
}

impl Job {
    pub(super) fn new(processes: Vec<Pid>, last: Pid, text: Rc<str>, state: State) -> Self {
        Self { number: 0, alive: processes.clone(), processes, last, text, state, is_news: false }
    }

    fn word(&self) -> String {
        match self.state {
            State::Running => "Running".to_owned(),
            State::Stopped => "Stopped".to_owned(),
            State::Ended(Ended { status: 0, .. }) => "Done".to_owned(),
            State::Ended(Ended { status, by_signal: true }) => {
                let signal = Signal::ALL.into_iter().find(|signal| signal.exit_code() == status);
                signal.map_or_else(|| format!("Signal {}", status - 128), |signal| signal.death().to_owned())
            }
            State::Ended(Ended { status, by_signal: false }) => format!("Exit {status}"),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn last(&self) -> Pid {
        self.last
    }

    pub(super) fn alive(&self) -> &[Pid] {
        &self.alive
    }

    pub(super) fn processes(&self) -> &[Pid] {
        &self.processes
    }

    pub(super) fn state(&self) -> State {
        self.state
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }
}

impl Signal {
    /// What bash calls the end by it.
    pub(super) const fn death(self) -> &'static str {
        match self {
            Self::Hangup => "Hangup",
            Self::Interrupt => "Interrupt",
            Self::Quit => "Quit",
            Self::Kill => "Killed",
            Self::Terminate => "Terminated",
            Self::Continue => "Continued",
            Self::Stop => "Stopped (signal)",
            Self::TerminalStop => "Stopped",
        }
    }
}

impl Jobs {
    /// Takes a job in and answers with its number.
    pub(super) fn add(&mut self, mut job: Job, context: &mut Context<'_>) -> u32 {
        self.update(context);
        let ended = self.list.iter().filter(|job| matches!(job.state, State::Ended(_))).count();
        if ended > MAX_ENDED
            && let Some(oldest) = self.list.iter().position(|job| matches!(job.state, State::Ended(_)))
        {
            self.list.remove(oldest);
        }
        job.number = self.list.iter().map(|job| job.number).max().unwrap_or(0) + 1;
        let number = job.number;
        self.list.push(job);
        self.warned = false;
        number
    }

    /// Notes what has happened to the processes.
    pub(super) fn update(&mut self, context: &mut Context<'_>) {
        let mut stopped = Vec::new();
        for job in &mut self.list {
            let before = job.state;
            let mut ended = None;
            job.alive.retain(|pid| match context.reap(*pid) {
                Some(end) if *pid == job.last => {
                    ended = Some(end);
                    false
                }
                Some(_) => false,
                None => true,
            });
            job.state = match (ended, job.state) {
                (Some(ended), _) | (None, State::Ended(ended)) => State::Ended(ended),
                (None, State::Running | State::Stopped) => {
                    let is_stopped = job.alive.iter().any(|pid| context.is_stopped(*pid));
                    if is_stopped { State::Stopped } else { State::Running }
                }
            };
            if job.state != before {
                job.is_news = job.state != State::Running;
                if job.state == State::Stopped {
                    stopped.push(job.number);
                }
            }
        }
        stopped.into_iter().for_each(|number| self.make_current(number));
    }

    pub(super) fn make_current(&mut self, number: u32) {
        if let Some(place) = self.list.iter().position(|job| job.number == number) {
            let job = self.list.remove(place);
            self.list.push(job);
        }
    }

    /// What a prompt tells: jobs that have ended, which are forgotten with it, and jobs that have stopped.
    pub(super) fn take_news(&mut self) -> Vec<String> {
        let mut numbers: Vec<u32> =
            self.list.iter().filter(|job| job.is_news).map(|job| job.number).collect();
        numbers.sort_unstable();
        let lines = numbers.iter().map(|number| self.line(*number)).collect();
        self.list.iter_mut().for_each(|job| job.is_news = false);
        self.list.retain(|job| !numbers.contains(&job.number) || !matches!(job.state, State::Ended(_)));
        lines
    }

    /// As `jobs` prints it.
    pub(super) fn line(&self, number: u32) -> String {
        self.line_with(number, "")
    }

    pub(super) fn line_with(&self, number: u32, pid: &str) -> String {
        let Some(job) = self.list.iter().find(|job| job.number == number) else { return String::new() };
        let sign = if job.state == State::Running { " &" } else { "" };
        let blanks = if pid.is_empty() { "  " } else { " " };
        format!("[{number}]{}{blanks}{pid}{:<24}{}{sign}", self.mark(number), job.word(), job.text)
    }

    /// `+` for the current job, `-` for the one before.
    pub(super) fn mark(&self, number: u32) -> char {
        match self.by_age().position(|job| job.number == number) {
            Some(0) => '+',
            Some(1) => '-',
            Some(_) | None => ' ',
        }
    }

    /// The current job first: a stopped one before those that run.
    fn by_age(&self) -> impl Iterator<Item = &Job> {
        let stopped = self.list.iter().rev().filter(|job| job.state == State::Stopped);
        stopped.chain(self.list.iter().rev().filter(|job| job.state != State::Stopped))
    }

    /// By number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Job> {
        let mut jobs: Vec<&Job> = self.list.iter().collect();
        jobs.sort_by_key(|job| job.number);
        jobs.into_iter()
    }

    /// `%1`, `%+`, `%-`, `%text`; nothing is the current one.
    pub(super) fn find(&self, name: Option<&str>) -> Option<&Job> {
        let name = name.map_or("+", |name| name.strip_prefix('%').unwrap_or(name));
        match name {
            "+" | "%" | "" => self.by_age().next(),
            "-" => self.by_age().nth(1).or_else(|| self.by_age().next()),
            name => match name.parse() {
                Ok(number) => self.list.iter().find(|job: &&Job| job.number == number),
                Err(_) => self.list.iter().find(|job| job.text.starts_with(name)),
            },
        }
    }

    pub(super) fn of_process(&self, pid: Pid) -> Option<&Job> {
        self.list.iter().find(|job| job.processes.contains(&pid))
    }

    pub(super) fn take(&mut self, number: u32) -> Option<Job> {
        let place = self.list.iter().position(|job| job.number == number)?;
        Some(self.list.remove(place))
    }

    /// A job that runs again.
    pub(super) fn resume(&mut self, number: u32) {
        if let Some(job) = self.list.iter_mut().find(|job| job.number == number) {
            job.state = State::Running;
        }
    }

    /// Whether there are stopped jobs that nobody has been warned about.
    pub(super) fn warn_once(&mut self, context: &mut Context<'_>) -> bool {
        self.update(context);
        let warns = !self.warned && self.list.iter().any(|job| job.state == State::Stopped);
        self.warned |= warns;
        warns
    }
}
