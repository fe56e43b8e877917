//! The options of `kafka-consumer-groups`, and which of them go together.

use super::Failure;
use crate::option::{Argument, OptionSpec, Options, option};
use crate::system::Context;

const ACTIONS: [&str; 6] =
    ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex"];

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Optional, Required};
    &[
        option("all-groups", None, "All groups."),
        option("all-topics", None, "With --reset-offsets: all topics of the group."),
        option(
            "bootstrap-server",
            Required("String: server to connect to"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option(
            "by-duration",
            Required("String"),
            "With --reset-offsets: to the offset of so long ago, as PnDTnHnMnS.",
        ),
        option(
            "command-config",
            Required("String: command config property file"),
            "A file with properties for the admin client.",
        ),
        option("delete", None, "Delete groups and their offsets."),
        option("delete-offsets", None, "Delete the offsets of topics of a group."),
        option("describe", None, "Show how far a group has read, its members or its state."),
        option("dry-run", None, "With --reset-offsets: only show what would be done."),
        option("execute", None, "With --reset-offsets: do it."),
        option("export", None, "With --reset-offsets: print it as CSV."),
        option(
            "from-file",
            Required("String: path to CSV file"),
            "With --reset-offsets: to the offsets of a CSV file.",
        ),
        option("group", Required("String: consumer group"), "A group; may be given more than once."),
        option("help", None, "Show this list."),
        option("list", None, "List the groups."),
        option("members", None, "With --describe: the members of the group."),
        option(
            "offsets",
            None,
            "With --describe: offsets and lag of each partition. This is what is shown if nothing else is asked for.",
        ),
        option("reset-offsets", None, "Set the offsets of a group that has no members."),
        option(
            "shift-by",
            Required("Long: number-of-offsets"),
            "With --reset-offsets: by so many records, also backwards.",
        ),
        option(
            "state",
            Optional("String"),
            "With --describe: the state of the group. With --list: the states of the groups, or only groups in the \
             given states.",
        ),
        option(
            "timeout",
            Required("Long: timeout (ms)"),
            "How long the tool waits for the group. (default: 30000)",
        ),
        option("to-current", None, "With --reset-offsets: to where the group stands."),
        option(
            "to-datetime",
            Required("String: datetime"),
            "With --reset-offsets: to the offset of a time, as YYYY-MM-DDTHH:mm:ss.sss.",
        ),
        option("to-earliest", None, "With --reset-offsets: to the oldest record."),
        option("to-latest", None, "With --reset-offsets: behind the newest record."),
        option("to-offset", Required("Long: offset"), "With --reset-offsets: to this offset."),
        option(
            "topic",
            Required("String: topic"),
            "With --reset-offsets or --delete-offsets: a topic, or topic:0,1 for some of its partitions.",
        ),
        option(
            "type",
            Optional("String"),
            "With --list: the types of the groups, or only groups of the given types.",
        ),
        option(
            "validate-regex",
            Required("String: regex"),
            "Check that a regular expression is one that brokers understand.",
        ),
        option("verbose", None, "With --describe: more columns."),
        option("version", None, "Show the version of Kafka."),
    ]
};

/// What an option is only available with (jopt's `availableIf`).
const AVAILABLE_WITH: [(&str, &[&str]); 5] = [
    ("members", &["describe"]),
    ("offsets", &["describe"]),
    ("state", &["describe", "list"]),
    ("type", &["list"]),
    ("verbose", &["describe"]),
];

/// In the order in which each is looked for beside the others.
const SCENARIOS: [&str; 8] = [
    "to-offset",
    "to-datetime",
    "by-duration",
    "to-earliest",
    "to-latest",
    "to-current",
    "shift-by",
    "from-file",
];

pub(super) fn check_available(options: &Options) -> Result<(), Failure> {
    let unavailable =
        |(option, with): &&(&str, &[&str])| options.has(option) && !with.iter().any(|with| options.has(with));
    let names: Vec<_> = AVAILABLE_WITH.iter().filter(unavailable).map(|(option, _)| *option).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(Failure::Uncaught {
        exception: "joptsimple.UnavailableOptionException",
        message: format!(
            "Option(s) [{}] are unavailable given other options on the command line",
            names.join(", ")
        ),
    })
}

/// `ConsumerGroupCommandOptions.checkArgs`, and that there is one action.
pub(super) fn check(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let usage = |message: &str| Err(Failure::Usage(message.to_owned()));
    let has = |name: &str| options.has(name);
    if !has("validate-regex") && !has("bootstrap-server") {
        return usage("Missing required argument \"[bootstrap-server]\"");
    }
    let names_groups = has("group") || has("all-groups");
    if has("describe") {
        if !names_groups {
            return usage("Option [describe] takes one of these options: [group], [all-groups]");
        }
        if ["members", "offsets", "state"].into_iter().filter(|what| has(what)).count() > 1 {
            return usage(
                "Option [describe] takes at most one of these options: [members], [offsets], [state]",
            );
        }
        if !options.values("state").is_empty() {
            return usage("Option [describe] does not take a value for [state]");
        }
    }
    if has("delete") {
        if !names_groups {
            return usage("Option [delete] takes one of these options: [group], [all-groups]");
        }
        if has("topic") {
            return usage(
                "The consumer does not support topic-specific offset deletion from a consumer group.",
            );
        }
    }
    if has("delete-offsets") && !(has("group") && has("topic")) {
        return usage("Option [delete-offsets] takes the following options: [group], [topic]");
    }
    if has("reset-offsets") {
        check_reset(options, context)?;
    }
    for (used, other) in
        [("group", "all-groups"), ("group", "list"), ("topic", "list"), ("topic", "describe")]
    {
        refuse_together(options, used, other)?;
    }
    if ACTIONS.into_iter().filter(|action| has(action)).count() != 1 {
        let actions: Vec<_> = ACTIONS.iter().map(|action| format!("--{action}")).collect();
        return usage(&format!("Command must include exactly one action: {}", actions.join(", ")));
    }
    Ok(())
}

fn check_reset(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    match (options.has("dry-run"), options.has("execute")) {
        (true, true) => {
            let message = "Option [reset-offsets] only accepts one of [execute] and [dry-run]";
            return Err(Failure::Usage(message.to_owned()));
        }
        (false, false) => context.print_error(
            "WARN: No action will be performed as the --execute option is missing. In version 5.0, this command will \
             require either --dry-run or --execute to be specified. You should add the --dry-run option explicitly if \
             you are scripting this command and want to keep the current default behavior without prompting.",
        ),
        (true, false) | (false, true) => {}
    }
    if !options.has("group") && !options.has("all-groups") {
        let message = "Option [reset-offsets] takes one of these options: [all-groups], [group]";
        return Err(Failure::Usage(message.to_owned()));
    }
    for used in SCENARIOS {
        for other in SCENARIOS.into_iter().filter(|other| *other != used) {
            refuse_together(options, used, other)?;
        }
    }
    Ok(())
}

fn refuse_together(options: &Options, used: &str, other: &str) -> Result<(), Failure> {
    if options.has(used) && options.has(other) {
        return Err(Failure::Usage(format!("Option \"[{used}]\" can't be used with option \"[{other}]\"")));
    }
    Ok(())
}
