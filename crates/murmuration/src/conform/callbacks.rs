//! Recorded rebalance callbacks of real consumers, played again on a simulation.
//!
//! What was done is read from the recording's actions and notes, in the words in which they were written down. The
//! order of each client's callbacks, and of its commits where auto-commit is on, has to be the recorded one.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use serde::Deserialize;
use serde_json::Value;

use super::report::Report;
use super::{entries, fields};

mod play;
mod script;

use play::Play;
use script::{Action, commit_of, throwing_callback};

#[derive(Deserialize)]
struct Scenario {
    note: String,
    group_protocol: String,
    assignor: String,
    auto_commit: bool,
    topics: BTreeMap<String, u32>,
    per_client_callbacks: Callbacks,
    identical_in_3_runs: bool,
    identical_in_3_runs_ignoring_empty_assigned: bool,
    #[serde(default, deserialize_with = "fields::optional")]
    other_runs_per_client_callbacks: Vec<Callbacks>,
    events: Vec<Event>,
}

#[derive(Deserialize)]
struct Event {
    t_ms: u64,
    kind: String,
    client: Option<String>,
    event: String,
    #[serde(default, deserialize_with = "fields::optional")]
    partitions: Vec<(String, u32)>,
}

/// By client: the callbacks with their partitions, in order.
type Callbacks = BTreeMap<String, Vec<Entry>>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Callback(String, Vec<(String, u32)>),
    Exception((String,)),
}

/// By partition, such as `a-0`.
type Offsets = Vec<(String, i64)>;

/// By client: what it was told and what it committed, in order.
type Story = BTreeMap<String, Vec<Step>>;

#[derive(Clone, PartialEq, Debug)]
enum Step {
    Callback(String, Vec<(String, u32)>),
    /// A method of the consumer threw.
    Exception(String),
    Commit(Offsets),
}

pub(super) fn check(document: &Value, report: &mut Report<'_>) -> io::Result<()> {
    let scenarios = match entries(document, "scenarios") {
        Ok(scenarios) => scenarios,
        Err(why) => return report.broken(&why),
    };
    for (place, scenario) in scenarios.iter().enumerate() {
        let id = scenario.get("id").and_then(Value::as_str);
        let name = id.map_or_else(|| format!("#{place}"), str::to_owned);
        report.case(&name, run_scenario(scenario))?;
    }
    Ok(())
}

/// Plays one recorded scenario, and tells where the model's clients were called back otherwise.
pub(super) fn run_scenario(scenario: &Value) -> Result<(), String> {
    let scenario = Scenario::deserialize(scenario).map_err(|error| error.to_string())?;
    let mut play = Play::new(&scenario)?;
    for event in scenario.events.iter().filter(|event| event.kind == "action") {
        play.advance_to(event.t_ms);
        play.act(Action::read(event, &scenario)?)?;
    }
    play.advance_to(scenario.events.iter().map(|event| event.t_ms).max().unwrap_or(0));
    compare(&scenario, &play.story())
}

fn compare(scenario: &Scenario, got: &Story) -> Result<(), String> {
    let recorded: Vec<Story> = if scenario.auto_commit {
        vec![story_with_commits(&scenario.events)?]
    } else {
        let runs =
            [&scenario.per_client_callbacks].into_iter().chain(&scenario.other_runs_per_client_callbacks);
        runs.map(story_of).collect()
    };
    let exact = scenario.identical_in_3_runs;
    // Real runs that differ in more than empty assignments allow each what any of them showed.
    let variants =
        if exact || scenario.identical_in_3_runs_ignoring_empty_assigned { 1 } else { recorded.len() };
    let outcomes = recorded[..variants].iter().map(|expected| differences(expected, got, exact));
    let mut failures = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(()) => return Ok(()),
            Err(why) => failures.push(why),
        }
    }
    Err(failures.join(" / or: "))
}

fn differences(expected: &Story, got: &Story, exact: bool) -> Result<(), String> {
    let of = |story: &Story, client: &String| -> Vec<Step> {
        let steps = story.get(client).into_iter().flatten();
        steps.filter(|step| exact || !step.is_empty_assignment()).cloned().collect()
    };
    let clients: std::collections::BTreeSet<&String> = expected.keys().chain(got.keys()).collect();
    let different: Vec<String> = clients
        .into_iter()
        .map(|client| (client, of(expected, client), of(got, client)))
        .filter(|(_, expected, got)| expected != got)
        .map(|(client, expected, got)| format!("{client}: expected {}, got {}", show(&expected), show(&got)))
        .collect();
    if different.is_empty() { Ok(()) } else { Err(different.join("; ")) }
}

fn story_of(callbacks: &Callbacks) -> Story {
    let step = |entry: &Entry| match entry {
        Entry::Callback(callback, partitions) => Step::callback(callback, partitions),
        Entry::Exception((what,)) => Step::Exception(what.clone()),
    };
    callbacks.iter().map(|(client, steps)| (client.clone(), steps.iter().map(step).collect())).collect()
}

/// The first run, with the commits where they fell.
fn story_with_commits(events: &[Event]) -> Result<Story, String> {
    let mut story = Story::new();
    for event in events {
        let (client, step) = match (event.kind.as_str(), &event.client) {
            ("callback", Some(client)) => (client.clone(), Step::callback(&event.event, &event.partitions)),
            ("exception", Some(client)) => {
                let what = event.event.split(':').next().unwrap_or_default();
                (client.clone(), Step::Exception(what.to_owned()))
            }
            ("request", _) => match commit_of(&event.event)? {
                Some((client, offsets)) => (client, Step::Commit(offsets)),
                None => continue,
            },
            _ => continue,
        };
        story.entry(client).or_default().push(step);
    }
    Ok(story)
}

impl Step {
    fn callback(name: &str, partitions: &[(String, u32)]) -> Self {
        let mut partitions = partitions.to_vec();
        partitions.sort();
        Self::Callback(name.to_owned(), partitions)
    }

    fn is_empty_assignment(&self) -> bool {
        matches!(self, Self::Callback(name, partitions) if name == "onPartitionsAssigned" && partitions.is_empty())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Callback(name, partitions) => {
                let partitions: Vec<String> =
                    partitions.iter().map(|(topic, partition)| format!("{topic}-{partition}")).collect();
                write!(f, "{name}({})", partitions.join(" "))
            }
            Self::Exception(what) => f.write_str(what),
            Self::Commit(offsets) => {
                let offsets: Vec<String> =
                    offsets.iter().map(|(partition, offset)| format!("{partition}={offset}")).collect();
                write!(f, "commit({})", offsets.join(" "))
            }
        }
    }
}

fn show(steps: &[Step]) -> String {
    if steps.is_empty() {
        return "nothing".to_owned();
    }
    steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
