//! The names of the clients' settings: `ConsumerConfig` and `ProducerConfig` of Kafka 4.2.
//!
//! Leaves out: `ssl.*`, `sasl.*`, `security.*`, and the settings of metrics.

/// Whose setting it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClientKind {
    Consumer,
    Producer,
    Both,
}

impl ClientKind {
    /// Whether a client of the other kind has it.
    pub const fn includes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Both, _) | (_, Self::Both) => true,
            (Self::Consumer, Self::Consumer) | (Self::Producer, Self::Producer) => true,
            (Self::Consumer, Self::Producer) | (Self::Producer, Self::Consumer) => false,
        }
    }
}

const CONSUMER: [&str; 26] = [
    "allow.auto.create.topics",
    "auto.commit.interval.ms",
    "auto.offset.reset",
    "check.crcs",
    "client.rack",
    "default.api.timeout.ms",
    "enable.auto.commit",
    "exclude.internal.topics",
    "fetch.max.bytes",
    "fetch.max.wait.ms",
    "fetch.min.bytes",
    "group.id",
    "group.instance.id",
    "group.protocol",
    "group.remote.assignor",
    "heartbeat.interval.ms",
    "isolation.level",
    "key.deserializer",
    "max.partition.fetch.bytes",
    "max.poll.interval.ms",
    "max.poll.records",
    "partition.assignment.strategy",
    "session.timeout.ms",
    "share.acknowledgement.mode",
    "share.acquire.mode",
    "value.deserializer",
];

const PRODUCER: [&str; 24] = [
    "acks",
    "batch.size",
    "buffer.memory",
    "compression.gzip.level",
    "compression.lz4.level",
    "compression.type",
    "compression.zstd.level",
    "delivery.timeout.ms",
    "enable.idempotence",
    "key.serializer",
    "linger.ms",
    "max.block.ms",
    "max.in.flight.requests.per.connection",
    "max.request.size",
    "metadata.max.idle.ms",
    "partitioner.adaptive.partitioning.enable",
    "partitioner.availability.timeout.ms",
    "partitioner.class",
    "partitioner.ignore.keys",
    "retries",
    "transaction.timeout.ms",
    "transaction.two.phase.commit.enable",
    "transactional.id",
    "value.serializer",
];

const BOTH: [&str; 23] = [
    "bootstrap.servers",
    "client.dns.lookup",
    "client.id",
    "config.providers",
    "connections.max.idle.ms",
    "enable.metrics.push",
    "interceptor.classes",
    "metadata.max.age.ms",
    "metadata.recovery.rebootstrap.trigger.ms",
    "metadata.recovery.strategy",
    "metric.reporters",
    "metrics.num.samples",
    "metrics.recording.level",
    "metrics.sample.window.ms",
    "receive.buffer.bytes",
    "reconnect.backoff.max.ms",
    "reconnect.backoff.ms",
    "request.timeout.ms",
    "retry.backoff.max.ms",
    "retry.backoff.ms",
    "send.buffer.bytes",
    "socket.connection.setup.timeout.max.ms",
    "socket.connection.setup.timeout.ms",
];

/// Whose setting has this name; `None` when Kafka's clients have no such setting.
pub fn client_config(name: &str) -> Option<ClientKind> {
    names().find(|(known, _)| *known == name).map(|(_, kind)| kind)
}

/// Every setting of the clients, with whose it is.
pub fn client_config_names() -> impl Iterator<Item = (&'static str, ClientKind)> {
    names()
}

/// The values that a setting of the clients can have, where there is a list of them; classes are those that act here.
pub fn client_config_values(name: &str) -> &'static [&'static str] {
    VALUES.iter().find(|(known, _)| *known == name).map_or(&[], |(_, values)| values)
}

const BOOLEAN: &[&str] = &["true", "false"];

const VALUES: [(&str, &[&str]); 19] = [
    ("acks", &["all", "-1", "0", "1"]),
    ("allow.auto.create.topics", BOOLEAN),
    ("auto.offset.reset", &["latest", "earliest", "none", "by_duration:PT1H"]),
    ("check.crcs", BOOLEAN),
    ("client.dns.lookup", &["use_all_dns_ips", "resolve_canonical_bootstrap_servers_only"]),
    ("compression.type", &["none", "gzip", "snappy", "lz4", "zstd"]),
    ("enable.auto.commit", BOOLEAN),
    ("enable.idempotence", BOOLEAN),
    ("enable.metrics.push", BOOLEAN),
    ("exclude.internal.topics", BOOLEAN),
    ("group.protocol", &["classic", "consumer"]),
    ("group.remote.assignor", &["uniform", "range"]),
    ("isolation.level", &["read_uncommitted", "read_committed"]),
    ("metadata.recovery.strategy", &["rebootstrap", "none"]),
    (
        "partition.assignment.strategy",
        &[
            "org.apache.kafka.clients.consumer.RangeAssignor",
            "org.apache.kafka.clients.consumer.RoundRobinAssignor",
            "org.apache.kafka.clients.consumer.StickyAssignor",
            "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        ],
    ),
    ("partitioner.adaptive.partitioning.enable", BOOLEAN),
    ("partitioner.class", &["org.apache.kafka.clients.producer.RoundRobinPartitioner"]),
    ("partitioner.ignore.keys", BOOLEAN),
    ("transaction.two.phase.commit.enable", BOOLEAN),
];

/// The setting whose name is nearest to a misspelt one, if any is near.
pub fn nearest_client_config(name: &str) -> Option<&'static str> {
    let nearest = names().map(|(known, _)| (distance(name, known), known)).min()?;
    let (distance, known) = nearest;
    (distance * 3 <= known.len()).then_some(known)
}

fn names() -> impl Iterator<Item = (&'static str, ClientKind)> {
    let of = |names: &'static [&'static str], kind| names.iter().map(move |name| (*name, kind));
    of(&CONSUMER, ClientKind::Consumer)
        .chain(of(&PRODUCER, ClientKind::Producer))
        .chain(of(&BOTH, ClientKind::Both))
}

/// Levenshtein's: how many characters have to be put in, taken out or changed.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<_> = to.chars().collect();
    let mut row: Vec<_> = (0..=to.len()).collect();
    for (index, own) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in to.iter().enumerate() {
            let changed = diagonal + usize::from(own != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        assert_eq!(nearest_client_config("auto.offset.rset"), Some("auto.offset.reset"));
        assert_eq!(nearest_client_config("enable.autocommit"), Some("enable.auto.commit"));
        assert_eq!(nearest_client_config("linger"), Some("linger.ms"));
        assert_eq!(nearest_client_config("favourite.colour"), None);
        assert_eq!(client_config("acks"), Some(ClientKind::Producer));
        assert_eq!(client_config("group.id"), Some(ClientKind::Consumer));
        assert_eq!(client_config("client.id"), Some(ClientKind::Both));
        assert_eq!(client_config("acls"), None);
    }
}
