//! Names of topics and partitions. Mirrors `org.apache.kafka.common.{TopicPartition, TopicIdPartition, Uuid}`.

use std::fmt;
use std::rc::Rc;

use crate::rng::Rng;

/// A topic's name; cheap to clone.
pub type TopicName = Rc<str>;

/// `orders-2`: partition 2 of the topic `orders`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    pub topic: TopicName,
    pub partition: u32,
}

impl TopicPartition {
    pub fn new(topic: impl Into<TopicName>, partition: u32) -> Self {
        Self { topic: topic.into(), partition }
    }
}

impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

impl fmt::Debug for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The 128-bit id of one incarnation of a topic; prints as Kafka does, in 22 characters of base64url.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TopicId {
    pub most_significant_bits: u64,
    pub least_significant_bits: u64,
}

/// One partition, by the id of its topic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TopicIdPartition {
    pub topic_id: TopicId,
    pub partition: u32,
}

impl TopicId {
    /// A random id. `Uuid.randomUuid` draws again when the text would start with a dash, which
    /// tools would take for an option.
    pub fn random(rng: &mut Rng) -> Self {
        loop {
            let id = Self {
                most_significant_bits: (rng.next_u64() & !0xf000) | 0x4000,
                least_significant_bits: (rng.next_u64() & !(0b11 << 62)) | (0b10 << 62),
            };
            if !id.to_string().starts_with('-') {
                return id;
            }
        }
    }
}

/// Text that is no id. `Display` is the message of Java's exception.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TopicIdError {
    IllegalCharacter(u32),
    WrongLength { text: String, bytes: usize },
}

impl fmt::Display for TopicIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IllegalCharacter(character) => write!(f, "Illegal base64 character {character:x}"),
            Self::WrongLength { text, bytes } => write!(
                f,
                "Input string `{text}` decoded as {bytes} bytes, which is not equal to the expected 16 bytes of a \
                 base64-encoded UUID"
            ),
        }
    }
}

impl TopicId {
    /// `Uuid.fromString`: an id from its characters of base64url, with or without padding.
    ///
    /// # Errors
    /// Says what is wrong with a text that is not 16 bytes in base64url.
    pub fn parse(text: &str) -> Result<Self, TopicIdError> {
        let digit = |character: char| match character {
            'A'..='Z' => Ok(character as u32 - 'A' as u32),
            'a'..='z' => Ok(character as u32 - 'a' as u32 + 26),
            '0'..='9' => Ok(character as u32 - '0' as u32 + 52),
            '-' => Ok(62),
            '_' => Ok(63),
            _ => Err(TopicIdError::IllegalCharacter(character as u32)),
        };
        let digits = text.trim_end_matches('=').chars().map(digit).collect::<Result<Vec<_>, _>>()?;
        let Some((last, others)) = digits.split_last().filter(|_| digits.len() == 22) else {
            return Err(TopicIdError::WrongLength { text: text.to_owned(), bytes: digits.len() * 6 / 8 });
        };
        // 22 digits of 6 bits hold 132 bits: the last digit carries 2 bits and 4 that do not count.
        let bits = others.iter().fold(0_u128, |bits, digit| bits << 6 | u128::from(*digit));
        let bits = bits << 2 | u128::from(*last >> 4);
        let low = u128::from(u64::MAX);
        Ok(Self { most_significant_bits: (bits >> 64) as u64, least_significant_bits: (bits & low) as u64 })
    }
}

impl fmt::Display for TopicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let bits = (u128::from(self.most_significant_bits) << 64) | u128::from(self.least_significant_bits);
        for position in 0..22 {
            // 22 digits of 6 bits hold 132 bits: the last digit carries 2 bits and 4 zeros.
            let digit = if position < 21 { bits >> (122 - 6 * position) } else { bits << 4 } & 0x3f;
            write!(f, "{}", char::from(ALPHABET[digit as usize]))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_is_refused_in_javas_words() {
        let rows = [
            (
                "abc",
                "Input string `abc` decoded as 2 bytes, which is not equal to the expected 16 bytes of a base64-encoded \
                 UUID",
            ),
            ("a!c", "Illegal base64 character 21"),
        ];
        for (text, message) in rows {
            assert_eq!(TopicId::parse(text).map_err(|error| error.to_string()), Err(message.to_owned()));
        }
    }

    #[test]
    fn an_id_prints_as_kafka_prints_it() {
        let id = TopicId {
            most_significant_bits: 0x1059_89ea_d3f9_c018,
            least_significant_bits: 0x2205_eceb_86e7_f819,
        };
        assert_eq!(id.to_string(), "EFmJ6tP5wBgiBezrhuf4GQ");
        assert_eq!(TopicId::parse("EFmJ6tP5wBgiBezrhuf4GQ"), Ok(id));
        assert_eq!(TopicId::parse("EFmJ6tP5wBgiBezrhuf4GQ=="), Ok(id));
    }
}
