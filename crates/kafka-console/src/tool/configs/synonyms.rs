//! Where the value of a setting comes from: every place that has one, the one that counts first.
//!
//! Mirrors `ConfigHelper` and `DynamicBrokerConfig.brokerConfigSynonyms`. Leaves out: what a broker's own file says,
//! beside the broker's number.

use std::rc::Rc;

use kafka_core::cluster::Cluster;
use kafka_core::config::{ConfigResource, broker_config_key, topic_config_keys};
use kafka_core::protocol::BrokerId;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    Topic,
    Broker,
    DefaultBroker,
    StaticBroker,
    Group,
    Default,
}

pub(super) struct Synonym {
    pub(super) origin: Origin,
    name: Rc<str>,
    /// `None` for a value that is not to be seen.
    value: Option<Rc<str>>,
}

/// A setting as it is described.
pub(super) struct Entry {
    pub(super) name: Rc<str>,
    value: Option<Rc<str>>,
    pub(super) synonyms: Vec<Synonym>,
    sensitive: bool,
}

impl Origin {
    const fn name(self) -> &'static str {
        match self {
            Self::Topic => "DYNAMIC_TOPIC_CONFIG",
            Self::Broker => "DYNAMIC_BROKER_CONFIG",
            Self::DefaultBroker => "DYNAMIC_DEFAULT_BROKER_CONFIG",
            Self::StaticBroker => "STATIC_BROKER_CONFIG",
            Self::Group => "DYNAMIC_GROUP_CONFIG",
            Self::Default => "DEFAULT_CONFIG",
        }
    }
}

impl Entry {
    pub(super) fn origin(&self) -> Origin {
        self.synonyms.first().map_or(Origin::Default, |synonym| synonym.origin)
    }

    pub(super) fn line(&self) -> String {
        let text = |value: &Option<Rc<str>>| value.as_deref().unwrap_or("null").to_owned();
        let synonym =
            |Synonym { origin, name, value }: &Synonym| format!("{}:{name}={}", origin.name(), text(value));
        let synonyms: Vec<_> = self.synonyms.iter().map(synonym).collect();
        let Self { name, value, sensitive, .. } = self;
        format!("  {name}={} sensitive={sensitive} synonyms={{{}}}", text(value), synonyms.join(", "))
    }
}

/// Every setting of a topic, in order of name.
pub(super) fn of_topic(topic: &Rc<str>, cluster: &Cluster) -> Vec<Entry> {
    let own = ConfigResource::Topic(topic.clone());
    let entry = |(name, default, broker_name): (&str, &str, Option<&str>)| {
        let mut synonyms = broker_name.map_or_else(Vec::new, |name| of_broker_setting(name, None, cluster));
        if let Some(value) = value(cluster, &own, name) {
            synonyms.insert(0, Synonym { origin: Origin::Topic, name: name.into(), value: Some(value) });
        }
        let value = synonyms.first().map_or_else(|| Some(Rc::from(default)), |synonym| synonym.value.clone());
        Entry { name: name.into(), value, synonyms, sensitive: false }
    };
    topic_config_keys().map(entry).collect()
}

/// One setting of a broker, or of every broker.
pub(super) fn of_broker(name: &Rc<str>, broker: Option<BrokerId>, cluster: &Cluster) -> Entry {
    let mut synonyms = of_broker_setting(name, broker, cluster);
    if broker.is_none() {
        synonyms.retain(|synonym| synonym.origin == Origin::DefaultBroker);
    }
    let key = broker_config_key(name);
    // What nobody knows the type of is not shown.
    let sensitive = key.is_none();
    if sensitive {
        synonyms.iter_mut().for_each(|synonym| synonym.value = None);
    }
    let default = key.and_then(|key| key.default).map(Rc::from);
    let value = synonyms.first().map_or(default, |synonym| synonym.value.clone());
    Entry { name: name.clone(), value, synonyms, sensitive }
}

pub(super) fn of_group(group: &Rc<str>, name: &str, default: &str, cluster: &Cluster) -> Entry {
    let own = value(cluster, &ConfigResource::Group(group.clone()), name);
    let origin = if own.is_some() { Origin::Group } else { Origin::Default };
    let value = Some(own.unwrap_or_else(|| default.into()));
    let synonyms = vec![Synonym { origin, name: name.into(), value: value.clone() }];
    Entry { name: name.into(), value, synonyms, sensitive: false }
}

/// The places that have a value, from the broker's own setting to the default; those before the setting's own name
/// do not count.
fn of_broker_setting(name: &str, broker: Option<BrokerId>, cluster: &Cluster) -> Vec<Synonym> {
    let names: &[&str] = match name {
        "log.roll.ms" | "log.roll.hours" => &["log.roll.ms", "log.roll.hours"],
        "log.roll.jitter.ms" | "log.roll.jitter.hours" => &["log.roll.jitter.ms", "log.roll.jitter.hours"],
        "log.flush.interval.ms" => &["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
        "log.retention.ms" | "log.retention.minutes" | "log.retention.hours" => {
            &["log.retention.ms", "log.retention.minutes", "log.retention.hours"]
        }
        name => &[name],
    };
    let mut synonyms = Vec::new();
    let mut add = |origin: Origin, value: &dyn Fn(&str) -> Option<Rc<str>>| {
        for name in names {
            if let Some(value) = value(name) {
                synonyms.push(Synonym { origin, name: (*name).into(), value: Some(value) });
            }
        }
    };
    if let Some(id) = broker {
        add(Origin::Broker, &|name| value(cluster, &ConfigResource::Broker(id), name));
    }
    add(Origin::DefaultBroker, &|name| value(cluster, &ConfigResource::BrokerDefault, name));
    if let Some(id) = broker {
        add(Origin::StaticBroker, &|name| match name {
            "broker.rack" => cluster.image().registration(id)?.rack.clone(),
            "node.id" => Some(id.0.to_string().into()),
            _ => None,
        });
    }
    add(Origin::Default, &|name| broker_config_key(name)?.default.map(Rc::from));
    let own = synonyms.iter().position(|synonym| *synonym.name == *name);
    own.map_or_else(Vec::new, |own| synonyms.split_off(own))
}

fn value(cluster: &Cluster, resource: &ConfigResource, name: &str) -> Option<Rc<str>> {
    cluster.configs(resource).find(|(key, _)| ***key == *name).map(|(_, value)| value.clone())
}
