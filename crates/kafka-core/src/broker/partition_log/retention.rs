//! What goes by itself: old segments, by age, by the log's size, and below the log start offset.
//!
//! Mirrors `UnifiedLog.deleteOldSegments`. The active segment goes too when all of it is too old.

use std::rc::Rc;

use super::{LogSegment, PartitionLog};

/// Why a segment is deleted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DeletionReason {
    /// All its records lie below the log start offset.
    LogStartOffset,
    /// The log is larger than `retention.bytes`.
    RetentionSize,
    /// Its newest record is older than `retention.ms`.
    RetentionTime,
}

/// A segment that was deleted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Deletion {
    pub(crate) base_offset: i64,
    pub(crate) size_in_bytes: u64,
    pub(crate) reason: DeletionReason,
}

impl PartitionLog {
    /// Deletes what has to go by now; only committed records go. `now` is in milliseconds since the Unix epoch.
    pub(crate) fn delete_old_segments(&mut self, high_watermark: i64, now: i64) -> Vec<Deletion> {
        let mut deleted = Vec::new();
        for reason in
            [DeletionReason::LogStartOffset, DeletionReason::RetentionSize, DeletionReason::RetentionTime]
        {
            let count = self.deletable(reason, high_watermark, now);
            deleted.extend(self.segments[..count].iter().map(|segment| Deletion {
                base_offset: segment.base_offset(),
                size_in_bytes: segment.size_in_bytes(),
                reason,
            }));
            self.delete_first(count, now);
        }
        deleted
    }

    /// When something has to go at the earliest, as far as that is certain: now, or when the oldest segment is too old.
    pub(crate) fn next_deletion_at(&self, high_watermark: i64, now: i64) -> Option<i64> {
        let reasons = [DeletionReason::LogStartOffset, DeletionReason::RetentionSize];
        if reasons.iter().any(|reason| self.deletable(*reason, high_watermark, now) > 0) {
            return Some(now);
        }
        let oldest =
            self.segments.first().filter(|segment| self.config.delete && segment.size_in_bytes() > 0)?;
        Some(oldest.largest_timestamp().saturating_add(self.config.retention_ms?).saturating_add(1))
    }

    /// How many of the oldest segments go for this reason.
    fn deletable(&self, reason: DeletionReason, high_watermark: i64, now: i64) -> usize {
        let mut excess = match (reason, self.config.retention_bytes) {
            (DeletionReason::RetentionSize, Some(limit)) => self.size_in_bytes.saturating_sub(limit),
            (DeletionReason::RetentionSize, None)
            | (DeletionReason::LogStartOffset | DeletionReason::RetentionTime, _) => 0,
        };
        let mut goes = |segment: &LogSegment, end: Option<i64>| match reason {
            DeletionReason::LogStartOffset => end.is_some_and(|end| end <= self.log_start_offset),
            DeletionReason::RetentionSize => {
                let goes = self.config.delete && excess > 0 && excess >= segment.size_in_bytes();
                excess -= if goes { segment.size_in_bytes() } else { 0 };
                goes
            }
            DeletionReason::RetentionTime => {
                let limit = self.config.retention_ms.filter(|_| self.config.delete);
                limit.is_some_and(|limit| now.saturating_sub(segment.largest_timestamp()) > limit)
            }
        };
        let ends = self.segments.iter().skip(1).map(|next| Some(next.base_offset())).chain([None]);
        let committed = |(segment, end): &(&Rc<LogSegment>, Option<i64>)| {
            let last_and_empty = end.is_none() && segment.size_in_bytes() == 0;
            high_watermark >= end.unwrap_or(self.log_end_offset) && !last_and_empty && goes(segment, *end)
        };
        self.segments.iter().zip(ends).take_while(committed).count()
    }

    fn delete_first(&mut self, count: usize, now: i64) {
        if count == 0 {
            return;
        }
        if count == self.segments.len() {
            self.roll(self.log_end_offset, now);
        }
        Rc::make_mut(&mut self.segments).drain(..count);
        self.after_change();
        self.increment_log_start_offset(self.segments[0].base_offset());
    }
}
