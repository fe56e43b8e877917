//! Transactions end to end: what their readers see, what is done about those that hang, who may write at all.

mod exactly_once;
mod faults;
mod writer;

use kafka_core::command::Command;
use kafka_core::event::Event;
use kafka_core::producer::{ProducerCall, TransactionCall, TransactionError};
use kafka_core::protocol::{ClientId, ErrorCode};
use kafka_core::record::TransactionResult;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;
use kafka_core::topic::TopicPartition;
use kafka_core::transaction::TransactionState;

use crate::commands::{consumer, producer, record, topic};
use crate::{polled_values, run_for};

fn call(client: u32, call: ProducerCall) -> Command {
    Command::Transact { client: ClientId(client), call }
}

/// What became of the calls of a producer, in order.
fn returned(log: &[(SimTime, Event)], of: u32) -> Vec<(TransactionCall, Result<(), TransactionError>)> {
    let returned = |event: &Event| {
        let Event::TransactionCallReturned { client, call, outcome } = event else { return None };
        (*client == ClientId(of)).then(|| (*call, outcome.clone()))
    };
    log.iter().filter_map(|(_, event)| returned(event)).collect()
}

/// What a command led to at once; the time does not matter.
fn now(events: &[Event]) -> Vec<(SimTime, Event)> {
    events.iter().map(|event| (SimTime::ZERO, event.clone())).collect()
}

fn values(log: &[(SimTime, Event)], client: u32) -> Vec<String> {
    polled_values(log, client).into_iter().map(|(_, value)| value).collect()
}

/// A producer with an identity, and one partition to write to.
fn begun(brokers: u32, settings: &[(&str, &str)]) -> Simulation {
    let mut simulation = Simulation::new(&Scenario { brokers, ..Scenario::one_broker(7) });
    simulation.apply(&topic("t", 1, brokers)).unwrap();
    simulation.apply(&producer(1, &[&[("transactional.id", "tx")], settings].concat())).unwrap();
    simulation.apply(&call(1, ProducerCall::InitTransactions)).unwrap();
    let log = run_for(&mut simulation, 1000);
    assert_eq!(returned(&log, 1), [(TransactionCall::InitTransactions, Ok(()))]);
    simulation.apply(&call(1, ProducerCall::BeginTransaction)).unwrap();
    simulation
}

fn send(simulation: &mut Simulation, client: u32, values: &[&str]) {
    for value in values {
        simulation.apply(&record(client, "t", None, value)).unwrap();
    }
}

fn readers(simulation: &mut Simulation) {
    let settings = [("auto.offset.reset", "earliest"), ("isolation.level", "read_committed")];
    simulation.apply(&consumer(10, "t", "committed", &settings)).unwrap();
    simulation.apply(&consumer(11, "t", "uncommitted", &settings[..1])).unwrap();
}

#[test]
fn what_is_committed_is_read_after_the_commit_and_what_is_aborted_by_nobody_who_asks_for_it() {
    for brokers in [1, 3] {
        let mut simulation = begun(brokers, &[]);
        readers(&mut simulation);
        run_for(&mut simulation, 5000);
        send(&mut simulation, 1, &["a", "b"]);
        let log = run_for(&mut simulation, 1000);
        assert_eq!((values(&log, 10), values(&log, 11)), (vec![], vec!["a".to_owned(), "b".to_owned()]));
        simulation.apply(&call(1, ProducerCall::CommitTransaction)).unwrap();
        let log = run_for(&mut simulation, 1000);
        assert_eq!(returned(&log, 1), [(TransactionCall::CommitTransaction, Ok(()))]);
        assert_eq!((values(&log, 10), values(&log, 11)), (vec!["a".to_owned(), "b".to_owned()], vec![]));

        simulation.apply(&call(1, ProducerCall::BeginTransaction)).unwrap();
        send(&mut simulation, 1, &["c"]);
        run_for(&mut simulation, 1000);
        simulation.apply(&call(1, ProducerCall::AbortTransaction)).unwrap();
        run_for(&mut simulation, 1000);
        simulation.apply(&call(1, ProducerCall::BeginTransaction)).unwrap();
        send(&mut simulation, 1, &["d"]);
        simulation.apply(&call(1, ProducerCall::CommitTransaction)).unwrap();
        let log = run_for(&mut simulation, 1000);
        assert_eq!(values(&log, 10), ["d"]);

        // a b, commit, c, abort, d, commit.
        let log = &simulation.leader_replica(&TopicPartition::new("t", 0)).unwrap().log;
        assert_eq!(log.log_end_offset(), 7);
        let markers: Vec<_> =
            log.batches().filter_map(|batch| Some((batch.base_offset, batch.end_marker()?.result))).collect();
        assert_eq!(
            markers,
            [(2, TransactionResult::Commit), (4, TransactionResult::Abort), (6, TransactionResult::Commit)]
        );
        // Each transaction ends with another epoch (KIP-890).
        let epochs: Vec<_> =
            log.batches().filter_map(|batch| Some(batch.transaction?.producer.epoch)).collect();
        assert_eq!(epochs, [0, 1, 1, 2, 2, 3]);
    }
}

