//! Goals against the state of the cluster and what has happened: how things stand, and what is missing.

use kafka_console::Console;
use kafka_console::terminal::Source;
use kafka_core::group::{GroupDescription, GroupState};
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use crate::content::{Bound, Comparison, Goal, Quantity, Rest};
use crate::evidence::Evidence;

/// A goal, and how things stand with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading<'a> {
    pub goal: &'a Goal,
    /// `None` when the goal is met.
    pub shortfall: Option<Shortfall>,
}

/// What is missing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shortfall {
    /// What is counted does not exist: no such topic, or no such group. The number of what it is compared with, where
    /// that is known.
    Absent {
        wanted: Option<i64>,
    },
    Count {
        now: i64,
        wanted: i64,
    },
    State {
        now: GroupState,
    },
    NotPrinted,
}

/// Where and since when goals are checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scenery<'a> {
    pub(crate) console: &'a Console,
    pub(crate) evidence: &'a Evidence,
}

impl Scenery<'_> {
    pub(crate) fn all_hold(&self, goals: &[Goal]) -> bool {
        goals.iter().all(|goal| self.shortfall(goal).is_none())
    }

    pub(crate) fn read<'g>(&self, goal: &'g Goal) -> Reading<'g> {
        Reading { goal, shortfall: self.shortfall(goal) }
    }

    fn shortfall(&self, goal: &Goal) -> Option<Shortfall> {
        match goal {
            Goal::Compare { quantity, comparison, bound } => {
                let wanted = match bound {
                    Bound::Number(number) => Some(*number),
                    Bound::Share { percent, of } => self.count(of).map(|count| count * percent / 100),
                };
                let (Some(now), Some(wanted)) = (self.count(quantity), wanted) else {
                    return Some(Shortfall::Absent { wanted });
                };
                let met = match comparison {
                    Comparison::AtLeast => now >= wanted,
                    Comparison::Exactly => now == wanted,
                    Comparison::AtMost => now <= wanted,
                };
                (!met).then_some(Shortfall::Count { now, wanted })
            }
            Goal::GroupIs { group, rest } => {
                let wanted = match rest {
                    Rest::Stable => GroupState::Stable,
                    Rest::Empty => GroupState::Empty,
                };
                match self.simulation().describe_group(group) {
                    None => Some(Shortfall::Absent { wanted: None }),
                    Some(description) => {
                        (description.state != wanted).then_some(Shortfall::State { now: description.state })
                    }
                }
            }
            Goal::Printed { text } => (!self.is_printed(text)).then_some(Shortfall::NotPrinted),
        }
    }

    fn simulation(&self) -> &Simulation {
        self.console.simulation()
    }

    /// Whether a terminal shows a line of output with this text that has appeared since the step began.
    fn is_printed(&self, text: &str) -> bool {
        let began = self.evidence.step_began();
        self.console.terminals().any(|(_, terminal)| {
            let since = terminal.lines().rev().take_while(|line| line.at > began);
            let outputs = since.filter(|line| matches!(line.source, Source::Output | Source::Error));
            outputs.into_iter().any(|line| line.text.contains(text))
        })
    }

    fn count(&self, quantity: &Quantity) -> Option<i64> {
        use Quantity as Q;
        match quantity {
            Q::Partitions { topic } => self.partitions(topic).map(|partitions| number(partitions.len())),
            Q::ReplicationFactor { topic } => {
                let partitions = &self.simulation().cluster().topic(topic)?.partitions;
                partitions.iter().map(|partition| number(partition.replicas.len())).min()
            }
            Q::InSyncReplicas { topic } => {
                let partitions = &self.simulation().cluster().topic(topic)?.partitions;
                partitions.iter().map(|partition| number(partition.isr.len())).min()
            }
            Q::Records { topic } => Some(self.partitions(topic)?.iter().map(|log| self.records(log)).sum()),
            Q::RecordsWithKey { topic } => self.records_where(topic, |key| key.is_some()),
            Q::RecordsWithThisKey { topic, key } => {
                self.records_where(topic, |found| found == Some(key.as_bytes()))
            }
            Q::RecordsOfPartition { topic, partition } => {
                let partitions = self.partitions(topic)?;
                partitions.iter().find(|log| log.partition == *partition).map(|log| self.records(log))
            }
            Q::FewestRecordsOfAPartition { topic } => {
                self.partitions(topic)?.iter().map(|log| self.records(log)).min()
            }
            Q::PartitionsWithRecords { topic } => {
                let partitions = self.partitions(topic)?;
                Some(number(partitions.iter().filter(|log| self.records(log) > 0).count()))
            }
            Q::RecordsOfLargestBatch { topic } => self.largest_batch(topic),

            Q::RecordsWrittenInStep { topic } => Some(self.evidence.topic(topic).written.cast_signed()),
            Q::PartitionsWrittenInStep { topic } => Some(number(self.evidence.topic(topic).partitions.len())),
            Q::BatchesWrittenInStep { topic } => Some(self.evidence.topic(topic).batches.cast_signed()),
            Q::RecordsFailedInStep { topic } => Some(self.evidence.topic(topic).failed.cast_signed()),
            Q::RecordsReadInStep { topic } => Some(self.evidence.topic(topic).read.cast_signed()),

            Q::Members { group } => self.group(group).map(|group| number(group.members.len())),
            Q::MembersWithoutPartitions { group } => {
                let members = self.group(group)?.members;
                Some(number(members.iter().filter(|member| member.assignment.is_empty()).count()))
            }
            Q::MostPartitionsOfAMember { group } => {
                self.group(group)?.members.iter().map(|member| number(member.assignment.len())).max()
            }
            Q::CommittedOffset { group, topic, partition } => {
                let wanted = TopicPartition::new(topic.as_str(), *partition);
                self.committed(group).into_iter().find(|(of, _)| *of == wanted).map(|(_, offset)| offset)
            }
            Q::PartitionsCommitted { group } => {
                self.group(group)?;
                Some(number(self.committed(group).len()))
            }
            Q::Lag { group } => self.lags(group).into_iter().reduce(|sum, lag| sum + lag),
            Q::LargestLagOfAPartition { group } => self.lags(group).into_iter().max(),
            Q::RecordsPassedOver { group } => {
                self.group(group)?;
                Some(number(self.evidence.passed_over(group)))
            }

            Q::CommitsInStep { group } => Some(self.evidence.group(group).commits.cast_signed()),
            Q::RebalancesInStep { group } => Some(self.evidence.group(group).rebalances.cast_signed()),
            Q::StartedInStep { group } => Some(self.evidence.group(group).started.cast_signed()),
            Q::LeftInStep { group } => Some(self.evidence.group(group).left.cast_signed()),
            Q::ExpiredInStep { group } => Some(self.evidence.group(group).expired.cast_signed()),
            Q::KilledInStep { group } => Some(self.evidence.group(group).killed.cast_signed()),
            Q::PolledTooLateInStep { group } => {
                Some(self.evidence.group(group).polled_too_late.cast_signed())
            }
            Q::PartitionsRevokedInStep { group } => Some(self.evidence.group(group).revoked.cast_signed()),
            Q::RecordsReadByGroupInStep { group } => Some(self.evidence.group(group).read.cast_signed()),
            Q::RecordsReadAgainInStep { group } => Some(self.evidence.duplicates(group).cast_signed()),
            Q::ProcessingFailuresInStep { group } => Some(self.evidence.group(group).failures.cast_signed()),
            Q::TimeOfGroup { group } => {
                i64::try_from(self.evidence.throughput(group)?.total.as_millis()).ok()
            }
            Q::ReadingTimeOfGroup { group } => {
                i64::try_from(self.evidence.throughput(group)?.reading.as_millis()).ok()
            }
        }
    }

    fn group(&self, group: &str) -> Option<GroupDescription> {
        self.simulation().describe_group(group)
    }

    fn partitions(&self, topic: &str) -> Option<Vec<TopicPartition>> {
        let count = self.simulation().cluster().topic(topic)?.partitions.len();
        let numbers = 0..u32::try_from(count).unwrap_or(u32::MAX);
        Some(numbers.map(|number| TopicPartition::new(topic, number)).collect())
    }

    /// What consumers can read of a partition.
    fn records(&self, partition: &TopicPartition) -> i64 {
        let replica = self.simulation().leader_replica(partition);
        replica.map_or(0, |replica| replica.high_watermark() - replica.log.log_start_offset())
    }

    fn records_where(&self, topic: &str, matches: impl Fn(Option<&[u8]>) -> bool) -> Option<i64> {
        let partitions = self.partitions(topic)?;
        let replicas = partitions.iter().filter_map(|partition| self.simulation().leader_replica(partition));
        let records = replicas.flat_map(|replica| replica.log.data_from(0));
        Some(number(records.filter(|(_, record)| matches(record.key.as_deref())).count()))
    }

    fn largest_batch(&self, topic: &str) -> Option<i64> {
        let partitions = self.partitions(topic)?;
        let replicas = partitions.iter().filter_map(|partition| self.simulation().leader_replica(partition));
        let sizes =
            replicas.flat_map(|replica| replica.log.batches()).map(|batch| number(batch.records.len()));
        Some(sizes.max().unwrap_or(0))
    }

    fn committed(&self, group: &str) -> Vec<(TopicPartition, i64)> {
        let Some(broker) = self.simulation().coordinator_of(group) else { return Vec::new() };
        let offsets = broker.coordinator().offsets(group);
        offsets.map(|(partition, value)| (partition.clone(), value.offset.offset)).collect()
    }

    /// The lag in each partition where something is committed.
    fn lags(&self, group: &str) -> Vec<i64> {
        let lag = |(partition, committed): &(TopicPartition, i64)| {
            let replica = self.simulation().leader_replica(partition);
            replica.map_or(0, |replica| replica.high_watermark() - committed)
        };
        self.committed(group).iter().map(lag).collect()
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
