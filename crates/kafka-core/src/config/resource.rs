//! What has settings that can change while the cluster runs.
//!
//! Mirrors `ConfigResource`, `ClientQuotaEntity`, `DynamicBrokerConfig.validateConfigs`, `GroupConfigManager.validate`
//! and `ServerTopicConfigSynonyms`. Leaves out: loggers, client metrics, settings of share and streams groups, SCRAM
//! credentials.

use std::fmt;
use std::rc::Rc;

use super::broker_names::{UpdateMode, broker_config_key};
use super::topic::{Value, validate_topic_config};
use super::{ConfigError, invalid};
use crate::protocol::{BrokerId, GroupId};
use crate::topic::TopicName;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConfigResource {
    Topic(TopicName),
    Broker(BrokerId),
    /// Every broker that has no value of its own.
    BrokerDefault,
    Group(GroupId),
    /// The quotas of whoever is all of this; `None` is everybody who has no quota of their own.
    Quota(Vec<(QuotaEntityType, Option<Rc<str>>)>),
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum QuotaEntityType {
    User,
    ClientId,
    Ip,
}

/// As `kafka-configs` names what it is about: `topics/pay`, `brokers/<default>`.
impl fmt::Display for ConfigResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Topic(name) => write!(f, "topics/{name}"),
            Self::Broker(id) => write!(f, "brokers/{}", id.0),
            Self::BrokerDefault => f.write_str("brokers/<default>"),
            Self::Group(name) => write!(f, "groups/{name}"),
            Self::Quota(entities) => {
                for (place, (kind, name)) in entities.iter().enumerate() {
                    let slash = if place > 0 { "/" } else { "" };
                    let kind = match kind {
                        QuotaEntityType::User => "users",
                        QuotaEntityType::ClientId => "clients",
                        QuotaEntityType::Ip => "ips",
                    };
                    write!(f, "{slash}{kind}/{}", name.as_deref().unwrap_or("<default>"))?;
                }
                Ok(())
            }
        }
    }
}

impl ConfigResource {
    /// Checks one change; `None` goes back to the default.
    pub(crate) fn check(&self, name: &str, value: Option<&str>) -> Result<(), ConfigError> {
        match self {
            Self::Topic(_) => value
                .map_or(Ok(()), |value| validate_topic_config(name, value))
                .map_err(|error| by_controller(&error)),
            Self::Broker(_) => check_broker(name, value, UpdateMode::PerBroker),
            Self::BrokerDefault => check_broker(name, value, UpdateMode::ClusterWide),
            Self::Group(_) => {
                value.map_or(Ok(()), |value| check_group(name, value)).map_err(|error| by_controller(&error))
            }
            Self::Quota(_) => Ok(()),
        }
    }
}

/// A refused value comes back as the controller's answer, not as the exception of a local check.
fn by_controller(error: &ConfigError) -> ConfigError {
    ConfigError::InvalidConfiguration(error.to_string().into())
}

