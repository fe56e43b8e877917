//! Records of a transaction on the way into the log: their partition is in the transaction before they are appended. And
//! the markers at its end.
//!
//! Mirrors `ReplicaManager.handleProduceAppend`, `AddPartitionsToTxnManager` and `KafkaApis.handleWriteTxnMarkersRequest`
//! with transaction version 2. Leaves out: verification for clients of older versions.

use crate::broker::Broker;
use crate::broker::inter_broker::Purpose;
use crate::broker::transactions::state_partition;
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::protocol::{
    AddPartitionsToTxnRequest, CorrelationId, ErrorCode, ProduceRequest, Request, RequestHandle,
    TransactionalId, TxnOffsetCommitRequest, WriteTxnMarkersRequest,
};
use crate::record::{EndTransactionMarker, ProducerIdAndEpoch, RecordBatch};
use crate::time::SimTime;
use crate::topic::TopicPartition;

/// A request that waits until its partitions are in the transaction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Append {
    handle: RequestHandle,
    write: Write,
    added: AddPartitionsToTxnRequest,
    since: SimTime,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Write {
    Records(ProduceRequest),
    Offsets(TxnOffsetCommitRequest),
}

impl Broker {
    /// Produce of a transactional producer. Partitions that the transaction has written to on this leader are known to be
    /// in it.
    pub(super) fn on_transactional_produce(
        &mut self,
        handle: RequestHandle,
        transactional_id: TransactionalId,
        request: ProduceRequest,
        context: &mut Context<'_>,
    ) {
        let producer = request.batches.iter().find_map(|(_, batch)| batch.transaction);
        let Some(producer) = producer.map(|transaction| transaction.producer) else {
            return self.append_produce(handle, request, &[], context);
        };
        let new = |partition: &&TopicPartition| !self.is_in_transaction(partition, producer);
        let partitions: Vec<_> =
            request.batches.iter().map(|(partition, _)| partition).filter(new).cloned().collect();
        if partitions.is_empty() {
            return self.append_produce(handle, request, &[], context);
        }
        let added = AddPartitionsToTxnRequest { transactional_id, producer, partitions };
        let append = Append { handle, write: Write::Records(request), added, since: context.now };
        self.add_partitions_to_txn(append, context);
    }

    pub(super) fn on_txn_offset_commit(
        &mut self,
        handle: RequestHandle,
        request: TxnOffsetCommitRequest,
        partition: TopicPartition,
        context: &mut Context<'_>,
    ) {
        if self.is_in_transaction(&partition, request.producer) {
            return self.append_offsets(handle, &request, Ok(()), context);
        }
        let added = AddPartitionsToTxnRequest {
            transactional_id: request.transactional_id.clone(),
            producer: request.producer,
            partitions: vec![partition],
        };
        let append = Append { handle, write: Write::Offsets(request), added, since: context.now };
        self.add_partitions_to_txn(append, context);
    }

    fn is_in_transaction(&self, partition: &TopicPartition, producer: ProducerIdAndEpoch) -> bool {
        let replica = self.replicas.get(partition);
        replica.is_some_and(|replica| replica.log.has_open_transaction(producer))
    }

    fn add_partitions_to_txn(&mut self, append: Append, context: &mut Context<'_>) {
        let partition = state_partition(&append.added.transactional_id, context);
        match self.image.leader(&partition) {
            Some(coordinator) => {
                let request = Request::AddPartitionsToTxn(append.added.clone());
                self.ask_broker(coordinator, request, Purpose::AddPartitions(Box::new(append)), context);
            }
            None => self.go_on_appending(append, Err(ErrorCode::CoordinatorNotAvailable), context),
        }
    }

