//! Every transcript under `tests/scenarios` prints what it says. `UPDATE=1` writes down what they print now.

use std::fs;
use std::path::{Path, PathBuf};

use kafka_console::transcript::{GAP, Happening, Run, Transcript};
use kafka_console::{Action, Console, Digest, Input};
use kafka_core::history::{History, Timed};
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;
use similar::TextDiff;

fn transcripts() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder of transcripts can be read") {
            let path = entry.expect("its entries can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "there are transcripts");
    files
}

fn run(file: &Path, text: &str) -> (Run, String) {
    let name = file.display();
    let transcript = Transcript::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut digest = Digest::default();
    let mut add = |at: SimTime, happening: Happening<'_>| match happening {
        Happening::Event(event) => digest.add(at, event),
        Happening::Line { .. } => {}
    };
    let run =
        transcript.run(&transcript.scenario(), &mut add).unwrap_or_else(|error| panic!("{name}: {error}"));
    (run, digest.to_string())
}

#[test]
fn every_transcript_prints_what_it_says() {
    let update = std::env::var_os("UPDATE").is_some_and(|value| value == "1");
    let mut differing = String::new();
    for file in transcripts() {
        let text = fs::read_to_string(&file).expect("a transcript is text");
        let now = run(&file, &text).0.transcript.to_string();
        if now == text {
            continue;
        }
        if update {
            fs::write(&file, now).expect("a transcript can be written");
        } else {
            let diff = TextDiff::from_lines(text.as_str(), &now);
            let name = file.display().to_string();
            differing += &diff.unified_diff().context_radius(2).header(&name, "now").to_string();
        }
    }
    assert!(differing.is_empty(), "{differing}\nUPDATE=1 writes down what is printed now");
}

#[test]
fn a_run_is_the_same_every_time() {
    for file in transcripts() {
        let text = fs::read_to_string(&file).expect("a transcript is text");
        let (first, second) = (run(&file, &text), run(&file, &text));
        assert!(first == second, "{}: two runs differ", file.display());
    }
}

/// What a page does: inputs in a history, written down as a transcript, and run again.
#[test]
fn a_history_written_down_runs_to_the_same_state() {
    for file in transcripts().iter().filter(|file| !file.ends_with("performance.txt")) {
        let text = fs::read_to_string(file).expect("a transcript is text");
        let transcript = Transcript::parse(&text).expect("it was parsed before");
        let scenario = transcript.scenario();
        let expected = run(file, &text).0;
        let mut history = History::<Console>::new(&scenario);
        for timed in inputs(&transcript) {
            history.advance_to(timed.at);
            let Ok(_) = history.apply(timed.input);
        }
        let end = expected.console.now();
        history.advance_to(end);
        assert!(*history.present() == expected.console, "{}: the history ends elsewhere", file.display());

        let recorded = Transcript::record(&scenario, history.inputs(), end);
        let again = Transcript::parse(&recorded.to_string()).expect("what was written can be read");
        let rerun = run(file, &again.to_string()).0;
        assert_eq!(rerun.transcript.to_string(), recorded.to_string());
        assert!(rerun.console == expected.console, "{}: the record ends elsewhere", file.display());

        history.seek(SimTime::from_micros(end.as_micros() / 2));
        history.seek(end);
        assert!(*history.present() == expected.console, "{}: seeking ends elsewhere", file.display());
    }
}

fn inputs(transcript: &Transcript) -> Vec<Timed<Input>> {
    use kafka_console::transcript::EntryKind;

    let mut inputs: Vec<Timed<Input>> = Vec::new();
    let mut waited = None;
    for entry in &transcript.entries {
        let (terminal, action) = match &entry.kind {
            EntryKind::Comment(_) | EntryKind::Setting(_) | EntryKind::Output { .. } => continue,
            EntryKind::Wait(duration) => {
                waited = Some(waited.unwrap_or_default() + *duration);
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
        let at = match inputs.last() {
            Some(last) => last.at + waited.unwrap_or(GAP),
            None => SimTime::ZERO + waited.unwrap_or_default(),
        };
        waited = None;
        inputs.push(Timed { at, input: Input { terminal, action } });
    }
    inputs
}

#[test]
fn a_line_of_a_megabyte_is_taken_everywhere() {
    let mut console = Console::new(&Scenario::one_broker(1));
    let mut give = |action: Action| {
        console.apply(&Input { terminal: 1, action });
        let until = console.now() + GAP;
        console.advance_to(until);
        console.clone()
    };
    let long = "x".repeat(1 << 20);
    give(Action::Command(long.clone()));
    give(Action::Command(format!("echo {long}")));
    give(Action::Command("(".repeat(1 << 20)));
    give(Action::Command("kafka-topics --bootstrap-server kafka:9093 --create --topic t".to_owned()));
    give(Action::Command("kafka-console-producer --bootstrap-server kafka:9093 --topic t".to_owned()));
    give(Action::Command(long));
    let after = give(Action::EndOfInput);
    let terminal = after.terminal(1).expect("the terminal is open");
    let printed: Vec<&str> = terminal.lines().map(|line| &*line.text).collect();
    assert_eq!(terminal.exit_code(), Some(0), "{printed:?}");
    let refused = "org.apache.kafka.common.errors.RecordTooLargeException: The message is 1048664 bytes when \
                   serialized which is larger than 1048576, which is the value of the max.request.size configuration.";
    assert!(printed.contains(&refused), "{:?}", printed.last());
    assert!(printed.iter().all(|line| line.len() < 11_000), "a terminal cuts long lines");
}
