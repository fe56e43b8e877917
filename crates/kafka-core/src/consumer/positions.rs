//! Where reading starts: committed offsets, and look-ups where there are none.
//!
//! Mirrors `OffsetFetcher`, `ConsumerCoordinator.initWithCommittedOffsetsIfNeeded` and `OffsetFetchRequestState`. Leaves
//! out: validation of positions by leader epoch; the exception of a `poll()` that asks for the offsets of a member that
//! the group has thrown out before the next heartbeat tells it so.

use std::collections::BTreeMap;

use crate::consumer::subscription::{OffsetReset, Position};
use crate::consumer::{Consumer, PollError};
use crate::event::{Event, PositionOrigin};
use crate::node::Context;
use crate::protocol::{
    BrokerId, CorrelationId, ErrorCode, ListOffsetsRequest, ListOffsetsResponse, OffsetFetchRequest,
    OffsetFetchResponse, OffsetSpec, Request,
};
use crate::time::SimTime;
use crate::topic::TopicPartition;

/// The look-up of committed offsets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum OffsetFetch {
    NotBefore(SimTime),
    InFlight(CorrelationId),
}

impl Consumer {
    /// Finds a position for every partition that has none: the committed offset, or a look-up.
    pub(super) fn update_positions(&mut self, context: &mut Context<'_>) {
        self.fetch_committed(context);
        let mut by_leader: BTreeMap<BrokerId, Vec<_>> = BTreeMap::new();
        for (partition, reset, retry_at) in self.subscription.awaiting_reset() {
            if let Some(leader) = self.metadata.leader(partition).filter(|_| retry_at <= context.now) {
                let spec = offset_spec(reset, context);
                by_leader.entry(leader).or_default().push((partition.clone(), spec));
            }
        }
        for (leader, partitions) in by_leader {
            if self.list_offsets.contains_key(&leader) {
                continue;
            }
            // Also the pause before a look-up that finds nothing is repeated (`OffsetFetcherUtils`).
            for (partition, _) in &partitions {
                self.subscription.retry_reset_at(partition, context.now + self.config.request_timeout);
            }
            let isolation_level = self.config.isolation_level;
            let request = Request::ListOffsets(ListOffsetsRequest { isolation_level, partitions });
            let correlation_id = self.request(leader, request, context);
            self.list_offsets.insert(leader, correlation_id);
        }
    }

    /// When a look-up may be repeated that cannot be made now.
    pub(super) fn look_up_wakes_at(&self, now: SimTime) -> Option<SimTime> {
        let offset_fetch = match self.offset_fetch {
            OffsetFetch::NotBefore(at) => Some(at),
            OffsetFetch::InFlight(_) => None,
        };
        let resets = self.subscription.awaiting_reset().map(|(_, _, retry_at)| retry_at);
        resets.chain(offset_fetch).filter(|at| *at > now).min()
    }

    pub(super) fn on_list_offsets_response(
        &mut self,
        broker: BrokerId,
        correlation_id: CorrelationId,
        response: ListOffsetsResponse,
        context: &mut Context<'_>,
    ) {
        if self.list_offsets.get(&broker) != Some(&correlation_id) {
            return;
        }
        self.list_offsets.remove(&broker);
        for (partition, found) in response.partitions {
            let Some(reset) = self.subscription.reset_of(&partition) else { continue };
            match found {
                Ok(Some(offset)) => self.set_position(&partition, offset, reset.into(), context),
                // No record is that new: the partition stays without a position.
                Ok(None) => {}
                Err(_) => {
                    self.subscription.retry_reset_at(&partition, context.now + self.config.retry_backoff);
                    self.request_metadata(context);
                }
            }
        }
    }

    /// The look-ups of a broker that does not answer are repeated.
    pub(super) fn on_list_offsets_failed(&mut self, broker: BrokerId, context: &Context<'_>) {
        self.list_offsets.remove(&broker);
        let retry_at = context.now + self.config.retry_backoff;
        let waiting: Vec<_> =
            self.subscription.awaiting_reset().map(|(partition, _, _)| partition.clone()).collect();
        for partition in waiting {
            self.subscription.retry_reset_at(&partition, retry_at);
        }
    }

