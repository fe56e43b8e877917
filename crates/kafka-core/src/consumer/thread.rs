//! The application's thread: it calls `poll()`, works on what that returned, commits as its strategy says, and calls
//! `poll()` again.
//!
//! Stands for a user's loop around `KafkaConsumer`. Leaves out: work that takes a different time for each record.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::application::{CommitMoment, CommitStrategy, CommitUnit, ConsumerCall, FailureReaction};
use crate::consumer::close::Closing;
use crate::consumer::commit::Offsets;
use crate::consumer::{Consumer, PollError};
use crate::event::{CommitCall, Event, PolledRecord, ProcessedRecord};
use crate::node::{Context, Timer};

/// Before a record that could not be handled is tried again.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Thread {
    /// Inside `poll()`.
    Polling,
    Working(Work),
    /// Does something else than calling `poll()`.
    Stalled,
    /// `poll()` threw, and would again.
    Failed,
    Closing(Closing),
    Ended,
}

/// What the last `poll()` returned, and how far the application has come with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Work {
    left: VecDeque<PolledRecord>,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// About to take the first record.
    Begin,
    /// About to take the next one.
    Next,
    /// Inside `commitSync()`; goes on with what was to come after it.
    Committing(CommitMoment),
    Process,
    /// `Timer::Application` runs until the record is done.
    Processing,
    /// Everything is done: `Timer::Application` runs until the next `poll()`.
    Done,
}

impl Consumer {
    pub(super) fn is_polling(&self) -> bool {
        self.thread == Thread::Polling
    }

    pub(super) fn begin_work(&mut self, records: Vec<PolledRecord>, context: &mut Context<'_>) {
        self.start_poll_interval(context);
        self.thread = Thread::Working(Work { left: records.into(), stage: Stage::Begin });
        self.work(context);
    }

    /// Works until something has to be waited for.
    pub(super) fn work(&mut self, context: &mut Context<'_>) {
        while let Thread::Working(work) = &mut self.thread {
            match work.stage {
                Stage::Processing | Stage::Done => return,
                Stage::Begin => {
                    work.stage = Stage::Next;
                    self.commit_if_due(CommitUnit::Batch, CommitMoment::BeforeProcessing, context);
                }
                Stage::Next if work.left.is_empty() => {
                    work.stage = Stage::Done;
                    context.set_timer(Timer::Application, context.now);
                }
                Stage::Next => {
                    work.stage = Stage::Process;
                    self.commit_if_due(CommitUnit::Record, CommitMoment::BeforeProcessing, context);
                }
                Stage::Process if self.application.process_time.is_zero() => self.finish_records(context),
                Stage::Process => {
                    work.stage = Stage::Processing;
                    context.set_timer(Timer::Application, context.now + self.application.process_time);
                }
                Stage::Committing(moment) => {
                    let Some(result) = self.commit_sync_result(context) else { return };
                    self.on_commit_returned(moment, result.is_ok());
                }
            }
        }
    }

    /// The record is done, or the next `poll()` is due.
    pub(super) fn on_application_timer(&mut self, context: &mut Context<'_>) {
        let Thread::Working(work) = &self.thread else { return };
        if work.stage == Stage::Done {
            self.call_poll(context);
        } else {
            self.finish_records(context);
        }
    }

    fn call_poll(&mut self, context: &mut Context<'_>) {
        self.thread = Thread::Polling;
        self.end_poll_interval(context);
        while self.is_polling() {
            let Some(call) = self.calls.pop_front() else { break };
            self.make_call(call, context);
        }
        if self.close_wanted && self.is_polling() {
            self.begin_close(context);
        }
    }

    /// Does what it is told, now if its thread is inside `poll()`, else when it is about to call it again.
    pub(crate) fn call(&mut self, call: ConsumerCall, context: &mut Context<'_>) {
        match &self.thread {
            Thread::Polling => self.make_call(call, context),
            Thread::Stalled if call == ConsumerCall::PollAgain => self.call_poll(context),
            Thread::Stalled if call == ConsumerCall::StopPolling => {}
            // It has not stopped yet.
            Thread::Working(_) if call == ConsumerCall::PollAgain => {
                self.calls.retain(|waiting| *waiting != ConsumerCall::StopPolling);
            }
            Thread::Stalled | Thread::Working(_) => self.calls.push_back(call),
            Thread::Failed | Thread::Closing(_) | Thread::Ended => {}
        }
        self.advance(context);
    }

    pub(super) fn stall(&mut self, context: &mut Context<'_>) {
        self.calls.retain(|waiting| *waiting != ConsumerCall::StopPolling);
        self.thread = Thread::Stalled;
        self.start_poll_interval(context);
    }

    /// `poll()` threw what it would throw again.
    pub(super) fn fail(&mut self, error: PollError, context: &mut Context<'_>) {
        self.thread = Thread::Failed;
        self.start_poll_interval(context);
        context.emit(Event::ConsumerFailed { client: self.client, error });
    }

