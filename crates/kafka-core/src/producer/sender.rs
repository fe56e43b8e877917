//! The sender's thread: ready batches go to their leaders, and come back or go out again.
//!
//! Mirrors `Sender`. Leaves out: the leader that a refusal names (KIP-951).

use std::rc::Rc;
use std::time::Duration;

use super::batch::{ProducerBatch, Retry};
use super::drain::Drain;
use super::transaction::Transactions;
use super::{InFlight, Producer};
use crate::event::{Event, SendFailure};
use crate::network::NotConnected;
use crate::node::{Context, Timer};
use crate::protocol::{Acks, BrokerId, CorrelationId, ErrorCode, ProduceRequest, ProduceResponse, Request};
use crate::record::{BatchTransaction, RecordBatch};
use crate::rng::Rng;
use crate::time::SimTime;
use crate::topic::TopicPartition;

impl Producer {
    /// The sender's thread runs after the application's: records sent at the same instant share a batch.
    pub(super) fn schedule_sender(&self, context: &mut Context<'_>) {
        context.set_timer(Timer::Sender, context.now);
    }

    /// Drains every broker that is ready and may have another request in flight, gives up what is too old, and sets the
    /// timer for whatever comes next.
    pub(super) fn run_sender(&mut self, context: &mut Context<'_>) {
        self.look_after_identity(context);
        let mut wake_up: Option<SimTime> = None;
        for broker in context.cluster.brokers().to_vec() {
            while self.accumulator.is_ready(&self.drain_now(context), broker) {
                match context.connect(broker) {
                    Err(NotConnected { retry_at, fails_at }) => {
                        // What is known may be out of date (`NetworkClient.handleServerDisconnect`).
                        if let Some(at) = fails_at {
                            self.refresh_metadata_from(at, context);
                        }
                        wake_up = wake_up.into_iter().chain([retry_at]).min();
                        break;
                    }
                    Ok(()) if !self.may_send_to(broker) => break,
                    Ok(()) => self.send_to(broker, context),
                }
            }
        }
        self.expire_batches(context);
        if self.accumulator.awaits_leader(&self.drain_now(context)) {
            self.refresh_metadata(context);
        }
        let ready = self.accumulator.next_ready_at(&self.drain_now(context));
        let waits = [ready.filter(|at| *at > context.now), wake_up, self.next_expiry()];
        match waits.into_iter().flatten().min() {
            Some(at) => context.set_timer(Timer::Sender, at.max(context.now)),
            None => context.cancel_timer(&Timer::Sender),
        }
    }

