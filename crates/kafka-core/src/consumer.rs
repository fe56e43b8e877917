//! A consumer process: the application's thread, which calls `poll()` again and again, and the heartbeat thread.
//!
//! Mirrors `ClassicKafkaConsumer` and `AsyncKafkaConsumer`, as `group.protocol` says. Auto-commits and callbacks happen
//! only inside `poll()` (or `close()` and `unsubscribe()`). Leaves out: pattern subscriptions, interceptors, metrics.

mod calls;
mod classic_membership;
mod close;
mod commit;
mod commit_sync;
mod consumer_membership;
mod coordinator;
mod exception;
mod fetch_buffer;
mod fetcher;
mod listener;
mod liveness;
mod membership;
mod poll;
mod positions;
mod rebalance_commit;
mod requests;
mod subscription;
#[cfg(test)]
mod tests;
mod thread;

use std::collections::{BTreeMap, VecDeque};

use crate::application::{Application, ConsumerCall};
use crate::command::Source;
use crate::config::ConsumerConfig;
use crate::event::Event;
use crate::metadata::ClientMetadata;
use crate::node::{Context, Timer};
use crate::protocol::{
    BrokerId, ClientId, ConsumerGroupMetadata, CorrelationId, JoinGroupResponse, Response,
};
use crate::time::SimTime;
use crate::topic::{TopicName, TopicPartition};
pub use classic_membership::{ClassicMemberState, ClassicMembership};
use commit::Commits;
use commit_sync::SyncCommit;
pub use consumer_membership::{AssignmentChange, ConsumerMemberState, ConsumerMembership, Reconciliation};
use coordinator::Coordinator;
pub use exception::{CommitError, PollError};
use fetch_buffer::FetchBuffer;
use fetcher::InFlightFetch;
pub use liveness::Liveness;
pub use membership::Membership;
use positions::OffsetFetch;
use requests::Requests;
use subscription::SubscriptionState;
pub use subscription::{OffsetReset, Position};
use thread::Thread;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consumer {
    client: ClientId,
    config: ConsumerConfig,
    application: Application,
    thread: Thread,
    /// What the application has been told to call, while its thread is not inside `poll()`.
    calls: VecDeque<ConsumerCall>,
    close_wanted: bool,
    topics: Vec<TopicName>,
    metadata: ClientMetadata,
    requests: Requests,
    coordinator: Coordinator,
    /// `None` for a consumer that named its partitions itself.
    membership: Option<Membership>,
    /// The answer to JoinGroup that lies in the socket.
    unread: Option<(CorrelationId, JoinGroupResponse)>,
    commits: Commits,
    sync_commit: Option<SyncCommit>,
    subscription: SubscriptionState,
    offset_fetch: OffsetFetch,
    list_offsets: BTreeMap<BrokerId, CorrelationId>,
    fetches: BTreeMap<BrokerId, InFlightFetch>,
    buffer: FetchBuffer,
    /// What the next `poll()` throws.
    failure: Option<PollError>,
    records_polled: u64,
    /// `poll()` has to be called again by then; `None` inside it.
    poll_deadline: Option<SimTime>,
}

impl Consumer {
    pub(crate) fn start(
        client: ClientId,
        config: ConsumerConfig,
        source: &Source,
        application: Application,
        context: &mut Context<'_>,
    ) -> Self {
        let mut consumer = Self {
            client,
            config,
            application,
            thread: Thread::Polling,
            calls: VecDeque::new(),
            close_wanted: false,
            topics: Vec::new(),
            metadata: ClientMetadata::default(),
            requests: Requests::default(),
            coordinator: Coordinator::Unknown { retry_at: SimTime::ZERO },
            membership: None,
            unread: None,
            commits: Commits::default(),
            sync_commit: None,
            subscription: SubscriptionState::default(),
            offset_fetch: OffsetFetch::NotBefore(SimTime::ZERO),
            list_offsets: BTreeMap::new(),
            fetches: BTreeMap::new(),
            buffer: FetchBuffer::default(),
            failure: None,
            records_polled: 0,
            poll_deadline: None,
        };
        let group = consumer.config.group_id.clone();
        context.emit(Event::ConsumerStarted { client, client_id: consumer.config.client_id.clone(), group });
        consumer.restart_auto_commit(context);
        consumer.start_reading(source, context);
        consumer.request_metadata(context);
        consumer.advance(context);
        consumer
    }

