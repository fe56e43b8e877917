//! `murmuration partition`: which partition each key goes to.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufWriter, Write};
use std::process::ExitCode;

use kafka_core::producer::partitioner::{murmur2, to_positive};
use serde::Serialize;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many partitions the topic has
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    partitions: u32,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// A key that is not UTF-8 is written in hexadecimal.
#[derive(Serialize)]
struct Placement<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_hex: Option<String>,
    murmur2: i32,
    partition: u32,
}

pub(crate) fn run(args: &Args) -> io::Result<ExitCode> {
    place(args, io::stdin().lock(), BufWriter::new(io::stdout().lock()))?;
    Ok(ExitCode::SUCCESS)
}

fn place(args: &Args, mut keys: impl BufRead, mut out: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    while keys.read_until(b'\n', &mut line)? > 0 {
        let key = without_line_end(&line);
        let murmur2 = murmur2(key);
        let partition = to_positive(murmur2) % args.partitions;
        if args.json {
            let text = str::from_utf8(key).ok();
            let key_hex = if text.is_none() { Some(hex(key)) } else { None };
            serde_json::to_writer(&mut out, &Placement { key: text, key_hex, murmur2, partition })?;
            writeln!(out)?;
        } else {
            out.write_all(key)?;
            writeln!(out, "\t{murmur2}\t{partition}")?;
        }
        line.clear();
    }
    out.flush()
}

/// A line ends as `BufferedReader.readLine`, which the console producer uses, has it.
fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string does not fail");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(json: bool, keys: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        place(&Args { partitions: 3, json }, keys, &mut out).unwrap();
        out
    }

    #[test]
    fn every_line_is_a_key_even_an_empty_or_binary_one() {
        let out = placed(false, b"user_001\nuser_003\r\n\n\xff\xfe");
        let lines: Vec<&[u8]> = out.split(|byte| *byte == b'\n').collect();
        assert!(lines[0].starts_with(b"user_001\t") && lines[0].ends_with(b"\t2"));
        assert!(lines[1].starts_with(b"user_003\t") && lines[1].ends_with(b"\t1"));
        assert_eq!(lines[2], b"\t275646681\t0");
        assert!(lines[3].starts_with(b"\xff\xfe\t"));
        assert_eq!(lines.len(), 5);
    }

    #[test]
    fn json_shows_binary_keys_in_hexadecimal() {
        let out = String::from_utf8(placed(true, "\"가\"\n".as_bytes())).unwrap();
        assert!(out.starts_with(r#"{"key":"\"가\"","murmur2":"#), "{out}");
        let out = String::from_utf8(placed(true, b"\xff\n")).unwrap();
        assert!(out.starts_with(r#"{"key_hex":"ff","murmur2":"#), "{out}");
    }
}
