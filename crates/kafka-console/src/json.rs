//! JSON, as far as tools read and write it.
//!
//! Mirrors Jackson's default reading: no comments, no trailing commas. Leaves out: numbers that are not whole.

use std::fmt;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    Number(i64),
    Text(String),
    List(Vec<Json>),
    /// In the order of the text.
    Object(Vec<(String, Json)>),
}

/// How deep lists and objects may stand in each other.
const MAX_DEPTH: u32 = 64;

impl Json {
    /// `None` for a text that is not JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let value = reader.value(MAX_DEPTH)?;
        reader.skip_blanks();
        reader.rest.is_empty().then_some(value)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            Self::Null | Self::Boolean(_) | Self::Number(_) | Self::Text(_) | Self::Object(_) => None,
        }
    }
}

/// Without blanks.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(items) => {
                f.write_str("[")?;
                for (place, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if place > 0 { "," } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Object(fields) => {
                f.write_str("{")?;
                for (place, (key, value)) in fields.iter().enumerate() {
                    write!(f, "{}{}:{value}", if place > 0 { "," } else { "" }, quoted(key))?;
                }
                f.write_str("}")
            }
        }
    }
}

/// A text in quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", control as u32)),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Option<Json> {
        let depth = depth.checked_sub(1)?;
        self.skip_blanks();
        for (word, value) in
            [("null", Json::Null), ("true", Json::Boolean(true)), ("false", Json::Boolean(false))]
        {
            if self.take(word) {
                return Some(value);
            }
        }
        if self.take("[") {
            let mut items = Vec::new();
            self.items("]", |reader| {
                items.push(reader.value(depth)?);
                Some(())
            })?;
            return Some(Json::List(items));
        }
        if self.take("{") {
            let mut fields = Vec::new();
            self.items("}", |reader| {
                reader.skip_blanks();
                let key = reader.text()?;
                reader.skip_blanks();
                let colon = reader.take(":");
                fields.push((key, reader.value(depth).filter(|_| colon)?));
                Some(())
            })?;
            return Some(Json::Object(fields));
        }
        if self.rest.starts_with('"') { self.text().map(Json::Text) } else { self.number() }
    }

    /// Items with commas between them, up to `end`.
    fn items(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.skip_blanks();
        if self.take(end) {
            return Some(());
        }
        loop {
            item(self)?;
            self.skip_blanks();
            if self.take(end) {
                return Some(());
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let is_part = |c: char| c.is_ascii_digit() || c == '-';
        let end = self.rest.find(|c: char| !is_part(c)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().ok().map(Json::Number)
    }

    fn text(&mut self) -> Option<String> {
        let mut characters = self.rest.strip_prefix('"')?.char_indices();
        let mut text = String::new();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 2..];
                    return Some(text);
                }
                '\\' => match characters.next()?.1 {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    plain @ ('"' | '\\' | '/') => text.push(plain),
                    'u' => {
                        let digits: String = characters.by_ref().take(4).map(|(_, digit)| digit).collect();
                        let code = u32::from_str_radix(&digits, 16).ok()?;
                        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    _ => return None,
                },
                control if control < ' ' => return None,
                other => text.push(other),
            }
        }
        None
    }

    fn take(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written() {
        for text in [
            r#"{"partitions":[{"topic":"pay","partition":0,"offset":3}],"version":1}"#,
            r#"["\"a\\",-1,null,true,{},[]]"#,
            r#""파티션\n""#,
        ] {
            assert_eq!(Json::parse(text).map(|json| json.to_string()).as_deref(), Some(text));
        }
        assert_eq!(
            Json::parse(" { \"a\" : [ 1 , 2 ] } ").map(|json| json.to_string()).as_deref(),
            Some("{\"a\":[1,2]}")
        );
        assert_eq!(Json::parse(r#""\u0041\/""#), Some(Json::Text("A/".to_owned())));
    }

    #[test]
    fn other_texts_are_none() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "[1,]", "{\"a\" 1}", "{a:1}", "1 2", "\"", "'a'", "1.5", "nul", &deep] {
            assert_eq!(Json::parse(text), None, "{text:.20}");
        }
    }
}
