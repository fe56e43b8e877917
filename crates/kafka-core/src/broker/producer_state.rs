//! What a log knows of the idempotent producers that wrote to it: enough to tell a batch that comes again, and one
//! that is missing.
//!
//! Mirrors `ProducerStateManager`, `ProducerStateEntry` and `ProducerAppendInfo`. Followers build the same state from the
//! batches that they copy; transactions are in `transaction_index`. Leaves out: snapshots, `producer.id.expiration.ms`,
//! `VerificationGuard` (with transaction version 2, the marker's own epoch fences what comes after it).

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::protocol::ErrorCode;
use crate::record::{BatchTransaction, ProducerIdAndEpoch, RecordBatch, increment_sequence};

/// So many batches of a producer can be told again (`ProducerStateEntry.NUM_BATCHES_TO_RETAIN`).
const BATCHES_TO_RETAIN: usize = 5;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct ProducerStates(BTreeMap<i64, ProducerState>);

#[derive(Clone, PartialEq, Eq, Debug)]
struct ProducerState {
    epoch: i16,
    /// The newest last; empty when a marker has begun the epoch.
    batches: VecDeque<BatchMetadata>,
    /// Of the last marker.
    coordinator_epoch: Option<i32>,
    /// Of the newest record, in milliseconds since the Unix epoch.
    last_timestamp: i64,
}

/// A producer, as `DescribeProducers` tells of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProducerDescription {
    pub producer: ProducerIdAndEpoch,
    /// `None` before the first batch of its epoch.
    pub last_sequence: Option<i32>,
    /// Of its newest record, in milliseconds since the Unix epoch.
    pub last_timestamp: i64,
    /// Of the last marker, if there was one.
    pub coordinator_epoch: Option<i32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct BatchMetadata {
    base_sequence: i32,
    last_sequence: i32,
    base_offset: i64,
    next_offset: i64,
}

/// A batch that is in the log already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Duplicate {
    pub(crate) base_offset: i64,
    pub(crate) next_offset: i64,
}

impl ProducerStates {
    pub(super) fn from_batches<'a>(batches: impl Iterator<Item = &'a Rc<RecordBatch>>) -> Self {
        let mut states = Self::default();
        for batch in batches {
            states.note(batch);
        }
        states
    }

    /// In order of producer id.
    pub(super) fn describe(&self) -> impl Iterator<Item = ProducerDescription> {
        self.0.iter().map(|(producer_id, state)| ProducerDescription {
            producer: ProducerIdAndEpoch { producer_id: *producer_id, epoch: state.epoch },
            last_sequence: state.batches.back().map(|batch| batch.last_sequence),
            last_timestamp: state.last_timestamp,
            coordinator_epoch: state.coordinator_epoch,
        })
    }

    /// Looks at a batch before it is appended. That of an unknown producer is taken with any sequence number.
    pub(super) fn check(&self, batch: &RecordBatch) -> Result<Option<Duplicate>, ErrorCode> {
        batch.transaction.map_or(Ok(()), |transaction| self.check_transaction(transaction))?;
        let (Some(sequence), Some(last_sequence)) = (batch.sequence, batch.last_sequence()) else {
            return Ok(None);
        };
        let Some(known) = self.0.get(&sequence.producer.producer_id) else { return Ok(None) };
        if sequence.producer.epoch < known.epoch {
            return Err(ErrorCode::InvalidProducerEpoch);
        }
        let first = sequence.base_sequence;
        if sequence.producer.epoch > known.epoch {
            return if first == 0 { Ok(None) } else { Err(ErrorCode::OutOfOrderSequenceNumber) };
        }
        let same = |had: &&BatchMetadata| (had.base_sequence, had.last_sequence) == (first, last_sequence);
        if let Some(BatchMetadata { base_offset, next_offset, .. }) = known.batches.iter().find(same).copied()
        {
            return Ok(Some(Duplicate { base_offset, next_offset }));
        }
        let expected = known.batches.back().map_or(0, |last| increment_sequence(last.last_sequence, 1));
        if expected == first { Ok(None) } else { Err(ErrorCode::OutOfOrderSequenceNumber) }
    }

    /// Also what a coordinator writes must not be of an older epoch, of the producer or of the coordinator
    /// (`ProducerAppendInfo.checkProducerEpoch`, `checkCoordinatorEpoch`).
    pub(super) fn check_transaction(&self, transaction: BatchTransaction) -> Result<(), ErrorCode> {
        let BatchTransaction { producer, marker } = transaction;
        let Some(known) = self.0.get(&producer.producer_id) else { return Ok(()) };
        if producer.epoch < known.epoch {
            return Err(ErrorCode::InvalidProducerEpoch);
        }
        let stale = marker.is_some_and(|marker| Some(marker.coordinator_epoch) < known.coordinator_epoch);
        if stale { Err(ErrorCode::TransactionCoordinatorFenced) } else { Ok(()) }
    }

    /// It is the last batch of its producer: without it, the next one would not be known to be the next.
    pub(super) fn ends_with(&self, batch: &RecordBatch) -> bool {
        let producer = batch.sequence.and_then(|sequence| self.0.get(&sequence.producer.producer_id));
        let last = producer.and_then(|known| known.batches.back());
        last.is_some_and(|last| last.next_offset == batch.next_offset())
    }

    /// Takes note of an appended batch.
    pub(super) fn note(&mut self, batch: &RecordBatch) {
        let sequence = batch.sequence;
        let identity = batch.transaction.map(|transaction| transaction.producer);
        let Some(producer) = identity.or(sequence.map(|sequence| sequence.producer)) else { return };
        let state = self.0.entry(producer.producer_id).or_insert_with(|| ProducerState::new(producer.epoch));
        if state.epoch != producer.epoch {
            state.epoch = producer.epoch;
            state.batches.clear();
        }
        state.last_timestamp = batch.records.last().map_or(state.last_timestamp, |record| record.timestamp);
        if let Some(marker) = batch.end_marker() {
            state.coordinator_epoch = Some(marker.coordinator_epoch);
        }
        let (Some(sequence), Some(last_sequence)) = (sequence, batch.last_sequence()) else { return };
        if state.batches.len() == BATCHES_TO_RETAIN {
            state.batches.pop_front();
        }
        state.batches.push_back(BatchMetadata {
            base_sequence: sequence.base_sequence,
            last_sequence,
            base_offset: batch.base_offset,
            next_offset: batch.next_offset(),
        });
    }
}

