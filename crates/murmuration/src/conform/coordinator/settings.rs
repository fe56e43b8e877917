//! The broker's settings in a scenario.

use std::time::Duration;

use kafka_core::assignor::ServerAssignor;
use kafka_core::group::{ConsumerGroupMigrationPolicy, GroupCoordinatorConfig};
use serde_json::Value;

use super::json::{number, small};

/// Everything that a scenario does not name has Kafka's default.
pub(super) fn config(overrides: &Value) -> Result<GroupCoordinatorConfig, String> {
    // The recording has no checks in front of the shard.
    let mut config = GroupCoordinatorConfig {
        group_min_session_timeout: Duration::ZERO,
        group_max_session_timeout: Duration::MAX,
        ..GroupCoordinatorConfig::default()
    };
    for (name, value) in overrides.as_object().into_iter().flatten() {
        set(&mut config, name, value)?;
    }
    Ok(config)
}

fn set(config: &mut GroupCoordinatorConfig, name: &str, value: &Value) -> Result<(), String> {
    let int = || number(value).ok_or_else(|| format!("{name} is not a number"));
    let millis = || int().map(Duration::from_millis);
    match name {
        "group.initial.rebalance.delay.ms" => config.group_initial_rebalance_delay = millis()?,
        "group.max.size" => config.group_max_size = small(int()?)?,
        "offset.metadata.max.bytes" => config.offset_metadata_max_bytes = small(int()?)?,
        "offsets.retention.minutes" => config.offsets_retention = Duration::from_secs(int()? * 60),
        "offsets.retention.check.interval.ms" => config.offsets_retention_check_interval = millis()?,
        "group.consumer.session.timeout.ms" => config.group_consumer_session_timeout = millis()?,
        "group.consumer.heartbeat.interval.ms" => config.group_consumer_heartbeat_interval = millis()?,
        "group.consumer.max.size" => config.group_consumer_max_size = small(int()?)?,
        "group.consumer.assignors" => config.group_consumer_assignors = assignors(value)?,
        "group.consumer.migration.policy" => {
            let wanted = value.as_str().unwrap_or_default();
            let named = |it: &ConsumerGroupMigrationPolicy| it.name().eq_ignore_ascii_case(wanted);
            let policy = ConsumerGroupMigrationPolicy::ALL.into_iter().find(named);
            config.group_consumer_migration_policy =
                policy.ok_or_else(|| format!("{name} has no value {value}"))?;
        }
        // Bounds of other settings, which the shard does not look at.
        "group.min.session.timeout.ms"
        | "group.max.session.timeout.ms"
        | "group.consumer.min.session.timeout.ms"
        | "group.consumer.max.session.timeout.ms"
        | "group.consumer.min.heartbeat.interval.ms"
        | "group.consumer.max.heartbeat.interval.ms" => {}
        _ => return Err(format!("the setting {name} is not modelled")),
    }
    Ok(())
}

/// A list, or names between commas.
fn assignors(value: &Value) -> Result<Vec<ServerAssignor>, String> {
    let names: Vec<&str> = match value.as_str() {
        Some(names) => names.split(',').map(str::trim).collect(),
        None => value.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
    };
    names.into_iter().map(|name| ServerAssignor::from_name(name).map_err(|error| error.to_string())).collect()
}
