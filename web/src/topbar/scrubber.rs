//! The timeline: drag back, and see where rebalances were.

use kafka_core::time::SimTime;
use playground::scene::{Clock, Mark, MarkKind};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct ScrubberProps {
    pub(super) clock: Clock,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Scrubber(ScrubberProps { clock, send }: &ScrubberProps) -> Html {
    let text = use_text();
    let Clock { now, end, marks } = clock;
    let share = |at: SimTime| at.as_micros() as f64 / end.as_micros().max(1) as f64;
    let percent = |share: f64| format!("{:.2}%", share * 100.0);
    let oninput = {
        let send = send.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            if let Some(input) = input {
                send.emit(Intent::Seek(SimTime::from_micros(input.value_as_number() as u64)));
            }
        })
    };
    html! {
        <div class="scrubber">
            <svg aria-hidden="true">
                <rect class="rail" y="13" width="100%" height="4" rx="2" />
                <rect class="played" y="13" width={percent(share(*now))} height="4" rx="2" />
                { for marks.iter().map(|mark| html! {
                    <rect class={mark_class(mark)} x={percent(share(mark.at))} y="7" width="3" height="16" rx="1.5">
                        <title>{ mark_label(mark, text) }</title>
                    </rect>
                }) }
            </svg>
            <input type="range" min="0" step="any" max={end.as_micros().max(1).to_string()}
                value={now.as_micros().to_string()} aria-label={text.timeline()}
                aria-valuetext={text.timeline_value(&now.to_string(), &end.to_string())} {oninput} />
        </div>
    }
}

const fn mark_class(mark: &Mark) -> &'static str {
    match mark.kind {
        MarkKind::Rebalance { .. } => "mark",
        MarkKind::Killed { .. } | MarkKind::Failed { .. } | MarkKind::BrokerFailed { .. } => "mark bad",
    }
}

fn mark_label(mark: &Mark, text: Text) -> String {
    let time = mark.at.to_string();
    match &mark.kind {
        MarkKind::Rebalance { group, .. } => text.mark_rebalance(group, &time),
        MarkKind::Killed { client } => text.mark_killed(client, &time),
        MarkKind::Failed { client } => text.mark_failed(client, &time),
        MarkKind::BrokerFailed { broker } => text.mark_broker_failed(*broker, &time),
    }
}
