//! What the pages say around the course's own text.

use course::Language;

pub(super) struct Words {
    /// The language's name for itself.
    pub(super) name: &'static str,
    pub(super) pages: &'static str,
    pub(super) playground: &'static str,
    pub(super) course: &'static str,
    pub(super) course_summary: &'static str,
    pub(super) glossary: &'static str,
    pub(super) glossary_summary: &'static str,
    pub(super) minutes: fn(u32) -> String,
    pub(super) setup: &'static str,
    pub(super) terminal: fn(u32) -> String,
    pub(super) question: &'static str,
    pub(super) decided_by_the_run: &'static str,
    pub(super) hint: &'static str,
    pub(super) solution: &'static str,
    pub(super) insight: &'static str,
    pub(super) measured: &'static str,
    pub(super) before: &'static str,
    pub(super) after: &'static str,
    pub(super) without_scripts: &'static str,
}

pub(super) fn of(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

const ENGLISH: Words = Words {
    name: "English",
    pages: "Pages",
    playground: "Playground",
    course: "Course",
    course_summary: "Learn how Kafka's producers, consumers and groups behave, with Kafka's own commands, in the browser.",
    glossary: "Glossary",
    glossary_summary: "Kafka's terms, each in a sentence or two.",
    minutes: |minutes| format!("{minutes} min"),
    setup: "Before you begin, these were typed",
    terminal: |terminal| format!("Terminal {terminal}"),
    question: "What do you think?",
    decided_by_the_run: "Which one is right, the run itself shows.",
    hint: "Hint",
    solution: "Solution",
    insight: "What it shows",
    measured: "The playground measures these and draws them.",
    before: "Before",
    after: "Next",
    without_scripts: "This is the lesson to read. The terminals and the stage need JavaScript and WebAssembly.",
};

const KOREAN: Words = Words {
    name: "한국어",
    pages: "페이지",
    playground: "플레이그라운드",
    course: "과정",
    course_summary: "Kafka의 실제 명령으로 프로듀서, 컨슈머, 컨슈머 그룹의 동작을 브라우저에서 배웁니다.",
    glossary: "용어집",
    glossary_summary: "Kafka 용어를 한두 문장으로 풀었습니다.",
    minutes: |minutes| format!("{minutes}분"),
    setup: "시작 전에 입력되어 있는 명령",
    terminal: |terminal| format!("터미널 {terminal}"),
    question: "어떻게 될까요?",
    decided_by_the_run: "답은 실행 결과가 보여 줍니다.",
    hint: "힌트",
    solution: "풀이",
    insight: "무엇을 알 수 있나",
    measured: "플레이그라운드가 직접 재서 그려 줍니다.",
    before: "이전",
    after: "다음",
    without_scripts: "읽기용 레슨입니다. 터미널과 무대는 JavaScript와 WebAssembly가 있어야 움직입니다.",
};
