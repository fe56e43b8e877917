//! The containers of the cluster: one for each broker, named `kafka-1`, `kafka-2` and so on.

use std::rc::Rc;

use kafka_core::protocol::BrokerId;
use kafka_core::simulation::BrokerState;
use kafka_core::time::SimTime;

use super::Docker;
use crate::system::Context;

const IMAGE: &str = "apache/kafka:4.2.0";

/// The network that compose makes for the project `kafka`.
pub(super) const NETWORK: &str = "kafka_default";

/// What the only broker of a cluster is called as well, by tutorials.
const ALIASES: [&str; 3] = ["kafka", "local-kafka", "broker"];

/// The container of this name or of an identifier that begins so.
pub(super) fn find(name: &str, context: &mut Context<'_>) -> Option<BrokerId> {
    let brokers = brokers(context);
    if let [only] = brokers[..]
        && ALIASES.contains(&name)
    {
        return Some(only);
    }
    let is_id = |broker: &BrokerId| name.len() >= 4 && long_id(&container_name(*broker)).starts_with(name);
    brokers.into_iter().find(|broker| container_name(*broker) == name || is_id(broker))
}

pub(super) fn brokers(context: &mut Context<'_>) -> Vec<BrokerId> {
    context.system().simulation.cluster().brokers().to_vec()
}

pub(super) fn container_name(broker: BrokerId) -> String {
    format!("kafka-{}", broker.0)
}

pub(super) fn state(broker: BrokerId, context: &mut Context<'_>) -> BrokerState {
    context.system().simulation.broker_state(broker).unwrap_or(BrokerState::Stopped)
}

/// `docker ps [-a] [-q]`.
pub(super) fn ps(options: &[Rc<str>], context: &mut Context<'_>) -> Docker {
    let letters: String = options.iter().filter_map(|option| option.strip_prefix('-')).collect();
    if letters.contains(|c| !"aq".contains(c)) && letters != "-all" && letters != "-quiet" {
        return Docker::refused("docker ps: of its options there are -a and -q here.", 1);
    }
    let all = letters.contains('a');
    let mut listed = brokers(context);
    listed.retain(|broker| all || state(*broker, context) != BrokerState::Stopped);
    if letters.contains('q') {
        return Docker::printed(
            listed.into_iter().map(|broker| format!("{}\n", id(&container_name(broker)))).collect::<String>(),
        );
    }
    let title = ["CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES"];
    let created = format!("{} ago", human(context.now(), SimTime::ZERO));
    let mut rows = Vec::new();
    for broker in listed {
        let name = container_name(broker);
        let ports = if state(broker, context) == BrokerState::Stopped { "" } else { "9092/tcp" };
        let command = "\"/__cacert_entrypoi…\"".to_owned();
        let status = status(broker, context);
        rows.push([id(&name), IMAGE.to_owned(), command, created.clone(), status, ports.to_owned(), name]);
    }
    Docker::printed(table(&title, rows.into_iter()))
}

/// `docker compose ps [-a]`.
pub(super) fn compose_ps(options: &[Rc<str>], context: &mut Context<'_>) -> Docker {
    let all = options.iter().any(|option| matches!(&**option, "-a" | "--all"));
    let mut rows = Vec::new();
    for broker in brokers(context) {
        if all || state(broker, context) != BrokerState::Stopped {
            let name = container_name(broker);
            rows.push([name.clone(), IMAGE.to_owned(), name, status(broker, context)]);
        }
    }
    Docker::printed(table(&["NAME", "IMAGE", "SERVICE", "STATUS"], rows.into_iter()))
}

/// `docker network ls`. The others that Docker always has are left out.
pub(super) fn networks() -> Docker {
    let rows = [(NETWORK, "bridge")];
    let row =
        |(name, driver): (&str, &str)| [id(name), name.to_owned(), driver.to_owned(), "local".to_owned()];
    Docker::printed(table(&["NETWORK ID", "NAME", "DRIVER", "SCOPE"], rows.into_iter().map(row)))
}

/// `State.String()`.
fn status(broker: BrokerId, context: &mut Context<'_>) -> String {
    let container = context.system().container(broker);
    let time = human(context.now(), container.since);
    match state(broker, context) {
        BrokerState::Running => format!("Up {time}"),
        BrokerState::Paused => format!("Up {time} (Paused)"),
        BrokerState::Stopped => format!("Exited ({}) {time} ago", container.exit_code.unwrap_or_default()),
    }
}

/// `units.HumanDuration`.
fn human(now: SimTime, since: SimTime) -> String {
    let seconds = now.since(since).as_secs();
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

/// Sixty-four hexadecimal digits, the same for a name every time.
pub(super) fn long_id(name: &str) -> String {
    let quarter = |number: u32| {
        let salt = if number == 0 { String::new() } else { number.to_string() };
        format!("{:016x}", fxhash::hash64(format!("{salt}{name}").as_bytes()))
    };
    (0..4).map(quarter).collect()
}

/// The first twelve of them.
fn id(name: &str) -> String {
    long_id(name)[..12].to_owned()
}
