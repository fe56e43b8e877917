//! What a log promises, by example; against a plain list in `model`.

mod model;

use std::rc::Rc;

use super::PartitionLog;
use crate::config::LogConfig;
use crate::record::{Bytes, Record, RecordBatch, RecordId};

fn record(key: Option<&str>, value: Option<&str>, timestamp: i64) -> Record {
    let bytes = |text: &str| Bytes::from(text.as_bytes());
    Record { id: RecordId(0), timestamp, key: key.map(bytes), value: value.map(bytes), headers: Rc::from([]) }
}

fn batch(count: usize) -> RecordBatch {
    RecordBatch::new(vec![record(None, Some("v"), 0); count])
}

fn log_of(counts: &[usize]) -> PartitionLog {
    let mut log = PartitionLog::default();
    for count in counts {
        log.append_as_leader(&batch(*count), 0, 0);
    }
    log
}

#[test]
fn offsets_are_given_in_order_without_gaps() {
    let log = log_of(&[2, 3]);
    assert_eq!(log.log_end_offset(), 5);
    let offsets: Vec<_> = log.records_from(1).map(|(offset, _)| offset).collect();
    assert_eq!(offsets, [1, 2, 3, 4]);
}

#[test]
fn a_read_starts_with_the_batch_that_holds_the_offset_and_ends_below_the_limit() {
    let log = log_of(&[2, 3, 1]);
    let bases = |batches: Vec<Rc<RecordBatch>>| -> Vec<i64> {
        batches.iter().map(|batch| batch.base_offset).collect()
    };
    assert_eq!(bases(log.read(3, 6, u32::MAX, true)), [2, 5]);
    assert_eq!(bases(log.read(3, 5, u32::MAX, true)), [2]);
    assert_eq!(bases(log.read(0, 6, 1, true)), [0], "the first batch comes whole");
    assert_eq!(bases(log.read(0, 6, 1, false)), [] as [i64; 0]);
}

#[test]
fn epochs_end_where_the_next_one_begins() {
    let mut log = PartitionLog::default();
    for (epoch, count) in [(2, 2), (2, 1), (5, 4)] {
        log.append_as_leader(&batch(count), epoch, 0);
    }
    let end = |epoch| {
        let end = log.end_offset_for(epoch);
        (end.leader_epoch, end.end_offset)
    };
    assert_eq!([end(1), end(2), end(4), end(5), end(9)], [(1, 0), (2, 3), (2, 3), (5, 7), (5, 7)]);
    assert_eq!(log.epochs(), [(2, 0), (5, 3)]);
    log.truncate_to(3);
    assert_eq!((log.log_end_offset(), log.latest_epoch()), (3, Some(2)));
    let mut fresh = PartitionLog::default();
    fresh.append_as_leader(&batch(2), 2, 0);
    fresh.append_as_leader(&batch(1), 2, 0);
    assert_eq!(log, fresh, "nothing is left of what was dropped");
}

#[test]
fn a_follower_passes_over_what_it_has() {
    let leader = log_of(&[1, 2]);
    let batches: Vec<_> = leader.batches().cloned().collect();
    let mut follower = PartitionLog::default();
    follower.append_as_follower(&batches[..1], 0);
    follower.append_as_follower(&batches, 0);
    follower.append_as_follower(&batches, 0);
    assert_eq!(follower, leader);
}

/// 64 batches of 16 205 bytes fit into a segment of 1 MiB; the first entry of the index is the second batch.
#[test]
fn segments_roll_and_are_indexed_as_seen_on_a_real_broker() {
    let config = LogConfig { segment_bytes: 1_048_576, ..LogConfig::default() };
    let mut log = PartitionLog::new(Rc::new(config), 0);
    let value = "x".repeat(1000);
    for number in 0..70 {
        let records = vec![record(None, Some(&value), number); 16];
        let append = log.append_as_leader(&RecordBatch::new(records), 0, 5_000);
        assert_eq!(append.rolled, (number == 64).then_some(1024));
    }
    let told: Vec<_> = log
        .segments()
        .map(|segment| (segment.base_offset(), segment.size_in_bytes(), segment.offset_index().len()))
        .collect();
    assert_eq!(told, [(0, 1_037_120, 63), (1024, 6 * 16_205, 5)]);
    let first = log.segments().next().expect("a log has a segment");
    let (index, times) = (first.offset_index()[0], first.time_index());
    assert_eq!((index.offset, index.position), (31, 16_205));
    assert_eq!((times[0].timestamp, times[0].offset, times.len()), (1, 31, 63));
}

#[test]
fn time_rolls_by_the_records_clock_and_only_when_one_comes() {
    let config = LogConfig { segment_ms: 1000, ..LogConfig::default() };
    let mut log = PartitionLog::new(Rc::new(config), 0);
    let mut append = |timestamp, now| {
        log.append_as_leader(&RecordBatch::new(vec![record(None, None, timestamp)]), 0, now).rolled
    };
    let rolled = [append(100, 100), append(1100, 90_000), append(1101, 90_000), append(0, 99_000)];
    assert_eq!(rolled, [None, None, Some(2), None]);
}

/// The recorded pass of a real cleaner (`cmp-c2`, `cmp-c3` of the vectors).
#[test]
fn of_each_key_the_last_record_stays_and_a_tombstone_for_a_while() {
    let config = LogConfig {
        compact: true,
        delete: false,
        segment_ms: 10,
        min_cleanable_dirty_ratio: 10_000,
        delete_retention_ms: 1000,
        ..LogConfig::default()
    };
    let mut log = PartitionLog::new(Rc::new(config), 0);
    let put = |log: &mut PartitionLog, key, value, now| {
        log.append_as_leader(&RecordBatch::new(vec![record(Some(key), value, now)]), 0, now);
    };
    let stored = |log: &PartitionLog| -> Vec<(i64, String)> {
        let key =
            |record: &Record| String::from_utf8_lossy(record.key.as_deref().unwrap_or(b"")).into_owned();
        log.records_from(0).map(|(offset, record)| (offset, key(record))).collect()
    };
    let told = |rows: &[(i64, &str)]| -> Vec<(i64, String)> {
        rows.iter().map(|(offset, key)| (*offset, (*key).to_owned())).collect()
    };
    for (key, value) in [("a", "1"), ("b", "1"), ("a", "2"), ("c", "1"), ("b", "2"), ("a", "3")] {
        put(&mut log, key, Some(value), 0);
    }
    put(&mut log, "d", Some("1"), 100);
    put(&mut log, "b", None, 200);
    assert_eq!(log.dirtiness(0, 200), None, "nothing is committed");
    put(&mut log, "e", Some("1"), 300);
    assert_eq!(log.next_cleaning_at(9, 300), Some(300));
    let cleaning = log.clean(9, 300).expect("it is dirty");
    assert_eq!((cleaning.clean_until, cleaning.records_before, cleaning.records_after), (8, 8, 4));
    assert_eq!(stored(&log), told(&[(3, "c"), (5, "a"), (6, "d"), (7, "b"), (8, "e")]));
    assert_eq!((log.log_start_offset(), log.dirtiness(9, 300)), (0, None));
    put(&mut log, "f", Some("1"), 2000);
    log.clean(10, 2000).expect("a segment was sealed");
    assert_eq!(stored(&log), told(&[(3, "c"), (5, "a"), (6, "d"), (8, "e"), (9, "f")]));
    assert_eq!(log.read(0, 10, 1, true)[0].base_offset, 3, "a reader passes over the gap");
}
