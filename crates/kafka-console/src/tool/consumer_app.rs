//! `consumer-app`: a consumer as an application has one. A tool of this playground's own, not one of Kafka's.
//!
//! Stands for a program around `KafkaConsumer` as the documentation of that class shows it: `poll()` in a loop, work on
//! each record, commits where the strategy puts them, `wakeup()` and `close()` on the way out. It prints what such a
//! program logs, and calls the methods that are typed into it. Leaves out: deserializers other than those for text, pattern
//! subscriptions.

mod calls;
mod copy;
mod log;
mod options;

use std::rc::Rc;

use kafka_core::application::ConsumerCall;
use kafka_core::command::{Command, Source};
use kafka_core::config::GroupProtocol;
use kafka_core::protocol::{ClientId, ErrorCode};

use super::{java, say};
use crate::option;
use crate::system::{ConsumerNotice, Context, Input, Notice, Progress, Read};
use crate::terminal::Prompt;
use copy::{Copier, Heard};
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
    copier: Option<Copier>,
    /// Starts the consumer once the copier's transactions can begin.
    starting: Option<Command>,
    /// The loop ends when the transaction has, with this exit code.
    close_wanted: Option<u8>,
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
                Some(signal) => stop(session, signal.exit_code(), context),
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
    let Setup { config, topics, application, timestamps, copy } = setup;
    let copier = copy.map(|(producer, to)| Copier::start(producer, to, context)).transpose();
    let copier = copier.map_err(|message| {
        context.print_error(&format!("consumer-app: {message}"));
        1
    })?;
    let client = context.new_client();
    let (protocol, log) = (config.group_protocol, Log::new(timestamps));
    log.started(&config, &topics, &application, context);
    let command = Command::StartConsumer {
        client,
        config: Box::new(config),
        source: Source::Subscribe(topics),
        application,
    };
    let mut session = Session { client, protocol, log, copier, starting: Some(command), close_wanted: None };
    if session.copier.is_none() {
        session.start_consumer(context)?;
    }
    Ok(session)
}

impl Session {
    fn start_consumer(&mut self, context: &mut Context<'_>) -> Result<(), u8> {
        let Some(command) = self.starting.take() else { return Ok(()) };
        context.command(&command).map_err(|error| {
            context.print_error(&format!("consumer-app: {}: {error}", error.exception()));
            1
        })
    }

    /// What the consumer did is for the copier, too.
    fn note(&mut self, notice: &Notice, context: &mut Context<'_>) {
        let Some(copier) = &mut self.copier else { return };
        if let Notice::Polled(records) = notice {
            copier.on_polled(self.client, records, context);
        } else if let Notice::Consumer(ConsumerNotice::Processed(records)) = notice {
            copier.on_done(self.client, records.len(), true, context);
        } else if let Notice::Consumer(ConsumerNotice::ProcessingFailed { .. }) = notice {
            copier.on_done(self.client, 1, false, context);
        }
    }
}

fn run(mut session: Session, context: &mut Context<'_>) -> (Phase, Progress) {
    let heard = session.copier.as_mut().and_then(|copier| copier.hear(session.client, &session.log, context));
    match heard {
        Some(Heard::Failed) if session.starting.is_some() => return (Phase::Ended, Progress::Exit(1)),
        Some(Heard::Failed) => return close(session, 1, context),
        Some(Heard::Ready) => {
            return match session.start_consumer(context) {
                Ok(()) => (Phase::Running(session), Progress::Continue),
                Err(code) => (Phase::Ended, Progress::Exit(code)),
            };
        }
        Some(Heard::Other) => {
            let busy = session.copier.as_ref().is_some_and(Copier::is_busy);
            return match session.close_wanted.filter(|_| !busy) {
                Some(code) => close(session, code, context),
                None => (Phase::Running(session), Progress::Continue),
            };
        }
        None => {}
    }
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
            session.log.tell(notice.clone(), context);
            session.note(&notice, context);
            (Phase::Running(session), Progress::Continue)
        }
        None if context.stdio().input == Input::Terminal && !context.is_in_foreground() => {
            (Phase::Running(session), Progress::Blocked)
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

/// The loop ends when the transaction that is open has ended.
fn stop(mut session: Session, code: u8, context: &mut Context<'_>) -> (Phase, Progress) {
    if session.starting.is_some() {
        return (Phase::Ended, Progress::Exit(code));
    }
    if session.copier.as_ref().is_some_and(Copier::is_busy) {
        session.close_wanted = Some(code);
        return (Phase::Running(session), Progress::Continue);
    }
    close(session, code, context)
}

/// `wakeup()`: the loop ends when the records that it has are done, and `close()` follows.
fn close(session: Session, code: u8, context: &mut Context<'_>) -> (Phase, Progress) {
    session.log.write("closing", "", context);
    let closed = context.command(&Command::Close { client: session.client });
    assert!(closed.is_ok(), "a client can always be closed");
    if let Some(copier) = &session.copier {
        copier.close(context);
        let polls = Command::Call { client: session.client, call: ConsumerCall::PollAgain };
        assert!(context.command(&polls).is_ok(), "a program can always call poll() again");
    }
    (Phase::Closing(session, code), Progress::Continue)
}

fn go_on_closing(mut session: Session, code: u8, context: &mut Context<'_>) -> (Phase, Progress) {
    if let Some(copier) = session.copier.as_mut().filter(|copier| !copier.is_closed()) {
        let heard = copier.hear(session.client, &session.log, context);
        let progress = if heard.is_some() { Progress::Continue } else { Progress::Blocked };
        return (Phase::Closing(session, code), progress);
    }
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
