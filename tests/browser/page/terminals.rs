//! Terminals as one writes in them: completion, search, pasted lines, the row of keys, names.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    ClipboardEvent, ClipboardEventInit, DataTransfer, HtmlElement, KeyboardEvent, KeyboardEventInit,
};

use crate::visit::{Visit, fire, frame, text};

/// Presses a key in the field of a terminal; true when the page took it.
async fn press(visit: &Visit, terminal: u32, key: &str, control: bool) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_ctrl_key(control);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event =
        KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event can be made");
    let left_alone = visit.prompt(terminal).dispatch_event(&event).expect("an event can be given");
    frame().await;
    frame().await;
    !left_alone
}

/// Types a text in front of the caret, without sending it.
async fn write(visit: &Visit, terminal: u32, typed: &str) {
    let area = visit.prompt(terminal);
    area.set_value(typed);
    fire(&area, "input");
    frame().await;
}

async fn paste(visit: &Visit, terminal: u32, pasted: &str) {
    let data = DataTransfer::new().expect("data can be carried");
    data.set_data("text/plain", pasted).expect("it takes text");
    let init = ClipboardEventInit::new();
    init.set_clipboard_data(Some(&data));
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = ClipboardEvent::new_with_event_init_dict("paste", &init).expect("an event can be made");
    visit.prompt(terminal).dispatch_event(&event).expect("an event can be given");
    frame().await;
}

async fn until_line(visit: &Visit, terminal: u32, expected: &str) {
    visit.until_true(&format!("`{expected}`"), |visit| line(visit, terminal) == expected).await;
}

fn line(visit: &Visit, terminal: u32) -> String {
    visit.prompt(terminal).value()
}

#[wasm_bindgen_test]
async fn tab_completes_lists_and_lets_choose() {
    let visit = Visit::begin().await;
    visit.act("Create topic").await;
    visit.until_true("the topic", |visit| !visit.printed(1).is_empty()).await;
    write(&visit, 1, "kafka-topics --desc").await;
    assert!(press(&visit, 1, "Tab", false).await);
    until_line(&visit, 1, "kafka-topics --describe ").await;
    write(&visit, 1, "kafka-topics --describe --topic or").await;
    press(&visit, 1, "Tab", false).await;
    until_line(&visit, 1, "kafka-topics --describe --topic orders ").await;

    write(&visit, 1, "kafka-topics --delete").await;
    press(&visit, 1, "Tab", false).await;
    visit.until_true("a list", |visit| visit.find(".choosing").is_some()).await;
    let offered: Vec<_> = visit.find_all(".choosing li code").iter().map(text).collect();
    assert_eq!(offered, ["--delete", "--delete-config"]);
    press(&visit, 1, "ArrowDown", false).await;
    press(&visit, 1, "ArrowDown", false).await;
    assert_eq!(text(&visit.the(".choosing [aria-selected=true] code")), "--delete-config");
    press(&visit, 1, "Enter", false).await;
    assert_eq!(line(&visit, 1), "kafka-topics --delete-config ");
    assert!(visit.find(".choosing").is_none());

    // Nothing to complete, and the way out.
    write(&visit, 1, "kafka-topics --nonsense").await;
    assert!(press(&visit, 1, "Tab", false).await);
    visit
        .until_true("a word about it", |visit| text(&visit.the(".prompt-status")) == "nothing completes this")
        .await;
    press(&visit, 1, "Escape", false).await;
    assert!(!press(&visit, 1, "Tab", false).await, "Tab is the browser's after Escape");
}

#[wasm_bindgen_test]
async fn what_was_typed_is_found_again() {
    let visit = Visit::begin().await;
    for command in ["echo first", "echo second", "clear"] {
        visit.types(1, command).await;
    }
    visit.until_true("a clear screen", |visit| visit.lines(1).is_empty()).await;
    press(&visit, 1, "r", true).await;
    write(&visit, 1, "fir").await;
    assert_eq!(text(&visit.the(".searching code")), "echo first");
    assert_eq!(text(&visit.the(".searching mark")), "fir");
    press(&visit, 1, "Enter", false).await;
    visit.until_true("its output", |visit| visit.printed(1) == ["first"]).await;

    press(&visit, 1, "ArrowUp", false).await;
    press(&visit, 1, "ArrowUp", false).await;
    assert_eq!(line(&visit, 1), "clear");
    press(&visit, 1, "u", true).await;
    assert_eq!(line(&visit, 1), "");
    press(&visit, 1, "y", true).await;
    assert_eq!(line(&visit, 1), "clear");
    press(&visit, 1, "l", true).await;
    assert!(visit.lines(1).is_empty());
    visit.click(".above button").await;
    assert!(visit.printed(1).contains(&"first".to_owned()));
}

#[wasm_bindgen_test]
async fn pasted_lines_are_shown_and_asked_about_once() {
    let visit = Visit::begin().await;
    paste(&visit, 1, "cat > note.txt <<EOF\none\ntwo\nEOF\ncat note.txt\n").await;
    assert_eq!(visit.find_all(".pasted li").len(), 5);
    assert_eq!(text(&visit.the(".pasted > p")), "Run the 2 commands that you pasted?");
    visit.click(".pasted .answers button:nth-child(3)").await;
    assert!(visit.find(".pasted").is_none() && line(&visit, 1).is_empty() && visit.lines(1).is_empty());

    paste(&visit, 1, "echo a\necho b").await;
    visit.click(".pasted .answers button:nth-child(2)").await;
    assert_eq!(line(&visit, 1), "echo a\necho b");
    press(&visit, 1, "c", true).await;

    paste(&visit, 1, "cat > note.txt <<EOF\none\ntwo\nEOF\ncat note.txt").await;
    visit.the(".pasted .primary").unchecked_into::<HtmlElement>().click();
    visit.until_true("the file's lines", |visit| visit.printed(1) == ["one", "two"]).await;
}

#[wasm_bindgen_test]
async fn the_row_of_keys_stands_in_for_a_keyboard() {
    let visit = Visit::begin().await;
    visit.click("#terminal-1 .screen").await;
    write(&visit, 1, "echo one two").await;
    visit.click(".key-row [aria-pressed]").await;
    // A phone's keyboard says no more than that a letter came.
    write(&visit, 1, "echo one twow").await;
    assert_eq!(line(&visit, 1), "echo one ");
    visit.click(".key-row button:nth-child(8)").await;
    visit.until_true("the interruption", |visit| visit.lines(1).iter().any(|line| line.contains("^C"))).await;
    assert_eq!(line(&visit, 1), "");
}
