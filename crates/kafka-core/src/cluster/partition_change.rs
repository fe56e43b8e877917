//! One change of a partition: its new in-sync replicas, and the election that follows from them.
//!
//! Mirrors `PartitionChangeBuilder` with eligible leader replicas on, as clusters formatted by Kafka 4.1 have it
//! (KIP-966). Leaves out: the leader recovery state, log directories.

use crate::cluster::Partition;
use crate::cluster::reassignment::Placement;
use crate::protocol::BrokerId;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Election {
    /// The first replica, if it may lead.
    Preferred,
    /// From the ISR, or from the eligible leader replicas when that is empty.
    Online,
    /// Any replica that is alive, when nothing else is left: what it lacks is lost.
    Unclean,
}

pub(super) struct PartitionChange<'a> {
    pub(super) partition: &'a Partition,
    pub(super) target_isr: Vec<BrokerId>,
    /// Where the replicas shall be.
    pub(super) placement: Placement,
    pub(super) election: Election,
    /// The effective `min.insync.replicas`.
    pub(super) min_isr: u32,
    /// A broker that came back without having shut down: it may lack what it once had.
    pub(super) unclean_shutdown: Option<BrokerId>,
    pub(super) is_acceptable_leader: &'a dyn Fn(BrokerId) -> bool,
}

/// What a change makes of a partition.
pub(super) struct Changed {
    pub(super) partition: Partition,
    /// A leader was elected that may lack committed records.
    pub(super) unclean: bool,
}

impl PartitionChange<'_> {
    /// The partition as it will be; `None` when nothing changes.
    pub(super) fn build(mut self) -> Option<Changed> {
        let before = self.partition;
        if let Some((placement, isr)) = self.placement.completed(&self.target_isr) {
            self.placement = placement;
            self.target_isr = isr;
        }
        let mut after = before.clone();
        after.elr = self.target_elr();
        let (leader, unclean) = self.elect(&after.elr);
        if leader != before.leader {
            after.leader = leader;
            if let Some(leader) = leader {
                if unclean {
                    self.target_isr = vec![leader];
                    after.elr = Vec::new();
                } else if after.elr.contains(&leader) {
                    self.target_isr = vec![leader];
                    after.elr.retain(|replica| *replica != leader);
                }
            }
        }
        after.isr = self.target_isr;
        let Placement { replicas, adding, removing } = self.placement;
        // A broker that is no replica any more must not go on fetching (`triggerLeaderEpochBumpForReplicaReassignment`).
        let lost_replicas = before.replicas.iter().any(|replica| !replicas.contains(replica));
        (after.replicas, after.adding_replicas, after.removing_replicas) = (replicas, adding, removing);
        after.last_known_elr = last_known_leader(before, &after);
        if after == *before {
            return None;
        }
        after.leader_epoch += i32::from(after.leader != before.leader || lost_replicas);
        after.partition_epoch += 1;
        Some(Changed { partition: after, unclean })
    }

    /// Who has left an ISR that is too small now, and everybody who had before (`maybePopulateTargetElr`).
    fn target_elr(&self) -> Vec<BrokerId> {
        if self.target_isr.len() as u32 >= self.min_isr {
            return Vec::new();
        }
        let mut elr: Vec<_> = self.partition.elr.iter().chain(&self.partition.isr).copied().collect();
        elr.retain(|replica| !self.target_isr.contains(replica) && self.unclean_shutdown != Some(*replica));
        elr.sort_unstable();
        elr.dedup();
        elr
    }

    /// The leader, and whether it may lack committed records.
    fn elect(&self, elr: &[BrokerId]) -> (Option<BrokerId>, bool) {
        let may_lead = |replica: &BrokerId| {
            let has_all =
                self.target_isr.contains(replica) || (self.target_isr.is_empty() && elr.contains(replica));
            has_all && (self.is_acceptable_leader)(*replica)
        };
        let current = self.partition.leader.filter(may_lead);
        let preferred = match self.election {
            Election::Preferred => self.placement.replicas.first().copied().filter(may_lead),
            Election::Online | Election::Unclean => None,
        };
        let replicas = &self.placement.replicas;
        let clean = preferred.or(current).or_else(|| replicas.iter().copied().find(may_lead));
        if clean.is_some() {
            return (clean, false);
        }
        let alive = |replica: &BrokerId| (self.is_acceptable_leader)(*replica);
        if let ([], [], [last]) = (&self.target_isr[..], elr, &self.partition.last_known_elr[..])
            && alive(last)
        {
            return (Some(*last), true);
        }
        match self.election {
            Election::Unclean => {
                let any = replicas.iter().copied().find(alive);
                (any, any.is_some())
            }
            Election::Preferred | Election::Online => (None, false),
        }
    }
}

