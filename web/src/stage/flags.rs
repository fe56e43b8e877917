//! Marks at offsets of a lane: below the cells what groups have committed, above them where consumers read.

use playground::scene::{Committed, Held, LaneId, Scene};
use yew::prelude::*;

use super::geometry::{px, text_width};
use super::measures::Window;
use crate::i18n::Text;

/// A consumer that reads a lane.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Reader {
    /// `None` for one that was killed.
    terminal: Option<u32>,
    position: i64,
}

impl Reader {
    pub(super) fn all_of(scene: &Scene, lane: &LaneId) -> Vec<Self> {
        let reads = |held: &&Held| held.lane == *lane && held.position.is_some();
        let readers = scene.consumers.iter().filter_map(|consumer| {
            let position = consumer.held.iter().find(reads)?.position?;
            Some(Self { terminal: consumer.terminal, position })
        });
        readers.collect()
    }
}

/// What stands at one offset.
struct Flag {
    x: f64,
    label: String,
}

pub(super) fn commits(committed: &[Committed], window: &Window<'_>, width: f64, text: Text) -> Html {
    let mut committed: Vec<&Committed> = committed.iter().collect();
    committed.sort_by_key(|committed| committed.offset);
    let single = committed.len() == 1;
    let flags: Vec<_> = committed
        .iter()
        .map(|one| Flag {
            x: window.border(one.offset),
            label: if single {
                text.committed(one.offset, one.lag)
            } else {
                text.committed_by(&one.group, one.offset, one.lag)
            },
        })
        .collect();
    let y = window.measures.below() + 12.0;
    flags_view("committed", &flags, y, "l5-7 5 7z", width)
}

pub(super) fn readers(readers: &[Reader], window: &Window<'_>, width: f64, text: Text) -> Html {
    let mut readers: Vec<&Reader> = readers.iter().collect();
    readers.sort_by_key(|reader| reader.position);
    let flags: Vec<_> = readers
        .iter()
        .map(|reader| Flag {
            x: window.border(reader.position),
            label: match reader.terminal {
                Some(terminal) => text.next_read(terminal, reader.position),
                None => String::new(),
            },
        })
        .collect();
    flags_view("reader", &flags, window.measures.cell_y - 12.0, "h10l-5 7z", width)
}

/// Triangles from the left to the right, and one label for all of them, in their order, where there is room.
fn flags_view(class: &'static str, flags: &[Flag], y: f64, triangle: &str, width: f64) -> Html {
    let (Some(first), Some(last)) = (flags.first(), flags.last()) else { return Html::default() };
    let labels: Vec<&str> =
        flags.iter().map(|flag| flag.label.as_str()).filter(|label| !label.is_empty()).collect();
    let label = labels.join(" │ ");
    let wide = text_width(&label, 10.5);
    let right = last.x + 9.0;
    let label_x = if right + wide < width - 8.0 { right } else { (first.x - 9.0 - wide).max(8.0) };
    let baseline = if triangle.starts_with('h') { y + 7.0 } else { y + 1.0 };
    html! {
        <g {class}>
            { for flags.iter().map(|flag| html! { <path d={format!("M{:.1} {y:.1}{triangle}", flag.x - 5.0)} /> }) }
            <text x={px(label_x)} y={px(baseline)}>{ label }</text>
        </g>
    }
}
