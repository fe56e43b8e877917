//! The options of `producer-app`, and what its property file may say beside them.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::command::ProducerRecord;
use kafka_core::config::{PartitionerClass, ProducerConfig, Properties};
use kafka_core::producer::custom_partitioner::CustomPartitioner;
use kafka_core::record::{Bytes, Header};
use kafka_core::topic::TopicName;
use partitioner_script::{NamedScript, Script};

use crate::option::{Argument, OptionSpec, Options, option};
use crate::system::Context;
use crate::tool::application::{Application, Given, Lines};

const APP: Application = Application::Producer;

const TEXT: &str = "org.apache.kafka.common.serialization.StringSerializer";

/// In a value it stands for the record's number.
const NUMBER: &str = "{n}";

const MAX_RECORDS_PER_SECOND: u64 = 1000;

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
            Required("String: producer_prop"),
            "A producer property as key=value, which comes before the file; may be given more than once.",
        ),
        option("config", Required("String: config file"), "A file with producer properties."),
        option(
            "count",
            Required("Integer: records"),
            "How many records to send before close() is called. (default: until Ctrl+C)",
        ),
        option(
            "header",
            Required("String: name=value"),
            "A header of every record; may be given more than once.",
        ),
        option("help", None, "Show this list."),
        option(
            "keys",
            Required("String: key..."),
            "The keys of the records, each in its turn, such as user_{001..020}. (default: records have no keys)",
        ),
        option(
            "partitioner",
            Required("String: script file"),
            "A file with a function that chooses the partition of a record.",
        ),
        option(
            "rate",
            Required("String: such as 50/s"),
            "How many records are sent in a second, or with /m in a minute. (default: 1/s)",
        ),
        option("timestamps", None, "Begin each line with the time."),
        option("topic", Required("String: topic"), "REQUIRED: The topic to send to."),
        option(
            "value",
            Required("String: text"),
            "The value of the records; {n} in it is the number of the record. (default: message-{n})",
        ),
    ]
};

/// What the command line asks for.
pub(super) enum Asked {
    Help,
    Start(Box<Setup>),
}

pub(super) struct Setup {
    pub(super) config: ProducerConfig,
    pub(super) records: Records,
    pub(super) lines: Lines,
}

/// The records that are sent, and when.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Records {
    pub(super) topic: TopicName,
    pub(super) rate: Rate,
    keys: Rc<[Rc<str>]>,
    value: Rc<str>,
    headers: Rc<[Header]>,
    count: Option<u64>,
}

/// `50/s`, `30/m`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rate {
    records: u64,
    minutely: bool,
}

impl Rate {
    fn parse(text: &str) -> Option<Self> {
        let (records, unit) = text.split_once('/')?;
        let minutely = match unit {
            "s" => false,
            "m" => true,
            _ => return None,
        };
        let most = if minutely { MAX_RECORDS_PER_SECOND * 60 } else { MAX_RECORDS_PER_SECOND };
        let records = records.parse().ok().filter(|records| (1..=most).contains(records))?;
        Some(Self { records, minutely })
    }

    const fn period(self) -> Duration {
        Duration::from_secs(if self.minutely { 60 } else { 1 })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.records, if self.minutely { "m" } else { "s" })
    }
}

impl Records {
    /// When a record is to be sent, counted from the start; `number` counts from 0.
    pub(super) fn due(&self, number: u64) -> Duration {
        let micros = u128::from(number) * self.rate.period().as_micros() / u128::from(self.rate.records);
        Duration::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    }

    pub(super) fn end_with(&self, sent: u64) -> bool {
        self.count == Some(sent)
    }

    pub(super) fn record(&self, number: u64) -> ProducerRecord {
        let turn = number.checked_rem(self.keys.len() as u64).map(|turn| turn as usize);
        let value = self.value.replace(NUMBER, &(number + 1).to_string());
        ProducerRecord {
            topic: self.topic.clone(),
            partition: None,
            timestamp: None,
            key: turn.map(|turn| Bytes::from(self.keys[turn].as_bytes())),
            value: Some(Bytes::from(value.into_bytes())),
            headers: Rc::clone(&self.headers),
        }
    }
}

