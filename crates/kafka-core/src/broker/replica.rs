//! This broker's copy of one partition, and what it knows as leader.
//!
//! Mirrors the state of `Partition`, `Replica` and `ReplicaState`. Leaves out: observers, remote log segments.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use crate::broker::PartitionLog;
use crate::config::{IsolationLevel, LogConfig};
use crate::protocol::{BrokerId, ErrorCode, OffsetSpec};
use crate::time::SimTime;

/// `replica.high.watermark.checkpoint.interval.ms`
const CHECKPOINT_INTERVAL: Duration = Duration::from_secs(5);

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Replica {
    pub log: PartitionLog,
    high_watermark: i64,
    checkpoint: HighWatermarkCheckpoint,
    pub(super) leadership: Option<Leadership>,
}

/// The high watermark as it stood when the checkpoint file was last written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct HighWatermarkCheckpoint {
    /// Files are written at multiples of the interval; this is the number of the last one before a change.
    written: u64,
    high_watermark: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Leadership {
    pub(super) leader_epoch: i32,
    /// The log's end when this epoch began: a follower behind it may lack committed records.
    pub(super) epoch_start_offset: i64,
    pub(super) followers: BTreeMap<BrokerId, Follower>,
}

/// What a leader knows of a follower.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Follower {
    /// `None` until it has fetched from this leader.
    pub(super) end_offset: Option<i64>,
    /// `None` for one that has never been up to date.
    last_caught_up: Option<SimTime>,
    last_fetch: Option<SimTime>,
    /// The leader's end when the follower last fetched.
    leader_end_at_last_fetch: i64,
}

impl Replica {
    /// A replica without records; `now` in milliseconds since the Unix epoch.
    pub(super) fn new(config: Rc<LogConfig>, now: i64) -> Self {
        Self { log: PartitionLog::new(config, now), ..Self::default() }
    }

    /// The offset below which every in-sync replica has all records.
    pub const fn high_watermark(&self) -> i64 {
        self.high_watermark
    }

    /// The offset below which every transaction is decided, as far as this replica knows; at most the high watermark.
    pub fn last_stable_offset(&self) -> i64 {
        self.log.last_stable_offset(self.high_watermark)
    }

    /// ListOffsets, as the leader answers it: among committed records only. A new leader does not know where the
    /// committed records end before its high watermark has reached the start of its epoch.
    pub(super) fn offset_for(
        &self,
        spec: OffsetSpec,
        isolation_level: IsolationLevel,
    ) -> Result<Option<i64>, ErrorCode> {
        let end = match isolation_level {
            IsolationLevel::ReadUncommitted => self.high_watermark,
            IsolationLevel::ReadCommitted => self.last_stable_offset(),
        };
        let unknown = self
            .leadership
            .as_ref()
            .is_some_and(|leadership| self.high_watermark < leadership.epoch_start_offset);
        match spec {
            OffsetSpec::Earliest => Ok(Some(self.log.log_start_offset())),
            OffsetSpec::Latest | OffsetSpec::Timestamp(_) if unknown => Err(ErrorCode::OffsetNotAvailable),
            OffsetSpec::Latest => Ok(Some(end)),
            OffsetSpec::Timestamp(timestamp) => {
                let mut committed = self
                    .log
                    .timestamps_from(self.log.log_start_offset())
                    .take_while(|(offset, _)| *offset < end);
                Ok(committed.find(|(_, at)| *at >= timestamp).map(|(offset, _)| offset))
            }
        }
    }

    /// What the leader knows of its followers: the end of each one's log.
    pub fn follower_end_offsets(&self) -> impl Iterator<Item = (BrokerId, i64)> {
        let followers = self.leadership.iter().flat_map(|leadership| &leadership.followers);
        followers.filter_map(|(broker, follower)| Some((*broker, follower.end_offset?)))
    }

    /// The leader has none of these records: the next one that comes has this offset.
    pub(super) fn truncate_fully_and_start_at(&mut self, offset: i64, wall_millis: i64, now: SimTime) {
        self.log.truncate_fully_and_start_at(offset, wall_millis);
        self.set_high_watermark(offset, now);
    }

    pub(super) fn set_high_watermark(&mut self, high_watermark: i64, now: SimTime) {
        self.checkpoint = self.checkpoint_at(now);
        self.high_watermark = high_watermark;
    }

    pub(super) fn lead(&mut self, leadership: Leadership) {
        self.leadership = Some(leadership);
    }

