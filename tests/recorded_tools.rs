//! What the tools of Kafka 4.2 printed (`tests/vectors/cli.json`), and what ours print in the same situation.
//!
//! Left out: cases that need something that is not simulated (changed topics, reset offsets, dead brokers), and the
//! frames of stack traces, which ours do not print.

use std::fs;
use std::path::Path;
use std::time::Duration;

use kafka_console::terminal::Source;
use kafka_console::transcript::Transcript;
use kafka_console::{Action, Console, Input};
use regex_lite::Regex;
use serde_json::Value;

/// A transcript that leads to the state that was recorded, and the cases that were recorded in it, in order.
struct Situation {
    setup: &'static str,
    cases: &'static [&'static str],
}

const SITUATIONS: [Situation; 5] = [
    Situation {
        setup: include_str!("recorded_tools/three_brokers.txt"),
        cases: &[
            "topics-create-defaults",
            "topics-create-collide",
            "topics-create-ifnotexists",
            "topics-create-badname",
            "topics-create-dot",
            "topics-create-p0",
            "topics-create-rf0",
            "topics-create-rf4",
            "topics-create-pabc",
            "topics-create-badcfgval",
            "topics-create-badcfgfmt",
            "topics-create-badcfgrange",
            "topics-create-segsmall",
            "topics-create-cfg",
            "topics-describe-compacted",
            "topics-describe-missing",
            "topics-describe-under",
            "topics-describe-regex",
            "topics-describe-overrides",
            "topics-alter-nopart",
            "topics-alter-missing",
            "topics-alter-up",
            "topics-noaction",
            "topics-nobootstrap",
            "topics-badopt",
            "topics-version",
            "px-abbrev",
            "px-noarg-value",
            "px-cfgfile",
            "px-create-comma",
        ],
    },
    Situation {
        setup: include_str!("recorded_tools/one_broker.txt"),
        cases: &[
            "px-comma-desc",
            "px-down-topics2",
            "qs-rf2",
            "cp-plain",
            "cp-nosep",
            "cp-nosep-tab",
            "cp-ignore",
            "cp-null",
            "cp-both",
            "cp-acks0c",
            "cp-badacks",
            "cp-brokerlist",
            "cp-nobs",
            "cp-badbs",
            "cp-toolarge",
            "cp-badcodec",
            "cp-missingtopic",
        ],
    },
    Situation {
        setup: include_str!("recorded_tools/seventeen_records.txt"),
        cases: &[
            "cc-full",
            "cc-key-only",
            "cc-part-off",
            "cc-part-earliest",
            "cc-part-badoff",
            "cc-part-group",
            "cc-nobs",
            "cc-conflict",
            "cc-property-both",
            "cc-consumer-property",
            "cc-missing",
            "cc-whitelist",
            "cc-include",
            "cc-intdeser",
            "px-cc-file-both",
            "px-cg-consumer-proto-conflict",
        ],
    },
    Situation {
        setup: include_str!("recorded_tools/two_members.txt"),
        cases: &[
            "cg-desc",
            "cg-desc-g2",
            "cg-members-v-g2",
            "cg-members-v-g3",
            "cg-desc-unknown",
            "cg-desc-two",
            "cg-list-badstate",
        ],
    },
    Situation { setup: include_str!("recorded_tools/no_members.txt"), cases: &["cg-desc-empty-g1"] },
];

