//! Pausing, going back, and taking another turn.

use playground::session::Speed;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::{Visit, frame, options, text};

fn time(visit: &Visit) -> String {
    text(&visit.the(".time"))
}

fn all_cells(visit: &Visit) -> usize {
    (0..3).map(|partition| visit.cells(partition).len()).sum()
}

#[wasm_bindgen_test]
async fn a_visitor_stops_goes_back_and_takes_another_turn() {
    let visit = Visit::begin().await;
    visit.act("Create topic").await;
    visit.act("Start producer").await;
    visit.until_at(1, ">").await;
    visit.types(1, "user_001:first").await;
    visit.until_true("the first record", |visit| all_cells(visit) == 1).await;
    for _ in 0..30 {
        frame().await;
    }
    visit.types(1, "user_002:second").await;
    visit.until_true("the second record", |visit| all_cells(visit) == 2).await;

    visit.click(".transport .primary").await;
    let paused = time(&visit);
    for _ in 0..10 {
        frame().await;
    }
    assert_eq!(time(&visit), paused, "time stands still");

    visit.drag_to(0.5).await;
    visit.until_true("the past in the lanes", |visit| all_cells(visit) == 1).await;
    let lines = visit.lines(1);
    assert!(lines.iter().any(|line| line.ends_with("user_001:first")), "{lines:?}");
    assert!(!lines.iter().any(|line| line.ends_with("user_002:second")), "{lines:?}");
    assert!(visit.find(".past-note").is_some(), "the page says that this is the past");
    assert!(visit.find("#branch").is_none(), "there is one line of history");

    visit.types(1, "user_003:another").await;
    visit.until_true("another second record", |visit| all_cells(visit) == 2).await;
    let branches: Vec<_> = visit.find_all("#branch option");
    assert_eq!(branches.len(), 2, "the line that was left is offered");

    visit.choose("#branch", "1").await;
    visit
        .until_true("the line that was left", |visit| {
            visit.lines(1).iter().any(|line| line.ends_with("user_002:second"))
        })
        .await;
    assert!(!visit.lines(1).iter().any(|line| line.ends_with("user_003:another")));
}

#[wasm_bindgen_test]
async fn a_first_visitor_sees_a_demonstration() {
    let visit = Visit::with(options(true, Speed::Constant { per_mille: 8000 })).await;
    visit.until_true("records without a touch", |visit| all_cells(visit) > 3).await;
    visit
        .until_true("a group of two", |visit| {
            let held: Vec<_> = visit.assignment().into_iter().map(|(_, held)| held.len()).collect();
            held == [1, 2] || held == [2, 1]
        })
        .await;
}
