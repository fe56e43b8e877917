//! `kafka-metadata-quorum describe`.
//!
//! Mirrors `MetadataQuorumCommand`. The model has no metadata log: every broker is a controller as well, the first one
//! leads, and the log holds what an idle quorum writes, a no-op record every [`NO_OP_INTERVAL_MS`]. Leaves out:
//! changes of the quorum.

use std::rc::Rc;

use kafka_core::protocol::BrokerId;
use kafka_core::rng::Rng;
use kafka_core::topic::TopicId;

use super::admin::ConnectError;
use super::argparse::{Namespace, Parser};
use super::{admin, say};
use crate::option::{Argument, OptionSpec, option};
use crate::system::Context;
use crate::table;

pub(super) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "bootstrap-server",
            Required("BOOTSTRAP_SERVER"),
            "The brokers to connect to, as host:port,host:port.",
        ),
        option("bootstrap-controller", Required("BOOTSTRAP_CONTROLLER"), "The controllers to connect to."),
        option("command-config", Required("COMMAND_CONFIG"), "A file with properties for the admin client."),
        option("status", None, "describe: who leads, and how far the others have got."),
        option("replication", None, "describe: how far every node has got."),
        option("human-readable", None, "describe --replication: how long ago, instead of times."),
    ]
};

const PARSER: Parser = Parser {
    program: "kafka-metadata-quorum",
    description: "This tool describes kraft metadata quorum status.",
    options: OPTIONS,
    required: &[],
    exclusive: &["bootstrap-server", "bootstrap-controller"],
    several: &[],
    commands: &["describe", "add-controller", "remove-controller"],
};

/// `metadata.max.idle.interval.ms`
const NO_OP_INTERVAL_MS: u64 = 500;

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    let given = match PARSER.parse(arguments) {
        Ok(given) => given,
        Err(refused) => return PARSER.report(&refused, context),
    };
    match describe(&given, context) {
        Ok(lines) => {
            lines.iter().for_each(|line| say(line, context));
            0
        }
        Err(messages) => {
            messages.iter().for_each(|message| context.print_error(message));
            1
        }
    }
}

fn describe(given: &Namespace, context: &mut Context<'_>) -> Result<Vec<String>, Vec<String>> {
    let terse = |message: String| Err(vec![message]);
    if let Some(file) = given.value("command-config").filter(|file| context.read_file(file).is_none()) {
        return terse(format!("Properties file {file} does not exists!"));
    }
    let servers = given.value("bootstrap-server").or_else(|| given.value("bootstrap-controller"));
    let servers = servers.cloned().unwrap_or_default();
    admin::reach(&servers, context).map_err(|ConnectError { message, exceptions }| {
        let mut lines = vec![message];
        lines.extend(exceptions);
        lines.push(String::new());
        lines
    })?;
    match given.command.as_deref() {
        Some("describe") => {}
        Some(other) => return terse(format!("kafka-metadata-quorum: {other} is not simulated.")),
        None => unreachable!("the parser asks for a command"),
    }
    match (given.has("status"), given.has("replication")) {
        (true, true) => terse(
            "Only one of --status or --replication should be specified with describe sub-command".to_owned(),
        ),
        (false, false) => {
            terse("One of --status or --replication must be specified with describe sub-command".to_owned())
        }
        (true, false) if given.has("human-readable") => {
            terse("The option --human-readable is only supported along with --replication".to_owned())
        }
        (true, false) => Ok(status(context)),
        (false, true) => Ok(replication(given.has("human-readable"), context)),
    }
}

/// Ids that the storage was formatted with: the cluster's, then each broker's.
fn ids(context: &mut Context<'_>) -> (TopicId, Vec<(BrokerId, TopicId)>) {
    let simulation = &context.system().simulation;
    let mut rng = Rng::new(!simulation.scenario().seed);
    let cluster = TopicId::random(&mut rng);
    let brokers = simulation.cluster().brokers().iter();
    (cluster, brokers.map(|id| (*id, TopicId::random(&mut rng))).collect())
}

fn log_end_offset(context: &Context<'_>) -> u64 {
    context.now().as_millis() / NO_OP_INTERVAL_MS
}

fn status(context: &mut Context<'_>) -> Vec<String> {
    let (cluster, nodes) = ids(context);
    let simulation = &context.system().simulation;
    let voter = |(id, directory): &(BrokerId, TopicId)| {
        let host = admin::address(*id, simulation);
        let endpoint = format!("CONTROLLER://{host}");
        format!("{{\"id\": {}, \"directoryId\": \"{directory}\", \"endpoints\": [\"{endpoint}\"]}}", id.0)
    };
    let voters = nodes.iter().map(voter).collect::<Vec<_>>().join(", ");
    let leader = nodes.first().map_or(0, |(id, _)| id.0);
    let offset = log_end_offset(context);
    [
        ("ClusterId:", cluster.to_string()),
        ("LeaderId:", leader.to_string()),
        ("LeaderEpoch:", "1".to_owned()),
        ("HighWatermark:", offset.to_string()),
        ("MaxFollowerLag:", "0".to_owned()),
        ("MaxFollowerLagTimeMs:", "0".to_owned()),
        ("CurrentVoters:", format!("[{voters}]")),
        ("CurrentObservers:", "[]".to_owned()),
    ]
    .map(|(name, value)| format!("{name:24}{value}"))
    .into()
}

fn replication(human_readable: bool, context: &mut Context<'_>) -> Vec<String> {
    let (_, nodes) = ids(context);
    let offset = log_end_offset(context);
    let now = context.wall_clock().as_millis();
    let time = if human_readable { "0 ms ago".to_owned() } else { now.to_string() };
    let titles = [
        "NodeId",
        "DirectoryId",
        "LogEndOffset",
        "Lag",
        "LastFetchTimestamp",
        "LastCaughtUpTimestamp",
        "Status",
    ];
    let mut rows = Vec::new();
    for (place, (id, directory)) in nodes.iter().enumerate() {
        let status = if place == 0 { "Leader" } else { "Follower" };
        rows.push(vec![
            id.0.to_string(),
            directory.to_string(),
            offset.to_string(),
            "0".to_owned(),
            time.clone(),
            time.clone(),
            status.to_owned(),
        ]);
    }
    table::tabbed(&titles, rows)
}
