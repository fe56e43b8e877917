//! Where the files of brokers' logs are: below the log directory, one folder for each partition.

use kafka_core::broker::LogSegment;
use kafka_core::protocol::BrokerId;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use super::Uncaught;
use crate::system::Context;

/// `log.dirs` of the images that people use.
const LOG_DIRS: [&str; 4] =
    ["/var/lib/kafka/data", "/tmp/kraft-combined-logs", "/tmp/kafka-logs", "/var/kafka-logs"];

/// A segment, by the name of one of its files.
pub(super) struct SegmentFile {
    pub(super) path: String,
    pub(super) segment: LogSegment,
    /// It is written to: its indexes are longer than what is in them.
    pub(super) is_active: bool,
}

impl SegmentFile {
    /// The file as it is on the broker in whose container the command runs.
    pub(super) fn open(path: &str, context: &mut Context<'_>) -> Result<Self, Uncaught> {
        let broker = context.broker();
        let found = find(path, broker, &context.system().simulation);
        found.ok_or_else(|| Uncaught(format!("java.nio.file.NoSuchFileException: {path}")))
    }
}

/// `UnifiedLog.offsetFromFile`
pub(super) fn base_offset(file: &str) -> Result<i64, Uncaught> {
    let number = file.split('.').next().unwrap_or(file);
    let wrong = |_| Uncaught(format!("java.lang.NumberFormatException: For input string: \"{number}\""));
    number.parse().map_err(wrong)
}

fn find(path: &str, broker: BrokerId, simulation: &Simulation) -> Option<SegmentFile> {
    let inside = LOG_DIRS.iter().find_map(|folder| path.strip_prefix(folder)?.strip_prefix('/'))?;
    let (folder, file) = inside.split_once('/')?;
    let (topic, partition) = folder.rsplit_once('-')?;
    let (digits, _) = file.split_once('.')?;
    let base_offset: i64 = Some(digits).filter(|digits| digits.len() == 20)?.parse().ok()?;
    let partition = TopicPartition::new(topic, partition.parse().ok()?);
    let log = &simulation.broker(broker)?.replica(&partition)?.log;
    let segment = log.segments().find(|segment| segment.base_offset() == base_offset)?;
    let is_active = log.segments().next_back() == Some(segment);
    Some(SegmentFile { path: path.to_owned(), segment: segment.clone(), is_active })
}
