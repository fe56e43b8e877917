//! What rebalances cost: how long they took, for how long consumers could not read, and which partitions moved.
//!
//! Counted from events alone, as `kafka_core::delivery` counts duplicates, so that two runs are compared by one measure.
//! Kafka's own metrics (`rebalance-latency-avg`, `last-rebalance-seconds-ago`) tell of each consumer's join alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::group::GroupState;
use kafka_core::protocol::{ClientId, GroupId};
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

/// One rebalance of a group: a generation of the classic protocol, or a time in which a KIP-848 group was not stable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rebalance {
    /// The generation, or group epoch, that it led to; `None` while the members join.
    pub generation: Option<i32>,
    /// The coordinator began it.
    pub began: SimTime,
    /// The group was stable and the last member so far had taken its assignment; `None` before, and for good when the
    /// next rebalance came first.
    pub ended: Option<SimTime>,
    pub stops: Vec<Stop>,
    pub handovers: Vec<Handover>,
}

/// A consumer could not read: from the moment it gave up or lost its last partition until it was told its next
/// assignment, be it an empty one. It counts in the rebalance that ended it. One that left, failed or was killed has no
/// stop, nor has one that held no partition before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stop {
    pub consumer: ClientId,
    pub from: SimTime,
    pub until: SimTime,
}

/// Nobody read a partition: from the moment its reader gave it up, lost it, failed, was killed or stood still for good,
/// until a consumer was assigned it. It counts in the rebalance that ended it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handover {
    pub partition: TopicPartition,
    pub giver: ClientId,
    /// The giver itself when it got the partition back.
    pub taker: ClientId,
    pub from: SimTime,
    pub until: SimTime,
}

/// All rebalances of a group together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RebalanceTotals {
    pub rebalances: u64,
    /// Of all consumers, added up.
    pub stopped: Duration,
    /// Of all partitions, added up.
    pub unread: Duration,
    /// How often a partition came into other hands.
    pub moved: u64,
}

