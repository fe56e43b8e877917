//! `kcat -C` and `kcat -G`: records as they come.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use kafka_core::application::{Application, ConsumerCall};
use kafka_core::client::Client;
use kafka_core::command::{Command, Source, StartAt};
use kafka_core::config::ConsumerConfig;
use kafka_core::consumer::Position;
use kafka_core::event::PolledRecord;
use kafka_core::protocol::ClientId;
use kafka_core::topic::TopicPartition;

use super::Refused;
use super::format::Format;
use super::options::{Mode, Offset, Options};
use crate::system::{ConsumerNotice, Context, Notice, Progress};
use crate::tool::{at_or_after, earliest, latest, poll_exception};

/// How often it is looked whether the end of a partition was reached.
const END_INTERVAL: Duration = Duration::from_millis(50);

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Consuming {
    client: ClientId,
    group: Option<Rc<str>>,
    member: Rc<str>,
    /// Where a group's partitions start, instead of what is committed.
    offset: Option<Offset>,
    format: Format,
    nulls: bool,
    quiet: bool,
    exit_at_end: bool,
    left: Option<u64>,
    /// Partitions at whose end it stands, with the offset there.
    ends: BTreeMap<TopicPartition, i64>,
    closing: bool,
}

impl Consuming {
    pub(super) fn start(options: &Options, context: &mut Context<'_>) -> Result<Self, Refused> {
        let mut properties = options.properties.clone();
        let (group, source) = match &options.mode {
            Mode::Group(group) => {
                properties.set("group.id", group);
                (Some(group.clone()), Source::Subscribe(options.operands.clone()))
            }
            Mode::Consume | Mode::Produce | Mode::List => (None, assignment(options, context)?),
        };
        properties.set_default("allow.auto.create.topics", "false");
        // The default of librdkafka.
        properties.set_default("isolation.level", "read_committed");
        let config = ConsumerConfig::from_properties(&properties, "rdkafka")
            .map_err(|error| Refused::Fatal(error.to_string()))?;
        let client = context.new_client();
        let application = Application::default();
        let command = Command::StartConsumer { client, config: Box::new(config), source, application };
        context.command(&command).map_err(|error| Refused::Fatal(error.to_string()))?;
        let consuming = Self {
            client,
            group,
            member: "".into(),
            offset: options.offset.clone(),
            format: options.format.clone(),
            nulls: options.nulls,
            quiet: options.quiet,
            exit_at_end: options.exit_at_end,
            left: options.count,
            ends: BTreeMap::new(),
            closing: false,
        };
        if consuming.group.is_some() {
            consuming.inform("Waiting for group rebalance", context);
        }
        context.wake_at(context.now() + END_INTERVAL);
        Ok(consuming)
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        if context.take_signal().is_some() && !self.closing {
            return self.close(context);
        }
        match context.next_notice(self.client) {
            Some(Notice::Closed) => return Progress::Exit(0),
            Some(Notice::Polled(records)) if !self.closing => return self.print(&records, context),
            Some(Notice::Consumer(notice)) => self.note(notice, context),
            Some(Notice::PollFailed(error)) => {
                let exception = poll_exception(&error);
                let reason = exception.split_once(": ").map_or(&*exception, |(_, message)| message);
                context.print_error(&format!("% ERROR: Consumer error: {reason}"));
                return Progress::Exit(1);
            }
            Some(
                Notice::Polled(_)
                | Notice::Killed
                | Notice::Partitioned { .. }
                | Notice::Retried(_)
                | Notice::MetadataError { .. }
                | Notice::Acknowledged { .. }
                | Notice::SendFailed { .. }
                | Notice::CallReturned { .. },
            ) => {}
            None if self.closing => return Progress::Blocked,
            None => return self.look_for_ends(context),
        }
        Progress::Continue
    }

    fn print(&mut self, records: &[PolledRecord], context: &mut Context<'_>) -> Progress {
        for polled in records {
            let broker = context.system().simulation.cluster().leader(&polled.partition);
            let bytes = self.format.print(polled, broker, self.nulls);
            if context.write_output(&bytes).is_err() {
                return Progress::Exit(1);
            }
            self.left = self.left.map(|left| left - 1);
            if self.left == Some(0) {
                return self.close(context);
            }
        }
        self.look_for_ends(context)
    }

    /// `RD_KAFKA_RESP_ERR__PARTITION_EOF`: told once, and again after more records.
    fn look_for_ends(&mut self, context: &mut Context<'_>) -> Progress {
        let simulation = &context.system().simulation;
        let Some(Client::Consumer(consumer)) = simulation.client(self.client) else {
            return Progress::Blocked;
        };
        let mut reached = Vec::new();
        let mut partitions = 0;
        for (partition, position) in consumer.positions() {
            partitions += 1;
            let Position::At(offset) = position else { continue };
            if offset >= latest(partition, simulation) && self.ends.get(partition) != Some(&offset) {
                reached.push((partition.clone(), offset));
            }
        }
        for (partition, offset) in reached {
            self.ends.insert(partition.clone(), offset);
            let all = self.exit_at_end && self.ends.len() == partitions;
            let TopicPartition { topic, partition } = partition;
            let exiting = if all { ": exiting" } else { "" };
            self.inform(
                &format!("Reached end of topic {topic} [{partition}] at offset {offset}{exiting}"),
                context,
            );
            if all {
                return self.close(context);
            }
        }
        context.wake_at(context.now() + END_INTERVAL);
        Progress::Blocked
    }

