//! Regular expressions as `grep` and `sed` write them.
//!
//! Leaves out: references to groups inside of an expression, word ends written `\<` and `\>`.

use regex_lite::{Captures, Regex, RegexBuilder};

/// How large the program of an expression may become, in bytes.
const MAX_SIZE: usize = 32 << 10;

/// Two are equal if they were written alike.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    source: String,
    regex: Regex,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Expression {
    /// With `extended` as `grep -E` and `sed -E` read it.
    pub(super) fn new(text: &str, extended: bool, ignores_case: bool) -> Result<Self, String> {
        let source = if extended { text.to_owned() } else { basic(text) };
        let regex = RegexBuilder::new(&source).case_insensitive(ignores_case).size_limit(MAX_SIZE).build();
        let regex = regex.map_err(|_| format!("this regular expression is not understood here: {text}"))?;
        Ok(Self { source: format!("{ignores_case}{source}"), regex })
    }

    /// In the extended form.
    pub(super) fn extended(&self) -> &str {
        self.regex.as_str()
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    pub(super) fn matches<'a>(&self, text: &'a str) -> Vec<&'a str> {
        self.regex.find_iter(text).map(|found| found.as_str()).collect()
    }

    pub(super) fn captures<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Captures<'a>> + 'a {
        self.regex.captures_iter(text)
    }
}

/// A text that stands for itself.
pub(super) fn literal(text: &str) -> String {
    text.chars()
        .map(|c| if "\\.+*?()|[]{}^$".contains(c) { format!("\\{c}") } else { c.to_string() })
        .collect()
}

/// A basic expression in the extended form: there, what has a backslash here has none, and the other way round.
fn basic(text: &str) -> String {
    let mut result = String::new();
    let mut chars = text.chars().peekable();
    let mut in_brackets = false;
    while let Some(c) = chars.next() {
        match c {
            '[' if !in_brackets => {
                in_brackets = true;
                result.push(c);
                // A bracket that comes first is one of the characters.
                if let Some(negation) = chars.next_if_eq(&'^') {
                    result.push(negation);
                }
                if chars.next_if_eq(&']').is_some() {
                    result.push_str("\\]");
                }
            }
            ']' if in_brackets => {
                in_brackets = false;
                result.push(c);
            }
            c if in_brackets => result.push(c),
            '\\' => match chars.next() {
                Some(c @ ('(' | ')' | '{' | '}' | '+' | '?' | '|')) => result.push(c),
                Some(c) => result.extend(['\\', c]),
                None => result.push('\\'),
            },
            '(' | ')' | '{' | '}' | '+' | '?' | '|' => result.extend(['\\', c]),
            '*' if result.is_empty() || result == "^" => result.push_str("\\*"),
            c => result.push(c),
        }
    }
    result
}
