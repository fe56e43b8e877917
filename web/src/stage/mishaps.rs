//! Cells of records that were handled twice or never, written twice, or lost, and of the one that somebody looks for.

use playground::scene::{Fate, LaneId, MishapKind, Scene, TracedRecord};
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use super::geometry::px;
use super::measures::Window;
use crate::i18n::Text;

/// What happened to the record at an offset, or to the one that was there.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Mishap {
    offset: i64,
    kind: Kind,
}

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    /// By a group, whichever it was.
    Handling(MishapKind),
    /// Its producer wrote it before.
    Copy { first: i64 },
    /// It was acknowledged here, and is gone.
    Gone { value: std::rc::Rc<str> },
}

/// What went wrong in a partition.
pub(super) fn mishaps_of(scene: &Scene, lane: &LaneId) -> Vec<Mishap> {
    let handled = scene.deliveries.iter().flat_map(|group| group.mishaps.iter());
    let handled = handled
        .filter(|mishap| mishap.lane == *lane)
        .map(|mishap| Mishap { offset: mishap.offset, kind: Kind::Handling(mishap.kind) });
    let sent = scene.sendings.iter().flat_map(|sendings| sendings.records.iter());
    handled.chain(sent.filter(|record| record.lane == *lane).flat_map(written)).collect()
}

fn written(record: &TracedRecord) -> Vec<Mishap> {
    match &record.fate {
        Fate::Duplicated { offsets } => {
            let first = offsets[0];
            let copies = offsets.iter().skip(1);
            copies.map(|offset| Mishap { offset: *offset, kind: Kind::Copy { first } }).collect()
        }
        Fate::Lost => {
            let gone = |offset| Mishap { offset, kind: Kind::Gone { value: record.value.clone() } };
            record.offset.map(gone).into_iter().collect()
        }
        Fate::FailedAndWritten { .. } | Fate::Failed { .. } | Fate::Retried => Vec::new(),
    }
}

pub(super) fn marks(mishaps: &[Mishap], attention: Option<i64>, window: &Window<'_>, text: Text) -> Html {
    let shown = mishaps.iter().filter(|mishap| window.has_place(mishap.offset));
    let wanted = attention.filter(|offset| window.has_place(*offset));
    html! {
        <g class="mishaps">
            { for shown.map(|mishap| mark(mishap, window, text)) }
            if let Some(offset) = wanted {
                { frame(offset, window) }
            }
        </g>
    }
}

/// At the upper right corner of the cell; a record that is gone leaves an empty one where nothing took its place.
fn mark(Mishap { offset, kind }: &Mishap, window: &Window<'_>, text: Text) -> Html {
    let x = window.border(*offset) + 1.0 + window.measures.cell_width;
    let y = window.measures.cell_y + 1.0;
    let (class, label, title) = match kind {
        Kind::Handling(kind @ MishapKind::Repeated { times }) => {
            ("mishap repeated", format!("×{times}"), text.mishap(*kind))
        }
        Kind::Handling(kind @ MishapKind::Lost) => ("mishap lost", "!".to_owned(), text.mishap(*kind)),
        Kind::Copy { first } => ("mishap copy", "=".to_owned(), text.copy_of(*first)),
        Kind::Gone { value } => ("mishap lost", "!".to_owned(), text.gone_record(value)),
    };
    let ghost = matches!(kind, Kind::Gone { .. }) && !window.shows(*offset);
    html! {
        <g {class} key={format!("{offset}{class}{title}")}>
            <title>{ title }</title>
            if ghost { { ghost_cell(*offset, window) } }
            <rect x={px(x - 13.0)} y={px(y - 6.0)} width="18" height="12" rx="6" />
            <text x={px(x - 4.0)} y={px(y + 3.2)}>{ label }</text>
        </g>
    }
}

fn ghost_cell(offset: i64, window: &Window<'_>) -> Html {
    let measures = window.measures;
    let (x, middle) = (window.border(offset) + 2.0, measures.cell_y + measures.cell_height / 2.0);
    html! {
        <>
            <rect class="ghost" x={px(x)} y={px(measures.cell_y)} rx="5" width={px(measures.cell_width)}
                height={px(measures.cell_height)} />
            <text class="ghost" x={px(x + measures.cell_width / 2.0)} y={px(middle + 3.8)}>{ offset }</text>
        </>
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
