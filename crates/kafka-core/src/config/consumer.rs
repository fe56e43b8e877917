//! `ConsumerConfig`: what of the consumer's configuration acts on the model.
//!
//! Leaves out: `retry.backoff.max.ms` (the wait between retries does not grow), interceptors, sockets.

use std::rc::Rc;
use std::time::Duration;

use super::duration::iso_duration;
use super::{ConfigError, Properties, conflict, invalid};
use crate::assignor::ClientAssignor;
use crate::protocol::GroupId;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ConsumerConfig {
    pub client_id: Rc<str>,
    pub group_id: Option<GroupId>,
    pub group_instance_id: Option<Rc<str>>,
    pub group_protocol: GroupProtocol,
    /// `None`: the coordinator picks one.
    pub group_remote_assignor: Option<Rc<str>>,
    pub client_rack: Option<Rc<str>>,
    pub allow_auto_create_topics: bool,
    pub auto_commit_interval: Duration,
    pub auto_offset_reset: AutoOffsetReset,
    pub default_api_timeout: Duration,
    pub enable_auto_commit: bool,
    pub fetch_max_bytes: u32,
    pub fetch_max_wait: Duration,
    pub fetch_min_bytes: u32,
    pub heartbeat_interval: Duration,
    pub isolation_level: IsolationLevel,
    pub max_partition_fetch_bytes: u32,
    pub max_poll_interval: Duration,
    pub max_poll_records: u32,
    pub metadata_max_age: Duration,
    pub partition_assignment_strategy: Vec<ClientAssignor>,
    pub request_timeout: Duration,
    pub retry_backoff: Duration,
    pub session_timeout: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AutoOffsetReset {
    Earliest,
    Latest,
    /// Starts at the first record that is not older than this.
    ByDuration(Duration),
    None,
}

/// `group.protocol`
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GroupProtocol {
    /// Generations: the members join together, and one of them assigns.
    Classic,
    /// KIP-848: each member has its epoch, and the coordinator assigns.
    Consumer,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IsolationLevel {
    ReadUncommitted,
    ReadCommitted,
}

impl ConsumerConfig {
    /// Reads a consumer's properties; `default_client_id` names a consumer that has no `client.id`.
    pub fn from_properties(properties: &Properties, default_client_id: &str) -> Result<Self, ConfigError> {
        let group_id = properties.get("group.id").map(GroupId::from);
        let optional = |name: &str| properties.get(name).filter(|text| !text.is_empty()).map(Rc::from);
        let config = Self {
            client_id: properties.text("client.id", default_client_id),
            // Without a group there is nothing to commit to (ConsumerConfig.maybeOverrideEnableAutoCommit).
            enable_auto_commit: properties.boolean("enable.auto.commit", true)? && group_id.is_some(),
            group_id,
            group_instance_id: optional("group.instance.id"),
            group_protocol: group_protocol(properties)?,
            group_remote_assignor: optional("group.remote.assignor"),
            client_rack: optional("client.rack"),
            allow_auto_create_topics: properties.boolean("allow.auto.create.topics", true)?,
            auto_commit_interval: properties.int_millis("auto.commit.interval.ms", 5000, 0)?,
            auto_offset_reset: auto_offset_reset(properties)?,
            default_api_timeout: properties.int_millis("default.api.timeout.ms", 60_000, 0)?,
            fetch_max_bytes: properties.int("fetch.max.bytes", 52_428_800, 0)?,
            fetch_max_wait: properties.int_millis("fetch.max.wait.ms", 500, 0)?,
            fetch_min_bytes: properties.int("fetch.min.bytes", 1, 0)?,
            heartbeat_interval: properties.int_millis("heartbeat.interval.ms", 3000, 0)?,
            isolation_level: properties.choice(
                "isolation.level",
                IsolationLevel::ReadUncommitted,
                &[
                    ("read_committed", IsolationLevel::ReadCommitted),
                    ("read_uncommitted", IsolationLevel::ReadUncommitted),
                ],
            )?,
            max_partition_fetch_bytes: properties.int("max.partition.fetch.bytes", 1_048_576, 0)?,
            max_poll_interval: properties.int_millis("max.poll.interval.ms", 300_000, 1)?,
            max_poll_records: properties.int("max.poll.records", 500, 1)?,
            metadata_max_age: properties.long_millis("metadata.max.age.ms", 300_000)?,
            partition_assignment_strategy: assignors(properties)?,
            request_timeout: properties.int_millis("request.timeout.ms", 30_000, 0)?,
            retry_backoff: properties.long_millis("retry.backoff.ms", 100)?,
            session_timeout: properties.int_millis("session.timeout.ms", 45_000, 0)?,
        };
        config.group_protocol.check_unsupported(properties)?;
        config.check_heartbeat()?;
        Ok(config)
    }
}

impl ConsumerConfig {
    /// The constructor of the classic member's `Heartbeat`; without a group there is none.
    fn check_heartbeat(&self) -> Result<(), ConfigError> {
        let beats = self.group_id.is_some() && self.group_protocol == GroupProtocol::Classic;
        if beats && self.heartbeat_interval >= self.session_timeout {
            return Err(ConfigError::NoConsumer("Heartbeat must be set lower than the session timeout"));
        }
        Ok(())
    }
}

impl GroupProtocol {
    /// As Java prints the constant.
    const fn constant(self) -> &'static str {
        match self {
            Self::Classic => "CLASSIC",
            Self::Consumer => "CONSUMER",
        }
    }

    /// `ConsumerConfig.checkUnsupportedConfigsPostProcess`
    fn check_unsupported(self, properties: &Properties) -> Result<(), ConfigError> {
        let unsupported: &[&str] = match self {
            Self::Classic => &["group.remote.assignor"],
            Self::Consumer => {
                &["partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms"]
            }
        };
        let is_set = |name: &&&str| properties.get(name).is_some_and(|value| !value.trim().is_empty());
        let set: Vec<_> = unsupported.iter().filter(is_set).copied().collect();
        if set.is_empty() {
            return Ok(());
        }
        let protocol = self.constant();
        Err(conflict(format!("{} cannot be set when group.protocol={protocol}", set.join(", "))))
    }
}

fn group_protocol(properties: &Properties) -> Result<GroupProtocol, ConfigError> {
    let name = "group.protocol";
    let value = properties.get(name).unwrap_or("classic").trim();
    // In the order of Kafka's set of them.
    let protocols = [GroupProtocol::Consumer, GroupProtocol::Classic];
    let known = protocols.into_iter().find(|protocol| protocol.constant().eq_ignore_ascii_case(value));
    known.ok_or_else(|| {
        let words = protocols.map(GroupProtocol::constant).join(", ");
        invalid(name, value, &format!("String must be one of (case insensitive): {words}"))
    })
}

fn auto_offset_reset(properties: &Properties) -> Result<AutoOffsetReset, ConfigError> {
    let value = properties.get("auto.offset.reset").unwrap_or("latest").trim();
    let lower = value.to_ascii_lowercase();
    let by_duration = lower.strip_prefix("by_duration:").and_then(iso_duration);
    match (lower.as_str(), by_duration) {
        ("earliest", _) => Ok(AutoOffsetReset::Earliest),
        ("latest", _) => Ok(AutoOffsetReset::Latest),
        ("none", _) => Ok(AutoOffsetReset::None),
        (_, Some(duration)) => Ok(AutoOffsetReset::ByDuration(duration)),
        (_, None) => Err(invalid(
            "auto.offset.reset",
            value,
            &format!(
                "Invalid value `{value}` for configuration auto.offset.reset. The value must be either \
                 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'."
            ),
        )),
    }
}

fn assignors(properties: &Properties) -> Result<Vec<ClientAssignor>, ConfigError> {
    let name = "partition.assignment.strategy";
    let Some(classes) = properties.list(name) else {
        return Ok(vec![ClientAssignor::Range, ClientAssignor::CooperativeSticky]);
    };
    classes
        .iter()
        .map(|class| {
            ClientAssignor::from_name(class)
                .map_err(|_| invalid(name, class, &format!("Class {class} could not be found.")))
        })
        .collect()
}
