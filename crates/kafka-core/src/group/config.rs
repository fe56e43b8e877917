//! The broker's settings for groups, by Kafka's names.
//!
//! Mirrors `GroupCoordinatorConfig` with the defaults of Kafka 4.1. Leaves out: `group.consumer.*`,
//! `group.share.*`, `group.streams.*`, threads, linger, compression and segment settings.

use std::time::Duration;

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
            offset_metadata_max_bytes: 4096,
            offsets_retention: Duration::from_secs(10_080 * 60),
            offsets_retention_check_interval: Duration::from_millis(600_000),
            offsets_topic_num_partitions: 50,
        }
    }
}
