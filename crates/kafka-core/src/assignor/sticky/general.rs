//! The thorough way, for members that subscribe to different topics. Mirrors
//! `AbstractStickyAssignor.GeneralAssignmentBuilder`.
//!
//! Leaves out: its search for a move within a rack, which ends with the same member as the search
//! without racks that follows it.

use std::collections::BTreeSet;

use super::movements::{Movements, Moving};
use super::racks::Racks;
use super::{Balanced, Claims, Transferring, take_out};
use crate::assignor::SubscribedTopics;
use crate::java_hash::JavaHash;
use crate::protocol::JoinedMember;
use crate::topic::TopicPartition;

mod plan;

use plan::{OlderOwners, Plan};

pub(super) fn assign(
    topics: &SubscribedTopics<'_>,
    members: &[&JoinedMember],
    claims: &Claims,
    racks: &Racks<'_>,
) -> Balanced {
    let plan = Plan::new(topics, members);
    let previous = plan.older_owners(members, claims.max_generation);
    let mut balancer = Balancer::new(&plan, previous);
    balancer.keep_owned(&claims.owned, racks);
    balancer.run(racks);
    Balanced { assigned: balancer.named(), transferring: Transferring::Unknown }
}

struct Balancer<'a> {
    plan: &'a Plan<'a>,
    previous: OlderOwners,
    assigned: Vec<Vec<usize>>,
    owner: Vec<Option<usize>>,
    /// The members that may still give or take, by load and then by rank.
    by_load: BTreeSet<(usize, usize)>,
    movements: Movements,
    revocation_required: bool,
    /// The answer of `is_balanced`, until the next move.
    balanced: Option<bool>,
}

impl<'a> Balancer<'a> {
    fn new(plan: &'a Plan<'a>, previous: OlderOwners) -> Self {
        Self {
            plan,
            previous,
            assigned: vec![Vec::new(); plan.rank.len()],
            owner: vec![None; plan.partitions.len()],
            by_load: BTreeSet::new(),
            movements: Movements::default(),
            revocation_required: false,
            balanced: None,
        }
    }

    fn keep_owned(&mut self, owned: &[Vec<TopicPartition>], racks: &Racks<'_>) {
        for (member, owned) in owned.iter().enumerate() {
            for tp in owned {
                let partition = self.plan.number_of(tp).expect("only existing partitions are claimed");
                let subscribed = self.plan.subscribed[member].contains(&self.plan.topic_of[partition]);
                if subscribed && !racks.is_far(member, tp) {
                    self.assigned[member].push(partition);
                    self.owner[partition] = Some(member);
                } else {
                    self.revocation_required = true;
                }
            }
        }
        self.by_load = (0..self.assigned.len()).map(|member| self.load_key(member)).collect();
    }

    fn run(&mut self, racks: &Racks<'_>) {
        let all_idle = self.assigned.iter().all(Vec::is_empty);
        let unassigned: Vec<usize> =
            (0..self.owner.len()).filter(|partition| self.owner[*partition].is_none()).collect();
        if racks.is_aware() {
            let plan = self.plan;
            self.assign_where(&unassigned, |member, partition| {
                !racks.is_far(member, &plan.partitions[partition])
            });
        }
        self.assign_where(&unassigned, |_, _| true);

        let movable = |partition: &usize| self.plan.is_shared(self.plan.topic_of[*partition]);
        let new: Vec<usize> = unassigned.into_iter().filter(movable).collect();
        let all: Vec<usize> = (0..self.owner.len()).filter(movable).collect();
        self.set_fixed_members_aside();

        let before = (self.assigned.clone(), self.owner.clone(), self.imbalance());
        if !self.revocation_required {
            self.reassign(&new);
        }
        let moved = self.reassign(&all);
        if !all_idle && moved && self.imbalance() >= before.2 {
            (self.assigned, self.owner, _) = before;
        }
    }

    /// Gives every ownerless partition to its least loaded consumer, among those that it suits.
    fn assign_where(&mut self, partitions: &[usize], suits: impl Fn(usize, usize) -> bool) {
        for partition in partitions.iter().copied() {
            if self.owner[partition].is_some() {
                continue;
            }
            let consumer = self.least_loaded(partition, &suits);
            if let Some(member) = consumer {
                self.by_load.remove(&self.load_key(member));
                self.assigned[member].push(partition);
                self.owner[partition] = Some(member);
                self.by_load.insert(self.load_key(member));
            }
        }
    }

    fn least_loaded(&self, partition: usize, suits: impl Fn(usize, usize) -> bool) -> Option<usize> {
        let topic = self.plan.topic_of[partition];
        let mut members = self.by_load.iter().map(|(_, rank)| self.plan.by_rank[*rank]);
        members.find(|member| self.plan.subscribed[*member].contains(&topic) && suits(*member, partition))
    }

