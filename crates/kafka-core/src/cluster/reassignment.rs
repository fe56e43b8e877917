//! Partitions move to other brokers: replicas are added, catch up, and then the others are removed.
//!
//! Mirrors `PartitionReassignmentReplicas`, `PartitionReassignmentRevert`, and of `ReplicationControlManager` what
//! `AlterPartitionReassignments` does. Leaves out: throttles, log directories.

use std::collections::BTreeSet;

use crate::cluster::partition_change::{Changed, Election, PartitionChange};
use crate::cluster::placement::RackList;
use crate::cluster::{BrokerRegistration, Cluster, MetadataImage, Partition};
use crate::command::CommandError;
use crate::config::BrokerConfig;
use crate::event::Event;
use crate::protocol::{BrokerId, ErrorCode};
use crate::rng::Rng;
use crate::topic::TopicPartition;

/// Where the replicas of a partition are, and which of them come and go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Placement {
    /// In order of preference; those that go stand at the end.
    pub(super) replicas: Vec<BrokerId>,
    pub(super) adding: Vec<BrokerId>,
    pub(super) removing: Vec<BrokerId>,
}

impl Placement {
    pub(super) fn of(partition: &Partition) -> Self {
        Self {
            replicas: partition.replicas.clone(),
            adding: partition.adding_replicas.clone(),
            removing: partition.removing_replicas.clone(),
        }
    }

    /// The way from where a partition is to where it shall be.
    fn towards(partition: &Partition, target: &[BrokerId]) -> Self {
        let present = &partition.replicas;
        let removing = difference(present, target);
        let adding = difference(target, present);
        let replicas = [target, &removing].concat();
        // What an unfinished reassignment adds or removes stays so, unless this one has replicas of its own to name.
        Self {
            replicas,
            adding: if adding.is_empty() { partition.adding_replicas.clone() } else { adding },
            removing: if removing.is_empty() { partition.removing_replicas.clone() } else { removing },
        }
    }

    /// `maybeCompleteReassignment`: without those that go, when all that stay are in sync. Answers with the ISR too.
    pub(super) fn completed(&self, isr: &[BrokerId]) -> Option<(Self, Vec<BrokerId>)> {
        if self.adding.is_empty() && self.removing.is_empty() {
            return None;
        }
        let staying = |brokers: &[BrokerId]| -> Vec<BrokerId> {
            brokers.iter().copied().filter(|broker| !self.removing.contains(broker)).collect()
        };
        let (replicas, isr) = (staying(&self.replicas), staying(isr));
        let complete = !replicas.is_empty() && replicas.iter().all(|replica| isr.contains(replica));
        complete.then(|| (Self { replicas, adding: Vec::new(), removing: Vec::new() }, isr))
    }
}

/// In order of their numbers (`calculateDifference`).
fn difference(brokers: &[BrokerId], without: &[BrokerId]) -> Vec<BrokerId> {
    let rest: BTreeSet<_> = brokers.iter().filter(|broker| !without.contains(broker)).copied().collect();
    rest.into_iter().collect()
}

impl Cluster {
    /// `Admin.alterPartitionReassignments` for one partition: moves it, or with `None` takes an unfinished move back.
    pub(crate) fn reassign_partition(
        &mut self,
        id: &TopicPartition,
        target: Option<&[BrokerId]>,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) -> Result<(), CommandError> {
        let partition = self.partition(id).ok_or(CommandError::UnknownTopic)?;
        let (placement, isr, election) = match target {
            Some(target) => {
                self.check_assignment([&target.to_vec()])?;
                (Placement::towards(partition, target), partition.isr.clone(), Election::Online)
            }
            None => self.reverted(id, partition)?,
        };
        self.place_anew(id, placement, isr, election, config, events);
        Ok(())
    }

    /// What `kafka-reassign-partitions --generate` proposes for a topic of so many partitions: replicas on these brokers,
    /// of which there must be as many as the replication factor.
    pub fn propose_replicas(
        &self,
        brokers: &[BrokerId],
        rack_aware: bool,
        (partitions, replication_factor): (u32, u32),
        rng: &mut Rng,
    ) -> Vec<Vec<BrokerId>> {
        let registrations = brokers.iter().map(|broker| {
            let rack = self.image.registration(*broker).and_then(|known| known.rack.clone());
            let rack = rack.filter(|_| rack_aware);
            let (fenced, in_controlled_shutdown) = (false, false);
            (*broker, BrokerRegistration { broker_epoch: 0, fenced, in_controlled_shutdown, rack })
        });
        let image = MetadataImage { registrations: registrations.collect(), ..MetadataImage::default() };
        let mut racks = RackList::new(&image, rng);
        (0..partitions).map(|_| racks.place(replication_factor, rng)).collect()
    }

    /// `PartitionReassignmentRevert`
    fn reverted(
        &self,
        id: &TopicPartition,
        partition: &Partition,
    ) -> Result<(Placement, Vec<BrokerId>, Election), CommandError> {
        if !partition.is_reassigning() {
            return Err(CommandError::Rejected(ErrorCode::NoReassignmentInProgress));
        }
        let original = |brokers: &[BrokerId]| -> Vec<BrokerId> {
            brokers.iter().copied().filter(|broker| !partition.adding_replicas.contains(broker)).collect()
        };
        let (replicas, mut isr) = (original(&partition.replicas), original(&partition.isr));
        let election = self.election_for(id);
        if isr.is_empty() {
            if election != Election::Unclean {
                return Err(CommandError::UncleanRevert { partition: id.clone() });
            }
            isr.extend(replicas.first());
        }
        Ok((Placement { replicas, adding: Vec::new(), removing: Vec::new() }, isr, election))
    }

    fn place_anew(
        &mut self,
        id: &TopicPartition,
        placement: Placement,
        target_isr: Vec<BrokerId>,
        election: Election,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        let Some(before) = self.image.partition(id) else { return };
        let change = PartitionChange {
            partition: before,
            target_isr,
            placement,
            election,
            min_isr: self.image.effective_min_isr(id, config),
            unclean_shutdown: None,
            is_acceptable_leader: &|broker| self.image.is_active(broker),
        };
        let changed: Option<Changed> = change.build();
        if let Some(changed) = changed {
            self.record_change(id, changed, events);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u32]) -> Vec<BrokerId> {
        numbers.iter().copied().map(BrokerId).collect()
    }

    #[test]
    fn a_move_ends_when_all_that_stay_are_in_sync() {
        let partition = Partition::new(ids(&[1, 2]), ids(&[1, 2]));
        let moving = Placement::towards(&partition, &ids(&[3, 1]));
        assert_eq!((&moving.replicas, &moving.adding), (&ids(&[3, 1, 2]), &ids(&[3])));
        assert_eq!(moving.removing, ids(&[2]));
        assert_eq!(moving.completed(&ids(&[1, 2])), None, "3 has not caught up");
        let (placement, isr) = moving.completed(&ids(&[1, 2, 3])).unwrap();
        assert_eq!((placement.replicas, isr), (ids(&[3, 1]), ids(&[1, 3])));
    }

    #[test]
    fn another_order_is_no_move() {
        let partition = Partition::new(ids(&[1, 2, 3]), ids(&[1, 2, 3]));
        let turned = Placement::towards(&partition, &ids(&[2, 3, 1]));
        assert_eq!(turned, Placement { replicas: ids(&[2, 3, 1]), adding: Vec::new(), removing: Vec::new() });
        assert_eq!(turned.completed(&ids(&[1, 2, 3])), None);
    }
}