/// Feed it every event from the start; see [`Rebalances::observe`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rebalances {
    groups: BTreeMap<GroupId, GroupRecord>,
    consumers: BTreeMap<ClientId, Reader>,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct GroupRecord {
    stable: bool,
    /// Oldest first.
    recent: VecDeque<Rebalance>,
    totals: RebalanceTotals,
    readers: BTreeMap<TopicPartition, ClientId>,
    unread: BTreeMap<TopicPartition, (ClientId, SimTime)>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Reader {
    group: GroupId,
    generation: Option<i32>,
    holds: BTreeSet<TopicPartition>,
    stopped: Option<SimTime>,
    /// Of all its stops that have ended.
    stood_still: Duration,
}

impl Rebalance {
    /// From the coordinator's first step to the last member's; zero while it goes on.
    pub fn duration(&self) -> Duration {
        self.ended.map_or(Duration::ZERO, |ended| ended.since(self.began))
    }

    /// Of all consumers, added up.
    pub fn stopped(&self) -> Duration {
        self.stops.iter().map(Stop::duration).sum()
    }

    /// Of all partitions, added up.
    pub fn unread(&self) -> Duration {
        self.handovers.iter().map(Handover::duration).sum()
    }

    /// The partitions that came into other hands.
    pub fn moved(&self) -> impl Iterator<Item = &Handover> {
        self.handovers.iter().filter(|handover| handover.moved())
    }
}

impl Stop {
    pub fn duration(&self) -> Duration {
        self.until.since(self.from)
    }
}

impl Handover {
    pub fn duration(&self) -> Duration {
        self.until.since(self.from)
    }

    fn moved(&self) -> bool {
        self.giver != self.taker
    }
}

impl RebalanceTotals {
    fn and(self, other: Self) -> Self {
        Self {
            rebalances: self.rebalances + other.rebalances,
            stopped: self.stopped + other.stopped,
            unread: self.unread + other.unread,
            moved: self.moved + other.moved,
        }
    }
}

impl Rebalances {
    /// How many of a group's rebalances are kept one by one; the totals count all of them.
    pub const KEPT: usize = 20;

    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a (SimTime, Event)>) -> Self {
        let mut rebalances = Self::default();
        for (at, event) in events {
            rebalances.observe(*at, event);
        }
        rebalances
    }

    pub fn observe(&mut self, at: SimTime, event: &Event) {
        if let Event::ConsumerStarted { client, group: Some(group), .. } = event {
            let (group, holds) = (group.clone(), BTreeSet::new());
            let reader =
                Reader { group, generation: None, holds, stopped: None, stood_still: Duration::ZERO };
            self.consumers.insert(*client, reader);
        } else if let Event::GroupStateChanged { group, from, to, generation } = event {
            self.groups.entry(group.clone()).or_default().change_state(at, *from, *to, *generation);
        } else if let Event::MemberJoined { client, generation, .. }
        | Event::MemberEpochReached { client, epoch: generation, .. } = event
        {
            if let Some(reader) = self.consumers.get_mut(client) {
                reader.generation = Some(*generation);
            }
        } else if let Event::PartitionsAssigned { client, added } = event {
            self.take(at, *client, added);
        } else if let Event::PartitionsRevoked { client, partitions }
        | Event::PartitionsLost { client, partitions } = event
        {
            self.give_up(at, *client, partitions);
        } else if let Event::TopicDeleted { topic } = event {
            self.forget(topic);
        } else if let Event::ClientSuspended { client } = event {
            self.stand_still(at, *client);
        } else if let Event::ClientContinued { client } = event {
            self.go_on(*client);
        } else if let Event::ConsumerClosed { client }
        | Event::ClientKilled { client }
        | Event::ConsumerFailed { client, .. } = event
        {
            self.go(at, *client);
        }
    }

    /// The last [`Rebalances::KEPT`] rebalances of a group, oldest first.
    pub fn of_group(&self, group: &str) -> impl DoubleEndedIterator<Item = &Rebalance> {
        self.groups.get(group).into_iter().flat_map(|record| &record.recent)
    }

    pub fn totals(&self, group: &str) -> RebalanceTotals {
        self.groups.get(group).map(|record| record.totals).unwrap_or_default()
    }

    /// Of all groups together.
    pub fn grand_totals(&self) -> RebalanceTotals {
        self.groups.values().fold(RebalanceTotals::default(), |sum, record| sum.and(record.totals))
    }

    /// How long a consumer has been stopped, all stops together and one that still lasts among them.
    pub fn stood_still(&self, consumer: ClientId, now: SimTime) -> Duration {
        let Some(reader) = self.consumers.get(&consumer) else { return Duration::ZERO };
        reader.stood_still + reader.stopped.map_or(Duration::ZERO, |since| now.since(since))
    }

    /// Since when a consumer cannot read, if it cannot.
    pub fn stopped_since(&self, consumer: ClientId) -> Option<SimTime> {
        self.consumers.get(&consumer)?.stopped
    }

    fn take(&mut self, at: SimTime, consumer: ClientId, added: &[TopicPartition]) {
        let Some(reader) = self.consumers.get_mut(&consumer) else { return };
        reader.holds.extend(added.iter().cloned());
        let record = self.groups.entry(reader.group.clone()).or_default();
        let stop = reader.stopped.take().map(|from| Stop { consumer, from, until: at });
        // A cooperative member gives up its last partition and takes an empty assignment in one step.
        let stop = stop.filter(|stop| !stop.duration().is_zero());
        reader.stood_still += stop.iter().map(Stop::duration).sum::<Duration>();
        let mut handovers = Vec::new();
        for partition in added {
            record.readers.insert(partition.clone(), consumer);
            if let Some((giver, from)) = record.unread.remove(partition) {
                let partition = partition.clone();
                handovers.push(Handover { partition, giver, taker: consumer, from, until: at });
            }
        }
        record.settle(at, reader.generation, stop, handovers);
    }

    fn give_up(&mut self, at: SimTime, consumer: ClientId, partitions: &[TopicPartition]) {
        let Some(reader) = self.consumers.get_mut(&consumer) else { return };
        let held = !reader.holds.is_empty();
        let record = self.groups.entry(reader.group.clone()).or_default();
        for partition in partitions {
            reader.holds.remove(partition);
            record.lose_reader(at, consumer, partition);
        }
        if held && reader.holds.is_empty() {
            reader.stopped = Some(at);
        }
    }

    /// Nobody waits for partitions that do not exist.
    fn forget(&mut self, topic: &str) {
        for record in self.groups.values_mut() {
            record.unread.retain(|partition, _| *partition.topic != *topic);
            record.readers.retain(|partition, _| *partition.topic != *topic);
        }
    }

    fn stand_still(&mut self, at: SimTime, consumer: ClientId) {
        let Some(reader) = self.consumers.get(&consumer) else { return };
        let record = self.groups.entry(reader.group.clone()).or_default();
        for partition in &reader.holds {
            record.lose_reader(at, consumer, partition);
        }
    }

    /// It reads again what nobody has been given meanwhile.
    fn go_on(&mut self, consumer: ClientId) {
        let Some(reader) = self.consumers.get(&consumer) else { return };
        let record = self.groups.entry(reader.group.clone()).or_default();
        for partition in &reader.holds {
            if record.unread.get(partition).is_some_and(|(giver, _)| *giver == consumer) {
                record.unread.remove(partition);
                record.readers.insert(partition.clone(), consumer);
            }
        }
    }

    fn go(&mut self, at: SimTime, consumer: ClientId) {
        let Some(reader) = self.consumers.get_mut(&consumer) else { return };
        reader.stopped = None;
        let record = self.groups.entry(reader.group.clone()).or_default();
        for partition in std::mem::take(&mut reader.holds) {
            record.lose_reader(at, consumer, &partition);
        }
    }
}

