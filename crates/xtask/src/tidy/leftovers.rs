//! What is left lying about when work stops halfway.

use super::Finding;
use super::tree::Tree;

/// What to look for, and what to do about it. In pieces, lest this file find itself.
const LEFTOVERS: [(&str, &str); 8] = [
    (concat!("TO", "DO"), "do it now, or open an issue"),
    (concat!("FIX", "ME"), "fix it now, or open an issue"),
    (concat!("dbg", "!("), "take it out"),
    (concat!("todo", "!("), "write it"),
    (concat!("unimplemented", "!("), "write it"),
    (concat!("console", ".log("), "take it out"),
    (concat!("#[", "ignore"), "make the test pass, or delete it"),
    (concat!("[", "allow("), "write what the lint asks for"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.sources() {
        for (number, line) in file.lines() {
            for (leftover, remedy) in LEFTOVERS.iter().filter(|(leftover, _)| holds_word(line, leftover)) {
                findings.push(Finding {
                    path: file.path.clone(),
                    line: number,
                    what: format!("a leftover `{leftover}`"),
                    remedy,
                });
            }
        }
    }
    findings
}

/// Whether the line holds this and not merely a longer word that begins or ends with it.
fn holds_word(line: &str, leftover: &str) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let begins_word = in_word(leftover.chars().next());
    let ends_word = in_word(leftover.chars().next_back());
    line.match_indices(leftover).any(|(at, _)| {
        let joined_before = begins_word && in_word(line[..at].chars().next_back());
        let joined_after = ends_word && in_word(line[at + leftover.len()..].chars().next());
        !joined_before && !joined_after
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leftover_is_found_at_its_line() {
        for (leftover, _) in LEFTOVERS {
            let text = format!("fn main() {{\n    {leftover}\n}}\n");
            let findings = check(&Tree::of(&[("web/src/main.rs", &text)]));
            assert_eq!(findings.len(), 1, "{leftover}");
            assert_eq!(findings[0].line, 2);
        }
    }

    #[test]
    fn longer_words_and_data_are_none() {
        assert!(!holds_word(concat!("MASTO", "DON"), concat!("TO", "DO")));
        assert!(!holds_word(concat!("my_", "dbg", "!(1)"), concat!("dbg", "!(")));
        assert!(!holds_word(concat!("#[", "ignored]"), concat!("#[", "ignore")));
        assert!(check(&Tree::of(&[("crates/course/lessons/en/a.md", concat!("TO", "DO"))])).is_empty());
    }
}
