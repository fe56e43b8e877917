//! The functions that every script has.

use std::fmt;
use std::rc::Rc;

use kafka_core::java_hash::JavaHash;
use kafka_core::producer::partitioner::{murmur2, to_positive};

use crate::operator::contains;
use crate::value::Value;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Builtin {
    Murmur2,
    Crc32,
    JavaHash,
    ToPositive,
    Abs,
    Min,
    Max,
    Available,
    Len,
    StartsWith,
    EndsWith,
    Contains,
    IndexOf,
    SubString,
    Split,
    Trim,
    ToLower,
    ToUpper,
    ToNumber,
    ToText,
}

/// Every function: its name, its arguments, and what it answers.
pub const BUILTINS: [(&str, &str, &str); 20] = [
    ("murmur2", "(x)", "the hash of Kafka's Java clients: 32 bits with a sign"),
    ("crc32", "(x)", "the hash of librdkafka's default partitioner: 32 bits without a sign"),
    ("java_hash", "(text)", "String.hashCode() of Java: 32 bits with a sign"),
    ("to_positive", "(number)", "the number without its sign bit, of 32: Utils.toPositive"),
    ("abs", "(number)", "the number without its sign"),
    ("min", "(a, b)", "the smaller number"),
    ("max", "(a, b)", "the larger number"),
    ("available", "()", "a list of the partitions that have a leader, in the order of the metadata"),
    ("len", "(x)", "how many characters a text, bytes or items a list has"),
    ("starts_with", "(text, part)", "whether a text starts so"),
    ("ends_with", "(text, part)", "whether a text ends so"),
    ("contains", "(x, part)", "whether a text, a list or the headers have it; also part in x"),
    ("index_of", "(text, part)", "where a part of a text begins, from 0; -1 if it is not there"),
    ("sub_string", "(text, from, length)", "so many characters of a text"),
    ("split", "(text, separator)", "a list of the parts of a text"),
    ("trim", "(text)", "a text without blanks at its ends"),
    ("to_lower", "(text)", "a text in small letters"),
    ("to_upper", "(text)", "a text in capital letters"),
    ("to_number", "(text)", "the number that a text shows; () if it shows none"),
    ("to_text", "(number)", "the digits of a number"),
];

const ALL: [Builtin; BUILTINS.len()] = [
    Builtin::Murmur2,
    Builtin::Crc32,
    Builtin::JavaHash,
    Builtin::ToPositive,
    Builtin::Abs,
    Builtin::Min,
    Builtin::Max,
    Builtin::Available,
    Builtin::Len,
    Builtin::StartsWith,
    Builtin::EndsWith,
    Builtin::Contains,
    Builtin::IndexOf,
    Builtin::SubString,
    Builtin::Split,
    Builtin::Trim,
    Builtin::ToLower,
    Builtin::ToUpper,
    Builtin::ToNumber,
    Builtin::ToText,
];

impl Builtin {
    pub(crate) fn find(name: &str) -> Option<Self> {
        let place = BUILTINS.iter().position(|(known, ..)| *known == name)?;
        Some(ALL[place])
    }

    pub(crate) fn arguments(self) -> usize {
        let (_, arguments, _) = self.row();
        arguments.split(',').filter(|argument| *argument != "()").count()
    }

