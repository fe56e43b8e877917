//! The tutorial's facts that do not hang on chance (`tests/vectors/tutorial`), and what our terminals show.

use std::fs;
use std::path::Path;

use kafka_console::transcript::{EntryKind, Run, Transcript};
use serde_json::Value;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file can be read")
}

fn recording(name: &str) -> Value {
    serde_json::from_str(&read(&format!("vectors/tutorial/{name}.json"))).expect("the recording is JSON")
}

fn run(text: &str) -> Run {
    let transcript = Transcript::parse(text).expect("it is a transcript");
    transcript.run(&transcript.scenario(), &mut |_, _| {}).expect("it runs")
}

/// What a terminal printed in a transcript.
fn printed(run: &Run, number: u32) -> Vec<&str> {
    let lines = run.transcript.entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Output { terminal, text } if *terminal == number => Some(text.as_str()),
        EntryKind::Output { .. }
        | EntryKind::Comment(_)
        | EntryKind::Setting(_)
        | EntryKind::Wait(_)
        | EntryKind::Command { .. }
        | EntryKind::Line { .. }
        | EntryKind::Interrupt { .. }
        | EntryKind::Suspend { .. }
        | EntryKind::EndOfInput { .. }
        | EntryKind::Close { .. } => None,
    });
    lines.collect()
}

/// Exercise 1: notices, keys, order of the partitions, the count at the end.
#[test]
fn the_first_exercise_prints_what_was_recorded() {
    let recording = recording("S1_json");
    let run = run(&read("scenarios/tutorial/exercise_1_json.txt"));
    for (recorded, ours) in [("consumer1", 2), ("consumer6", 3)] {
        let steps = recording["steps"].as_array().expect("there are steps").iter();
        let outputs = steps.filter(|step| step["terminal"] == recorded && step["kind"] == "output");
        let texts =
            outputs.filter_map(|step| step["text"].as_str()).map(|text| text.trim_start_matches("^C"));
        // The name of a terminal was used again for another topic.
        let expected: Vec<_> = texts.take(printed(&run, 2).len()).collect();
        // The one that shows offsets is typed with the new names, which print no notice.
        let skipped = usize::from(ours == 3);
        assert_eq!(printed(&run, ours), expected[skipped..], "{recorded}");
    }
}

/// `--from-beginning` prints the partitions in the order of a `HashMap`.
#[test]
fn partitions_are_printed_in_the_recorded_order() {
    for case in recording("S1b_print_order")["runs"].as_array().expect("there are runs") {
        let (topic, partitions) =
            (case["topic"].as_str().expect("a name"), case["partitions"].as_u64().expect("a number"));
        let server = "--bootstrap-server kafka:9093 --topic";
        let run = run(&format!(
            "1$ kafka-topics --create {server} {topic} --partitions {partitions}\n\
             1$ for i in {{1..200}}; do echo key-$i:x; done | kafka-console-producer {server} {topic} \
             --reader-property parse.key=true --reader-property key.separator=:\n\
             wait 3s\n\
             2$ kafka-console-consumer {server} {topic} --from-beginning --formatter-property print.partition=true \
             --formatter-property print.value=false\n\
             wait 5s\n"
        ));
        let mut ours = printed(&run, 2);
        ours.dedup();
        let order = case["hashmap_order"].as_array().expect("an order").iter();
        let expected: Vec<_> = order.map(|partition| format!("Partition:{partition}")).collect();
        assert_eq!(ours, expected, "{topic}");
    }
}
