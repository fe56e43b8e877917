//! `__consumer_offsets` as a log that people can read.

use std::rc::Rc;

use kafka_core::group::CoordinatorRecord;
use kafka_core::java_hash::{JavaHash, coordinator_partition};
use kafka_core::protocol::GroupId;
use kafka_core::time::SimTime;

use super::Moment;
use crate::memory::CoordinatorAppend;
use crate::scene::{Entry, Home, OffsetsLog};

/// The log as it was last painted: it is read anew only when something was written.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    painted: Option<u64>,
    log: OffsetsLog,
}

impl Log {
    pub(super) fn paint(&mut self, moment: &Moment<'_>) -> OffsetsLog {
        let count = moment.memory.coordinator_append_count;
        if self.painted != Some(count) {
            self.painted = Some(count);
            self.log = paint(moment);
        }
        self.log.clone()
    }
}

fn paint(moment: &Moment<'_>) -> OffsetsLog {
    let appends = moment.memory.coordinator_appends.iter();
    let entries: Rc<[Entry]> =
        appends.flat_map(|append| entries(moment, append)).take(OffsetsLog::SHOWN).collect();
    let mut groups: Vec<&GroupId> = entries.iter().map(|entry| entry.record.group()).collect();
    groups.sort();
    groups.dedup();
    let homes = groups.into_iter().map(|group| home(moment, group)).collect();
    OffsetsLog { homes, entries }
}

/// The records of one append, newest first.
fn entries(moment: &Moment<'_>, append: &CoordinatorAppend) -> Vec<Entry> {
    let Some(replica) = moment.simulation.leader_replica(&append.partition) else { return Vec::new() };
    let records = replica.log.records_from(append.base_offset).take(append.records as usize);
    let mut entries: Vec<_> = records
        .filter_map(|(offset, record)| {
            let key = record.key.as_ref()?;
            let record = CoordinatorRecord::decode(key, record.value.as_deref()).ok()?;
            Some(Entry {
                at: append.at,
                partition: append.partition.partition,
                offset,
                committed_at: committed_at(moment, &record),
                record,
            })
        })
        .collect();
    entries.reverse();
    entries
}

fn committed_at(moment: &Moment<'_>, record: &CoordinatorRecord) -> Option<SimTime> {
    let CoordinatorRecord::OffsetCommit { value: Some(value), .. } = record else { return None };
    let since = value.commit_timestamp - moment.simulation.scenario().epoch_millis;
    u64::try_from(since).ok().map(SimTime::from_millis)
}

fn home(moment: &Moment<'_>, group: &GroupId) -> Home {
    let partitions = moment.simulation.scenario().groups.offsets_topic_num_partitions;
    let hash = group.java_hash();
    Home {
        group: group.clone(),
        hash,
        positive: hash.checked_abs().map_or(0, i32::cast_unsigned),
        partitions,
        partition: coordinator_partition(group, partitions),
    }
}
