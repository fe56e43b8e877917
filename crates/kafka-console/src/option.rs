//! Command-line options as `jopt-simple` reads them (`new OptionParser(false)`), driven by a table per tool.
//!
//! Whatever a reference page or a completion says about a tool's options comes from the same tables. Leaves out: short
//! options, and the stack that follows some of the messages.

mod usage;

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

pub(crate) use usage::usage;

/// One option of a tool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OptionSpec {
    /// Without the dashes.
    pub name: &'static str,
    pub argument: Argument,
    pub description: &'static str,
}

/// One line of a tool's table.
pub(crate) const fn option(name: &'static str, argument: Argument, description: &'static str) -> OptionSpec {
    OptionSpec { name, argument, description }
}

/// What follows an option, by jopt's description of it (`String: topic`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Argument {
    None,
    Required(&'static str),
    Optional(&'static str),
}

/// What jopt throws. `Display` is its message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum OptionError {
    Unrecognized(String),
    MissingArgument(&'static str),
    Multiple(&'static str),
    Conversion { value: Rc<str>, name: &'static str },
}

impl OptionError {
    pub(crate) const fn exception(&self) -> &'static str {
        match self {
            Self::Unrecognized(_) => "joptsimple.UnrecognizedOptionException",
            Self::MissingArgument(_) => "joptsimple.OptionMissingRequiredArgumentException",
            Self::Multiple(_) => "joptsimple.MultipleArgumentsForOptionException",
            Self::Conversion { .. } => "joptsimple.OptionArgumentConversionException",
        }
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unrecognized(name) => write!(f, "{name} is not a recognized option"),
            Self::MissingArgument(name) => write!(f, "Option {name} requires an argument"),
            Self::Multiple(name) => {
                write!(f, "Found multiple arguments for option {name}, but you asked for only one")
            }
            Self::Conversion { value, name } => {
                write!(f, "Cannot parse argument '{value}' of option {name}")
            }
        }
    }
}

/// The options that were given.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Options {
    given: BTreeMap<&'static str, Vec<Rc<str>>>,
    strays: Vec<Rc<str>>,
}

impl Options {
    /// Words that are no options are set aside.
    pub(crate) fn parse(specs: &[OptionSpec], arguments: &[Rc<str>]) -> Result<Self, OptionError> {
        let mut options = Self::default();
        let mut rest = arguments.iter().peekable();
        while let Some(argument) = rest.next() {
            if **argument == *"--" {
                break;
            }
            let Some(text) = argument.strip_prefix('-').filter(|text| !text.is_empty()) else {
                options.strays.push(argument.clone());
                continue;
            };
            let Some(text) = text.strip_prefix('-') else {
                let letter = text.chars().take(1).collect();
                return Err(OptionError::Unrecognized(letter));
            };
            let (name, value) = match text.split_once('=') {
                // jopt takes an empty value for none.
                Some((name, value)) => (name, Some(Rc::from(value)).filter(|_| !value.is_empty())),
                None => (text, None),
            };
            let spec = specs
                .iter()
                .find(|spec| spec.name == name)
                .ok_or_else(|| OptionError::Unrecognized(name.to_owned()))?;
            let values = options.given.entry(spec.name).or_default();
            match spec.argument {
                // jopt drops the value of an option that takes none.
                Argument::None => {}
                Argument::Required(_) => {
                    let value = value.or_else(|| rest.next().cloned());
                    values.push(value.ok_or(OptionError::MissingArgument(spec.name))?);
                }
                Argument::Optional(_) => {
                    let follows = || rest.next_if(|next| !looks_like_an_option(next)).cloned();
                    values.extend(value.or_else(follows));
                }
            }
        }
        Ok(options)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    /// The words that are no options, which Kafka's tools ignore.
    pub(crate) fn strays(&self) -> &[Rc<str>] {
        &self.strays
    }

    /// The one value of an option.
    pub(crate) fn value(&self, name: &'static str) -> Result<Option<&Rc<str>>, OptionError> {
        match self.values(name) {
            [] => Ok(None),
            [value] => Ok(Some(value)),
            [_, _, ..] => Err(OptionError::Multiple(name)),
        }
    }

    pub(crate) fn values(&self, name: &str) -> &[Rc<str>] {
        self.given.get(name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn int(&self, name: &'static str) -> Result<Option<i32>, OptionError> {
        self.number(name)
    }

    pub(crate) fn long(&self, name: &'static str) -> Result<Option<i64>, OptionError> {
        self.number(name)
    }

    fn number<T: FromStr>(&self, name: &'static str) -> Result<Option<T>, OptionError> {
        let Some(value) = self.value(name)? else { return Ok(None) };
        match value.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(OptionError::Conversion { value: value.clone(), name }),
        }
    }
}

fn looks_like_an_option(word: &str) -> bool {
    word.starts_with('-') && word != "-"
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: &[OptionSpec] = &[
        OptionSpec { name: "topic", argument: Argument::Required("String"), description: "" },
        OptionSpec { name: "partitions", argument: Argument::Required("Integer"), description: "" },
        OptionSpec { name: "state", argument: Argument::Optional("String"), description: "" },
        OptionSpec { name: "list", argument: Argument::None, description: "" },
    ];

    fn parse(line: &str) -> Result<Options, OptionError> {
        let words: Vec<Rc<str>> = line.split_whitespace().map(Rc::from).collect();
        Options::parse(SPECS, &words)
    }

    #[test]
    fn mistakes_are_named_as_jopt_names_them() {
        let rows = [
            ("--foo", "foo is not a recognized option"),
            ("--top x", "top is not a recognized option"),
            ("-topic x", "t is not a recognized option"),
            ("--topic", "Option topic requires an argument"),
            ("--list --topic=", "Option topic requires an argument"),
        ];
        for (line, message) in rows {
            assert_eq!(parse(line).unwrap_err().to_string(), message, "{line}");
        }
        let rows = [
            ("--partitions abc", "Cannot parse argument 'abc' of option partitions"),
            ("--partitions 3000000000", "Cannot parse argument '3000000000' of option partitions"),
            (
                "--partitions 1 --partitions 2",
                "Found multiple arguments for option partitions, but you asked for only one",
            ),
        ];
        for (line, message) in rows {
            assert_eq!(parse(line).unwrap().int("partitions").unwrap_err().to_string(), message, "{line}");
        }
    }

    #[test]
    fn values_stand_behind_a_blank_or_an_equals_sign() {
        let options = parse("stray --topic=a=b --state --list -- --foo").unwrap();
        assert_eq!(options.value("topic"), Ok(Some(&Rc::from("a=b"))));
        assert!(options.has("state") && options.has("list"));
        assert_eq!(options.values("state"), [] as [Rc<str>; 0]);
        // A required argument is taken whatever it looks like.
        assert_eq!(parse("--topic --list").unwrap().value("topic"), Ok(Some(&Rc::from("--list"))));
        assert_eq!(parse("--state Stable").unwrap().values("state"), [Rc::from("Stable")]);
    }
}
