//! Before a member joins: commit what was read, tell the listeners what has to go.
//!
//! Mirrors `ConsumerCoordinator.onJoinPrepare`. Leaves out: nothing known.

use crate::assignor::RebalanceProtocol;
use crate::consumer::Consumer;
use crate::consumer::listener::ListenerThrew;
use crate::consumer::membership::Membership;
use crate::consumer::rebalance_commit::RebalanceCommit;
use crate::node::Context;
use crate::time::SimTime;

impl Consumer {
    /// `onJoinPrepare`, once per rebalance: false while its commit is under way.
    pub(in crate::consumer) fn prepare_join(
        &mut self,
        context: &mut Context<'_>,
    ) -> Result<bool, ListenerThrew> {
        let Some(membership) = self.classic() else { return Ok(false) };
        if membership.prepared {
            return Ok(true);
        }
        if self.config.enable_auto_commit && !self.is_preparation_committed(context) {
            return Ok(false);
        }
        let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) else {
            return Ok(false);
        };
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

    /// Starts the commit before the join, or looks how it stands.
    fn is_preparation_committed(&mut self, context: &mut Context<'_>) -> bool {
        let Some(membership) = self.classic() else { return true };
        let begun = membership.preparation_commit;
        if begun.is_none() && self.rebalance_protocol() == RebalanceProtocol::Eager {
            self.subscription.mark_pending_revocation(&self.subscription.assigned());
        }
        let deadline = context.now + self.config.max_poll_interval;
        let mut commit = begun.unwrap_or(RebalanceCommit::until(deadline));
        let done = self.go_on_committing(&mut commit, context);
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.preparation_commit = Some(commit);
        }
        done
    }

    /// When `poll()` has to look at the join again without anything having arrived.
    pub(in crate::consumer) fn join_wakes_at(&self) -> Option<SimTime> {
        let membership = self.classic().filter(|membership| membership.rejoin_needed)?;
        let commit = membership.preparation_commit.as_ref().and_then(RebalanceCommit::wakes_at);
        Some(commit.unwrap_or(membership.join_retry_at))
    }
}
