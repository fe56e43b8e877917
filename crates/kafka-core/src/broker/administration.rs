//! What administrators ask of one broker: to let go of replicas, to delete records, to change a group's offsets.
//!
//! Mirrors `ReplicaManager.stopReplicas` and `deleteRecords`, `GroupCoordinatorService.deleteOffsets`, `deleteGroups`
//! and `onPartitionsDeleted`. Leaves out: waiting until every replica has deleted its records.

use std::rc::Rc;

use crate::broker::Broker;
use crate::broker::coordination::offsets_partition;
use crate::cluster::{MetadataImage, Topic};
use crate::event::Event;
use crate::node::Context;
use crate::protocol::{
    CorrelationId, ErrorCode, GroupId, NodeId, OffsetAndMetadata, OffsetCommitRequest, RequestHandle,
    Response,
};
use crate::topic::{TopicName, TopicPartition};

impl Broker {
    /// Lets go of replicas whose topic is not the one that they were made for. Whoever waits for them is told.
    pub(super) fn delete_replicas(&mut self, before: &MetadataImage, context: &mut Context<'_>) {
        let image = Rc::clone(&self.image);
        let is_gone =
            |name: &TopicName, topic: &Topic| image.topic(name).is_none_or(|now| now.id != topic.id);
        let is_here = |id: &TopicPartition| {
            image.partition(id).is_some_and(|partition| partition.replicas.contains(&self.id))
        };
        let moved = |id: &TopicPartition| image.partition(id).is_some() && !is_here(id);
        // A replica that has moved away is no reason to forget what groups have committed.
        let elsewhere: Vec<_> = self.replicas.keys().filter(|id| moved(id)).cloned().collect();
        let mut deleted: Vec<_> =
            self.replicas.keys().filter(|partition| image.partition(partition).is_none()).cloned().collect();
        for id in elsewhere {
            self.replicas.remove(&id);
        }
        for (name, topic) in before.topics().filter(|(name, topic)| is_gone(name, topic)) {
            let numbers = 0..topic.partitions.len() as u32;
            deleted.extend(numbers.map(|number| TopicPartition::new(name.clone(), number)));
        }
        if deleted.is_empty() {
            return;
        }
        for partition in &deleted {
            self.replicas.remove(partition);
        }
        let effects = self.coordinator.partitions_deleted(context.now, &deleted);
        self.perform_for_each_group(effects, context);
    }

    /// Deletes what is older than `before`, at most all that is committed.
    pub(crate) fn delete_records(
        &mut self,
        partition: &TopicPartition,
        before: Option<i64>,
        context: &mut Context<'_>,
    ) -> Result<(), ErrorCode> {
        let high_watermark = self.led(partition)?.high_watermark();
        if !self.replicas[partition].log.config().delete {
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
            self.plan_log_tasks_of(partition, context);
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
}
