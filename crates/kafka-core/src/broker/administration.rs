//! What administrators ask of one broker: to let go of replicas, to delete records, to change a group's offsets.
//!
//! Mirrors `ReplicaManager.stopReplicas` and `deleteRecords`, `GroupCoordinatorService.deleteOffsets`, `deleteGroups`
//! and `onPartitionsDeleted`. Leaves out: waiting until every replica has deleted its records.

use crate::broker::Broker;
use crate::broker::coordination::offsets_partition;
use crate::cluster::CONSUMER_OFFSETS;
use crate::event::Event;
use crate::group::Effects;
use crate::node::{Context, Timer};
use crate::protocol::{
    CorrelationId, ErrorCode, GroupId, NodeId, OffsetAndMetadata, OffsetCommitRequest, RequestHandle,
    Response,
};
use crate::topic::TopicPartition;

impl Broker {
    /// The controller has deleted partitions. Whoever waits for them is told.
    pub(crate) fn delete_replicas(&mut self, partitions: &[TopicPartition], context: &mut Context<'_>) {
        for partition in partitions {
            self.replicas.remove(partition);
        }
        // What is on its way here may be of the deleted logs.
        self.fetching_from.clear();
        self.complete_fetches(context);
        self.fail_produces(partitions, context);
        if partitions.iter().any(|partition| *partition.topic == *CONSUMER_OFFSETS) {
            return self.unload_groups(context);
        }
        let effects = self.coordinator.partitions_deleted(context.now, partitions);
        self.perform_for_each_group(effects, context);
    }

    /// Deletes what is older than `before`, at most all that is committed.
    pub(crate) fn delete_records(
        &mut self,
        partition: &TopicPartition,
        before: Option<i64>,
        context: &mut Context<'_>,
    ) -> Result<(), ErrorCode> {
        let high_watermark = self.led(partition, context)?.high_watermark;
        let compacted =
            context.cluster.topic(&partition.topic).and_then(|topic| topic.configs.get("cleanup.policy"));
        if compacted.is_some_and(|policy| !policy.contains("delete")) {
            return Err(ErrorCode::PolicyViolation);
        }
        let before = before.unwrap_or(high_watermark);
        if !(0..=high_watermark).contains(&before) {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let replica = self.replicas.get_mut(partition).expect("a led partition has a replica");
        let old = replica.log.log_start_offset();
        replica.log.increment_log_start_offset(before);
        let log_start_offset = replica.log.log_start_offset();
        if log_start_offset > old {
            context.emit(Event::RecordsDeleted { partition: partition.clone(), log_start_offset });
        }
        Ok(())
    }

    /// A commit without a member: only a group that is empty takes it.
    pub(crate) fn alter_offsets(
        &mut self,
        group: &GroupId,
        offsets: &[(TopicPartition, OffsetAndMetadata)],
        context: &mut Context<'_>,
    ) -> Result<(), ErrorCode> {
        let request = OffsetCommitRequest {
            group: group.clone(),
            member_id: "".into(),
            group_instance_id: None,
            generation_id: None,
            knows_member_epochs: true,
            offsets: offsets.to_vec(),
        };
        let admin = RequestHandle { from: NodeId::Broker(self.id), correlation_id: CorrelationId::default() };
        let mut effects = self.coordinator.commit_offsets(context.now, admin, &request);
        let responses = std::mem::take(&mut effects.responses);
        self.perform(&offsets_partition(group, context), effects, context);
        for (_, response) in responses {
            let Response::OffsetCommit(response) = response else {
                unreachable!("a commit is answered as a commit")
            };
            response.partitions.into_iter().try_for_each(|(_, outcome)| outcome)?;
        }
        Ok(())
    }

    pub(crate) fn delete_offsets(
        &mut self,
        group: &GroupId,
        partitions: &[TopicPartition],
        context: &mut Context<'_>,
    ) -> Result<(), ErrorCode> {
        let (outcomes, effects) = self.coordinator.delete_offsets(context.now, group, partitions)?;
        self.perform(&offsets_partition(group, context), effects, context);
        outcomes.into_iter().try_for_each(|(_, outcome)| outcome)
    }

    pub(crate) fn delete_group(
        &mut self,
        group: &GroupId,
        context: &mut Context<'_>,
    ) -> Result<(), ErrorCode> {
        let effects = self.coordinator.delete_group(context.now, group)?;
        self.perform(&offsets_partition(group, context), effects, context);
        Ok(())
    }

    /// The log of the groups is gone, and the groups with it.
    fn unload_groups(&mut self, context: &mut Context<'_>) {
        let mut responses: Vec<_> = self.held_responses.drain(..).flat_map(|held| held.responses).collect();
        for number in std::mem::take(&mut self.loaded) {
            let Effects { timers, responses: told, events, .. } =
                self.coordinator.unload(context.now, number);
            responses.extend(told);
            for event in events {
                context.emit(event);
            }
            for (timer, at) in timers {
                match at {
                    Some(at) => context.set_timer(Timer::Group(timer), at),
                    None => context.cancel_timer(&Timer::Group(timer)),
                }
            }
        }
        for (handle, response) in responses {
            context.respond(handle, response);
        }
    }
}
