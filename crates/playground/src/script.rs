//! A session as a plain list: the scenario, every input with its time, and how far it went.
//!
//! Written as the text form of `kafka_console::transcript`, so that it can be kept and read again. Every line is
//! written as typed into a program: whether a prompt stood there follows from the replay. Leaves out: settings of the
//! scenario that a transcript has no words for.

use kafka_console::transcript::{Entry, EntryKind, GAP, Setting, Transcript, TranscriptError};
use kafka_console::{Action, Input};
use kafka_core::history::Timed;
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    pub scenario: Scenario,
    /// In order of time.
    pub inputs: Vec<Timed<Input>>,
    /// Not before the last input.
    pub end: SimTime,
}

impl Script {
    /// # Errors
    /// Says where the text is not a transcript, and what may stand there.
    pub fn parse(text: &str) -> Result<Self, TranscriptError> {
        Ok(Self::of(&Transcript::parse(text)?))
    }

    /// The inputs of a transcript at the times at which it gives them.
    fn of(transcript: &Transcript) -> Self {
        let mut inputs = Vec::new();
        let mut clock = Reading::default();
        for entry in &transcript.entries {
            let (terminal, action) = match &entry.kind {
                EntryKind::Comment(_) | EntryKind::Setting(_) | EntryKind::Output { .. } => continue,
                EntryKind::Wait(duration) => {
                    let since = clock.waited_until.or(clock.last_input).unwrap_or_default();
                    clock.waited_until = Some(since + *duration);
                    continue;
                }
                EntryKind::Command { terminal, text } | EntryKind::Line { terminal, text } => {
                    (*terminal, Action::Command(text.clone()))
                }
                EntryKind::Interrupt { terminal } => (*terminal, Action::Interrupt),
                EntryKind::Suspend { terminal } => (*terminal, Action::Suspend),
                EntryKind::EndOfInput { terminal } => (*terminal, Action::EndOfInput),
                EntryKind::Close { terminal } => (*terminal, Action::Close),
            };
            let at = clock.reached();
            inputs.push(Timed { at, input: Input { terminal, action } });
            clock = Reading { last_input: Some(at), waited_until: None };
        }
        Self { scenario: transcript.scenario(), inputs, end: clock.reached() }
    }

    fn transcript(&self) -> Transcript {
        let Scenario { brokers, racks, seed, .. } = &self.scenario;
        let mut kinds = vec![EntryKind::Setting(Setting::Brokers(*brokers))];
        if !racks.is_empty() {
            kinds.push(EntryKind::Setting(Setting::Racks(racks.clone())));
        }
        kinds.push(EntryKind::Setting(Setting::Seed(*seed)));
        let mut last = None;
        for Timed { at, input } in &self.inputs {
            for kind in entries(input) {
                kinds.extend(wait(last, *at).map(EntryKind::Wait));
                kinds.push(kind);
                last = Some(*at);
            }
        }
        kinds.extend(wait(last, self.end).map(EntryKind::Wait));
        Transcript { entries: kinds.into_iter().map(|kind| Entry { line: 0, kind }).collect() }
    }
}

/// The text that [`Script::parse`] reads as the same script; an input of several lines becomes several at its time.
impl std::fmt::Display for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.transcript().fmt(f)
    }
}

/// Where a transcript's reader stands in time.
#[derive(Clone, Copy, Default)]
struct Reading {
    last_input: Option<SimTime>,
    waited_until: Option<SimTime>,
}

impl Reading {
    fn reached(self) -> SimTime {
        let after_input = self.last_input.map(|last| last + GAP);
        self.waited_until.or(after_input).unwrap_or_default()
    }
}

/// The wait that takes a reader from the last input to `at`, unless that is where it goes by itself.
fn wait(last: Option<SimTime>, at: SimTime) -> Option<std::time::Duration> {
    let usual = Reading { last_input: last, waited_until: None }.reached();
    (at != usual).then(|| at.since(last.unwrap_or_default()))
}

fn entries(input: &Input) -> Vec<EntryKind> {
    let terminal = input.terminal;
    match &input.action {
        Action::Command(text) => text
            .replace("\r\n", "\n")
            .split(['\n', '\r'])
            .map(|line| EntryKind::Line { terminal, text: line.to_owned() })
            .collect(),
        Action::Interrupt => vec![EntryKind::Interrupt { terminal }],
        Action::Suspend => vec![EntryKind::Suspend { terminal }],
        Action::EndOfInput => vec![EntryKind::EndOfInput { terminal }],
        Action::Close => vec![EntryKind::Close { terminal }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(micros: u64, terminal: u32, text: &str) -> Timed<Input> {
        let action = Action::Command(text.to_owned());
        Timed { at: SimTime::from_micros(micros), input: Input { terminal, action } }
    }

    #[test]
    fn what_is_written_reads_as_the_same_script() {
        let close = Input { terminal: 2, action: Action::Close };
        let script = Script {
            scenario: Scenario { racks: vec!["서울".into(), "b".into()], ..Scenario::three_brokers(7) },
            inputs: vec![
                typed(0, 1, "kafka-topics --create --topic t \\"),
                typed(50_000, 1, "  --bootstrap-server kafka:9093"),
                typed(50_001, 12, ""),
                typed(90_000_000, 1, "키:값 \\"),
                Timed { at: SimTime::from_micros(90_000_000), input: close },
            ],
            end: SimTime::from_micros(95_123_456),
        };
        assert_eq!(Script::parse(&script.to_string()), Ok(script));
    }

    #[test]
    fn lines_of_one_input_keep_its_time() {
        let scenario = Scenario::one_broker(1);
        let end = SimTime::from_millis(70);
        let script = Script { scenario, inputs: vec![typed(20_000, 1, "a\r\nb\nc")], end };
        let read = Script::parse(&script.to_string()).expect("it is a transcript");
        assert_eq!(read.inputs, ["a", "b", "c"].map(|line| typed(20_000, 1, line)));
        assert_eq!(read.end, end);
    }

    #[test]
    fn a_transcript_is_timed_as_its_player_times_it() {
        let text = "# two\n1$ date\n1$ date\n1| Tue\nwait 2s\nwait 1s\n2^C\n";
        let script = Script::parse(text).expect("it is a transcript");
        let times: Vec<_> = script.inputs.iter().map(|timed| timed.at.as_millis()).collect();
        assert_eq!((times, script.end.as_millis()), (vec![0, 50, 3050], 3100));
    }
}
