//! What a step's goals ask for, and what is still missing.

use std::time::Duration;

use course::Shortfall;
use course::content::{Bound, Comparison, Goal, Quantity, Rest};

use super::{Language, Text, catalogue};

catalogue! {
    at_least(what: &str, bound: &str) { en: "{what}: {bound} or more", ko: "{what}: {bound} 이상" }
    exactly(what: &str, bound: &str) { en: "{what}: {bound}", ko: "{what}: {bound}" }
    at_most(what: &str, bound: &str) { en: "{what}: {bound} or less", ko: "{what}: {bound} 이하" }
    share_of(percent: i64, what: &str) { en: "{percent}% of ({what})", ko: "({what})의 {percent}%" }
    group_stable(group: &str) { en: "Group {group} is Stable", ko: "그룹 {group}: Stable 상태" }
    group_empty(group: &str) { en: "Group {group} is Empty", ko: "그룹 {group}: Empty 상태" }
    printed(text: &str) { en: "A terminal printed “{text}”", ko: "터미널에 “{text}” 출력" }

    is_absent { en: "not there yet", ko: "아직 없음" }
    is_now(now: &str) { en: "now {now}", ko: "현재 {now}" }
    is_now_of(now: &str, wanted: &str) { en: "now {now}, wanted {wanted}", ko: "현재 {now}, 목표 {wanted}" }
    is_not_printed { en: "not yet", ko: "아직 출력되지 않음" }

    of_partitions(topic: &str) { en: "Partitions of {topic}", ko: "{topic} 파티션 수" }
    of_replication_factor(topic: &str) { en: "Replication factor of {topic}", ko: "{topic} 복제 계수" }
    of_in_sync_replicas(topic: &str) { en: "In-sync replicas of {topic}", ko: "{topic} ISR 수" }
    of_records(topic: &str) { en: "Records in {topic}", ko: "{topic} 레코드 수" }
    of_records_with_key(topic: &str) { en: "Records with a key in {topic}", ko: "{topic}에서 key가 있는 레코드" }
    of_records_with_this_key(topic: &str, key: &str) { en: "Records with key {key} in {topic}", ko: "{topic}에서 key가 {key}인 레코드" }
    of_records_of_partition(topic: &str, partition: u32) { en: "Records in {topic}-{partition}", ko: "{topic}-{partition} 레코드 수" }
    of_fewest_records(topic: &str) { en: "Records in the emptiest partition of {topic}", ko: "{topic}에서 가장 적게 찬 파티션의 레코드 수" }
    of_partitions_with_records(topic: &str) { en: "Partitions of {topic} with records", ko: "{topic}에서 레코드가 있는 파티션" }
    of_largest_batch(topic: &str) { en: "Records in the largest batch of {topic}", ko: "{topic}에서 가장 큰 배치의 레코드 수" }

    of_written(topic: &str) { en: "Records written to {topic} in this step", ko: "이 단계에서 {topic}에 쓴 레코드" }
    of_partitions_written(topic: &str) { en: "Partitions of {topic} written in this step", ko: "이 단계에서 {topic}에 쓴 파티션 수" }
    of_batches_written(topic: &str) { en: "Batches written to {topic} in this step", ko: "이 단계에서 {topic}에 쓴 배치" }
    of_failed(topic: &str) { en: "Records for {topic} that failed in this step", ko: "이 단계에서 {topic} 전송에 실패한 레코드" }
    of_read(topic: &str) { en: "Records of {topic} read in this step", ko: "이 단계에서 {topic}에서 읽은 레코드" }

    of_members(group: &str) { en: "Members of {group}", ko: "{group} 멤버 수" }
    of_idle_members(group: &str) { en: "Members of {group} without a partition", ko: "{group}에서 파티션이 없는 멤버" }
    of_most_partitions(group: &str) { en: "Partitions of the busiest member of {group}", ko: "{group}에서 가장 많이 맡은 멤버의 파티션 수" }
    of_committed(group: &str, topic: &str, partition: u32) { en: "Offset that {group} has committed for {topic}-{partition}", ko: "{group} 그룹이 {topic}-{partition}에 커밋한 오프셋" }
    of_partitions_committed(group: &str) { en: "Partitions with an offset committed by {group}", ko: "{group} 그룹이 커밋한 파티션 수" }
    of_lag(group: &str) { en: "Lag of {group}", ko: "{group} 랙" }
    of_largest_lag(group: &str) { en: "Largest lag of a partition of {group}", ko: "{group}에서 가장 큰 파티션 랙" }
    of_passed_over(group: &str) { en: "Records that {group} committed and never processed", ko: "{group} 그룹이 커밋했지만 처리하지 않은 레코드" }

    of_commits(group: &str) { en: "Offsets committed by {group} in this step", ko: "이 단계에서 {group} 그룹이 커밋한 횟수" }
    of_rebalances(group: &str) { en: "Rebalances of {group} in this step", ko: "이 단계의 {group} 리밸런싱 횟수" }
    of_started(group: &str) { en: "Consumers of {group} started in this step", ko: "이 단계에서 실행한 {group} 컨슈머" }
    of_left(group: &str) { en: "Members that left {group} in this step", ko: "이 단계에서 {group} 그룹을 정상적으로 떠난 멤버" }
    of_expired(group: &str) { en: "Members of {group} whose session expired in this step", ko: "이 단계에서 세션이 만료된 {group} 멤버" }
    of_killed(group: &str) { en: "Consumers of {group} killed in this step", ko: "이 단계에서 강제 종료된 {group} 컨슈머" }
    of_polled_too_late(group: &str) { en: "Consumers of {group} that called poll() too late in this step", ko: "이 단계에서 poll()이 늦은 {group} 컨슈머" }
    of_revoked(group: &str) { en: "Partitions revoked in {group} in this step", ko: "이 단계에서 {group}에서 회수된 파티션" }
    of_read_by_group(group: &str) { en: "Records processed by {group} in this step", ko: "이 단계에서 {group} 그룹이 처리한 레코드" }
    of_read_again(group: &str) { en: "Records processed again by {group} in this step", ko: "이 단계에서 {group} 그룹이 중복 처리한 레코드" }
    of_processing_failures(group: &str) { en: "Records that {group} failed to process in this step", ko: "이 단계에서 {group} 그룹이 처리에 실패한 레코드" }
    of_time(group: &str) { en: "Time of {group}", ko: "{group} 전체 시간" }
    of_reading_time(group: &str) { en: "Reading time of {group}", ko: "{group} 읽기 시간" }
}

