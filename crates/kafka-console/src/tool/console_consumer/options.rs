//! The options of `kafka-console-consumer` (`ConsoleConsumerOptions`).

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::cluster::CONSUMER_OFFSETS;
use kafka_core::command::{Source, StartAt};
use kafka_core::config::{ConsumerConfig, Properties};
use kafka_core::protocol::ClientId;
use kafka_core::rng::Rng;
use kafka_core::topic::TopicPartition;
use regex_lite::Regex;

use super::formatter::Formatter;
use crate::bootstrap;
use crate::option::{Argument, OptionError, OptionSpec, Options};
use crate::system::Context;
use crate::tool::properties::{self, FileError, Map, Renamed};
use crate::tool::{CLIENT_UTILS, log, say};

const FORMATTER: &str = "org.apache.kafka.tools.consumer.DefaultMessageFormatter";

const FORMATTER_PROPERTY: Renamed = Renamed { old: "property", new: "formatter-property", new_first: false };
const COMMAND_PROPERTY: Renamed =
    Renamed { old: "consumer-property", new: "command-property", new_first: false };
const COMMAND_CONFIG: Renamed = Renamed { old: "consumer.config", new: "command-config", new_first: false };
const RENAMED: [&Renamed; 3] = [&FORMATTER_PROPERTY, &COMMAND_PROPERTY, &COMMAND_CONFIG];

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "bootstrap-server",
            Required("String: server to connect to"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option(
            "command-config",
            Required("String: config file"),
            "A file with consumer properties; [command-property] comes first.",
        ),
        option(
            "command-property",
            Required("String: consumer_prop"),
            "A consumer property as key=value; may be given more than once.",
        ),
        option(
            "consumer-property",
            Required("String: consumer_prop"),
            "(DEPRECATED) Use --command-property instead.",
        ),
        option(
            "consumer.config",
            Required("String: config file"),
            "(DEPRECATED) Use --command-config instead.",
        ),
        option("enable-systest-events", None, "Log what the consumer does, for Kafka's own system tests."),
        option(
            "formatter",
            Required("String: class"),
            "The class that makes lines of records. (default: org.apache.kafka.tools.consumer.DefaultMessageFormatter)",
        ),
        option(
            "formatter-config",
            Required("String: config file"),
            "A file with properties of the formatter; [formatter-property] comes first.",
        ),
        option(
            "formatter-property",
            Required("String: prop"),
            "A property of the formatter as key=value: print.timestamp, print.partition, print.offset, \
             print.delivery, print.epoch, print.headers, print.key, print.value, key.separator, line.separator, \
             headers.separator, null.literal, key.deserializer, value.deserializer, headers.deserializer.",
        ),
        option(
            "from-beginning",
            None,
            "If the group has no offset yet, start with the oldest record instead of the newest.",
        ),
        option("group", Required("String: consumer group id"), "The consumer group to join."),
        option("help", None, "Show this list."),
        option(
            "include",
            Required("String: Java regex (String)"),
            "A regular expression that the names of the topics match.",
        ),
        option(
            "isolation-level",
            Required("String"),
            "read_committed leaves records of open transactions out. (default: read_uncommitted)",
        ),
        option("key-deserializer", Required("String: deserializer for key"), "The class that reads keys."),
        option(
            "max-messages",
            Required("Integer: num_messages"),
            "Stop after so many records; without it, never.",
        ),
        option(
            "offset",
            Required("String: consume offset"),
            "With --partition: start at this offset, or at earliest or latest. (default: latest)",
        ),
        option("partition", Required("Integer: partition"), "Read this partition alone, without a group."),
        option("property", Required("String: prop"), "(DEPRECATED) Use --formatter-property instead."),
        option("skip-message-on-error", None, "Go on when a record cannot be printed."),
        option("timeout-ms", Required("Integer: timeout_ms"), "Stop when no record has come for so long."),
        option("topic", Required("String: topic"), "The topic to read."),
        option(
            "value-deserializer",
            Required("String: deserializer for values"),
            "The class that reads values.",
        ),
        option("version", None, "Show the version of Kafka."),
    ]
};

const fn option(name: &'static str, argument: Argument, description: &'static str) -> OptionSpec {
    OptionSpec { name, argument, description }
}

/// What the command line asks for.
pub(super) struct Setup {
    pub(super) config: ConsumerConfig,
    pub(super) source: Source,
    pub(super) formatter: Formatter,
    pub(super) max_messages: Option<u64>,
    pub(super) skip_message_on_error: bool,
    pub(super) timeout: Option<Duration>,
}

