//! Gzip as `java.util.zip.GZIPOutputStream` frames it (RFC 1952).

use super::{CorruptData, take, take_array};
use crate::record::checksum::crc32;

/// Deflate, no flags, no time; the operating system is "unknown" since Java 16.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
const TRAILER: usize = 8;

pub(super) fn compress(data: &[u8], level: u8) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    out.extend(miniz_oxide::deflate::compress_to_vec(data, level));
    out.extend(crc32(data).to_le_bytes());
    out.extend((data.len() as u32).to_le_bytes());
    out
}

pub(super) fn decompress(mut data: &[u8]) -> Result<Vec<u8>, CorruptData> {
    if take_array::<10>(&mut data, "gzip: no header")? != HEADER {
        return Err(CorruptData("gzip: the header is not that of a deflated stream without a name"));
    }
    let length = data.len().checked_sub(TRAILER).ok_or(CorruptData("gzip: no checksum at the end"))?;
    let deflated = take(&mut data, length, "gzip: no data")?;
    let inflated = miniz_oxide::inflate::decompress_to_vec(deflated)
        .map_err(|_| CorruptData("gzip: the deflated data is damaged"))?;
    let checksum = u32::from_le_bytes(take_array(&mut data, "gzip: no checksum at the end")?);
    let size = u32::from_le_bytes(take_array(&mut data, "gzip: no size at the end")?);
    if checksum != crc32(&inflated) || size != inflated.len() as u32 {
        return Err(CorruptData("gzip: checksum or size do not fit the data"));
    }
    Ok(inflated)
}
