//! Scripts to compare variants with, beside the learner's own session.

use kafka_console::{Action, Input};
use kafka_core::history::Timed;
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

use crate::script::Script;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Story {
    /// Two consumers share six partitions; a third one joins.
    ThirdJoins,
    /// A third one joins while one of two works for seconds on what each `poll()` returns.
    OneIsSlow,
    /// One of three consumers is killed, without a goodbye.
    OneIsKilled,
    /// Three consumers are stopped and started again, one after the other.
    RollingRestart,
    /// An application that takes its time for each record is killed in the middle of it.
    KilledAtWork,
}

const SEED: u64 = 6;
const PRODUCER: u32 = 1;
const PARTITIONS: u32 = 6;

impl Story {
    pub const ALL: [Self; 5] =
        [Self::ThirdJoins, Self::OneIsSlow, Self::OneIsKilled, Self::RollingRestart, Self::KilledAtWork];

    /// A short name for addresses and menus' values.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ThirdJoins => "third-joins",
            Self::OneIsSlow => "one-is-slow",
            Self::OneIsKilled => "one-is-killed",
            Self::RollingRestart => "rolling-restart",
            Self::KilledAtWork => "killed-at-work",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|story| story.name() == name)
    }

    pub fn script(self) -> Script {
        let mut plot = Plot::default();
        plot.types(50, PRODUCER, &create_topic());
        plot.types(100, PRODUCER, PRODUCE);
        match self {
            Self::ThirdJoins => {
                plot.start_consumers(&[2, 3]);
                plot.types(12_000, 4, CONSUME);
                plot.produce_until(25_000)
            }
            Self::OneIsSlow => {
                plot.types(200, 2, &application("2500ms", "max.poll.records=1"));
                plot.types(260, 3, &application("0ms", "max.poll.records=1"));
                plot.types(12_000, 4, &application("0ms", "max.poll.records=1"));
                plot.produce_until(30_000)
            }
            Self::OneIsKilled => {
                plot.start_consumers(&[2, 3, 4]);
                plot.does(11_000, 3, Action::Close);
                plot.produce_until(70_000)
            }
            Self::RollingRestart => {
                plot.start_consumers(&[2, 3, 4]);
                for (turn, terminal) in (0..).zip([2, 3, 4]) {
                    let at = 15_000 + 12_000 * turn;
                    plot.does(at, terminal, Action::Interrupt);
                    plot.types(at + 4000, terminal, CONSUME);
                }
                plot.produce_until(55_000)
            }
            Self::KilledAtWork => {
                for (number, terminal) in (0..).zip([2, 3]) {
                    plot.types(
                        200 + 60 * number,
                        terminal,
                        &application("400ms", "session.timeout.ms=10000"),
                    );
                }
                plot.produce(8000, BURST, 5);
                plot.does(13_000, 3, Action::Close);
                plot.ending_at(50_000)
            }
        }
    }
}

const PRODUCE: &str = "kafka-console-producer --bootstrap-server kafka:9093 --topic orders --timeout 100 \
                       --reader-property parse.key=true --reader-property key.separator=:";
const CONSUME: &str =
    "kafka-console-consumer --bootstrap-server kafka:9093 --topic orders --group shipping --from-beginning";

/// Milliseconds between two records; between two keys the partition changes.
const RECORD_INTERVAL: u64 = 250;
const KEYS: u64 = 24;

/// Records that come at once: seconds of work for an application that takes its time.
const BURST: u64 = 60;

fn create_topic() -> String {
    format!("kafka-topics --create --bootstrap-server kafka:9093 --topic orders --partitions {PARTITIONS}")
}

fn application(process: &str, property: &str) -> String {
    format!(
        "consumer-app --bootstrap-server kafka:9093 --topic orders --group shipping --process {process} --command-property {property} \
         --command-property auto.offset.reset=earliest"
    )
}

#[derive(Default)]
struct Plot(Vec<Timed<Input>>);

impl Plot {
    fn does(&mut self, millis: u64, terminal: u32, action: Action) {
        self.0.push(Timed { at: SimTime::from_millis(millis), input: Input { terminal, action } });
    }

    fn types(&mut self, millis: u64, terminal: u32, text: &str) {
        self.does(millis, terminal, Action::Command(text.to_owned()));
    }

    fn start_consumers(&mut self, terminals: &[u32]) {
        for (number, terminal) in (0..).zip(terminals) {
            self.types(200 + 60 * number, *terminal, CONSUME);
        }
    }

    /// A record every now and then up to the end.
    fn produce_until(mut self, end: u64) -> Script {
        self.produce(1000, (end - 1000) / RECORD_INTERVAL, RECORD_INTERVAL);
        self.ending_at(end)
    }

    /// So many records, one every `interval` milliseconds.
    fn produce(&mut self, from: u64, records: u64, interval: u64) {
        for number in 0..records {
            let line = format!("user_{:03}:order {}", number % KEYS + 1, number + 1);
            self.types(from + number * interval, PRODUCER, &line);
        }
    }

    fn ending_at(mut self, end: u64) -> Script {
        self.0.sort_by_key(|timed| timed.at);
        Script { scenario: Scenario::one_broker(SEED), inputs: self.0, end: SimTime::from_millis(end) }
    }
}
