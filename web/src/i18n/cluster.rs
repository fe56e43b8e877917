//! Brokers and what is done to them, copies of partitions, and what became of producers' records.

use playground::scene::{Election, Fate, OutOfSync, TracedRecord};

use super::{Language, Text, catalogue};

catalogue! {
    brokers { en: "Brokers", ko: "브로커" }
    broker_menu(name: &str, state: &str) { en: "{name}: {state}. Stop it, kill it, cut it off …", ko: "{name}: {state}. 중지, 강제 종료, 네트워크 단절 …" }
    broker_acts(number: u32) { en: "What can be done to broker {number}", ko: "브로커 {number}에 할 수 있는 일" }
    broker_is_shutting_down { en: "shutting down", ko: "종료하는 중" }
    broker_is_paused { en: "paused", ko: "일시 정지" }
    broker_is_stopped { en: "stopped", ko: "중지됨" }
    broker_is_killed { en: "killed", ko: "강제 종료됨" }
    broker_is_cut_off { en: "cut off", ko: "네트워크 단절" }
    fenced_in(time: &str) { en: "fenced in {time}", ko: "{time} 뒤 펜싱" }
    fenced { en: "fenced", ko: "펜싱됨" }
    leads(count: u32) { en: "leads {count}", ko: "리더 {count}개" }
    out_of_sync_count(count: u32) { en: "{count} out of sync", ko: "ISR 제외 {count}개" }
    fault_stop { en: "Stop", ko: "중지" }
    fault_stop_hint { en: "SIGTERM: hands over what it leads, then ends", ko: "SIGTERM: 리더 역할을 넘기고 종료합니다" }
    fault_kill { en: "Kill", ko: "강제 종료" }
    fault_kill_hint { en: "SIGKILL: the controller notices after broker.session.timeout.ms", ko: "SIGKILL: 컨트롤러는 broker.session.timeout.ms가 지나야 알아챕니다" }
    fault_start { en: "Start", ko: "시작" }
    fault_start_hint { en: "On the disk that it left behind", ko: "남아 있는 디스크로 다시 시작합니다" }
    fault_pause { en: "Pause", ko: "일시 정지" }
    fault_pause_hint { en: "Stands still, as in a long garbage collection", ko: "긴 GC처럼 프로세스가 멈춥니다" }
    fault_unpause { en: "Unpause", ko: "재개" }
    fault_unpause_hint { en: "Goes on, and still takes itself for what it was", ko: "멈추기 전의 역할을 그대로 믿고 이어서 동작합니다" }
    fault_disconnect { en: "Disconnect", ko: "네트워크 끊기" }
    fault_disconnect_hint { en: "Runs on, and reaches nobody", ko: "실행 중이지만 아무와도 통신하지 못합니다" }
    fault_connect { en: "Connect", ko: "네트워크 연결" }
    fault_connect_hint { en: "Back on the network", ko: "다시 통신합니다" }

    leader_epoch(epoch: i32) { en: "epoch {epoch}", ko: "에포크 {epoch}" }
    elected_from(from: u32, to: u32, epoch: i32) { en: "leader {from} → {to} · epoch {epoch}", ko: "리더 {from} → {to} · 에포크 {epoch}" }
    elected_anew(to: u32, epoch: i32) { en: "leader {to} · epoch {epoch}", ko: "리더 {to} · 에포크 {epoch}" }
    elected_uncleanly(label: &str) { en: "unclean: {label}", ko: "언클린: {label}" }
    isr(in_sync: usize, all: usize) { en: "ISR {in_sync} of {all}", ko: "ISR {in_sync}/{all}" }
    isr_too_small(in_sync: usize, least: u32) { en: "ISR {in_sync} < min.insync.replicas {least}", ko: "ISR {in_sync} < min.insync.replicas {least}" }
    in_sync { en: "in sync", ko: "ISR에 있음" }
    out_shutting_down { en: "out of the ISR: its broker shuts down", ko: "ISR 제외: 브로커 종료 중" }
    out_fenced { en: "out of the ISR: its broker is fenced", ko: "ISR 제외: 브로커 펜싱됨" }
    out_behind { en: "out of the ISR: it is behind", ko: "ISR 제외: 복제가 뒤처짐" }
    told_copy(broker: u32, state: &str, end: i64, lag: i64) { en: "Copy on broker {broker}: {state}, log end {end}, {lag} behind.", ko: "브로커 {broker}의 복제본: {state}, 로그 끝 {end}, {lag}개 뒤처짐." }
    told_broker(number: u32, state: &str) { en: "Broker {number}: {state}.", ko: "브로커 {number}: {state}." }

    batch_closed(partition: u32, bytes: &str) { en: "P{partition} · closed, {bytes}", ko: "P{partition} · 닫힘, {bytes}" }
    batch_sent_to(partition: u32, broker: u32) { en: "P{partition} · sent to b{broker}", ko: "P{partition} · b{broker}로 전송 중" }
    batch_backs_off(partition: u32, attempt: u32, left: &str) { en: "P{partition} · retry {attempt} in {left}", ko: "P{partition} · {left} 뒤 재시도 {attempt}" }
    batch_again(label: &str, attempt: u32) { en: "{label} · retry {attempt}", ko: "{label} · 재시도 {attempt}" }
    batch_expires(left: &str) { en: "given up in {left} (delivery.timeout.ms)", ko: "{left} 뒤 포기 (delivery.timeout.ms)" }
    buffer(used: &str, total: &str) { en: "buffer {used} of {total}", ko: "버퍼 {used} / {total}" }
    blocked(count: u32) { en: "send() waits: {count}", ko: "send() 대기: {count}" }
    copy_of(first: i64) { en: "the same record as at offset {first}: written twice by its producer", ko: "오프셋 {first}과 같은 레코드: 프로듀서가 두 번 씀" }
    gone_record(value: &str) { en: "acknowledged at this offset and lost: {value}", ko: "이 오프셋으로 ack를 받고 유실됨: {value}" }

    tab_producers { en: "Sent", ko: "전송 결과" }
    tab_producers_hint { en: "What became of producers' records", ko: "프로듀서가 보낸 레코드의 결과" }
    no_sendings { en: "No producer has sent a record yet.", ko: "아직 레코드를 보낸 프로듀서가 없습니다." }
    tally_sent(count: u64) { en: "{count} sent", ko: "전송 {count}" }
    tally_acknowledged(count: u64) { en: "{count} acknowledged", ko: "ack {count}" }
    tally_retried(count: u64) { en: "{count} retried", ko: "재시도 {count}" }
    tally_expired(count: u64) { en: "{count} expired", ko: "만료 {count}" }
    tally_failed(count: u64) { en: "{count} failed", ko: "실패 {count}" }
    tally_lost(count: u64) { en: "{count} lost", ko: "유실 {count}" }
    tally_duplicated(count: u64) { en: "{count} duplicated", ko: "중복 {count}" }
    tally_discarded(count: u64) { en: "{count} discarded as duplicates", ko: "중복 폐기 {count}" }
    all_well { en: "Every record that was acknowledged is in the log exactly once.", ko: "ack를 받은 레코드는 모두 로그에 정확히 한 번씩 있습니다." }
    fate_lost { en: "acknowledged, and lost", ko: "ack를 받았지만 유실됨" }
    fate_duplicated(times: usize) { en: "written {times} times", ko: "{times}번 기록됨" }
    fate_expired { en: "given up: delivery.timeout.ms", ko: "포기: delivery.timeout.ms" }
    fate_failed { en: "failed, not written", ko: "실패, 기록되지 않음" }
    fate_failed_and_written { en: "failed for its application, and written", ko: "애플리케이션에는 실패, 로그에는 기록됨" }
    fate_retried(times: u32) { one: "sent again once", en: "sent again {times} times", ko: "{times}번 다시 보냄" }
    sent_measure { en: "Counted by record: a copy that a producer's own retry wrote is a duplicate, one that its application sends again is not.", ko: "레코드 단위로 셉니다. 프로듀서의 재시도로 다시 쓰인 것은 중복이고, 애플리케이션이 다시 보낸 것은 새 레코드입니다." }
    topic_lost(count: u64) { en: "{count} lost", ko: "유실 {count}" }
    topic_duplicated(count: u64) { en: "{count} duplicated", ko: "중복 {count}" }
}

impl Text {
    pub(crate) fn elected(self, Election { from, unclean }: &Election, leader: u32, epoch: i32) -> String {
        let label = match from {
            Some(from) if *from != leader => self.elected_from(*from, leader, epoch),
            Some(_) | None => self.elected_anew(leader, epoch),
        };
        if *unclean { self.elected_uncleanly(&label) } else { label }
    }

    pub(crate) const fn out_of_sync_shortly(self, reason: OutOfSync) -> &'static str {
        match reason {
            OutOfSync::ShuttingDown => self.broker_is_shutting_down(),
            OutOfSync::Fenced => self.fenced(),
            OutOfSync::Behind => "",
        }
    }

    pub(crate) fn fate(self, TracedRecord { fate, retries, .. }: &TracedRecord) -> String {
        match fate {
            Fate::Lost => self.fate_lost().to_owned(),
            Fate::Duplicated { offsets } => self.fate_duplicated(offsets.len()),
            Fate::FailedAndWritten { .. } => self.fate_failed_and_written().to_owned(),
            Fate::Failed { expired: true } => self.fate_expired().to_owned(),
            Fate::Failed { expired: false } => self.fate_failed().to_owned(),
            Fate::Retried => self.fate_retried(*retries),
        }
    }
}
