//! `LogConfig`: the settings a topic can have, with their types and ranges.

use super::{ConfigError, NumberKind, Properties, invalid};

#[derive(Clone, Copy)]
pub(super) enum Value {
    /// The least value allowed.
    Int(i64),
    /// The least and the most.
    IntBetween(i64, i64),
    /// 1 to 9, or -1 for the default.
    GzipLevel,
    /// The least value allowed.
    Long(i64),
    Boolean,
    /// A fraction from 0 to 1.
    Ratio,
    OneOf(&'static [&'static str]),
    ListOf(&'static [&'static str]),
    Text,
}

/// In the order in which `kafka-topics --describe` prints them: that of the broker's hash map.
const TOPIC_CONFIGS: &[(&str, Value)] = &[
    ("compression.type", Value::OneOf(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"])),
    ("leader.replication.throttled.replicas", Value::Text),
    ("min.insync.replicas", Value::Int(1)),
    ("segment.jitter.ms", Value::Long(0)),
    ("local.retention.ms", Value::Long(-2)),
    ("cleanup.policy", Value::ListOf(&["compact", "delete"])),
    ("flush.ms", Value::Long(0)),
    ("follower.replication.throttled.replicas", Value::Text),
    ("compression.lz4.level", Value::IntBetween(1, 17)),
    ("segment.bytes", Value::Int(1_048_576)),
    ("retention.ms", Value::Long(-1)),
    ("compression.gzip.level", Value::GzipLevel),
    ("flush.messages", Value::Long(1)),
    ("compression.zstd.level", Value::IntBetween(-131_072, 22)),
    ("max.compaction.lag.ms", Value::Long(1)),
    ("file.delete.delay.ms", Value::Long(0)),
    ("max.message.bytes", Value::Int(0)),
    ("min.compaction.lag.ms", Value::Long(0)),
    ("message.timestamp.type", Value::OneOf(&["CreateTime", "LogAppendTime"])),
    ("local.retention.bytes", Value::Long(-2)),
    ("preallocate", Value::Boolean),
    ("index.interval.bytes", Value::Int(0)),
    ("min.cleanable.dirty.ratio", Value::Ratio),
    ("unclean.leader.election.enable", Value::Boolean),
    ("retention.bytes", Value::Long(i64::MIN)),
    ("delete.retention.ms", Value::Long(0)),
    ("message.timestamp.after.max.ms", Value::Long(0)),
    ("message.timestamp.before.max.ms", Value::Long(0)),
    ("segment.ms", Value::Long(1)),
    ("segment.index.bytes", Value::Int(4)),
    ("remote.log.copy.disable", Value::Boolean),
    ("remote.log.delete.on.disable", Value::Boolean),
    ("remote.storage.enable", Value::Boolean),
];

/// The names of every topic setting, in the order in which a description lists them.
pub fn topic_config_names() -> impl Iterator<Item = &'static str> {
    TOPIC_CONFIGS.iter().map(|(name, _)| *name)
}

/// The values that a topic's setting can have, where there is a list of them.
pub fn topic_config_values(name: &str) -> &'static [&'static str] {
    match TOPIC_CONFIGS.iter().find(|(known, _)| *known == name).map(|(_, kind)| kind) {
        Some(Value::OneOf(words) | Value::ListOf(words)) => words,
        Some(Value::Boolean) => &["true", "false"],
        Some(
            Value::Int(_)
            | Value::IntBetween(..)
            | Value::GzipLevel
            | Value::Long(_)
            | Value::Ratio
            | Value::Text,
        )
        | None => &[],
    }
}

/// Checks one `--config name=value` of a topic (`LogConfig.validate`).
pub fn validate_topic_config(name: &str, value: &str) -> Result<(), ConfigError> {
    let Some((_, kind)) = TOPIC_CONFIGS.iter().find(|(known, _)| *known == name) else {
        return Err(ConfigError::UnknownTopicConfig { name: name.into() });
    };
    kind.check(name, value)
}

impl Value {
    pub(super) fn check(self, name: &str, value: &str) -> Result<(), ConfigError> {
        let mut given = Properties::default();
        given.set(name, value);
        match self {
            Value::Int(least) => {
                given.number(name, 0, NumberKind::Int, least..=i64::from(i32::MAX)).map(drop)
            }
            Value::IntBetween(least, most) => given.number(name, 0, NumberKind::Int, least..=most).map(drop),
            Value::GzipLevel => match given.number(name, 0, NumberKind::Int, i64::MIN..=i64::MAX)? {
                -1 | 1..=9 => Ok(()),
                _ => Err(invalid(name, value.trim(), "Value must be between 1 and 9 or equal to -1")),
            },
            Value::Long(least) => given.number(name, 0, NumberKind::Long, least..=i64::MAX).map(drop),
            Value::Boolean => given.boolean(name, false).map(drop),
            Value::Ratio => ratio(name, value.trim()),
            Value::OneOf(words) => one_of(name, value, value.trim(), words),
            Value::ListOf(words) => {
                value.split(',').try_for_each(|item| one_of(name, value, item.trim(), words))
            }
            Value::Text => Ok(()),
        }
    }
}

fn one_of(name: &str, value: &str, word: &str, words: &[&str]) -> Result<(), ConfigError> {
    if words.contains(&word) {
        return Ok(());
    }
    Err(invalid(name, value, &format!("String must be one of: {}", words.join(", "))))
}

/// A decimal from 0 to 1, told by its text: the model has no floating point.
fn ratio(name: &str, value: &str) -> Result<(), ConfigError> {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) {
        return Err(invalid(name, value, "Not a number of type DOUBLE"));
    }
    let zero = |text: &str| text.chars().all(|c| c == '0');
    let whole = whole.trim_start_matches('0');
    if value.starts_with('-') && !(zero(whole) && zero(fraction)) {
        return Err(invalid(name, value, "Value must be at least 0"));
    }
    match whole {
        "" => Ok(()),
        "1" if zero(fraction) => Ok(()),
        _ => Err(invalid(name, value, "Value must be no more than 1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_refused_in_kafkas_words() {
        let rows = [
            (
                "retention.ms",
                "abc",
                "Invalid value abc for configuration retention.ms: Not a number of type LONG",
            ),
            (
                "min.insync.replicas",
                "0",
                "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
            ),
            (
                "segment.bytes",
                "1000",
                "Invalid value 1000 for configuration segment.bytes: Value must be at least 1048576",
            ),
            ("foo", "1", "Unknown topic config name: foo"),
            (
                "min.cleanable.dirty.ratio",
                "1.5",
                "Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1",
            ),
        ];
        for (name, value, message) in rows {
            assert_eq!(validate_topic_config(name, value).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn values_in_range_are_taken() {
        let rows = [
            ("cleanup.policy", "compact,delete"),
            ("retention.bytes", "-1"),
            ("min.cleanable.dirty.ratio", "0.01"),
            ("min.cleanable.dirty.ratio", "1.0"),
            ("preallocate", "TRUE"),
        ];
        for (name, value) in rows {
            assert_eq!(validate_topic_config(name, value), Ok(()), "{name}={value}");
        }
    }
}
