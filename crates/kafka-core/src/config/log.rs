//! `LogConfig`: what of a topic's settings acts on its logs.
//!
//! Leaves out: jitter, preallocation, flushing, throttles and remote storage.

use super::compression::topic_compression;
use super::resource::topic_config_keys;
use crate::record::Compression;

/// The settings of one topic's logs, with the broker's where the topic has none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogConfig {
    /// `cleanup.policy` has `compact`.
    pub compact: bool,
    /// `cleanup.policy` has `delete`.
    pub delete: bool,
    /// `None` keeps the producer's codec.
    pub compression: Option<Compression>,
    pub delete_retention_ms: i64,
    pub index_interval_bytes: u64,
    pub max_compaction_lag_ms: i64,
    pub max_message_bytes: u32,
    /// `message.timestamp.type` is `LogAppendTime`.
    pub log_append_time: bool,
    pub message_timestamp_after_max_ms: i64,
    pub message_timestamp_before_max_ms: i64,
    /// In millionths, from 0 to 1 000 000.
    pub min_cleanable_dirty_ratio: u64,
    pub min_compaction_lag_ms: i64,
    /// `None` for a log of any size.
    pub retention_bytes: Option<u64>,
    /// `None` for records of any age.
    pub retention_ms: Option<i64>,
    pub segment_bytes: u64,
    pub segment_index_bytes: u64,
    pub segment_ms: i64,
}

impl LogConfig {
    /// Reads the settings. `topic` finds what was set for the topic, `broker` what was set for the broker, by name.
    pub fn new<'a>(
        topic: impl Fn(&str) -> Option<&'a str>,
        broker: impl Fn(&str) -> Option<&'a str>,
    ) -> Self {
        let text = |name: &str| {
            let (_, default, synonym) =
                topic_config_keys().find(|(known, ..)| *known == name).expect("it is a topic's setting");
            topic(name).or_else(|| broker(synonym?)).unwrap_or(default).trim()
        };
        // Settings are checked when they are made.
        let number = |name: &str| text(name).parse::<i64>().unwrap_or_default();
        let bytes = |name: &str| number(name).max(0).cast_unsigned();
        let policy = |word: &str| text("cleanup.policy").split(',').any(|policy| policy.trim() == word);
        Self {
            compact: policy("compact"),
            delete: policy("delete"),
            compression: topic_compression(text("compression.type"), text("compression.gzip.level")),
            delete_retention_ms: number("delete.retention.ms"),
            index_interval_bytes: bytes("index.interval.bytes"),
            max_compaction_lag_ms: number("max.compaction.lag.ms"),
            max_message_bytes: number("max.message.bytes") as u32,
            log_append_time: text("message.timestamp.type") == "LogAppendTime",
            message_timestamp_after_max_ms: number("message.timestamp.after.max.ms"),
            message_timestamp_before_max_ms: number("message.timestamp.before.max.ms"),
            min_cleanable_dirty_ratio: millionths(text("min.cleanable.dirty.ratio")),
            min_compaction_lag_ms: number("min.compaction.lag.ms"),
            retention_bytes: u64::try_from(number("retention.bytes")).ok(),
            retention_ms: Some(number("retention.ms")).filter(|millis| *millis >= 0),
            segment_bytes: bytes("segment.bytes"),
            segment_index_bytes: bytes("segment.index.bytes"),
            segment_ms: number("segment.ms"),
        }
    }
}

impl Default for LogConfig {
    /// Kafka's defaults.
    fn default() -> Self {
        Self::new(|_| None, |_| None)
    }
}

/// A decimal from 0 to 1; digits after the sixth do not count.
fn millionths(text: &str) -> u64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(6);
    let fraction = digits.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    whole.parse::<u64>().unwrap_or(0) * 1_000_000 + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topics_setting_comes_before_the_brokers_and_that_before_the_default() {
        let topic = |name: &str| (name == "retention.ms").then_some("1000");
        let broker = |name: &str| match name {
            "log.retention.ms" => Some("2000"),
            "log.segment.bytes" => Some("1048576"),
            "log.cleaner.min.cleanable.ratio" => Some(".05"),
            _ => None,
        };
        let config = LogConfig::new(topic, broker);
        assert_eq!((config.retention_ms, config.segment_bytes), (Some(1000), 1_048_576));
        assert_eq!((config.min_cleanable_dirty_ratio, config.retention_bytes), (50_000, None));
        assert_eq!((config.compact, config.delete, config.compression), (false, true, None));
        assert_eq!(LogConfig::default().min_cleanable_dirty_ratio, 500_000);
    }
}
