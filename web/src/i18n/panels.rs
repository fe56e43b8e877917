//! The side panel.

use super::{Language, Text, catalogue};

catalogue! {
    side { en: "Measurements and events", ko: "지표와 이벤트" }
    view_stage { en: "Stage", ko: "무대" }
    view_side { en: "Measurements", ko: "지표" }
    views { en: "View", ko: "보기" }
    lag { en: "Lag", ko: "랙" }
    lag_group { en: "Group", ko: "그룹" }
    lag_chart(group: &str, most: i64) { en: "Lag of {group} over time, at most {most}", ko: "시간에 따른 {group} 랙, 최대 {most}" }
    no_lag { en: "No group has committed an offset yet.", ko: "아직 오프셋을 커밋한 그룹이 없습니다." }
    column_partition { en: "Partition", ko: "파티션" }
    column_committed { en: "Committed", ko: "커밋" }
    column_end { en: "End", ko: "끝" }
    column_lag { en: "Lag", ko: "랙" }
    total { en: "Total", ko: "합계" }
    no_events { en: "Nothing has happened yet.", ko: "아직 일어난 일이 없습니다." }
}
