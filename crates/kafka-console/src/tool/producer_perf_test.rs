//! `kafka-producer-perf-test`: sends records as fast as it may, and measures in virtual time.
//!
//! Mirrors `ProducerPerformance`. The time that a program takes to make a record is [`PER_RECORD`]; the network and
//! the brokers take what they take. Which of the records that are under way a batch held is taken to be the oldest
//! ones. Leaves out: `--print-metrics`.

mod options;
mod payload;
mod stats;

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::client::Client;
use kafka_core::command::{Command, ProducerRecord};
use kafka_core::event::SendFailure;
use kafka_core::producer::{ProducerCall, TransactionCall, TransactionError};
use kafka_core::protocol::ClientId;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicName;

use super::{java, log_metadata_error, log_retry, say};
use crate::system::{Context, Notice, Progress};
pub(super) use options::OPTIONS;
use options::Setup;
use payload::Payload;
use stats::Stats;

/// A Java program makes and sends some hundred thousand small records a second.
const PER_RECORD: Duration = Duration::from_micros(4);

/// How long after a blocked `send()` it is looked whether it has returned.
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// How many records are made before others get their turn.
const BURST: u32 = 250;

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ProducerPerfTest {
    phase: Phase,
}

#[derive(Clone, PartialEq, Debug)]
enum Phase {
    Starting(Rc<[Rc<str>]>),
    Sending(Box<Session>),
    Closing(Box<Session>),
    Ended,
}

#[derive(Clone, PartialEq, Debug)]
struct Session {
    client: ClientId,
    client_id: Rc<str>,
    topic: TopicName,
    payload: Payload,
    num_records: u64,
    warmup_records: u64,
    /// Between two records.
    interval: Option<Duration>,
    started: SimTime,
    sent: u64,
    under_way: VecDeque<Sent>,
    stats: Stats,
    steady: Option<Stats>,
    reporting_interval: u64,
    transactions: Option<Transactions>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Transactions {
    duration: Duration,
    /// `beginTransaction()` was called then; `None` between two transactions.
    began: Option<SimTime>,
    /// A call has not returned.
    blocked: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Sent {
    at: SimTime,
    bytes: u64,
    steady: bool,
}

impl ProducerPerfTest {
    pub(crate) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { phase: Phase::Starting(arguments) }
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let (phase, progress) = match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Starting(arguments) => match start(&arguments, context) {
                Ok(session) => (Phase::Sending(Box::new(session)), Progress::Continue),
                Err(code) => (Phase::Ended, Progress::Exit(code)),
            },
            Phase::Sending(mut session) => {
                loop {
                    match session.hear(context) {
                        Some(Heard::Failed) => return Progress::Exit(1),
                        Some(Heard::Closed | Heard::Other) => {}
                        None => break,
                    }
                }
                let waits =
                    session.is_in_call() || (session.sent == session.num_records && session.commit(context));
                if waits {
                    (Phase::Sending(session), Progress::Blocked)
                } else if session.sent < session.num_records {
                    let progress = session.send(context);
                    (Phase::Sending(session), progress)
                } else {
                    let closed = context.command(&Command::Close { client: session.client });
                    assert!(closed.is_ok(), "a client can always be closed");
                    (Phase::Closing(session), Progress::Continue)
                }
            }
            Phase::Closing(mut session) => match session.hear(context) {
                Some(Heard::Closed) => {
                    session.print_total(context);
                    (Phase::Ended, Progress::Exit(0))
                }
                Some(Heard::Other | Heard::Failed) => (Phase::Closing(session), Progress::Continue),
                None => (Phase::Closing(session), Progress::Blocked),
            },
            Phase::Ended => unreachable!("a program that has ended takes no step"),
        };
        self.phase = phase;
        progress
    }
}

enum Heard {
    Closed,
    /// A call threw, which ends the program.
    Failed,
    Other,
}

