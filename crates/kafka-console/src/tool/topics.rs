//! `kafka-topics`.
//!
//! Mirrors `TopicCommand`. Leaves out: `--delete`, `--topic-id`, `--replica-assignment` (each is refused by
//! name), what `--command-config` says (the file must be there).

mod describe;

use std::rc::Rc;

use kafka_core::cluster::CONSUMER_OFFSETS;
use kafka_core::command::{Command, CommandError, NewTopic};
use regex_lite::Regex;

use super::{CLIENT_UTILS, VERSION, log, print_usage, say};
use crate::bootstrap;
use crate::option::{Argument, OptionError, OptionSpec, Options};
use crate::system::Context;

const LOGGER: &str = "org.apache.kafka.tools.TopicCommand";
const ACTIONS: [&str; 5] = ["list", "describe", "create", "alter", "delete"];

pub(super) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option("alter", None, "Change the number of partitions of a topic."),
        option(
            "at-min-isr-partitions",
            None,
            "With --describe: only partitions with as many in-sync replicas as the minimum asks for.",
        ),
        option(
            "bootstrap-server",
            Required("String: server to connect to"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option(
            "command-config",
            Required("String: command config property file"),
            "A file with properties for the admin client.",
        ),
        option(
            "config",
            Required("String: name=value"),
            "A setting of the topic to create; may be given more than once.",
        ),
        option("create", None, "Create a topic."),
        option("delete", None, "Delete topics."),
        option("delete-config", Required("String: name"), "No longer does anything."),
        option("describe", None, "Show topics, their partitions, leaders and replicas."),
        option("exclude-internal", None, "With --list or --describe: leave Kafka's own topics out."),
        option("help", None, "Show this list."),
        option(
            "if-exists",
            None,
            "With --alter, --delete or --describe: do nothing if the topic is not there.",
        ),
        option("if-not-exists", None, "With --create: do nothing if the topic is there."),
        option("list", None, "List the topics."),
        option(
            "partition-size-limit-per-response",
            Required("Integer: maximum partition size per response"),
            "How many partitions one answer of a broker describes.",
        ),
        option(
            "partitions",
            Required("Integer: # of partitions"),
            "How many partitions the topic gets; the broker's num.partitions if not given.",
        ),
        option(
            "replica-assignment",
            Required("String: broker_id_for_part1_replica1 : broker_id_for_part1_replica2 , ..."),
            "Which brokers hold which partition.",
        ),
        option(
            "replication-factor",
            Required("Integer: replication factor"),
            "How many copies each partition gets; the broker's default if not given.",
        ),
        option(
            "topic",
            Required("String: topic"),
            "The topic; except with --create a regular expression that topics match.",
        ),
        option("topic-id", Required("String: topic-id"), "With --describe: the id of the topic."),
        option(
            "topics-with-overrides",
            None,
            "With --describe: only the head lines of topics that have settings of their own.",
        ),
        option("unavailable-partitions", None, "With --describe: only partitions without a leader."),
        option(
            "under-min-isr-partitions",
            None,
            "With --describe: only partitions with fewer in-sync replicas than the minimum.",
        ),
        option(
            "under-replicated-partitions",
            None,
            "With --describe: only partitions of which a replica is out of sync.",
        ),
        option("version", None, "Show the version of Kafka."),
    ]
};

const fn option(name: &'static str, argument: Argument, description: &'static str) -> OptionSpec {
    OptionSpec { name, argument, description }
}

/// What ends the tool early.
enum Failure {
    /// Before anything was done: the message and the class of the exception, both on standard error.
    Uncaught {
        exception: &'static str,
        message: String,
        cause: Option<String>,
    },
    /// `printUsageAndExit`
    Usage(String),
    /// An error while the command was carried out.
    Command {
        exception: &'static str,
        message: String,
        causes: Vec<String>,
    },
    Unsupported(String),
}

impl Failure {
    fn illegal_argument(message: impl Into<String>) -> Self {
        Self::command("java.lang.IllegalArgumentException", message)
    }

    fn command(exception: &'static str, message: impl Into<String>) -> Self {
        Self::Command { exception, message: message.into(), causes: Vec::new() }
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        Self::command(error.exception(), error.to_string())
    }
}

