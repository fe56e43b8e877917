//! `kafka-consumer-groups`.
//!
//! Mirrors `ConsumerGroupCommand`. Leaves out: what `--command-config` says (the file must be there), timeouts.

mod datetime;
mod delete;
mod list;
mod members;
mod offsets;
mod options;
mod regex;
mod reset;
mod reset_plan;
mod state;

use std::rc::Rc;

use kafka_core::group::{GroupDescription, GroupState};
use kafka_core::simulation::Simulation;

use super::admin::ConnectError;
use super::{VERSION, admin, java, print_usage, say};
use crate::option::{OptionError, Options};
use crate::system::Context;
use crate::table::{self, Column};
pub(crate) use list::all;
pub(super) use options::OPTIONS;

/// What a column shows that has no value.
const MISSING: &str = "-";

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
}

impl Failure {
    fn command(exception: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Command { exceptions: vec![format!("{exception}: {message}")], message }
    }
}

/// A value has the wrong form: found when it is read, while the command is carried out.
impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        let Self::Command { message, mut exceptions } = Self::command(error.exception(), error.to_string())
        else {
            unreachable!("it was made just now")
        };
        exceptions.extend(java::causes(&error).iter().map(|cause| format!("Caused by: {cause}")));
        Self::Command { message, exceptions }
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
            print_failure(&format!("Executing consumer group command failed due to {message}"), context);
            for exception in exceptions {
                context.print_error(&exception);
            }
            0
        }
    }
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let uncaught =
        |error: OptionError| Failure::Uncaught { exception: error.exception(), message: error.to_string() };
    let options = Options::parse(OPTIONS, arguments).map_err(uncaught)?;
    options::check_available(&options)?;
    if options.has("help") || arguments.is_empty() {
        let text = "This tool helps to list all consumer groups, describe a consumer group, delete consumer group \
                    info, or reset consumer group offsets.";
        return Err(Failure::Usage(text.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    options::check(&options, context)?;
    if let Some(regex) = options.value("validate-regex")? {
        say(&regex::validate(regex), context);
        return Ok(());
    }
    admin::connect(&options, context)
        .map_err(|ConnectError { message, exceptions }| Failure::Command { message, exceptions })?;
    if options.has("list") {
        return list::list(&options, context);
    }
    if options.has("delete") {
        return delete::delete_groups(&options, context);
    }
    if options.has("delete-offsets") {
        return delete::delete_offsets(&options, context);
    }
    if options.has("reset-offsets") {
        return reset::reset(&options, context);
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

/// In order of name.
fn chosen_groups(options: &Options, context: &mut Context<'_>) -> Vec<Rc<str>> {
    let mut groups: Vec<_> = if options.has("all-groups") {
        all(&context.system().simulation).into_iter().map(|listing| listing.group).collect()
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

fn print_failure(message: &str, context: &mut Context<'_>) {
    say(&format!("\nError: {message}"), context);
}

fn print_table(columns: &[Column], rows: &[Vec<String>], context: &mut Context<'_>) {
    say("", context);
    for line in table::lines(columns, rows) {
        say(&line, context);
    }
}
