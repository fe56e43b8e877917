//! Exit code, standard output and standard error, as recorded and as shown by a terminal.

use kafka_console::terminal::{Source, Terminal};
use regex_lite::Regex;

#[derive(PartialEq, Eq, Debug)]
pub(super) struct Printed {
    exit: u8,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

/// In the recording a table of options follows, to the end.
const USAGE: &str = "{USAGE}";
const ARGPARSE_USAGE: &str = "{ARGPARSE_USAGE}";

impl Printed {
    pub(super) fn recorded(exit: u8, stdout: &[String], stderr: &[String]) -> Self {
        let lines = |stream: &[String]| {
            let lines = stream.iter().map(String::as_str);
            let lines = lines.filter(|line| !matches!(*line, "{STACK}" | "{NO_TRAILING_NEWLINE}"));
            lines
                .take_while(|line| *line != USAGE)
                .filter(|line| *line != ARGPARSE_USAGE)
                .map(normalized)
                .collect()
        };
        Self { exit, stdout: lines(stdout), stderr: lines(stderr) }
    }

    pub(super) fn shown(terminal: &Terminal) -> Self {
        let lines = |source: Source| {
            let lines = terminal.lines().filter(|line| line.source == source).map(|line| &*line.text);
            without_argparse_usage(
                lines.take_while(|line| !line.starts_with("Option  ")).map(normalized).collect(),
            )
        };
        Self {
            exit: terminal.exit_code().unwrap_or_default(),
            stdout: lines(Source::Output),
            stderr: lines(Source::Error),
        }
    }

    pub(super) fn compare(mut self, recorded: &Self, command: &str) -> Result<(), String> {
        let mut recorded =
            Self { exit: recorded.exit, stdout: recorded.stdout.clone(), stderr: recorded.stderr.clone() };
        // Members are listed in the order of the hashes of their random ids.
        if command.contains("--members") {
            self.stdout.sort();
            recorded.stdout.sort();
        }
        let agree = self.exit == recorded.exit
            && agree(&recorded.stdout, &self.stdout)
            && agree(&recorded.stderr, &self.stderr);
        if agree { Ok(()) } else { Err(format!("recorded {recorded:#?}, ours {self:#?}")) }
    }
}

/// Every recorded line is there, in order, perhaps more often than in the recording.
fn agree(recorded: &[String], ours: &[String]) -> bool {
    let mut ours = ours.iter().peekable();
    for (place, line) in recorded.iter().enumerate() {
        if place > 0 && recorded[place - 1] == *line {
            continue;
        }
        let pattern = pattern(line);
        if ours.next_if(|own| pattern.is_match(own)).is_none() {
            return false;
        }
        while ours.next_if(|own| pattern.is_match(own)).is_some() {}
    }
    ours.next().is_none()
}

/// The pattern of a recorded line: numbers and times that differ from run to run have a placeholder.
fn pattern(line: &str) -> Regex {
    let mut text = regex_lite::escape(line);
    for (placeholder, pattern) in [
        ("{N}", r"(?:-?[0-9]+|\{N\})"),
        ("{ID}", "[0-9]+"),
        ("{IDS}", "[0-9,]+"),
        ("{F}", "(?:-?[0-9]+[.][0-9]+|NaN|Infinity)"),
        ("{DATETIME}", "[0-9-]{10} [0-9:]{12}"),
    ] {
        text = text.replace(&regex_lite::escape(placeholder), pattern);
    }
    Regex::new(&format!("^{text}$")).expect("an escaped text is a regular expression")
}

/// argparse4j wraps what it complains about.
fn without_argparse_usage(lines: Vec<String>) -> Vec<String> {
    if !lines.first().is_some_and(|line| line.starts_with("usage: ")) {
        return lines;
    }
    let complaint = lines.iter().skip_while(|line| !line.contains(": error: "));
    let words: Vec<_> = complaint.flat_map(|line| line.split_whitespace()).collect();
    vec![words.join(" ")]
}

/// Puts the recording's placeholders in the place of what differs from run to run.
fn normalized(line: &str) -> String {
    let uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    let replacements = [
        (r"^\[[0-9-]{10} [0-9:]{8},[0-9]{3}\]", "[{TS}]"),
        ("TopicId: [A-Za-z0-9_-]{22}", "TopicId: {TOPIC_ID}"),
        ("CreateTime:[0-9]+", "CreateTime:{MS}"),
        ("correlation id [0-9]+", "correlation id {N}"),
        ("(console|perf)-consumer-[0-9]{1,5}\\b", "$1-consumer-{RAND}"),
        (uuid, "{UUID}"),
        ("\\b[A-Za-z0-9_-]{22} /", "{MEMBER} /"),
        (r"/172\.18\.[0-9]+\.[0-9]+ +", "/127.0.0.1      "),
        (r"\S+:[0-9]+  \([0-9]\) +", "{COORDINATOR} "),
        ("Epoch: [0-9]+$", "Epoch: {N}"),
    ];
    replacements.iter().fold(line.to_owned(), |line, (pattern, placeholder)| {
        let pattern = Regex::new(pattern).expect("the pattern is a regular expression");
        pattern.replace_all(&line, *placeholder).into_owned()
    })
}
