//! A partition as a lane of numbered cells.

use playground::scene::{Cell, Hue, Lane, MishapKind};
use yew::prelude::*;

use super::flags::{Reader, commits, readers};
use super::geometry::{Rect, px};
use super::mishaps::{marks, use_in_sight};
use crate::i18n::{Text, use_text};

#[derive(Properties, PartialEq)]
pub(super) struct LaneProps {
    pub(super) lane: Lane,
    /// Who reads it, and from where on.
    pub(super) readers: Vec<Reader>,
    /// Records that a group handled twice or never, by offset.
    pub(super) mishaps: Vec<(i64, MishapKind)>,
    /// The record that somebody wants to see.
    pub(super) attention: Option<i64>,
    pub(super) rect: Rect,
}

/// Measures of a lane of a certain height.
pub(super) struct Measures {
    gutter: f64,
    pub(super) cell_height: f64,
    pub(super) cell_width: f64,
    pub(super) cell_y: f64,
    pitch: f64,
    size: Size,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    /// A row of cells, with all numbers behind it.
    Tiny,
    /// A row of cells, and what is committed below it.
    Compact,
    Medium,
    Large,
}

impl Size {
    const fn class(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Compact | Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    const fn is_low(self) -> bool {
        match self {
            Self::Tiny | Self::Compact => true,
            Self::Medium | Self::Large => false,
        }
    }
}

impl Measures {
    fn of(rect: &Rect) -> Self {
        let gutter = if rect.width < 400.0 { 58.0 } else { 88.0 };
        let (size, cell_width, cell_height, cell_y) = if rect.height >= 84.0 {
            let cell = (rect.height * 0.34).clamp(28.0, 44.0);
            (Size::Large, cell + 2.0, cell, (rect.height - cell) / 2.0)
        } else if rect.height >= 56.0 {
            (Size::Medium, 28.0, 24.0, rect.height / 2.0 - 15.0)
        } else if rect.height >= 38.0 {
            (Size::Compact, 25.0, 19.0, 5.0)
        } else {
            (Size::Tiny, 22.0, rect.height - 8.0, 4.0)
        };
        Self { gutter, cell_width, cell_height, cell_y, pitch: cell_width + 4.0, size }
    }

    fn capacity(&self, width: f64) -> usize {
        let numbers = if self.size == Size::Tiny { 176.0 } else { 52.0 };
        (((width - self.gutter - numbers) / self.pitch) as usize).max(1)
    }
}

/// The cells that fit, and where offsets stand among them.
pub(super) struct Window<'a> {
    cells: &'a [Cell],
    first: i64,
    pub(super) measures: &'a Measures,
}

impl<'a> Window<'a> {
    /// The newest cells, or those around the one that somebody wants to see.
    fn of(lane: &'a Lane, measures: &'a Measures, width: f64, attention: Option<i64>) -> Self {
        let capacity = measures.capacity(width);
        let newest = lane.cells.len().saturating_sub(capacity);
        let wanted = attention.and_then(|offset| lane.cells.iter().position(|cell| cell.offset == offset));
        let begin = wanted.map_or(newest, |wanted| wanted.saturating_sub(1).min(newest));
        let cells = &lane.cells[begin..(begin + capacity).min(lane.cells.len())];
        let first = cells.first().map_or(lane.log_end_offset, |cell| cell.offset);
        Self { cells, first, measures }
    }

    /// Whether the cell of an offset is among them.
    pub(super) fn shows(&self, offset: i64) -> bool {
        self.cells.iter().any(|cell| cell.offset == offset)
    }

    /// Between the cell before an offset and its own; what is before the window stands at its edge.
    pub(super) fn border(&self, offset: i64) -> f64 {
        let index = offset - self.first;
        let shift = if index < 0 { -0.3 } else { index as f64 };
        self.measures.gutter + shift * self.measures.pitch - 2.0
    }
}

#[component]
pub(super) fn LaneView(props: &LaneProps) -> Html {
    let LaneProps { lane, readers: reading, mishaps, attention, rect } = props;
    let text = use_text();
    let place = use_node_ref();
    use_in_sight(&place, *attention);
    let measures = Measures::of(rect);
    let window = Window::of(lane, &measures, rect.width, *attention);
    let class = classes!(
        "lane",
        measures.size.class(),
        lane.fresh.then_some("fresh"),
        lane.leader.is_none().then_some("offline"),
        attention.is_some().then_some("wanted")
    );
    html! {
        <g {class} ref={place} transform={rect.at()}>
            <rect class="card" width={px(rect.width)} height={px(rect.height)} rx="10" />
            { gutter(lane, rect, &measures, text) }
            <rect class="track" x={px(measures.gutter - 4.0)} y={px(measures.cell_y - 3.0)} rx="6"
                width={px(rect.width - measures.gutter - 8.0)} height={px(measures.cell_height + 6.0)} />
            { earlier(lane, &window) }
            { for window.cells.iter().map(|cell| cell_view(cell, lane, &window)) }
            { marks(mishaps, *attention, &window, text) }
            { watermark(lane, &window, text) }
            { match measures.size {
                Size::Tiny => Html::default(),
                Size::Compact => commits(&lane.committed, &window, rect.width, text),
                Size::Medium | Size::Large => html! {
                    <>
                        { commits(&lane.committed, &window, rect.width, text) }
                        { readers(reading, &window, rect.width, text) }
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
                { replica_dots(lane, 13.0, measures.cell_y + measures.cell_height + 8.0) }
            </>
        };
    }
    let middle = measures.cell_y + measures.cell_height / 2.0;
    html! {
        <>
            <text class="title" x="14" y={px(middle - 1.0)}>{ name }</text>
            <text class="fact" x="14" y={px(middle + 14.0)}>{ leader }</text>
            { replica_dots(lane, 16.0, middle + 24.0) }
        </>
    }
}

/// One dot per replica, the leader's first; hollow when out of sync. A single replica says nothing.
fn replica_dots(lane: &Lane, x: f64, y: f64) -> Html {
    if lane.replicas.len() < 2 {
        return Html::default();
    }
    lane.replicas
        .iter()
        .enumerate()
        .map(|(index, replica)| {
            let class = if replica.in_sync { "replica" } else { "replica out" };
            html! { <circle {class} cx={px(x + index as f64 * 10.0)} cy={px(y)} r="3" /> }
        })
        .collect()
}

/// How many records are in the log before the window.
fn earlier(lane: &Lane, window: &Window<'_>) -> Html {
    let hidden = window.first - lane.log_start_offset;
    if hidden <= 0 || window.cells.is_empty() {
        return Html::default();
    }
    let Measures { gutter, cell_y, cell_height, .. } = *window.measures;
    let below_name = gutter < 80.0;
    let y = cell_y + if below_name { cell_height + 11.0 } else { cell_height / 2.0 + 3.6 };
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
    let (label_x, label_y) =
        if at_end { (x + 6.0, cell_y + cell_height / 2.0 + 3.5) } else { (x + 4.0, cell_y - 6.0) };
    let inline = match (size, &lane.committed[..]) {
        (Size::Tiny, [one]) => text.committed(one.offset, one.lag),
        (Size::Tiny | Size::Compact | Size::Medium | Size::Large, _) => String::new(),
    };
    let overhang = if size == Size::Tiny { 2.0 } else { 5.0 };
    html! {
        <g class="watermark">
            <path d={format!("M{x:.1} {:.1}V{:.1}", cell_y - overhang, cell_y + cell_height + overhang)} />
            if at_end || !size.is_low() {
                <text x={px(label_x)} y={px(label_y)}>
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