impl ProducerState {
    const fn new(epoch: i16) -> Self {
        Self { epoch, batches: VecDeque::new(), coordinator_epoch: None, last_timestamp: -1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchSequence, EndTransactionMarker, Record, RecordId, TransactionResult};

    fn batch(epoch: i16, base_sequence: i32, base_offset: i64) -> RecordBatch {
        let record = Record { id: RecordId(0), timestamp: 0, key: None, value: None, headers: Rc::from([]) };
        let producer = ProducerIdAndEpoch { producer_id: 7, epoch };
        let sequence = Some(BatchSequence { producer, base_sequence });
        RecordBatch { base_offset, sequence, ..RecordBatch::new(vec![record; 2]) }
    }

    #[test]
    fn a_batch_is_known_again_or_is_the_next_or_is_refused() {
        let mut states = ProducerStates::default();
        assert_eq!(states.check(&batch(0, 40, 0)), Ok(None), "nothing is known of this producer");
        for number in 0..6 {
            states.note(&batch(1, number * 2, i64::from(number) * 2));
        }
        let out_of_order = Err(ErrorCode::OutOfOrderSequenceNumber);
        let duplicate = |base_offset| Ok(Some(Duplicate { base_offset, next_offset: base_offset + 2 }));
        for (epoch, base_sequence, outcome) in [
            (1, 12, Ok(None)),
            (1, 10, duplicate(10)),
            (1, 2, duplicate(2)),
            (1, 0, out_of_order),
            (1, 11, out_of_order),
            (1, 14, out_of_order),
            (2, 0, Ok(None)),
            (2, 12, out_of_order),
            (0, 12, Err(ErrorCode::InvalidProducerEpoch)),
        ] {
            assert_eq!(states.check(&batch(epoch, base_sequence, 0)), outcome, "{epoch} {base_sequence}");
        }
    }

    #[test]
    fn a_marker_ends_the_epoch_and_the_numbers_start_again() {
        let marker = |epoch, coordinator_epoch| {
            let producer = ProducerIdAndEpoch { producer_id: 7, epoch };
            let marker = EndTransactionMarker { result: TransactionResult::Commit, coordinator_epoch };
            RecordBatch::marker(producer, marker, 0)
        };
        let mut states = ProducerStates::default();
        states.note(&batch(0, 0, 0));
        states.note(&marker(1, 4));
        let fenced = Err(ErrorCode::InvalidProducerEpoch);
        assert_eq!([states.check(&batch(0, 2, 0)), states.check(&marker(0, 4))], [fenced, fenced]);
        assert_eq!(states.check(&marker(1, 3)), Err(ErrorCode::TransactionCoordinatorFenced));
        assert_eq!(states.check(&batch(1, 2, 0)), Err(ErrorCode::OutOfOrderSequenceNumber));
        assert_eq!([states.check(&batch(1, 0, 0)), states.check(&marker(1, 4))], [Ok(None), Ok(None)]);
    }
}