fn start(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Session, u8> {
    let setup = Setup::new(arguments, context)?;
    let client = context.new_client();
    let client_id = setup.config.client_id.clone();
    if let Err(error) = context.command(&Command::StartProducer { client, config: setup.config }) {
        context.print_error(&format!("Exception in thread \"main\" {}: {error}", error.exception()));
        return Err(1);
    }
    if setup.warmup_records > 0 {
        let text = format!(
            "Warmup first {} records. Steady state results will print after the complete test summary.",
            setup.warmup_records
        );
        say(&text, context);
    }
    let now = context.now();
    let transactions =
        setup.transaction_duration.map(|duration| Transactions { duration, began: None, blocked: true });
    if transactions.is_some() {
        call(client, ProducerCall::InitTransactions, context);
    }
    Ok(Session {
        transactions,
        client,
        client_id,
        topic: setup.topic,
        payload: setup.payload,
        num_records: setup.num_records,
        warmup_records: setup.warmup_records,
        interval: setup.interval,
        started: now,
        sent: 0,
        under_way: VecDeque::new(),
        stats: Stats::new(setup.num_records, setup.reporting_interval, false, now),
        steady: None,
        reporting_interval: setup.reporting_interval,
    })
}

fn call(client: ClientId, call: ProducerCall, context: &mut Context<'_>) {
    let called = context.command(&Command::Transact { client, call });
    assert!(called.is_ok(), "what comes of a call is told by an event");
}

fn end(error: &TransactionError, context: &mut Context<'_>) -> Heard {
    let exception = java::transaction_exception(error);
    context.print_error(&format!("Exception in thread \"main\" {exception}"));
    Heard::Failed
}

impl Session {
    /// Sends what is due; `send()` blocks while there are no metadata or no memory.
    fn send(&mut self, context: &mut Context<'_>) -> Progress {
        let now = context.now();
        let Some(interval) = self.interval else { return Progress::Blocked };
        for _ in 0..BURST {
            if self.sent == self.num_records {
                return Progress::Continue;
            }
            let due = self.started + interval.saturating_mul(u32::try_from(self.sent).unwrap_or(u32::MAX));
            if due > now {
                context.wake_at(due);
                return Progress::Blocked;
            }
            if self.is_blocked(context) {
                context.wake_at(now + LOOK_AGAIN);
                return Progress::Blocked;
            }
            self.begin(context);
            self.send_one(context);
            if self.is_over(now) && self.commit(context) {
                return Progress::Blocked;
            }
        }
        context.wake_at(now + PER_RECORD * BURST);
        Progress::Blocked
    }

    fn is_in_call(&self) -> bool {
        self.transactions.is_some_and(|transactions| transactions.blocked)
    }

    fn begin(&mut self, context: &mut Context<'_>) {
        if let Some(transactions) = self.transactions.as_mut().filter(|known| known.began.is_none()) {
            transactions.began = Some(context.now());
            call(self.client, ProducerCall::BeginTransaction, context);
        }
    }

    fn is_over(&self, now: SimTime) -> bool {
        let transactions = self.transactions.as_ref();
        transactions.is_some_and(|known| known.began.is_some_and(|began| began + known.duration <= now))
    }

    /// True when there is a transaction to commit.
    fn commit(&mut self, context: &mut Context<'_>) -> bool {
        let open = self.transactions.as_mut().filter(|transactions| transactions.began.is_some());
        let Some(transactions) = open else { return false };
        transactions.began = None;
        transactions.blocked = true;
        call(self.client, ProducerCall::CommitTransaction, context);
        true
    }

    fn send_one(&mut self, context: &mut Context<'_>) {
        let value = self.payload.next(self.sent);
        if self.warmup_records > 0 && self.sent == self.warmup_records {
            let rest = self.num_records - self.warmup_records;
            self.steady = Some(Stats::new(rest, self.reporting_interval, true, context.now()));
            self.stats.suppress_printing();
        }
        let steady = self.steady.is_some();
        self.under_way.push_back(Sent { at: context.now(), bytes: value.len() as u64, steady });
        self.sent += 1;
        let record = ProducerRecord {
            topic: self.topic.clone(),
            partition: None,
            timestamp: None,
            key: None,
            value: Some(value),
            headers: Rc::from([]),
        };
        let sent = context.command(&Command::Send { client: self.client, record });
        assert!(sent.is_ok(), "what fails is told to the callback");
    }

    fn is_blocked(&self, context: &mut Context<'_>) -> bool {
        match context.system().simulation.client(self.client) {
            Some(Client::Producer(producer)) => producer.blocked_records() > 0,
            Some(Client::Consumer(_)) | None => false,
        }
    }

    fn hear(&mut self, context: &mut Context<'_>) -> Option<Heard> {
        match context.next_notice(self.client)? {
            Notice::Closed => return Some(Heard::Closed),
            Notice::Acknowledged { records, .. } => {
                for _ in 0..records {
                    self.complete(context);
                }
            }
            Notice::CallReturned { outcome: Err(error), .. } => return Some(end(&error, context)),
            Notice::SendFailed { failure: SendFailure::Thrown(error), .. } => {
                return Some(end(&error, context));
            }
            Notice::CallReturned { call, .. } if call != TransactionCall::BeginTransaction => {
                if let Some(transactions) = &mut self.transactions {
                    transactions.blocked = false;
                }
            }
            Notice::SendFailed { failure, .. } => {
                self.under_way.pop_front();
                context.print_error(&java::send_exception(&failure));
            }
            Notice::MetadataError { topic, error, correlation_id } => {
                let name = format!("Producer clientId={}", self.client_id);
                log_metadata_error(&name, &topic, error, correlation_id, context);
            }
            Notice::CallReturned { .. }
            | Notice::Killed
            | Notice::Consumer(_)
            | Notice::Partitioned { .. } => {}
            Notice::Retried(retry) => {
                log_retry(&format!("Producer clientId={}", self.client_id), &retry, context);
            }
            Notice::Polled(_) | Notice::PollFailed(_) => unreachable!("a producer does not poll"),
        }
        Some(Heard::Other)
    }

    /// The callback of one record.
    fn complete(&mut self, context: &mut Context<'_>) {
        let Some(sent) = self.under_way.pop_front() else { return };
        let now = context.now();
        let lines = [
            self.stats.record(now.since(sent.at), sent.bytes, now),
            self.steady
                .as_mut()
                .filter(|_| sent.steady)
                .and_then(|steady| steady.record(now.since(sent.at), sent.bytes, now)),
        ];
        lines.into_iter().flatten().for_each(|line| say(&line, context));
    }

    fn print_total(&self, context: &mut Context<'_>) {
        let now = context.now();
        for stats in [Some(&self.stats), self.steady.as_ref()].into_iter().flatten() {
            say(&stats.total(now), context);
        }
    }
}
