//! What scripts answer, and what is said about those that are wrong.

use kafka_core::producer::custom_partitioner::PartitionRequest;
use kafka_core::record::Header;
use partitioner_script::Script;

/// Runs `partition` with this body for a record of `orders`, which has six partitions; 4 has no leader.
fn choose(body: &str, key: Option<&str>, headers: &[(&str, &str)]) -> Result<i32, String> {
    let source = format!("fn partition(topic, key, value, headers, partitions) {{\n{body}\n}}");
    run(&source, key, headers)
}

fn run(source: &str, key: Option<&str>, headers: &[(&str, &str)]) -> Result<i32, String> {
    let headers: Vec<Header> = headers
        .iter()
        .map(|(name, value)| Header { key: (*name).into(), value: Some(value.as_bytes().into()) })
        .collect();
    let request = PartitionRequest {
        topic: "orders",
        key: key.map(str::as_bytes),
        value: Some(b"a coffee"),
        headers: &headers,
        partitions: 6,
        available: &[3, 0, 1, 2, 5],
    };
    let script = Script::compile(source).map_err(|error| error.to_string())?;
    script.choose(&request).map_err(|error| error.to_string())
}

#[test]
fn scripts_choose_partitions() {
    let rows: &[(&str, i32)] = &[
        ("2", 2),
        ("return 3;", 3),
        // alice: 1951417749
        ("to_positive(murmur2(key)) % partitions", 1_951_417_749 % 6),
        ("let n = len(key); if n > 3 { n } else { 0 }", 5),
        ("if key.starts_with(\"al\") && partitions == 6 { return 4; } 1", 4),
        ("switch key { \"bob\" | \"alice\" => 5, () => 1, _ => 0 }", 5),
        ("switch headers.country { \"KR\" => 0, () => 3, _ => 1 }", 0),
        ("switch headers[\"planet\"] { () => 3, _ => 1 }", 3),
        ("let sum = 0; for n in 0..partitions { sum += n; } sum", 15),
        ("let sum = 0; for n in [1, 2, 3] { if n == 2 { continue; } sum += n; } sum", 4),
        ("let n = 0; while true { n += 1; if n == 5 { break; } } n", 5),
        ("available()[0]", 3),
        ("if 4 in available() { 4 } else { available().len() }", 5),
        ("let parts = \"a-b-2\".split(\"-\"); parts[2].to_number()", 2),
        ("1 + 2 * 3 - 8 / 4", 5),
        ("(0x7f & 3) | 0", 3),
        ("if key == () { return 0; } -1 + 2", 1),
        ("/* twelve */ let n = 1_2; n / 4 // three", 3),
        ("if key != () && value.contains(\"coffee\") { 1 } else { 2 }", 1),
        ("-1", -1),
        ("9", 9),
    ];
    for (body, expected) in rows {
        assert_eq!(choose(body, Some("alice"), &[("country", "KR")]), Ok(*expected), "{body}");
    }
}

#[test]
fn functions_call_each_other() {
    let source = "
        fn partition(topic, key, value, headers, partitions) { spread(key) % partitions }
        fn spread(key) { if key == () { 0 } else { to_positive(java_hash(key)) } }
    ";
    assert_eq!(run(source, None, &[]), Ok(0));
    assert_eq!(run(source, Some("Aa"), &[]), Ok(2112 % 6));
}

#[test]
fn mistakes_are_told_with_their_place() {
    let rows = [
        ("while true { }", "2:7: partition() has taken 20000 steps for one record: does a loop never end?"),
        (
            "let t = \"x\"; while true { t = t + t; }",
            "2:33: partition() has made more than 262144 bytes of texts and lists",
        ),
        ("\"KR\"", "2:1: partition() returned the text \"KR\"; it has to return the number of a partition"),
        (
            "",
            "1:4: partition() returned (), no partition number; does every way through it end with a number?",
        ),
        (
            "3000000000",
            "2:1: partition() returned 3000000000, which is no number of 32 bits; % partitions keeps it small",
        ),
        ("keys", "2:1: there is no variable keys. There are topic, key, value, headers, partitions."),
        (
            "murmur(key)",
            "2:1: there is no function murmur. There are murmur2, crc32, java_hash, to_positive, abs, min, max, available, len, starts_with, ends_with, contains, index_of, sub_string, split, trim, to_lower, to_upper, to_number, to_text.",
        ),
        ("murmur2(key, 1)", "2:1: murmur2(x) is called with 2 arguments here"),
        (
            "murmur2(headers.nothing)",
            "2:1: murmur2(x) cannot be called with (); a record without a key has the key ()",
        ),
        ("key % partitions", "2:5: `%` needs two numbers, and these are the text \"alice\" and 6"),
        ("1 % 0", "2:3: 1 % 0: nothing can be divided by 0"),
        ("if key { 1 }", "2:4: true or false is needed here, and this is the text \"alice\""),
        ("let x = 1 let y = 2;", "2:11: `;` belongs here, and here is `let`"),
        ("'KR'", "2:1: texts stand between double quotes: \"KR\""),
        ("1.5", "2:1: numbers are whole here, without a point"),
        (
            "partition(topic, key, value, headers, partitions)",
            "2:1: more than 8 calls stand in each other: does this one ever end?",
        ),
        ("break;", "2:1: `break` stands in a loop, and here is none"),
        ("available()[9]", "2:12: there is no item 9 in a list of 5"),
        ("eval(\"1\")", "2:1: there is no function eval. There are"),
    ];
    for (body, message) in rows {
        let error = choose(body, Some("alice"), &[]).unwrap_err();
        assert!(error.starts_with(message), "{body}\n{error}\n{message}");
    }
    let rows = [
        (
            "",
            "1:1: a partitioner is fn partition(topic, key, value, headers, partitions) { ... }; there is none",
        ),
        (
            "fn partition(key) { 0 }",
            "1:4: partition has five parameters: fn partition(topic, key, value, headers, partitions) { ... }",
        ),
        (
            "partition = 1",
            "1:1: a script is made of functions: fn partition(topic, key, value, headers, partitions) { ... }, and here is `partition`",
        ),
        (
            "fn partition(a, b, c, d, e) { 0",
            "1:32: `;` or `}` belongs here, and here is the end of the script",
        ),
    ];
    for (source, message) in rows {
        assert_eq!(run(source, None, &[]), Err(message.to_owned()));
    }
}

#[test]
fn what_is_nested_too_deeply_is_refused_before_it_runs() {
    for (before, inner, after) in
        [("(", "1", ")"), ("1 + ", "1", ""), ("", "1", " + 1"), ("!", "true", ""), ("{", "1", "}")]
    {
        let body = format!("{}{inner}{}", before.repeat(5000), after.repeat(5000));
        let error = choose(&body, None, &[]).unwrap_err();
        let refused = error.contains("stand in each other") || error.contains("at most 16384 are read");
        assert!(refused, "{before}{inner}{after}: {error}");
    }
}
