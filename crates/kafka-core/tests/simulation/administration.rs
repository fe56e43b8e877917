//! What administrators do to a cluster that clients are using.

use std::rc::Rc;

use kafka_core::command::{Command, CommandError};
use kafka_core::config::ConfigResource;
use kafka_core::event::Event;
use kafka_core::group::GroupState;
use kafka_core::protocol::{BrokerId, ErrorCode, OffsetAndMetadata};
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use crate::commands::{close, consumer, producer, record, topic};
use crate::{polled_values, run_for};

fn partition() -> TopicPartition {
    TopicPartition::new("t", 0)
}

/// A topic `t` with ten records on three brokers, read by the one member of group `g`.
fn in_use() -> Simulation {
    let mut simulation = Simulation::new(&Scenario::three_brokers(1));
    simulation.apply(&topic("t", 1, 3)).unwrap();
    simulation.apply(&producer(1, &[])).unwrap();
    send(&mut simulation, 1, 0..10);
    let settings = [("auto.offset.reset", "earliest"), ("auto.commit.interval.ms", "100")];
    simulation.apply(&consumer(2, "t", "g", &settings)).unwrap();
    run_for(&mut simulation, 6000);
    simulation
}

fn send(simulation: &mut Simulation, client: u32, values: std::ops::Range<u32>) {
    for value in values {
        simulation.apply(&record(client, "t", None, &value.to_string())).unwrap();
    }
}

fn commit(offset: i64) -> Command {
    let offset = OffsetAndMetadata { offset, leader_epoch: None, metadata: "".into() };
    Command::AlterOffsets { group: "g".into(), offsets: vec![(partition(), offset)] }
}

fn committed(simulation: &Simulation) -> Option<i64> {
    let coordinator = simulation.coordinator_of("g")?.coordinator();
    coordinator.offsets("g").find(|(of, _)| **of == partition()).map(|(_, value)| value.offset.offset)
}

fn delete_records(before_offset: Option<i64>) -> Command {
    Command::DeleteRecords { partition: partition(), before_offset }
}

#[test]
fn a_topic_can_be_deleted_and_made_again_under_its_clients() {
    let mut simulation = in_use();
    assert_eq!(committed(&simulation), Some(10));
    let events = simulation.apply(&Command::DeleteTopic { topic: "t".into() }).unwrap();
    assert!(events.contains(&Event::TopicDeleted { topic: "t".into() }), "{events:?}");
    assert_eq!(committed(&simulation), None);
    for id in 1..=3 {
        assert!(simulation.broker(BrokerId(id)).unwrap().replica(&partition()).is_none());
    }
    let again = simulation.apply(&Command::DeleteTopic { topic: "t".into() });
    assert_eq!(again, Err(CommandError::UnknownTopic));

    simulation.apply(&topic("t", 1, 3)).unwrap();
    run_for(&mut simulation, 2000);
    simulation.apply(&producer(4, &[])).unwrap();
    send(&mut simulation, 4, 20..25);
    let log = run_for(&mut simulation, 10_000);
    let values: Vec<_> = polled_values(&log, 2).into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["20", "21", "22", "23", "24"]);
    let leader = simulation.leader_replica(&partition()).unwrap();
    for id in 1..=3 {
        let replica = simulation.broker(BrokerId(id)).unwrap().replica(&partition()).unwrap();
        assert!(
            replica.log.batches().eq(leader.log.batches()),
            "broker {id} holds nothing of the deleted log"
        );
    }
}

#[test]
fn the_topic_of_the_coordinators_can_be_deleted_and_comes_back() {
    let mut simulation = in_use();
    simulation.apply(&Command::DeleteTopic { topic: "__consumer_offsets".into() }).unwrap();
    assert!(simulation.describe_group("g").is_none());
    run_for(&mut simulation, 20_000);
    assert_eq!(simulation.describe_group("g").map(|group| group.state), Some(GroupState::Stable));
}

#[test]
fn deleted_records_are_gone_on_every_replica() {
    let mut simulation = in_use();
    let events = simulation.apply(&delete_records(Some(4))).unwrap();
    assert_eq!(events, [Event::RecordsDeleted { partition: partition(), log_start_offset: 4 }]);
    assert_eq!(simulation.apply(&delete_records(Some(3))), Ok(vec![]));
    let beyond = simulation.apply(&delete_records(Some(11)));
    assert_eq!(beyond, Err(CommandError::Rejected(ErrorCode::OffsetOutOfRange)));
    run_for(&mut simulation, 1000);
    for id in 1..=3 {
        let replica = simulation.broker(BrokerId(id)).unwrap().replica(&partition()).unwrap();
        assert_eq!(replica.log.log_start_offset(), 4);
    }
    simulation.apply(&consumer(3, "t", "other", &[("auto.offset.reset", "earliest")])).unwrap();
    let log = run_for(&mut simulation, 6000);
    assert_eq!(polled_values(&log, 3).first().map(|(_, value)| value.as_str()), Some("4"));
    simulation.apply(&delete_records(None)).unwrap();
    assert_eq!(simulation.leader_replica(&partition()).unwrap().log.log_start_offset(), 10);
}

