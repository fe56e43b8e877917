//! Counts what passed and prints what did not.

use std::fmt::Display;
use std::io::{self, Write};

#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) passed: u32,
    pub(super) failed: u32,
    pub(super) skipped: u32,
}

/// The outcome of one file.
pub(super) struct Report<'a> {
    file: &'a str,
    out: &'a mut dyn Write,
    tally: Tally,
}

impl<'a> Report<'a> {
    pub(super) fn new(file: &'a str, out: &'a mut dyn Write) -> Self {
        Self { file, out, tally: Tally::default() }
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally
    }

    /// Counts a case, which passed or tells what was expected and got.
    pub(super) fn case(&mut self, name: &dyn Display, outcome: Result<(), String>) -> io::Result<()> {
        match outcome {
            Ok(()) => {
                self.tally.passed += 1;
                Ok(())
            }
            Err(difference) => {
                self.tally.failed += 1;
                writeln!(self.out, "FAILED  {} {name}: {}", self.file, on_one_line(&difference))
            }
        }
    }

    /// The file as a whole makes no sense.
    pub(super) fn broken(&mut self, why: &dyn Display) -> io::Result<()> {
        self.tally.failed += 1;
        writeln!(self.out, "FAILED  {} {}", self.file, on_one_line(&why.to_string()))
    }

    pub(super) fn skip(&mut self, cases: u32, why: &dyn Display) -> io::Result<()> {
        self.tally.skipped += cases;
        writeln!(self.out, "SKIPPED {} ({cases}): {why}", self.file)
    }
}

fn on_one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Says what was expected, unless it was got.
pub(super) fn expect<T: PartialEq + Display>(what: &str, expected: &T, got: &T) -> Result<(), String> {
    if expected == got { Ok(()) } else { Err(format!("{what}: expected {expected}, got {got}")) }
}

/// Prints the table of files and the closing line.
pub(super) fn summarize(files: &[(String, Tally)], out: &mut dyn Write) -> io::Result<Tally> {
    let width = files.iter().map(|(file, _)| file.chars().count()).max().unwrap_or(0).max("file".len());
    writeln!(out, "\n{:width$}  {:>7}  {:>7}  {:>7}", "file", "passed", "failed", "skipped")?;
    let mut total = Tally::default();
    for (file, Tally { passed, failed, skipped }) in files {
        writeln!(out, "{file:width$}  {passed:>7}  {failed:>7}  {skipped:>7}")?;
        total.passed += passed;
        total.failed += failed;
        total.skipped += skipped;
    }
    let Tally { passed, failed, skipped } = total;
    writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped")?;
    Ok(total)
}
