//! The broker's settings by name: their types, defaults, and which of them can change while brokers run.
//!
//! Mirrors the names of `KafkaConfig` and `DynamicBrokerConfig.AllDynamicConfigs`. Leaves out: security, remote
//! storage, share and streams groups, metrics, quota windows.

use super::ConfigError;
use super::topic::Value;

const INT_MIN: i64 = i32::MIN as i64;

/// One setting of a broker.
#[derive(Clone, Copy)]
pub struct BrokerConfigKey {
    pub name: &'static str,
    /// `None` for a setting that is unset unless somebody sets it.
    pub default: Option<&'static str>,
    pub update_mode: UpdateMode,
    value: Value,
}

/// Where a setting can be changed while brokers run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum UpdateMode {
    ReadOnly,
    /// For one broker only.
    PerBroker,
    /// For one broker or for all.
    ClusterWide,
}

impl BrokerConfigKey {
    pub(super) fn check(&self, value: &str) -> Result<(), ConfigError> {
        self.value.check(self.name, value)
    }
}

pub fn broker_config_key(name: &str) -> Option<&'static BrokerConfigKey> {
    BROKER_CONFIGS.iter().find(|key| key.name == name)
}

/// In order of name.
pub fn broker_config_keys() -> impl Iterator<Item = &'static BrokerConfigKey> {
    BROKER_CONFIGS.iter()
}

const fn fixed(name: &'static str, value: Value, default: Option<&'static str>) -> BrokerConfigKey {
    BrokerConfigKey { name, default, update_mode: UpdateMode::ReadOnly, value }
}

const fn per_broker(name: &'static str, value: Value, default: Option<&'static str>) -> BrokerConfigKey {
    BrokerConfigKey { name, default, update_mode: UpdateMode::PerBroker, value }
}

const fn dynamic(name: &'static str, value: Value, default: Option<&'static str>) -> BrokerConfigKey {
    BrokerConfigKey { name, default, update_mode: UpdateMode::ClusterWide, value }
}

