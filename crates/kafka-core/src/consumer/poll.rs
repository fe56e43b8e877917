//! What goes on inside `poll()`: the group's business, positions, records that are there, more fetches.
//!
//! Mirrors `ClassicKafkaConsumer.poll`, `ConsumerCoordinator.poll` and `AsyncKafkaConsumer.poll`. Leaves out: the timeout of `poll()` (a call that
//! returned nothing is followed by the next at once, and nobody can tell), interceptors.

use crate::consumer::fetch_buffer::Collected;
use crate::consumer::membership::Membership;
use crate::consumer::thread::Thread;
use crate::consumer::{Consumer, PollError};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{CorrelationId, JoinGroupResponse};

impl Consumer {
    /// Goes on with whatever the application's thread is waiting in.
    pub(super) fn advance(&mut self, context: &mut Context<'_>) {
        self.send_waiting_commits(context);
        self.go_on(context);
        if self.run_in_background(context) {
            self.go_on(context);
        }
        self.set_wake_up(context);
    }

    fn go_on(&mut self, context: &mut Context<'_>) {
        match self.thread {
            Thread::Polling => self.poll(context),
            Thread::Working(_) => self.work(context),
            Thread::Closing(_) => self.go_on_closing(context),
            Thread::Stalled | Thread::Failed | Thread::Ended => {}
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) {
        self.read_join_response(context);
        // A listener that throws ends one call; the application logs it and calls again.
        let ready = loop {
            self.run_commit_callbacks(context);
            match self.poll_membership(context) {
                Ok(ready) => break ready,
                Err(threw) => self.pass_on(threw, context),
            }
        };
        if ready {
            self.auto_commit_if_due(context);
            self.update_positions(context);
        }
        let refused = self.membership.as_ref().and_then(Membership::failure);
        if let Some(error) = refused.map(PollError::Broker).or(self.failure.take()) {
            return self.fail(error, context);
        }
        let Collected { records, skipped } =
            self.buffer.collect(self.config.max_poll_records, &mut self.subscription);
        for (partition, from, to) in skipped {
            context.emit(Event::OffsetsSkipped { client: self.client, partition, from, to });
        }
        // Also before records are returned: the next fetch travels while the application works.
        self.send_fetches(context);
        if !records.is_empty() {
            self.records_polled += records.len() as u64;
            context.emit(Event::RecordsPolled { client: self.client, records: records.clone() });
            self.begin_work(records, context);
        }
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
                self.membership_wakes_at(),
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
