//! Groups at work: countdowns, phases, what rebalances cost, and what became of records.

use std::time::Duration;

use playground::scene::{Countdown, Group, LaneId, MishapKind, Progress, Rebalanced, Who};

use super::{Language, Text, catalogue};

catalogue! {
    millis(count: u128) { en: "{count} ms", ko: "{count}ms" }
    whole_seconds(count: u64) { en: "{count} s", ko: "{count}초" }
    split_seconds(seconds: u64, fraction: &str) { en: "{seconds}.{fraction} s", ko: "{seconds}.{fraction}초" }
    session_left(time: &str) { en: "session {time}", ko: "세션 {time}" }
    poll_left(time: &str) { en: "poll {time}", ko: "poll {time}" }
    told_session(left: &str, whole: &str) { en: "session.timeout.ms: {left} of {whole} left without a heartbeat.", ko: "session.timeout.ms: 하트비트가 없으면 {left} 뒤 만료 (전체 {whole})." }
    told_heartbeat(left: &str, whole: &str) { en: "heartbeat.interval.ms: next heartbeat in {left} of {whole}.", ko: "heartbeat.interval.ms: {left} 뒤 하트비트 (간격 {whole})." }
    told_poll(left: &str, whole: &str) { en: "max.poll.interval.ms: poll() is due within {left} of {whole}.", ko: "max.poll.interval.ms: {left} 안에 poll() 필요 (전체 {whole})." }
    stopped_for(time: &str) { en: "nothing to read for {time}", ko: "{time}째 읽지 못함" }
    short_generation(number: i32) { en: "gen {number}", ko: "세대 {number}" }
    short_epoch(number: i32) { en: "epoch {number}", ko: "에포크 {number}" }
    gives_up(partition: u32) { en: "P{partition} has to be given up", ko: "P{partition} 반납해야 함" }
    awaits(partition: u32) { en: "P{partition} is to come", ko: "P{partition} 받을 예정" }

    group_epoch(number: i32) { en: "group epoch {number}", ko: "그룹 에포크 {number}" }
    target_epoch(number: i32) { en: "target epoch {number}", ko: "타깃 에포크 {number}" }
    member_epoch(number: i32) { en: "member epoch {number}", ko: "멤버 에포크 {number}" }
    member_leads { en: "leader", ko: "리더" }
    member_awaited { en: "awaited", ko: "기다리는 중" }
    member_joined { en: "JoinGroup sent", ko: "JoinGroup 보냄" }
    member_synced { en: "SyncGroup sent", ko: "SyncGroup 보냄" }
    member_settled { en: "settled", ko: "안정" }
    member_gives_up(partitions: &str) { en: "has to give up {partitions}", ko: "{partitions} 반납 중" }
    member_waits_for(partitions: &str) { en: "waits for {partitions}", ko: "{partitions} 대기 중" }

    tab_events { en: "Events", ko: "이벤트" }
    tab_rebalances { en: "Rebalances", ko: "리밸런싱" }
    tab_deliveries { en: "Deliveries", ko: "처리 결과" }
    tab_offsets { en: "Offsets", ko: "오프셋" }
    tab_offsets_hint { en: "__consumer_offsets as a log", ko: "로그로 보는 __consumer_offsets" }
    details { en: "Details", ko: "자세히" }

    no_rebalances { en: "No group has rebalanced yet.", ko: "아직 리밸런싱이 없습니다." }
    rebalance_count(count: u64) { one: "{count} rebalance", en: "{count} rebalances", ko: "리밸런싱 {count}회" }
    total_stopped(time: &str) { en: "consumers stopped {time}", ko: "컨슈머 멈춤 {time}" }
    total_unread(time: &str) { en: "partitions unread {time}", ko: "파티션 안 읽힘 {time}" }
    total_moved(count: u64) { en: "{count} moved", ko: "이동 {count}회" }
    rebalance_unnamed { en: "joining", ko: "참여 중" }
    rebalance_goes_on { en: "goes on", ko: "진행 중" }
    rebalance_cut_short { en: "cut short", ko: "중단됨" }
    rebalance_stopped_nobody { en: "Nobody had to stop reading.", ko: "읽기를 멈춘 컨슈머 없음" }
    rebalance_stopped(who: &str, time: &str) { en: "{who} could not read for {time}", ko: "{who}: {time} 동안 읽지 못함" }
    rebalance_moved(partitions: &str, from: &str, to: &str, time: &str) { en: "{partitions}: {from} → {to}, unread for {time}", ko: "{partitions}: {from} → {to}, {time} 동안 아무도 안 읽음" }
    rebalance_kept(count: usize, time: &str) { one: "{count} partition came back to its owner, unread for {time}", en: "{count} partitions came back to their owners, unread for up to {time}", ko: "파티션 {count}개는 원래 컨슈머로 (최대 {time} 동안 아무도 안 읽음)" }
    rebalance_measure { en: "A consumer is stopped from giving up its last partition until its next assignment. A partition is unread from then, or from its reader's crash, until somebody has it.", ko: "컨슈머의 멈춤 시간은 마지막 파티션을 내놓은 때부터 다음 할당까지입니다. 파티션은 내놓은 때, 또는 읽던 컨슈머가 죽은 때부터 누군가 맡을 때까지 읽히지 않은 것으로 셉니다." }
    last_rebalance(name: &str, time: &str) { en: "Last rebalance: {name}, {time}", ko: "마지막 리밸런싱: {name}, {time}" }
    fact_stopped(who: &str, time: &str) { en: "{who} stopped {time}", ko: "{who} 멈춤 {time}" }
    fact_moved(count: usize) { one: "{count} partition moved", en: "{count} partitions moved", ko: "파티션 {count}개 이동" }

    processed_count(count: u64) { en: "{count} processed", ko: "처리 {count}회" }
    repeated_count(count: u64) { en: "{count} processed twice", ko: "중복 처리 {count}개" }
    lost_count(count: u64) { en: "{count} never processed", ko: "처리 누락 {count}개" }
    no_deliveries { en: "No group has processed a record yet.", ko: "아직 레코드를 처리한 그룹이 없습니다." }
    all_once { en: "Every record that was read has been processed exactly once so far.", ko: "지금까지 읽은 레코드는 모두 한 번씩만 처리되었습니다." }
    was_repeated(times: u32) { en: "processed {times} times", ko: "{times}번 처리됨" }
    was_lost { en: "committed, never processed", ko: "커밋됐지만 처리된 적 없음" }
    more_mishaps(count: u64) { en: "… and {count} older ones", ko: "… 더 오래된 {count}개" }
    show_on_lane { en: "Show it on its partition", ko: "파티션에서 보기" }
}

