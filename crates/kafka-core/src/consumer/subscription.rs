//! The partitions a consumer holds, and where it stands in each.
//!
//! Mirrors `SubscriptionState`. Leaves out: leader-epoch validation, preferred replicas, pattern subscriptions.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::AutoOffsetReset;
use crate::event::PositionOrigin;
use crate::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use crate::time::SimTime;
use crate::topic::TopicPartition;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct SubscriptionState {
    partitions: BTreeMap<TopicPartition, PartitionState>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct PartitionState {
    position: Position,
    paused: bool,
    /// It is about to be given up: nothing is returned from it any more.
    pending_revocation: bool,
    /// The listener has not heard of it: it is neither read nor given a position.
    awaiting_callback: bool,
    /// A look-up that found nothing is not repeated before.
    retry_at: SimTime,
}

/// Where reading a partition stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Position {
    /// The committed offset is not known yet.
    AwaitingCommitted,
    /// The offset is being looked up.
    AwaitingReset(OffsetReset),
    /// The offset of the next record that `poll` returns.
    At(i64),
}

/// Where a partition without a position starts (`AutoOffsetResetStrategy`), and who says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OffsetReset {
    Earliest,
    Latest,
    /// At the first record that is not older than this when it is looked for.
    ByDuration(Duration),
    /// `seekToBeginning()`
    Beginning,
    /// `seekToEnd()`
    End,
}

impl OffsetReset {
    /// `None` for `auto.offset.reset=none`.
    pub(super) const fn from_config(config: AutoOffsetReset) -> Option<Self> {
        match config {
            AutoOffsetReset::Earliest => Some(Self::Earliest),
            AutoOffsetReset::Latest => Some(Self::Latest),
            AutoOffsetReset::ByDuration(duration) => Some(Self::ByDuration(duration)),
            AutoOffsetReset::None => None,
        }
    }
}

impl From<OffsetReset> for PositionOrigin {
    fn from(reset: OffsetReset) -> Self {
        match reset {
            OffsetReset::Earliest => Self::ResetEarliest,
            OffsetReset::Latest => Self::ResetLatest,
            OffsetReset::ByDuration(_) => Self::ResetByDuration,
            OffsetReset::Beginning | OffsetReset::End => Self::Sought,
        }
    }
}

impl PartitionState {
    const fn new(position: Position) -> Self {
        Self {
            position,
            paused: false,
            pending_revocation: false,
            awaiting_callback: false,
            retry_at: SimTime::ZERO,
        }
    }
}

impl SubscriptionState {
    pub(super) fn positions(&self) -> impl Iterator<Item = (&TopicPartition, Position)> {
        self.partitions.iter().map(|(partition, state)| (partition, state.position))
    }

    pub(super) fn assigned(&self) -> Vec<TopicPartition> {
        self.partitions.keys().cloned().collect()
    }

    pub(super) fn is_assigned(&self, partition: &TopicPartition) -> bool {
        self.partitions.contains_key(partition)
    }

    pub(super) fn paused(&self) -> impl Iterator<Item = &TopicPartition> {
        self.partitions.iter().filter(|(_, state)| state.paused).map(|(partition, _)| partition)
    }

    pub(super) fn is_paused(&self, partition: &TopicPartition) -> bool {
        self.partitions.get(partition).is_some_and(|state| state.paused)
    }

    /// Pauses or resumes those of `partitions` that are held and were not so before; answers with these.
    pub(super) fn set_paused(&mut self, partitions: &[TopicPartition], paused: bool) -> Vec<TopicPartition> {
        let mut changed = Vec::new();
        for partition in partitions {
            if let Some(state) = self.partitions.get_mut(partition).filter(|state| state.paused != paused) {
                state.paused = paused;
                changed.push(partition.clone());
            }
        }
        changed
    }

    /// Replaces the assignment; a partition that stays keeps its position and stays paused.
    pub(super) fn assign(&mut self, assignment: &[TopicPartition]) {
        let kept = std::mem::take(&mut self.partitions);
        for partition in assignment {
            let state = kept.get(partition).copied();
            let state = state.unwrap_or(PartitionState::new(Position::AwaitingCommitted));
            self.partitions.insert(partition.clone(), PartitionState { pending_revocation: false, ..state });
        }
    }

