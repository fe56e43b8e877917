//! From what the member owns to what the coordinator has assigned: commit, `onPartitionsRevoked`,
//! `onPartitionsAssigned`, acknowledge.
//!
//! Mirrors `AbstractMembershipManager.processAssignmentReceived`, `maybeReconcile`, `revokeAndAssign` and
//! `assignPartitions`, and `ApplicationEventProcessor.process(PollEvent)`. Leaves out: the part that Kafka begins
//! before the next `poll()` when nothing is to be committed (fetching stops earlier then, and nobody can tell).

use std::collections::BTreeSet;

use crate::consumer::Consumer;
use crate::consumer::consumer_membership::{ConsumerMemberState, ConsumerMembership, LocalAssignment};
use crate::consumer::listener::ListenerThrew;
use crate::consumer::membership::Membership;
use crate::consumer::rebalance_commit::RebalanceCommit;
use crate::metadata::ClientMetadata;
use crate::node::Context;
use crate::time::SimTime;
use crate::topic::{TopicIdPartition, TopicPartition};

/// How far the member has come on its way to the assignment. One that comes meanwhile is the next one's affair.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reconciliation(Step);

#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    /// For `poll()`, or for the names of topics.
    Waiting,
    /// What was read is being committed.
    Committing { to: LocalAssignment, commit: RebalanceCommit },
}

/// The partitions that a reconciliation will take over and give up, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AssignmentChange {
    pub added: Vec<TopicPartition>,
    pub revoked: Vec<TopicPartition>,
}

impl Reconciliation {
    const fn new() -> Self {
        Self(Step::Waiting)
    }

    pub(super) const fn is_committing(&self) -> bool {
        match self.0 {
            Step::Committing { .. } => true,
            Step::Waiting => false,
        }
    }

    pub(super) const fn commit(&mut self) -> Option<&mut RebalanceCommit> {
        match &mut self.0 {
            Step::Committing { commit, .. } => Some(commit),
            Step::Waiting => None,
        }
    }

    pub(super) const fn wakes_at(&self) -> Option<SimTime> {
        match &self.0 {
            Step::Committing { commit, .. } => commit.wakes_at(),
            Step::Waiting => None,
        }
    }
}

impl ConsumerMembership {
    /// The coordinator has assigned partitions; only `poll()` takes them over.
    pub(super) fn receive_assignment(&mut self, partitions: BTreeSet<TopicIdPartition>) {
        let local_epoch = match &self.target {
            Some(target) if target.partitions == partitions => target.local_epoch,
            Some(target) => target.local_epoch + 1,
            None => 0,
        };
        self.target = Some(LocalAssignment { local_epoch, partitions });
        if !self.is_reconciled() {
            // One that is under way ends first.
            if self.reconciliation().is_none() {
                self.reconcile();
            }
        } else if matches!(self.state, ConsumerMemberState::Joining | ConsumerMemberState::Reconciling(_)) {
            self.state = ConsumerMemberState::Stable;
        }
    }

    pub(super) fn reconcile(&mut self) {
        self.state = ConsumerMemberState::Reconciling(Reconciliation::new());
    }

    /// The part of the coordinator's assignment whose topics have a name here, and whether that is all of it.
    fn resolve(&mut self, metadata: &ClientMetadata) -> Option<(LocalAssignment, bool)> {
        let target = self.target.as_ref()?;
        let mut resolved = LocalAssignment { partitions: BTreeSet::new(), ..*target };
        for partition in &target.partitions {
            if let Some(name) = metadata.topic_name(partition.topic_id) {
                self.topic_names.insert(partition.topic_id, name.clone());
            }
            if self.topic_names.contains_key(&partition.topic_id) {
                resolved.partitions.insert(*partition);
            }
        }
        let complete = resolved.partitions.len() == target.partitions.len();
        Some((resolved, complete))
    }

    fn named(&self, assignment: &LocalAssignment) -> Vec<TopicPartition> {
        let name = |partition: &TopicIdPartition| {
            let topic = self.topic_names.get(&partition.topic_id)?;
            Some(TopicPartition::new(topic.clone(), partition.partition))
        };
        let mut named: Vec<_> = assignment.partitions.iter().filter_map(name).collect();
        named.sort();
        named
    }
}

impl Consumer {
    /// What the coordinator has assigned to this member of a KIP-848 group and it has not taken over, and what it
    /// is to give up. Empty when the member owns what it was assigned. Partitions whose topic the client has no
    /// name for are missing.
    pub fn assignment_change(&self) -> AssignmentChange {
        let Some(own) = self.modern() else { return AssignmentChange::default() };
        let Some(target) = own.target.as_ref().filter(|_| !own.is_reconciled()) else {
            return AssignmentChange::default();
        };
        let name = |partition: &TopicIdPartition| {
            let known = own.topic_names.get(&partition.topic_id);
            let topic = known.or_else(|| self.metadata.topic_name(partition.topic_id))?;
            Some(TopicPartition::new(topic.clone(), partition.partition))
        };
        self.change_to(&target.partitions.iter().filter_map(name).collect::<Vec<_>>())
    }