    fn drain_now(&self, context: &Context<'_>) -> Drain<'_> {
        let moment = (context.now, self.is_flushing());
        Drain::new(&self.config, &self.metadata, self.idempotence.as_ref(), &self.in_flight, moment)
    }

    fn is_flushing(&self) -> bool {
        let waits_for_memory = self.blocked.front().is_some_and(|call| self.waits_for_memory(call));
        let completing = self.transactions.as_ref().is_some_and(Transactions::is_completing);
        self.closing || waits_for_memory || completing
    }

    fn may_send_to(&self, broker: BrokerId) -> bool {
        let in_flight = self.in_flight.values().filter(|request| request.broker == broker).count();
        (in_flight as u32) < self.config.max_in_flight_requests_per_connection
    }

    fn send_to(&mut self, broker: BrokerId, context: &mut Context<'_>) {
        let moment = (context.now, self.is_flushing());
        let sequences = self.idempotence.as_ref();
        let drain = Drain::new(&self.config, &self.metadata, sequences, &self.in_flight, moment);
        let mut batches = self.accumulator.drain(&drain, broker, self.config.max_request_size);
        let mut contents = Vec::new();
        for (partition, batch) in &mut batches {
            if let Some(sequences) = &mut self.idempotence {
                sequences.assign(partition, batch);
            }
            let transaction = self.transactions.as_ref().and(batch.sequence);
            let transaction =
                transaction.map(|sequence| BatchTransaction { producer: sequence.producer, marker: None });
            let sealed = RecordBatch { transaction, ..batch.seal() };
            context.emit(Event::BatchSent {
                client: self.client,
                partition: partition.clone(),
                records: sealed.records.len() as u32,
                bytes: sealed.size_in_bytes,
            });
            contents.push((partition.clone(), Rc::new(sealed)));
        }
        let request = ProduceRequest {
            transactional_id: self.transactions.as_ref().map(|transactions| transactions.id().clone()),
            acks: self.config.acks,
            timeout: self.config.request_timeout,
            batches: contents,
        };
        let correlation_id = self.request(broker, Request::Produce(request), context);
        if self.config.acks == Acks::None {
            // Nobody answers: the request is complete once it is written.
            self.forget_request(correlation_id, context);
            for (partition, batch) in batches {
                self.complete(partition, &batch, None, context);
            }
        } else {
            self.in_flight.insert(correlation_id, InFlight { broker, batches });
        }
    }

    pub(super) fn on_produce_response(
        &mut self,
        correlation_id: CorrelationId,
        response: &ProduceResponse,
        context: &mut Context<'_>,
    ) {
        let Some(request) = self.in_flight.remove(&correlation_id) else { return };
        for (partition, batch) in request.batches {
            // What has expired meanwhile is not among the batches any more.
            let answered = response.partitions.iter().find(|(answered, _)| *answered == partition);
            match answered.map(|(_, outcome)| *outcome) {
                Some(Ok(base_offset)) => {
                    if let Some(sequences) = &mut self.idempotence {
                        sequences.on_acknowledged(&partition, &batch);
                    }
                    self.complete(partition, &batch, Some(base_offset), context);
                }
                Some(Err(error)) => {
                    self.on_batch_error((partition, batch), error, None, correlation_id, context);
                }
                None => unreachable!("a broker answers for every partition it was asked about"),
            }
        }
    }

    /// A request will not be answered: its batches go out again.
    pub(super) fn fail_in_flight(
        &mut self,
        correlation_id: CorrelationId,
        error: ErrorCode,
        broker: BrokerId,
        context: &mut Context<'_>,
    ) {
        let Some(request) = self.in_flight.remove(&correlation_id) else { return };
        for batch in request.batches {
            self.on_batch_error(batch, error, Some(broker), correlation_id, context);
        }
    }

    /// `Sender.completeBatch` for an error.
    fn on_batch_error(
        &mut self,
        (partition, mut batch): (TopicPartition, ProducerBatch),
        error: ErrorCode,
        disconnected_from: Option<BrokerId>,
        correlation_id: CorrelationId,
        context: &mut Context<'_>,
    ) {
        if error.is_invalid_metadata() {
            self.refresh_metadata(context);
        }
        let attempts = batch.attempts();
        if error == ErrorCode::MessageTooLarge && batch.records().len() > 1 {
            return self.split(&partition, batch, correlation_id, context);
        }
        let timed_out = batch.created() + self.config.delivery_timeout <= context.now;
        let out_of_order = error == ErrorCode::OutOfOrderSequenceNumber
            && self.idempotence.as_ref().is_some_and(|sequences| {
                // A transaction with a gap has to be aborted.
                let is_next = batch.base_sequence().is_some_and(|base| sequences.is_next(&partition, base));
                self.transactions.is_none() || !is_next
            });
        if timed_out || attempts >= self.config.retries || !(error.is_retriable() || out_of_order) {
            let timed_out = error == ErrorCode::RequestTimedOut;
            let failure = match disconnected_from {
                Some(broker) => SendFailure::Disconnected { broker, timed_out },
                None => SendFailure::Rejected(error),
            };
            // Without an attempt left nobody knows whether it is in the log.
            return self.give_up(&partition, batch, &failure, attempts < self.config.retries, context);
        }
        if let Some(sequences) = self.idempotence.as_mut().filter(|_| out_of_order) {
            sequences.on_out_of_order(&partition, &batch);
        }
        let (first, records) = (batch.first_id(), batch.records().len() as u32);
        let backoff =
            backoff(attempts, self.config.retry_backoff, self.config.retry_backoff_max, context.rng);
        batch.retry = Some(Retry {
            attempts: attempts + 1,
            not_before: context.now + backoff,
            leader_epoch: self.metadata.leader_epoch(&partition),
        });
        self.accumulator.reenqueue(&partition, batch);
        context.emit(Event::BatchRetried {
            client: self.client,
            partition,
            first,
            records,
            error,
            disconnected_from,
            attempts_left: self.config.retries - attempts - 1,
            correlation_id: correlation_id.0,
        });
    }

    /// The parts of a batch that is too large are sent at once, and it does not count as an attempt.
    fn split(
        &mut self,
        partition: &TopicPartition,
        batch: ProducerBatch,
        correlation_id: CorrelationId,
        context: &mut Context<'_>,
    ) {
        let attempts_left = self.config.retries - batch.attempts();
        let records = batch.records().len() as u32;
        if let Some(sequences) = &mut self.idempotence {
            sequences.on_split(partition, &batch);
        }
        let mut batches = 0;
        for part in self.accumulator.split_and_reenqueue(partition, batch) {
            batches += 1;
            if let Some(sequences) = &mut self.idempotence {
                sequences.on_part(partition, part);
            }
        }
        context.emit(Event::BatchSplit {
            client: self.client,
            partition: partition.clone(),
            records,
            batches,
            attempts_left,
            correlation_id: correlation_id.0,
        });
    }

    /// Batches older than `delivery.timeout.ms` fail, sent or not.
    fn expire_batches(&mut self, context: &mut Context<'_>) {
        let timeout = self.config.delivery_timeout;
        let mut expired = Vec::new();
        for request in self.in_flight.values_mut() {
            let old =
                |(_, batch): &mut (TopicPartition, ProducerBatch)| batch.created() + timeout <= context.now;
            expired.extend(request.batches.extract_if(.., old).map(|batch| (batch, true)));
        }
        let queued = self.accumulator.expired(context.now, timeout);
        expired.extend(queued.into_iter().map(|(partition, batch)| {
            let sent = batch.retry.is_some();
            ((partition, batch), sent)
        }));
        for ((partition, batch), sent) in expired {
            if let Some(sequences) = self.idempotence.as_mut().filter(|_| sent) {
                sequences.on_expired_after_sending(&partition, &batch);
            }
            let failure = SendFailure::Expired {
                partition: partition.clone(),
                records: batch.records().len() as u32,
                waited_ms: context.now.since(batch.created()).as_millis() as u64,
            };
            self.give_up(&partition, batch, &failure, false, context);
        }
    }

    fn next_expiry(&self) -> Option<SimTime> {
        let sent = self.in_flight.values().flat_map(|request| &request.batches).map(|(_, batch)| batch);
        sent.chain(self.accumulator.heads()).map(|batch| batch.created() + self.config.delivery_timeout).min()
    }

    fn give_up(
        &mut self,
        partition: &TopicPartition,
        batch: ProducerBatch,
        failure: &SendFailure,
        certainly_not_written: bool,
        context: &mut Context<'_>,
    ) {
        self.accumulator.free(&batch);
        if let Some(sequences) = &mut self.idempotence {
            sequences.on_failed(partition, &batch, certainly_not_written);
        }
        self.on_batch_given_up(failure);
        for record in batch.into_records() {
            let failure = if *failure == SendFailure::Rejected(ErrorCode::InvalidRecord) {
                SendFailure::InvalidRecord { partition: partition.clone(), has_key: record.key.is_some() }
            } else {
                failure.clone()
            };
            self.fail((partition.topic.clone(), record), failure, context);
        }
    }

    fn complete(
        &mut self,
        partition: TopicPartition,
        batch: &ProducerBatch,
        base_offset: Option<i64>,
        context: &mut Context<'_>,
    ) {
        self.accumulator.free(batch);
        let (first, records) = (batch.first_id(), batch.records().len() as u32);
        context.emit(Event::BatchAcknowledged {
            client: self.client,
            partition,
            base_offset,
            first,
            records,
        });
    }
}

/// `ExponentialBackoff`: twice as long each time, a fifth more or less, up to a limit.
fn backoff(attempts: u32, first: Duration, most: Duration, rng: &mut Rng) -> Duration {
    let grown = first.saturating_mul(1_u32.checked_shl(attempts).unwrap_or(u32::MAX)).min(most.max(first));
    let jittered = grown * 4 / 5 + rng.duration_up_to(grown * 2 / 5);
    jittered.min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_wait_twice_as_long_each_time_up_to_a_second() {
        let mut rng = Rng::new(1);
        let millis = Duration::from_millis;
        for (attempts, middle) in [(0, 100), (1, 200), (2, 400), (3, 800), (4, 1000), (40, 1000)] {
            for _ in 0..50 {
                let waited = backoff(attempts, millis(100), millis(1000), &mut rng);
                let (least, most) = (millis(middle * 4 / 5), millis(middle * 6 / 5).min(millis(1000)));
                assert!((least..=most).contains(&waited), "{attempts}: {waited:?}");
            }
        }
    }
}
