//! Changes settings in command lines: where a consumer is started, the option that says so is added, replaced or taken
//! out. Everything else stays as it was typed.
//!
//! Leaves out: properties in files, which options come before anyway; names of programs that a shell variable holds.

use std::ops::Range;

/// What happens to one setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// A property of the consumer; without a value it goes back to Kafka's default.
    Property { name: &'static str, value: Option<String> },
    /// An option of the program itself, where the program has it.
    Option { name: &'static str, value: &'static str },
}

/// A program that starts a consumer.
struct Program {
    name: &'static str,
    /// The options that take properties; the first is the one to add.
    properties: &'static [&'static str],
    options: &'static [&'static str],
}

const PROGRAMS: [Program; 2] = [
    Program {
        name: "kafka-console-consumer",
        properties: &["command-property", "consumer-property"],
        options: &[],
    },
    Program {
        name: "consumer-app",
        properties: &["command-property"],
        options: &["commit", "commit-unit", "commit-when"],
    },
];

/// The line with the changes made wherever it starts a consumer.
pub(super) fn rewrite(line: &str, changes: &[Change]) -> String {
    let mut edits = edits(line, 0, changes);
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut rewritten = line.to_owned();
    for (span, text) in edits.into_iter().rev() {
        rewritten.replace_range(span, &text);
    }
    rewritten
}

/// Whether the line has a place for settings of a consumer.
pub(super) fn starts_consumer(line: &str) -> bool {
    let probe = Change::Property { name: "client.id", value: Some(String::new()) };
    !edits(line, 0, &[probe]).is_empty()
}

/// A stretch of the line, in bytes, and what stands there instead.
type Edit = (Range<usize>, String);

fn edits(line: &str, offset: usize, changes: &[Change]) -> Vec<Edit> {
    let words = words(line);
    let mut edits = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if let Some(inner) = quoted_text(line, word) {
            edits.extend(self::edits(&line[inner.clone()], offset + inner.start, changes));
        }
        let name = line[word.span.clone()].rsplit('/').next().unwrap_or_default();
        let name = name.strip_suffix(".sh").unwrap_or(name);
        let Some(program) = PROGRAMS.iter().find(|program| program.name == name) else { continue };
        let arguments = words[index + 1..].iter().take_while(|next| next.command == word.command);
        let call = Call { line, program, arguments: arguments.collect(), end_of_name: word.span.end };
        edits.extend(changes.iter().flat_map(|change| call.change(change)));
    }
    edits.into_iter().map(|(span, text)| (span.start + offset..span.end + offset, text)).collect()
}

/// A program as it is started in a line.
struct Call<'a> {
    line: &'a str,
    program: &'static Program,
    arguments: Vec<&'a Word>,
    end_of_name: usize,
}

impl Call<'_> {
    fn change(&self, change: &Change) -> Vec<Edit> {
        match change {
            Change::Property { name, value } => {
                let given = self.given(self.program.properties);
                let is_it = |given: &Given| given.value(self.line).split('=').next() == Some(name);
                let given = given.into_iter().filter(is_it).collect();
                let pair = value.as_ref().map(|value| format!("{name}={value}"));
                self.set(given, self.property_option(), pair)
            }
            Change::Option { name, value } if self.program.options.contains(name) => {
                self.set(self.given(&[name]), name, Some((*value).to_owned()))
            }
            Change::Option { .. } => Vec::new(),
        }
    }

    fn set(&self, given: Vec<Given>, option: &str, value: Option<String>) -> Vec<Edit> {
        match value {
            Some(value) if given.is_empty() => {
                vec![(self.end_of_name..self.end_of_name, format!(" --{option} {value}"))]
            }
            Some(value) => given.into_iter().map(|given| (given.argument, value.clone())).collect(),
            None => given.into_iter().map(|given| (given.whole, String::new())).collect(),
        }
    }

    /// The tools refuse an old and a new spelling of one option together, so the one in use is used.
    fn property_option(&self) -> &'static str {
        let options = self.program.properties;
        options.iter().find(|option| !self.given(&[option]).is_empty()).unwrap_or(&options[0])
    }

    /// Where one of these options is given, with an argument.
    fn given(&self, options: &[&str]) -> Vec<Given> {
        let mut found = Vec::new();
        for (index, word) in self.arguments.iter().enumerate() {
            let Some(option) = self.line[word.span.clone()].strip_prefix("--") else { continue };
            let (option, joined) =
                option.split_once('=').map_or((option, None), |(option, value)| (option, Some(value)));
            if !options.contains(&option) {
                continue;
            }
            let next = self.arguments.get(index + 1).map(|next| next.span.clone());
            let joined = joined.map(|value| word.span.end - value.len()..word.span.end);
            let Some(argument) = joined.or(next) else { continue };
            found.push(Given { whole: word.blank..argument.end, argument });
        }
        found
    }
}

/// An option in a line.
struct Given {
    /// From the blank in front of the option to the end of its argument.
    whole: Range<usize>,
    argument: Range<usize>,
}

impl Given {
    fn value<'a>(&self, line: &'a str) -> &'a str {
        line[self.argument.clone()].trim_matches(['"', '\''])
    }
}

struct Word {
    span: Range<usize>,
    /// Where the blank in front of it begins.
    blank: usize,
    /// Counts what separates commands: words of one command have one number.
    command: u32,
}

