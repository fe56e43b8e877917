//! What each rebalance cost; an entry leads back to its moment.

use std::rc::Rc;

use playground::rebalances::RebalanceTotals;
use playground::scene::{Group, HandedOver, Rebalanced};
use yew::prelude::*;

use crate::i18n::groups::lane_list;
use crate::i18n::{Text, use_text};
use crate::intent::Intent;

#[derive(Properties, PartialEq)]
pub(super) struct RebalancesProps {
    pub(super) groups: Rc<[Group]>,
    pub(super) send: Callback<Intent>,
}

#[component]
pub(super) fn RebalancesPanel(RebalancesProps { groups, send }: &RebalancesProps) -> Html {
    let text = use_text();
    let shown: Vec<&Group> = groups.iter().filter(|group| !group.rebalances.is_empty()).collect();
    if shown.is_empty() {
        return html! { <p class="nothing">{ text.no_rebalances() }</p> };
    }
    let several = shown.len() > 1;
    html! {
        <div class="panel">
            { for shown.into_iter().map(|group| html! {
                <section key={group.name.to_string()}>
                    if several { <h2>{ &*group.name }</h2> }
                    { totals(&group.totals, text) }
                    <ol>{ for group.rebalances.iter().enumerate().map(|(index, rebalanced)| {
                        entry(group, rebalanced, index == 0, send, text)
                    }) }</ol>
                </section>
            }) }
            <p class="measure">{ text.rebalance_measure() }</p>
        </div>
    }
}

fn totals(totals: &RebalanceTotals, text: Text) -> Html {
    html! {
        <p class="outcomes">
            <span>{ text.rebalance_count(totals.rebalances) }</span>
            <span>{ text.total_stopped(&text.duration(totals.stopped)) }</span>
            <span>{ text.total_unread(&text.duration(totals.unread)) }</span>
            <span>{ text.total_moved(totals.moved) }</span>
        </p>
    }
}

fn entry(group: &Group, rebalanced: &Rebalanced, newest: bool, send: &Callback<Intent>, text: Text) -> Html {
    let at = rebalanced.began;
    let onclick = send.reform(move |_: MouseEvent| Intent::Seek(at));
    let (class, took) = match rebalanced.took {
        Some(took) => ("took", text.duration(took)),
        None if newest => ("took on", text.rebalance_goes_on().to_owned()),
        None => ("took", text.rebalance_cut_short().to_owned()),
    };
    html! {
        <li key={at.as_micros().to_string()}>
            <button type="button" class="rebalance-entry" {onclick}>
                <span class="at">{ at.to_string() }</span>
                <strong>{ text.rebalance_name(group, rebalanced) }</strong>
                <span {class}>{ took }</span>
                { for costs(rebalanced, text).into_iter().map(|line| html! { <span class="cost">{ line }</span> }) }
            </button>
        </li>
    }
}

fn costs(rebalanced: &Rebalanced, text: Text) -> Vec<String> {
    let stops = rebalanced.stops.iter();
    let mut lines: Vec<_> = stops
        .map(|stop| text.rebalance_stopped(&text.who(&stop.consumer), &text.duration(stop.stopped)))
        .collect();
    if lines.is_empty() && rebalanced.took.is_some() {
        lines.push(text.rebalance_stopped_nobody().to_owned());
    }
    let (moved, kept): (Vec<&HandedOver>, Vec<_>) =
        rebalanced.handovers.iter().partition(|handover| handover.moved);
    let alike = |left: &&HandedOver, right: &&HandedOver| {
        (&left.from, &left.to, left.unread) == (&right.from, &right.to, right.unread)
    };
    lines.extend(moved.chunk_by(alike).map(|handovers| {
        let HandedOver { from, to, unread, .. } = handovers[0];
        let partitions = lane_list(handovers.iter().map(|handover| &handover.lane));
        text.rebalance_moved(&partitions, &text.who(from), &text.who(to), &text.duration(*unread))
    }));
    if let Some(longest) = kept.iter().map(|handover| handover.unread).max() {
        lines.push(text.rebalance_kept(kept.len(), &text.duration(longest)));
    }
    lines
}
