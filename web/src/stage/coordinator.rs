//! A group's coordinator: the phases of its state machine, how far each member has come, what it waits for, and what
//! the last rebalance cost.

use kafka_core::group::GroupState;
use playground::scene::{Group, GroupDeliveries, Progress, Wait, Who};
use yew::prelude::*;

use super::countdown::share_of;
use super::geometry::{Rect, fitted, px, strong_width, text_width};
use super::member::{MEMBER_PITCH, member_title, member_view};
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct CoordinatorProps {
    pub(super) group: Group,
    pub(super) deliveries: Option<GroupDeliveries>,
    pub(super) rect: Rect,
}

const CLASSIC: [GroupState; 5] = [
    GroupState::Empty,
    GroupState::PreparingRebalance,
    GroupState::CompletingRebalance,
    GroupState::Stable,
    GroupState::Dead,
];

/// KIP-848
const CONSUMER: [GroupState; 5] =
    [GroupState::Empty, GroupState::Assigning, GroupState::Reconciling, GroupState::Stable, GroupState::Dead];

/// What there is room for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// Every state by its name.
    Wide,
    /// Only the current state by its name.
    Narrow,
    /// The current state beside the group's name.
    Low,
    /// All in one line.
    Slim,
}

impl Size {
    fn of(rect: &Rect) -> Self {
        if rect.height < 50.0 {
            Self::Slim
        } else if rect.height < 80.0 {
            Self::Low
        } else if rect.width < 620.0 {
            Self::Narrow
        } else {
            Self::Wide
        }
    }
}

#[component]
pub(super) fn CoordinatorView(CoordinatorProps { group, deliveries, rect }: &CoordinatorProps) -> Html {
    let text = use_text();
    let class = classes!("coordinator", mood(group.state));
    html! {
        <g {class} transform={rect.at()}>
            <rect class="card" width={px(rect.width)} height={px(rect.height)} rx="10" />
            { match Size::of(rect) {
                Size::Wide => wide(group, rect, text),
                Size::Narrow => narrow(group, rect, text),
                Size::Low => low(group, rect, text).0,
                Size::Slim => slim(group, deliveries.as_ref(), rect, text),
            } }
            if Size::of(rect) != Size::Slim {
                { summary(group, deliveries.as_ref(), Line { left: 14.0, right: rect.width - 14.0, y: rect.height - 11.0 }, text) }
            }
        </g>
    }
}

fn wide(group: &Group, rect: &Rect, text: Text) -> Html {
    let heading = format!("{} · {}", text.coordinator(), group.name);
    let facts_width = rect.width - strong_width(&heading, 13.0) - 42.0;
    let (states, taken) = states(group);
    html! {
        <>
            <text x="14" y="24">
                <tspan class="title">{ &heading }</tspan>
                <tspan class="fact" dx="12">{ fitted(&facts(group, text).join(" · "), 11.0, facts_width) }</tspan>
            </text>
            { states }
            { members(group, taken, rect, 50.0, text) }
        </>
    }
}

fn narrow(group: &Group, rect: &Rect, text: Text) -> Html {
    let facts = facts(group, text);
    let (states, taken) = narrow_states(group);
    html! {
        <>
            <text class="title" x="14" y="22">{ fitted(&group.name, 13.0, rect.width * 0.4) }</text>
            <text class="fact end" x={px(rect.width - 14.0)} y="22">
                { fitted(&facts[1..].join(" · "), 11.0, rect.width * 0.55) }
            </text>
            { states }
            { members(group, taken, rect, 47.0, text) }
        </>
    }
}

/// In one line; and where it ends.
fn low(group: &Group, rect: &Rect, text: Text) -> (Html, f64) {
    let state = state_width(group.state);
    let room = rect.width - state - 48.0 - MEMBER_PITCH * group.members.len().min(4) as f64;
    let name = fitted(&group.name, 13.0, room);
    let x = 14.0 + strong_width(&name, 12.0) + 12.0;
    let line = html! {
        <>
            <text class="title" x="14" y="20">{ name }</text>
            { state_pill(group, x, 5.0, 22.0) }
            { members(group, x + state, rect, 16.0, text) }
        </>
    };
    (line, x + state)
}

