//! `__consumer_offsets`: what kafka-console-consumer prints with the OffsetsMessageFormatter and the
//! GroupMetadataMessageFormatter, in words. Keys and fields have Kafka's names.

use kafka_core::group::{CoordinatorRecord, GroupMetadataValue};
use kafka_core::time::SimTime;
use kafka_core::topic::{TopicIdPartition, TopicPartition};
use playground::scene::Entry;

use super::{Language, Text, catalogue};

catalogue! {
    offsets_log_empty { en: "Nothing has been written to __consumer_offsets yet.", ko: "아직 __consumer_offsets에 쓰인 레코드가 없습니다." }
    offsets_home(group: &str, partition: u32) { en: "Group {group} lives in partition {partition}; whoever leads it coordinates the group.", ko: "그룹 {group}의 레코드는 파티션 {partition}에 쌓이고, 그 리더가 그룹 코디네이터입니다." }
    kind_offset { en: "offset commit", ko: "오프셋 커밋" }
    kind_group { en: "group metadata", ko: "그룹 메타데이터" }
    kind_epoch { en: "group epoch", ko: "그룹 에포크" }
    kind_member { en: "member metadata", ko: "멤버 메타데이터" }
    kind_target_epoch { en: "target assignment epoch", ko: "타깃 할당 에포크" }
    kind_target { en: "target assignment", ko: "타깃 할당" }
    kind_current { en: "current assignment", ko: "현재 할당" }
    tombstone { en: "null (tombstone)", ko: "null (툼스톤)" }
    entry_offset(offset: i64) { en: "offset {offset}", ko: "오프셋 {offset}" }
    entry_leader_epoch(epoch: i32) { en: "leader epoch {epoch}", ko: "리더 에포크 {epoch}" }
    entry_committed_at(at: SimTime) { en: "committed at {at}", ko: "커밋 시각 {at}" }
    entry_no_protocol { en: "no protocol", ko: "프로토콜 없음" }
    entry_leader(member: &str) { en: "leader {member}", ko: "리더 {member}" }
    entry_epoch(epoch: i32) { en: "epoch {epoch}", ko: "에포크 {epoch}" }
    entry_subscribes(topics: &str) { en: "subscribes to {topics}", ko: "{topics} 구독" }
    entry_nothing { en: "nothing", ko: "없음" }
    entry_holds(member: &str, partitions: &str) { en: "{member}: {partitions}", ko: "{member}: {partitions}" }
}

/// Characters of a member id that tell members apart.
const MEMBER: usize = 26;

