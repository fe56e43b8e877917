//! What `consumer-app` and `producer-app` have in common: options beside a property file, and the lines that they log.

use std::fmt;
use std::rc::Rc;

use super::properties::{self, FileError, Map};
use super::{CLIENT_UTILS, log, say};
use crate::bootstrap;
use crate::option::{OptionError, Options};
use crate::system::Context;

/// One of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Application {
    Consumer,
    Producer,
}

impl Application {
    pub(super) const fn tool(self) -> &'static str {
        match self {
            Self::Consumer => "consumer-app",
            Self::Producer => "producer-app",
        }
    }

    const fn client(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::Producer => "producer",
        }
    }

    /// The words of a parser that everybody takes for their own mistake.
    pub(super) fn explain(self, error: OptionError) -> String {
        let tool = self.tool();
        match error {
            OptionError::Unrecognized(name) => {
                format!("there is no option '{name}'. {tool} --help lists the options.")
            }
            OptionError::MissingArgument(name) => {
                format!("--{name} needs a value. {tool} --help says which.")
            }
            OptionError::Multiple(name) => format!("--{name} is given more than once; give it once."),
            OptionError::Conversion { value, name } => format!("--{name} {value}: that is not a number."),
        }
    }

    /// The one value of an option.
    pub(super) fn value<'a>(
        self,
        options: &'a Options,
        name: &'static str,
    ) -> Result<Option<&'a Rc<str>>, String> {
        options.value(name).map_err(|error| self.explain(error))
    }

    pub(super) fn connect(self, servers: &str, context: &mut Context<'_>) -> Result<(), String> {
        let resolution = bootstrap::resolve(servers);
        for warning in &resolution.warnings {
            log("WARN", warning, CLIENT_UTILS, context);
        }
        match resolution.error {
            Some(error) => Err(format!(
                "org.apache.kafka.common.KafkaException: Failed to construct kafka {}\n\
                 Caused by: org.apache.kafka.common.config.ConfigException: {error}",
                self.client()
            )),
            None => Ok(()),
        }
    }
}

/// The properties of the file and of `--command-property`, which comes first.
pub(super) struct Given {
    application: Application,
    pub(super) map: Map,
    from_arguments: Map,
    file: Option<Rc<str>>,
}

/// Where a property was given.
pub(super) struct Place<'a>(Option<&'a str>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.unwrap_or("--command-property"))
    }
}

impl Given {
    pub(super) fn read(
        application: Application,
        options: &Options,
        context: &Context<'_>,
    ) -> Result<Self, String> {
        let file = application.value(options, "config")?.cloned();
        let mut map = Map::new();
        if let Some(name) = &file {
            map = properties::read(name, context).map_err(|error| match error {
                FileError::Missing(_) => format!(
                    "{error}\nWrite the file first: cat > {name}, the properties, and Ctrl+D. ls shows what is there."
                ),
                FileError::Malformed => {
                    format!("{error}\nIn {name} a \\u is not followed by four hexadecimal digits, as in \\uc8fc.")
                }
            })?;
        }
        let values = options.values("command-property");
        if let Some(wrong) = values.iter().find(|value| !value.contains('=')) {
            return Err(format!("--command-property {wrong}: give it as key=value."));
        }
        let from_arguments = properties::merged(&[], values, context).map_err(|error| error.to_string())?;
        map.extend(from_arguments.clone());
        Ok(Self { application, map, from_arguments, file })
    }

    pub(super) fn place(&self, key: &str) -> Place<'_> {
        Place(self.file.as_deref().filter(|_| !self.from_arguments.contains_key(key)))
    }

    /// A value that may be given as an option or as a property; both must agree.
    pub(super) fn one_of(
        &self,
        options: &Options,
        name: &'static str,
        key: &str,
        example: &str,
    ) -> Result<Rc<str>, String> {
        match (self.application.value(options, name)?, self.map.get(key)) {
            (Some(option), Some(property)) if option != property => Err(format!(
                "--{name} {option} and {key}={property} in {} do not agree: leave one of them out.",
                self.place(key)
            )),
            (Some(value), _) | (None, Some(value)) => Ok(value.clone()),
            (None, None) => {
                Err(format!("{key} is missing: give --{name} {example}, or {key}={example} in the file."))
            }
        }
    }

    /// Keys and values are text: `class` is the only one of these settings that is simulated.
    pub(super) fn check_text(&self, keys: [&str; 2], does: &str, class: &str) -> Result<(), String> {
        for key in keys {
            if let Some(other) = self.map.get(key).filter(|given| given.trim() != class) {
                return Err(format!(
                    "{key}={other} in {} is not simulated: {} {does} text, with {class}.",
                    self.place(key),
                    self.application.tool()
                ));
            }
        }
        Ok(())
    }
}

/// The lines that an application logs: a word that says what, and then the facts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Lines {
    /// Each begins with the time.
    pub(super) timestamps: bool,
}

impl Lines {
    pub(super) fn write(self, what: &str, facts: &str, context: &mut Context<'_>) {
        let line = format!("{what:14} {facts}");
        let time = if self.timestamps { context.wall_clock().format("%H:%M:%S,%3N ") } else { None };
        say(format!("{}{line}", time.unwrap_or_default()).trim_end(), context);
    }
}

/// A key or a value.
pub(super) fn text(bytes: Option<&[u8]>) -> String {
    bytes.map_or_else(|| "null".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
}
