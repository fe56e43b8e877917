//! `kafka-leader-election`: gives partitions another leader.
//!
//! Mirrors `LeaderElectionCommand`, and of the controller's answers those of `ReplicationControlManager.electLeader`.

use std::rc::Rc;

use kafka_core::cluster::{ElectionType, Partition};
use kafka_core::command::Command;
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::protocol::ErrorCode;
use kafka_core::topic::TopicPartition;

use super::failure::Failure;
use super::{VERSION, admin, java, partition_list, say};
use crate::option::{Argument, OptionSpec, Options, option};
use crate::system::Context;

pub(super) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option("admin.config", Required("String: config file"), "(DEPRECATED) Use --command-config instead."),
        option(
            "all-topic-partitions",
            None,
            "Elect leaders of all partitions for which the election is needed; not with --topic or --path-to-json-file.",
        ),
        option(
            "bootstrap-server",
            Required("String: host:port"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option(
            "command-config",
            Required("String: Config file"),
            "A file with properties for the admin client.",
        ),
        option(
            "election-type",
            Required("[PREFERRED,UNCLEAN]: election type"),
            "REQUIRED: preferred gives the first replica the lead where another one leads; unclean gives the lead to any \
             replica that is alive where nobody leads, and records may be lost.",
        ),
        option("help", None, "Show this list."),
        option(
            "partition",
            Required("Integer: partition id"),
            "The partition of --topic for which to elect a leader.",
        ),
        option(
            "path-to-json-file",
            Required("String: Path to JSON file"),
            "A file that names partitions: {\"partitions\": [{\"topic\": \"foo\", \"partition\": 1}]}; not with --topic or \
             --all-topic-partitions.",
        ),
        option(
            "topic",
            Required("String: topic name"),
            "The topic for which to elect a leader; not with --path-to-json-file or --all-topic-partitions.",
        ),
        option("version", None, "Show the version of Kafka."),
    ]
};

const FAILED: &str = "org.apache.kafka.tools.AdminCommandFailedException";

/// Of these one is needed, and one alone.
const CHOICES: [&str; 3] = ["topic", "all-topic-partitions", "path-to-json-file"];

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    match execute(arguments, context) {
        Ok(()) => 0,
        Err(failure) => failure.report("", OPTIONS, context),
    }
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    if arguments.is_empty() || options.has("help") {
        return Err(Failure::Usage(
            "This tool attempts to elect a new leader for a set of topic partitions. The type of elections supported are \
             preferred replicas and unclean replicas."
                .to_owned(),
        ));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    check(&options)?;
    let election = election_type(&options)?;
    let partitions = match options.value("path-to-json-file")? {
        Some(file) => Some(read(file, context)?),
        None => match (options.value("topic")?, options.int("partition")?) {
            (Some(topic), Some(number)) => Some(vec![(topic.clone(), number)]),
            _ => None,
        },
    };
    if options.has("admin.config") {
        let notice = "Option --admin.config has been deprecated and will be removed in a future version. Use \
                      --command-config instead.";
        say(notice, context);
    }
    admin::connect(&options, context)?;
    elect(election, partitions, context)
}

fn check(options: &Options) -> Result<(), Failure> {
    let failed = |message: String| Err(Failure::thrown(FAILED, message));
    let missing: Vec<_> =
        ["bootstrap-server", "election-type"].into_iter().filter(|name| !options.has(name)).collect();
    if !missing.is_empty() {
        return failed(format!("Missing required option(s): {}", missing.join(", ")));
    }
    if options.has("admin.config") && options.has("command-config") {
        let message = "Option \"[admin.config]\" can't be used with option \"[command-config]\"";
        return Err(Failure::Usage(message.to_owned()));
    }
    if CHOICES.iter().filter(|name| options.has(name)).count() != 1 {
        let choices = CHOICES.join(", ");
        return failed(format!("One and only one of the following options is required: {choices}"));
    }
    match (options.has("topic"), options.has("partition")) {
        (true, false) => failed("Missing required option(s): partition".to_owned()),
        (false, true) => failed("Option partition is only allowed if topic is used".to_owned()),
        (true, true) | (false, false) => Ok(()),
    }
}

/// `EnumConverter`, which takes small letters for capital ones.
fn election_type(options: &Options) -> Result<ElectionType, Failure> {
    let word = options.value("election-type")?.cloned().unwrap_or_default();
    match word.to_ascii_uppercase().as_str() {
        "PREFERRED" => Ok(ElectionType::Preferred),
        "UNCLEAN" => Ok(ElectionType::Unclean),
        _ => {
            let message = format!("Cannot parse argument '{word}' of option election-type");
            let cause = format!("Value [{word}] is not one of [[PREFERRED,UNCLEAN]]");
            Err(Failure::Thrown {
                exceptions: vec![
                    format!("joptsimple.OptionArgumentConversionException: {message}"),
                    format!("Caused by: joptsimple.ValueConversionException: {cause}"),
                ],
                message,
            })
        }
    }
}

type Named = Vec<(Rc<str>, i32)>;

