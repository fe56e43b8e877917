//! Before a member joins: commit what was read, tell the listeners what has to go.
//!
//! Mirrors `ConsumerCoordinator.onJoinPrepare`. Leaves out: nothing known.

use crate::assignor::RebalanceProtocol;
use crate::consumer::Consumer;
use crate::consumer::commit::Purpose;
use crate::consumer::listener::ListenerThrew;
use crate::node::Context;
use crate::protocol::CorrelationId;
use crate::time::SimTime;

/// The auto-commit before partitions may move.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct PreparationCommit {
    /// It is tried again until the rebalance timeout.
    deadline: SimTime,
    state: PreparationState,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PreparationState {
    InFlight(CorrelationId),
    RetryAt(SimTime),
    Done,
}

impl Consumer {
    /// `onJoinPrepare`, once per rebalance: false while its commit is under way.
    pub(super) fn prepare_join(&mut self, context: &mut Context<'_>) -> Result<bool, ListenerThrew> {
        let Some(membership) = &self.membership else { return Ok(false) };
        if membership.prepared {
            return Ok(true);
        }
        if self.config.enable_auto_commit && !self.is_preparation_committed(context) {
            return Ok(false);
        }
        let Some(membership) = &mut self.membership else { return Ok(false) };
        membership.prepared = true;
        membership.preparation_commit = None;
        let lost = membership.generation.is_none() || membership.member_id.is_empty();
        let owned = self.subscription.assigned();
        if lost {
            if owned.is_empty() {
                return Ok(true);
            }
            let told = self.partitions_lost(owned, context);
            self.subscription.assign(&[]);
            return told.map(|()| true);
        }
        match self.rebalance_protocol() {
            RebalanceProtocol::Eager => {
                // Called with an empty set too.
                let told = self.partitions_revoked(owned, context);
                self.subscription.assign(&[]);
                told.map(|()| true)
            }
            RebalanceProtocol::Cooperative => {
                let (kept, dropped): (Vec<_>, Vec<_>) =
                    owned.into_iter().partition(|partition| self.topics.contains(&partition.topic));
                if dropped.is_empty() {
                    return Ok(true);
                }
                let told = self.partitions_revoked(dropped, context);
                self.subscription.assign(&kept);
                told.map(|()| true)
            }
        }
    }

    /// Starts the commit before the join, or looks how it stands. A failure does not stop the join.
    fn is_preparation_committed(&mut self, context: &mut Context<'_>) -> bool {
        let Some(membership) = &mut self.membership else { return true };
        let commit = membership.preparation_commit.get_or_insert(PreparationCommit {
            deadline: context.now + self.config.max_poll_interval,
            state: PreparationState::RetryAt(context.now),
        });
        match commit.state {
            PreparationState::Done => return true,
            PreparationState::InFlight(_) => return commit.deadline <= context.now,
            PreparationState::RetryAt(at) if at > context.now => return false,
            PreparationState::RetryAt(_) => {}
        }
        if self.rebalance_protocol() == RebalanceProtocol::Eager {
            self.subscription.mark_pending_revocation();
        }
        let sent = self.send_commit(Purpose::BeforeJoin, self.subscription.all_consumed(), context);
        let Some(commit) = self.membership.as_mut().and_then(|own| own.preparation_commit.as_mut()) else {
            return true;
        };
        match sent {
            Some(correlation_id) => commit.state = PreparationState::InFlight(correlation_id),
            None => commit.state = PreparationState::Done,
        }
        sent.is_none()
    }

    /// The commit before the join is answered.
    pub(super) fn on_preparation_committed(&mut self, retry: bool, context: &Context<'_>) {
        let retry_at = context.now + self.config.retry_backoff;
        let Some(commit) = self.membership.as_mut().and_then(|own| own.preparation_commit.as_mut()) else {
            return;
        };
        commit.state = if retry && retry_at < commit.deadline {
            PreparationState::RetryAt(retry_at)
        } else {
            PreparationState::Done
        };
    }

    /// When `poll()` has to look at the join again without anything having arrived.
    pub(super) fn join_wakes_at(&self) -> Option<SimTime> {
        let membership = self.membership.as_ref().filter(|membership| membership.rejoin_needed)?;
        match &membership.preparation_commit {
            Some(PreparationCommit { state: PreparationState::RetryAt(at), .. }) => Some(*at),
            Some(PreparationCommit { state: PreparationState::InFlight(_), deadline }) => Some(*deadline),
            Some(PreparationCommit { state: PreparationState::Done, .. }) | None => {
                Some(membership.join_retry_at)
            }
        }
    }
}
