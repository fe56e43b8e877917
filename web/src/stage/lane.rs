//! A partition as a lane of numbered cells.

use playground::scene::{Cell, Hue, Lane};
use yew::prelude::*;

use super::flags::{Reader, commits, readers};
use super::geometry::{Rect, px};
use super::measures::{Copies, MOST_COPIES, Measures, Size, Window};
use super::mishaps::{Mishap, marks, use_in_sight};
use super::replicas::{copies, dots, followers, standing};
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct LaneProps {
    pub(super) lane: Lane,
    /// Who reads it, and from where on.
    pub(super) readers: Vec<Reader>,
    /// Records that were handled twice or never, written twice, or lost.
    pub(super) mishaps: Vec<Mishap>,
    /// The record that somebody wants to see.
    pub(super) attention: Option<i64>,
    pub(super) rect: Rect,
}

#[component]
pub(super) fn LaneView(props: &LaneProps) -> Html {
    let LaneProps { lane, readers: reading, mishaps, attention, rect } = props;
    let text = use_text();
    let place = use_node_ref();
    use_in_sight(&place, *attention);
    let measures = Measures::of(lane, rect);
    let window = Window::of(lane, &measures, rect.width, *attention);
    let class = classes!(
        "lane",
        measures.size.class(),
        lane.fresh.then_some("fresh"),
        lane.leader.is_none().then_some("offline"),
        lane.election.is_some().then_some("elected"),
        lane.replicas.iter().any(|replica| replica.leads && !replica.reachable).then_some("leader-gone"),
        attention.is_some().then_some("wanted")
    );
    let (standing, standing_width) = match measures.size {
        Size::Tiny | Size::Compact => (Html::default(), 0.0),
        Size::Medium | Size::Large => standing(lane, rect.width, text),
    };
    html! {
        <g {class} ref={place} transform={rect.at()}>
            <rect class="card" width={px(rect.width)} height={px(rect.height)} rx="10" />
            { gutter(lane, rect, &measures, text) }
            <rect class="track" x={px(measures.gutter - 4.0)} y={px(measures.cell_y - 3.0)} rx="6"
                width={px(rect.width - measures.gutter - 8.0)} height={px(measures.cell_height + 6.0)} />
            { earlier(lane, &window) }
            { for window.cells.iter().map(|cell| cell_view(cell, lane, &window)) }
            { copies(lane, &window, rect.width, text) }
            { marks(mishaps, *attention, &window, text) }
            { watermark(lane, &window, text) }
            { match measures.size {
                Size::Tiny => Html::default(),
                Size::Compact => commits(&lane.committed, &window, rect.width, text),
                Size::Medium | Size::Large => html! {
                    <>
                        { commits(&lane.committed, &window, rect.width, text) }
                        { readers(reading, &window, rect.width - standing_width, text) }
                        { standing }
                    </>
                },
            } }
        </g>
    }
}

fn gutter(lane: &Lane, rect: &Rect, measures: &Measures, text: Text) -> Html {
    let leader = lane.leader.map_or_else(|| text.no_leader().to_owned(), |broker| text.leader(broker));
    let name = format!("P{}", lane.partition);
    if measures.size.is_low() || rect.width < 400.0 {
        return html! {
            <>
                <text class="title" x="12" y={px(measures.cell_y + measures.cell_height / 2.0 + 4.5)}>{ name }</text>
                if measures.copies == Copies::Dots {
                    { dots(lane, 13.0, measures.cell_y + measures.cell_height + 8.0) }
                }
            </>
        };
    }
    let middle = measures.cell_y + measures.cell_height / 2.0;
    let epoch = lane.leader_epoch > 0 || lane.replicas.len() > 1;
    let middle = if epoch { middle - 5.0 } else { middle };
    html! {
        <>
            <text class="title" x="14" y={px(middle - 1.0)}>{ name }</text>
            <text class="fact leader" x="14" y={px(middle + 13.0)}>{ leader }</text>
            if epoch {
                <text class="fact" x="14" y={px(middle + 26.0)}>{ text.leader_epoch(lane.leader_epoch) }</text>
            }
        </>
    }
}

/// How many records are in the log before the window.
fn earlier(lane: &Lane, window: &Window<'_>) -> Html {
    let hidden = window.first - lane.log_start_offset;
    if hidden <= 0 || window.cells.is_empty() {
        return Html::default();
    }
    let Measures { gutter, cell_y, cell_height, .. } = *window.measures;
    let below_name = gutter < 80.0;
    // Beside the partition's name, above its leader's.
    let y = cell_y + if below_name { cell_height + 11.0 } else { cell_height / 2.0 - 6.0 };
    html! { <text class="fact end" x={px(gutter - 8.0)} y={px(y)}>{ format!("⋯{hidden}") }</text> }
}

fn cell_view(cell: &Cell, lane: &Lane, window: &Window<'_>) -> Html {
    let Measures { cell_width, cell_height, cell_y, .. } = *window.measures;
    let class =
        classes!("cell", hue_class(cell.hue), (cell.offset >= lane.high_watermark).then_some("above"));
    let key = cell.key.as_deref().unwrap_or("null");
    let x = window.border(cell.offset) + 2.0;
    html! {
        <g {class} key={cell.offset.to_string()} transform={format!("translate({x:.1} {cell_y:.1})")}>
            <title>{ format!("{} · {key} · {}", cell.offset, cell.value) }</title>
            <rect width={px(cell_width)} height={px(cell_height)} rx="5" />
            <text x={px(cell_width / 2.0)} y={px(cell_height / 2.0 + 3.8)}>{ cell.offset }</text>
        </g>
    }
}

fn watermark(lane: &Lane, window: &Window<'_>, text: Text) -> Html {
    let Measures { cell_y, cell_height, size, .. } = *window.measures;
    let x = window.border(lane.high_watermark);
    let at_end = lane.high_watermark == lane.log_end_offset;
    // Readers are named to the right of their flags.
    let (label_x, label_y) =
        if at_end { (x + 6.0, cell_y + cell_height / 2.0 + 3.5) } else { (x - 7.0, cell_y - 6.0) };
    let inline = match (size, &lane.committed[..]) {
        (Size::Tiny, [one]) => text.committed(one.offset, one.lag),
        (Size::Tiny | Size::Compact | Size::Medium | Size::Large, _) => String::new(),
    };
    let overhang = if size == Size::Tiny { 2.0 } else { 5.0 };
    let rows = match window.measures.copies {
        Copies::Rows { top } => {
            Some((top, window.measures.row_middle(followers(lane).count().min(MOST_COPIES) - 1)))
        }
        Copies::Dots | Copies::Lines { .. } => None,
    };
    html! {
        <g class="watermark">
            if let Some((top, Some(last))) = rows {
                <path class="copied" d={format!("M{x:.1} {:.1}V{:.1}", top - 2.0, last + 6.0)} />
            }
            <path d={format!("M{x:.1} {:.1}V{:.1}", cell_y - overhang, cell_y + cell_height + overhang)} />
            if at_end || !size.is_low() {
                <text class={(!at_end).then_some("end")} x={px(label_x)} y={px(label_y)}>
                    { text.high_watermark(lane.high_watermark) }
                    if !inline.is_empty() { <tspan class="committed" dx="8">{ inline }</tspan> }
                </text>
            }
        </g>
    }
}

pub(super) fn hue_class(hue: Hue) -> String {
    match hue {
        Hue::Key(index) => format!("hue-{index}"),
        Hue::Keyless => "hue-none".to_owned(),
    }
}
