//! What the picture remembers of the events so far: traces that the model's present state no longer shows.
//!
//! A fold over the event log, so that any moment's memory follows from the events up to it.

mod brokers;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use kafka_core::cluster::CONSUMER_OFFSETS;
use kafka_core::delivery::ProducerDeliveries;
use kafka_core::event::{Event, PartitionChoice, PolledRecord};
use kafka_core::group::GroupState;
use kafka_core::protocol::{ClientId, GroupId, MemberId};
use kafka_core::record::Bytes;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;

use crate::handling::Handling;
use crate::rebalances::Rebalances;
use crate::scene::{Happening, Hue, Mark, MarkKind};
use brokers::Brokers;

/// How long something counts as having happened a moment ago.
pub(crate) const MOMENT: Duration = Duration::from_millis(1200);

/// Lines of the feed.
const HAPPENINGS: usize = 60;

/// Appends to `__consumer_offsets` that are remembered.
const COORDINATOR_APPENDS: usize = 60;

/// Points of one lag line; of an older past every other point is dropped.
const LAG_POINTS: usize = 400;

#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// Counts what was worth looking at.
    pub(crate) notable: u64,
    pub(crate) happenings: VecDeque<Happening>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) lag: BTreeMap<(GroupId, TopicPartition), Vec<(SimTime, i64)>>,
    pub(crate) hashing: Option<KeyedChoice>,
    pub(crate) appended: BTreeMap<TopicPartition, SimTime>,
    /// Keys in the order in which they first appeared: the first few have colours of their own.
    keys: BTreeMap<Bytes, u64>,
    pub(crate) clients: BTreeMap<ClientId, ClientMemory>,
    /// Who last had a member id.
    members: BTreeMap<MemberId, ClientId>,
    pub(crate) rebalances: Rebalances,
    pub(crate) handling: Handling,
    pub(crate) brokers: Brokers,
    pub(crate) sendings: ProducerDeliveries,
    /// Counts the events by which some producer's records may count differently.
    pub(crate) sending_changes: u64,
    /// When each group came into its state.
    pub(crate) state_began: BTreeMap<GroupId, SimTime>,
    /// What was written to `__consumer_offsets`, newest first.
    pub(crate) coordinator_appends: VecDeque<CoordinatorAppend>,
    /// How many of these there have been.
    pub(crate) coordinator_append_count: u64,
    end_offsets: BTreeMap<TopicPartition, i64>,
    committed: BTreeMap<(GroupId, TopicPartition), i64>,
}

/// The last record whose key chose its partition.
#[derive(Clone, Debug)]
pub(crate) struct KeyedChoice {
    pub(crate) at: SimTime,
    pub(crate) client: ClientId,
    pub(crate) key: Bytes,
    pub(crate) murmur2: i32,
    pub(crate) partitions: u32,
    pub(crate) partition: TopicPartition,
}

/// Records that the coordinator wrote together.
#[derive(Clone, Debug)]
pub(crate) struct CoordinatorAppend {
    pub(crate) at: SimTime,
    pub(crate) partition: TopicPartition,
    pub(crate) base_offset: i64,
    pub(crate) records: u32,
}

/// What a client was and did; kept when the client is gone.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClientMemory {
    client_id: Rc<str>,
    /// The `client.id` and which of its bearers this one is.
    pub(crate) name: Rc<str>,
    pub(crate) group: Option<GroupId>,
    pub(crate) member: Option<MemberId>,
    pub(crate) killed: bool,
    pub(crate) suspended: bool,
    pub(crate) failed: bool,
    pub(crate) topics: BTreeSet<Rc<str>>,
    pub(crate) records_seen: u64,
    pub(crate) last_record: Option<PolledRecord>,
    pub(crate) assigned: Option<(SimTime, Vec<TopicPartition>)>,
    pub(crate) revoked: Option<(SimTime, Vec<TopicPartition>)>,
}

