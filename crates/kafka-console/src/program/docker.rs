//! `docker`, as far as it reaches the containers of this cluster.
//!
//! Every broker is a container named `kafka-1`, `kafka-2` and so on. `docker exec` takes any name: all containers have
//! the same tools and files but for the brokers' logs, and tutorials call them as they like: the number at the end of the
//! name tells the broker. The texts are those of Docker 28.
//!
//! Leaves out: images, volumes, networks other than the cluster's, and the logs of brokers. A program that was started
//! in a container does not end with it.

mod change;
mod containers;
mod tc;

use std::rc::Rc;

use kafka_core::protocol::BrokerId;
use kafka_core::simulation::BrokerState;

use crate::system::{Context, Input, Signal, Stdio};
pub(crate) use change::Change;
use change::{Verb, Voice};

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
    /// What is done to containers.
    Change(Change),
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

/// `docker ...` or `docker-compose ...`.
pub(crate) fn docker(arguments: &[Rc<str>], stdio: &Stdio, context: &mut Context<'_>) -> Docker {
    let Some((program, rest)) = arguments.split_first() else { return usage() };
    if &**program == "docker-compose" {
        return compose(rest, stdio, context);
    }
    let Some((verb, rest)) = rest.split_first() else { return usage() };
    match &**verb {
        "container" if rest.is_empty() => usage(),
        "container" => docker(rest_of(program, rest).as_slice(), stdio, context),
        "compose" => compose(rest, stdio, context),
        "exec" => exec(rest, stdio, "docker exec", context),
        "ps" | "ls" => containers::ps(rest, context),
        "start" | "stop" | "kill" | "pause" | "unpause" | "restart" => change(verb, rest),
        "network" => network(rest),
        "logs" => Docker::refused(
            "docker logs is not simulated: brokers write no log here. What happens in the cluster is shown as events.",
            1,
        ),
        "run" | "pull" => Docker::refused(
            format!(
                "docker {verb} has nothing to do here: the cluster is already there, docker ps -a lists it."
            ),
            1,
        ),
        "version" | "--version" | "-v" => Docker::printed("Docker version 28.5.1, build e180ab8\n"),
        verb => Docker::refused(
            format!(
                "docker: '{verb}' is not simulated here: of docker there are exec, ps, start, stop, restart, kill, \
                 pause, unpause, network (ls, connect, disconnect) and compose."
            ),
            1,
        ),
    }
}

fn rest_of(program: &Rc<str>, rest: &[Rc<str>]) -> Vec<Rc<str>> {
    [std::slice::from_ref(program), rest].concat()
}

fn usage() -> Docker {
    Docker::refused(
        "Usage:  docker exec [-i] [-t] CONTAINER COMMAND [ARG...]\n        docker ps [-a]\n        docker start | stop | \
         restart | kill | pause | unpause CONTAINER...\n        docker network connect | disconnect NETWORK CONTAINER",
        1,
    )
}

