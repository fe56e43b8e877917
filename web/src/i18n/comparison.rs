//! Settings side by side.

use std::time::Duration;

use playground::comparison::{ConsumerState, Ending, Measure, Story, Variant};

use super::{Language, Text, catalogue};

catalogue! {
    compare { en: "Compare", ko: "비교" }
    compare_hint { en: "Run one scenario under different settings, side by side", ko: "같은 시나리오를 서로 다른 설정으로 나란히 실행합니다" }
    compare_title { en: "One scenario, different settings", ko: "같은 시나리오, 다른 설정" }
    close_comparison { en: "Close", ko: "닫기" }
    scenario { en: "Scenario", ko: "시나리오" }
    own_session { en: "My session", ko: "내 세션" }
    story_third_joins { en: "A third consumer joins", ko: "세 번째 컨슈머 참여" }
    story_one_is_slow { en: "A third joins, one is slow", ko: "느린 멤버가 있을 때 참여" }
    story_one_is_killed { en: "A consumer is killed", ko: "컨슈머 강제 종료" }
    story_rolling_restart { en: "Rolling restart", ko: "롤링 재시작" }
    column_setting(number: usize) { en: "Setting of column {number}", ko: "{number}번 열의 설정" }
    column_label(number: usize) { en: "Column {number}", ko: "{number}번 열" }
    add_column { en: "Add a column", ko: "열 추가" }
    remove_column(number: usize) { en: "Remove column {number}", ko: "{number}번 열 빼기" }
    story_killed_at_work { en: "Killed while at work", ko: "처리 도중 강제 종료" }
    variants_rebalancing { en: "Rebalancing", ko: "리밸런싱" }
    variants_membership { en: "Membership", ko: "멤버십" }
    variants_commits { en: "Commits", ko: "커밋" }
    variant_as_typed { en: "As typed", ko: "입력한 그대로" }
    variant_eager { en: "Eager · Range", ko: "Eager · Range" }
    variant_sticky { en: "Eager · Sticky", ko: "Eager · Sticky" }
    variant_cooperative { en: "Cooperative Sticky", ko: "Cooperative Sticky" }
    variant_consumer { en: "Consumer protocol (KIP-848)", ko: "컨슈머 프로토콜 (KIP-848)" }
    variant_static { en: "Static members", ko: "정적 멤버" }
    variant_short_session { en: "Session timeout 10 s", ko: "세션 타임아웃 10초" }
    variant_auto_commit { en: "Auto-commit every 5 s", ko: "자동 커밋 5초마다" }
    variant_frequent_commit { en: "Auto-commit every 1 s", ko: "자동 커밋 1초마다" }
    variant_no_commit { en: "No commits", ko: "커밋 없음" }
    variant_sync { en: "commitSync() after each poll()", ko: "poll()마다 처리 후 commitSync()" }
    variant_sync_each { en: "commitSync() after each record", ko: "레코드마다 처리 후 commitSync()" }
    variant_sync_first { en: "commitSync() before processing", ko: "처리하기 전에 commitSync()" }
    no_setting_changed { en: "the commands as they are", ko: "명령 그대로" }
    commands_run(count: usize) { one: "{count} command", en: "{count} commands", ko: "명령 {count}개" }
    no_commands { en: "No consumer has been started yet.", ko: "아직 시작된 컨슈머가 없습니다." }
    no_consumer_in_session { en: "Your session starts no consumer in a group: choose another scenario, or start one first.", ko: "내 세션에는 그룹에 속한 컨슈머가 없습니다. 다른 시나리오를 고르거나 먼저 컨슈머를 시작하세요." }
    strips { en: "Who reads which partition", ko: "파티션을 읽는 컨슈머" }
    strip_read(name: &str, from: &str, to: &str) { en: "{name} reads, {from} to {to}", ko: "{name} 읽음, {from}–{to}" }
    strip_unread(length: &str, from: &str) { en: "nobody reads for {length}, from {from}", ko: "{from}부터 {length} 동안 아무도 읽지 않음" }
    more_strips(count: usize) { one: "… {count} more partition", en: "… {count} more partitions", ko: "… 파티션 {count}개 더" }
    legend_unread { en: "hatched: nobody reads", ko: "빗금: 아무도 읽지 않음" }
    consumer_reading(partitions: &str) { en: "reads {partitions}", ko: "{partitions} 읽는 중" }
    consumer_waiting { en: "waits for partitions", ko: "파티션 대기" }
    consumer_still { en: "stands still", ko: "멈춤" }
    ended_closed { en: "left", ko: "나감" }
    ended_killed { en: "killed", ko: "강제 종료됨" }
    ended_failed { en: "failed", ko: "실패" }
    counted { en: "Counted so far", ko: "지금까지의 차이" }
    measure { en: "Measure", ko: "항목" }
    measure_still { en: "Consumers stood still, together", ko: "컨슈머가 멈춘 시간 합계" }
    measure_still_hint { en: "From letting go of its last partition until a consumer is told what it reads next", ko: "마지막 파티션을 내놓은 뒤 다음 할당을 받을 때까지" }
    measure_still_of(name: &str) { en: "{name} stood still", ko: "{name} 멈춘 시간" }
    measure_unread { en: "Partitions unread, together", ko: "파티션을 아무도 읽지 않은 시간 합계" }
    measure_unread_hint { en: "From losing its owner until the next one is told to read it, while the group has a running consumer", ko: "실행 중인 컨슈머가 있는데도 주인을 잃은 파티션이 다음 주인을 만날 때까지" }
    measure_moved { en: "Partitions moved", ko: "주인이 바뀐 파티션" }
    measure_rebalances { en: "Rebalances", ko: "리밸런싱" }
    measure_processed { en: "Records processed", ko: "처리한 레코드" }
    measure_twice { en: "Processed again (duplicates)", ko: "중복 처리" }
    measure_lost { en: "Committed, never processed (lost)", ko: "처리 없이 커밋 (유실)" }
    measure_commits { en: "Commits", ko: "커밋" }
    verdict_better { en: "better", ko: "더 나음" }
    verdict_worse { en: "worse", ko: "더 나쁨" }
    verdict_same { en: "same", ko: "같음" }
    reference_column { en: "compared with this", ko: "비교 기준" }
    milliseconds(number: &str) { en: "{number} ms", ko: "{number} ms" }
    seconds(number: &str) { en: "{number} s", ko: "{number}초" }
}

