//! `docker`, as far as it reaches the containers of this cluster.
//!
//! Every broker is a container named `kafka-1`, `kafka-2` and so on. `docker exec` takes any name: all containers have
//! the same tools and files but for the brokers' logs, and tutorials call them as they like: the number at the end of the
//! name tells the broker.
//!
//! Leaves out: images, volumes, networks other than the cluster's, and the logs of brokers.

use std::rc::Rc;

use kafka_core::protocol::BrokerId;
use kafka_core::time::SimTime;

use crate::system::{Context, Input, Stdio};

/// What docker makes of its arguments.
pub(crate) enum Docker {
    /// The command that is left to run.
    Exec {
        command: Vec<Rc<str>>,
        /// Whose container it is, by the number at the end of its name.
        broker: Option<BrokerId>,
        variables: Vec<Rc<str>>,
        is_interactive: bool,
    },
    /// All that there is to it.
    Told { text: String, to_error: bool, status: u8 },
}

impl Docker {
    fn printed(text: impl Into<String>) -> Self {
        Self::Told { text: text.into(), to_error: false, status: 0 }
    }

    fn refused(text: impl Into<String>, status: u8) -> Self {
        Self::Told { text: format!("{}\n", text.into()), to_error: true, status }
    }
}

/// Why one container after the other cannot be stopped.
const NO_FAULTS: &str = "is not simulated here yet: brokers do not fail. Clients do: stop a consumer with Ctrl+C, kill it \
                         with kill -9, or close its terminal.";

/// `docker ...` or `docker-compose ...`.
pub(crate) fn docker(arguments: &[Rc<str>], stdio: &Stdio, context: &Context<'_>) -> Docker {
    let Some((program, rest)) = arguments.split_first() else { return usage() };
    if &**program == "docker-compose" {
        return compose(rest, stdio, context);
    }
    let Some((verb, rest)) = rest.split_first() else { return usage() };
    match &**verb {
        "container" if rest.is_empty() => usage(),
        "container" => docker(rest_of(program, rest).as_slice(), stdio, context),
        "compose" => compose(rest, stdio, context),
        "exec" => exec(rest, stdio, "docker exec"),
        "ps" | "ls" => ps(rest, context),
        "logs" => Docker::refused(
            "docker logs is not simulated: brokers write no log here. What happens in the cluster is shown as events.",
            1,
        ),
        "stop" | "start" | "kill" | "pause" | "unpause" | "restart" | "network" => {
            Docker::refused(format!("docker {verb} {NO_FAULTS}"), 1)
        }
        "run" | "pull" => Docker::refused(
            format!(
                "docker {verb} has nothing to do here: the cluster is already running, docker ps lists it."
            ),
            1,
        ),
        "version" | "--version" | "-v" => Docker::printed("Docker version 28.5.1, build e180ab8\n"),
        verb => Docker::refused(
            format!(
                "docker: '{verb}' is not simulated here: of docker there are exec, ps and compose (up, ps, exec)."
            ),
            1,
        ),
    }
}

fn rest_of(program: &Rc<str>, rest: &[Rc<str>]) -> Vec<Rc<str>> {
    [std::slice::from_ref(program), rest].concat()
}

fn usage() -> Docker {
    Docker::refused("Usage:  docker exec [-i] [-t] CONTAINER COMMAND [ARG...]\n        docker ps", 1)
}

/// `exec [OPTIONS] CONTAINER COMMAND [ARG...]`; compose gives a terminal unless `-T` is there.
fn exec(arguments: &[Rc<str>], stdio: &Stdio, called: &str) -> Docker {
    let is_compose = called != "docker exec";
    let (mut interactive, mut tty) = (is_compose, is_compose && stdio.input == Input::Terminal);
    let mut variables = Vec::new();
    let mut rest = arguments;
    while let Some((option, after)) = rest.split_first() {
        rest = after;
        match &**option {
            "-i" | "--interactive" => interactive = true,
            "-t" | "--tty" => tty = true,
            "-it" | "-ti" => (interactive, tty) = (true, true),
            "-T" if is_compose => tty = false,
            "-e" | "--env" | "-u" | "--user" | "-w" | "--workdir" => {
                let Some((value, after)) = rest.split_first() else { break };
                rest = after;
                if matches!(&**option, "-e" | "--env") {
                    variables.push(value.clone());
                }
            }
            option if option.starts_with('-') => {
                return Docker::refused(
                    format!("{called} {option} is not simulated: only -i, -t and -e are."),
                    1,
                );
            }
            _ => {
                rest = &arguments[arguments.len() - rest.len() - 1..];
                break;
            }
        }
    }
    if rest.len() < 2 {
        let text = "docker: 'docker exec' requires at least 2 arguments.\n\nUsage:  docker exec [-i] [-t] CONTAINER \
                    COMMAND [ARG...]";
        return Docker::refused(text, 1);
    }
    if interactive && tty && stdio.input != Input::Terminal {
        return Docker::refused("the input device is not a TTY", 1);
    }
    let number = rest[0].trim_start_matches(|character: char| !character.is_ascii_digit());
    let broker = number.parse().ok().map(BrokerId);
    Docker::Exec { command: rest[1..].to_vec(), broker, variables, is_interactive: interactive }
}

