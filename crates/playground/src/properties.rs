//! What is to be said about a property file of a client, line by line, before anybody runs with it.
//!
//! Reads lines as `java.util.Properties.load` does. Leaves out: escapes and continued lines, as the tools here do.

use std::rc::Rc;

use kafka_core::config::{
    ClientKind, ConsumerConfig, ProducerConfig, Properties, client_config, nearest_client_config,
};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Counted from 1.
    pub line: u32,
    pub problem: Problem,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Problem {
    /// Kafka's clients have no such setting: they log it and go on.
    UnknownName { name: Rc<str>, nearest: Option<&'static str> },
    /// What Kafka says of the value.
    Refused(Rc<str>),
    /// A later line says it again and wins.
    SaidAgain { name: Rc<str>, line: u32 },
}

/// Findings in order of lines.
pub fn check(text: &str) -> Vec<Finding> {
    let lines: Vec<_> =
        (1..).zip(text.lines()).filter_map(|(line, text)| Some((line, pair(text)?))).collect();
    let mut findings = Vec::new();
    for (index, (line, (name, value))) in lines.iter().enumerate() {
        let again = lines[index + 1..].iter().find(|(_, (other, _))| other == name);
        let problem = match (client_config(name), again) {
            (_, Some((line, _))) => Some(Problem::SaidAgain { name: (*name).into(), line: *line }),
            (None, None) => {
                let nearest = nearest_client_config(name);
                Some(Problem::UnknownName { name: (*name).into(), nearest })
            }
            (Some(kind), None) => refusal(kind, name, value).map(Problem::Refused),
        };
        findings.extend(problem.map(|problem| Finding { line: *line, problem }));
    }
    findings
}

/// The name of the setting that a line of the text is about; lines are counted from 0.
pub fn name_in(text: &str, line: usize) -> Option<&str> {
    let (name, _) = pair(text.lines().nth(line)?)?;
    Some(name).filter(|name| !name.is_empty())
}

fn pair(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    if line.is_empty() || line.starts_with(['#', '!']) {
        return None;
    }
    let (name, value) = line.split_once(['=', ':']).unwrap_or((line, ""));
    Some((name.trim_end(), value.trim_start()))
}

/// A value that is refused whatever the others are.
fn refusal(kind: ClientKind, name: &str, value: &str) -> Option<Rc<str>> {
    let mut properties = Properties::default();
    properties.set(name, value);
    let consumer = || ConsumerConfig::from_properties(&properties, "").err();
    let producer = || ProducerConfig::from_properties(&properties, "").err();
    let error = match kind {
        ClientKind::Consumer => consumer(),
        ClientKind::Producer => producer(),
        ClientKind::Both => consumer().or_else(producer),
    };
    error.map(|error| error.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_judged_by_itself() {
        let text = "# a consumer\ngroup.id = g\nauto.offset.rset=earliest\n\nenable.auto.commit=maybe\n\
                    max.poll.records: 0\nlinger.ms=5\nfavourite.colour=blue\ngroup.id=h\n";
        let said: Vec<_> = check(text).into_iter().map(|finding| (finding.line, finding.problem)).collect();
        let unknown = |name: &str, nearest| Problem::UnknownName { name: name.into(), nearest };
        let refused = |text: &str| Problem::Refused(text.into());
        let expected = [
            (2, Problem::SaidAgain { name: "group.id".into(), line: 9 }),
            (3, unknown("auto.offset.rset", Some("auto.offset.reset"))),
            (
                5,
                refused(
                    "Invalid value maybe for configuration enable.auto.commit: Expected value to be either true or false",
                ),
            ),
            (6, refused("Invalid value 0 for configuration max.poll.records: Value must be at least 1")),
            (8, unknown("favourite.colour", None)),
        ];
        assert_eq!(said, expected);
    }
}