    /// Members that have all they could have, and share none of it, stay as they are.
    fn set_fixed_members_aside(&mut self) {
        for member in 0..self.assigned.len() {
            let shares = |partition: &usize| self.plan.is_shared(self.plan.topic_of[*partition]);
            if self.load(member) >= self.plan.most[member] && !self.assigned[member].iter().any(shares) {
                self.by_load.remove(&self.load_key(member));
            }
        }
    }

    /// Moves partitions until a whole pass moves none; answers whether any moved.
    fn reassign(&mut self, partitions: &[usize]) -> bool {
        let mut moved = false;
        loop {
            let mut moved_in_pass = false;
            for partition in partitions.iter().copied() {
                if self.is_balanced() {
                    break;
                }
                if let Some(member) = self.better_owner(partition) {
                    self.move_partition(partition, member);
                    moved_in_pass = true;
                }
            }
            if !moved_in_pass {
                return moved;
            }
            moved = true;
        }
    }

    /// The owner in an older generation, or else the least loaded consumer, if it has at least two fewer.
    ///
    /// As in Kafka, the older owner need not be subscribed any more.
    fn better_owner(&self, partition: usize) -> Option<usize> {
        let load = self.load(self.owner_of(partition));
        let gains = |member: &usize| load > self.load(*member) + 1;
        let in_play = |member: &usize| self.by_load.contains(&self.load_key(*member));
        let previous = self.previous.get(&partition).map(|(_, member)| *member).filter(in_play);
        previous.filter(gains).or_else(|| self.least_loaded(partition, |_, _| true).filter(gains))
    }

    fn move_partition(&mut self, partition: usize, to: usize) {
        let moving = self.moving(partition);
        let partition = self.movements.partition_to_move(moving, self.owner_of(partition), to);
        let from = self.owner_of(partition);
        self.movements.record(self.moving(partition), from, to);

        self.by_load.remove(&self.load_key(from));
        self.by_load.remove(&self.load_key(to));
        take_out(&mut self.assigned[from], &partition);
        self.assigned[to].push(partition);
        self.owner[partition] = Some(to);
        self.by_load.insert(self.load_key(to));
        self.by_load.insert(self.load_key(from));
        self.balanced = None;
    }

    fn moving(&self, partition: usize) -> Moving {
        let hash = self.plan.partitions[partition].java_hash();
        Moving { partition, topic: self.plan.topic_of[partition], hash }
    }

    fn is_balanced(&mut self) -> bool {
        let balanced = self.balanced.unwrap_or_else(|| self.check_balance());
        self.balanced = Some(balanced);
        balanced
    }

    /// Balanced: loads differ by one at most, or nobody could take a partition from someone with
    /// at least two more.
    fn check_balance(&self) -> bool {
        let (Some((least, _)), Some((most, _))) = (self.by_load.first(), self.by_load.last()) else {
            return true;
        };
        if least + 1 >= *most {
            return true;
        }
        let mut heaviest: Vec<Option<usize>> = vec![None; self.plan.topics.len()];
        let mut heaviest_owner = |topic: usize| {
            *heaviest[topic].get_or_insert_with(|| {
                let owners = self.owner[self.plan.topics[topic].partitions.clone()].iter().flatten();
                owners.map(|owner| self.load(*owner)).max().unwrap_or(0)
            })
        };
        !self.by_load.iter().any(|(load, rank)| {
            let member = self.plan.by_rank[*rank];
            *load != self.plan.most[member]
                && self.plan.subscribed[member].iter().any(|topic| heaviest_owner(*topic) > load + 1)
        })
    }

    /// The sum of the differences between the loads of any two members in play.
    fn imbalance(&self) -> usize {
        // Sorted, the n-th of them stands n times on the heavier side of a pair and the rest on the lighter.
        let loads = self.by_load.iter().map(|(load, _)| *load);
        let pairs = loads.scan((0, 0), |(sum, count), load| {
            let differences = load * *count - *sum;
            *sum += load;
            *count += 1;
            Some(differences)
        });
        pairs.sum()
    }

    fn load(&self, member: usize) -> usize {
        self.assigned[member].len()
    }

    fn load_key(&self, member: usize) -> (usize, usize) {
        (self.load(member), self.plan.rank[member])
    }

    fn owner_of(&self, partition: usize) -> usize {
        self.owner[partition].expect("all partitions are assigned before any moves")
    }

    fn named(&self) -> Vec<Vec<TopicPartition>> {
        let name = |partition: &usize| self.plan.partitions[*partition].clone();
        self.assigned.iter().map(|partitions| partitions.iter().map(name).collect()).collect()
    }
}
