//! What a failure does to records, by the settings of their producer: lost, duplicated, out of order.
//!
//! Each row is run on three brokers with five records: five batches that are in flight together, or one batch where it
//! matters that all are answered at once. The counts are exact.

use std::time::Duration;

use kafka_core::command::Command;
use kafka_core::delivery::{ProducerDeliveries, ProducerTally};
use kafka_core::event::Event;
use kafka_core::protocol::BrokerId;
use kafka_core::scenario::Scenario;
use kafka_core::simulation::Simulation;
use kafka_core::topic::TopicPartition;

use crate::commands::{kill, producer, record, topic_with};

const RECORDS: u32 = 5;

struct Row {
    name: &'static str,
    settings: Settings,
    min_insync_replicas: &'static str,
    failure: Failure,
    outcome: Outcome,
}

#[derive(Clone, Copy)]
enum Settings {
    Acks0,
    Acks1NoRetries,
    Acks1,
    AllNoRetries,
    All,
    AllIdempotent,
}

#[derive(Clone, Copy, PartialEq)]
enum Failure {
    /// The leader is killed as the records are on their way.
    LeaderDown,
    /// The leader crashes with records that no follower has.
    CrashBeforeReplication,
    /// The leader crashes with its answers; the followers have the records.
    CrashAfterReplication,
    /// The answers are lost, and the leader goes on.
    AnswersLost,
    /// The leader is cut off before the records come; the next leader gets newer records first.
    LeaderCutOff,
    /// Too few replicas are in sync, and later enough.
    TooFewInSync { stopped: usize, restarted: bool },
    /// Followers stand still for longer than the request may take, and go on.
    FollowersPaused,
    /// The leader stands still until the batches have expired. The application sends the records again.
    ExpiredAndSentAgain,
    /// The answers are lost with the producer's process; a new one sends the records again.
    ProducerRestarted,
    /// The leader alone is in sync and crashes; a replica without the records takes over.
    UncleanElection,
}

/// All counts are of the five records, but for `duplicates`, which counts copies beyond the first.
#[derive(PartialEq, Debug)]
struct Outcome {
    acknowledged: u32,
    /// The application was told that the record was not delivered.
    failed: u32,
    /// Acknowledged, and not in the log.
    lost: u32,
    /// The application was told that it failed, and it is in the log.
    failed_and_written: u32,
    duplicates: u32,
    /// Some record stands behind a later one that it was sent before.
    reordered: bool,
}

impl Row {
    /// What events alone tell. Records that the application sends again are others to them.
    fn counted(&self) -> Counted {
        let Outcome { acknowledged, failed, lost, failed_and_written, duplicates, .. } = self.outcome;
        let sent_again = matches!(self.failure, Failure::ExpiredAndSentAgain | Failure::ProducerRestarted);
        let duplicates = if sent_again { 0 } else { duplicates };
        let counts = [acknowledged, failed, lost, failed_and_written, duplicates];
        Counted(counts.map(u64::from))
    }
}

/// Acknowledged, failed, lost, failed and written, duplicates.
#[derive(PartialEq, Debug)]
struct Counted([u64; 5]);

const FINE: Outcome =
    Outcome { acknowledged: 5, failed: 0, lost: 0, failed_and_written: 0, duplicates: 0, reordered: false };
const FAILED: Outcome = Outcome { acknowledged: 0, failed: 5, ..FINE };

