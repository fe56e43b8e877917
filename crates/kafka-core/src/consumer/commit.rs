//! Commits: those of the interval, those before a rebalance, `commitSync()` and `commitAsync()`.
//!
//! Mirrors the commit parts of `ConsumerCoordinator`, and `CommitRequestManager`. Leaves out: metadata and leader epochs of committed offsets.

use std::collections::{BTreeMap, VecDeque};

use crate::consumer::{CommitError, Consumer, PollError};
use crate::event::{CommitCall, Event};
use crate::node::Context;
use crate::protocol::{
    CorrelationId, ErrorCode, MemberId, OffsetAndMetadata, OffsetCommitRequest, OffsetCommitResponse, Request,
};
use crate::time::SimTime;
use crate::topic::TopicPartition;

/// The next offset to read, by partition.
pub(super) type Offsets = Vec<(TopicPartition, i64)>;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Commits {
    in_flight: BTreeMap<CorrelationId, InFlightCommit>,
    /// `commitAsync()` before the coordinator is known.
    waiting: VecDeque<(Purpose, Offsets)>,
    /// Outcomes of `commitAsync()` whose callbacks have not run: that is for the application's thread.
    completed: VecDeque<(Offsets, Result<(), CommitError>)>,
    interval_over_at: Option<SimTime>,
}

/// Why a commit is sent without anybody waiting for it, or that somebody does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    Interval,
    BeforeRebalance,
    Async,
    Sync,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct InFlightCommit {
    pub(super) purpose: Purpose,
    offsets: Offsets,
    pub(super) member_id: MemberId,
    /// Or the member epoch.
    pub(super) generation: Option<i32>,
}

impl Commits {
    /// When the interval is over, for `poll()` to wake up.
    pub(super) fn interval_over_at(&self) -> Option<SimTime> {
        self.interval_over_at
    }

    pub(super) fn is_in_flight(&self, purpose: Purpose) -> bool {
        self.in_flight.values().any(|commit| commit.purpose == purpose)
    }

    pub(super) fn has_unanswered_async(&self) -> bool {
        !self.waiting.is_empty() || self.is_in_flight(Purpose::Async)
    }
}

impl Consumer {
    pub(super) fn restart_auto_commit(&mut self, context: &Context<'_>) {
        if self.config.enable_auto_commit {
            self.commits.interval_over_at = Some(context.now + self.config.auto_commit_interval);
        }
    }

    /// From inside `poll()`, before more records are returned.
    pub(super) fn auto_commit_if_due(&mut self, context: &mut Context<'_>) {
        let over = self.commits.interval_over_at.is_some_and(|at| at <= context.now);
        if over && !self.holds_interval_commit_back() {
            self.restart_auto_commit(context);
            self.send_commit(Purpose::Interval, self.subscription.all_consumed(), context);
        }
    }

    /// `commitAsync()`.
    pub(super) fn commit_async(&mut self, offsets: Offsets, context: &mut Context<'_>) {
        self.run_commit_callbacks(context);
        self.send_commit(Purpose::Async, offsets, context);
    }

    /// The callbacks of `commitAsync()`, in the order of the calls.
    pub(super) fn run_commit_callbacks(&mut self, context: &mut Context<'_>) {
        while let Some((offsets, outcome)) = self.commits.completed.pop_front() {
            self.tell_commit(CommitCall::Async, offsets, outcome, context);
        }
    }

    /// Sends offsets to the coordinator, at the latest when it is found. `None` when nothing is under way now: there
    /// was nothing to commit, or the commit has failed already.
    pub(super) fn send_commit(
        &mut self,
        purpose: Purpose,
        offsets: Offsets,
        context: &mut Context<'_>,
    ) -> Option<CorrelationId> {
        if offsets.is_empty() {
            if purpose == Purpose::Async {
                self.commits.completed.push_back((offsets, Ok(())));
            }
            return None;
        }
        let Some(coordinator) = self.ensure_coordinator(context) else {
            self.commits.waiting.push_back((purpose, offsets));
            return None;
        };
        if let Err(error) = self.may_commit() {
            self.conclude_commit(purpose, offsets, Err(error), context);
            return None;
        }
        let group = self.config.group_id.clone()?;
        let (member_id, generation) = self
            .membership
            .as_ref()
            .map_or_else(|| ("".into(), None), |own| (own.member_id().clone(), own.epoch()));
        let request = OffsetCommitRequest {
            group,
            member_id: member_id.clone(),
            group_instance_id: self.membership.as_ref().and(self.config.group_instance_id.clone()),
            generation_id: generation,
            knows_member_epochs: true,
            offsets: offsets
                .iter()
                .map(|(partition, offset)| {
                    let metadata = "".into();
                    let committed = OffsetAndMetadata { offset: *offset, leader_epoch: None, metadata };
                    (partition.clone(), committed)
                })
                .collect(),
        };
        let correlation_id = self.request(coordinator, Request::OffsetCommit(request), context);
        let commit = InFlightCommit { purpose, offsets, member_id, generation };
        self.commits.in_flight.insert(correlation_id, commit);
        Some(correlation_id)
    }

