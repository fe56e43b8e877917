//! The dock.

use super::{Language, Text, catalogue};

catalogue! {
    terminals { en: "Terminals", ko: "터미널" }
    terminal(number: u32) { en: "Terminal {number}", ko: "터미널 {number}" }
    terminal_output(number: u32) { en: "Output of terminal {number}", ko: "터미널 {number} 출력" }
    prompt(number: u32) { en: "Type into terminal {number}", ko: "터미널 {number} 입력" }
    at_shell { en: "shell", ko: "셸" }
    news_of_terminal(number: u32) { en: "New in terminal {number}", ko: "터미널 {number} 새 출력" }
    lines_unsaid(count: u32) { one: "1 more line", en: "{count} more lines", ko: "그 밖에 {count}줄" }
    lines_above(count: u32) { one: "1 earlier line is not shown.", en: "{count} earlier lines are not shown.", ko: "이전 {count}줄은 표시하지 않았습니다." }
    show_older_lines { en: "Show earlier lines", ko: "이전 줄 보기" }
    lines_gone(count: u32) { en: "A terminal keeps its last {count} lines; older ones are gone.", ko: "터미널은 마지막 {count}줄만 보관합니다. 그보다 오래된 줄은 사라졌습니다." }
    tab_hint { en: "Double-click or F2: name it. Delete: close it.", ko: "더블 클릭 또는 F2: 이름 바꾸기. Delete: 닫기" }
    name_terminal(number: u32) { en: "Name of terminal {number}", ko: "터미널 {number} 이름" }
    close_terminal(number: u32) { en: "Close terminal {number} and kill what runs there", ko: "터미널 {number} 닫기: 실행 중인 프로그램은 강제 종료됩니다" }
    times { en: "Show when each line appeared, in virtual time", ko: "각 줄이 출력된 가상 시각 표시" }
    prompt_keys { en: "Tab completes, Up and Down recall what was typed, Ctrl+R searches it. To leave the field: Esc, then Tab.", ko: "Tab은 자동 완성, 위아래 화살표는 이전 입력, Ctrl+R은 기록 검색입니다. 입력란에서 나가려면 Esc를 누른 뒤 Tab을 누르세요." }
    completions_label { en: "Completions", ko: "자동 완성 후보" }
    completions(count: u32) { one: "1 completion", en: "{count} completions", ko: "자동 완성 후보 {count}개" }
    no_completions { en: "nothing completes this", ko: "자동 완성할 것이 없습니다" }
    choosing_keys { en: "↑ ↓: choose · Enter: take · Esc: leave", ko: "↑ ↓: 선택 · Enter: 입력 · Esc: 닫기" }
    candidate_program { en: "program", ko: "프로그램" }
    candidate_option { en: "option", ko: "옵션" }
    candidate_topic { en: "topic", ko: "토픽" }
    candidate_group { en: "group", ko: "컨슈머 그룹" }
    candidate_server { en: "broker's address", ko: "브로커 주소" }
    candidate_broker { en: "broker", ko: "브로커" }
    candidate_class { en: "Java class", ko: "Java 클래스" }
    candidate_setting { en: "setting", ko: "설정" }
    candidate_value { en: "value", ko: "값" }
    candidate_file { en: "file", ko: "파일" }
    candidate_folder { en: "folder", ko: "폴더" }
    candidate_variable { en: "variable", ko: "변수" }
    candidate_container { en: "container", ko: "컨테이너" }
    search_typed(number: u32) { en: "Search what was typed into terminal {number}", ko: "터미널 {number} 입력 기록 검색" }
    search_failed { en: "nothing else matches", ko: "더 이상 없음" }
    search_keys { en: "Enter: run · Tab or Esc: edit first · Ctrl+R: older · Ctrl+C: back", ko: "Enter: 실행 · Tab/Esc: 편집 · Ctrl+R: 더 이전 · Ctrl+C: 취소" }
    paste_commands(count: u32) { one: "Run the command that you pasted?", en: "Run the {count} commands that you pasted?", ko: "붙여넣은 명령 {count}개를 실행할까요?" }
    paste_lines(count: u32) { en: "Send the {count} lines that you pasted?", ko: "붙여넣은 {count}줄을 보낼까요?" }
    paste_more(count: u32) { one: "and 1 more line", en: "and {count} more lines", ko: "외 {count}줄" }
    paste_run { en: "Run all", ko: "모두 실행" }
    paste_send { en: "Send all", ko: "모두 보내기" }
    paste_put_in { en: "Edit first", ko: "먼저 편집" }
    cancel { en: "Cancel", ko: "취소" }
    key_row { en: "Keys", ko: "특수 키" }
    key_control_hint { en: "Ctrl with the next letter", ko: "다음 글자와 함께 Ctrl" }
    key_older { en: "Older command", ko: "이전 명령" }
    key_newer { en: "Newer command", ko: "다음 명령" }
    key_left { en: "Left", ko: "왼쪽" }
    key_right { en: "Right", ko: "오른쪽" }
    key_search { en: "Search what was typed (Ctrl+R)", ko: "입력 기록 검색 (Ctrl+R)" }
    new_terminal { en: "New terminal", ko: "새 터미널" }
    maximize { en: "Show this terminal alone", ko: "이 터미널만 크게 보기" }
    restore { en: "Show terminals side by side", ko: "터미널 나란히 보기" }
    dock_size { en: "Height of the terminals", ko: "터미널 높이" }
    interrupt_hint { en: "Interrupt the program (Ctrl+C)", ko: "프로그램 중단 (Ctrl+C)" }
    suspend_hint { en: "Stop the program until fg or bg (Ctrl+Z)", ko: "프로그램 일시 정지, fg나 bg로 재개 (Ctrl+Z)" }
    end_of_input_hint { en: "End of input (Ctrl+D)", ko: "입력 끝 (Ctrl+D)" }
    close { en: "kill", ko: "kill" }
    close_hint { en: "Close the terminal: the program is killed", ko: "터미널 닫기: 프로그램이 강제 종료됩니다" }
    send { en: "Send", ko: "보내기" }
    hint_shell { en: "type a command, or help", ko: "명령을 입력하세요 (help: 도움말)" }
    hint_program { en: "type a line and press Enter", ko: "한 줄을 입력하고 Enter를 누르세요" }
    hint_nobody { en: "running · Ctrl+C stops it", ko: "실행 중 · Ctrl+C로 중단" }
}

impl Text {
    /// With the name that the visitor has given it.
    pub(crate) fn terminal_called(self, number: u32, name: Option<&str>) -> String {
        name.map_or_else(|| self.terminal(number), |name| format!("{number} · {name}"))
    }
}