    /// The same, before the listener is told; what is new waits for that.
    pub(super) fn assign_awaiting_callback(&mut self, assignment: &[TopicPartition]) {
        let owned = self.assigned();
        self.assign(assignment);
        for (_, state) in self.partitions.iter_mut().filter(|(partition, _)| !owned.contains(partition)) {
            state.awaiting_callback = true;
        }
    }

    pub(super) fn enable_awaiting_callback(&mut self) {
        self.partitions.values_mut().for_each(|state| state.awaiting_callback = false);
    }

    pub(super) fn add(&mut self, partition: TopicPartition, position: Position) {
        self.partitions.insert(partition, PartitionState::new(position));
    }

    pub(super) fn set(&mut self, partition: &TopicPartition, position: Position) {
        if let Some(state) = self.partitions.get_mut(partition) {
            state.position = position;
            state.retry_at = SimTime::ZERO;
        }
    }

    pub(super) fn mark_pending_revocation(&mut self, partitions: &[TopicPartition]) {
        for partition in partitions {
            if let Some(state) = self.partitions.get_mut(partition) {
                state.pending_revocation = true;
            }
        }
    }

    /// Moves the position past records that `poll` returns.
    pub(super) fn advance(&mut self, partition: &TopicPartition, offset: i64) {
        if let Some(state) = self.partitions.get_mut(partition) {
            state.position = Position::At(offset);
        }
    }

    pub(super) fn awaiting_committed(&self) -> Vec<TopicPartition> {
        self.partitions
            .iter()
            .filter(|(_, state)| state.position == Position::AwaitingCommitted && !state.awaiting_callback)
            .map(|(partition, _)| partition.clone())
            .collect()
    }

    pub(super) fn reset_of(&self, partition: &TopicPartition) -> Option<OffsetReset> {
        match self.partitions.get(partition)?.position {
            Position::AwaitingReset(reset) => Some(reset),
            Position::AwaitingCommitted | Position::At(_) => None,
        }
    }

    /// Partitions whose position is to be looked up, with the earliest time for that.
    pub(super) fn awaiting_reset(&self) -> impl Iterator<Item = (&TopicPartition, OffsetReset, SimTime)> {
        self.partitions.iter().filter_map(|(partition, state)| match state.position {
            Position::AwaitingReset(reset) => Some((partition, reset, state.retry_at)),
            Position::AwaitingCommitted | Position::At(_) => None,
        })
    }

    pub(super) fn retry_reset_at(&mut self, partition: &TopicPartition, at: SimTime) {
        if let Some(state) = self.partitions.get_mut(partition) {
            state.retry_at = at;
        }
    }

    /// Positions that can be committed (`SubscriptionState.allConsumed`).
    pub(super) fn all_consumed(&self) -> Vec<(TopicPartition, i64)> {
        self.positions()
            .filter_map(|(partition, position)| match position {
                Position::At(offset) => Some((partition.clone(), offset)),
                Position::AwaitingCommitted | Position::AwaitingReset(_) => None,
            })
            .collect()
    }

    /// The position of a partition that may be read (`SubscriptionState.isFetchable`).
    pub(super) fn fetch_position(&self, partition: &TopicPartition) -> Option<i64> {
        let state = self.partitions.get(partition)?;
        let held_back = state.paused || state.pending_revocation || state.awaiting_callback;
        match state.position {
            Position::At(offset) if !held_back => Some(offset),
            Position::At(_) | Position::AwaitingCommitted | Position::AwaitingReset(_) => None,
        }
    }

    /// Partitions to ask for next, in the order of the client's hash map: that order is what a console
    /// consumer prints partitions in.
    pub(super) fn fetchable(&self) -> Vec<(TopicPartition, i64)> {
        let ready =
            self.partitions.keys().filter(|partition| self.fetch_position(partition).is_some()).cloned();
        iteration_order(ready, DEFAULT_CAPACITY, TopicPartition::java_hash)
            .into_iter()
            .filter_map(|partition| self.fetch_position(&partition).map(|offset| (partition, offset)))
            .collect()
    }
}