/// `DynamicBrokerConfig.validateConfigs`, and what eligible leader replicas forbid (`ConfigurationControlManager`).
fn check_broker(name: &str, value: Option<&str>, wanted: UpdateMode) -> Result<(), ConfigError> {
    let refused = |message: String| Err(ConfigError::InvalidRequest(message.into()));
    if let Some(key) = broker_config_key(name) {
        if key.update_mode == UpdateMode::ReadOnly {
            return refused(format!("Cannot update these configs dynamically: Set({name})"));
        }
        if let Some(value) = value {
            key.check(value).map_err(|error| ConfigError::InvalidRequest(error.to_string().into()))?;
        }
        if key.update_mode < wanted {
            return refused(format!(
                "Cannot update these configs at default cluster level, broker id must be specified: Set({name})"
            ));
        }
    }
    if name == "min.insync.replicas" {
        let forbidden = |message: &str| Err(ConfigError::InvalidConfiguration(message.into()));
        if wanted == UpdateMode::PerBroker {
            return forbidden("Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
        }
        if value.is_none() {
            return forbidden("Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
        }
    }
    Ok(())
}

/// The least and the most that a broker allows by default (`group.consumer.min.session.timeout.ms` and its kind).
fn check_group(name: &str, value: &str) -> Result<(), ConfigError> {
    let Some((_, least, most, broker)) = GROUP_LIMITS.iter().find(|(known, ..)| *known == name) else {
        return Err(ConfigError::InvalidConfiguration(format!("Unknown group config name: {name}").into()));
    };
    Value::Int(1).check(name, value)?;
    let number: i64 = value.trim().parse().map_err(|_| invalid(name, value, "Not a number of type INT"))?;
    let limit = |word: &str, bound: &str| {
        let message = format!("{name} must be {word} than or equal to group.consumer.{bound}.{broker}");
        Err(ConfigError::InvalidConfiguration(message.into()))
    };
    if number < *least {
        limit("greater", "min")
    } else if number > *most {
        limit("less", "max")
    } else {
        Ok(())
    }
}

/// Setting, least value, greatest value, and the end of the name of the broker's settings that say so.
const GROUP_LIMITS: [(&str, i64, i64, &str); 2] = [
    ("consumer.heartbeat.interval.ms", 5000, 15_000, "heartbeat.interval.ms"),
    ("consumer.session.timeout.ms", 45_000, 60_000, "session.timeout.ms"),
];

/// A group's settings with their defaults, in order of name.
pub fn group_config_keys() -> [(&'static str, &'static str); 2] {
    [("consumer.heartbeat.interval.ms", "5000"), ("consumer.session.timeout.ms", "45000")]
}

/// A topic's settings in order of name: the default, and the broker's setting that comes in its place.
pub fn topic_config_keys() -> impl Iterator<Item = (&'static str, &'static str, Option<&'static str>)> {
    TOPIC_CONFIG_KEYS.iter().copied()
}

const TOPIC_CONFIG_KEYS: &[(&str, &str, Option<&str>)] = &[
    ("cleanup.policy", "delete", Some("log.cleanup.policy")),
    ("compression.gzip.level", "-1", Some("compression.gzip.level")),
    ("compression.lz4.level", "9", Some("compression.lz4.level")),
    ("compression.type", "producer", Some("compression.type")),
    ("compression.zstd.level", "3", Some("compression.zstd.level")),
    ("delete.retention.ms", "86400000", Some("log.cleaner.delete.retention.ms")),
    ("file.delete.delay.ms", "60000", Some("log.segment.delete.delay.ms")),
    ("flush.messages", "9223372036854775807", Some("log.flush.interval.messages")),
    ("flush.ms", "9223372036854775807", Some("log.flush.interval.ms")),
    ("follower.replication.throttled.replicas", "", None),
    ("index.interval.bytes", "4096", Some("log.index.interval.bytes")),
    ("leader.replication.throttled.replicas", "", None),
    ("local.retention.bytes", "-2", Some("log.local.retention.bytes")),
    ("local.retention.ms", "-2", Some("log.local.retention.ms")),
    ("max.compaction.lag.ms", "9223372036854775807", Some("log.cleaner.max.compaction.lag.ms")),
    ("max.message.bytes", "1048588", Some("message.max.bytes")),
    ("message.timestamp.after.max.ms", "3600000", Some("log.message.timestamp.after.max.ms")),
    ("message.timestamp.before.max.ms", "9223372036854775807", Some("log.message.timestamp.before.max.ms")),
    ("message.timestamp.type", "CreateTime", Some("log.message.timestamp.type")),
    ("min.cleanable.dirty.ratio", "0.5", Some("log.cleaner.min.cleanable.ratio")),
    ("min.compaction.lag.ms", "0", Some("log.cleaner.min.compaction.lag.ms")),
    ("min.insync.replicas", "1", Some("min.insync.replicas")),
    ("preallocate", "false", Some("log.preallocate")),
    ("remote.log.copy.disable", "false", None),
    ("remote.log.delete.on.disable", "false", None),
    ("remote.storage.enable", "false", None),
    ("retention.bytes", "-1", Some("log.retention.bytes")),
    ("retention.ms", "604800000", Some("log.retention.ms")),
    ("segment.bytes", "1073741824", Some("log.segment.bytes")),
    ("segment.index.bytes", "10485760", Some("log.index.size.max.bytes")),
    ("segment.jitter.ms", "0", Some("log.roll.jitter.ms")),
    ("segment.ms", "604800000", Some("log.roll.ms")),
    ("unclean.leader.election.enable", "false", Some("unclean.leader.election.enable")),
];
