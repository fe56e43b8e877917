//! One run of the script under one variant: a console that only goes forward, and what happened in it.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use kafka_console::terminal::Source;
use kafka_console::{Action, Console, Input};
use kafka_core::event::Event;
use kafka_core::history::Timed;
use kafka_core::protocol::ClientId;
use kafka_core::time::SimTime;

use super::Typed;
use super::ledger::Ledger;
use super::rewriting::{rewrite, starts_consumer};
use super::variant::Variant;
use crate::script::Script;

#[derive(Clone)]
pub(super) struct Column {
    pub(super) variant: Variant,
    console: Console,
    inputs: VecDeque<Timed<Input>>,
    events: Vec<(SimTime, Event)>,
    /// How many of `events` the ledger has.
    seen: usize,
    ledger: Ledger,
    /// The terminal and the number in it of each consumer.
    pub(super) names: BTreeMap<ClientId, Rc<str>>,
    /// The commands that start consumers, as they were run.
    typed: Vec<(SimTime, Typed)>,
}

impl Column {
    pub(super) fn new(variant: Variant, script: &Script) -> Self {
        Self {
            variant,
            console: Console::new(&script.scenario),
            inputs: script.inputs.iter().cloned().collect(),
            events: Vec::new(),
            seen: 0,
            ledger: Ledger::default(),
            names: BTreeMap::new(),
            typed: Vec::new(),
        }
    }

    /// When the next occurrence or input is due.
    pub(super) fn next_at(&self) -> Option<SimTime> {
        self.inputs.front().map(|timed| timed.at).into_iter().chain(self.console.next_at()).min()
    }

    /// Lets one thing happen; an input comes after all that is due at its time.
    pub(super) fn step(&mut self) {
        let due = self.inputs.front().map(|timed| timed.at);
        let input = due.filter(|at| self.console.next_at().is_none_or(|next| next > *at));
        let events = match input.and_then(|_| self.inputs.pop_front()) {
            Some(timed) => self.give(timed),
            None => self.console.step().unwrap_or_default(),
        };
        let now = self.console.now();
        for event in events {
            if let Event::ConsumerStarted { client, .. } = event {
                self.name(client);
            }
            self.events.push((now, event));
        }
    }

    /// The counts at a moment that the run has reached.
    pub(super) fn ledger_at(&mut self, now: SimTime) -> &Ledger {
        let until = self.events.partition_point(|(at, _)| *at <= now);
        if until < self.seen {
            (self.seen, self.ledger) = (0, Ledger::default());
        }
        for (at, event) in &self.events[self.seen..until] {
            self.ledger.note(*at, event);
        }
        self.seen = until;
        &self.ledger
    }

    /// When next, after a moment, partitions change hands or a process begins or ends.
    pub(super) fn next_turn(&self, after: SimTime) -> Option<SimTime> {
        let from = self.events.partition_point(|(at, _)| *at <= after);
        self.events[from..].iter().find(|(_, event)| is_turn(event)).map(|(at, _)| *at)
    }

    pub(super) fn typed_until(&self, now: SimTime) -> Vec<Typed> {
        self.typed.iter().filter(|(at, _)| *at <= now).map(|(_, typed)| typed.clone()).collect()
    }

    fn give(&mut self, timed: Timed<Input>) -> Vec<Event> {
        let Timed { at, input } = timed;
        let mut events = self.console.advance_to(at);
        let Action::Command(text) = &input.action else {
            events.extend(self.console.apply(&input));
            return events;
        };
        let starts_consumer = self.console.is_at_prompt(input.terminal) && starts_consumer(text);
        if !starts_consumer {
            events.extend(self.console.apply(&input));
            return events;
        }
        let terminal = input.terminal;
        let text = rewrite(text, &self.variant.changes(terminal));
        let shown: Rc<str> = text.as_str().into();
        events.extend(self.console.apply(&Input { terminal, action: Action::Command(text) }));
        let refused = self.console.is_at_prompt(terminal).then(|| self.complaint(terminal, at)).flatten();
        self.typed.push((at, Typed { terminal, text: shown, refused }));
        events
    }

    /// The first thing that a terminal's programs complained about since a moment.
    fn complaint(&self, terminal: u32, since: SimTime) -> Option<Rc<str>> {
        let mut lines = self.console.terminal(terminal)?.lines();
        let line = lines.find(|line| line.source == Source::Error && line.at >= since)?;
        Some(line.text.clone())
    }

    fn name(&mut self, client: ClientId) {
        let Some(terminal) = self.console.terminal_of(client) else { return };
        let plain = format!("T{terminal}");
        let bearers = self.names.values().filter(|name| name.split('·').next() == Some(&plain)).count();
        let name = if bearers == 0 { plain } else { format!("{plain}·{}", bearers + 1) };
        self.names.insert(client, name.into());
    }
}

fn is_turn(event: &Event) -> bool {
    matches!(
        event,
        Event::ConsumerStarted { .. }
            | Event::ConsumerClosed { .. }
            | Event::ClientKilled { .. }
            | Event::ConsumerFailed { .. }
            | Event::PartitionsAssigned { .. }
            | Event::PartitionsRevoked { .. }
            | Event::PartitionsLost { .. }
            | Event::GroupStateChanged { .. }
    )
}
