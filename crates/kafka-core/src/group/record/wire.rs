//! Kafka's primitive types as bytes: big-endian integers, strings and arrays behind their lengths.
//!
//! Mirrors `ByteBufferAccessor` for messages of non-flexible versions. Leaves out: variable-length integers
//! and tagged fields.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::record::Bytes;

/// Why bytes are not a record of `__consumer_offsets`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnreadableRecord {
    TooShort,
    NotText,
    NegativeLength,
    UnknownVersion(i16),
}

impl fmt::Display for UnreadableRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => f.write_str("the record ends too early"),
            Self::NotText => f.write_str("a name is not UTF-8"),
            Self::NegativeLength => f.write_str("a length is negative"),
            Self::UnknownVersion(version) => write!(f, "unknown version {version}"),
        }
    }
}

impl std::error::Error for UnreadableRecord {}

#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn int16(&mut self, value: i16) {
        self.0.extend(value.to_be_bytes());
    }

    pub(super) fn int32(&mut self, value: i32) {
        self.0.extend(value.to_be_bytes());
    }

    pub(super) fn int64(&mut self, value: i64) {
        self.0.extend(value.to_be_bytes());
    }

    pub(super) fn millis(&mut self, value: Duration) {
        self.int32(i32::try_from(value.as_millis()).unwrap_or(i32::MAX));
    }

    /// The length of an array or of bytes.
    pub(super) fn length(&mut self, length: usize) {
        self.int32(i32::try_from(length).expect("nothing in a group record is 2 GiB long"));
    }

    pub(super) fn string(&mut self, value: &str) {
        self.int16(i16::try_from(value.len()).expect("names in group records are shorter than 32 KiB"));
        self.0.extend(value.as_bytes());
    }

    pub(super) fn nullable_string(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.string(value),
            None => self.int16(-1),
        }
    }

    pub(super) fn bytes(&mut self, value: &[u8]) {
        self.length(value.len());
        self.0.extend(value);
    }

    pub(super) fn null_bytes(&mut self) {
        self.int32(-1);
    }

    pub(super) fn finish(self) -> Bytes {
        self.0.into()
    }
}

pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn int16(&mut self) -> Result<i16, UnreadableRecord> {
        self.fixed().map(i16::from_be_bytes)
    }

    pub(super) fn int32(&mut self) -> Result<i32, UnreadableRecord> {
        self.fixed().map(i32::from_be_bytes)
    }

    pub(super) fn int64(&mut self) -> Result<i64, UnreadableRecord> {
        self.fixed().map(i64::from_be_bytes)
    }

    pub(super) fn millis(&mut self) -> Result<Duration, UnreadableRecord> {
        let millis = u64::try_from(self.int32()?).map_err(|_| UnreadableRecord::NegativeLength)?;
        Ok(Duration::from_millis(millis))
    }

    pub(super) fn version(&mut self, expected: i16) -> Result<(), UnreadableRecord> {
        match self.int16()? {
            version if version == expected => Ok(()),
            version => Err(UnreadableRecord::UnknownVersion(version)),
        }
    }

    pub(super) fn string(&mut self) -> Result<Rc<str>, UnreadableRecord> {
        self.nullable_string()?.ok_or(UnreadableRecord::NegativeLength)
    }

    pub(super) fn nullable_string(&mut self) -> Result<Option<Rc<str>>, UnreadableRecord> {
        let Ok(length) = usize::try_from(self.int16()?) else { return Ok(None) };
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| UnreadableRecord::NotText)?;
        Ok(Some(Rc::from(text)))
    }

    pub(super) fn bytes(&mut self) -> Result<&'a [u8], UnreadableRecord> {
        self.nullable_bytes()?.ok_or(UnreadableRecord::NegativeLength)
    }

    pub(super) fn nullable_bytes(&mut self) -> Result<Option<&'a [u8]>, UnreadableRecord> {
        let Ok(length) = usize::try_from(self.int32()?) else { return Ok(None) };
        self.take(length).map(Some)
    }

    pub(super) fn array<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, UnreadableRecord>,
    ) -> Result<Vec<T>, UnreadableRecord> {
        let length = self.int32()?;
        if length < 0 {
            return Err(UnreadableRecord::NegativeLength);
        }
        (0..length).map(|_| element(self)).collect()
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], UnreadableRecord> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(UnreadableRecord::TooShort)?;
        self.0 = rest;
        Ok(taken)
    }

    fn fixed<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], UnreadableRecord> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(UnreadableRecord::TooShort)?;
        self.0 = rest;
        Ok(*taken)
    }
}
