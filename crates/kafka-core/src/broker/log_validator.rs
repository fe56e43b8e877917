//! What a leader looks at before it appends a producer's batch.
//!
//! Mirrors `LogValidator` and `UnifiedLog.analyzeAndValidateRecords`. Leaves out: checksums (nothing is damaged on the
//! way), which records of a batch are to blame.

use crate::config::LogConfig;
use crate::protocol::ErrorCode;
use crate::record::RecordBatch;

/// `now` is in milliseconds since the Unix epoch.
///
/// # Errors
/// None of the batch may be appended.
pub(super) fn validate(batch: &RecordBatch, config: &LogConfig, now: i64) -> Result<(), ErrorCode> {
    if batch.size_in_bytes > config.max_message_bytes {
        return Err(ErrorCode::MessageTooLarge);
    }
    if config.compact && batch.records.iter().any(|record| record.key.is_none()) {
        return Err(ErrorCode::InvalidRecord);
    }
    let earliest = now.saturating_sub(config.message_timestamp_before_max_ms);
    let latest = now.saturating_add(config.message_timestamp_after_max_ms);
    let in_range = |timestamp| (earliest..=latest).contains(&timestamp);
    if !config.log_append_time && !batch.records.iter().all(|record| in_range(record.timestamp)) {
        return Err(ErrorCode::InvalidTimestamp);
    }
    if u64::from(batch.size_in_bytes) > config.segment_bytes {
        return Err(ErrorCode::RecordListTooLarge);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::record::{Bytes, Record, RecordId};

    #[test]
    fn a_batch_is_refused_whole() {
        let record = |key: Option<&str>, timestamp| Record {
            id: RecordId(0),
            timestamp,
            key: key.map(|key| Bytes::from(key.as_bytes())),
            value: Some(Bytes::from(vec![b'x'; 100])),
            headers: Rc::from([]),
        };
        let config = LogConfig {
            compact: true,
            message_timestamp_before_max_ms: 10,
            message_timestamp_after_max_ms: 5,
            ..LogConfig::default()
        };
        let check =
            |records: Vec<Record>, config: &LogConfig| validate(&RecordBatch::new(records), config, 1000);
        assert_eq!(check(vec![record(Some("k"), 990), record(Some("k"), 1005)], &config), Ok(()));
        for timestamp in [989, 1006] {
            let outcome = check(vec![record(Some("k"), 1000), record(Some("k"), timestamp)], &config);
            assert_eq!(outcome, Err(ErrorCode::InvalidTimestamp));
            let config = LogConfig { log_append_time: true, ..config.clone() };
            assert_eq!(check(vec![record(Some("k"), timestamp)], &config), Ok(()));
        }
        let keyless = vec![record(Some("k"), 1000), record(None, 1000)];
        assert_eq!(check(keyless, &config), Err(ErrorCode::InvalidRecord));
        let small = LogConfig { max_message_bytes: 170, ..LogConfig::default() };
        assert_eq!(check(vec![record(None, 1000)], &small), Ok(()));
        assert_eq!(
            check(vec![record(Some(""), 1000), record(None, 1000)], &small),
            Err(ErrorCode::MessageTooLarge)
        );
        let small = LogConfig { segment_bytes: 169, ..LogConfig::default() };
        assert_eq!(check(vec![record(None, 1000)], &small), Err(ErrorCode::RecordListTooLarge));
    }
}
