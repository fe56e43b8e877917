//! The fast way, for members that all subscribe to the same topics. Mirrors
//! `AbstractStickyAssignor.ConstrainedAssignmentBuilder`.

use std::collections::VecDeque;

use fxhash::{FxHashMap, FxHashSet};

use super::racks::Racks;
use super::{Balanced, Claims, Transferring};
use crate::assignor::{SubscribedTopics, partitions_of};
use crate::java_hash;
use crate::protocol::JoinedMember;
use crate::topic::TopicPartition;

pub(super) fn assign(
    topics: &SubscribedTopics<'_>,
    members: &[&JoinedMember],
    claims: Claims,
    racks: &Racks<'_>,
) -> Balanced {
    let mut builder = Builder::new(topics, members.len(), claims.contested);
    builder.keep_owned(claims.owned, racks);
    let by_id = |left: &usize, right: &usize| {
        java_hash::compare(&members[*left].member_id, &members[*right].member_id)
    };
    builder.under_min.sort_by(by_id);
    builder.at_min.make_contiguous().sort_by(by_id);

    let all = topics.iter().flat_map(|(name, topic)| partitions_of(name, topic.partitions));
    let kept: FxHashSet<&TopicPartition> = builder.assigned.iter().flatten().collect();
    let mut unassigned: Vec<TopicPartition> = all.filter(|tp| !kept.contains(tp)).collect();
    if racks.is_aware() {
        unassigned.sort_by_cached_key(|tp| racks.members_near(tp));
        unassigned = builder.fill_near(unassigned, racks);
    }
    builder.fill(unassigned);
    Balanced { assigned: builder.assigned, transferring: Transferring::Known(builder.transferring) }
}

struct Builder {
    min_quota: usize,
    max_quota: usize,
    /// How many more members may go beyond the lower quota.
    extras: usize,
    /// The members with less than the lower quota, and those with just that and a chance of one more.
    under_min: Vec<usize>,
    at_min: VecDeque<usize>,
    assigned: Vec<Vec<TopicPartition>>,
    contested: FxHashSet<TopicPartition>,
    /// Partitions taken from a member, and the member.
    revoked: FxHashMap<TopicPartition, usize>,
    transferring: Vec<(TopicPartition, usize)>,
}

impl Builder {
    fn new(topics: &SubscribedTopics<'_>, members: usize, contested: FxHashSet<TopicPartition>) -> Self {
        let partitions: usize = topics.values().map(|topic| topic.partitions as usize).sum();
        Self {
            min_quota: partitions / members,
            max_quota: partitions.div_ceil(members),
            extras: partitions % members,
            under_min: Vec::new(),
            at_min: VecDeque::new(),
            assigned: vec![Vec::new(); members],
            contested,
            revoked: FxHashMap::default(),
            transferring: Vec::new(),
        }
    }

    /// Lets members keep what they own, up to their quota.
    fn keep_owned(&mut self, owned: Vec<Vec<TopicPartition>>, racks: &Racks<'_>) {
        for (member, owned) in owned.into_iter().enumerate() {
            let (far, mut near): (Vec<_>, Vec<_>) =
                owned.into_iter().partition(|tp| racks.is_far(member, tp));
            self.revoked.extend(far.into_iter().map(|tp| (tp, member)));
            near.retain(|tp| !self.contested.contains(tp));
            near.sort_by(|left, right| (left.partition, &left.topic).cmp(&(right.partition, &right.topic)));

            let quota = self.quota_for(member, near.len());
            self.revoked.extend(near.drain(quota.min(near.len())..).map(|tp| (tp, member)));
            self.assigned[member] = near;
        }
    }

    /// How many of its partitions a member may keep; members with room are noted.
    fn quota_for(&mut self, member: usize, owned: usize) -> usize {
        if owned < self.min_quota {
            self.under_min.push(member);
            return self.min_quota;
        }
        if owned >= self.max_quota && self.extras > 0 {
            self.use_extra();
            return self.max_quota;
        }
        if self.extras > 0 {
            self.at_min.push_back(member);
        }
        self.min_quota
    }

    /// With the last one gone, nobody at the lower quota can hope for more.
    fn use_extra(&mut self) {
        self.extras -= 1;
        if self.extras == 0 {
            self.at_min.clear();
        }
    }

    /// Gives partitions to members with a replica in their rack, as long as these have room; answers the rest.
    fn fill_near(&mut self, unassigned: Vec<TopicPartition>, racks: &Racks<'_>) -> Vec<TopicPartition> {
        let mut rest = Vec::new();
        let mut next = 0;
        for tp in unassigned {
            let turns = (next..self.under_min.len()).chain(0..next);
            let near = |members: &[usize], index: usize| racks.is_near(members[index], &tp);
            if let Some(turn) = turns.into_iter().find(|turn| near(&self.under_min, *turn)) {
                let member = self.under_min[turn];
                next = turn + 1;
                if self.assigned[member].len() + 1 >= self.min_quota {
                    self.under_min.remove(turn);
                    next = turn;
                    if self.min_quota < self.max_quota && self.extras > 0 {
                        self.at_min.push_back(member);
                    }
                }
                next = next.checked_rem(self.under_min.len()).unwrap_or(0);
                self.give(tp, member);
            } else if let Some(turn) = self.at_min.iter().position(|member| racks.is_near(*member, &tp)) {
                let member = self.at_min.remove(turn).expect("the position was just found");
                self.use_extra();
                self.give(tp, member);
            } else {
                rest.push(tp);
            }
        }
        rest
    }

    /// Deals partitions out to members below the lower quota, then one each to those that just have it.
    fn fill(&mut self, unassigned: Vec<TopicPartition>) {
        let mut next = 0;
        for tp in unassigned {
            if self.under_min.is_empty() {
                let member = self.at_min.pop_front();
                self.give(tp, member.expect("the quotas add up to the number of partitions"));
                continue;
            }
            next %= self.under_min.len();
            let member = self.under_min[next];
            self.give(tp, member);
            if self.assigned[member].len() == self.min_quota {
                self.under_min.remove(next);
                self.at_min.push_back(member);
            } else {
                next += 1;
            }
        }
    }

    fn give(&mut self, tp: TopicPartition, member: usize) {
        let from_another = self.revoked.get(&tp).is_some_and(|owner| *owner != member);
        if from_another || self.contested.contains(&tp) {
            self.transferring.push((tp.clone(), member));
        }
        self.assigned[member].push(tp);
    }
}
