//! What a broker does with its logs by itself: it deletes old segments, and compacts.
//!
//! Mirrors `LogManager.cleanupLogs`, `LogCleaner` and `LogCleanerManager.grabFilthiestCompactedLog`. Each broker looks after
//! its own replicas. Both wake up at fixed times since the scenario began, and only when there is something to do. Leaves
//! out: several cleaner threads, settings that are read-only in Kafka.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use crate::broker::{Broker, Replica};
use crate::cluster::next_multiple;
use crate::config::{ConfigResource, LogConfig};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::BrokerId;
use crate::time::SimTime;
use crate::topic::{TopicName, TopicPartition};

/// `log.initial.task.delay.ms`
const INITIAL_TASK_DELAY: Duration = Duration::from_secs(30);
/// `log.retention.check.interval.ms`
const RETENTION_CHECK_INTERVAL: Duration = Duration::from_secs(300);
/// `log.cleaner.backoff.ms`
const CLEANER_BACKOFF: Duration = Duration::from_secs(15);

impl Broker {
    /// A setting of a broker has changed.
    pub(crate) fn reconfigure_logs(&mut self, context: &mut Context<'_>) {
        for (partition, replica) in &mut self.replicas {
            let configs = self.image.topic(&partition.topic).map(|topic| &topic.configs);
            replica.log.set_config(log_config(self.id, configs, context));
        }
        self.plan_log_tasks(context);
    }

    pub(super) fn log_config(&self, topic: &TopicName, context: &Context<'_>) -> Rc<LogConfig> {
        log_config(self.id, self.image.topic(topic).map(|topic| &topic.configs), context)
    }

    /// Records have come; maybe into a new segment, which begins at `rolled`.
    pub(super) fn after_append(
        &self,
        partition: &TopicPartition,
        rolled: Option<i64>,
        context: &mut Context<'_>,
    ) {
        if let Some(base_offset) = rolled {
            let (broker, partition) = (self.id, partition.clone());
            context.emit(Event::SegmentRolled { broker, partition, base_offset });
        }
        self.plan_log_tasks_of(partition, context);
    }

    /// Wakes the tasks up when some log needs them.
    pub(super) fn plan_log_tasks(&self, context: &mut Context<'_>) {
        for replica in self.replicas.values() {
            plan(replica, context);
        }
    }

    pub(super) fn plan_log_tasks_of(&self, partition: &TopicPartition, context: &mut Context<'_>) {
        if let Some(replica) = self.replicas.get(partition) {
            plan(replica, context);
        }
    }

    pub(super) fn delete_old_segments(&mut self, context: &mut Context<'_>) {
        for (partition, replica) in &mut self.replicas {
            let high_watermark = replica.high_watermark();
            for deleted in replica.log.delete_old_segments(high_watermark, context.wall_millis()) {
                context.emit(Event::SegmentDeleted {
                    broker: self.id,
                    partition: partition.clone(),
                    base_offset: deleted.base_offset,
                    bytes: deleted.size_in_bytes,
                    reason: deleted.reason,
                    log_start_offset: replica.log.log_start_offset(),
                });
            }
        }
        self.plan_log_tasks(context);
    }

    /// Cleans every log that is dirty enough, the dirtiest first.
    pub(super) fn clean_logs(&mut self, context: &mut Context<'_>) {
        let now = context.wall_millis();
        let stable = |replica: &Replica| replica.log.last_stable_offset(replica.high_watermark());
        let dirtiness = |replica: &Replica| replica.log.dirtiness(stable(replica), now);
        let mut dirty: Vec<_> = self
            .replicas
            .iter()
            .filter_map(|(partition, replica)| Some((dirtiness(replica)?, partition.clone())))
            .collect();
        dirty.sort_by_key(|(ratio, _)| std::cmp::Reverse(*ratio));
        for (_, partition) in dirty {
            let Some(replica) = self.replicas.get_mut(&partition) else { continue };
            let Some(cleaning) = replica.log.clean(stable(replica), now) else { continue };
            context.emit(Event::LogCompacted {
                broker: self.id,
                partition,
                clean_until: cleaning.clean_until,
                records_before: cleaning.records_before,
                records_after: cleaning.records_after,
                bytes_before: cleaning.bytes_before,
                bytes_after: cleaning.bytes_after,
            });
        }
        self.plan_log_tasks(context);
    }
}

/// The settings of one topic's logs on one broker.
fn log_config(
    broker: BrokerId,
    topic: Option<&BTreeMap<Rc<str>, Rc<str>>>,
    context: &Context<'_>,
) -> Rc<LogConfig> {
    let of_broker = |name: &str| {
        let resources = [ConfigResource::Broker(broker), ConfigResource::BrokerDefault];
        resources.iter().find_map(|resource| {
            let mut settings = context.cluster.configs(resource);
            settings.find(|(known, _)| &***known == name).map(|(_, value)| &**value)
        })
    };
    let of_topic = |name: &str| topic?.get(name).map(|value| &**value);
    Rc::new(LogConfig::new(of_topic, of_broker))
}

/// Sets the timers of both tasks, unless they fire before that anyway.
fn plan(replica: &Replica, context: &mut Context<'_>) {
    let (committed, now) = (replica.high_watermark(), context.wall_millis());
    if let Some(at) = replica.log.next_deletion_at(committed, now) {
        let since_first = from_wall(at, context).since(SimTime::ZERO + INITIAL_TASK_DELAY);
        let at = next_multiple(RETENTION_CHECK_INTERVAL, SimTime::ZERO + since_first) + INITIAL_TASK_DELAY;
        plan_timer(Timer::LogRetention, at, RETENTION_CHECK_INTERVAL, context);
    }
    let stable = replica.log.last_stable_offset(committed);
    if let Some(at) = replica.log.next_cleaning_at(stable, now) {
        let at = next_multiple(CLEANER_BACKOFF, from_wall(at, context));
        plan_timer(Timer::LogCleaner, at, CLEANER_BACKOFF, context);
    }
}

/// A task that has had its turn at this very moment runs the next time.
fn plan_timer(timer: Timer, at: SimTime, interval: Duration, context: &mut Context<'_>) {
    let at = if at <= context.now { at + interval } else { at };
    if context.timer(timer.clone()).is_none_or(|planned| planned > at) {
        context.set_timer(timer, at);
    }
}

/// Never before now, and far in the future for times beyond the end of the calendar.
fn from_wall(millis: i64, context: &Context<'_>) -> SimTime {
    let since = millis.saturating_sub(context.scenario.epoch_millis).max(0);
    (SimTime::ZERO + Duration::from_millis(since.cast_unsigned())).max(context.now)
}
