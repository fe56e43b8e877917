//! `kafka-consumer-perf-test`: reads records as fast as it can, and measures in virtual time.
//!
//! Mirrors `ConsumerPerformance`. Leaves out: `--print-metrics`, letters of `--date-format` beside those of the default
//! form, topics that come to match `--include` later.

mod options;

use std::rc::Rc;
use std::time::Duration;

use kafka_core::application::Application;
use kafka_core::command::Command;
use kafka_core::event::PolledRecord;
use kafka_core::protocol::ClientId;
use kafka_core::time::SimTime;

use super::decimal::quotient;
use super::{java, log_metadata_error, print_usage, say};
use crate::system::{ConsumerNotice, Context, Notice, Progress};
use crate::wall_clock::WallClock;
pub(super) use options::OPTIONS;
use options::{DateFormat, Refused, Setup};

const MEGABYTE: u128 = 1024 * 1024;

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ConsumerPerfTest {
    phase: Phase,
}

#[derive(Clone, PartialEq, Debug)]
enum Phase {
    Starting(Rc<[Rc<str>]>),
    Polling(Box<Session>),
    Closing(ClientId),
    Ended,
}

#[derive(Clone, PartialEq, Debug)]
struct Session {
    client: ClientId,
    /// As logs name it.
    name: Rc<str>,
    num_records: u64,
    timeout: Duration,
    reporting_interval: Duration,
    detailed: bool,
    date_format: DateFormat,
    started: SimTime,
    last_consumed: SimTime,
    read: Counts,
    reported: Counts,
    last_report: SimTime,
    join_started: SimTime,
    joining: Duration,
    joining_in_round: Duration,
}

#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Counts {
    records: u64,
    bytes: u64,
}

impl ConsumerPerfTest {
    pub(crate) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { phase: Phase::Starting(arguments) }
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let (phase, progress) = match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Starting(arguments) => match start(&arguments, context) {
                Ok(session) => (Phase::Polling(Box::new(session)), Progress::Continue),
                Err(code) => (Phase::Ended, Progress::Exit(code)),
            },
            Phase::Polling(session) => session.poll(context),
            Phase::Closing(client) => match context.next_notice(client) {
                Some(Notice::Closed) => (Phase::Ended, Progress::Exit(0)),
                Some(_) => (Phase::Closing(client), Progress::Continue),
                None => (Phase::Closing(client), Progress::Blocked),
            },
            Phase::Ended => unreachable!("a program that has ended takes no step"),
        };
        self.phase = phase;
        progress
    }
}

