//! What the page shows of a comparison, as plain data.

use std::rc::Rc;
use std::time::Duration;

use kafka_core::group::GroupState;
use kafka_core::protocol::{ClientId, GroupId};
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use super::ledger::{Consumer, Ending, Ledger, Stretch};
use super::{Amount, Comparison, Measure, Row, Variant};

#[derive(Clone, PartialEq, Debug)]
pub struct ComparisonView {
    pub clock: SimTime,
    /// How far the columns have come; the clock can stand anywhere up to here at once.
    pub reached: SimTime,
    pub end: SimTime,
    pub playing: bool,
    /// Virtual per real time, in per mille.
    pub speed: u32,
    pub columns: Rc<[ColumnView]>,
    pub rows: Rc<[Row]>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct ColumnView {
    pub variant: Variant,
    /// The commands that started consumers, as this column ran them.
    pub commands: Vec<Typed>,
    pub groups: Vec<(GroupId, GroupState)>,
    pub strips: Vec<Strip>,
    pub consumers: Vec<ConsumerView>,
}

/// A command line and where it was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed {
    pub terminal: u32,
    pub text: Rc<str>,
    /// What the program said instead of starting.
    pub refused: Option<Rc<str>>,
}

/// Who held a partition, from the first owner to the clock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Strip {
    pub group: GroupId,
    pub topic: Rc<str>,
    pub partition: u32,
    pub segments: Vec<Segment>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    pub from: SimTime,
    pub to: SimTime,
    /// The number of the consumer in its column; `None` while nobody reads.
    pub owner: Option<u32>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsumerView {
    /// Counts consumers in groups in order of their start, from 0: the same process in every column.
    pub number: u32,
    /// Its terminal, and which of the consumers started there it is.
    pub name: Rc<str>,
    pub state: ConsumerState,
    pub held: Vec<u32>,
    pub stood_still: Duration,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConsumerState {
    /// Has not been told what to read yet, or holds nothing.
    Waiting,
    Reading,
    /// Has let go of what it held.
    StandingStill,
    Ended(Ending),
}

pub(super) fn of(comparison: &mut Comparison) -> ComparisonView {
    let now = comparison.clock;
    let mut columns = Vec::new();
    let mut counts = Vec::new();
    for column in &mut comparison.columns {
        let commands = column.typed_until(now);
        let (variant, names) = (column.variant, column.names.clone());
        let ledger = column.ledger_at(now);
        let name = |client: &ClientId| names.get(client).cloned().unwrap_or_default();
        let numbered = (0..).zip(&ledger.consumers);
        let consumers: Vec<_> = numbered
            .map(|(number, (client, consumer))| ConsumerView {
                number,
                name: name(client),
                state: state(consumer, ledger.rebalances.stopped_since(*client).is_some()),
                held: consumer.held.iter().map(|partition| partition.partition).collect(),
                stood_still: ledger.rebalances.stood_still(*client, now),
            })
            .collect();
        counts.push((!consumers.is_empty()).then(|| Counts::of(ledger, &consumers, now)));
        columns.push(ColumnView {
            variant,
            commands,
            groups: ledger.groups.iter().map(|(group, state)| (group.clone(), *state)).collect(),
            strips: strips(ledger, now),
            consumers,
        });
    }
    ComparisonView {
        clock: now,
        reached: comparison.reached,
        end: comparison.end,
        playing: comparison.playing,
        speed: comparison.speed,
        columns: columns.into(),
        rows: rows(&counts).into(),
    }
}

fn state(consumer: &Consumer, stopped: bool) -> ConsumerState {
    match consumer.ending {
        Some(ending) => ConsumerState::Ended(ending),
        None if stopped => ConsumerState::StandingStill,
        None if consumer.held.is_empty() => ConsumerState::Waiting,
        None => ConsumerState::Reading,
    }
}

fn strips(ledger: &Ledger, now: SimTime) -> Vec<Strip> {
    let number = |owner: ClientId| (0..).zip(ledger.consumers.keys()).find(|(_, client)| **client == owner);
    let strip = |((group, partition), stretches): (&(GroupId, TopicPartition), &Vec<Stretch>)| {
        let lasting = stretches.iter().filter(|stretch| !stretch.length(now).is_zero());
        let segments = lasting.map(|stretch| Segment {
            from: stretch.from,
            to: stretch.to.unwrap_or(now),
            owner: stretch.owner.and_then(number).map(|(number, _)| number),
        });
        Strip {
            group: group.clone(),
            topic: partition.topic.clone(),
            partition: partition.partition,
            segments: segments.collect(),
        }
    };
    ledger.partitions.iter().map(strip).collect()
}

/// A column's values for the table.
struct Counts {
    stood_still: Vec<(Rc<str>, Duration)>,
    unread: Duration,
    moved: u64,
    rebalances: u64,
    processed: u64,
    twice: u64,
    passed_over: u64,
    commits: u64,
}

impl Counts {
    fn of(ledger: &Ledger, consumers: &[ConsumerView], now: SimTime) -> Self {
        let total = ledger.deliveries.total();
        let rebalances = ledger.rebalances.grand_totals();
        let passed_over = ledger.groups.keys().map(|group| ledger.deliveries.passed_over(group).len() as u64);
        Self {
            stood_still: consumers
                .iter()
                .map(|consumer| (consumer.name.clone(), consumer.stood_still))
                .collect(),
            unread: ledger.unread(now),
            moved: rebalances.moved,
            rebalances: rebalances.rebalances,
            processed: total.processed - total.duplicates,
            twice: total.duplicates,
            passed_over: passed_over.sum(),
            commits: ledger.commits,
        }
    }
}

/// A column in which no consumer has started has nothing to compare.
fn rows(columns: &[Option<Counts>]) -> Vec<Row> {
    let row = |measure, amount: &dyn Fn(&Counts) -> Option<Amount>| {
        let amounts: Vec<_> = columns.iter().map(|counts| counts.as_ref().and_then(amount)).collect();
        Row::new(measure, &amounts)
    };
    let time = |time| Some(Amount::Time(time));
    let count = |count| Some(Amount::Count(count));
    let together = |counts: &Counts| time(counts.stood_still.iter().map(|(_, still)| *still).sum());
    let mut rows = vec![row(Measure::StoodStill, &together)];
    let most = columns.iter().flatten().max_by_key(|counts| counts.stood_still.len());
    for (index, (name, _)) in most.into_iter().flat_map(|counts| counts.stood_still.iter().enumerate()) {
        rows.push(row(Measure::ConsumerStoodStill(name.clone()), &|counts| {
            counts.stood_still.get(index).map(|(_, still)| Amount::Time(*still))
        }));
    }
    rows.extend([
        row(Measure::Unread, &|counts| time(counts.unread)),
        row(Measure::PartitionsMoved, &|counts| count(counts.moved)),
        row(Measure::Rebalances, &|counts| count(counts.rebalances)),
        row(Measure::Processed, &|counts| count(counts.processed)),
        row(Measure::ProcessedTwice, &|counts| count(counts.twice)),
        row(Measure::PassedOver, &|counts| count(counts.passed_over)),
        row(Measure::Commits, &|counts| count(counts.commits)),
    ]);
    rows
}
