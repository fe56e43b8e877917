//! What the table compares, and which of two values is better.

use std::cmp::Ordering;
use std::rc::Rc;
use std::time::Duration;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Measure {
    /// How long consumers stood still, all together.
    StoodStill,
    /// The same of one consumer.
    ConsumerStoodStill(Rc<str>),
    /// How long partitions were unread, all together.
    Unread,
    PartitionsMoved,
    Rebalances,
    Processed,
    ProcessedTwice,
    /// Committed and never processed.
    PassedOver,
    Commits,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Amount {
    Time(Duration),
    Count(u64),
}

/// A value beside the first column's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// This is the first column.
    First,
    Same,
    Better,
    Worse,
    /// Other, and neither better nor worse.
    Different,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub measure: Measure,
    /// One for each column; `None` where the run has no such consumer.
    pub cells: Vec<Option<Cell>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    pub amount: Amount,
    pub verdict: Verdict,
    /// How far it is from the first column, and in which direction.
    pub difference: Option<(Ordering, Amount)>,
}

impl Row {
    pub(super) fn new(measure: Measure, amounts: &[Option<Amount>]) -> Self {
        let first = amounts.first().copied().flatten();
        let cell = |(index, amount): (usize, &Option<Amount>)| {
            amount.map(|amount| match first {
                Some(first) if index > 0 => Cell {
                    amount,
                    verdict: measure.judge(amount.cmp(&first)),
                    difference: amount.difference(first),
                },
                Some(_) | None => Cell { amount, verdict: Verdict::First, difference: None },
            })
        };
        let cells = amounts.iter().enumerate().map(cell).collect();
        Self { measure, cells }
    }
}

impl Measure {
    /// What it means that a value compares so with the first column's.
    const fn judge(&self, ordering: Ordering) -> Verdict {
        if matches!(ordering, Ordering::Equal) {
            return Verdict::Same;
        }
        let less = matches!(ordering, Ordering::Less);
        match self {
            Self::StoodStill
            | Self::ConsumerStoodStill(_)
            | Self::Unread
            | Self::PartitionsMoved
            | Self::ProcessedTwice
            | Self::PassedOver => {
                if less {
                    Verdict::Better
                } else {
                    Verdict::Worse
                }
            }
            Self::Processed => {
                if less {
                    Verdict::Worse
                } else {
                    Verdict::Better
                }
            }
            // More rebalances may cost less, as cooperative ones do, and more commits may be the point.
            Self::Rebalances | Self::Commits => Verdict::Different,
        }
    }
}

impl Amount {
    fn difference(self, first: Self) -> Option<(Ordering, Self)> {
        let distance = match (self, first) {
            (Self::Time(own), Self::Time(first)) => Self::Time(own.abs_diff(first)),
            (Self::Count(own), Self::Count(first)) => Self::Count(own.abs_diff(first)),
            (Self::Time(_), Self::Count(_)) | (Self::Count(_), Self::Time(_)) => return None,
        };
        (self != first).then(|| (self.cmp(&first), distance))
    }
}
