//! Compaction of one log: of the records with one key, the last stays.
//!
//! Mirrors `LogCleanerManager.cleanableOffsets`, `LogToClean` and `Cleaner`. Leaves out: a limit of the offset map, speed
//! (a pass takes no time); aborted records go as others do, and the markers of transactions stay.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{LogSegment, PartitionLog};
use crate::record::{Bytes, Record, RecordBatch};

/// What can be cleaned: the records from `first_dirty_offset` up to a segment's beginning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Cleanable {
    first_dirty_offset: i64,
    first_uncleanable_offset: i64,
    clean_bytes: u64,
    dirty_bytes: u64,
}

/// What a pass of the cleaner did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cleaning {
    /// Below this offset every key stands once.
    pub(crate) clean_until: i64,
    pub(crate) records_before: u64,
    pub(crate) records_after: u64,
    pub(crate) bytes_before: u64,
    pub(crate) bytes_after: u64,
}

/// The last offset of each key in the dirty part.
struct OffsetMap {
    offsets: BTreeMap<Bytes, i64>,
    /// What comes after it is not in the map, and stays.
    end: i64,
}

impl PartitionLog {
    /// Whether a pass would begin now, and how dirty the log is, in millionths. `stable` is the last stable offset, `now` is
    /// in milliseconds since the Unix epoch.
    pub(crate) fn dirtiness(&self, stable: i64, now: i64) -> Option<u64> {
        let cleanable = self.cleanable(stable, now)?;
        let total = cleanable.clean_bytes + cleanable.dirty_bytes;
        if total == 0 {
            return None;
        }
        let ratio = (u128::from(cleanable.dirty_bytes) * 1_000_000 / u128::from(total)) as u64;
        let dirty = self.inactive_from(cleanable.first_dirty_offset);
        let oldest = dirty.filter_map(LogSegment::first_batch_timestamp).filter(|first| *first > 0).min();
        let limit = now.saturating_sub(self.config.max_compaction_lag_ms);
        let overdue = cleanable.dirty_bytes > 0 && oldest.is_some_and(|oldest| oldest < limit);
        // Exact, where the ratio in millionths is rounded down.
        let exceeded = u128::from(cleanable.dirty_bytes) * 1_000_000
            > u128::from(total) * u128::from(self.config.min_cleanable_dirty_ratio);
        (overdue || exceeded).then_some(ratio)
    }

    /// When a pass begins at the earliest, as far as that depends on time alone.
    pub(crate) fn next_cleaning_at(&self, stable: i64, now: i64) -> Option<i64> {
        if self.dirtiness(stable, now).is_some() {
            return Some(now);
        }
        let dirty =
            || self.inactive_from(self.first_dirty_offset()).filter(|segment| segment.size_in_bytes() > 0);
        let least = |segment: &LogSegment| {
            segment.largest_timestamp().saturating_add(self.config.min_compaction_lag_ms)
        };
        let most = |segment: &LogSegment| {
            let first = segment.first_batch_timestamp()?;
            Some(first.saturating_add(self.config.max_compaction_lag_ms).saturating_add(1))
        };
        let young = dirty().map(least).filter(|at| *at > now).min();
        let overdue = dirty().filter_map(most).filter(|at| *at > now).min();
        young.into_iter().chain(overdue).filter(|_| self.config.compact).min()
    }

    /// One pass over everything that can be cleaned; nothing when nothing can.
    pub(crate) fn clean(&mut self, stable: i64, now: i64) -> Option<Cleaning> {
        let cleanable = self.cleanable(stable, now)?;
        let map = self.offset_map(cleanable);
        let count = self.segments.partition_point(|segment| segment.base_offset() < map.end);
        let sum = |segments: &[Rc<LogSegment>]| {
            let batches = segments.iter().flat_map(|segment| segment.batches());
            let records = batches.map(|batch| batch.records.len() as u64).sum();
            (records, segments.iter().map(|segment| segment.size_in_bytes()).sum())
        };
        let (records_before, bytes_before) = sum(&self.segments[..count]);
        let cleaned: Vec<_> =
            self.groups(count).into_iter().map(|group| Rc::new(self.clean_group(group, &map, now))).collect();
        let (records_after, bytes_after) = sum(&cleaned);
        Rc::make_mut(&mut self.segments).splice(..count, cleaned);
        self.clean_until = Some(map.end);
        self.after_change();
        Some(Cleaning { clean_until: map.end, records_before, records_after, bytes_before, bytes_after })
    }

    fn first_dirty_offset(&self) -> i64 {
        self.clean_until.unwrap_or(self.log_start_offset).max(self.log_start_offset)
    }

