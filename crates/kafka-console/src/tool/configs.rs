//! `kafka-configs`.
//!
//! Mirrors `ConfigCommand`. Leaves out: loggers, client metrics, SCRAM credentials, controllers' own settings, what
//! `--command-config` says (the file must be there).

mod alter;
mod describe;
mod entity;
mod options;
mod quotas;
mod synonyms;

use std::rc::Rc;

use super::admin::ConnectError;
use super::{VERSION, admin, print_usage, say};
use crate::option::{OptionError, Options};
use crate::system::Context;
pub(super) use options::OPTIONS;
pub(crate) use quotas::{CLIENT_QUOTAS, IP_QUOTAS};

/// What ends the tool early.
enum Failure {
    Usage(String),
    /// An `IllegalArgumentException`, an `InvalidConfigurationException` or jopt's: the message is all that is printed.
    Message(String),
    /// Anything else that is thrown, with its causes.
    Thrown(Vec<String>),
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        Self::Message(error.to_string())
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Self::Thrown(error.exceptions)
    }
}

const HELP: &str = "This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, \
                    client-metrics or group";

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    match execute(arguments, context) {
        Ok(()) => return 0,
        Err(Failure::Usage(message)) => return print_usage(&message, OPTIONS, context),
        Err(Failure::Message(message)) => context.print_error(&message),
        Err(Failure::Thrown(exceptions)) => {
            let arguments = arguments.join(" ");
            context.print_error(&format!("Error while executing config command with args '{arguments}'"));
            exceptions.iter().for_each(|exception| context.print_error(exception));
        }
    }
    1
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    if options.has("help") || arguments.is_empty() {
        return Err(Failure::Usage(HELP.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    let entity = options::check(&options, arguments)?;
    if options.has("bootstrap-controller") {
        let servers = options.value("bootstrap-controller")?.cloned().unwrap_or_default();
        admin::reach(&servers, context)?;
    } else {
        admin::connect(&options, context)?;
    }
    if options.has("alter") {
        alter::alter(&entity, &options, context)
    } else {
        describe::describe(&entity, options.has("all"), context)
    }
}
