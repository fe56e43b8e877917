//! The options of `kafka-producer-perf-test`, and what follows from them.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::config::{ProducerConfig, Properties};
use kafka_core::record::Bytes;
use kafka_core::rng::Rng;
use kafka_core::topic::{TopicId, TopicName};

use super::PER_RECORD;
use super::payload::{Payload, SplittableRandom};
use crate::bootstrap;
use crate::option::{Argument, OptionSpec, option};
use crate::system::Context;
use crate::tool::argparse::{Namespace, Parser, Refused};
use crate::tool::{CLIENT_UTILS, log, properties, say};

pub(super) struct Setup {
    pub(super) config: ProducerConfig,
    pub(super) topic: TopicName,
    pub(super) payload: Payload,
    pub(super) num_records: u64,
    pub(super) warmup_records: u64,
    /// Between two records; `None` never sends any.
    pub(super) interval: Option<Duration>,
    /// Milliseconds
    pub(super) reporting_interval: u64,
    /// How long each transaction lasts; `None` without transactions.
    pub(super) transaction_duration: Option<Duration>,
}

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "bootstrap-server",
            Required("BOOTSTRAP-SERVERS"),
            "The servers to connect to, as host:port,host:port.",
        ),
        option("topic", Required("TOPIC"), "The topic to send to."),
        option("num-records", Required("NUM-RECORDS"), "How many records are sent."),
        option("record-size", Required("RECORD-SIZE"), "Records of so many random letters."),
        option("payload-file", Required("PAYLOAD-FILE"), "Records are lines of this file, by chance."),
        option("payload-monotonic", None, "Records are numbers that count up."),
        option(
            "payload-delimiter",
            Required("PAYLOAD-DELIMITER"),
            "What ends a line of the file. (default: \\n)",
        ),
        option(
            "throughput",
            Required("THROUGHPUT"),
            "About so many records a second; -1 is as fast as it goes.",
        ),
        option("producer-props", Required("PROP-NAME=PROP-VALUE"), "(DEPRECATED) As --command-property."),
        option(
            "command-property",
            Required("PROP-NAME=PROP-VALUE"),
            "Settings of the producer, one or more.",
        ),
        option("producer.config", Required("CONFIG-FILE"), "(DEPRECATED) As --command-config."),
        option("command-config", Required("CONFIG-FILE"), "A file with settings of the producer."),
        option("print-metrics", None, "Print metrics at the end."),
        option("transactional-id", Required("TRANSACTIONAL-ID"), "The id of the transactions."),
        option("transaction-duration-ms", Required("TRANSACTION-DURATION"), "How long a transaction lasts."),
        option(
            "warmup-records",
            Required("WARMUP-RECORDS"),
            "The first so many records are told apart. (default: 0)",
        ),
        option(
            "reporting-interval",
            Required("INTERVAL-MS"),
            "How often progress is printed, in milliseconds. (default: 5000)",
        ),
    ]
};

const PARSER: Parser = Parser {
    program: "kafka-producer-perf-test",
    description: "This tool is used to verify the producer performance.",
    options: OPTIONS,
    required: &["topic", "num-records", "throughput"],
    exclusive: &["record-size", "payload-file", "payload-monotonic"],
    several: &["producer-props", "command-property"],
    commands: &[],
};

/// Beyond this a page would not answer for too long.
const MAX_RECORDS: i64 = 1_000_000;

/// `DEFAULT_TRANSACTION_DURATION_MS`
const TRANSACTION_DURATION: Duration = Duration::from_millis(3000);

const MAX_PAYLOAD_BYTES: i64 = 256 << 20;

