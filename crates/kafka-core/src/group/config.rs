//! The broker's settings for groups, by Kafka's names.
//!
//! Mirrors `GroupCoordinatorConfig` and `ConsumerGroupMigrationPolicy` with the defaults of Kafka 4.1. Leaves
//! out: the bounds of what a group may set for itself (`group.consumer.{min,max}.*`), regular expressions,
//! `group.share.*`, `group.streams.*`, threads, linger, compression and segment settings.

use std::time::Duration;

use crate::assignor::ServerAssignor;

/// A JoinGroup of a member that was just added is given up after this long; not configurable in Kafka
/// (`CLASSIC_GROUP_NEW_MEMBER_JOIN_TIMEOUT_MS`).
pub(super) const NEW_MEMBER_JOIN_TIMEOUT: Duration = Duration::from_secs(5 * 60);

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupCoordinatorConfig {
    /// `group.initial.rebalance.delay.ms`
    pub group_initial_rebalance_delay: Duration,
    /// `group.min.session.timeout.ms`
    pub group_min_session_timeout: Duration,
    /// `group.max.session.timeout.ms`
    pub group_max_session_timeout: Duration,
    /// `group.max.size`
    pub group_max_size: u32,
    /// `group.consumer.session.timeout.ms`
    pub group_consumer_session_timeout: Duration,
    /// `group.consumer.heartbeat.interval.ms`
    pub group_consumer_heartbeat_interval: Duration,
    /// `group.consumer.max.size`
    pub group_consumer_max_size: u32,
    /// `group.consumer.assignors`: the first is the default.
    pub group_consumer_assignors: Vec<ServerAssignor>,
    /// `group.consumer.migration.policy`
    pub group_consumer_migration_policy: ConsumerGroupMigrationPolicy,
    /// `offset.metadata.max.bytes`
    pub offset_metadata_max_bytes: u32,
    /// `offsets.retention.minutes`
    pub offsets_retention: Duration,
    /// `offsets.retention.check.interval.ms`
    pub offsets_retention_check_interval: Duration,
    /// `offsets.topic.num.partitions`
    pub offsets_topic_num_partitions: u32,
}

impl Default for GroupCoordinatorConfig {
    fn default() -> Self {
        Self {
            group_initial_rebalance_delay: Duration::from_millis(3000),
            group_min_session_timeout: Duration::from_millis(6000),
            group_max_session_timeout: Duration::from_millis(1_800_000),
            group_max_size: i32::MAX.cast_unsigned(),
            group_consumer_session_timeout: Duration::from_millis(45_000),
            group_consumer_heartbeat_interval: Duration::from_millis(5000),
            group_consumer_max_size: i32::MAX.cast_unsigned(),
            group_consumer_assignors: ServerAssignor::ALL.into(),
            group_consumer_migration_policy: ConsumerGroupMigrationPolicy::Bidirectional,
            offset_metadata_max_bytes: 4096,
            offsets_retention: Duration::from_secs(10_080 * 60),
            offsets_retention_check_interval: Duration::from_millis(600_000),
            offsets_topic_num_partitions: 50,
        }
    }
}

impl GroupCoordinatorConfig {
    /// What a group uses whose members name no assignor.
    pub(super) fn default_server_assignor(&self) -> ServerAssignor {
        self.group_consumer_assignors.first().copied().unwrap_or(ServerAssignor::Uniform)
    }
}

/// Whether a group may change its protocol while it has members.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ConsumerGroupMigrationPolicy {
    Bidirectional,
    Upgrade,
    Downgrade,
    Disabled,
}

impl ConsumerGroupMigrationPolicy {
    pub const ALL: [Self; 4] = [Self::Bidirectional, Self::Upgrade, Self::Downgrade, Self::Disabled];

    /// The value of `group.consumer.migration.policy`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bidirectional => "bidirectional",
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
            Self::Disabled => "disabled",
        }
    }

    pub(super) const fn is_upgrade_enabled(self) -> bool {
        matches!(self, Self::Bidirectional | Self::Upgrade)
    }

    pub(super) const fn is_downgrade_enabled(self) -> bool {
        matches!(self, Self::Bidirectional | Self::Downgrade)
    }
}
