//! The copies of a lane: who has one, how far it is, and whether it is in sync.

use playground::scene::{Cell, Lane, OutOfSync, Replica};
use yew::prelude::*;

use super::geometry::{Point, Rect, px, strong_width};
use super::lane::hue_class;
use super::measures::{Copies, LINE_PITCH, MOST_COPIES, Measures, ROW_PITCH, Window};
use crate::i18n::Text;

/// Of a row's cells.
const ROW_HEIGHT: f64 = 8.0;

/// Everybody but the leader, or but one while nobody leads; in order of preference.
pub(super) fn followers(lane: &Lane) -> impl Iterator<Item = &Replica> {
    let shown = lane.replicas.iter().find(|replica| replica.leads).or_else(|| {
        let longest = lane.replicas.iter().map(|replica| replica.log_end_offset).max();
        lane.replicas.iter().rfind(|replica| Some(replica.log_end_offset) == longest)
    });
    let shown = shown.map(|replica| replica.broker);
    lane.replicas.iter().filter(move |replica| Some(replica.broker) != shown)
}

pub(super) fn copies(lane: &Lane, window: &Window<'_>, width: f64, text: Text) -> Html {
    let followers = followers(lane).take(MOST_COPIES).enumerate();
    match window.measures.copies {
        Copies::Dots => Html::default(),
        Copies::Lines { top } => {
            followers.map(|(index, replica)| line(replica, top + index as f64 * LINE_PITCH, window)).collect()
        }
        Copies::Rows { top } => followers
            .map(|(index, replica)| {
                row(replica, window, &Rect::new(0.0, top + index as f64 * ROW_PITCH, width, ROW_HEIGHT), text)
            })
            .collect(),
    }
}

fn class(replica: &Replica) -> Classes {
    classes!(
        "copy",
        match replica.out {
            None => "in-sync",
            Some(_) => "out",
        },
        (!replica.reachable).then_some("unreachable")
    )
}

fn line(replica: &Replica, y: f64, window: &Window<'_>) -> Html {
    let (left, right) = (window.border(window.first), window.border(replica.log_end_offset));
    html! {
        <path class={classes!(class(replica), "line")} key={replica.broker}
            d={format!("M{:.1} {y:.1}H{:.1}", left + 2.0, (right - 2.0).max(left + 3.0))} />
    }
}

fn row(replica: &Replica, window: &Window<'_>, place: &Rect, text: Text) -> Html {
    let own = replica.own.first().map_or(i64::MAX, |cell| cell.offset);
    let end = replica.log_end_offset.min(own);
    let shared = window.cells.iter().filter(|cell| cell.offset < end);
    let others = replica.own.iter().filter(|cell| window.has_place(cell.offset));
    let baseline = place.y + ROW_HEIGHT - 0.5;
    let edge = place.width - 12.0;
    html! {
        <g class={class(replica)} key={replica.broker}>
            <title>{ text.copy(replica) }</title>
            <text class="copy-name end" x={px(window.measures.gutter - 8.0)} y={px(baseline)}>
                { format!("b{}", replica.broker) }
            </text>
            { for shared.map(|cell| copied(cell, "copied", window, place.y)) }
            { for others.map(|cell| copied(cell, "copied own", window, place.y)) }
            <text class="copy-fact end" x={px(edge)} y={px(baseline)}>{ fact(replica, text) }</text>
        </g>
    }
}

fn copied(cell: &Cell, class: &'static str, window: &Window<'_>, y: f64) -> Html {
    html! {
        <rect class={classes!(class, hue_class(cell.hue))} key={cell.offset.to_string()} rx="2.5" y={px(y)}
            x={px(window.border(cell.offset) + 2.0)} width={px(window.measures.cell_width)} height={px(ROW_HEIGHT)} />
    }
}

/// What there is to say of a copy in a word or two.
fn fact(replica: &Replica, text: Text) -> String {
    let lag = if replica.lag > 0 { format!("−{}", replica.lag) } else { String::new() };
    match replica.out {
        Some(reason) => format!("{} {lag}", text.out_of_sync_shortly(reason)).trim_end().to_owned(),
        None => lag,
    }
}

/// At the upper right: an election while it is fresh, else who is missing in the ISR.
pub(super) fn standing(lane: &Lane, width: f64, text: Text) -> (Html, f64) {
    let (class, label) = match (&lane.election, lane.leader) {
        (Some(election), Some(leader)) => {
            let class = if election.unclean { "standing bad" } else { "standing elected" };
            (class, text.elected(election, leader, lane.leader_epoch))
        }
        (Some(_) | None, _) if lane.replicas.len() < 2 || lane.isr() == lane.replicas.len() => {
            return (Html::default(), 0.0);
        }
        (Some(_) | None, _) => {
            let class = if lane.is_under_min_isr() { "standing bad" } else { "standing short" };
            (class, text.isr_of(lane))
        }
    };
    let wide = strong_width(&label, 10.5) + 14.0;
    let left = width - wide - 8.0;
    let view = html! {
        <g {class}>
            <rect x={px(left)} y="5" width={px(wide)} height="16" rx="8" />
            <text x={px(left + wide / 2.0)} y="16.6">{ label }</text>
        </g>
    };
    (view, wide + 12.0)
}

/// One dot per replica, the leader's first; hollow when out of sync, crossed when its broker cannot be reached. A single
/// replica says nothing.
pub(super) fn dots(lane: &Lane, x: f64, y: f64) -> Html {
    if lane.replicas.len() < 2 {
        return Html::default();
    }
    let leader = lane.replicas.iter().filter(|replica| replica.leads);
    let all = leader.chain(lane.replicas.iter().filter(|replica| !replica.leads));
    all.enumerate()
        .map(|(index, replica)| {
            let class = if replica.out.is_none() { "replica" } else { "replica out" };
            html! { <circle {class} cx={px(x + index as f64 * 10.0)} cy={px(y)} r={if replica.leads { "3.6" } else { "2.6" }} /> }
        })
        .collect()
}

/// Between where records are appended, and a follower's row: the way that copies take.
pub(super) fn ways(lane: &Lane, rect: &Rect) -> Vec<(u32, Point, Point)> {
    let measures = Measures::of(lane, rect);
    let window = Window::of(lane, &measures, rect.width, None);
    let x = rect.x + window.border(lane.log_end_offset) - measures.cell_width / 2.0;
    let top = Point { x, y: rect.y + measures.cell_y + measures.cell_height / 2.0 };
    let rows = followers(lane).enumerate().filter_map(|(index, replica)| {
        let y = rect.y + measures.row_middle(index)?;
        Some((replica.broker, top, Point { x, y }))
    });
    rows.collect()
}

impl Text {
    /// Who is in sync, and how many have to be where these are too few.
    fn isr_of(self, lane: &Lane) -> String {
        if lane.is_under_min_isr() {
            self.isr_too_small(lane.isr(), lane.min_isr)
        } else {
            self.isr(lane.isr(), lane.replicas.len())
        }
    }

    pub(super) fn copy(self, replica: &Replica) -> String {
        let state = match replica.out {
            None => self.in_sync(),
            Some(OutOfSync::ShuttingDown) => self.out_shutting_down(),
            Some(OutOfSync::Fenced) => self.out_fenced(),
            Some(OutOfSync::Behind) => self.out_behind(),
        };
        self.told_copy(replica.broker, state, replica.log_end_offset, replica.lag)
    }
}
