//! The top bar and the acts.

use super::{Language, Text, catalogue};

catalogue! {
    page_title { en: "Murmuration · Kafka playground", ko: "Murmuration · Kafka 플레이그라운드" }
    page_description { en: "A faithful simulation of Kafka in your browser: type its real command lines, watch records find their partitions and consumers share them, stop time and drag it back.", ko: "브라우저에서 실행되는 Kafka 시뮬레이터. 실제 명령을 입력하고, 레코드가 파티션을 찾아가는 모습과 컨슈머 그룹의 리밸런싱을 눈으로 보고, 시간을 멈추고 되돌려 보세요." }
    beginnings { en: "Start over", ko: "다시 시작" }
    start_fresh { en: "Start fresh", ko: "새로 시작" }
    start_fresh_hint { en: "An empty cluster: no topics, nothing running", ko: "토픽도 실행 중인 프로그램도 없는 빈 클러스터" }
    start_cluster { en: "Three brokers", ko: "브로커 세 대" }
    start_cluster_hint { en: "An empty cluster with kafka-1 to kafka-3, for replication and failures", ko: "복제와 장애를 실험하는 빈 클러스터 (kafka-1, kafka-2, kafka-3)" }
    replay { en: "Replay the demonstration", ko: "데모 다시 보기" }
    replay_hint { en: "A topic, a producer, and consumers that share the work", ko: "토픽 하나, 프로듀서 하나, 일을 나누는 컨슈머들" }
    introduction { en: "A demonstration is running. Type into a terminal or press a button to take over.", ko: "데모가 재생 중입니다. 터미널에 입력하거나 버튼을 누르면 직접 이어서 조작할 수 있습니다." }
    dismiss { en: "Dismiss", ko: "닫기" }

    skip_to_terminals { en: "Skip to the terminals", ko: "터미널로 바로 가기" }
    transport { en: "Playback", ko: "재생" }
    play { en: "Play", ko: "재생" }
    pause { en: "Pause", ko: "일시 정지" }
    step { en: "Step", ko: "한 단계" }
    step_hint { en: "Play to the next thing that happens, then stop", ko: "다음 일이 일어날 때까지만 재생" }
    to_start { en: "Back to the start", ko: "처음으로" }
    to_end { en: "To the end", ko: "끝으로" }
    to_present { en: "To the present", ko: "현재로" }
    speed { en: "Speed", ko: "속도" }
    speed_auto { en: "Adaptive: slow where things move", ko: "자동: 움직일 때는 천천히" }
    speed_auto_short(times: &str) { en: "Auto {times}×", ko: "자동 {times}×" }
    speed_constant { en: "Constant", ko: "일정한 속도" }
    speed_hint { en: "Auto slows down while something moves, so that it can be seen, and hurries while nothing does", ko: "자동: 움직임이 있을 때는 보이도록 느리게, 없을 때는 빠르게 재생합니다" }
    slower(times: u32) { en: "{times}× slower", ko: "{times}배 느리게" }
    faster(times: u32) { en: "{times}× faster", ko: "{times}배 빠르게" }
    real_time { en: "real time", ko: "실제 속도" }
    pace_fast(times: u32) { en: "Nothing moves, so time passes {times} times faster than in reality", ko: "움직임이 없어 시간이 실제보다 {times}배 빠르게 흐릅니다" }
    pace_slow(times: u32) { en: "Slowed down {times} times, so that what takes milliseconds can be seen", ko: "몇 밀리초 만에 끝나는 일이 보이도록 {times}배 느리게 재생합니다" }
    pace_real { en: "Time passes as in reality", ko: "시간이 실제와 같은 속도로 흐릅니다" }
    timeline { en: "Timeline", ko: "타임라인" }
    timeline_value(now: &str, end: &str) { en: "{now} of {end}", ko: "{end} 중 {now}" }
    mark_rebalance(group: &str, time: &str) { en: "{time} · {group} rebalances", ko: "{time} · {group} 리밸런싱" }
    mark_killed(client: &str, time: &str) { en: "{time} · {client} is killed", ko: "{time} · {client} 강제 종료" }
    mark_failed(client: &str, time: &str) { en: "{time} · {client} fails", ko: "{time} · {client} 실패" }
    mark_broker_failed(broker: u32, time: &str) { en: "{time} · broker {broker} goes down", ko: "{time} · 브로커 {broker} 중단" }
    in_the_past { en: "The past. What you type here starts a new branch.", ko: "과거 시점입니다. 여기서 입력하면 새 분기가 시작됩니다." }
    fork { en: "Fork here", ko: "여기서 분기" }
    fork_hint { en: "Keep what came after as a branch, and go on from here", ko: "이후 기록은 분기로 남기고 여기서부터 다시 진행" }
    branch { en: "Branch", ko: "분기" }
    branch_name(number: u32, end: &str) { en: "Branch {number} · {end}", ko: "분기 {number} · {end}" }
    language { en: "Language", ko: "언어" }
    theme { en: "Theme", ko: "테마" }
    theme_auto { en: "As the system", ko: "시스템 설정" }
    theme_light { en: "Light", ko: "밝게" }
    theme_dark { en: "Dark", ko: "어둡게" }

    acts { en: "Common acts", ko: "자주 쓰는 동작" }
    act_create_topic { en: "Create topic", ko: "토픽 만들기" }
    act_start_producer { en: "Start producer", ko: "프로듀서 시작" }
    act_produce { en: "Produce record", ko: "레코드 보내기" }
    act_add_consumer { en: "Add consumer", ko: "컨슈머 추가" }
    act_stop_consumer { en: "Stop", ko: "종료" }
    act_kill_consumer { en: "Kill", ko: "강제 종료" }
    act_describe_group { en: "Describe group", ko: "그룹 상태 보기" }
    act_hint(terminal: u32) { en: "Types into terminal {terminal}:", ko: "터미널 {terminal}에 입력:" }
    act_hint_stop(terminal: u32) { en: "Ctrl+C in terminal {terminal}: says goodbye to its group", ko: "터미널 {terminal}에서 Ctrl+C: 그룹에 알리고 나갑니다" }
    act_hint_kill(terminal: u32) { en: "Closes terminal {terminal}: the process dies without a goodbye", ko: "터미널 {terminal} 닫기: 그룹에 알리지 못하고 프로세스가 죽습니다" }
    act_target { en: "Consumer to stop or kill", ko: "종료할 컨슈머" }
}
