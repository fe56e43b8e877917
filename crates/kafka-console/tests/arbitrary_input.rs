//! Whatever is typed, or read from a file: an answer, never a panic, and never without end.

use std::time::Duration;

use kafka_console::transcript::{MAX_TERMINAL, Transcript};
use kafka_console::{Action, Console, Input};
use kafka_core::history::{History, Timed};
use kafka_core::scenario::Scenario;
use kafka_core::time::SimTime;
use proptest::prelude::*;

/// Words that lead deep into the shell and the tools, between ones that mean nothing.
const WORDS: [&str; 157] = [
    "kcat -b kafka:9092",
    "-C -t t -e",
    "-P -t t -K :",
    "-G g t",
    "-o -2",
    "kafka-configs",
    "kafka-get-offsets",
    "kafka-delete-records",
    "kafka-groups",
    "kafka-producer-perf-test",
    "kafka-consumer-perf-test",
    "kafka-metadata-quorum",
    "kafka-dump-log",
    "kafka-broker-api-versions",
    "--alter",
    "--delete",
    "--reset-offsets",
    "--to-datetime 2025-10-14T10:00:00.000",
    "--topic t:0",
    "--shift-by -1",
    "--execute",
    "--add-config a=1,b=[2,3]",
    "--replica-assignment 1,1:1",
    "--num-records 20",
    "--record-size 5",
    "--throughput 100",
    "describe --status",
    "--time -3",
    "kafka-topics",
    "kafka-console-producer",
    "kafka-console-consumer",
    "kafka-consumer-groups",
    "docker exec -it x",
    "bash -c",
    "bash",
    "time",
    "for i in",
    "do",
    "done",
    ";",
    "|",
    "&&",
    "||",
    ">",
    ">>",
    "<",
    "2>&1",
    "$(",
    ")",
    "(",
    "{",
    "}",
    "{1..50}",
    "'",
    "\"",
    "\\",
    "\n",
    "$i",
    "echo",
    "cat",
    "seq 1 30",
    "sleep 0.2",
    "exit",
    "printf %s",
    "--bootstrap-server kafka:9092",
    "--topic t",
    "--create",
    "--describe",
    "--group g",
    "--from-beginning",
    "--timeout-ms 100",
    "--partitions=3",
    "consumer-app",
    "producer-app",
    "--rate 20/s",
    "--partitioner x",
    "--commit sync",
    "--fail-on 1",
    "kill -9 4",
    "kill -STOP 5",
    "<<EOF",
    "\nEOF\n",
    "<<<",
    "while",
    "until",
    "true",
    "false",
    "if",
    "then",
    "elif",
    "else",
    "fi",
    "case $i in",
    "a*) ",
    ";;",
    "esac",
    "f() {",
    "f",
    "break",
    "continue",
    "return",
    "local x=1",
    "for ((i=0; i<9; i++)); do",
    "for ((;;)); do",
    "((i++))",
    "$((i + 1))",
    "$((",
    "))",
    "[[ $i == a* ]]",
    "[ -n $i ]",
    "[[",
    "]]",
    "&",
    "fg",
    "bg",
    "jobs",
    "wait",
    "kill %1",
    "kill $!",
    "x=$x$x$x$x",
    "x+=(a b)",
    "${x[@]}",
    "${x:-$i}",
    "${x//a/b}",
    "${x%%*}",
    "${#x}",
    "$@",
    "set -e",
    "set -x",
    "set --",
    "shift",
    "eval",
    "source f",
    "export",
    "unset x",
    "read -r i",
    "trap",
    "head -n 2",
    "tail -f",
    "grep -o .",
    "sed s/a/&&/g",
    "sort -k 2n",
    "uniq -c",
    "cut -d, -f 1-",
    "tr a-z A-Z",
    "xargs -n 1",
    "xargs -I{}",
    "tee f",
    "timeout 1",
    "watch -n 1",
    "yes",
    "jq .a",
    "base64 -d",
    "rm -rf /",
    "mkdir -p a/b",
    "| grep -v 1",
    "| head -n 2",
];

