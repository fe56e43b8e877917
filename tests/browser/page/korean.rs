//! The page in Korean, and Korean in its terminals.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::{Visit, document, elements, text};

fn labels(visit: &Visit) -> Vec<String> {
    visit.find_all(".act .label").iter().map(text).collect()
}

#[wasm_bindgen_test]
async fn the_language_changes_and_the_terminals_stay() {
    let visit = Visit::begin().await;
    let root = document().document_element().expect("the document has an element");
    visit.types(1, "echo hello").await;
    visit.until_true("the echo", |visit| visit.printed(1) == ["hello"]).await;
    assert_eq!(root.get_attribute("lang").as_deref(), Some("en"));
    assert_eq!(labels(&visit), ["Create topic"]);

    visit.click(".languages [lang=ko]").await;
    visit.until_true("Korean labels", |visit| labels(visit) == ["토픽 만들기"]).await;
    assert_eq!(root.get_attribute("lang").as_deref(), Some("ko"));
    let tabs: Vec<String> = visit.find_all(".tab:not(.add)").iter().map(text).collect();
    assert_eq!(tabs, ["터미널 1", "터미널 2", "터미널 3", "터미널 4"]);
    assert_eq!(visit.printed(1), ["hello"]);

    visit.click(".languages [lang=en]").await;
    visit.until_true("English labels", |visit| labels(visit) == ["Create topic"]).await;
}

#[wasm_bindgen_test]
async fn enter_that_ends_a_composition_sends_nothing() {
    let visit = Visit::begin().await;
    visit.composes(1, "echo 안녕하세요").await;
    assert_eq!(visit.prompt(1).value(), "echo 안녕하세요");
    assert!(elements(&visit.pane(1), ".line").is_empty(), "{:?}", visit.lines(1));

    visit.presses_enter(1).await;
    visit.until_true("the echo", |visit| visit.printed(1) == ["안녕하세요"]).await;
    assert_eq!(visit.prompt(1).value(), "");
}