/// `start|stop|... [OPTIONS] CONTAINER [CONTAINER...]`
fn change(name: &str, arguments: &[Rc<str>]) -> Docker {
    let mut verb = match name {
        "start" => Verb::Start,
        "stop" => Verb::Stop,
        "kill" => Verb::Kill,
        "pause" => Verb::Pause,
        "unpause" => Verb::Unpause,
        _ => Verb::Restart,
    };
    let mut rest = arguments;
    while let Some((option, after)) = rest.split_first().filter(|(option, _)| option.starts_with('-')) {
        let (option, given) = option.split_once('=').map_or((&**option, None), |(o, v)| (o, Some(v)));
        let value = given.or_else(|| after.first().map(|value| &**value)).unwrap_or_default();
        verb = match (option, verb) {
            ("-t" | "--time" | "--timeout", Verb::Stop | Verb::Restart) => match value.parse::<i64>() {
                Ok(0) if verb == Verb::Stop => Verb::Kill,
                Ok(_) => verb,
                Err(_) => {
                    let text = format!(
                        "invalid argument \"{value}\" for \"-t, --timeout\" flag: strconv.ParseInt: parsing \
                         \"{value}\": invalid syntax"
                    );
                    return Docker::refused(text, 125);
                }
            },
            ("-s" | "--signal", Verb::Kill) => match Signal::find(value) {
                Some(Signal::Kill) => Verb::Kill,
                Some(Signal::Terminate) => Verb::Terminate,
                Some(
                    Signal::Hangup
                    | Signal::Interrupt
                    | Signal::Quit
                    | Signal::Continue
                    | Signal::Stop
                    | Signal::TerminalStop,
                )
                | None => {
                    let text = format!("docker kill -s {value} is not simulated here: KILL and TERM are.");
                    return Docker::refused(text, 1);
                }
            },
            (option, _) => {
                let text = format!("docker {name} {option} is not simulated here.");
                return Docker::refused(text, 1);
            }
        };
        rest = if given.is_some() { after } else { after.get(1..).unwrap_or_default() };
    }
    if rest.is_empty() {
        let options = if matches!(verb, Verb::Pause | Verb::Unpause) { "" } else { "[OPTIONS] " };
        let usage = format!("{options}CONTAINER [CONTAINER...]");
        return too_few(&format!("docker {name}"), "at least 1 argument", &usage, "See");
    }
    Docker::Change(Change::new(verb, Voice::Docker, rest))
}

/// What the client says when arguments are missing.
fn too_few(command: &str, needed: &str, usage: &str, verb: &str) -> Docker {
    Docker::refused(
        format!(
            "docker: '{command}' requires {needed}\n\nUsage:  {command} {usage}\n\n{verb} '{command} --help' for more \
             information"
        ),
        1,
    )
}

fn network(arguments: &[Rc<str>]) -> Docker {
    let Some((name, rest)) = arguments.split_first() else {
        return Docker::refused("Usage:  docker network ls | connect | disconnect", 1);
    };
    let verb = match &**name {
        "ls" | "list" => return containers::networks(),
        "connect" => Verb::Connect,
        "disconnect" => Verb::Disconnect,
        name => {
            let text =
                format!("docker network {name} is not simulated here: ls, connect and disconnect are.");
            return Docker::refused(text, 1);
        }
    };
    let operands: Vec<Rc<str>> =
        rest.iter().filter(|argument| !matches!(&***argument, "-f" | "--force")).cloned().collect();
    let [network, container] = &operands[..] else {
        let command = format!("docker network {name}");
        return too_few(&command, "2 arguments", "[OPTIONS] NETWORK CONTAINER", "Run");
    };
    if &**network != containers::NETWORK {
        return Docker::refused(format!("Error response from daemon: network {network} not found"), 1);
    }
    Docker::Change(Change::new(verb, Voice::Docker, std::slice::from_ref(container)))
}

/// `exec [OPTIONS] CONTAINER COMMAND [ARG...]`; compose gives a terminal unless `-T` is there.
fn exec(arguments: &[Rc<str>], stdio: &Stdio, called: &str, context: &mut Context<'_>) -> Docker {
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
        let usage = "[OPTIONS] CONTAINER COMMAND [ARG...]";
        return too_few("docker exec", "at least 2 arguments", usage, "See");
    }
    if interactive && tty && stdio.input != Input::Terminal {
        return Docker::refused("the input device is not a TTY", 1);
    }
    if let Some(broker) = containers::find(&rest[0], context) {
        let name = containers::container_name(broker);
        match containers::state(broker, context) {
            BrokerState::Running if &*rest[1] == "tc" => return tc::run(broker, &rest[2..], context),
            BrokerState::Running => {}
            BrokerState::Paused => {
                let text = format!(
                    "Error response from daemon: Container {} is paused, unpause the container before exec",
                    rest[0]
                );
                return Docker::refused(text, 1);
            }
            BrokerState::Stopped => {
                let id = containers::long_id(&name);
                let text = format!("Error response from daemon: container {id} is not running");
                return Docker::refused(text, 1);
            }
        }
    }
    let number = rest[0].trim_start_matches(|character: char| !character.is_ascii_digit());
    let broker = number.parse().ok().map(BrokerId);
    Docker::Exec { command: rest[1..].to_vec(), broker, variables, is_interactive: interactive }
}

