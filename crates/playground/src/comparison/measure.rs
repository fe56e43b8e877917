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
    /// No further apart than chance, such as the network's, brings them.
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
                    verdict: measure.judge(if amount.is_near(first) {
                        Ordering::Equal
                    } else {
                        amount.cmp(&first)
                    }),
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

/// Times that are no further apart than this, or than a hundredth, tell nothing.
const CHANCE: Duration = Duration::from_millis(5);

impl Amount {
    fn is_near(self, other: Self) -> bool {
        match (self, other) {
            (Self::Time(own), Self::Time(other)) => own.abs_diff(other) <= CHANCE.max(own.max(other) / 100),
            (Self::Count(own), Self::Count(other)) => own == other,
            (Self::Time(_), Self::Count(_)) | (Self::Count(_), Self::Time(_)) => false,
        }
    }

    fn difference(self, first: Self) -> Option<(Ordering, Self)> {
        let distance = match (self, first) {
            (Self::Time(own), Self::Time(first)) => Self::Time(own.abs_diff(first)),
            (Self::Count(own), Self::Count(first)) => Self::Count(own.abs_diff(first)),
            (Self::Time(_), Self::Count(_)) | (Self::Count(_), Self::Time(_)) => return None,
        };
        (self != first).then(|| (self.cmp(&first), distance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(measure: Measure, amounts: [Amount; 3]) -> Vec<Verdict> {
        let row = Row::new(measure, &amounts.map(Some));
        row.cells.into_iter().flatten().map(|cell| cell.verdict).collect()
    }

    #[test]
    fn less_is_better_of_some_and_more_of_others() {
        let counts = [5, 2, 9].map(Amount::Count);
        let judged = |measure| verdicts(measure, counts)[1..].to_vec();
        assert_eq!(judged(Measure::PartitionsMoved), [Verdict::Better, Verdict::Worse]);
        assert_eq!(judged(Measure::Processed), [Verdict::Worse, Verdict::Better]);
        assert_eq!(judged(Measure::Rebalances), [Verdict::Different, Verdict::Different]);
    }

    #[test]
    fn chance_is_no_difference() {
        let times = [40_000, 40_399, 39_601].map(|millis| Amount::Time(Duration::from_millis(millis)));
        assert_eq!(verdicts(Measure::Unread, times)[1..], [Verdict::Same, Verdict::Same]);
        let times = [14, 10, 8].map(|millis| Amount::Time(Duration::from_millis(millis)));
        assert_eq!(verdicts(Measure::StoodStill, times)[1..], [Verdict::Same, Verdict::Better]);
    }
}
