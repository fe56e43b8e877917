//! What happened, worded.

use kafka_core::event::{Event, PartitionChoice, PositionOrigin, SendFailure};
use kafka_core::group::{LeaveReason, OffsetRemovalReason};
use kafka_core::topic::TopicPartition;
use playground::scene::Happening;

use super::{Language, Text, catalogue};

catalogue! {
    someone { en: "a client", ko: "클라이언트" }
    topic_created(topic: &str, partitions: u32, replication: u32) { en: "topic {topic} created · partitions {partitions} · RF {replication}", ko: "토픽 {topic} 생성 · 파티션 {partitions}개 · RF {replication}" }
    started(who: &str) { en: "{who} started", ko: "{who} 시작" }
    closed(who: &str) { en: "{who} closed", ko: "{who} 종료" }
    killed(who: &str) { en: "{who} killed", ko: "{who} 강제 종료" }
    metadata_error(who: &str, topic: &str, error: &str) { en: "{who} has no metadata of {topic} · {error}", ko: "{who} · {topic} 메타데이터 없음 · {error}" }
    partitioned_by_key(who: &str, partition: &str) { en: "{who} · key hashed to {partition}", ko: "{who} · 키 해시로 {partition} 선택" }
    partitioned(who: &str, partition: &str) { en: "{who} · {partition} chosen", ko: "{who} · {partition} 선택" }
    batch_sent(who: &str, partition: &str, records: u32, bytes: u32) { en: "{who} → {partition} · rec {records} · {bytes} B", ko: "{who} → {partition} · {records}건 · {bytes} B" }
    batch_acknowledged(who: &str, partition: &str, records: u32) { en: "{partition} acknowledged to {who} · rec {records}", ko: "{partition} → {who} 확인 응답 · {records}건" }
    record_failed(who: &str, topic: &str, why: &str) { en: "{who} · record for {topic} failed · {why}", ko: "{who} · {topic} 레코드 전송 실패 · {why}" }
    failed_no_metadata { en: "no metadata within max.block.ms", ko: "max.block.ms 안에 메타데이터를 받지 못함" }
    failed_no_partition(partition: u32) { en: "no partition {partition}", ko: "파티션 {partition} 없음" }
    failed_too_large(bytes: u32, limit: u32) { en: "{bytes} B is over {limit} B", ko: "{bytes} B가 한도 {limit} B를 넘음" }
    failed_invalid_topic { en: "invalid topic name", ko: "잘못된 토픽 이름" }
    failed_no_memory { en: "no memory within max.block.ms", ko: "max.block.ms 안에 버퍼 메모리를 얻지 못함" }
    failed_closed { en: "the producer is closed", ko: "프로듀서가 닫힘" }
    appended(partition: &str, offset: i64, records: u32) { en: "{partition} appended rec {records} at {offset}", ko: "{partition} · 오프셋 {offset}부터 {records}건 추가" }
    watermark(partition: &str, from: i64, to: i64) { en: "{partition} HW {from} → {to}", ko: "{partition} HW {from} → {to}" }
    group_state(group: &str, from: &str, to: &str) { en: "{group} · {from} → {to}", ko: "{group} · {from} → {to}" }
    member_added(group: &str, who: &str) { en: "{who} joins {group}", ko: "{who} · {group} 참여" }
    member_removed(group: &str, who: &str, why: &str) { en: "{who} is out of {group} · {why}", ko: "{who} · {group}에서 제외 · {why}" }
    left { en: "left", ko: "스스로 나감" }
    session_expired { en: "session.timeout.ms passed", ko: "session.timeout.ms 초과" }
    rebalance_timeout { en: "did not rejoin in time", ko: "제때 다시 참여하지 않음" }
    sync_timeout { en: "did not sync in time", ko: "제때 동기화하지 않음" }
    group_full { en: "the group was full", ko: "그룹 정원 초과" }
    replaced { en: "replaced by the same group.instance.id", ko: "같은 group.instance.id로 교체됨" }
    offset_committed(group: &str, partition: &str, offset: i64) { en: "{group} committed {partition} @ {offset}", ko: "{group} · {partition} @ {offset} 커밋" }
    offset_removed(group: &str, partition: &str, why: &str) { en: "{group} has no offset of {partition} any more · {why}", ko: "{group} · {partition} 오프셋 삭제 · {why}" }
    removed_expired { en: "expired", ko: "보존 기간 만료" }
    removed_deleted { en: "deleted", ko: "직접 삭제" }
    removed_with_group { en: "group deleted", ko: "그룹 삭제" }
    removed_with_topic { en: "topic deleted", ko: "토픽 삭제" }
    coordinator_found(who: &str, broker: u32) { en: "{who} found its coordinator · broker {broker}", ko: "{who} · 코디네이터 확인 · 브로커 {broker}" }
    joined(who: &str, generation: i32) { en: "{who} joined generation {generation}", ko: "{who} · 세대 {generation} 참여" }
    joined_as_leader(who: &str, generation: i32) { en: "{who} joined generation {generation} as leader", ko: "{who} · 세대 {generation}에 리더로 참여" }
    assigned(who: &str, partitions: &str) { en: "{who} assigned {partitions}", ko: "{who} · {partitions} 할당" }
    assigned_nothing(who: &str) { en: "{who} assigned nothing new", ko: "{who} · 새로 할당된 파티션 없음" }
    partitions_revoked(who: &str, partitions: &str) { en: "{who} revoked {partitions}", ko: "{who} · {partitions} 회수" }
    partitions_lost(who: &str, partitions: &str) { en: "{who} lost {partitions}", ko: "{who} · {partitions} 잃음" }
    position_set(who: &str, partition: &str, offset: i64, origin: &str) { en: "{who} reads {partition} from {offset} · {origin}", ko: "{who} · {partition} {offset}부터 읽음 · {origin}" }
    origin_committed { en: "committed offset", ko: "커밋된 오프셋" }
    origin_earliest { en: "reset to earliest", ko: "earliest로 초기화" }
    origin_latest { en: "reset to latest", ko: "latest로 초기화" }
    origin_by_duration { en: "reset by duration", ko: "by_duration으로 초기화" }
    origin_sought { en: "seek", ko: "seek" }
    polled(who: &str, records: usize) { en: "{who} polled rec {records}", ko: "{who} · {records}건 poll" }
    partitions_created(topic: &str, partitions: u32) { en: "topic {topic} now has {partitions} partitions", ko: "토픽 {topic} · 파티션 {partitions}개로 증가" }
    processed(who: &str, records: usize) { en: "{who} processed rec {records}", ko: "{who} · {records}건 처리" }
    processing_failed(who: &str, record: &str) { en: "{who} could not process {record}", ko: "{who} · {record} 처리 실패" }
    paused(who: &str, partitions: &str) { en: "{who} paused {partitions}", ko: "{who} · {partitions} 일시 정지" }
    resumed(who: &str, partitions: &str) { en: "{who} resumed {partitions}", ko: "{who} · {partitions} 재개" }
    subscribed(who: &str, topics: &str) { en: "{who} subscribed to {topics}", ko: "{who} · {topics} 구독" }
    unsubscribed(who: &str) { en: "{who} unsubscribed", ko: "{who} · 구독 해제" }
    listener_threw(who: &str) { en: "{who} · rebalance listener threw", ko: "{who} · 리밸런스 리스너에서 예외 발생" }
    poll_interval_exceeded(who: &str) { en: "{who} leaves · no poll() for max.poll.interval.ms", ko: "{who} 그룹 이탈 · max.poll.interval.ms 동안 poll() 없음" }
    commit_completed(who: &str) { en: "{who} · commit confirmed", ko: "{who} · 커밋 완료" }
    commit_failed(who: &str, error: &str) { en: "{who} could not commit · {error}", ko: "{who} · 커밋 실패 · {error}" }
    consumer_failed(who: &str, error: &str) { en: "{who} cannot go on · {error}", ko: "{who} · 계속할 수 없음 · {error}" }
}

