//! The editor for files, and what the browser keeps.

use super::{Language, Text, catalogue};

catalogue! {
    files { en: "Files", ko: "파일" }
    files_hint { en: "Choose a file or name a new one, such as consumer.properties. Saving types the command that writes it.", ko: "파일을 고르거나 consumer.properties처럼 새 이름을 입력하세요. 저장하면 파일을 쓰는 명령이 터미널에 입력됩니다." }
    no_files { en: "No files yet.", ko: "아직 파일이 없습니다." }
    new_file { en: "New file", ko: "새 파일" }
    new_file_rule { en: "A name without a slash: there is one directory", ko: "/ 없는 이름: 디렉터리는 하나뿐입니다" }
    file_unsaved(name: &str) { en: "{name}, not saved", ko: "{name}, 저장 안 됨" }
    file_text(name: &str) { en: "Text of {name}", ko: "{name} 내용" }
    file_too_long { en: "Too long to be edited here.", ko: "여기서 편집하기에는 너무 깁니다." }
    unsaved { en: "not saved", ko: "저장 안 됨" }
    save { en: "Save", ko: "저장" }
    save_hint { en: "Types the command that writes the file (Ctrl+S)", ko: "파일을 쓰는 명령을 입력합니다 (Ctrl+S)" }
    revert { en: "Revert", ko: "되돌리기" }
    revert_hint { en: "Back to what the file holds", ko: "파일에 저장된 내용으로 되돌립니다" }
    delete { en: "Delete", ko: "삭제" }
    findings { en: "Remarks on this file", ko: "이 파일에서 확인할 점" }
    finding_misspelt(line: u32, name: &str, nearest: &str) { en: "Line {line}: Kafka's clients have no setting {name}. Did you mean {nearest}?", ko: "{line}행: Kafka 클라이언트에 {name} 설정은 없습니다. {nearest}인가요?" }
    finding_unknown(line: u32, name: &str) { en: "Line {line}: Kafka's clients have no setting {name}; they log it and go on.", ko: "{line}행: Kafka 클라이언트에 {name} 설정은 없습니다. 로그만 남기고 무시합니다." }
    finding_refused(line: u32, message: &str) { en: "Line {line}: {message}", ko: "{line}행: {message}" }
    finding_again(line: u32, name: &str, again: u32) { en: "Line {line}: {name} is set again in line {again}, which wins.", ko: "{line}행: {name} 설정이 {again}행에 또 있으며, 나중 값이 적용됩니다." }
    explanation_hint { en: "Ctrl+Space completes. The setting at the caret or under the pointer is explained here.", ko: "Ctrl+Space는 자동 완성입니다. 커서나 포인터가 놓인 설정을 여기에서 설명합니다." }
    setting_unknown(name: &str) { en: "Kafka has no setting {name}.", ko: "Kafka에 {name} 설정은 없습니다." }
    default_is(value: &str) { en: "default {value}", ko: "기본값 {value}" }
    no_default { en: "no default", ko: "기본값 없음" }
    notice { en: "Notice", ko: "알림" }
    session_restored { en: "Your last session is back, as you left it.", ko: "지난 세션을 마지막 상태 그대로 불러왔습니다." }
    session_unreadable(error: &str) { en: "The session that this browser kept cannot be read ({error}). It was put aside, not deleted.", ko: "브라우저에 저장된 세션을 읽을 수 없습니다({error}). 삭제하지 않고 따로 보관했습니다." }
    session_not_kept { en: "This browser has no room to keep the session: it ends when the page is closed.", ko: "브라우저에 세션을 저장할 공간이 없습니다. 페이지를 닫으면 세션이 사라집니다." }
}
