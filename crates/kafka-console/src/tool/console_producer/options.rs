//! The options of `kafka-console-producer` (`ConsoleProducerOptions`).

use std::rc::Rc;

use kafka_core::config::{ProducerConfig, Properties};

use super::line_reader::LineReader;
use crate::bootstrap;
use crate::option::{Argument, OptionError, OptionSpec, Options};
use crate::system::Context;
use crate::tool::properties::{self, FileError, Renamed};
use crate::tool::{CLIENT_UTILS, log, say};

const LINE_READER: &str = "org.apache.kafka.tools.LineMessageReader";

const READER_PROPERTY: Renamed = Renamed { old: "property", new: "reader-property", new_first: true };
const COMMAND_PROPERTY: Renamed =
    Renamed { old: "producer-property", new: "command-property", new_first: false };
const COMMAND_CONFIG: Renamed = Renamed { old: "producer.config", new: "command-config", new_first: false };

/// Options with a default that stand for a producer property.
const SETTINGS: [(&str, &str, &str); 9] = [
    ("timeout", "linger.ms", "1000"),
    ("request-required-acks", "acks", "-1"),
    ("request-timeout-ms", "request.timeout.ms", "1500"),
    ("message-send-max-retries", "retries", "3"),
    ("retry-backoff-ms", "retry.backoff.ms", "100"),
    ("max-memory-bytes", "buffer.memory", "33554432"),
    ("batch-size", "batch.size", "16384"),
    ("max-partition-memory-bytes", "batch.size", "16384"),
    ("max-block-ms", "max.block.ms", "60000"),
];