/// What ends the tool before it polls.
pub(super) enum SetupError {
    Usage(String),
    /// The text alone, on standard error.
    Message(String),
    /// Logged as unknown.
    Exception(String),
    Version,
}

impl From<OptionError> for SetupError {
    fn from(error: OptionError) -> Self {
        Self::Exception(format!("{}: {error}", error.exception()))
    }
}

impl From<FileError> for SetupError {
    fn from(error: FileError) -> Self {
        Self::Exception(error.to_string())
    }
}

impl Setup {
    pub(super) fn new(
        arguments: &[Rc<str>],
        client: ClientId,
        context: &mut Context<'_>,
    ) -> Result<Self, SetupError> {
        let usage = |message: String| SetupError::Usage(message);
        let options = Options::parse(OPTIONS, arguments).map_err(|error| usage(error.to_string()))?;
        if options.has("help") || arguments.is_empty() {
            return Err(usage(
                "This tool helps to read data from Kafka topics and outputs it to standard output."
                    .to_owned(),
            ));
        }
        if options.has("version") {
            return Err(SetupError::Version);
        }
        check(&options)?;
        for notice in RENAMED.iter().filter_map(|renamed| renamed.notice(&options, "Option")) {
            say(&notice, context);
        }
        let start = starting_point(&options)?;
        let config = consumer_config(&options, client, context)?;
        let resolution = bootstrap::resolve(options.value("bootstrap-server")?.map_or("", |servers| servers));
        for warning in &resolution.warnings {
            log("WARN", warning, CLIENT_UTILS, context);
        }
        if let Some(error) = resolution.error {
            return Err(SetupError::Exception(format!(
                "org.apache.kafka.common.KafkaException: Failed to construct kafka consumer\n\
                 Caused by: org.apache.kafka.common.config.ConfigException: {error}"
            )));
        }
        Ok(Self {
            config,
            source: source(&options, start, context)?,
            formatter: formatter(&options, context)?,
            // Any negative number but -1 is below the count from the start.
            max_messages: options
                .int("max-messages")?
                .filter(|most| *most != -1)
                .map(|most| u64::try_from(most).unwrap_or(0)),
            skip_message_on_error: options.has("skip-message-on-error"),
            timeout: options
                .long("timeout-ms")?
                .and_then(|millis| u64::try_from(millis).ok())
                .map(Duration::from_millis),
        })
    }
}

/// `ConsoleConsumerOptions.checkRequiredArgs`, and what is not simulated.
fn check(options: &Options) -> Result<(), SetupError> {
    let usage = |message: &str| Err(SetupError::Usage(message.to_owned()));
    if options.has("topic") == options.has("include") {
        return usage("Exactly one of the following arguments is required: [topic], [include]");
    }
    if options.has("partition") && !options.has("topic") {
        return usage("The topic is required when partition is specified.");
    }
    if options.has("offset") && !options.has("partition") {
        return usage("The partition is required when offset is specified.");
    }
    if options.has("offset") && options.has("from-beginning") {
        return usage("Options from-beginning and offset cannot be specified together.");
    }
    if !options.has("bootstrap-server") {
        return usage("Missing required argument \"[bootstrap-server]\"");
    }
    for renamed in RENAMED {
        if let Some(message) = renamed.clash(options) {
            return usage(&message);
        }
    }
    let known =
        |class: &&Rc<str>| [FORMATTER, "kafka.tools.DefaultMessageFormatter"].contains(&class.as_ref());
    if let Some(class) = options.value("formatter")?.filter(|class| !known(class)) {
        let text =
            format!("kafka-console-consumer: --formatter {class} is not simulated, only {FORMATTER} is.");
        return Err(SetupError::Message(text));
    }
    Ok(())
}

fn starting_point(options: &Options) -> Result<StartAt, SetupError> {
    let Some(text) = options.value("offset")? else {
        let beginning = options.has("from-beginning");
        return Ok(if beginning { StartAt::Earliest } else { StartAt::Latest });
    };
    match text.to_ascii_lowercase().as_str() {
        "earliest" => Ok(StartAt::Earliest),
        "latest" => Ok(StartAt::Latest),
        number => number.parse().ok().filter(|offset| *offset >= 0).map(StartAt::Offset).ok_or_else(|| {
            SetupError::Usage(format!(
                "The provided offset value '{text}' is incorrect. Valid values are 'earliest', 'latest', or a \
                 non-negative long."
            ))
        }),
    }
}