impl Text {
    pub(crate) fn happening(self, happening: &Happening) -> String {
        let who = happening.who.as_deref().unwrap_or(self.someone());
        match &happening.event {
            Event::TopicCreated { topic, partitions, replication_factor } => {
                self.topic_created(topic, *partitions, *replication_factor)
            }
            Event::ProducerStarted { .. } | Event::ConsumerStarted { .. } => self.started(who),
            Event::ProducerClosed { .. } | Event::ConsumerClosed { .. } => self.closed(who),
            Event::ClientKilled { .. } => self.killed(who),
            Event::MetadataErrorReceived { topic, error, .. } => {
                self.metadata_error(who, topic, error.name())
            }
            Event::RecordPartitioned { partition, choice: PartitionChoice::Keyed { .. }, .. } => {
                self.partitioned_by_key(who, &partition.to_string())
            }
            Event::RecordPartitioned { partition, .. } => self.partitioned(who, &partition.to_string()),
            Event::BatchSent { partition, records, bytes, .. } => {
                self.batch_sent(who, &partition.to_string(), *records, *bytes)
            }
            Event::BatchAcknowledged { partition, records, .. } => {
                self.batch_acknowledged(who, &partition.to_string(), *records)
            }
            Event::RecordFailed { topic, failure, .. } => {
                self.record_failed(who, topic, &self.send_failure(failure))
            }
            Event::RecordsAppended { partition, base_offset, records, .. } => {
                self.appended(&partition.to_string(), *base_offset, *records)
            }
            Event::HighWatermarkAdvanced { partition, from, to } => {
                self.watermark(&partition.to_string(), *from, *to)
            }
            Event::GroupStateChanged { group, from, to, .. } => {
                self.group_state(group, &from.to_string(), &to.to_string())
            }
            Event::MemberAdded { group, .. } => self.member_added(group, who),
            Event::MemberRemoved { group, reason, .. } => {
                self.member_removed(group, who, self.leave_reason(*reason))
            }
            Event::OffsetCommitted { group, partition, offset } => {
                self.offset_committed(group, &partition.to_string(), offset.offset)
            }
            Event::OffsetRemoved { group, partition, reason } => {
                self.offset_removed(group, &partition.to_string(), self.removal_reason(*reason))
            }
            Event::CoordinatorDiscovered { coordinator, .. } => self.coordinator_found(who, coordinator.0),
            Event::MemberJoined { generation, leader: true, .. } => self.joined_as_leader(who, *generation),
            Event::MemberJoined { generation, leader: false, .. } => self.joined(who, *generation),
            Event::PartitionsAssigned { added, .. } if added.is_empty() => self.assigned_nothing(who),
            Event::PartitionsAssigned { added, .. } => self.assigned(who, &list(added)),
            Event::PartitionsRevoked { partitions, .. } => self.partitions_revoked(who, &list(partitions)),
            Event::PartitionsLost { partitions, .. } => self.partitions_lost(who, &list(partitions)),
            Event::PositionSet { partition, offset, origin, .. } => {
                self.position_set(who, &partition.to_string(), *offset, self.origin(*origin))
            }
            Event::RecordsPolled { records, .. } => self.polled(who, records.len()),
            Event::PartitionsCreated { topic, partitions } => self.partitions_created(topic, *partitions),
            Event::RecordsProcessed { records, .. } => self.processed(who, records.len()),
            Event::ProcessingFailed { record, .. } => {
                self.processing_failed(who, &format!("{} @ {}", record.partition, record.offset))
            }
            Event::PartitionsPaused { partitions, .. } => self.paused(who, &list(partitions)),
            Event::PartitionsResumed { partitions, .. } => self.resumed(who, &list(partitions)),
            Event::SubscriptionChanged { topics, .. } if topics.is_empty() => self.unsubscribed(who),
            Event::SubscriptionChanged { topics, .. } => self.subscribed(who, &topics.join(", ")),
            Event::ListenerThrew { .. } => self.listener_threw(who),
            Event::PollIntervalExceeded { .. } => self.poll_interval_exceeded(who),
            Event::CommitCompleted { .. } => self.commit_completed(who),
            Event::CommitFailed { error, .. } => self.commit_failed(who, error.name()),
            Event::ConsumerFailed { error, .. } => self.consumer_failed(who, error.name()),
        }
    }

