//! `kafka-dump-log`: what is in the files of a broker's log.
//!
//! Mirrors `DumpLogSegments`. Leaves out: snapshots of producers, transaction indexes, the decoders of other internal
//! topics than `__consumer_offsets`, decoder classes.

mod file;
mod index;
mod offsets;

use std::rc::Rc;

use kafka_core::record::{Record, RecordBatch, TransactionResult, increment_sequence};

use super::{VERSION, java, print_usage, say};
use crate::option::{Argument, OptionError, OptionSpec, Options, option};
use crate::system::Context;
use file::SegmentFile;

pub(super) const OPTIONS: &[OptionSpec] = {
    use Argument::{None, Required};
    &[
        option(
            "deep-iteration",
            None,
            "Show every record of a batch, not the batch alone. --print-data-log does so too.",
        ),
        option(
            "files",
            Required("String: file1, file2, ..."),
            "REQUIRED: The files to look into, separated by commas: /var/lib/kafka/data/TOPIC-PARTITION/OFFSET.log, .index or \
             .timeindex.",
        ),
        option("help", None, "Show this list."),
        option("index-sanity-check", None, "Check an index without printing it."),
        option(
            "max-bytes",
            Required("Integer: size"),
            "Read no more than so many bytes of a log file. (default: 2147483647)",
        ),
        option(
            "offsets-decoder",
            None,
            "Read the records as those of __consumer_offsets, and print them. Group and offsets appear as JSON.",
        ),
        option("print-data-log", None, "Print keys and values too."),
        option("skip-record-metadata", None, "Print of a record its key and its value alone."),
        option("verify-index-only", None, "Compare an index with its log without printing it."),
        option("version", None, "Show the version of Kafka."),
    ]
};

const HELP: &str = "This tool helps to parse a log file and dump its contents to the console, useful for debugging a \
                    seemingly corrupt log segment.";

/// How much is printed of a log.
#[derive(Clone, Copy)]
struct Detail {
    records: bool,
    decoder: Option<Decoder>,
    skip_record_metadata: bool,
    max_bytes: u64,
}

/// What makes texts of keys and values.
#[derive(Clone, Copy)]
enum Decoder {
    Text,
    Offsets,
}

/// What the tool does not survive: the exception that ends it.
struct Uncaught(String);

/// What is told at the end, once for each file: a heading, and a line for each pair of offsets.
#[derive(Default)]
struct Complaints(Vec<(String, Vec<String>)>);

pub(super) fn run(arguments: &[Rc<str>], context: &mut Context<'_>) -> u8 {
    let options = match Options::parse(OPTIONS, arguments) {
        Ok(options) if options.has("help") || arguments.is_empty() => {
            return print_usage(HELP, OPTIONS, context);
        }
        Ok(options) => options,
        Err(error) => return end(&of_options(&error), context),
    };
    if options.has("version") {
        say(VERSION, context);
        return 0;
    }
    if !options.has("files") {
        return print_usage("Missing required argument \"[files]\"", OPTIONS, context);
    }
    match dump(&options, context) {
        Ok(()) => 0,
        Err(uncaught) => end(&uncaught, context),
    }
}

fn end(Uncaught(exception): &Uncaught, context: &mut Context<'_>) -> u8 {
    context.print_error(&format!("Exception in thread \"main\" {exception}"));
    1
}

fn of_options(error: &OptionError) -> Uncaught {
    let causes: Vec<_> = java::causes(error).iter().map(|cause| format!("\nCaused by: {cause}")).collect();
    Uncaught(format!("{}: {error}{}", error.exception(), causes.concat()))
}

fn dump(options: &Options, context: &mut Context<'_>) -> Result<(), Uncaught> {
    let value = |name| options.value(name).map_err(|error| of_options(&error));
    let max_bytes = match value("max-bytes")? {
        Some(text) => text
            .parse::<i32>()
            .map_err(|_| of_options(&OptionError::Conversion { value: text.clone(), name: "max-bytes" }))?,
        None => i32::MAX,
    };
    let decoder = if options.has("offsets-decoder") {
        Some(Decoder::Offsets)
    } else {
        options.has("print-data-log").then_some(Decoder::Text)
    };
    let detail = Detail {
        records: decoder.is_some() || options.has("deep-iteration"),
        decoder,
        skip_record_metadata: options.has("skip-record-metadata"),
        max_bytes: u64::try_from(max_bytes).unwrap_or(0),
    };
    let only =
        index::Only { sanity: options.has("index-sanity-check"), verify: options.has("verify-index-only") };
    let mut complaints = Complaints::default();
    for name in value("files")?.map_or("", |files| &**files).split(',') {
        say(&format!("Dumping {name}"), context);
        let file = name.rsplit('/').next().unwrap_or(name);
        let Some(dot) = file.rfind('.') else {
            let length = file.len();
            return Err(Uncaught(format!(
                "java.lang.StringIndexOutOfBoundsException: begin -1, end {length}, length {length}"
            )));
        };
        match &file[dot..] {
            ".log" => {
                let start = file::base_offset(file)?;
                say(&format!("Log starting offset: {start}"), context);
                let found = SegmentFile::open(name, context)?;
                dump_log(&found, detail, &mut complaints, context);
            }
            ".index" => index::dump_offsets(name, only, &mut complaints, context)?,
            ".timeindex" => index::dump_times(name, only, &mut complaints, context)?,
            _ => context.print_error(&format!("Ignoring unknown file {name}")),
        }
    }
    for (heading, lines) in complaints.0 {
        context.print_error(&heading);
        lines.iter().for_each(|line| context.print_error(line));
    }
    Ok(())
}