/// Options whose value is a number.
const NUMBERS: [&str; 10] = [
    "timeout",
    "request-timeout-ms",
    "message-send-max-retries",
    "retry-backoff-ms",
    "max-memory-bytes",
    "batch-size",
    "max-partition-memory-bytes",
    "max-block-ms",
    "metadata-expiry-ms",
    "socket-buffer-size",
];

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Optional, Required};
    &[
        option(
            "batch-size",
            Required("Integer: size"),
            "How many bytes of records go into one batch. (default: 16384)",
        ),
        option(
            "bootstrap-server",
            Required("String: server to connect to"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option(
            "command-config",
            Required("String: config file"),
            "A file with producer properties; [command-property] comes first.",
        ),
        option(
            "command-property",
            Required("String: producer_prop"),
            "A producer property as key=value; may be given more than once.",
        ),
        option(
            "compression-codec",
            Optional("String: compression-codec"),
            "none, gzip, snappy, lz4 or zstd; without a value gzip.",
        ),
        option("help", None, "Show this list."),
        option(
            "line-reader",
            Required("String: reader_class"),
            "The class that makes records of lines. (default: org.apache.kafka.tools.LineMessageReader)",
        ),
        option(
            "max-block-ms",
            Required("Long: max block on send"),
            "How long sending a record may wait for metadata or memory. (default: 60000)",
        ),
        option(
            "max-memory-bytes",
            Required("Long: total memory in bytes"),
            "How many bytes of records the producer keeps in memory. (default: 33554432)",
        ),
        option(
            "max-partition-memory-bytes",
            Required("Integer: memory in bytes per partition"),
            "(DEPRECATED) Use --batch-size instead. (default: 16384)",
        ),
        option(
            "message-send-max-retries",
            Required("Integer"),
            "How often a batch is sent again after a failure. (default: 3)",
        ),
        option(
            "metadata-expiry-ms",
            Required("Long: metadata expiration interval"),
            "How old metadata may become. (default: 300000)",
        ),
        option(
            "producer-property",
            Required("String: producer_prop"),
            "(DEPRECATED) Use --command-property instead.",
        ),
        option(
            "producer.config",
            Required("String: config file"),
            "(DEPRECATED) Use --command-config instead.",
        ),
        option("property", Required("String: prop"), "(DEPRECATED) Use --reader-property instead."),
        option(
            "reader-config",
            Required("String: config file"),
            "A file with properties of the line reader; [reader-property] comes first.",
        ),
        option(
            "reader-property",
            Required("String: prop"),
            "A property of the line reader as key=value: parse.key, key.separator, parse.headers, headers.delimiter, \
             headers.separator, headers.key.separator, ignore.error, null.marker.",
        ),
        option(
            "request-required-acks",
            Required("String: request required acks"),
            "How many replicas must have a batch: 0, 1, or -1 for all. (default: -1)",
        ),
        option(
            "request-timeout-ms",
            Required("Integer: request timeout ms"),
            "How long a request may take. (default: 1500)",
        ),
        option(
            "retry-backoff-ms",
            Required("Long"),
            "How long to wait before a batch is sent again. (default: 100)",
        ),
        option(
            "socket-buffer-size",
            Required("Integer: size"),
            "The size of the TCP buffer. (default: 102400)",
        ),
        option("sync", None, "Wait for every record before the next line is read."),
        option(
            "timeout",
            Required("Long: timeout_ms"),
            "How long a record waits for others to fill its batch. (default: 1000)",
        ),
        option("topic", Required("String: topic"), "REQUIRED: The topic to send to."),
        option("version", None, "Show the version of Kafka."),
    ]
};

const fn option(name: &'static str, argument: Argument, description: &'static str) -> OptionSpec {
    OptionSpec { name, argument, description }
}

/// What the command line asks for.
pub(super) struct Setup {
    pub(super) config: ProducerConfig,
    pub(super) reader: LineReader,
    pub(super) sync: bool,
}

/// What ends the tool before it reads a line.
pub(super) enum SetupError {
    Usage(String),
    Exception(String),
    Version,
}

/// A value of the wrong form: the tool prints the message alone.
impl From<OptionError> for SetupError {
    fn from(error: OptionError) -> Self {
        Self::Exception(error.to_string())
    }
}

impl From<FileError> for SetupError {
    fn from(error: FileError) -> Self {
        Self::Exception(error.to_string())
    }
}

impl Setup {
    pub(super) fn new(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Self, SetupError> {
        let usage = |message: String| SetupError::Usage(message);
        let options = Options::parse(OPTIONS, arguments).map_err(|error| usage(error.to_string()))?;
        if options.has("help") || arguments.is_empty() {
            let text = "This tool helps to read data from standard input and publish it to Kafka.";
            return Err(usage(text.to_owned()));
        }
        if options.has("version") {
            return Err(SetupError::Version);
        }
        let servers = check(&options)?;
        for renamed in [READER_PROPERTY, COMMAND_PROPERTY, COMMAND_CONFIG] {
            if let Some(notice) = renamed.notice(&options, "Warning:") {
                say(&notice, context);
            }
        }
        if options.has("max-partition-memory-bytes") {
            let notice = "Warning: --max-partition-memory-bytes is deprecated and will be removed in Apache Kafka 5.0. \
                          Use --batch-size instead.";
            say(notice, context);
        }
        let values = READER_PROPERTY.values(&options);
        let reader = properties::merged(options.values("reader-config"), values, context)?;
        let topic = options.value("topic")?.cloned().unwrap_or_default();
        let kafka =
            |message| SetupError::Exception(format!("org.apache.kafka.common.KafkaException: {message}"));
        let reader = LineReader::new(topic, &reader).map_err(kafka)?;
        let values = COMMAND_PROPERTY.values(&options);
        let given = properties::merged(COMMAND_CONFIG.values(&options), values, context)?;
        let config = producer_config(&options, &given)?;
        let resolution = bootstrap::resolve(&servers);
        for warning in &resolution.warnings {
            log("WARN", warning, CLIENT_UTILS, context);
        }
        if let Some(error) = resolution.error {
            return Err(SetupError::Exception(format!(
                "org.apache.kafka.common.KafkaException: Failed to construct kafka producer\n\
                 Caused by: org.apache.kafka.common.config.ConfigException: {error}"
            )));
        }
        Ok(Self { config, reader, sync: options.has("sync") })
    }
}

/// What must be given and what must not be given together; answers with the servers.
fn check(options: &Options) -> Result<Rc<str>, SetupError> {
    let usage = |message: &str| Err(SetupError::Usage(message.to_owned()));
    if !options.has("topic") {
        return usage("Missing required argument \"[topic]\"");
    }
    if !options.has("bootstrap-server") {
        return usage("Error while validating the bootstrap address\n");
    }
    for renamed in [READER_PROPERTY, COMMAND_PROPERTY, COMMAND_CONFIG] {
        if let Some(message) = renamed.clash(options) {
            return usage(&message);
        }
    }
    let servers = options.value("bootstrap-server")?.cloned().unwrap_or_default();
    if !servers.split(',').all(|server| bootstrap::host_and_port(server.trim()).is_some()) {
        return usage("Please provide valid host:port like host1:9091,host2:9092\n");
    }
    if let Some(class) = options.value("line-reader")?.filter(|class| ***class != *LINE_READER) {
        let text =
            format!("kafka-console-producer: --line-reader {class} is not simulated, only {LINE_READER} is.");
        return Err(SetupError::Exception(text));
    }
    Ok(servers)
}

/// An option counts when it was given, or when the properties do not have what it stands for.
fn producer_config(options: &Options, given: &properties::Map) -> Result<ProducerConfig, SetupError> {
    let mut properties = Properties::default();
    for (key, value) in given {
        properties.set(key, value);
    }
    for name in NUMBERS {
        options.long(name)?;
    }
    for (option, key, default) in SETTINGS {
        match options.value(option)? {
            Some(value) => properties.set(key, value),
            None => properties.set_default(key, default),
        }
    }
    let codec = options.value("compression-codec")?;
    let unnamed = if options.has("compression-codec") { "gzip" } else { "none" };
    properties.set("compression.type", codec.map_or(unnamed, |codec| &**codec));
    let exception = |error: kafka_core::config::ConfigError| {
        SetupError::Exception(format!("{}: {error}", error.exception()))
    };
    ProducerConfig::from_properties(&properties, "console-producer").map_err(exception)
}
