//! Runs of Kafka's command-line tools: a cluster's state, a command, and what came out (`cli.json`).
//!
//! A case is run in a console that a transcript has led to its state, after the cases of the same state that stand
//! before it. Left out of the comparison: frames of stack traces, tables of options, how often a line is repeated,
//! and what differs from run to run.

mod printed;
mod situations;

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use kafka_console::transcript::Transcript;
use kafka_console::{Action, Console, Input};
use serde::Deserialize;
use serde_json::Value;

use super::entries;
use super::report::Report;
use printed::Printed;
use situations::{Reach, Situation};

/// A terminal that no transcript uses.
const TERMINAL: u32 = 99;

/// How long a tool may take.
const PATIENCE: Duration = Duration::from_secs(90);

#[derive(Deserialize)]
struct Case {
    id: String,
    state: String,
    cmd: String,
    stdin: Option<String>,
    exit: u8,
    stdout: Vec<String>,
    stderr: Vec<String>,
}

pub(super) fn is_recording(document: &Value) -> bool {
    let first = document.get("cases").and_then(|cases| cases.get(0));
    first.is_some_and(|case| case.get("cmd").is_some() && case.get("state").is_some())
}

pub(super) fn check(document: &Value, report: &mut Report<'_>) -> io::Result<()> {
    let cases = match entries(document, "cases") {
        Ok(cases) => cases,
        Err(why) => return report.broken(&why),
    };
    let mut consoles: BTreeMap<&str, Console> = BTreeMap::new();
    for (place, entry) in cases.iter().enumerate() {
        let case = match Case::deserialize(entry) {
            Ok(case) => case,
            Err(error) => {
                report.case(&format_args!("#{place}"), Err(error.to_string()))?;
                continue;
            }
        };
        match situations::reach(&case.id, &case.state) {
            Reach::Situation(situation) => {
                let console = consoles.entry(situation.setup).or_insert_with(|| set_up(situation));
                report.case(&case.id, run(&case, console))?;
            }
            Reach::Never(why) => report.skip(1, &format_args!("{}: {why}", case.id))?,
        }
    }
    Ok(())
}

fn set_up(situation: &Situation) -> Console {
    let setup = Transcript::parse(situation.setup).expect("it is a transcript");
    setup.run(&setup.scenario(), &mut |_, _| {}).expect("it runs").console
}

fn run(case: &Case, console: &mut Console) -> Result<(), String> {
    for command in situations::before(&case.id) {
        enter(console, command)?;
    }
    let command = match &case.stdin {
        Some(stdin) => format!("printf '%s' '{stdin}' | {}", case.cmd),
        None => case.cmd.clone(),
    };
    // A terminal of its own, so that nothing stands in it but what this command prints.
    console.apply(&Input { terminal: TERMINAL, action: Action::Close });
    enter(console, &command)?;
    let terminal = console.terminal(TERMINAL).ok_or("its terminal is gone")?;
    let recorded = Printed::recorded(case.exit, &case.stdout, &case.stderr);
    Printed::shown(terminal).compare(&recorded, &case.cmd)
}

/// Types a command and waits for its end.
fn enter(console: &mut Console, command: &str) -> Result<(), String> {
    console.apply(&Input { terminal: TERMINAL, action: Action::Command(command.to_owned()) });
    let patience = console.now() + PATIENCE;
    while !console.is_at_prompt(TERMINAL) {
        if console.next_at().is_none_or(|at| at > patience) {
            return Err(format!("it does not end: {command}"));
        }
        console.step();
    }
    Ok(())
}
