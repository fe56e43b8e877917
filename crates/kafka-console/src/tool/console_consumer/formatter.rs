//! From a record to the line that is printed. Mirrors `DefaultMessageFormatter`.
//!
//! Leaves out: deserializers other than those for strings and whole numbers.

use std::rc::Rc;

use kafka_core::event::PolledRecord;
use kafka_core::record::Header;

use crate::tool::properties::Map;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Formatter {
    timestamp: bool,
    partition: bool,
    offset: bool,
    delivery: bool,
    epoch: bool,
    headers: bool,
    key: bool,
    value: bool,
    key_separator: Rc<str>,
    line_separator: Rc<str>,
    headers_separator: Rc<str>,
    null_literal: Rc<str>,
    key_deserializer: Deserializer,
    value_deserializer: Deserializer,
    headers_deserializer: Deserializer,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deserializer {
    /// None was named: the bytes are printed as they are.
    Bytes,
    Text,
    Short,
    Integer,
    Long,
}

/// What the formatter can be told, with whether it is one of `true` and `false`.
pub(crate) const FORMATTER_SETTINGS: [(&str, bool); 15] = [
    ("print.timestamp", true),
    ("print.partition", true),
    ("print.offset", true),
    ("print.delivery", true),
    ("print.epoch", true),
    ("print.headers", true),
    ("print.key", true),
    ("print.value", true),
    ("key.separator", false),
    ("line.separator", false),
    ("headers.separator", false),
    ("null.literal", false),
    ("key.deserializer", false),
    ("value.deserializer", false),
    ("headers.deserializer", false),
];

pub(crate) const DESERIALIZERS: [&str; 4] = [
    "org.apache.kafka.common.serialization.StringDeserializer",
    "org.apache.kafka.common.serialization.ShortDeserializer",
    "org.apache.kafka.common.serialization.IntegerDeserializer",
    "org.apache.kafka.common.serialization.LongDeserializer",
];

const PACKAGE: &str = "org.apache.kafka.common.serialization.";

impl Formatter {
    /// The error is what the tool says about a class that it cannot use.
    pub(super) fn new(properties: &Map) -> Result<Self, String> {
        let flag = |name: &str, default: bool| {
            properties.get(name).map_or(default, |value| value.trim().eq_ignore_ascii_case("true"))
        };
        let text =
            |name: &str, default: &str| properties.get(name).cloned().unwrap_or_else(|| default.into());
        let deserializer = |name: &str| match properties.get(name) {
            Some(class) => Deserializer::from_class(class.trim()),
            None => Ok(Deserializer::Bytes),
        };
        Ok(Self {
            timestamp: flag("print.timestamp", false),
            partition: flag("print.partition", false),
            offset: flag("print.offset", false),
            delivery: flag("print.delivery", false),
            epoch: flag("print.epoch", false),
            headers: flag("print.headers", false),
            key: flag("print.key", false),
            value: flag("print.value", true),
            key_separator: text("key.separator", "\t"),
            line_separator: text("line.separator", "\n"),
            headers_separator: text("headers.separator", ","),
            null_literal: text("null.literal", "null"),
            key_deserializer: deserializer("key.deserializer")?,
            value_deserializer: deserializer("value.deserializer")?,
            headers_deserializer: deserializer("headers.deserializer")?,
        })
    }

    /// The line with its end; nothing when nothing is to be printed. The error is an exception.
    pub(super) fn format(&self, polled: &PolledRecord) -> Result<Vec<u8>, String> {
        let record = &polled.record;
        let mut columns: Vec<Vec<u8>> = Vec::new();
        let mut label = |wanted: bool, text: String| {
            if wanted {
                columns.push(text.into_bytes());
            }
        };
        label(self.timestamp, format!("{}:{}", polled.timestamp_type, record.timestamp));
        label(self.partition, format!("Partition:{}", polled.partition.partition));
        label(self.offset, format!("Offset:{}", polled.offset));
        label(self.delivery, "Delivery:NOT_PRESENT".to_owned());
        label(self.epoch, "Epoch:NOT_PRESENT".to_owned());
        if self.headers {
            columns.push(self.format_headers(&record.headers)?);
        }
        if self.key {
            columns.push(self.field(self.key_deserializer, record.key.as_deref())?);
        }
        if self.value {
            columns.push(self.field(self.value_deserializer, record.value.as_deref())?);
        }
        let mut line = columns.join(self.key_separator.as_bytes());
        if !columns.is_empty() {
            line.extend_from_slice(self.line_separator.as_bytes());
        }
        Ok(line)
    }

    fn format_headers(&self, headers: &[Header]) -> Result<Vec<u8>, String> {
        if headers.is_empty() {
            return Ok(b"NO_HEADERS".to_vec());
        }
        let mut pairs = Vec::new();
        for header in headers {
            let value = self.field(self.headers_deserializer, header.value.as_deref())?;
            pairs.push([header.key.as_bytes(), b":", &value].concat());
        }
        Ok(pairs.join(self.headers_separator.as_bytes()))
    }

    /// What stands for null goes through the deserializer as well.
    fn field(&self, deserializer: Deserializer, bytes: Option<&[u8]>) -> Result<Vec<u8>, String> {
        deserializer.read(bytes.unwrap_or(self.null_literal.as_bytes()))
    }
}

impl Deserializer {
    fn from_class(class: &str) -> Result<Self, String> {
        Ok(match class.strip_prefix(PACKAGE) {
            Some("StringDeserializer") => Self::Text,
            Some("ShortDeserializer") => Self::Short,
            Some("IntegerDeserializer") => Self::Integer,
            Some("LongDeserializer") => Self::Long,
            Some(_) | None => {
                return Err(format!(
                    "kafka-console-consumer: the deserializer {class} is not simulated. Here are {PACKAGE}\
                     {{String,Short,Integer,Long}}Deserializer."
                ));
            }
        })
    }

    fn read(self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        let wrong_size = |name: &str, size: usize| {
            format!(
                "org.apache.kafka.common.errors.SerializationException: Size of data received by {name} is not {size}"
            )
        };
        let text = match self {
            Self::Bytes => return Ok(bytes.to_vec()),
            Self::Text => String::from_utf8_lossy(bytes).into_owned(),
            Self::Short => {
                let bytes = bytes.try_into().map_err(|_| wrong_size("ShortDeserializer", 2))?;
                i16::from_be_bytes(bytes).to_string()
            }
            Self::Integer => {
                let bytes = bytes.try_into().map_err(|_| wrong_size("IntegerDeserializer", 4))?;
                i32::from_be_bytes(bytes).to_string()
            }
            Self::Long => {
                let bytes = bytes.try_into().map_err(|_| wrong_size("LongDeserializer", 8))?;
                i64::from_be_bytes(bytes).to_string()
            }
        };
        Ok(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use kafka_core::record::{Bytes, Record, RecordId};
    use kafka_core::topic::TopicPartition;

    use super::*;

    fn polled(key: Option<&str>, value: Option<&str>, headers: &[(&str, Option<&str>)]) -> PolledRecord {
        let bytes = |text: &str| Bytes::from(text.as_bytes());
        let header =
            |(key, value): &(&str, Option<&str>)| Header { key: (*key).into(), value: value.map(bytes) };
        PolledRecord {
            partition: TopicPartition::new("t", 2),
            offset: 8,
            leader_epoch: 0,
            timestamp_type: kafka_core::record::TimestampType::CreateTime,
            record: Record {
                id: RecordId(0),
                timestamp: 1_760_436_000_000,
                key: key.map(bytes),
                value: value.map(bytes),
                headers: headers.iter().map(header).collect(),
            },
        }
    }

    fn format(properties: &str, record: &PolledRecord) -> Result<String, String> {
        let pairs = properties.split_whitespace().filter_map(|pair| pair.split_once('='));
        let map = pairs.map(|(key, value)| (Rc::from(key), Rc::from(value))).collect();
        let bytes = Formatter::new(&map)?.format(record)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    #[test]
    fn columns_come_in_kafkas_order() {
        let record = polled(Some("k7"), Some("v7"), &[("h1", Some("a")), ("h2", None)]);
        let null = polled(None, None, &[]);
        let all = "print.key=true print.headers=true print.offset=true print.partition=true print.timestamp=true \
                   print.epoch=true print.delivery=true";
        let rows = [
            ("", &record, "v7\n"),
            (
                all,
                &record,
                "CreateTime:1760436000000\tPartition:2\tOffset:8\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\t\
                 h1:a,h2:null\tk7\tv7\n",
            ),
            ("print.headers=TRUE print.key=true", &null, "NO_HEADERS\tnull\tnull\n"),
            ("print.key=true print.value=false null.literal=NIL", &null, "NIL\n"),
            ("print.value=yes", &record, ""),
            ("print.partition=true key.separator==> line.separator=;", &record, "Partition:2=>v7;"),
        ];
        for (properties, record, line) in rows {
            assert_eq!(format(properties, record).as_deref(), Ok(line), "{properties}");
        }
    }

    #[test]
    fn a_number_has_its_size() {
        let class = |name: &str| format!("value.deserializer=org.apache.kafka.common.serialization.{name}");
        let four = polled(None, Some("\0\0\u{1}\0"), &[]);
        assert_eq!(format(&class("IntegerDeserializer"), &four).as_deref(), Ok("256\n"));
        let refused = format(&class("LongDeserializer"), &four).unwrap_err();
        assert!(refused.ends_with("Size of data received by LongDeserializer is not 8"), "{refused}");
        assert!(format("value.deserializer=java.lang.String", &four).is_err());
    }
}
