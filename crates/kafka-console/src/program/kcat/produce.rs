//! `kcat -P`: every line becomes a record.

use std::collections::VecDeque;
use std::rc::Rc;

use kafka_core::command::{Command, ProducerRecord};
use kafka_core::config::ProducerConfig;
use kafka_core::protocol::ClientId;
use kafka_core::record::{Bytes, Header};
use kafka_core::topic::TopicName;

use super::Refused;
use super::options::Options;
use crate::system::{Context, Notice, Progress, Read};
use crate::terminal::Prompt;
use crate::tool::send_exception;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Producing {
    client: ClientId,
    topic: TopicName,
    partition: Option<u32>,
    key: Option<Bytes>,
    key_delimiter: Option<Rc<str>>,
    delimiter: Rc<str>,
    headers: Rc<[Header]>,
    /// How many more are sent; `None` is without end.
    left: Option<u64>,
    nulls: bool,
    tee: bool,
    /// Whether keys are hashed as librdkafka does; otherwise the producer chooses.
    crc32: bool,
    /// What stands in files, or behind a delimiter in a line that was read.
    waiting: VecDeque<Vec<u8>>,
    reads_input: bool,
    closing: bool,
}

impl Producing {
    pub(super) fn start(options: &Options, context: &mut Context<'_>) -> Result<Self, Refused> {
        let config = ProducerConfig::from_properties(&options.properties, "rdkafka")
            .map_err(|error| Refused::Fatal(error.to_string()))?;
        let mut waiting = VecDeque::new();
        for file in &options.operands {
            let content = context
                .read_file(file)
                .ok_or_else(|| Refused::Fatal(format!("Failed to open {file}: No such file or directory")))?;
            if options.lines_of_file {
                let text = String::from_utf8_lossy(&content).into_owned();
                let messages =
                    text.strip_suffix(&*options.delimiter).unwrap_or(&text).split(&*options.delimiter);
                waiting.extend(messages.map(|message| message.as_bytes().to_vec()));
            } else {
                waiting.push_back(content.to_vec());
            }
        }
        let client = context.new_client();
        context
            .command(&Command::StartProducer { client, config })
            .map_err(|error| Refused::Fatal(error.to_string()))?;
        let header = |(key, value): &(Rc<str>, Option<Rc<str>>)| Header {
            key: key.clone(),
            value: value.as_ref().map(|value| Bytes::from(value.as_bytes())),
        };
        let partitioner = options.properties.get("partitioner").unwrap_or("consistent_random");
        Ok(Self {
            client,
            topic: options.topic.clone().unwrap_or_default(),
            partition: options.partition,
            key: options.key.as_ref().map(|key| Bytes::from(key.as_bytes())),
            key_delimiter: options.key_delimiter.clone(),
            delimiter: options.delimiter.clone(),
            headers: options.headers.iter().map(header).collect(),
            left: options.count,
            nulls: options.nulls,
            tee: options.tee,
            crc32: partitioner.starts_with("consistent"),
            reads_input: options.operands.is_empty(),
            waiting,
            closing: false,
        })
    }

    pub(super) fn step(&mut self, context: &mut Context<'_>) -> Progress {
        if context.take_signal().is_some() {
            return self.close(context);
        }
        if let Some(notice) = context.next_notice(self.client) {
            return match notice {
                Notice::Closed => Progress::Exit(0),
                Notice::SendFailed { failure, .. } => {
                    let exception = send_exception(&failure);
                    let reason = exception.split_once(": ").map_or(&*exception, |(_, message)| message);
                    context.print_error(&format!("% Delivery failed for message: {reason}"));
                    Progress::Continue
                }
                Notice::Acknowledged { .. }
                | Notice::MetadataError { .. }
                | Notice::CallReturned { .. }
                | Notice::Killed
                | Notice::Partitioned { .. }
                | Notice::Retried(_)
                | Notice::Consumer(_)
                | Notice::Polled(_)
                | Notice::PollFailed(_) => Progress::Continue,
            };
        }
        if self.closing {
            return Progress::Blocked;
        }
        if let Some(message) = self.waiting.pop_front() {
            self.send(&message, context);
            return if self.left == Some(0) { self.close(context) } else { Progress::Continue };
        }
        if !self.reads_input {
            return self.close(context);
        }
        match context.read_line(Prompt::Program("")) {
            Read::Line(line) => {
                self.take_in(line);
                Progress::Continue
            }
            Read::Wait => Progress::Blocked,
            Read::End => self.close(context),
        }
    }

    /// A line is a message, or several with another delimiter between them.
    fn take_in(&mut self, line: Vec<u8>) {
        if &*self.delimiter == "\n" || self.delimiter.is_empty() {
            return self.waiting.push_back(line);
        }
        let text = String::from_utf8_lossy(&line).into_owned();
        self.waiting.extend(text.split(&*self.delimiter).map(|part| part.as_bytes().to_vec()));
    }

    fn send(&mut self, message: &[u8], context: &mut Context<'_>) {
        let (key, value) = self.split(message);
        let partition = self.partition.or_else(|| self.hashed(key.as_deref(), context));
        let record = ProducerRecord {
            topic: self.topic.clone(),
            partition,
            timestamp: None,
            key,
            value: Some(value).filter(|value| !(self.nulls && value.is_empty())),
            headers: self.headers.clone(),
        };
        let sent = context.command(&Command::Send { client: self.client, record });
        assert!(sent.is_ok(), "what fails is told later");
        if self.tee {
            let line = [message, self.delimiter.as_bytes()].concat();
            drop(context.write_output(&line));
        }
        self.left = self.left.map(|left| left - 1);
    }

    /// The key stands before the first delimiter; without one the fixed key counts.
    fn split(&self, message: &[u8]) -> (Option<Bytes>, Bytes) {
        let delimiter = self.key_delimiter.as_deref().unwrap_or_default().as_bytes();
        let at = message.windows(delimiter.len().max(1)).position(|window| window == delimiter);
        match at {
            Some(at) => (Some(message[..at].into()), message[at + delimiter.len()..].into()),
            None => (self.key.clone(), message.into()),
        }
    }

    /// `rd_kafka_msg_partitioner_consistent_random`: CRC-32 of the key, which puts most keys elsewhere than Java does.
    fn hashed(&self, key: Option<&[u8]>, context: &mut Context<'_>) -> Option<u32> {
        let key = key.filter(|key| self.crc32 && !key.is_empty())?;
        let simulation = &context.system().simulation;
        let partitions = match simulation.cluster().topic(&self.topic) {
            Some(topic) => topic.partitions.len() as u32,
            None => simulation.scenario().broker.num_partitions,
        };
        Some(crc32(key) % partitions)
    }

    fn close(&mut self, context: &mut Context<'_>) -> Progress {
        self.closing = true;
        let closed = context.command(&Command::Close { client: self.client });
        assert!(closed.is_ok(), "a client can always be closed");
        Progress::Continue
    }
}

/// CRC-32 of IEEE 802.3.
fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xedb8_8320;
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (POLYNOMIAL & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_check_value_of_crc_32() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
