//! Zstandard (RFC 8878). Leaves out: levels.

use std::io::Read;

use ruzstd::decoding::StreamingDecoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::CorruptData;

/// No batch holds more than this before compression, far above `max.request.size`.
const LIMIT: u64 = 1 << 28;

pub(super) fn compress(data: &[u8]) -> Vec<u8> {
    compress_to_vec(data, CompressionLevel::Fastest)
}

pub(super) fn decompress(data: &[u8]) -> Result<Vec<u8>, CorruptData> {
    let decoder =
        StreamingDecoder::new(data).map_err(|_| CorruptData("zstd: the frame's header is damaged"))?;
    let mut out = Vec::new();
    decoder.take(LIMIT).read_to_end(&mut out).map_err(|_| CorruptData("zstd: a block is damaged"))?;
    Ok(out)
}
