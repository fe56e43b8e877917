//! Settings side by side, as a visitor compares them.

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement};

use crate::visit::{Visit, document, elements, fire, press, text};

const CONSUMER: &str = "kafka-console-consumer --bootstrap-server kafka:9093 --topic orders --group shipping";

/// The row of the table that begins so: its cells, without the verdicts.
fn row(visit: &Visit, name: &str) -> Vec<String> {
    let mut rows = visit.find_all(".comparison-table tbody tr").into_iter();
    let found = rows.find(|row| elements(row, "th").first().is_some_and(|head| text(head) == name));
    found.map_or_else(Vec::new, |row| elements(&row, ".amount").iter().map(text).collect())
}

fn verdict(visit: &Visit, name: &str, column: usize) -> String {
    let mut rows = visit.find_all(".comparison-table tbody tr").into_iter();
    let found = rows.find(|row| elements(row, "th").first().is_some_and(|head| text(head) == name));
    let cell = found.and_then(|row| elements(&row, "td").into_iter().nth(column));
    cell.and_then(|cell| elements(&cell, ".verdict").first().map(text)).unwrap_or_default()
}

/// Lets every column come to the end.
async fn to_the_end(visit: &Visit) {
    press(&visit.find_all(".comparison-bar .transport button")[3]).await;
    visit
        .until_true("the end", |visit| {
            let slider: HtmlInputElement = visit.the(".comparison-bar input").unchecked_into();
            slider.max() == slider.value()
        })
        .await;
}

fn has_focus(element: &Element) -> bool {
    document().active_element().as_ref() == Some(element)
}

#[wasm_bindgen_test]
async fn a_visitor_compares_protocols_and_returns_to_an_untouched_session() {
    let visit = Visit::begin().await;
    visit.act("Create topic").await;
    visit.until_true("a topic", |visit| visit.printed(1) == ["Created topic orders."]).await;
    press(&visit.the(".transport .primary")).await;
    let time = text(&visit.the(".readout .time"));

    let opener = visit.the(".topbar .compare");
    opener.unchecked_ref::<HtmlElement>().focus().expect("a button can have the focus");
    press(&opener).await;
    visit.choose("#scenario", "third-joins").await;
    to_the_end(&visit).await;
    let still = row(&visit, "Consumers stood still, together");
    assert_ne!(still[0], "0 ms", "eager consumers stand still");
    assert_eq!(still[1], "0 ms", "cooperative ones do not");
    assert!(verdict(&visit, "Consumers stood still, together", 1).contains("✓ better"));
    assert_eq!(row(&visit, "Rebalances")[..2], ["2", "3"]);

    visit.choose("#variant-2", "eager").await;
    to_the_end(&visit).await;
    let still = row(&visit, "Consumers stood still, together");
    assert_eq!(still[0], still[1], "the same settings come to the same");
    assert!(verdict(&visit, "Consumers stood still, together", 1).contains("= same"));

    fire(&visit.the("dialog.comparison"), "cancel");
    visit.until_true("the page", |visit| visit.find("dialog").is_none()).await;
    assert!(has_focus(&opener), "the focus is back where it was");
    assert_eq!(text(&visit.the(".readout .time")), time, "the session has waited");
}

#[wasm_bindgen_test]
async fn a_visitor_compares_an_own_session_and_sees_the_commands() {
    let visit = Visit::begin().await;
    visit.act("Create topic").await;
    for terminal in [1, 2] {
        visit.types(terminal, CONSUMER).await;
    }
    visit.until_true("two consumers", |visit| visit.assignment().len() == 2).await;
    visit.click(".topbar .compare").await;
    to_the_end(&visit).await;
    let commands: Vec<_> = visit
        .find_all(".comparison-column")
        .iter()
        .map(|column| elements(column, ".column-commands code").iter().map(text).collect::<Vec<_>>())
        .collect();
    assert_eq!(commands.len(), 2);
    assert!(commands[0].iter().all(|command| command.contains("RangeAssignor")), "{commands:?}");
    assert!(commands[1].iter().all(|command| command.contains("CooperativeStickyAssignor")), "{commands:?}");
    press(&visit.the(".comparison-bar .close")).await;
    assert!(visit.find("dialog").is_none());
}