    /// `available` are the partitions that have a leader.
    pub(crate) fn call(self, arguments: &[Value], available: &[u32]) -> Result<Value, String> {
        let number = |number: i32| Ok(Value::Number(i64::from(number)));
        match (self, arguments) {
            (Self::Murmur2, [hashed]) => number(murmur2(self.bytes(hashed)?)),
            (Self::Crc32, [hashed]) => Ok(Value::Number(i64::from(crc32(self.bytes(hashed)?)))),
            (Self::JavaHash, [Value::Text(text)]) => number(text.java_hash()),
            // Java's numbers of 32 bits; of a longer one the low bits count.
            (Self::ToPositive, [Value::Number(n)]) => Ok(Value::Number(i64::from(to_positive(*n as i32)))),
            (Self::Abs, [Value::Number(n)]) => n
                .checked_abs()
                .map(Value::Number)
                .ok_or_else(|| format!("abs({n}) does not fit into 64 bits")),
            (Self::Min, [Value::Number(a), Value::Number(b)]) => Ok(Value::Number(*a.min(b))),
            (Self::Max, [Value::Number(a), Value::Number(b)]) => Ok(Value::Number(*a.max(b))),
            (Self::Available, []) => Ok(Value::List(
                available.iter().map(|partition| Value::Number(i64::from(*partition))).collect(),
            )),
            (Self::Len, [Value::Text(text)]) => Ok(Value::Number(text.chars().count() as i64)),
            (Self::Len, [Value::Bytes(bytes)]) => Ok(Value::Number(bytes.len() as i64)),
            (Self::Len, [Value::List(items)]) => Ok(Value::Number(items.len() as i64)),
            (Self::StartsWith, [Value::Text(text), Value::Text(part)]) => {
                Ok(Value::Boolean(text.starts_with(&**part)))
            }
            (Self::EndsWith, [Value::Text(text), Value::Text(part)]) => {
                Ok(Value::Boolean(text.ends_with(&**part)))
            }
            (Self::Contains, [whole, part]) => contains(whole, part).map(Value::Boolean),
            (Self::IndexOf, [Value::Text(text), Value::Text(part)]) => {
                let place = text.find(&**part).map(|at| text[..at].chars().count() as i64);
                Ok(Value::Number(place.unwrap_or(-1)))
            }
            (Self::SubString, [Value::Text(text), Value::Number(from), Value::Number(length)]) => {
                let count = |number: &i64| usize::try_from(*number).unwrap_or(0);
                let part: String = text.chars().skip(count(from)).take(count(length)).collect();
                Ok(Value::Text(part.into()))
            }
            (Self::Split, [Value::Text(_), Value::Text(separator)]) if separator.is_empty() => {
                Err("split() needs a separator that is not empty".to_owned())
            }
            (Self::Split, [Value::Text(text), Value::Text(separator)]) => {
                Ok(Value::List(text.split(&**separator).map(|part| Value::Text(part.into())).collect()))
            }
            (Self::Trim, [Value::Text(text)]) => Ok(Value::Text(text.trim().into())),
            (Self::ToLower, [Value::Text(text)]) => Ok(Value::Text(text.to_lowercase().into())),
            (Self::ToUpper, [Value::Text(text)]) => Ok(Value::Text(text.to_uppercase().into())),
            (Self::ToNumber, [Value::Text(text)]) => {
                Ok(text.trim().parse().map_or(Value::Nothing, Value::Number))
            }
            (Self::ToText, [Value::Number(number)]) => Ok(Value::Text(number.to_string().into())),
            _ => Err(self.misused(arguments)),
        }
    }

    fn bytes(self, value: &Value) -> Result<&[u8], String> {
        value.as_bytes().ok_or_else(|| self.misused(std::slice::from_ref(value)))
    }

    fn misused(self, arguments: &[Value]) -> String {
        let given: Vec<_> = arguments.iter().map(ToString::to_string).collect();
        let hint = match (self, arguments) {
            (Self::Murmur2 | Self::Crc32 | Self::JavaHash, [Value::Nothing]) => {
                "; a record without a key has the key ()"
            }
            (Self::Murmur2 | Self::Crc32, _) => "; it hashes a text or bytes",
            _ => "",
        };
        format!("{self} cannot be called with {}{hint}", given.join(", "))
    }

    fn row(self) -> (&'static str, &'static str, &'static str) {
        let place = ALL.iter().position(|known| *known == self).unwrap_or(0);
        BUILTINS[place]
    }
}

impl fmt::Display for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, arguments, _) = self.row();
        write!(f, "{name}{arguments}")
    }
}

/// CRC-32 as in Ethernet, which librdkafka's `rd_crc32` computes.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// The names of all functions, for somebody who looked for another one.
pub(crate) fn names() -> String {
    let names: Vec<Rc<str>> = BUILTINS.iter().map(|(name, ..)| Rc::from(*name)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_clients() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        let text = |text: &str| Value::Text(text.into());
        let call = |builtin: Builtin, argument: Value| builtin.call(&[argument], &[]);
        assert_eq!(call(Builtin::Murmur2, text("user-1")), Ok(Value::Number(1_404_122_828)));
        assert_eq!(call(Builtin::Murmur2, text("bob")), Ok(Value::Number(-2_048_144_690)));
        assert_eq!(call(Builtin::JavaHash, text("Aa")), Ok(Value::Number(2112)));
        assert_eq!(call(Builtin::ToPositive, Value::Number(-2_048_144_690)), Ok(Value::Number(99_338_958)));
    }

    #[test]
    fn the_table_and_the_functions_are_in_the_same_order() {
        for (place, (name, ..)) in BUILTINS.iter().enumerate() {
            let spelt: String = format!("{:?}", ALL[place]).to_lowercase();
            assert_eq!(spelt, name.replace('_', ""));
        }
    }
}
