//! A producer with what waits in its RecordAccumulator, and the sum that chooses a partition.

use playground::scene::{Batch, BatchState, Hashing, Producer};
use yew::prelude::*;

use super::consumer::title;
use super::geometry::{Rect, fitted, px};
use super::lane::hue_class;
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct ProducerProps {
    pub(super) producer: Producer,
    pub(super) rect: Rect,
}

const BATCH_ROW: f64 = 36.0;
const BATCHES_TOP: f64 = 50.0;

#[component]
pub(super) fn ProducerView(ProducerProps { producer, rect }: &ProducerProps) -> Html {
    let text = use_text();
    let rows = (((rect.height - BATCHES_TOP) / BATCH_ROW) as usize).min(3);
    let inner = rect.width - 28.0;
    let settings: Vec<_> = producer.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let settings = if producer.closing { text.closing().to_owned() } else { settings.join(" · ") };
    html! {
        <g class="producer" transform={rect.at()}>
            <rect class="card" width={px(rect.width)} height={px(rect.height)} rx="10" />
            { title(&producer.name, Some(producer.terminal), inner) }
            <text class="fact" x="14" y="39">{ fitted(&settings, 11.0, inner) }</text>
            if rows == 0 {
                { small_batches(&producer.batches, rect) }
            } else {
                { for (0..rows).map(|row| batch_row(producer.batches.get(row), row, inner, text)) }
                if producer.batches.len() > rows {
                    <text class="fact end" x={px(rect.width - 14.0)} y={px(rect.height - 8.0)}>
                        { text.more_batches(producer.batches.len() - rows) }
                    </text>
                }
            }
        </g>
    }
}

/// Without room for rows: one mark per batch.
fn small_batches(batches: &[Batch], rect: &Rect) -> Html {
    let mark = |(index, batch): (usize, &Batch)| {
        let hue = batch.hues.first().map(|hue| hue_class(*hue));
        let x = rect.width - 22.0 - index as f64 * 12.0;
        html! { <rect class={classes!("chip", hue)} x={px(x)} y="13" width="9" height="9" rx="2.5" /> }
    };
    batches.iter().take(4).enumerate().map(mark).collect()
}

fn batch_row(batch: Option<&Batch>, row: usize, width: f64, text: Text) -> Html {
    let y = BATCHES_TOP + row as f64 * BATCH_ROW;
    let Some(batch) = batch else {
        return html! {
            <rect class="batch empty" x="14" y={px(y)} width={px(width)} height="16" rx="4" />
        };
    };
    let (class, caption) = match batch.state {
        BatchState::Open { .. } => {
            let caption = text.batch(batch.lane.partition, &bytes(batch.bytes), &bytes(batch.limit));
            ("batch", caption)
        }
        BatchState::InFlight => ("batch in-flight", text.batch_in_flight(batch.lane.partition)),
        BatchState::Retrying { attempts_left } => {
            ("batch retrying", text.batch_retrying(batch.lane.partition, attempts_left))
        }
    };
    let chip = 11.0;
    let fit = (((width - 4.0) / (chip + 2.0)) as usize).min(batch.hues.len());
    let chips = batch.hues.iter().take(fit).enumerate().map(|(index, hue)| {
        let x = 17.0 + index as f64 * (chip + 2.0);
        html! {
            <rect class={classes!("chip", hue_class(*hue))} x={px(x)} y={px(y + 3.0)} width={px(chip)} height="10" rx="2.5" />
        }
    });
    html! {
        <g class={class}>
            <rect class="tray" x="14" y={px(y)} width={px(width)} height="16" rx="4" />
            { for chips }
            if let BatchState::Open { lingered } = batch.state {
                <rect class="linger" x="14" y={px(y + 17.5)} height="2" rx="1"
                    width={px(width * f64::from(lingered) / 1000.0)} />
            }
            <text class="fact" x="14" y={px(y + 30.0)}>{ fitted(&caption, 10.5, width) }</text>
        </g>
    }
}

/// Bytes as people read them.
fn bytes(count: u32) -> String {
    if count < 1024 {
        format!("{count} B")
    } else {
        format!("{:.4} KiB", f64::from(count) / 1024.0).replace(".0000", "")
    }
}

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
