//! What administrators change in the metadata: partitions on chosen brokers, deleted topics, settings.
//!
//! Mirrors `ReplicationControlManager.validateManualPartitionAssignment`, `createPartitions` and `deleteTopics`,
//! `ConfigurationControlManager`, `ClientQuotaControlManager`. Leaves out: what a setting of a broker, a group or a
//! client does to it; `delete.topic.enable`.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::cluster::{Cluster, Partition};
use crate::command::CommandError;
use crate::config::ConfigResource;
use crate::protocol::BrokerId;
use crate::scenario::Scenario;
use crate::topic::TopicName;

type Settings = BTreeMap<Rc<str>, Rc<str>>;

/// A cluster that is formatted with eligible leader replicas has one setting from the start.
pub(super) fn initial_configs() -> BTreeMap<ConfigResource, Settings> {
    let settings = Settings::from([("min.insync.replicas".into(), "1".into())]);
    BTreeMap::from([(ConfigResource::BrokerDefault, settings)])
}

impl Cluster {
    /// What was set for a resource, in order of name.
    pub fn configs(&self, resource: &ConfigResource) -> impl Iterator<Item = (&Rc<str>, &Rc<str>)> {
        let settings = match resource {
            ConfigResource::Topic(topic) => self.topic(topic).map(|topic| &topic.configs),
            ConfigResource::Broker(_)
            | ConfigResource::BrokerDefault
            | ConfigResource::Group(_)
            | ConfigResource::Quota(_) => self.configs.get(resource),
        };
        settings.into_iter().flatten()
    }

    /// Everything but topics for which something was set.
    pub fn configured(&self) -> impl Iterator<Item = &ConfigResource> {
        self.configs.keys()
    }

    /// All changes are made, or none.
    pub(crate) fn alter_configs(
        &mut self,
        resource: &ConfigResource,
        changes: &[(Rc<str>, Option<Rc<str>>)],
    ) -> Result<(), CommandError> {
        for (name, value) in changes {
            resource.check(name, value.as_deref())?;
        }
        let settings = match resource {
            ConfigResource::Topic(name) => {
                let topics = &mut Rc::make_mut(&mut self.image).topics;
                let topic = topics.get_mut(name).ok_or(CommandError::UnknownTopic)?;
                &mut Rc::make_mut(topic).configs
            }
            ConfigResource::Broker(_)
            | ConfigResource::BrokerDefault
            | ConfigResource::Group(_)
            | ConfigResource::Quota(_) => self.configs.entry(resource.clone()).or_default(),
        };
        for (name, value) in changes {
            match value {
                Some(value) => settings.insert(name.clone(), value.clone()),
                None => settings.remove(name),
            };
        }
        self.configs.retain(|_, settings| !settings.is_empty());
        Ok(())
    }

    pub(crate) fn delete_topic(&mut self, name: &TopicName) -> Result<(), CommandError> {
        self.topic(name).ok_or(CommandError::UnknownTopic)?;
        Rc::make_mut(&mut self.image).topics.remove(name);
        Ok(())
    }

    /// Adds partitions with these replicas.
    pub(crate) fn create_partitions_at(
        &mut self,
        name: &TopicName,
        replicas: &[Vec<BrokerId>],
    ) -> Result<u32, CommandError> {
        let topic = self.topic(name).ok_or(CommandError::UnknownTopic)?;
        let partitions = topic.partitions.len() as u32;
        let asked = replicas.len() as u32;
        if asked == 0 {
            return Err(CommandError::NotAnIncrease { topic: name.clone(), partitions, asked: partitions });
        }
        let existing = topic.partitions.iter().map(|partition| &partition.replicas).take(1);
        self.check_assignment(existing.chain(replicas))?;
        let limit = Scenario::MAX_PARTITIONS;
        if self.partition_count().saturating_add(asked) > limit {
            return Err(CommandError::TooManyPartitions { asked, limit });
        }
        let added = self.partitions_at(replicas, partitions)?;
        let topics = &mut Rc::make_mut(&mut self.image).topics;
        let topic = topics.get_mut(name).ok_or(CommandError::UnknownTopic)?;
        Rc::make_mut(topic).partitions.extend(added);
        Ok(partitions + asked)
    }

    /// Partitions on chosen brokers, numbered from `first`.
    pub(super) fn partitions_at(
        &self,
        assignment: &[Vec<BrokerId>],
        first: u32,
    ) -> Result<Vec<Partition>, CommandError> {
        let partition = |(partition, replicas): (u32, &Vec<BrokerId>)| {
            let led = Some(self.partition_at(replicas)).filter(|partition| partition.leader.is_some());
            led.ok_or(CommandError::AssignedBrokersFenced { partition })
        };
        (first..).zip(assignment).map(partition).collect()
    }

    /// Every partition is on brokers that exist, on each at most once, on as many as the first.
    pub(super) fn check_assignment<'a>(
        &self,
        assignment: impl IntoIterator<Item = &'a Vec<BrokerId>>,
    ) -> Result<(), CommandError> {
        let mut first = None;
        for replicas in assignment {
            let mut sorted = replicas.clone();
            sorted.sort_unstable();
            if let Some(broker) = sorted.iter().find(|broker| !self.brokers.contains(broker)) {
                return Err(CommandError::UnknownBroker { broker: *broker });
            }
            if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(CommandError::DuplicateReplica { broker: twice[0] });
            }
            let other = replicas.len() as u32;
            let first = *first.get_or_insert(other);
            if other != first {
                return Err(CommandError::ReplicaCountsDiffer { first, other });
            }
        }
        Ok(())
    }
}
