//! The project's own commands, run as `cargo xtask <command>`.

mod checks;
mod command;
mod page;
mod project;
mod serve;
mod tidy;
mod toolbox;

use anyhow::{Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use project::Project;
use std::process::{Command, ExitCode};

const HELP: &str = "\
The project's own commands.

  cargo xtask serve [--release] [--port N]   build the playground and serve it on this machine
  cargo xtask test [STEP...] [--list]        run every check, or the named steps only
  cargo xtask dist                           build the site to publish into dist/ and measure it
  cargo xtask tidy                           check the house rules only
  cargo xtask bench                          measure how the model's cost grows, natively

What a command needs and does not find, it installs first; the tools are kept outside
the checkout, in $MURMURATION_TOOLS or the cache folder of this account.
";

fn main() -> ExitCode {
    match run(Parser::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Parser) -> Result<()> {
    let project = Project::locate()?;
    let command = match arguments.next()? {
        Some(Arg::Value(command)) => command.string()?,
        Some(Arg::Long("help") | Arg::Short('h')) | None => "help".into(),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "serve" => serve::serve(&project, &serve::Options::parse(arguments)?),
        "test" => checks::run(&project, &checks::Options::parse(arguments)?),
        "dist" => {
            expect_no_more(arguments)?;
            page::build_and_measure(&project)
        }
        "tidy" => {
            expect_no_more(arguments)?;
            tidy::run(&project)
        }
        "bench" => {
            expect_no_more(arguments)?;
            command::run(
                Command::new("cargo")
                    .args(["bench", "--package", "kafka-core", "--package", "playground"])
                    .current_dir(project.root()),
            )
        }
        "help" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => bail!("there is no command `{unknown}`\n\n{HELP}"),
    }
}

fn expect_no_more(mut arguments: Parser) -> Result<()> {
    match arguments.next()? {
        None => Ok(()),
        Some(extra) => Err(extra.unexpected().into()),
    }
}
