//! How a lane of a certain size is divided, and which of its cells it shows.

use playground::scene::{Cell, Lane};

use super::geometry::Rect;

/// Measures of a lane of a certain height.
pub(super) struct Measures {
    pub(super) gutter: f64,
    pub(super) cell_height: f64,
    pub(super) cell_width: f64,
    pub(super) cell_y: f64,
    pub(super) size: Size,
    pub(super) copies: Copies,
    pitch: f64,
    /// At the right of the cells.
    numbers: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// A row of cells, with all numbers behind it.
    Tiny,
    /// A row of cells, and what is committed below it.
    Compact,
    Medium,
    Large,
}

/// How the copies of the followers are drawn.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Copies {
    /// There are none, or no room for more than a dot each.
    Dots,
    /// A line each, close below the cells.
    Lines { top: f64 },
    /// A row of faded cells each, below what is committed.
    Rows { top: f64 },
}

/// From one copy to the next.
pub(super) const LINE_PITCH: f64 = 3.0;
pub(super) const ROW_PITCH: f64 = 12.0;
/// More copies have no room.
pub(super) const MOST_COPIES: usize = 4;

/// Flags of readers above the cells, those of commits below them, and the edge.
const ABOVE: f64 = 22.0;
const BELOW: f64 = 18.0;
const EDGE: f64 = 6.0;

impl Size {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::Tiny => "tiny",
            Self::Compact | Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    pub(super) const fn is_low(self) -> bool {
        match self {
            Self::Tiny | Self::Compact => true,
            Self::Medium | Self::Large => false,
        }
    }
}

impl Measures {
    pub(super) fn of(lane: &Lane, rect: &Rect) -> Self {
        let followers = lane.replicas.len().saturating_sub(1).min(MOST_COPIES) as f64;
        let gutter = if rect.width < 400.0 { 58.0 } else { 88.0 };
        let height = rect.height;
        let room = height - ABOVE - BELOW - EDGE - followers * ROW_PITCH;
        let mut copies = Copies::Dots;
        let (size, cell_width, cell_height, cell_y) = if followers > 0.0 && room >= 20.0 {
            let cell = room.min(40.0);
            let cell_y = ABOVE + (room - cell) / 2.0;
            copies = Copies::Rows { top: cell_y + cell + BELOW };
            (if cell < 28.0 { Size::Medium } else { Size::Large }, cell.max(26.0) + 2.0, cell, cell_y)
        } else if followers > 0.0 && height >= 56.0 {
            let lines = followers * LINE_PITCH + 2.0;
            let cell = (height - 13.0 - lines - 14.0).clamp(20.0, 30.0);
            let cell_y = 13.0 + (height - 27.0 - lines - cell) / 2.0;
            copies = Copies::Lines { top: cell_y + cell + 4.0 };
            (Size::Medium, 28.0, cell, cell_y)
        } else if height >= 84.0 {
            let cell = (height * 0.34).clamp(28.0, 44.0);
            (Size::Large, cell + 2.0, cell, (height - cell) / 2.0)
        } else if height >= 56.0 {
            (Size::Medium, 28.0, 24.0, height / 2.0 - 15.0)
        } else if height >= 38.0 {
            (Size::Compact, 25.0, 19.0, 5.0)
        } else {
            (Size::Tiny, 22.0, height - 8.0, 4.0)
        };
        let numbers = match (size, copies) {
            (Size::Tiny, _) => 176.0,
            (_, Copies::Rows { .. }) => 78.0,
            (_, Copies::Dots | Copies::Lines { .. }) => 52.0,
        };
        Self { gutter, cell_width, cell_height, cell_y, size, copies, pitch: cell_width + 4.0, numbers }
    }

    /// Where the room for flags begins, below the cells.
    pub(super) fn below(&self) -> f64 {
        let lines = match self.copies {
            Copies::Lines { .. } => 5.0,
            Copies::Dots | Copies::Rows { .. } => 0.0,
        };
        self.cell_y + self.cell_height + lines
    }

    /// The middle of a follower's row, by its number among the followers.
    pub(super) fn row_middle(&self, follower: usize) -> Option<f64> {
        match self.copies {
            Copies::Rows { top } if follower < MOST_COPIES => Some(top + follower as f64 * ROW_PITCH + 4.0),
            Copies::Rows { .. } | Copies::Dots | Copies::Lines { .. } => None,
        }
    }

    fn capacity(&self, width: f64) -> usize {
        (((width - self.gutter - self.numbers) / self.pitch) as usize).max(1)
    }
}

/// The cells that fit, and where offsets stand among them.
pub(super) struct Window<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) first: i64,
    pub(super) measures: &'a Measures,
    capacity: usize,
}

impl<'a> Window<'a> {
    /// The newest cells, or those around the one that somebody wants to see.
    pub(super) fn of(lane: &'a Lane, measures: &'a Measures, width: f64, attention: Option<i64>) -> Self {
        let capacity = measures.capacity(width);
        let newest = lane.cells.len().saturating_sub(capacity);
        let wanted = attention.and_then(|offset| lane.cells.iter().position(|cell| cell.offset == offset));
        // A record that is gone was after the last one: its place is shown, too.
        let beyond =
            attention.map_or(0, |offset| (offset - lane.log_end_offset + 1).clamp(0, capacity as i64 - 1));
        let missing = beyond as usize - (capacity - (lane.cells.len() - newest)).min(beyond as usize);
        let begin = match wanted {
            Some(wanted) => wanted.saturating_sub(1).min(newest),
            None => (newest + missing).min(lane.cells.len().saturating_sub(1)),
        };
        let cells = &lane.cells[begin..(begin + capacity).min(lane.cells.len())];
        let first = cells.first().map_or(lane.log_end_offset, |cell| cell.offset);
        Self { cells, first, measures, capacity }
    }

    /// Whether there is a place for an offset, with a cell or after the last one.
    pub(super) fn has_place(&self, offset: i64) -> bool {
        (self.first..self.first + self.capacity as i64).contains(&offset)
    }

    /// Whether the cell of an offset is among them.
    pub(super) fn shows(&self, offset: i64) -> bool {
        self.cells.iter().any(|cell| cell.offset == offset)
    }

    /// Between the cell before an offset and its own; what is before the window stands at its edge.
    pub(super) fn border(&self, offset: i64) -> f64 {
        let index = offset - self.first;
        let shift = if index < 0 { -0.3 } else { (index as f64).min(self.capacity as f64) };
        self.measures.gutter + shift * self.measures.pitch - 2.0
    }
}
