//! The options of `consumer-app`, and what its property file may say beside them.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::application::{
    Application, CommitMoment, CommitPoint, CommitStrategy, CommitUnit, FailureReaction, ListenerCallback,
    ListenerFailure, ProcessingFailure,
};
use kafka_core::config::{ConsumerConfig, Properties};
use kafka_core::record::Bytes;
use kafka_core::topic::TopicName;

use crate::duration;
use crate::option::{Argument, OptionSpec, Options};
use crate::system::Context;
use crate::tool::application::{self, Given};

const APP: application::Application = application::Application::Consumer;

const TEXT: &str = "org.apache.kafka.common.serialization.StringDeserializer";

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "bootstrap-server",
            Required("String: server to connect to"),
            "The servers to connect to, if the file does not have bootstrap.servers.",
        ),
        option(
            "command-property",
            Required("String: consumer_prop"),
            "A consumer property as key=value, which comes before the file; may be given more than once.",
        ),
        option(
            "commit",
            Required("String: auto|sync|async|none"),
            "Who commits offsets: the consumer itself every auto.commit.interval.ms, the application with commitSync() or \
             commitAsync(), or nobody. (default: what enable.auto.commit says: auto, or none)",
        ),
        option(
            "commit-unit",
            Required("String: batch|record"),
            "With sync and async: one commit for all that a poll() returned, or one for each record. (default: batch)",
        ),
        option(
            "commit-when",
            Required("String: before|after"),
            "With sync and async: before the records are processed (at most once) or after it (at least once). \
             (default: after)",
        ),
        option("config", Required("String: config file"), "A file with consumer properties."),
        option(
            "fail-in",
            Required("String: assigned|revoked|lost"),
            "The method of the rebalance listener that throws, once.",
        ),
        option(
            "fail-on",
            Required("String: text"),
            "Records whose value contains this text cannot be processed.",
        ),
        option(
            "group",
            Required("String: consumer group id"),
            "The group, if the file does not have group.id.",
        ),
        option("help", None, "Show this list."),
        option(
            "on-failure",
            Required("String: crash|close|skip|retry"),
            "What the application does about a record that --fail-on names: the exception ends the process; it ends the \
             loop and close() is called; the record is skipped; or it is tried again after a second. (default: crash)",
        ),
        option(
            "process",
            Required("Duration: such as 20ms"),
            "How long the work on one record takes. (default: 0ms)",
        ),
        option("timestamps", None, "Begin each line with the time."),
        option(
            "topic",
            Required("String: topic"),
            "REQUIRED: The topic to read; may be given more than once.",
        ),
    ]
};

const fn option(name: &'static str, argument: Argument, description: &'static str) -> OptionSpec {
    OptionSpec { name, argument, description }
}

/// What the command line asks for.
pub(super) enum Asked {
    Help,
    Start(Box<Setup>),
}

pub(super) struct Setup {
    pub(super) config: ConsumerConfig,
    pub(super) topics: Vec<TopicName>,
    pub(super) application: Application,
    pub(super) timestamps: bool,
}

/// The error says what is wrong and what would be right.
pub(super) fn read(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Asked, String> {
    let options = Options::parse(OPTIONS, arguments).map_err(|error| APP.explain(error))?;
    if arguments.is_empty() || options.has("help") {
        return Ok(Asked::Help);
    }
    if let Some(word) = options.strays().first() {
        return Err(format!("'{word}' belongs to no option. Topics are named with --topic {word}."));
    }
    let application = application(&options)?;
    let given = Given::read(APP, &options, context)?;
    given.check_text(["key.deserializer", "value.deserializer"], "reads", TEXT)?;
    let servers = given.one_of(&options, "bootstrap-server", "bootstrap.servers", "kafka:9093")?;
    let group = given.one_of(&options, "group", "group.id", "my-group")?;
    let topics: Vec<TopicName> = options.values("topic").to_vec();
    if topics.is_empty() {
        return Err("which topic? Name it with --topic, such as --topic orders.".to_owned());
    }
    let mut properties = Properties::default();
    for (key, value) in &given.map {
        properties.set(key, value);
    }
    properties.set("bootstrap.servers", &servers);
    properties.set("group.id", &group);
    if let Some(auto) = auto_commit(&given, &options)? {
        properties.set("enable.auto.commit", auto);
    }
    // ConsumerConfig.maybeOverrideClientId; the number counts the consumers of one process.
    let suffix = given.map.get("group.instance.id").map_or("1", |instance| instance);
    let config = ConsumerConfig::from_properties(&properties, &format!("consumer-{group}-{suffix}"))
        .map_err(|error| format!("{}: {error}", error.exception()))?;
    APP.connect(&servers, context)?;
    let timestamps = options.has("timestamps");
    Ok(Asked::Start(Box::new(Setup { config, topics, application, timestamps })))
}

fn application(options: &Options) -> Result<Application, String> {
    Ok(Application {
        process_time: process_time(options)?,
        commit: commit_strategy(options)?,
        processing_failure: processing_failure(options)?,
        listener_failure: choice(options, "fail-in", &LISTENER)?
            .map(|callback| ListenerFailure { callback, times: 1 }),
    })
}

const LISTENER: [(&str, ListenerCallback); 3] = [
    ("assigned", ListenerCallback::OnPartitionsAssigned),
    ("revoked", ListenerCallback::OnPartitionsRevoked),
    ("lost", ListenerCallback::OnPartitionsLost),
];

fn process_time(options: &Options) -> Result<Duration, String> {
    let Some(text) = APP.value(options, "process")? else { return Ok(Duration::ZERO) };
    duration::parse(text).ok_or_else(|| format!("--process {text}: give {}.", duration::FORMS))
}

/// Who commits, when the command line says it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Committer {
    Consumer,
    Nobody,
    Sync,
    Async,
}

