//! A producer with what waits in its RecordAccumulator and what is on its way.

use std::collections::BTreeMap;

use playground::scene::{Batch, BatchState, BufferMemory, LaneId, Producer};
use yew::prelude::*;

use super::consumer::title;
use super::countdown::share_of;
use super::geometry::{Rect, fitted, px, text_width};
use super::lane::hue_class;
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct ProducerProps {
    pub(super) producer: Producer,
    pub(super) rect: Rect,
}

const BATCH_ROW: f64 = 36.0;
const BATCHES_TOP: f64 = 50.0;
/// The memory at the foot of the card.
const MEMORY: f64 = 10.0;
const LABELLED_MEMORY: f64 = 22.0;

#[component]
pub(super) fn ProducerView(ProducerProps { producer, rect }: &ProducerProps) -> Html {
    let text = use_text();
    let rows = (((rect.height - BATCHES_TOP - MEMORY) / BATCH_ROW) as usize).min(4);
    let labelled = rect.height - BATCHES_TOP - rows as f64 * BATCH_ROW >= LABELLED_MEMORY;
    let inner = rect.width - 28.0;
    let settings: Vec<_> = producer.settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let settings = if producer.closing { text.closing().to_owned() } else { settings.join(" · ") };
    let lanes = Queue::all_of(&producer.batches);
    html! {
        <g class="producer" transform={rect.at()}>
            <rect class="card" width={px(rect.width)} height={px(rect.height)} rx="10" />
            { title(&producer.name, Some(producer.terminal), inner) }
            <text class="fact" x="14" y="39">{ fitted(&settings, 11.0, inner) }</text>
            if rows == 0 {
                { small_batches(&producer.batches, rect) }
            } else {
                { for (0..rows.min(lanes.len().max(1))).map(|row| batch_row(lanes.get(row), row, inner, text)) }
                if lanes.len() > rows {
                    <text class="fact end" x={px(rect.width - 14.0)} y="39">{ text.more_batches(lanes.len() - rows) }</text>
                }
                { memory(&producer.memory, rect, labelled, text) }
            }
        </g>
    }
}

/// What a producer has for one partition: the batch that goes first, and how many wait behind it.
struct Queue<'a> {
    head: &'a Batch,
    behind: usize,
}

impl<'a> Queue<'a> {
    /// By partition; those that are in trouble before the others where not all can be shown.
    fn all_of(batches: &'a [Batch]) -> Vec<Self> {
        let mut by_lane: BTreeMap<&LaneId, Vec<&Batch>> = BTreeMap::new();
        for batch in batches {
            by_lane.entry(&batch.lane).or_default().push(batch);
        }
        let mut queues: Vec<Self> = by_lane
            .into_values()
            .map(|batches| {
                let sent = |batch: &&&Batch| matches!(batch.state, BatchState::InFlight { .. });
                let head = batches.iter().find(sent).unwrap_or(&batches[0]);
                Self { head, behind: batches.len() - 1 }
            })
            .collect();
        queues.sort_by_key(|queue| queue.head.attempts == 0);
        queues
    }
}

/// Without room for rows: one mark per batch.
fn small_batches(batches: &[Batch], rect: &Rect) -> Html {
    let mark = |(index, batch): (usize, &Batch)| {
        let hue = batch.hues.first().map(|hue| hue_class(*hue));
        let class = classes!("chip", hue, (batch.attempts > 0).then_some("again"));
        let x = rect.width - 22.0 - index as f64 * 12.0;
        html! { <rect {class} x={px(x)} y="13" width="9" height="9" rx="2.5" /> }
    };
    batches.iter().take(4).enumerate().map(mark).collect()
}

