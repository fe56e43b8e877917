//! What settings are of: an entity of a type, by its name or as the default of its type.

use std::rc::Rc;

use kafka_core::config::{ConfigResource, QuotaEntityType};
use kafka_core::protocol::BrokerId;

use super::Failure;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EntityType {
    Topics,
    Clients,
    Users,
    Brokers,
    Ips,
    ClientMetrics,
    Groups,
    BrokerLoggers,
}

/// One entity, or a user with a client. Without a name it is every entity of the type.
pub(super) struct Entity {
    pub(super) types: Vec<EntityType>,
    /// An empty name is the default of the type.
    pub(super) names: Vec<Rc<str>>,
}

impl EntityType {
    pub(super) const ALL: [Self; 8] = [
        Self::Topics,
        Self::Clients,
        Self::Users,
        Self::Brokers,
        Self::Ips,
        Self::ClientMetrics,
        Self::Groups,
        Self::BrokerLoggers,
    ];

    /// In the plural, as options and messages name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Topics => "topics",
            Self::Clients => "clients",
            Self::Users => "users",
            Self::Brokers => "brokers",
            Self::Ips => "ips",
            Self::ClientMetrics => "client-metrics",
            Self::Groups => "groups",
            Self::BrokerLoggers => "broker-loggers",
        }
    }

    /// The same without its last letter.
    pub(super) fn singular(self) -> &'static str {
        self.name().strip_suffix('s').unwrap_or(self.name())
    }

    /// Whether the default of the type has settings, too.
    pub(super) const fn has_default(self) -> bool {
        match self {
            Self::Clients | Self::Users | Self::Brokers | Self::Ips => true,
            Self::Topics | Self::ClientMetrics | Self::Groups | Self::BrokerLoggers => false,
        }
    }

    const fn quota(self) -> Option<QuotaEntityType> {
        match self {
            Self::Clients => Some(QuotaEntityType::ClientId),
            Self::Users => Some(QuotaEntityType::User),
            Self::Ips => Some(QuotaEntityType::Ip),
            Self::Topics | Self::Brokers | Self::ClientMetrics | Self::Groups | Self::BrokerLoggers => None,
        }
    }
}

impl Entity {
    pub(super) fn kind(&self) -> EntityType {
        self.types.first().copied().unwrap_or(EntityType::Topics)
    }

    /// Whom quotas are of: type and name, where no name is everybody of the type.
    pub(super) fn quota(&self) -> Vec<(QuotaEntityType, Option<Rc<str>>)> {
        let mut entity: Vec<_> = self
            .types
            .iter()
            .filter_map(|kind| kind.quota())
            .zip(self.names.iter().map(|name| Some(name.clone()).filter(|name| !name.is_empty())))
            .collect();
        entity.sort();
        entity
    }
}

/// The resource that a name stands for.
pub(super) fn resource(kind: EntityType, name: &Rc<str>) -> Result<ConfigResource, Failure> {
    match kind {
        EntityType::Topics => Ok(ConfigResource::Topic(name.clone())),
        EntityType::Groups => Ok(ConfigResource::Group(name.clone())),
        EntityType::Brokers if name.is_empty() => Ok(ConfigResource::BrokerDefault),
        EntityType::Brokers => match name.parse() {
            Ok(id) => Ok(ConfigResource::Broker(BrokerId(id))),
            Err(_) => Err(Failure::Message(format!(
                "The entity name for brokers must be a valid integer broker id, found: {name}"
            ))),
        },
        EntityType::ClientMetrics | EntityType::BrokerLoggers => {
            Err(Failure::Message(format!("kafka-configs: settings of {} are not simulated.", kind.name())))
        }
        EntityType::Clients | EntityType::Users | EntityType::Ips => {
            unreachable!("quotas are not settings of a resource")
        }
    }
}
