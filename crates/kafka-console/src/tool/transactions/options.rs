//! The options of `kafka-transactions`, and which of them a sub-command needs.

use std::rc::Rc;

use crate::option::{Argument, OptionSpec, option};
use crate::tool::argparse::Parser;

pub(in crate::tool) const OPTIONS: &[OptionSpec] = {
    use Argument::Required;
    &[
        option("command-config", Required("FILE"), "A file with settings of the admin client."),
        option("bootstrap-server", Required("host:port"), "The brokers to connect to."),
        option("transactional-id", Required("TRANSACTIONAL-ID"), "describe: The transactional id."),
        option(
            "duration-filter",
            Required("DURATION-FILTER"),
            "list: Those that have been running for longer than so many milliseconds.",
        ),
        option(
            "transactional-id-pattern",
            Required("TRANSACTIONAL-ID-PATTERN"),
            "list: Those whose id matches a regular expression.",
        ),
        option("topic", Required("TOPIC"), "describe-producers, abort, find-hanging: The topic."),
        option("partition", Required("PARTITION"), "describe-producers, abort, find-hanging: The partition."),
        option(
            "broker-id",
            Required("BROKER-ID"),
            "describe-producers, find-hanging: The broker whose replicas are looked at.",
        ),
        option("start-offset", Required("START-OFFSET"), "abort: The first offset of the transaction."),
        option(
            "max-transaction-timeout",
            Required("MAX-TRANSACTION-TIMEOUT"),
            "find-hanging: After so many minutes a transaction may be hanging. (default: 15)",
        ),
    ]
};

const COMMANDS: &[&str] = &["list", "describe", "describe-producers", "abort", "find-hanging"];

/// The parser, as the sub-command has it that is named.
pub(super) fn parser(arguments: &[Rc<str>]) -> Parser {
    let named = arguments.iter().find(|argument| COMMANDS.contains(&&***argument));
    let required: &[&str] = match named.map(|name| &**name) {
        Some("describe") => &["bootstrap-server", "transactional-id"],
        Some("describe-producers" | "abort") => &["bootstrap-server", "topic", "partition"],
        Some(_) | None => &["bootstrap-server"],
    };
    Parser {
        program: "kafka-transactions.sh",
        description: "This tool is used to analyze the transactional state of producers in the cluster. It can be used to \
                      detect and recover from hanging transactions.",
        options: OPTIONS,
        required,
        exclusive: &[],
        several: &[],
        commands: COMMANDS,
    }
}
