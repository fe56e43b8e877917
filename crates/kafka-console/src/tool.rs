//! Kafka's command-line tools: their options, the text that they print, and what they ask of the cluster.
//!
//! Mirrors `org.apache.kafka.tools` of Kafka 4.2: options, messages, streams and exit codes. Leaves out: the frames of
//! Java stack traces (the lines with messages are printed), security.

mod admin;
mod application;
mod argparse;
mod broker_api_versions;
mod configs;
mod console_consumer;
mod console_producer;
mod consumer_app;
mod consumer_groups;
mod consumer_perf_test;
mod decimal;
mod delete_records;
mod dump_log;
mod failure;
mod get_offsets;
mod groups;
mod java;
mod leader_election;
mod metadata_quorum;
mod partition_list;
mod producer_app;
mod producer_perf_test;
mod properties;
mod reassign_partitions;
mod topics;
mod transactions;

use std::rc::Rc;

use kafka_core::protocol::ErrorCode;

pub(crate) use admin::{address, at_or_after, earliest, latest};
pub(crate) use configs::{CLIENT_QUOTAS, IP_QUOTAS};
pub(crate) use console_consumer::{ConsoleConsumer, DESERIALIZERS, FORMATTER_SETTINGS};
pub(crate) use console_producer::{ConsoleProducer, LINE_READER_SETTINGS};
pub(crate) use consumer_app::ConsumerApp;
pub(crate) use consumer_groups::all as all_groups;
pub(crate) use consumer_perf_test::ConsumerPerfTest;
pub(crate) use java::{poll_exception, send_exception};
pub(crate) use producer_app::ProducerApp;
pub(crate) use producer_perf_test::ProducerPerfTest;

use crate::option::{self, OptionSpec};
use crate::system::{Context, Retry};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    Topics,
    ConsoleProducer,
    ConsoleConsumer,
    ConsumerGroups,
    Groups,
    GetOffsets,
    DeleteRecords,
    DumpLog,
    Configs,
    ProducerPerfTest,
    ConsumerPerfTest,
    MetadataQuorum,
    BrokerApiVersions,
    Transactions,
    LeaderElection,
    ReassignPartitions,
    /// Those that are not Kafka's.
    ConsumerApp,
    ProducerApp,
}

/// What `--version` prints.
const VERSION: &str = "4.2.0";

const CLIENT_UTILS: &str = "org.apache.kafka.clients.ClientUtils";
const SENDER: &str = "org.apache.kafka.clients.producer.internals.Sender";
const NETWORK_CLIENT: &str = "org.apache.kafka.clients.NetworkClient";

impl Tool {
    pub const ALL: [Self; 18] = [
        Self::Topics,
        Self::ConsoleProducer,
        Self::ConsoleConsumer,
        Self::ConsumerGroups,
        Self::Groups,
        Self::GetOffsets,
        Self::DeleteRecords,
        Self::DumpLog,
        Self::Configs,
        Self::ProducerPerfTest,
        Self::ConsumerPerfTest,
        Self::MetadataQuorum,
        Self::BrokerApiVersions,
        Self::Transactions,
        Self::LeaderElection,
        Self::ReassignPartitions,
        Self::ConsumerApp,
        Self::ProducerApp,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Topics => "kafka-topics",
            Self::ConsoleProducer => "kafka-console-producer",
            Self::ConsoleConsumer => "kafka-console-consumer",
            Self::ConsumerGroups => "kafka-consumer-groups",
            Self::Groups => "kafka-groups",
            Self::GetOffsets => "kafka-get-offsets",
            Self::DeleteRecords => "kafka-delete-records",
            Self::DumpLog => "kafka-dump-log",
            Self::Configs => "kafka-configs",
            Self::ProducerPerfTest => "kafka-producer-perf-test",
            Self::ConsumerPerfTest => "kafka-consumer-perf-test",
            Self::MetadataQuorum => "kafka-metadata-quorum",
            Self::BrokerApiVersions => "kafka-broker-api-versions",
            Self::Transactions => "kafka-transactions",
            Self::LeaderElection => "kafka-leader-election",
            Self::ReassignPartitions => "kafka-reassign-partitions",
            Self::ConsumerApp => "consumer-app",
            Self::ProducerApp => "producer-app",
        }
    }

    /// What the tool is for.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Topics => "create, list, describe, grow and delete topics",
            Self::ConsoleProducer => "send each line that is typed as a record",
            Self::ConsoleConsumer => "print the records of a topic",
            Self::ConsumerGroups => "list, describe, reset and delete consumer groups",
            Self::Groups => "list the groups of all types",
            Self::GetOffsets => "print the first or last offsets of partitions",
            Self::DeleteRecords => "delete the oldest records of partitions",
            Self::DumpLog => "print what is in the files of a broker's log",
            Self::Configs => "show and change settings of topics, brokers, groups and clients",
            Self::ProducerPerfTest => "measure how fast records are sent",
            Self::ConsumerPerfTest => "measure how fast records are read",
            Self::MetadataQuorum => "show who leads the controllers",
            Self::BrokerApiVersions => "list the requests that brokers understand",
            Self::Transactions => "list and describe transactions, and end those that hang",
            Self::LeaderElection => "give partitions another leader",
            Self::ReassignPartitions => "move partitions to other brokers",
            Self::ConsumerApp => consumer_app::SUMMARY,
            Self::ProducerApp => producer_app::SUMMARY,
        }
    }

    pub const fn options(self) -> &'static [OptionSpec] {
        match self {
            Self::Topics => topics::OPTIONS,
            Self::ConsoleProducer => console_producer::OPTIONS,
            Self::ConsoleConsumer => console_consumer::OPTIONS,
            Self::ConsumerGroups => consumer_groups::OPTIONS,
            Self::Groups => groups::OPTIONS,
            Self::GetOffsets => get_offsets::OPTIONS,
            Self::DeleteRecords => delete_records::OPTIONS,
            Self::DumpLog => dump_log::OPTIONS,
            Self::Configs => configs::OPTIONS,
            Self::ProducerPerfTest => producer_perf_test::OPTIONS,
            Self::ConsumerPerfTest => consumer_perf_test::OPTIONS,
            Self::MetadataQuorum => metadata_quorum::OPTIONS,
            Self::BrokerApiVersions => broker_api_versions::OPTIONS,
            Self::Transactions => transactions::OPTIONS,
            Self::LeaderElection => leader_election::OPTIONS,
            Self::ReassignPartitions => reassign_partitions::OPTIONS,
            Self::ConsumerApp => consumer_app::OPTIONS,
            Self::ProducerApp => producer_app::OPTIONS,
        }
    }

    /// Runs a tool that needs no time; answers with its exit code.
    pub(crate) fn run(self, arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
        match self {
            Self::Topics => topics::run(arguments, context),
            Self::ConsumerGroups => consumer_groups::run(arguments, context),
            Self::Groups => groups::run(arguments, context),
            Self::GetOffsets => get_offsets::run(arguments, context),
            Self::DeleteRecords => delete_records::run(arguments, context),
            Self::DumpLog => dump_log::run(arguments, context),
            Self::Configs => configs::run(arguments, context),
            Self::MetadataQuorum => metadata_quorum::run(arguments, context),
            Self::BrokerApiVersions => broker_api_versions::run(arguments, context),
            Self::Transactions => transactions::run(arguments, context),
            Self::LeaderElection => leader_election::run(arguments, context),
            Self::ReassignPartitions => reassign_partitions::run(arguments, context),
            Self::ConsoleProducer
            | Self::ConsoleConsumer
            | Self::ConsumerApp
            | Self::ProducerApp
            | Self::ProducerPerfTest
            | Self::ConsumerPerfTest => {
                unreachable!("{self:?} runs on as a program")
            }
        }
    }
}

