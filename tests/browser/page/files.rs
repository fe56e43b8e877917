//! The editor for files, and what the browser keeps between visits.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};

use crate::visit::{Visit, fire, frame, text, window};

async fn name_file(visit: &Visit, name: &str) {
    let field: HtmlInputElement = visit.the(".file-new input").unchecked_into();
    field.set_value(name);
    visit.click(".file-new button").await;
    visit.until_true("the editor", |visit| visit.find(".file-text").is_some()).await;
}

async fn edit(visit: &Visit, typed: &str) {
    let area: HtmlTextAreaElement = visit.the(".file-text").unchecked_into();
    area.set_value(typed);
    fire(&area, "input");
    frame().await;
}

fn edited(visit: &Visit) -> String {
    visit.the(".file-text").unchecked_into::<HtmlTextAreaElement>().value()
}

#[wasm_bindgen_test]
async fn a_visitor_writes_a_file_by_the_editor_and_reads_it_in_a_terminal() {
    let visit = Visit::begin().await;
    visit.click(".files-toggle").await;
    name_file(&visit, "consumer.properties").await;
    edit(&visit, "group.id=it's mine\nauto.offset.rset=earliest\nmax.poll.records=0").await;
    let remarks: Vec<_> = visit.find_all(".findings li").iter().map(text).collect();
    assert!(remarks[0].contains("Did you mean auto.offset.reset?"), "{remarks:?}");
    assert!(
        remarks[1].ends_with("Invalid value 0 for configuration max.poll.records: Value must be at least 1")
    );

    // What is not saved outlives the panel, and another file.
    visit.click(".files-toggle").await;
    assert!(visit.find(".file-text").is_none());
    visit.click(".files-toggle").await;
    name_file(&visit, "other.txt").await;
    visit.click(".file-list li:first-child button").await;
    assert!(edited(&visit).starts_with("group.id=it's mine\n"));

    edit(&visit, "group.id=it's mine\nmax.poll.records=5").await;
    visit.click(".file-save").await;
    visit.until_true("the file is saved", |visit| visit.find(".file-head .unsaved").is_none()).await;
    visit.types(1, "cat consumer.properties").await;
    visit
        .until_true("the file's lines", |visit| {
            visit.printed(1) == ["group.id=it's mine", "max.poll.records=5"]
        })
        .await;

    visit.click(".file .harsh").await;
    visit.until_true("the file is gone", |visit| visit.find(".file-text").is_none()).await;
    visit.types(1, "cat consumer.properties").await;
    visit.until_true("an error", |visit| !visit.errors(1).is_empty()).await;
}

#[wasm_bindgen_test]
async fn a_session_comes_back_and_starting_over_forgets_it() {
    let storage = window().local_storage().ok().flatten().expect("a page of a server has a storage");
    let visit = Visit::begin().await;
    visit.types(2, "echo kept > note.txt; cat note.txt").await;
    let kept = |storage: &web_sys::Storage| storage.get_item("murmuration.session").ok().flatten();
    visit.until_true("the session is kept", |_| kept(&storage).is_some()).await;

    let visit = visit.again().await;
    visit.until_true("the session is back", |visit| visit.printed(2) == ["kept"]).await;
    assert!(text(&visit.the(".introduction")).contains("is back"));
    visit.click(".introduction .fresh").await;
    visit.until_true("an empty session", |visit| visit.printed(2).is_empty()).await;
    assert_eq!(kept(&storage), None);
}

#[wasm_bindgen_test]
async fn what_cannot_be_read_is_put_aside_and_said() {
    let storage = window().local_storage().ok().flatten().expect("a page of a server has a storage");
    let visit = Visit::begin().await;
    storage.set_item("murmuration.session", "\"# murmuration session 9\\n1> date\"").expect("it has room");
    let visit = visit.again().await;
    assert!(text(&visit.the(".introduction")).contains("cannot be read (# murmuration session 9)"));
    let aside = storage.get_item("murmuration.session.aside").ok().flatten();
    assert!(aside.is_some_and(|aside| aside.contains("1> date")));
}
