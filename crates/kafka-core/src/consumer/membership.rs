//! Membership in a group, of either protocol, as the rest of the consumer asks about it.
//!
//! Stands for the seam between `ClassicKafkaConsumer` with its `ConsumerCoordinator` and `AsyncKafkaConsumer` with its
//! request managers: which of the two a consumer has is decided once, by `group.protocol`. Leaves out: share groups,
//! streams groups.

use crate::config::GroupProtocol;
use crate::consumer::classic_membership::ClassicMembership;
use crate::consumer::commit::{InFlightCommit, Purpose};
use crate::consumer::consumer_membership::ConsumerMembership;
use crate::consumer::listener::ListenerThrew;
use crate::consumer::{CommitError, Consumer};
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, ErrorCode, MemberId};
use crate::time::SimTime;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Membership {
    /// `group.protocol=classic`: JoinGroup, SyncGroup, Heartbeat.
    Classic(ClassicMembership),
    /// `group.protocol=consumer` (KIP-848): ConsumerGroupHeartbeat.
    Consumer(ConsumerMembership),
}

/// What came of leaving the group.
pub(super) struct Departure {
    pub(super) told: Result<(), ListenerThrew>,
    /// False when a listener that threw has kept the member from leaving.
    pub(super) left: bool,
    /// The request that says so, if one had to be sent.
    pub(super) goodbye: Option<CorrelationId>,
}

impl Membership {
    fn new(protocol: GroupProtocol, context: &mut Context<'_>) -> Self {
        match protocol {
            GroupProtocol::Classic => Self::Classic(ClassicMembership::default()),
            GroupProtocol::Consumer => Self::Consumer(ConsumerMembership::new(context.rng)),
        }
    }

    /// Empty until a coordinator has given one out (classic), or made by the client (consumer).
    pub const fn member_id(&self) -> &MemberId {
        match self {
            Self::Classic(own) => &own.member_id,
            Self::Consumer(own) => &own.member_id,
        }
    }

    /// The generation (classic) or the member epoch (consumer); `None` while it is in no group.
    pub fn epoch(&self) -> Option<i32> {
        match self {
            Self::Classic(own) => own.generation,
            Self::Consumer(own) => own.epoch(),
        }
    }

    /// What it was given may be read, and nothing is about to change as far as the member knows.
    pub fn is_stable(&self) -> bool {
        match self {
            Self::Classic(own) => own.is_stable(),
            Self::Consumer(own) => own.is_stable(),
        }
    }

    pub(super) const fn classic(&self) -> Option<&ClassicMembership> {
        match self {
            Self::Classic(own) => Some(own),
            Self::Consumer(_) => None,
        }
    }

    pub(super) const fn classic_mut(&mut self) -> Option<&mut ClassicMembership> {
        match self {
            Self::Classic(own) => Some(own),
            Self::Consumer(_) => None,
        }
    }

    pub(super) const fn consumer(&self) -> Option<&ConsumerMembership> {
        match self {
            Self::Classic(_) => None,
            Self::Consumer(own) => Some(own),
        }
    }

    pub(super) const fn consumer_mut(&mut self) -> Option<&mut ConsumerMembership> {
        match self {
            Self::Classic(_) => None,
            Self::Consumer(own) => Some(own),
        }
    }

    /// An error that does not go away.
    pub(super) const fn failure(&self) -> Option<ErrorCode> {
        match self {
            Self::Classic(own) => own.failure,
            Self::Consumer(own) => own.failure(),
        }
    }
}

impl Consumer {
    pub(super) fn classic(&self) -> Option<&ClassicMembership> {
        self.membership.as_ref().and_then(Membership::classic)
    }

    pub(super) fn modern(&self) -> Option<&ConsumerMembership> {
        self.membership.as_ref().and_then(Membership::consumer)
    }

    pub(super) fn become_member(&mut self, context: &mut Context<'_>) {
        let protocol = self.config.group_protocol;
        let membership = self.membership.get_or_insert_with(|| Membership::new(protocol, context));
        match membership {
            // It compares with what it joined for.
            Membership::Classic(_) => {}
            Membership::Consumer(own) => own.subscription_updated = true,
        }
    }

    /// The group's part of `poll()`: true when positions may be looked after.
    pub(super) fn poll_membership(&mut self, context: &mut Context<'_>) -> Result<bool, ListenerThrew> {
        match &self.membership {
            None => Ok(true),
            Some(_) if self.topics.is_empty() => Ok(false),
            Some(Membership::Classic(_)) => self.poll_coordinator(context),
            Some(Membership::Consumer(_)) => self.poll_consumer_membership(context).map(|()| true),
        }
    }

    /// What goes on whatever the application does. True when it leaves `poll()` something to do.
    pub(super) fn run_in_background(&mut self, context: &mut Context<'_>) -> bool {
        match &self.membership {
            // The heartbeat thread has its timer.
            None | Some(Membership::Classic(_)) => false,
            Some(Membership::Consumer(_)) => self.run_heartbeat_requests(context),
        }
    }

