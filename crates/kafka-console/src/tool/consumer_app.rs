//! `consumer-app`: a consumer as an application has one. A tool of this playground's own, not one of Kafka's.
//!
//! Stands for a program around `KafkaConsumer` as the documentation of that class shows it: `poll()` in a loop, work on
//! each record, commits where the strategy puts them, `wakeup()` and `close()` on the way out. It prints what such a
//! program logs, and calls the methods that are typed into it. Leaves out: deserializers other than those for text, pattern subscriptions, transactions.

mod calls;
mod log;
mod options;

use std::rc::Rc;

use kafka_core::command::{Command, Source};
use kafka_core::config::GroupProtocol;
use kafka_core::protocol::{ClientId, ErrorCode};

use super::{java, say};
use crate::option;
use crate::system::{Context, Notice, Progress, Read};
use crate::terminal::Prompt;
use log::Log;
pub(super) use options::OPTIONS;
use options::{Asked, Setup};

pub(super) const SUMMARY: &str = "read a topic as an application does (not one of Kafka's tools)";

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ConsumerApp {
    phase: Phase,
}

#[derive(Clone, PartialEq, Debug)]
enum Phase {
    Starting(Rc<[Rc<str>]>),
    Running(Session),
    /// `close()` has been asked for; the exit code that follows it.
    Closing(Session, u8),
    Ended,
}

#[derive(Clone, PartialEq, Debug)]
struct Session {
    client: ClientId,
    protocol: GroupProtocol,
    log: Log,
}

impl ConsumerApp {
    pub(crate) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { phase: Phase::Starting(arguments) }
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let (phase, progress) = match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Starting(arguments) => match start(&arguments, context) {
                Ok(session) => (Phase::Running(session), Progress::Continue),
                Err(code) => (Phase::Ended, Progress::Exit(code)),
            },
            Phase::Running(session) => match context.take_signal() {
                Some(signal) => close(session, signal.exit_code(), context),
                None => run(session, context),
            },
            Phase::Closing(session, code) => go_on_closing(session, code, context),
            Phase::Ended => unreachable!("a program that has ended takes no step"),
        };
        self.phase = phase;
        progress
    }
}

fn start(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Session, u8> {
    let setup = match options::read(arguments, context) {
        Ok(Asked::Start(setup)) => *setup,
        Ok(Asked::Help) => {
            say(&help(), context);
            return Err(0);
        }
        Err(message) => {
            context.print_error(&format!("consumer-app: {message}"));
            return Err(1);
        }
    };
    let Setup { config, topics, application, timestamps } = setup;
    let client = context.new_client();
    let (protocol, log) = (config.group_protocol, Log::new(timestamps));
    log.started(&config, &topics, &application, context);
    let command = Command::StartConsumer {
        client,
        config: Box::new(config),
        source: Source::Subscribe(topics),
        application,
    };
    if let Err(error) = context.command(&command) {
        context.print_error(&format!("consumer-app: {}: {error}", error.exception()));
        return Err(1);
    }
    Ok(Session { client, protocol, log })
}

fn run(mut session: Session, context: &mut Context<'_>) -> (Phase, Progress) {
    match context.next_notice(session.client) {
        Some(Notice::Killed) => {
            session.log.crashed(context);
            (Phase::Ended, Progress::Exit(1))
        }
        // A failure that ends the loop.
        Some(Notice::Closed) => {
            session.log.write("closed", "", context);
            (Phase::Ended, Progress::Exit(1))
        }
        Some(Notice::PollFailed(error)) => {
            session.log.write("poll-failed", &java::poll_exception(&error), context);
            close(session, 1, context)
        }
        Some(Notice::MetadataError { topic, error: ErrorCode::InvalidTopic, .. }) => {
            let exception = "org.apache.kafka.common.errors.InvalidTopicException";
            session.log.write("poll-failed", &format!("{exception}: Invalid topics: [{topic}]"), context);
            close(session, 1, context)
        }
        Some(notice) => {
            session.log.tell(notice, context);
            (Phase::Running(session), Progress::Continue)
        }
        None => match context.read_line(Prompt::Program("")) {
            Read::Line(line) => {
                session.obey(&String::from_utf8_lossy(&line), context);
                (Phase::Running(session), Progress::Continue)
            }
            Read::End | Read::Wait => (Phase::Running(session), Progress::Blocked),
        },
    }
}

/// `wakeup()`: the loop ends when the records that it has are done, and `close()` follows.
fn close(session: Session, code: u8, context: &mut Context<'_>) -> (Phase, Progress) {
    session.log.write("closing", "", context);
    let closed = context.command(&Command::Close { client: session.client });
    assert!(closed.is_ok(), "a client can always be closed");
    (Phase::Closing(session, code), Progress::Continue)
}

fn go_on_closing(mut session: Session, code: u8, context: &mut Context<'_>) -> (Phase, Progress) {
    match context.next_notice(session.client) {
        Some(Notice::Closed) => {
            session.log.write("closed", "", context);
            (Phase::Ended, Progress::Exit(code))
        }
        Some(Notice::Killed) => {
            session.log.crashed(context);
            (Phase::Ended, Progress::Exit(1))
        }
        Some(notice) => {
            session.log.tell(notice, context);
            (Phase::Closing(session, code), Progress::Continue)
        }
        None => (Phase::Closing(session, code), Progress::Blocked),
    }
}

fn help() -> String {
    let options = option::usage(OPTIONS);
    format!(
        "consumer-app is a tool of this playground's own, not one of Kafka's: a consumer as an application has one.\n\
         It polls, works on each record, commits as you say, and logs what happens to it. Ctrl+C closes it: it commits\n\
         what --commit says and leaves its group. What is typed into it meanwhile are calls between two polls: pause\n\
         orders-0, resume orders-0, seek orders-0 5, seekToBeginning, seekToEnd, subscribe orders payments, unsubscribe,\n\
         enforceRebalance; or stopPolling, until pollAgain.\n\
         \n\
         consumer-app --config consumer.properties --topic orders --commit sync --process 20ms\n\
         \n\
         {}",
        options.trim_end_matches('\n')
    )
}