fn rows() -> Vec<Row> {
    use Failure::{
        AnswersLost, CrashAfterReplication, CrashBeforeReplication, ExpiredAndSentAgain, FollowersPaused,
        LeaderCutOff, LeaderDown, ProducerRestarted, TooFewInSync, UncleanElection,
    };
    use Settings::{Acks0, Acks1, Acks1NoRetries, All, AllIdempotent, AllNoRetries};
    let row =
        |name, settings, failure, outcome| Row { name, settings, min_insync_replicas: "1", failure, outcome };
    let demanding = |name, settings, min_insync_replicas, failure, outcome| Row {
        min_insync_replicas,
        ..row(name, settings, failure, outcome)
    };
    let lost = || Outcome { lost: 5, ..FINE };
    let duplicated = || Outcome { duplicates: 5, ..FINE };
    vec![
        row("acks=0 to a dead broker", Acks0, LeaderDown, lost()),
        row("acks=1, no retries, crash after the answer", Acks1NoRetries, CrashBeforeReplication, lost()),
        row(
            "acks=1, no retries, answer lost",
            Acks1NoRetries,
            AnswersLost,
            Outcome { failed_and_written: 5, ..FAILED },
        ),
        row("acks=1, crash after the answer", Acks1, CrashBeforeReplication, lost()),
        row("acks=1, answer lost", Acks1, AnswersLost, duplicated()),
        row("acks=all, no retries, crash before replication", AllNoRetries, CrashBeforeReplication, FAILED),
        row(
            "acks=all, crash before replication",
            All,
            CrashBeforeReplication,
            Outcome { reordered: true, ..FINE },
        ),
        row("acks=all, crash after replication", All, CrashAfterReplication, duplicated()),
        row("acks=all, answer lost", All, AnswersLost, duplicated()),
        row("acks=all, leader cut off", All, LeaderCutOff, Outcome { reordered: true, ..FINE }),
        demanding(
            "acks=all, NOT_ENOUGH_REPLICAS for a while",
            All,
            "2",
            TooFewInSync { stopped: 2, restarted: true },
            Outcome { reordered: true, ..FINE },
        ),
        demanding(
            "acks=all, REQUEST_TIMED_OUT after the append",
            All,
            "2",
            FollowersPaused,
            Outcome { duplicates: 10, ..FINE },
        ),
        row("idempotent, crash before replication", AllIdempotent, CrashBeforeReplication, FINE),
        row("idempotent, crash after replication", AllIdempotent, CrashAfterReplication, FINE),
        row("idempotent, answer lost", AllIdempotent, AnswersLost, FINE),
        row("idempotent, leader cut off", AllIdempotent, LeaderCutOff, FINE),
        demanding(
            "idempotent, NOT_ENOUGH_REPLICAS for a while",
            AllIdempotent,
            "2",
            TooFewInSync { stopped: 2, restarted: true },
            FINE,
        ),
        demanding(
            "idempotent, REQUEST_TIMED_OUT after the append",
            AllIdempotent,
            "2",
            FollowersPaused,
            FINE,
        ),
        row(
            "idempotent, expired after sending, and the application sends again",
            AllIdempotent,
            ExpiredAndSentAgain,
            Outcome { acknowledged: 5, failed: 5, failed_and_written: 5, duplicates: 5, ..FINE },
        ),
        row("idempotent, a new process sends again", AllIdempotent, ProducerRestarted, duplicated()),
        row("min.insync.replicas=1 and an unclean election", AllIdempotent, UncleanElection, lost()),
        demanding(
            "min.insync.replicas=2, one broker dies",
            AllIdempotent,
            "2",
            TooFewInSync { stopped: 1, restarted: false },
            FINE,
        ),
        demanding(
            "min.insync.replicas=2, two brokers die",
            AllIdempotent,
            "2",
            TooFewInSync { stopped: 2, restarted: false },
            FAILED,
        ),
        demanding(
            "min.insync.replicas=3, one broker dies",
            AllIdempotent,
            "3",
            TooFewInSync { stopped: 1, restarted: false },
            FAILED,
        ),
        demanding(
            "acks=1 asks nobody about min.insync.replicas",
            Acks1,
            "2",
            TooFewInSync { stopped: 2, restarted: false },
            FINE,
        ),
    ]
}

