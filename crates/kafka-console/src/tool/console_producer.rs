//! `kafka-console-producer`: every line of its input becomes a record.
//!
//! Mirrors `ConsoleProducer`. Leaves out: line readers other than `LineMessageReader`, security.

mod line_reader;
mod options;

use std::rc::Rc;

use kafka_core::command::Command;
use kafka_core::event::SendFailure;
use kafka_core::protocol::ClientId;
use kafka_core::record::Record;

use super::java;
use super::{log, log_metadata_error, log_retry, print_usage, say};
use crate::system::{Context, Notice, Progress, Read, Signal};
use crate::terminal::Prompt;
pub(crate) use line_reader::LINE_READER_SETTINGS;
use line_reader::LineReader;
pub(super) use options::OPTIONS;
use options::{Setup, SetupError};

const ERROR_LOGGING_CALLBACK: &str = "org.apache.kafka.clients.producer.internals.ErrorLoggingCallback";

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ConsoleProducer {
    phase: Phase,
}

#[derive(Clone, PartialEq, Debug)]
enum Phase {
    Starting(Rc<[Rc<str>]>),
    Reading(Session),
    /// `--sync`: the next line waits for the record.
    Sending(Session),
    /// `close()` sends what is buffered.
    Closing(Session, u8),
    Ended,
}

#[derive(Clone, PartialEq, Debug)]
struct Session {
    client: ClientId,
    client_id: Rc<str>,
    reader: LineReader,
    sync: bool,
}

impl ConsoleProducer {
    pub(crate) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { phase: Phase::Starting(arguments) }
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let phase = std::mem::replace(&mut self.phase, Phase::Ended);
        let (phase, progress) = match phase {
            Phase::Starting(arguments) => match start(&arguments, context) {
                Ok(session) => (Phase::Reading(session), Progress::Continue),
                Err(code) => (Phase::Ended, Progress::Exit(code)),
            },
            Phase::Reading(session) | Phase::Sending(session) if context.signal().is_some() => {
                let code = context.take_signal().map_or(0, Signal::exit_code);
                close(session, code, context)
            }
            Phase::Reading(mut session) => match session.hear(context) {
                Some(Heard::Thrown) => close(session, 1, context),
                Some(_) => (Phase::Reading(session), Progress::Continue),
                None => session.read(context),
            },
            Phase::Sending(mut session) => match session.hear(context) {
                Some(Heard::Acknowledged) => (Phase::Reading(session), Progress::Continue),
                Some(Heard::Failed | Heard::Thrown) => close(session, 1, context),
                Some(Heard::Closed | Heard::Other) => (Phase::Sending(session), Progress::Continue),
                None => (Phase::Sending(session), Progress::Blocked),
            },
            Phase::Closing(mut session, code) => match session.hear(context) {
                Some(Heard::Closed) => (Phase::Ended, Progress::Exit(code)),
                Some(_) => (Phase::Closing(session, code), Progress::Continue),
                None => (Phase::Closing(session, code), Progress::Blocked),
            },
            Phase::Ended => unreachable!("a program that has ended takes no step"),
        };
        self.phase = phase;
        progress
    }
}

/// What the client had to tell.
enum Heard {
    Acknowledged,
    Failed,
    /// `send()` threw, which ends the loop.
    Thrown,
    Closed,
    Other,
}

fn start(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Session, u8> {
    let setup = match Setup::new(arguments, context) {
        Ok(setup) => setup,
        Err(SetupError::Usage(message)) => return Err(print_usage(&message, OPTIONS, context)),
        Err(SetupError::Exception(text)) => {
            context.print_error(&text);
            return Err(1);
        }
        Err(SetupError::Version) => {
            say(super::VERSION, context);
            return Err(0);
        }
    };
    let client = context.new_client();
    let client_id = setup.config.client_id.clone();
    let started = Command::StartProducer { client, config: setup.config };
    if let Err(error) = context.command(&started) {
        context.print_error(&format!("{}: {error}", error.exception()));
        return Err(1);
    }
    Ok(Session { client, client_id, reader: setup.reader, sync: setup.sync })
}

fn close(session: Session, code: u8, context: &mut Context<'_>) -> (Phase, Progress) {
    let closed = context.command(&Command::Close { client: session.client });
    assert!(closed.is_ok(), "a client can always be closed");
    (Phase::Closing(session, code), Progress::Continue)
}

impl Session {
    fn read(mut self, context: &mut Context<'_>) -> (Phase, Progress) {
        let prompt = Prompt::Program(if context.is_interactive() { ">" } else { "" });
        let line = match context.read_line(prompt) {
            Read::Line(line) => line,
            Read::Wait => return (Phase::Reading(self), Progress::Blocked),
            Read::End => return close(self, 0, context),
        };
        match self.reader.read(&String::from_utf8_lossy(&line)) {
            Ok(record) => {
                if let Err(error) = context.command(&Command::Send { client: self.client, record }) {
                    context.print_error(&format!("{}: {error}", error.exception()));
                    return close(self, 1, context);
                }
                let sync = self.sync;
                (if sync { Phase::Sending(self) } else { Phase::Reading(self) }, Progress::Continue)
            }
            Err(message) => {
                context.print_error(&format!("org.apache.kafka.common.KafkaException: {message}"));
                close(self, 1, context)
            }
        }
    }

    fn hear(&mut self, context: &mut Context<'_>) -> Option<Heard> {
        Some(match context.next_notice(self.client)? {
            Notice::Closed => Heard::Closed,
            Notice::Acknowledged { .. } => Heard::Acknowledged,
            Notice::SendFailed { failure: SendFailure::Thrown(error), .. } => {
                context.print_error(&java::transaction_exception(&error));
                Heard::Thrown
            }
            Notice::SendFailed { record, topic, failure } => {
                self.report(&record, &topic, &failure, context);
                Heard::Failed
            }
            Notice::MetadataError { topic, error, correlation_id } => {
                let client = format!("Producer clientId={}", self.client_id);
                log_metadata_error(&client, &topic, error, correlation_id, context);
                Heard::Other
            }
            Notice::Killed
            | Notice::Consumer(_)
            | Notice::CallReturned { .. }
            | Notice::Partitioned { .. } => Heard::Other,
            Notice::Retried(retry) => {
                log_retry(&format!("Producer clientId={}", self.client_id), &retry, context);
                Heard::Other
            }
            Notice::Polled(_) | Notice::PollFailed(_) => unreachable!("a producer does not poll"),
        })
    }

    fn report(&self, record: &Record, topic: &str, failure: &SendFailure, context: &mut Context<'_>) {
        let exception = java::send_exception(failure);
        if self.sync {
            context.print_error(&format!("java.util.concurrent.ExecutionException: {exception}"));
            context.print_error(&format!("Caused by: {exception}"));
            return;
        }
        let size =
            |bytes: Option<&[u8]>| bytes.map_or("null".to_owned(), |bytes| format!("{} bytes", bytes.len()));
        let (key, value) = (size(record.key.as_deref()), size(record.value.as_deref()));
        let message = format!(
            "Error when sending message to topic {topic} with key: {key}, value: {value} with error:"
        );
        log("ERROR", &message, ERROR_LOGGING_CALLBACK, context);
        context.print_error(&exception);
    }
}