#[test]
fn an_open_transaction_holds_back_what_comes_after_it() {
    let mut simulation = begun(1, &[]);
    send(&mut simulation, 1, &["open"]);
    run_for(&mut simulation, 1000);
    simulation.apply(&producer(2, &[])).unwrap();
    send(&mut simulation, 2, &["plain"]);
    readers(&mut simulation);
    let log = run_for(&mut simulation, 6000);
    assert_eq!((values(&log, 10).len(), values(&log, 11).len()), (0, 2));
    let replica = simulation.leader_replica(&TopicPartition::new("t", 0)).unwrap();
    assert_eq!((replica.last_stable_offset(), replica.high_watermark()), (0, 2));
    simulation.apply(&call(1, ProducerCall::AbortTransaction)).unwrap();
    let log = run_for(&mut simulation, 1000);
    assert_eq!(values(&log, 10), ["plain"]);
}

#[test]
fn a_transaction_that_is_open_for_too_long_is_aborted_by_its_coordinator() {
    let mut simulation = begun(1, &[("transaction.timeout.ms", "3000")]);
    send(&mut simulation, 1, &["late"]);
    let log = run_for(&mut simulation, 20_000);
    let timed_out = log.iter().find(|(_, event)| matches!(event, Event::TransactionTimedOut { .. })).unwrap();
    assert_eq!(timed_out.0, SimTime::from_millis(10_000), "the coordinator looks every ten seconds");
    simulation.apply(&call(1, ProducerCall::CommitTransaction)).unwrap();
    let log = run_for(&mut simulation, 1000);
    let error = TransactionError::Rejected(ErrorCode::InvalidTxnState);
    assert_eq!(returned(&log, 1), [(TransactionCall::CommitTransaction, Err(error))]);
}

#[test]
fn a_newer_producer_with_the_same_id_fences_the_older_one() {
    let mut simulation = begun(3, &[]);
    send(&mut simulation, 1, &["old"]);
    run_for(&mut simulation, 1000);
    simulation.apply(&producer(2, &[("transactional.id", "tx")])).unwrap();
    simulation.apply(&call(2, ProducerCall::InitTransactions)).unwrap();
    let log = run_for(&mut simulation, 2000);
    assert_eq!(returned(&log, 2), [(TransactionCall::InitTransactions, Ok(()))]);
    let aborted = |event: &Event| {
        matches!(event, Event::TransactionStateChanged { to: TransactionState::CompleteAbort, .. })
    };
    assert!(log.iter().any(|(_, event)| aborted(event)), "what the older one left open is aborted");

    send(&mut simulation, 1, &["too late"]);
    let log = run_for(&mut simulation, 1000);
    assert!(log.iter().any(|(_, event)| matches!(event, Event::RecordFailed { client: ClientId(1), .. })));
    for (next, name) in [
        (ProducerCall::CommitTransaction, "InvalidProducerEpochException"),
        (ProducerCall::AbortTransaction, "PRODUCER_FENCED"),
        (ProducerCall::BeginTransaction, "ProducerFencedException"),
    ] {
        let mut log = now(&simulation.apply(&call(1, next)).unwrap());
        log.extend(run_for(&mut simulation, 1000));
        let outcomes = returned(&log, 1);
        let [(_, Err(error))] = &outcomes[..] else { panic!("{outcomes:?}") };
        assert_eq!(error.name(), name);
    }
}

#[test]
fn methods_have_an_order() {
    let mut simulation = Simulation::new(&Scenario::one_broker(1));
    simulation.apply(&producer(1, &[("transactional.id", "tx-B")])).unwrap();
    let mut refused = |next| -> String {
        let events = simulation.apply(&call(1, next)).unwrap();
        let [(_, outcome)] = &returned(&now(&events), 1)[..] else { return String::new() };
        outcome.as_ref().err().map(ToString::to_string).unwrap_or_default()
    };
    assert_eq!(
        refused(ProducerCall::BeginTransaction),
        "TransactionalId tx-B: Invalid transition attempted from state UNINITIALIZED to state IN_TRANSACTION"
    );
    assert_eq!(refused(ProducerCall::InitTransactions), "");
}
