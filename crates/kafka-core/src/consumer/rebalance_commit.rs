//! The auto-commit before partitions may move.
//!
//! Mirrors `ConsumerCoordinator.maybeAutoCommitOffsetsAsync` as `onJoinPrepare` uses it, and
//! `CommitRequestManager.maybeAutoCommitSyncBeforeRebalance`. Leaves out: nothing known.

use crate::consumer::Consumer;
use crate::consumer::commit::Purpose;
use crate::node::Context;
use crate::protocol::CorrelationId;
use crate::time::SimTime;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct RebalanceCommit {
    /// It is tried again until the rebalance timeout.
    deadline: SimTime,
    state: CommitState,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum CommitState {
    InFlight(CorrelationId),
    RetryAt(SimTime),
    Done,
}

impl RebalanceCommit {
    pub(super) const fn until(deadline: SimTime) -> Self {
        Self { deadline, state: CommitState::RetryAt(SimTime::ZERO) }
    }

    /// It is answered: `retry_at` says when to try again what may be tried again.
    pub(super) fn on_outcome(&mut self, retry_at: Option<SimTime>) {
        self.state = match retry_at {
            Some(at) if at < self.deadline => CommitState::RetryAt(at),
            Some(_) | None => CommitState::Done,
        };
    }

    /// When to look at it again without an answer having come.
    pub(super) const fn wakes_at(&self) -> Option<SimTime> {
        match self.state {
            CommitState::RetryAt(at) => Some(at),
            CommitState::InFlight(_) => Some(self.deadline),
            CommitState::Done => None,
        }
    }
}

impl Consumer {
    /// Sends the commit if it is to be sent now. True once it is over; a failure does not stop the rebalance.
    pub(super) fn go_on_committing(
        &mut self,
        commit: &mut RebalanceCommit,
        context: &mut Context<'_>,
    ) -> bool {
        match commit.state {
            CommitState::Done => return true,
            CommitState::InFlight(_) => return commit.deadline <= context.now,
            CommitState::RetryAt(at) if at > context.now => return false,
            CommitState::RetryAt(_) => {}
        }
        let sent = self.send_commit(Purpose::BeforeRebalance, self.subscription.all_consumed(), context);
        commit.state = sent.map_or(CommitState::Done, CommitState::InFlight);
        sent.is_none()
    }
}