/// `parseReplicaElectionData`
fn read(file: &Rc<str>, context: &Context<'_>) -> Result<Named, Failure> {
    let content = context.read_file(file).ok_or_else(|| {
        let cause = format!("java.nio.file.NoSuchFileException: {file}");
        Failure::Thrown {
            exceptions: vec![format!("java.lang.RuntimeException: {cause}"), format!("Caused by: {cause}")],
            message: cause,
        }
    })?;
    let json = partition_list::parse(&String::from_utf8_lossy(&content))?;
    let entries = json.field("partitions").ok_or_else(|| {
        let message = "Replica election data is missing \"partitions\" field";
        Failure::thrown(partition_list::ADMIN_OPERATION, message)
    })?;
    let mut partitions: Vec<TopicPartition> = Vec::new();
    let mut twice: Vec<String> = Vec::new();
    for entry in partition_list::list(entries)? {
        let partition = partition_list::partition(entry)?;
        if partitions.contains(&partition) {
            twice.push(partition.to_string());
        }
        partitions.push(partition);
    }
    if !twice.is_empty() {
        let message = format!("Replica election data contains duplicate partitions: [{}]", twice.join(", "));
        return Err(Failure::thrown(partition_list::ADMIN_OPERATION, message));
    }
    Ok(partitions.into_iter().map(|named| (named.topic, named.partition as i32)).collect())
}

/// What became of the partitions, in the order of Java's hashes.
#[derive(Default)]
struct Results {
    succeeded: Vec<TopicPartition>,
    not_needed: Vec<TopicPartition>,
    failed: Vec<(String, i32, String)>,
}

fn elect(election: ElectionType, named: Option<Named>, context: &mut Context<'_>) -> Result<(), Failure> {
    let name = match election {
        ElectionType::Preferred => "PREFERRED",
        ElectionType::Unclean => "UNCLEAN",
    };
    let Results { succeeded, not_needed, failed } = results(election, named, context);
    if !succeeded.is_empty() {
        let partitions = joined(succeeded);
        say(&format!("Successfully completed leader election ({name}) for partitions {partitions}"), context);
    }
    if !not_needed.is_empty() {
        say(&format!("Valid replica already elected for partitions {}", joined(not_needed)), context);
    }
    if failed.is_empty() {
        return Ok(());
    }
    let message = format!("{} replica(s) could not be elected", failed.len());
    let mut exceptions = vec![format!("{FAILED}: {message}")];
    for (topic, partition, error) in failed {
        let partition = format!("{topic}-{partition}");
        say(
            &format!("Error completing leader election ({name}) for partition: {partition}: {error}"),
            context,
        );
        exceptions.push(format!("\tSuppressed: {error}"));
    }
    Err(Failure::Thrown { message, exceptions })
}

fn results(election: ElectionType, named: Option<Named>, context: &mut Context<'_>) -> Results {
    let mut results = Results::default();
    let unknown = |message: String| {
        format!("org.apache.kafka.common.errors.UnknownTopicOrPartitionException: {message}")
    };
    let cluster = context.system().simulation.cluster();
    // Asked about all partitions, the controller says nothing of those that have the right leader.
    let all = named.is_none();
    let named = named.unwrap_or_else(|| {
        let numbers =
            |topic: &Rc<str>, count: usize| (0..count as i32).map(|number| (topic.clone(), number)).collect();
        cluster
            .topics()
            .flat_map(|(name, topic)| -> Named { numbers(name, topic.partitions.len()) })
            .collect()
    });
    let mut asked = Vec::new();
    for (topic, number) in named {
        let Some(known) = cluster.topic(&topic) else {
            let message = unknown(format!("No such topic as {topic}"));
            results.failed.push((topic.to_string(), number, message));
            continue;
        };
        match usize::try_from(number).ok().and_then(|number| known.partitions.get(number)) {
            None => {
                let message = unknown(format!("No such partition as {topic}-{number}"));
                results.failed.push((topic.to_string(), number, message));
            }
            Some(partition) => {
                let id = TopicPartition::new(topic, number.unsigned_abs());
                if is_needed(election, partition) {
                    asked.push(id);
                } else if !all {
                    results.not_needed.push(id);
                }
            }
        }
    }
    let command = Command::ElectLeaders { election, partitions: Some(asked.clone()) };
    let done = context.command(&command);
    assert!(done.is_ok(), "an election that fails is told as an event");
    let refusal = match election {
        ElectionType::Preferred => ErrorCode::PreferredLeaderNotAvailable,
        ElectionType::Unclean => ErrorCode::EligibleLeadersNotAvailable,
    };
    for id in asked {
        let still_needed = |partition: &Partition| is_needed(election, partition);
        if context.system().simulation.cluster().partition(&id).is_some_and(still_needed) {
            results.failed.push((id.topic.to_string(), id.partition as i32, java::api_exception(refusal)));
        } else {
            results.succeeded.push(id);
        }
    }
    results
}

fn is_needed(election: ElectionType, partition: &Partition) -> bool {
    match election {
        ElectionType::Preferred => partition.leader != partition.preferred_leader(),
        ElectionType::Unclean => partition.leader.is_none(),
    }
}

fn joined(partitions: Vec<TopicPartition>) -> String {
    let ordered = iteration_order(partitions, DEFAULT_CAPACITY, TopicPartition::java_hash);
    let texts: Vec<_> = ordered.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