fn slim(group: &Group, deliveries: Option<&GroupDeliveries>, rect: &Rect, text: Text) -> Html {
    let (line, end) = low(group, rect, text);
    let members =
        MEMBER_PITCH * group.members.len() as f64 + text_width(&text.members(group.members.len()), 11.0);
    let line_of_text = Line { left: end + 14.0, right: rect.width - members - 34.0, y: 20.0 };
    html! { <>{ line }{ summary(group, deliveries, line_of_text, text) }</> }
}

const fn mood(state: GroupState) -> &'static str {
    match state {
        GroupState::Stable => "steady",
        GroupState::PreparingRebalance
        | GroupState::CompletingRebalance
        | GroupState::Assigning
        | GroupState::Reconciling => "waiting",
        GroupState::Empty | GroupState::Dead => "idle",
    }
}

fn facts(group: &Group, text: Text) -> Vec<String> {
    let mut facts = vec![text.leader(group.coordinator)];
    match group.target_epoch {
        None => facts.push(text.generation(group.generation)),
        Some(target) => facts.extend([text.group_epoch(group.generation), text.target_epoch(target)]),
    }
    facts.extend(group.protocol.as_deref().map(str::to_owned));
    facts
}

fn states_of(group: &Group) -> [GroupState; 5] {
    if group.target_epoch.is_some() { CONSUMER } else { CLASSIC }
}

fn state_width(state: GroupState) -> f64 {
    strong_width(&state.to_string(), 11.5) + 20.0
}

/// The current state, with how much is left of the time that the coordinator waits at most.
fn state_pill(group: &Group, x: f64, y: f64, height: f64) -> Html {
    let width = state_width(group.state);
    let left = group.wait.as_ref().map(Wait::left);
    html! {
        <g class="group-state current">
            <rect x={px(x)} y={px(y)} width={px(width)} height={px(height)} rx={px(height / 2.0)} />
            <text x={px(x + width / 2.0)} y={px(y + height / 2.0 + 4.0)}>{ group.state.to_string() }</text>
            if let Some(left) = left {
                <path class="whole" d={format!("M{:.1} {:.1}h{:.1}", x + 10.0, y + height + 3.5, width - 20.0)} />
                <path class="left" d={format!("M{:.1} {:.1}h{:.1}", x + 10.0, y + height + 3.5, (width - 20.0) * share_of(left))} />
            }
        </g>
    }
}

/// Every state by its name; and where they end.
fn states(group: &Group) -> (Html, f64) {
    let mut x = 14.0;
    let mut parts = Vec::new();
    for state in states_of(group) {
        let width = state_width(state);
        if x > 14.0 {
            parts.push(html! { <path class="step" d={format!("M{:.1} 50h10", x - 12.0)} /> });
        }
        parts.push(if state == group.state {
            state_pill(group, x, 37.0, 26.0)
        } else {
            html! {
                <g class="group-state">
                    <rect x={px(x)} y="37" width={px(width)} height="26" rx="13" />
                    <text x={px(x + width / 2.0)} y="54">{ state.to_string() }</text>
                </g>
            }
        });
        x += width + 14.0;
    }
    (parts.into_iter().collect(), x - 14.0)
}

fn narrow_states(group: &Group) -> (Html, f64) {
    let mut x = 14.0;
    let mut parts = Vec::new();
    for state in states_of(group) {
        if state == group.state {
            parts.push(state_pill(group, x, 35.0, 24.0));
            x += state_width(state) + 8.0;
        } else {
            parts.push(html! {
                <g class="group-state"><rect x={px(x)} y="43" width="12" height="8" rx="4" /></g>
            });
            x += 20.0;
        }
    }
    (parts.into_iter().collect(), x - 8.0)
}

