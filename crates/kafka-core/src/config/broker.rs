//! `KafkaConfig`: what of a broker's configuration acts on the model.

use std::time::Duration;

/// The same for every broker of a scenario. Defaults are those of Kafka 4.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BrokerConfig {
    pub auto_create_topics_enable: bool,
    pub broker_session_timeout: Duration,
    pub default_replication_factor: u32,
    pub num_partitions: u32,
    pub leader_imbalance_check_interval: Duration,
    pub min_insync_replicas: u32,
    pub offsets_topic_replication_factor: u32,
    pub replica_fetch_backoff: Duration,
    pub replica_fetch_wait_max: Duration,
    pub replica_lag_time_max: Duration,
    pub replica_socket_timeout: Duration,
}

impl Default for BrokerConfig {
    fn default() -> Self {
        Self {
            auto_create_topics_enable: true,
            broker_session_timeout: Duration::from_secs(9),
            default_replication_factor: 1,
            num_partitions: 1,
            leader_imbalance_check_interval: Duration::from_secs(300),
            min_insync_replicas: 1,
            offsets_topic_replication_factor: 3,
            replica_fetch_backoff: Duration::from_secs(1),
            replica_fetch_wait_max: Duration::from_millis(500),
            replica_lag_time_max: Duration::from_secs(30),
            replica_socket_timeout: Duration::from_secs(30),
        }
    }
}
