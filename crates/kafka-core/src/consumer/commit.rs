//! Commits of consumed positions.
//!
//! Mirrors the auto-commit parts of `ConsumerCoordinator`. Leaves out: `commitSync` and `commitAsync`, retries.

use crate::consumer::{Consumer, Life};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, OffsetAndMetadata, OffsetCommitRequest, OffsetCommitResponse, Request};

impl Consumer {
    /// The interval is over: commits from inside `poll()`, before more records are returned.
    pub(super) fn auto_commit(&mut self, context: &mut Context<'_>) {
        if self.life == Life::Polling || self.life == Life::Processing {
            self.commit_all_consumed(context);
            self.restart_auto_commit(context);
        }
    }

    pub(super) fn restart_auto_commit(&self, context: &mut Context<'_>) {
        if self.config.enable_auto_commit {
            context.set_timer(Timer::AutoCommit, context.now + self.config.auto_commit_interval);
        }
    }

    /// Sends every position to the coordinator. `None` when there is nothing to commit or nowhere to send it.
    pub(super) fn commit_all_consumed(&mut self, context: &mut Context<'_>) -> Option<CorrelationId> {
        if !self.config.enable_auto_commit {
            return None;
        }
        let positions = self.subscription.all_consumed();
        let coordinator = self.coordinator().filter(|_| !positions.is_empty())?;
        let group = self.config.group_id.clone()?;
        let membership = self.membership.as_ref()?;
        let (member_id, generation_id) = (membership.member_id.clone(), membership.generation);
        let correlation_id = self.next_correlation_id();
        let offsets = positions
            .into_iter()
            .map(|(partition, offset)| {
                (partition, OffsetAndMetadata { offset, leader_epoch: None, metadata: "".into() })
            })
            .collect();
        let request = OffsetCommitRequest {
            group,
            member_id,
            group_instance_id: self.config.group_instance_id.clone(),
            generation_id,
            knows_member_epochs: true,
            offsets,
        };
        context.request(coordinator, correlation_id, Request::OffsetCommit(request));
        Some(correlation_id)
    }

    pub(super) fn on_offset_commit_response(
        &mut self,
        correlation_id: CorrelationId,
        response: &OffsetCommitResponse,
        context: &mut Context<'_>,
    ) {
        let error = response.partitions.iter().find_map(|(_, outcome)| outcome.err());
        if let Some(error) = error {
            context.emit(Event::CommitFailed { client: self.client, error });
        }
        if self.life == Life::Committing(correlation_id) {
            self.leave(context);
        } else if self.is_waiting_for_commit(correlation_id) {
            self.revoke_and_join(context);
        } else if let Some(error) = error {
            self.on_coordinator_error(error, context);
        }
    }
}