    /// Records that take no time are done together, unless each is committed by itself.
    fn finish_records(&mut self, context: &mut Context<'_>) {
        let one_by_one = match self.application.commit {
            CommitStrategy::Sync(point) | CommitStrategy::Async(point) => point.unit == CommitUnit::Record,
            CommitStrategy::Configured => false,
        };
        let one_by_one = one_by_one || !self.application.process_time.is_zero();
        let Thread::Working(work) = &mut self.thread else { return };
        let failure = self.application.processing_failure.as_ref();
        let most = if one_by_one { 1 } else { work.left.len() };
        let hit = |polled: &PolledRecord| {
            failure.is_some_and(|failure| failure.hits(polled.record.value.as_deref()))
        };
        let good = work.left.iter().take(most).take_while(|polled| !hit(polled)).count();
        work.stage = Stage::Next;
        let done: Vec<_> = work.left.drain(..good).collect();
        let failed = if good < most { work.left.pop_front() } else { None };
        if !done.is_empty() {
            let records = done.iter().map(processed).collect();
            context.emit(Event::RecordsProcessed { client: self.client, records });
        }
        let last = done.last().cloned();
        match failed {
            Some(failed) => self.on_processing_failed(&failed, context),
            None => self.commit_processed(last.as_ref(), context),
        }
    }

    fn commit_processed(&mut self, last: Option<&PolledRecord>, context: &mut Context<'_>) {
        let Thread::Working(work) = &self.thread else { return };
        let batch_is_done = work.left.is_empty();
        if self.application.commit.is_due(CommitUnit::Record, CommitMoment::AfterProcessing) {
            let offsets = last.map(|polled| (polled.partition.clone(), polled.offset + 1));
            self.commit(offsets.into_iter().collect(), CommitMoment::AfterProcessing, context);
        } else if batch_is_done {
            self.commit_if_due(CommitUnit::Batch, CommitMoment::AfterProcessing, context);
        }
    }

    fn on_processing_failed(&mut self, failed: &PolledRecord, context: &mut Context<'_>) {
        let Some(failure) = &self.application.processing_failure else { return };
        let reaction = failure.reaction;
        let record = processed(failed);
        context.emit(Event::ProcessingFailed { client: self.client, record, reaction });
        match reaction {
            FailureReaction::Crash => {
                self.thread = Thread::Ended;
                context.emit(Event::ClientKilled { client: self.client });
            }
            FailureReaction::Close => self.begin_close(context),
            FailureReaction::Skip => self.commit_processed(Some(failed), context),
            FailureReaction::Retry => self.rewind(failed, context),
        }
    }

    /// Seeks back to the record and, in every partition, to what has not been worked on.
    fn rewind(&mut self, failed: &PolledRecord, context: &mut Context<'_>) {
        let Thread::Working(work) = &mut self.thread else { return };
        let left = std::mem::take(&mut work.left);
        work.stage = Stage::Done;
        context.set_timer(Timer::Application, context.now + RETRY_PAUSE);
        let mut first = BTreeMap::new();
        for polled in std::iter::once(failed).chain(&left) {
            first.entry(polled.partition.clone()).or_insert(polled.offset);
        }
        for (partition, offset) in first {
            self.seek(&partition, offset, context);
        }
    }

    fn commit_if_due(&mut self, unit: CommitUnit, moment: CommitMoment, context: &mut Context<'_>) {
        if !self.application.commit.is_due(unit, moment) {
            return;
        }
        let offsets = match (unit, &self.thread) {
            (CommitUnit::Record, Thread::Working(work)) => {
                let next = work.left.front().map(|polled| (polled.partition.clone(), polled.offset + 1));
                next.into_iter().collect()
            }
            (CommitUnit::Record | CommitUnit::Batch, _) => self.subscription.all_consumed(),
        };
        self.commit(offsets, moment, context);
    }

    fn commit(&mut self, offsets: Offsets, moment: CommitMoment, context: &mut Context<'_>) {
        match self.application.commit {
            CommitStrategy::Configured => {}
            CommitStrategy::Async(_) => self.commit_async(offsets, context),
            CommitStrategy::Sync(_) => {
                self.commit_sync(CommitCall::Sync, offsets, self.config.default_api_timeout, context);
                if let Thread::Working(work) = &mut self.thread {
                    work.stage = Stage::Committing(moment);
                }
            }
        }
    }

    /// `commitSync()` has returned, or thrown what the application catches and logs.
    fn on_commit_returned(&mut self, moment: CommitMoment, committed: bool) {
        let CommitStrategy::Sync(point) = self.application.commit else { return };
        let Thread::Working(work) = &mut self.thread else { return };
        work.stage = Stage::Next;
        match (moment, point.unit) {
            (CommitMoment::AfterProcessing, CommitUnit::Batch | CommitUnit::Record) => {}
            (CommitMoment::BeforeProcessing, CommitUnit::Record) if committed => work.stage = Stage::Process,
            (CommitMoment::BeforeProcessing, CommitUnit::Batch) if committed => {}
            (CommitMoment::BeforeProcessing, CommitUnit::Record) => {
                work.left.pop_front();
            }
            (CommitMoment::BeforeProcessing, CommitUnit::Batch) => work.left.clear(),
        }
    }
}

fn processed(polled: &PolledRecord) -> ProcessedRecord {
    let PolledRecord { partition, offset, record, .. } = polled;
    ProcessedRecord { partition: partition.clone(), offset: *offset, id: record.id }
}
