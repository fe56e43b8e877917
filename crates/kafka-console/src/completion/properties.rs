//! `key=value`: the names of settings, and the values of those that have a list of them.

use kafka_core::config::{
    ClientKind, UpdateMode, broker_config_keys, client_config_names, client_config_values, group_config_keys,
    topic_config_names, topic_config_values,
};

use super::{Candidate, Found, Kind, whole};
use crate::settings::Owner;
use crate::tool::{CLIENT_QUOTAS, IP_QUOTAS, Tool};

const BOOLEAN: &[&str] = &["true", "false"];

/// Whose settings a tool's properties are.
pub(super) fn kind_of(tool: Tool) -> Option<ClientKind> {
    match tool {
        Tool::ConsoleProducer | Tool::ProducerPerfTest | Tool::ProducerApp => Some(ClientKind::Producer),
        Tool::ConsoleConsumer | Tool::ConsumerPerfTest | Tool::ConsumerApp => Some(ClientKind::Consumer),
        Tool::Topics
        | Tool::ConsumerGroups
        | Tool::Groups
        | Tool::GetOffsets
        | Tool::DeleteRecords
        | Tool::DumpLog
        | Tool::Configs
        | Tool::MetadataQuorum
        | Tool::BrokerApiVersions
        | Tool::Transactions
        | Tool::LeaderElection
        | Tool::ReassignPartitions => None,
    }
}

/// A setting of a client, or of any client.
pub(super) fn client(kind: Option<ClientKind>, text: &str) -> Found {
    match text.split_once('=') {
        Some((name, value)) => values(client_config_values(name), value),
        None => {
            let names = client_config_names().filter(|(_, of)| kind.is_none_or(|kind| of.includes(kind)));
            keys(text, names.map(|(name, of)| (name, Some(owner(kind.unwrap_or(of))))))
        }
    }
}

/// What both have is told in the same words.
const fn owner(kind: ClientKind) -> Owner {
    match kind {
        ClientKind::Consumer | ClientKind::Both => Owner::Consumer,
        ClientKind::Producer => Owner::Producer,
    }
}

pub(super) fn topic(text: &str) -> Found {
    match text.split_once('=') {
        Some((name, value)) => values(topic_config_values(name), value),
        None => keys(text, topic_config_names().map(|name| (name, Some(Owner::Topic)))),
    }
}

/// The last of a list of settings of what `kafka-configs` is about; with their values when they are added.
pub(super) fn of_entity(entity: Option<&str>, text: &str, with_value: bool) -> Found {
    let text = text.rsplit(',').next().unwrap_or_default();
    if let Some((name, value)) = text.split_once('=') {
        return if entity == Some("topics") {
            values(topic_config_values(name), value)
        } else {
            Found::nothing()
        };
    }
    let names: Vec<&str> = match entity {
        Some("topics") => topic_config_names().collect(),
        Some("brokers") => broker_config_keys()
            .filter(|key| key.update_mode != UpdateMode::ReadOnly)
            .map(|key| key.name)
            .collect(),
        Some("groups") => group_config_keys().map(|(name, _)| name).to_vec(),
        Some("clients" | "users") => CLIENT_QUOTAS.to_vec(),
        Some("ips") => IP_QUOTAS.to_vec(),
        Some(_) | None => Vec::new(),
    };
    let owner = match entity {
        Some("topics") => Some(Owner::Topic),
        Some("brokers") => Some(Owner::Broker),
        Some(_) | None => None,
    };
    if with_value {
        return keys(text, names.into_iter().map(|name| (name, owner)));
    }
    Found::of(text.chars().count(), names.into_iter().map(|name| whole(name, Kind::Setting(owner))))
}

/// A setting of those that a class of a tool knows, each with whether it is one of `true` and `false`.
pub(super) fn listed(known: &[(&str, bool)], text: &str) -> Found {
    match text.split_once('=') {
        Some((name, value)) => {
            let is_boolean = known.iter().any(|(known, is_boolean)| *known == name && *is_boolean);
            values(if is_boolean { BOOLEAN } else { &[] }, value)
        }
        None => keys(text, known.iter().map(|(name, _)| (*name, None))),
    }
}

fn keys<'a>(text: &str, names: impl Iterator<Item = (&'a str, Option<Owner>)>) -> Found {
    Found::of(text.chars().count(), names.map(|(name, owner)| Candidate::key(name, owner)))
}

/// The last of a list of values.
fn values(words: &[&str], text: &str) -> Found {
    let last = text.rsplit(',').next().unwrap_or_default().chars().count();
    Found::of(last, words.iter().map(|word| whole(*word, Kind::Value)))
}
