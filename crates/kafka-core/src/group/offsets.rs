//! Committed offsets: OffsetCommit, OffsetFetch, OffsetDelete, and how offsets grow old.
//!
//! Mirrors `OffsetMetadataManager`; `transactions` has the commits of producers. Leaves out: expire timestamps, the retention
//! time of old requests; and, as Kafka does, any check that a partition exists or belongs to the
//! member.

use std::collections::BTreeMap;

use crate::event::Event;
use crate::group::classic::OffsetExpirationCondition;
use crate::group::effects::{Decision, GroupTimer};
use crate::group::{
    CoordinatorRecord, Effects, GroupCoordinator, OffsetCommitValue, OffsetRemovalReason, decide,
};
use crate::protocol::{
    ErrorCode, GroupId, OffsetAndMetadata, OffsetCommitRequest, OffsetCommitResponse, OffsetFetchRequest,
    OffsetFetchResponse, RequestHandle, Response,
};
use crate::time::SimTime;
use crate::topic::TopicPartition;

/// A group that has no offsets has no entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Offsets(BTreeMap<GroupId, BTreeMap<TopicPartition, OffsetCommitValue>>);

impl Offsets {
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(super) fn put(&mut self, group: &GroupId, partition: &TopicPartition, value: &OffsetCommitValue) {
        self.0.entry(group.clone()).or_default().insert(partition.clone(), value.clone());
    }

    pub(super) fn remove(&mut self, group: &GroupId, partition: &TopicPartition) {
        if let Some(offsets) = self.0.get_mut(group) {
            offsets.remove(partition);
            if offsets.is_empty() {
                self.0.remove(group);
            }
        }
    }

    pub(super) fn remove_group(&mut self, group: &GroupId) {
        self.0.remove(group);
    }

    pub(super) fn of(&self, group: &str) -> impl Iterator<Item = (&TopicPartition, &OffsetCommitValue)> {
        self.0.get(group).into_iter().flatten()
    }

    fn get(&self, group: &str, partition: &TopicPartition) -> Option<&OffsetCommitValue> {
        self.0.get(group)?.get(partition)
    }
}

