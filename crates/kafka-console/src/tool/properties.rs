//! `key=value` options and property files, and the pairs of an old and a new spelling that Kafka 4.2 knows.
//!
//! Mirrors `CommandLineUtils.parseKeyValueArgs` and `Utils.loadProps`.

mod java;

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use java::{MALFORMED_UNICODE, MalformedUnicode};

use crate::option::Options;
use crate::system::Context;

/// An option that has a new name since 4.2; both cannot be given.
pub(super) struct Renamed {
    pub(super) old: &'static str,
    pub(super) new: &'static str,
    /// Which of the two a complaint names first.
    pub(super) new_first: bool,
}

impl Renamed {
    pub(super) fn clash(&self, options: &Options) -> Option<String> {
        let (first, second) = if self.new_first { (self.new, self.old) } else { (self.old, self.new) };
        (options.has(self.old) && options.has(self.new))
            .then(|| format!("Options --{first} and --{second} cannot be specified together."))
    }

    pub(super) fn notice(&self, options: &Options, word: &str) -> Option<String> {
        let Self { old, new, .. } = self;
        options.has(old).then(|| {
            format!(
                "{word} --{old} is deprecated and will be removed in a future version. Use --{new} instead."
            )
        })
    }

    /// The values of whichever was given.
    pub(super) fn values<'a>(&self, options: &'a Options) -> &'a [Rc<str>] {
        options.values(if options.has(self.new) { self.new } else { self.old })
    }
}

/// Properties by name.
pub(super) type Map = BTreeMap<Rc<str>, Rc<str>>;

/// Why a property file could not be read. `Display` is the Java exception.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum FileError {
    Missing(Rc<str>),
    Malformed,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(file) => write!(f, "java.nio.file.NoSuchFileException: {file}"),
            Self::Malformed => write!(f, "java.lang.IllegalArgumentException: {MALFORMED_UNICODE}"),
        }
    }
}

/// What the files in `files` and then the arguments say.
pub(super) fn merged(
    files: &[Rc<str>],
    arguments: &[Rc<str>],
    context: &Context<'_>,
) -> Result<Map, FileError> {
    let mut map = Map::new();
    for file in files {
        map.extend(read(file, context)?);
    }
    for argument in arguments.iter().filter(|argument| !argument.is_empty()) {
        let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
        map.insert(key.into(), value.into());
    }
    Ok(map)
}

/// What one file says (`Utils.loadProps`).
pub(super) fn read(file: &Rc<str>, context: &Context<'_>) -> Result<Map, FileError> {
    let content = context.read_file(file).ok_or_else(|| FileError::Missing(file.clone()))?;
    java::parse(&content).map_err(|MalformedUnicode| FileError::Malformed)
}
