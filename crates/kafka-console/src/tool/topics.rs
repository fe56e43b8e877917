//! `kafka-topics`.
//!
//! Mirrors `TopicCommand`. Leaves out: what `--command-config` says (the file must be there), reassignments.

mod alter;
mod create;
mod describe;
mod options;

use std::rc::Rc;

use kafka_core::cluster::CONSUMER_OFFSETS;
use kafka_core::command::CommandError;

use super::admin::ConnectError;
use super::{VERSION, admin, log, print_usage, say};
use crate::option::{OptionError, Options};
use crate::system::Context;
pub(super) use options::OPTIONS;

const LOGGER: &str = "org.apache.kafka.tools.TopicCommand";
/// What ends the tool early.
enum Failure {
    /// Before anything was done: the message, then the exception and its causes, all on standard error.
    Uncaught { message: String, exceptions: Vec<String> },
    /// `printUsageAndExit`
    Usage(String),
    /// An error while the command was carried out.
    Command { exception: &'static str, message: String, causes: Vec<String> },
}

impl Failure {
    fn uncaught(exception: &str, message: String) -> Self {
        Self::Uncaught { exceptions: vec![format!("{exception}: {message}")], message }
    }

    fn illegal_argument(message: impl Into<String>) -> Self {
        Self::command("java.lang.IllegalArgumentException", message)
    }

    fn command(exception: &'static str, message: impl Into<String>) -> Self {
        Self::Command { exception, message: message.into(), causes: Vec::new() }
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        Self::command(error.exception(), error.to_string())
    }
}

/// An option's value has the wrong form: found when it is read, so the command has begun.
impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::Command {
            exception: error.exception(),
            message: error.to_string(),
            causes: super::java::causes(&error),
        }
    }
}

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    match execute(arguments, context) {
        Ok(()) => return 0,
        Err(Failure::Usage(message)) => return print_usage(&message, OPTIONS, context),
        Err(Failure::Uncaught { message, exceptions }) => {
            context.print_error(&message);
            exceptions.iter().for_each(|exception| context.print_error(exception));
            context.print_error("");
        }
        Err(Failure::Command { exception, message, causes }) => {
            say(&format!("Error while executing topic command : {message}"), context);
            let mut text = format!("{exception}: {message}\n");
            causes.iter().for_each(|cause| text.push_str(&format!("Caused by: {cause}\n")));
            log("ERROR", &text, LOGGER, context);
        }
    }
    1
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let uncaught = |error: OptionError| Failure::uncaught(error.exception(), error.to_string());
    let options = Options::parse(OPTIONS, arguments).map_err(uncaught)?;
    if arguments.is_empty() {
        return Err(Failure::Usage("Create, delete, describe, or change a topic.".to_owned()));
    }
    if options.has("help") {
        let text = "This tool helps to create, delete, describe, or change a topic.";
        return Err(Failure::Usage(text.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    options::check(&options, context)?;
    admin::connect(&options, context)
        .map_err(|ConnectError { message, exceptions }| Failure::Uncaught { message, exceptions })?;
    if options.has("create") {
        create::create(&options, context)
    } else if options.has("alter") {
        alter::alter(&options, context)
    } else if options.has("list") {
        list(&options, context)
    } else if options.has("describe") {
        describe::describe(&options, context)
    } else {
        alter::delete(&options, context)
    }
}

fn list(options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let names = matching_topics(options, context)?;
    say(&names.join("\n"), context);
    Ok(())
}

/// The topics that `--topic` and `--exclude-internal` let through, in order of name.
fn matching_topics(options: &Options, context: &mut Context<'_>) -> Result<Vec<Rc<str>>, Failure> {
    let pattern = options.value("topic")?.map(|text| admin::include_list(text)).transpose();
    let pattern = pattern.map_err(|message| Failure::command("java.lang.RuntimeException", message))?;
    let exclude_internal = options.has("exclude-internal");
    let names = context.system().simulation.cluster().topics().map(|(name, _)| name.clone());
    Ok(names
        .filter(|name| pattern.as_ref().is_none_or(|pattern| pattern.is_match(name)))
        .filter(|name| !(exclude_internal && **name == *CONSUMER_OFFSETS))
        .collect())
}

/// The same where at least one is expected, unless `--if-exists` is given (`ensureTopicExists`).
fn existing_topics(options: &Options, context: &mut Context<'_>) -> Result<Vec<Rc<str>>, Failure> {
    let names = matching_topics(options, context)?;
    match options.value("topic")?.filter(|topic| !topic.is_empty()) {
        Some(topic) if names.is_empty() && !options.has("if-exists") => {
            Err(Failure::illegal_argument(format!("Topic '{topic}' does not exist as expected")))
        }
        Some(_) | None => Ok(names),
    }
}