/// A tool by its script's name.
pub(crate) fn find(name: &str) -> Option<Tool> {
    let name = name.strip_suffix(".sh").unwrap_or(name);
    Tool::ALL.into_iter().find(|tool| tool.name() == name)
}

/// `CommandLineUtils.printUsageAndExit`.
fn print_usage(message: &str, options: &[OptionSpec], context: &mut Context<'_>) -> u8 {
    context.print_error(message);
    context.print_error(option::usage(options).trim_end_matches('\n'));
    1
}

/// A line of a tool's log, which goes to standard error.
fn log(level: &str, message: &str, logger: &str, context: &mut Context<'_>) {
    let line = format!("[{}] {level} {message} ({logger})", context.wall_clock());
    context.print_error(&line);
}

/// What a client logs when a topic that it asked about is not there (yet).
fn log_metadata_error(
    client: &str,
    topic: &str,
    error: ErrorCode,
    correlation_id: u32,
    context: &mut Context<'_>,
) {
    let message = format!(
        "[{client}] The metadata response from the cluster reported a recoverable issue with correlation id \
         {correlation_id} : {{{topic}={error}}}"
    );
    log("WARN", &message, NETWORK_CLIENT, context);
}

/// What a producer's sender logs about a batch that will be sent again (`Sender.completeBatch`).
fn log_retry(client: &str, retry: &Retry, context: &mut Context<'_>) {
    let Retry { partition, error, disconnected_from, attempts_left, correlation_id, .. } = retry;
    let timed_out = *error == ErrorCode::RequestTimedOut;
    let reason = disconnected_from.map(|broker| java::disconnected_from(broker, timed_out));
    let reason_told = reason.as_ref().map_or_else(String::new, |reason| format!(". Error Message: {reason}"));
    let message = format!(
        "[{client}] Got error produce response with correlation id {correlation_id} on topic-partition {partition}, \
         retrying ({attempts_left} attempts left). Error: {error}{reason_told}"
    );
    log("WARN", &message, SENDER, context);
    let exception = if let Some(reason) = reason.filter(|_| *error == ErrorCode::NetworkException) {
        java::network_exception(&reason)
    } else if *error == ErrorCode::NotLeaderOrFollower {
        java::api_exception(*error)
    } else {
        return;
    };
    let message = format!(
        "[{client}] Received invalid metadata error in produce request on partition {partition} due to {exception} \
         Going to request metadata update now"
    );
    log("WARN", &message, SENDER, context);
}

/// Prints what the tool prints and does not care whether anybody reads it.
fn say(text: &str, context: &mut Context<'_>) {
    drop(context.print(text));
}