    pub(super) fn on_heartbeat_timer(&mut self, context: &mut Context<'_>) {
        match &self.membership {
            Some(Membership::Classic(_)) => self.on_classic_heartbeat_timer(context),
            // It only wakes the background up.
            None | Some(Membership::Consumer(_)) => {}
        }
    }

    /// The application has left `poll()`.
    pub(super) fn start_poll_interval(&mut self, context: &mut Context<'_>) {
        if self.membership.is_some() {
            let deadline = context.now + self.config.max_poll_interval;
            self.poll_deadline = Some(deadline);
            context.set_timer(Timer::MaxPollInterval, deadline);
        }
    }

    pub(super) fn end_poll_interval(&mut self, context: &mut Context<'_>) {
        self.poll_deadline = None;
        context.cancel_timer(&Timer::MaxPollInterval);
    }

    /// No listener is called now: that is for the thread that calls `poll()`.
    pub(super) fn on_poll_interval_over(&mut self, context: &mut Context<'_>) {
        if self.is_polling() {
            return;
        }
        match &self.membership {
            None => {}
            Some(Membership::Classic(_)) => self.leave_without_poll(context),
            Some(Membership::Consumer(_)) => self.become_stale(context),
        }
    }

    pub(super) fn on_coordinator_found(&mut self, context: &Context<'_>) {
        match &mut self.membership {
            Some(Membership::Classic(own)) => {
                own.session_deadline = context.now + self.config.session_timeout;
            }
            None | Some(Membership::Consumer(_)) => {}
        }
    }

    /// Gives the partitions back, tells the listener, and says goodbye.
    pub(super) fn depart(&mut self, reason: &str, context: &mut Context<'_>) -> Departure {
        match &self.membership {
            None => Departure { told: Ok(()), left: true, goodbye: None },
            Some(Membership::Classic(_)) => self.depart_classic(reason, context),
            Some(Membership::Consumer(_)) => self.depart_consumer(context),
        }
    }

    /// Whether a commit may be sent at all.
    pub(super) fn may_commit(&self) -> Result<(), CommitError> {
        match &self.membership {
            Some(Membership::Classic(own)) => own.may_commit(),
            // The coordinator decides.
            None | Some(Membership::Consumer(_)) => Ok(()),
        }
    }

    /// What a broker's error means for a commit (`OffsetCommitResponseHandler`, `OffsetCommitRequestState`).
    pub(super) fn commit_error(
        &mut self,
        error: ErrorCode,
        commit: &InFlightCommit,
        context: &mut Context<'_>,
    ) -> CommitError {
        if self.note_coordinator_error(error, context) || error == ErrorCode::UnknownTopicOrPartition {
            return CommitError::Retriable(error);
        }
        match &self.membership {
            None if matches!(error, ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration) => {
                CommitError::CommitFailed
            }
            None => CommitError::Broker(error),
            Some(Membership::Classic(_)) => self.classic_commit_error(error, commit, context),
            Some(Membership::Consumer(own)) => own.commit_error(error, commit.purpose),
        }
    }

    /// The member's commit before its partitions move is answered, or was not sent.
    pub(super) fn on_rebalance_commit(&mut self, retry: bool, context: &Context<'_>) {
        let retry_at = context.now + self.config.retry_backoff;
        let commit = match &mut self.membership {
            None => None,
            Some(Membership::Classic(own)) => own.preparation_commit.as_mut(),
            Some(Membership::Consumer(own)) => own.rebalance_commit(),
        };
        if let Some(commit) = commit {
            commit.on_outcome(retry.then_some(retry_at));
        }
    }

    /// An interval commit is put off while another of the consumer's own is out (`AutoCommitState`).
    pub(super) fn holds_interval_commit_back(&self) -> bool {
        match &self.membership {
            None | Some(Membership::Classic(_)) => false,
            Some(Membership::Consumer(_)) => {
                self.commits.is_in_flight(Purpose::Interval)
                    || self.commits.is_in_flight(Purpose::BeforeRebalance)
            }
        }
    }

    /// Whose membership OffsetFetch has the coordinator check.
    pub(super) fn offset_fetch_member(&self) -> Option<(MemberId, i32)> {
        match &self.membership {
            None | Some(Membership::Classic(_)) => None,
            Some(Membership::Consumer(own)) => Some((own.member_id.clone(), own.epoch()?)),
        }
    }

    /// When `poll()` has to look at the membership again without anything having arrived.
    pub(super) fn membership_wakes_at(&self) -> Option<SimTime> {
        match &self.membership {
            None => None,
            Some(Membership::Classic(_)) => self.join_wakes_at(),
            Some(Membership::Consumer(own)) => own.wakes_at(),
        }
    }
}