impl Memory {
    /// True when the event moved something that a learner would want to see.
    pub(crate) fn note(&mut self, at: SimTime, event: &Event) -> bool {
        let notable = self.is_notable(event);
        self.rebalances.observe(at, event);
        self.handling.observe(event);
        self.sending_changes += u64::from(self.sendings.observe(event));
        if let Some(broker) = self.brokers.observe(at, event) {
            self.marks.push(Mark { at, kind: MarkKind::BrokerFailed { broker: broker.0 } });
        }
        if let Event::GroupStateChanged { group, .. } = event {
            self.state_began.insert(group.clone(), at);
        }
        match event {
            Event::ProducerStarted { client, client_id } => self.start(*client, client_id, None),
            Event::ConsumerStarted { client, client_id, group } => {
                self.start(*client, client_id, group.clone());
            }
            Event::ClientKilled { client } => {
                self.client(*client).killed = true;
                let client = self.client(*client).name.clone();
                self.marks.push(Mark { at, kind: MarkKind::Killed { client } });
            }
            Event::ClientSuspended { client } => self.client(*client).suspended = true,
            Event::ClientContinued { client } => self.client(*client).suspended = false,
            Event::ConsumerFailed { client, .. } => {
                self.client(*client).failed = true;
                let client = self.client(*client).name.clone();
                self.marks.push(Mark { at, kind: MarkKind::Failed { client } });
            }
            Event::RecordPartitioned { client, key, partition, choice, .. } => {
                self.client(*client).topics.insert(partition.topic.clone());
                if let Some(key) = key {
                    let next = self.keys.len() as u64;
                    self.keys.entry(key.clone()).or_insert(next);
                }
                if let (PartitionChoice::Keyed { murmur2, partitions }, Some(key)) = (choice, key) {
                    self.hashing = Some(KeyedChoice {
                        at,
                        client: *client,
                        key: key.clone(),
                        murmur2: *murmur2,
                        partitions: *partitions,
                        partition: partition.clone(),
                    });
                }
            }
            Event::RecordsAppended { partition, base_offset, records, .. } => {
                self.appended.insert(partition.clone(), at);
                if *partition.topic == *CONSUMER_OFFSETS {
                    let (partition, base_offset, records) = (partition.clone(), *base_offset, *records);
                    let append = CoordinatorAppend { at, partition, base_offset, records };
                    self.coordinator_appends.push_front(append);
                    self.coordinator_appends.truncate(COORDINATOR_APPENDS);
                    self.coordinator_append_count += 1;
                }
            }
            Event::MarkerAppended { partition, .. } => {
                self.appended.insert(partition.clone(), at);
            }
            Event::HighWatermarkAdvanced { partition, to, .. } => {
                self.end_offsets.insert(partition.clone(), *to);
                let groups: Vec<_> =
                    self.committed.keys().filter(|(_, of)| of == partition).cloned().collect();
                for line in groups {
                    self.note_lag(at, line);
                }
            }
            Event::OffsetCommitted { group, partition, offset } => {
                let line = (group.clone(), partition.clone());
                self.committed.insert(line.clone(), offset.offset);
                self.note_lag(at, line);
            }
            Event::OffsetRemoved { group, partition, .. } => {
                self.committed.remove(&(group.clone(), partition.clone()));
            }
            Event::GroupStateChanged { group, from, to: GroupState::PreparingRebalance, generation } => {
                if *from != GroupState::Empty {
                    let kind = MarkKind::Rebalance { group: group.clone(), generation: *generation };
                    self.marks.push(Mark { at, kind });
                }
            }
            Event::MemberJoined { client, member, .. } | Event::MemberEpochReached { client, member, .. } => {
                self.client(*client).member = Some(member.clone());
                self.members.insert(member.clone(), *client);
            }
            Event::PartitionsAssigned { client, added } => {
                self.client(*client).assigned = Some((at, added.clone()));
            }
            Event::PartitionsRevoked { client, partitions }
            | Event::PartitionsLost { client, partitions } => {
                self.client(*client).revoked = Some((at, partitions.clone()));
            }
            Event::RecordsPolled { client, records } => {
                let memory = self.client(*client);
                memory.records_seen += records.len() as u64;
                memory.last_record = records.last().cloned();
            }
            Event::TopicCreated { .. }
            | Event::BrokerChanged { .. }
            | Event::LeaderElected { .. }
            | Event::LeadershipBegan { .. }
            | Event::IsrChanged { .. }
            | Event::ReplicasChanged { .. }
            | Event::ElectionRefused { .. }
            | Event::LogTruncated { .. }
            | Event::BatchRetried { .. }
            | Event::BatchSplit { .. }
            | Event::SegmentRolled { .. }
            | Event::SegmentDeleted { .. }
            | Event::LogCompacted { .. }
            | Event::ProducerIdAssigned { .. }
            | Event::TransactionCallReturned { .. }
            | Event::TransactionStateChanged { .. }
            | Event::TransactionTimedOut { .. }
            | Event::OffsetsSkipped { .. }
            | Event::DuplicateDiscarded { .. }
            | Event::ProducerClosed { .. }
            | Event::ConsumerClosed { .. }
            | Event::MetadataErrorReceived { .. }
            | Event::BatchSent { .. }
            | Event::BatchAcknowledged { .. }
            | Event::RecordFailed { .. }
            | Event::GroupStateChanged { .. }
            | Event::MemberAdded { .. }
            | Event::MemberRemoved { .. }
            | Event::CoordinatorDiscovered { .. }
            | Event::PositionSet { .. }
            | Event::PartitionsCreated { .. }
            | Event::TopicDeleted { .. }
            | Event::ConfigAltered { .. }
            | Event::RecordsDeleted { .. }
            | Event::PartitionsPaused { .. }
            | Event::PartitionsResumed { .. }
            | Event::SubscriptionChanged { .. }
            | Event::RecordsProcessed { .. }
            | Event::ProcessingFailed { .. }
            | Event::ListenerThrew { .. }
            | Event::PollIntervalExceeded { .. }
            | Event::CommitCompleted { .. }
            | Event::CommitFailed { .. } => {}
        }
        if notable {
            self.notable += 1;
            let happening =
                Happening { number: self.notable, at, who: self.who(event), event: event.clone() };
            self.happenings.push_front(happening);
            self.happenings.truncate(HAPPENINGS);
        }
        notable
    }

