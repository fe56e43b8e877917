//! The stage, as it is drawn and as it is told.

use super::{Language, Text, catalogue};

catalogue! {
    stage { en: "Stage", ko: "무대" }
    producers { en: "Producers", ko: "프로듀서" }
    topic { en: "Topic", ko: "토픽" }
    topic_facts(partitions: usize, replication: u32) { one: "{partitions} partition · RF {replication}", en: "{partitions} partitions · RF {replication}", ko: "파티션 {partitions}개 · RF {replication}" }
    group { en: "Group", ko: "그룹" }
    no_group { en: "Without a group", ko: "그룹 없음" }
    consumers { en: "Consumers", ko: "컨슈머" }
    no_producers { en: "Producers appear here", ko: "프로듀서가 나타나는 곳" }
    no_consumers { en: "Consumers appear here", ko: "컨슈머가 나타나는 곳" }
    no_groups { en: "A group's coordinator appears here", ko: "그룹 코디네이터가 나타나는 곳" }
    no_topics { en: "No topic yet. Create one with the button below, or in a terminal.", ko: "아직 토픽이 없습니다. 아래 버튼이나 터미널에서 만들어 보세요." }
    topics_shown { en: "Topics on the stage", ko: "무대에 보이는 토픽" }

    leader(broker: u32) { en: "broker {broker}", ko: "브로커 {broker}" }
    no_leader { en: "no leader", ko: "리더 없음" }
    high_watermark(offset: i64) { en: "HW {offset}", ko: "HW {offset}" }
    committed(offset: i64, lag: i64) { en: "committed {offset} · lag {lag}", ko: "커밋 {offset} · 랙 {lag}" }
    committed_by(group: &str, offset: i64, lag: i64) { en: "{group} {offset}, lag {lag}", ko: "{group} {offset}, 랙 {lag}" }
    next_read(terminal: u32, offset: i64) { en: "T{terminal} reads {offset} next", ko: "T{terminal} 읽을 위치 {offset}" }
    more_partitions(count: usize) { one: "… {count} more partition", en: "… {count} more partitions", ko: "… 파티션 {count}개 더 보기" }
    all_partitions { en: "All partitions", ko: "모든 파티션" }
    fewer_partitions { en: "Show fewer partitions", ko: "파티션 접기" }
    more_clients(count: usize) { en: "… {count} more", ko: "… {count}개 더" }

    batch(partition: u32, bytes: &str, limit: &str) { en: "P{partition} · {bytes} of {limit}", ko: "P{partition} · {bytes} / {limit}" }
    more_batches(count: usize) { en: "+{count} more", ko: "+{count}개" }
    closing { en: "closing", ko: "종료 중" }
    hash_key { en: "key", ko: "키" }

    records_seen(count: u64) { one: "{count} record read", en: "{count} records read", ko: "레코드 {count}개 읽음" }
    revoked(partition: u32) { en: "P{partition} revoked", ko: "P{partition} 회수" }
    state_alone { en: "reads without a group", ko: "그룹 없이 읽는 중" }
    state_finding { en: "looking for its coordinator", ko: "코디네이터 찾는 중" }
    state_joining { en: "JoinGroup sent, waiting", ko: "JoinGroup 응답 대기" }
    state_syncing { en: "SyncGroup sent, waiting", ko: "SyncGroup 응답 대기" }
    state_idle { en: "no partition to read", ko: "맡은 파티션 없음" }
    state_revoking { en: "letting go, rejoining", ko: "파티션 반납, 다시 참여" }
    state_leaving { en: "leaving", ko: "나가는 중" }
    state_suspended { en: "stands still (SIGSTOP)", ko: "멈춰 있음 (SIGSTOP)" }
    state_failed { en: "failed", ko: "실패" }
    state_gone(seconds: u32) { en: "killed · noticed in {seconds} s", ko: "강제 종료됨 · {seconds}초 뒤 감지" }
    generation(number: i32) { en: "generation {number}", ko: "세대 {number}" }

    coordinator { en: "Group coordinator", ko: "그룹 코디네이터" }
    members(count: usize) { one: "{count} member", en: "{count} members", ko: "멤버 {count}명" }
    wait_more_members(seconds: &str) { en: "Waits {seconds} s for more members (group.initial.rebalance.delay.ms)", ko: "다른 멤버를 {seconds}초 더 기다림 (group.initial.rebalance.delay.ms)" }
    wait_joins(members: &str, seconds: &str) { en: "Waits for JoinGroup of {members} · {seconds} s left", ko: "{members}의 JoinGroup 대기 · {seconds}초 남음" }
    wait_assignment(leader: &str, seconds: &str) { en: "Waits for the assignment from its leader, {leader} · {seconds} s left", ko: "리더 {leader}의 할당 대기 · {seconds}초 남음" }
    more_groups(count: usize) { one: "… {count} more group", en: "… {count} more groups", ko: "… 그룹 {count}개 더" }

    in_words { en: "The stage in words", ko: "글로 보는 무대" }
    told_producer(name: &str, batches: usize, sent: u64) { en: "Producer {name}: open batches: {batches}, records sent: {sent}.", ko: "프로듀서 {name}: 배치 {batches}개, 레코드 {sent}개 전송." }
    told_lane(topic: &str, partition: u32, leader: &str, start: i64, end: i64, watermark: i64) { en: "{topic} partition {partition}, {leader}: offsets {start} to {end}, high watermark {watermark}.", ko: "{topic} 파티션 {partition}, {leader}: 오프셋 {start}–{end}, 하이 워터마크 {watermark}." }
    told_committed(group: &str, offset: i64, lag: i64) { en: "{group} committed {offset}, lag {lag}.", ko: "{group} 커밋 {offset}, 랙 {lag}." }
    told_consumer(name: &str, state: &str, partitions: &str) { en: "Consumer {name}: {state}. Partitions: {partitions}.", ko: "컨슈머 {name}: {state}. 파티션: {partitions}." }
    told_none { en: "none", ko: "없음" }
    told_group(name: &str, state: &str, generation: i32, members: usize) { en: "Group {name}: {state}, generation {generation}, members: {members}.", ko: "그룹 {name}: {state}, 세대 {generation}, 멤버 {members}명." }
}
