//! What a classic group's state allows to be done with its offsets.
//!
//! Mirrors `ClassicGroup.validateOffsetCommit`, `validateOffsetDelete`, `validateDeleteGroup` and
//! `offsetExpirationCondition`. Leaves out: nothing known.

use crate::group::classic::{ClassicGroup, Phase};
use crate::group::effects::Decision;
use crate::protocol::{ConsumerGroupMetadata, ErrorCode, OffsetCommitRequest};

/// Since when the offsets of a group grow old.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::group) enum OffsetExpirationCondition {
    Never,
    SinceCommit,
    /// Milliseconds since the Unix epoch.
    Since(i64),
}

impl ClassicGroup {
    pub(in crate::group) fn validate_offset_commit(
        &self,
        request: &OffsetCommitRequest,
    ) -> Result<(), ErrorCode> {
        let is_empty = matches!(self.phase, Phase::Empty);
        let Some(generation_id) = request.generation_id else {
            if is_empty {
                return Ok(());
            }
            if request.member_id.is_empty() && request.group_instance_id.is_none() {
                return Err(ErrorCode::UnknownMemberId);
            }
            self.validate_member(&request.member_id, request.group_instance_id.as_deref())?;
            return Err(ErrorCode::IllegalGeneration);
        };
        self.validate_member(&request.member_id, request.group_instance_id.as_deref())?;
        if generation_id != self.generation_id {
            return Err(ErrorCode::IllegalGeneration);
        }
        match &self.phase {
            Phase::CompletingRebalance(_) => Err(ErrorCode::RebalanceInProgress),
            Phase::Empty | Phase::PreparingRebalance { .. } | Phase::Stable(_) => Ok(()),
        }
    }

    /// A producer may commit for nobody in particular; whoever it names has to be a member of this generation.
    pub(in crate::group) fn validate_txn_offset_commit(
        &self,
        member: &ConsumerGroupMetadata,
    ) -> Result<(), ErrorCode> {
        if member.is_nobody() || (member.generation_id.is_none() && matches!(self.phase, Phase::Empty)) {
            return Ok(());
        }
        self.validate_member(&member.member_id, member.group_instance_id.as_deref())?;
        let current = member.generation_id == Some(self.generation_id);
        if current { Ok(()) } else { Err(ErrorCode::IllegalGeneration) }
    }

    /// A commit is a sign of life, as a heartbeat is.
    pub(in crate::group) fn on_offset_commit(
        &mut self,
        request: &OffsetCommitRequest,
        decision: &mut Decision<'_>,
    ) {
        match &self.phase {
            Phase::Empty | Phase::CompletingRebalance(_) => {}
            Phase::PreparingRebalance { .. } | Phase::Stable(_) => {
                self.show_life(&request.member_id, decision);
            }
        }
    }

    pub(in crate::group) fn validate_offset_delete(&self) -> Result<(), ErrorCode> {
        match &self.phase {
            Phase::Empty => Ok(()),
            Phase::PreparingRebalance { .. } | Phase::CompletingRebalance(_) | Phase::Stable(_) => {
                if self.uses_consumer_group_protocol() { Ok(()) } else { Err(ErrorCode::NonEmptyGroup) }
            }
        }
    }

    pub(in crate::group) const fn validate_delete(&self) -> Result<(), ErrorCode> {
        match &self.phase {
            Phase::Empty => Ok(()),
            Phase::PreparingRebalance { .. } | Phase::CompletingRebalance(_) | Phase::Stable(_) => {
                Err(ErrorCode::NonEmptyGroup)
            }
        }
    }

    /// A consumer group whose subscriptions are not known yet may subscribe to anything.
    pub(in crate::group) fn is_subscribed_to(&self, topic: &str) -> bool {
        match &self.subscribed_topics {
            Some(topics) => topics.contains(topic),
            None => self.uses_consumer_group_protocol(),
        }
    }

    pub(in crate::group) fn offset_expiration_condition(&self) -> OffsetExpirationCondition {
        if self.protocol_type.is_none() {
            return OffsetExpirationCondition::SinceCommit;
        }
        match &self.phase {
            Phase::Empty => self
                .current_state_timestamp
                .map_or(OffsetExpirationCondition::SinceCommit, OffsetExpirationCondition::Since),
            Phase::Stable(_) if self.uses_consumer_group_protocol() && self.subscribed_topics.is_some() => {
                OffsetExpirationCondition::SinceCommit
            }
            Phase::PreparingRebalance { .. } | Phase::CompletingRebalance(_) | Phase::Stable(_) => {
                OffsetExpirationCondition::Never
            }
        }
    }
}
