//! A consumer: its state in the group, the partitions it holds, the last record it read.

use playground::scene::{Consumer, ConsumerState, Held, Holding, LastRecord};
use yew::prelude::*;

use super::countdown::bars;
use super::geometry::{Rect, fitted, fitted_name, px, text_width};
use super::lane::hue_class;
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct ConsumerProps {
    pub(super) consumer: Consumer,
    pub(super) rect: Rect,
    pub(super) selected: bool,
    pub(super) onselect: Callback<u32>,
}

/// Heights of a card from which on there is room for more.
const ROOMY: f64 = 78.0;
const WITH_LAST_RECORD: f64 = 100.0;
const LABELLED: f64 = 116.0;

#[component]
pub(super) fn ConsumerView(props: &ConsumerProps) -> Html {
    let ConsumerProps { consumer, rect, selected, onselect } = props;
    let text = use_text();
    let class = classes!("consumer", mood(consumer.state), selected.then_some("selected"));
    let inner = rect.width - 28.0;
    let roomy = rect.height >= ROOMY;
    let number = consumer.number;
    let onclick = onselect.reform(move |_: MouseEvent| number);
    html! {
        <g {class} transform={rect.at()} {onclick}>
            <rect class="card" width={px(rect.width)} height={px(rect.height)} rx="10" />
            if *selected {
                <rect class="selection" x="-1" y="12" width="4" height={px(rect.height - 24.0)} rx="2" />
            }
            { bars(&consumer.countdowns, if roomy { rect.height - 5.0 } else { rect.height - 2.0 }, inner, rect.height >= LABELLED, text) }
            if roomy {
                { title(&consumer.name, consumer.terminal, inner) }
                { membership(consumer, inner, text) }
                <circle class="lamp" cx="19" cy="62" r="4" />
                <text class="state" x="29" y="66">{ fitted(&state(consumer, text), 11.0, inner - 15.0) }</text>
                if rect.height >= WITH_LAST_RECORD {
                    { last_record(consumer.last_record.as_ref(), inner) }
                }
            } else {
                { small(consumer, rect, text) }
            }
        </g>
    }
}

/// What it holds, and at the right its generation or epoch.
fn membership(consumer: &Consumer, width: f64, text: Text) -> Html {
    let standing = match consumer.member_epoch {
        Some(epoch) => text.short_epoch(epoch),
        None if consumer.generation > 0 => text.short_generation(consumer.generation),
        None => String::new(),
    };
    let room = width - text_width(&standing, 10.5) - 8.0;
    html! {
        <>
            { chips(&consumer.held, 14.0, 32.0, room, text).0 }
            <text class="fact end" x={px(14.0 + width)} y="45">{ standing }</text>
        </>
    }
}

fn small(consumer: &Consumer, rect: &Rect, text: Text) -> Html {
    let room = rect.width - 28.0;
    let (held, taken) = chips(&consumer.held, 0.0, 0.0, room * 0.5, text);
    let chips_x = rect.width - 10.0 - taken;
    html! {
        <>
            { title(&consumer.name, consumer.terminal, room - taken) }
            <g transform={format!("translate({chips_x:.1} 8)")}>{ held }</g>
            <circle class="lamp" cx="18" cy="34" r="3.5" />
            <text class="state" x="27" y="38">{ fitted(&state(consumer, text), 11.0, rect.width - 40.0) }</text>
        </>
    }
}

/// A client's name, led by its terminal; several clients often have the same name.
pub(super) fn title(name: &str, terminal: Option<u32>, width: f64) -> Html {
    let tag = terminal.map(|number| format!("T{number}"));
    let tag_width = tag.as_ref().map_or(0.0, |tag| text_width(tag, 10.5) + 8.0);
    let name_x = 14.0 + if tag.is_some() { tag_width + 6.0 } else { 0.0 };
    html! {
        <>
            if let Some(tag) = tag {
                <rect class="tag" x="14" y="10" width={px(tag_width)} height="16" rx="4" />
                <text class="tag-text" x={px(14.0 + tag_width / 2.0)} y="21.8">{ tag }</text>
            }
            <text class="title" x={px(name_x)} y="22.5">{ fitted_name(name, 12.0, width - name_x + 14.0) }</text>
        </>
    }
}

