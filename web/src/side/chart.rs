//! Lag over the last minute, one stepped line per partition.

use std::rc::Rc;

use kafka_core::time::SimTime;
use playground::scene::{LagLine, Mark, MarkKind};
use yew::prelude::*;

use crate::i18n::use_text;

#[derive(Properties, PartialEq)]
pub(super) struct ChartProps {
    pub(super) lag: Rc<[LagLine]>,
    pub(super) group: Rc<str>,
    pub(super) now: SimTime,
    pub(super) marks: Rc<[Mark]>,
}

const LONGEST: u64 = 60_000_000;
const SHORTEST: u64 = 10_000_000;
const WIDTH: f64 = 264.0;
const HEIGHT: f64 = 76.0;

#[component]
pub(super) fn Chart(ChartProps { lag, group, now, marks }: &ChartProps) -> Html {
    let text = use_text();
    let frame = Frame::of(lag, group, *now);
    let lines = lag.iter().filter(|line| line.group == *group).map(|line| {
        let class = partition_class(line.lane.partition);
        html! { <path class={classes!("line", class)} d={frame.path(line)} /> }
    });
    let rebalances = marks.iter().filter(|mark| {
        matches!(&mark.kind, MarkKind::Rebalance { group: of, .. } if of == group) && mark.at >= frame.from
    });
    html! {
        <svg class="chart" viewBox={format!("0 -6 {WIDTH} {}", HEIGHT + 8.0)} role="img"
            aria-label={text.lag_chart(group, frame.most)}>
            <path class="grid" d={format!("M0 {HEIGHT}h{WIDTH}M0 {}h{WIDTH}M0 0h{WIDTH}", HEIGHT / 2.0)} />
            { for rebalances.map(|mark| html! {
                <rect class="rebalance" x={format!("{:.1}", frame.x(mark.at) - 1.5)} y="0" width="3" height={HEIGHT.to_string()} />
            }) }
            { for lines }
            <text x="0" y="9">{ frame.most }</text>
        </svg>
    }
}

/// Lines of partitions beyond the palette share its last colour.
pub(super) fn partition_class(partition: u32) -> String {
    format!("line-{}", partition.min(6))
}

struct Frame {
    from: SimTime,
    now: SimTime,
    /// Microseconds from edge to edge.
    span: u64,
    most: i64,
}

impl Frame {
    fn of(lag: &[LagLine], group: &str, now: SimTime) -> Self {
        let span = now.as_micros().clamp(SHORTEST, LONGEST);
        let from = SimTime::from_micros(now.as_micros().saturating_sub(span));
        let lines = lag.iter().filter(|line| *line.group == *group);
        let most = lines.filter_map(|line| shown(line, from, now).map(|(_, lag)| lag).max()).max();
        Self { from, now, span, most: most.unwrap_or(0).max(4) }
    }

    fn x(&self, at: SimTime) -> f64 {
        at.since(self.from).as_micros() as f64 / self.span as f64 * WIDTH
    }

    fn path(&self, line: &LagLine) -> String {
        let mut path = String::new();
        for (at, lag) in shown(line, self.from, self.now) {
            let y = HEIGHT * (1.0 - lag as f64 / self.most as f64);
            if path.is_empty() {
                path = format!("M{:.1} {y:.1}", self.x(at));
            } else {
                path.push_str(&format!("H{:.1}V{y:.1}", self.x(at)));
            }
        }
        if !path.is_empty() {
            path.push_str(&format!("H{:.1}", self.x(self.now)));
        }
        path
    }
}

/// The points of the time shown, with the value that it began with.
fn shown(line: &LagLine, from: SimTime, now: SimTime) -> impl Iterator<Item = (SimTime, i64)> {
    let first = line.points.partition_point(|(at, _)| *at <= from).saturating_sub(1);
    line.points[first..]
        .iter()
        .take_while(move |(at, _)| *at <= now)
        .map(move |(at, lag)| ((*at).max(from), *lag))
}