impl Setup {
    /// `Err` is the exit code of a tool that has said why.
    pub(super) fn new(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Self, u8> {
        if arguments.is_empty() {
            return Err(PARSER.report(&Refused::Help, context));
        }
        let checked = PARSER.parse(arguments).and_then(|given| check(&given).map(|numbers| (given, numbers)));
        let (given, numbers) = match checked {
            Ok(checked) => checked,
            Err(refused) => return Err(PARSER.report(&refused, context)),
        };
        if given.has("print-metrics") {
            context.print_error("kafka-producer-perf-test: --print-metrics is not simulated.");
            return Err(1);
        }
        let uncaught = |exception: String, context: &mut Context<'_>| {
            context.print_error(&format!("Exception in thread \"main\" {exception}"));
            1
        };
        let payload = payload(&given, numbers.record_size, context)
            .map_err(|exception| uncaught(exception, context))?;
        let config = producer_config(&given, context).map_err(|exception| uncaught(exception, context))?;
        let transaction_duration = config.transactional_id.is_some().then_some(numbers.transaction_duration);
        Ok(Self {
            config,
            transaction_duration: transaction_duration.map(|set| set.unwrap_or(TRANSACTION_DURATION)),
            topic: given.value("topic").cloned().unwrap_or_default(),
            payload,
            num_records: numbers.num_records,
            warmup_records: numbers.warmup_records,
            interval: numbers.interval,
            reporting_interval: numbers.reporting_interval,
        })
    }
}

struct Numbers {
    num_records: u64,
    warmup_records: u64,
    record_size: Option<u32>,
    interval: Option<Duration>,
    reporting_interval: u64,
    transaction_duration: Option<Duration>,
}

/// `ConfigPostProcessor`
fn check(given: &Namespace) -> Result<Numbers, Refused> {
    let refuse = |message: &str| Err(Refused::Error(message.to_owned()));
    let num_records = given.long("num-records", "Long")?.unwrap_or_default();
    let warmup_records = given.long("warmup-records", "Long")?.unwrap_or_default().max(0);
    let record_size = given.long("record-size", "Integer")?;
    let reporting_interval = given.long("reporting-interval", "Long")?.unwrap_or(5000);
    let interval = interval(given)?;
    let transaction_duration = given.long("transaction-duration-ms", "Long")?;
    if num_records <= 0 {
        return refuse("--num-records should be greater than zero.");
    }
    if warmup_records >= num_records {
        return refuse(
            "The value for --warmup-records must be strictly fewer than the number of records in the test, \
             --num-records.",
        );
    }
    if record_size.is_some_and(|size| size <= 0) {
        return refuse("--record-size should be greater than zero.");
    }
    let sources =
        ["bootstrap-server", "command-property", "producer-props", "producer.config", "command-config"];
    if !sources.iter().any(|source| given.has(source)) {
        return refuse(
            "At least one of --bootstrap-server, --command-property, --producer-props, --producer.config or \
             --command-config must be specified.",
        );
    }
    if given.has("command-property") && given.has("producer-props") {
        return refuse("--command-property and --producer-props cannot be specified together.");
    }
    if given.has("command-config") && given.has("producer.config") {
        return refuse("--command-config and --producer.config cannot be specified together.");
    }
    if reporting_interval <= 0 {
        return refuse("--reporting-interval should be greater than zero.");
    }
    if transaction_duration.is_some_and(|millis| millis <= 0) {
        return refuse("--transaction-duration-ms should be greater than zero.");
    }
    if num_records > MAX_RECORDS || num_records.saturating_mul(record_size.unwrap_or(1)) > MAX_PAYLOAD_BYTES {
        return Err(Refused::Error(format!(
            "This playground sends at most {MAX_RECORDS} records and {} MB in one test. Use a smaller --num-records.",
            MAX_PAYLOAD_BYTES >> 20
        )));
    }
    let wide = |number: i64| u64::try_from(number).unwrap_or_default();
    Ok(Numbers {
        num_records: wide(num_records),
        warmup_records: wide(warmup_records),
        record_size: record_size.map(|size| u32::try_from(size).unwrap_or(u32::MAX)),
        interval,
        reporting_interval: wide(reporting_interval),
        transaction_duration: transaction_duration.map(|millis| Duration::from_millis(wide(millis))),
    })
}

/// The time between two records of so many a second; below zero there is no limit.
fn interval(given: &Namespace) -> Result<Option<Duration>, Refused> {
    let text = given.value("throughput").cloned().unwrap_or_default();
    let wrong = || Refused::Error(format!("argument --throughput: could not convert '{text}' to Double"));
    if let Some(limitless) = text.strip_prefix('-') {
        return parse_thousandths(limitless).map(|_| Some(PER_RECORD)).ok_or_else(wrong);
    }
    match parse_thousandths(&text).ok_or_else(wrong)? {
        0 => Ok(None),
        thousandths => Ok(Some(Duration::from_micros(1_000_000_000 / thousandths).max(PER_RECORD))),
    }
}

