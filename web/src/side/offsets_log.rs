//! `__consumer_offsets`: where a group's records are and why there, and the newest of them; an entry leads back to its
//! moment.

use playground::scene::{Entry, Home, OffsetsLog};
use yew::prelude::*;

use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct OffsetsLogProps {
    pub(super) log: OffsetsLog,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn OffsetsLogPanel(OffsetsLogProps { log, send }: &OffsetsLogProps) -> Html {
    let text = use_text();
    if log.entries.is_empty() {
        return html! { <p class="nothing">{ text.offsets_log_empty() }</p> };
    }
    html! {
        <div class="panel offsets-log">
            { for log.homes.iter().map(|home| home_view(home, text)) }
            <ol>{ for log.entries.iter().map(|entry| entry_view(entry, send, text)) }</ol>
        </div>
    }
}

/// The sum that chose the partition, as the one that chooses a record's partition is shown.
fn home_view(Home { group, hash, positive, partitions, partition }: &Home, text: Text) -> Html {
    html! {
        <div class="home" key={group.to_string()} title={text.offsets_home(group, *partition)}>
            <code>{ format!("\"{group}\".hashCode() = ") }<b>{ hash }</b></code>
            <code>{ "abs = " }<b>{ positive }</b></code>
            <code>{ format!("mod {partitions} = ") }<b>{ format!("{partition} → __consumer_offsets-{partition}") }</b></code>
        </div>
    }
}

fn entry_view(entry: &Entry, send: &Callback<Intent>, text: Text) -> Html {
    let Entry { at, partition, offset, record, .. } = entry;
    let onclick = {
        let at = *at;
        send.reform(move |_: MouseEvent| Intent::Seek(at))
    };
    html! {
        <li key={format!("{partition}@{offset}")}>
            <button type="button" class="log-entry" {onclick}>
                <span class="at">{ at.to_string() }</span>
                <strong>{ text.entry_kind(record) }</strong>
                <code class="place">{ format!("{partition} @ {offset}") }</code>
                <code class="key">{ text.entry_key(record) }</code>
                <span class="value">{ text.entry_value(entry) }</span>
            </button>
        </li>
    }
}