    /// The segments from an offset's on that are not written to any more.
    fn inactive_from(&self, offset: i64) -> impl Iterator<Item = &LogSegment> {
        let after = self.segments.partition_point(|segment| segment.base_offset() <= offset);
        let first = after.saturating_sub(1).min(self.segments.len() - 1);
        self.segments[first..self.segments.len() - 1].iter().map(Rc::as_ref)
    }

    fn cleanable(&self, stable: i64, now: i64) -> Option<Cleanable> {
        if !self.config.compact {
            return None;
        }
        let first_dirty_offset = self.first_dirty_offset();
        let lag = self.config.min_compaction_lag_ms;
        let young = |segment: &&LogSegment| segment.largest_timestamp() > now.saturating_sub(lag);
        let young = self.inactive_from(first_dirty_offset).find(|segment| lag > 0 && young(segment));
        let bound = young.map_or(self.active().base_offset(), LogSegment::base_offset);
        let bound = bound.min(stable).max(first_dirty_offset);
        let first_uncleanable_offset =
            self.inactive_from(bound).next().map_or(self.active().base_offset(), LogSegment::base_offset);
        let bytes = |segment: &LogSegment| segment.size_in_bytes();
        let clean = self.segments().take_while(|segment| segment.base_offset() < first_dirty_offset);
        let dirty = self.inactive_from(first_dirty_offset);
        let dirty = dirty.take_while(|segment| segment.base_offset() < first_uncleanable_offset);
        Some(Cleanable {
            first_dirty_offset,
            first_uncleanable_offset,
            clean_bytes: clean.map(bytes).sum(),
            dirty_bytes: dirty.map(bytes).sum(),
        })
    }

    fn offset_map(&self, cleanable: Cleanable) -> OffsetMap {
        let (start, end) = (cleanable.first_dirty_offset, cleanable.first_uncleanable_offset);
        let data = self.batches_from(start).filter(|batch| batch.end_marker().is_none());
        let dirty = data.flat_map(|batch| batch.records_from(start));
        let dirty = dirty.take_while(|(offset, _)| *offset < end);
        let offsets = dirty.filter_map(|(offset, record)| Some((record.key.clone()?, offset))).collect();
        OffsetMap { offsets, end: end.max(start) }
    }

    /// Neighbours that fit into one segment together (`groupSegmentsBySize`).
    fn groups(&self, count: usize) -> Vec<&[Rc<LogSegment>]> {
        let mut groups = Vec::new();
        let mut rest = &self.segments[..count];
        while !rest.is_empty() {
            let mut size = 0;
            let fits = |segment: &&Rc<LogSegment>| {
                size += segment.size_in_bytes();
                size <= self.config.segment_bytes
            };
            let (group, others) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            groups.push(group);
            rest = others;
        }
        groups
    }

    fn clean_group(&self, group: &[Rc<LogSegment>], map: &OffsetMap, now: i64) -> LogSegment {
        let mut cleaned = LogSegment::new(group[0].base_offset(), now);
        for batch in group.iter().flat_map(|segment| segment.batches()) {
            if let Some(batch) = self.clean_batch(batch, map, now) {
                cleaned.append(batch, self.config.index_interval_bytes, now);
            }
        }
        cleaned.on_become_inactive();
        cleaned.set_last_modified(group[group.len() - 1].last_modified());
        cleaned
    }

    /// What is left of a batch. The last one of a producer, and the last one of the pass, stay without records: what they say
    /// of sequence numbers and offsets is still needed.
    fn clean_batch(&self, batch: &Rc<RecordBatch>, map: &OffsetMap, now: i64) -> Option<Rc<RecordBatch>> {
        if batch.end_marker().is_some() {
            return Some(Rc::clone(batch));
        }
        let horizon = batch.delete_horizon_ms();
        let tombstones_stay = horizon.is_none_or(|horizon| now < horizon);
        let is_last = |offset: i64, record: &Record| {
            let last = record.key.as_ref().map(|key| map.offsets.get(key).copied().unwrap_or(offset));
            offset >= map.end
                || last.is_some_and(|last| offset >= last && (record.value.is_some() || tombstones_stay))
        };
        let records = batch.records_from(batch.base_offset).enumerate();
        let places: Vec<_> = records
            .filter(|(_, (offset, record))| is_last(*offset, record))
            .map(|(place, _)| place)
            .collect();
        if places.is_empty() {
            let needed = batch.next_offset() == map.end || self.producers.ends_with(batch);
            return needed.then(|| Rc::new(batch.retaining(&[], None)));
        }
        let tombstones = places.iter().any(|place| batch.records[*place].value.is_none());
        let new_horizon = (tombstones && horizon.is_none()).then(|| now + self.config.delete_retention_ms);
        if places.len() == batch.records.len() && new_horizon.is_none() {
            return Some(Rc::clone(batch));
        }
        Some(Rc::new(batch.retaining(&places, new_horizon.or(horizon))))
    }
}