#[test]
fn offsets_are_changed_only_while_nobody_is_in_the_group() {
    let mut simulation = in_use();
    let group = || "g".into();
    let delete_offsets =
        || Command::DeleteOffsets { group: "g".into(), topic: "t".into(), partitions: vec![0] };
    let refused = |error: ErrorCode| Err(CommandError::Rejected(error));
    assert_eq!(simulation.apply(&commit(3)), refused(ErrorCode::UnknownMemberId));
    assert_eq!(simulation.apply(&delete_offsets()), refused(ErrorCode::GroupSubscribedToTopic));
    let delete = Command::DeleteGroup { group: group() };
    assert_eq!(simulation.apply(&delete), refused(ErrorCode::NonEmptyGroup));

    simulation.apply(&close(2)).unwrap();
    run_for(&mut simulation, 1000);
    simulation.apply(&commit(3)).unwrap();
    assert_eq!(committed(&simulation), Some(3));
    simulation.apply(&delete_offsets()).unwrap();
    assert_eq!(committed(&simulation), None);
    simulation.apply(&delete).unwrap();
    assert!(simulation.describe_group("g").is_none());
    assert_eq!(simulation.apply(&delete), refused(ErrorCode::GroupIdNotFound));
}

#[test]
fn the_first_group_of_a_cluster_may_be_made_by_a_commit() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 1, 1)).unwrap();
    simulation.apply(&commit(0)).unwrap();
    assert_eq!(committed(&simulation), Some(0));
    assert_eq!(simulation.describe_group("g").map(|group| group.state), Some(GroupState::Empty));
}

#[test]
fn settings_are_changed_all_together_or_not_at_all() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&topic("t", 1, 1)).unwrap();
    let pair = |name: &str, value: Option<&str>| (Rc::from(name), value.map(Rc::from));
    let mut alter = |resource: &ConfigResource, changes: &[(Rc<str>, Option<Rc<str>>)]| {
        simulation
            .apply(&Command::AlterConfigs { resource: resource.clone(), changes: changes.to_vec() })
            .map(|events| events.len())
            .map_err(|error| format!("{}: {error}", error.exception()))
    };
    let t = ConfigResource::Topic("t".into());
    let broker = ConfigResource::Broker(BrokerId(1));
    let errors = "org.apache.kafka.common.errors";
    assert_eq!(alter(&t, &[pair("retention.ms", Some("1000"))]), Ok(1));
    assert_eq!(
        alter(&t, &[pair("retention.ms", None), pair("segment.ms", Some("x"))]),
        Err(format!(
            "{errors}.InvalidConfigurationException: Invalid value x for configuration segment.ms: Not a number of \
             type LONG"
        ))
    );
    assert_eq!(
        alter(&broker, &[pair("num.partitions", Some("3"))]),
        Err(format!(
            "{errors}.InvalidRequestException: Cannot update these configs dynamically: Set(num.partitions)"
        ))
    );
    assert_eq!(
        alter(&ConfigResource::BrokerDefault, &[pair("min.insync.replicas", None)]),
        Err(format!(
            "{errors}.InvalidConfigurationException: Cluster-level min.insync.replicas cannot be removed while ELR is \
             enabled."
        ))
    );
    assert_eq!(alter(&broker, &[pair("log.cleaner.threads", Some("2"))]), Ok(1));
    let nowhere = ConfigResource::Topic("nowhere".into());
    assert!(alter(&nowhere, &[pair("retention.ms", Some("1"))]).is_err());
    let kept: Vec<_> =
        simulation.cluster().configs(&t).map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(kept, ["retention.ms=1000"]);
}

#[test]
fn partitions_are_put_where_they_are_wanted() {
    let mut simulation = Simulation::new(&Scenario::three_brokers(1));
    let brokers = |ids: &[u32]| ids.iter().copied().map(BrokerId).collect::<Vec<_>>();
    let Command::CreateTopic(mut new) = topic("t", 9, 9) else { unreachable!("it makes a topic") };
    new.replica_assignment = vec![brokers(&[3, 1]), brokers(&[1, 2])];
    simulation.apply(&Command::CreateTopic(new)).unwrap();
    let more = |replicas| Command::CreatePartitionsAt { topic: "t".into(), replicas };
    simulation.apply(&more(vec![brokers(&[2, 3])])).unwrap();
    let placed = simulation.cluster().topic("t").unwrap().partitions.iter();
    let placed: Vec<_> = placed.map(|partition| (partition.leader, partition.replicas.clone())).collect();
    let expected = [[3, 1], [1, 2], [2, 3]].map(|ids| (Some(BrokerId(ids[0])), brokers(&ids)));
    assert_eq!(placed, expected);
    for (replicas, error) in [
        (vec![brokers(&[9, 1])], CommandError::UnknownBroker { broker: BrokerId(9) }),
        (vec![brokers(&[1, 1])], CommandError::DuplicateReplica { broker: BrokerId(1) }),
        (vec![brokers(&[1])], CommandError::ReplicaCountsDiffer { first: 2, other: 1 }),
        (vec![], CommandError::NotAnIncrease { topic: "t".into(), partitions: 3, asked: 3 }),
    ] {
        assert_eq!(simulation.apply(&more(replicas)), Err(error));
    }
}