    fn change_to(&self, assigned: &[TopicPartition]) -> AssignmentChange {
        let owned = self.subscription.assigned();
        let without = |all: &[TopicPartition], some: &[TopicPartition]| {
            let mut rest: Vec<_> =
                all.iter().filter(|partition| !some.contains(partition)).cloned().collect();
            rest.sort();
            rest
        };
        AssignmentChange { added: without(assigned, &owned), revoked: without(&owned, assigned) }
    }

    pub(in crate::consumer) fn poll_consumer_membership(
        &mut self,
        context: &mut Context<'_>,
    ) -> Result<(), ListenerThrew> {
        let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) else { return Ok(()) };
        match &own.state {
            ConsumerMemberState::Unsubscribed => {
                if std::mem::take(&mut own.subscription_updated) {
                    own.join();
                }
                Ok(())
            }
            ConsumerMemberState::Reconciling(reconciliation) => {
                let step = reconciliation.0.clone();
                self.reconcile_step(step, context)
            }
            ConsumerMemberState::Fenced | ConsumerMemberState::Stale => self.rejoin(context),
            ConsumerMemberState::Fatal(_) => self.lose_assignment(context),
            ConsumerMemberState::Joining
            | ConsumerMemberState::Acknowledging
            | ConsumerMemberState::Stable => Ok(()),
        }
    }

    /// `maybeReconcile`
    fn reconcile_step(&mut self, step: Step, context: &mut Context<'_>) -> Result<(), ListenerThrew> {
        match step {
            Step::Waiting => {
                let Some(to) = self.next_assignment(context) else { return Ok(()) };
                if !self.config.enable_auto_commit {
                    return self.revoke_and_assign(to, context);
                }
                let change = self.change_to(&self.names_of(&to));
                self.subscription.mark_pending_revocation(&change.revoked);
                let commit = RebalanceCommit::until(context.now + self.config.max_poll_interval);
                self.go_on_reconciling(to, commit, context)
            }
            Step::Committing { to, commit } => self.go_on_reconciling(to, commit, context),
        }
    }

    fn go_on_reconciling(
        &mut self,
        to: LocalAssignment,
        mut commit: RebalanceCommit,
        context: &mut Context<'_>,
    ) -> Result<(), ListenerThrew> {
        if self.go_on_committing(&mut commit, context) {
            return self.revoke_and_assign(to, context);
        }
        self.set_step(Step::Committing { to, commit });
        Ok(())
    }

    /// What there is to take over now, as far as topics have names; asks for the names that are missing.
    fn next_assignment(&mut self, context: &mut Context<'_>) -> Option<LocalAssignment> {
        let own = self.membership.as_mut().and_then(Membership::consumer_mut)?;
        let (resolved, complete) = own.resolve(&self.metadata)?;
        let current = own.current.as_ref();
        let nothing_new = current.is_some_and(|current| current.partitions == resolved.partitions);
        let acknowledged = current.is_some_and(|current| current.local_epoch == resolved.local_epoch);
        if nothing_new && !acknowledged {
            own.current = Some(resolved);
            own.state = ConsumerMemberState::Acknowledging;
            return None;
        }
        if !complete {
            self.refresh_metadata(context);
        }
        (!nothing_new).then_some(resolved)
    }

    /// A listener that throws ends the attempt; the next `poll()` makes another.
    fn revoke_and_assign(
        &mut self,
        to: LocalAssignment,
        context: &mut Context<'_>,
    ) -> Result<(), ListenerThrew> {
        self.set_step(Step::Waiting);
        let assigned = self.names_of(&to);
        let AssignmentChange { added, revoked } = self.change_to(&assigned);
        if !revoked.is_empty() {
            self.subscription.mark_pending_revocation(&revoked);
            self.partitions_revoked(revoked, context)?;
        }
        self.subscription.assign_awaiting_callback(&assigned);
        self.partitions_assigned(added, context)?;
        // All of them: those of an attempt whose callback threw are owned by now, so they are not added again.
        self.subscription.enable_awaiting_callback();
        self.restart_auto_commit(context);
        if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) {
            let assigned: BTreeSet<_> = to.partitions.iter().map(|partition| partition.topic_id).collect();
            own.topic_names.retain(|topic, _| assigned.contains(topic));
            own.current = Some(to);
            own.state = ConsumerMemberState::Acknowledging;
        }
        Ok(())
    }

    fn names_of(&self, assignment: &LocalAssignment) -> Vec<TopicPartition> {
        self.modern().map_or_else(Vec::new, |own| own.named(assignment))
    }

    fn set_step(&mut self, step: Step) {
        if let Some(own) = self.membership.as_mut().and_then(Membership::consumer_mut) {
            own.state = ConsumerMemberState::Reconciling(Reconciliation(step));
        }
    }
}
