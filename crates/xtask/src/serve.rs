//! `cargo xtask serve`: the playground on this machine, rebuilt whenever a file changes.

use crate::command;
use crate::project::Project;
use crate::toolbox::{Need, Toolbox};
use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};
use std::net::{Ipv4Addr, TcpListener};

/// Apart from dist/, so that serving and building the site to publish do not disturb each other.
const SERVED: &str = "target/serve";

pub(crate) struct Options {
    release: bool,
    port: u16,
}

impl Options {
    pub(crate) fn parse(mut arguments: Parser) -> Result<Self> {
        let mut options = Self { release: false, port: 8080 };
        while let Some(argument) = arguments.next()? {
            match argument {
                Arg::Long("release") => options.release = true,
                Arg::Long("port") => options.port = arguments.value()?.parse()?,
                Arg::Short(_) | Arg::Long(_) | Arg::Value(_) => return Err(argument.unexpected().into()),
            }
        }
        Ok(options)
    }
}

pub(crate) fn serve(project: &Project, options: &Options) -> Result<()> {
    let Options { release, port } = *options;
    expect_free(port)?;
    println!("Looking for what the playground is built with; what is missing gets installed.");
    let mut needs = vec![Need::WasmTarget, Need::WasmBindgen, Need::Trunk];
    if release {
        needs.push(Need::WasmOpt);
    }
    let toolbox = Toolbox::prepare(project, needs)?;

    let port = port.to_string();
    let mut trunk = toolbox.trunk(project, &["serve", "--port", &port, "--dist", SERVED]);
    if release {
        trunk.arg("--release");
    }
    println!("Building the page; a first build compiles every dependency and takes a few minutes.");
    println!("\n  Open http://127.0.0.1:{port}/ when the build has succeeded. Ctrl+C ends it.\n");
    command::become_it(&mut trunk)
}

fn expect_free(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(failure) if failure.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("port {port} is in use; choose another one with `cargo xtask serve --port N`")
        }
        Err(failure) => Err(failure).with_context(|| format!("cannot serve on port {port}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_options() {
        let options = Options::parse(Parser::from_args(["--release", "--port", "9000"])).unwrap();
        assert!(options.release);
        assert_eq!(options.port, 9000);
        assert!(Options::parse(Parser::from_args(["--open"])).is_err());
    }

    #[test]
    fn a_taken_port_is_named() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(expect_free(port).unwrap_err().to_string().contains(&port.to_string()));
    }
}
