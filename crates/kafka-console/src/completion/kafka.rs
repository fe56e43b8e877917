//! The options of Kafka's tools, and what each takes.

use super::words::Current;
use super::{Candidate, Desk, Found, Kind, properties, whole};
use crate::option::{Argument, OptionSpec};
use crate::tool::{DESERIALIZERS, FORMATTER_SETTINGS, LINE_READER_SETTINGS, Tool};

pub(super) fn candidates(tool: Tool, arguments: &[String], current: &Current, desk: &Desk<'_>) -> Found {
    let text = current.text();
    if let Some((option, value)) = text.strip_prefix("--").and_then(|text| text.split_once('=')) {
        return find(tool, option)
            .map_or_else(Found::nothing, |spec| value_of(tool, spec, arguments, value, desk));
    }
    let asked = arguments.last().and_then(|word| find(tool, word.strip_prefix("--")?));
    if let Some(spec) = asked.filter(|spec| takes(spec.argument, &text)) {
        return value_of(tool, spec, arguments, &text, desk);
    }
    let given = |spec: &OptionSpec| {
        arguments.iter().any(|word| word.strip_prefix("--").is_some_and(|name| name == spec.name))
    };
    let mut options: Vec<Candidate> = tool
        .options()
        .iter()
        .filter(|spec| !given(spec) || is_repeatable(spec))
        .map(|spec| whole(format!("--{}", spec.name), Kind::Option).with(spec.description))
        .collect();
    if tool == Tool::MetadataQuorum && !arguments.iter().any(|word| word == "describe") {
        options.push(whole("describe", Kind::Value));
    }
    Found::of(current.len(), options)
}

fn find(tool: Tool, name: &str) -> Option<&'static OptionSpec> {
    tool.options().iter().find(|spec| spec.name == name)
}

/// An optional value is one only if it does not look like the next option.
fn takes(argument: Argument, text: &str) -> bool {
    match argument {
        Argument::None => false,
        Argument::Required(_) => true,
        Argument::Optional(_) => !text.starts_with('-'),
    }
}

fn is_repeatable(spec: &OptionSpec) -> bool {
    spec.description.contains("more than once") || spec.name.ends_with("property")
}

/// What the value of an option can be.
fn value_of(tool: Tool, spec: &OptionSpec, arguments: &[String], text: &str, desk: &Desk<'_>) -> Found {
    let last = text.rsplit(',').next().unwrap_or_default().chars().count();
    let whole_text = text.chars().count();
    let values = |words: &[&str]| Found::of(last, words.iter().map(|word| whole(*word, Kind::Value)));
    let (Argument::Required(kind) | Argument::Optional(kind)) = spec.argument else {
        return Found::nothing();
    };
    match (tool, spec.name) {
        (_, "bootstrap-server" | "bootstrap-controller") => Found::of(last, desk.servers()),
        (Tool::Topics, "topic") if arguments.iter().any(|word| word == "--create") => Found::nothing(),
        (_, "topic" | "include" | "topic-partitions") => Found::of(last, desk.topics()),
        (_, "group") => Found::of(whole_text, desk.groups()),
        (_, "broker" | "broker-logger") => Found::of(whole_text, desk.brokers()),
        (Tool::Topics, "config") => properties::topic(text),
        (Tool::Configs, "add-config") => properties::of_entity(entity(arguments), text, true),
        (Tool::Configs, "delete-config") => properties::of_entity(entity(arguments), text, false),
        (Tool::Configs, "entity-type") => values(&[
            "topics",
            "clients",
            "users",
            "brokers",
            "broker-loggers",
            "ips",
            "client-metrics",
            "groups",
        ]),
        (Tool::Configs, "entity-name") => match entity(arguments) {
            Some("topics") => Found::of(whole_text, desk.topics()),
            Some("brokers" | "broker-loggers") => Found::of(whole_text, desk.brokers()),
            Some("groups") => Found::of(whole_text, desk.groups()),
            Some(_) | None => Found::nothing(),
        },
        (Tool::ConsoleConsumer, "formatter-property" | "property") => {
            properties::listed(&FORMATTER_SETTINGS, text)
        }
        (Tool::ConsoleProducer, "reader-property" | "property") => {
            properties::listed(&LINE_READER_SETTINGS, text)
        }
        (_, "command-property" | "consumer-property" | "producer-property" | "producer-props") => {
            properties::client(properties::kind_of(tool), text)
        }
        (_, "formatter") => class(whole_text, &["org.apache.kafka.tools.consumer.DefaultMessageFormatter"]),
        (_, "line-reader") => class(whole_text, &["org.apache.kafka.tools.LineMessageReader"]),
        (_, "key-deserializer" | "value-deserializer") => class(whole_text, &DESERIALIZERS),
        (_, "isolation-level") => values(&["read_uncommitted", "read_committed"]),
        (_, "compression-codec") => values(&["none", "gzip", "snappy", "lz4", "zstd"]),
        (_, "request-required-acks") => values(&["all", "-1", "0", "1"]),
        (Tool::ConsoleConsumer, "offset") => values(&["earliest", "latest"]),
        (Tool::LeaderElection, "election-type") => values(&["preferred", "unclean"]),
        (Tool::GetOffsets, "time") => values(&["earliest", "latest", "max-timestamp"]),
        (Tool::ConsumerGroups, "state") => {
            values(&["Stable", "PreparingRebalance", "CompletingRebalance", "Empty", "Dead"])
        }
        (_, "type" | "group-type") => values(&["classic", "consumer", "share", "streams"]),
        (Tool::ConsumerApp, _) if kind.contains('|') => {
            let words = kind.rsplit(' ').next().unwrap_or_default();
            values(&words.split('|').collect::<Vec<_>>())
        }
        (_, name) if is_file(name, kind) => Found::of(whole_text, desk.files()),
        (_, _) => Found::nothing(),
    }
}

fn class(length: usize, names: &[&str]) -> Found {
    Found::of(length, names.iter().map(|name| whole(*name, Kind::Class)))
}

fn is_file(name: &str, kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    name.ends_with("-file") || name == "command-config" || kind.contains("file")
}

/// The type of what `kafka-configs` is about.
fn entity(arguments: &[String]) -> Option<&str> {
    let named = arguments.windows(2).find(|pair| pair[0] == "--entity-type").map(|pair| pair[1].as_str());
    named.or_else(|| {
        arguments.iter().find_map(|word| match word.as_str() {
            "--topic" => Some("topics"),
            "--broker" | "--broker-defaults" => Some("brokers"),
            "--group" => Some("groups"),
            "--client" | "--client-defaults" => Some("clients"),
            "--user" | "--user-defaults" => Some("users"),
            "--ip" | "--ip-defaults" => Some("ips"),
            _ => None,
        })
    })
}
