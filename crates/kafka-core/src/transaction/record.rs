//! The records of `__transaction_state`.
//!
//! Mirrors `TransactionLog`, `TransactionLogKey` 0 and `TransactionLogValue` 1. Leaves out: tombstones, which only ids that
//! expire have.

use std::collections::BTreeMap;

use crate::protocol::TransactionalId;
use crate::record::{Bytes, ProducerIdAndEpoch};
use crate::topic::{TopicName, TopicPartition};
use crate::transaction::metadata::{TransactionMetadata, TransactionState};
use crate::wire::{Reader, UnreadableRecord, Writer};

const KEY_VERSION: i16 = 0;
const VALUE_VERSION: i16 = 1;

/// Tags of the fields that may be left out.
const PREVIOUS_PRODUCER_ID: u32 = 0;
const NEXT_PRODUCER_ID: u32 = 1;
const CLIENT_TRANSACTION_VERSION: u32 = 2;

/// KIP-890, part 2.
const TRANSACTION_VERSION: i16 = 2;

const NO_TIMESTAMP: i64 = -1;

const STATES: [TransactionState; 6] = [
    TransactionState::Empty,
    TransactionState::Ongoing,
    TransactionState::PrepareCommit,
    TransactionState::PrepareAbort,
    TransactionState::CompleteCommit,
    TransactionState::CompleteAbort,
];

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TransactionRecord {
    pub transactional_id: TransactionalId,
    pub metadata: TransactionMetadata,
}

impl TransactionRecord {
    /// The key and the value as they stand in the log.
    pub fn encode(&self) -> (Bytes, Bytes) {
        let mut key = Writer::default();
        key.int16(KEY_VERSION);
        key.string(&self.transactional_id);
        (key.finish(), self.metadata.encode())
    }

    /// # Errors
    /// The bytes are not a record of `__transaction_state` in the versions that are written.
    pub fn decode(key: &[u8], value: &[u8]) -> Result<Self, UnreadableRecord> {
        let mut key = Reader::new(key);
        key.version(KEY_VERSION)?;
        Ok(Self { transactional_id: key.string()?, metadata: TransactionMetadata::decode(value)? })
    }
}

impl TransactionMetadata {
    fn encode(&self) -> Bytes {
        let mut out = Writer::default();
        out.int16(VALUE_VERSION);
        out.int64(self.producer.producer_id);
        out.int16(self.producer.epoch);
        out.millis(self.timeout);
        out.int8((0..).zip(STATES).find(|(_, state)| *state == self.state).map_or(0, |(id, _)| id));
        let mut topics: BTreeMap<&TopicName, Vec<u32>> = BTreeMap::new();
        for partition in &self.partitions {
            topics.entry(&partition.topic).or_default().push(partition.partition);
        }
        out.compact_length(topics.len());
        for (topic, partitions) in topics {
            out.compact_string(topic);
            out.compact_length(partitions.len());
            partitions.iter().for_each(|partition| out.int32(partition.cast_signed()));
            out.no_tagged_fields();
        }
        out.int64(self.last_update_timestamp);
        out.int64(self.start_timestamp.unwrap_or(NO_TIMESTAMP));
        let ids =
            [(PREVIOUS_PRODUCER_ID, self.previous_producer_id), (NEXT_PRODUCER_ID, self.next_producer_id)];
        let mut tagged: Vec<_> = ids.into_iter().filter_map(|(tag, id)| Some((tag, int64(id?)))).collect();
        let mut version = Writer::default();
        version.int16(TRANSACTION_VERSION);
        tagged.push((CLIENT_TRANSACTION_VERSION, version));
        out.tagged_fields(tagged);
        out.finish()
    }

    fn decode(value: &[u8]) -> Result<Self, UnreadableRecord> {
        let mut value = Reader::new(value);
        value.version(VALUE_VERSION)?;
        let producer = ProducerIdAndEpoch { producer_id: value.int64()?, epoch: value.int16()? };
        let timeout = value.millis()?;
        let state = STATES.get(usize::from(value.int8()?)).ok_or(UnreadableRecord::UnknownValue)?;
        let topics = value.compact_array(|topic| {
            let name: TopicName = topic.compact_string()?;
            let partitions = topic.compact_array(Reader::int32)?;
            topic.tagged_fields()?;
            Ok(partitions
                .into_iter()
                .map(move |number| TopicPartition::new(name.clone(), number.cast_unsigned())))
        })?;
        let last_update_timestamp = value.int64()?;
        let start_timestamp = value.int64()?;
        let mut metadata = Self {
            producer,
            previous_producer_id: None,
            next_producer_id: None,
            timeout,
            state: *state,
            partitions: topics.into_iter().flatten().collect(),
            start_timestamp: (start_timestamp != NO_TIMESTAMP).then_some(start_timestamp),
            last_update_timestamp,
        };
        for (tag, mut field) in value.tagged_fields()? {
            match tag {
                PREVIOUS_PRODUCER_ID => metadata.previous_producer_id = Some(field.int64()?),
                NEXT_PRODUCER_ID => metadata.next_producer_id = Some(field.int64()?),
                _ => {}
            }
        }
        Ok(metadata)
    }
}

fn int64(value: i64) -> Writer {
    let mut out = Writer::default();
    out.int64(value);
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (state, previous_producer_id, next_producer_id, start_timestamp) in [
            (TransactionState::Empty, None, None, None),
            (TransactionState::Ongoing, Some(4), None, Some(12)),
            (TransactionState::PrepareAbort, None, Some(2000), Some(12)),
            (TransactionState::CompleteCommit, Some(1), None, Some(12)),
        ] {
            let metadata = TransactionMetadata {
                producer: ProducerIdAndEpoch { producer_id: 1001, epoch: 7 },
                previous_producer_id,
                next_producer_id,
                timeout: Duration::from_millis(60_000),
                state,
                partitions: [("a", 0), ("a", 3), ("__consumer_offsets", 49)]
                    .map(|(topic, number)| TopicPartition::new(topic, number))
                    .into(),
                start_timestamp,
                last_update_timestamp: 15,
            };
            let record = TransactionRecord { transactional_id: "tx".into(), metadata };
            let (key, value) = record.encode();
            assert_eq!(TransactionRecord::decode(&key, &value), Ok(record));
        }
    }
}
