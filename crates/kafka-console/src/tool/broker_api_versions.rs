//! `kafka-broker-api-versions`.
//!
//! Mirrors `BrokerApiVersionsCommand` and `NodeApiVersions.toString`: what brokers of Kafka 4.2 say to a client of the
//! same version. The model's brokers answer fewer requests than these.

use std::rc::Rc;

use kafka_core::java_hash::{DEFAULT_CAPACITY, iteration_order};

use super::failure::Failure;
use super::{VERSION, admin, say};
use crate::option::{Argument, OptionSpec, Options, option};
use crate::system::Context;

pub(super) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "bootstrap-server",
            Required("String: server(s) to use for bootstrapping"),
            "REQUIRED: The servers to connect to, as host:port,host:port.",
        ),
        option(
            "command-config",
            Required("String: command config property file"),
            "A file with properties for the admin client.",
        ),
        option("help", None, "Show this list."),
        option("version", None, "Show the version of Kafka."),
    ]
};

/// Key, name, first and last version of every request that a broker takes from clients.
const API_VERSIONS: &[(u32, &str, u32, u32)] = &[
    (0, "Produce", 0, 13),
    (1, "Fetch", 4, 18),
    (2, "ListOffsets", 1, 11),
    (3, "Metadata", 0, 13),
    (8, "OffsetCommit", 2, 10),
    (9, "OffsetFetch", 1, 10),
    (10, "FindCoordinator", 0, 6),
    (11, "JoinGroup", 0, 9),
    (12, "Heartbeat", 0, 4),
    (13, "LeaveGroup", 0, 5),
    (14, "SyncGroup", 0, 5),
    (15, "DescribeGroups", 0, 6),
    (16, "ListGroups", 0, 5),
    (17, "SaslHandshake", 0, 1),
    (18, "ApiVersions", 0, 4),
    (19, "CreateTopics", 2, 7),
    (20, "DeleteTopics", 1, 6),
    (21, "DeleteRecords", 0, 2),
    (22, "InitProducerId", 0, 5),
    (23, "OffsetForLeaderEpoch", 2, 4),
    (24, "AddPartitionsToTxn", 0, 5),
    (25, "AddOffsetsToTxn", 0, 4),
    (26, "EndTxn", 0, 5),
    (27, "WriteTxnMarkers", 1, 2),
    (28, "TxnOffsetCommit", 0, 5),
    (29, "DescribeAcls", 1, 3),
    (30, "CreateAcls", 1, 3),
    (31, "DeleteAcls", 1, 3),
    (32, "DescribeConfigs", 1, 4),
    (33, "AlterConfigs", 0, 2),
    (34, "AlterReplicaLogDirs", 1, 2),
    (35, "DescribeLogDirs", 1, 4),
    (36, "SaslAuthenticate", 0, 2),
    (37, "CreatePartitions", 0, 3),
    (38, "CreateDelegationToken", 1, 3),
    (39, "RenewDelegationToken", 1, 2),
    (40, "ExpireDelegationToken", 1, 2),
    (41, "DescribeDelegationToken", 1, 3),
    (42, "DeleteGroups", 0, 2),
    (43, "ElectLeaders", 0, 2),
    (44, "IncrementalAlterConfigs", 0, 1),
    (45, "AlterPartitionReassignments", 0, 1),
    (46, "ListPartitionReassignments", 0, 0),
    (47, "OffsetDelete", 0, 0),
    (48, "DescribeClientQuotas", 0, 1),
    (49, "AlterClientQuotas", 0, 1),
    (50, "DescribeUserScramCredentials", 0, 0),
    (51, "AlterUserScramCredentials", 0, 0),
    (55, "DescribeQuorum", 0, 2),
    (57, "UpdateFeatures", 0, 2),
    (60, "DescribeCluster", 0, 2),
    (61, "DescribeProducers", 0, 0),
    (64, "UnregisterBroker", 0, 0),
    (65, "DescribeTransactions", 0, 0),
    (66, "ListTransactions", 0, 2),
    (68, "ConsumerGroupHeartbeat", 0, 1),
    (69, "ConsumerGroupDescribe", 0, 1),
    (71, "GetTelemetrySubscriptions", 0, 0),
    (72, "PushTelemetry", 0, 0),
    (74, "ListConfigResources", 0, 1),
    (75, "DescribeTopicPartitions", 0, 0),
    (76, "ShareGroupHeartbeat", 1, 1),
    (77, "ShareGroupDescribe", 1, 1),
    (78, "ShareFetch", 1, 2),
    (79, "ShareAcknowledge", 1, 2),
    (80, "AddRaftVoter", 0, 1),
    (81, "RemoveRaftVoter", 0, 0),
    (83, "InitializeShareGroupState", 0, 0),
    (84, "ReadShareGroupState", 0, 0),
    (85, "WriteShareGroupState", 0, 1),
    (86, "DeleteShareGroupState", 0, 0),
    (87, "ReadShareGroupStateSummary", 0, 1),
    (88, "StreamsGroupHeartbeat", 0, 0),
    (89, "StreamsGroupDescribe", 0, 0),
    (90, "DescribeShareGroupOffsets", 0, 1),
    (91, "AlterShareGroupOffsets", 0, 0),
    (92, "DeleteShareGroupOffsets", 0, 0),
];

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    match execute(arguments, context) {
        Ok(()) => 0,
        Err(failure) => failure.report("", OPTIONS, context),
    }
}

fn execute(arguments: &[Rc<str>], context: &mut Context<'_>) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    if options.has("help") {
        return Err(Failure::Usage("This tool helps to retrieve broker version information.".to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    if !options.has("bootstrap-server") {
        return Err(Failure::Usage("Missing required argument \"[bootstrap-server]\"".to_owned()));
    }
    admin::connect(&options, context)?;
    let versions = API_VERSIONS.iter().map(|(key, name, least, most)| {
        let range = if least == most { least.to_string() } else { format!("{least} to {most}") };
        format!("{name}({key}): {range} [usable: {most}]")
    });
    let versions = versions.collect::<Vec<_>>().join(",\n\t");
    let simulation = &context.system().simulation;
    let brokers = simulation.cluster().brokers().iter().copied();
    let in_order = iteration_order(brokers, DEFAULT_CAPACITY, |id| id.0.cast_signed());
    let texts: Vec<_> = in_order
        .into_iter()
        .map(|id| {
            let address = admin::address(id, simulation);
            let rack = simulation.scenario().rack(id).map_or("null", |rack| &**rack);
            format!("{address} (id: {} rack: {rack} isFenced: false) -> (\n\t{versions}\n)", id.0)
        })
        .collect();
    texts.iter().for_each(|text| say(text, context));
    Ok(())
}
