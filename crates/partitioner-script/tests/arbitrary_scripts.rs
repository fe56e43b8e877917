//! Whatever a script says: it is read or refused, it ends, and it answers with a number or with a place in the script.

use kafka_core::producer::custom_partitioner::PartitionRequest;
use partitioner_script::{Script, ScriptError};
use proptest::prelude::*;

fn choose(source: &str) -> Result<i32, ScriptError> {
    let request = PartitionRequest {
        topic: "orders",
        key: Some(b"user-1"),
        value: Some(b"\xff\xfe"),
        headers: &[],
        partitions: 3,
        available: &[2, 0],
    };
    Script::compile(source)?.choose(&request)
}

/// An error names a place that is in the script, or just behind it.
fn check(source: &str) -> Result<(), TestCaseError> {
    if let Err(ScriptError { at, message }) = choose(source) {
        let line = source.split('\n').nth(at.line as usize - 1);
        let columns = line.map(|line| line.chars().count() as u32);
        prop_assert!(
            columns.is_some_and(|columns| (1..=columns + 1).contains(&at.column)),
            "{at:?} {message}"
        );
        prop_assert!(!message.is_empty());
    }
    prop_assert_eq!(choose(source), choose(source));
    Ok(())
}

const WORDS: [&str; 52] = [
    "let",
    "x",
    "y",
    "=",
    "==",
    "!=",
    "<",
    "+",
    "-",
    "*",
    "/",
    "%",
    "&&",
    "||",
    "!",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ",",
    ";",
    "..",
    "..=",
    "=>",
    "|",
    "_",
    "if",
    "else",
    "switch",
    "while",
    "for",
    "in",
    "return",
    "break",
    "continue",
    "true",
    "false",
    "()",
    "0",
    "1",
    "9223372036854775807",
    "\"a\"",
    "key",
    "value",
    "headers",
    ".len()",
    "partitions",
    "murmur2(key)",
    "available()",
    "+=",
];

/// A statement or an expression that can be read.
fn block() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("0".to_owned()),
        Just("x".to_owned()),
        Just("-7".to_owned()),
        Just("partitions".to_owned()),
        Just("9223372036854775807".to_owned()),
        Just("key".to_owned()),
        Just("()".to_owned()),
        Just("true".to_owned()),
        Just("available()".to_owned()),
        Just("headers.country".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        let triple = (inner.clone(), inner.clone(), inner.clone());
        prop_oneof![
            (pair.clone(), prop::sample::select(vec!["+", "*", "%", "<", "==", "&&", "in", "<<"]))
                .prop_map(|((a, b), operator)| format!("({a} {operator} {b})")),
            pair.clone().prop_map(|(a, b)| format!("{{ let x = {a}; {b} }}")),
            pair.clone().prop_map(|(a, b)| format!("{{ x = {a}; x += {b}; x }}")),
            pair.clone().prop_map(|(a, b)| format!("{{ while {a} {{ x = {b}; }} x }}")),
            pair.clone().prop_map(|(a, b)| format!("{{ for n in {a}..{b} {{ x = [n, x]; }} x }}")),
            triple.clone().prop_map(|(a, b, c)| format!("if {a} {{ {b} }} else {{ {c} }}")),
            triple.prop_map(|(a, b, c)| format!("switch {a} {{ 1 | () => {b}, _ => {c} }}")),
            inner.clone().prop_map(|a| format!("again({a})")),
            inner.prop_map(|a| format!("{{ return {a}; }}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        check(&text)?;
        check(&format!("fn partition(topic, key, value, headers, partitions) {{\n{text}\n}}"))?;
    }

    #[test]
    fn any_words_are_read_or_refused(words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..60)) {
        let body = words.join(" ");
        check(&format!("fn partition(topic, key, value, headers, partitions) {{ let x = 0; let y = key; {body} }}"))?;
    }

    #[test]
    fn what_can_be_read_ends(body in block()) {
        let source = format!(
            "fn partition(topic, key, value, headers, partitions) {{ let x = 1; {body} }}\n\
             fn again(x) {{ if x == () {{ 1 }} else {{ partition(x, x, x, (), 1) }} }}"
        );
        Script::compile(&source).map_err(|error| TestCaseError::fail(format!("{error}\n{source}")))?;
        check(&source)?;
    }
}