impl Text {
    pub(crate) const fn entry_kind(self, record: &CoordinatorRecord) -> &'static str {
        match record {
            CoordinatorRecord::OffsetCommit { .. } => self.kind_offset(),
            CoordinatorRecord::GroupMetadata { .. } => self.kind_group(),
            CoordinatorRecord::ConsumerGroupMetadata { .. } => self.kind_epoch(),
            CoordinatorRecord::ConsumerGroupMemberMetadata { .. } => self.kind_member(),
            CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { .. } => self.kind_target_epoch(),
            CoordinatorRecord::ConsumerGroupTargetAssignmentMember { .. } => self.kind_target(),
            CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { .. } => self.kind_current(),
        }
    }

    /// The fields of the key, as they follow one another.
    pub(crate) fn entry_key(self, record: &CoordinatorRecord) -> String {
        match record {
            CoordinatorRecord::OffsetCommit { group, partition, .. } => {
                format!("{group}, {}, {}", partition.topic, partition.partition)
            }
            CoordinatorRecord::GroupMetadata { group, .. }
            | CoordinatorRecord::ConsumerGroupMetadata { group, .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { group, .. } => group.to_string(),
            CoordinatorRecord::ConsumerGroupMemberMetadata { group, member, .. }
            | CoordinatorRecord::ConsumerGroupTargetAssignmentMember { group, member, .. }
            | CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { group, member, .. } => {
                format!("{group}, {}", short(member))
            }
        }
    }

    pub(crate) fn entry_value(self, entry: &Entry) -> String {
        let value = match &entry.record {
            CoordinatorRecord::OffsetCommit { value, .. } => value.as_ref().map(|value| {
                let mut facts = vec![self.entry_offset(value.offset.offset)];
                facts.extend(value.offset.leader_epoch.map(|epoch| self.entry_leader_epoch(epoch)));
                facts.extend(Some(value.offset.metadata.to_string()).filter(|metadata| !metadata.is_empty()));
                facts.extend(entry.committed_at.map(|at| self.entry_committed_at(at)));
                facts.join(" · ")
            }),
            CoordinatorRecord::GroupMetadata { value, .. } => {
                value.as_ref().map(|value| self.group_metadata(value))
            }
            CoordinatorRecord::ConsumerGroupMetadata { value, .. } => {
                value.map(|value| self.entry_epoch(value.epoch))
            }
            CoordinatorRecord::ConsumerGroupMemberMetadata { value, .. } => value.as_ref().map(|value| {
                let topics: Vec<&str> = value.subscribed_topic_names.iter().map(|topic| &**topic).collect();
                format!("{} · {}", value.client_id, self.entry_subscribes(&topics.join(", ")))
            }),
            CoordinatorRecord::ConsumerGroupTargetAssignmentMetadata { value, .. } => {
                value.map(|epoch| self.entry_epoch(epoch))
            }
            CoordinatorRecord::ConsumerGroupTargetAssignmentMember { value, .. } => {
                value.as_ref().map(|value| self.numbers(value.iter()))
            }
            CoordinatorRecord::ConsumerGroupCurrentMemberAssignment { value, .. } => {
                value.as_ref().map(|value| {
                    let held = self.numbers(value.assigned_partitions.iter());
                    format!("{} · {} · {held}", self.entry_epoch(value.member_epoch), value.state)
                })
            }
        };
        value.unwrap_or_else(|| self.tombstone().to_owned())
    }

    fn group_metadata(self, value: &GroupMetadataValue) -> String {
        let protocol = value.protocol.as_deref().unwrap_or(self.entry_no_protocol());
        let mut facts = vec![self.generation(value.generation), protocol.to_owned()];
        facts.extend(value.leader.as_deref().map(|leader| self.entry_leader(&short(leader))));
        facts.push(self.members(value.members.len()));
        facts.extend(value.members.iter().map(|member| {
            self.entry_holds(&short(&member.member_id), &self.partitions_or_nothing(&member.assignment))
        }));
        facts.join(" · ")
    }

    fn partitions_or_nothing(self, partitions: &[TopicPartition]) -> String {
        if partitions.is_empty() {
            return self.entry_nothing().to_owned();
        }
        partitions.iter().map(TopicPartition::to_string).collect::<Vec<_>>().join(", ")
    }

    /// The records of KIP-848 groups name topics by their ids, which nobody reads.
    fn numbers<'a>(self, partitions: impl Iterator<Item = &'a TopicIdPartition>) -> String {
        let numbers: Vec<_> = partitions.map(|partition| format!("P{}", partition.partition)).collect();
        if numbers.is_empty() { self.entry_nothing().to_owned() } else { numbers.join(", ") }
    }
}

/// The beginning of a member id: its client id, and a little of the UUID.
fn short(member: &str) -> String {
    match member.char_indices().nth(MEMBER) {
        Some((cut, _)) => format!("{}…", &member[..cut]),
        None => member.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use kafka_core::group::OffsetCommitValue;
    use kafka_core::protocol::OffsetAndMetadata;

    use super::*;

    fn entry(value: Option<OffsetCommitValue>) -> Entry {
        let record = CoordinatorRecord::OffsetCommit {
            group: "g".into(),
            partition: TopicPartition::new("t", 2),
            value,
        };
        let (at, committed_at) = (SimTime::from_millis(7), Some(SimTime::from_millis(5)));
        Entry { at, partition: 3, offset: 12, record, committed_at }
    }

    #[test]
    fn an_offset_commit_reads_as_its_key_and_its_value() {
        let (en, ko) = (Text(Language::English), Text(Language::Korean));
        let offset = OffsetAndMetadata { offset: 5, leader_epoch: Some(0), metadata: "".into() };
        let commit = entry(Some(OffsetCommitValue { offset, commit_timestamp: 1 }));
        assert_eq!(en.entry_key(&commit.record), "g, t, 2");
        assert_eq!(en.entry_value(&commit), "offset 5 · leader epoch 0 · committed at 00:00.005");
        assert_eq!(ko.entry_value(&commit), "오프셋 5 · 리더 에포크 0 · 커밋 시각 00:00.005");
        assert_eq!(en.entry_value(&entry(None)), "null (tombstone)");
    }
}
