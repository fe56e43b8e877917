//! A program that writes one transaction after the other, and is started again when it was killed or fenced.

use std::time::Duration;

use kafka_core::event::Event;
use kafka_core::producer::{ProducerCall, TransactionCall};
use kafka_core::protocol::ClientId;
use kafka_core::simulation::Simulation;
use kafka_core::time::SimTime;

use super::call;
use crate::commands::{producer, record};

pub(super) struct Writer {
    id: &'static str,
    pub(super) client: u32,
    transaction: u32,
    /// The transaction that is open ends then.
    ends_at: Option<SimTime>,
    /// Transactions whose end is certain: their number, and whether they are committed.
    pub(super) ended: Vec<(u32, bool)>,
    /// It begins no other transaction.
    pub(super) retired: bool,
}

pub(super) const RECORDS: u32 = 4;

impl Writer {
    pub(super) fn start(id: &'static str, client: u32, simulation: &mut Simulation) -> (Self, Vec<Event>) {
        let mut writer =
            Self { id, client, transaction: 0, ends_at: None, ended: Vec::new(), retired: false };
        let events = writer.restart(client, simulation);
        (writer, events)
    }

    /// Another process with the same id.
    pub(super) fn restart(&mut self, client: u32, simulation: &mut Simulation) -> Vec<Event> {
        self.client = client;
        self.ends_at = None;
        let settings =
            [("transactional.id", self.id), ("request.timeout.ms", "5000"), ("max.block.ms", "600000")];
        let mut events = simulation.apply(&producer(client, &settings)).unwrap();
        events.extend(simulation.apply(&call(client, ProducerCall::InitTransactions)).unwrap());
        events
    }

    /// A third of the transactions are aborted.
    fn commits(&self) -> bool {
        !self.transaction.is_multiple_of(3)
    }

    /// Reacts to what happened; true when its process is of no use any more.
    pub(super) fn hear(&mut self, event: &Event, simulation: &mut Simulation) -> (Vec<Event>, bool) {
        let Event::TransactionCallReturned { client, call: returned, outcome } = event else {
            return (Vec::new(), false);
        };
        if *client != ClientId(self.client) {
            return (Vec::new(), false);
        }
        let wrote =
            matches!(returned, TransactionCall::CommitTransaction | TransactionCall::AbortTransaction);
        match (returned, outcome) {
            (TransactionCall::BeginTransaction | TransactionCall::SendOffsetsToTransaction, _) => {
                (Vec::new(), outcome.is_err())
            }
            (TransactionCall::CommitTransaction, Err(error)) if !error.is_fenced() => {
                (simulation.apply(&call(self.client, ProducerCall::AbortTransaction)).unwrap(), false)
            }
            (_, Err(_)) => (Vec::new(), true),
            (_, Ok(())) => {
                if wrote {
                    let committed = *returned == TransactionCall::CommitTransaction;
                    self.ended.push((self.transaction, committed));
                }
                (self.begin(simulation), false)
            }
        }
    }

    fn begin(&mut self, simulation: &mut Simulation) -> Vec<Event> {
        if self.retired {
            return Vec::new();
        }
        self.transaction += 1;
        let mut events = simulation.apply(&call(self.client, ProducerCall::BeginTransaction)).unwrap();
        for number in 0..RECORDS {
            let value = format!("{}/{:05}/{number}", self.id, self.transaction);
            events.extend(simulation.apply(&record(self.client, "t", Some(&value), &value)).unwrap());
        }
        let open = Duration::from_millis(u64::from(200 + self.transaction * 137 % 1500));
        self.ends_at = Some(simulation.now() + open);
        events
    }

    /// Ends the transaction that is due.
    pub(super) fn tick(&mut self, simulation: &mut Simulation) -> Vec<Event> {
        if self.ends_at.is_none_or(|at| at > simulation.now()) {
            return Vec::new();
        }
        self.ends_at = None;
        let end =
            if self.commits() { ProducerCall::CommitTransaction } else { ProducerCall::AbortTransaction };
        simulation.apply(&call(self.client, end)).unwrap()
    }
}
