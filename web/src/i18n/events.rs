//! What happened, worded.

use kafka_core::broker::DeletionReason;
use kafka_core::event::{BrokerChange, Event, PartitionChoice, PositionOrigin, SendFailure};
use kafka_core::group::{LeaveReason, OffsetRemovalReason};
use kafka_core::protocol::BrokerId;
use kafka_core::record::{Bytes, TransactionResult};
use kafka_core::topic::TopicPartition;
use playground::scene::Happening;

use super::{Language, Text, catalogue};

catalogue! {
    someone { en: "A client", ko: "클라이언트" }
    records(count: u64) { one: "{count} record", en: "{count} records", ko: "레코드 {count}개" }
    partitions(count: u32) { one: "{count} partition", en: "{count} partitions", ko: "파티션 {count}개" }
    topic_created(topic: &str, partitions: &str, replication: u32) { en: "Topic {topic} created: {partitions}, replication factor {replication}", ko: "토픽 {topic} 생성: {partitions}, 복제 팩터 {replication}" }
    started(who: &str) { en: "{who} started", ko: "{who} 시작" }
    closed(who: &str) { en: "{who} shut down", ko: "{who} 정상 종료" }
    suspended(who: &str) { en: "{who} stands still", ko: "{who} 일시 정지됨" }
    continued(who: &str) { en: "{who} goes on", ko: "{who} 다시 실행됨" }
    killed(who: &str) { en: "{who} was killed", ko: "{who} 강제 종료됨" }
    metadata_error(who: &str, topic: &str, error: &str) { en: "{who} got no metadata of topic {topic}: {error}", ko: "{who}: 토픽 {topic}의 메타데이터를 받지 못함 ({error})" }
    partitioned_by_key(key: &str, partition: &str) { en: "Key {key} hashes to {partition}", ko: "키 {key} 해시 → {partition}" }
    partitioned_stickily(partition: &str) { en: "A record without a key goes to {partition}, the sticky partition", ko: "키 없는 레코드 → {partition} (스티키 파티션)" }
    partitioned_by_script(partition: &str) { en: "Your partitioner chose {partition}", ko: "작성한 파티셔너의 선택 → {partition}" }
    partitioned_in_turn(partition: &str) { en: "It is the turn of {partition}", ko: "라운드 로빈 차례 → {partition}" }
    partitioned_explicitly(partition: &str) { en: "A record names its partition, {partition}", ko: "레코드가 지정한 파티션 → {partition}" }
    batch_sent(who: &str, partition: &str, records: &str, bytes: u32) { en: "{who} sent {records} to {partition} ({bytes} B)", ko: "{who}: {partition}에 {records} 전송 ({bytes} B)" }
    batch_acknowledged(who: &str, partition: &str, records: &str) { en: "{partition} acknowledged {records} to {who}", ko: "{who}: {partition}에 보낸 {records} ack 받음" }
    record_failed(who: &str, topic: &str, why: &str) { en: "{who} could not send a record to {topic}: {why}", ko: "{who}: {topic}에 레코드 전송 실패 ({why})" }
    failed_no_metadata { en: "no metadata within max.block.ms", ko: "max.block.ms 안에 메타데이터를 받지 못함" }
    failed_no_partition(partition: u32) { en: "there is no partition {partition}", ko: "파티션 {partition} 없음" }
    failed_too_large(bytes: u32, limit: u32) { en: "{bytes} B is more than {limit} B", ko: "{bytes} B, 한도 {limit} B 초과" }
    failed_invalid_topic { en: "the topic's name is invalid", ko: "잘못된 토픽 이름" }
    failed_no_memory { en: "no buffer memory within max.block.ms", ko: "max.block.ms 안에 버퍼 메모리를 얻지 못함" }
    failed_closed { en: "the producer is closed", ko: "프로듀서가 닫힘" }
    appended(partition: &str, records: &str, offset: i64) { en: "{records} appended to {partition} at offset {offset}", ko: "{partition}에 {records} 추가 (오프셋 {offset})" }
    watermark(partition: &str, from: i64, to: i64) { en: "High watermark of {partition}: {from} → {to}", ko: "{partition} 하이 워터마크: {from} → {to}" }
    group_state(group: &str, from: &str, to: &str) { en: "Group {group}: {from} → {to}", ko: "그룹 {group}: {from} → {to}" }
    member_added(group: &str, who: &str) { en: "{who} asks to join group {group}", ko: "{who}: 그룹 {group}에 참여 요청" }
    member_left(group: &str, who: &str) { en: "{who} left group {group}", ko: "{who}: 그룹 {group}에서 나감" }
    member_removed(group: &str, who: &str, why: &str) { en: "Group {group} removed {who}: {why}", ko: "그룹 {group}: {who} 제외 ({why})" }
    session_expired { en: "no heartbeat within session.timeout.ms", ko: "session.timeout.ms 동안 하트비트 없음" }
    rebalance_timeout { en: "it did not rejoin in time", ko: "제한 시간 안에 다시 참여하지 않음" }
    sync_timeout { en: "it did not sync in time", ko: "제한 시간 안에 동기화하지 않음" }
    group_full { en: "the group is full", ko: "그룹 정원 초과" }
    replaced { en: "another member has its group.instance.id", ko: "같은 group.instance.id를 쓰는 멤버로 교체" }
    offset_committed(group: &str, partition: &str, offset: i64) { en: "Group {group} committed offset {offset} of {partition}", ko: "그룹 {group}: {partition} 오프셋 {offset} 커밋" }
    offset_removed(group: &str, partition: &str, why: &str) { en: "Group {group} no longer has an offset of {partition}: {why}", ko: "그룹 {group}: {partition} 커밋 오프셋 삭제 ({why})" }
    removed_expired { en: "it expired", ko: "보존 기간 만료" }
    removed_deleted { en: "it was deleted", ko: "직접 삭제" }
    removed_with_group { en: "the group was deleted", ko: "그룹 삭제" }
    removed_with_topic { en: "the topic was deleted", ko: "토픽 삭제" }
    coordinator_found(who: &str, broker: u32) { en: "{who} found its coordinator, broker {broker}", ko: "{who}: 코디네이터는 브로커 {broker}" }
    joined(who: &str, generation: i32) { en: "{who} joined generation {generation}", ko: "{who}: 세대 {generation} 참여" }
    joined_as_leader(who: &str, generation: i32) { en: "{who} joined generation {generation} as its leader", ko: "{who}: 세대 {generation}에 리더로 참여" }
    epoch_reached(who: &str, epoch: i32) { en: "{who} is at member epoch {epoch}", ko: "{who}: 멤버 에포크 {epoch}" }
    assigned(who: &str, partitions: &str) { en: "{who} was assigned {partitions}", ko: "{who}: {partitions} 할당됨" }
    assigned_nothing(who: &str) { en: "{who} was assigned nothing new", ko: "{who}: 새로 할당된 파티션 없음" }
    partitions_revoked(who: &str, partitions: &str) { en: "{who} gave up {partitions}", ko: "{who}: {partitions} 회수됨" }
    partitions_lost(who: &str, partitions: &str) { en: "{who} lost {partitions}", ko: "{who}: {partitions} 소유권 상실" }
    position_set(who: &str, partition: &str, offset: i64, origin: &str) { en: "{who} reads {partition} from offset {offset} ({origin})", ko: "{who}: {partition} 오프셋 {offset}부터 읽음 ({origin})" }
    origin_committed { en: "as committed", ko: "커밋된 위치" }
    origin_earliest { en: "auto.offset.reset=earliest", ko: "auto.offset.reset=earliest" }
    origin_latest { en: "auto.offset.reset=latest", ko: "auto.offset.reset=latest" }
    origin_sought { en: "as told", ko: "지정한 위치" }
    polled(who: &str, records: &str) { en: "{who} read {records}", ko: "{who}: {records} 읽음" }
    commit_failed(who: &str, error: &str) { en: "{who} could not commit: {error}", ko: "{who}: 커밋 실패 ({error})" }
    consumer_failed(who: &str, error: &str) { en: "{who} stopped with an error: {error}", ko: "{who}: 오류로 중단 ({error})" }
    origin_by_duration { en: "auto.offset.reset=by_duration", ko: "auto.offset.reset=by_duration" }
    partitions_created(topic: &str, partitions: &str) { en: "Topic {topic} grew to {partitions}", ko: "토픽 {topic}: {partitions}로 증가" }
    topic_deleted(topic: &str) { en: "Topic {topic} was deleted", ko: "토픽 {topic} 삭제" }
    config_set(resource: &str, setting: &str) { en: "{resource}: {setting} was set", ko: "{resource}: {setting} 설정" }
    config_unset(resource: &str, setting: &str) { en: "{resource}: {setting} is the default again", ko: "{resource}: {setting} 기본값으로 되돌림" }
    records_deleted(partition: &str, offset: i64) { en: "{partition}: records before offset {offset} were deleted", ko: "{partition}: 오프셋 {offset} 이전 레코드 삭제" }
    processed(who: &str, records: &str) { en: "{who} processed {records}", ko: "{who}: {records} 처리" }
    processing_failed(who: &str, record: &str) { en: "{who} could not process {record}", ko: "{who}: {record} 처리 실패" }
    paused(who: &str, partitions: &str) { en: "{who} paused {partitions}", ko: "{who}: {partitions} 일시 정지" }
    resumed(who: &str, partitions: &str) { en: "{who} resumed {partitions}", ko: "{who}: {partitions} 재개" }
    subscribed(who: &str, topics: &str) { en: "{who} subscribed to {topics}", ko: "{who}: {topics} 구독" }
    unsubscribed(who: &str) { en: "{who} unsubscribed", ko: "{who}: 구독 해제" }
    listener_threw(who: &str) { en: "The rebalance listener of {who} threw an exception", ko: "{who}: 리밸런싱 리스너에서 예외 발생" }
    poll_interval_exceeded(who: &str) { en: "{who} leaves: no poll() within max.poll.interval.ms", ko: "{who}: max.poll.interval.ms 동안 poll() 없음, 그룹에서 나감" }
    broker_shutting_down(broker: u32) { en: "Broker {broker} shuts down and hands over its partitions", ko: "브로커 {broker}: 파티션을 넘기고 종료하는 중" }
    broker_stopped(broker: u32) { en: "Broker {broker} stopped", ko: "브로커 {broker} 정상 종료" }
    broker_killed(broker: u32) { en: "Broker {broker} was killed", ko: "브로커 {broker} 강제 종료됨" }
    broker_started(broker: u32) { en: "Broker {broker} started", ko: "브로커 {broker} 시작" }
    broker_paused(broker: u32) { en: "Broker {broker} was paused", ko: "브로커 {broker} 일시 정지" }
    broker_unpaused(broker: u32) { en: "Broker {broker} goes on", ko: "브로커 {broker} 재개" }
    broker_disconnected(broker: u32) { en: "Broker {broker} was cut off from the network", ko: "브로커 {broker} 네트워크 단절" }
    broker_connected(broker: u32) { en: "Broker {broker} is on the network again", ko: "브로커 {broker} 네트워크 재연결" }
    broker_fenced(broker: u32) { en: "The controller fenced broker {broker}", ko: "컨트롤러가 브로커 {broker} 펜싱" }
    broker_unfenced(broker: u32) { en: "The controller let broker {broker} back in", ko: "컨트롤러가 브로커 {broker} 펜싱 해제" }
    leader_elected(partition: &str, leader: u32, epoch: i32) { en: "Broker {leader} leads {partition} (leader epoch {epoch})", ko: "{partition} 리더: 브로커 {leader} (리더 에포크 {epoch})" }
    leader_elected_uncleanly(partition: &str, leader: u32, epoch: i32) { en: "Broker {leader} leads {partition} after an unclean election (leader epoch {epoch})", ko: "{partition} 리더: 브로커 {leader}, 언클린 선출 (리더 에포크 {epoch})" }
    leadership_began(partition: &str, leader: u32, epoch: i32, offset: i64) { en: "Broker {leader} begins leader epoch {epoch} of {partition} at offset {offset}", ko: "브로커 {leader}: {partition} 리더 에포크 {epoch} 시작 (오프셋 {offset})" }
    leader_lost(partition: &str) { en: "{partition} has no leader", ko: "{partition}: 리더 없음" }
    isr_changed(partition: &str, from: &str, to: &str) { en: "In-sync replicas of {partition}: {from} → {to}", ko: "{partition} ISR: {from} → {to}" }
    replicas_settled(partition: &str, replicas: &str) { en: "{partition} is on {replicas}", ko: "{partition} 레플리카 배치: {replicas}" }
    replicas_moving(partition: &str, adding: &str, removing: &str) { en: "{partition} moves: to {adding}, away from {removing}", ko: "{partition} 재배치 시작: 추가 {adding}, 제거 {removing}" }
    election_refused(partition: &str, error: &str) { en: "No leader was elected for {partition}: {error}", ko: "{partition}: 리더를 선출하지 않음 ({error})" }
    log_truncated(broker: u32, partition: &str, from: i64, to: i64) { en: "Broker {broker} truncated {partition}: {from} → {to}", ko: "브로커 {broker}: {partition} 로그 절단 {from} → {to}" }
    batch_retried(who: &str, partition: &str, records: &str, error: &str) { en: "{who} will send {records} to {partition} again: {error}", ko: "{who}: {partition}에 {records} 재전송 예정 ({error})" }
    batch_split(who: &str, partition: &str, records: &str, batches: u32) { en: "{who} sends {records} to {partition} again in {batches} smaller batches: the broker found one too large", ko: "{who}: 배치가 max.message.bytes보다 커서 {partition}의 {records}를 배치 {batches}개로 나눠 다시 전송" }
    segment_rolled(broker: u32, partition: &str, offset: i64) { en: "Broker {broker} began a new segment of {partition} at offset {offset}", ko: "브로커 {broker}: {partition}의 새 세그먼트 시작 (오프셋 {offset})" }
    segment_deleted_by_time(broker: u32, partition: &str, offset: i64, start: i64) { en: "Broker {broker} deleted the segment of {partition} at offset {offset}, older than retention.ms; the log now starts at {start}", ko: "브로커 {broker}: retention.ms가 지난 {partition}의 세그먼트(오프셋 {offset}) 삭제, 로그 시작 오프셋 {start}" }
    segment_deleted_by_size(broker: u32, partition: &str, offset: i64, start: i64) { en: "Broker {broker} deleted the segment of {partition} at offset {offset}, beyond retention.bytes; the log now starts at {start}", ko: "브로커 {broker}: 로그가 retention.bytes를 넘어 {partition}의 세그먼트(오프셋 {offset}) 삭제, 로그 시작 오프셋 {start}" }
    segment_deleted_below_start(broker: u32, partition: &str, offset: i64, start: i64) { en: "Broker {broker} deleted the segment of {partition} at offset {offset}, below the log start offset {start}", ko: "브로커 {broker}: 로그 시작 오프셋 {start}보다 앞선 {partition}의 세그먼트(오프셋 {offset}) 삭제" }
    log_compacted(broker: u32, partition: &str, before: u64, after: u64, until: i64) { en: "Broker {broker} compacted {partition} up to offset {until}: {before} → {after} records", ko: "브로커 {broker}: {partition} 로그 컴팩션 (오프셋 {until} 앞까지), 레코드 {before}개 → {after}개" }
    failed_without_key { en: "a compacted topic takes no record without a key", ko: "컴팩션 토픽에는 키 없는 레코드를 보낼 수 없음" }
    failed_with_batch { en: "another record of its batch was invalid", ko: "같은 배치의 다른 레코드가 유효하지 않음" }
    producer_id_assigned(who: &str, id: i64, epoch: i16) { en: "{who} is producer {id}, epoch {epoch}", ko: "{who}: 프로듀서 ID {id}, 에포크 {epoch}" }
    duplicate_discarded(partition: &str, records: &str, offset: i64) { en: "{records} for {partition} came a second time, are there since offset {offset}, and were not appended", ko: "{partition}: 이미 오프셋 {offset}에 있는 {records}이(가) 다시 와서 추가하지 않음" }
    failed_negative_partition(partition: i32) { en: "the partitioner chose {partition}, which is negative", ko: "파티셔너가 음수 {partition}을(를) 돌려줌" }
    failed_partitioner(message: &str) { en: "the partitioner failed: {message}", ko: "파티셔너 오류: {message}" }
    failed_disconnected(broker: u32) { en: "broker {broker} did not answer", ko: "브로커 {broker}의 응답 없음" }
    failed_expired { en: "not delivered within delivery.timeout.ms", ko: "delivery.timeout.ms 안에 전달하지 못함" }
    transaction_state(id: &str, from: &str, to: &str) { en: "Transaction of {id}: {from} → {to}", ko: "{id}의 트랜잭션: {from} → {to}" }
    transaction_timed_out(id: &str) { en: "The transaction of {id} was open for longer than transaction.timeout.ms, and is aborted", ko: "{id}의 트랜잭션이 transaction.timeout.ms를 넘겨 중단됨" }
    transaction_call(who: &str, call: &str) { en: "{who}: {call}() returned", ko: "{who}: {call}() 완료" }
    transaction_call_failed(who: &str, call: &str, error: &str) { en: "{who}: {call}() failed, {error}", ko: "{who}: {call}() 실패 ({error})" }
    commit_marker(partition: &str, offset: i64) { en: "{partition}: the transaction is committed, with a marker at offset {offset}", ko: "{partition}: 오프셋 {offset}에 커밋 마커 기록" }
    abort_marker(partition: &str, offset: i64) { en: "{partition}: the transaction is aborted, with a marker at offset {offset}", ko: "{partition}: 오프셋 {offset}에 중단(abort) 마커 기록" }
    offsets_skipped(who: &str, partition: &str, from: i64, last: i64) { en: "{who} passed over offsets {from} to {last} of {partition}", ko: "{who}: {partition} 오프셋 {from}~{last} 건너뜀" }
    failed_aborted { en: "the transaction was aborted", ko: "트랜잭션이 중단됨" }
    failed_outside { en: "there is no transaction to send it in", ko: "진행 중인 트랜잭션이 없음" }
    commit_completed(who: &str) { en: "{who} heard that its commit succeeded", ko: "{who}: 커밋 완료 확인" }
}

