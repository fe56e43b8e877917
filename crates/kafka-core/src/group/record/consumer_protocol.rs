//! What consumers tell each other through the coordinator, as bytes.
//!
//! Mirrors `ConsumerProtocol`: ConsumerProtocolSubscription 3 and ConsumerProtocolAssignment 3. Leaves out:
//! user data (null here; the sticky assignors keep what they need in the owned partitions), older versions.

use crate::protocol::Subscription;
use crate::record::Bytes;
use crate::topic::{TopicName, TopicPartition};
use crate::wire::{Reader, UnreadableRecord, Writer};

const VERSION: i16 = 3;

pub(super) fn encode_subscription(subscription: &Subscription) -> Bytes {
    let mut out = Writer::default();
    out.int16(VERSION);
    out.length(subscription.topics.len());
    for topic in &subscription.topics {
        out.string(topic);
    }
    out.null_bytes();
    let mut owned = subscription.owned_partitions.clone();
    owned.sort();
    write_partitions(&mut out, &owned);
    out.int32(subscription.generation.unwrap_or(-1));
    out.nullable_string(subscription.rack.as_deref());
    out.finish()
}

pub(super) fn decode_subscription(bytes: &[u8]) -> Result<Subscription, UnreadableRecord> {
    let mut bytes = Reader::new(bytes);
    bytes.version(VERSION)?;
    let topics = bytes.array(Reader::string)?;
    bytes.nullable_bytes()?;
    let owned_partitions = read_partitions(&mut bytes)?;
    let generation = bytes.int32()?;
    let rack = bytes.nullable_string()?;
    Ok(Subscription { topics, owned_partitions, generation: (generation >= 0).then_some(generation), rack })
}

pub(super) fn encode_assignment(assignment: &[TopicPartition]) -> Bytes {
    let mut out = Writer::default();
    out.int16(VERSION);
    write_partitions(&mut out, assignment);
    out.null_bytes();
    out.finish()
}

pub(super) fn decode_assignment(bytes: &[u8]) -> Result<Vec<TopicPartition>, UnreadableRecord> {
    let mut bytes = Reader::new(bytes);
    bytes.version(VERSION)?;
    read_partitions(&mut bytes)
}

/// Partitions under their topics; topics stand in the order in which they first appear.
fn write_partitions(out: &mut Writer, partitions: &[TopicPartition]) {
    let mut topics: Vec<(&TopicName, Vec<u32>)> = Vec::new();
    for TopicPartition { topic, partition } in partitions {
        match topics.iter_mut().find(|(name, _)| *name == topic) {
            Some((_, numbers)) => numbers.push(*partition),
            None => topics.push((topic, vec![*partition])),
        }
    }
    out.length(topics.len());
    for (topic, numbers) in topics {
        out.string(topic);
        out.length(numbers.len());
        for number in numbers {
            out.int32(number.cast_signed());
        }
    }
}

fn read_partitions(bytes: &mut Reader<'_>) -> Result<Vec<TopicPartition>, UnreadableRecord> {
    let topics = bytes.array(|topic| {
        let name = topic.string()?;
        topic.array(|number| {
            Ok(TopicPartition { topic: name.clone(), partition: number.int32()?.cast_unsigned() })
        })
    })?;
    Ok(topics.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn a_subscription_has_kafkas_bytes() {
        let subscription = Subscription {
            topics: vec![Rc::from("t")],
            owned_partitions: vec![TopicPartition::new("t", 1), TopicPartition::new("t", 0)],
            generation: None,
            rack: None,
        };
        let expected = [
            &[0, 3, 0, 0, 0, 1, 0, 1, b't', 0xff, 0xff, 0xff, 0xff][..],
            &[0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ];
        assert_eq!(*encode_subscription(&subscription), *expected.concat());
    }

    #[test]
    fn an_assignment_has_kafkas_bytes() {
        let expected = [0, 3, 0, 0, 0, 1, 0, 1, b't', 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(*encode_assignment(&[TopicPartition::new("t", 2)]), expected);
    }
}
