//! The coordinators below a wide stage: as high as the room allows, so that all of them are in sight.

use super::Cast;
use crate::stage::geometry::Rect;

const GAP: f64 = 6.0;
/// Before and after the coordinators.
const MARGINS: f64 = 15.0;
/// All states by their names.
const HIGH: f64 = 96.0;
/// The state beside the name.
const LOW: f64 = 60.0;
/// All in one line.
const SLIM: f64 = 32.0;
const LEAST_SLIM_WIDTH: f64 = 310.0;

/// How coordinators are arranged.
pub(super) struct Arrangement {
    height: f64,
    across: u32,
    rows: u32,
}

impl Arrangement {
    /// For a stage this wide, and this high when nothing has to scroll.
    pub(super) fn of(cast: &Cast<'_>, width: f64, height: f64) -> Self {
        // Room for a first coordinator is kept, so that lanes stand still when it comes.
        let count = cast.groups.len().max(1) as u32;
        let stacked = |height| Self { height, across: 1, rows: count };
        if count == 1 {
            return stacked(HIGH);
        }
        let fitting = [HIGH, LOW, SLIM].map(stacked).into_iter().find(|one| one.total() <= height);
        let pairs = (width - GAP) / 2.0 >= LEAST_SLIM_WIDTH;
        fitting.unwrap_or(if pairs {
            Self { height: SLIM, across: 2, rows: count.div_ceil(2) }
        } else {
            stacked(SLIM)
        })
    }

    pub(super) fn total(&self) -> f64 {
        f64::from(self.rows) * (self.height + GAP) - GAP + MARGINS
    }

    /// The place of one of them below `top`.
    pub(super) fn place(&self, index: usize, left: f64, top: f64, width: f64) -> Rect {
        let (row, column) = (index as u32 / self.across, index as u32 % self.across);
        let wide = (width - GAP * f64::from(self.across - 1)) / f64::from(self.across);
        let x = left + f64::from(column) * (wide + GAP);
        Rect::new(x, top + GAP + f64::from(row) * (self.height + GAP), wide, self.height)
    }
}
