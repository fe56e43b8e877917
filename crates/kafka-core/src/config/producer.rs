//! `ProducerConfig`: what of the producer's configuration acts on the model.
//!
//! Leaves out: two-phase commit, sockets.

use std::rc::Rc;
use std::time::Duration;

use super::compression::producer_compression;
use super::{ConfigError, Properties, conflict, invalid};
use crate::producer::custom_partitioner::CustomPartitioner;
use crate::protocol::{Acks, TransactionalId};
use crate::record::Compression;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ProducerConfig {
    pub client_id: Rc<str>,
    pub acks: Acks,
    pub batch_size: u32,
    pub buffer_memory: u64,
    pub compression: Compression,
    pub delivery_timeout: Duration,
    /// As set, or as the other settings allow.
    pub enable_idempotence: bool,
    pub linger: Duration,
    pub max_block: Duration,
    pub max_in_flight_requests_per_connection: u32,
    pub max_request_size: u32,
    pub metadata_max_age: Duration,
    pub partitioner_class: Option<PartitionerClass>,
    pub partitioner_ignore_keys: bool,
    pub partitioner_adaptive_partitioning: bool,
    pub request_timeout: Duration,
    pub retries: u32,
    pub retry_backoff: Duration,
    pub retry_backoff_max: Duration,
    pub transaction_timeout: Duration,
    pub transactional_id: Option<TransactionalId>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PartitionerClass {
    RoundRobin,
    /// No property names it: the program around the producer brings it along.
    Custom(CustomPartitioner),
}

const ACKS: [(&str, Acks); 4] =
    [("all", Acks::All), ("-1", Acks::All), ("0", Acks::None), ("1", Acks::Leader)];

const MAX_IN_FLIGHT: &str = "max.in.flight.requests.per.connection";

const ROUND_ROBIN: &str = "org.apache.kafka.clients.producer.RoundRobinPartitioner";

impl ProducerConfig {
    /// Reads a producer's properties; `default_client_id` names a producer that has no `client.id`.
    pub fn from_properties(properties: &Properties, default_client_id: &str) -> Result<Self, ConfigError> {
        let linger = properties.long_millis("linger.ms", 5)?;
        let request_timeout = properties.int_millis("request.timeout.ms", 30_000, 0)?;
        let compression = producer_compression(properties)?;
        let delivery_timeout = delivery_timeout(properties, linger + request_timeout)?;
        let acks = properties.choice("acks", Acks::All, &ACKS)?;
        let retries = properties.int("retries", i32::MAX, 0)?;
        let max_in_flight = properties.int(MAX_IN_FLIGHT, 5, 1)?;
        let enable_idempotence = enable_idempotence(properties, acks, retries, max_in_flight)?;
        let transactional_id: Option<TransactionalId> = properties.get("transactional.id").map(Rc::from);
        if transactional_id.as_ref().is_some_and(|id| id.is_empty()) {
            return Err(invalid("transactional.id", "", "String must be non-empty"));
        }
        if transactional_id.is_some() && !enable_idempotence {
            return Err(conflict("Cannot set a transactional.id without also enabling idempotence."));
        }
        // KafkaProducer.configureProducerConfigs: a transactional producer is named after its id.
        let named = transactional_id.as_ref().map(|id| format!("producer-{id}"));
        Ok(Self {
            client_id: properties.text("client.id", named.as_deref().unwrap_or(default_client_id)),
            acks,
            batch_size: properties.int("batch.size", 16_384, 0)?,
            buffer_memory: properties.long("buffer.memory", 33_554_432)?,
            compression,
            delivery_timeout,
            enable_idempotence,
            linger,
            max_block: properties.long_millis("max.block.ms", 60_000)?,
            max_in_flight_requests_per_connection: max_in_flight,
            max_request_size: properties.int("max.request.size", 1_048_576, 0)?,
            metadata_max_age: properties.long_millis("metadata.max.age.ms", 300_000)?,
            partitioner_class: partitioner_class(properties)?,
            partitioner_ignore_keys: properties.boolean("partitioner.ignore.keys", false)?,
            partitioner_adaptive_partitioning: properties
                .boolean("partitioner.adaptive.partitioning.enable", true)?,
            request_timeout,
            retries,
            retry_backoff: properties.long_millis("retry.backoff.ms", 100)?,
            retry_backoff_max: properties.long_millis("retry.backoff.max.ms", 1000)?,
            transaction_timeout: properties.int_millis("transaction.timeout.ms", 60_000, 0)?,
            transactional_id,
        })
    }
}

/// `KafkaProducer.configureDeliveryTimeout`: too small a value is refused when the user set it, and raised otherwise.
fn delivery_timeout(properties: &Properties, least: Duration) -> Result<Duration, ConfigError> {
    let timeout = properties.int_millis("delivery.timeout.ms", 120_000, 0)?;
    if timeout < least && properties.get("delivery.timeout.ms").is_some() {
        return Err(conflict(
            "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
        ));
    }
    Ok(timeout.max(least))
}

/// `ProducerConfig.postProcessAndValidateIdempotenceConfigs`: on by default, and off by itself where acks or retries do
/// not allow it.
fn enable_idempotence(
    properties: &Properties,
    acks: Acks,
    retries: u32,
    max_in_flight: u32,
) -> Result<bool, ConfigError> {
    let asked = properties.get("enable.idempotence").is_some();
    let enabled = properties.boolean("enable.idempotence", true)?;
    if !enabled || (!asked && (acks != Acks::All || retries == 0)) {
        return Ok(false);
    }
    if retries == 0 {
        return Err(conflict("Must set retries to non-zero when using the idempotent producer."));
    }
    if acks != Acks::All {
        return Err(conflict(
            "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.",
        ));
    }
    if max_in_flight > 5 {
        return Err(conflict(format!(
            "To use the idempotent producer, {MAX_IN_FLIGHT} must be set to at most 5. Current value is \
             {max_in_flight}."
        )));
    }
    Ok(true)
}

fn partitioner_class(properties: &Properties) -> Result<Option<PartitionerClass>, ConfigError> {
    match properties.get("partitioner.class").map(str::trim) {
        None | Some("") => Ok(None),
        Some(ROUND_ROBIN) => Ok(Some(PartitionerClass::RoundRobin)),
        Some(class) => {
            Err(invalid("partitioner.class", class, &format!("Class {class} could not be found.")))
        }
    }
}
