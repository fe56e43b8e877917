//! The options of `kafka-consumer-perf-test`, and what follows from them.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::cluster::CONSUMER_OFFSETS;
use kafka_core::command::Source;
use kafka_core::config::{ConsumerConfig, Properties};
use kafka_core::protocol::ClientId;
use kafka_core::rng::Rng;
use regex_lite::Regex;

use crate::bootstrap;
use crate::option::{Argument, OptionError, OptionSpec, Options, option};
use crate::system::Context;
use crate::tool::{CLIENT_UTILS, log, properties, say};
use crate::wall_clock::WallClock;

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Optional, Required};
    &[
        option(
            "bootstrap-server",
            Required("String: server to connect to"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option("command-config", Required("String: config file"), "A file with consumer properties."),
        option(
            "command-property",
            Required("String: prop1=val1"),
            "A property of the consumer; may be given more than once.",
        ),
        option("consumer.config", Required("String: config file"), "(DEPRECATED) As --command-config."),
        option(
            "date-format",
            Required("String: date format"),
            "How times are printed. (default: yyyy-MM-dd HH:mm:ss:SSS)",
        ),
        option(
            "fetch-size",
            Required("Integer: size"),
            "How much is fetched of a partition at a time, in bytes. (default: 1048576)",
        ),
        option("from-latest", None, "A group that has committed nothing starts behind the newest record."),
        option("group", Required("String: gid"), "The group to read in. (default: perf-consumer-NUMBER)"),
        option("help", None, "Show this list."),
        option("hide-header", None, "Leave the head line out."),
        option("include", Required("String: Java regex (String)"), "Read topics that match this expression."),
        option("messages", Required("Long: count"), "(DEPRECATED) As --num-records."),
        option("num-records", Required("Long: count"), "REQUIRED: How many records are read."),
        option("print-metrics", None, "Print metrics at the end."),
        option(
            "reporting-interval",
            Required("Long: interval_ms"),
            "How often progress is printed, in milliseconds. (default: 5000)",
        ),
        option("show-detailed-stats", None, "Print progress in every interval instead of a summary."),
        option(
            "socket-buffer-size",
            Required("Integer: size"),
            "The size of the socket's buffer. (default: 2097152)",
        ),
        option(
            "timeout",
            Optional("Long: milliseconds"),
            "Stop if no record comes for so long. (default: 10000)",
        ),
        option("topic", Required("String: topic"), "The topic to read."),
        option("version", None, "Show the version of Kafka."),
    ]
};

pub(super) struct Setup {
    pub(super) config: ConsumerConfig,
    pub(super) source: Source,
    pub(super) num_records: u64,
    pub(super) timeout: Duration,
    pub(super) reporting_interval: Duration,
    pub(super) detailed: bool,
    pub(super) date_format: DateFormat,
    hide_header: bool,
}

pub(super) enum Refused {
    Usage(String),
    /// A message, and the exceptions that it is the message of.
    Thrown(String, Vec<String>),
    Version,
}

impl Refused {
    fn thrown(exception: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let exceptions = vec![format!("{exception}: {message}")];
        Self::Thrown(message, exceptions)
    }
}

/// Of a value that is read when the tool has begun.
impl From<OptionError> for Refused {
    fn from(error: OptionError) -> Self {
        Self::thrown(error.exception(), error.to_string())
    }
}

/// A pattern of `SimpleDateFormat` as one of `date`.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct DateFormat(Rc<str>);

impl DateFormat {
    fn parse(pattern: &str) -> Option<Self> {
        let mut format = String::new();
        let mut rest = pattern;
        while let Some(letter) = rest.chars().next() {
            let end = rest.find(|c| c != letter).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            match run {
                "yyyy" => format.push_str("%Y"),
                "MM" => format.push_str("%m"),
                "dd" => format.push_str("%d"),
                "HH" => format.push_str("%H"),
                "mm" => format.push_str("%M"),
                "ss" => format.push_str("%S"),
                "SSS" => format.push_str("%3N"),
                run if run.contains('%') => format.push_str(&run.replace('%', "%%")),
                run if letter.is_ascii_alphabetic() || run.contains('\'') => return None,
                run => format.push_str(run),
            }
            rest = after;
        }
        Some(Self(format.into()))
    }

    pub(super) fn print(&self, clock: WallClock) -> String {
        clock.format(&self.0).unwrap_or_default()
    }
}

impl Setup {
    pub(super) fn new(
        arguments: &[Rc<str>],
        client: ClientId,
        context: &mut Context<'_>,
    ) -> Result<Self, Refused> {
        let options =
            Options::parse(OPTIONS, arguments).map_err(|error| Refused::Usage(error.to_string()))?;
        if options.has("help") {
            return Err(Refused::Usage("This tool is used to verify the consumer performance.".to_owned()));
        }
        if options.has("version") {
            return Err(Refused::Version);
        }
        check(&options)?;
        for old in ["messages", "consumer.config"] {
            if options.has(old) {
                let new = if old == "messages" { "num-records" } else { "command-config" };
                say(&format!("Warning: --{old} is deprecated. Use --{new} instead."), context);
            }
        }
        let wide = |number: i64| u64::try_from(number).unwrap_or_default();
        let num_records = if options.has("messages") { "messages" } else { "num-records" };
        let reporting_interval = options.long("reporting-interval")?.unwrap_or(5000);
        if reporting_interval <= 0 {
            let message = "Reporting interval must be greater than 0.";
            return Err(Refused::thrown("java.lang.IllegalArgumentException", message));
        }
        let pattern = options.value("date-format")?.map_or("yyyy-MM-dd HH:mm:ss:SSS", |text| text);
        let date_format = DateFormat::parse(pattern).ok_or_else(|| {
            let message =
                format!("The date format {pattern} is not simulated, only yyyy MM dd HH mm ss SSS are");
            Refused::thrown("java.lang.IllegalArgumentException", message)
        })?;
        let num_records = wide(options.long(num_records)?.unwrap_or_default());
        Ok(Self {
            config: consumer_config(&options, client, context)?,
            source: source(&options, context)?,
            num_records,
            timeout: Duration::from_millis(wide(options.long("timeout")?.unwrap_or(10_000))),
            reporting_interval: Duration::from_millis(wide(reporting_interval)),
            detailed: options.has("show-detailed-stats"),
            date_format,
            hide_header: options.has("hide-header"),
        })
    }

    pub(super) fn header(&self) -> Option<String> {
        let start = if self.detailed { "time, threadId" } else { "start.time, end.time" };
        (!self.hide_header).then(|| {
            format!(
                "{start}, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, \
                 fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec"
            )
        })
    }
}

fn check(options: &Options) -> Result<(), Refused> {
    let usage = |message: String| Err(Refused::Usage(message));
    if !options.has("bootstrap-server") {
        return usage("Missing required argument \"[bootstrap-server]\"".to_owned());
    }
    for [first, second] in [["topic", "include"], ["messages", "num-records"]] {
        if options.has(first) == options.has(second) {
            return usage(format!(
                "Exactly one of the following arguments is required: [{first}], [{second}]"
            ));
        }
    }
    if options.has("consumer.config") && options.has("command-config") {
        return usage(
            "Option \"[consumer.config]\" can't be used with option \"[command-config]\"".to_owned(),
        );
    }
    if options.has("print-metrics") {
        return usage("kafka-consumer-perf-test: --print-metrics is not simulated.".to_owned());
    }
    Ok(())
}

fn consumer_config(
    options: &Options,
    client: ClientId,
    context: &mut Context<'_>,
) -> Result<ConsumerConfig, Refused> {
    let files: Vec<_> =
        options.values("command-config").iter().chain(options.values("consumer.config")).cloned().collect();
    let given = properties::merged(&files, options.values("command-property"), context).map_err(|error| {
        let exception = error.to_string();
        let message = exception.split_once(": ").map_or(&*exception, |(_, message)| message).to_owned();
        Refused::Thrown(message, vec![exception])
    })?;
    let mut properties = Properties::default();
    given.iter().for_each(|(name, value)| properties.set(name, value));
    let seed = context.system().simulation.scenario().seed;
    let number = Rng::new(seed ^ (u64::from(client.0) << 32)).below(100_000);
    let group =
        options.value("group")?.map_or_else(|| format!("perf-consumer-{number}"), ToString::to_string);
    properties.set("group.id", &group);
    let fetch_size = options.int("fetch-size")?.unwrap_or(1_048_576);
    properties.set("max.partition.fetch.bytes", &fetch_size.to_string());
    let reset = if options.has("from-latest") { "latest" } else { "earliest" };
    properties.set("auto.offset.reset", reset);
    let servers = options.value("bootstrap-server")?.cloned().unwrap_or_default();
    let resolution = bootstrap::resolve(&servers);
    for warning in &resolution.warnings {
        log("WARN", warning, CLIENT_UTILS, context);
    }
    if let Some(error) = resolution.error {
        let message = "Failed to construct kafka consumer".to_owned();
        let exceptions = vec![
            format!("org.apache.kafka.common.KafkaException: {message}"),
            format!("Caused by: org.apache.kafka.common.config.ConfigException: {error}"),
        ];
        return Err(Refused::Thrown(message, exceptions));
    }
    ConsumerConfig::from_properties(&properties, "perf-consumer-client")
        .map_err(|error| Refused::thrown(error.exception(), error.to_string()))
}

fn source(options: &Options, context: &mut Context<'_>) -> Result<Source, Refused> {
    let Some(pattern) = options.value("include")? else {
        return Ok(Source::Subscribe(options.value("topic")?.cloned().into_iter().collect()));
    };
    let regex = Regex::new(&format!("^(?:{pattern})$")).map_err(|_| {
        Refused::thrown("java.util.regex.PatternSyntaxException", format!("not understood: {pattern}"))
    })?;
    let topics = context.system().simulation.cluster().topics().map(|(name, _)| name.clone());
    Ok(Source::Subscribe(topics.filter(|name| **name != *CONSUMER_OFFSETS && regex.is_match(name)).collect()))
}