/// The words of a line, with their quotes; a backslash in front of a line end is a blank.
fn words(line: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let (mut command, mut blank_from) = (0, 0);
    let mut start = None;
    let mut quote = None;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let continued = c == '\\' && quote.is_none() && chars.peek().is_none_or(|(_, next)| *next == '\n');
        if continued {
            chars.next();
        }
        let separates = matches!(c, '|' | '&' | ';' | '\n' | '(' | ')' | '`' | '<' | '>');
        let outside = quote.is_none() && (continued || separates || matches!(c, ' ' | '\t'));
        if !outside {
            start.get_or_insert(at);
            match (quote, c) {
                (None, '\'' | '"') => quote = Some(c),
                (Some(open), c) if c == open => quote = None,
                (None | Some('"'), '\\') => drop(chars.next()),
                (Some(_) | None, _) => {}
            }
            continue;
        }
        if let Some(from) = start.take() {
            words.push(Word { span: from..at, blank: blank_from, command });
            blank_from = at;
        }
        if separates {
            command += u32::from(!matches!(c, '<' | '>'));
            blank_from = at + c.len_utf8();
        }
    }
    if let Some(from) = start {
        words.push(Word { span: from..line.len(), blank: blank_from, command });
    }
    words
}

/// What stands between the quotes of a word that is quoted as a whole, as the text of `bash -c` is.
fn quoted_text(line: &str, word: &Word) -> Option<Range<usize>> {
    let text = &line[word.span.clone()];
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let whole = text.len() > 2 && text.ends_with(quote);
    whole.then(|| word.span.start + 1..word.span.end - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &'static str, value: &str) -> Change {
        Change::Property { name, value: Some(value.to_owned()) }
    }

    #[test]
    fn a_property_is_added_behind_the_program() {
        let changes = [set("group.protocol", "consumer")];
        let rows = [
            (
                "kafka-console-consumer --topic t",
                "kafka-console-consumer --command-property group.protocol=consumer --topic t",
            ),
            (
                "docker exec -it k /opt/kafka/bin/kafka-console-consumer.sh \\\n  --topic t | cat",
                "docker exec -it k /opt/kafka/bin/kafka-console-consumer.sh --command-property group.protocol=consumer \\\n  --topic t | cat",
            ),
            (
                "bash -c 'kafka-console-consumer --topic t > out.txt'",
                "bash -c 'kafka-console-consumer --command-property group.protocol=consumer --topic t > out.txt'",
            ),
            (
                "kafka-console-consumer --consumer-property client.id=a",
                "kafka-console-consumer --consumer-property group.protocol=consumer --consumer-property client.id=a",
            ),
            (
                "kafka-topics --list; echo \"kafka-console-consumer\"x",
                "kafka-topics --list; echo \"kafka-console-consumer\"x",
            ),
        ];
        for (typed, expected) in rows {
            assert_eq!(rewrite(typed, &changes), expected);
        }
    }

    #[test]
    fn a_property_that_is_there_is_replaced_or_taken_out() {
        let changes =
            [set("group.protocol", "classic"), Change::Property { name: "session.timeout.ms", value: None }];
        let rows = [
            (
                "kafka-console-consumer --command-property group.protocol=consumer --topic t",
                "kafka-console-consumer --command-property group.protocol=classic --topic t",
            ),
            (
                "kafka-console-consumer --topic t --consumer-property=\"group.protocol=consumer\" --group g",
                "kafka-console-consumer --topic t --consumer-property=group.protocol=classic --group g",
            ),
            (
                "kafka-console-consumer --command-property group.protocol=x --topic t --command-property session.timeout.ms=6000 --group g",
                "kafka-console-consumer --command-property group.protocol=classic --topic t --group g",
            ),
        ];
        for (typed, expected) in rows {
            assert_eq!(rewrite(typed, &changes), expected);
        }
    }

    #[test]
    fn an_option_of_the_program_is_set_where_the_program_has_it() {
        let changes = [Change::Option { name: "commit", value: "sync" }];
        let rows = [
            ("consumer-app --topic t", "consumer-app --commit sync --topic t"),
            ("consumer-app --commit auto --topic t", "consumer-app --commit sync --topic t"),
            ("kafka-console-consumer --topic t", "kafka-console-consumer --topic t"),
        ];
        for (typed, expected) in rows {
            assert_eq!(rewrite(typed, &changes), expected);
        }
    }

    #[test]
    fn each_command_of_a_line_is_looked_at_by_itself() {
        let typed = "kafka-console-consumer --command-property group.protocol=a --topic t; kafka-console-consumer --topic u";
        let expected = "kafka-console-consumer --command-property group.protocol=b --topic t; kafka-console-consumer --command-property group.protocol=b --topic u";
        assert_eq!(rewrite(typed, &[set("group.protocol", "b")]), expected);
    }

    #[test]
    fn no_text_is_too_odd() {
        for typed in [
            "",
            "'",
            "\"\\",
            "\\",
            "한글 \\\n",
            "a'b\"c\\'",
            "kafka-console-consumer --command-property",
            "(((",
        ] {
            let unchanged = rewrite(typed, &[Change::Property { name: "group.protocol", value: None }]);
            assert_eq!(unchanged, typed);
        }
    }
}
