//! The requests behind the calls: FindCoordinator, InitProducerId, TxnOffsetCommit, EndTxn, one at a time.
//!
//! Mirrors the handlers of `TransactionManager`, such as `EndTxnHandler`. Leaves out: authorization.

use super::{ClientTransactionState, Coordinator, OperationKind, TransactionError};
use crate::event::Event;
use crate::node::{Context, Timer};
use crate::producer::Producer;
use crate::producer::idempotence::Idempotence;
use crate::protocol::{
    BrokerId, CoordinatorKey, CorrelationId, EndTxnRequest, EndTxnResponse, ErrorCode,
    FindCoordinatorRequest, FindCoordinatorResponse, InitProducerIdRequest, InitProducerIdResponse, Request,
    TxnOffsetCommitRequest, TxnOffsetCommitResponse,
};
use crate::record::ProducerIdAndEpoch;

impl Producer {
    /// Sends what the operation under way needs next, if it may be sent now. EndTxn waits until every batch is answered.
    pub(in crate::producer) fn go_on_with_transaction(&mut self, context: &mut Context<'_>) {
        let idle = self.in_flight.is_empty() && self.accumulator.is_empty() && self.blocked.is_empty();
        let Some(transactions) = &mut self.transactions else { return };
        let Some(operation) = &transactions.operation else { return };
        if operation.in_flight.is_some() {
            return;
        }
        if operation.not_before > context.now {
            return context.set_timer(Timer::ProducerId, operation.not_before);
        }
        if let OperationKind::End(_) = operation.kind {
            if !idle {
                return;
            }
            if transactions.has_error() {
                let error = transactions.error.clone().unwrap_or_else(TransactionError::not_transactional);
                return self.conclude(Err(error), context);
            }
            if !transactions.started {
                return self.end_transaction(None, context);
            }
        }
        let producer = self.idempotence.as_ref().and_then(Idempotence::producer);
        let transactional_id = transactions.id.clone();
        let (key, known) = match &operation.kind {
            OperationKind::Init | OperationKind::End(_) => {
                (CoordinatorKey::Transaction(transactional_id.clone()), transactions.coordinator)
            }
            OperationKind::Offsets { group, .. } => {
                let known = &transactions.group_coordinator;
                let same = known.0.as_ref() == Some(&group.group);
                let coordinator = if same { known.1 } else { Coordinator::Unknown };
                (CoordinatorKey::Group(group.group.clone()), coordinator)
            }
        };
        let broker = match known {
            Coordinator::Known(broker) => broker,
            Coordinator::Looking(_) => return,
            Coordinator::Unknown => return self.look_for(key, context),
        };
        let request = match (&operation.kind, producer) {
            (OperationKind::Init, _) => Request::InitProducerId(InitProducerIdRequest {
                transactional_id: Some(transactional_id),
                transaction_timeout: self.config.transaction_timeout,
            }),
            (OperationKind::Offsets { offsets, group }, Some(producer)) => {
                let (offsets, group) = (offsets.clone(), group.clone());
                Request::TxnOffsetCommit(TxnOffsetCommitRequest {
                    transactional_id,
                    producer,
                    group,
                    offsets,
                })
            }
            (OperationKind::End(result), Some(producer)) => {
                Request::EndTxn(EndTxnRequest { transactional_id, producer, result: *result })
            }
            (OperationKind::Offsets { .. } | OperationKind::End(_), None) => {
                unreachable!("a transaction begins with an identity")
            }
        };
        let correlation_id = self.request(broker, request, context);
        if let Some(operation) = self.transactions.as_mut().and_then(|known| known.operation.as_mut()) {
            operation.in_flight = Some(correlation_id);
        }
    }

    fn look_for(&mut self, key: CoordinatorKey, context: &mut Context<'_>) {
        let broker = self.metadata.least_loaded_node(context);
        let request = Request::FindCoordinator(FindCoordinatorRequest { key: key.clone() });
        let looking = Coordinator::Looking(self.request(broker, request, context));
        let Some(transactions) = &mut self.transactions else { return };
        match key {
            CoordinatorKey::Transaction(_) => transactions.coordinator = looking,
            CoordinatorKey::Group(group) => transactions.group_coordinator = (Some(group), looking),
        }
    }

    pub(in crate::producer) fn on_find_coordinator_response(
        &mut self,
        correlation_id: CorrelationId,
        response: &FindCoordinatorResponse,
        context: &Context<'_>,
    ) {
        self.set_coordinator(correlation_id, response.coordinator.ok(), context);
    }

