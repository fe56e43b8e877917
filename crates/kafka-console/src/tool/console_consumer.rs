//! `kafka-console-consumer`: prints records as they are polled.
//!
//! Mirrors `ConsoleConsumer` and `ConsumerWrapper`. Leaves out: formatters other than `DefaultMessageFormatter`,
//! `--enable-systest-events`, topics that come to match `--include` later, security. A pipe that is full does not slow
//! the consumer down.

mod formatter;
mod options;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::application::{Application, ConsumerCall};
use kafka_core::command::Command;
use kafka_core::event::PolledRecord;
use kafka_core::protocol::{ClientId, ErrorCode};
use kafka_core::time::SimTime;

use super::{java, log, log_metadata_error, print_usage, say};
use crate::system::{Context, Notice, Progress};
use formatter::Formatter;
pub(crate) use formatter::{DESERIALIZERS, FORMATTER_SETTINGS};
pub(super) use options::OPTIONS;
use options::{Setup, SetupError};

const LOGGER: &str = "org.apache.kafka.tools.consumer.ConsoleConsumer";

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ConsoleConsumer {
    phase: Phase,
}

#[derive(Clone, PartialEq, Debug)]
enum Phase {
    Starting(Rc<[Rc<str>]>),
    Polling(Session),
    /// `close()` commits and leaves the group.
    Closing(Session, Ending),
    Ended,
}

#[derive(Clone, PartialEq, Debug)]
struct Session {
    client: ClientId,
    /// As logs name it.
    name: Rc<str>,
    formatter: Formatter,
    processed: u64,
    max_messages: Option<u64>,
    skip_message_on_error: bool,
    timeout: Option<Duration>,
    /// When `--timeout-ms` will have passed without a record.
    deadline: Option<SimTime>,
}

/// How the tool ends when its client is closed: what it logs then, and its exit code.
#[derive(Clone, PartialEq, Debug)]
struct Ending {
    code: u8,
    error: Option<String>,
}

impl Ending {
    const fn code(code: u8) -> Self {
        Self { code, error: None }
    }
}

