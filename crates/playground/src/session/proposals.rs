//! The common acts, as the command lines that they stand for here and now.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_console::{Action, Console};
use kafka_core::client::Client;
use kafka_core::protocol::{ClientId, GroupId};
use kafka_core::topic::TopicName;

use super::{Act, Proposal};
use crate::memory::is_internal;

const BOOTSTRAP: &str = "--bootstrap-server kafka:9093";

/// Keys that the button for producing goes through.
const KEYS: u64 = 6;

pub(super) fn propose(
    console: &Console,
    terminals: &BTreeMap<ClientId, u32>,
    picked: Option<ClientId>,
    free: u32,
) -> Rc<[Proposal]> {
    let command = |act, text: String| Proposal { act, terminal: free, action: Action::Command(text) };
    let Some(topic) = topic(console) else {
        let replication_factor = console.simulation().cluster().brokers().len().min(3);
        let text = format!(
            "kafka-topics --create {BOOTSTRAP} --topic orders --partitions 3 \
             --replication-factor {replication_factor}"
        );
        return Rc::new([command(Act::CreateTopic, text)]);
    };
    let mut proposals = vec![match producer(console) {
        Some((client, key)) => Proposal {
            act: Act::Produce,
            terminal: terminals.get(&client).copied().unwrap_or(free),
            action: Action::Command(key),
        },
        None => command(
            Act::StartProducer,
            format!(
                "kafka-console-producer {BOOTSTRAP} --topic {topic} --timeout 200 \
                 --reader-property parse.key=true --reader-property key.separator=:"
            ),
        ),
    }];
    let group = group(console).unwrap_or_else(|| "shipping".into());
    proposals.push(command(
        Act::AddConsumer,
        format!(
            "kafka-console-consumer {BOOTSTRAP} --topic {topic} --group {group} --from-beginning \
             --formatter-property print.partition=true --formatter-property print.key=true"
        ),
    ));
    if let Some(terminal) = consumer_to_stop(console, picked).and_then(|client| terminals.get(&client)) {
        for (act, action) in [(Act::StopConsumer, Action::Interrupt), (Act::KillConsumer, Action::Close)] {
            proposals.push(Proposal { act, terminal: *terminal, action });
        }
        proposals.push(command(
            Act::DescribeGroup,
            format!("kafka-consumer-groups {BOOTSTRAP} --describe --group {group}"),
        ));
    }
    proposals.into()
}

/// A topic that a client works with, or the first there is.
fn topic(console: &Console) -> Option<TopicName> {
    let simulation = console.simulation();
    let subscribed = simulation.clients().find_map(|(_, client)| match client {
        Client::Consumer(consumer) => consumer.topics().first().cloned(),
        Client::Producer(_) => None,
    });
    let mut topics = simulation.cluster().topics().map(|(name, _)| name).filter(|name| !is_internal(name));
    subscribed.or_else(|| topics.next().cloned())
}

fn group(console: &Console) -> Option<GroupId> {
    console.simulation().clients().find_map(|(_, client)| match client {
        Client::Consumer(consumer) => consumer.membership().and(consumer.config().group_id.clone()),
        Client::Producer(_) => None,
    })
}

/// A running producer and the next line to type into it.
fn producer(console: &Console) -> Option<(ClientId, String)> {
    console.simulation().clients().find_map(|(id, client)| match client {
        Client::Producer(producer) if !producer.is_closing() => {
            let number = producer.records_sent() + 1;
            Some((id, format!("user_{:03}:order {number}", number % KEYS + 1)))
        }
        Client::Producer(_) | Client::Consumer(_) => None,
    })
}

/// The picked consumer while it runs, else the newest.
fn consumer_to_stop(console: &Console, picked: Option<ClientId>) -> Option<ClientId> {
    let running = |id: &ClientId| matches!(console.simulation().client(*id), Some(Client::Consumer(consumer)) if !consumer.is_closing());
    let all = console.simulation().clients().map(|(id, _)| id);
    picked.filter(running).or_else(|| all.filter(running).last())
}
