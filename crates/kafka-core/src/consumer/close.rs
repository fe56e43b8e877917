//! `close()`: commit, tell the listeners, leave the group.
//!
//! Mirrors `ClassicKafkaConsumer.close`, `ConsumerCoordinator.close`, `AbstractCoordinator.close` and
//! `AsyncKafkaConsumer.close`. Leaves out: `CloseOptions`; that the last of these waits for answers to `commitAsync()`
//! after it has left and not before.

use std::time::Duration;

use crate::consumer::Consumer;
use crate::consumer::thread::Thread;
use crate::event::{CommitCall, Event};
use crate::node::{Context, Timer};
use crate::protocol::CorrelationId;
use crate::time::SimTime;

/// `ConsumerUtils.DEFAULT_CLOSE_TIMEOUT_MS`
const CLOSE_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Closing {
    deadline: SimTime,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// The last auto-commit is under way.
    Committing,
    /// Answers to `commitAsync()` are waited for.
    AwaitingCommits,
    /// The goodbye has not been heard.
    Leaving(CorrelationId),
}

impl Consumer {
    /// Asks the application to close; it does so when it has handled the records that it has.
    pub(crate) fn close(&mut self, context: &mut Context<'_>) {
        match self.thread {
            Thread::Polling | Thread::Failed => self.begin_close(context),
            Thread::Working(_) | Thread::Stalled => self.close_wanted = true,
            Thread::Closing(_) | Thread::Ended => {}
        }
        self.advance(context);
    }

    pub(super) fn begin_close(&mut self, context: &mut Context<'_>) {
        self.end_poll_interval(context);
        context.cancel_timer(&Timer::Application);
        let deadline = context.now + CLOSE_TIMEOUT;
        self.thread = Thread::Closing(Closing { deadline, stage: Stage::Committing });
        if self.config.enable_auto_commit {
            let offsets = self.subscription.all_consumed();
            self.commit_sync(CommitCall::Auto, offsets, CLOSE_TIMEOUT, context);
        }
    }

    pub(super) fn go_on_closing(&mut self, context: &mut Context<'_>) {
        while let Thread::Closing(closing) = &mut self.thread {
            let over = closing.deadline <= context.now;
            match closing.stage {
                Stage::Committing if self.sync_commit.is_some() => {
                    if self.commit_sync_result(context).is_none() {
                        return;
                    }
                }
                Stage::Committing => closing.stage = Stage::AwaitingCommits,
                Stage::AwaitingCommits if self.commits.has_unanswered_async() && !over => {
                    self.ensure_coordinator(context);
                    return;
                }
                Stage::AwaitingCommits => self.leave(context),
                Stage::Leaving(_) if over => self.end(context),
                Stage::Leaving(_) => return,
            }
        }
    }

    fn leave(&mut self, context: &mut Context<'_>) {
        self.run_commit_callbacks(context);
        let departure = self.depart("the consumer is being closed", context);
        context.cancel_timer(&Timer::Heartbeat);
        if let Err(threw) = departure.told {
            self.pass_on(threw, context);
        }
        match (departure.goodbye, &mut self.thread) {
            (Some(correlation_id), Thread::Closing(closing)) => {
                closing.stage = Stage::Leaving(correlation_id);
            }
            (Some(_) | None, _) => self.end(context),
        }
    }

    /// The goodbye is answered, or never will be.
    pub(super) fn on_left(&mut self, correlation_id: CorrelationId, context: &mut Context<'_>) {
        if let Thread::Closing(Closing { stage: Stage::Leaving(goodbye), .. }) = self.thread
            && goodbye == correlation_id
        {
            self.end(context);
        }
    }

    pub(super) fn close_wakes_at(&self) -> Option<SimTime> {
        match &self.thread {
            Thread::Closing(closing) => Some(closing.deadline),
            Thread::Polling | Thread::Working(_) | Thread::Stalled | Thread::Failed | Thread::Ended => None,
        }
    }

    fn end(&mut self, context: &mut Context<'_>) {
        self.thread = Thread::Ended;
        context.emit(Event::ConsumerClosed { client: self.client });
    }
}
