//! `compression.type` and the levels of its codecs, for producers and for topics.
//!
//! Mirrors `CompressionType.levelValidator`, `BrokerCompressionType` and `KafkaProducer.configureCompression`. Leaves
//! out: what the levels of lz4 and zstd do (they are checked).

use super::topic::Value;
use super::{ConfigError, Properties};
use crate::record::Compression;

/// zlib's level 6 (`Deflater.DEFAULT_COMPRESSION`).
const DEFAULT_GZIP_LEVEL: &str = "-1";

const PRODUCER_TYPES: [(&str, Compression); 5] = [
    ("none", Compression::None),
    ("gzip", Compression::GZIP),
    ("snappy", Compression::Snappy),
    ("lz4", Compression::Lz4),
    ("zstd", Compression::Zstd),
];

pub(super) const LEVELS: [(&str, Value); 3] = [
    ("compression.gzip.level", Value::GzipLevel),
    ("compression.lz4.level", Value::IntBetween(1, 17)),
    ("compression.zstd.level", Value::IntBetween(-131_072, 22)),
];

/// The codec that a producer's properties ask for.
pub(super) fn producer_compression(properties: &Properties) -> Result<Compression, ConfigError> {
    let codec = properties.choice("compression.type", Compression::None, &PRODUCER_TYPES)?;
    for (name, value) in LEVELS {
        if let Some(level) = properties.get(name) {
            value.check(name, level)?;
        }
    }
    Ok(at_level(codec, properties.get("compression.gzip.level").unwrap_or(DEFAULT_GZIP_LEVEL)))
}

/// The codec that a topic's batches are stored with; `None` is the producer's own.
pub(super) fn topic_compression(name: &str, gzip_level: &str) -> Option<Compression> {
    let codec = match name.trim() {
        "uncompressed" => Compression::None,
        word => PRODUCER_TYPES.iter().find(|(known, _)| *known == word)?.1,
    };
    Some(at_level(codec, gzip_level))
}

fn at_level(codec: Compression, gzip_level: &str) -> Compression {
    match codec {
        Compression::Gzip { .. } => {
            gzip_level.trim().parse().map_or(Compression::GZIP, |level| Compression::Gzip { level })
        }
        Compression::None | Compression::Snappy | Compression::Lz4 | Compression::Zstd => codec,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_refused_in_kafkas_words() {
        let compression = |settings: &[(&str, &str)]| {
            let mut properties = Properties::default();
            for (name, value) in settings {
                properties.set(name, value);
            }
            producer_compression(&properties).map_err(|error| error.to_string())
        };
        let gzip = |level| compression(&[("compression.type", "gzip"), ("compression.gzip.level", level)]);
        assert_eq!(gzip("-1"), Ok(Compression::GZIP));
        assert_eq!(gzip("9"), Ok(Compression::Gzip { level: 9 }));
        assert_eq!(
            gzip("0").unwrap_err(),
            "Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1"
        );
        assert_eq!(
            compression(&[("compression.zstd.level", "23")]).unwrap_err(),
            "Invalid value 23 for configuration compression.zstd.level: Value must be no more than 22"
        );
        assert_eq!(compression(&[]), Ok(Compression::None));
    }

    #[test]
    fn a_topic_keeps_the_producers_codec_or_has_its_own() {
        let types = ["producer", "uncompressed", "gzip", "zstd"];
        let codecs = types.map(|name| topic_compression(name, "2"));
        let gzip = Some(Compression::Gzip { level: 2 });
        assert_eq!(codecs, [None, Some(Compression::None), gzip, Some(Compression::Zstd)]);
    }
}
