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

const HA: &str = include_str!("ha.txt");
const HA_ONE_LEFT: &str = concat!(include_str!("ha.txt"), include_str!("ha_one_left.txt"));
const HA_BACK: &str =
    concat!(include_str!("ha.txt"), include_str!("ha_one_left.txt"), include_str!("ha_back.txt"));
const HA2_LEADERLESS: &str = include_str!("ha2_leaderless.txt");
const HA2_UNCLEAN: &str = concat!(include_str!("ha2_leaderless.txt"), include_str!("ha2_unclean.txt"));
const HA2_TRUNCATED: &str = concat!(
    include_str!("ha2_leaderless.txt"),
    include_str!("ha2_unclean.txt"),
    include_str!("ha2_truncated.txt")
);
const HA3_ONE_DEAD: &str = concat!(include_str!("ha3.txt"), "2$ docker kill kafka-2\nwait 15s\n");
const HA3_ONE_STOPPED: &str = concat!(include_str!("ha3.txt"), "2$ docker stop kafka-3\nwait 6s\n");
const REASSIGNED: &str = include_str!("reassigned.txt");

const SITUATIONS: [Situation; 31] = [
    Situation { state: "broker 1 fenced", setup: HA },
    Situation { state: "topic ha1 (min ISR 1), brokers 1,2 dead", setup: HA_ONE_LEFT },
    Situation { state: "topic ha RF3 min.insync.replicas=2, ISR=3 only", setup: HA_ONE_LEFT },
    Situation { state: "brokers 1 and 2 dead", setup: HA_ONE_LEFT },
    Situation { state: "broker 2 back in ISR", setup: HA_BACK },
    Situation { state: "same", setup: HA2_LEADERLESS },
    Situation { state: "ha2 leaderless", setup: HA2_LEADERLESS },
    Situation { state: "after unclean election of 2", setup: HA2_UNCLEAN },
    Situation { state: "3 back, truncated", setup: HA2_TRUNCATED },
    Situation { state: "a,b replicated", setup: HA2_TRUNCATED },
    Situation { state: "topic ha3 RF3", setup: HA3_ONE_DEAD },
    Situation { state: "ha3 [1,2,3], 6 s after SIGTERM of 3", setup: HA3_ONE_STOPPED },
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
    Situation { state: "topic rs: partition 0 on [1,2]", setup: REASSIGNED },
    // The note is about topic rs, but for the cases of topic ha2.
    Situation { state: "see note", setup: REASSIGNED },
    Situation { state: "single node started with the shipped config", setup: include_str!("quickstart.txt") },
];

/// States that are out of reach, by how they begin.
const OUT_OF_REACH: [(&str, &str); 2] = [
    ("no broker at port 19999", "any port of a known name leads to the cluster"),
    ("13 empty groups", "groups with random names are listed in the order of their hashes"),
];

/// Single cases that are out of reach, though their state is not.
const SKIPPED: [(&str, &str); 5] = [
    ("g-go-noleader", "the admin client does not wait for a leader, nor run into its timeout"),
    ("ha-prod-nir", "in the recording the last lines of the log are lost as the Java program ends"),
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

/// Cases whose state is told by a note alone.
const BY_NOTE: [(&str, Situation); 2] = [
    ("g-le-pref", Situation { state: "", setup: HA2_LEADERLESS }),
    // It changes what the cases after it look at.
    (
        "g-le-unclean",
        Situation { state: "", setup: concat!(include_str!("ha2_leaderless.txt"), "wait 1s\n") },
    ),
];

pub(super) fn reach(id: &str, state: &str) -> Reach {
    if let Some((_, situation)) = BY_NOTE.iter().find(|(case, _)| *case == id) {
        return Reach::Situation(situation);
    }
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
