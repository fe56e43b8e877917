//! `kafka-configs --alter`.

use std::collections::BTreeMap;
use std::rc::Rc;

use kafka_core::command::{Command, CommandError};
use kafka_core::config::ConfigResource;

use super::entity::{Entity, EntityType, resource};
use super::{Failure, quotas};
use crate::option::Options;
use crate::system::Context;
use crate::tool::{properties, say};

type Settings = BTreeMap<Rc<str>, Rc<str>>;

pub(super) fn alter(entity: &Entity, options: &Options, context: &mut Context<'_>) -> Result<(), Failure> {
    let added = configs_to_add(options, context)?;
    let deleted: Vec<Rc<str>> = options
        .values("delete-config")
        .iter()
        .flat_map(|names| names.split(','))
        .map(|name| name.trim().into())
        .collect();
    let kind = entity.kind();
    let name = entity.names.first().cloned().unwrap_or_default();
    let (resource, added) = match kind {
        EntityType::Clients | EntityType::Users | EntityType::Ips => {
            for name in &deleted {
                quotas::check_name(entity, name, "deleted")?;
            }
            let check = |(name, value): (&Rc<str>, &Rc<str>)| {
                quotas::check(entity, name, value).map(|value| (name.clone(), value))
            };
            let added = added.iter().map(check).collect::<Result<Settings, Failure>>()?;
            (ConfigResource::Quota(entity.quota()), added)
        }
        EntityType::Topics
        | EntityType::Brokers
        | EntityType::Groups
        | EntityType::ClientMetrics
        | EntityType::BrokerLoggers => (resource(kind, &name)?, added),
    };
    let cluster = context.system().simulation.cluster();
    if let ConfigResource::Topic(topic) = &resource
        && cluster.topic(topic).is_none()
    {
        return Err(thrown("org.apache.kafka.common.errors.UnknownTopicOrPartitionException: "));
    }
    if let ConfigResource::Broker(id) = &resource
        && !cluster.brokers().contains(id)
    {
        let timeout = "org.apache.kafka.common.errors.TimeoutException";
        return Err(thrown(&format!(
            "{timeout}: Timed out waiting for a node assignment. Call: describeConfigs"
        )));
    }
    let is_set = |name: &&Rc<str>| cluster.configs(&resource).any(|(key, _)| key == *name);
    let missing: Vec<_> = deleted.iter().filter(|name| !is_set(name)).map(|name| &**name).collect();
    if !missing.is_empty() {
        return Err(Failure::Message(format!("Invalid config(s): {}", missing.join(","))));
    }
    let set = added.into_iter().map(|(name, value)| (name, Some(value)));
    let unset = deleted.into_iter().map(|name| (name, None));
    let command = Command::AlterConfigs { resource, changes: set.chain(unset).collect() };
    context
        .command(&command)
        .map_err(|error: CommandError| thrown(&format!("{}: {error}", error.exception())))?;
    let done = if name.is_empty() {
        format!("Completed updating default config for {} in the cluster.", kind.name())
    } else {
        format!("Completed updating config for {} {name}.", kind.singular())
    };
    say(&done, context);
    Ok(())
}

/// What a future throws.
fn thrown(exception: &str) -> Failure {
    Failure::Thrown(vec![
        format!("java.util.concurrent.ExecutionException: {exception}"),
        format!("Caused by: {exception}"),
    ])
}

/// `parseConfigsToBeAdded`
fn configs_to_add(options: &Options, context: &Context<'_>) -> Result<Settings, Failure> {
    let mut settings = Settings::new();
    if let Some(file) = options.value("add-config-file")? {
        settings =
            properties::read(file, context).map_err(|error| Failure::Thrown(vec![error.to_string()]))?;
    }
    if let Some(text) = options.value("add-config")? {
        for pair in outside_brackets(text, ',') {
            let parts = outside_brackets(pair, '=');
            let [name, value] = parts[..] else {
                return Err(Failure::Message(
                    "requirement failed: Invalid entity config: all configs to be added must be in the format \
                     \"key=val\" or  \"key=[val1,val2]\" to group values which contain commas."
                        .to_owned(),
                ));
            };
            let value = value.replace(['[', ']'], "");
            settings.insert(name.trim().into(), value.trim().into());
        }
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    match settings.keys().find(|name| !name.chars().all(legal)) {
        Some(name) => Err(Failure::Message(format!("Invalid character found for config key: {name}"))),
        None => Ok(settings),
    }
}

/// Splits where no square brackets are open.
fn outside_brackets(text: &str, separator: char) -> Vec<&str> {
    let mut open = false;
    text.split(|character: char| {
        match character {
            '[' => open = true,
            ']' => open = false,
            _ => {}
        }
        character == separator && !open
    })
    .collect()
}