/// `maybeUpdateLastKnownLeader`: set when the partition loses its leader, cleared when it has one.
fn last_known_leader(before: &Partition, after: &Partition) -> Vec<BrokerId> {
    match (after.leader, before.leader) {
        (Some(_), _) => Vec::new(),
        (None, Some(last)) if after.isr.is_empty() => vec![last],
        (None, _) => before.last_known_elr.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u32]) -> Vec<BrokerId> {
        numbers.iter().copied().map(BrokerId).collect()
    }

    fn partition(leader: Option<u32>, isr: &[u32], elr: &[u32], last_known: &[u32]) -> Partition {
        Partition {
            leader: leader.map(BrokerId),
            leader_epoch: 4,
            partition_epoch: 9,
            replicas: ids(&[1, 2, 3]),
            isr: ids(isr),
            elr: ids(elr),
            last_known_elr: ids(last_known),
            adding_replicas: Vec::new(),
            removing_replicas: Vec::new(),
        }
    }

    /// What is told, the partition before, the ISR aimed at, who is alive, how to elect, and what comes of it.
    type Row = (&'static str, Partition, &'static [u32], &'static [u32], Election, Outcome);

    /// Replicas 1, 2, 3 with `min.insync.replicas=2`; leader, ISR, ELR and last known leader after the change.
    type Outcome = (Option<u32>, &'static [u32], &'static [u32], &'static [u32], bool);

    #[test]
    fn elections_end_as_those_of_a_real_controller() {
        let none = &[][..];
        let (three, alone) = (&[1, 2, 3][..], &[3][..]);
        let rows: [Row; 9] = [
            (
                "the next in order leads",
                partition(Some(1), three, none, none),
                &[2, 3],
                &[2, 3],
                Election::Online,
                (Some(2), &[2, 3], none, none, false),
            ),
            (
                "what leaves a small ISR stays eligible",
                partition(Some(2), &[2, 3], none, none),
                alone,
                alone,
                Election::Online,
                (Some(3), alone, &[2], none, false),
            ),
            (
                "the last one leaves too",
                partition(Some(3), alone, &[2], none),
                none,
                none,
                Election::Online,
                (None, none, &[2, 3], &[3], false),
            ),
            (
                "an eligible replica leads cleanly",
                partition(None, none, &[2, 3], &[3]),
                none,
                &[2],
                Election::Online,
                (Some(2), &[2], &[3], none, false),
            ),
            (
                "the last leader leads when nobody is eligible",
                partition(None, none, none, &[3]),
                none,
                alone,
                Election::Online,
                (Some(3), alone, none, none, true),
            ),
            (
                "nobody else does",
                partition(None, none, none, &[3]),
                none,
                &[1],
                Election::Preferred,
                (None, none, none, &[3], false),
            ),
            (
                "unless the topic allows it",
                partition(None, none, &[3], &[3]),
                none,
                &[1],
                Election::Unclean,
                (Some(1), &[1], none, none, true),
            ),
            (
                "a grown ISR needs no eligible replicas",
                partition(Some(3), alone, &[2], none),
                &[2, 3],
                three,
                Election::Online,
                (Some(3), &[2, 3], none, none, false),
            ),
            (
                "the preferred replica takes over",
                partition(Some(2), three, none, none),
                three,
                three,
                Election::Preferred,
                (Some(1), three, none, none, false),
            ),
        ];
        for (name, before, target_isr, alive, election, expected) in rows {
            let alive = ids(alive);
            let change = PartitionChange {
                partition: &before,
                target_isr: ids(target_isr),
                placement: Placement::of(&before),
                election,
                min_isr: 2,
                unclean_shutdown: None,
                is_acceptable_leader: &|broker| alive.contains(&broker),
            };
            let (after, unclean) = change
                .build()
                .map_or((before.clone(), false), |changed| (changed.partition, changed.unclean));
            let (leader, isr, elr, last_known, is_unclean) = expected;
            let expected = partition(leader, isr, elr, last_known);
            assert_eq!(after.leader, expected.leader, "{name}");
            assert_eq!((after.isr, after.elr), (expected.isr, expected.elr), "{name}");
            assert_eq!(after.last_known_elr, expected.last_known_elr, "{name}");
            assert_eq!(unclean, is_unclean, "{name}");
            let moved = i32::from(after.leader != before.leader);
            assert_eq!(after.leader_epoch, before.leader_epoch + moved, "{name}");
        }
    }

    #[test]
    fn a_replica_that_came_back_from_a_crash_is_not_eligible() {
        let before = partition(None, &[], &[2, 3], &[3]);
        let change = PartitionChange {
            partition: &before,
            target_isr: Vec::new(),
            placement: Placement::of(&before),
            election: Election::Online,
            min_isr: 2,
            unclean_shutdown: Some(BrokerId(3)),
            is_acceptable_leader: &|_| false,
        };
        assert_eq!(change.build().map(|changed| changed.partition.elr), Some(ids(&[2])));
    }
}