impl GroupRecord {
    fn change_state(&mut self, at: SimTime, from: GroupState, to: GroupState, generation: i32) {
        self.stable = to == GroupState::Stable;
        match to {
            GroupState::PreparingRebalance => self.begin(at, None),
            GroupState::Assigning | GroupState::Reconciling if was_settled(from) => {
                self.begin(at, Some(generation));
            }
            GroupState::CompletingRebalance | GroupState::Assigning | GroupState::Reconciling => {
                self.name_current(generation);
            }
            GroupState::Stable => {
                if was_settled(from) {
                    self.begin(at, Some(generation));
                }
                self.name_current(generation);
                self.end_current(at);
            }
            GroupState::Empty | GroupState::Dead => {
                // Nobody is left who could read.
                self.unread.clear();
                self.name_current(generation);
                if !was_settled(from) {
                    self.end_current(at);
                }
            }
        }
    }

    fn begin(&mut self, at: SimTime, generation: Option<i32>) {
        self.totals.rebalances += 1;
        if self.recent.len() == Rebalances::KEPT {
            self.recent.pop_front();
        }
        let (stops, handovers) = (Vec::new(), Vec::new());
        self.recent.push_back(Rebalance { generation, began: at, ended: None, stops, handovers });
    }

    fn name_current(&mut self, generation: i32) {
        if let Some(current) = self.recent.back_mut() {
            current.generation = Some(generation);
        }
    }

    fn end_current(&mut self, at: SimTime) {
        if let Some(current) = self.recent.back_mut() {
            current.ended = Some(at);
        }
    }

    /// A member has taken its assignment of a generation.
    fn settle(&mut self, at: SimTime, generation: Option<i32>, stop: Option<Stop>, handovers: Vec<Handover>) {
        self.totals.stopped += stop.iter().map(Stop::duration).sum::<Duration>();
        self.totals.unread += handovers.iter().map(Handover::duration).sum::<Duration>();
        self.totals.moved += handovers.iter().filter(|handover| handover.moved()).count() as u64;
        let newest = self.recent.len().saturating_sub(1);
        let own = self
            .recent
            .iter()
            .rposition(|rebalance| rebalance.generation.is_some() && rebalance.generation == generation);
        let Some(rebalance) = self.recent.get_mut(own.unwrap_or(newest)) else { return };
        // Whoever takes a generation's assignment after the next rebalance has begun ends the older one.
        if own.is_some_and(|own| own < newest) || self.stable {
            rebalance.ended = Some(at);
        }
        rebalance.stops.extend(stop);
        rebalance.handovers.extend(handovers);
    }

    fn lose_reader(&mut self, at: SimTime, consumer: ClientId, partition: &TopicPartition) {
        if self.readers.get(partition) == Some(&consumer) {
            self.readers.remove(partition);
            self.unread.insert(partition.clone(), (consumer, at));
        }
    }
}

const fn was_settled(state: GroupState) -> bool {
    match state {
        GroupState::Empty | GroupState::Stable | GroupState::Dead => true,
        GroupState::PreparingRebalance
        | GroupState::CompletingRebalance
        | GroupState::Assigning
        | GroupState::Reconciling => false,
    }
}
