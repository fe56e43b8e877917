//! Calls of the application's rebalance listener.
//!
//! Mirrors `ConsumerRebalanceListenerInvoker`. Leaves out: listeners that take time, commit or seek.

use crate::application::ListenerCallback;
use crate::consumer::Consumer;
use crate::event::Event;
use crate::node::Context;
use crate::topic::TopicPartition;

/// The listener threw out of this callback; what called it passes that on once the other callbacks have run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ListenerThrew(ListenerCallback);

impl Consumer {
    pub(super) fn partitions_assigned(
        &mut self,
        added: Vec<TopicPartition>,
        context: &mut Context<'_>,
    ) -> Result<(), ListenerThrew> {
        context.emit(Event::PartitionsAssigned { client: self.client, added });
        self.return_from(ListenerCallback::OnPartitionsAssigned)
    }

    pub(super) fn partitions_revoked(
        &mut self,
        partitions: Vec<TopicPartition>,
        context: &mut Context<'_>,
    ) -> Result<(), ListenerThrew> {
        context.emit(Event::PartitionsRevoked { client: self.client, partitions });
        self.return_from(ListenerCallback::OnPartitionsRevoked)
    }

    pub(super) fn partitions_lost(
        &mut self,
        partitions: Vec<TopicPartition>,
        context: &mut Context<'_>,
    ) -> Result<(), ListenerThrew> {
        context.emit(Event::PartitionsLost { client: self.client, partitions });
        self.return_from(ListenerCallback::OnPartitionsLost)
    }

    /// `poll()`, `close()` or `unsubscribe()` throws a KafkaException.
    pub(super) fn pass_on(&self, ListenerThrew(callback): ListenerThrew, context: &mut Context<'_>) {
        context.emit(Event::ListenerThrew { client: self.client, callback });
    }

    fn return_from(&mut self, callback: ListenerCallback) -> Result<(), ListenerThrew> {
        match &mut self.application.listener_failure {
            Some(failure) if failure.callback == callback && failure.times > 0 => {
                failure.times -= 1;
                Err(ListenerThrew(callback))
            }
            Some(_) | None => Ok(()),
        }
    }
}
