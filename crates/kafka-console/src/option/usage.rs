//! The list of options that a tool prints when it is misused, in the layout of jopt's `BuiltinHelpFormatter`.
//!
//! Only the options that act here are described; the words are this project's own.

use std::iter;

use super::{Argument, OptionSpec};

const WIDTH: usize = 80;
const GAP: usize = 2;
const INDENT: &str = "  ";

/// Two columns, options in order of name; lines end with a line feed.
pub(crate) fn usage(specs: &[OptionSpec]) -> String {
    let mut rows: Vec<(String, &str)> = specs.iter().map(|spec| (synopsis(spec), spec.description)).collect();
    rows.sort();
    let header = [("Option".to_owned(), "Description"), ("------".to_owned(), "-----------")];
    let rows: Vec<_> = header.into_iter().chain(rows).collect();
    let widest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
    let left = widest(&mut rows.iter().map(|(synopsis, _)| synopsis.len())).min((WIDTH - GAP) / 2);
    let right = widest(&mut rows.iter().map(|(_, text)| text.len())).min(WIDTH - left - GAP);
    let mut text = String::new();
    for (synopsis, description) in &rows {
        let (synopsis, description) = (wrap(synopsis, left), wrap(description, right));
        for number in 0..synopsis.len().max(description.len()) {
            let cell = |lines: &[String]| lines.get(number).cloned().unwrap_or_default();
            text.push_str(&format!("{:left$}  {:right$}\n", cell(&synopsis), cell(&description)));
        }
    }
    text
}

fn synopsis(spec: &OptionSpec) -> String {
    match spec.argument {
        Argument::None => format!("--{}", spec.name),
        Argument::Required(kind) => format!("--{} <{kind}>", spec.name),
        Argument::Optional(kind) => format!("--{} [{kind}]", spec.name),
    }
}

/// Breaks a text behind blanks and hyphens; further lines are indented.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in pieces(text) {
        if line.len() + word.len() > width {
            lines.push(line.trim_end().to_owned());
            line = INDENT.to_owned();
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let bytes = rest.as_bytes();
        let breaks = |at: usize| {
            let hyphen = bytes[at - 1] == b'-' && at > 1 && bytes[at - 2].is_ascii_alphanumeric();
            (bytes[at - 1] == b' ' || hyphen) && bytes[at] != b' '
        };
        let end = (1..rest.len()).find(|at| rest.is_char_boundary(*at) && breaks(*at)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_jopts() {
        let specs = [
            OptionSpec {
                name: "bootstrap-server",
                argument: Argument::Required("String: server to connect to"),
                description: "REQUIRED: The server(s) to connect to.",
            },
            OptionSpec {
                name: "consumer.config",
                argument: Argument::Required("String: config file"),
                description: "Properties file. Note that [command-property] takes precedence over this config.",
            },
        ];
        let lines = [
            "Option                                   Description                            ",
            "------                                   -----------                            ",
            "--bootstrap-server <String: server to    REQUIRED: The server(s) to connect to. ",
            "  connect to>                                                                   ",
            "--consumer.config <String: config file>  Properties file. Note that [command-   ",
            "                                           property] takes precedence over this ",
            "                                           config.                              ",
        ];
        assert_eq!(usage(&specs), lines.join("\n") + "\n");
    }
}
