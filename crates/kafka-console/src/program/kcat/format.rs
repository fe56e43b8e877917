//! How kcat prints a record.

use kafka_core::event::PolledRecord;
use kafka_core::protocol::BrokerId;
use kafka_core::record::Bytes;

use super::Refused;
use crate::json::Json;

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Format {
    Parts(Vec<Part>),
    Json { end: String },
}

#[derive(Clone, PartialEq, Debug)]
pub(super) enum Part {
    Text(String),
    Offset,
    Key,
    KeyLength,
    Payload,
    PayloadLength,
    Topic,
    Partition,
    Timestamp,
    Headers,
}

impl Format {
    pub(super) fn json(end: &str) -> Self {
        Self::Json { end: end.to_owned() }
    }

    /// Without `-f`: the value, after offset and key where they are asked for.
    pub(super) fn plain(offset: bool, key_delimiter: Option<&str>, delimiter: &str) -> Self {
        let mut parts = Vec::new();
        let separator = Part::Text(key_delimiter.unwrap_or("\t").to_owned());
        if offset {
            parts.extend([Part::Offset, separator.clone()]);
        }
        if key_delimiter.is_some() {
            parts.extend([Part::Key, separator]);
        }
        parts.extend([Part::Payload, Part::Text(delimiter.to_owned())]);
        Self::Parts(parts)
    }

    pub(super) fn parse(text: &str) -> Result<Self, Refused> {
        let mut parts = Vec::new();
        let mut characters = text.chars();
        let mut literal = String::new();
        while let Some(character) = characters.next() {
            if character != '%' {
                literal.push(character);
                continue;
            }
            let part = match characters.next() {
                Some('o') => Part::Offset,
                Some('k') => Part::Key,
                Some('K') => Part::KeyLength,
                Some('s') => Part::Payload,
                Some('S') => Part::PayloadLength,
                Some('t') => Part::Topic,
                Some('p') => Part::Partition,
                Some('T') => Part::Timestamp,
                Some('h') => Part::Headers,
                Some('%') => Part::Text("%".to_owned()),
                None => return Err(Refused::Fatal("Empty formatter".to_owned())),
                Some(other) => return Err(Refused::Fatal(format!("Unsupported formatter: %{other}"))),
            };
            parts.extend([Part::Text(std::mem::take(&mut literal)), part]);
        }
        parts.push(Part::Text(literal));
        Ok(Self::Parts(parts))
    }

    /// `broker` is whom the record came from.
    pub(super) fn print(&self, polled: &PolledRecord, broker: Option<BrokerId>, nulls: bool) -> Vec<u8> {
        match self {
            Self::Parts(parts) => parts.iter().flat_map(|part| part.print(polled, nulls)).collect(),
            Self::Json { end } => format!("{}{end}", envelope(polled, broker)).into_bytes(),
        }
    }
}

impl Part {
    fn print(&self, polled: &PolledRecord, nulls: bool) -> Vec<u8> {
        let record = &polled.record;
        let length = |bytes: &Option<Bytes>| {
            bytes.as_ref().map_or_else(|| "-1".to_owned(), |bytes| bytes.len().to_string()).into_bytes()
        };
        let null: &[u8] = if nulls { b"NULL" } else { b"" };
        let content = |bytes: &Option<Bytes>| bytes.as_ref().map_or(null, |bytes| &bytes[..]).to_vec();
        match self {
            Self::Text(text) => text.clone().into_bytes(),
            Self::Offset => polled.offset.to_string().into_bytes(),
            Self::Key => content(&record.key),
            Self::KeyLength => length(&record.key),
            Self::Payload => content(&record.value),
            Self::PayloadLength => length(&record.value),
            Self::Topic => polled.partition.topic.as_bytes().to_vec(),
            Self::Partition => polled.partition.partition.to_string().into_bytes(),
            Self::Timestamp => record.timestamp.to_string().into_bytes(),
            Self::Headers => {
                let header = |header: &kafka_core::record::Header| match &header.value {
                    Some(value) => format!("{}={}", header.key, String::from_utf8_lossy(value)),
                    None => format!("{}=NULL", header.key),
                };
                record.headers.iter().map(header).collect::<Vec<_>>().join(",").into_bytes()
            }
        }
    }
}

fn envelope(polled: &PolledRecord, broker: Option<BrokerId>) -> Json {
    let record = &polled.record;
    let text = |bytes: &Option<Bytes>| match bytes {
        Some(bytes) => Json::Text(String::from_utf8_lossy(bytes).into_owned()),
        None => Json::Null,
    };
    let mut fields = vec![
        ("topic", Json::Text(polled.partition.topic.to_string())),
        ("partition", Json::Number(i64::from(polled.partition.partition))),
        ("offset", Json::Number(polled.offset)),
        ("tstype", Json::Text("create".to_owned())),
        ("ts", Json::Number(record.timestamp)),
        ("broker", Json::Number(broker.map_or(-1, |broker| i64::from(broker.0)))),
    ];
    if !record.headers.is_empty() {
        let headers = record
            .headers
            .iter()
            .flat_map(|header| [Json::Text(header.key.to_string()), text(&header.value)])
            .collect();
        fields.push(("headers", Json::List(headers)));
    }
    fields.extend([("key", text(&record.key)), ("payload", text(&record.value))]);
    Json::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
