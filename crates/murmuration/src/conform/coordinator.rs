//! `kafka-sim.coordinator-trace/1`: what members, timers and administrators did to one group, and what its
//! coordinator answered.

use std::io;

use serde_json::Value;

mod answer;
mod json;
mod request;
mod run;
mod settings;
mod state;

use super::entries;
use super::report::Report;
use run::Run;

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

/// Stops at the first difference: what comes after it would tell nothing.
fn run_scenario(scenario: &Value) -> Result<(), String> {
    let steps = entries(scenario, "steps")?;
    let mut run = Run::new(scenario)?;
    for (number, step) in (0..).zip(steps) {
        run.step(number, step).map_err(|difference| format!("step {number}: {difference}"))?;
    }
    Ok(())
}