/// A decimal, in thousandths.
fn parse_thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    let thousandths: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(thousandths)
}

fn payload(
    given: &Namespace,
    record_size: Option<u32>,
    context: &mut Context<'_>,
) -> Result<Payload, String> {
    let random = SplittableRandom::default();
    if let Some(size) = record_size {
        return Ok(Payload::Letters { size, random });
    }
    let Some(file) = given.value("payload-file") else { return Ok(Payload::Monotonic) };
    say(&format!("Reading payloads from: /{}", file.trim_start_matches("./")), context);
    let content = context.read_file(file).filter(|content| !content.is_empty()).ok_or_else(|| {
        "java.lang.IllegalArgumentException: File does not exist or empty file provided.".to_owned()
    })?;
    let delimiter = match given.value("payload-delimiter") {
        Some(delimiter) if &**delimiter != "\\n" && !delimiter.is_empty() => delimiter.to_string(),
        Some(_) | None => "\n".to_owned(),
    };
    let text = String::from_utf8_lossy(&content).into_owned();
    let mut lines: Vec<&str> = text.split(&delimiter).collect();
    while lines.last().is_some_and(|line| line.is_empty()) && lines.len() > 1 {
        lines.pop();
    }
    say(&format!("Number of records read: {}", lines.len()), context);
    let lines: Vec<Bytes> = lines.into_iter().map(|line| Bytes::from(line.as_bytes())).collect();
    Ok(Payload::Lines { lines: lines.into(), random })
}

fn producer_config(given: &Namespace, context: &mut Context<'_>) -> Result<ProducerConfig, String> {
    for (old, new) in [("producer-props", "command-property"), ("producer.config", "command-config")] {
        if given.has(old) {
            let notice = format!(
                "Option --{old} has been deprecated and will be removed in a future version. Use --{new} instead."
            );
            say(&notice, context);
        }
    }
    let files = [given.value("command-config"), given.value("producer.config")].into_iter().flatten();
    let files: Vec<_> = files.cloned().collect();
    let pairs: Vec<_> =
        given.values("command-property").iter().chain(given.values("producer-props")).cloned().collect();
    let is_pair = |pair: &&Rc<str>| {
        pair.split_once('=').is_some_and(|(_, value)| !value.is_empty() && !value.contains('='))
    };
    if let Some(pair) = pairs.iter().find(|pair| !is_pair(pair)) {
        return Err(format!("java.lang.IllegalArgumentException: Invalid property: {pair}"));
    }
    let map = properties::merged(&files, &pairs, context).map_err(|error| error.to_string())?;
    let mut properties = Properties::default();
    map.iter().for_each(|(name, value)| properties.set(name, value));
    if let Some(servers) = given.value("bootstrap-server") {
        properties.set("bootstrap.servers", servers);
    }
    match given.value("transactional-id") {
        Some(id) => properties.set("transactional.id", id),
        None if given.has("transaction-duration-ms") && properties.get("transactional.id").is_none() => {
            let id = TopicId::random(&mut Rng::new(context.now().as_micros()));
            properties.set("transactional.id", &format!("performance-producer-{id}"));
        }
        None => {}
    }
    // Named so by the tool, unless the properties name it.
    if properties.get("client.id").is_none() {
        properties.set("client.id", "perf-producer-client");
    }
    let config = ProducerConfig::from_properties(&properties, "perf-producer-client")
        .map_err(|error| format!("{}: {error}", error.exception()))?;
    let config_exception = "org.apache.kafka.common.config.ConfigException";
    let Some(servers) = properties.get("bootstrap.servers") else {
        return Err(format!(
            "{config_exception}: Missing required configuration \"bootstrap.servers\" which has no default value."
        ));
    };
    let resolution = bootstrap::resolve(servers);
    for warning in &resolution.warnings {
        log("WARN", warning, CLIENT_UTILS, context);
    }
    match resolution.error {
        None => Ok(config),
        Some(error) => Err(format!(
            "org.apache.kafka.common.KafkaException: Failed to construct kafka producer\nCaused by: \
             {config_exception}: {error}"
        )),
    }
}