    fn fetch_committed(&mut self, context: &mut Context<'_>) {
        let partitions = self.subscription.awaiting_committed();
        let may_ask = match self.offset_fetch {
            OffsetFetch::NotBefore(at) => at <= context.now,
            OffsetFetch::InFlight(_) => false,
        };
        if partitions.is_empty() || !may_ask {
            return;
        }
        let Some(group) = self.config.group_id.clone() else {
            return self.reset_positions(partitions);
        };
        let Some(coordinator) = self.ensure_coordinator(context) else { return };
        let request = Request::OffsetFetch(OffsetFetchRequest {
            group,
            member: self.offset_fetch_member(),
            partitions: Some(partitions),
        });
        self.offset_fetch = OffsetFetch::InFlight(self.request(coordinator, request, context));
    }

    pub(super) fn fetch_committed_later(&mut self, context: &Context<'_>) {
        self.offset_fetch = OffsetFetch::NotBefore(context.now + self.config.retry_backoff);
    }

    pub(super) fn on_offset_fetch_response(
        &mut self,
        correlation_id: CorrelationId,
        response: OffsetFetchResponse,
        context: &mut Context<'_>,
    ) {
        if self.offset_fetch != OffsetFetch::InFlight(correlation_id) {
            return;
        }
        self.offset_fetch = OffsetFetch::NotBefore(context.now);
        let offsets = match response.outcome {
            Ok(offsets) => offsets,
            Err(error) if self.note_coordinator_error(error, context) || is_worth_asking_again(error) => {
                return self.fetch_committed_later(context);
            }
            Err(error) => {
                self.failure = Some(PollError::Broker(error));
                return;
            }
        };
        let waiting = self.subscription.awaiting_committed();
        let mut without = Vec::new();
        for (partition, committed) in offsets.into_iter().filter(|(partition, _)| waiting.contains(partition))
        {
            match committed {
                Some(committed) => {
                    self.set_position(&partition, committed.offset, PositionOrigin::Committed, context);
                }
                None => without.push(partition),
            }
        }
        if !without.is_empty() {
            self.reset_positions(without);
        }
    }

    /// Nothing is committed: `auto.offset.reset` says where to start.
    fn reset_positions(&mut self, partitions: Vec<TopicPartition>) {
        match OffsetReset::from_config(self.config.auto_offset_reset) {
            Some(reset) => {
                for partition in partitions {
                    self.subscription.set(&partition, Position::AwaitingReset(reset));
                }
            }
            None => self.failure = Some(PollError::NoOffsetForPartition(partitions)),
        }
    }

    /// The position is not in the log any more, or not yet.
    pub(super) fn on_offset_out_of_range(&mut self, partition: TopicPartition, offset: i64) {
        match OffsetReset::from_config(self.config.auto_offset_reset) {
            Some(reset) => self.subscription.set(&partition, Position::AwaitingReset(reset)),
            None => self.failure = Some(PollError::OffsetOutOfRange { partition, offset }),
        }
    }

    pub(super) fn set_position(
        &mut self,
        partition: &TopicPartition,
        offset: i64,
        origin: PositionOrigin,
        context: &mut Context<'_>,
    ) {
        if self.subscription.is_assigned(partition) {
            self.subscription.set(partition, Position::At(offset));
            let partition = partition.clone();
            context.emit(Event::PositionSet { client: self.client, partition, offset, origin });
        }
    }
}

/// The member's epoch has moved on, or the member is out: its next heartbeat tells. Or a transaction that commits the
/// offsets has not ended.
const fn is_worth_asking_again(error: ErrorCode) -> bool {
    matches!(
        error,
        ErrorCode::StaleMemberEpoch | ErrorCode::UnknownMemberId | ErrorCode::UnstableOffsetCommit
    )
}

fn offset_spec(reset: OffsetReset, context: &Context<'_>) -> OffsetSpec {
    match reset {
        OffsetReset::Earliest | OffsetReset::Beginning => OffsetSpec::Earliest,
        OffsetReset::Latest | OffsetReset::End => OffsetSpec::Latest,
        OffsetReset::ByDuration(duration) => {
            let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
            OffsetSpec::Timestamp(context.wall_millis().saturating_sub(millis).max(0))
        }
    }
}