    /// Drops the records from an offset on.
    pub(super) fn truncate_to(&mut self, offset: i64, now: SimTime) {
        self.log.truncate_to(offset);
        if self.high_watermark > offset {
            self.set_high_watermark(offset, now);
        }
    }

    /// The process has ended. The log is in the page cache of the host, and is there when it starts again; the high
    /// watermark is read from its checkpoint file, which a controlled shutdown writes at the end.
    pub(super) fn restart(&mut self, clean: bool, now: SimTime) {
        if !clean {
            self.high_watermark = self.checkpoint_at(now).high_watermark;
        }
        self.leadership = None;
    }

    fn checkpoint_at(&self, now: SimTime) -> HighWatermarkCheckpoint {
        let written = now.as_micros() / CHECKPOINT_INTERVAL.as_micros() as u64;
        if written == self.checkpoint.written {
            return self.checkpoint;
        }
        HighWatermarkCheckpoint { written, high_watermark: self.high_watermark }
    }
}

impl Leadership {
    /// Whoever is in sync starts with a full `replica.lag.time.max.ms` (`Replica.resetReplicaState`).
    pub(super) fn new(
        leader_epoch: i32,
        end_offset: i64,
        followers: impl Iterator<Item = (BrokerId, bool)>,
        now: SimTime,
    ) -> Self {
        let start = |in_sync: bool| Follower {
            end_offset: None,
            last_caught_up: in_sync.then_some(now),
            last_fetch: in_sync.then_some(now),
            leader_end_at_last_fetch: if in_sync { end_offset } else { 0 },
        };
        Self {
            leader_epoch,
            epoch_start_offset: end_offset,
            followers: followers.map(|(broker, in_sync)| (broker, start(in_sync))).collect(),
        }
    }
}

impl Follower {
    /// A follower that fetches at an offset has everything below it (`Replica.updateFetchStateOrThrow`).
    pub(super) fn note_fetch(&mut self, fetch_offset: i64, leader_end: i64, now: SimTime) {
        if fetch_offset >= leader_end {
            self.last_caught_up = Some(now);
        } else if fetch_offset >= self.leader_end_at_last_fetch {
            self.last_caught_up = self.last_caught_up.max(self.last_fetch);
        }
        self.end_offset = Some(fetch_offset);
        self.leader_end_at_last_fetch = leader_end;
        self.last_fetch = Some(now);
    }

    /// Up to date now, or at some time within `replica.lag.time.max.ms` (`ReplicaState.isCaughtUp`).
    pub(super) fn is_caught_up(&self, leader_end: i64, now: SimTime, replica_lag_time_max: Duration) -> bool {
        let recently = |at| now.since(at) <= replica_lag_time_max;
        self.end_offset == Some(leader_end) || self.last_caught_up.is_some_and(recently)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_killed_process_knows_the_high_watermark_of_its_last_checkpoint() {
        let mut replica = Replica::default();
        for (seconds, high_watermark) in [(1, 10), (4, 20), (6, 30), (9, 40)] {
            replica.set_high_watermark(high_watermark, SimTime::from_millis(seconds * 1000));
        }
        let restarted = |clean, seconds: u64| {
            let mut replica = replica.clone();
            replica.restart(clean, SimTime::from_millis(seconds * 1000));
            replica.high_watermark()
        };
        assert_eq!(restarted(false, 9), 20, "written at 5 s");
        assert_eq!(restarted(false, 11), 40, "written at 10 s");
        assert_eq!(restarted(true, 9), 40);
    }

    #[test]
    fn a_follower_is_caught_up_as_of_the_fetch_before() {
        let mut follower = Follower::default();
        let second = |seconds: u64| SimTime::from_millis(seconds * 1000);
        follower.note_fetch(0, 100, second(1));
        follower.note_fetch(100, 200, second(2));
        assert_eq!(follower.last_caught_up, Some(second(1)));
        follower.note_fetch(150, 300, second(3));
        assert_eq!(
            follower.last_caught_up,
            Some(second(1)),
            "it did not reach what was there at its last fetch"
        );
        follower.note_fetch(300, 300, second(4));
        assert_eq!(follower.last_caught_up, Some(second(4)));
        let lag = Duration::from_secs(30);
        assert!(follower.is_caught_up(300, second(100), lag), "an idle partition is never behind");
        assert!(!follower.is_caught_up(301, second(35), lag));
    }
}
