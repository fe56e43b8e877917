//! `--to`: each record is sent on, and the offsets are committed with what was sent, in one transaction for what each
//! `poll()` returned.
//!
//! Stands for the loop of `ExactlyOnceMessageProcessor` in Kafka's examples. Leaves out: a processing that changes
//! records.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use kafka_core::application::ConsumerCall;
use kafka_core::client::Client;
use kafka_core::command::{Command, ProducerRecord};
use kafka_core::config::ProducerConfig;
use kafka_core::consumer::Position;
use kafka_core::event::PolledRecord;
use kafka_core::producer::{ProducerCall, TransactionCall, TransactionError};
use kafka_core::protocol::{ClientId, ConsumerGroupMetadata};
use kafka_core::topic::{TopicName, TopicPartition};

use super::log::Log;
use crate::system::{Context, Notice};
use crate::tool::java;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Copier {
    producer: ClientId,
    to: TopicName,
    stage: Stage,
    /// What the last `poll()` returned and the application has not come to.
    left: VecDeque<PolledRecord>,
    /// Where that began.
    began_at: BTreeMap<TopicPartition, i64>,
    sent: u64,
    closed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// Inside `initTransactions()`.
    Initializing,
    Polling,
    Copying,
    /// Inside `sendOffsetsToTransaction()`, and then inside `commitTransaction()`.
    Committing,
    Aborting,
}

/// What a step of the producer means to the application.
pub(super) enum Heard {
    /// Transactions can begin: the consumer may start.
    Ready,
    Other,
    /// The loop ends.
    Failed,
}

impl Copier {
    /// Starts the producer and calls `initTransactions()`.
    pub(super) fn start(
        config: ProducerConfig,
        to: TopicName,
        context: &mut Context<'_>,
    ) -> Result<Self, String> {
        let producer = context.new_client();
        let started = context.command(&Command::StartProducer { client: producer, config });
        started.map_err(|error| format!("{}: {error}", error.exception()))?;
        let copier = Self {
            producer,
            to,
            stage: Stage::Initializing,
            left: VecDeque::new(),
            began_at: BTreeMap::new(),
            sent: 0,
            closed: false,
        };
        copier.call(ProducerCall::InitTransactions, context);
        Ok(copier)
    }