    fn send_failure(self, failure: &SendFailure) -> String {
        match failure {
            SendFailure::NoMetadata { .. } => self.failed_no_metadata().to_owned(),
            SendFailure::NoSuchPartition { partition, .. } => self.failed_no_partition(*partition),
            SendFailure::RecordTooLarge { bytes, limit, .. } => self.failed_too_large(*bytes, *limit),
            SendFailure::InvalidTopic { .. } => self.failed_invalid_topic().to_owned(),
            SendFailure::BufferExhausted { .. } => self.failed_no_memory().to_owned(),
            SendFailure::Rejected(error) => error.name().to_owned(),
            SendFailure::ProducerClosed => self.failed_closed().to_owned(),
        }
    }

    const fn leave_reason(self, reason: LeaveReason) -> &'static str {
        match reason {
            LeaveReason::Left => self.left(),
            LeaveReason::SessionExpired => self.session_expired(),
            LeaveReason::RebalanceTimeout => self.rebalance_timeout(),
            LeaveReason::SyncTimeout => self.sync_timeout(),
            LeaveReason::Replaced => self.replaced(),
            LeaveReason::GroupMaxSizeReached => self.group_full(),
        }
    }

    const fn removal_reason(self, reason: OffsetRemovalReason) -> &'static str {
        match reason {
            OffsetRemovalReason::Expired => self.removed_expired(),
            OffsetRemovalReason::Deleted => self.removed_deleted(),
            OffsetRemovalReason::GroupDeleted => self.removed_with_group(),
            OffsetRemovalReason::TopicDeleted => self.removed_with_topic(),
        }
    }

    const fn origin(self, origin: PositionOrigin) -> &'static str {
        match origin {
            PositionOrigin::Committed => self.origin_committed(),
            PositionOrigin::ResetEarliest => self.origin_earliest(),
            PositionOrigin::ResetLatest => self.origin_latest(),
            PositionOrigin::ResetByDuration => self.origin_by_duration(),
            PositionOrigin::Sought => self.origin_sought(),
        }
    }
}

fn list(partitions: &[TopicPartition]) -> String {
    partitions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
