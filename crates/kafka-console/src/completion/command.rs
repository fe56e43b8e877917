//! Which command it is, and what its words are.

use super::words::Current;
use super::{Candidate, Desk, Found, Kind, kafka, whole};
use crate::program;
use crate::tool;

/// Candidates for the word behind `words`, of which the first is the command.
pub(super) fn candidates(words: &[String], current: &Current, desk: &Desk<'_>) -> Found {
    let Some((name, arguments)) = words.split_first() else { return programs(current, desk) };
    let base = name.rsplit('/').next().unwrap_or(name);
    if let Some(tool) = tool::find(base) {
        return kafka::candidates(tool, arguments, current, desk);
    }
    match base {
        "docker" | "docker-compose" => docker(base, arguments, current, desk),
        "timeout" | "watch" => match behind_options(arguments, usize::from(base == "timeout")) {
            Some(rest) => candidates(rest, current, desk),
            None => Found::nothing(),
        },
        "xargs" | "env" | "command" | "bash" if !arguments.iter().any(|word| !word.starts_with('-')) => {
            let mut found = programs(current, desk);
            if base == "bash" {
                found.candidates = desk.files();
            }
            found
        }
        "man" | "help" | "which" | "type" => Found::of(current.len(), names("")),
        "kcat" => kcat(arguments, current, desk),
        "export" | "unset" | "read" => Found::of(current.len(), desk.variables("")),
        "cd" | "rmdir" => {
            let folders = desk.files().into_iter().filter(|candidate| candidate.kind == Kind::Folder);
            Found::of(current.len(), folders)
        }
        _ => Found::of(current.len(), desk.files()),
    }
}

/// Tools and programs; with a path in front of them, Kafka's scripts by their whole names.
fn programs(current: &Current, desk: &Desk<'_>) -> Found {
    let text = current.text();
    match text.rsplit_once('/') {
        Some((".", _)) => Found::of(
            current.len(),
            desk.files().into_iter().map(|file| Candidate { text: format!("./{}", file.text), ..file }),
        ),
        Some((_, base)) => {
            Found::of(base.chars().count(), names(".sh").filter(|name| name.text.ends_with(".sh")))
        }
        None => {
            let ending = if text.contains('.') { ".sh" } else { "" };
            Found::of(current.len(), names(ending))
        }
    }
}

/// Everything that has a name; Kafka's scripts may end in `.sh`.
fn names(ending: &'static str) -> impl Iterator<Item = Candidate> {
    program::names_and_summaries().map(move |(name, summary)| {
        let ending = if name.starts_with("kafka-") { ending } else { "" };
        whole(format!("{name}{ending}"), Kind::Program).with(summary)
    })
}

/// What is left of the words behind options and so many others.
fn behind_options(words: &[String], others: usize) -> Option<&[String]> {
    let mut rest = words;
    while let [first, after @ ..] = rest
        && first.starts_with('-')
    {
        rest = if matches!(first.as_str(), "-n" | "-s" | "-k") { after.get(1..)? } else { after };
    }
    rest.get(others..)
}

const DOCKER: [(&str, &str); 12] = [
    ("compose", "the cluster as a whole: up, ps, exec"),
    ("exec", "run a command in a container"),
    ("kill", "end a broker without a goodbye"),
    ("logs", "what a broker wrote"),
    ("network", "cut a broker off, and connect it again"),
    ("pause", "let a broker stand still"),
    ("ps", "the containers"),
    ("restart", "stop a broker and start it"),
    ("start", "start a broker that was stopped"),
    ("stop", "stop a broker in good order"),
    ("unpause", "let a broker go on"),
    ("version", "the version of docker"),
];

const COMPOSE: [&str; 9] = ["down", "exec", "kill", "pause", "ps", "restart", "start", "stop", "up"];

fn docker(program: &str, arguments: &[String], current: &Current, desk: &Desk<'_>) -> Found {
    let values =
        |words: &[&str]| -> Vec<Candidate> { words.iter().map(|word| whole(*word, Kind::Value)).collect() };
    let (verb, rest) = match arguments {
        [] if program == "docker-compose" => return Found::of(current.len(), values(&COMPOSE)),
        [] => {
            let verbs = DOCKER.map(|(verb, summary)| whole(verb, Kind::Value).with(summary));
            return Found::of(current.len(), verbs);
        }
        [compose] if compose == "compose" => return Found::of(current.len(), values(&COMPOSE)),
        [compose, verb, rest @ ..] if compose == "compose" => (verb, rest),
        [verb, rest @ ..] => (verb, rest),
    };
    match (verb.as_str(), rest) {
        ("network", []) => Found::of(current.len(), values(&["connect", "disconnect"])),
        ("exec", rest) => match container(rest) {
            Some(command) => candidates(command, current, desk),
            None if current.text().starts_with('-') => Found::of(current.len(), values(&["-it", "-i", "-e"])),
            None => Found::of(current.len(), desk.containers()),
        },
        _ => Found::of(current.len(), desk.containers()),
    }
}

/// What stands behind the name of the container; `None` before there is one.
fn container(words: &[String]) -> Option<&[String]> {
    let mut rest = words;
    while let [first, after @ ..] = rest {
        rest = match first.as_str() {
            "-e" | "--env" | "-u" | "--user" | "-w" | "--workdir" => after.get(1..)?,
            option if option.starts_with('-') => after,
            _ => return Some(after),
        };
    }
    None
}

const KCAT: [(&str, &str); 18] = [
    ("-C", "read records"),
    ("-D", "what stands between records"),
    ("-G", "read in a consumer group"),
    ("-J", "print JSON"),
    ("-K", "what stands between key and value"),
    ("-L", "list brokers, topics and partitions"),
    ("-P", "send records"),
    ("-X", "a setting, as name=value"),
    ("-Z", "empty is null"),
    ("-b", "the brokers to connect to"),
    ("-c", "how many records"),
    ("-e", "end with the last record"),
    ("-f", "how a record is printed"),
    ("-k", "the key of every record"),
    ("-l", "records are lines of a file"),
    ("-o", "where to begin"),
    ("-p", "the partition"),
    ("-t", "the topic"),
];

fn kcat(arguments: &[String], current: &Current, desk: &Desk<'_>) -> Found {
    let values =
        |words: &[&str]| -> Vec<Candidate> { words.iter().map(|word| whole(*word, Kind::Value)).collect() };
    match arguments.last().map(String::as_str) {
        Some("-b") => Found::of(current.len(), desk.servers()),
        Some("-t") => Found::of(current.len(), desk.topics()),
        Some("-G") => Found::of(current.len(), desk.groups()),
        Some("-o") => Found::of(current.len(), values(&["beginning", "end", "stored"])),
        Some("-X") => super::properties::client(None, &current.text()),
        Some("-c" | "-p" | "-k" | "-K" | "-D" | "-f" | "-H") => Found::nothing(),
        Some("-l") => Found::of(current.len(), desk.files()),
        _ if arguments.iter().any(|word| word == "-G") && !current.text().starts_with('-') => {
            Found::of(current.len(), desk.topics())
        }
        _ => {
            Found::of(current.len(), KCAT.map(|(letter, summary)| whole(letter, Kind::Option).with(summary)))
        }
    }
}