const BROKER_CONFIGS: &[BrokerConfigKey] = &[
    per_broker("advertised.listeners", Value::Text, None),
    fixed("auto.create.topics.enable", Value::Boolean, Some("true")),
    fixed("auto.leader.rebalance.enable", Value::Boolean, Some("true")),
    dynamic("background.threads", Value::Int(1), Some("10")),
    fixed("broker.heartbeat.interval.ms", Value::Int(INT_MIN), Some("2000")),
    fixed("broker.rack", Value::Text, None),
    fixed("broker.session.timeout.ms", Value::Int(INT_MIN), Some("9000")),
    dynamic("compression.gzip.level", Value::GzipLevel, Some("-1")),
    dynamic("compression.lz4.level", Value::IntBetween(1, 17), Some("9")),
    dynamic(
        "compression.type",
        Value::OneOf(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]),
        Some("producer"),
    ),
    dynamic("compression.zstd.level", Value::IntBetween(-131_072, 22), Some("3")),
    fixed("controlled.shutdown.enable", Value::Boolean, Some("true")),
    fixed("controller.listener.names", Value::Text, None),
    fixed("controller.quorum.bootstrap.servers", Value::Text, Some("")),
    fixed("controller.quorum.election.timeout.ms", Value::Int(0), Some("1000")),
    fixed("controller.quorum.fetch.timeout.ms", Value::Int(0), Some("2000")),
    fixed("controller.quorum.voters", Value::Text, Some("")),
    fixed("default.replication.factor", Value::Int(INT_MIN), Some("1")),
    fixed("delete.topic.enable", Value::Boolean, Some("true")),
    fixed("fetch.max.bytes", Value::Int(1024), Some("57671680")),
    fixed("group.consumer.assignors", Value::Text, Some("uniform,range")),
    fixed("group.consumer.heartbeat.interval.ms", Value::Int(1), Some("5000")),
    fixed("group.consumer.max.size", Value::Int(1), Some("2147483647")),
    fixed("group.consumer.session.timeout.ms", Value::Int(1), Some("45000")),
    fixed(
        "group.coordinator.rebalance.protocols",
        Value::ListOf(&["consumer", "classic", "share", "streams"]),
        Some("classic,consumer,streams"),
    ),
    fixed("group.initial.rebalance.delay.ms", Value::Int(INT_MIN), Some("3000")),
    fixed("group.max.session.timeout.ms", Value::Int(INT_MIN), Some("1800000")),
    fixed("group.max.size", Value::Int(1), Some("2147483647")),
    fixed("group.min.session.timeout.ms", Value::Int(INT_MIN), Some("6000")),
    fixed("inter.broker.listener.name", Value::Text, None),
    fixed("leader.imbalance.check.interval.seconds", Value::Long(1), Some("300")),
    per_broker(
        "listener.security.protocol.map",
        Value::Text,
        Some("SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT"),
    ),
    per_broker("listeners", Value::Text, Some("PLAINTEXT://:9092")),
    dynamic("log.cleaner.backoff.ms", Value::Long(0), Some("15000")),
    dynamic("log.cleaner.dedupe.buffer.size", Value::Long(i64::MIN), Some("134217728")),
    dynamic("log.cleaner.delete.retention.ms", Value::Long(0), Some("86400000")),
    fixed("log.cleaner.enable", Value::Boolean, Some("true")),
    dynamic("log.cleaner.io.buffer.load.factor", Value::Text, Some("0.9")),
    dynamic("log.cleaner.io.buffer.size", Value::Int(0), Some("524288")),
    dynamic("log.cleaner.io.max.bytes.per.second", Value::Text, Some("1.7976931348623157E308")),
    dynamic("log.cleaner.max.compaction.lag.ms", Value::Long(1), Some("9223372036854775807")),
    dynamic("log.cleaner.min.cleanable.ratio", Value::Ratio, Some("0.5")),
    dynamic("log.cleaner.min.compaction.lag.ms", Value::Long(0), Some("0")),
    dynamic("log.cleaner.threads", Value::Int(0), Some("1")),
    dynamic("log.cleanup.policy", Value::ListOf(&["compact", "delete"]), Some("delete")),
    fixed("log.dir", Value::Text, Some("/tmp/kafka-logs")),
    fixed("log.dirs", Value::Text, None),
    dynamic("log.flush.interval.messages", Value::Long(1), Some("9223372036854775807")),
    dynamic("log.flush.interval.ms", Value::Long(i64::MIN), None),
    dynamic("log.index.interval.bytes", Value::Int(0), Some("4096")),
    dynamic("log.index.size.max.bytes", Value::Int(4), Some("10485760")),
    fixed("log.initial.task.delay.ms", Value::Long(0), Some("30000")),
    dynamic("log.local.retention.bytes", Value::Long(-2), Some("-2")),
    dynamic("log.local.retention.ms", Value::Long(-2), Some("-2")),
    dynamic("log.message.timestamp.after.max.ms", Value::Long(0), Some("3600000")),
    dynamic("log.message.timestamp.before.max.ms", Value::Long(0), Some("9223372036854775807")),
    dynamic("log.message.timestamp.type", Value::OneOf(&["CreateTime", "LogAppendTime"]), Some("CreateTime")),
    dynamic("log.preallocate", Value::Boolean, Some("false")),
    dynamic("log.retention.bytes", Value::Long(i64::MIN), Some("-1")),
    fixed("log.retention.check.interval.ms", Value::Long(1), Some("300000")),
    fixed("log.retention.hours", Value::Int(INT_MIN), Some("168")),
    fixed("log.retention.minutes", Value::Int(INT_MIN), None),
    dynamic("log.retention.ms", Value::Long(i64::MIN), None),
    fixed("log.roll.hours", Value::Int(1), Some("168")),
    fixed("log.roll.jitter.hours", Value::Int(0), Some("0")),
    dynamic("log.roll.jitter.ms", Value::Long(0), None),
    dynamic("log.roll.ms", Value::Long(i64::MIN), None),
    dynamic("log.segment.bytes", Value::Int(1_048_576), Some("1073741824")),
    dynamic("log.segment.delete.delay.ms", Value::Long(0), Some("60000")),
    dynamic("max.connection.creation.rate", Value::Int(0), Some("2147483647")),
    dynamic("max.connections", Value::Int(0), Some("2147483647")),
    dynamic("max.connections.per.ip", Value::Int(0), Some("2147483647")),
    dynamic("max.connections.per.ip.overrides", Value::Text, Some("")),
    fixed("max.incremental.fetch.session.cache.slots", Value::Int(0), Some("1000")),
    dynamic("message.max.bytes", Value::Int(0), Some("1048588")),
    dynamic("metric.reporters", Value::Text, Some("org.apache.kafka.common.metrics.JmxReporter")),
    dynamic("min.insync.replicas", Value::Int(1), Some("1")),
    fixed("node.id", Value::Int(0), None),
    dynamic("num.io.threads", Value::Int(1), Some("8")),
    dynamic("num.network.threads", Value::Int(1), Some("3")),
    fixed("num.partitions", Value::Int(1), Some("1")),
    dynamic("num.recovery.threads.per.data.dir", Value::Int(1), Some("2")),
    dynamic("num.replica.fetchers", Value::Int(1), Some("1")),
    fixed("offset.metadata.max.bytes", Value::Int(INT_MIN), Some("4096")),
    fixed("offsets.commit.timeout.ms", Value::Int(1), Some("5000")),
    fixed("offsets.retention.check.interval.ms", Value::Long(1), Some("600000")),
    fixed("offsets.retention.minutes", Value::Int(1), Some("10080")),
    fixed("offsets.topic.num.partitions", Value::Int(1), Some("50")),
    fixed("offsets.topic.replication.factor", Value::Int(1), Some("3")),
    fixed("offsets.topic.segment.bytes", Value::Int(1), Some("104857600")),
    fixed("process.roles", Value::ListOf(&["broker", "controller"]), None),
    dynamic("producer.id.expiration.ms", Value::Int(1), Some("86400000")),
    fixed("queued.max.requests", Value::Int(1), Some("500")),
    fixed("replica.fetch.backoff.ms", Value::Int(0), Some("1000")),
    fixed("replica.fetch.max.bytes", Value::Int(0), Some("1048576")),
    fixed("replica.fetch.min.bytes", Value::Int(INT_MIN), Some("1")),
    fixed("replica.fetch.response.max.bytes", Value::Int(0), Some("10485760")),
    fixed("replica.fetch.wait.max.ms", Value::Int(INT_MIN), Some("500")),
    fixed("replica.high.watermark.checkpoint.interval.ms", Value::Long(i64::MIN), Some("5000")),
    fixed("replica.lag.time.max.ms", Value::Long(i64::MIN), Some("30000")),
    fixed("replica.selector.class", Value::Text, None),
    fixed("request.timeout.ms", Value::Int(INT_MIN), Some("30000")),
    fixed("socket.request.max.bytes", Value::Int(1), Some("104857600")),
    fixed("transaction.abort.timed.out.transaction.cleanup.interval.ms", Value::Int(1), Some("10000")),
    fixed("transaction.max.timeout.ms", Value::Int(1), Some("900000")),
    dynamic("transaction.partition.verification.enable", Value::Boolean, Some("true")),
    fixed("transaction.state.log.min.isr", Value::Int(1), Some("2")),
    fixed("transaction.state.log.num.partitions", Value::Int(1), Some("50")),
    fixed("transaction.state.log.replication.factor", Value::Int(1), Some("3")),
    fixed("transactional.id.expiration.ms", Value::Int(1), Some("604800000")),
    dynamic("unclean.leader.election.enable", Value::Boolean, Some("false")),
    fixed("unclean.leader.election.interval.ms", Value::Long(1), Some("300000")),
];