impl Text {
    /// As precise as it is of use: `6 ms`, `3.05 s`, `45.2 s`.
    pub(crate) fn duration(self, duration: Duration) -> String {
        let (seconds, millis) = (duration.as_secs(), duration.subsec_millis());
        match seconds {
            0 if millis > 0 => self.millis(duration.as_millis()),
            0 if duration.is_zero() => self.millis(0),
            0 => format!("<{}", self.millis(1)),
            1..=9 => self.split_seconds(seconds, &format!("{:02}", millis / 10)),
            10.. => self.split_seconds(seconds, &(millis / 100).to_string()),
        }
    }

    /// Tenths while they matter.
    pub(crate) fn countdown(self, tenths: u32) -> String {
        if tenths < 100 {
            self.split_seconds(u64::from(tenths / 10), &(tenths % 10).to_string())
        } else {
            self.whole_seconds(u64::from(tenths.div_ceil(10)))
        }
    }

    pub(crate) fn told_countdown(self, told: fn(Self, &str, &str) -> String, countdown: Countdown) -> String {
        // To the second: whoever listens is not told ten times in one.
        let seconds = |tenths: u32| self.whole_seconds(u64::from(tenths.div_ceil(10)));
        told(self, &seconds(countdown.left), &seconds(countdown.whole))
    }

    pub(crate) fn who(self, who: &Who) -> String {
        who.terminal.map_or_else(|| who.name.to_string(), |terminal| format!("T{terminal}"))
    }

    pub(crate) fn progress(self, progress: &Progress) -> String {
        match progress {
            Progress::Awaited => self.member_awaited().to_owned(),
            Progress::Joined => self.member_joined().to_owned(),
            Progress::Synced => self.member_synced().to_owned(),
            Progress::Settled => self.member_settled().to_owned(),
            Progress::GivesUp(lanes) => self.member_gives_up(&lane_list(&**lanes)),
            Progress::WaitsFor(lanes) => self.member_waits_for(&lane_list(&**lanes)),
        }
    }

    pub(crate) fn rebalance_name(self, group: &Group, rebalanced: &Rebalanced) -> String {
        match (rebalanced.generation, group.target_epoch) {
            (None, _) => self.rebalance_unnamed().to_owned(),
            (Some(generation), None) => self.generation(generation),
            (Some(epoch), Some(_)) => self.group_epoch(epoch),
        }
    }

    /// The last rebalance in one line.
    pub(crate) fn last_rebalance_of(self, group: &Group) -> Option<String> {
        let rebalanced = group.rebalances.first()?;
        let took = rebalanced.took?;
        let mut facts =
            vec![self.last_rebalance(&self.rebalance_name(group, rebalanced), &self.duration(took))];
        let stops = rebalanced.stops.iter();
        facts.extend(
            stops.map(|stop| self.fact_stopped(&self.who(&stop.consumer), &self.duration(stop.stopped))),
        );
        let moved = rebalanced.handovers.iter().filter(|handover| handover.moved).count();
        if moved > 0 {
            facts.push(self.fact_moved(moved));
        }
        Some(facts.join(" · "))
    }

    pub(crate) fn mishap(self, kind: MishapKind) -> String {
        match kind {
            MishapKind::Repeated { times } => self.was_repeated(times),
            MishapKind::Lost => self.was_lost().to_owned(),
        }
    }
}

pub(crate) fn lane_list<'a>(lanes: impl IntoIterator<Item = &'a LaneId>) -> String {
    lanes.into_iter().map(|lane| format!("{}-{}", lane.topic, lane.partition)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_as_precise_as_it_is_of_use() {
        let (en, ko) = (Text(Language::English), Text(Language::Korean));
        let shown = |micros| en.duration(Duration::from_micros(micros));
        assert_eq!(shown(0), "0 ms");
        assert_eq!(shown(400), "<1 ms");
        assert_eq!(shown(6_000), "6 ms");
        assert_eq!(shown(3_058_999), "3.05 s");
        assert_eq!(shown(45_290_000), "45.2 s");
        assert_eq!(ko.duration(Duration::from_millis(3050)), "3.05초");
        assert_eq!([en.countdown(99), en.countdown(431)], ["9.9 s", "44 s"]);
    }
}