impl Text {
    pub(crate) const fn story(self, story: Story) -> &'static str {
        match story {
            Story::ThirdJoins => self.story_third_joins(),
            Story::OneIsSlow => self.story_one_is_slow(),
            Story::OneIsKilled => self.story_one_is_killed(),
            Story::RollingRestart => self.story_rolling_restart(),
            Story::KilledAtWork => self.story_killed_at_work(),
        }
    }

    pub(crate) const fn variant(self, variant: Variant) -> &'static str {
        match variant {
            Variant::AsTyped => self.variant_as_typed(),
            Variant::Eager => self.variant_eager(),
            Variant::EagerSticky => self.variant_sticky(),
            Variant::Cooperative => self.variant_cooperative(),
            Variant::ConsumerProtocol => self.variant_consumer(),
            Variant::StaticMembers => self.variant_static(),
            Variant::ShortSession => self.variant_short_session(),
            Variant::AutoCommit => self.variant_auto_commit(),
            Variant::FrequentAutoCommit => self.variant_frequent_commit(),
            Variant::NoCommit => self.variant_no_commit(),
            Variant::SyncCommit => self.variant_sync(),
            Variant::SyncCommitEach => self.variant_sync_each(),
            Variant::SyncCommitFirst => self.variant_sync_first(),
        }
    }

    pub(crate) fn measure_name(self, measure: &Measure) -> String {
        match measure {
            Measure::StoodStill => self.measure_still().to_owned(),
            Measure::ConsumerStoodStill(name) => self.measure_still_of(name),
            Measure::Unread => self.measure_unread().to_owned(),
            Measure::PartitionsMoved => self.measure_moved().to_owned(),
            Measure::Rebalances => self.measure_rebalances().to_owned(),
            Measure::Processed => self.measure_processed().to_owned(),
            Measure::ProcessedTwice => self.measure_twice().to_owned(),
            Measure::PassedOver => self.measure_lost().to_owned(),
            Measure::Commits => self.measure_commits().to_owned(),
        }
    }

    /// How a value is measured, where its name does not say all.
    pub(crate) const fn measure_hint(self, measure: &Measure) -> Option<&'static str> {
        match measure {
            Measure::StoodStill => Some(self.measure_still_hint()),
            Measure::Unread => Some(self.measure_unread_hint()),
            Measure::ConsumerStoodStill(_)
            | Measure::PartitionsMoved
            | Measure::Rebalances
            | Measure::Processed
            | Measure::ProcessedTwice
            | Measure::PassedOver
            | Measure::Commits => None,
        }
    }

    pub(crate) fn consumer_state(self, state: ConsumerState, held: &[u32]) -> String {
        match state {
            ConsumerState::Reading => {
                let held: Vec<_> = held.iter().map(|partition| format!("P{partition}")).collect();
                self.consumer_reading(&held.join(" "))
            }
            ConsumerState::Waiting => self.consumer_waiting().to_owned(),
            ConsumerState::StandingStill => self.consumer_still().to_owned(),
            ConsumerState::Ended(Ending::Closed) => self.ended_closed().to_owned(),
            ConsumerState::Ended(Ending::Killed) => self.ended_killed().to_owned(),
            ConsumerState::Ended(Ending::Failed) => self.ended_failed().to_owned(),
        }
    }

    /// A span of time as precisely as it matters: `0 ms`, `7.4 ms`, `45.1 s`.
    pub(crate) fn span(self, span: Duration) -> String {
        let micros = span.as_micros();
        match micros {
            0 => self.milliseconds("0"),
            1..1_000_000 => self.milliseconds(&format!("{}.{}", micros / 1000, micros % 1000 / 100)),
            _ => self.seconds(&format!("{}.{}", micros / 1_000_000, micros % 1_000_000 / 100_000)),
        }
    }
}
