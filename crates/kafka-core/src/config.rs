//! Configuration by Kafka's property names.
//!
//! Mirrors `org.apache.kafka.common.config.ConfigDef`: values are trimmed and typed, ranges are checked, a key that
//! nobody knows is accepted (clients only log it). Leaves out: keys that do not act on the model.

mod broker;
mod broker_names;
mod compression;
mod consumer;
mod duration;
mod log;
mod names;
mod producer;
mod resource;
mod topic;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::rc::Rc;
use std::time::Duration;

pub use broker::BrokerConfig;
pub use broker_names::{BrokerConfigKey, UpdateMode, broker_config_key, broker_config_keys};
pub use consumer::{AutoOffsetReset, ConsumerConfig, GroupProtocol, IsolationLevel};
pub use duration::iso_duration;
pub use log::LogConfig;
pub use names::{
    ClientKind, client_config, client_config_names, client_config_values, nearest_client_config,
};
pub use producer::{PartitionerClass, ProducerConfig};
pub use resource::{ConfigResource, QuotaEntityType, group_config_keys, topic_config_keys};
pub use topic::{topic_config_names, topic_config_values, validate_topic_config};

/// A value that Kafka refuses. `Display` is the message of the `ConfigException`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ConfigError {
    Invalid {
        name: Rc<str>,
        value: Rc<str>,
        reason: Rc<str>,
    },
    /// Values that are fine alone and impossible together.
    Conflict(Rc<str>),
    UnknownTopicConfig {
        name: Rc<str>,
    },
    /// A setting of a running cluster that cannot have this value: by the controller.
    InvalidConfiguration(Rc<str>),
    /// The same, by the broker that is asked.
    InvalidRequest(Rc<str>),
}

impl ConfigError {
    pub const fn exception(&self) -> &'static str {
        match self {
            Self::Invalid { .. } | Self::Conflict(_) => "org.apache.kafka.common.config.ConfigException",
            Self::UnknownTopicConfig { .. } | Self::InvalidConfiguration(_) => {
                "org.apache.kafka.common.errors.InvalidConfigurationException"
            }
            Self::InvalidRequest(_) => "org.apache.kafka.common.errors.InvalidRequestException",
        }
    }
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { name, value, reason } => {
                write!(f, "Invalid value {value} for configuration {name}: {reason}")
            }
            Self::Conflict(message) | Self::InvalidConfiguration(message) | Self::InvalidRequest(message) => {
                f.write_str(message)
            }
            Self::UnknownTopicConfig { name } => write!(f, "Unknown topic config name: {name}"),
        }
    }
}

/// Property names and values as they were given, in order of name.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Properties(BTreeMap<Rc<str>, Rc<str>>);

impl Properties {
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.into(), value.into());
    }

    /// Sets a value unless the name has one already.
    pub fn set_default(&mut self, name: &str, value: &str) {
        self.0.entry(name.into()).or_insert_with(|| value.into());
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(AsRef::as_ref)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }

    fn text(&self, name: &str, default: &str) -> Rc<str> {
        self.get(name).unwrap_or(default).trim().into()
    }

    fn list(&self, name: &str) -> Option<Vec<Rc<str>>> {
        let text = self.get(name)?;
        Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Rc::from).collect())
    }

    fn boolean(&self, name: &str, default: bool) -> Result<bool, ConfigError> {
        let Some(value) = self.get(name) else { return Ok(default) };
        match value.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(invalid(name, value, "Expected value to be either true or false")),
        }
    }

    /// An `INT` or `LONG` within `range`.
    fn number(
        &self,
        name: &str,
        default: i64,
        kind: NumberKind,
        range: RangeInclusive<i64>,
    ) -> Result<i64, ConfigError> {
        let Some(value) = self.get(name) else { return Ok(default) };
        let number = kind
            .parse(value.trim())
            .ok_or_else(|| invalid(name, value, &format!("Not a number of type {}", kind.name())))?;
        if number < *range.start() {
            return Err(invalid(name, value.trim(), &format!("Value must be at least {}", range.start())));
        }
        if number > *range.end() {
            return Err(invalid(name, value.trim(), &format!("Value must be no more than {}", range.end())));
        }
        Ok(number)
    }

    fn int(&self, name: &str, default: i32, least: i32) -> Result<u32, ConfigError> {
        let range = i64::from(least.max(0))..=i64::from(i32::MAX);
        let number = self.number(name, i64::from(default), NumberKind::Int, range)?;
        Ok(u32::try_from(number).expect("the range check keeps it within 0..=i32::MAX"))
    }

    fn int_millis(&self, name: &str, default: i32, least: i32) -> Result<Duration, ConfigError> {
        self.int(name, default, least).map(|millis| Duration::from_millis(u64::from(millis)))
    }

    fn long(&self, name: &str, default: i64) -> Result<u64, ConfigError> {
        let number = self.number(name, default, NumberKind::Long, 0..=i64::MAX)?;
        Ok(number.cast_unsigned())
    }

    fn long_millis(&self, name: &str, default: i64) -> Result<Duration, ConfigError> {
        self.long(name, default).map(Duration::from_millis)
    }

    /// One of a fixed set of words.
    fn choice<T: Copy>(&self, name: &str, default: T, choices: &[(&str, T)]) -> Result<T, ConfigError> {
        let Some(value) = self.get(name) else { return Ok(default) };
        let word = value.trim();
        choices.iter().find(|(choice, _)| *choice == word).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
            invalid(name, value, &format!("String must be one of: {}", words.join(", ")))
        })
    }
}

#[derive(Clone, Copy)]
enum NumberKind {
    Int,
    Long,
}

impl NumberKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Int => "INT",
            Self::Long => "LONG",
        }
    }

    fn parse(self, text: &str) -> Option<i64> {
        match self {
            Self::Int => text.parse::<i32>().ok().map(i64::from),
            Self::Long => text.parse().ok(),
        }
    }
}

fn invalid(name: &str, value: &str, reason: &str) -> ConfigError {
    ConfigError::Invalid { name: name.into(), value: value.into(), reason: reason.into() }
}

fn conflict(message: impl Into<Rc<str>>) -> ConfigError {
    ConfigError::Conflict(message.into())
}
