//! Whatever is typed, the page answers and goes on.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::Visit;

async fn still_answers(visit: &Visit, terminal: u32, word: &str) {
    visit.types(terminal, &format!("echo {word}")).await;
    visit
        .until_true(&format!("an answer to {word}"), |visit| {
            visit.printed(terminal).last().is_some_and(|line| line == word)
        })
        .await;
}

#[wasm_bindgen_test]
async fn a_pasted_megabyte_is_taken() {
    let visit = Visit::begin().await;
    visit.types(1, &"x".repeat(1 << 20)).await;
    visit.until_true("an error", |visit| !visit.errors(1).is_empty()).await;
    assert!(visit.lines(1).iter().all(|line| line.len() < 25_000), "the page cuts long lines");
    still_answers(&visit, 1, "on").await;

    visit.act("Create topic").await;
    visit.act("Start producer").await;
    visit.until_at(1, ">").await;
    visit.types(1, &format!("user_001:{}", "y".repeat(1 << 20))).await;
    visit
        .until_true("a refusal", |visit| {
            visit.errors(1).iter().any(|line| line.contains("RecordTooLargeException"))
        })
        .await;
}

#[wasm_bindgen_test]
async fn empty_lines_and_unknown_commands_are_answered() {
    let visit = Visit::begin().await;
    for _ in 0..3 {
        visit.types(1, "").await;
    }
    visit.types(1, "kafka-topcis --list").await;
    visit
        .until_true("an error that names the command", |visit| {
            visit.errors(1).iter().any(|line| line.contains("kafka-topcis") && line.contains("not found"))
        })
        .await;
    visit.types(1, "echo 'never closed").await;
    visit.until_at(1, ">").await;
    visit.types(1, "until here'").await;
    visit.until_at(1, "$").await;
    still_answers(&visit, 1, "on").await;
}
