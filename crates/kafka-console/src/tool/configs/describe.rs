//! `kafka-configs --describe`.

use std::collections::BTreeSet;
use std::rc::Rc;

use kafka_core::cluster::Cluster;
use kafka_core::config::{ConfigResource, broker_config_keys, group_config_keys};
use kafka_core::java_hash::{DEFAULT_CAPACITY, JavaHash, iteration_order};
use kafka_core::protocol::BrokerId;

use super::entity::{Entity, EntityType, resource};
use super::synonyms::{Entry, Origin, of_broker, of_group, of_topic};
use super::{Failure, quotas};
use crate::system::Context;
use crate::tool::{consumer_groups, say};

pub(super) fn describe(entity: &Entity, all: bool, context: &mut Context<'_>) -> Result<(), Failure> {
    let kind = entity.kind();
    match kind {
        EntityType::Clients | EntityType::Users | EntityType::Ips => {
            quotas::describe(entity, context);
            return Ok(());
        }
        EntityType::Topics
        | EntityType::Brokers
        | EntityType::Groups
        | EntityType::ClientMetrics
        | EntityType::BrokerLoggers => {}
    }
    if let Some(name) = entity.names.first().filter(|_| !all)
        && !exists(kind, name, context)?
    {
        let kind = kind.singular();
        say(&format!("The {kind} '{name}' doesn't exist and doesn't have dynamic config."), context);
        return Ok(());
    }
    let names = match entity.names.first() {
        Some(name) => vec![name.clone()],
        None => every(kind, context),
    };
    for name in names {
        let resource = resource(kind, &name)?;
        if all && !exists(kind, &name, context)? {
            let exception = "org.apache.kafka.common.errors.UnknownTopicOrPartitionException: ";
            return Err(Failure::Thrown(vec![
                format!("java.util.concurrent.ExecutionException: {exception}"),
                format!("Caused by: {exception}"),
            ]));
        }
        let title = match (&resource, all) {
            (ConfigResource::BrokerDefault, _) => {
                "Default configs for brokers in the cluster are:".to_owned()
            }
            (_, true) => format!("All configs for {} {name} are:", kind.singular()),
            (_, false) => format!("Dynamic configs for {} {name} are:", kind.singular()),
        };
        say(&title, context);
        let lines: Vec<_> =
            entries(&resource, all, context.system().simulation.cluster()).iter().map(Entry::line).collect();
        lines.iter().for_each(|line| say(line, context));
    }
    Ok(())
}

fn exists(kind: EntityType, name: &Rc<str>, context: &mut Context<'_>) -> Result<bool, Failure> {
    let simulation = &context.system().simulation;
    let cluster = simulation.cluster();
    Ok(match resource(kind, name)? {
        ConfigResource::Topic(topic) => cluster.topic(&topic).is_some(),
        ConfigResource::Broker(id) => cluster.brokers().contains(&id),
        ConfigResource::BrokerDefault => true,
        ConfigResource::Group(group) => {
            simulation.describe_group(&group).is_some()
                || cluster.configs(&ConfigResource::Group(group)).next().is_some()
        }
        ConfigResource::Quota(_) => unreachable!("quotas are described elsewhere"),
    })
}

/// Every entity of a type.
fn every(kind: EntityType, context: &mut Context<'_>) -> Vec<Rc<str>> {
    let simulation = &context.system().simulation;
    let cluster = simulation.cluster();
    match kind {
        EntityType::Topics => {
            let names = cluster.topics().map(|(name, _)| name.clone());
            iteration_order(names, DEFAULT_CAPACITY, |name| name.java_hash())
        }
        EntityType::Brokers => {
            let ids = cluster.brokers().iter().map(|id| Rc::from(id.0.to_string()));
            ids.chain([Rc::from("")]).collect()
        }
        EntityType::Groups => {
            let listed = consumer_groups::all(simulation).into_iter().map(|listing| listing.group);
            let configured = cluster.configured().filter_map(|resource| match resource {
                ConfigResource::Group(group) => Some(group.clone()),
                ConfigResource::Topic(_)
                | ConfigResource::Broker(_)
                | ConfigResource::BrokerDefault
                | ConfigResource::Quota(_) => None,
            });
            let names: BTreeSet<_> = listed.chain(configured).collect();
            names.into_iter().collect()
        }
        EntityType::Clients
        | EntityType::Users
        | EntityType::Ips
        | EntityType::ClientMetrics
        | EntityType::BrokerLoggers => Vec::new(),
    }
}

/// In order of name; unless all are wanted, those that were set for the resource itself.
fn entries(resource: &ConfigResource, all: bool, cluster: &Cluster) -> Vec<Entry> {
    let (mut entries, own) = match resource {
        ConfigResource::Topic(topic) => (of_topic(topic, cluster), Origin::Topic),
        ConfigResource::Broker(id) => (broker_entries(resource, Some(*id), cluster), Origin::Broker),
        ConfigResource::BrokerDefault => (broker_entries(resource, None, cluster), Origin::DefaultBroker),
        ConfigResource::Group(group) => {
            let entries = group_config_keys().map(|(name, default)| of_group(group, name, default, cluster));
            (entries.into_iter().collect(), Origin::Group)
        }
        ConfigResource::Quota(_) => unreachable!("quotas are described elsewhere"),
    };
    entries.retain(|entry| all || entry.origin() == own);
    entries
}

/// The default of all brokers knows only what was set for them all.
fn broker_entries(resource: &ConfigResource, broker: Option<BrokerId>, cluster: &Cluster) -> Vec<Entry> {
    let known = broker_config_keys().map(|key| Rc::from(key.name)).filter(|_| broker.is_some());
    let set = cluster.configs(resource).map(|(name, _)| name.clone());
    let names: BTreeSet<Rc<str>> = known.chain(set).collect();
    names.iter().map(|name| of_broker(name, broker, cluster)).collect()
}