    pub fn config(&self) -> &ConsumerConfig {
        &self.config
    }

    pub fn application(&self) -> &Application {
        &self.application
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

    /// `groupMetadata()`: as whom a transactional producer commits offsets for it; `None` outside of a group.
    pub fn group_metadata(&self) -> Option<ConsumerGroupMetadata> {
        let own = self.membership.as_ref();
        Some(ConsumerGroupMetadata {
            group: self.config.group_id.clone()?,
            member_id: own.map_or_else(|| "".into(), |own| own.member_id().clone()),
            group_instance_id: own.and(self.config.group_instance_id.clone()),
            generation_id: own.and_then(Membership::epoch),
        })
    }

    /// The partitions that it holds and does not read for now, in order.
    pub fn paused(&self) -> impl Iterator<Item = &TopicPartition> {
        self.subscription.paused()
    }

    /// How many records `poll` has returned.
    pub fn records_polled(&self) -> u64 {
        self.records_polled
    }

    pub fn is_closing(&self) -> bool {
        matches!(self.thread, Thread::Closing(_))
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.thread == Thread::Ended
    }

    pub(crate) fn on_response(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        response: Response,
        context: &mut Context<'_>,
    ) {
        if !self.was_asked(broker, correlation_id, response.api(), context) {
            return;
        }
        match response {
            Response::Metadata(response) => {
                // An answer that leaves nothing to ask again is good until it is too old.
                context.set_timer(Timer::MetadataRetry, context.now + self.config.metadata_max_age);
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
            Response::JoinGroup(response) => self.receive_join_response(correlation_id, response, context),
            Response::SyncGroup(response) => self.on_sync_group_response(correlation_id, response, context),
            Response::Heartbeat(response) => self.on_heartbeat_response(correlation_id, &response, context),
            Response::LeaveGroup(_) => self.on_left(correlation_id, context),
            Response::Produce(_)
            | Response::InitProducerId(_)
            | Response::AddPartitionsToTxn(_)
            | Response::TxnOffsetCommit(_)
            | Response::EndTxn(_)
            | Response::WriteTxnMarkers(_) => unreachable!("a consumer produces nothing"),
            Response::ConsumerGroupHeartbeat(response) => {
                self.on_consumer_group_heartbeat_response(correlation_id, response, context);
            }
        }
        self.advance(context);
    }

    /// The connection to a broker is closed, or could not be opened.
    pub(crate) fn on_disconnected(&mut self, broker: BrokerId, context: &mut Context<'_>) {
        self.fail_requests(broker, context);
        self.advance(context);
    }

    pub(crate) fn on_timer(&mut self, timer: &Timer, context: &mut Context<'_>) {
        match timer {
            Timer::Poll => {}
            Timer::Application => self.on_application_timer(context),
            Timer::MetadataRetry => self.request_metadata(context),
            Timer::Heartbeat => self.on_heartbeat_timer(context),
            Timer::MaxPollInterval => self.on_poll_interval_over(context),
            Timer::Request(correlation_id) => self.on_request_timeout(*correlation_id, context),
            Timer::DelayedFetch(_)
            | Timer::DelayedProduce(_)
            | Timer::ReplicaFetch(_)
            | Timer::ReplicaFetchTimeout(_)
            | Timer::IsrExpiration
            | Timer::LogRetention
            | Timer::LogCleaner
            | Timer::Contact
            | Timer::Shutdown
            | Timer::InterBrokerRequest(_)
            | Timer::AddPartitionsAgain(_)
            | Timer::TransactionMarkers
            | Timer::TransactionTimeouts
            | Timer::Group(_)
            | Timer::Sender
            | Timer::ProducerId
            | Timer::TransactionCall
            | Timer::MaxBlock => unreachable!("{timer:?} is not a consumer's timer"),
        }
        self.advance(context);
    }
}
