//! `kafka-get-offsets`.
//!
//! Mirrors `GetOffsetShell`. Leaves out: tiered storage, where nothing is; the minute that it waits for a partition
//! without a leader, which it then passes over.

use std::rc::Rc;

use kafka_core::cluster::CONSUMER_OFFSETS;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;
use regex_lite::Regex;

use super::failure::Failure;
use super::{VERSION, admin, print_usage, say};
use crate::bootstrap;
use crate::option::{Argument, OptionSpec, Options, option};
use crate::system::Context;

pub(super) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "bootstrap-server",
            Required("String: HOST1:PORT1,...,HOST3:PORT3"),
            "REQUIRED. The servers to connect to, as host:port,host:port.",
        ),
        option(
            "command-config",
            Required("String: config file"),
            "A file with properties for the admin client.",
        ),
        option("exclude-internal-topics", None, "Leave Kafka's own topics out."),
        option("help", None, "Show this list."),
        option("partitions", Required("String: partition ids"), "Only these partitions, as 0,2."),
        option(
            "time",
            Required(
                "String: <timestamp> / -1 or latest / -2 or earliest / -3 or max-timestamp / -4 or earliest-local / -5 \
                 or latest-tiered / -6 or earliest-pending-upload",
            ),
            "The offset of this moment, in milliseconds since 1970, or one of these words. (default: latest)",
        ),
        option("topic", Required("String: topic"), "Only topics that match this regular expression."),
        option(
            "topic-partitions",
            Required("String: topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3"),
            "Only these topics, by regular expressions, and their partitions; the upper end of a range is not in it.",
        ),
        option("version", None, "Show the version of Kafka."),
    ]
};

const USAGE_TEXT: &str = "An interactive shell for getting topic-partition offsets.";

#[derive(Clone, Copy)]
enum OffsetSpec {
    Earliest,
    Latest,
    MaxTimestamp,
    /// Of a tier that does not exist.
    Tiered,
    /// Milliseconds since the Unix epoch.
    Timestamp(i64),
}

/// Which partitions of topics with a matching name are wanted.
struct Rule {
    topic: Regex,
    partitions: Partitions,
}

enum Partitions {
    /// None means all.
    Listed(Vec<u32>),
    /// The end is not in it.
    Range(u32, u32),
}