fn consumer_config(
    options: &Options,
    client: ClientId,
    context: &mut Context<'_>,
) -> Result<ConsumerConfig, SetupError> {
    let files = COMMAND_CONFIG.values(options);
    let given = properties::merged(files, COMMAND_PROPERTY.values(options), context)?;
    let mut properties = Properties::default();
    for (key, value) in &given {
        properties.set(key, value);
    }
    let reset = if options.has("from-beginning") { "earliest" } else { "latest" };
    match given.get("auto.offset.reset").filter(|value| ***value != *reset) {
        Some(value) if options.has("from-beginning") => {
            return Err(SetupError::Message(format!(
                "Can't simultaneously specify --from-beginning and 'auto.offset.reset={value}', please remove one \
                 option"
            )));
        }
        Some(_) | None => properties.set_default("auto.offset.reset", reset),
    }
    match group(options, &given, context)? {
        Some(group) => {
            if options.has("partition") {
                let text = "Options group and partition cannot be specified together.";
                return Err(SetupError::Usage(text.to_owned()));
            }
            properties.set("group.id", &group);
        }
        None => {
            properties.set("group.id", &format!("console-consumer-{}", draw(client, context)));
            properties.set_default("enable.auto.commit", "false");
        }
    }
    if let Some(level) = options.value("isolation-level")? {
        properties.set("isolation.level", level);
    }
    ConsumerConfig::from_properties(&properties, "console-consumer")
        .map_err(|error| SetupError::Exception(format!("{}: {error}", error.exception())))
}

/// The group that the command line names, in whichever way; all ways must agree.
fn group(options: &Options, given: &Map, context: &Context<'_>) -> Result<Option<Rc<str>>, SetupError> {
    let in_arguments = properties::merged(&[], COMMAND_PROPERTY.values(options), context)?;
    let in_files = properties::merged(COMMAND_CONFIG.values(options), &[], context)?;
    let named = [
        options.value("group")?.cloned(),
        in_arguments.get("group.id").cloned(),
        in_files.get("group.id").cloned(),
        given.get("group.id").cloned(),
    ];
    let groups: BTreeSet<Rc<str>> = named.into_iter().flatten().collect();
    if groups.len() > 1 {
        let groups: Vec<_> = groups.iter().map(|group| format!("'{group}'")).collect();
        return Err(SetupError::Message(format!(
            "The group ids provided in different places (directly using '--group', via '--consumer-property', or via \
             '--consumer.config') do not match. Detected group ids: {}",
            groups.join(", ")
        )));
    }
    Ok(groups.into_iter().next())
}

/// The number in the name of a group that nobody named: by chance, the scenario's.
fn draw(client: ClientId, context: &mut Context<'_>) -> u32 {
    let seed = context.system().simulation.scenario().seed;
    Rng::new(seed ^ (u64::from(client.0) << 32)).below(100_000)
}

fn source(options: &Options, start: StartAt, context: &mut Context<'_>) -> Result<Source, SetupError> {
    if let Some(pattern) = options.value("include")? {
        let pattern = Regex::new(&format!("^(?:{pattern})$")).map_err(|_| {
            SetupError::Exception(format!(
                "java.util.regex.PatternSyntaxException: not understood: {pattern}"
            ))
        })?;
        let topics = context.system().simulation.cluster().topics().map(|(name, _)| name.clone());
        let matching = topics.filter(|name| **name != *CONSUMER_OFFSETS && pattern.is_match(name));
        return Ok(Source::Subscribe(matching.collect()));
    }
    let topic = options.value("topic")?.cloned().unwrap_or_default();
    Ok(match options.int("partition")?.map(u32::try_from) {
        None => Source::Subscribe(vec![topic]),
        Some(Ok(partition)) => Source::Assign(vec![(TopicPartition::new(topic, partition), start)]),
        Some(Err(_)) => {
            let text = "java.lang.IllegalArgumentException: Topic partitions to assign to cannot have a negative \
                        partition";
            return Err(SetupError::Exception(text.to_owned()));
        }
    })
}

fn formatter(options: &Options, context: &Context<'_>) -> Result<Formatter, SetupError> {
    let (files, values) = (options.values("formatter-config"), FORMATTER_PROPERTY.values(options));
    let mut given = properties::merged(files, values, context)?;
    for (option, key) in
        [("key-deserializer", "key.deserializer"), ("value-deserializer", "value.deserializer")]
    {
        if let Some(class) = options.value(option)? {
            given.insert(key.into(), class.clone());
        }
    }
    Formatter::new(&given).map_err(SetupError::Message)
}
