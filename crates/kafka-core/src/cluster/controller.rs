//! The controller's decisions about brokers and partitions that exist.
//!
//! Mirrors `ReplicationControlManager` and `ClusterControlManager`. Leaves out: quorums of controllers,
//! unregistering of brokers.

use std::rc::Rc;

use crate::cluster::partition_change::{Changed, Election, PartitionChange};
use crate::cluster::reassignment::Placement;
use crate::cluster::session::Session;
use crate::cluster::{BrokerRegistration, Cluster, Partition};
use crate::config::BrokerConfig;
use crate::event::{BrokerChange, Event};
use crate::protocol::{BrokerId, ErrorCode};
use crate::time::SimTime;
use crate::topic::TopicPartition;

/// How `kafka-leader-election` picks leaders.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ElectionType {
    /// The first replica, where another one leads.
    Preferred,
    /// Any replica that is alive, where there is no leader: records that it lacks are lost.
    Unclean,
}

/// What a leader knows of the state that it asks to change (`AlterPartition`).
pub(crate) struct AlterPartition {
    pub(crate) leader: BrokerId,
    pub(crate) leader_epoch: i32,
    pub(crate) partition_epoch: i32,
    pub(crate) isr: Vec<BrokerId>,
}

/// Why leaders and in-sync replicas are looked at again.
#[derive(Clone, Copy)]
struct Occasion {
    remove: Option<BrokerId>,
    unclean_shutdown: Option<BrokerId>,
}

/// What a change aims at.
struct Target {
    isr: Vec<BrokerId>,
    election: Election,
    unclean_shutdown: Option<BrokerId>,
}

impl Cluster {
    /// Takes brokers whose session has expired out of every ISR and elects other leaders.
    pub(crate) fn fence_stale_brokers(
        &mut self,
        now: SimTime,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        for broker in self.brokers.clone() {
            let stale = self.sessions.get(&broker).is_some_and(|session| session.has_expired(now, config));
            if stale && self.image.registration(broker).is_some_and(|registration| !registration.fenced) {
                self.fence(broker, config, events);
            }
        }
    }

    /// A broker wants to shut down: it gives up its leaderships and leaves every ISR.
    pub(crate) fn begin_controlled_shutdown(
        &mut self,
        broker: BrokerId,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        self.register(broker, |registration| registration.in_controlled_shutdown = true);
        self.leave_isrs(Occasion { remove: Some(broker), unclean_shutdown: None }, config, events);
    }

    /// A broker ends its controlled shutdown.
    pub(crate) fn end_controlled_shutdown(
        &mut self,
        broker: BrokerId,
        now: SimTime,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        self.lose_contact(broker, now);
        self.fence(broker, config, events);
    }

    /// A broker has started: false while the session of the process before it lives on.
    pub(crate) fn register_broker(
        &mut self,
        broker: BrokerId,
        clean_shutdown: bool,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) -> bool {
        let Some(before) = self.image.registration(broker).filter(|registration| registration.fenced) else {
            return false;
        };
        let registration = BrokerRegistration {
            broker_epoch: before.broker_epoch + 1,
            fenced: true,
            in_controlled_shutdown: false,
            rack: before.rack.clone(),
        };
        self.register(broker, |known| *known = registration);
        if !clean_shutdown {
            let unclean_shutdown = Some(broker);
            self.leave_isrs(Occasion { remove: None, unclean_shutdown }, config, events);
        }
        true
    }

    /// Heartbeats of a broker arrive (again). A fenced one is let in, and may lead what has no leader.
    pub(crate) fn regain_contact(
        &mut self,
        broker: BrokerId,
        now: SimTime,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        self.sessions.insert(broker, Session::Heartbeating { since: now });
        if self.image.registration(broker).is_none_or(|registration| !registration.fenced) {
            return;
        }
        self.register(broker, |registration| registration.fenced = false);
        events.push(Event::BrokerChanged { broker, change: BrokerChange::Unfenced });
        for partition in self.partitions_where(|partition| partition.leader.is_none()) {
            let occasion = Occasion { remove: None, unclean_shutdown: None };
            self.update_partition(&partition, occasion, config, events);
        }
    }

