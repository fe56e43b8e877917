//! A group's coordinator: the state machine, who is in, what it waits for.

use kafka_core::group::GroupState;
use playground::scene::{Group, Member, Wait};
use yew::prelude::*;

use super::consumer::tenths;
use super::geometry::{Rect, fitted, px, strong_width, text_width};
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct CoordinatorProps {
    pub(super) group: Group,
    pub(super) rect: Rect,
}

const STATES: [GroupState; 5] = [
    GroupState::Empty,
    GroupState::PreparingRebalance,
    GroupState::CompletingRebalance,
    GroupState::Stable,
    GroupState::Dead,
];

#[component]
pub(super) fn CoordinatorView(CoordinatorProps { group, rect }: &CoordinatorProps) -> Html {
    let text = use_text();
    let mut facts = vec![text.leader(group.coordinator), text.generation(group.generation)];
    facts.extend(group.protocol.as_deref().map(str::to_owned));
    let heading = format!("{} · {}", text.coordinator(), group.name);
    let facts_width = rect.width - strong_width(&heading, 13.0) - 42.0;
    let narrow = rect.width < 520.0;
    let class = classes!("coordinator", mood(group.state));
    html! {
        <g {class} transform={rect.at()}>
            <rect class="card" width={px(rect.width)} height={px(rect.height)} rx="10" />
            if narrow {
                <text class="title" x="14" y="22">{ fitted(&group.name, 13.0, rect.width * 0.5) }</text>
                <text class="fact end" x={px(rect.width - 14.0)} y="22">{ text.generation(group.generation) }</text>
                { narrow_states(group.state) }
            } else {
                <text x="14" y="24">
                    <tspan class="title">{ &heading }</tspan>
                    <tspan class="fact" dx="12">{ fitted(&facts.join(" · "), 11.0, facts_width) }</tspan>
                </text>
                { states(group.state) }
                { members(group, rect, text) }
            }
            <text class="wait" x="14" y={px(rect.height - 11.0)}>
                { fitted(&wait(group.wait.as_ref(), text), 11.0, rect.width - 28.0) }
            </text>
        </g>
    }
}

const fn mood(state: GroupState) -> &'static str {
    match state {
        GroupState::Stable => "steady",
        GroupState::PreparingRebalance | GroupState::CompletingRebalance => "waiting",
        GroupState::Empty | GroupState::Dead => "idle",
    }
}

fn state_width(state: GroupState) -> f64 {
    strong_width(&state.to_string(), 11.5) + 20.0
}

fn states(current: GroupState) -> Html {
    let mut x = 14.0;
    let mut parts = Vec::new();
    for state in STATES {
        let width = state_width(state);
        if x > 14.0 {
            parts.push(html! { <path class="step" d={format!("M{:.1} 50h10", x - 12.0)} /> });
        }
        let class = if state == current { "group-state current" } else { "group-state" };
        parts.push(html! {
            <g {class}>
                <rect x={px(x)} y="37" width={px(width)} height="26" rx="13" />
                <text x={px(x + width / 2.0)} y="54">{ state.to_string() }</text>
            </g>
        });
        x += width + 14.0;
    }
    parts.into_iter().collect()
}

fn narrow_states(current: GroupState) -> Html {
    let mut x = 14.0;
    let mut parts = Vec::new();
    for state in STATES {
        if state == current {
            let width = state_width(state);
            parts.push(html! {
                <g class="group-state current">
                    <rect x={px(x)} y="35" width={px(width)} height="24" rx="12" />
                    <text x={px(x + width / 2.0)} y="51">{ state.to_string() }</text>
                </g>
            });
            x += width + 8.0;
        } else {
            parts.push(html! {
                <g class="group-state"><rect x={px(x)} y="43" width="18" height="8" rx="4" /></g>
            });
            x += 26.0;
        }
    }
    parts.into_iter().collect()
}

/// A mark per member, filled once it has sent what the coordinator waits for.
fn members(group: &Group, rect: &Rect, text: Text) -> Html {
    const MOST: usize = 8;
    let label = text.members(group.members.len());
    let right = rect.width - 14.0;
    let marks_x = right - text_width(&label, 11.0) - 14.0;
    let taken: f64 = STATES.into_iter().map(|state| state_width(state) + 14.0).sum();
    let fit = (((marks_x - taken - 14.0) / 15.0).max(0.0) as usize).min(MOST);
    let mark = |(index, member): (usize, &Member)| {
        let class = classes!("member", member.ready.then_some("ready"), member.leader.then_some("leads"));
        html! {
            <circle {class} cx={px(marks_x - index as f64 * 15.0)} cy="50" r="5">
                <title>{ &*member.name }</title>
            </circle>
        }
    };
    html! {
        <>
            { for group.members.iter().rev().take(fit).enumerate().map(mark) }
            <text class="fact end" x={px(right)} y="54">{ label }</text>
        </>
    }
}

pub(super) fn wait(wait: Option<&Wait>, text: Text) -> String {
    match wait {
        None => String::new(),
        Some(Wait::MoreMembers { tenths: left }) => text.wait_more_members(&tenths(*left)),
        Some(Wait::Joins { missing, tenths: left }) => text.wait_joins(&missing.join(", "), &tenths(*left)),
        Some(Wait::Assignment { leader, tenths: left }) => text.wait_assignment(leader, &tenths(*left)),
    }
}
