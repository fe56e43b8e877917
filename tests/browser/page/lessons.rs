//! The course in the page: a lesson in a session of its own, solved by hand and by itself, in both languages.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use crate::visit::{Visit, press, text, window};

const CREATE: &str = "kafka-topics --create --bootstrap-server kafka:9093 --topic greetings --partitions 1";

/// The button of the course whose words begin so.
async fn course_button(visit: &Visit, words: &str) -> Element {
    visit
        .until(&format!("a button {words}"), |visit| {
            visit.find_all(".course button").into_iter().find(|button| text(button).trim().starts_with(words))
        })
        .await
}

async fn open_first_lesson(visit: &Visit) {
    visit.click(".course-toggle").await;
    press(&course_button(visit, "Begin").await).await;
    visit.until_true("the first step", |visit| current_step(visit) == "Make a topic").await;
}

fn current_step(visit: &Visit) -> String {
    visit.find(".step.current h3").as_ref().map(text).unwrap_or_default()
}

async fn until_done(visit: &Visit) {
    visit.until_true("the step to be done", |visit| visit.find(".step.current.done").is_some()).await;
}

#[wasm_bindgen_test]
async fn a_step_is_solved_by_typing_and_the_own_session_comes_back() {
    let visit = Visit::begin().await;
    visit.types(3, "date").await;
    open_first_lesson(&visit).await;
    assert!(visit.find_all(".pane .line").is_empty(), "a lesson has a session of its own");
    let missing = visit.find_all(".goals small");
    assert_eq!(missing.first().map(text).as_deref(), Some("not there yet"));
    visit.types(1, CREATE).await;
    until_done(&visit).await;
    assert!(visit.find(".insight").is_some());
    press(&course_button(&visit, "Next step").await).await;
    visit.until_true("the second step", |visit| current_step(visit) == "Send a record").await;
    press(&course_button(&visit, "Leave lesson").await).await;
    visit
        .until_true("the own session", |visit| {
            visit.find(".course").is_none() && !visit.find_all(".pane .line").is_empty()
        })
        .await;
    visit.click(".course-toggle").await;
    let done =
        visit.until("what was done", |visit| visit.find(".contents .hint-line").as_ref().map(text)).await;
    assert!(done.starts_with("1 of "), "{done}");
}

#[wasm_bindgen_test]
async fn another_language_keeps_the_place() {
    let visit = Visit::begin().await;
    open_first_lesson(&visit).await;
    visit.types(1, CREATE).await;
    until_done(&visit).await;
    visit.click(".languages button[lang=ko]").await;
    visit.until_true("the step in Korean", |visit| current_step(visit) == "토픽 만들기").await;
    assert!(visit.find(".step.current.done").is_some());
    visit.click(".languages button[lang=en]").await;
    visit.until_true("the step in English", |visit| current_step(visit) == "Make a topic").await;
}

#[wasm_bindgen_test]
async fn progress_that_cannot_be_read_is_put_aside_and_said() {
    let storage = window().local_storage().ok().flatten().expect("a page of a server has a storage");
    let visit = Visit::begin().await;
    storage.set_item("murmuration.progress", "{\"version\":1,").expect("it has room");
    let visit = visit.again().await;
    visit.click(".course-toggle").await;
    let told = visit.until("a word about it", |visit| visit.find(".trouble p").as_ref().map(text)).await;
    assert!(told.contains("put aside, not deleted"), "{told}");
    assert!(visit.find(".trouble a[download]").is_some());
    let aside = storage.get_item("murmuration.progress.aside").ok().flatten();
    assert_eq!(aside.as_deref(), Some("{\"version\":1,"));
}