    /// Routine leaves no trace: commits that change nothing, Kafka's own topics.
    fn is_notable(&self, event: &Event) -> bool {
        match event {
            Event::OffsetCommitted { group, partition, offset } => {
                self.committed.get(&(group.clone(), partition.clone())) != Some(&offset.offset)
            }
            Event::RecordsAppended { partition, .. }
            | Event::HighWatermarkAdvanced { partition, .. }
            | Event::LeaderElected { partition, .. }
            | Event::IsrChanged { partition, .. }
            | Event::ReplicasChanged { partition, .. }
            | Event::ElectionRefused { partition, .. }
            | Event::LogTruncated { partition, .. }
            | Event::MarkerAppended { partition, .. }
            | Event::SegmentRolled { partition, .. }
            | Event::SegmentDeleted { partition, .. }
            | Event::LogCompacted { partition, .. }
            | Event::DuplicateDiscarded { partition, .. } => !is_internal(&partition.topic),
            Event::TopicCreated { topic, .. } | Event::TopicDeleted { topic } => !is_internal(topic),
            // What comes of the calls is told by the coordinator, unless they fail.
            Event::TransactionCallReturned { outcome, .. } => outcome.is_err(),
            // The records were polled a moment ago, the coordinator tells of the offset, and the controller of the leader.
            Event::RecordsProcessed { .. }
            | Event::OffsetsSkipped { .. }
            | Event::CommitCompleted { .. }
            | Event::LeadershipBegan { .. } => false,
            // Told to every idempotent producer as it starts, and nobody needs to know.
            Event::ProducerIdAssigned { epoch, .. } => *epoch > 0,
            Event::TransactionStateChanged { .. }
            | Event::TransactionTimedOut { .. }
            | Event::BrokerChanged { .. }
            | Event::BatchRetried { .. }
            | Event::BatchSplit { .. }
            | Event::ProducerStarted { .. }
            | Event::ProducerClosed { .. }
            | Event::ConsumerStarted { .. }
            | Event::ConsumerClosed { .. }
            | Event::ClientKilled { .. }
            | Event::ClientSuspended { .. }
            | Event::ClientContinued { .. }
            | Event::MetadataErrorReceived { .. }
            | Event::RecordPartitioned { .. }
            | Event::BatchSent { .. }
            | Event::BatchAcknowledged { .. }
            | Event::RecordFailed { .. }
            | Event::GroupStateChanged { .. }
            | Event::MemberAdded { .. }
            | Event::MemberRemoved { .. }
            | Event::OffsetRemoved { .. }
            | Event::CoordinatorDiscovered { .. }
            | Event::MemberJoined { .. }
            | Event::MemberEpochReached { .. }
            | Event::PartitionsAssigned { .. }
            | Event::PartitionsRevoked { .. }
            | Event::PartitionsLost { .. }
            | Event::PositionSet { .. }
            | Event::RecordsPolled { .. }
            | Event::PartitionsCreated { .. }
            | Event::ConfigAltered { .. }
            | Event::RecordsDeleted { .. }
            | Event::PartitionsPaused { .. }
            | Event::PartitionsResumed { .. }
            | Event::SubscriptionChanged { .. }
            | Event::ProcessingFailed { .. }
            | Event::ListenerThrew { .. }
            | Event::PollIntervalExceeded { .. }
            | Event::CommitFailed { .. }
            | Event::ConsumerFailed { .. } => true,
        }
    }

