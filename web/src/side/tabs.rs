//! Which of the lower panels is shown.

use yew::prelude::*;

use crate::i18n::use_text;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tab {
    Events,
    Rebalances,
    Deliveries,
    Offsets,
}

#[derive(Properties, PartialEq)]
pub(super) struct TabsProps {
    pub(super) chosen: Tab,
    /// Records that were handled twice or never.
    pub(super) mishaps: u64,
    pub(super) onchoose: Callback<Tab>,
}

#[component]
pub(super) fn Tabs(TabsProps { chosen, mishaps, onchoose }: &TabsProps) -> Html {
    let text = use_text();
    let button = |tab: Tab, label: &'static str, count: u64| {
        let onclick = onchoose.reform(move |_: MouseEvent| tab);
        html! {
            <button type="button" aria-pressed={(*chosen == tab).to_string()} {onclick}>
                { label }
                if count > 0 { <span class="count">{ count }</span> }
            </button>
        }
    };
    html! {
        <div class="side-tabs" role="group" aria-label={text.details()}>
            { button(Tab::Events, text.tab_events(), 0) }
            { button(Tab::Rebalances, text.tab_rebalances(), 0) }
            { button(Tab::Deliveries, text.tab_deliveries(), *mishaps) }
            { button(Tab::Offsets, text.tab_offsets(), 0) }
        </div>
    }
}