    fn note(&mut self, notice: ConsumerNotice, context: &mut Context<'_>) {
        match notice {
            ConsumerNotice::Joined { member, .. } | ConsumerNotice::EpochReached { member, .. } => {
                self.member = member;
            }
            ConsumerNotice::Assigned(added) => {
                self.tell_rebalance("assigned", &added, context);
                self.seek(&added, context);
            }
            ConsumerNotice::Revoked(partitions) | ConsumerNotice::Lost(partitions) => {
                self.ends.retain(|partition, _| !partitions.contains(partition));
                self.tell_rebalance("revoked", &partitions, context);
            }
            ConsumerNotice::Paused(_)
            | ConsumerNotice::Resumed(_)
            | ConsumerNotice::Subscribed(_)
            | ConsumerNotice::PositionSet { .. }
            | ConsumerNotice::Skipped { .. }
            | ConsumerNotice::Processed(_)
            | ConsumerNotice::ProcessingFailed { .. }
            | ConsumerNotice::ListenerThrew(_)
            | ConsumerNotice::PollIntervalExceeded
            | ConsumerNotice::Committed { .. }
            | ConsumerNotice::CommitFailed { .. } => {}
        }
    }

    fn tell_rebalance(&self, word: &str, partitions: &[TopicPartition], context: &mut Context<'_>) {
        let Some(group) = &self.group else { return };
        let list: Vec<_> = partitions
            .iter()
            .map(|partition| format!("{} [{}]", partition.topic, partition.partition))
            .collect();
        let text =
            format!("Group {group} rebalanced (memberid {}): {word}: {}", self.member, list.join(", "));
        self.inform(&text, context);
    }

    fn seek(&self, partitions: &[TopicPartition], context: &mut Context<'_>) {
        for partition in partitions {
            let simulation = &context.system().simulation;
            let offset = match &self.offset {
                None | Some(Offset::Stored) => return,
                Some(Offset::Beginning) => earliest(partition, simulation),
                Some(Offset::End) => latest(partition, simulation),
                Some(Offset::At(offset)) => *offset,
                Some(Offset::BeforeEnd(count)) => {
                    (latest(partition, simulation) - count).max(earliest(partition, simulation))
                }
                Some(Offset::Since(millis)) => at_or_after(partition, *millis, simulation)
                    .unwrap_or_else(|| latest(partition, simulation)),
            };
            let call = ConsumerCall::Seek { partition: partition.clone(), offset };
            let sought = context.command(&Command::Call { client: self.client, call });
            assert!(sought.is_ok(), "the partition was assigned just now");
        }
    }

    fn close(&mut self, context: &mut Context<'_>) -> Progress {
        self.closing = true;
        context.forget_alarm();
        let closed = context.command(&Command::Close { client: self.client });
        assert!(closed.is_ok(), "a client can always be closed");
        Progress::Continue
    }

    /// `KC_INFO(1, ..)`
    fn inform(&self, text: &str, context: &mut Context<'_>) {
        if !self.quiet {
            context.print_error(&format!("% {text}"));
        }
    }
}

/// Every partition of the topic, or the one that was asked for.
fn assignment(options: &Options, context: &mut Context<'_>) -> Result<Source, Refused> {
    let topic = options.topic.clone().unwrap_or_default();
    let simulation = &context.system().simulation;
    let Some(found) = simulation.cluster().topic(&topic) else {
        return Err(Refused::Fatal(format!("Topic {topic} error: Broker: Unknown topic or partition")));
    };
    let count = found.partitions.len() as u32;
    if let Some(partition) = options.partition.filter(|partition| *partition >= count) {
        let last = count.saturating_sub(1);
        return Err(Refused::Fatal(format!(
            "Topic {topic} (with partitions 0..{last}): partition {partition} does not exist"
        )));
    }
    let start = |partition: &TopicPartition| match &options.offset {
        None | Some(Offset::Beginning) => StartAt::Earliest,
        Some(Offset::End) => StartAt::Latest,
        Some(Offset::Stored) => StartAt::Committed,
        Some(Offset::At(offset)) => StartAt::Offset(*offset),
        Some(Offset::BeforeEnd(before)) => {
            StartAt::Offset((latest(partition, simulation) - before).max(earliest(partition, simulation)))
        }
        Some(Offset::Since(millis)) => {
            at_or_after(partition, *millis, simulation).map_or(StartAt::Latest, StartAt::Offset)
        }
    };
    let numbers = (0..count).filter(|number| options.partition.is_none_or(|wanted| wanted == *number));
    let partitions = numbers.map(|number| TopicPartition::new(topic.clone(), number));
    Ok(Source::Assign(partitions.map(|partition| (partition.clone(), start(&partition))).collect()))
}