    /// `AlterPartition`: a leader proposes other in-sync replicas. Refused when it does not know the present state,
    /// or when a replica is not fit.
    pub(crate) fn alter_partition(
        &mut self,
        id: &TopicPartition,
        proposal: AlterPartition,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        let Some(partition) = self.image.partition(id) else { return };
        let known = (partition.leader, partition.leader_epoch, partition.partition_epoch);
        let AlterPartition { leader, leader_epoch, partition_epoch, isr } = proposal;
        let heard = self.sessions.get(&leader).is_some_and(Session::is_heartbeating);
        let fit = isr.iter().all(|replica| self.image.is_active(*replica));
        if !heard || known != (Some(leader), leader_epoch, partition_epoch) || !fit {
            return;
        }
        let election = self.election_for(id);
        self.change(id, Target { isr, election, unclean_shutdown: None }, config, events);
    }

    /// `Admin.electLeaders`. A partition for which there is nothing to do, or nobody to elect, is told as an event.
    pub(crate) fn elect_leaders(
        &mut self,
        election: ElectionType,
        partitions: &[TopicPartition],
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        for id in partitions {
            if let Err(error) = self.elect_leader(election, id, config, events) {
                events.push(Event::ElectionRefused { partition: id.clone(), error });
            }
        }
    }

    /// `maybeBalancePartitionLeaders` and `maybeElectUncleanLeaders`, every five minutes.
    pub(crate) fn elect_leaders_periodically(&mut self, config: &BrokerConfig, events: &mut Vec<Event>) {
        for id in self.partitions_for(ElectionType::Preferred) {
            // What cannot be elected now is tried again the next time.
            let _ = self.elect_leader(ElectionType::Preferred, &id, config, events);
        }
        for id in self.partitions_for(ElectionType::Unclean) {
            if self.election_for(&id) == Election::Unclean {
                let _ = self.elect_leader(ElectionType::Unclean, &id, config, events);
            }
        }
    }

    /// Some partition is led by another replica than the first, or by none.
    pub(crate) fn has_misplaced_leaders(&self) -> bool {
        let misplaced = |partition: &Partition| partition.leader != partition.preferred_leader();
        self.image.topics().any(|(_, topic)| topic.partitions.iter().any(misplaced))
    }

    /// The partitions for which such an election is needed.
    pub(crate) fn partitions_for(&self, election: ElectionType) -> Vec<TopicPartition> {
        self.partitions_where(|partition| match election {
            ElectionType::Preferred => partition.leader != partition.preferred_leader(),
            ElectionType::Unclean => partition.leader.is_none(),
        })
    }

    fn elect_leader(
        &mut self,
        election: ElectionType,
        id: &TopicPartition,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) -> Result<(), ErrorCode> {
        let partition = self.image.partition(id).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        let (needed, election, refusal) = match election {
            ElectionType::Preferred => (
                partition.leader != partition.preferred_leader(),
                Election::Preferred,
                ErrorCode::PreferredLeaderNotAvailable,
            ),
            ElectionType::Unclean => {
                (partition.leader.is_none(), Election::Unclean, ErrorCode::EligibleLeadersNotAvailable)
            }
        };
        if !needed {
            return Err(ErrorCode::ElectionNotNeeded);
        }
        let target = Target { isr: partition.isr.clone(), election, unclean_shutdown: None };
        if self.change(id, target, config, events) { Ok(()) } else { Err(refusal) }
    }

    fn fence(&mut self, broker: BrokerId, config: &BrokerConfig, events: &mut Vec<Event>) {
        self.register(broker, |registration| registration.fenced = true);
        events.push(Event::BrokerChanged { broker, change: BrokerChange::Fenced });
        self.leave_isrs(Occasion { remove: Some(broker), unclean_shutdown: None }, config, events);
    }