    /// As much of the memory as it takes to tell what is notable.
    pub(crate) fn for_looking_ahead(&self) -> Self {
        Self { committed: self.committed.clone(), ..Self::default() }
    }

    fn who(&self, event: &Event) -> Option<Rc<str>> {
        let name = |client: &ClientId| self.clients.get(client).map(|memory| memory.name.clone());
        match event {
            Event::ProducerStarted { client, .. }
            | Event::ProducerClosed { client }
            | Event::ConsumerStarted { client, .. }
            | Event::ConsumerClosed { client }
            | Event::ClientKilled { client }
            | Event::ClientSuspended { client }
            | Event::ClientContinued { client }
            | Event::MetadataErrorReceived { client, .. }
            | Event::RecordPartitioned { client, .. }
            | Event::BatchSent { client, .. }
            | Event::BatchAcknowledged { client, .. }
            | Event::BatchRetried { client, .. }
            | Event::BatchSplit { client, .. }
            | Event::ProducerIdAssigned { client, .. }
            | Event::TransactionCallReturned { client, .. }
            | Event::OffsetsSkipped { client, .. }
            | Event::RecordFailed { client, .. }
            | Event::CoordinatorDiscovered { client, .. }
            | Event::MemberJoined { client, .. }
            | Event::MemberEpochReached { client, .. }
            | Event::PartitionsAssigned { client, .. }
            | Event::PartitionsRevoked { client, .. }
            | Event::PartitionsLost { client, .. }
            | Event::PositionSet { client, .. }
            | Event::RecordsPolled { client, .. }
            | Event::RecordsProcessed { client, .. }
            | Event::ProcessingFailed { client, .. }
            | Event::PartitionsPaused { client, .. }
            | Event::PartitionsResumed { client, .. }
            | Event::SubscriptionChanged { client, .. }
            | Event::ListenerThrew { client, .. }
            | Event::PollIntervalExceeded { client }
            | Event::CommitCompleted { client, .. }
            | Event::CommitFailed { client, .. }
            | Event::ConsumerFailed { client, .. } => name(client),
            Event::MemberAdded { member, .. } | Event::MemberRemoved { member, .. } => {
                Some(self.member_name(member))
            }
            Event::TopicCreated { .. }
            | Event::BrokerChanged { .. }
            | Event::LeaderElected { .. }
            | Event::LeadershipBegan { .. }
            | Event::IsrChanged { .. }
            | Event::ReplicasChanged { .. }
            | Event::ElectionRefused { .. }
            | Event::LogTruncated { .. }
            | Event::SegmentRolled { .. }
            | Event::SegmentDeleted { .. }
            | Event::LogCompacted { .. }
            | Event::DuplicateDiscarded { .. }
            | Event::MarkerAppended { .. }
            | Event::TransactionStateChanged { .. }
            | Event::TransactionTimedOut { .. }
            | Event::PartitionsCreated { .. }
            | Event::TopicDeleted { .. }
            | Event::ConfigAltered { .. }
            | Event::RecordsDeleted { .. }
            | Event::RecordsAppended { .. }
            | Event::HighWatermarkAdvanced { .. }
            | Event::GroupStateChanged { .. }
            | Event::OffsetCommitted { .. }
            | Event::OffsetRemoved { .. } => None,
        }
    }