fn committer(options: &Options) -> Result<Option<Committer>, String> {
    let choices = [
        ("auto", Committer::Consumer),
        ("sync", Committer::Sync),
        ("async", Committer::Async),
        ("none", Committer::Nobody),
    ];
    choice(options, "commit", &choices)
}

fn commit_strategy(options: &Options) -> Result<CommitStrategy, String> {
    let units = [("batch", CommitUnit::Batch), ("record", CommitUnit::Record)];
    let moments = [("before", CommitMoment::BeforeProcessing), ("after", CommitMoment::AfterProcessing)];
    let point = CommitPoint {
        unit: choice(options, "commit-unit", &units)?.unwrap_or(CommitUnit::Batch),
        moment: choice(options, "commit-when", &moments)?.unwrap_or(CommitMoment::AfterProcessing),
    };
    match committer(options)? {
        Some(Committer::Sync) => Ok(CommitStrategy::Sync(point)),
        Some(Committer::Async) => Ok(CommitStrategy::Async(point)),
        Some(Committer::Consumer | Committer::Nobody) | None => {
            match ["commit-unit", "commit-when"].into_iter().find(|name| options.has(name)) {
                Some(name) => Err(format!(
                    "--{name} is for commits that the application makes itself: add --commit sync or --commit async, or \
                     leave it out."
                )),
                None => Ok(CommitStrategy::Configured),
            }
        }
    }
}

fn processing_failure(options: &Options) -> Result<Option<ProcessingFailure>, String> {
    let reactions = [
        ("crash", FailureReaction::Crash),
        ("close", FailureReaction::Close),
        ("skip", FailureReaction::Skip),
        ("retry", FailureReaction::Retry),
    ];
    let reaction = choice(options, "on-failure", &reactions)?;
    match APP.value(options, "fail-on")? {
        Some(pattern) => Ok(Some(ProcessingFailure {
            pattern: Bytes::from(pattern.as_bytes()),
            reaction: reaction.unwrap_or(FailureReaction::Crash),
        })),
        None if reaction.is_some() => {
            Err("--on-failure says what to do about a record that fails: say which with --fail-on."
                .to_owned())
        }
        None => Ok(None),
    }
}

fn choice<T: Copy>(
    options: &Options,
    name: &'static str,
    choices: &[(&str, T)],
) -> Result<Option<T>, String> {
    let Some(word) = APP.value(options, name)? else { return Ok(None) };
    match choices.iter().find(|(choice, _)| **choice == **word) {
        Some((_, meaning)) => Ok(Some(*meaning)),
        None => {
            let words: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
            Err(format!("--{name} {word}: give one of {}.", words.join(", ")))
        }
    }
}

/// What `--commit` makes of `enable.auto.commit`.
fn auto_commit(given: &Given, options: &Options) -> Result<Option<&'static str>, String> {
    let key = "enable.auto.commit";
    let (word, wanted) = match committer(options)? {
        None => return Ok(None),
        Some(Committer::Consumer) => ("auto", "true"),
        Some(Committer::Sync) => ("sync", "false"),
        Some(Committer::Async) => ("async", "false"),
        Some(Committer::Nobody) => ("none", "false"),
    };
    match given.map.get(key).filter(|value| !value.trim().eq_ignore_ascii_case(wanted)) {
        Some(value) => Err(format!(
            "{key}={value} in {} contradicts --commit {word}, which means {key}={wanted}: change one of them.",
            given.place(key)
        )),
        None => Ok(Some(wanted)),
    }
}