fn start(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Session, u8> {
    let client = context.new_client();
    let setup = match Setup::new(arguments, client, context) {
        Ok(setup) => setup,
        Err(Refused::Usage(message)) => return Err(print_usage(&message, OPTIONS, context)),
        Err(Refused::Thrown(message, exceptions)) => {
            context.print_error(&message);
            exceptions.iter().for_each(|exception| context.print_error(exception));
            context.print_error("");
            return Err(1);
        }
        Err(Refused::Version) => {
            say(super::VERSION, context);
            return Err(0);
        }
    };
    if let Some(header) = setup.header() {
        say(&header, context);
    }
    let group = setup.config.group_id.clone().unwrap_or_default();
    let name = format!("Consumer clientId={}, groupId={group}", setup.config.client_id).into();
    let command = Command::StartConsumer {
        client,
        config: Box::new(setup.config),
        source: setup.source,
        application: Application::default(),
    };
    if let Err(error) = context.command(&command) {
        context.print_error(&error.to_string());
        context.print_error(&format!("{}: {error}\n", error.exception()));
        return Err(1);
    }
    let now = context.now();
    let session = Session {
        client,
        name,
        num_records: setup.num_records,
        timeout: setup.timeout,
        reporting_interval: setup.reporting_interval,
        detailed: setup.detailed,
        date_format: setup.date_format,
        started: now,
        last_consumed: now,
        read: Counts::default(),
        reported: Counts::default(),
        last_report: now,
        join_started: now,
        joining: Duration::ZERO,
        joining_in_round: Duration::ZERO,
    };
    session.expect_records(context);
    Ok(session)
}

impl Session {
    fn poll(mut self: Box<Self>, context: &mut Context<'_>) -> (Phase, Progress) {
        if self.read.records >= self.num_records {
            return self.end(context);
        }
        match context.next_notice(self.client) {
            Some(Notice::Polled(records)) => self.count(&records, context),
            Some(Notice::Consumer(ConsumerNotice::Revoked(_))) => self.join_started = context.now(),
            Some(Notice::Consumer(ConsumerNotice::Assigned(_))) => {
                let joining = context.now().since(self.join_started);
                self.joining += joining;
                self.joining_in_round += joining;
            }
            Some(Notice::Killed | Notice::Consumer(_)) => {}
            Some(Notice::MetadataError { topic, error, correlation_id }) => {
                log_metadata_error(&self.name, &topic, error, correlation_id, context);
            }
            Some(Notice::PollFailed(error)) => {
                let exception = java::poll_exception(&error);
                context.print_error(exception.split_once(": ").map_or(&*exception, |(_, message)| message));
                context.print_error(&format!("{exception}\n"));
                return (Phase::Ended, Progress::Exit(1));
            }
            Some(
                Notice::Closed
                | Notice::Acknowledged { .. }
                | Notice::SendFailed { .. }
                | Notice::CallReturned { .. }
                | Notice::Partitioned { .. }
                | Notice::Retried(_),
            ) => {
                unreachable!("nobody closed this consumer, and it sends nothing")
            }
            None if context.now() > self.last_consumed + self.timeout => {
                let text = format!(
                    "WARNING: Exiting before consuming the expected number of records: timeout ({} ms) exceeded. You \
                     can use the --timeout option to increase the timeout.",
                    self.timeout.as_millis()
                );
                say(&text, context);
                return self.end(context);
            }
            None => return (Phase::Polling(self), Progress::Blocked),
        }
        (Phase::Polling(self), Progress::Continue)
    }

    fn expect_records(&self, context: &mut Context<'_>) {
        context.wake_at(self.last_consumed + self.timeout + Duration::from_millis(1));
    }

    /// A poll counts whole.
    fn count(&mut self, records: &[PolledRecord], context: &mut Context<'_>) {
        let now = context.now();
        self.last_consumed = now;
        for polled in records {
            let length = |bytes: &Option<kafka_core::record::Bytes>| {
                bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)
            };
            self.read.records += 1;
            self.read.bytes += length(&polled.record.key) + length(&polled.record.value);
            if now.since(self.last_report) >= self.reporting_interval {
                if self.detailed {
                    let line = self.progress(context.wall_clock(), now.since(self.last_report));
                    say(&line, context);
                }
                self.joining_in_round = Duration::ZERO;
                self.last_report = now;
                self.reported = self.read;
            }
        }
        self.expect_records(context);
    }

    /// What `--show-detailed-stats` prints every interval.
    fn progress(&self, clock: WallClock, elapsed: Duration) -> String {
        let records = self.read.records - self.reported.records;
        let bytes = self.read.bytes - self.reported.bytes;
        let join = self.joining_in_round.as_millis();
        let fetch = elapsed.as_millis().saturating_sub(join);
        // Without any time left there is no rate.
        let fetch_rate = |amount: u128, unit: u128| {
            if fetch == 0 { quotient(0, 1, 4) } else { quotient(1000 * amount, fetch * unit, 4) }
        };
        let elapsed = elapsed.as_millis();
        format!(
            "{}, 0, {}, {}, {}, {}, {join}, {fetch}, {}, {}",
            self.date_format.print(clock),
            quotient(u128::from(self.read.bytes), MEGABYTE, 4),
            quotient(1000 * u128::from(bytes), elapsed * MEGABYTE, 4),
            self.read.records,
            quotient(1000 * u128::from(records), elapsed, 4),
            fetch_rate(u128::from(bytes), MEGABYTE),
            fetch_rate(u128::from(records), 1)
        )
    }

    fn end(self, context: &mut Context<'_>) -> (Phase, Progress) {
        if !self.detailed {
            let scenario = context.system().simulation.scenario();
            let started = self.date_format.print(WallClock::at(scenario, self.started));
            let ended = self.date_format.print(context.wall_clock());
            let elapsed = u128::from(context.now().as_millis() - self.started.as_millis());
            let (records, bytes) = (u128::from(self.read.records), u128::from(self.read.bytes));
            let join = self.joining.as_millis();
            let fetch = elapsed.saturating_sub(join);
            let line = format!(
                "{started}, {ended}, {}, {}, {records}, {}, {join}, {fetch}, {}, {}",
                quotient(bytes, MEGABYTE, 4),
                quotient(1000 * bytes, elapsed * MEGABYTE, 4),
                quotient(1000 * records, elapsed, 4),
                quotient(1000 * bytes, fetch * MEGABYTE, 4),
                quotient(1000 * records, fetch, 4)
            );
            say(&line, context);
        }
        context.forget_alarm();
        let closed = context.command(&Command::Close { client: self.client });
        assert!(closed.is_ok(), "a client can always be closed");
        (Phase::Closing(self.client), Progress::Continue)
    }
}
