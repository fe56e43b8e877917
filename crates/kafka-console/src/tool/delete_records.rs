//! `kafka-delete-records`.
//!
//! Mirrors `DeleteRecordsCommand`.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::command::Command;
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::topic::TopicPartition;

use super::failure::{Failure, exception};
use super::{VERSION, admin, partition_list, print_usage, say};
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
            Required("String: command config property file path"),
            "A file with properties for the admin client.",
        ),
        option("help", None, "Show this list."),
        option(
            "offset-json-file",
            Required("String: Offset json file path"),
            "REQUIRED: A file that names partitions and the first offset that each keeps: {\"partitions\": [{\"topic\": \
             \"foo\", \"partition\": 1, \"offset\": 1}], \"version\":1 }. The offset -1 deletes all that is committed.",
        ),
        option("version", None, "Show the version of Kafka."),
    ]
};

type Offsets = BTreeMap<TopicPartition, Vec<i64>>;

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    let help = "This tool helps to delete records of the given partitions down to the specified offset.";
    if arguments.is_empty() {
        return print_usage(help, OPTIONS, context);
    }
    match execute(arguments, help, context) {
        Ok(()) => 0,
        Err(failure) => failure.report("", OPTIONS, context),
    }
}

fn execute(arguments: &[Rc<str>], help: &str, context: &mut Context<'_>) -> Result<(), Failure> {
    let options = Options::parse(OPTIONS, arguments)?;
    if options.has("help") {
        return Err(Failure::Usage(help.to_owned()));
    }
    if options.has("version") {
        say(VERSION, context);
        return Ok(());
    }
    for required in ["bootstrap-server", "offset-json-file"] {
        if !options.has(required) {
            return Err(Failure::Usage(format!("Missing required argument \"[{required}]\"")));
        }
    }
    admin::connect(&options, context)?;
    let file = options.value("offset-json-file")?.cloned().unwrap_or_default();
    let content = context
        .read_file(&file)
        .ok_or_else(|| Failure::thrown("java.nio.file.NoSuchFileException", file.to_string()))?;
    let offsets = parse(&String::from_utf8_lossy(&content))?;
    let duplicates: Vec<_> = offsets
        .iter()
        .filter(|(_, offsets)| offsets.len() > 1)
        .map(|(partition, _)| partition.to_string())
        .collect();
    if !duplicates.is_empty() {
        return Err(Failure::thrown(
            "org.apache.kafka.tools.AdminCommandFailedException",
            format!("Offset json file contains duplicate topic partitions: {}", duplicates.join(",")),
        ));
    }
    say("Executing records delete operation", context);
    say("Records delete operation completed:", context);
    for (partition, offsets) in
        iteration_order(offsets, DEFAULT_CAPACITY, |(partition, _)| partition.java_hash())
    {
        let offset = offsets.first().copied().unwrap_or_default();
        let before_offset = (offset != ALL).then_some(offset);
        let command = Command::DeleteRecords { partition: partition.clone(), before_offset };
        let outcome = match context.command(&command) {
            Ok(()) => {
                let low_watermark = admin::earliest(&partition, &context.system().simulation);
                format!("low_watermark: {low_watermark}")
            }
            Err(error) => format!("error: {}", exception(&error)),
        };
        say(&format!("partition: {partition}\t{outcome}"), context);
    }
    Ok(())
}

/// `DeleteRecordsRequest.HIGH_WATERMARK`
const ALL: i64 = -1;

/// `parseOffsetJsonStringWithoutDedup`
fn parse(text: &str) -> Result<Offsets, Failure> {
    let json = partition_list::parse(text)?;
    partition_list::check_version(&json)?;
    let partitions = json
        .field("partitions")
        .ok_or_else(|| Failure::thrown(partition_list::ADMIN_OPERATION, "Missing partitions field"))?;
    let mut offsets = Offsets::new();
    for entry in partition_list::list(partitions)? {
        let partition = partition_list::partition(entry)?;
        let offset = partition_list::long(partition_list::field(entry, "offset")?)?;
        offsets.entry(partition).or_default().push(offset);
    }
    Ok(offsets)
}
