//! Kafka's primitive types as bytes: big-endian integers, strings and arrays behind their lengths.
//!
//! Mirrors `ByteBufferAccessor`. The compact forms and the tagged fields are those of flexible versions
//! (KIP-482). Leaves out: types that no record of a coordinator has; tagged fields that are not known are skipped.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::record::Bytes;
use crate::topic::TopicId;

/// Why bytes are not a record of a coordinator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnreadableRecord {
    TooShort,
    NotText,
    NegativeLength,
    UnknownVersion(i16),
    /// A member state, or the name of an assignor, that does not exist.
    UnknownValue,
}

impl fmt::Display for UnreadableRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooShort => f.write_str("the record ends too early"),
            Self::NotText => f.write_str("a name is not UTF-8"),
            Self::NegativeLength => f.write_str("a length is negative"),
            Self::UnknownVersion(version) => write!(f, "unknown version {version}"),
            Self::UnknownValue => f.write_str("a value has no meaning"),
        }
    }
}

impl std::error::Error for UnreadableRecord {}

#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn int16(&mut self, value: i16) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn int32(&mut self, value: i32) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn int64(&mut self, value: i64) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn millis(&mut self, value: Duration) {
        self.int32(i32::try_from(value.as_millis()).unwrap_or(i32::MAX));
    }

    /// The length of an array or of bytes.
    pub(crate) fn length(&mut self, length: usize) {
        self.int32(i32::try_from(length).expect("nothing in a record is 2 GiB long"));
    }

    pub(crate) fn string(&mut self, value: &str) {
        self.int16(i16::try_from(value.len()).expect("names in records are shorter than 32 KiB"));
        self.0.extend(value.as_bytes());
    }

    pub(crate) fn nullable_string(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.string(value),
            None => self.int16(-1),
        }
    }

    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.length(value.len());
        self.0.extend(value);
    }

    pub(crate) fn null_bytes(&mut self) {
        self.int32(-1);
    }

    pub(crate) fn int8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn uuid(&mut self, id: TopicId) {
        self.0.extend(id.most_significant_bits.to_be_bytes());
        self.0.extend(id.least_significant_bits.to_be_bytes());
    }

    pub(crate) fn unsigned_varint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.0.push((value & 0x7f | 0x80) as u8);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// One more than the length; 0 stands for null.
    pub(crate) fn compact_length(&mut self, length: usize) {
        let length = u32::try_from(length).expect("nothing in a record is 4 GiB long");
        self.unsigned_varint(length + 1);
    }

    pub(crate) fn compact_string(&mut self, value: &str) {
        self.compact_bytes(value.as_bytes());
    }

    pub(crate) fn compact_nullable_string(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.compact_string(value),
            None => self.unsigned_varint(0),
        }
    }

    pub(crate) fn compact_bytes(&mut self, value: &[u8]) {
        self.compact_length(value.len());
        self.0.extend(value);
    }

    pub(crate) fn no_tagged_fields(&mut self) {
        self.unsigned_varint(0);
    }

    /// The field with tag 0, if it has a value other than its default.
    pub(crate) fn tagged_field(&mut self, field: Option<Self>) {
        self.tagged_fields(field.map(|field| (0, field)).into_iter().collect());
    }

    /// Fields behind their tags, in order; those that have their default are left out.
    pub(crate) fn tagged_fields(&mut self, fields: Vec<(u32, Self)>) {
        self.unsigned_varint(fields.len() as u32);
        for (tag, Self(bytes)) in fields {
            self.unsigned_varint(tag);
            self.unsigned_varint(u32::try_from(bytes.len()).expect("nothing in a record is 4 GiB long"));
            self.0.extend(bytes);
        }
    }

    pub(crate) fn finish(self) -> Bytes {
        self.0.into()
    }
}

pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn int16(&mut self) -> Result<i16, UnreadableRecord> {
        self.fixed().map(i16::from_be_bytes)
    }

    pub(crate) fn int32(&mut self) -> Result<i32, UnreadableRecord> {
        self.fixed().map(i32::from_be_bytes)
    }

    pub(crate) fn int64(&mut self) -> Result<i64, UnreadableRecord> {
        self.fixed().map(i64::from_be_bytes)
    }

    pub(crate) fn millis(&mut self) -> Result<Duration, UnreadableRecord> {
        let millis = u64::try_from(self.int32()?).map_err(|_| UnreadableRecord::NegativeLength)?;
        Ok(Duration::from_millis(millis))
    }

    pub(crate) fn version(&mut self, expected: i16) -> Result<(), UnreadableRecord> {
        match self.int16()? {
            version if version == expected => Ok(()),
            version => Err(UnreadableRecord::UnknownVersion(version)),
        }
    }

    pub(crate) fn string(&mut self) -> Result<Rc<str>, UnreadableRecord> {
        self.nullable_string()?.ok_or(UnreadableRecord::NegativeLength)
    }

    pub(crate) fn nullable_string(&mut self) -> Result<Option<Rc<str>>, UnreadableRecord> {
        let Ok(length) = usize::try_from(self.int16()?) else { return Ok(None) };
        let text = std::str::from_utf8(self.take(length)?).map_err(|_| UnreadableRecord::NotText)?;
        Ok(Some(Rc::from(text)))
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], UnreadableRecord> {
        self.nullable_bytes()?.ok_or(UnreadableRecord::NegativeLength)
    }

    pub(crate) fn nullable_bytes(&mut self) -> Result<Option<&'a [u8]>, UnreadableRecord> {
        let Ok(length) = usize::try_from(self.int32()?) else { return Ok(None) };
        self.take(length).map(Some)
    }

    pub(crate) fn array<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, UnreadableRecord>,
    ) -> Result<Vec<T>, UnreadableRecord> {
        let length = self.int32()?;
        if length < 0 {
            return Err(UnreadableRecord::NegativeLength);
        }
        (0..length).map(|_| element(self)).collect()
    }

    pub(crate) fn int8(&mut self) -> Result<u8, UnreadableRecord> {
        self.fixed().map(u8::from_be_bytes)
    }

    pub(crate) fn uuid(&mut self) -> Result<TopicId, UnreadableRecord> {
        Ok(TopicId {
            most_significant_bits: self.fixed().map(u64::from_be_bytes)?,
            least_significant_bits: self.fixed().map(u64::from_be_bytes)?,
        })
    }

    pub(crate) fn unsigned_varint(&mut self) -> Result<u32, UnreadableRecord> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = u32::from(self.int8()?);
            value |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(UnreadableRecord::UnknownValue)
    }

    pub(crate) fn compact_string(&mut self) -> Result<Rc<str>, UnreadableRecord> {
        self.compact_nullable_string()?.ok_or(UnreadableRecord::NegativeLength)
    }

    pub(crate) fn compact_nullable_string(&mut self) -> Result<Option<Rc<str>>, UnreadableRecord> {
        let Some(length) = self.unsigned_varint()?.checked_sub(1) else { return Ok(None) };
        let bytes = self.take(length as usize)?;
        let text = std::str::from_utf8(bytes).map_err(|_| UnreadableRecord::NotText)?;
        Ok(Some(Rc::from(text)))
    }

    pub(crate) fn compact_bytes(&mut self) -> Result<&'a [u8], UnreadableRecord> {
        let length = self.unsigned_varint()?.checked_sub(1).ok_or(UnreadableRecord::NegativeLength)?;
        self.take(length as usize)
    }

    pub(crate) fn compact_array<T>(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<T, UnreadableRecord>,
    ) -> Result<Vec<T>, UnreadableRecord> {
        let length = self.unsigned_varint()?.checked_sub(1).ok_or(UnreadableRecord::NegativeLength)?;
        (0..length).map(|_| element(self)).collect()
    }

    /// The field with tag 0, if it is there.
    pub(crate) fn tagged_field(&mut self) -> Result<Option<Self>, UnreadableRecord> {
        Ok(self.tagged_fields()?.into_iter().find(|(tag, _)| *tag == 0).map(|(_, field)| field))
    }

    /// Every field that is there, behind its tag.
    pub(crate) fn tagged_fields(&mut self) -> Result<Vec<(u32, Self)>, UnreadableRecord> {
        let mut fields = Vec::new();
        for _ in 0..self.unsigned_varint()? {
            let tag = self.unsigned_varint()?;
            let length = self.unsigned_varint()?;
            fields.push((tag, Self(self.take(length as usize)?)));
        }
        Ok(fields)
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
