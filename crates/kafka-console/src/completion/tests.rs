use std::collections::BTreeSet;

use kafka_core::scenario::Scenario;

use super::*;
use crate::console::{Action, Input};

fn console() -> Console {
    let mut console = Console::new(&Scenario::three_brokers(1));
    for command in [
        "kafka-topics --bootstrap-server kafka:9093 --create --topic orders --partitions 3",
        "kafka-topics --bootstrap-server kafka:9093 --create --topic order-items",
        "echo acks=all > producer.properties; echo x > 'my file'; mkdir lib; echo y > lib/a.txt",
        "GREETING=hello",
        "kafka-console-consumer --bootstrap-server kafka:9093 --topic orders --group shipping --timeout-ms 1000",
    ] {
        console.apply(&Input { terminal: 1, action: Action::Command(command.to_owned()) });
        console.advance_to(console.now() + std::time::Duration::from_secs(8));
    }
    assert!(console.is_at_prompt(1), "the commands have ended");
    console
}

/// The candidates as one text; one that a value follows, or the rest of a path, has no blank behind it.
fn complete(console: &Console, line: &str) -> String {
    let completions = console.complete(1, line);
    let texts = completions.candidates.iter().map(|candidate| {
        let end = if candidate.is_whole { "" } else { "…" };
        format!("{}{end}", candidate.text)
    });
    texts.collect::<Vec<_>>().join(" | ")
}

#[test]
fn what_can_come_next_depends_on_what_stands_before() {
    let console = console();
    let rows = [
        // Programs, wherever a command can stand.
        (
            "kafka-cons",
            "kafka-console-consumer | kafka-console-producer | kafka-consumer-groups | kafka-consumer-perf-test",
        ),
        ("echo a | gr", "grep"),
        ("time X=1 kafka-top", "kafka-topics"),
        ("for i in 1 2; do kafka-top", "kafka-topics"),
        ("bin/kafka-top", "kafka-topics.sh"),
        ("kafka-topics.", "kafka-topics.sh"),
        ("man kafka-top", "kafka-topics"),
        ("docker exec -it kafka-1 kafka-top", "kafka-topics"),
        ("docker exec -it k", "kafka-1 | kafka-2 | kafka-3"),
        ("docker sto", "stop"),
        // Options, but not twice.
        ("kafka-topics --de", "--delete | --delete-config | --describe"),
        ("kafka-topics --describe --de", "--delete | --delete-config"),
        ("kafka-topics.sh --bootstrap-server kafka:9093 --lis", "--list"),
        ("docker exec x /opt/kafka/bin/kafka-topics.sh --lis", "--list"),
        ("kcat -", "-C | -D | -G | -J | -K | -L | -P | -X | -Z | -b | -c | -e | -f | -k | -l | -o | -p | -t"),
        // Their values.
        ("kafka-topics --describe --topic o", "order-items | orders"),
        ("kafka-topics --describe --topic=orders", "orders"),
        ("kafka-topics --create --topic o", ""),
        ("kafka-topics --bootstrap-server k", "kafka-1:9093 | kafka-2:9093 | kafka-3:9093"),
        ("kafka-topics --bootstrap-server kafka-1:9093,l", "localhost:9092"),
        ("kafka-consumer-groups --describe --group ", "shipping"),
        ("kcat -b kafka:9093 -t orders -o b", "beginning"),
        ("kafka-console-consumer --offset ", "earliest | latest"),
        ("consumer-app --on-failure c", "close | crash"),
        ("kafka-console-consumer --command-config p", "producer.properties"),
        // Settings and their values.
        ("kafka-topics --create --config cleanup", "cleanup.policy=…"),
        ("kafka-topics --create --config cleanup.policy=compact,d", "delete"),
        ("kafka-console-producer --command-property ack", "acks=…"),
        ("kafka-console-producer --command-property acks=", "-1 | 0 | 1 | all"),
        ("kafka-console-consumer --command-property ack", ""),
        ("kafka-console-consumer --consumer-property auto.offset.reset=e", "earliest"),
        ("kafka-console-consumer --formatter-property print.k", "print.key=…"),
        ("kafka-console-consumer --property print.key=t", "true"),
        ("kafka-configs --alter --entity-type topics --entity-name ord", "order-items | orders"),
        ("kafka-configs --alter --entity-type brokers --entity-name ", "1 | 2 | 3"),
        ("kafka-configs --alter --topic orders --add-config retention.ms=1,min.ins", "min.insync.replicas=…"),
        ("kafka-configs --alter --group shipping --delete-config consumer.s", "consumer.session.timeout.ms"),
        // Files and variables.
        ("cat p", "producer.properties"),
        ("cat lib", "lib/… | lib/a.txt"),
        ("cat my", r"my\ file"),
        ("cat 'my", "my file"),
        ("grep x < p", "producer.properties"),
        ("echo hello >> p", "producer.properties"),
        ("echo $GREE", "$GREETING"),
        ("echo \"a $GREE", "$GREETING"),
        ("echo '$GREE", ""),
        ("# kafka-", ""),
    ];
    for (line, expected) in rows {
        assert_eq!(complete(&console, line), expected, "{line}");
    }
}

#[test]
fn what_was_typed_of_the_word_is_replaced() {
    let console = console();
    let rows = [
        ("kafka-top", 0),
        ("bin/kafka-top", 4),
        ("kafka-topics --topic=ord", 21),
        ("kafka-topics --config cleanup.policy=compact,d", 45),
        ("cat 'my f", 5),
        (r"cat my\ f", 4),
        ("echo a$GREE", 6),
        ("kafka-topics --topic ", 21),
    ];
    for (line, from) in rows {
        let completions = console.complete(1, line);
        assert_eq!(completions.from, from, "{line}");
        assert!(!completions.candidates.is_empty(), "{line}");
    }
}

#[test]
fn a_line_of_a_property_file_is_completed() {
    let rows = [
        ("auto.off", "auto.offset.reset=", 0),
        ("  auto.offset.reset=ea", "earliest", 20),
        ("acks=", "-1 all 0 1", 5),
        ("# auto.off", "", 0),
        ("acks=al", "all", 5),
    ];
    for (line, expected, from) in rows {
        let completions = complete_property(line);
        let texts: BTreeSet<_> =
            completions.candidates.iter().map(|candidate| candidate.text.as_str()).collect();
        assert_eq!((texts, completions.from), (expected.split_whitespace().collect(), from), "{line}");
    }
}

#[test]
fn candidates_say_what_they_are() {
    let console = console();
    let notes = |line: &str| -> Vec<(Kind, String)> {
        let candidates = console.complete(1, line).candidates.into_iter();
        candidates
            .map(|candidate| (candidate.kind, candidate.note.unwrap_or_default().into_owned()))
            .collect()
    };
    assert_eq!(
        notes("kafka-topics --if-not"),
        [(Kind::Option, "With --create: do nothing if the topic is there.".to_owned())]
    );
    assert_eq!(notes("kcat -t orders"), [(Kind::Topic, "3 partitions".to_owned())]);
    assert_eq!(notes("kcat -G sh"), [(Kind::Group, "Empty".to_owned())]);
}

#[test]
fn a_program_that_reads_gets_no_candidates() {
    let mut console = console();
    let command = "kafka-console-producer --bootstrap-server kafka:9093 --topic orders";
    console.apply(&Input { terminal: 2, action: Action::Command(command.to_owned()) });
    assert_eq!(console.complete(2, "kafka-"), Completions::default());
    assert!(!console.complete(7, "kafka-").candidates.is_empty(), "a new terminal has a shell");
}