/// How much of a key a sentence carries, in characters.
const KEY: usize = 24;

impl Text {
    pub(crate) fn happening(self, happening: &Happening) -> String {
        let who = happening.who.as_deref().unwrap_or(self.someone());
        match &happening.event {
            Event::TopicCreated { topic, partitions, replication_factor } => {
                self.topic_created(topic, &self.partitions(*partitions), *replication_factor)
            }
            Event::BrokerChanged { broker, change } => self.broker_changed(broker.0, *change),
            Event::LeaderElected { partition, to: None, .. } => self.leader_lost(&partition.to_string()),
            Event::LeaderElected { partition, to: Some(to), leader_epoch, unclean, .. } => {
                let worded = if *unclean { Self::leader_elected_uncleanly } else { Self::leader_elected };
                worded(self, &partition.to_string(), to.0, *leader_epoch)
            }
            Event::LeadershipBegan { broker, partition, leader_epoch, log_end_offset, .. } => {
                self.leadership_began(&partition.to_string(), broker.0, *leader_epoch, *log_end_offset)
            }
            Event::IsrChanged { partition, from, to } => {
                self.isr_changed(&partition.to_string(), &brokers(from), &brokers(to))
            }
            Event::ReplicasChanged { partition, replicas, adding, removing } => {
                let (partition, replicas) = (partition.to_string(), brokers(replicas));
                if adding.is_empty() && removing.is_empty() {
                    self.replicas_settled(&partition, &replicas)
                } else {
                    self.replicas_moving(&partition, &brokers(adding), &brokers(removing))
                }
            }
            Event::ElectionRefused { partition, error } => {
                self.election_refused(&partition.to_string(), error.name())
            }
            Event::LogTruncated { broker, partition, from, to } => {
                self.log_truncated(broker.0, &partition.to_string(), *from, *to)
            }
            Event::BatchRetried { partition, records, error, .. } => self.batch_retried(
                who,
                &partition.to_string(),
                &self.records((*records).into()),
                error.name(),
            ),
            Event::BatchSplit { partition, records, batches, .. } => {
                let records = self.records((*records).into());
                self.batch_split(who, &partition.to_string(), &records, *batches)
            }
            Event::SegmentRolled { broker, partition, base_offset } => {
                self.segment_rolled(broker.0, &partition.to_string(), *base_offset)
            }
            Event::SegmentDeleted { broker, partition, base_offset, reason, log_start_offset, .. } => {
                let worded = match reason {
                    DeletionReason::RetentionTime => Self::segment_deleted_by_time,
                    DeletionReason::RetentionSize => Self::segment_deleted_by_size,
                    DeletionReason::LogStartOffset => Self::segment_deleted_below_start,
                };
                worded(self, broker.0, &partition.to_string(), *base_offset, *log_start_offset)
            }
            Event::LogCompacted { broker, partition, clean_until, records_before, records_after, .. } => self
                .log_compacted(
                    broker.0,
                    &partition.to_string(),
                    *records_before,
                    *records_after,
                    *clean_until,
                ),
            Event::ProducerIdAssigned { producer_id, epoch, .. } => {
                self.producer_id_assigned(who, *producer_id, *epoch)
            }
            Event::DuplicateDiscarded { partition, base_offset, records, .. } => {
                let records = self.records((*records).into());
                self.duplicate_discarded(&partition.to_string(), &records, *base_offset)
            }
            Event::TransactionStateChanged { transactional_id, from, to, .. } => {
                self.transaction_state(transactional_id, &from.to_string(), &to.to_string())
            }
            Event::TransactionTimedOut { transactional_id } => self.transaction_timed_out(transactional_id),
            Event::TransactionCallReturned { call, outcome: Ok(()), .. } => {
                self.transaction_call(who, &call.to_string())
            }
            Event::TransactionCallReturned { call, outcome: Err(error), .. } => {
                self.transaction_call_failed(who, &call.to_string(), error.name())
            }
            Event::MarkerAppended { partition, offset, result, .. } => match result {
                TransactionResult::Commit => self.commit_marker(&partition.to_string(), *offset),
                TransactionResult::Abort => self.abort_marker(&partition.to_string(), *offset),
            },
            Event::OffsetsSkipped { partition, from, to, .. } => {
                self.offsets_skipped(who, &partition.to_string(), *from, *to - 1)
            }
            Event::ProducerStarted { .. } | Event::ConsumerStarted { .. } => self.started(who),
            Event::ProducerClosed { .. } | Event::ConsumerClosed { .. } => self.closed(who),
            Event::ClientKilled { .. } => self.killed(who),
            Event::ClientSuspended { .. } => self.suspended(who),
            Event::ClientContinued { .. } => self.continued(who),
            Event::MetadataErrorReceived { topic, error, .. } => {
                self.metadata_error(who, topic, error.name())
            }
            Event::RecordPartitioned { key, partition, choice, .. } => {
                self.partitioned(key.as_ref(), &partition.to_string(), choice)
            }
            Event::BatchSent { partition, records, bytes, .. } => {
                self.batch_sent(who, &partition.to_string(), &self.records((*records).into()), *bytes)
            }
            Event::BatchAcknowledged { partition, records, .. } => {
                self.batch_acknowledged(who, &partition.to_string(), &self.records((*records).into()))
            }
            Event::RecordFailed { topic, failure, .. } => {
                self.record_failed(who, topic, &self.send_failure(failure))
            }
            Event::RecordsAppended { partition, base_offset, records, .. } => {
                self.appended(&partition.to_string(), &self.records((*records).into()), *base_offset)
            }
            Event::HighWatermarkAdvanced { partition, from, to } => {
                self.watermark(&partition.to_string(), *from, *to)
            }
            Event::GroupStateChanged { group, from, to, .. } => {
                self.group_state(group, &from.to_string(), &to.to_string())
            }
            Event::MemberAdded { group, .. } => self.member_added(group, who),
            Event::MemberRemoved { group, reason, .. } => self.member_gone(group, who, *reason),
            Event::OffsetCommitted { group, partition, offset } => {
                self.offset_committed(group, &partition.to_string(), offset.offset)
            }
            Event::OffsetRemoved { group, partition, reason } => {
                self.offset_removed(group, &partition.to_string(), self.removal_reason(*reason))
            }
            Event::CoordinatorDiscovered { coordinator, .. } => self.coordinator_found(who, coordinator.0),
            Event::MemberJoined { generation, leader: true, .. } => self.joined_as_leader(who, *generation),
            Event::MemberJoined { generation, leader: false, .. } => self.joined(who, *generation),
            Event::MemberEpochReached { epoch, .. } => self.epoch_reached(who, *epoch),
            Event::PartitionsAssigned { added, .. } if added.is_empty() => self.assigned_nothing(who),
            Event::PartitionsAssigned { added, .. } => self.assigned(who, &list(added)),
            Event::PartitionsRevoked { partitions, .. } => self.partitions_revoked(who, &list(partitions)),
            Event::PartitionsLost { partitions, .. } => self.partitions_lost(who, &list(partitions)),
            Event::PositionSet { partition, offset, origin, .. } => {
                self.position_set(who, &partition.to_string(), *offset, self.origin(*origin))
            }
            Event::RecordsPolled { records, .. } => self.polled(who, &self.records(records.len() as u64)),
            Event::PartitionsCreated { topic, partitions } => {
                self.partitions_created(topic, &self.partitions(*partitions))
            }
            Event::TopicDeleted { topic } => self.topic_deleted(topic),
            Event::ConfigAltered { resource, name, value: Some(value) } => {
                self.config_set(&resource.to_string(), &format!("{name}={value}"))
            }
            Event::ConfigAltered { resource, name, value: None } => {
                self.config_unset(&resource.to_string(), name)
            }
            Event::RecordsDeleted { partition, log_start_offset } => {
                self.records_deleted(&partition.to_string(), *log_start_offset)
            }
            Event::RecordsProcessed { records, .. } => {
                self.processed(who, &self.records(records.len() as u64))
            }
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

    fn broker_changed(self, broker: u32, change: BrokerChange) -> String {
        match change {
            BrokerChange::ShuttingDown => self.broker_shutting_down(broker),
            BrokerChange::Stopped => self.broker_stopped(broker),
            BrokerChange::Killed => self.broker_killed(broker),
            BrokerChange::Started => self.broker_started(broker),
            BrokerChange::Paused => self.broker_paused(broker),
            BrokerChange::Unpaused => self.broker_unpaused(broker),
            BrokerChange::Disconnected => self.broker_disconnected(broker),
            BrokerChange::Connected => self.broker_connected(broker),
            BrokerChange::Fenced => self.broker_fenced(broker),
            BrokerChange::Unfenced => self.broker_unfenced(broker),
        }
    }

    fn partitioned(self, key: Option<&Bytes>, partition: &str, choice: &PartitionChoice) -> String {
        match choice {
            PartitionChoice::Keyed { .. } => {
                let key = String::from_utf8_lossy(key.map_or(&[], |key| &key[..])).into_owned();
                let shown = match key.char_indices().nth(KEY) {
                    Some((cut, _)) => format!("{}…", &key[..cut]),
                    None => key,
                };
                self.partitioned_by_key(&shown, partition)
            }
            PartitionChoice::Explicit => self.partitioned_explicitly(partition),
            PartitionChoice::Sticky => self.partitioned_stickily(partition),
            PartitionChoice::RoundRobin => self.partitioned_in_turn(partition),
            PartitionChoice::Custom => self.partitioned_by_script(partition),
        }
    }

    fn send_failure(self, failure: &SendFailure) -> String {
        match failure {
            SendFailure::NoMetadata { .. } => self.failed_no_metadata().to_owned(),
            SendFailure::NoSuchPartition { partition, .. } => self.failed_no_partition(*partition),
            SendFailure::RecordTooLarge { bytes, limit, .. } => self.failed_too_large(*bytes, *limit),
            SendFailure::InvalidTopic { .. } => self.failed_invalid_topic().to_owned(),
            SendFailure::BufferExhausted { .. } => self.failed_no_memory().to_owned(),
            SendFailure::Expired { .. } => self.failed_expired().to_owned(),
            SendFailure::Rejected(error) => error.name().to_owned(),
            SendFailure::Disconnected { broker, .. } => self.failed_disconnected(broker.0),
            SendFailure::NegativePartition { partition } => self.failed_negative_partition(*partition),
            SendFailure::PartitionerThrew { message } => self.failed_partitioner(message),
            SendFailure::InvalidRecord { has_key: false, .. } => self.failed_without_key().to_owned(),
            SendFailure::InvalidRecord { has_key: true, .. } => self.failed_with_batch().to_owned(),
            SendFailure::ProducerClosed => self.failed_closed().to_owned(),
            SendFailure::TransactionAborted => self.failed_aborted().to_owned(),
            SendFailure::Thrown(_) => self.failed_outside().to_owned(),
        }
    }

    fn member_gone(self, group: &str, who: &str, reason: LeaveReason) -> String {
        let why = match reason {
            LeaveReason::Left => return self.member_left(group, who),
            LeaveReason::SessionExpired => self.session_expired(),
            LeaveReason::RebalanceTimeout => self.rebalance_timeout(),
            LeaveReason::SyncTimeout => self.sync_timeout(),
            LeaveReason::Replaced => self.replaced(),
            LeaveReason::GroupMaxSizeReached => self.group_full(),
        };
        self.member_removed(group, who, why)
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

fn brokers(ids: &[BrokerId]) -> String {
    let ids: Vec<_> = ids.iter().map(|id| id.0.to_string()).collect();
    format!("[{}]", ids.join(", "))
}

/// Partitions by topic, neighbours as ranges: `orders-0`, `orders 0–2, 5`.
fn list(partitions: &[TopicPartition]) -> String {
    if let [one] = partitions {
        return one.to_string();
    }
    let mut sorted: Vec<_> = partitions.iter().collect();
    sorted.sort();
    let topics = sorted.chunk_by(|left, right| left.topic == right.topic);
    let topics = topics.map(|chunk| {
        let ranges = chunk.chunk_by(|left, right| left.partition + 1 == right.partition);
        let ranges = ranges.map(|range| match range {
            [first, _, .., last] => format!("{}–{}", first.partition, last.partition),
            few => few.iter().map(|one| one.partition.to_string()).collect::<Vec<_>>().join(", "),
        });
        format!("{} {}", chunk[0].topic, ranges.collect::<Vec<_>>().join(", "))
    });
    topics.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_count_as_their_language_does() {
        let (en, ko) = (Text(Language::English), Text(Language::Korean));
        assert_eq!(en.appended("t-0", &en.records(1), 0), "1 record appended to t-0 at offset 0");
        assert_eq!(en.appended("t-0", &en.records(2), 5), "2 records appended to t-0 at offset 5");
        assert_eq!(ko.appended("t-0", &ko.records(1), 0), "t-0에 레코드 1개 추가 (오프셋 0)");
    }

    #[test]
    fn partitions_are_listed_by_topic_with_ranges() {
        let of = |topic: &str, partition: u32| TopicPartition::new(topic, partition);
        assert_eq!(list(&[of("orders", 4)]), "orders-4");
        assert_eq!(list(&[of("orders", 1), of("orders", 0)]), "orders 0, 1");
        assert_eq!(
            list(&[of("b", 5), of("a", 2), of("a", 1), of("a", 0), of("a", 5), of("b", 7)]),
            "a 0–2, 5 · b 5, 7"
        );
    }
}
