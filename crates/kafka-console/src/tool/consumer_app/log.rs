//! What the application logs: one line for each thing that happens to it, a word that says what and then the facts.
//!
//! Leaves out: auto-commits of the same offsets as before.

use std::collections::VecDeque;
use std::fmt::Display;

use kafka_core::application::{
    Application, CommitMoment, CommitPoint, CommitStrategy, CommitUnit, FailureReaction, ListenerCallback,
};
use kafka_core::config::ConsumerConfig;
use kafka_core::event::{CommitCall, PolledRecord, PositionOrigin, ProcessedRecord};
use kafka_core::topic::{TopicName, TopicPartition};

use crate::duration;
use crate::system::{ConsumerNotice, Context, Notice};
use crate::tool::application::{Lines, text};
use crate::tool::java;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Log {
    lines: Lines,
    /// What the last `poll()` returned and the application has not come to.
    polled: VecDeque<PolledRecord>,
    /// What the last line about a commit said.
    committed: Vec<(TopicPartition, i64)>,
}

impl Log {
    pub(super) fn new(timestamps: bool) -> Self {
        Self { lines: Lines { timestamps }, polled: VecDeque::new(), committed: Vec::new() }
    }

    pub(super) fn write(&self, what: &str, facts: &str, context: &mut Context<'_>) {
        self.lines.write(what, facts, context);
    }

    pub(super) fn started(
        &self,
        config: &ConsumerConfig,
        topics: &[TopicName],
        application: &Application,
        context: &mut Context<'_>,
    ) {
        let group = config.group_id.as_deref().unwrap_or_default();
        let facts = format!(
            "{} group={group} topics={} commit={} process={}",
            config.client_id,
            list(topics),
            strategy(application.commit, config.enable_auto_commit),
            duration::format(application.process_time),
        );
        self.write("started", &facts, context);
    }

    pub(super) fn crashed(&self, context: &mut Context<'_>) {
        self.write("crashed", "nobody called close(): no commit, no goodbye to the group", context);
    }

    pub(super) fn tell(&mut self, notice: Notice, context: &mut Context<'_>) {
        match notice {
            Notice::Polled(records) => {
                self.write("polled", &summary(&records), context);
                self.polled = records.into();
            }
            Notice::MetadataError { topic, error, .. } => {
                self.write("warning", &format!("the cluster says of topic {topic}: {error}"), context);
            }
            Notice::Consumer(notice) => self.tell_of_consumer(notice, context),
            Notice::Closed | Notice::Killed | Notice::PollFailed(_) => {}
            Notice::Acknowledged { .. }
            | Notice::SendFailed { .. }
            | Notice::CallReturned { .. }
            | Notice::Partitioned { .. }
            | Notice::Retried(_) => {
                unreachable!("a consumer sends nothing")
            }
        }
    }

    fn tell_of_consumer(&mut self, notice: ConsumerNotice, context: &mut Context<'_>) {
        let (what, facts) = match notice {
            ConsumerNotice::Joined { generation, leader, .. } => {
                let role = if leader { "leader" } else { "follower" };
                ("joined", format!("generation={generation} role={role}"))
            }
            ConsumerNotice::EpochReached { epoch, .. } => ("joined", format!("epoch={epoch}")),
            ConsumerNotice::Assigned(added) => ("assigned", list(&added)),
            ConsumerNotice::Revoked(partitions) => ("revoked", list(&partitions)),
            ConsumerNotice::Lost(partitions) => ("lost", list(&partitions)),
            ConsumerNotice::Paused(partitions) => ("paused", list(&partitions)),
            ConsumerNotice::Resumed(partitions) => ("resumed", list(&partitions)),
            ConsumerNotice::Subscribed(topics) => ("subscribed", list(&topics)),
            ConsumerNotice::PositionSet { partition, offset, origin } => {
                ("position", format!("{partition} offset={offset} ({})", origin_of(origin)))
            }
            ConsumerNotice::Skipped { partition, from, to } => {
                let offsets = if from + 1 == to { from.to_string() } else { format!("{from}..{}", to - 1) };
                (
                    "skipped",
                    format!("{partition} offset={offsets} (not for applications: markers, aborted records)"),
                )
            }
            ConsumerNotice::Processed(records) => return self.processed(&records, context),
            ConsumerNotice::ProcessingFailed { record, reaction } => {
                ("failed", format!("{}: {}", self.take(&record), reaction_to(reaction)))
            }
            ConsumerNotice::ListenerThrew(callback) => (
                "poll-failed",
                format!(
                    "org.apache.kafka.common.KafkaException: User rebalance callback throws an error, in {}()",
                    method(callback)
                ),
            ),
            ConsumerNotice::PollIntervalExceeded => (
                "warning",
                "no poll() for max.poll.interval.ms: the heartbeat thread leaves the group".to_owned(),
            ),
            // Every interval commits again, also when nothing has been read.
            ConsumerNotice::Committed { call: CommitCall::Auto, offsets } if offsets == self.committed => {
                return;
            }
            ConsumerNotice::Committed { call, offsets } => {
                let named: Vec<_> =
                    offsets.iter().map(|(partition, offset)| format!("{partition}={offset}")).collect();
                self.committed = offsets;
                ("committed", format!("{} ({})", named.join(" "), caller(call)))
            }
            ConsumerNotice::CommitFailed { call, error } => {
                ("commit-failed", format!("({}) {}", caller(call), java::commit_exception(error)))
            }
        };
        self.write(what, &facts, context);
    }

