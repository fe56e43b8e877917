//! Which colour is which key, beside a topic's caption.

use std::collections::BTreeMap;
use std::rc::Rc;

use playground::scene::{Hue, Topic};
use yew::prelude::*;

use super::geometry::{Point, fitted, px, text_width};
use super::lane::hue_class;

#[derive(Properties, PartialEq)]
pub(super) struct LegendProps {
    pub(super) topic: Topic,
    /// Where it ends.
    pub(super) right: Point,
    pub(super) width: f64,
}

const SIZE: f64 = 10.5;

#[component]
pub(super) fn Legend(LegendProps { topic, right, width }: &LegendProps) -> Html {
    let mut left = *width;
    let mut entries: Vec<(f64, Hue, String)> = Vec::new();
    for (hue, key) in keys(topic) {
        let label = fitted(&key, SIZE, 110.0);
        let needed = text_width(&label, SIZE) + 26.0;
        if needed > left {
            break;
        }
        entries.push((*width - left, hue, label));
        left -= needed;
    }
    let start = right.x - (*width - left);
    html! {
        <g class="legend" transform={format!("translate({start:.1} {:.1})", right.y)}>
            { for entries.into_iter().map(|(x, hue, label)| html! {
                <>
                    <rect class={classes!("chip", hue_class(hue))} x={px(x + 12.0)} y="-9" width="9" height="9" rx="2.5" />
                    <text class="fact" x={px(x + 25.0)} y="-0.5">{ label }</text>
                </>
            }) }
        </g>
    }
}

/// The oldest key of each colour among the cells.
fn keys(topic: &Topic) -> BTreeMap<Hue, Rc<str>> {
    let mut keys = BTreeMap::new();
    for cell in topic.lanes.iter().flat_map(|lane| lane.cells.iter()) {
        if let Some(key) = &cell.key {
            keys.entry(cell.hue).or_insert_with(|| key.clone());
        }
    }
    keys
}
