//! What can be typed into a running `consumer-app`: the methods of `KafkaConsumer` that its program then calls, between
//! two calls of `poll()`.

use kafka_core::application::ConsumerCall;
use kafka_core::command::Command;
use kafka_core::config::GroupProtocol;
use kafka_core::topic::{TopicName, TopicPartition};

use super::Session;
use crate::system::Context;

const CALLS: &str = "pause, resume, seek, seekToBeginning, seekToEnd, subscribe, unsubscribe, enforceRebalance, \
                     stopPolling or pollAgain";

impl Session {
    /// Does what a line says. Nothing is printed for an empty one.
    pub(super) fn obey(&self, line: &str, context: &mut Context<'_>) {
        let words: Vec<_> = line.split_whitespace().collect();
        let Some((method, arguments)) = words.split_first() else { return };
        let call = match read(method, arguments) {
            Ok(call) => call,
            Err(message) => return self.log.write("not-understood", &message, context),
        };
        if call == ConsumerCall::EnforceRebalance && self.protocol == GroupProtocol::Consumer {
            // AsyncKafkaConsumer.enforceRebalance
            let warning = "Operation not supported in new consumer group protocol";
            return self.log.write("warning", warning, context);
        }
        if let Err(error) = context.command(&Command::Call { client: self.client, call }) {
            let facts = format!("({method}) {}: {error}", error.exception());
            self.log.write("call-failed", &facts, context);
        }
    }
}

/// The error says what is wrong and what would be right.
fn read(method: &str, arguments: &[&str]) -> Result<ConsumerCall, String> {
    match (method, arguments) {
        ("pause" | "resume", []) => Err(format!("{method} which partitions? Such as {method} orders-0.")),
        ("pause", named) => Ok(ConsumerCall::Pause(partitions(named)?)),
        ("resume", named) => Ok(ConsumerCall::Resume(partitions(named)?)),
        ("seekToBeginning", named) => Ok(ConsumerCall::SeekToBeginning(partitions(named)?)),
        ("seekToEnd", named) => Ok(ConsumerCall::SeekToEnd(partitions(named)?)),
        ("seek", [named, offset]) => {
            let wrong = || format!("seek to '{offset}'? An offset is a number, as in seek {named} 5.");
            Ok(ConsumerCall::Seek {
                partition: partition(named)?,
                offset: offset.parse().map_err(|_| wrong())?,
            })
        }
        ("seek", _) => Err("seek takes a partition and an offset, as in seek orders-0 5.".to_owned()),
        ("subscribe", []) => Err("subscribe to which topics? Such as subscribe orders payments.".to_owned()),
        ("subscribe", topics) => {
            Ok(ConsumerCall::Subscribe(topics.iter().map(|topic| TopicName::from(*topic)).collect()))
        }
        ("unsubscribe", []) => Ok(ConsumerCall::Unsubscribe),
        ("enforceRebalance", []) => Ok(ConsumerCall::EnforceRebalance),
        ("stopPolling", []) => Ok(ConsumerCall::StopPolling),
        ("pollAgain", []) => Ok(ConsumerCall::PollAgain),
        ("unsubscribe" | "enforceRebalance" | "stopPolling" | "pollAgain", _) => {
            Err(format!("{method} stands alone."))
        }
        _ => Err(format!("'{method}' is no call. Type {CALLS}.")),
    }
}

fn partitions(named: &[&str]) -> Result<Vec<TopicPartition>, String> {
    named.iter().map(|name| partition(name)).collect()
}

/// In the form in which the log names them.
fn partition(name: &str) -> Result<TopicPartition, String> {
    let parts = name.rsplit_once('-');
    let read = parts.and_then(|(topic, number)| Some(TopicPartition::new(topic, number.parse().ok()?)));
    read.ok_or_else(|| format!("'{name}' is no partition: name it by topic and number, as in orders-0."))
}
