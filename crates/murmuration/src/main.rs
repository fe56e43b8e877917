//! The native command: the simulator without its page.

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod conform;
mod partition;
mod run;
mod site;

#[derive(Parser)]
#[command(name = "murmuration", version, about = "A faithful, deterministic simulation of Kafka")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run transcripts and print them with what the terminals show
    Run(run::Args),
    /// Show which partition Kafka's producer picks for each key on standard input
    Partition(partition::Args),
    /// Check the model against recordings of real Kafka
    Conform(conform::Args),
    /// Write the site's pages that are read, the course and its glossary, beside the built page
    Site(site::Args),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Partition(args) => partition::run(&args),
        Command::Conform(args) => conform::run(&args),
        Command::Site(args) => site::run(&args),
    };
    match outcome {
        Ok(code) => code,
        // The reader of our output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