const fn mood(state: ConsumerState) -> &'static str {
    match state {
        ConsumerState::Stable | ConsumerState::Alone => "steady",
        ConsumerState::FindingCoordinator
        | ConsumerState::Joining
        | ConsumerState::Syncing
        | ConsumerState::Revoking
        | ConsumerState::Leaving
        | ConsumerState::Suspended => "waiting",
        ConsumerState::Gone { .. } => "gone",
        ConsumerState::Failed => "failed",
    }
}

/// What a consumer does, in words.
pub(super) fn state(consumer: &Consumer, text: Text) -> String {
    let held = consumer.held.iter().any(|held| match held.holding {
        Holding::New | Holding::Kept | Holding::GivingUp => true,
        Holding::Revoked | Holding::Awaited => false,
    });
    let words = match consumer.state {
        ConsumerState::Alone => text.state_alone(),
        ConsumerState::FindingCoordinator => text.state_finding(),
        ConsumerState::Joining => text.state_joining(),
        ConsumerState::Syncing => text.state_syncing(),
        ConsumerState::Stable if held => return text.records_seen(consumer.records_seen),
        ConsumerState::Stable => text.state_idle(),
        ConsumerState::Revoking => text.state_revoking(),
        ConsumerState::Leaving => text.state_leaving(),
        ConsumerState::Suspended => text.state_suspended(),
        ConsumerState::Gone { noticed_in } => return text.state_gone(noticed_in.div_ceil(10)),
        ConsumerState::Failed => text.state_failed(),
    };
    match consumer.stopped {
        Some(stopped) => format!("{words} · {}", text.stopped_for(&text.duration(stopped))),
        None => words.to_owned(),
    }
}

/// A chip per partition, and how much room they take.
fn chips(held: &[Held], x: f64, y: f64, width: f64, text: Text) -> (Html, f64) {
    let several = held.iter().any(|one| one.lane.topic != held[0].lane.topic);
    let mut left = x;
    let mut chips = Vec::new();
    for (index, one) in held.iter().enumerate() {
        let mut name = format!("P{}", one.lane.partition);
        if several {
            name = format!("{}-{}", one.lane.topic, one.lane.partition);
        }
        let (class, title) = match one.holding {
            Holding::New => ("held new", None),
            Holding::Kept => ("held", None),
            Holding::Revoked => ("held revoked", Some(text.revoked(one.lane.partition))),
            Holding::GivingUp => ("held giving-up", Some(text.gives_up(one.lane.partition))),
            Holding::Awaited => ("held awaited", Some(text.awaits(one.lane.partition))),
        };
        let label = fitted(&name, 11.0, width - 14.0);
        let needed = text_width(&label, 11.0) + 14.0;
        let last = index + 1 == held.len();
        if left + needed + if last { 0.0 } else { 26.0 } > x + width {
            let more = format!("+{}", held.len() - index);
            chips.push(html! { <text class="fact" x={px(left + 2.0)} y={px(y + 13.0)}>{ &more }</text> });
            left += text_width(&more, 11.0) + 4.0;
            break;
        }
        chips.push(html! {
            <g {class} key={format!("{}-{}", one.lane.topic, one.lane.partition)}>
                if let Some(title) = title { <title>{ title }</title> }
                <rect x={px(left)} y={px(y)} width={px(needed)} height="18" rx="9" />
                <text x={px(left + needed / 2.0)} y={px(y + 13.0)}>{ label }</text>
            </g>
        });
        left += needed + 4.0;
    }
    (chips.into_iter().collect(), left - x)
}

fn last_record(last: Option<&LastRecord>, width: f64) -> Html {
    let Some(LastRecord { lane, offset, hue, value }) = last else { return Html::default() };
    let label = format!("P{} @ {offset} · {value}", lane.partition);
    html! {
        <g class="last" key={format!("{}-{offset}", lane.partition)}>
            <rect class={classes!("chip", hue_class(*hue))} x="14" y="78" width="10" height="10" rx="2.5" />
            <text class="fact" x="30" y="87">{ fitted(&label, 11.0, width - 16.0) }</text>
        </g>
    }
}
