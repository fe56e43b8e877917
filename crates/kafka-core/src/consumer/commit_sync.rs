//! `commitSync()`: the application waits, and retriable errors are tried again until a timeout.
//!
//! Mirrors `ConsumerCoordinator.commitOffsetsSync`. Leaves out: `wakeup()`.

use std::time::Duration;

use crate::consumer::commit::{Offsets, Purpose};
use crate::consumer::{CommitError, Consumer};
use crate::event::CommitCall;
use crate::node::Context;
use crate::protocol::CorrelationId;
use crate::time::SimTime;

/// A call that has not returned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SyncCommit {
    call: CommitCall,
    offsets: Offsets,
    deadline: SimTime,
    attempt: Attempt,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Attempt {
    NotBefore(SimTime),
    InFlight(CorrelationId),
    Over(Result<(), CommitError>),
}

impl Consumer {
    /// Begins a call; [`Self::commit_sync_result`] says whether it has returned.
    pub(super) fn commit_sync(
        &mut self,
        call: CommitCall,
        offsets: Offsets,
        timeout: Duration,
        context: &mut Context<'_>,
    ) {
        self.run_commit_callbacks(context);
        let attempt =
            if offsets.is_empty() { Attempt::Over(Ok(())) } else { Attempt::NotBefore(context.now) };
        self.sync_commit = Some(SyncCommit { call, offsets, deadline: context.now + timeout, attempt });
    }

    /// Goes on with the call as far as it can; `None` while it has not returned, or when there is none.
    pub(super) fn commit_sync_result(
        &mut self,
        context: &mut Context<'_>,
    ) -> Option<Result<(), CommitError>> {
        let commit = self.sync_commit.as_ref()?;
        let result = match commit.attempt {
            Attempt::Over(result) => result,
            Attempt::InFlight(_) | Attempt::NotBefore(_) if commit.deadline <= context.now => {
                Err(CommitError::Timeout)
            }
            Attempt::InFlight(_) => return None,
            Attempt::NotBefore(at) if at > context.now => return None,
            Attempt::NotBefore(_) => {
                let offsets = commit.offsets.clone();
                self.ensure_coordinator(context)?;
                match self.may_commit() {
                    Ok(()) => {
                        let sent = self.send_commit(Purpose::Sync, offsets, context);
                        if let (Some(commit), Some(sent)) = (&mut self.sync_commit, sent) {
                            commit.attempt = Attempt::InFlight(sent);
                        }
                        return None;
                    }
                    Err(error) => Err(error),
                }
            }
        };
        self.run_commit_callbacks(context);
        let commit = self.sync_commit.take()?;
        self.tell_commit(commit.call, commit.offsets, result, context);
        Some(result)
    }

    pub(super) fn on_sync_attempt(
        &mut self,
        correlation_id: CorrelationId,
        outcome: Result<(), CommitError>,
        context: &Context<'_>,
    ) {
        let retry_at = context.now + self.config.retry_backoff;
        if let Some(commit) = &mut self.sync_commit
            && commit.attempt == Attempt::InFlight(correlation_id)
        {
            commit.attempt = match outcome {
                Err(error) if error.is_retriable() => Attempt::NotBefore(retry_at),
                Ok(()) | Err(_) => Attempt::Over(outcome),
            };
        }
    }

    /// When the call has something to do without an answer having come.
    pub(super) fn commit_sync_wakes_at(&self) -> Option<SimTime> {
        let commit = self.sync_commit.as_ref()?;
        match commit.attempt {
            Attempt::NotBefore(at) => {
                Some(self.coordinator_retry_at().map_or(at, |retry_at| retry_at.max(at)).min(commit.deadline))
            }
            Attempt::InFlight(_) | Attempt::Over(_) => Some(commit.deadline),
        }
    }
}
