//! What a first visit transfers, compressed as a static host compresses it.

use super::BuiltFile;
use anyhow::{Result, bail};
use std::fmt;

/// The first visit's budget: WebAssembly, scripts and styles after brotli. The course and what is said of settings are not
/// part of it: they are fetched when they are needed.
const BUDGET: usize = 1300 * 1024;

const COUNTED: [&str; 3] = ["wasm", "js", "css"];

pub(super) struct Weighed {
    files: Vec<WeighedFile>,
}

struct WeighedFile {
    name: String,
    raw: usize,
    compressed: usize,
}

pub(super) fn weigh(files: &[BuiltFile]) -> Weighed {
    let counted = files.iter().filter(|file| COUNTED.contains(&file.extension()));
    let weigh = |file: &BuiltFile| WeighedFile {
        name: file.name.clone(),
        raw: file.bytes.len(),
        compressed: compressed_length(&file.bytes),
    };
    Weighed { files: counted.map(weigh).collect() }
}

fn compressed_length(bytes: &[u8]) -> usize {
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut compressed, &brotli::enc::BrotliEncoderParams::default())
        .expect("compressing from memory to memory meets no I/O error");
    compressed.len()
}

impl Weighed {
    fn total(&self) -> usize {
        self.files.iter().map(|file| file.compressed).sum()
    }

    pub(super) fn within_budget(&self) -> Result<()> {
        if !self.files.iter().any(|file| file.name.ends_with(".wasm")) {
            bail!("the built site has no WebAssembly; `cargo xtask dist` builds it");
        }
        let total = self.total();
        if total > BUDGET {
            bail!(
                "the page weighs {}, {} more than its budget of {}",
                kib(total),
                kib(total - BUDGET),
                kib(BUDGET)
            );
        }
        Ok(())
    }
}

impl fmt::Display for Weighed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for WeighedFile { name, raw, compressed } in &self.files {
            writeln!(out, "{:>12} {:>12} with brotli  {name}", kib(*raw), kib(*compressed))?;
        }
        writeln!(out, "{:>12} {:>12} of {} are used", "", kib(self.total()), kib(BUDGET))
    }
}

fn kib(bytes: usize) -> String {
    format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: Vec<u8>) -> BuiltFile {
        BuiltFile { name: name.into(), bytes }
    }

    /// Bytes that do not compress.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[1]
        };
        std::iter::repeat_with(next).take(length).collect()
    }

    #[test]
    fn counts_code_and_styles_but_not_pictures() {
        let files =
            [file("web.wasm", vec![0; 9000]), file("web.js", b"run()".to_vec()), file("a.png", noise(10))];
        let weighed = weigh(&files);
        assert_eq!(weighed.files.len(), 2);
        assert!(weighed.files[0].compressed < 100);
        assert!(weighed.within_budget().is_ok());
    }

    #[test]
    fn a_page_over_budget_fails_with_the_excess() {
        let failure = weigh(&[file("web.wasm", noise(BUDGET + 2048))]).within_budget().unwrap_err();
        assert!(failure.to_string().contains("more than its budget of 1300.0 KiB"), "{failure}");
    }

    #[test]
    fn a_site_without_webassembly_is_no_site() {
        assert!(weigh(&[file("index.html", Vec::new())]).within_budget().is_err());
    }
}
