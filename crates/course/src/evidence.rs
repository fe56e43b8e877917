//! What has happened in a lesson, counted from its events: since it began, and since its step began.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kafka_core::delivery::Deliveries;
use kafka_core::event::Event;
use kafka_core::group::{GroupState, LeaveReason};
use kafka_core::protocol::{ClientId, GroupId};
use kafka_core::time::SimTime;
use kafka_core::topic::TopicName;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Evidence {
    deliveries: Deliveries,
    group_of: BTreeMap<ClientId, GroupId>,
    spans: BTreeMap<GroupId, Span>,
    step_began: SimTime,
    topics: BTreeMap<TopicName, TopicCounts>,
    groups: BTreeMap<GroupId, GroupCounts>,
    /// Records that each group had handled more than once when the step began.
    earlier_duplicates: BTreeMap<GroupId, u64>,
}

/// What a step has done to a topic.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct TopicCounts {
    pub(crate) written: u64,
    pub(crate) partitions: BTreeSet<u32>,
    pub(crate) batches: u64,
    pub(crate) failed: u64,
    pub(crate) read: u64,
}

/// What has happened to a group in a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct GroupCounts {
    pub(crate) commits: u64,
    pub(crate) rebalances: u64,
    pub(crate) started: u64,
    pub(crate) left: u64,
    pub(crate) expired: u64,
    pub(crate) killed: u64,
    pub(crate) polled_too_late: u64,
    pub(crate) revoked: u64,
    pub(crate) read: u64,
    pub(crate) failures: u64,
}

/// When a group worked, since its first member of this lesson started.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Span {
    started: SimTime,
    first_record: Option<SimTime>,
    last_record: Option<SimTime>,
    records: u64,
    consumers: u64,
}

/// How fast a group has worked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Throughput {
    pub records: u64,
    /// How many consumers were started in it.
    pub consumers: u64,
    /// From the start of its first member to its last record.
    pub total: Duration,
    /// From its first record to its last.
    pub reading: Duration,
}

impl Evidence {
    /// From here on, what is counted by step counts anew.
    pub fn begin_step(&mut self, now: SimTime) {
        self.step_began = now;
        self.topics.clear();
        self.groups.clear();
        let duplicates = |group: &GroupId| (group.clone(), self.deliveries.of_group(group).duplicates);
        self.earlier_duplicates = self.spans.keys().map(duplicates).collect();
    }

    pub fn observe(&mut self, at: SimTime, events: &[Event]) {
        for event in events {
            self.deliveries.observe(event);
            self.note(at, event);
        }
    }

    /// `None` for a group that has not read anything.
    pub fn throughput(&self, group: &str) -> Option<Throughput> {
        let span = self.spans.get(group)?;
        let last = span.last_record?;
        Some(Throughput {
            records: span.records,
            consumers: span.consumers,
            total: last - span.started,
            reading: last - span.first_record?,
        })
    }

    pub(crate) const fn step_began(&self) -> SimTime {
        self.step_began
    }

    pub(crate) fn topic(&self, topic: &str) -> TopicCounts {
        self.topics.get(topic).cloned().unwrap_or_default()
    }

    pub(crate) fn group(&self, group: &str) -> GroupCounts {
        self.groups.get(group).copied().unwrap_or_default()
    }

    /// Records that the group has handled again in this step.
    pub(crate) fn duplicates(&self, group: &str) -> u64 {
        let earlier = self.earlier_duplicates.get(group).copied().unwrap_or(0);
        self.deliveries.of_group(group).duplicates.saturating_sub(earlier)
    }

    pub(crate) fn passed_over(&self, group: &str) -> usize {
        self.deliveries.passed_over(group).len()
    }

    fn note(&mut self, at: SimTime, event: &Event) {
        if let Event::ConsumerStarted { client, group: Some(group), .. } = event {
            self.group_of.insert(*client, group.clone());
            let span = Span { started: at, first_record: None, last_record: None, records: 0, consumers: 0 };
            self.spans.entry(group.clone()).or_insert(span).consumers += 1;
            self.groups.entry(group.clone()).or_default().started += 1;
        } else if let Event::RecordsAppended { partition, records, .. } = event {
            let topic = self.topics.entry(partition.topic.clone()).or_default();
            topic.written += u64::from(*records);
            topic.batches += 1;
            topic.partitions.insert(partition.partition);
        } else if let Event::RecordFailed { topic, .. } = event {
            self.topics.entry(topic.clone()).or_default().failed += 1;
        } else if let Event::RecordsProcessed { client, records } = event {
            for record in records {
                self.topics.entry(record.partition.topic.clone()).or_default().read += 1;
            }
            self.note_read(at, *client, records.len() as u64);
        } else if let Event::OffsetCommitted { group, .. } = event {
            self.groups.entry(group.clone()).or_default().commits += 1;
        } else if let Event::GroupStateChanged { group, to: GroupState::Stable, .. } = event {
            self.groups.entry(group.clone()).or_default().rebalances += 1;
        } else if let Event::MemberRemoved { group, reason, .. } = event {
            let counts = self.groups.entry(group.clone()).or_default();
            match reason {
                LeaveReason::Left => counts.left += 1,
                LeaveReason::SessionExpired => counts.expired += 1,
                LeaveReason::RebalanceTimeout
                | LeaveReason::SyncTimeout
                | LeaveReason::Replaced
                | LeaveReason::GroupMaxSizeReached => {}
            }
        } else if let Event::ClientKilled { client } = event {
            self.count_for(*client, |counts| counts.killed += 1);
        } else if let Event::PartitionsRevoked { client, partitions } = event {
            self.count_for(*client, |counts| counts.revoked += partitions.len() as u64);
        } else if let Event::PollIntervalExceeded { client } = event {
            self.count_for(*client, |counts| counts.polled_too_late += 1);
        } else if let Event::ProcessingFailed { client, .. } = event {
            self.count_for(*client, |counts| counts.failures += 1);
        }
    }

    fn note_read(&mut self, at: SimTime, client: ClientId, records: u64) {
        self.count_for(client, |counts| counts.read += records);
        let span = self.group_of.get(&client).and_then(|group| self.spans.get_mut(group));
        if let Some(span) = span {
            span.first_record = span.first_record.or(Some(at));
            span.last_record = Some(at);
            span.records += records;
        }
    }

    fn count_for(&mut self, client: ClientId, count: impl FnOnce(&mut GroupCounts)) {
        if let Some(group) = self.group_of.get(&client) {
            count(self.groups.entry(group.clone()).or_default());
        }
    }
}
