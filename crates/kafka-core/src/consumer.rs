//! A consumer process: one thread that calls `poll()` again and again, and one that sends heartbeats.
//!
//! Mirrors `ClassicKafkaConsumer`. The application is always inside `poll()`, except between the return of records
//! and its next call, which follows at once. Leaves out: time spent on records, pause, manual commits,
//! `max.poll.interval.ms`, the KIP-848 protocol, transactions.

mod commit;
mod fetcher;
mod join;
mod membership;
mod subscription;

use std::collections::BTreeMap;

use crate::command::{Source, StartAt};
use crate::config::{AutoOffsetReset, ConsumerConfig};
use crate::event::{Event, PositionOrigin};
use crate::metadata::ClientMetadata;
use crate::node::{Context, Timer};
use crate::protocol::{BrokerId, ClientId, CorrelationId, ErrorCode, OffsetSpec, Response};
use crate::topic::{TopicName, TopicPartition};
use fetcher::InFlightFetch;
pub use membership::{MemberState, Membership};
pub use subscription::Position;
use subscription::SubscriptionState;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consumer {
    client: ClientId,
    config: ConsumerConfig,
    topics: Vec<TopicName>,
    metadata: ClientMetadata,
    /// `None` for a consumer that named its partitions itself.
    membership: Option<Membership>,
    subscription: SubscriptionState,
    offset_fetch: Option<CorrelationId>,
    list_offsets: BTreeMap<BrokerId, CorrelationId>,
    fetches: BTreeMap<BrokerId, InFlightFetch>,
    next_correlation_id: CorrelationId,
    records_polled: u64,
    life: Life,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Life {
    /// The application is inside `poll()`.
    Polling,
    /// `poll()` has returned records; the application will call it again.
    Processing,
    /// `poll()` threw, and will again.
    Failed,
    /// `close()` waits for its last commit.
    Committing(CorrelationId),
    /// `close()` waits for the goodbye to be heard.
    Leaving(CorrelationId),
    Ended,
}

impl Consumer {
    pub(crate) fn start(
        client: ClientId,
        config: ConsumerConfig,
        source: &Source,
        context: &mut Context<'_>,
    ) -> Self {
        let mut consumer = Self {
            client,
            topics: Vec::new(),
            metadata: ClientMetadata::default(),
            membership: None,
            subscription: SubscriptionState::default(),
            offset_fetch: None,
            list_offsets: BTreeMap::new(),
            fetches: BTreeMap::new(),
            next_correlation_id: CorrelationId::default(),
            records_polled: 0,
            life: Life::Polling,
            config,
        };
        let group = consumer.config.group_id.clone();
        context.emit(Event::ConsumerStarted { client, client_id: consumer.config.client_id.clone(), group });
        match source {
            Source::Subscribe(topics) => consumer.subscribe(topics),
            Source::Assign(partitions) => consumer.assign(partitions),
        }
        consumer.request_metadata(context);
        consumer
    }

    pub fn config(&self) -> &ConsumerConfig {
        &self.config
    }

    /// Topics that it subscribed to; empty for a consumer that named its partitions itself.
    pub fn topics(&self) -> &[TopicName] {
        &self.topics
    }

    pub fn membership(&self) -> Option<&Membership> {
        self.membership.as_ref()
    }

    /// The partitions it holds and where it stands in each, in order.
    pub fn positions(&self) -> impl Iterator<Item = (&TopicPartition, Position)> {
        self.subscription.positions()
    }

    /// How many records `poll` has returned.
    pub fn records_polled(&self) -> u64 {
        self.records_polled
    }

    pub fn is_closing(&self) -> bool {
        matches!(self.life, Life::Committing(_) | Life::Leaving(_))
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.life == Life::Ended
    }

    pub(crate) fn seek(&mut self, partition: &TopicPartition, offset: i64, context: &mut Context<'_>) {
        self.set_position(partition, offset, PositionOrigin::Sought, context);
    }

    /// `close()`: commits, gives its partitions up, says goodbye to the group.
    pub(crate) fn close(&mut self, context: &mut Context<'_>) {
        match self.life {
            Life::Polling | Life::Processing => {}
            Life::Failed => return self.end(context),
            Life::Committing(_) | Life::Leaving(_) | Life::Ended => return,
        }
        match self.commit_all_consumed(context) {
            Some(correlation_id) if self.config.enable_auto_commit => {
                self.life = Life::Committing(correlation_id);
            }
            Some(_) | None => self.leave(context),
        }
    }

    pub(crate) fn on_response(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        response: Response,
        context: &mut Context<'_>,
    ) {
        match response {
            Response::Metadata(response) => {
                let backoff = self.config.retry_backoff;
                self.metadata.on_response(self.client, correlation_id, response, backoff, context);
            }
            Response::Fetch(response) => self.on_fetch_response(broker, correlation_id, response, context),
            Response::ListOffsets(response) => {
                self.on_list_offsets_response(broker, correlation_id, response, context);
            }
            Response::OffsetFetch(response) => {
                self.on_offset_fetch_response(correlation_id, response, context);
            }
            Response::OffsetCommit(response) => {
                self.on_offset_commit_response(correlation_id, &response, context);
            }
            Response::FindCoordinator(response) => self.on_find_coordinator_response(&response, context),
            Response::JoinGroup(response) => self.on_join_group_response(correlation_id, response, context),
            Response::SyncGroup(response) => self.on_sync_group_response(correlation_id, response, context),
            Response::Heartbeat(response) => self.on_heartbeat_response(correlation_id, &response, context),
            Response::LeaveGroup(_) => {
                if self.life == Life::Leaving(correlation_id) {
                    self.end(context);
                }
            }
            Response::Produce(_) => unreachable!("a consumer produces nothing"),
            Response::ConsumerGroupHeartbeat(_) => unreachable!("group.protocol is classic"),
        }
        self.poll(context);
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match timer {
            Timer::Poll => {
                if self.life == Life::Processing {
                    self.life = Life::Polling;
                }
            }
            Timer::MetadataRetry => self.request_metadata(context),
            Timer::Heartbeat => self.send_heartbeat(context),
            Timer::AutoCommit => self.auto_commit(context),
            Timer::CoordinatorRetry => {}
            Timer::DelayedFetch(_)
            | Timer::DelayedProduce(_)
            | Timer::Group(_)
            | Timer::Sender
            | Timer::MaxBlock => unreachable!("{timer:?} is not a consumer's timer"),
        }
        self.poll(context);
    }

    fn subscribe(&mut self, topics: &[TopicName]) {
        self.topics = topics.to_vec();
        self.topics.sort();
        self.topics.dedup();
        for topic in &self.topics {
            self.metadata.want(topic);
        }
        self.membership = Some(Membership::default());
    }

    fn assign(&mut self, partitions: &[(TopicPartition, StartAt)]) {
        for (partition, start) in partitions {
            self.metadata.want(&partition.topic);
            let position = match start {
                StartAt::Earliest => Position::AwaitingReset(OffsetSpec::Earliest),
                StartAt::Latest => Position::AwaitingReset(OffsetSpec::Latest),
                StartAt::Offset(offset) => Position::At(*offset),
            };
            self.subscription.add(partition.clone(), position);
        }
    }

    /// What goes on inside `poll()`: the group's business, positions, records that are there, more fetches.
    fn poll(&mut self, context: &mut Context<'_>) {
        if self.life == Life::Polling {
            self.poll_coordinator(context);
        }
        if self.life != Life::Polling {
            return;
        }
        self.update_positions(context);
        if !self.is_revoking() {
            let records = self.subscription.collect(self.config.max_poll_records);
            if !records.is_empty() {
                self.records_polled += records.len() as u64;
                self.life = Life::Processing;
                context.emit(Event::RecordsPolled { client: self.client, records });
                context.set_timer(Timer::Poll, context.now);
            }
            // Also before records are returned: the next fetch travels while the application works.
            self.send_fetches(context);
        }
    }

    fn set_position(
        &mut self,
        partition: &TopicPartition,
        offset: i64,
        origin: PositionOrigin,
        context: &mut Context<'_>,
    ) {
        if self.subscription.is_assigned(partition) {
            self.subscription.set(partition, Position::At(offset));
            let partition = partition.clone();
            context.emit(Event::PositionSet { client: self.client, partition, offset, origin });
        }
    }

    /// No position, or one that does not exist any more: `auto.offset.reset` says what to do.
    fn reset_position(&mut self, partition: &TopicPartition, error: ErrorCode, context: &mut Context<'_>) {
        let spec = match self.config.auto_offset_reset {
            AutoOffsetReset::Earliest => OffsetSpec::Earliest,
            AutoOffsetReset::Latest => OffsetSpec::Latest,
            AutoOffsetReset::None => return self.fail(error, context),
        };
        self.subscription.set(partition, Position::AwaitingReset(spec));
    }

    fn request_metadata(&mut self, context: &mut Context<'_>) {
        let allow = self.config.allow_auto_create_topics;
        self.metadata.request(&mut self.next_correlation_id, allow, context);
    }

    fn fail(&mut self, error: ErrorCode, context: &mut Context<'_>) {
        self.life = Life::Failed;
        context.cancel_timer(&Timer::Heartbeat);
        context.cancel_timer(&Timer::AutoCommit);
        context.emit(Event::ConsumerFailed { client: self.client, error });
    }

    fn end(&mut self, context: &mut Context<'_>) {
        self.life = Life::Ended;
        context.emit(Event::ConsumerClosed { client: self.client });
    }

    fn next_correlation_id(&mut self) -> CorrelationId {
        self.next_correlation_id.0 += 1;
        self.next_correlation_id
    }
}
