//! The side panel: lag as a chart and as numbers; below it events, rebalances, what became
//! of records, and `__consumer_offsets`.

mod chart;
mod deliveries;
mod feed;
mod lag;
mod offsets_log;
mod rebalances;
mod sendings;
mod table;
mod tabs;

use std::rc::Rc;

use playground::scene::{Scene, Sendings};
use yew::prelude::*;

use crate::i18n::use_text;
use crate::intent::{Attention, Intent};
use deliveries::DeliveriesPanel;
use feed::Feed;
use lag::Lag;
use offsets_log::OffsetsLogPanel;
use rebalances::RebalancesPanel;
use sendings::SendingsPanel;
use tabs::{Tab, Tabs};

#[derive(Properties, PartialEq)]
pub(crate) struct SideProps {
    pub(crate) scene: Rc<Scene>,
    pub(crate) attention: Option<Attention>,
    pub(crate) send: Callback<Intent>,
}

#[component]
pub(crate) fn Side(SideProps { scene, attention, send }: &SideProps) -> Html {
    let text = use_text();
    let tab = use_state_eq(|| Tab::Events);
    let onchoose = {
        let tab = tab.setter();
        use_callback((), move |chosen: Tab, ()| tab.set(chosen))
    };
    let mishaps = scene.deliveries.iter().map(|group| group.repeated + group.lost).sum::<u64>();
    let missent = scene.sendings.iter().map(Sendings::mishaps).sum::<u64>();
    html! {
        <section class={classes!("side", (*tab == Tab::Lag).then_some("shows-lag"))} aria-label={text.side()}>
            <Lag topics={&scene.topics} lag={&scene.lag} clock={scene.clock.clone()} />
            <section class="details" aria-label={text.details()}>
                <Tabs chosen={*tab} {mishaps} {missent} {onchoose} />
                { match *tab {
                    Tab::Lag | Tab::Events => html! { <Feed happenings={&scene.happenings} {send} /> },
                    Tab::Rebalances => html! { <RebalancesPanel groups={&scene.groups} {send} /> },
                    Tab::Deliveries => html! {
                        <DeliveriesPanel deliveries={&scene.deliveries} attention={attention.clone()} {send} />
                    },
                    Tab::Sendings => html! {
                        <SendingsPanel sendings={&scene.sendings} attention={attention.clone()} {send} />
                    },
                    Tab::Offsets => html! { <OffsetsLogPanel log={scene.offsets_log.clone()} {send} /> },
                } }
            </section>
        </section>
    }
}
