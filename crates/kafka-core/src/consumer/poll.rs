//! What goes on inside `poll()`: the group's business, positions, records that are there, more fetches.
//!
//! Mirrors `ClassicKafkaConsumer.poll` and `ConsumerCoordinator.poll`. Leaves out: the timeout of `poll()` (a call that
//! returned nothing is followed by the next at once, and nobody can tell), interceptors.

use crate::consumer::listener::ListenerThrew;
use crate::consumer::thread::Thread;
use crate::consumer::{Consumer, PollError};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, JoinGroupResponse};

impl Consumer {
    /// Goes on with whatever the application's thread is waiting in.
    pub(super) fn advance(&mut self, context: &mut Context<'_>) {
        self.send_waiting_commits(context);
        match self.thread {
            Thread::Polling => self.poll(context),
            Thread::Working(_) => self.work(context),
            Thread::Closing(_) => self.go_on_closing(context),
            Thread::Stalled | Thread::Failed | Thread::Ended => {}
        }
        self.set_wake_up(context);
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        self.read_join_response(context);
        // A listener that throws ends one call; the application logs it and calls again.
        let ready = loop {
            self.run_commit_callbacks(context);
            match self.poll_coordinator(context) {
                Ok(ready) => break ready,
                Err(threw) => self.pass_on(threw, context),
            }
        };
        if ready {
            self.auto_commit_if_due(context);
            self.update_positions(context);
        }
        let refused = self.membership.as_ref().and_then(|membership| membership.failure);
        if let Some(error) = refused.map(PollError::Broker).or(self.failure.take()) {
            return self.fail(error, context);
        }
        let records = self.buffer.collect(self.config.max_poll_records, &mut self.subscription);
        // Also before records are returned: the next fetch travels while the application works.
        self.send_fetches(context);
        if !records.is_empty() {
            self.records_polled += records.len() as u64;
            context.emit(Event::RecordsPolled { client: self.client, records: records.clone() });
            self.begin_work(records, context);
        }
    }

    /// `ConsumerCoordinator.poll`: true when positions may be looked after.
    fn poll_coordinator(&mut self, context: &mut Context<'_>) -> Result<bool, ListenerThrew> {
        let changed = self.assigned_topics_changed() || self.subscription_changed();
        let Some(membership) = &mut self.membership else { return Ok(true) };
        if self.topics.is_empty() {
            return Ok(false);
        }
        if membership.failure.is_some() {
            return Ok(false);
        }
        membership.rejoin_needed |= changed;
        if membership.join.is_none() && self.ensure_coordinator(context).is_none() {
            return Ok(false);
        }
        self.join_if_needed(context)
    }

    /// A JoinGroup is answered while the application works: nobody reads the answer until it polls again.
    pub(super) fn receive_join_response(
        &mut self,
        correlation_id: CorrelationId,
        response: JoinGroupResponse,
        context: &mut Context<'_>,
    ) {
        match self.thread {
            Thread::Working(_) | Thread::Stalled | Thread::Failed if self.sync_commit.is_none() => {
                self.unread = Some((correlation_id, response));
            }
            Thread::Polling
            | Thread::Working(_)
            | Thread::Stalled
            | Thread::Failed
            | Thread::Closing(_)
            | Thread::Ended => self.on_join_group_response(correlation_id, response, context),
        }
    }

    fn read_join_response(&mut self, context: &mut Context<'_>) {
        if let Some((correlation_id, response)) = self.unread.take() {
            self.on_join_group_response(correlation_id, response, context);
        }
    }

    /// The next moment at which the application's thread has something to do by itself.
    fn set_wake_up(&self, context: &mut Context<'_>) {
        let waits = match self.thread {
            Thread::Polling => [
                self.commits.interval_over_at(),
                self.coordinator_retry_at(),
                self.join_wakes_at(),
                self.look_up_wakes_at(context.now),
            ],
            Thread::Working(_) | Thread::Closing(_) => {
                [self.commit_sync_wakes_at(), self.close_wakes_at(), None, None]
            }
            Thread::Stalled | Thread::Failed | Thread::Ended => [None; 4],
        };
        match waits.into_iter().flatten().filter(|at| *at > context.now).min() {
            Some(at) => context.set_timer(Timer::Poll, at),
            None => context.cancel_timer(&Timer::Poll),
        }
    }
}
