//! What a log knows of the idempotent producers that wrote to it: enough to tell a batch that comes again, and one
//! that is missing.
//!
//! Mirrors `ProducerStateManager`, `ProducerStateEntry` and `ProducerAppendInfo`. Followers build the same state from the
//! batches that they copy. Leaves out: snapshots, `producer.id.expiration.ms`, transactions.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::protocol::ErrorCode;
use crate::record::{RecordBatch, increment_sequence};

/// So many batches of a producer can be told again (`ProducerStateEntry.NUM_BATCHES_TO_RETAIN`).
const BATCHES_TO_RETAIN: usize = 5;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct ProducerStates(BTreeMap<i64, ProducerState>);

#[derive(Clone, PartialEq, Eq, Debug)]
struct ProducerState {
    epoch: i16,
    /// The newest last; never empty.
    batches: VecDeque<BatchMetadata>,
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

    /// Looks at a batch before it is appended. That of an unknown producer is taken with any sequence number.
    pub(super) fn check(&self, batch: &RecordBatch) -> Result<Option<Duplicate>, ErrorCode> {
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
        let expected = known.batches.back().map(|last| increment_sequence(last.last_sequence, 1));
        if expected == Some(first) { Ok(None) } else { Err(ErrorCode::OutOfOrderSequenceNumber) }
    }

    /// It is the last batch of its producer: without it, the next one would not be known to be the next.
    pub(super) fn ends_with(&self, batch: &RecordBatch) -> bool {
        let producer = batch.sequence.and_then(|sequence| self.0.get(&sequence.producer.producer_id));
        let last = producer.and_then(|known| known.batches.back());
        last.is_some_and(|last| last.next_offset == batch.next_offset())
    }

    /// Takes note of an appended batch.
    pub(super) fn note(&mut self, batch: &RecordBatch) {
        let (Some(sequence), Some(last_sequence)) = (batch.sequence, batch.last_sequence()) else { return };
        let epoch = sequence.producer.epoch;
        let fresh = || ProducerState { epoch, batches: VecDeque::new() };
        let state = self.0.entry(sequence.producer.producer_id).or_insert_with(fresh);
        if state.epoch != epoch {
            *state = fresh();
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BatchSequence, ProducerIdAndEpoch, Record, RecordId};

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
}
