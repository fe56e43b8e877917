//! What the model compresses, other implementations of the codecs read.

use std::io::Read;
use std::rc::Rc;

use kafka_core::record::{BATCH_OVERHEAD, Bytes, Compression, Record, RecordBatch, RecordId};

/// Orders as JSON, of which much repeats; with `noise`, of which nothing does.
fn records(count: u64, noise: bool) -> Vec<Record> {
    let mut random = 1_u64;
    let mut next = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        random >> 33
    };
    let mut value = move |number: u64| {
        if noise {
            return (0..700).map(|_| next() as u8).collect();
        }
        let (user, amount) = (next() % 50, next() % 10_000);
        format!(r#"{{"order":{number},"user":"user-{user}","amount":{amount},"currency":"KRW"}}"#)
            .into_bytes()
    };
    let record = |number: u64| Record {
        id: RecordId(number),
        timestamp: 1_760_436_000_000 + number as i64,
        key: Some(Bytes::from(format!("user-{}", number % 50).as_bytes())),
        value: Some(Bytes::from(value(number))),
        headers: Rc::from([]),
    };
    (0..count).map(record).collect()
}

/// The records of a batch as they stand behind its header.
fn content(records: &[Record], compression: Compression) -> Vec<u8> {
    let batch = RecordBatch::compressed(records.to_vec(), compression);
    let bytes = batch.encode();
    assert_eq!(bytes.len(), batch.size_in_bytes as usize);
    bytes[BATCH_OVERHEAD as usize..].to_vec()
}

/// Batches of one record, of many, and of more than a block of any codec, with and without anything to compress.
fn samples() -> Vec<Vec<Record>> {
    let sizes = [(1, false), (20, false), (100, false), (3000, false), (1, true), (300, true)];
    sizes.map(|(count, noise)| records(count, noise)).into()
}

fn read_all(mut reader: impl Read) -> Vec<u8> {
    let mut out = Vec::new();
    reader.read_to_end(&mut out).expect("the other implementation reads it");
    out
}

#[test]
fn gzip_is_read_by_libflate() {
    for records in samples() {
        let plain = content(&records, Compression::None);
        for level in 1..=9 {
            let compressed = content(&records, Compression::Gzip { level });
            let decoder = libflate::gzip::Decoder::new(&compressed[..]).expect("there is a header");
            assert_eq!(read_all(decoder), plain, "level {level}");
        }
    }
}

#[test]
fn lz4_is_read_by_the_c_library_and_has_its_bytes() {
    const BLOCK: usize = 64 * 1024;
    for records in samples() {
        let plain = content(&records, Compression::None);
        let compressed = content(&records, Compression::Lz4);
        let decoder = lz4::Decoder::new(&compressed[..]).expect("there is a header");
        assert_eq!(read_all(decoder), plain);
        let mut frame = vec![0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82];
        for block in plain.chunks(BLOCK) {
            let packed = lz4::block::compress(block, None, false).expect("any block can be compressed");
            let (size, bytes) = if packed.len() < block.len() {
                (packed.len(), &packed[..])
            } else {
                (block.len() | 1 << 31, block)
            };
            frame.extend((size as u32).to_le_bytes());
            frame.extend(bytes);
        }
        frame.extend([0; 4]);
        assert_eq!(compressed, frame);
    }
}

#[test]
fn zstd_is_read_by_the_c_library() {
    for records in samples() {
        let compressed = content(&records, Compression::Zstd);
        let decoder = zstd::Decoder::new(&compressed[..]).expect("there is a header");
        assert_eq!(read_all(decoder), content(&records, Compression::None));
    }
}

#[test]
fn snappy_is_xerials_stream_of_blocks() {
    for records in samples() {
        let compressed = content(&records, Compression::Snappy);
        let (header, mut blocks) = compressed.split_at(16);
        assert_eq!(header, b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01");
        let mut plain = Vec::new();
        while let Some((size, rest)) = blocks.split_first_chunk() {
            let (block, rest) = rest.split_at(u32::from_be_bytes(*size) as usize);
            plain.extend(snap::raw::Decoder::new().decompress_vec(block).expect("a block is snappy's"));
            blocks = rest;
        }
        assert_eq!(plain, content(&records, Compression::None));
    }
}

/// The order that the reference's example has: a hundred records of about 5.5 KB, sent in one batch.
#[test]
fn a_batch_of_json_takes_a_fraction_and_a_single_record_does_not() {
    let codecs = [Compression::GZIP, Compression::Snappy, Compression::Lz4, Compression::Zstd];
    let many = records(100, false);
    let plain = RecordBatch::compressed(many.clone(), Compression::None).size_in_bytes;
    for codec in codecs {
        let size = RecordBatch::compressed(many.clone(), codec).size_in_bytes;
        assert!(size * 5 < plain * 2, "{codec:?}: {size} of {plain} bytes");
        let one = many[..1].to_vec();
        let (alone, alone_plain) = (
            RecordBatch::compressed(one.clone(), codec).size_in_bytes,
            RecordBatch::compressed(one, Compression::None).size_in_bytes,
        );
        assert!(alone * 10 > alone_plain * 9, "{codec:?}: {alone} of {alone_plain} bytes");
    }
}
