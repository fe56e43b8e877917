//! The dock.

use super::{Language, Text, catalogue};

catalogue! {
    terminals { en: "Terminals", ko: "터미널" }
    terminal(number: u32) { en: "Terminal {number}", ko: "터미널 {number}" }
    terminal_output(number: u32) { en: "Output of terminal {number}", ko: "터미널 {number} 출력" }
    prompt(number: u32) { en: "Type into terminal {number}", ko: "터미널 {number} 입력" }
    at_shell { en: "shell", ko: "셸" }
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
