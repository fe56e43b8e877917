//! Which of the lower panels is shown.

use yew::prelude::*;

use crate::i18n::use_text;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tab {
    /// On a narrow page; a wide one has room for it above the others.
    Lag,
    Events,
    Rebalances,
    Deliveries,
    Sendings,
    Offsets,
}

#[derive(Properties, PartialEq)]
pub(super) struct TabsProps {
    pub(super) chosen: Tab,
    /// Records that were handled twice or never.
    pub(super) mishaps: u64,
    /// Records that producers lost, wrote twice, or could not deliver.
    pub(super) missent: u64,
    pub(super) onchoose: Callback<Tab>,
}

#[component]
pub(super) fn Tabs(TabsProps { chosen, mishaps, missent, onchoose }: &TabsProps) -> Html {
    let text = use_text();
    let button = |tab: Tab, label: &'static str, hint: Option<&'static str>, count: u64| {
        let class = (tab == Tab::Lag).then_some("lag-tab");
        let onclick = onchoose.reform(move |_: MouseEvent| tab);
        html! {
            <button type="button" {class} title={hint} aria-pressed={(*chosen == tab).to_string()} {onclick}>
                { label }
                if count > 0 { <span class="count">{ count }</span> }
            </button>
        }
    };
    html! {
        <div class="side-tabs" role="group" aria-label={text.details()}>
            { button(Tab::Lag, text.lag(), None, 0) }
            { button(Tab::Events, text.tab_events(), None, 0) }
            { button(Tab::Rebalances, text.tab_rebalances(), None, 0) }
            { button(Tab::Deliveries, text.tab_deliveries(), None, *mishaps) }
            { button(Tab::Sendings, text.tab_producers(), Some(text.tab_producers_hint()), *missent) }
            { button(Tab::Offsets, text.tab_offsets(), Some(text.tab_offsets_hint()), 0) }
        </div>
    }
}
