//! LZ4 frames of independent blocks of 64 KiB, without checksums of the content.
//!
//! Mirrors `Lz4BlockOutputStream` and the C library's `LZ4_compress_default`, step by step, so that the bytes are the
//! same. Leaves out: levels.

use super::{CorruptData, take, take_array};

/// Magic, flags (version 1, independent blocks), block size (64 KiB), and the header's checksum.
const HEADER: [u8; 7] = [0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
const BLOCK_SIZE: usize = 64 * 1024;
/// Marks a block that is stored as it is.
const INCOMPRESSIBLE: u32 = 1 << 31;

const MIN_MATCH: usize = 4;
/// The last match begins this far before the end, at the latest.
const MATCH_FIND_LIMIT: usize = 12;
/// The last bytes of a block are always literals.
const LAST_LITERALS: usize = 5;
const HASH_BITS: u32 = 13;
/// After so many positions without a match, the search takes longer steps.
const SKIP_TRIGGER: u32 = 6;
/// The most that fits into half a token; more goes into bytes behind it.
const NIBBLE: usize = 15;

pub(super) fn compress(data: &[u8]) -> Vec<u8> {
    let mut out = HEADER.to_vec();
    for block in data.chunks(BLOCK_SIZE) {
        let compressed = compress_block(block);
        let (size, content) = if compressed.len() < block.len() {
            (compressed.len() as u32, compressed.as_slice())
        } else {
            (block.len() as u32 | INCOMPRESSIBLE, block)
        };
        out.extend(size.to_le_bytes());
        out.extend(content);
    }
    out.extend([0; 4]);
    out
}

pub(super) fn decompress(mut data: &[u8]) -> Result<Vec<u8>, CorruptData> {
    if take_array(&mut data, "lz4: no header")? != HEADER {
        return Err(CorruptData("lz4: the header is not that of independent blocks of 64 KiB"));
    }
    let mut out = Vec::new();
    loop {
        let size = u32::from_le_bytes(take_array(&mut data, "lz4: a block without its size")?);
        if size == 0 {
            return Ok(out);
        }
        let block = take(&mut data, (size & !INCOMPRESSIBLE) as usize, "lz4: a block is cut off")?;
        if size & INCOMPRESSIBLE == 0 {
            out.extend(decompress_block(block)?);
        } else {
            out.extend(block);
        }
    }
}

/// `LZ4_compress_generic` for at most 64 KiB.
fn compress_block(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut anchor = 0;
    if data.len() > MATCH_FIND_LIMIT {
        let mut table = MatchTable::new();
        let limit = data.len() - MATCH_FIND_LIMIT + 1;
        table.put(data, 0);
        let mut at = 1;
        while let Some((mut start, mut candidate)) = table.find(data, at, limit) {
            while start > anchor && candidate > 0 && data[start - 1] == data[candidate - 1] {
                (start, candidate) = (start - 1, candidate - 1);
            }
            let mut literals = &data[anchor..start];
            loop {
                let length = common_length(data, start + MIN_MATCH, candidate + MIN_MATCH);
                write_sequence(&mut out, literals, Some((start - candidate, length)));
                anchor = start + MIN_MATCH + length;
                if anchor >= limit {
                    break;
                }
                table.put(data, anchor - 2);
                let next = table.replace(data, anchor);
                if read_u32(data, next) != read_u32(data, anchor) {
                    break;
                }
                (start, candidate, literals) = (anchor, next, &[]);
            }
            if anchor >= limit {
                break;
            }
            at = anchor + 1;
        }
    }
    write_sequence(&mut out, &data[anchor..], None);
    out
}

/// Where a hash of four bytes was last seen.
struct MatchTable(Vec<u16>);

impl MatchTable {
    fn new() -> Self {
        Self(vec![0; 1 << HASH_BITS])
    }

    fn put(&mut self, data: &[u8], at: usize) {
        self.replace(data, at);
    }

    /// Puts a position down, and tells which one was there.
    fn replace(&mut self, data: &[u8], at: usize) -> usize {
        let hash = read_u32(data, at).wrapping_mul(2_654_435_761) >> (32 - HASH_BITS);
        usize::from(std::mem::replace(&mut self.0[hash as usize], at as u16))
    }

    /// The next position at or after `at` whose four bytes were seen before, and where.
    fn find(&mut self, data: &[u8], mut at: usize, limit: usize) -> Option<(usize, usize)> {
        let mut tries = 1 << SKIP_TRIGGER;
        let mut step = 1;
        loop {
            let next = at + step;
            step = tries >> SKIP_TRIGGER;
            tries += 1;
            if next > limit {
                return None;
            }
            let candidate = self.replace(data, at);
            if read_u32(data, candidate) == read_u32(data, at) {
                return Some((at, candidate));
            }
            at = next;
        }
    }
}

/// Literals, and the match behind them: how far back, and by how much it is longer than the least.
fn write_sequence(out: &mut Vec<u8>, literals: &[u8], found: Option<(usize, usize)>) {
    let match_length = found.map_or(0, |(_, length)| length);
    out.push((literals.len().min(NIBBLE) << 4 | match_length.min(NIBBLE)) as u8);
    write_length(out, literals.len());
    out.extend(literals);
    if let Some((distance, length)) = found {
        out.extend((distance as u16).to_le_bytes());
        write_length(out, length);
    }
}

fn write_length(out: &mut Vec<u8>, length: usize) {
    if let Some(rest) = length.checked_sub(NIBBLE) {
        out.extend(std::iter::repeat_n(255, rest / 255));
        out.push((rest % 255) as u8);
    }
}

fn decompress_block(mut data: &[u8]) -> Result<Vec<u8>, CorruptData> {
    const CUT_OFF: &str = "lz4: a sequence is cut off";
    let mut out = Vec::new();
    loop {
        let [token] = take_array(&mut data, CUT_OFF)?;
        let literals = read_length(&mut data, usize::from(token >> 4))?;
        out.extend(take(&mut data, literals, CUT_OFF)?);
        if data.is_empty() {
            return Ok(out);
        }
        let distance = usize::from(u16::from_le_bytes(take_array(&mut data, CUT_OFF)?));
        let length = read_length(&mut data, usize::from(token & 15))? + MIN_MATCH;
        if distance == 0 || distance > out.len() || out.len() + length > BLOCK_SIZE {
            return Err(CorruptData("lz4: a match lies outside of its block"));
        }
        for _ in 0..length {
            out.push(out[out.len() - distance]);
        }
    }
}

fn read_length(data: &mut &[u8], nibble: usize) -> Result<usize, CorruptData> {
    let mut length = nibble;
    let mut more = nibble == NIBBLE;
    while more {
        let [byte] = take_array(data, "lz4: a length is cut off")?;
        length += usize::from(byte);
        more = byte == 255;
    }
    Ok(length)
}

/// How many bytes are equal from two positions on, up to the literals at the end.
fn common_length(data: &[u8], start: usize, candidate: usize) -> usize {
    let end = data.len() - LAST_LITERALS;
    let pairs = data[start..end].iter().zip(&data[candidate..]);
    pairs.take_while(|(one, other)| one == other).count()
}

fn read_u32(data: &[u8], at: usize) -> u32 {
    let bytes = data[at..].first_chunk().expect("positions lie before the last literals");
    u32::from_le_bytes(*bytes)
}
