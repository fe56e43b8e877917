//! What a script computes with.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    /// `()`: no key, no value, no such header.
    Nothing,
    Boolean(bool),
    Number(i64),
    Text(Rc<str>),
    /// A key, a value or a header that is not text.
    Bytes(Rc<[u8]>),
    /// Holds no lists.
    List(Rc<[Value]>),
    Headers(Rc<BTreeMap<Rc<str>, Value>>),
}

impl Value {
    pub(crate) fn of_bytes(bytes: Option<&[u8]>) -> Self {
        match bytes.map(|bytes| (bytes, std::str::from_utf8(bytes))) {
            None => Self::Nothing,
            Some((_, Ok(text))) => Self::Text(text.into()),
            Some((bytes, Err(_))) => Self::Bytes(bytes.into()),
        }
    }

    /// Of a text or of bytes.
    pub(crate) fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Text(text) => Some(text.as_bytes()),
            Self::Bytes(bytes) => Some(bytes),
            Self::Nothing | Self::Boolean(_) | Self::Number(_) | Self::List(_) | Self::Headers(_) => None,
        }
    }

    /// How much there is to look at or to keep.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Nothing | Self::Boolean(_) | Self::Number(_) => 0,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(items) => items.iter().map(|item| 16 + item.size()).sum(),
            Self::Headers(headers) => headers.iter().map(|(name, value)| name.len() + value.size()).sum(),
        }
    }
}

/// As an error shows it: `the text "KR"`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 40;
        match self {
            Self::Nothing => f.write_str("()"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => match text.char_indices().nth(SHOWN) {
                Some((cut, _)) => write!(f, "the text {:?}…", &text[..cut]),
                None => write!(f, "the text {text:?}"),
            },
            Self::Bytes(bytes) => write!(f, "{} bytes that are no text", bytes.len()),
            Self::List(items) => write!(f, "a list of {}", items.len()),
            Self::Headers(_) => f.write_str("the headers"),
        }
    }
}
