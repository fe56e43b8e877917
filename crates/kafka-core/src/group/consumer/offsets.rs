//! What a KIP-848 group allows to be done with its offsets.
//!
//! Mirrors `ConsumerGroup.validateOffsetCommit`, `validateOffsetFetch`, `validateDeleteGroup`. Leaves out:
//! the older epochs that Kafka 4.3 accepts.

use crate::group::consumer::ConsumerGroup;
use crate::group::consumer::member::ConsumerGroupMember;
use crate::protocol::{ConsumerGroupMetadata, ErrorCode, MemberId, OffsetCommitRequest};

impl ConsumerGroup {
    pub(in crate::group) fn validate_offset_commit(
        &self,
        request: &OffsetCommitRequest,
    ) -> Result<(), ErrorCode> {
        // Administrators, and consumers that assign themselves.
        if request.generation_id.is_none() && self.is_empty() {
            return Ok(());
        }
        let member = self.member(&request.member_id)?;
        if !member.uses_classic_protocol() && !request.knows_member_epochs {
            return Err(ErrorCode::UnsupportedVersion);
        }
        member.validate_current_epoch(request.generation_id.unwrap_or(-1))
    }

    /// TxnOffsetCommit does not know of stale epochs.
    pub(in crate::group) fn validate_txn_offset_commit(
        &self,
        member: &ConsumerGroupMetadata,
    ) -> Result<(), ErrorCode> {
        if member.is_nobody() || (member.generation_id.is_none() && self.is_empty()) {
            return Ok(());
        }
        let known = self.member(&member.member_id)?;
        let checked = known.validate_current_epoch(member.generation_id.unwrap_or(-1));
        checked.map_err(|_| ErrorCode::IllegalGeneration)
    }

    pub(in crate::group) fn validate_offset_fetch(
        &self,
        member: Option<&(MemberId, i32)>,
    ) -> Result<(), ErrorCode> {
        let Some((member_id, member_epoch)) = member else { return Ok(()) };
        self.member(member_id)?.validate_current_epoch(*member_epoch)
    }

    pub(in crate::group) fn validate_delete(&self) -> Result<(), ErrorCode> {
        if self.is_empty() { Ok(()) } else { Err(ErrorCode::NonEmptyGroup) }
    }
}

impl ConsumerGroupMember {
    fn validate_current_epoch(&self, received: i32) -> Result<(), ErrorCode> {
        if received == self.member_epoch() {
            Ok(())
        } else if self.uses_classic_protocol() {
            Err(ErrorCode::IllegalGeneration)
        } else {
            Err(ErrorCode::StaleMemberEpoch)
        }
    }
}
