//! What the application calls between two polls: subscriptions, positions, pauses.
//!
//! Mirrors `Consumer.subscribe`, `unsubscribe`, `seek`, `pause`, `resume` and `enforceRebalance`. Leaves out: pattern
//! subscriptions, `seek` with metadata, `assign()` of a running consumer.

use crate::application::ConsumerCall;
use crate::command::{CommandError, Source, StartAt};
use crate::consumer::membership::Membership;
use crate::consumer::subscription::{OffsetReset, Position};
use crate::consumer::{Consumer, PollError};
use crate::event::{Event, PositionOrigin};
use crate::node::Context;
use crate::protocol::ErrorCode;
use crate::topic::{TopicName, TopicPartition};

impl Consumer {
    /// What the call throws at once.
    pub(crate) fn check_call(&self, call: &ConsumerCall) -> Result<(), CommandError> {
        let named: &[TopicPartition] = match call {
            ConsumerCall::Seek { partition, .. } => std::slice::from_ref(partition),
            ConsumerCall::SeekToBeginning(partitions)
            | ConsumerCall::SeekToEnd(partitions)
            | ConsumerCall::Pause(partitions)
            | ConsumerCall::Resume(partitions) => partitions,
            ConsumerCall::Subscribe(_) if self.membership.is_none() && self.has_partitions() => {
                return Err(CommandError::MutuallyExclusiveSubscription);
            }
            ConsumerCall::Subscribe(_)
            | ConsumerCall::Unsubscribe
            | ConsumerCall::EnforceRebalance
            | ConsumerCall::StopPolling
            | ConsumerCall::PollAgain => &[],
        };
        if let ConsumerCall::Seek { offset, .. } = call
            && *offset < 0
        {
            return Err(CommandError::NegativeSeek);
        }
        match named.iter().find(|partition| !self.subscription.is_assigned(partition)) {
            Some(partition) => Err(CommandError::NotAssigned { partition: partition.clone() }),
            None => Ok(()),
        }
    }

    pub(super) fn make_call(&mut self, call: ConsumerCall, context: &mut Context<'_>) {
        match call {
            ConsumerCall::Subscribe(topics) => self.change_subscription(&topics, context),
            ConsumerCall::Unsubscribe => self.unsubscribe(context),
            ConsumerCall::Seek { partition, offset } => self.seek(&partition, offset, context),
            ConsumerCall::SeekToBeginning(partitions) => self.seek_to(partitions, OffsetReset::Beginning),
            ConsumerCall::SeekToEnd(partitions) => self.seek_to(partitions, OffsetReset::End),
            ConsumerCall::Pause(partitions) => self.pause(&partitions, true, context),
            ConsumerCall::Resume(partitions) => self.pause(&partitions, false, context),
            ConsumerCall::EnforceRebalance => self.request_rejoin(),
            ConsumerCall::StopPolling => self.stall(context),
            ConsumerCall::PollAgain => {}
        }
    }

    /// What the application calls before its first `poll()`.
    pub(super) fn start_reading(&mut self, source: &Source, context: &mut Context<'_>) {
        match source {
            Source::Subscribe(topics) => {
                self.set_topics(topics);
                self.join_a_group(context);
            }
            Source::Assign(partitions) => {
                for (partition, start) in partitions {
                    self.metadata.want(&partition.topic);
                    let position = match start {
                        StartAt::Committed => Position::AwaitingCommitted,
                        StartAt::Earliest => Position::AwaitingReset(OffsetReset::Beginning),
                        StartAt::Latest => Position::AwaitingReset(OffsetReset::End),
                        StartAt::Offset(offset) => Position::At(*offset),
                    };
                    self.subscription.add(partition.clone(), position);
                }
            }
        }
    }

    /// A subscription needs a group (`maybeThrowInvalidGroupIdException`).
    fn join_a_group(&mut self, context: &mut Context<'_>) {
        self.become_member(context);
        if self.config.group_id.is_none() {
            self.failure = Some(PollError::Broker(ErrorCode::InvalidGroupId));
        }
    }

    fn has_partitions(&self) -> bool {
        self.subscription.positions().next().is_some()
    }

    fn set_topics(&mut self, topics: &[TopicName]) {
        self.topics = topics.to_vec();
        self.topics.sort();
        self.topics.dedup();
        let wanted = &self.topics;
        self.metadata.retain(|topic| wanted.contains(topic));
        for topic in wanted {
            self.metadata.want(topic);
        }
    }

    /// The partitions stay until the group has rebalanced; what was fetched of dropped topics goes at once, and no more
    /// of them is fetched.
    fn change_subscription(&mut self, topics: &[TopicName], context: &mut Context<'_>) {
        if topics.is_empty() {
            return self.unsubscribe(context);
        }
        self.set_topics(topics);
        self.join_a_group(context);
        let wanted = &self.topics;
        self.buffer.retain(|partition| wanted.contains(&partition.topic));
        self.request_metadata(context);
        context.emit(Event::SubscriptionChanged { client: self.client, topics: self.topics.clone() });
    }

    /// Leaves the group without a commit.
    fn unsubscribe(&mut self, context: &mut Context<'_>) {
        let departure = self.depart("the consumer unsubscribed from all topics", context);
        if let Err(threw) = departure.told {
            self.pass_on(threw, context);
        }
        if departure.left {
            self.topics.clear();
            self.subscription.assign(&[]);
            self.buffer.retain(|_| false);
            self.metadata.retain(|_| false);
            context.emit(Event::SubscriptionChanged { client: self.client, topics: Vec::new() });
        }
    }

    pub(super) fn seek(&mut self, partition: &TopicPartition, offset: i64, context: &mut Context<'_>) {
        self.set_position(partition, offset, PositionOrigin::Sought, context);
    }

    fn request_rejoin(&mut self) {
        if let Some(membership) = self.membership.as_mut().and_then(Membership::classic_mut) {
            membership.rejoin_needed = true;
        }
    }

    /// Only remembered: the offset is looked up in the next `poll()`.
    fn seek_to(&mut self, partitions: Vec<TopicPartition>, to: OffsetReset) {
        let partitions = if partitions.is_empty() { self.subscription.assigned() } else { partitions };
        for partition in partitions {
            self.subscription.set(&partition, Position::AwaitingReset(to));
        }
    }

    fn pause(&mut self, partitions: &[TopicPartition], paused: bool, context: &mut Context<'_>) {
        let partitions = self.subscription.set_paused(partitions, paused);
        if !partitions.is_empty() {
            let client = self.client;
            context.emit(if paused {
                Event::PartitionsPaused { client, partitions }
            } else {
                Event::PartitionsResumed { client, partitions }
            });
        }
    }
}
