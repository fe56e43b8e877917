//! What is counted in a column: a fold over its events, so that any moment's counts follow from the events up to it.
//!
//! Stops, moves and rebalances are measured by [`Rebalances`]; this adds what the strips show. There a partition is
//! *unread* from when it is let go, or its owner dies, until somebody is told to read it, as long as the group has a
//! process that could. Leaves out: the round trip for the position, a few milliseconds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kafka_core::delivery::Deliveries;
use kafka_core::event::Event;
use kafka_core::group::GroupState;
use kafka_core::protocol::{ClientId, GroupId};
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use crate::rebalances::Rebalances;

#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// Those in groups, in order of their start.
    pub(super) consumers: BTreeMap<ClientId, Consumer>,
    pub(super) partitions: BTreeMap<(GroupId, TopicPartition), Vec<Stretch>>,
    pub(super) groups: BTreeMap<GroupId, GroupState>,
    pub(super) deliveries: Deliveries,
    pub(super) rebalances: Rebalances,
    pub(super) commits: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) group: GroupId,
    pub(super) held: BTreeSet<TopicPartition>,
    pub(super) ending: Option<Ending>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    Closed,
    Killed,
    Failed,
}

/// Some time in the life of a partition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stretch {
    pub(super) from: SimTime,
    /// `None` while it lasts.
    pub(super) to: Option<SimTime>,
    /// `None` while it is unread.
    pub(super) owner: Option<ClientId>,
}

impl Stretch {
    pub(super) fn length(self, now: SimTime) -> Duration {
        self.to.unwrap_or(now).since(self.from)
    }
}

impl Ledger {
    pub(super) fn note(&mut self, at: SimTime, event: &Event) {
        self.deliveries.observe(event);
        self.rebalances.observe(at, event);
        if let Event::ConsumerStarted { client, group: Some(group), .. } = event {
            let group = group.clone();
            self.consumers.insert(*client, Consumer { group, held: BTreeSet::new(), ending: None });
        } else if let Event::PartitionsAssigned { client, added } = event {
            self.assign(at, *client, added);
        } else if let Event::PartitionsRevoked { client, partitions }
        | Event::PartitionsLost { client, partitions } = event
        {
            self.release(at, *client, partitions);
        } else if let Event::ConsumerClosed { client } = event {
            self.end(at, *client, Ending::Closed);
        } else if let Event::ClientKilled { client } = event {
            self.end(at, *client, Ending::Killed);
        } else if let Event::ConsumerFailed { client, .. } = event {
            self.end(at, *client, Ending::Failed);
        } else if let Event::GroupStateChanged { group, to, .. } = event {
            self.groups.insert(group.clone(), *to);
        } else if let Event::CommitCompleted { .. } = event {
            self.commits += 1;
        }
    }

    /// How long partitions were unread, all together.
    pub(super) fn unread(&self, now: SimTime) -> Duration {
        let stretches = self.partitions.values().flatten();
        stretches.filter(|stretch| stretch.owner.is_none()).map(|stretch| stretch.length(now)).sum()
    }

    fn assign(&mut self, at: SimTime, client: ClientId, added: &[TopicPartition]) {
        let Some(consumer) = self.consumers.get_mut(&client) else { return };
        consumer.held.extend(added.iter().cloned());
        for partition in added {
            let stretches = self.partitions.entry((consumer.group.clone(), partition.clone())).or_default();
            begin(stretches, at, Some(client));
        }
    }

    fn release(&mut self, at: SimTime, client: ClientId, partitions: &[TopicPartition]) {
        let Some(consumer) = self.consumers.get_mut(&client) else { return };
        for partition in partitions {
            consumer.held.remove(partition);
            let stretches = self.partitions.get_mut(&(consumer.group.clone(), partition.clone()));
            let owned =
                |stretches: &&mut Vec<Stretch>| stretches.last().and_then(|last| last.owner) == Some(client);
            if let Some(stretches) = stretches.filter(owned) {
                begin(stretches, at, None);
            }
        }
    }

    fn end(&mut self, at: SimTime, client: ClientId, ending: Ending) {
        let Some(consumer) = self.consumers.get_mut(&client).filter(|consumer| consumer.ending.is_none())
        else {
            return;
        };
        consumer.ending = Some(ending);
        let (group, held) = (consumer.group.clone(), consumer.held.clone());
        self.release(at, client, &held.into_iter().collect::<Vec<_>>());
        let runs = |other: &Consumer| other.group == group && other.ending.is_none();
        if !self.consumers.values().any(runs) {
            let own = self.partitions.iter_mut().filter(|((of, _), _)| *of == group);
            own.for_each(|(_, stretches)| close(stretches, at));
        }
    }
}

/// Ends what lasts and begins something else; what took no time is forgotten.
fn begin(stretches: &mut Vec<Stretch>, at: SimTime, owner: Option<ClientId>) {
    close(stretches, at);
    stretches.push(Stretch { from: at, to: None, owner });
}

fn close(stretches: &mut [Stretch], at: SimTime) {
    if let Some(last) = stretches.last_mut().filter(|last| last.to.is_none()) {
        last.to = Some(at);
    }
}
