//! `kafka-consumer-groups --validate-regex`: whether brokers understand a regular expression (KIP-848).
//!
//! Mirrors the messages of RE2/J for the common mistakes; any other is described in the words of this program's own
//! parser.

use regex_lite::Regex;

pub(super) fn validate(text: &str) -> String {
    match Regex::new(text) {
        Ok(_) => format!("The regular expression `{text}` is valid."),
        Err(error) => {
            let reason = reason(text).map_or_else(|| error.to_string(), str::to_owned);
            format!("The regular expression `{text}` is invalid: {reason}.")
        }
    }
}

fn reason(text: &str) -> Option<&'static str> {
    let (mut groups, mut in_class) = (0_u32, false);
    let mut may_repeat = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' if characters.next().is_none() => return Some("trailing backslash at end of expression"),
            ']' if in_class => in_class = false,
            _ if in_class => {}
            '[' => in_class = true,
            '(' => groups += 1,
            ')' if groups == 0 => return Some("unexpected )"),
            ')' => groups -= 1,
            '*' | '+' | '?' if !may_repeat && !text.contains("(?") => {
                return Some("missing argument to repetition operator");
            }
            _ => {}
        }
        may_repeat = !matches!(character, '(' | '|');
    }
    if in_class {
        Some("missing closing ]")
    } else if groups > 0 {
        Some("missing closing )")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told() {
        for (regex, reason) in [
            ("a(b", "missing closing )"),
            ("[a", "missing closing ]"),
            ("*a", "missing argument to repetition operator"),
            ("a)", "unexpected )"),
            ("a\\", "trailing backslash at end of expression"),
        ] {
            assert_eq!(validate(regex), format!("The regular expression `{regex}` is invalid: {reason}."));
        }
        assert_eq!(validate("orders-.*"), "The regular expression `orders-.*` is valid.");
    }
}