/// Exit code, standard output and standard error, without what differs from run to run.
#[derive(PartialEq, Eq, Debug)]
struct Printed {
    exit: u64,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

#[test]
fn our_tools_print_what_kafkas_do() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/cli.json");
    let text = fs::read_to_string(path).expect("the recording can be read");
    let recording: Value = serde_json::from_str(&text).expect("the recording is JSON");
    let cases = recording["cases"].as_array().expect("the recording holds cases");
    let mut differing = Vec::new();
    for situation in &SITUATIONS {
        let setup = Transcript::parse(situation.setup).expect("it is a transcript");
        let mut console = setup.run(&setup.scenario(), &mut |_, _| {}).expect("it runs").console;
        for (number, id) in (10..).zip(situation.cases) {
            let case = cases
                .iter()
                .find(|case| case["id"] == **id)
                .unwrap_or_else(|| panic!("there is no case {id}"));
            let recorded = recorded(case);
            let command = case["cmd"].as_str().unwrap_or_default();
            let command = match case["stdin"].as_str() {
                Some(stdin) => format!("printf '%s' '{stdin}' | {command}"),
                None => command.to_owned(),
            };
            enter(&mut console, number, &command);
            let printed = printed(&console, number);
            if printed != recorded {
                differing.push(format!("{id}: {command}\n  recorded {recorded:#?}\n  ours {printed:#?}"));
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Types a command and waits for its end.
fn enter(console: &mut Console, terminal: u32, command: &str) {
    console.apply(&Input { terminal, action: Action::Command(command.to_owned()) });
    let patience = console.now() + Duration::from_secs(30);
    while !console.is_at_prompt(terminal) {
        let next = console.next_at().filter(|at| *at <= patience);
        assert!(next.is_some(), "it does not end: {command}");
        console.step();
    }
}

fn recorded(case: &Value) -> Printed {
    let lines = |stream: &str| {
        let lines = case[stream].as_array().into_iter().flatten().filter_map(Value::as_str);
        let lines = lines.filter(|line| !matches!(*line, "{STACK}" | "{NO_TRAILING_NEWLINE}"));
        without_repetition(lines.take_while(|line| *line != "{USAGE}").map(str::to_owned).collect())
    };
    Printed { exit: case["exit"].as_u64().unwrap_or(0), stdout: lines("stdout"), stderr: lines("stderr") }
}

fn printed(console: &Console, number: u32) -> Printed {
    let terminal = console.terminal(number).expect("it was typed into");
    let lines = |source: Source| {
        let lines = terminal.lines().filter(|line| line.source == source).map(|line| &*line.text);
        let lines = lines.take_while(|line| !line.starts_with("Option  "));
        without_repetition(lines.map(anonymous).collect())
    };
    Printed {
        exit: terminal.exit_code().map_or(0, u64::from),
        stdout: lines(Source::Output),
        stderr: lines(Source::Error),
    }
}

/// How often a client asks again within a time is not what is compared.
fn without_repetition(mut lines: Vec<String>) -> Vec<String> {
    lines.dedup();
    lines
}

/// Puts the recording's placeholders in the place of what differs from run to run.
fn anonymous(line: &str) -> String {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    let replacements = [
        (r"^\[[0-9-]{10} [0-9:]{8},[0-9]{3}\]", "[{TS}]"),
        ("TopicId: [A-Za-z0-9_-]{22}", "TopicId: {TOPIC_ID}"),
        ("Leader: [0-9]+\tReplicas: [0-9,]+\tIsr: [0-9,]+", "Leader: {ID}\tReplicas: {IDS}\tIsr: {IDS}"),
        ("CreateTime:[0-9]+", "CreateTime:{MS}"),
        ("correlation id [0-9]+", "correlation id {N}"),
        ("console-consumer-[0-9]{1,5}\\b", "console-consumer-{RAND}"),
        (uuid, "{UUID}"),
        (r"/172\.18\.[0-9]+\.[0-9]+ +", "/127.0.0.1      "),
        // The member id that the recording shows literally.
        ("^(g2 .*)\\b[A-Za-z0-9_-]{22} /", "${1}DDH0BM5HQASEnpCiJu2Jdw /"),
    ];
    replacements.iter().fold(line.to_owned(), |line, (pattern, placeholder)| {
        let pattern = Regex::new(pattern).expect("the pattern is a regular expression");
        pattern.replace_all(&line, *placeholder).into_owned()
    })
}
