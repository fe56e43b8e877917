//! What is typed prints what bash and GNU's programs print: `bash/recorded.txt` was written by them.

use std::time::Duration;

use kafka_console::terminal::Source;
use kafka_console::{Action, Console, Input};
use kafka_core::scenario::Scenario;

/// A command, and the lines that it printed.
fn recorded() -> Vec<(String, Vec<String>)> {
    let mut cases: Vec<(String, Vec<String>)> = Vec::new();
    for line in include_str!("bash/recorded.txt").lines().filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("$ "), cases.last_mut()) {
            (Some(command), _) => cases.push((command.to_owned(), Vec::new())),
            (None, Some((command, outputs))) => match line.strip_prefix('|') {
                Some(output) => outputs.push(output.strip_prefix(' ').unwrap_or(output).to_owned()),
                None => *command += &format!("\n{}", line.strip_prefix("  ").unwrap_or(line)),
            },
            (None, None) => panic!("the first line is a command: {line}"),
        }
    }
    assert!(cases.len() > 100, "there are recordings");
    cases
}

fn printed(command: &str) -> Vec<String> {
    let mut console = Console::new(&Scenario::one_broker(1));
    let quoted = format!("bash -c '{}'", command.replace('\'', r"'\''"));
    console.apply(&Input { terminal: 1, action: Action::Command(quoted) });
    console.advance_to(console.now() + Duration::from_secs(30));
    let terminal = console.terminal(1).expect("it was opened");
    let shown = terminal.lines().filter(|line| matches!(line.source, Source::Output | Source::Error));
    shown.map(|line| line.text.to_string()).collect()
}

#[test]
fn commands_print_what_bash_prints() {
    let mut differences = String::new();
    for (command, expected) in recorded() {
        let printed = printed(&command);
        if printed != expected {
            differences += &format!("{command}\n  bash: {expected:?}\n  here: {printed:?}\n");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}