/// The members at the right, as far as they fit beside what is `taken`, and how many there are in all.
fn members(group: &Group, taken: f64, rect: &Rect, y: f64, text: Text) -> Html {
    let label = text.members(group.members.len());
    let label_width = text_width(&label, 11.0) + 10.0;
    let right = rect.width - 14.0;
    let room = right - taken - 10.0;
    let count = group.members.len();
    let all_fit = count as f64 * MEMBER_PITCH <= room;
    let labelled = count as f64 * MEMBER_PITCH + label_width <= room;
    let rest_width = if all_fit { 0.0 } else { 24.0 };
    let fit = (((room - rest_width) / MEMBER_PITCH).max(0.0) as usize).min(count);
    let end = right - if labelled { label_width } else { rest_width };
    let shown = group.members.iter().take(fit).enumerate().map(|(index, member)| {
        let x = end - (fit - index) as f64 * MEMBER_PITCH + MEMBER_PITCH / 2.0;
        member_view(member, x, y, text)
    });
    html! {
        <>
            { for shown }
            if labelled {
                <text class="fact end" x={px(right)} y={px(y + 4.0)}>{ label }</text>
            } else if !all_fit {
                <text class="fact end" x={px(right)} y={px(y + 4.0)}>
                    <title>{ group.members.iter().skip(fit).map(|member| member_title(member, text)).collect::<Vec<_>>().join("\n") }</title>
                    { format!("+{}", count - fit) }
                </text>
            }
        </>
    }
}

/// Where a line of text goes.
#[derive(Clone, Copy)]
struct Line {
    left: f64,
    right: f64,
    y: f64,
}

/// What it waits for, else what the last rebalance cost; and what became of the records.
fn summary(group: &Group, deliveries: Option<&GroupDeliveries>, line: Line, text: Text) -> Html {
    let y = px(line.y);
    let counts: Vec<_> = deliveries.map_or_else(Vec::new, |counts| {
        let several = [
            (counts.repeated, "repeated", text.repeated_count(counts.repeated)),
            (counts.lost, "lost", text.lost_count(counts.lost)),
        ];
        several.into_iter().filter(|(count, ..)| *count > 0).collect()
    });
    let counted: f64 = counts.iter().map(|(.., label)| strong_width(label, 11.0) + 12.0).sum();
    let room = line.right - line.left - counted;
    let waits = wait(group, text);
    let last = text.last_rebalance_of(group);
    html! {
        <>
            if !waits.is_empty() {
                <text class="wait" x={px(line.left)} y={&y}>{ fitted(&waits, 11.0, room) }</text>
            } else if let Some(last) = last.filter(|_| room > 200.0) {
                <text class="fact" x={px(line.left)} y={&y}>{ fitted(&last, 11.0, room) }</text>
            }
            { outcome(&counts, line.right, &y) }
        </>
    }
}

/// Counts from the right edge to the left.
fn outcome(counts: &[(u64, &'static str, String)], right: f64, y: &AttrValue) -> Html {
    let mut x = right;
    let place = |(_, class, label): &(u64, &'static str, String)| {
        let end = x;
        x -= strong_width(label, 11.0) + 12.0;
        html! { <text class={classes!("end", "outcome", *class)} x={px(end)} y={y}>{ label }</text> }
    };
    counts.iter().rev().map(place).collect()
}

/// What the coordinator waits for; of a KIP-848 group, what its members do.
pub(super) fn wait(group: &Group, text: Text) -> String {
    let seconds = |wait: &Wait| {
        let left = wait.left().left;
        format!("{}.{}", left / 10, left % 10)
    };
    match &group.wait {
        None => reconciliation(group, text),
        Some(waits @ Wait::MoreMembers { .. }) => text.wait_more_members(&seconds(waits)),
        Some(waits @ Wait::Joins { missing, .. }) => text.wait_joins(&missing.join(", "), &seconds(waits)),
        Some(waits @ Wait::Assignment { leader, .. }) => text.wait_assignment(leader, &seconds(waits)),
    }
}

fn reconciliation(group: &Group, text: Text) -> String {
    let busy = group.members.iter().filter_map(|member| match member.progress {
        Progress::GivesUp(_) | Progress::WaitsFor(_) => {
            let who = Who { name: member.name.clone(), terminal: member.terminal };
            Some(format!("{} {}", text.who(&who), text.progress(&member.progress)))
        }
        Progress::Awaited | Progress::Joined | Progress::Synced | Progress::Settled => None,
    });
    busy.collect::<Vec<_>>().join(" · ")
}