/// The error says what is wrong and what would be right.
pub(super) fn read(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<Asked, String> {
    let options = Options::parse(OPTIONS, arguments).map_err(|error| APP.explain(error))?;
    if arguments.is_empty() || options.has("help") {
        return Ok(Asked::Help);
    }
    let records = records(&options)?;
    let given = Given::read(APP, &options, context)?;
    given.check_text(["key.serializer", "value.serializer"], "sends", TEXT)?;
    let servers = given.one_of(&options, "bootstrap-server", "bootstrap.servers", "kafka:9093")?;
    let mut properties = Properties::default();
    for (key, value) in &given.map {
        properties.set(key, value);
    }
    properties.set("bootstrap.servers", &servers);
    // ProducerConfig.maybeOverrideClientId; the number counts the producers of one process.
    let mut config = ProducerConfig::from_properties(&properties, "producer-1")
        .map_err(|error| format!("{}: {error}", error.exception()))?;
    if let Some(file) = APP.value(&options, "partitioner")? {
        if config.partitioner_class.is_some() {
            return Err(format!(
                "--partitioner {file} and partitioner.class in {} do not agree: leave one of them out.",
                given.place("partitioner.class")
            ));
        }
        config.partitioner_class = Some(PartitionerClass::Custom(partitioner(file, context)?));
    }
    APP.connect(&servers, context)?;
    let lines = Lines { timestamps: options.has("timestamps") };
    Ok(Asked::Start(Box::new(Setup { config, records, lines })))
}

fn records(options: &Options) -> Result<Records, String> {
    let Some(topic) = APP.value(options, "topic")? else {
        return Err("which topic? Name it with --topic, such as --topic orders.".to_owned());
    };
    // The shell makes several words of user_{001..020}; one of them follows --keys, the others stand alone.
    let keys = [options.values("keys"), options.strays()].concat();
    if let Some(word) = options.strays().first().filter(|_| !options.has("keys")) {
        return Err(format!("'{word}' belongs to no option. Keys are named with --keys {word}."));
    }
    Ok(Records {
        topic: topic.clone(),
        rate: rate(options)?,
        keys: keys.into(),
        value: APP.value(options, "value")?.cloned().unwrap_or_else(|| format!("message-{NUMBER}").into()),
        headers: options.values("header").iter().map(header).collect::<Result<_, _>>()?,
        count: count(options)?,
    })
}

fn rate(options: &Options) -> Result<Rate, String> {
    let text = APP.value(options, "rate")?.map_or("1/s", |text| text);
    Rate::parse(text).ok_or_else(|| {
        format!("--rate {text}: give a whole number and /s or /m, from 1/m to {MAX_RECORDS_PER_SECOND}/s.")
    })
}

fn count(options: &Options) -> Result<Option<u64>, String> {
    let Some(text) = APP.value(options, "count")? else { return Ok(None) };
    match text.parse() {
        Ok(count @ 1..) => Ok(Some(count)),
        Ok(0) | Err(_) => Err(format!("--count {text}: give a whole number from 1 on.")),
    }
}

fn header(text: &Rc<str>) -> Result<Header, String> {
    let (name, value) =
        text.split_once('=').ok_or_else(|| format!("--header {text}: give it as name=value."))?;
    Ok(Header { key: name.into(), value: Some(Bytes::from(value.as_bytes())) })
}

fn partitioner(file: &Rc<str>, context: &Context<'_>) -> Result<CustomPartitioner, String> {
    let content = context.read_file(file).ok_or_else(|| {
        format!(
            "--partitioner {file}: there is no such file. Write it first: cat > {file}, the script, and Ctrl+D. \
             producer-app --help shows one."
        )
    })?;
    let source = String::from_utf8_lossy(&content);
    let script = Script::compile(&source).map_err(|error| error.in_file(file))?;
    Ok(CustomPartitioner::new(file, &source, NamedScript { file: Rc::clone(file), script }))
}
