//! What a broker asks other brokers for, beside data: room in a transaction, and markers.
//!
//! Mirrors `InterBrokerSendThread`, `AddPartitionsToTxnManager` and `TransactionMarkerRequestCompletionHandler`. A broker asks
//! itself the same way. Leaves out: one connection for each of these threads (they share the one that data comes on).

use std::collections::BTreeSet;
use std::time::Duration;

use crate::broker::Broker;
use crate::broker::transaction_append::Append;
use crate::node::{Context, Timer};
use crate::protocol::{
    BrokerId, CorrelationId, ErrorCode, Request, TransactionalId, WriteTxnMarkersResponse,
};
use crate::record::ProducerIdAndEpoch;
use crate::topic::TopicPartition;

/// `request.timeout.ms` of a broker.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// A request that has not been answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct InterBrokerRequest {
    to: BrokerId,
    purpose: Purpose,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// Records wait until their partitions are in the transaction.
    AddPartitions(Box<Append>),
    Markers {
        transactional_id: TransactionalId,
        producer: ProducerIdAndEpoch,
        partitions: Vec<TopicPartition>,
    },
}

impl Broker {
    pub(super) fn ask_broker(
        &mut self,
        to: BrokerId,
        request: Request,
        purpose: Purpose,
        context: &mut Context<'_>,
    ) {
        let correlation_id = self.next_correlation_id();
        self.inter_broker.insert(correlation_id, InterBrokerRequest { to, purpose });
        context.set_timer(Timer::InterBrokerRequest(correlation_id), context.now + REQUEST_TIMEOUT);
        context.request(to, correlation_id, request);
    }

    /// Partitions of a transaction whose markers are asked for and not answered.
    pub(super) fn markers_asked_for(&self, id: &TransactionalId) -> BTreeSet<TopicPartition> {
        let asked = self.inter_broker.values().filter_map(|request| match &request.purpose {
            Purpose::Markers { transactional_id, partitions, .. } if transactional_id == id => {
                Some(partitions)
            }
            Purpose::Markers { .. } | Purpose::AddPartitions(_) => None,
        });
        asked.flatten().cloned().collect()
    }

    pub(super) fn on_partitions_added(
        &mut self,
        correlation_id: CorrelationId,
        outcome: Result<(), ErrorCode>,
        context: &mut Context<'_>,
    ) {
        if let Some(Purpose::AddPartitions(append)) = self.take_request(correlation_id, context) {
            self.go_on_appending(*append, outcome, context);
        }
    }

    /// Markers that could not be written are sent again, perhaps elsewhere.
    pub(super) fn on_markers_answered(
        &mut self,
        correlation_id: CorrelationId,
        response: WriteTxnMarkersResponse,
        context: &mut Context<'_>,
    ) {
        let Some(Purpose::Markers { transactional_id, producer, .. }) =
            self.take_request(correlation_id, context)
        else {
            return;
        };
        let (written, failed): (Vec<_>, Vec<_>) =
            response.partitions.into_iter().partition(|(_, outcome)| outcome.is_ok());
        if !failed.is_empty() {
            self.send_markers_later(context);
        }
        let written: Vec<_> = written.into_iter().map(|(partition, _)| partition).collect();
        self.note_markers(&transactional_id, producer, &written, context);
    }

    pub(super) fn on_inter_broker_timeout(
        &mut self,
        correlation_id: CorrelationId,
        context: &mut Context<'_>,
    ) {
        let Some(to) = self.inter_broker.get(&correlation_id).map(|request| request.to) else { return };
        context.close_connection(to);
        if self.fetches_from(to) {
            self.fetch_from_later(to, context);
        }
        self.fail_requests_to(to, context);
    }

    /// What was asked of a broker will not be answered.
    pub(super) fn fail_requests_to(&mut self, broker: BrokerId, context: &mut Context<'_>) {
        let lost: Vec<_> = self
            .inter_broker
            .iter()
            .filter(|(_, request)| request.to == broker)
            .map(|(correlation_id, _)| *correlation_id)
            .collect();
        for correlation_id in lost {
            match self.take_request(correlation_id, context) {
                Some(Purpose::AddPartitions(append)) => {
                    self.go_on_appending(*append, Err(ErrorCode::NetworkException), context);
                }
                Some(Purpose::Markers { .. }) => self.send_markers_later(context),
                None => {}
            }
        }
    }

    fn take_request(&mut self, correlation_id: CorrelationId, context: &mut Context<'_>) -> Option<Purpose> {
        context.cancel_timer(&Timer::InterBrokerRequest(correlation_id));
        self.inter_broker.remove(&correlation_id).map(|request| request.purpose)
    }
}