/// An option's value has the wrong form: found when it is read, so the command has begun.
impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::Command {
            exception: error.exception(),
            message: error.to_string(),
            causes: super::java::causes(&error),
        }
    }
}

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    match execute(arguments, context) {
        Ok(()) => return 0,
        Err(Failure::Usage(message)) => return print_usage(&message, OPTIONS, context),
        Err(Failure::Unsupported(message)) => context.print_error(&message),
        Err(Failure::Uncaught { exception, message, cause }) => {
            context.print_error(&message);
            context.print_error(&format!("{exception}: {message}"));
            if let Some(cause) = cause {
                context.print_error(&format!("Caused by: {cause}"));
            }
            context.print_error("");
        }
        Err(Failure::Command { exception, message, causes }) => {
            say(&format!("Error while executing topic command : {message}"), context);
            let mut text = format!("{exception}: {message}\n");
            causes.iter().for_each(|cause| text.push_str(&format!("Caused by: {cause}\n")));
            log("ERROR", &text, LOGGER, context);
        }
    }
    1
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let uncaught = |error: OptionError| Failure::Uncaught {
        exception: error.exception(),
        message: error.to_string(),
        cause: None,
    };
    let options = Options::parse(OPTIONS, arguments).map_err(uncaught)?;
    if arguments.is_empty() {
        return Err(Failure::Usage("Create, delete, describe, or change a topic.".to_owned()));
    }
    if options.has("help") {
        let text = "This tool helps to create, delete, describe, or change a topic.";
        return Err(Failure::Usage(text.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    check(&options)?;
    connect(&options, context)?;
    if options.has("create") {
        create(&options, context)
    } else if options.has("list") {
        list(&options, context)
    } else if options.has("alter") {
        alter(&options, context)
    } else {
        describe::describe(&options, context)
    }
}

/// `TopicCommandOptions.checkArgs`, and what is not simulated.
fn check(options: &Options) -> Result<(), Failure> {
    let usage = |message: String| Err(Failure::Usage(message));
    if ACTIONS.iter().filter(|action| options.has(action)).count() != 1 {
        let actions = "--list, --describe, --create, --alter or --delete";
        return usage(format!("Command must include exactly one action: {actions}"));
    }
    if !options.has("bootstrap-server") {
        return Err(Failure::Uncaught {
            exception: "java.lang.IllegalArgumentException",
            message: "--bootstrap-server must be specified".to_owned(),
            cause: None,
        });
    }
    if options.has("describe")
        && options.has("if-exists")
        && !options.has("topic")
        && !options.has("topic-id")
    {
        return usage("--topic or --topic-id is required to describe a topic".to_owned());
    }
    if !options.has("list") && !options.has("describe") && !options.has("topic") {
        return usage("Missing required argument \"[topic]\"".to_owned());
    }
    if options.has("alter") && options.has("config") {
        return usage(
            "Option combination \"[[bootstrap-server], [config]]\" can't be used with option \"[alter]\" (To alter \
             topic configurations, the kafka-configs tool can be used.)"
                .to_owned(),
        );
    }
    if options.has("alter") && !options.has("partitions") {
        return usage("Missing required argument \"[partitions]\"".to_owned());
    }
    for (used, with) in COMBINATIONS {
        let others = ACTIONS.iter().chain(["partitions", "replication-factor"].iter());
        let mut clash = others.filter(|other| options.has(other) && !with.contains(other));
        if let (true, Some(other)) = (options.has(used), clash.next()) {
            return usage(format!("Option \"[{used}]\" can't be used with option \"[{other}]\""));
        }
    }
    for unsupported in ["delete", "topic-id", "replica-assignment"] {
        if options.has(unsupported) {
            return Err(Failure::Unsupported(format!("kafka-topics: --{unsupported} is not simulated yet.")));
        }
    }
    Ok(())
}

const SIZES: [&str; 2] = ["partitions", "replication-factor"];

/// Options, and the actions and sizes that each goes together with.
const COMBINATIONS: [(&str, &[&str]); 12] = [
    ("config", &["create", SIZES[0], SIZES[1]]),
    ("partitions", &["alter", "create", SIZES[0], SIZES[1]]),
    ("replication-factor", &["create", SIZES[0], SIZES[1]]),
    ("replica-assignment", &["create", "alter"]),
    ("under-replicated-partitions", &["describe"]),
    ("under-min-isr-partitions", &["describe"]),
    ("at-min-isr-partitions", &["describe"]),
    ("unavailable-partitions", &["describe"]),
    ("topics-with-overrides", &["describe"]),
    ("if-exists", &["alter", "delete", "describe", SIZES[0]]),
    ("if-not-exists", &["create", SIZES[0], SIZES[1]]),
    ("exclude-internal", &["list", "describe"]),
];

fn connect(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    if let Some(file) = options.value("command-config")?.filter(|file| context.read_file(file).is_none()) {
        return Err(Failure::Uncaught {
            exception: "java.nio.file.NoSuchFileException",
            message: file.to_string(),
            cause: None,
        });
    }
    let servers = options.value("bootstrap-server")?.cloned().unwrap_or_default();
    let resolution = bootstrap::resolve(&servers);
    for warning in &resolution.warnings {
        log("WARN", warning, CLIENT_UTILS, context);
    }
    let Some(error) = resolution.error else { return Ok(()) };
    Err(Failure::Uncaught {
        exception: "org.apache.kafka.common.KafkaException",
        message: "Failed to create new KafkaAdminClient".to_owned(),
        cause: Some(format!("org.apache.kafka.common.config.ConfigException: {error}")),
    })
}

fn create(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let name = options.value("topic")?.cloned().unwrap_or_default();
    let partitions = options.int("partitions")?;
    let replication_factor = options.int("replication-factor")?;
    let mut configs = Vec::new();
    for config in options.values("config") {
        let Some((key, value)) = config.split_once('=') else {
            return Err(Failure::illegal_argument(
                "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".",
            ));
        };
        configs.push((Rc::from(key.trim()), Rc::from(value.trim())));
    }
    if name.contains(['.', '_']) {
        say(
            "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could \
             collide. To avoid issues it is best to use either, but not both.",
            context,
        );
    }
    if partitions.is_some_and(|partitions| partitions < 1) {
        return Err(CommandError::PartitionsNotPositive.into());
    }
    if replication_factor.is_some_and(|factor| !(1..=32_767).contains(&factor)) {
        return Err(CommandError::ReplicationFactorOutOfRange.into());
    }
    let topic = NewTopic {
        name: name.clone(),
        partitions: partitions.map(i32::cast_unsigned),
        replication_factor: replication_factor.map(i32::cast_unsigned),
        replica_assignment: Vec::new(),
        configs,
    };
    match context.command(&Command::CreateTopic(topic)) {
        Ok(()) => say(&format!("Created topic {name}."), context),
        Err(CommandError::TopicExists { .. }) if options.has("if-not-exists") => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Topics get more partitions, and nothing is printed.
fn alter(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let names = existing_topics(options, context)?;
    let asked = options.int("partitions")?.unwrap_or_default();
    for topic in names {
        let Ok(total) = u32::try_from(asked) else { return Err(negative_total(&topic, asked, context)) };
        context.command(&Command::CreatePartitions { topic, total })?;
    }
    Ok(())
}

fn negative_total(topic: &Rc<str>, asked: i32, context: &mut Context<'_>) -> Failure {
    let partitions =
        context.system().simulation.cluster().topic(topic).map_or(0, |topic| topic.partitions.len());
    Failure::command(
        "org.apache.kafka.common.errors.InvalidPartitionsException",
        format!(
            "The topic {topic} currently has {partitions} partition(s); {asked} would not be an increase."
        ),
    )
}

fn list(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let names = matching_topics(options, context)?;
    say(&names.join("\n"), context);
    Ok(())
}

/// `ensureTopicExists`: that none matches is a mistake, unless `--if-exists` says otherwise.
fn existing_topics(options: &Options, context: &mut Context<'_>) -> Result<Vec<Rc<str>>, Failure> {
    let names = matching_topics(options, context)?;
    match options.value("topic")?.filter(|_| names.is_empty() && !options.has("if-exists")) {
        Some(topic) => Err(Failure::illegal_argument(format!("Topic '{topic}' does not exist as expected"))),
        None => Ok(names),
    }
}

/// The topics that `--topic` and `--exclude-internal` let through, in order of name.
fn matching_topics(options: &Options, context: &mut Context<'_>) -> Result<Vec<Rc<str>>, Failure> {
    let pattern = options.value("topic")?.map(|text| include_list(text)).transpose()?;
    let exclude_internal = options.has("exclude-internal");
    let names = context.system().simulation.cluster().topics().map(|(name, _)| name.clone());
    Ok(names
        .filter(|name| pattern.as_ref().is_none_or(|pattern| pattern.is_match(name)))
        .filter(|name| !(exclude_internal && **name == *CONSUMER_OFFSETS))
        .collect())
}

/// `TopicFilter.IncludeList`: commas separate alternatives, the whole name must match.
fn include_list(text: &str) -> Result<Regex, Failure> {
    let raw = text.trim().replace(',', "|").replace(' ', "");
    let raw = raw.trim_matches(['"', '\'']);
    Regex::new(&format!("^(?:{raw})$"))
        .map_err(|_| Failure::command("java.lang.RuntimeException", format!("{raw} is an invalid regex.")))
}