    fn set_coordinator(
        &mut self,
        correlation_id: CorrelationId,
        found: Option<BrokerId>,
        context: &Context<'_>,
    ) {
        let looked = Coordinator::Looking(correlation_id);
        let coordinator = found.map_or(Coordinator::Unknown, Coordinator::Known);
        let Some(transactions) = &mut self.transactions else { return };
        if transactions.coordinator == looked {
            transactions.coordinator = coordinator;
        } else if transactions.group_coordinator.1 == looked {
            transactions.group_coordinator.1 = coordinator;
        }
        if found.is_none() {
            self.retry_operation(context);
        }
    }

    pub(in crate::producer) fn on_transactional_id_response(
        &mut self,
        response: &InitProducerIdResponse,
        context: &mut Context<'_>,
    ) {
        match response.producer {
            Ok(producer) => {
                self.take_identity(producer, context);
                if let Some(transactions) = &mut self.transactions {
                    transactions.state = ClientTransactionState::Ready;
                }
                self.conclude(Ok(()), context);
            }
            Err(error) => self.on_coordinator_error(error, context),
        }
    }

    pub(in crate::producer) fn on_end_txn_response(
        &mut self,
        response: &EndTxnResponse,
        context: &mut Context<'_>,
    ) {
        match response.producer {
            Ok(producer) => self.end_transaction(Some(producer), context),
            Err(error) => self.on_coordinator_error(error, context),
        }
    }

    pub(in crate::producer) fn on_txn_offset_commit_response(
        &mut self,
        response: &TxnOffsetCommitResponse,
        context: &mut Context<'_>,
    ) {
        let error = response.partitions.iter().find_map(|(_, outcome)| outcome.err());
        match error {
            None => self.conclude(Ok(()), context),
            Some(error) => self.on_coordinator_error(error, context),
        }
    }

    /// No answer will come (`TxnRequestHandler.onComplete`).
    pub(in crate::producer) fn on_transaction_request_lost(
        &mut self,
        correlation_id: CorrelationId,
        context: &mut Context<'_>,
    ) {
        self.set_coordinator(correlation_id, None, context);
        self.on_coordinator_error(ErrorCode::NotCoordinator, context);
    }

    fn on_coordinator_error(&mut self, error: ErrorCode, context: &mut Context<'_>) {
        let Some(transactions) = &mut self.transactions else { return };
        let Some(operation) = &transactions.operation else { return };
        let commits_offsets = matches!(operation.kind, OperationKind::Offsets { .. });
        let coordinator_moved = matches!(
            error,
            ErrorCode::NotCoordinator | ErrorCode::CoordinatorNotAvailable | ErrorCode::RequestTimedOut
        );
        if coordinator_moved && commits_offsets {
            transactions.group_coordinator.1 = Coordinator::Unknown;
        } else if coordinator_moved {
            transactions.coordinator = Coordinator::Unknown;
        }
        if coordinator_moved || error.is_retriable() {
            return self.retry_operation(context);
        }
        let is_fenced = matches!(error, ErrorCode::InvalidProducerEpoch | ErrorCode::ProducerFenced);
        let has_no_member = matches!(
            error,
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration | ErrorCode::FencedInstanceId
        );
        let (state, error) = if is_fenced {
            (ClientTransactionState::FatalError, TransactionError::Rejected(ErrorCode::ProducerFenced))
        } else if has_no_member && commits_offsets {
            (ClientTransactionState::AbortableError, TransactionError::CommitFailed(error))
        } else if error == ErrorCode::InvalidProducerIdMapping {
            (ClientTransactionState::AbortableError, TransactionError::Rejected(error))
        } else {
            (ClientTransactionState::FatalError, TransactionError::Rejected(error))
        };
        transactions.state = state;
        transactions.error = Some(error.clone());
        self.conclude(Err(error), context);
    }

    fn retry_operation(&mut self, context: &Context<'_>) {
        let at = context.now + self.config.retry_backoff;
        if let Some(operation) = self.transactions.as_mut().and_then(|known| known.operation.as_mut()) {
            operation.in_flight = None;
            operation.not_before = at;
        }
    }

    /// The transaction is over for the application, whatever is left for the coordinator to do.
    fn end_transaction(&mut self, next: Option<ProducerIdAndEpoch>, context: &mut Context<'_>) {
        if let Some(producer) = next {
            self.take_identity(producer, context);
        }
        if let Some(transactions) = &mut self.transactions {
            transactions.state = ClientTransactionState::Ready;
            transactions.error = None;
            transactions.started = false;
        }
        self.conclude(Ok(()), context);
    }

    fn take_identity(&mut self, producer: ProducerIdAndEpoch, context: &mut Context<'_>) {
        if let Some(idempotence) = &mut self.idempotence {
            idempotence.begin_epoch(producer);
            let (producer_id, epoch) = (producer.producer_id, producer.epoch);
            context.emit(Event::ProducerIdAssigned { client: self.client, producer_id, epoch });
        }
    }
}
