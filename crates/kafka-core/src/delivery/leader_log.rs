//! The log of a partition's leader, as far as events tell of it: which records stand at which offsets.
//!
//! One leader writes each leader epoch, so that a log follows from what the epochs wrote and from the offsets at which
//! they begin in it (`LeaderEpochFileCache`, KIP-101). What a leader writes after it was deposed is not in the log.
//! Leaves out: epochs of which compaction has left nothing in a new leader's log; their records count as gone.

use std::collections::BTreeMap;

use crate::record::RecordId;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LeaderLog {
    /// What each epoch's leader wrote, in order.
    written: BTreeMap<i32, Vec<Run>>,
    /// The epochs of the log and where they begin, the leader's own last.
    epochs: Vec<(i32, i64)>,
}

/// Records that were written together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Run {
    pub(super) base_offset: i64,
    pub(super) first: RecordId,
    pub(super) records: u32,
}

/// How the log of a new leader differs from that of the one before.
pub(super) struct Difference {
    pub(super) gone: Vec<Run>,
    pub(super) come: Vec<Run>,
}

impl Default for LeaderLog {
    fn default() -> Self {
        Self { written: BTreeMap::new(), epochs: vec![(0, 0)] }
    }
}

impl LeaderLog {
    /// True when the leader wrote it, and not one that was deposed.
    pub(super) fn append(&mut self, leader_epoch: i32, run: Run) -> bool {
        self.written.entry(leader_epoch).or_default().push(run);
        self.epochs.last().is_some_and(|(current, _)| *current == leader_epoch)
    }

    /// Another leader takes over with its own log. What is older than the log's first epoch was deleted, not lost.
    pub(super) fn lead(
        &mut self,
        leader_epoch: i32,
        epochs: &[(i32, i64)],
        log_end_offset: i64,
    ) -> Difference {
        let before = self.runs();
        let begin = epochs.first().map_or(log_end_offset, |(_, start)| *start);
        self.epochs.retain(|(_, start)| *start < begin);
        self.epochs.extend(epochs);
        self.epochs.push((leader_epoch, log_end_offset));
        let after = self.runs();
        let common = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
        Difference { gone: before[common..].to_vec(), come: after[common..].to_vec() }
    }

    fn runs(&self) -> Vec<Run> {
        let ends = self.epochs.iter().skip(1).map(|(_, start)| *start).chain([i64::MAX]);
        let mut runs = Vec::new();
        for ((epoch, start), end) in self.epochs.iter().zip(ends) {
            let written = self.written.get(epoch).into_iter().flatten();
            runs.extend(written.filter(|run| (*start..end).contains(&run.base_offset)));
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(base_offset: i64, first: u64) -> Run {
        Run { base_offset, first: RecordId(first), records: 1 }
    }

    fn ids(runs: &[Run]) -> Vec<u64> {
        runs.iter().map(|run| run.first.0).collect()
    }

    #[test]
    fn what_a_new_leader_lacks_is_gone_and_what_a_deposed_one_writes_never_comes() {
        let mut log = LeaderLog::default();
        for number in 0..4 {
            assert!(log.append(0, run(number, 10 + number.cast_unsigned())));
        }
        let difference = log.lead(1, &[(0, 0)], 2);
        assert_eq!((ids(&difference.gone), ids(&difference.come)), (vec![12, 13], vec![]));
        assert!(log.append(1, run(2, 20)));
        assert!(!log.append(0, run(4, 14)), "its leader does not know yet that it is deposed");
        let clean = log.lead(2, &[(0, 0), (1, 2)], 3);
        assert_eq!((ids(&clean.gone), ids(&clean.come)), (vec![], vec![]));
        let zombie = log.lead(3, &[(0, 0)], 5);
        assert_eq!((ids(&zombie.gone), ids(&zombie.come)), (vec![20], vec![12, 13, 14]));
    }

    #[test]
    fn what_retention_took_is_not_gone() {
        let mut log = LeaderLog::default();
        for number in 0..4 {
            log.append(0, run(number, number.cast_unsigned()));
        }
        assert_eq!(ids(&log.lead(1, &[(0, 2)], 4).gone), []);
        assert_eq!(ids(&log.lead(2, &[], 4).gone), []);
        assert_eq!(ids(&log.lead(3, &[], 0).gone), [0, 1, 2, 3], "an empty replica took over");
    }
}
