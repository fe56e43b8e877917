//! The two checksums of a batch: CRC-32C for the batch itself, CRC-32 for what gzip wraps.
//!
//! Mirrors `Crc32C` and `java.util.zip.CRC32`.

/// Of RFC 3720, bits reversed.
const CASTAGNOLI: [u32; 256] = table(0x82f6_3b78);
/// Of IEEE 802.3, bits reversed.
const IEEE: [u32; 256] = table(0xedb8_8320);

pub(super) fn crc32c(bytes: &[u8]) -> u32 {
    checksum(&CASTAGNOLI, bytes)
}

pub(super) fn crc32(bytes: &[u8]) -> u32 {
    checksum(&IEEE, bytes)
}

fn checksum(table: &[u32; 256], bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| crc >> 8 ^ table[usize::from(crc as u8 ^ byte)];
    !bytes.iter().fold(u32::MAX, step)
}

const fn table(polynomial: u32) -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut remainder = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            let carry = remainder & 1 == 1;
            remainder >>= 1;
            if carry {
                remainder ^= polynomial;
            }
            bit += 1;
        }
        table[byte] = remainder;
        byte += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_equal_those_of_their_specifications() {
        // RFC 3720, B.4
        let counted: Vec<u8> = (0..32).collect();
        assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
        assert_eq!(crc32c(&counted), 0x46dd_794e);
        // the check value of the CRC catalogue
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
