//! `murmuration run`: runs transcripts, and prints or checks what the terminals show.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use kafka_console::Digest;
use kafka_console::terminal::Source;
use kafka_console::transcript::{Happening, MAX_BROKERS, Run, Transcript};
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;
use serde::Serialize;
use similar::TextDiff;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The transcripts to run
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Compare with what the files say, and print the differences
    #[arg(long, group = "output")]
    check: bool,
    /// Print one number for everything that happened
    #[arg(long, group = "output")]
    digest: bool,
    /// Print one JSON object for each event and each line that a terminal shows
    #[arg(long, group = "output")]
    json: bool,
    /// The seed, instead of the transcript's
    #[arg(long)]
    seed: Option<u64>,
    /// How many brokers there are, instead of what the transcript says
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_BROKERS)))]
    brokers: Option<u32>,
}

/// A file that did not do what it should.
enum Failure {
    /// It cannot be run; the message names the file.
    Broken(String),
    /// It printed something else than it says.
    Differs,
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// A line of `--json`.
#[derive(Serialize)]
#[serde(untagged)]
enum Told<'a> {
    Event { file: &'a str, at_us: u64, event: &'a str, detail: &'a str },
    Line { file: &'a str, at_us: u64, terminal: u32, stream: &'static str, text: &'a str },
}

pub(crate) fn run(args: &Args) -> io::Result<ExitCode> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut failed = false;
    for file in &args.files {
        match run_file(file, args, &mut out) {
            Ok(()) => {}
            Err(Failure::Output(error)) => return Err(error),
            Err(Failure::Differs) => failed = true,
            Err(Failure::Broken(message)) => {
                failed = true;
                out.flush()?;
                eprintln!("error: {message}");
            }
        }
    }
    out.flush()?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn run_file(file: &Path, args: &Args, out: &mut dyn Write) -> Result<(), Failure> {
    let name = file.display().to_string();
    let text = read(file).map_err(|message| Failure::Broken(format!("{name}: {message}")))?;
    let broken = |error| Failure::Broken(format!("{name}: {error}"));
    let transcript = Transcript::parse(&text).map_err(broken)?;
    let asked = transcript.scenario();
    let scenario = Scenario {
        seed: args.seed.unwrap_or(asked.seed),
        brokers: args.brokers.unwrap_or(asked.brokers),
        ..asked
    };
    if args.json {
        return tell(&name, &transcript, &scenario, out);
    }
    let mut digest = Digest::default();
    let mut add = |at: SimTime, happening: Happening<'_>| match happening {
        Happening::Event(event) => digest.add(at, event),
        Happening::Line { .. } => {}
    };
    let Run { transcript: result, .. } = transcript.run(&scenario, &mut add).map_err(broken)?;
    if args.digest {
        writeln!(out, "{digest}  {name}")?;
    } else if args.check {
        check(&name, &text, &result.to_string(), out)?;
    } else {
        if args.files.len() > 1 {
            writeln!(out, "==> {name} <==")?;
        }
        write!(out, "{result}")?;
    }
    Ok(())
}

/// The error says what is wrong with the file, without its name.
fn read(file: &Path) -> Result<String, String> {
    if file.is_dir() {
        return Err("is a directory: name the transcripts in it".to_owned());
    }
    let bytes = fs::read(file).map_err(|error| format!("cannot be read: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = good.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        format!("line {line}, byte {column}: a transcript is UTF-8 text, and this is not")
    })
}

fn check(name: &str, recorded: &str, now: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let recorded: String = recorded.lines().map(|line| format!("{line}\n")).collect();
    if recorded == now {
        writeln!(out, "ok      {name}")?;
        return Ok(());
    }
    writeln!(out, "differs {name}")?;
    let diff = TextDiff::from_lines(recorded.as_str(), now);
    writeln!(out, "{}", diff.unified_diff().context_radius(2).header("recorded", "now"))?;
    Err(Failure::Differs)
}

fn tell(
    file: &str,
    transcript: &Transcript,
    scenario: &Scenario,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let mut written = Ok(());
    let mut write = |told: &Told<'_>| {
        if written.is_ok() {
            written =
                serde_json::to_writer(&mut *out, told).map_err(io::Error::from).and_then(|()| writeln!(out));
        }
    };
    let result = transcript.run(scenario, &mut |at, happening| match happening {
        Happening::Event(event) => {
            let detail = format!("{event:?}");
            let end = detail.find(|c: char| !c.is_alphanumeric()).unwrap_or(detail.len());
            write(&Told::Event { file, at_us: at.as_micros(), event: &detail[..end], detail: &detail });
        }
        Happening::Line { terminal, line } => {
            let stream = if line.source == Source::Error { "stderr" } else { "stdout" };
            write(&Told::Line { file, at_us: at.as_micros(), terminal, stream, text: &line.text });
        }
    });
    written?;
    result.map(drop).map_err(|error| Failure::Broken(format!("{file}: {error}")))
}
