//! The leader decides which of its followers are in sync, and asks the controller to write it down.
//!
//! Mirrors `Partition.maybeShrinkIsr`, `maybeExpandIsr` and `maybeIncrementLeaderHW`. The controller answers
//! AlterPartition at once, and the leader is told a moment later. Leaves out: broker epochs in fetches.

use crate::broker::Broker;
use crate::broker::replica::{Follower, Leadership};
use crate::cluster::{AlterPartition, BrokerRegistration, Partition};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::BrokerId;
use crate::topic::TopicPartition;

impl Broker {
    /// Looks after followers that fall behind, while this broker leads anything that has followers.
    pub(super) fn watch_followers(&self, context: &mut Context<'_>) {
        let replicated = |leadership: &Leadership| !leadership.followers.is_empty();
        let leads = self.replicas.values().any(|replica| replica.leadership.as_ref().is_some_and(replicated));
        if leads {
            let at = crate::cluster::next_multiple(
                context.scenario.broker.replica_lag_time_max / 2,
                context.now + std::time::Duration::from_micros(1),
            );
            context.set_timer(Timer::IsrExpiration, at);
        } else {
            context.cancel_timer(&Timer::IsrExpiration);
        }
    }

    /// `ReplicaManager.maybeShrinkIsr`, twice within `replica.lag.time.max.ms`.
    pub(super) fn expire_isrs(&mut self, context: &mut Context<'_>) {
        let led: Vec<_> = self
            .replicas
            .iter()
            .filter(|(_, replica)| replica.leadership.is_some())
            .map(|(partition, _)| partition.clone())
            .collect();
        for partition in led {
            self.maybe_shrink_isr(&partition, context);
        }
        self.watch_followers(context);
    }

    fn maybe_shrink_isr(&self, id: &TopicPartition, context: &mut Context<'_>) {
        let Some((partition, leadership)) = self.led_partition(id) else { return };
        let end_offset = self.replicas[id].log.log_end_offset();
        let lag = context.scenario.broker.replica_lag_time_max;
        let in_sync = |broker: &BrokerId| {
            let follower = leadership.followers.get(broker);
            *broker == self.id
                || follower.is_some_and(|known| known.is_caught_up(end_offset, context.now, lag))
        };
        let isr: Vec<_> = partition.isr.iter().copied().filter(in_sync).collect();
        if isr.len() < partition.isr.len() {
            self.propose_isr(id, isr, context);
        }
    }

    /// Lets in every follower that has caught up with what is committed and with the start of this leader's epoch.
    pub(super) fn maybe_expand_isr(&self, id: &TopicPartition, context: &mut Context<'_>) {
        let Some((partition, leadership)) = self.led_partition(id) else { return };
        let replica = &self.replicas[id];
        let least = replica.high_watermark().max(leadership.epoch_start_offset);
        let fit = |(broker, follower): &(&BrokerId, &Follower)| {
            let active = self.image.registration(**broker).is_some_and(BrokerRegistration::is_active);
            active && !partition.isr.contains(broker) && follower.end_offset.is_some_and(|end| end >= least)
        };
        let joining: Vec<_> = leadership.followers.iter().filter(fit).map(|(broker, _)| *broker).collect();
        if !joining.is_empty() {
            self.propose_isr(id, [partition.isr.clone(), joining].concat(), context);
        }
    }

    /// A leader proposes the ISR in order of broker id.
    fn propose_isr(&self, id: &TopicPartition, mut isr: Vec<BrokerId>, context: &mut Context<'_>) {
        let Some((partition, _)) = self.led_partition(id) else { return };
        isr.sort_unstable();
        let proposal = AlterPartition {
            leader: self.id,
            leader_epoch: partition.leader_epoch,
            partition_epoch: partition.partition_epoch,
            isr,
        };
        context.cluster.alter_partition(id, proposal, &context.scenario.broker, context.events);
    }

    /// Moves the high watermark of a led partition to the least end of the logs that count, and answers what waited
    /// for it. Those count that are in sync, or could be at any moment. It stands still while fewer replicas than
    /// `min.insync.replicas` are in sync (Kafka 3.7), and it never goes back.
    pub(super) fn advance_high_watermark(&mut self, id: &TopicPartition, context: &mut Context<'_>) {
        let Some((partition, leadership)) = self.led_partition(id) else { return };
        let config = &context.scenario.broker;
        if (partition.isr.len() as u32) < self.image.effective_min_isr(id, config) {
            return;
        }
        let replica = &self.replicas[id];
        let (from, end_offset) = (replica.high_watermark(), replica.log.log_end_offset());
        // What it has proposed counts before it is told of it (`PartitionState.maximalIsr`).
        let newest = context.cluster.partition(id);
        let proposed = newest.filter(|newest| newest.leader_epoch == partition.leader_epoch);
        let counts = |(broker, follower): &(&BrokerId, &Follower)| {
            let active = self.image.registration(**broker).is_some_and(BrokerRegistration::is_active);
            let caught_up = follower.is_caught_up(end_offset, context.now, config.replica_lag_time_max);
            let in_sync = partition.isr.contains(broker)
                || proposed.is_some_and(|proposed| proposed.isr.contains(broker));
            in_sync || (active && caught_up)
        };
        let followers = leadership.followers.iter().filter(counts);
        let slowest =
            followers.map(|(_, follower)| follower.end_offset.unwrap_or(from)).fold(end_offset, i64::min);
        if slowest <= from {
            return;
        }
        let replica = self.replicas.get_mut(id).expect("it was read just now");
        replica.set_high_watermark(slowest, context.now);
        context.emit(Event::HighWatermarkAdvanced { partition: id.clone(), from, to: slowest });
        self.plan_log_tasks_of(id, context);
        self.complete_produces(context);
        self.complete_fetches(context);
        self.release_responses(id, context);
        self.release_decisions(id, context);
    }

    pub(super) fn led_partition(&self, id: &TopicPartition) -> Option<(&Partition, &Leadership)> {
        let leadership = self.replicas.get(id)?.leadership.as_ref()?;
        Some((self.image.partition(id)?, leadership))
    }
}