fn dump_log(file: &SegmentFile, detail: Detail, complaints: &mut Complaints, context: &mut Context<'_>) {
    let mut position = 0;
    let mut last = None;
    let mut gaps = Vec::new();
    for batch in file.segment.batches() {
        let size = u64::from(batch.size_in_bytes);
        if position + size > detail.max_bytes {
            break;
        }
        say(&batch_line(batch, position), context);
        position += size;
        if !detail.records {
            continue;
        }
        for (offset, record) in batch.records_from(batch.base_offset) {
            if let Some(last) = last.filter(|last| last + 1 != offset) {
                gaps.insert(0, format!("  {last} is followed by {offset}"));
            }
            last = Some(offset);
            say(&record_line(batch, offset, record, detail), context);
        }
    }
    if !gaps.is_empty() {
        complaints.0.push((format!("Non-consecutive offsets in {}", file.path), gaps));
    }
}

/// `printBatchLevel`
fn batch_line(batch: &RecordBatch, position: u64) -> String {
    let sequence = batch.sequence.map_or(-1, |sequence| sequence.base_sequence);
    let of_transaction = batch.transaction.map(|transaction| transaction.producer);
    let producer = of_transaction.or(batch.sequence.map(|sequence| sequence.producer));
    let horizon = batch
        .delete_horizon_ms()
        .map_or("OptionalLong.empty".to_owned(), |horizon| format!("OptionalLong[{horizon}]"));
    format!(
        "baseOffset: {} lastOffset: {} count: {} baseSequence: {sequence} lastSequence: {} producerId: {} producerEpoch: \
         {} partitionLeaderEpoch: {} isTransactional: {} isControl: {} deleteHorizonMs: {horizon} position: \
         {position} {}: {} size: {} magic: 2 compresscodec: {} crc: {} isvalid: true",
        batch.base_offset,
        batch.last_offset(),
        batch.records.len(),
        batch.last_sequence().unwrap_or(-1),
        producer.map_or(-1, |producer| producer.producer_id),
        producer.map_or(-1, |producer| producer.epoch),
        batch.partition_leader_epoch,
        batch.transaction.is_some(),
        batch.end_marker().is_some(),
        batch.timestamp_type,
        batch.max_timestamp(),
        batch.size_in_bytes,
        batch.compression.name(),
        batch.checksum(),
    )
}

fn record_line(batch: &RecordBatch, offset: i64, record: &Record, detail: Detail) -> String {
    let mut words = Vec::new();
    if !detail.skip_record_metadata {
        let size = |bytes: Option<&[u8]>| bytes.map_or(-1, |bytes| bytes.len() as i64);
        let delta = (offset - batch.base_offset) as u32;
        let sequence =
            batch.sequence.map_or(-1, |sequence| increment_sequence(sequence.base_sequence, delta));
        let headers: Vec<_> = record.headers.iter().map(|header| &*header.key).collect();
        words.push(format!(
            "offset: {offset} {}: {} keySize: {} valueSize: {} sequence: {sequence} headerKeys: [{}]",
            batch.timestamp_type,
            batch.timestamp_of(record),
            size(record.key.as_deref()),
            size(record.value.as_deref()),
            headers.join(","),
        ));
    }
    if let Some(marker) = batch.end_marker() {
        let result = match marker.result {
            TransactionResult::Commit => "COMMIT",
            TransactionResult::Abort => "ABORT",
        };
        words.push(format!("endTxnMarker: {result} coordinatorEpoch: {}", marker.coordinator_epoch));
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (key, payload) = match detail.decoder.filter(|_| batch.end_marker().is_none()) {
        None => (None, None),
        Some(Decoder::Text) => (record.key.as_deref().map(text), record.value.as_deref().map(text)),
        Some(Decoder::Offsets) => offsets::decode(offset, record),
    };
    words.extend(key.map(|key| format!("key: {key}")));
    let line = words.join(" ");
    // A payload brings its own blank, also when nothing stands before it.
    let payload = payload.map_or(String::new(), |payload| format!(" payload: {payload}"));
    if line.is_empty() { payload } else { format!("| {line}{payload}") }
}
