//! The codecs of a batch's records, by the framing that Kafka's clients use.
//!
//! Mirrors `CompressionType` and `Compression`. Leaves out: levels of lz4 and zstd (lz4 is always its fast compressor,
//! which is Kafka's default). Gzip, snappy and zstd are other implementations than Java's: what they write decodes the
//! same, and its size need not be the same. That of zstd is larger, often than that of gzip, which real zstd is not.

mod gzip;
mod lz4;
mod snappy;
mod zstd;

use std::fmt;

/// How the records of a batch are compressed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Compression {
    #[default]
    None,
    /// `level` is 1 (fastest) to 9 (smallest).
    Gzip {
        level: u8,
    },
    Snappy,
    Lz4,
    Zstd,
}

/// Compressed data that cannot be read. `Display` says what is wrong with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CorruptData(pub(super) &'static str);

impl Compression {
    /// `Deflater.DEFAULT_COMPRESSION` stands for zlib's level 6.
    pub const GZIP: Self = Self::Gzip { level: 6 };

    /// The three lowest bits of a batch's attributes.
    pub const fn id(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Gzip { .. } => 1,
            Self::Snappy => 2,
            Self::Lz4 => 3,
            Self::Zstd => 4,
        }
    }

    /// The codec with this id, at its default level.
    pub const fn of_id(id: u8) -> Option<Self> {
        match id {
            0 => Some(Self::None),
            1 => Some(Self::GZIP),
            2 => Some(Self::Snappy),
            3 => Some(Self::Lz4),
            4 => Some(Self::Zstd),
            _ => None,
        }
    }

    /// As `compression.type` names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip { .. } => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }

    pub fn compress(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::None => data.to_vec(),
            Self::Gzip { level } => gzip::compress(data, level),
            Self::Snappy => snappy::compress(data),
            Self::Lz4 => lz4::compress(data),
            Self::Zstd => zstd::compress(data),
        }
    }

    /// # Errors
    /// The data is not what this codec writes, or is damaged.
    pub fn decompress(self, data: &[u8]) -> Result<Vec<u8>, CorruptData> {
        match self {
            Self::None => Ok(data.to_vec()),
            Self::Gzip { .. } => gzip::decompress(data),
            Self::Snappy => snappy::decompress(data),
            Self::Lz4 => lz4::decompress(data),
            Self::Zstd => zstd::decompress(data),
        }
    }
}

impl std::error::Error for CorruptData {}

impl fmt::Display for CorruptData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Takes `count` bytes from the front.
fn take<'a>(data: &mut &'a [u8], count: usize, missing: &'static str) -> Result<&'a [u8], CorruptData> {
    data.split_off(..count).ok_or(CorruptData(missing))
}

/// Takes a fixed number of bytes from the front.
fn take_array<const N: usize>(data: &mut &[u8], missing: &'static str) -> Result<[u8; N], CorruptData> {
    let (array, rest) = data.split_first_chunk().ok_or(CorruptData(missing))?;
    *data = rest;
    Ok(*array)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODECS: [Compression; 7] = [
        Compression::None,
        Compression::Gzip { level: 1 },
        Compression::GZIP,
        Compression::Gzip { level: 9 },
        Compression::Snappy,
        Compression::Lz4,
        Compression::Zstd,
    ];

    /// Some of it repeats, as in real records, and it may be longer than a block.
    fn data() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..80),
            (any::<u8>(), 1..40_000_usize).prop_map(|(byte, length)| vec![byte; length]),
            (1..300_usize).prop_map(|times| br#"{"user":"alice","amount":42}"#.repeat(times)),
        ];
        proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn what_is_compressed_comes_back(data in data()) {
            for codec in CODECS {
                let compressed = codec.compress(&data);
                prop_assert_eq!(codec.decompress(&compressed), Ok(data.clone()), "{:?}", codec);
            }
        }

        #[test]
        fn damaged_data_is_refused_or_read_and_never_a_panic(data in data(), at in any::<prop::sample::Index>()) {
            for codec in CODECS {
                let mut compressed = codec.compress(&data);
                if let Some(place) = (!compressed.is_empty()).then(|| at.index(compressed.len())) {
                    compressed[place] ^= 0x15;
                    compressed.truncate(place + 400);
                }
                drop(codec.decompress(&compressed));
            }
        }
    }

    #[test]
    fn ids_and_codecs_belong_together() {
        for id in 0..8 {
            assert_eq!(Compression::of_id(id).map(Compression::id), (id < 5).then_some(id));
        }
    }
}