    /// Sends what has waited for the coordinator.
    pub(super) fn send_waiting_commits(&mut self, context: &mut Context<'_>) {
        if self.coordinator().is_some() {
            for (purpose, offsets) in std::mem::take(&mut self.commits.waiting) {
                self.send_commit(purpose, offsets, context);
            }
        }
    }

    /// The coordinator was not found: what waited for it is not tried again, lest it overtake later commits.
    pub(super) fn fail_waiting_commits(&mut self) {
        let error = CommitError::Retriable(ErrorCode::CoordinatorNotAvailable);
        for (purpose, offsets) in std::mem::take(&mut self.commits.waiting) {
            if purpose == Purpose::Async {
                self.commits.completed.push_back((offsets, Err(error)));
            }
        }
    }

    pub(super) fn on_offset_commit_response(
        &mut self,
        correlation_id: CorrelationId,
        response: &OffsetCommitResponse,
        context: &mut Context<'_>,
    ) {
        let error = response.partitions.iter().find_map(|(_, outcome)| outcome.err());
        self.on_commit_outcome(correlation_id, error.map_or(Ok(()), Err), context);
    }

    pub(super) fn on_commit_outcome(
        &mut self,
        correlation_id: CorrelationId,
        outcome: Result<(), ErrorCode>,
        context: &mut Context<'_>,
    ) {
        let Some(commit) = self.commits.in_flight.remove(&correlation_id) else { return };
        let outcome = outcome.map_err(|error| self.commit_error(error, &commit, context));
        if commit.purpose == Purpose::Sync {
            self.on_sync_attempt(correlation_id, outcome, context);
        } else {
            self.conclude_commit(commit.purpose, commit.offsets, outcome, context);
        }
    }

    fn conclude_commit(
        &mut self,
        purpose: Purpose,
        offsets: Offsets,
        outcome: Result<(), CommitError>,
        context: &mut Context<'_>,
    ) {
        let retry = outcome.is_err_and(CommitError::is_retriable);
        if outcome == Err(CommitError::Broker(ErrorCode::FencedInstanceId)) {
            self.failure = self.commit_fenced();
            // `poll()` throws before it runs any callback (asyncCommitFenced).
            if purpose != Purpose::BeforeRebalance {
                return;
            }
        }
        match purpose {
            Purpose::Interval => {
                if retry {
                    self.commits.interval_over_at = Some(context.now + self.config.retry_backoff);
                }
                self.tell_commit(CommitCall::Auto, offsets, outcome, context);
            }
            Purpose::BeforeRebalance => {
                self.tell_commit(CommitCall::Auto, offsets, outcome, context);
                self.on_rebalance_commit(retry, context);
            }
            Purpose::Async => self.commits.completed.push_back((offsets, outcome)),
            Purpose::Sync => unreachable!("somebody waits for a commitSync"),
        }
    }

    fn commit_fenced(&self) -> Option<PollError> {
        let instance = self.config.group_instance_id.clone()?;
        let member = self.membership.as_ref()?.member_id().clone();
        Some(PollError::CommitFenced { instance, member })
    }

    pub(super) fn tell_commit(
        &self,
        call: CommitCall,
        offsets: Offsets,
        outcome: Result<(), CommitError>,
        context: &mut Context<'_>,
    ) {
        if offsets.is_empty() {
            return;
        }
        let client = self.client;
        context.emit(match outcome {
            Ok(()) => Event::CommitCompleted { client, call, offsets },
            Err(error) => Event::CommitFailed { client, call, error },
        });
    }
}
