//! A new metadata image arrives: this broker leads, follows, or gives up.
//!
//! Mirrors `BrokerMetadataPublisher`, `ReplicaManager.applyDelta` and `Partition.makeLeader`.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::broker::replica::Leadership;
use crate::broker::{Broker, Replica};
use crate::cluster::Partition;
use crate::config::LogConfig;
use crate::event::Event;
use crate::node::Context;
use crate::protocol::BrokerId;
use crate::topic::TopicPartition;

impl Broker {
    /// Takes up the replicas that the controller has placed here, and the parts that they play.
    pub(crate) fn apply_metadata(&mut self, context: &mut Context<'_>) {
        let before = std::mem::replace(&mut self.image, Rc::clone(context.cluster.image()));
        let image = Rc::clone(&self.image);
        self.delete_replicas(&before, context);
        let mut changed = Vec::new();
        for (name, topic) in image.topics() {
            if before.shares(name, topic) {
                continue;
            }
            let config = self.log_config(name, context);
            for (number, partition) in (0..).zip(&topic.partitions) {
                if partition.replicas.contains(&self.id) {
                    let id = TopicPartition::new(name.clone(), number);
                    self.apply_partition(&id, partition, &config, context);
                    changed.push(id);
                }
            }
        }
        self.coordinate_groups(context);
        self.coordinate_transactions(context);
        for id in &changed {
            self.maybe_expand_isr(id, context);
            self.advance_high_watermark(id, context);
        }
        self.complete_produces(context);
        self.complete_fetches(context);
        self.leave_former_leaders(context);
        self.replicate(context);
        self.watch_followers(context);
        self.plan_log_tasks(context);
    }

    fn apply_partition(
        &mut self,
        id: &TopicPartition,
        partition: &Partition,
        config: &Rc<LogConfig>,
        context: &mut Context<'_>,
    ) {
        let now = context.wall_millis();
        let fresh = || Replica::new(Rc::clone(config), now);
        let replica = self.replicas.entry(id.clone()).or_insert_with(fresh);
        replica.log.set_config(Rc::clone(config));
        let led_epoch = replica.leadership.as_ref().map(|leadership| leadership.leader_epoch);
        if partition.leader != Some(self.id) {
            replica.leadership = None;
        } else if led_epoch != Some(partition.leader_epoch) {
            let others = partition.replicas.iter().filter(|broker| **broker != self.id);
            let followers = others.map(|broker| (*broker, partition.isr.contains(broker)));
            let end_offset = replica.log.log_end_offset();
            replica.lead(Leadership::new(partition.leader_epoch, end_offset, followers, context.now));
            if partition.leader_epoch > 0 {
                context.emit(Event::LeadershipBegan {
                    broker: self.id,
                    partition: id.clone(),
                    leader_epoch: partition.leader_epoch,
                    epochs: replica.log.epochs(),
                    log_end_offset: end_offset,
                });
            }
        } else if let Some(leadership) = &mut replica.leadership {
            // Within an epoch a reassignment only brings replicas along.
            for broker in partition.replicas.iter().filter(|broker| **broker != self.id) {
                leadership.followers.entry(*broker).or_default();
            }
        }
    }

    /// A leader that is followed in nothing any more need not answer (`ReplicaFetcherManager.removeFetcher`).
    fn leave_former_leaders(&mut self, context: &mut Context<'_>) {
        let leaders: BTreeSet<_> = self.followed().into_keys().collect();
        let former: Vec<BrokerId> =
            self.fetching_from.keys().copied().filter(|leader| !leaders.contains(leader)).collect();
        for leader in former {
            self.stop_fetching_from(leader, context);
            context.close_connection(leader);
            self.fail_requests_to(leader, context);
        }
    }
}
