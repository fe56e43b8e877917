//! `producer-app`: a producer as an application has one. A tool of this playground's own, not one of Kafka's.
//!
//! Stands for a program around `KafkaProducer` as the documentation of that class shows it: `send()` with a callback at
//! an even pace, and `close()` on the way out. It prints what such a program logs. While a call of `send()` blocks,
//! the program stands still, and catches up with its pace afterwards. Leaves out: serializers other than those for text,
//! `flush()`, transactions.

mod log;
mod options;

use std::rc::Rc;

use kafka_core::client::Client;
use kafka_core::command::{Command, ProducerRecord};
use kafka_core::protocol::ClientId;
use kafka_core::time::SimTime;

use super::application::Application;
use super::say;
use crate::option;
use crate::system::{Context, Notice, Progress};
use log::Log;
pub(super) use options::OPTIONS;
use options::{Asked, Records, Setup};

pub(super) const SUMMARY: &str = "send to a topic as an application does (not one of Kafka's tools)";

#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ProducerApp {
    phase: Phase,
}

#[derive(Clone, PartialEq, Debug)]
enum Phase {
    Starting(Rc<[Rc<str>]>),
    Sending(Session),
    /// `close()` has been asked for; the exit code that follows it.
    Closing(Session, u8),
    Ended,
}

#[derive(Clone, PartialEq, Debug)]
struct Session {
    client: ClientId,
    records: Records,
    started: SimTime,
    sent: u64,
    log: Log,
}

impl ProducerApp {
    pub(crate) fn new(arguments: Rc<[Rc<str>]>) -> Self {
        Self { phase: Phase::Starting(arguments) }
    }

    pub(crate) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        let (phase, progress) = match std::mem::replace(&mut self.phase, Phase::Ended) {
            Phase::Starting(arguments) => match start(&arguments, context) {
                Ok(session) => (Phase::Sending(session), Progress::Continue),
                Err(code) => (Phase::Ended, Progress::Exit(code)),
            },
            Phase::Sending(mut session) => match (context.take_signal(), session.hear(context)) {
                (Some(signal), _) => close(session, signal.exit_code(), context),
                (None, Some(_)) => (Phase::Sending(session), Progress::Continue),
                (None, None) if session.is_blocked(context) => (Phase::Sending(session), Progress::Blocked),
                (None, None) if session.records.end_with(session.sent) => close(session, 0, context),
                (None, None) => {
                    let progress = session.go_on(context);
                    (Phase::Sending(session), progress)
                }
            },
            Phase::Closing(mut session, code) => match session.hear(context) {
                Some(Heard::Closed) => {
                    session.log.closed(session.sent, context);
                    (Phase::Ended, Progress::Exit(code.max(session.log.exit_code())))
                }
                Some(Heard::Other) => (Phase::Closing(session, code), Progress::Continue),
                None => (Phase::Closing(session, code), Progress::Blocked),
            },
            Phase::Ended => unreachable!("a program that has ended takes no step"),
        };
        self.phase = phase;
        progress
    }
}

enum Heard {
    Closed,
    Other,
}

fn start(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Session, u8> {
    let tool = Application::Producer.tool();
    let setup = match options::read(arguments, context) {
        Ok(Asked::Start(setup)) => *setup,
        Ok(Asked::Help) => {
            say(&help(), context);
            return Err(0);
        }
        Err(message) => {
            context.print_error(&format!("{tool}: {message}"));
            return Err(1);
        }
    };
    let Setup { config, records, lines } = setup;
    let client = context.new_client();
    context.log_records(client);
    let log = Log::new(lines);
    log.started(&config, &records, context);
    if let Err(error) = context.command(&Command::StartProducer { client, config }) {
        context.print_error(&format!("{tool}: {}: {error}", error.exception()));
        return Err(1);
    }
    Ok(Session { client, records, started: context.now(), sent: 0, log })
}

/// The loop ends, and `close()` waits for what is buffered.
fn close(session: Session, code: u8, context: &mut Context<'_>) -> (Phase, Progress) {
    session.log.write("closing", "", context);
    context.forget_alarm();
    let closed = context.command(&Command::Close { client: session.client });
    assert!(closed.is_ok(), "a client can always be closed");
    (Phase::Closing(session, code), Progress::Continue)
}

impl Session {
    /// Sends the next record when its time has come.
    fn go_on(&mut self, context: &mut Context<'_>) -> Progress {
        let (now, due) = (context.now(), self.started + self.records.due(self.sent));
        if due > now {
            context.wake_at(due);
            return Progress::Blocked;
        }
        let record: ProducerRecord = self.records.record(self.sent);
        self.sent += 1;
        self.log.sending(&record);
        let sent = context.command(&Command::Send { client: self.client, record });
        assert!(sent.is_ok(), "what goes wrong with a record is told by an event");
        Progress::Continue
    }

    /// The last call of `send()` has not returned.
    fn is_blocked(&self, context: &mut Context<'_>) -> bool {
        match context.system().simulation.client(self.client) {
            Some(Client::Producer(producer)) => producer.blocked_records() > 0,
            Some(Client::Consumer(_)) | None => false,
        }
    }

    fn hear(&mut self, context: &mut Context<'_>) -> Option<Heard> {
        let notice = context.next_notice(self.client)?;
        if notice == Notice::Closed {
            return Some(Heard::Closed);
        }
        self.log.tell(notice, context);
        Some(Heard::Other)
    }
}

fn help() -> String {
    let options = option::usage(OPTIONS);
    let functions = partitioner_script::BUILTINS
        .iter()
        .map(|(name, arguments, what)| format!("  {:36} {what}", format!("{name}{arguments}")))
        .collect::<Vec<_>>()
        .join("\n");
    format!(
        "producer-app is a tool of this playground's own, not one of Kafka's: a producer as an application has one.\n\
         It sends records at an even pace and logs what becomes of each: sent, acknowledged at partition@offset,\n\
         retried, failed. Ctrl+C closes it: what is buffered is sent first.\n\
         \n\
         producer-app --config producer.properties --topic orders --keys user_{{001..020}} --rate 50/s\n\
         \n\
         {}\n\
         \n\
         A partitioner is a file with a function. With Kafka it is a class in Java; here it is a small script, which sees\n\
         the record and nothing else, and takes at most {} steps:\n\
         \n  \
         fn partition(topic, key, value, headers, partitions) {{\n    \
         if key.starts_with(\"vip_\") {{ return 0; }}\n    \
         1 + to_positive(murmur2(key)) % (partitions - 1)\n  \
         }}\n\
         \n\
         It may use let, if, switch, while, for, return, and these functions:\n\
         {functions}",
        options.trim_end_matches('\n'),
        partitioner_script::MAX_STEPS,
    )
}