    /// A key's colour: the same on every lane, and different for the first keys that appear.
    pub(crate) fn hue(&self, key: Option<&Bytes>) -> Hue {
        match key.and_then(|key| self.keys.get(key)) {
            Some(number) => Hue::Key((number % u64::from(Hue::KEYS)) as u8),
            None => Hue::Keyless,
        }
    }

    /// The client behind a member id.
    pub(crate) fn client_of(&self, member: &MemberId) -> Option<ClientId> {
        self.members.get(member).copied().or_else(|| self.newcomer(member))
    }

    pub(crate) fn member_name(&self, member: &MemberId) -> Rc<str> {
        match self.client_of(member) {
            Some(client) => self.clients[&client].name.clone(),
            None => short(member),
        }
    }

    /// The one client that can be behind an id that nobody has heard of: the coordinator has just made it up after the
    /// `client.id`, or a KIP-848 member has drawn one for itself.
    fn newcomer(&self, member: &MemberId) -> Option<ClientId> {
        let mut waiting = self.clients.iter().filter(|(_, memory)| {
            memory.member.is_none()
                && memory.group.is_some()
                && !memory.killed
                && (is_drawn(member)
                    || member.strip_prefix(&*memory.client_id).is_some_and(|rest| rest.starts_with('-')))
        });
        let (client, _) = waiting.next()?;
        waiting.next().is_none().then_some(*client)
    }

    fn start(&mut self, client: ClientId, client_id: &Rc<str>, group: Option<GroupId>) {
        let bearers = self.clients.values().filter(|other| other.client_id == *client_id).count();
        let name = format!("{client_id} #{}", bearers + 1).into();
        let memory = ClientMemory { client_id: client_id.clone(), name, group, ..ClientMemory::default() };
        self.clients.insert(client, memory);
    }

    fn client(&mut self, client: ClientId) -> &mut ClientMemory {
        self.clients.entry(client).or_default()
    }

    fn note_lag(&mut self, at: SimTime, line: (GroupId, TopicPartition)) {
        let end = self.end_offsets.get(&line.1).copied().unwrap_or(0);
        let Some(committed) = self.committed.get(&line) else { return };
        let lag = end - committed;
        let points = self.lag.entry(line).or_default();
        if points.last().is_none_or(|(_, last)| *last != lag) {
            points.push((at, lag));
        }
        if points.len() > LAG_POINTS {
            let older = points.len() / 2;
            let mut index = 0;
            points.retain(|_| {
                index += 1;
                index > older || index % 2 == 1
            });
        }
    }
}

/// Looks like Kafka's `Uuid.toString`: 16 bytes in base64.
fn is_drawn(member: &MemberId) -> bool {
    member.len() == 22
        && member.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A member id without most of the UUID that it ends with.
fn short(member: &MemberId) -> Rc<str> {
    const UUID: usize = 36;
    const KEPT: usize = 8;
    match member.len().checked_sub(UUID - KEPT).filter(|_| member.is_ascii() && member.len() > UUID) {
        Some(end) => format!("{}…", &member[..end]).into(),
        None => member.clone(),
    }
}

/// Kafka's own topics are not drawn as lanes.
pub(crate) fn is_internal(topic: &str) -> bool {
    topic.starts_with("__")
}
