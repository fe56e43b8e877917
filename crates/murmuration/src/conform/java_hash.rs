//! `kafka-sim.javahash/1`: hash codes, and the orders that they impose.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io;

use kafka_core::java_hash::{self, DEFAULT_CAPACITY, JavaHash};
use kafka_core::topic::{TopicId, TopicPartition};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::report::{Report, expect};
use super::{entries, fields};

const OFFSETS_TOPIC_PARTITIONS: u32 = 50;

#[derive(Deserialize)]
struct Text {
    s: String,
    java_hash: i32,
    spread: Option<i32>,
    coordinator_partition_of_50: Option<u32>,
}

#[derive(Deserialize)]
struct Iteration {
    insert: Vec<String>,
    iterate: Vec<String>,
}

#[derive(Deserialize)]
struct Uuid {
    base64: Option<String>,
    msb: String,
    lsb: String,
    hash: i32,
}

/// Every list may be missing.
pub(super) fn check(document: &Value, report: &mut Report<'_>) -> io::Result<()> {
    check_list(document, "strings", report, |text: &Text| check_text(text))?;
    check_list(document, "hashmap_iteration", report, check_iteration)?;
    check_list(document, "topic_partition_hash", report, |(topic, partition, hash): &(String, u32, i32)| {
        expect("hash", hash, &TopicPartition::new(topic.as_str(), *partition).java_hash())
    })?;
    check_list(document, "uuid", report, check_uuid)?;
    check_list(document, "java_compareTo_sorted", report, |sorted: &Vec<String>| {
        let mut again = sorted.clone();
        again.sort();
        again.sort_by(|left, right| java_hash::compare(left, right));
        expect_list(sorted, &again)
    })
}

fn check_list<T: DeserializeOwned>(
    document: &Value,
    key: &str,
    report: &mut Report<'_>,
    check: impl Fn(&T) -> Result<(), String>,
) -> io::Result<()> {
    for (place, entry) in entries(document, key).unwrap_or_default().iter().enumerate() {
        let outcome =
            T::deserialize(entry).map_err(|error| error.to_string()).and_then(|entry| check(&entry));
        report.case(&format_args!("{key} #{place}"), outcome)?;
    }
    Ok(())
}

fn check_text(text: &Text) -> Result<(), String> {
    let hash = text.s.java_hash();
    let spread = java_hash::spread(hash);
    let partition = java_hash::coordinator_partition(&text.s, OFFSETS_TOPIC_PARTITIONS);
    let s = &text.s;
    expect(&format!("hash of {s:?}"), &text.java_hash, &hash)?;
    expect(&format!("spread of {s:?}"), &text.spread.unwrap_or(spread), &spread)?;
    let expected = text.coordinator_partition_of_50.unwrap_or(partition);
    expect(&format!("coordinator partition of {s:?}"), &expected, &partition)
}

fn check_iteration(iteration: &Iteration) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let keys = iteration.insert.iter().filter(|key| seen.insert(*key)).cloned();
    let order = java_hash::iteration_order(keys, DEFAULT_CAPACITY, |key| key.java_hash());
    expect_list(&iteration.iterate, &order)
}

fn check_uuid(uuid: &Uuid) -> Result<(), String> {
    let half = |hex: &str| u64::from_str_radix(hex, 16).map_err(|error| format!("`{hex}`: {error}"));
    let id = TopicId { most_significant_bits: half(&uuid.msb)?, least_significant_bits: half(&uuid.lsb)? };
    expect("hash", &uuid.hash, &id.java_hash())?;
    let Some(base64) = &uuid.base64 else { return Ok(()) };
    expect("text", base64, &id.to_string())?;
    expect("id", &id, &fields::topic_id(base64)?)
}

fn expect_list<T: Display>(expected: &[T], got: &[T]) -> Result<(), String> {
    let listed = |list: &[T]| format!("[{}]", list.iter().map(T::to_string).collect::<Vec<_>>().join(", "));
    expect("order", &listed(expected), &listed(got))
}
