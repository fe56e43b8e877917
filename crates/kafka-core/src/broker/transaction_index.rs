//! Which transactions a log holds: those that are open, and where the others ended.
//!
//! Mirrors the transactions of `ProducerStateManager` (`ongoingTxns`, `unreplicatedTxns`) and `TransactionIndex`. Followers
//! build the same index from the batches that they copy. Leaves out: the `.txnindex` file, entries that go with old
//! segments.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::protocol::AbortedTransaction;
use crate::record::{ProducerIdAndEpoch, RecordBatch, TransactionResult};

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct TransactionIndex {
    /// By producer id: it has one transaction at a time.
    open: BTreeMap<i64, OpenTransaction>,
    /// In the order of their markers.
    ended: Vec<EndedTransaction>,
}

/// A transaction that has records in the log, and no marker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenTransaction {
    pub producer: ProducerIdAndEpoch,
    pub first_offset: i64,
}

/// A transaction whose marker is in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct EndedTransaction {
    producer_id: i64,
    first_offset: i64,
    marker_offset: i64,
    result: TransactionResult,
}

impl TransactionIndex {
    pub(super) fn from_batches<'a>(batches: impl Iterator<Item = &'a Rc<RecordBatch>>) -> Self {
        let mut index = Self::default();
        for batch in batches {
            index.note(batch);
        }
        index
    }

    /// Takes note of an appended batch. A marker without records before it leaves no trace.
    pub(super) fn note(&mut self, batch: &RecordBatch) {
        let Some(transaction) = batch.transaction else { return };
        let producer = transaction.producer;
        match transaction.marker {
            None => {
                let first = OpenTransaction { producer, first_offset: batch.base_offset };
                self.open.entry(producer.producer_id).or_insert(first);
            }
            Some(marker) => {
                let ended = self.open.remove(&producer.producer_id).map(|open| EndedTransaction {
                    producer_id: producer.producer_id,
                    first_offset: open.first_offset,
                    marker_offset: batch.base_offset,
                    result: marker.result,
                });
                self.ended.extend(ended);
            }
        }
    }

    /// `UnifiedLog.lastStableOffset`
    pub(super) fn last_stable_offset(&self, high_watermark: i64) -> i64 {
        let replicated = self.ended.partition_point(|ended| ended.marker_offset < high_watermark);
        let unreplicated = self.ended[replicated..].iter().map(|ended| ended.first_offset);
        let open = self.open.values().map(|open| open.first_offset);
        open.chain(unreplicated).fold(high_watermark, i64::min)
    }

    pub(super) fn is_open(&self, producer: ProducerIdAndEpoch) -> bool {
        self.open.get(&producer.producer_id).is_some_and(|open| open.producer == producer)
    }

    pub(super) fn open(&self) -> Vec<OpenTransaction> {
        let mut open: Vec<_> = self.open.values().copied().collect();
        open.sort_by_key(|transaction| transaction.first_offset);
        open
    }

    /// `TransactionIndex.collectAbortedTxns`
    pub(super) fn aborted(&self, from: i64, to: i64) -> Vec<AbortedTransaction> {
        let first = self.ended.partition_point(|ended| ended.marker_offset < from);
        let aborted = self.ended[first..]
            .iter()
            .filter(|ended| ended.result == TransactionResult::Abort && ended.first_offset < to);
        aborted
            .map(|ended| AbortedTransaction {
                producer_id: ended.producer_id,
                first_offset: ended.first_offset,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchTransaction, EndTransactionMarker, Record, RecordId};

    fn data(producer_id: i64, base_offset: i64) -> RecordBatch {
        let record = Record { id: RecordId(0), timestamp: 0, key: None, value: None, headers: Rc::from([]) };
        let producer = ProducerIdAndEpoch { producer_id, epoch: 0 };
        let transaction = Some(BatchTransaction { producer, marker: None });
        RecordBatch { base_offset, transaction, ..RecordBatch::new(vec![record; 2]) }
    }

    fn marker(producer_id: i64, base_offset: i64, result: TransactionResult) -> RecordBatch {
        let producer = ProducerIdAndEpoch { producer_id, epoch: 1 };
        let marker = EndTransactionMarker { result, coordinator_epoch: 0 };
        RecordBatch { base_offset, ..RecordBatch::marker(producer, marker, 0) }
    }

    #[test]
    fn the_last_stable_offset_stands_at_the_oldest_transaction_without_a_committed_end() {
        let mut index = TransactionIndex::default();
        for batch in [
            data(1, 0),
            data(2, 2),
            data(1, 4),
            marker(1, 6, TransactionResult::Commit),
            marker(2, 7, TransactionResult::Abort),
        ] {
            index.note(&batch);
        }
        let stable: Vec<_> = (0..=8).map(|end| index.last_stable_offset(end)).collect();
        assert_eq!(stable, [0, 0, 0, 0, 0, 0, 0, 2, 8]);
        index.note(&data(1, 8));
        assert_eq!(index.last_stable_offset(10), 8);
        assert_eq!(
            index.open(),
            [OpenTransaction { producer: ProducerIdAndEpoch { producer_id: 1, epoch: 0 }, first_offset: 8 }]
        );
    }

    #[test]
    fn only_aborted_transactions_with_records_in_the_range_are_told() {
        let mut index = TransactionIndex::default();
        for batch in [
            data(1, 0),
            marker(1, 2, TransactionResult::Abort),
            marker(1, 3, TransactionResult::Abort),
            data(2, 4),
            marker(2, 6, TransactionResult::Commit),
            data(3, 7),
            marker(3, 9, TransactionResult::Abort),
        ] {
            index.note(&batch);
        }
        let producers = |from, to| -> Vec<i64> {
            index.aborted(from, to).into_iter().map(|aborted| aborted.producer_id).collect()
        };
        assert_eq!([producers(0, 10), producers(0, 7), producers(2, 7)], [vec![1, 3], vec![1], vec![1]]);
        assert_eq!([producers(3, 7), producers(3, 8)], [vec![], vec![3]]);
    }
}