#[test]
fn every_row_of_the_truth_table_holds() {
    let mut differences = Vec::new();
    for row in rows() {
        let mut run = Run::new(&row);
        run.fail(row.failure, row.settings);
        let outcome = run.outcome();
        if outcome != row.outcome {
            differences.push(format!("{}: {outcome:?}, {:?}", row.name, run.log()));
        }
        let tally = run.deliveries.total();
        let counted = run.counted();
        if counted != row.counted() {
            differences.push(format!("{}: counted {counted:?} from {tally:?}", row.name));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

struct Run {
    simulation: Simulation,
    events: Vec<Event>,
    deliveries: ProducerDeliveries,
    settings: Vec<(&'static str, &'static str)>,
    leader: BrokerId,
    followers: Vec<BrokerId>,
}

impl Run {
    fn new(row: &Row) -> Self {
        let together = matches!(
            row.failure,
            Failure::AnswersLost | Failure::CrashAfterReplication | Failure::ProducerRestarted
        );
        let mut settings = vec![("metadata.max.age.ms", "2000")];
        settings.extend(if together {
            [("linger.ms", "5"); 2]
        } else {
            [("linger.ms", "0"), ("batch.size", "0")]
        });
        let (acks, retries, idempotent) = match row.settings {
            Settings::Acks0 => ("0", None, "false"),
            Settings::Acks1NoRetries => ("1", Some("0"), "false"),
            Settings::Acks1 => ("1", None, "false"),
            Settings::AllNoRetries => ("all", Some("0"), "false"),
            Settings::All => ("all", None, "false"),
            Settings::AllIdempotent => ("all", None, "true"),
        };
        settings.extend([("acks", acks), ("enable.idempotence", idempotent)]);
        settings.extend(retries.map(|retries| ("retries", retries)));
        settings.extend(match row.failure {
            Failure::AnswersLost | Failure::FollowersPaused => {
                [("request.timeout.ms", "1000"), ("delivery.timeout.ms", "60000")]
            }
            Failure::ExpiredAndSentAgain => [("request.timeout.ms", "1000"), ("delivery.timeout.ms", "3000")],
            Failure::LeaderDown
            | Failure::CrashBeforeReplication
            | Failure::CrashAfterReplication
            | Failure::LeaderCutOff
            | Failure::TooFewInSync { .. }
            | Failure::ProducerRestarted
            | Failure::UncleanElection => [("request.timeout.ms", "20000"), ("delivery.timeout.ms", "60000")],
        });
        let mut simulation = Simulation::new(&Scenario::three_brokers(11));
        let unclean = if row.failure == Failure::UncleanElection { "true" } else { "false" };
        let configs =
            [("min.insync.replicas", row.min_insync_replicas), ("unclean.leader.election.enable", unclean)];
        simulation.apply(&topic_with("t", 1, 3, &configs)).unwrap();
        let replicas = simulation.cluster().partition(&partition()).unwrap().replicas.clone();
        let mut run = Self {
            simulation,
            events: Vec::new(),
            deliveries: ProducerDeliveries::default(),
            settings,
            leader: replicas[0],
            followers: replicas[1..].to_vec(),
        };
        run.start_producer(1);
        // The producer knows the topic and its brokers, and the brokers know the producer.
        run.apply(&record(1, "t", None, "warm-up"));
        run.wait(3000);
        run.events.clear();
        run
    }

    fn fail(&mut self, failure: Failure, settings: Settings) {
        let (leader, followers) = (self.leader, self.followers.clone());
        match failure {
            Failure::LeaderDown => {
                self.apply(&Command::KillBroker { broker: leader });
                self.send(1);
            }
            Failure::CrashBeforeReplication => {
                self.each(&followers, |broker| Command::DisconnectBroker { broker });
                self.send(1);
                self.wait(500);
                self.crash(leader);
                self.each(&followers, |broker| Command::ConnectBroker { broker });
            }
            Failure::CrashAfterReplication => {
                self.send_until_answered(settings);
                self.crash(leader);
            }
            Failure::AnswersLost => {
                self.send_until_answered(settings);
                self.apply(&Command::DisconnectBroker { broker: leader });
                self.wait(1500);
                self.apply(&Command::ConnectBroker { broker: leader });
            }
            Failure::LeaderCutOff => {
                self.apply(&Command::DisconnectBroker { broker: leader });
                self.send(1);
                self.wait(16_000);
                self.apply(&record(1, "t", None, "newer"));
            }
            Failure::TooFewInSync { stopped, restarted } => {
                for broker in &followers[..stopped] {
                    self.apply(&Command::StopBroker { broker: *broker });
                    self.wait(500);
                }
                self.send(1);
                self.wait(3000);
                if restarted {
                    self.each(&followers[..stopped], |broker| Command::StartBroker { broker });
                }
            }
            Failure::FollowersPaused => {
                self.each(&followers, |broker| Command::PauseBroker { broker });
                self.send(1);
                self.wait(2600);
                self.each(&followers, |broker| Command::UnpauseBroker { broker });
            }
            Failure::ExpiredAndSentAgain => {
                self.apply(&Command::PauseBroker { broker: leader });
                self.send(1);
                self.wait(4000);
                self.apply(&Command::UnpauseBroker { broker: leader });
                self.wait(1000);
                self.send(1);
            }
            Failure::ProducerRestarted => {
                self.send_until_answered(settings);
                self.apply(&kill(1));
                self.start_producer(2);
                self.send(2);
            }
            Failure::UncleanElection => {
                for broker in &followers {
                    self.apply(&Command::StopBroker { broker: *broker });
                    self.wait(500);
                }
                self.send(1);
                self.wait(500);
                self.crash(leader);
                self.each(&followers, |broker| Command::StartBroker { broker });
            }
        }
        self.wait(120_000);
        if let Some(newer) = self.log().iter().position(|value| value == "newer") {
            assert!(failure == Failure::LeaderCutOff && newer > 0);
        }
    }

    fn outcome(&self) -> Outcome {
        let log = self.log();
        let values: Vec<u32> = log
            .iter()
            .filter_map(|value| match value.as_str() {
                "newer" => Some(RECORDS),
                value => value.strip_prefix('r')?.parse().ok(),
            })
            .collect();
        let written = |number: &u32| values.contains(number);
        let mut acknowledged = 0;
        let mut failed = Vec::new();
        for event in &self.events {
            if let Event::BatchAcknowledged { records, .. } = event {
                acknowledged += records;
            }
            if let Event::RecordFailed { record, .. } = event {
                let value = String::from_utf8_lossy(record.value.as_deref().unwrap_or_default()).into_owned();
                failed.extend(value.strip_prefix('r').and_then(|number| number.parse::<u32>().ok()));
            }
        }
        acknowledged -= u32::from(values.contains(&RECORDS));
        let mut first_copies = Vec::new();
        for value in &values {
            if !first_copies.contains(value) {
                first_copies.push(*value);
            }
        }
        let present = (0..RECORDS).filter(written).count() as u32;
        let failed_and_written = failed.iter().filter(|number| written(number)).count() as u32;
        Outcome {
            acknowledged,
            failed: failed.len() as u32,
            lost: acknowledged.min(RECORDS).saturating_sub(present),
            failed_and_written,
            duplicates: values.len() as u32 - first_copies.len() as u32,
            reordered: !first_copies.is_sorted(),
        }
    }

    fn counted(&self) -> Counted {
        let tally = self.deliveries.total();
        // The record that warms up, and the one that comes before the others.
        let others = 1 + u64::from(self.log().iter().any(|value| value == "newer"));
        let ProducerTally { acknowledged, failed, lost, failed_and_written, duplicates, .. } = tally;
        Counted([acknowledged - others, failed, lost, failed_and_written, duplicates])
    }

    /// The values in the log of the partition's leader.
    fn log(&self) -> Vec<String> {
        let Some(replica) = self.simulation.leader_replica(&partition()) else { return Vec::new() };
        let text = |value: Option<&[u8]>| String::from_utf8_lossy(value.unwrap_or_default()).into_owned();
        replica.log.records_from(0).map(|(_, record)| text(record.value.as_deref())).collect()
    }

    fn start_producer(&mut self, client: u32) {
        let command = producer(client, &self.settings);
        self.apply(&command);
    }

    fn send(&mut self, client: u32) {
        for number in 0..RECORDS {
            self.apply(&record(client, "t", None, &format!("r{number}")));
        }
    }

    fn apply(&mut self, command: &Command) {
        let events = self.simulation.apply(command).unwrap();
        self.note(events);
    }

    fn note(&mut self, events: Vec<Event>) {
        for event in &events {
            self.deliveries.observe(event);
        }
        self.events.extend(events);
    }

    fn each(&mut self, brokers: &[BrokerId], command: impl Fn(BrokerId) -> Command) {
        for broker in brokers {
            self.apply(&command(*broker));
        }
    }

    /// The host is gone: nothing that was under way gets out.
    fn crash(&mut self, broker: BrokerId) {
        self.apply(&Command::DisconnectBroker { broker });
        self.apply(&Command::KillBroker { broker });
    }

    fn wait(&mut self, millis: u64) {
        let until = self.simulation.now() + Duration::from_millis(millis);
        let events = self.simulation.advance_to(until);
        self.note(events);
    }

    /// Sends the records, and runs until the leader has sent its answers, and no further.
    fn send_until_answered(&mut self, settings: Settings) {
        self.send(1);
        let end = i64::from(RECORDS) + 1;
        let answered = |run: &Self| {
            let replica = run.simulation.broker(run.leader).unwrap().replica(&partition()).unwrap();
            match settings {
                Settings::Acks0 | Settings::Acks1NoRetries | Settings::Acks1 => {
                    replica.log.log_end_offset() == end
                }
                Settings::AllNoRetries | Settings::All | Settings::AllIdempotent => {
                    replica.high_watermark() == end
                }
            }
        };
        while !answered(self) {
            let events = self.simulation.step().expect("the records are on their way");
            self.note(events);
        }
        let acknowledged = |event: &Event| matches!(event, Event::BatchAcknowledged { .. });
        assert!(!self.events.iter().any(acknowledged), "the answers are still on their way");
    }
}

fn partition() -> TopicPartition {
    TopicPartition::new("t", 0)
}