/// `docker compose [-f FILE] up|ps|exec|stop|start|...`.
fn compose(arguments: &[Rc<str>], stdio: &Stdio, context: &mut Context<'_>) -> Docker {
    let mut rest = arguments;
    while let [option, _, after @ ..] = rest
        && matches!(&**option, "-f" | "--file" | "-p" | "--project-name")
    {
        rest = after;
    }
    let Some((verb, rest)) = rest.split_first() else {
        return Docker::refused(
            "Usage:  docker compose up -d | ps | stop | start | restart | kill | pause | unpause [SERVICE...]\n        \
             docker compose exec SERVICE COMMAND [ARG...]",
            1,
        );
    };
    match &**verb {
        "ps" | "ls" => containers::compose_ps(rest, context),
        "exec" => exec(rest, stdio, "docker compose exec", context),
        "version" => Docker::printed("Docker Compose version v2.40.0\n"),
        "up" => compose_change(Verb::Start, rest, true, stdio, context),
        "start" => compose_change(Verb::Start, rest, false, stdio, context),
        "stop" => compose_change(Verb::Stop, rest, false, stdio, context),
        "kill" => compose_change(Verb::Kill, rest, false, stdio, context),
        "restart" => compose_change(Verb::Restart, rest, false, stdio, context),
        "pause" => compose_change(Verb::Pause, rest, false, stdio, context),
        "unpause" => compose_change(Verb::Unpause, rest, false, stdio, context),
        "down" => Docker::refused(
            "docker compose down would remove the brokers with their data, which is not simulated: docker compose \
             stop stops them.",
            1,
        ),
        verb => Docker::refused(
            format!(
                "docker compose {verb} is not simulated here: of it there are up, ps, exec, stop, start, restart, \
                 kill, pause and unpause."
            ),
            1,
        ),
    }
}

/// Compose leaves alone what is in no state for it.
fn compose_change(
    verb: Verb,
    arguments: &[Rc<str>],
    is_up: bool,
    stdio: &Stdio,
    context: &mut Context<'_>,
) -> Docker {
    let named: Vec<Rc<str>> = arguments.iter().filter(|name| !name.starts_with('-')).cloned().collect();
    let services: Vec<Rc<str>> =
        containers::brokers(context).into_iter().map(|id| containers::container_name(id).into()).collect();
    if let Some(unknown) = named.iter().find(|name| !services.contains(name)) {
        return Docker::refused(format!("no such service: {unknown}"), 1);
    }
    let mut targets = Vec::new();
    for service in services.into_iter().filter(|name| named.is_empty() || named.contains(name)) {
        let Some(broker) = containers::find(&service, context) else { continue };
        match (verb, containers::state(broker, context)) {
            (Verb::Start, BrokerState::Running) if is_up => {
                drop(context.write(&stdio.error, format!(" Container {service}  Running\n").as_bytes()));
            }
            (Verb::Start, BrokerState::Running)
            | (Verb::Stop | Verb::Kill | Verb::Pause | Verb::Unpause, BrokerState::Stopped)
            | (Verb::Pause, BrokerState::Paused)
            | (Verb::Unpause, BrokerState::Running) => {}
            (
                Verb::Start
                | Verb::Stop
                | Verb::Terminate
                | Verb::Kill
                | Verb::Restart
                | Verb::Pause
                | Verb::Unpause
                | Verb::Disconnect
                | Verb::Connect,
                BrokerState::Running | BrokerState::Paused | BrokerState::Stopped,
            ) => targets.push(service),
        }
    }
    Docker::Change(Change::new(verb, Voice::Compose, &targets))
}
