//! Cells of records that a group handled twice or never, and of the one that somebody looks for.

use playground::scene::{LaneId, MishapKind, Scene};
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::geometry::px;
use super::lane::Window;
use crate::i18n::Text;

/// What went wrong in a partition, whichever group it was.
pub(super) fn mishaps_of(scene: &Scene, lane: &LaneId) -> Vec<(i64, MishapKind)> {
    let mishaps = scene.deliveries.iter().flat_map(|group| group.mishaps.iter());
    mishaps.filter(|mishap| mishap.lane == *lane).map(|mishap| (mishap.offset, mishap.kind)).collect()
}

pub(super) fn marks(
    mishaps: &[(i64, MishapKind)],
    attention: Option<i64>,
    window: &Window<'_>,
    text: Text,
) -> Html {
    let shown = mishaps.iter().filter(|(offset, _)| window.shows(*offset));
    let wanted = attention.filter(|offset| window.shows(*offset));
    html! {
        <g class="mishaps">
            if let Some(offset) = wanted {
                { frame(offset, window) }
            }
            { for shown.map(|(offset, kind)| mark(*offset, *kind, window, text)) }
        </g>
    }
}

/// At the upper right corner of the cell: how often it was handled, or that it never was.
fn mark(offset: i64, kind: MishapKind, window: &Window<'_>, text: Text) -> Html {
    let x = window.border(offset) + 1.0 + window.measures.cell_width;
    let y = window.measures.cell_y + 1.0;
    let (class, label) = match kind {
        MishapKind::Repeated { times } => ("mishap repeated", format!("×{times}")),
        MishapKind::Lost => ("mishap lost", "!".to_owned()),
    };
    html! {
        <g {class} key={format!("{offset}{class}")}>
            <title>{ text.mishap(kind) }</title>
            <rect x={px(x - 13.0)} y={px(y - 6.0)} width="18" height="12" rx="6" />
            <text x={px(x - 4.0)} y={px(y + 3.2)}>{ label }</text>
        </g>
    }
}

fn frame(offset: i64, window: &Window<'_>) -> Html {
    let measures = window.measures;
    html! {
        <rect class="wanted-cell" x={px(window.border(offset) - 0.5)} y={px(measures.cell_y - 2.5)} rx="7"
            width={px(measures.cell_width + 5.0)} height={px(measures.cell_height + 5.0)} />
    }
}

/// Scrolls to a lane when one of its records is looked for.
#[hook]
pub(super) fn use_in_sight(place: &NodeRef, attention: Option<i64>) {
    let place = place.clone();
    use_effect_with(attention, move |attention| {
        if let (Some(_), Some(element)) = (attention, place.cast::<Element>()) {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
}
