//! Values as the recordings write them.

use kafka_core::topic::TopicId;
use serde::{Deserialize, Deserializer};

/// A field that may be missing or null.
pub(super) fn optional<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

pub(super) fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok()
    };
    let bytes = if rest.is_empty() { pairs.iter().map(byte).collect() } else { None };
    bytes.ok_or_else(|| format!("`{hex}` is not hexadecimal"))
}

/// A topic id in its 22 characters of base64url.
pub(super) fn topic_id(text: &str) -> Result<TopicId, String> {
    TopicId::parse(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topic_ids_survive_their_text() {
        for text in ["EFmJ6tP5wBgiBezrhuf4GQ", "q92kkgzZRvbyjxrtNI_K2A", "AAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(topic_id(text).map(|id| id.to_string()), Ok(text.to_owned()));
        }
        assert!(topic_id("EFmJ6tP5").is_err());
    }

    #[test]
    fn hexadecimal_comes_in_pairs() {
        assert_eq!(bytes("00fF"), Ok(vec![0, 255]));
        assert!(bytes("0").is_err());
        assert!(bytes("zz").is_err());
    }
}
