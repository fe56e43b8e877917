//! The course: the panel around the lessons.

use super::{Language, Text, catalogue};

catalogue! {
    course { en: "Course", ko: "과정" }
    course_hint { en: "Lessons that check what you did", ko: "직접 해 본 결과를 확인해 주는 레슨" }
    course_contents { en: "Contents", ko: "목차" }
    course_lesson { en: "Lesson", ko: "레슨" }
    course_glossary { en: "Glossary", ko: "용어집" }
    course_leave { en: "Leave lesson", ko: "레슨 나가기" }
    course_leave_hint { en: "Back to your own session, as you left it", ko: "내 세션으로 돌아갑니다. 떠날 때 상태 그대로입니다" }
    course_awaited { en: "Fetching the lessons …", ko: "레슨을 불러오는 중입니다…" }
    course_not_fetched(reason: &str) { en: "The lessons could not be fetched ({reason}).", ko: "레슨을 불러오지 못했습니다({reason})." }
    course_fetch { en: "Fetch again", ko: "다시 불러오기" }
    no_such_lesson(id: &str) { en: "The course has no lesson {id}.", ko: "{id} 레슨이 없습니다." }
    view_lesson { en: "Lesson", ko: "레슨" }

    minutes(count: u32) { en: "{count} min", ko: "{count}분" }
    steps_done(done: usize, all: usize) { en: "{done} of {all} steps done", ko: "{all}단계 중 {done}단계 완료" }
    predictions_made(came_true: usize, made: usize) { en: "{came_true} of {made} predictions came true", ko: "예상 {made}번 중 {came_true}번 적중" }
    go_on { en: "Go on", ko: "이어서 하기" }
    comes_next { en: "Next", ko: "다음" }
    begin { en: "Begin", ko: "시작하기" }
    all_done { en: "You have done every step of the course.", ko: "모든 단계를 마쳤습니다." }
    step_of(number: usize, count: usize) { en: "Step {number} of {count}", ko: "{count}단계 중 {number}단계" }
    done { en: "done", ko: "완료" }
    not_done { en: "not done yet", ko: "미완료" }
    to_lesson { en: "To the lesson", ko: "레슨으로" }

    setup { en: "Typed before you begin", ko: "시작 전에 입력되어 있는 명령" }
    preparing { en: "Typing what comes before this step …", ko: "이 단계 앞의 명령을 입력하는 중입니다…" }
    typed_terminal { en: "Terminal for this command", ko: "이 명령을 입력할 터미널" }
    typed_draft { en: "Type", ko: "입력" }
    typed_run { en: "Run", ko: "실행" }
    prediction { en: "What do you expect?", ko: "어떻게 될까요?" }
    predict_first { en: "Choose first, then run it.", ko: "먼저 예상하고, 그다음 실행해 보세요." }
    prediction_skip { en: "Go on without", ko: "예상하지 않고 진행" }
    prediction_noted { en: "Noted. Now run it and see.", ko: "좋습니다. 이제 실행해서 확인해 보세요." }
    prediction_right { en: "This is what happened", ko: "실제 결과" }
    prediction_wrong { en: "Your expectation", ko: "내 예상" }
    goals { en: "Goal", ko: "목표" }
    goals_met { en: "Goal reached", ko: "목표 달성" }
    insight { en: "What it shows", ko: "무엇을 알 수 있나" }
    hint { en: "Hint", ko: "힌트" }
    solution { en: "Solution", ko: "풀이" }
    try_again { en: "Try again", ko: "다시 하기" }
    next_step { en: "Next step", ko: "다음 단계" }
    another_step { en: "Commands run in the step that you are at", ko: "명령은 진행 중인 단계에서 실행할 수 있습니다" }
    start_here { en: "Start at this step", ko: "이 단계에서 시작" }
    solution_text { en: "Solution, as a transcript", ko: "풀이 (입력 기록 형식)" }
    solution_type { en: "Type it for me", ko: "대신 입력하기" }
    solution_stop { en: "Stop typing", ko: "입력 중단" }
    solution_goes_on { en: "The solution is being typed …", ko: "풀이를 입력하는 중…" }
    solution_hint { en: "2$ is a command in terminal 2, 2> a line for its program, 2^C Ctrl+C, wait lets time pass. Change what you like.", ko: "2$는 터미널 2에서 실행할 명령, 2>는 프로그램에 입력할 줄, 2^C는 Ctrl+C, wait는 시간 보내기입니다. 고쳐서 입력해도 됩니다." }
    solution_fault(error: &str) { en: "This is no transcript: {error}", ko: "입력 기록 형식이 아닙니다: {error}" }
    lesson_over { en: "Lesson done.", ko: "레슨을 마쳤습니다." }
    next_lesson(title: &str) { en: "Next: {title}", ko: "다음: {title}" }
    lesson_restart { en: "Start the lesson over", ko: "레슨 처음부터 다시" }
    all_terms { en: "All terms", ko: "용어 전체 보기" }

    heard_goals(met: usize, all: usize) { en: "{met} of {all} goals met", ko: "목표 {all}개 중 {met}개 달성" }
    heard_done(title: &str) { en: "Step done: {title}", ko: "단계 완료: {title}" }

    own_progress { en: "Your progress", ko: "학습 기록" }
    progress_hint { en: "Your progress stays in this browser. Take it elsewhere as a file.", ko: "학습 기록은 이 브라우저에만 저장됩니다. 파일로 옮길 수 있습니다." }
    progress_export { en: "Export", ko: "내보내기" }
    progress_import { en: "Import", ko: "가져오기" }
    progress_reset { en: "Reset", ko: "초기화" }
    progress_reset_ask { en: "Forget every step that you have done?", ko: "완료한 단계 기록을 모두 지울까요?" }
    progress_reset_yes { en: "Forget them", ko: "모두 지우기" }
    progress_unreadable(reason: &str) { en: "The progress that this browser kept cannot be read ({reason}). It was put aside, not deleted.", ko: "브라우저에 저장된 학습 기록을 읽을 수 없습니다({reason}). 삭제하지 않고 따로 보관했습니다." }
    progress_download { en: "Download it", ko: "파일로 내려받기" }
    progress_bad_file(reason: &str) { en: "This file holds no progress that can be read ({reason}). Nothing was changed.", ko: "읽을 수 있는 학습 기록 파일이 아닙니다({reason}). 바뀐 것은 없습니다." }
    progress_not_kept { en: "This browser does not keep your progress: it ends when the page is closed.", ko: "브라우저가 학습 기록을 저장하지 못합니다. 페이지를 닫으면 사라집니다." }

    measurements { en: "Measured in this run", ko: "이번 실행에서 측정한 값" }
    seed(number: u64) { en: "seed {number}", ko: "시드 {number}" }
    measure_again(seed: u64) { en: "Measure it all again with seed {seed}", ko: "시드 {seed}로 처음부터 다시 측정" }
    measured_group { en: "Group", ko: "그룹" }
    measured_total { en: "In all", ko: "전체" }
    measured_reading { en: "Reading", ko: "읽은 시간" }
    measured_rate { en: "Records/s", ko: "레코드/초" }
    unmeasured { en: "not measured yet", ko: "아직 측정하지 않음" }
    per_second(rate: u64) { en: "{rate}/s", ko: "초당 {rate}개" }
    formula { en: "Throughput = partitions × rate of one consumer × 0.7 to 0.9", ko: "처리량 = 파티션 수 × 컨슈머 하나의 처리율 × 0.7~0.9" }
    formula_says(least: u64, most: u64) { en: "formula: {least} to {most}", ko: "공식: {least}~{most}" }
    formula_legend { en: "what the formula expects, from the one consumer measured above it", ko: "바로 위에서 잰 컨슈머 하나를 기준으로 공식이 예상하는 범위" }
}
