//! The options of `kafka-topics`, and which of them go together.

use super::Failure;
use crate::option::{Argument, OptionSpec, Options, option};
use crate::system::Context;
use crate::tool::say;

const ACTIONS: [&str; 5] = ["list", "describe", "create", "alter", "delete"];

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
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

/// `TopicCommandOptions.checkArgs`.
pub(super) fn check(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let usage = |message: String| Err(Failure::Usage(message));
    if ACTIONS.iter().filter(|action| options.has(action)).count() != 1 {
        let actions = "--list, --describe, --create, --alter or --delete";
        return usage(format!("Command must include exactly one action: {actions}"));
    }
    if options.has("delete-config") {
        context.print_error(
            "delete-config option is no longer supported and deprecated since version 4.0. The config will be fully \
             removed in future releases.",
        );
    }
    if !options.has("bootstrap-server") {
        let message = "--bootstrap-server must be specified".to_owned();
        return Err(Failure::uncaught("java.lang.IllegalArgumentException", message));
    }
    if options.has("describe") && options.has("if-exists") {
        match (options.has("topic"), options.has("topic-id")) {
            (false, false) => {
                return usage("--topic or --topic-id is required to describe a topic".to_owned());
            }
            (true, true) => say(
                "Only topic id will be used when both --topic and --topic-id are specified and topicId is not \
                 Uuid.ZERO_UUID",
                context,
            ),
            (true, false) | (false, true) => {}
        }
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
    for (used, clashing) in CLASHES {
        let mut clash = clashing.iter().filter(|other| options.has(other));
        if let (true, Some(other)) = (options.has(used), clash.next()) {
            return usage(format!("Option \"[{used}]\" can't be used with option \"[{other}]\""));
        }
    }
    if options.has("create") && options.has("replica-assignment") {
        let mut clash = ["partitions", "replication-factor"].into_iter().filter(|other| options.has(other));
        if let Some(other) = clash.next() {
            let option = "Option \"[replica-assignment]\"";
            return usage(format!("{option} can't be used with option \"[{other}]\""));
        }
    }
    Ok(())
}

/// Options, and those that each cannot be used with, in the order in which they are looked for.
const CLASHES: [(&str, &[&str]); 12] = [
    ("config", &["list", "describe", "delete"]),
    ("partitions", &["list", "describe", "delete"]),
    ("replication-factor", &["list", "describe", "alter", "delete"]),
    ("replica-assignment", &["list", "describe", "delete"]),
    ("under-replicated-partitions", &["list", "create", "alter", "delete", "topics-with-overrides"]),
    ("under-min-isr-partitions", &["list", "create", "alter", "delete", "topics-with-overrides"]),
    ("at-min-isr-partitions", &["list", "create", "alter", "delete", "topics-with-overrides"]),
    ("unavailable-partitions", &["list", "create", "alter", "delete", "topics-with-overrides"]),
    ("topics-with-overrides", &["list", "create", "alter", "delete"]),
    ("if-exists", &["list", "create"]),
    ("if-not-exists", &["list", "describe", "alter", "delete"]),
    ("exclude-internal", &["create", "alter", "delete"]),
];