fn command() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::collection::vec(prop::sample::select(&WORDS[..]), 1..10).prop_map(|words| words.join(" ")),
        1 => "\\PC{0,40}",
        1 => ".{0,40}",
        4 => prop::sample::select(vec![
            "kafka-topics --bootstrap-server kafka:9092 --create --topic t --partitions 3",
            "kafka-console-producer --bootstrap-server kafka:9092 --topic t",
            "kafka-console-consumer --bootstrap-server kafka:9092 --topic t --group g --from-beginning",
            "for i in {1..200}; do echo $i; done | kafka-console-producer --bootstrap-server kafka:9092 --topic t",
            "kafka-console-consumer --bootstrap-server kafka:9092 --topic t --include t --max-messages 3 | cat",
            "kafka-console-consumer --bootstrap-server kafka:9092 --topic t --partition 0 --offset 1 | cat > f",
            "kafka-topics --bootstrap-server kafka:9092 --delete --topic '.*'",
            "kafka-topics --bootstrap-server kafka:9092 --alter --topic t --partitions 5",
            "kafka-consumer-groups --bootstrap-server kafka:9092 --all-groups --reset-offsets --topic t --to-earliest --execute",
            "kafka-consumer-groups --bootstrap-server kafka:9092 --all-groups --delete",
            "kafka-configs --bootstrap-server kafka:9092 --alter --topic t --add-config retention.ms=1",
            "kafka-get-offsets --bootstrap-server kafka:9092 --topic-partitions t:0-2,:1",
            "echo '{\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"offset\":-1}]}' > f",
            "kafka-delete-records --bootstrap-server kafka:9092 --offset-json-file f",
            "kafka-producer-perf-test --bootstrap-server kafka:9092 --topic t --num-records 50 --record-size 9 --throughput -1",
            "echo k:v | kcat -b kafka:9092 -P -t t -K :",
            "kcat -b kafka:9092 -C -t t -e -f '%p %k %s %h\\n'",
            "kcat -b kafka:9092 -G g t -o beginning -J -c 2",
            "kafka-consumer-perf-test --bootstrap-server kafka:9092 --topic t --num-records 5 --timeout 300",
            "consumer-app --bootstrap-server kafka:9092 --topic t --group g --commit sync --process 5ms",
            "consumer-app --bootstrap-server kafka:9092 --topic t --group g --commit async --fail-on 7 | cat",
            "for i in {1..20}; do kill -STOP $i; done; ps",
            "for i in {1..20}; do kill -CONT $i; done",
            "for i in {1..20}; do kill $i; done",
            "cat <<EOF > f\nsome $(echo text)\nEOF",
            "while true; do x=$x$x.; done",
            "while :; do :; done & while :; do :; done",
            "yes | yes",
            "while sleep 0; do :; done",
            "while :; do (:); done",
            "while :; do printf a; done | cat",
            "a='b+b' b='c+c' c='d+d' d='a+a'; echo $((a))",
            "yes while | bash",
            "f() { f | f & }; f",
            "f() { f; }; f",
            "while true; do sleep 0.01 & done",
            "for a in {1..300}; do for b in {1..300}; do for c in {1..300}; do echo $a$b$c; done; done; done > f",
            "yes | while read x; do echo $x; done | tail -n 3",
            "yes | xargs -n 3 echo | head -n 5",
            "while true; do cat < f; done",
            "while true; do echo x >> f; done & tail -f f",
            "x=$(yes); echo ${#x}",
            "x=a; for i in {1..40}; do x=$x$x; done; echo ${x//a*a/b}",
            "until false; do read -t 1 x; done",
            "set -e; false; echo never",
            "watch -n 0.1 'seq 3'",
            "timeout 1 kafka-console-consumer --bootstrap-server kafka:9092 --topic t --from-beginning | grep -v x",
            "kafka-console-consumer --bootstrap-server kafka:9092 --topic t --group g &",
            "kafka-console-producer --bootstrap-server kafka:9092 --topic t &",
            "fg",
            "bg %1",
            "kill -9 $(jobs -p); wait; jobs",
        ])
        .prop_map(str::to_owned),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        8 => command().prop_map(Action::Command),
        2 => Just(Action::Interrupt),
        2 => Just(Action::EndOfInput),
        2 => Just(Action::Suspend),
        1 => Just(Action::Close),
    ]
}

fn inputs() -> impl Strategy<Value = Vec<Timed<Input>>> {
    let gap = prop_oneof![4 => Just(50_000_u64), 2 => 0..3_000_000_u64, 1 => Just(0)];
    prop::collection::vec((1..4_u32, action(), gap), 1..12).prop_map(|inputs| {
        let mut at = SimTime::ZERO;
        let mut timed = Vec::new();
        for (terminal, action, gap) in inputs {
            at += Duration::from_micros(gap);
            timed.push(Timed { at, input: Input { terminal, action } });
        }
        timed
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_session_goes_on_and_can_be_written_down(inputs in inputs(), seed in 0..4_u64) {
        let scenario = Scenario::one_broker(seed);
        let mut history = History::<Console>::new(&scenario);
        for timed in &inputs {
            history.advance_to(timed.at);
            let Ok(_) = history.apply(timed.input.clone());
        }
        let end = history.end() + Duration::from_millis(500);
        history.advance_to(end);

        let record = Transcript::record(&scenario, &inputs, end);
        let again = Transcript::parse(&record.to_string());
        prop_assert!(again.is_ok(), "{again:?}\n{record}");
        let again = again.expect("it was just looked at").run(&scenario, &mut |_, _| {});
        prop_assert!(again.is_ok(), "{:?}\n{record}", again.err());
        let again = again.expect("it was just looked at");
        prop_assert_eq!(again.transcript.to_string(), record.to_string());
        prop_assert_eq!(again.console.now(), history.present().now());

        history.seek(SimTime::from_micros(end.as_micros() / 3));
        let mut straight = History::<Console>::new(&scenario);
        for timed in inputs.iter().filter(|timed| timed.at <= history.present().now()) {
            straight.advance_to(timed.at);
            let Ok(_) = straight.apply(timed.input.clone());
        }
        straight.advance_to(history.present().now());
        prop_assert!(history.present() == straight.present(), "seeking differs from a straight run");
    }

    #[test]
    fn any_text_is_a_transcript_or_says_why_not(text in prop_oneof![
        ".{0,200}",
        prop::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        prop::collection::vec("([1-9]|[0-9]{1,5})?([$>|]|\\^[CDKX]|#!? ?|wait )[ -~]{0,20}", 0..12)
            .prop_map(|lines| lines.join("\n")),
    ]) {
        match Transcript::parse(&text) {
            Ok(transcript) => {
                let printed = transcript.to_string();
                let again = Transcript::parse(&printed);
                prop_assert_eq!(again.map(|again| again.to_string()), Ok(printed));
                if let Err(error) = transcript.run(&transcript.scenario(), &mut |_, _| {}) {
                    prop_assert!(error.line > 0 && !error.message.is_empty());
                }
            }
            Err(error) => prop_assert!(error.line > 0 && error.column > 0 && !error.message.is_empty()),
        }
    }
}

#[test]
fn a_terminal_beyond_the_last_is_refused() {
    let text = format!("{}$ date", MAX_TERMINAL + 1);
    let error = Transcript::parse(&text).unwrap_err();
    assert_eq!(error.to_string(), "line 1, column 1: terminals are numbered from 1 to 99");
}
