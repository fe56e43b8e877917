//! The sum that chooses a partition, while it is fresh.

use playground::scene::Hashing;
use yew::prelude::*;

use super::geometry::{Rect, fitted, px};
use super::lane::hue_class;
use crate::i18n::use_text;

#[derive(Properties, PartialEq)]
pub(super) struct HashingProps {
    pub(super) hashing: Hashing,
    pub(super) producer: Rect,
    /// Up to where it may reach.
    pub(super) right: f64,
    /// Down to where it may reach.
    pub(super) bottom: f64,
}

#[derive(Properties, PartialEq)]
pub(super) struct HashingLineProps {
    pub(super) hashing: Hashing,
    pub(super) producer: Rect,
}

/// The same sum in one line at the foot of the producer, where there is no room beside the lanes.
#[component]
pub(super) fn HashingLine(HashingLineProps { hashing, producer }: &HashingLineProps) -> Html {
    let Hashing { key, murmur2, partitions, lane, hue, .. } = hashing;
    let rect = Rect::new(producer.x + 6.0, producer.bottom() - 19.0, producer.width - 12.0, 16.0);
    let sum = format!(" & 7fffffff mod {partitions} = {}", lane.partition);
    let room = rect.width - 218.0;
    html! {
        <g class="hashing line" transform={rect.at()} key={format!("{key}{murmur2}")}>
            <rect class="sheet" width={px(rect.width)} height={px(rect.height)} rx="6" />
            <rect class={classes!("chip", hue_class(*hue))} x="7" y="4" width="8" height="8" rx="2.5" />
            <text class="sum" x="21" y="11.6">
                <tspan class="strong">{ fitted(key, 10.0, room) }</tspan>
                { format!(" → {murmur2:08x}{sum}") }
            </text>
        </g>
    }
}

#[component]
pub(super) fn HashingView(HashingProps { hashing, producer, right, bottom }: &HashingProps) -> Html {
    const HEIGHT: f64 = 92.0;
    let text = use_text();
    let below = producer.bottom() + 14.0;
    let fits = below + HEIGHT <= *bottom;
    let y = if fits { below } else { bottom - HEIGHT };
    let rect = Rect::new(producer.x - 4.0, y, (right - producer.x + 4.0).min(224.0), HEIGHT);
    let class = if rect.width < 210.0 { "hashing small" } else { "hashing" };
    let Hashing { key, murmur2, positive, partitions, lane, hue, .. } = hashing;
    html! {
        <g {class} transform={rect.at()} key={format!("{key}{murmur2}")}>
            if fits { <path class="sheet" d="M34 0l8-9 8 9z" /> }
            <rect class="sheet" width={px(rect.width)} height={px(HEIGHT)} rx="9" />
            <rect class={classes!("chip", hue_class(*hue))} x="14" y="13" width="11" height="11" rx="3" />
            <text class="sum" x="32" y="23">
                { text.hash_key() }{ " " }<tspan class="strong">{ fitted(key, 12.0, rect.width - 78.0) }</tspan>
            </text>
            <text class="sum line-1" x="14" y="42">
                { "murmur2 = " }<tspan class="strong">{ format!("0x{murmur2:08x}") }</tspan>
            </text>
            <text class="sum line-2" x="14" y="60">
                { "& 0x7fffffff = " }<tspan class="strong">{ positive }</tspan>
            </text>
            <text class="sum line-3" x="14" y="78">
                { format!("mod {partitions} = ") }<tspan class="strong">{ format!("{} → P{0}", lane.partition) }</tspan>
            </text>
        </g>
    }
}
