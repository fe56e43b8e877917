//! The states that recorded commands ran in, and how to get there.

/// A transcript that leads to a state.
pub(super) struct Situation {
    /// How the description of the state begins.
    state: &'static str,
    pub(super) setup: &'static str,
}

pub(super) enum Reach {
    Situation(&'static Situation),
    /// The model cannot get there, and why.
    Never(&'static str),
}

const ONE_BROKER: &str = include_str!("one_broker.txt");
const COMPACTED_AGAIN: &str = include_str!("compacted_again.txt");
const PAY: &str = include_str!("pay.txt");

const SITUATIONS: [Situation; 17] = [
    Situation { state: "brokers 1,2,3 alive (9092,9094,9096)", setup: include_str!("three_brokers.txt") },
    Situation { state: "host does not resolve", setup: ONE_BROKER },
    Situation { state: "topics t1 and lat exist", setup: ONE_BROKER },
    Situation { state: "topic t1: 1 partition", setup: ONE_BROKER },
    Situation { state: "topic auto1 does not exist", setup: ONE_BROKER },
    Situation { state: "t1 partition 0: 17 records", setup: include_str!("seventeen_records.txt") },
    Situation { state: "topic pay 3 partitions: end offsets 8/12/10", setup: include_str!("members.txt") },
    Situation { state: "as above, all members stopped", setup: include_str!("no_members.txt") },
    Situation { state: "gr1 consumed 5 records", setup: include_str!("partly_read.txt") },
    Situation { state: "topic pay exists, no overrides", setup: include_str!("settings.txt") },
    Situation { state: "pay end offsets 8/12/10", setup: PAY },
    Situation { state: "see cmd", setup: PAY },
    Situation { state: "then b=null", setup: include_str!("compacted.txt") },
    Situation { state: "then f1", setup: COMPACTED_AGAIN },
    Situation { state: "earliest offset is still 0", setup: COMPACTED_AGAIN },
    Situation { state: "topic perf 3 partitions", setup: include_str!("perf.txt") },
    Situation { state: "single node started with the shipped config", setup: include_str!("quickstart.txt") },
];

const NEEDS_FAILURE: &str = "brokers do not fail, and leaders do not change";
const NEEDS_REASSIGNMENT: &str = "kafka-reassign-partitions is not there";
const NEEDS_ELECTION: &str = "kafka-leader-election is not there";

/// States that are out of reach, by how they begin.
const OUT_OF_REACH: [(&str, &str); 14] = [
    ("no broker at port 19999", "any port of a known name leads to the cluster"),
    ("topic ha", NEEDS_FAILURE),
    ("ha2", NEEDS_FAILURE),
    ("ha3", NEEDS_FAILURE),
    ("broker 1 fenced", NEEDS_FAILURE),
    ("broker 2 back in ISR", NEEDS_FAILURE),
    ("brokers 1 and 2 dead", NEEDS_FAILURE),
    ("same", NEEDS_FAILURE),
    ("after unclean election", NEEDS_FAILURE),
    ("3 back, truncated", NEEDS_FAILURE),
    ("a,b replicated", NEEDS_FAILURE),
    ("13 empty groups", "groups with random names are listed in the order of their hashes"),
    ("topic rs: partition 0 on [1,2]", NEEDS_REASSIGNMENT),
    ("see note", NEEDS_ELECTION),
];

/// Single cases that are out of reach, though their state is not.
const SKIPPED: [(&str, &str); 3] = [
    ("cc-plain", "a Java program's start-up time is left out, so that the records come before the timeout"),
    ("tx-list", "the coordinator and the producer id depend on all that the cluster did before"),
    ("feat", "kafka-features is not there"),
];

/// What the recording's cluster had seen before a case, beside the cases before it.
const BEFORE: [(&str, &[&str]); 5] = [
    (
        "topics-describe-overrides",
        &[
            "kafka-topics --bootstrap-server localhost:9092 --create --topic cd --config cleanup.policy=compact,delete",
            "kafka-topics --bootstrap-server localhost:9092 --create --topic manual --replica-assignment 1:2,2:3,3:1",
        ],
    ),
    (
        "cg-reset-shift-over",
        &[
            "kafka-consumer-groups --bootstrap-server localhost:9092 --reset-offsets --group g1 --topic pay:0 \
           --to-offset 3 --execute",
        ],
    ),
    ("cg-deloff", &["sleep 60"]),
    (
        "cf-desc-topic",
        &[
            "kafka-configs --bootstrap-server localhost:9092 --topic pay --alter --add-config retention.ms=86400000",
        ],
    ),
    (
        "cf-delete-missing",
        &["kafka-configs --bootstrap-server localhost:9092 --topic pay --alter --delete-config retention.ms"],
    ),
];

pub(super) fn reach(id: &str, state: &str) -> Reach {
    if let Some((_, why)) = SKIPPED.iter().find(|(skipped, _)| *skipped == id) {
        return Reach::Never(why);
    }
    if let Some((_, why)) = OUT_OF_REACH.iter().find(|(out, _)| state.starts_with(out)) {
        return Reach::Never(why);
    }
    match SITUATIONS.iter().find(|situation| state.starts_with(situation.state)) {
        Some(situation) => Reach::Situation(situation),
        None => Reach::Never("nothing leads to its state"),
    }
}

pub(super) fn before(id: &str) -> &'static [&'static str] {
    BEFORE.iter().find(|(case, _)| *case == id).map_or(&[], |(_, commands)| commands)
}
