//! The command as a user runs it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");

fn conform(dir: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_murmuration")).arg("conform").arg(dir).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn the_model_does_what_real_kafka_did() {
    let output = conform(Path::new(RECORDINGS));
    let stdout = text(&output.stdout);
    assert!(output.status.success(), "{stdout}");
    assert!(stdout.contains(" 0 failed, "), "{stdout}");
    assert!(stdout.contains("SKIPPED assignor_server_share_simple.json"), "{stdout}");
    for whole in ["coordinator_traces.json", "consumer_callback_traces.json"] {
        assert!(!stdout.contains(&format!("SKIPPED {whole}")), "{stdout}");
    }
    // Every recorded run of a tool is compared, or says by its name why not.
    let mut skipped = stdout.lines().filter(|line| line.starts_with("SKIPPED cli.json"));
    assert!(skipped.all(|line| line.starts_with("SKIPPED cli.json (1): ")), "{stdout}");
    assert!(!stdout.contains("nothing leads to its state"), "{stdout}");
}

/// A member joins, and the coordinator answers with a wrong epoch; another scenario asks for the impossible.
#[test]
fn a_trace_is_followed_to_the_first_step_that_differs() {
    let dir = tempfile::tempdir().unwrap();
    let recording = r#"{"schema": "kafka-sim.coordinator-trace/1", "scenarios": [
        {"id": "epochs", "config": {"group.consumer.assignors": "range"}, "topics": {"t": 1}, "steps": [
            {"op": "hb", "who": "한", "t": 0,
                "request": {"member_id": "m-한", "member_epoch": 0, "topics": ["t"], "owned": []},
                "response": {"error": "NONE", "member_id": "m-한", "member_epoch": 1,
                    "heartbeat_interval_ms": 5000, "assignment": [["t", 0]]},
                "state": {"type": "consumer", "state": "Stable", "group_epoch": 1, "assignment_epoch": 1,
                    "members": {"m-한": {"epoch": 1, "previous_epoch": 0, "state": "STABLE",
                        "assigned": [["t", 0]], "pending_revocation": [], "target": [["t", 0]]}}}},
            {"op": "advance", "t": 0, "ms": 45000, "events": [{"t": 45000,
                "timer": "session-timeout-g-<한>",
                "state": "Stable/epoch1/target1/members1 -> Empty/epoch2/target1/members0"}],
                "state": {"type": "consumer", "state": "Empty", "group_epoch": 2, "assignment_epoch": 1,
                    "members": {}}},
            {"op": "hb", "who": "한", "t": 45000, "request": {"member_id": "m-한", "member_epoch": 1},
                "response": {"error": "FENCED_MEMBER_EPOCH"}}]},
        {"id": "settings", "config": {"no.such.setting": 1}, "steps": []}
    ]}"#;
    fs::write(dir.path().join("trace.json"), recording).unwrap();
    let output = conform(dir.path());
    let stdout = text(&output.stdout);
    let difference = "FAILED  trace.json epochs: step 2: response: recorded \
        {\"error\":\"FENCED_MEMBER_EPOCH\"}, actual {\"error\":\"UNKNOWN_MEMBER_ID\"}";
    assert!(stdout.contains(difference), "{stdout}");
    assert!(stdout.contains("settings: the setting no.such.setting is not modelled"), "{stdout}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_difference_is_shown_with_what_was_expected_and_got() {
    let dir = tempfile::tempdir().unwrap();
    let recording = r#"{"schema": "kafka-sim.assignor/1", "assignor": "range", "protocol": "classic", "cases": [
        {"id": "one", "rounds": [{"topics": {"t": {"partitions": 2, "racks": [null, []]}},
            "members": [{"id": "한", "topics": ["t"]}, {"id": "b", "topics": ["t"], "rack": null}],
            "assignment": {"한": [["t", 0]], "b": [["t", 1]]}}]},
        {"rounds": [{"members": []}]}
    ]}"#;
    fs::create_dir(dir.path().join("deeper")).unwrap();
    fs::write(dir.path().join("deeper/range.json"), recording).unwrap();
    let output = conform(dir.path());
    let stdout = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1));
    let difference = "range.json one round 1: b: expected [t-1], got [t-0]; 한: expected [t-0], got [t-1]";
    assert!(stdout.contains(difference), "{stdout}");
    assert_eq!(stdout.lines().last(), Some("1 passed, 1 failed, 0 skipped"));
}

#[test]
fn what_is_no_recording_fails_or_is_skipped_by_name() {
    for (content, closing, code) in [
        ("{nope", "0 passed, 1 failed, 0 skipped", 1),
        (r#"{"schema": "kafka-sim.murmur2/1"}"#, "0 passed, 1 failed, 0 skipped", 1),
        (
            r#"{"schema": "kafka-sim.assignor/1", "assignor": "range", "protocol": "classic"}"#,
            "0 passed, 1 failed, 0 skipped",
            1,
        ),
        (r#"{"schema": "later/1", "cases": [1, 2]}"#, "0 passed, 0 failed, 2 skipped", 0),
        ("[]", "0 passed, 0 failed, 1 skipped", 0),
    ] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file.json"), content).unwrap();
        let output = conform(dir.path());
        let stdout = text(&output.stdout);
        assert!(stdout.lines().next().is_some_and(|line| line.contains("file.json")), "{stdout}");
        assert_eq!(stdout.lines().last(), Some(closing), "{content}");
        assert_eq!(output.status.code(), Some(code), "{content}");
    }
}

#[test]
fn a_place_without_recordings_fails() {
    let dir = tempfile::tempdir().unwrap();
    for path in [dir.path(), &dir.path().join("missing")] {
        let output = conform(path);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).starts_with("error: "));
    }
}
