//! `--from-file`: the offsets of a CSV file, as `--export` prints them.
//!
//! Mirrors `OffsetsUtils.parseResetPlan`: lines of `topic,partition,offset` for a single group, otherwise of
//! `group,topic,partition,offset`. Leaves out: quoted fields, the words in which Jackson complains about a line.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::topic::TopicPartition;

use super::Failure;

pub(super) type ResetPlan = BTreeMap<Rc<str>, BTreeMap<TopicPartition, i64>>;

pub(super) fn parse(file: &str, text: &str, groups: &[Rc<str>]) -> Result<ResetPlan, Failure> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let single = match groups {
        [group] if lines.first().is_some_and(|line| line.split(',').count() <= 3) => Some(group),
        _ => None,
    };
    let mut plan = ResetPlan::new();
    for (number, line) in (1..).zip(lines) {
        let wrong = || {
            let form =
                if single.is_some() { "topic,partition,offset" } else { "group,topic,partition,offset" };
            Failure::command(
                "java.lang.RuntimeException",
                format!("{file}, line {number}: '{line}' is not of the form {form}"),
            )
        };
        let fields: Vec<_> = line.split(',').map(str::trim).collect();
        let (group, fields) = match (single, &fields[..]) {
            (Some(group), fields) => (group.clone(), fields),
            (None, [group, fields @ ..]) => (Rc::from(*group), fields),
            (None, []) => return Err(wrong()),
        };
        let &[topic, partition, offset] = fields else { return Err(wrong()) };
        let (Ok(partition), Ok(offset)) = (partition.parse(), offset.parse()) else { return Err(wrong()) };
        plan.entry(group).or_default().insert(TopicPartition::new(topic, partition), offset);
    }
    Ok(plan)
}
