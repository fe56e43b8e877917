//! Where each leader epoch begins in a log. It outlives the batches: they may be deleted or cleaned away.
//!
//! Mirrors `LeaderEpochFileCache`.

use crate::protocol::EpochEndOffset;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct LeaderEpochs {
    /// In order; epochs and offsets both grow.
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Entry {
    epoch: i32,
    start_offset: i64,
}

impl LeaderEpochs {
    pub(super) fn latest(&self) -> Option<i32> {
        self.entries.last().map(|entry| entry.epoch)
    }

    /// Each epoch, and the offset at which it begins.
    pub(super) fn entries(&self) -> Vec<(i32, i64)> {
        self.entries.iter().map(|entry| (entry.epoch, entry.start_offset)).collect()
    }

    /// A batch of this epoch is appended.
    pub(super) fn assign(&mut self, epoch: i32, start_offset: i64) {
        if self.latest().is_none_or(|latest| latest < epoch) {
            self.entries.push(Entry { epoch, start_offset });
        }
    }

    /// Where an epoch ends, or the last one before it. It ends where the next one begins; the last one where the log
    /// ends.
    pub(super) fn end_offset_for(&self, epoch: i32, log_start: i64, log_end: i64) -> EpochEndOffset {
        let after = self.entries.partition_point(|entry| entry.epoch <= epoch);
        let next = self.entries.get(after).map(|entry| entry.start_offset);
        let leader_epoch = after.checked_sub(1).map_or(epoch, |last| self.entries[last].epoch);
        let end = if self.entries.is_empty() { log_start } else { log_end };
        EpochEndOffset { leader_epoch, end_offset: next.unwrap_or(end) }
    }

    /// The log ends here from now on.
    pub(super) fn truncate_from_end(&mut self, end_offset: i64) {
        self.entries.retain(|entry| entry.start_offset < end_offset);
    }

    /// The log begins here from now on.
    pub(super) fn truncate_from_start(&mut self, start_offset: i64) {
        let after = self.entries.partition_point(|entry| entry.start_offset <= start_offset);
        if let Some(first) = after.checked_sub(1) {
            self.entries.drain(..first);
            self.entries[0].start_offset = start_offset;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn epochs_end_where_the_next_one_begins_also_when_their_records_are_gone() {
        let mut epochs = LeaderEpochs::default();
        for (epoch, start_offset) in [(2, 0), (2, 2), (5, 3)] {
            epochs.assign(epoch, start_offset);
        }
        let end = |epochs: &LeaderEpochs, epoch| {
            let end = epochs.end_offset_for(epoch, 0, 7);
            (end.leader_epoch, end.end_offset)
        };
        let ends: Vec<_> = [1, 2, 4, 5, 9].map(|epoch| end(&epochs, epoch)).into();
        assert_eq!(ends, [(1, 0), (2, 3), (2, 3), (5, 7), (5, 7)]);
        epochs.truncate_from_start(2);
        assert_eq!([end(&epochs, 1), end(&epochs, 2)], [(1, 2), (2, 3)]);
        epochs.truncate_from_start(6);
        assert_eq!([end(&epochs, 2), end(&epochs, 5)], [(2, 6), (5, 7)]);
        epochs.truncate_from_end(6);
        assert_eq!(epochs, LeaderEpochs::default());
    }
}
