//! `murmuration conform`: the model against recordings of real Kafka.
//!
//! A recording is a JSON file with a `schema`, or one of tools' runs, which has none. To run one more schema, write a module beside
//! [`murmur2`] and list it in [`SCHEMAS`].

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::Value;

mod assignor;
mod callbacks;
mod coordinator;
mod fields;
mod java_hash;
mod murmur2;
mod report;
mod tools;

use report::{Report, Tally};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The directory with the recordings, or one of them
    dir: PathBuf,
}

/// Runs all cases of a document and reports each; an error is one of writing the report.
type Check = fn(&Value, &mut Report<'_>) -> io::Result<()>;

const SCHEMAS: [(&str, Check); 5] = [
    ("kafka-sim.murmur2/1", murmur2::check),
    ("kafka-sim.assignor/1", assignor::check),
    ("kafka-sim.coordinator-trace/1", coordinator::check),
    ("kafka-sim.javahash/1", java_hash::check),
    ("kafka-sim.callbacks/1", callbacks::check),
];

pub(crate) fn run(args: &Args) -> io::Result<ExitCode> {
    let mut files = Vec::new();
    find_recordings(&args.dir, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(io::Error::other(format!("no recordings (*.json) in {}", args.dir.display())));
    }

    let mut out = BufWriter::new(io::stdout().lock());
    let mut tallies = Vec::new();
    for file in &files {
        let name =
            file.strip_prefix(&args.dir).ok().filter(|name| name.file_name().is_some()).unwrap_or(file);
        let name = name.display().to_string();
        let tally = check_file(file, &name, &mut out)?;
        tallies.push((name, tally));
    }
    let total = report::summarize(&tallies, &mut out)?;
    out.flush()?;
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn find_recordings(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let unreadable = |error| io::Error::other(format!("cannot read {}: {error}", path.display()));
    if fs::metadata(path).map_err(unreadable)?.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let is_recording = entry.path().extension().is_some_and(|extension| extension == "json");
        // A link to a directory could lead back here.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            find_recordings(&entry.path(), files)?;
        } else if is_recording {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn check_file(file: &Path, name: &str, out: &mut dyn Write) -> io::Result<Tally> {
    let mut report = Report::new(name, out);
    let document = fs::read(file)
        .map_err(|error| format!("cannot be read: {error}"))
        .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| format!("is not JSON: {error}")));
    match document {
        Ok(document) => check_document(&document, &mut report)?,
        Err(error) => report.broken(&error)?,
    }
    Ok(report.tally())
}

fn check_document(document: &Value, report: &mut Report<'_>) -> io::Result<()> {
    let schema = document.get("schema").and_then(Value::as_str);
    match SCHEMAS.iter().find(|(name, _)| Some(*name) == schema) {
        Some((_, check)) => check(document, report),
        None if tools::is_recording(document) => tools::check(document, report),
        None => match schema {
            Some(schema) => report.skip(count_cases(document), &format!("schema {schema} is not run")),
            None => report.skip(count_cases(document), &"it has no schema"),
        },
    }
}

/// How many cases a document holds that is not run.
fn count_cases(document: &Value) -> u32 {
    let lists = ["cases", "scenarios", "vectors"].into_iter().filter_map(|key| document.get(key)?.as_array());
    lists.map(Vec::len).next().map_or(1, |cases| u32::try_from(cases).unwrap_or(u32::MAX))
}

/// The entries of a list that a document must have.
fn entries<'a>(document: &'a Value, key: &str) -> Result<&'a [Value], String> {
    let list = document.get(key).and_then(Value::as_array);
    list.map(Vec::as_slice).ok_or_else(|| format!("it has no list `{key}`"))
}
