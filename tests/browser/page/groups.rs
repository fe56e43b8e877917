//! Groups at work: their countdowns run out, their rebalances are measured, and what was handled twice is found.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::{Visit, elements, press, text};

const CONSUMER: &str =
    "kafka-console-consumer --bootstrap-server kafka:9093 --topic orders --group shipping --from-beginning";

async fn open_tab(visit: &Visit, label: &str) {
    let tabs = visit.find_all(".side-tabs button");
    let tab = tabs.iter().find(|tab| text(tab).starts_with(label));
    press(tab.unwrap_or_else(|| panic!("there is no tab {label}"))).await;
}

#[wasm_bindgen_test]
async fn a_crash_shows_its_countdown_its_rebalance_and_what_was_handled_twice() {
    let visit = Visit::begin().await;
    visit.act("Create topic").await;
    visit.types(2, CONSUMER).await;
    visit.until_true("a consumer with partitions", |visit| visit.find(".consumer .held").is_some()).await;
    let session = |visit: &Visit| visit.find(".consumer .countdown.session title").map(|title| text(&title));
    visit
        .until_true("a session that runs", |visit| {
            session(visit).is_some_and(|left| left.starts_with("session 4"))
        })
        .await;

    visit.choose("#speed", "constant 1000").await;
    visit.act("Start producer").await;
    visit.act("Produce record").await;
    visit
        .until_true("a record that was read", |visit| {
            visit.find_all(".consumer .state").iter().any(|state| text(state) == "1 record read")
        })
        .await;
    press(&visit.the("#terminal-2 .key.harsh")).await;
    visit.choose("#speed", "constant 20000").await;
    visit.types(3, CONSUMER).await;
    visit
        .until_true("the survivor with all partitions", |visit| {
            let consumers = visit.find_all(".consumer");
            consumers.len() == 1 && elements(&consumers[0], ".held").len() == 3
        })
        .await;

    open_tab(&visit, "Rebalances").await;
    visit
        .until_true("a measured rebalance", |visit| {
            visit.find_all(".rebalance-entry .cost").iter().any(|cost| text(cost).contains("unread for"))
        })
        .await;

    open_tab(&visit, "Deliveries").await;
    visit.until_true("the duplicate", |visit| visit.find(".outcomes .repeated").is_some()).await;
    assert_eq!(text(&visit.the(".outcomes .repeated")), "1 processed twice");
    assert!(visit.find(".wanted-cell").is_none());
    visit.click(".mishap-entry").await;
    visit
        .until_true("the record on its lane", |visit| visit.find(".lane.wanted .wanted-cell").is_some())
        .await;
    assert_eq!(text(&visit.the(".mishap.repeated text")), "×2");

    open_tab(&visit, "Offsets").await;
    let sum = text(&visit.the(".home"));
    assert!(sum.contains("__consumer_offsets-8"), "{sum}");
    for kind in ["offset commit", "group metadata"] {
        visit
            .until_true(&format!("a record of the kind {kind}"), |visit| {
                visit.find_all(".log-entry strong").iter().any(|known| text(known) == kind)
            })
            .await;
    }
}
