//! How the smaller tools end early.

use kafka_core::command::CommandError;

use super::admin::ConnectError;
use super::{java, print_usage};
use crate::option::{OptionError, OptionSpec};
use crate::system::Context;

pub(super) enum Failure {
    /// `CommandLineUtils.printUsageAndExit`
    Usage(String),
    /// `TerseException`: the message is all that is printed.
    Terse(String),
    /// Any other exception: its message, then itself and its causes.
    Thrown { message: String, exceptions: Vec<String> },
}

impl Failure {
    pub(super) fn thrown(exception: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::Thrown { exceptions: vec![format!("{exception}: {message}")], message }
    }

    /// What `mainNoExit` of a tool prints; `prefix` stands before the message.
    pub(super) fn report(self, prefix: &str, options: &[OptionSpec], context: &mut Context<'_>) -> u8 {
        match self {
            Self::Usage(message) => return print_usage(&message, options, context),
            Self::Terse(message) => context.print_error(&format!("{prefix}{message}")),
            Self::Thrown { message, exceptions } => {
                context.print_error(&format!("{prefix}{message}"));
                for exception in exceptions {
                    context.print_error(&exception);
                }
                context.print_error("");
            }
        }
        1
    }
}

impl From<ConnectError> for Failure {
    fn from(error: ConnectError) -> Self {
        Self::Thrown { message: error.message, exceptions: error.exceptions }
    }
}

impl From<OptionError> for Failure {
    fn from(error: OptionError) -> Self {
        let message = error.to_string();
        let mut exceptions = vec![format!("{}: {message}", error.exception())];
        exceptions.extend(java::causes(&error).iter().map(|cause| format!("Caused by: {cause}")));
        Self::Thrown { message, exceptions }
    }
}

/// `class: message` of what a broker answered.
pub(super) fn exception(error: &CommandError) -> String {
    if let CommandError::Rejected(code) = error {
        return java::api_exception(*code);
    }
    format!("{}: {error}", error.exception())
}
