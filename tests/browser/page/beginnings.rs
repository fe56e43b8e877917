//! A first visit, and starting over.

use playground::session::Speed;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::visit::{Visit, options, press, window};

fn is_empty(visit: &Visit) -> bool {
    visit.find(".lane").is_none() && visit.find(".consumer").is_none() && visit.find(".line").is_none()
}

#[wasm_bindgen_test]
async fn a_visitor_starts_fresh_and_replays_the_demonstration() {
    let speed = Speed::Constant { per_mille: 8000 };
    let visit = Visit::with(options(true, speed)).await;
    assert!(visit.find(".introduction").is_some(), "a first visitor is told what is running");
    visit.until_true("a topic", |visit| visit.find(".lane").is_some()).await;

    press(&visit.the(".introduction .fresh")).await;
    visit.until_true("an empty cluster", is_empty).await;
    assert!(visit.find(".introduction").is_none(), "it has been read");
    let storage = window().local_storage().ok().flatten().expect("a page of a server has a storage");
    assert!(storage.get_item("murmuration.introduced").is_ok_and(|kept| kept.is_some()));

    press(&visit.find_all(".menu button")[1]).await;
    visit.until_true("the demonstration", |visit| !visit.cells(0).is_empty()).await;
    press(&visit.find_all(".menu button")[0]).await;
    visit.until_true("an empty cluster", is_empty).await;
}
