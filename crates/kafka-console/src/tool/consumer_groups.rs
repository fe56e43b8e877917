//! `kafka-consumer-groups`.
//!
//! Mirrors `ConsumerGroupCommand`. Leaves out: `--delete`, `--reset-offsets`, `--delete-offsets`, `--validate-regex`
//! (each is refused by name), what `--command-config` says.

mod list;
mod members;
mod offsets;
mod state;

use std::rc::Rc;

use kafka_core::group::{GroupDescription, GroupState};
use kafka_core::simulation::Simulation;

use super::{CLIENT_UTILS, VERSION, log, print_usage, say};
use crate::bootstrap;
use crate::option::{Argument, OptionError, OptionSpec, Options};
use crate::system::Context;
use crate::table::{self, Column};

const ACTIONS: [&str; 6] =
    ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex"];

/// What a column shows that has no value.
const MISSING: &str = "-";

pub(super) const OPTIONS: &[OptionSpec] = {
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

const fn option(name: &'static str, argument: Argument, description: &'static str) -> OptionSpec {
    OptionSpec { name, argument, description }
}

/// What ends the tool early.
enum Failure {
    Usage(String),
    /// Java prints what nobody caught and exits with 1.
    Uncaught {
        exception: &'static str,
        message: String,
    },
    /// Caught and printed: the exit code stays 0.
    Command {
        message: String,
        exceptions: Vec<String>,
    },
    Unsupported(String),
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::Uncaught { exception: error.exception(), message: error.to_string() }
    }
}

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    match execute(arguments, context) {
        Ok(()) => 0,
        Err(Failure::Usage(message)) => print_usage(&message, OPTIONS, context),
        Err(Failure::Uncaught { exception, message }) => {
            context.print_error(&format!("Exception in thread \"main\" {exception}: {message}"));
            1
        }
        Err(Failure::Command { message, exceptions }) => {
            say(&format!("\nError: Executing consumer group command failed due to {message}"), context);
            for exception in exceptions {
                context.print_error(&exception);
            }
            0
        }
        Err(Failure::Unsupported(message)) => {
            context.print_error(&message);
            1
        }
    }
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    if options.has("help") || arguments.is_empty() {
        let text = "This tool helps to list all consumer groups, describe a consumer group, delete consumer group \
                    info, or reset consumer group offsets.";
        return Err(Failure::Usage(text.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    check(&options)?;
    connect(&options, context)?;
    if options.has("list") {
        return list::list(&options, context);
    }
    for group in chosen_groups(&options, context) {
        let describe = if options.has("members") {
            members::describe
        } else if options.has("state") {
            state::describe
        } else {
            offsets::describe
        };
        describe(&group, &options, context)?;
    }
    Ok(())
}

fn check(options: &Options) -> Result<(), Failure> {
    let usage = |message: &str| Err(Failure::Usage(message.to_owned()));
    if ACTIONS.iter().filter(|action| options.has(action)).count() != 1 {
        let actions: Vec<_> = ACTIONS.iter().map(|action| format!("--{action}")).collect();
        return usage(&format!("Command must include exactly one action: {}", actions.join(", ")));
    }
    if !options.has("bootstrap-server") {
        return usage("Missing required argument \"[bootstrap-server]\"");
    }
    if options.has("describe") {
        if !options.has("group") && !options.has("all-groups") {
            return usage("Option [describe] takes one of these options: [group], [all-groups]");
        }
        if ["members", "offsets", "state"].iter().filter(|what| options.has(what)).count() > 1 {
            return usage(
                "Option [describe] takes at most one of these options: [members], [offsets], [state]",
            );
        }
        if !options.values("state").is_empty() {
            return usage("Option [describe] does not take a value for [state]");
        }
    }
    if options.has("group") && options.has("all-groups") {
        return usage("Option \"[all-groups]\" can't be used with option \"[group]\"");
    }
    for unsupported in ["delete", "reset-offsets", "delete-offsets", "validate-regex"] {
        if options.has(unsupported) {
            let message = format!("kafka-consumer-groups: --{unsupported} is not simulated yet.");
            return Err(Failure::Unsupported(message));
        }
    }
    Ok(())
}

fn connect(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    if let Some(file) = options.value("command-config")?.filter(|file| context.read_file(file).is_none()) {
        let exceptions = vec![format!("java.nio.file.NoSuchFileException: {file}")];
        return Err(Failure::Command { message: file.to_string(), exceptions });
    }
    let servers = options.value("bootstrap-server")?.cloned().unwrap_or_default();
    let resolution = bootstrap::resolve(&servers);
    for warning in &resolution.warnings {
        log("WARN", warning, CLIENT_UTILS, context);
    }
    let Some(error) = resolution.error else { return Ok(()) };
    let message = "Failed to create new KafkaAdminClient".to_owned();
    let exceptions = vec![
        format!("org.apache.kafka.common.KafkaException: {message}"),
        format!("Caused by: org.apache.kafka.common.config.ConfigException: {error}"),
    ];
    Err(Failure::Command { message, exceptions })
}

/// In order of name.
fn chosen_groups(options: &Options, context: &mut Context<'_>) -> Vec<Rc<str>> {
    let mut groups: Vec<_> = if options.has("all-groups") {
        list::all(&context.system().simulation).into_iter().map(|listing| listing.group).collect()
    } else {
        options.values("group").to_vec()
    };
    groups.sort();
    groups.dedup();
    groups
}

fn find(group: &str, simulation: &Simulation) -> Result<GroupDescription, Failure> {
    simulation.describe_group(group).ok_or_else(|| {
        let cause =
            format!("org.apache.kafka.common.errors.GroupIdNotFoundException: Group {group} not found.");
        let exceptions =
            vec![format!("java.util.concurrent.ExecutionException: {cause}"), format!("Caused by: {cause}")];
        Failure::Command { message: cause, exceptions }
    })
}

/// What is said about a group that is not simply stable.
fn warn_about_state(group: &str, state: GroupState, context: &mut Context<'_>) {
    match state {
        GroupState::Empty => {
            context.print_error(&format!("\nConsumer group '{group}' has no active members."));
        }
        GroupState::PreparingRebalance
        | GroupState::CompletingRebalance
        | GroupState::Assigning
        | GroupState::Reconciling => {
            context.print_error(&format!("\nWarning: Consumer group '{group}' is rebalancing."));
        }
        GroupState::Stable | GroupState::Dead => {}
    }
}

fn print_table(columns: &[Column], rows: &[Vec<String>], context: &mut Context<'_>) {
    say("", context);
    for line in table::lines(columns, rows) {
        say(&line, context);
    }
}
