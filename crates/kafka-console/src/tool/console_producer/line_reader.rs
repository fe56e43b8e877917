//! From a line to a record: `[headers DELIMITER] [key SEPARATOR] value`.
//!
//! Mirrors `LineMessageReader`.

use std::rc::Rc;

use kafka_core::command::ProducerRecord;
use kafka_core::record::{Bytes, Header};
use regex_lite::Regex;

use crate::tool::properties::Map;

#[derive(Clone, Debug)]
pub(super) struct LineReader {
    topic: Rc<str>,
    parse_key: bool,
    key_separator: Rc<str>,
    parse_headers: bool,
    headers_delimiter: Rc<str>,
    headers_separator: Rc<str>,
    headers_separator_pattern: Regex,
    headers_key_separator: Rc<str>,
    ignore_error: bool,
    null_marker: Option<Rc<str>>,
    line_number: u64,
}

/// The pattern is made from the separator: comparing that is enough.
impl PartialEq for LineReader {
    fn eq(&self, other: &Self) -> bool {
        let settings = |reader: &Self| {
            let Self { topic, key_separator, headers_delimiter, headers_separator, .. } = reader.clone();
            let flags = (reader.parse_key, reader.parse_headers, reader.ignore_error, reader.line_number);
            let markers = (reader.headers_key_separator.clone(), reader.null_marker.clone());
            (topic, key_separator, headers_delimiter, headers_separator, flags, markers)
        };
        settings(self) == settings(other)
    }
}

/// What the reader can be told, with whether it is one of `true` and `false`.
pub(crate) const LINE_READER_SETTINGS: [(&str, bool); 8] = [
    ("parse.key", true),
    ("key.separator", false),
    ("parse.headers", true),
    ("headers.delimiter", false),
    ("headers.separator", false),
    ("headers.key.separator", false),
    ("ignore.error", true),
    ("null.marker", false),
];

impl LineReader {
    /// The error is the message of a `KafkaException`.
    pub(super) fn new(topic: Rc<str>, properties: &Map) -> Result<Self, String> {
        let text =
            |name: &str, default: &str| properties.get(name).cloned().unwrap_or_else(|| default.into());
        let flag =
            |name: &str| properties.get(name).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"));
        let headers_separator = text("headers.separator", ",");
        let pattern = Regex::new(&headers_separator);
        let reader = Self {
            topic,
            parse_key: flag("parse.key"),
            key_separator: text("key.separator", "\t"),
            parse_headers: flag("parse.headers"),
            headers_delimiter: text("headers.delimiter", "\t"),
            headers_separator_pattern: pattern
                .map_err(|_| format!("headers.separator is not a regular expression: {headers_separator}"))?,
            headers_separator,
            headers_key_separator: text("headers.key.separator", ":"),
            ignore_error: flag("ignore.error"),
            null_marker: properties.get("null.marker").cloned(),
            line_number: 0,
        };
        reader.check_separators()?;
        Ok(reader)
    }

    fn check_separators(&self) -> Result<(), String> {
        let delimiter = ("headers.delimiter", Some(&self.headers_delimiter));
        let separator = ("headers.separator", Some(&self.headers_separator));
        let key_separator = ("headers.key.separator", Some(&self.headers_key_separator));
        let marker = ("null.marker", self.null_marker.as_ref());
        let pairs = [
            (delimiter, separator),
            (delimiter, key_separator),
            (separator, key_separator),
            (marker, ("key.separator", Some(&self.key_separator))),
            (marker, separator),
            (marker, delimiter),
            (marker, key_separator),
        ];
        match pairs.iter().find(|((_, left), (_, right))| left == right) {
            Some(((left, _), (right, _))) => Err(format!("{left} and {right} may not be equal")),
            None => Ok(()),
        }
    }

    /// The error is the message of a `KafkaException`.
    pub(super) fn read(&mut self, line: &str) -> Result<ProducerRecord, String> {
        self.line_number += 1;
        let (headers, rest) = if self.parse_headers {
            self.split(line, line, &self.headers_delimiter, "headers delimiter")?
        } else {
            (None, line)
        };
        let (key, value) = if self.parse_key {
            self.split(line, rest, &self.key_separator, "key separator")?
        } else {
            (None, rest)
        };
        let headers = match headers.filter(|headers| !self.is_null(headers)) {
            Some(headers) => self.headers(headers)?,
            None => Rc::default(),
        };
        Ok(ProducerRecord {
            topic: self.topic.clone(),
            partition: None,
            timestamp: None,
            key: key.and_then(|key| self.bytes(key)),
            value: self.bytes(value),
            headers,
        })
    }

