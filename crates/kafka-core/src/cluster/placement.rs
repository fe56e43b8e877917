//! Where the replicas of new partitions go.
//!
//! Mirrors `StripedReplicaPlacer`: first spread over racks, then over brokers. Leaves out: log directories.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::cluster::MetadataImage;
use crate::protocol::BrokerId;
use crate::rng::Rng;

/// Goes round the racks, and in each round its brokers, from random starts; every partition starts one further.
/// After as many partitions as there are active brokers everything is shuffled, and the striping goes on.
pub(super) struct RackList {
    racks: Vec<Rack>,
    active: u32,
    /// The rack that the next partition starts at.
    offset: usize,
    /// Partitions placed since the last shuffle.
    epoch: u32,
}

/// Brokers without a rack are in one of their own.
#[derive(Default)]
struct Rack {
    active: BrokerList,
    /// They are taken, out of sync, where the active ones of the rack do not suffice.
    fenced: BrokerList,
}

/// Hands out each broker once in an epoch, one further on with every epoch.
#[derive(Default)]
struct BrokerList {
    brokers: Vec<BrokerId>,
    handed_out: usize,
    offset: usize,
    epoch: u32,
}

impl RackList {
    pub(super) fn new(image: &MetadataImage, rng: &mut Rng) -> Self {
        let mut racks: BTreeMap<Option<Rc<str>>, Rack> = BTreeMap::new();
        let mut active = 0;
        for (id, registration) in &image.registrations {
            if !registration.is_usable() {
                continue;
            }
            let rack = racks.entry(registration.rack.clone()).or_default();
            if registration.fenced {
                rack.fenced.brokers.push(*id);
            } else {
                active += 1;
                rack.active.brokers.push(*id);
            }
        }
        let mut racks: Vec<_> = racks.into_values().collect();
        for rack in &mut racks {
            rack.fenced.start(rng);
            rack.active.start(rng);
        }
        let offset = if racks.len() > 1 { rng.below(racks.len() as u32) as usize } else { 0 };
        Self { racks, active, offset, epoch: 0 }
    }

    /// The replicas of one partition, the leader first. Some broker must be active, and as many as asked for usable.
    pub(super) fn place(&mut self, replication_factor: u32, rng: &mut Rng) -> Vec<BrokerId> {
        if self.epoch == self.active && self.active > 1 {
            self.shuffle(rng);
            self.epoch = 0;
        }
        let count = self.racks.len();
        let mut turns = (0..count).cycle().skip(self.offset);
        let (leading, leader) = turns
            .clone()
            .find_map(|index| Some((index, self.racks[index].active.next(self.epoch)?)))
            .expect("a topic is created only where a broker is active");
        let mut replicas = vec![leader];
        // The leader's rack has had its turn in the first round.
        let mut had_its_turn = Some(leading);
        while replicas.len() < replication_factor as usize {
            let turn = turns.next();
            if turn == had_its_turn {
                had_its_turn = None;
                continue;
            }
            replicas.extend(turn.and_then(|index| self.racks[index].next(self.epoch)));
        }
        self.epoch += 1;
        self.offset = (self.offset + 1) % count;
        replicas
    }

    fn shuffle(&mut self, rng: &mut Rng) {
        shuffle(&mut self.racks, rng);
        for rack in &mut self.racks {
            shuffle(&mut rack.fenced.brokers, rng);
            shuffle(&mut rack.active.brokers, rng);
        }
    }
}

impl Rack {
    fn next(&mut self, epoch: u32) -> Option<BrokerId> {
        self.active.next(epoch).or_else(|| self.fenced.next(epoch))
    }
}

impl BrokerList {
    fn start(&mut self, rng: &mut Rng) {
        if !self.brokers.is_empty() {
            self.offset = rng.below(self.brokers.len() as u32) as usize;
        }
    }

    fn next(&mut self, epoch: u32) -> Option<BrokerId> {
        let count = self.brokers.len();
        if count > 0 && self.epoch != epoch {
            *self = Self {
                brokers: std::mem::take(&mut self.brokers),
                handed_out: 0,
                offset: (self.offset + 1) % count,
                epoch,
            };
        }
        if self.handed_out == count {
            return None;
        }
        let broker = self.brokers[(self.handed_out + self.offset) % count];
        self.handed_out += 1;
        Some(broker)
    }
}

/// Fisher and Yates.
fn shuffle<T>(list: &mut [T], rng: &mut Rng) {
    for last in (1..list.len()).rev() {
        list.swap(last, rng.below(last as u32 + 1) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::BrokerRegistration;

    /// Brokers 1, 2, ... with the name of a rack each; those that are fenced.
    fn racks(names: &[&str], fenced: &[u32], rng: &mut Rng) -> RackList {
        let registration = |(number, rack): (u32, &&str)| {
            let registration = BrokerRegistration {
                broker_epoch: 0,
                fenced: fenced.contains(&number),
                in_controlled_shutdown: false,
                rack: (!rack.is_empty()).then(|| Rc::from(*rack)),
            };
            (BrokerId(number), registration)
        };
        let registrations = (1..).zip(names).map(registration).collect();
        RackList::new(&MetadataImage { registrations, ..MetadataImage::default() }, rng)
    }

    fn places(names: &[&str], fenced: &[u32], replication_factor: u32, seed: u64) -> Vec<Vec<u32>> {
        let mut rng = Rng::new(seed);
        let mut racks = racks(names, fenced, &mut rng);
        let mut place = || racks.place(replication_factor, &mut rng).iter().map(|id| id.0).collect();
        (0..12).map(|_| place()).collect()
    }

    #[test]
    fn replicas_stand_in_as_many_racks_as_there_are() {
        let names = ["a", "a", "b", "b", "c"];
        for (seed, replication_factor) in (0..20).flat_map(|seed| [(seed, 2), (seed, 3), (seed, 4)]) {
            for replicas in places(&names, &[], replication_factor, seed) {
                let mut seen: Vec<_> = replicas.iter().map(|id| names[*id as usize - 1]).collect();
                seen.sort_unstable();
                seen.dedup();
                assert_eq!(seen.len(), replicas.len().min(3), "{replicas:?}");
            }
        }
    }

    #[test]
    fn partitions_are_striped_and_shuffled_after_a_round() {
        let places = places(&["", "", "", ""], &[], 2, 1);
        for round in places.chunks(4) {
            let leaders: Vec<_> = round.iter().map(|replicas| replicas[0]).collect();
            let mut sorted = leaders.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, [1, 2, 3, 4], "{leaders:?}");
            for (index, replicas) in round.iter().enumerate() {
                assert_eq!(replicas[1], leaders[(index + 1) % 4], "{round:?}");
            }
        }
        assert_ne!(places[..4], places[4..8]);
    }

    #[test]
    fn a_fenced_broker_follows_only_where_it_has_to_and_never_leads() {
        for seed in 0..20 {
            for replicas in places(&["a", "a", "b"], &[2, 3], 3, seed) {
                assert_eq!(replicas[0], 1, "{replicas:?}");
            }
            for replicas in places(&["a", "a", "b"], &[2], 2, seed) {
                assert!(!replicas.contains(&2), "{replicas:?}");
            }
        }
    }
}
