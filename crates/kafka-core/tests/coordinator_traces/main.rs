//! The coordinator answers as Kafka's own `GroupCoordinatorShard` did when it was recorded.

mod conform;

use serde_json::Value;

#[test]
fn every_classic_scenario_runs_as_recorded() {
    let recording: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/coordinator_traces.json"))
            .expect("the recording is JSON");
    let scenarios = recording["scenarios"].as_array().expect("the recording has scenarios");
    let (classic, others): (Vec<_>, Vec<_>) =
        scenarios.iter().partition(|scenario| conform::is_classic(scenario));
    for scenario in &others {
        println!("skipped, not of the classic protocol: {}", scenario["id"]);
    }
    let failures: Vec<_> =
        classic.iter().filter_map(|scenario| conform::run_scenario(scenario).err()).collect();
    println!("{} of {} classic scenarios agree", classic.len() - failures.len(), classic.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(!classic.is_empty(), "the recording has classic scenarios");
}