    fn split<'a>(
        &self,
        line: &str,
        rest: &'a str,
        separator: &str,
        what: &str,
    ) -> Result<(Option<&'a str>, &'a str), String> {
        match rest.split_once(separator) {
            Some((before, after)) => Ok((Some(before), after)),
            None if self.ignore_error => Ok((None, rest)),
            None => Err(format!("No {what} found on line number {}: '{line}'", self.line_number)),
        }
    }

    fn headers(&self, text: &str) -> Result<Rc<[Header]>, String> {
        let mut pairs: Vec<_> = self.headers_separator_pattern.split(text).collect();
        // `Pattern.split` drops what is empty at the end.
        while pairs.len() > 1 && pairs.last().is_some_and(|pair| pair.is_empty()) {
            pairs.pop();
        }
        pairs.into_iter().map(|pair| self.header(pair)).collect()
    }

    fn header(&self, pair: &str) -> Result<Header, String> {
        let Some((key, value)) = pair.split_once(&*self.headers_key_separator) else {
            if self.ignore_error {
                return Ok(Header { key: pair.into(), value: None });
            }
            let number = self.line_number;
            return Err(format!("No header key separator found in pair '{pair}' on line number {number}"));
        };
        if self.is_null(key) {
            return Err(format!(
                "Header keys should not be equal to the null marker '{key}' as they can't be null"
            ));
        }
        Ok(Header { key: key.into(), value: self.bytes(value) })
    }

    fn bytes(&self, text: &str) -> Option<Bytes> {
        (!self.is_null(text)).then(|| text.as_bytes().into())
    }

    fn is_null(&self, text: &str) -> bool {
        self.null_marker.as_deref() == Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(properties: &[(&str, &str)]) -> Result<LineReader, String> {
        let map = properties.iter().map(|(key, value)| (Rc::from(*key), Rc::from(*value))).collect();
        LineReader::new("t".into(), &map)
    }

    /// `headers|key|value`, with `-` for null.
    fn shown(record: &ProducerRecord) -> String {
        let text = |bytes: &Option<Bytes>| {
            bytes.as_ref().map_or("-".to_owned(), |bytes| String::from_utf8_lossy(bytes).into_owned())
        };
        let headers = record.headers.iter().map(|header| format!("{}={}", header.key, text(&header.value)));
        format!("{}|{}|{}", headers.collect::<Vec<_>>().join("&"), text(&record.key), text(&record.value))
    }

    #[test]
    fn lines_are_split_at_the_first_separator() {
        let keyed: &[_] = &[("parse.key", "true"), ("key.separator", ":")];
        let marked = [keyed, &[("null.marker", "NULL")]].concat();
        let lenient = [keyed, &[("ignore.error", "TRUE")]].concat();
        let headed =
            [keyed, &[("parse.headers", "true"), ("headers.delimiter", "!"), ("null.marker", "N")]].concat();
        // Not even a header key may hold the key separator unless the headers have another.
        type Row<'a> = (&'a [(&'a str, &'a str)], &'a str, Result<&'a str, &'a str>);
        let rows: [Row<'_>; 12] = [
            (&[], "k:v", Ok("|-|k:v")),
            (&[], "", Ok("|-|")),
            (keyed, "k:v:w", Ok("|k|v:w")),
            (keyed, ":v", Ok("||v")),
            (keyed, "nokey", Err("No key separator found on line number 1: 'nokey'")),
            (&[("parse.key", "true")], "k:v", Err("No key separator found on line number 1: 'k:v'")),
            (&marked, "k:NULL", Ok("|k|-")),
            (&marked, "NULL:NULL", Ok("|-|-")),
            (&lenient, "nokey", Ok("|-|nokey")),
            (&headed, "h1:a,h2:N!k:v", Ok("h1=a&h2=-|k|v")),
            (&headed, "N!k:v", Ok("|k|v")),
            (&headed, "h1!k:v", Err("No header key separator found in pair 'h1' on line number 1")),
        ];
        for (properties, line, expected) in rows {
            let record = reader(properties).unwrap().read(line).map(|record| shown(&record));
            assert_eq!(record.as_deref().map_err(String::as_str), expected, "{line}");
        }
    }

    #[test]
    fn separators_must_differ() {
        let rows: [(&[(&str, &str)], &str); 3] = [
            (&[("headers.delimiter", ",")], "headers.delimiter and headers.separator may not be equal"),
            (&[("null.marker", "\t")], "null.marker and key.separator may not be equal"),
            (&[("headers.separator", "(")], "headers.separator is not a regular expression: ("),
        ];
        for (properties, message) in rows {
            assert_eq!(reader(properties).unwrap_err(), message);
        }
    }
}