    /// The coordinator has answered. While the transaction before this one is still being completed, it is asked again for
    /// a moment (KAFKA-18575).
    pub(super) fn go_on_appending(
        &mut self,
        append: Append,
        outcome: Result<(), ErrorCode>,
        context: &mut Context<'_>,
    ) {
        let config = self.transactions.config();
        let over = append.since + config.add_partitions_retry_backoff_max;
        if outcome == Err(ErrorCode::ConcurrentTransactions) && context.now < over {
            let at = context.now + config.add_partitions_retry_backoff;
            let correlation_id = self.next_correlation_id();
            self.adding_again.insert(correlation_id, append);
            return context.set_timer(Timer::AddPartitionsAgain(correlation_id), at);
        }
        let Append { handle, write, added, .. } = append;
        match write {
            Write::Records(request) => {
                let refused = outcome.map_err(produce_error).err();
                let refused: Vec<_> = refused
                    .into_iter()
                    .flat_map(|error| {
                        added.partitions.iter().map(move |partition| (partition.clone(), error))
                    })
                    .collect();
                self.append_produce(handle, request, &refused, context);
            }
            Write::Offsets(request) => self.append_offsets(handle, &request, outcome, context),
        }
    }

    pub(super) fn add_partitions_again(&mut self, correlation_id: CorrelationId, context: &mut Context<'_>) {
        if let Some(append) = self.adding_again.remove(&correlation_id) {
            self.add_partitions_to_txn(append, context);
        }
    }

    /// Markers of one transaction; answered when they are committed, as with acks=all.
    pub(super) fn on_write_txn_markers(
        &mut self,
        handle: RequestHandle,
        request: WriteTxnMarkersRequest,
        context: &mut Context<'_>,
    ) {
        let WriteTxnMarkersRequest { producer, marker, partitions } = request;
        let batch = RecordBatch::marker(producer, marker, context.wall_millis());
        let mut outcomes = Vec::new();
        for partition in partitions {
            let outcome = self.check_marker(&partition, &batch, context).map(|()| {
                let offset = self.append_marker(&partition, &batch, context);
                self.complete_group_transaction(&partition, producer.producer_id, marker.result, context);
                offset..offset + 1
            });
            outcomes.push((partition, outcome));
        }
        self.await_markers(handle, outcomes, context);
    }

    /// A marker that an administrator asks for. Nobody waits for it to be committed.
    pub(crate) fn write_marker(
        &mut self,
        partition: &TopicPartition,
        producer: ProducerIdAndEpoch,
        marker: EndTransactionMarker,
        context: &mut Context<'_>,
    ) -> Result<(), ErrorCode> {
        let batch = RecordBatch::marker(producer, marker, context.wall_millis());
        self.check_marker(partition, &batch, context)?;
        self.append_marker(partition, &batch, context);
        self.complete_group_transaction(partition, producer.producer_id, marker.result, context);
        Ok(())
    }

    fn check_marker(
        &self,
        partition: &TopicPartition,
        batch: &RecordBatch,
        context: &Context<'_>,
    ) -> Result<(), ErrorCode> {
        let replica = self.led(partition)?;
        if !self.has_enough_replicas(partition, context) {
            return Err(ErrorCode::NotEnoughReplicas);
        }
        replica.log.check_sequence(batch).map(|_| ())
    }

    fn append_marker(
        &mut self,
        partition: &TopicPartition,
        batch: &RecordBatch,
        context: &mut Context<'_>,
    ) -> i64 {
        let replica = self.replicas.get_mut(partition).expect("only a led partition is appended to");
        let leadership = replica.leadership.as_ref().expect("only a leader appends");
        let append = replica.log.append_as_leader(batch, leadership.leader_epoch, context.wall_millis());
        let offset = append.base_offset;
        self.after_append(partition, append.rolled, context);
        if let Some((transaction, marker)) = batch.transaction.and_then(|it| Some((it, it.marker?))) {
            context.emit(Event::MarkerAppended {
                broker: self.id,
                partition: partition.clone(),
                offset,
                producer: transaction.producer,
                result: marker.result,
            });
        }
        self.advance_high_watermark(partition, context);
        self.complete_fetches(context);
        offset
    }
}

/// Errors of the coordinator, as producers know what to do about them.
const fn produce_error(error: ErrorCode) -> ErrorCode {
    if matches!(error, ErrorCode::ProducerFenced) {
        ErrorCode::InvalidProducerEpoch
    } else if matches!(
        error,
        ErrorCode::NetworkException
            | ErrorCode::CoordinatorLoadInProgress
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::NotCoordinator
    ) {
        ErrorCode::NotEnoughReplicas
    } else {
        error
    }
}
