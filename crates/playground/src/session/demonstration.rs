//! Inputs that type themselves, into the same terminals and in the same language as everything else: what a first-time
//! visitor sees (a topic, a producer with keyed records, a consumer, and a second one that makes the group rebalance), or
//! a lesson's solution.

use std::collections::VecDeque;
use std::time::Duration;

use kafka_core::time::SimTime;

use super::{Action, Input};

const KEYS: [&str; 6] = ["user_001", "user_002", "user_003", "project_100", "task_200", "user_004"];

#[derive(Clone)]
pub(super) struct Demonstration(VecDeque<(SimTime, Input)>);

impl Demonstration {
    pub(super) fn new() -> Self {
        let mut script = vec![
            (
                50,
                1,
                "kafka-topics --create --bootstrap-server kafka:9093 --topic orders --partitions 3 --replication-factor 1"
                    .to_owned(),
            ),
            (2_300, 2, consumer()),
            (
                100,
                1,
                "kafka-console-producer --bootstrap-server kafka:9093 --topic orders --timeout 200 \
                 --reader-property parse.key=true --reader-property key.separator=:"
                    .to_owned(),
            ),
        ];
        for (number, key) in (0..24).zip(KEYS.into_iter().cycle()) {
            script.push((150 + 700 * number, 1, format!("{key}:order {}", number + 1)));
        }
        script.push((11_000, 3, consumer()));
        script.sort_by_key(|(millis, ..)| *millis);
        let timed = |(millis, terminal, text)| {
            (SimTime::from_millis(millis), Input { terminal, action: Action::Command(text) })
        };
        Self(script.into_iter().map(timed).collect())
    }

    /// These inputs, each so long after the one before it.
    pub(super) fn of(now: SimTime, inputs: impl IntoIterator<Item = (Duration, Input)>) -> Self {
        let mut at = now;
        let timed = inputs.into_iter().map(|(after, input)| {
            at += after;
            (at, input)
        });
        Self(timed.collect())
    }

    pub(super) const fn over() -> Self {
        Self(VecDeque::new())
    }

    pub(super) fn next_at(&self) -> Option<SimTime> {
        self.0.front().map(|(at, _)| *at)
    }

    pub(super) fn take(&mut self, now: SimTime) -> Option<Input> {
        self.next_at().filter(|at| *at <= now)?;
        self.0.pop_front().map(|(_, input)| input)
    }
}

fn consumer() -> String {
    "kafka-console-consumer --bootstrap-server kafka:9093 --topic orders --group shipping --from-beginning \
     --formatter-property print.partition=true --formatter-property print.key=true"
        .to_owned()
}
