//! How often records were handled; an entry leads to the record on its lane.

use std::rc::Rc;

use playground::scene::{GroupDeliveries, Mishap, MishapKind};
use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::{Attention, Intent};

#[derive(Properties, PartialEq)]
pub(super) struct DeliveriesProps {
    pub(super) deliveries: Rc<[GroupDeliveries]>,
    pub(super) attention: Option<Attention>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn DeliveriesPanel(DeliveriesProps { deliveries, attention, send }: &DeliveriesProps) -> Html {
    let text = use_text();
    let shown: Vec<_> = deliveries.iter().filter(|group| group.processed + group.lost > 0).collect();
    if shown.is_empty() {
        return html! { <p class="nothing">{ text.no_deliveries() }</p> };
    }
    html! {
        <div class="panel">
            { for shown.into_iter().map(|group| html! {
                <section key={group.group.to_string()}>
                    <h2>{ &*group.group }</h2>
                    { counts(group, text) }
                    if group.mishaps.is_empty() {
                        <p class="measure">{ text.all_once() }</p>
                    }
                    <ol>{ for group.mishaps.iter().rev().map(|mishap| entry(mishap, attention.as_ref(), send, text)) }</ol>
                    { older(group, text) }
                </section>
            }) }
        </div>
    }
}

fn counts(group: &GroupDeliveries, text: Text) -> Html {
    let bad = |count: u64, class: &'static str| classes!((count > 0).then_some(class));
    html! {
        <p class="outcomes">
            <span>{ text.processed_count(group.processed) }</span>
            <span class={bad(group.repeated, "repeated")}>{ text.repeated_count(group.repeated) }</span>
            <span class={bad(group.lost, "lost")}>{ text.lost_count(group.lost) }</span>
        </p>
    }
}

fn entry(mishap: &Mishap, attention: Option<&Attention>, send: &Callback<Intent>, text: Text) -> Html {
    let wanted = Attention { lane: mishap.lane.clone(), offset: mishap.offset };
    let pressed = attention == Some(&wanted);
    let class = match mishap.kind {
        MishapKind::Repeated { .. } => "repeated",
        MishapKind::Lost => "lost",
    };
    let onclick = send.reform(move |_: MouseEvent| Intent::LookAt(wanted.clone()));
    let record = format!("{}-{} @ {}", mishap.lane.topic, mishap.lane.partition, mishap.offset);
    html! {
        <li key={format!("{record}{class}")}>
            <button type="button" class="mishap-entry" title={text.show_on_lane()}
                aria-pressed={pressed.to_string()} {onclick}>
                <code>{ record }</code>
                <span {class}>{ text.mishap(mishap.kind) }</span>
            </button>
        </li>
    }
}

fn older(group: &GroupDeliveries, text: Text) -> Html {
    let left_out = (group.repeated + group.lost).saturating_sub(group.mishaps.len() as u64);
    if left_out == 0 {
        return Html::default();
    }
    html! { <p class="measure">{ text.more_mishaps(left_out) }</p> }
}