fn ps(options: &[Rc<str>], context: &Context<'_>) -> Docker {
    if options.iter().any(|option| matches!(&**option, "-q" | "-aq")) {
        return Docker::printed(names(context).map(|name| format!("{}\n", id(&name))).collect::<String>());
    }
    let up = format!("Up {}", human(context.now()));
    let created = format!("{} ago", human(context.now()));
    let title = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"];
    let row = |name: String| {
        let command = "\"/__cacert_entrypoi…\"".to_owned();
        [id(&name), IMAGE.to_owned(), command, created.clone(), up.clone(), "9092/tcp".to_owned(), name]
    };
    Docker::printed(table(&title, names(context).map(row)))
}

const IMAGE: &str = "apache/kafka:4.2.0";

/// Columns as wide as their longest text, three blanks apart.
fn table<const N: usize>(title: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let rows: Vec<[String; N]> = std::iter::once(title.map(str::to_owned)).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("   ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// The containers of the cluster.
fn names(context: &Context<'_>) -> impl Iterator<Item = String> + use<> {
    (1..=context.brokers()).map(|number| format!("kafka-{number}"))
}

/// Twelve hexadecimal digits, the same for a name every time.
fn id(name: &str) -> String {
    format!("{:012x}", fxhash::hash64(name.as_bytes()) >> 16)
}

/// `units.HumanDuration`.
fn human(since: SimTime) -> String {
    let seconds = since.since(SimTime::ZERO).as_secs();
    match seconds {
        0 => "Less than a second".to_owned(),
        1 => "1 second".to_owned(),
        2..60 => format!("{seconds} seconds"),
        60..120 => "About a minute".to_owned(),
        120..3600 => format!("{} minutes", seconds / 60),
        3600..7200 => "About an hour".to_owned(),
        _ => format!("{} hours", seconds / 3600),
    }
}

/// `docker compose [-f FILE] up|ps|exec ...`.
fn compose(arguments: &[Rc<str>], stdio: &Stdio, context: &Context<'_>) -> Docker {
    let mut rest = arguments;
    while let [option, _, after @ ..] = rest
        && matches!(&**option, "-f" | "--file" | "-p" | "--project-name")
    {
        rest = after;
    }
    let Some((verb, rest)) = rest.split_first() else {
        return Docker::refused("Usage:  docker compose up -d | ps | exec SERVICE COMMAND [ARG...]", 1);
    };
    match &**verb {
        "up" => {
            let text = names(context).map(|name| format!(" Container {name}  Running\n")).collect();
            Docker::Told { text, to_error: true, status: 0 }
        }
        "ps" | "ls" => compose_ps(context),
        "exec" => exec(rest, stdio, "docker compose exec"),
        "version" => Docker::printed("Docker Compose version v2.40.0\n"),
        "down" => {
            Docker::refused("docker compose down is not simulated: the cluster lives as long as the page.", 1)
        }
        "stop" | "start" | "kill" | "pause" | "unpause" | "restart" => {
            Docker::refused(format!("docker compose {verb} {NO_FAULTS}"), 1)
        }
        verb => Docker::refused(
            format!("docker compose {verb} is not simulated here: of it there are up, ps and exec."),
            1,
        ),
    }
}

fn compose_ps(context: &Context<'_>) -> Docker {
    let up = format!("Up {}", human(context.now()));
    let row = |name: String| [name.clone(), IMAGE.to_owned(), name, up.clone()];
    Docker::printed(table(&["NAME", "IMAGE", "SERVICE", "STATUS"], names(context).map(row)))
}