impl ConsoleConsumer {
    pub(crate) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { phase: Phase::Starting(arguments) }
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let phase = std::mem::replace(&mut self.phase, Phase::Ended);
        let (phase, progress) = match phase {
            Phase::Starting(arguments) => match start(&arguments, context) {
                Ok(session) => (Phase::Polling(session), Progress::Continue),
                Err(code) => (Phase::Ended, Progress::Exit(code)),
            },
            Phase::Polling(session) => match context.take_signal() {
                Some(signal) => close(session, Ending::code(signal.exit_code()), context),
                None => poll(session, context),
            },
            Phase::Closing(session, ending) => match context.next_notice(session.client) {
                Some(Notice::Closed) => {
                    let progress = end(&session, &ending, context);
                    (Phase::Ended, progress)
                }
                Some(_) => (Phase::Closing(session, ending), Progress::Continue),
                None => (Phase::Closing(session, ending), Progress::Blocked),
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
        Err(SetupError::Usage(message)) => return Err(print_usage(&message, OPTIONS, context)),
        Err(SetupError::Message(message)) => {
            context.print_error(&message);
            return Err(1);
        }
        Err(SetupError::Exception(exception)) => {
            log("ERROR", "Unknown error when running consumer: ", LOGGER, context);
            context.print_error(&exception);
            return Err(1);
        }
        Err(SetupError::Version) => {
            say(super::VERSION, context);
            return Err(0);
        }
    };
    let group = setup.config.group_id.clone().unwrap_or_default();
    let name = format!("Consumer clientId={}, groupId={group}", setup.config.client_id);
    let command = Command::StartConsumer {
        client,
        config: Box::new(setup.config),
        source: setup.source,
        application: Application::default(),
    };
    if let Err(error) = context.command(&command) {
        log("ERROR", "Unknown error when running consumer: ", LOGGER, context);
        context.print_error(&format!("{}: {error}", error.exception()));
        return Err(1);
    }
    let mut session = Session {
        client,
        name: name.into(),
        formatter: setup.formatter,
        processed: 0,
        max_messages: setup.max_messages,
        skip_message_on_error: setup.skip_message_on_error,
        timeout: setup.timeout,
        deadline: None,
    };
    session.expect_records(context);
    Ok(session)
}

fn poll(mut session: Session, context: &mut Context<'_>) -> (Phase, Progress) {
    if session.max_messages == Some(0) {
        return close(session, Ending::code(0), context);
    }
    match context.next_notice(session.client) {
        Some(Notice::Polled(records)) => match session.process(records, context) {
            Some(ending) => close(session, ending, context),
            None => {
                session.expect_records(context);
                (Phase::Polling(session), Progress::Continue)
            }
        },
        Some(Notice::MetadataError { topic, error, correlation_id }) => {
            log_metadata_error(&session.name, &topic, error, correlation_id, context);
            if error == ErrorCode::InvalidTopic {
                let exception = "org.apache.kafka.common.errors.InvalidTopicException";
                report_failure(&format!("{exception}: Invalid topics: [{topic}]"), context);
                return close(session, Ending::code(0), context);
            }
            (Phase::Polling(session), Progress::Continue)
        }
        Some(Notice::Killed | Notice::Consumer(_)) => (Phase::Polling(session), Progress::Continue),
        // Whatever `poll()` throws is logged, and the tool ends as if it were done.
        Some(Notice::PollFailed(error)) => {
            report_failure(&java::poll_exception(&error), context);
            close(session, Ending::code(0), context)
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
        None if session.deadline.is_some_and(|deadline| context.now() >= deadline) => {
            report_failure("org.apache.kafka.common.errors.TimeoutException: null", context);
            close(session, Ending::code(0), context)
        }
        None => (Phase::Polling(session), Progress::Blocked),
    }
}

fn report_failure(exception: &str, context: &mut Context<'_>) {
    log("ERROR", "Error processing message, terminating consumer process: ", LOGGER, context);
    context.print_error(exception);
}

fn close(session: Session, ending: Ending, context: &mut Context<'_>) -> (Phase, Progress) {
    context.forget_alarm();
    let closed = context.command(&Command::Close { client: session.client });
    assert!(closed.is_ok(), "a client can always be closed");
    (Phase::Closing(session, ending), Progress::Continue)
}

fn end(session: &Session, ending: &Ending, context: &mut Context<'_>) -> Progress {
    context.print_error(&format!("Processed a total of {} messages", session.processed));
    if let Some(error) = &ending.error {
        log("ERROR", "Unknown error when running consumer: ", LOGGER, context);
        context.print_error(error);
    }
    Progress::Exit(ending.code)
}

impl Session {
    /// `poll()` is called: `--timeout-ms` counts from here.
    fn expect_records(&mut self, context: &mut Context<'_>) {
        let Some(timeout) = self.timeout else { return };
        let deadline = context.now() + timeout;
        self.deadline = Some(deadline);
        context.wake_at(deadline);
    }

    /// Prints records until there are enough; says how the tool ends if it does.
    fn process(&mut self, records: Vec<PolledRecord>, context: &mut Context<'_>) -> Option<Ending> {
        let mut records = records.into_iter();
        while let Some(record) = records.next() {
            self.processed += 1;
            let ending = match self.formatter.format(&record) {
                Ok(bytes) if context.write_output(&bytes).is_err() => {
                    context.print_error("Unable to write to standard out, closing consumer.");
                    Some(Ending::code(0))
                }
                Ok(_) => None,
                Err(message) if self.skip_message_on_error => {
                    report_skipped(&message, context);
                    None
                }
                Err(message) => Some(Ending { code: 1, error: Some(message) }),
            };
            let enough = self.max_messages.is_some_and(|most| self.processed >= most);
            if let Some(ending) = ending.or(enough.then_some(Ending::code(0))) {
                self.give_back(records, context);
                return Some(ending);
            }
        }
        None
    }

    /// `resetUnconsumedOffsets`: what was polled and not printed is not to be committed.
    fn give_back(&self, records: impl Iterator<Item = PolledRecord>, context: &mut Context<'_>) {
        let mut first = BTreeMap::new();
        for record in records {
            first.entry(record.partition).or_insert(record.offset);
        }
        for (partition, offset) in first {
            let sought = context.command(&Command::Call {
                client: self.client,
                call: ConsumerCall::Seek { partition, offset },
            });
            assert!(sought.is_ok(), "a running consumer can always seek");
        }
    }
}

fn report_skipped(message: &str, context: &mut Context<'_>) {
    log("ERROR", "Error processing message, skipping this message: ", LOGGER, context);
    context.print_error(message);
}
