//! Starting over, with an empty cluster of one broker or of three, or with the demonstration.

use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct BeginningsProps {
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn Beginnings(BeginningsProps { send }: &BeginningsProps) -> Html {
    const MENU: &str = "beginnings";
    let text = use_text();
    let item = |label: &'static str, hint: &'static str, intent: Intent| {
        let onclick = send.reform(move |_: MouseEvent| intent.clone());
        html! {
            <button type="button" popovertarget={MENU} popovertargetaction="hide" {onclick}>
                <span class="label">{ label }</span>
                <span class="hint">{ hint }</span>
            </button>
        }
    };
    html! {
        <div class="beginnings">
            <button type="button" class="icon" popovertarget={MENU} title={text.beginnings()} aria-label={text.beginnings()}>
                <svg viewBox="0 0 16 16" aria-hidden="true" class="lined">
                    <path d="M12.7 9.8A5 5 0 118 3h3.600M9.400 .8L11.800 3 9.400 5.200" />
                </svg>
            </button>
            <div id={MENU} popover="auto" class="menu" role="group" aria-label={text.beginnings()}>
                { item(text.start_fresh(), text.start_fresh_hint(), Intent::StartFresh) }
                { item(text.replay(), text.replay_hint(), Intent::ReplayDemonstration) }
                { item(text.start_cluster(), text.start_cluster_hint(), Intent::StartCluster) }
            </div>
        </div>
    }
}
