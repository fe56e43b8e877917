//! Random histories of a log beside a plain list of everything that was ever appended.

use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::*;

use super::super::{LogSegment, PartitionLog};
use super::record;
use crate::config::LogConfig;
use crate::record::{Compression, RecordBatch};

#[derive(Clone, Debug)]
enum Step {
    /// Keys by number, each with a value or a tombstone.
    Append(Vec<(u8, bool)>),
    /// So many seconds pass, then old segments go.
    Retain(u8),
    Clean,
    /// Everything but so many of the last records goes from the front.
    DeleteRecords(u8),
    /// The last records are not committed: another leader does not have them.
    Truncate(u8),
}

/// What was appended, by offset: key, whether it has a value, timestamp.
type Model = BTreeMap<i64, (String, bool, i64)>;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let records = proptest::collection::vec((0..6_u8, proptest::bool::weighted(0.8)), 1..6);
    let step = prop_oneof![
        6 => records.prop_map(Step::Append),
        1 => (0..20_u8).prop_map(Step::Retain),
        1 => Just(Step::Clean),
        1 => (0..9_u8).prop_map(Step::DeleteRecords),
        1 => (0..4_u8).prop_map(Step::Truncate),
    ];
    proptest::collection::vec(step, 1..50)
}

fn config(compact: bool, delete: bool) -> Rc<LogConfig> {
    Rc::new(LogConfig {
        compact,
        delete,
        segment_bytes: 400,
        index_interval_bytes: 150,
        retention_ms: Some(20_000),
        retention_bytes: Some(1500),
        delete_retention_ms: 5000,
        compression: Some(Compression::None),
        ..LogConfig::default()
    })
}

fn stored(log: &PartitionLog) -> Model {
    let records = log.records_from(log.log_start_offset());
    let key = |key: &[u8]| String::from_utf8_lossy(key).into_owned();
    records
        .map(|(offset, record)| {
            let key = key(record.key.as_deref().unwrap_or_default());
            (offset, (key, record.value.is_some(), record.timestamp))
        })
        .collect()
}

/// What a reader of the whole log takes for the state of every key.
fn latest(records: &Model) -> BTreeMap<&str, i64> {
    let mut latest = BTreeMap::new();
    for (offset, (key, has_value, _)) in records {
        if *has_value {
            latest.insert(key.as_str(), *offset);
        } else {
            latest.remove(key.as_str());
        }
    }
    latest
}

fn check(log: &PartitionLog, model: &Model, compact: bool) -> Result<(), TestCaseError> {
    let known: Model =
        model.range(log.log_start_offset()..).map(|(offset, record)| (*offset, record.clone())).collect();
    let stored = stored(log);
    if compact {
        prop_assert!(stored.iter().all(|(offset, record)| known.get(offset) == Some(record)));
        prop_assert_eq!(latest(&stored), latest(&known));
    } else {
        prop_assert_eq!(&stored, &known);
    }
    prop_assert!(log.log_start_offset() <= log.log_end_offset());
    let sizes = log.segments().map(LogSegment::size_in_bytes);
    prop_assert_eq!(log.size_in_bytes(), sizes.sum::<u64>());
    let mut next = 0;
    for segment in log.segments() {
        prop_assert!(segment.base_offset() >= next, "segments follow each other");
        let mut positions = BTreeMap::new();
        let mut position = 0;
        for batch in segment.batches() {
            prop_assert!(batch.base_offset >= segment.base_offset().max(next));
            prop_assert_eq!(batch.encode().len(), batch.size_in_bytes as usize);
            positions.insert(position, batch.last_offset());
            position += u64::from(batch.size_in_bytes);
            next = batch.next_offset();
        }
        prop_assert!(position == segment.size_in_bytes() && position <= 400);
        for entry in segment.offset_index() {
            prop_assert_eq!(positions.get(&entry.position), Some(&entry.offset));
        }
    }
    prop_assert!(next <= log.log_end_offset());
    Ok(())
}

/// A reader that starts anywhere gets everything from there on, a few batches at a time.
fn read_on(log: &PartitionLog, mut offset: i64) -> Vec<i64> {
    let mut offsets = Vec::new();
    loop {
        let batches = log.read(offset, log.log_end_offset(), 300, true);
        let Some(last) = batches.last() else { return offsets };
        offsets.extend(batches.iter().flat_map(|batch| batch.records_from(offset)).map(|(at, _)| at));
        offset = last.next_offset();
    }
}

proptest! {
    #[test]
    fn a_log_holds_what_was_appended_as_far_as_its_policy_goes(
        steps in steps(), compact in any::<bool>(), delete in any::<bool>()
    ) {
        let mut log = PartitionLog::new(config(compact, delete), 0);
        let mut model = Model::new();
        let (mut now, mut committed, mut epoch) = (1_000_i64, 0, 0);
        for step in steps {
            now += 1000;
            match step {
                Step::Append(records) => {
                    committed = log.log_end_offset();
                    let key = |number: &u8| format!("key-{number}");
                    for (offset, (number, has_value)) in (committed..).zip(&records) {
                        model.insert(offset, (key(number), *has_value, now));
                    }
                    let of = |(number, has_value): &(u8, bool)| {
                        record(Some(&key(number)), has_value.then_some("value"), now)
                    };
                    let batch = RecordBatch::new(records.iter().map(of).collect());
                    let append = log.append_as_leader(&batch, epoch, now);
                    prop_assert_eq!(append.base_offset, committed);
                }
                Step::Retain(seconds) => {
                    now += i64::from(seconds) * 1000;
                    let start = log.log_start_offset();
                    let deleted = log.delete_old_segments(committed, now);
                    prop_assert!(log.log_start_offset() <= committed.max(start), "only what is committed goes");
                    prop_assert!(delete || deleted.is_empty() || log.log_start_offset() == start);
                    prop_assert_eq!(log.delete_old_segments(committed, now), []);
                }
                Step::Clean => {
                    while log.dirtiness(committed, now).is_some() {
                        let cleaning = log.clean(committed, now).expect("it is dirty");
                        prop_assert!(cleaning.records_after <= cleaning.records_before);
                        prop_assert!(cleaning.clean_until <= committed);
                    }
                }
                Step::DeleteRecords(left) => {
                    log.increment_log_start_offset(committed.min(log.log_end_offset() - i64::from(left)));
                }
                Step::Truncate(records) => {
                    let to = committed.max(log.log_end_offset() - i64::from(records));
                    log.truncate_to(to);
                    model.split_off(&log.log_end_offset());
                    epoch += 1;
                }
            }
            check(&log, &model, compact)?;
        }
        let start = log.log_start_offset();
        for from in [start, (start + log.log_end_offset()) / 2] {
            let expected: Vec<_> = log.records_from(from).map(|(offset, _)| offset).collect();
            prop_assert_eq!(read_on(&log, from), expected);
        }
        let mut follower = PartitionLog::new(config(compact, delete), now);
        follower.truncate_fully_and_start_at(start, now);
        let mut offset = start;
        while offset < log.log_end_offset() {
            let batches = log.read(offset, log.log_end_offset(), 300, true);
            let Some(last) = batches.last() else { break };
            offset = last.next_offset();
            follower.append_as_follower(&batches, now);
        }
        prop_assert_eq!(stored(&follower), stored(&log));
    }
}
