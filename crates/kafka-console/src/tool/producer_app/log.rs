//! What the application logs about its records: one line for each thing that happens to one.

use std::collections::{BTreeMap, VecDeque};

use kafka_core::command::ProducerRecord;
use kafka_core::config::{PartitionerClass, ProducerConfig};
use kafka_core::event::{PartitionChoice, SendFailure};
use kafka_core::protocol::Acks;
use kafka_core::record::RecordId;
use kafka_core::topic::TopicPartition;

use super::options::Records;
use crate::system::{Context, Notice, Retry};
use crate::tool::application::{Lines, text};
use crate::tool::java;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Log {
    lines: Lines,
    /// Records that `send()` was called with and that have no partition yet.
    sending: VecDeque<String>,
    /// Records that nobody has answered for, with their partitions.
    under_way: BTreeMap<RecordId, (TopicPartition, String)>,
    acknowledged: u64,
    failed: u64,
}

impl Log {
    pub(super) fn new(lines: Lines) -> Self {
        Self { lines, sending: VecDeque::new(), under_way: BTreeMap::new(), acknowledged: 0, failed: 0 }
    }

    pub(super) fn write(&self, what: &str, facts: &str, context: &mut Context<'_>) {
        self.lines.write(what, facts, context);
    }

    pub(super) fn started(&self, config: &ProducerConfig, records: &Records, context: &mut Context<'_>) {
        let acks = match config.acks {
            Acks::None => "0",
            Acks::Leader => "1",
            Acks::All => "all",
        };
        let partitioner = match &config.partitioner_class {
            None => String::new(),
            Some(PartitionerClass::RoundRobin) => " partitioner=RoundRobinPartitioner".to_owned(),
            Some(PartitionerClass::Custom(partitioner)) => format!(" partitioner={}", partitioner.name()),
        };
        let facts = format!(
            "{} topic={} rate={} acks={acks} idempotence={}{partitioner}",
            config.client_id, records.topic, records.rate, config.enable_idempotence
        );
        self.write("started", &facts, context);
    }

    /// `send()` is called with a record.
    pub(super) fn sending(&mut self, record: &ProducerRecord) {
        let (key, value) = (text(record.key.as_deref()), text(record.value.as_deref()));
        self.sending.push_back(format!("key={key} value={value}"));
    }

    pub(super) fn closed(&self, sent: u64, context: &mut Context<'_>) {
        let Self { acknowledged, failed, .. } = self;
        let facts = format!("sent={sent} acknowledged={acknowledged} failed={failed}");
        self.write("closed", &facts, context);
    }

    /// 1 when a record has failed.
    pub(super) fn exit_code(&self) -> u8 {
        u8::from(self.failed > 0)
    }

    pub(super) fn tell(&mut self, notice: Notice, context: &mut Context<'_>) {
        match notice {
            Notice::Partitioned { record, partition, choice } => {
                self.partitioned(record, partition, choice, context);
            }
            Notice::Acknowledged { partition, first, base_offset, records } => {
                // `RecordMetadata` of a record that nobody answers for has the offset -1.
                for (place, record) in (0..).zip(self.batch(&partition, first, records)) {
                    let offset = base_offset.map_or(-1, |base| base + place);
                    self.acknowledged += 1;
                    self.write("acknowledged", &format!("{partition}@{offset} {record}"), context);
                }
            }
            Notice::Retried(Retry { partition, records, error, attempts_left, .. }) => {
                let noun = if records == 1 { "record" } else { "records" };
                let facts =
                    format!("{partition} {records} {noun}: {}, {attempts_left} attempts left", error.name());
                self.write("retried", &facts, context);
            }
            Notice::SendFailed { record, failure, .. } => self.failed(record.id, &failure, context),
            Notice::MetadataError { topic, error, .. } => {
                self.write("warning", &format!("the cluster says of topic {topic}: {error}"), context);
            }
            Notice::CallReturned { .. } | Notice::Killed | Notice::Closed => {}
            Notice::Consumer(_) | Notice::Polled(_) | Notice::PollFailed(_) => {
                unreachable!("a producer does not poll")
            }
        }
    }

    fn partitioned(
        &mut self,
        record: RecordId,
        partition: TopicPartition,
        choice: PartitionChoice,
        context: &mut Context<'_>,
    ) {
        let described = self.sending.pop_front().unwrap_or_default();
        self.write("sent", &format!("{partition} {described}"), context);
        let topic = context.system().simulation.cluster().topic(&partition.topic);
        let partitions = topic.map_or(0, |topic| topic.partitions.len() as u32);
        if choice == PartitionChoice::Custom && partition.partition >= partitions {
            let facts = format!(
                "there is no {partition}: the topic has {partitions} partitions. Kafka's producer does not check what a \
                 partitioner says: the record waits for that partition until delivery.timeout.ms is over."
            );
            self.write("warning", &facts, context);
        }
        self.under_way.insert(record, (partition, described));
    }

    /// Takes the records of a batch: those of its partition from the first on.
    fn batch(&mut self, partition: &TopicPartition, first: RecordId, records: u32) -> Vec<String> {
        let of_batch = self.under_way.range(first..).filter(|(_, (to, _))| to == partition);
        let ids: Vec<_> = of_batch.map(|(id, _)| *id).take(records as usize).collect();
        ids.iter().filter_map(|id| self.under_way.remove(id)).map(|(_, described)| described).collect()
    }

    fn failed(&mut self, record: RecordId, failure: &SendFailure, context: &mut Context<'_>) {
        let described = match self.under_way.remove(&record) {
            Some((partition, described)) => format!("{partition} {described}"),
            None => self.sending.pop_front().unwrap_or_default(),
        };
        self.failed += 1;
        self.write("failed", &format!("{described}: {}", java::send_exception(failure)), context);
    }
}