impl Text {
    pub(crate) fn goal(self, goal: &Goal) -> String {
        match goal {
            Goal::Compare { quantity, comparison, bound } => {
                let (what, bound) = (self.quantity(quantity), self.bound(quantity, bound));
                match comparison {
                    Comparison::AtLeast => self.at_least(&what, &bound),
                    Comparison::Exactly => self.exactly(&what, &bound),
                    Comparison::AtMost => self.at_most(&what, &bound),
                }
            }
            Goal::GroupIs { group, rest: Rest::Stable } => self.group_stable(group),
            Goal::GroupIs { group, rest: Rest::Empty } => self.group_empty(group),
            Goal::Printed { text } => self.printed(text),
        }
    }

    pub(crate) fn shortfall(self, goal: &Goal, shortfall: Shortfall) -> String {
        match (shortfall, goal) {
            (Shortfall::Absent { .. }, _) => self.is_absent().to_owned(),
            (
                Shortfall::Count { now, wanted },
                Goal::Compare { quantity, bound: Bound::Share { .. }, .. },
            ) => self.is_now_of(&self.amount(quantity, now), &self.amount(quantity, wanted)),
            (Shortfall::Count { now, .. }, Goal::Compare { quantity, .. }) => {
                self.is_now(&self.amount(quantity, now))
            }
            (Shortfall::Count { now, .. }, Goal::GroupIs { .. } | Goal::Printed { .. }) => {
                self.is_now(&now.to_string())
            }
            (Shortfall::State { now }, _) => self.is_now(&now.to_string()),
            (Shortfall::NotPrinted, _) => self.is_not_printed().to_owned(),
        }
    }

