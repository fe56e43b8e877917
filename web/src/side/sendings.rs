//! What became of producers' records; an entry leads to the record on its lane.

use std::rc::Rc;

use playground::scene::{Fate, Sendings, TracedRecord};
use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::{Attention, Intent};

#[derive(Properties, PartialEq)]
pub(super) struct SendingsProps {
    pub(super) sendings: Rc<[Sendings]>,
    pub(super) attention: Option<Attention>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn SendingsPanel(SendingsProps { sendings, attention, send }: &SendingsProps) -> Html {
    let text = use_text();
    let shown: Vec<_> = sendings.iter().filter(|producer| producer.tally().sent > 0).collect();
    if shown.is_empty() {
        return html! { <p class="nothing">{ text.no_sendings() }</p> };
    }
    html! {
        <div class="panel">
            { for shown.into_iter().map(|producer| html! {
                <section key={producer.number}>
                    <h2>{ producer.terminal.map(|terminal| format!("T{terminal} · ")) }{ &*producer.name }</h2>
                    { counts(producer, text) }
                    if producer.mishaps() == 0 {
                        <p class="measure">{ text.all_well() }</p>
                    }
                    <ol>{ for producer.records.iter().rev().map(|record| entry(record, attention.as_ref(), send, text)) }</ol>
                </section>
            }) }
            <p class="measure">{ text.sent_measure() }</p>
        </div>
    }
}

/// The first two always, the others where there is something to count.
fn counts(sendings: &Sendings, text: Text) -> Html {
    let tally = sendings.tally();
    let others = [
        (tally.retried, "", text.tally_retried(tally.retried)),
        (tally.expired, "lost", text.tally_expired(tally.expired)),
        (tally.failed - tally.expired, "lost", text.tally_failed(tally.failed - tally.expired)),
        (tally.lost, "lost", text.tally_lost(tally.lost)),
        (tally.duplicates, "repeated", text.tally_duplicated(tally.duplicates)),
        (tally.discarded, "", text.tally_discarded(tally.discarded)),
    ];
    let others = others.into_iter().filter(|(count, ..)| *count > 0);
    html! {
        <p class="outcomes">
            <span>{ text.tally_sent(tally.sent) }</span>
            <span>{ text.tally_acknowledged(tally.acknowledged) }</span>
            { for others.map(|(_, class, label)| html! { <span {class}>{ label }</span> }) }
        </p>
    }
}

fn entry(record: &TracedRecord, attention: Option<&Attention>, send: &Callback<Intent>, text: Text) -> Html {
    let class = match record.fate {
        Fate::Lost | Fate::Failed { .. } => "lost",
        Fate::Duplicated { .. } | Fate::FailedAndWritten { .. } => "repeated",
        Fate::Retried => "",
    };
    let key = record.key.as_ref().map(|key| format!("{key}: ")).unwrap_or_default();
    let lane = format!("{}-{}", record.lane.topic, record.lane.partition);
    let told = |place: String| {
        html! {
            <>
                <code>{ place }</code>
                <span {class}>{ text.fate(record) }</span>
                <span class="content">{ key }{ &*record.value }</span>
            </>
        }
    };
    let view = match record.offset {
        Some(offset) => {
            let wanted = Attention { lane: record.lane.clone(), offset };
            let pressed = attention == Some(&wanted);
            let onclick = send.reform(move |_: MouseEvent| Intent::LookAt(wanted.clone()));
            html! {
                <button type="button" class="mishap-entry" title={text.show_on_lane()}
                    aria-pressed={pressed.to_string()} {onclick}>
                    { told(format!("{lane} @ {offset}")) }
                </button>
            }
        }
        // It is nowhere to be seen.
        None => html! { <div class="mishap-entry">{ told(lane) }</div> },
    };
    html! { <li key={record.id.to_string()}>{ view }</li> }
}