    /// `generateLeaderAndIsrUpdates`
    fn leave_isrs(&mut self, occasion: Occasion, config: &BrokerConfig, events: &mut Vec<Event>) {
        let leaving = [occasion.remove, occasion.unclean_shutdown];
        let concerned = |replica: &BrokerId| leaving.contains(&Some(*replica));
        let partitions = self.partitions_where(|partition| {
            partition.isr.iter().any(concerned)
                || partition.leader.is_some_and(|leader| concerned(&leader))
                || (occasion.unclean_shutdown.is_some() && partition.elr.iter().any(concerned))
        });
        for id in partitions {
            self.update_partition(&id, occasion, config, events);
        }
    }

    fn update_partition(
        &mut self,
        id: &TopicPartition,
        occasion: Occasion,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) {
        let Some(partition) = self.image.partition(id) else { return };
        let leaving = [occasion.remove, occasion.unclean_shutdown];
        let staying = |replica: &BrokerId| !leaving.contains(&Some(*replica));
        let isr = partition.isr.iter().copied().filter(staying).collect();
        let election = self.election_for(id);
        let target = Target { isr, election, unclean_shutdown: occasion.unclean_shutdown };
        self.change(id, target, config, events);
    }

    pub(super) fn election_for(&self, id: &TopicPartition) -> Election {
        let unclean = self.image.topic(&id.topic).is_some_and(super::Topic::unclean_leader_election);
        if unclean { Election::Unclean } else { Election::Online }
    }

    /// False when everything stays as it is.
    fn change(
        &mut self,
        id: &TopicPartition,
        target: Target,
        config: &BrokerConfig,
        events: &mut Vec<Event>,
    ) -> bool {
        let Some(before) = self.image.partition(id) else { return false };
        let Target { isr, election, unclean_shutdown } = target;
        let change = PartitionChange {
            partition: before,
            target_isr: isr,
            placement: Placement::of(before),
            election,
            min_isr: self.image.effective_min_isr(id, config),
            unclean_shutdown,
            is_acceptable_leader: &|broker| self.image.is_active(broker) && Some(broker) != unclean_shutdown,
        };
        let Some(changed) = change.build() else { return false };
        self.record_change(id, changed, events);
        true
    }

    /// Writes down what a partition has become, and tells what is new about it.
    pub(super) fn record_change(&mut self, id: &TopicPartition, changed: Changed, events: &mut Vec<Event>) {
        let Some(before) = self.image.partition(id) else { return };
        let Changed { partition, unclean } = changed;
        if Placement::of(&partition) != Placement::of(before) {
            events.push(Event::ReplicasChanged {
                partition: id.clone(),
                replicas: partition.replicas.clone(),
                adding: partition.adding_replicas.clone(),
                removing: partition.removing_replicas.clone(),
            });
        }
        if partition.isr != before.isr {
            let (from, to) = (before.isr.clone(), partition.isr.clone());
            events.push(Event::IsrChanged { partition: id.clone(), from, to });
        }
        if partition.leader != before.leader {
            events.push(Event::LeaderElected {
                partition: id.clone(),
                from: before.leader,
                to: partition.leader,
                leader_epoch: partition.leader_epoch,
                unclean,
            });
        }
        let topics = &mut Rc::make_mut(&mut self.image).topics;
        let topic = topics.get_mut(&id.topic).expect("a partition that changes belongs to a topic");
        Rc::make_mut(topic).partitions[id.partition as usize] = partition;
    }

    fn register(&mut self, broker: BrokerId, edit: impl FnOnce(&mut BrokerRegistration)) {
        if let Some(registration) = Rc::make_mut(&mut self.image).registrations.get_mut(&broker) {
            edit(registration);
        }
    }

    fn partitions_where(&self, wanted: impl Fn(&Partition) -> bool) -> Vec<TopicPartition> {
        let mut found = Vec::new();
        for (name, topic) in self.image.topics() {
            for (number, partition) in (0..).zip(&topic.partitions) {
                if wanted(partition) {
                    found.push(TopicPartition::new(name.clone(), number));
                }
            }
        }
        found
    }
}
