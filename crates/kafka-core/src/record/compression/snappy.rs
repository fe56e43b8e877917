//! Snappy as `org.xerial.snappy.SnappyOutputStream` frames it: blocks of 32 KiB, each behind its compressed size.

use super::{CorruptData, take, take_array};

/// Magic, version 1, and the version it can be read by.
const HEADER: [u8; 16] = *b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01";
const BLOCK_SIZE: usize = 32 * 1024;

pub(super) fn compress(data: &[u8]) -> Vec<u8> {
    let mut encoder = snap::raw::Encoder::new();
    let mut out = HEADER.to_vec();
    for block in data.chunks(BLOCK_SIZE) {
        let compressed = encoder.compress_vec(block).expect("a block is far below the limit of 4 GiB");
        out.extend((compressed.len() as u32).to_be_bytes());
        out.extend(compressed);
    }
    out
}

pub(super) fn decompress(mut data: &[u8]) -> Result<Vec<u8>, CorruptData> {
    if take_array(&mut data, "snappy: no header")? != HEADER {
        return Err(CorruptData("snappy: the header is not xerial's of version 1"));
    }
    let mut decoder = snap::raw::Decoder::new();
    let mut out = Vec::new();
    while !data.is_empty() {
        let size = u32::from_be_bytes(take_array(&mut data, "snappy: a block without its size")?);
        let block = take(&mut data, size as usize, "snappy: a block is cut off")?;
        let expected = snap::raw::decompress_len(block).unwrap_or(usize::MAX);
        if expected > BLOCK_SIZE {
            return Err(CorruptData("snappy: a block holds more than 32 KiB"));
        }
        out.extend(decoder.decompress_vec(block).map_err(|_| CorruptData("snappy: a block is damaged"))?);
    }
    Ok(out)
}
