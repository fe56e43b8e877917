//! What a batch has to do with its producer's transaction, and the markers at the end of one.
//!
//! Mirrors the flags `isTransactional` and `isControlBatch` of `DefaultRecordBatch`, and `EndTransactionMarker`. Leaves out:
//! control records of other kinds.

use std::rc::Rc;

use super::{ProducerIdAndEpoch, Record, RecordBatch, RecordId};

/// How a transaction ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TransactionResult {
    Commit,
    Abort,
}

/// The one record of a control batch: the transaction of its producer has ended in this partition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EndTransactionMarker {
    pub result: TransactionResult,
    /// The leader epoch of the coordinator's partition of `__transaction_state`.
    pub coordinator_epoch: i32,
}

/// The part that a batch plays in its producer's transaction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BatchTransaction {
    pub producer: ProducerIdAndEpoch,
    /// `None` for a batch of data.
    pub marker: Option<EndTransactionMarker>,
}

impl RecordBatch {
    /// A control batch, as a transaction coordinator has it written; `timestamp` in milliseconds since the Unix epoch.
    pub fn marker(producer: ProducerIdAndEpoch, marker: EndTransactionMarker, timestamp: i64) -> Self {
        let version = 0_i16.to_be_bytes();
        let record = Record {
            id: RecordId::default(),
            timestamp,
            key: Some([version, marker.result.control_type().to_be_bytes()].concat().into()),
            value: Some([&version[..], &marker.coordinator_epoch.to_be_bytes()].concat().into()),
            headers: Rc::from([]),
        };
        let transaction = Some(BatchTransaction { producer, marker: Some(marker) });
        Self { transaction, ..Self::new(vec![record]) }
    }

    /// The marker that a control batch is.
    pub fn end_marker(&self) -> Option<EndTransactionMarker> {
        self.transaction?.marker
    }
}

impl TransactionResult {
    const fn control_type(self) -> i16 {
        match self {
            Self::Abort => 0,
            Self::Commit => 1,
        }
    }
}

impl EndTransactionMarker {
    /// Reads the record of a control batch.
    pub(super) fn decode(record: &Record) -> Option<Self> {
        let control_type = record.key.as_deref()?.last_chunk().map(|bytes| i16::from_be_bytes(*bytes))?;
        let results = [TransactionResult::Abort, TransactionResult::Commit];
        let result = results.into_iter().find(|result| result.control_type() == control_type)?;
        let coordinator_epoch =
            record.value.as_deref()?.last_chunk().map(|bytes| i32::from_be_bytes(*bytes))?;
        Some(Self { result, coordinator_epoch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::decode;

    #[test]
    fn a_marker_takes_78_bytes_and_is_read_again() {
        let producer = ProducerIdAndEpoch { producer_id: 7, epoch: 1 };
        for result in [TransactionResult::Commit, TransactionResult::Abort] {
            let marker = EndTransactionMarker { result, coordinator_epoch: 3 };
            let batch = RecordBatch::marker(producer, marker, 0);
            assert_eq!((batch.size_in_bytes, batch.records.len()), (78, 1));
            let (again, _) = decode(&batch.encode()).expect("what was written");
            assert_eq!(again.transaction, batch.transaction);
        }
    }
}