fn batch_row(queue: Option<&Queue<'_>>, row: usize, width: f64, text: Text) -> Html {
    let y = BATCHES_TOP + row as f64 * BATCH_ROW;
    let Some(Queue { head: batch, behind }) = queue else {
        return html! {
            <rect class="batch empty" x="14" y={px(y)} width={px(width)} height="16" rx="4" />
        };
    };
    let class = match batch.state {
        BatchState::Open { .. } => "batch",
        BatchState::Closed => "batch closed",
        BatchState::InFlight { .. } => "batch in-flight",
        BatchState::BackingOff { .. } => "batch backing-off",
    };
    let chip = 11.0;
    let fit = (((width - 4.0) / (chip + 2.0)) as usize).min(batch.hues.len());
    let chips = batch.hues.iter().take(fit).enumerate().map(|(index, hue)| {
        let x = 17.0 + index as f64 * (chip + 2.0);
        html! {
            <rect class={classes!("chip", hue_class(*hue))} x={px(x)} y={px(y + 3.0)} width={px(chip)} height="10" rx="2.5" />
        }
    });
    let filled = (f64::from(batch.bytes) / f64::from(batch.limit.max(1))).min(1.0);
    let left = share_of(batch.expires);
    let behind = if *behind > 0 { format!("+{behind}") } else { String::new() };
    let room = width - text_width(&behind, 10.5) - 6.0;
    html! {
        <g class={classes!(class, (batch.attempts > 0).then_some("again"))}>
            <title>{ text.batch_expires(&text.countdown(batch.expires.left)) }</title>
            <rect class="tray" x="14" y={px(y)} width={px(width)} height="16" rx="4" />
            <rect class="filled" x="14" y={px(y)} width={px(width * filled)} height="16" rx="4" />
            { for chips }
            if let BatchState::Open { lingered } = batch.state {
                <rect class="linger" x="14" y={px(y + 17.5)} height="2" rx="1"
                    width={px(width * f64::from(lingered) / 1000.0)} />
            }
            if left < 0.99 {
                <rect class="expires" x="14" y={px(y - 2.5)} height="1.5" rx="0.7" width={px(width * left)} />
            }
            <text class="fact" x="14" y={px(y + 30.0)}>{ fitted(&batch_words(batch, text), 10.5, room) }</text>
            <text class="fact end" x={px(14.0 + width)} y={px(y + 30.0)}>{ behind }</text>
        </g>
    }
}

/// How it stands with a batch.
pub(super) fn batch_words(batch: &Batch, text: Text) -> String {
    let partition = batch.lane.partition;
    let words = match batch.state {
        BatchState::Open { .. } => {
            text.batch(partition, &bytes(batch.bytes.into()), &bytes(batch.limit.into()))
        }
        BatchState::Closed => text.batch_closed(partition, &bytes(batch.bytes.into())),
        BatchState::InFlight { broker } => text.batch_sent_to(partition, broker),
        BatchState::BackingOff { left } => {
            return text.batch_backs_off(partition, batch.attempts, &text.millis(left.into()));
        }
    };
    if batch.attempts > 0 { text.batch_again(&words, batch.attempts) } else { words }
}

/// How much of `buffer.memory` is taken.
fn memory(memory: &BufferMemory, rect: &Rect, labelled: bool, text: Text) -> Html {
    let BufferMemory { used, total, blocked } = *memory;
    let (width, y) = (rect.width - 28.0, rect.height - 7.0);
    let taken = used as f64 / total.max(1) as f64 * width;
    // A single batch of many megabytes is there, too.
    let taken = if used > 0 { taken.max(2.0) } else { 0.0 };
    let class = if blocked > 0 { "memory full" } else { "memory" };
    let label = if blocked > 0 { text.blocked(blocked) } else { text.buffer(&bytes(used), &bytes(total)) };
    html! {
        <g {class}>
            <title>{ text.buffer(&bytes(used), &bytes(total)) }</title>
            <rect class="whole" x="14" y={px(y)} width={px(width)} height="2.5" rx="1.2" />
            <rect class="taken" x="14" y={px(y)} width={px(taken)} height="2.5" rx="1.2" />
            if labelled {
                <text class="fact" x="14" y={px(y - 4.0)}>{ fitted(&label, 10.0, width) }</text>
            }
        </g>
    }
}

/// Bytes as people read them.
fn bytes(count: u64) -> String {
    let scaled =
        |unit: u64, name: &str| format!("{:.1} {name}", count as f64 / unit as f64).replace(".0 ", " ");
    match count {
        0..1024 => format!("{count} B"),
        1024..1_048_576 => scaled(1024, "KiB"),
        1_048_576.. => scaled(1_048_576, "MiB"),
    }
}