    /// A transaction is open, or about to end.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self.stage, Stage::Copying | Stage::Committing | Stage::Aborting)
    }

    pub(super) fn close(&self, context: &mut Context<'_>) {
        let closed = context.command(&Command::Close { client: self.producer });
        assert!(closed.is_ok(), "a client can always be closed");
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// The consumer has records: it polls no more before their transaction has ended.
    pub(super) fn on_polled(
        &mut self,
        consumer: ClientId,
        records: &[PolledRecord],
        context: &mut Context<'_>,
    ) {
        self.left = records.iter().cloned().collect();
        self.began_at.clear();
        for polled in records {
            self.began_at.entry(polled.partition.clone()).or_insert(polled.offset);
        }
        self.sent = 0;
        self.stage = Stage::Copying;
        tell(consumer, ConsumerCall::StopPolling, context);
        self.call(ProducerCall::BeginTransaction, context);
    }

    /// So many records are done, or cannot be processed and are skipped.
    pub(super) fn on_done(
        &mut self,
        consumer: ClientId,
        records: usize,
        send: bool,
        context: &mut Context<'_>,
    ) {
        for polled in self.left.drain(..records.min(self.left.len())).collect::<Vec<_>>() {
            if send {
                self.sent += 1;
                let record = ProducerRecord {
                    topic: self.to.clone(),
                    partition: None,
                    timestamp: None,
                    key: polled.record.key,
                    value: polled.record.value,
                    headers: Rc::clone(&polled.record.headers),
                };
                let sent = context.command(&Command::Send { client: self.producer, record });
                assert!(sent.is_ok(), "what goes wrong with a record is told by an event");
            }
        }
        if self.left.is_empty() && self.stage == Stage::Copying {
            self.stage = Stage::Committing;
            let (offsets, group) = self.consumed(consumer, context);
            match group {
                Some(group) => {
                    self.call(ProducerCall::SendOffsetsToTransaction { offsets, group }, context);
                }
                None => self.call(ProducerCall::CommitTransaction, context),
            }
        }
    }

    /// What has happened to the producer, if anything has.
    pub(super) fn hear(&mut self, consumer: ClientId, log: &Log, context: &mut Context<'_>) -> Option<Heard> {
        match context.next_notice(self.producer)? {
            Notice::CallReturned { call, outcome: Ok(()) } => {
                Some(self.on_returned(consumer, call, log, context))
            }
            Notice::CallReturned { call, outcome: Err(error) } => {
                Some(self.on_thrown(call, &error, log, context))
            }
            Notice::SendFailed { failure, .. } => {
                log.write("send-failed", &java::send_exception(&failure), context);
                Some(Heard::Other)
            }
            Notice::Closed => {
                self.closed = true;
                Some(Heard::Other)
            }
            Notice::Acknowledged { .. }
            | Notice::MetadataError { .. }
            | Notice::Partitioned { .. }
            | Notice::Retried { .. }
            | Notice::Killed => Some(Heard::Other),
            Notice::Consumer(_) | Notice::Polled(_) | Notice::PollFailed(_) => {
                unreachable!("a producer does not poll")
            }
        }
    }

    fn on_returned(
        &mut self,
        consumer: ClientId,
        call: TransactionCall,
        log: &Log,
        context: &mut Context<'_>,
    ) -> Heard {
        match call {
            TransactionCall::InitTransactions => {
                self.stage = Stage::Polling;
                log.write("initialized", "initTransactions() returned", context);
                return Heard::Ready;
            }
            TransactionCall::BeginTransaction => log.write("began", "beginTransaction()", context),
            TransactionCall::SendOffsetsToTransaction => self.call(ProducerCall::CommitTransaction, context),
            TransactionCall::CommitTransaction => {
                let (offsets, _) = self.consumed(consumer, context);
                let offsets: Vec<_> =
                    offsets.iter().map(|(partition, offset)| format!("{partition}={offset}")).collect();
                let noun = if self.sent == 1 { "record" } else { "records" };
                let facts =
                    format!("{} {noun} to {}, {} (commitTransaction)", self.sent, self.to, offsets.join(" "));
                log.write("committed", &facts, context);
                self.poll_again(consumer, context);
            }
            TransactionCall::AbortTransaction => {
                log.write("aborted", "abortTransaction(): back to the committed offsets", context);
                for (partition, offset) in std::mem::take(&mut self.began_at) {
                    tell(consumer, ConsumerCall::Seek { partition, offset }, context);
                }
                self.poll_again(consumer, context);
            }
        }
        Heard::Other
    }

    /// One that is fenced has to go; whatever else is wrong with a transaction, it is aborted and tried again.
    fn on_thrown(
        &mut self,
        call: TransactionCall,
        error: &TransactionError,
        log: &Log,
        context: &mut Context<'_>,
    ) -> Heard {
        log.write("failed", &format!("{call}(): {}", java::transaction_exception(error)), context);
        let hopeless = error.is_fenced()
            || matches!(call, TransactionCall::InitTransactions | TransactionCall::AbortTransaction);
        if hopeless {
            self.stage = Stage::Polling;
            return Heard::Failed;
        }
        self.left.clear();
        self.stage = Stage::Aborting;
        self.call(ProducerCall::AbortTransaction, context);
        Heard::Other
    }

    fn poll_again(&mut self, consumer: ClientId, context: &mut Context<'_>) {
        self.stage = Stage::Polling;
        tell(consumer, ConsumerCall::PollAgain, context);
    }

    fn call(&self, call: ProducerCall, context: &mut Context<'_>) {
        let called = context.command(&Command::Transact { client: self.producer, call });
        assert!(called.is_ok(), "what comes of a call is told by an event");
    }

    /// The consumer's positions in what it was given last, and its `groupMetadata()`.
    fn consumed(
        &self,
        consumer: ClientId,
        context: &mut Context<'_>,
    ) -> (Vec<(TopicPartition, i64)>, Option<ConsumerGroupMetadata>) {
        let Some(Client::Consumer(client)) = context.system().simulation.client(consumer) else {
            return (Vec::new(), None);
        };
        let position = |(partition, position): (&TopicPartition, Position)| match position {
            Position::At(offset) if self.began_at.contains_key(partition) => {
                Some((partition.clone(), offset))
            }
            Position::At(_) | Position::AwaitingCommitted | Position::AwaitingReset(_) => None,
        };
        (client.positions().filter_map(position).collect(), client.group_metadata())
    }
}

/// A call that cannot be made, as to seek in a partition that was taken away, is not needed any more.
fn tell(consumer: ClientId, call: ConsumerCall, context: &mut Context<'_>) {
    drop(context.command(&Command::Call { client: consumer, call }));
}