    fn processed(&mut self, records: &[ProcessedRecord], context: &mut Context<'_>) {
        for record in records {
            let facts = self.take(record);
            self.write("processed", &facts, context);
        }
    }

    /// A record that the application has come to; records are worked on in the order in which they were polled.
    fn take(&mut self, record: &ProcessedRecord) -> String {
        let mut facts = format!("{} offset={}", record.partition, record.offset);
        while let Some(polled) = self.polled.pop_front() {
            if polled.partition == record.partition && polled.offset == record.offset {
                let (key, value) = (text(polled.record.key.as_deref()), text(polled.record.value.as_deref()));
                facts.push_str(&format!(" key={key} value={value}"));
                break;
            }
        }
        facts
    }
}

/// `3 records: orders-0 offsets 5..7, orders-1 offset 2`
fn summary(records: &[PolledRecord]) -> String {
    let mut ranges: Vec<(&TopicPartition, i64, i64)> = Vec::new();
    for PolledRecord { partition, offset, .. } in records {
        match ranges.last_mut().filter(|(last, ..)| *last == partition) {
            Some((_, _, end)) => *end = *offset,
            None => ranges.push((partition, *offset, *offset)),
        }
    }
    let ranges: Vec<_> = ranges
        .into_iter()
        .map(|(partition, first, last)| match first == last {
            true => format!("{partition} offset={first}"),
            false => format!("{partition} offset={first}..{last}"),
        })
        .collect();
    let noun = if records.len() == 1 { "record" } else { "records" };
    format!("{} {noun}: {}", records.len(), ranges.join(", "))
}

fn strategy(commit: CommitStrategy, auto: bool) -> String {
    let point = |CommitPoint { unit, moment }: CommitPoint| {
        let unit = match unit {
            CommitUnit::Batch => "batch",
            CommitUnit::Record => "record",
        };
        let moment = match moment {
            CommitMoment::BeforeProcessing => "before",
            CommitMoment::AfterProcessing => "after",
        };
        format!("{moment} each {unit}")
    };
    match commit {
        CommitStrategy::Configured if auto => "auto".to_owned(),
        CommitStrategy::Configured => "none".to_owned(),
        CommitStrategy::Sync(at) => format!("commitSync() {}", point(at)),
        CommitStrategy::Async(at) => format!("commitAsync() {}", point(at)),
    }
}

fn list<T: Display>(items: &[T]) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}

const fn caller(call: CommitCall) -> &'static str {
    match call {
        CommitCall::Auto => "auto-commit",
        CommitCall::Sync => "commitSync",
        CommitCall::Async => "commitAsync",
    }
}

const fn origin_of(origin: PositionOrigin) -> &'static str {
    match origin {
        PositionOrigin::Committed => "committed",
        PositionOrigin::ResetEarliest => "auto.offset.reset=earliest",
        PositionOrigin::ResetLatest => "auto.offset.reset=latest",
        PositionOrigin::ResetByDuration => "auto.offset.reset=by_duration",
        PositionOrigin::Sought => "seek",
    }
}

const fn reaction_to(reaction: FailureReaction) -> &'static str {
    match reaction {
        FailureReaction::Crash => "the process ends",
        FailureReaction::Close => "the loop ends, close() follows",
        FailureReaction::Skip => "skipped",
        FailureReaction::Retry => "seeks back to try again in 1s",
    }
}

const fn method(callback: ListenerCallback) -> &'static str {
    match callback {
        ListenerCallback::OnPartitionsAssigned => "onPartitionsAssigned",
        ListenerCallback::OnPartitionsRevoked => "onPartitionsRevoked",
        ListenerCallback::OnPartitionsLost => "onPartitionsLost",
    }
}