    /// A count with its digits in groups of three: `10,000`.
    pub(crate) fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.char_indices() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        grouped
    }

    fn bound(self, quantity: &Quantity, bound: &Bound) -> String {
        match bound {
            Bound::Number(number) => self.amount(quantity, *number),
            Bound::Share { percent, of } => self.share_of(*percent, &self.quantity(of)),
        }
    }

    /// So much of it: a time for what is measured in milliseconds, else a count.
    fn amount(self, quantity: &Quantity, amount: i64) -> String {
        let size = amount.unsigned_abs();
        if matches!(quantity, Quantity::TimeOfGroup { .. } | Quantity::ReadingTimeOfGroup { .. }) {
            return self.duration(Duration::from_millis(size));
        }
        let sign = if amount < 0 { "-" } else { "" };
        format!("{sign}{}", self.number(size))
    }

    fn quantity(self, quantity: &Quantity) -> String {
        use Quantity as Q;
        match quantity {
            Q::Partitions { topic } => self.of_partitions(topic),
            Q::ReplicationFactor { topic } => self.of_replication_factor(topic),
            Q::InSyncReplicas { topic } => self.of_in_sync_replicas(topic),
            Q::Records { topic } => self.of_records(topic),
            Q::RecordsWithKey { topic } => self.of_records_with_key(topic),
            Q::RecordsWithThisKey { topic, key } => self.of_records_with_this_key(topic, key),
            Q::RecordsOfPartition { topic, partition } => self.of_records_of_partition(topic, *partition),
            Q::FewestRecordsOfAPartition { topic } => self.of_fewest_records(topic),
            Q::PartitionsWithRecords { topic } => self.of_partitions_with_records(topic),
            Q::RecordsOfLargestBatch { topic } => self.of_largest_batch(topic),
            Q::RecordsWrittenInStep { topic } => self.of_written(topic),
            Q::PartitionsWrittenInStep { topic } => self.of_partitions_written(topic),
            Q::BatchesWrittenInStep { topic } => self.of_batches_written(topic),
            Q::RecordsFailedInStep { topic } => self.of_failed(topic),
            Q::RecordsReadInStep { topic } => self.of_read(topic),
            Q::Members { group } => self.of_members(group),
            Q::MembersWithoutPartitions { group } => self.of_idle_members(group),
            Q::MostPartitionsOfAMember { group } => self.of_most_partitions(group),
            Q::CommittedOffset { group, topic, partition } => self.of_committed(group, topic, *partition),
            Q::PartitionsCommitted { group } => self.of_partitions_committed(group),
            Q::Lag { group } => self.of_lag(group),
            Q::LargestLagOfAPartition { group } => self.of_largest_lag(group),
            Q::RecordsPassedOver { group } => self.of_passed_over(group),
            Q::CommitsInStep { group } => self.of_commits(group),
            Q::RebalancesInStep { group } => self.of_rebalances(group),
            Q::StartedInStep { group } => self.of_started(group),
            Q::LeftInStep { group } => self.of_left(group),
            Q::ExpiredInStep { group } => self.of_expired(group),
            Q::KilledInStep { group } => self.of_killed(group),
            Q::PolledTooLateInStep { group } => self.of_polled_too_late(group),
            Q::PartitionsRevokedInStep { group } => self.of_revoked(group),
            Q::RecordsReadByGroupInStep { group } => self.of_read_by_group(group),
            Q::RecordsReadAgainInStep { group } => self.of_read_again(group),
            Q::ProcessingFailuresInStep { group } => self.of_processing_failures(group),
            Q::TimeOfGroup { group } => self.of_time(group),
            Q::ReadingTimeOfGroup { group } => self.of_reading_time(group),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_and_what_is_missing_read_well() {
        let (en, ko) = (Text(Language::English), Text(Language::Korean));
        let records = Quantity::RecordsReadByGroupInStep { group: "work".into() };
        let bound = Bound::Number(10_000);
        let goal = Goal::Compare { quantity: records, comparison: Comparison::AtLeast, bound };
        assert_eq!(en.goal(&goal), "Records processed by work in this step: 10,000 or more");
        assert_eq!(ko.goal(&goal), "이 단계에서 work 그룹이 처리한 레코드: 10,000 이상");
        assert_eq!(en.shortfall(&goal, Shortfall::Count { now: 990, wanted: 10_000 }), "now 990");
        let time = |group: &str| Quantity::ReadingTimeOfGroup { group: group.into() };
        let bound = Bound::Share { percent: 38, of: time("one") };
        let goal = Goal::Compare { quantity: time("three"), comparison: Comparison::AtMost, bound };
        assert_eq!(en.goal(&goal), "Reading time of three: 38% of (Reading time of one) or less");
        let missing = Shortfall::Count { now: 12_300, wanted: 11_400 };
        assert_eq!(ko.shortfall(&goal, missing), "현재 12.3초, 목표 11.4초");
    }
}
