//! What the admin client answers about partitions, and which topics a pattern names.
//!
//! Mirrors `Admin.listOffsets` with its kinds of `OffsetSpec`, and `TopicFilter.IncludeList`.

use kafka_core::broker::Replica;
use kafka_core::protocol::BrokerId;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;
use regex_lite::Regex;

use super::{CLIENT_UTILS, log};
use crate::bootstrap;
use crate::option::{OptionError, Options};
use crate::system::Context;

/// The admin client cannot be made: the message of the exception, then the exception and its cause.
pub(super) struct ConnectError {
    pub(super) message: String,
    pub(super) exceptions: Vec<String>,
}

impl From<OptionError> for ConnectError {
    fn from(error: OptionError) -> Self {
        let message = error.to_string();
        Self { exceptions: vec![format!("{}: {message}", error.exception())], message }
    }
}

/// Makes the client of `--bootstrap-server` and `--command-config`. Leaves out: what the file says.
pub(super) fn connect(options: &Options, context: &mut Context<'_>) -> Result<(), ConnectError> {
    if let Some(file) = options.value("command-config")?.filter(|file| context.read_file(file).is_none()) {
        let exceptions = vec![format!("java.nio.file.NoSuchFileException: {file}")];
        return Err(ConnectError { message: file.to_string(), exceptions });
    }
    let servers = options.value("bootstrap-server")?.cloned().unwrap_or_default();
    reach(&servers, context)
}

pub(super) fn reach(servers: &str, context: &mut Context<'_>) -> Result<(), ConnectError> {
    let resolution = bootstrap::resolve(servers);
    for warning in &resolution.warnings {
        log("WARN", warning, CLIENT_UTILS, context);
    }
    let Some(error) = resolution.error else { return Ok(()) };
    let message = "Failed to create new KafkaAdminClient".to_owned();
    let exceptions = vec![
        format!("org.apache.kafka.common.KafkaException: {message}"),
        format!("Caused by: org.apache.kafka.common.config.ConfigException: {error}"),
    ];
    Err(ConnectError { message, exceptions })
}

/// A broker's address in the docker network.
pub(crate) fn address(broker: BrokerId, simulation: &Simulation) -> String {
    let alone = simulation.cluster().brokers().len() == 1;
    let host = if alone { "kafka".to_owned() } else { format!("kafka-{}", broker.0) };
    format!("{host}:9093")
}

/// The oldest offset that can be read; 0 where nobody leads.
pub(crate) fn earliest(partition: &TopicPartition, simulation: &Simulation) -> i64 {
    simulation.leader_replica(partition).map_or(0, |replica| replica.log.log_start_offset())
}

/// The high watermark: the end for those who read what is committed.
pub(crate) fn latest(partition: &TopicPartition, simulation: &Simulation) -> i64 {
    simulation.leader_replica(partition).map_or(0, Replica::high_watermark)
}

/// The first committed record that is not older than `millis` since the Unix epoch.
pub(crate) fn at_or_after(partition: &TopicPartition, millis: i64, simulation: &Simulation) -> Option<i64> {
    let replica = simulation.leader_replica(partition)?;
    let records = replica.log.timestamps_from(replica.log.log_start_offset());
    let mut committed = records.take_while(|(offset, _)| *offset < replica.high_watermark());
    committed.find(|(_, at)| *at >= millis).map(|(offset, _)| offset)
}

/// The first record with the greatest timestamp.
pub(super) fn max_timestamp(partition: &TopicPartition, simulation: &Simulation) -> Option<i64> {
    let replica = simulation.leader_replica(partition)?;
    let records = replica.log.timestamps_from(replica.log.log_start_offset());
    let committed = records.take_while(|(offset, _)| *offset < replica.high_watermark());
    committed.max_by_key(|(offset, at)| (*at, std::cmp::Reverse(*offset))).map(|(offset, _)| offset)
}

/// Commas separate alternatives, the whole name must match. `Err` is the message of Kafka's exception.
pub(super) fn include_list(text: &str) -> Result<Regex, String> {
    let raw = text.trim().replace(',', "|").replace(' ', "");
    let raw = raw.trim_matches(['"', '\'']);
    Regex::new(&format!("^(?:{raw})$")).map_err(|_| format!("{raw} is an invalid regex."))
}
