//! Consumers come and go, by click and by command, and the partitions follow.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::{Visit, elements, press};

const CONSUMER: &str = "kafka-console-consumer --bootstrap-server kafka:9093 --topic orders --group shipping";

/// Waits until the consumers in these terminals hold so many partitions each, in any order, and all of them together.
async fn shared(visit: &Visit, expected: &[(&str, &[usize])]) {
    visit
        .until_true(&format!("the partitions shared as {expected:?}"), |visit| {
            let assignment = visit.assignment();
            let terminals: Vec<&str> = assignment.iter().map(|(terminal, _)| terminal.as_str()).collect();
            let counts = assignment.iter().zip(expected);
            let mut all: Vec<&String> = assignment.iter().flat_map(|(_, held)| held).collect();
            all.sort();
            terminals == expected.iter().map(|(terminal, _)| *terminal).collect::<Vec<_>>()
                && counts.into_iter().all(|((_, held), (_, sizes))| sizes.contains(&held.len()))
                && all == ["P0", "P1", "P2"]
        })
        .await;
}

#[wasm_bindgen_test]
async fn partitions_follow_consumers_that_come_and_go() {
    let visit = Visit::begin().await;
    visit.act("Create topic").await;
    visit.act("Add consumer").await;
    shared(&visit, &[("T1", &[3])]).await;

    visit.types(2, CONSUMER).await;
    shared(&visit, &[("T1", &[1, 2]), ("T2", &[1, 2])]).await;

    visit.act("Add consumer").await;
    shared(&visit, &[("T1", &[1]), ("T2", &[1]), ("T3", &[1])]).await;

    let stopped = visit.find_all("#act-target option").iter().find_map(|option| {
        option.text_content()?.starts_with("T2").then(|| option.get_attribute("value"))?
    });
    visit.choose("#act-target", &stopped.expect("the consumer of terminal 2 can be picked")).await;
    visit.act("Stop").await;
    shared(&visit, &[("T1", &[1, 2]), ("T3", &[1, 2])]).await;

    let keys = |terminal: u32| elements(&visit.pane(terminal), ".key");
    // The first key shows times.
    press(&keys(3)[1]).await;
    assert!(visit.lines(3).iter().any(|line| line == "^C"), "{:?}", visit.lines(3));
    shared(&visit, &[("T1", &[3])]).await;
}

#[wasm_bindgen_test]
async fn a_killed_consumer_keeps_its_partitions_until_its_session_expires() {
    let visit = Visit::begin().await;
    visit.act("Create topic").await;
    visit.act("Add consumer").await;
    shared(&visit, &[("T1", &[3])]).await;
    visit.act("Add consumer").await;
    shared(&visit, &[("T1", &[1, 2]), ("T2", &[1, 2])]).await;

    press(&visit.the("#terminal-2 .key.harsh")).await;
    let gone = visit.until("a consumer that is gone", |visit| visit.find(".consumer.gone")).await;
    assert!(!elements(&gone, ".held").is_empty(), "its partitions are stuck with it");
    shared(&visit, &[("T1", &[3])]).await;
}