impl Rule {
    fn allows(&self, partition: &TopicPartition) -> bool {
        let number = partition.partition;
        let in_range = match &self.partitions {
            Partitions::Listed(numbers) => numbers.is_empty() || numbers.contains(&number),
            Partitions::Range(from, to) => (*from..*to).contains(&number),
        };
        in_range && self.topic.is_match(&partition.topic)
    }
}

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    if arguments.is_empty() {
        return print_usage(USAGE_TEXT, OPTIONS, context);
    }
    match execute(arguments, context) {
        Ok(()) => 0,
        Err(failure) => failure.report("Error occurred: ", OPTIONS, context),
    }
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments).map_err(|error| Failure::Terse(error.to_string()))?;
    if options.has("help") {
        return Err(Failure::Usage(USAGE_TEXT.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    let Some(servers) = options.value("bootstrap-server")? else {
        return Err(Failure::Usage("Missing required argument \"[bootstrap-server]\"".to_owned()));
    };
    if servers.split(',').any(|url| bootstrap::host_and_port(url.trim()).is_none()) {
        let message = "Please provide valid host:port like host1:9091,host2:9092\n";
        return Err(Failure::Usage(message.to_owned()));
    }
    if options.has("topic-partitions") && (options.has("topic") || options.has("partitions")) {
        let message = "--topic-partitions cannot be used with --topic or --partitions";
        return Err(Failure::Terse(message.to_owned()));
    }
    let time = options.value("time")?.cloned().unwrap_or_else(|| "latest".into());
    let spec = offset_spec(&time)?;
    let rules = rules(&options)?;
    admin::connect(&options, context)?;

    let simulation = &context.system().simulation;
    let exclude_internal = options.has("exclude-internal-topics");
    let topics =
        simulation.cluster().topics().filter(|(name, _)| !(exclude_internal && ***name == *CONSUMER_OFFSETS));
    let mut partitions: Vec<_> = topics
        .flat_map(|(name, topic)| {
            (0..topic.partitions.len() as u32).map(|number| TopicPartition::new(name.clone(), number))
        })
        .filter(|partition| rules.iter().any(|rule| rule.allows(partition)))
        .collect();
    if partitions.is_empty() {
        let message = "Could not match any topic-partitions with the specified filters";
        return Err(Failure::Terse(message.to_owned()));
    }
    // By their text, as Kafka sorts them: `t-10` stands before `t-2`.
    partitions.sort_by_key(TopicPartition::to_string);
    let line = |partition: &TopicPartition| {
        let offset = offset(partition, spec, simulation)?;
        Some(format!("{}:{}:{offset}", partition.topic, partition.partition))
    };
    for line in partitions.iter().filter_map(line).collect::<Vec<_>>() {
        say(&line, context);
    }
    Ok(())
}

fn offset_spec(text: &str) -> Result<OffsetSpec, Failure> {
    Ok(match text {
        "latest" | "-1" => OffsetSpec::Latest,
        "earliest" | "-2" | "earliest-local" | "-4" => OffsetSpec::Earliest,
        "max-timestamp" | "-3" => OffsetSpec::MaxTimestamp,
        "latest-tiered" | "-5" | "earliest-pending-upload" | "-6" => OffsetSpec::Tiered,
        _ => match text.parse() {
            Ok(millis) => OffsetSpec::Timestamp(millis),
            Err(_) => {
                return Err(Failure::Terse(format!(
                    "Malformed time argument {text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / \
                     -4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long \
                     format timestamp"
                )));
            }
        },
    })
}

fn offset(partition: &TopicPartition, spec: OffsetSpec, simulation: &Simulation) -> Option<i64> {
    simulation.leader_replica(partition)?;
    match spec {
        OffsetSpec::Earliest => Some(admin::earliest(partition, simulation)),
        OffsetSpec::Latest => Some(admin::latest(partition, simulation)),
        OffsetSpec::MaxTimestamp => admin::max_timestamp(partition, simulation),
        OffsetSpec::Tiered => None,
        OffsetSpec::Timestamp(millis) => admin::at_or_after(partition, millis, simulation),
    }
}

fn rules(options: &Options) -> Result<Vec<Rule>, Failure> {
    if let Some(list) = options.value("topic-partitions")? {
        return list.split(',').map(rule).collect();
    }
    let topic = topic_pattern(options.value("topic")?.map_or(".*", |text| text))?;
    let numbers = options.value("partitions")?.filter(|text| !text.is_empty());
    let parse = |text: &Rc<str>| {
        let numbers = text.split(',').map(str::parse).collect::<Result<Vec<u32>, _>>();
        numbers.map_err(|_| {
            Failure::Terse(format!(
                "--partitions expects a comma separated list of numeric partition ids, but received: {text}"
            ))
        })
    };
    let partitions = Partitions::Listed(numbers.map(parse).transpose()?.unwrap_or_default());
    Ok(vec![Rule { topic, partitions }])
}

/// `topic`, `topic:1`, `topic:0-3`, `topic:5-`, `topic:-3` or any of these without a topic.
fn rule(text: &str) -> Result<Rule, Failure> {
    let invalid = || {
        let cause = format!("org.apache.kafka.tools.TerseException: Invalid rule specification: {text}");
        let exceptions = vec![format!("java.lang.RuntimeException: {cause}"), format!("Caused by: {cause}")];
        Failure::Thrown { message: cause, exceptions }
    };
    let (topic, numbers) = text.split_once(':').unwrap_or((text, ""));
    let number = |digits: &str, otherwise: u32| match digits {
        "" => Ok(otherwise),
        digits if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse().map_err(|_| invalid()),
        _ => Err(invalid()),
    };
    let partitions = match numbers.split_once('-') {
        Some((from, to)) => Partitions::Range(number(from, 0)?, number(to, u32::MAX)?),
        None if numbers.is_empty() => Partitions::Listed(Vec::new()),
        None => Partitions::Listed(vec![number(numbers, 0)?]),
    };
    Ok(Rule { topic: topic_pattern(if topic.is_empty() { ".*" } else { topic })?, partitions })
}

fn topic_pattern(text: &str) -> Result<Regex, Failure> {
    admin::include_list(text).map_err(|message| Failure::thrown("java.lang.RuntimeException", message))
}