impl GroupCoordinator {
    pub fn commit_offsets(
        &mut self,
        now: SimTime,
        handle: RequestHandle,
        request: &OffsetCommitRequest,
    ) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let validated = match self.groups.get(&request.group) {
            Some(group) => group.validate_offset_commit(request),
            // Without membership, a commit makes a simple group.
            None if request.generation_id.is_none() => Ok(()),
            None if request.knows_member_epochs => Err(ErrorCode::GroupIdNotFound),
            None => Err(ErrorCode::IllegalGeneration),
        };
        if let (Ok(()), Some(group)) = (validated, self.groups.classic_mut(&request.group)) {
            group.on_offset_commit(request, &mut decision);
        }
        let commit = |(partition, offset): &(TopicPartition, OffsetAndMetadata)| {
            let outcome = validated.and_then(|()| decision.commit_offset(&request.group, partition, offset));
            (partition.clone(), outcome)
        };
        let partitions = request.offsets.iter().map(commit).collect();
        decision.respond(handle, Response::OffsetCommit(OffsetCommitResponse { partitions }));
        let effects = decision.effects;
        self.replay_all(&effects.records);
        effects
    }

    /// A group that does not exist has no offsets: that is no error.
    pub fn fetch_offsets(&self, request: &OffsetFetchRequest) -> OffsetFetchResponse {
        let validated = match self.groups.get(&request.group) {
            Some(group) => group.validate_offset_fetch(request.member.as_ref()),
            None => Ok(()),
        };
        let stable = validated.and_then(|()| self.check_stable(request));
        OffsetFetchResponse { outcome: stable.map(|()| self.fetch_validated(request)) }
    }

    fn fetch_validated(
        &self,
        request: &OffsetFetchRequest,
    ) -> Vec<(TopicPartition, Option<OffsetAndMetadata>)> {
        match &request.partitions {
            Some(partitions) => {
                let fetch = |partition: &TopicPartition| {
                    let value = self.offsets.get(&request.group, partition);
                    (partition.clone(), value.map(|value| value.offset.clone()))
                };
                partitions.iter().map(fetch).collect()
            }
            None => {
                let all = self.offsets.of(&request.group);
                all.map(|(partition, value)| (partition.clone(), Some(value.offset.clone()))).collect()
            }
        }
    }

    /// The committed offsets of a group, by topic and partition.
    pub fn offsets(&self, group: &str) -> impl Iterator<Item = (&TopicPartition, &OffsetCommitValue)> {
        self.offsets.of(group)
    }

    /// OffsetDelete. An offset that is not there is deleted without complaint.
    pub fn delete_offsets(
        &mut self,
        now: SimTime,
        group: &GroupId,
        partitions: &[TopicPartition],
    ) -> Result<(DeletedOffsets, Effects), ErrorCode> {
        let found = self.groups.get(group).ok_or(ErrorCode::GroupIdNotFound)?;
        found.validate_offset_delete()?;
        let mut decision = decide(&self.config, self.epoch_ms, now);
        let mut outcomes = Vec::new();
        for partition in partitions {
            let outcome = if found.is_subscribed_to(&partition.topic) {
                Err(ErrorCode::GroupSubscribedToTopic)
            } else {
                if self.offsets.get(group, partition).is_some() {
                    decision.remove_offset(group, partition, OffsetRemovalReason::Deleted);
                }
                Ok(())
            };
            outcomes.push((partition.clone(), outcome));
        }
        let effects = decision.effects;
        self.replay_all(&effects.records);
        Ok((outcomes, effects))
    }

    /// Topics are gone: nobody needs their offsets any more.
    pub fn partitions_deleted(&mut self, now: SimTime, partitions: &[TopicPartition]) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        for group in self.groups.by_id.keys() {
            for partition in
                partitions.iter().filter(|partition| self.offsets.get(group, partition).is_some())
            {
                decision.remove_offset(group, partition, OffsetRemovalReason::TopicDeleted);
            }
        }
        let effects = decision.effects;
        self.replay_all(&effects.records);
        effects
    }

    /// The job of `offsets.retention.check.interval.ms`. Groups that are Empty and have no offsets left
    /// go, too.
    pub(super) fn expire_offsets(&mut self, now: SimTime) -> Effects {
        let mut decision = decide(&self.config, self.epoch_ms, now);
        for (id, group) in &self.groups.by_id {
            let condition = group.offset_expiration_condition();
            let mut all_expired = true;
            for (partition, value) in self.offsets.of(id) {
                let pending = self.pending_offsets.has(id, partition);
                let unused = !pending && !group.is_subscribed_to(&partition.topic);
                if unused && decision.is_expired(condition, value) {
                    decision.remove_offset(id, partition, OffsetRemovalReason::Expired);
                } else {
                    all_expired = false;
                }
            }
            if all_expired && !self.pending_offsets.has_any(id) && group.validate_delete().is_ok() {
                decision.remove_group(id, group);
            }
        }
        decision.set_timer(GroupTimer::OffsetExpiration, self.config.offsets_retention_check_interval);
        let effects = decision.effects;
        self.replay_all(&effects.records);
        effects
    }
}

/// What became of each offset that was to be deleted.
pub type DeletedOffsets = Vec<(TopicPartition, Result<(), ErrorCode>)>;

impl Decision<'_> {
    fn commit_offset(
        &mut self,
        group: &GroupId,
        partition: &TopicPartition,
        offset: &OffsetAndMetadata,
    ) -> Result<(), ErrorCode> {
        // The limit counts the characters of a Java string.
        if offset.metadata.encode_utf16().count() as u64 > u64::from(self.config.offset_metadata_max_bytes) {
            return Err(ErrorCode::OffsetMetadataTooLarge);
        }
        let value = OffsetCommitValue { offset: offset.clone(), commit_timestamp: self.timestamp };
        let (group, partition) = (group.clone(), partition.clone());
        let committed = Event::OffsetCommitted {
            group: group.clone(),
            partition: partition.clone(),
            offset: offset.clone(),
        };
        self.effects.records.push(CoordinatorRecord::OffsetCommit { group, partition, value: Some(value) });
        self.emit(committed);
        Ok(())
    }

    pub(super) fn remove_offset(
        &mut self,
        group: &GroupId,
        partition: &TopicPartition,
        reason: OffsetRemovalReason,
    ) {
        let (group, partition) = (group.clone(), partition.clone());
        self.emit(Event::OffsetRemoved { group: group.clone(), partition: partition.clone(), reason });
        self.effects.records.push(CoordinatorRecord::OffsetCommit { group, partition, value: None });
    }

    fn is_expired(&self, condition: OffsetExpirationCondition, value: &OffsetCommitValue) -> bool {
        let since = match condition {
            OffsetExpirationCondition::Never => return false,
            OffsetExpirationCondition::SinceCommit => value.commit_timestamp,
            OffsetExpirationCondition::Since(timestamp) => timestamp,
        };
        let age = u64::try_from(self.timestamp - since).unwrap_or(0);
        u128::from(age) >= self.config.offsets_retention.as_millis()
    }
}
