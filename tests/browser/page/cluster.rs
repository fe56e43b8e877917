//! Three brokers: copies of partitions, a broker's menu, and what became of a producer's records.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::{Visit, elements, press, text};

async fn open_tab(visit: &Visit, label: &str) {
    let tabs = visit.find_all(".side-tabs button");
    let tab = tabs.iter().find(|tab| text(tab).starts_with(label));
    press(tab.unwrap_or_else(|| panic!("there is no tab {label}"))).await;
}

#[wasm_bindgen_test]
async fn copies_brokers_and_sent_records_are_in_sight() {
    let visit = Visit::begin().await;
    press(&visit.find_all(".beginnings .menu button")[2]).await;
    visit.until_true("three brokers", |visit| visit.find_all(".broker").len() == 3).await;
    visit.act("Create topic").await;
    visit
        .until_true("two followers' copies of each of three partitions", |visit| {
            visit.find_all(".lane .copy.in-sync").len() == 6
        })
        .await;
    let leads =
        |visit: &Visit| -> Vec<String> { visit.find_all(".broker .state").iter().map(text).collect() };
    assert_eq!(leads(&visit), ["leads 1"; 3]);

    visit.act("Start producer").await;
    visit.act("Produce record").await;
    visit.until_true("the record in every copy", |visit| visit.find_all(".copy .copied").len() == 2).await;

    open_tab(&visit, "Sent").await;
    visit
        .until_true("the record, acknowledged", |visit| {
            let told: Vec<_> = visit.find_all(".outcomes span").iter().map(text).collect();
            told == ["1 sent", "1 acknowledged"]
        })
        .await;

    let kill = visit
        .find_all("#broker-2 button")
        .into_iter()
        .find(|button| elements(button, ".label").first().is_some_and(|label| text(label) == "Kill"));
    press(&kill.expect("a running broker can be killed")).await;
    visit
        .until_true("the command in a terminal", |visit| {
            visit.find_all(".line").iter().any(|line| text(line).contains("docker kill kafka-2"))
        })
        .await;
}
